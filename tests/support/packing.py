"""Saved results taken apart and put together by hand: what somebody might do to a file with other tools."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


def unpacked(path: Path) -> dict[str, bytes]:
    """The members of a file, in their order."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, members: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> Path:
    """A zip of members, as any tool writes it."""
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def sealed(members: dict[str, bytes], /, **facts: Any) -> dict[str, bytes]:
    """The members with a manifest that fits them: what somebody does who knows how hashes are made."""
    manifest = json.loads(members[MANIFEST])
    manifest["members"] = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in members.items()
        if name != MANIFEST
    }
    manifest |= facts
    whole = {name: value for name, value in manifest.items() if name not in ("saved", "content")}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    manifest["content"] = hashlib.sha256(text.encode()).hexdigest()
    return {**members, MANIFEST: json.dumps(manifest).encode()}


def changed(path: Path, name: str, change: Callable[[Any], object], target: Path, *, seal: bool = True) -> Path:
    """The file with one member of plain data changed, sealed anew or not."""
    members = unpacked(path)
    content = json.loads(members[name])
    change(content)
    members[name] = json.dumps(content).encode()
    return packed(target, sealed(members) if seal else members)
