"""The wire format of Protocol Buffers: the fields of a message, without its schema.

TensorBoard and Weights & Biases write such messages. The format is documented in "Encoding", a page of the
Protocol Buffers documentation.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TypeAlias

Value: TypeAlias = int | bytes
#: The wire types: a varint, 8 bytes, bytes behind their length, 4 bytes. Groups (3 and 4) are not in use any more.
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_SIZES = {FIXED64: 8, FIXED32: 4}
_LONGEST_VARINT = 10  # bytes, for 64 bits


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A whole number of at most 64 bits, and where the bytes behind it begin.

    Raises `ValueError` where the data end within it, and where it is longer than any number can be.

    >>> varint(b"\\x96\\x01", 0)
    (150, 2)
    """
    if at < len(data) and data[at] < 0x80:  # most are of one byte
        return data[at], at + 1
    value = 0
    for place, byte in enumerate(data[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at + place + 1
    raise ValueError("the data end within a number")


def fields(data: bytes) -> Iterator[tuple[int, int, Value]]:
    """(number, wire type, value) of each field of a message, in the order of the data.

    The value of a varint is a whole number without a sign (`signed` gives it one), that of the other types the bytes:
    `double` and `single` read them, and a message in a message is read by `fields` again. Raises `ValueError` for
    data that end within a field, and for a wire type that is not known.

    >>> list(fields(b"\\x08\\x96\\x01\\x12\\x02ab"))
    [(1, 0, 150), (2, 2, b'ab')]
    """
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if number == 0:
            raise ValueError("a field without a number")
        if kind == VARINT:
            value, at = varint(data, at)
            yield number, kind, value
            continue
        size, at = varint(data, at) if kind == BYTES else (_SIZES.get(kind, -1), at)
        if size < 0:
            raise ValueError(f"wire type {kind} is not known")
        if at + size > len(data):
            raise ValueError("the data end within a field")
        yield number, kind, data[at : at + size]
        at += size


def signed(value: Value) -> int:
    """The whole number of a varint of type int32 or int64; `ValueError` where the field is of another type.

    >>> signed(150), signed(2**64 - 1)
    (150, -1)
    """
    if isinstance(value, bytes):
        raise ValueError("bytes where a number belongs")
    return value - (1 << 64) if value >= 1 << 63 else value


def double(value: Value) -> float:
    """The number of a field of 8 bytes; `ValueError` where the field is of another type."""
    return float(_unpacked("<d", value))


def single(value: Value) -> float:
    """The number of a field of 4 bytes; `ValueError` where the field is of another type."""
    return float(_unpacked("<f", value))


def text(value: Value) -> str:
    """The text of a field of bytes; `ValueError` where the field is of another type, or not in UTF-8."""
    if isinstance(value, int):
        raise ValueError("a number where a text belongs")
    return value.decode("utf-8")


def _unpacked(form: str, value: Value) -> float:
    if isinstance(value, int) or len(value) != struct.calcsize(form):
        raise ValueError(f"not {struct.calcsize(form)} bytes")
    (number,) = struct.unpack(form, value)
    return number
