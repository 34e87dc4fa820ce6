"""Files that are written whole or not at all, and the hash of what they hold."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO


def write_whole(writes: Mapping[Path, Callable[[BinaryIO], object]]) -> None:
    """Several files at once, never half of one: each is written beside its target before the first is moved there."""
    beside = {path: path.with_name(path.name + ".part") for path in writes}
    try:
        for path, write in writes.items():
            with open(beside[path], "wb") as file:
                write(file)
        for path, part in beside.items():
            os.replace(part, path)
    finally:
        for part in beside.values():
            part.unlink(missing_ok=True)


def json_digest(value: object) -> str:
    """A hash of plain data: of its JSON without blanks, keys in the order in which they stand.

    >>> json_digest({"a": 1})[:8]
    '015abd7f'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
