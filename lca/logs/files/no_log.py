"""What cannot be a log whatever its format: a path that names nothing, an empty or a packed file, a pipe."""

from __future__ import annotations

from ...errors import LogError
from .source import Source

#: The first bytes of packed files, and what unpacks them.
_PACKED = {
    b"\x1f\x8b": "gzip -d",
    b"PK\x03\x04": "unzip",
    b"BZh": "bzip2 -d",
    b"\xfd7zXZ\x00": "xz -d",
    b"\x28\xb5\x2f\xfd": "zstd -d",
}


def refuse_what_is_no_log(source: Source, given: str) -> None:
    """Raise for what no reader can read; `given` is the path as the user wrote it."""
    if "\0" in given or not given.strip() or not source.path.exists():
        raise LogError.of("no_such_log", given or "read(path=)")
    if source.path.is_dir():
        return
    if not source.path.is_file():
        raise LogError.of("not_a_file", source.where())
    if not source.head.strip(b" \t\r\n\0"):
        raise LogError.of("empty_log", source.where())
    if tool := next((tool for first, tool in _PACKED.items() if source.head.startswith(first)), ""):
        raise LogError.of("packed_log", source.where(), tool=tool)
