"""Files that are written whole or not at all, JSON files, and the hash of what they hold."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from operator import methodcaller
from pathlib import Path
from typing import Any, BinaryIO

from .errors import FileFormatError


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


def json_bytes(value: object) -> bytes:
    """Plain data as the JSON of a file: indented by one blank.

    >>> json_bytes([1])
    b'[\\n 1\\n]'
    """
    return json.dumps(value, indent=1, ensure_ascii=False).encode()


def write_json(path: Path, value: object, beside: Mapping[Path, Callable[[BinaryIO], object]] | None = None) -> Path:
    """Plain data as a file that ends in .json, with other files beside it: all whole, or none. Its folder is made."""
    if path.suffix != ".json":
        raise FileFormatError.of("not_saved_as_json", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole({**(beside or {}), path: methodcaller("write", json_bytes(value))})
    return path


def read_json(path: Path) -> Any:
    """What a JSON file holds; raises `FileFormatError` where there is none, or it is not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileFormatError.of("no_such_file", f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise FileFormatError.of("not_a_json_file", f"{path}: {error}") from None


def sha256_of(content: bytes | bytearray) -> str:
    """The SHA-256 of some bytes.

    >>> sha256_of(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()


def json_digest(value: object) -> str:
    """A hash of plain data: of its JSON without blanks, keys in the order in which they stand.

    >>> json_digest({"a": 1})[:8]
    '015abd7f'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return sha256_of(text.encode())
