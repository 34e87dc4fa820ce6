"""results.csv of Ultralytics: a line for each epoch, with the seconds since the start of the training.

The column `time` is cumulative; it came with Ultralytics 8.3.9 (pull request 16803). It falls to 0 where a run is
resumed. Older files, and those of YOLOv5, have padded cells and no times. Until October 2025 a second training in the
same folder was appended to the file (pull request 22364); so a file may hold several runs.
Checked against real logs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

from ..files.csv_rows import header, rows
from ..files.source import Source, number
from ..format import Format
from ..training.sessions import Sessions
from ..training.training_log import TrainingLog

_PREFIXES = ("train/", "val/", "metrics/", "lr/", "x/")
_EPOCHS = re.compile(r"^epochs:\s*(\d{1,9})\s*$", re.M)


def _is_table(source: Source) -> bool:
    names = header(source)
    return bool(names) and names[0] == "epoch" and any(name.startswith(_PREFIXES) for name in names[1:])


def _is_folder(source: Source) -> bool:
    return (source.path / "results.csv").is_file() and (source.path / "args.yaml").is_file()


def _fits(source: Source) -> bool:
    return _is_folder(source) if source.path.is_dir() else _is_table(source)


def _planned(folder: Path) -> float | None:
    """The epochs that a training was started for, as the file args.yaml beside its results says."""
    found = _EPOCHS.search(Source(folder / "args.yaml").text)
    return float(found[1]) if found else None


def _read(source: Source) -> TrainingLog:
    if source.path.is_dir():
        if not _is_folder(source):
            holds = "a folder without results.csv and args.yaml"
            raise source.without_steps(holds, "read the file results.csv of a run")
        return _read_table(Source(source.path / "results.csv", source.said), _planned(source.path))
    return _read_table(source, None)


def _read_table(source: Source, planned: float | None) -> TrainingLog:
    names = header(source)
    if "time" not in names or "epoch" not in names:
        holds = "epochs without the column time, as YOLOv5 and Ultralytics write them before 8.3.9"
        raise source.without_steps(holds, "read the file events.out.tfevents... of the run, or its console output")
    found: list[tuple[int, float, float]] = []
    for line, cells in rows(source, ("epoch", "time")):
        epoch, seconds = number(cells["epoch"]), number(cells["time"])
        if epoch is None or seconds is None or not (math.isfinite(epoch) and math.isfinite(seconds) and seconds > 0):
            source.refuse_line(line, "no epoch with a time", ", ".join(cells.values()))
            continue
        found.append((line, epoch, seconds))
    return _marks(source, found).log("ultralytics", unit="epoch", planned=planned)


def _marks(source: Source, found: Sequence[tuple[int, float, float]]) -> Sessions:
    """The epochs done: one more than the number of the epoch where a run counts from 0."""
    more = 1.0 if any(epoch == 0 for _, epoch, _ in found) else 0.0
    marks, last = Sessions(source), 0.0
    marks.seen(0.0)
    for line, epoch, seconds in found:
        if seconds < last:  # the clock of a run that is resumed, or of another one, begins at 0
            marks.begin(0.0)
        marks.add(line, epoch + more, seconds)
        last = seconds
    return marks


FORMATS: Sequence[Format] = (
    Format("ultralytics", "Ultralytics results.csv, or the folder of a run", "TrainingLog", "", "real logs",
           "Epochs done and seconds since the start. Of a folder, args.yaml says the planned epochs. Files without the "
           "column time are refused.", _fits, _read),
)  # fmt: skip
