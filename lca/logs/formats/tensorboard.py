"""TensorBoard: event files, folders of them, and the CSV of one scalar that its page downloads.

An event file is a record file of `Event` messages (event.proto and summary.proto of TensorFlow): a wall time in seconds
since 1970, a step, and values with tags. The marks are the points of one scalar: of the one that has the most points,
and of several alike the first. So steps that count batches and steps that count epochs are not mixed. The start is the
first event of the file. A step is written when it is done, so where steps count from 0, one more is done.
Event files and CSVs were checked against real logs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from ...errors import LogError
from ..files.csv_rows import header, rows
from ..files.protobuf_wire import BYTES, FIXED32, FIXED64, VARINT, double, fields, signed, text
from ..files.source import SHOWN, Source, number
from ..files.tfrecord import records
from ..format import Format
from ..training.sessions import Sessions
from ..training.training_log import TrainingLog

_MAGIC = b"brain.Event:"
_NAME = "*tfevents*"
_CSV = ["Wall time", "Step", "Value"]


@dataclass
class _File:
    """What one event file holds: its times, and the points (record, step, time) of each scalar."""

    source: Source
    first: float = math.inf
    last: float = -math.inf
    points: dict[str, list[tuple[int, int, float]]] = field(default_factory=dict)


def _value(data: bytes) -> tuple[str, bool, str]:
    """The tag of a value, whether it is a number or a tensor, and the plug-in that draws it."""
    tag, counts, plugin = "", False, ""
    for at, kind, value in fields(data):
        if at == 1 and kind == BYTES:
            tag = text(value)
        elif (at == 2 and kind == FIXED32) or (at == 8 and kind == BYTES):
            counts = True
            plugin = plugin or ("scalars" if at == 2 else "")
        elif at == 9 and isinstance(value, bytes):
            plugin = next((_plugin(one) for n, _, one in fields(value) if n == 1), "")
    return tag, counts, plugin


def _plugin(data: int | bytes) -> str:
    return next((text(value) for at, _, value in fields(data) if at == 1), "") if isinstance(data, bytes) else ""


def _event(data: bytes) -> tuple[float, int, list[tuple[str, bool, str]]]:
    """The wall time of an event, its step, and its values; `ValueError` where it is none."""
    time, step, values = math.nan, 0, []
    for at, kind, value in fields(data):
        if at == 1 and kind == FIXED64:
            time = double(value)
        elif at == 2 and kind == VARINT:
            step = signed(value)
        elif at == 5 and isinstance(value, bytes):
            values += [_value(one) for n, _, one in fields(value) if n == 1 and isinstance(one, bytes)]
    if not (math.isfinite(time) and time > 0):
        raise ValueError("an event without a time")
    return time, step, values


def _file(source: Source) -> _File:
    """Read an event file; raises `LogError` for all damaged records at once."""
    found, scalars, count = _File(source), set(), 0
    for at, data in records(source):
        try:
            time, step, values = _event(data)
        except ValueError as error:
            source.refuse_line(at, f"no event: {error}")
            continue
        count += 1
        found.first, found.last = min(found.first, time), max(found.last, time)
        for tag, counts, plugin in values:
            if plugin == "scalars":  # later points of a tag need not name it again
                scalars.add(tag)
            if counts and tag in scalars:
                found.points.setdefault(tag, []).append((at, step, time))
    source.check(count)
    return found


def _holds(folder: Path) -> list[Path]:
    """The event files of a folder."""
    try:
        return sorted(path for path in folder.glob(_NAME) if path.is_file())
    except OSError:
        return []


def _runs(folder: Path) -> dict[str, Path]:
    """The folders in a folder that hold event files: the runs, as TensorBoard names them."""
    try:
        return {path.name: path for path in sorted(folder.iterdir()) if path.is_dir() and _holds(path)}
    except OSError:
        return {}


def _fits(source: Source) -> bool:
    if source.path.is_dir():
        others = any((source.path / name).exists() for name in ("results.csv", "meta.yaml"))
        return not others and bool(_holds(source.path) or _runs(source.path))
    return "tfevents" in source.path.name or _MAGIC in source.head[:64]


def _files(source: Source) -> list[_File]:
    """The event files of a path, by their time: itself, those of a folder, or those of its only or named run."""
    if source.path.is_file():
        return [_file(source)]
    paths, asked = _holds(source.path), source.said.run
    if not paths:
        runs = _runs(source.path)
        if not runs or (asked and asked not in runs):
            raise LogError.of("no_run_of_this_number", source.where(), list(runs)[:SHOWN], run=asked)
        if len(runs) > 1 and not asked:
            raise LogError.of("several_runs_in_a_folder", source.where(), list(runs)[:SHOWN], first=next(iter(runs)))
        paths = _holds(runs[asked] if asked else next(iter(runs.values())))
    return sorted((_file(Source(path, source.said)) for path in paths), key=lambda one: one.first)


def _read(source: Source) -> TrainingLog:
    files = _files(source)
    counts: dict[str, int] = {}
    for one in files:
        for tag, points in one.points.items():
            counts[tag] = counts.get(tag, 0) + len(points)
    if not counts:
        raise source.without_steps("no scalar", "read the event file of the training itself")
    tag = max(counts, key=lambda name: counts[name])
    used = [one for one in files if tag in one.points]
    _refuse_overlap(source, used)
    more = 1.0 if used[0].points[tag][0][1] == 0 else 0.0
    named = source.path.is_dir() and not _holds(source.path)  # run= named the folder, not a part of a file
    marks = Sessions(used[0].source if len(used) == 1 else source, run="" if named else None)
    for one in used:
        marks.begin(one.first)
        for at, step, time in one.points[tag]:
            marks.add(at, step + more, time)
    unit = "epoch" if tag.startswith("epoch_") else "iteration"  # as Keras names them
    return marks.log("tensorboard", unit=unit, notes=(f"the steps are those of the scalar {tag!r}",))


def _refuse_overlap(source: Source, files: Sequence[_File]) -> None:
    """Raise for files that were written at the same time: of several runs, or of several processes."""
    for before, after in pairwise(files):
        if after.first < before.last:
            sides = [one.source.path.name for one in files]
            raise LogError.of("runs_side_by_side", source.where(), sides[:SHOWN])


def _is_csv(source: Source) -> bool:
    return header(source) == _CSV


def _read_csv(source: Source) -> TrainingLog:
    marks, more = Sessions(source), None
    for line, cells in rows(source, _CSV):
        time, step = number(cells["Wall time"]), number(cells["Step"])
        if time is None or step is None or not (math.isfinite(time) and math.isfinite(step) and time > 0):
            source.refuse_line(line, "no wall time with a step", ", ".join(cells.values()))
            continue
        more = (1.0 if step == 0 else 0.0) if more is None else more
        marks.add(line, step + more, time)
    return marks.log("tensorboard csv", unit="iteration")


FORMATS: Sequence[Format] = (
    Format("tensorboard", "TensorBoard event files, or a folder of them", "TrainingLog", "", "real logs",
           "The points of the scalar with the most points; the start is the first event. Runs side by side are "
           "refused.", _fits, _read),
    Format("tensorboard csv", "TensorBoard, a downloaded CSV of a scalar", "TrainingLog", "", "real logs",
           "Steps and seconds count from the first point.", _is_csv, _read_csv),
)  # fmt: skip
