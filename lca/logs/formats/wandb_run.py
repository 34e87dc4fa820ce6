"""The run file of Weights & Biases, run-<id>.wandb: its records, put together to one run.

Behind a header of 7 bytes the file is a log as of LevelDB, whose records are messages of Protocol Buffers
(wandb/proto/wandb_internal.proto). What is read of them: the start of the run, system metrics with their time, rows of
history, and the end. This module lists no formats of logs.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...checks import real, short
from ...errors import LogError
from ..files.leveldb_log import records
from ..files.protobuf_wire import Value, fields, signed, text
from ..files.source import Source

#: Four letters, a magic number, and the version of the format.
_HEADER = struct.Struct("<4sHB")
MAGIC, _NUMBER, _VERSION = b":W&B", 0xBEE1, 0
#: The kinds of records that are read, by their number in the message `Record`.
_HISTORY, _STATS, _RUN, _EXIT = 2, 7, 17, 18
#: Metrics that are read, maybe with the label of a node. Only NVIDIA's cards have memory, smClock and a limit in W
#: (xpu/src/gpu_nvidia.rs and gpu_amd.rs in wandb); only Macs have a power of the system (gpu_apple.rs).
_METRIC = re.compile(
    r"(?:gpu\.(?P<process>process\.)?(?P<gpu>\d+)\.(?P<kind>powerWatts|memory|smClock|enforcedPowerLimitWatts)"
    r"|system\.powerWatts)(?:/l:.*)?"
)
#: Columns of history in which trainers count iterations: of Hugging Face, and of Lightning.
_ITERATIONS = ("train/global_step", "trainer/global_step")


@dataclass
class WandbRun:
    """What the file of one run holds."""

    source: Source
    id: str = ""
    name: str = ""
    host: str = ""
    version: str = ""  # of wandb
    start: float | None = None  # s since 1970
    seconds: float | None = None  # from its start to its end
    exit_code: int | None = None
    watts: list[tuple[int, float, dict[str, float]]] = field(default_factory=list)  # (offset, time, W by GPU)
    whole: list[tuple[int, float, float]] = field(default_factory=list)  # (offset, time, W of the machine)
    own: set[str] = field(default_factory=set)  # the GPUs that processes of the run use
    nvidia: bool = False
    limit: float = 0.0  # W, the highest that a GPU is allowed
    rows: list[tuple[int, dict[str, float]]] = field(default_factory=list)  # (offset, what counts or times a row)

    @property
    def names(self) -> tuple[str, ...]:
        """What a user may call it."""
        return tuple(dict.fromkeys((self.name, self.id, self.source.path.parent.name)))


def read_run(source: Source) -> WandbRun:
    """The run of a file; what is damaged is noted as a bad line, by its offset in bytes."""
    run = WandbRun(source)
    head = source.head[: _HEADER.size]
    if len(head) < _HEADER.size or _HEADER.unpack(head) != (MAGIC, _NUMBER, _VERSION):
        raise LogError.of("not_a_run_file", source.where(), [short(head)])
    for offset, record in records(source.path, _HEADER.size, lambda at, why: source.refuse_line(at, why)):
        try:
            for number, _, value in fields(record):
                if reader := _READERS.get(number):
                    reader(run, offset, value)
        except (ValueError, RecursionError) as error:  # of the wire format, of JSON or of a number
            source.refuse_line(offset, f"not a record of a run ({short(str(error))})")
    return run


def _message(value: Value) -> bytes:
    if isinstance(value, int):
        raise ValueError("a number where a message belongs")
    return value


def _timestamp(value: Value) -> float:
    """Seconds since 1970 of google.protobuf.Timestamp."""
    seconds = nanos = 0
    for number, _, part in fields(_message(value)):
        if number == 1:
            seconds = signed(part)
        elif number == 2:
            nanos = signed(part)
    if not 0 < seconds < 1 << 33:
        raise ValueError("a time that is none")
    return seconds + nanos * 1e-9


def _items(message: bytes, at: int, wanted: re.Pattern[str]) -> Iterator[tuple[str, float]]:
    """(key, value) of the items of a message whose key is wanted; NaN where a value is missing.

    An item has a key, or a nested one (2), and a value in JSON (16).
    """
    for number, _, item in fields(message):
        if number != at:
            continue
        key, value = "", b""
        for part, _, content in fields(_message(item)):
            if part in (1, 2):
                key = f"{key}.{text(content)}" if key else text(content)
            elif part == 16:
                value = _message(content)
        if wanted.fullmatch(key):
            found = real(json.loads(value)) if value not in (b"null", b'"NaN"') else math.nan
            if found is None or math.isinf(found):
                raise ValueError(f"{key} is {value[:30]!r}, not a number")
            yield key, found


def _stats(run: WandbRun, offset: int, value: Value) -> None:
    """A record of system metrics: the power of each GPU of the machine, and which of them the run uses."""
    message = _message(value)
    moment = next((_timestamp(part) for number, _, part in fields(message) if number == 2), None)
    watts: dict[str, float] = {}
    for key, shown in _items(message, 3, _METRIC):
        found = _METRIC.fullmatch(key)
        kind = found and found["kind"]
        if found is None or moment is None:
            raise ValueError("system metrics without a time")
        if kind is None:
            run.whole.append((offset, moment, shown))
        elif found["process"]:  # the same power again: it says that a process of the run uses this GPU
            run.own.add(f"gpu {found['gpu']}")
        elif kind == "powerWatts":
            watts[f"gpu {found['gpu']}"] = shown
        else:
            run.nvidia = True
            run.limit = max(run.limit, shown) if kind == "enforcedPowerLimitWatts" else run.limit
    if watts and moment is not None:
        run.watts.append((offset, moment, watts))


def _history(run: WandbRun, offset: int, value: Value) -> None:
    """A row of history: its step, its time, and the columns that count."""
    message = _message(value)
    names = ("_step", "_runtime", "_timestamp", *_ITERATIONS, *run.source.said.columns)
    row = dict(_items(message, 1, re.compile("|".join(map(re.escape, names)))))
    for number, _, step in fields(message):
        if number == 2 and "_step" not in row:
            row["_step"] = next((float(signed(part)) for at, _, part in fields(_message(step)) if at == 1), 0.0)
    run.rows.append((offset, row))


def _start(run: WandbRun, offset: int, value: Value) -> None:
    """The record of a run: who it is, and when it began. It is written again when something changes."""
    for number, _, part in fields(_message(value)):
        if number == 1:
            run.id = text(part)
        elif number == 8:
            run.name = text(part)
        elif number == 13:
            run.host = text(part)
        elif number == 17:
            run.start = _timestamp(part)
        elif number == 19:
            run.version = next((text(one) for at, _, one in fields(_message(part)) if at == 5), run.version)


def _exit(run: WandbRun, offset: int, value: Value) -> None:
    """The end of a run: its exit code, and how long it took in whole seconds."""
    run.exit_code = 0  # which is left out of the message
    for number, _, part in fields(_message(value)):
        if number == 1:
            run.exit_code = signed(part)
        elif number == 2:
            run.seconds = float(signed(part))


_READERS = {_HISTORY: _history, _STATS: _stats, _RUN: _start, _EXIT: _exit}


def iterations(rows: list[tuple[int, dict[str, float]]], said: Mapping[str, str]) -> tuple[str, str]:
    """(column, what it counts) of a history: the column that the user names, else that of a trainer, else _step."""
    for name, unit in said.items():
        return name, unit
    for name in _ITERATIONS:
        if any(name in row for _, row in rows):
            return name, "iteration"
    return "_step", "step"
