"""Run files of Weights & Biases, made by hand: messages of Protocol Buffers in blocks as of LevelDB."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Mapping

BLOCK = 32_768
HEADER = struct.pack("<4sHB", b":W&B", 0xBEE1, 0)


def varint(value: int) -> bytes:
    out = bytearray()
    value &= 0xFFFF_FFFF_FFFF_FFFF
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def moment(seconds: float) -> bytes:
    whole = int(seconds)
    return field(1, whole) + field(2, round((seconds - whole) * 1e9))


def item(key: str, value: object) -> bytes:
    return field(1, key) + field(16, value if isinstance(value, str) else json.dumps(value))


def run(start: float, *, id: str = "abc123", name: str = "", host: str = "node1") -> bytes:
    telemetry = field(4, "3.11.9") + field(5, "0.16.2")
    named = field(8, name) if name else b""
    return field(17, field(1, id) + named + field(13, host) + field(17, moment(start)) + field(19, telemetry))


def stats(time: float, metrics: Mapping[str, object]) -> bytes:
    return field(7, field(2, moment(time)) + b"".join(field(3, item(key, value)) for key, value in metrics.items()))


def history(row: Mapping[str, object], step: int | None = None) -> bytes:
    counted = b"" if step is None else field(2, field(1, step) if step else b"")
    return field(2, b"".join(field(1, item(key, value)) for key, value in row.items()) + counted)


def end(seconds: int, code: int = 0) -> bytes:
    return field(18, (field(1, code) if code else b"") + field(2, seconds))


def console(text: str) -> bytes:
    return field(13, field(3, text))


def piece(kind: int, data: bytes) -> bytes:
    return struct.pack("<IHB", zlib.crc32(bytes([kind]) + data), len(data), kind) + data


def run_file(records: Iterable[bytes]) -> bytes:
    """The records in blocks; one that does not fit into the rest of a block is split, as in LevelDB."""
    out = bytearray(HEADER)
    for number, record in enumerate(records):
        data, kind = field(1, number) + record, 1
        while True:
            room = BLOCK - len(out) % BLOCK
            if room < 7:
                out += bytes(room)
                continue
            if len(data) <= room - 7:
                out += piece({1: 1, 2: 4}[kind], data)
                break
            out += piece({1: 2, 2: 3}[kind], data[: room - 7])
            data, kind = data[room - 7 :], 2
    return bytes(out)
