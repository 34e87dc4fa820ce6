"""The log format of LevelDB, in which Weights & Biases keeps the records of a run.

A file is a row of blocks of 32 KiB. A block holds pieces: a checksum, a length, a kind, and data. A record is one
piece, or a first, some middle ones and a last. The format is documented in "leveldb Log format", a page of LevelDB.
Weights & Biases puts a header in front, and its checksum is the CRC-32 of zlib over kind and data, without a mask
(wandb/sdk/internal/datastore.py).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

#: Called with the offset of what cannot be read, and why.
Refuse: TypeAlias = Callable[[int, str], None]
BLOCK = 32_768
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4
#: A record of a log is far shorter; so memory stays bounded whatever the file is.
LONGEST = 1 << 26
_LOST = 0  # not a kind of the format: it stands for a piece that was damaged
_HEAD = struct.Struct("<IHB")
_CHANGED = "the checksum of a record does not fit: its bytes were changed"
_CUT = "the file ends within a record"
_OF_KIND = {kind: zlib.crc32(bytes([kind])) for kind in (FULL, FIRST, MIDDLE, LAST)}


def records(path: Path, header: int, refuse: Refuse) -> Iterator[tuple[int, bytes]]:
    """(offset, data) of each whole record behind a header of so many bytes; what is damaged goes to `refuse`."""
    begin, data, lost = -1, bytearray(), False
    for at, kind, piece in _pieces(path, header, refuse):
        if kind == _LOST:
            begin, lost = -1, True
            continue
        if kind in (FULL, FIRST):
            if begin >= 0:
                refuse(begin, "a record without its end")
            begin, data, lost = at, bytearray(), False
        elif begin < 0:
            if not lost:  # else its beginning was refused already
                refuse(at, "a piece of a record without its beginning")
            continue
        data += piece
        if len(data) > LONGEST:
            refuse(begin, f"a record longer than {LONGEST:,} bytes")
            begin, lost = -1, True
        elif kind in (FULL, LAST):
            yield begin, bytes(data)
            begin = -1
    if begin >= 0:
        refuse(begin, _CUT)


def _pieces(path: Path, header: int, refuse: Refuse) -> Iterator[tuple[int, int, bytes]]:
    """(offset, kind, data) of each piece; `_LOST` where one is damaged."""
    with path.open("rb") as file:
        start = 0
        while block := file.read(BLOCK):
            yield from _of_block(block, start, 0 if start else header, refuse)
            start += len(block)


def _of_block(block: bytes, start: int, at: int, refuse: Refuse) -> Iterator[tuple[int, int, bytes]]:
    """The pieces of a block from a place on. It goes on behind a damaged one where another one, or the end, follows."""
    while any(block[at : at + _HEAD.size]) or any(block[at:]):  # zeros fill a block behind its last record
        damage, end = _damage(block, at)
        if damage:
            refuse(start + at, damage)
            yield start + at, _LOST, b""
            if end > len(block) or (len(block) - end >= _HEAD.size and _damage(block, end)[0] not in ("", _CHANGED)):
                return
        else:
            yield start + at, block[at + _HEAD.size - 1], block[at + _HEAD.size : end]
        at = end


def _damage(block: bytes, at: int) -> tuple[str, int]:
    """(what is wrong with the piece at a place of a block, "" if nothing; where it ends)."""
    if len(block) - at < _HEAD.size:
        return _CUT, len(block) + 1
    checksum, size, kind = _HEAD.unpack_from(block, at)
    end = at + _HEAD.size + size
    if end > len(block):
        return (_CUT if len(block) < BLOCK else "a record that is longer than its block"), end
    if kind not in _OF_KIND:
        return f"a record of the unknown kind {kind}", len(block) + 1
    data = memoryview(block)[at + _HEAD.size : end]
    fits = zlib.crc32(data, _OF_KIND[kind]) == checksum
    return ("" if fits else _CHANGED), end
