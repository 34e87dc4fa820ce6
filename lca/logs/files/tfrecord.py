"""The framing of TensorFlow's record files: length, its checksum, the data, their checksum.

Documented in "TFRecord and tf.train.Example" of the TensorFlow guide: the length has 8 bytes, the checksums are
CRC-32C (Castagnoli), rotated and shifted by a constant.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from .source import Source

#: A longer record holds a graph or a picture; it is passed over, so memory stays bounded.
LONGEST = 1 << 20
_POLYNOMIAL = 0x82F63B78
_DELTA = 0xA282EAD8


def _entry(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (_POLYNOMIAL if value & 1 else 0)
    return value


_TABLE = tuple(_entry(value) for value in range(256))


def crc32c(data: bytes) -> int:
    """The CRC-32C of some bytes (RFC 3720, appendix B.4, has values to compare with).

    >>> hex(crc32c(bytes(32))), hex(crc32c(b"123456789"))
    ('0x8a9136aa', '0xe3069283')
    """
    crc, table = 0xFFFF_FFFF, _TABLE
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFF_FFFF


def masked(data: bytes) -> int:
    """The checksum of some bytes as a record file has it."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + _DELTA) & 0xFFFF_FFFF


def records(source: Source) -> Iterator[tuple[int, bytes]]:
    """(number, data) of each record; those that cannot be read are noted as bad lines of the source.

    Behind a length with a wrong checksum nothing can be found again, so the reading ends there.
    """
    with source.path.open("rb") as file:
        number = 0
        while header := file.read(12):
            number += 1
            if len(header) < 12:
                source.refuse_line(number, "the file ends within this record")
                return
            length, checksum = struct.unpack("<QI", header)
            if masked(header[:8]) != checksum:
                source.refuse_line(number, "the length of this record is damaged; nothing behind it can be read")
                return
            if length > LONGEST:
                file.seek(min(length, 1 << 60) + 4, 1)
                continue
            data, tail = file.read(length), file.read(4)
            if len(tail) < 4:
                source.refuse_line(number, "the file ends within this record")
                return
            if masked(data) != struct.unpack("<I", tail)[0]:
                source.refuse_line(number, "the checksum of this record is wrong")
                continue
            yield number, data
