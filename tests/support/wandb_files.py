"""Run files of Weights & Biases, made by hand: messages of Protocol Buffers in blocks as of LevelDB."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

BLOCK = 32_768
START = 1_700_000_000.0  # s since 1970
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


def write(path: Path, *records: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(run_file(records))
    return path


def gpus(time: float, own: int | None = None, **watts: object) -> bytes:
    """A record of system metrics: gpu.process.<own> repeats the power of gpu.<own>."""
    metrics = {f"gpu.{name[1:]}.powerWatts": value for name, value in watts.items()}
    again = {} if own is None else {f"gpu.process.{own}.powerWatts": watts[f"g{own}"]}
    return stats(time, {"cpu": 3.5, **metrics, **again, "gpu.0.memory": 12.0})


NODE = (
    run(START, name="sort"),
    gpus(START + 60, 1, g0=90.0, g1=200.0),
    console("epoch 1"),
    gpus(START + 90, 1, g0=95.0, g1=300.0),
    gpus(START + 120, 1, g0=91.0, g1=200.0),
    end(125, 255),
)
ROWS = [history({"loss": 1.0, "it": 94 * (n + 1), "_step": n, "_runtime": 34.0 + 32 * n}, n) for n in range(4)]
