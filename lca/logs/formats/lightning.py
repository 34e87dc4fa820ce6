"""metrics.csv of the CSVLogger of PyTorch Lightning: metrics by step, without any time; it is refused by name.

The columns epoch and step stand among the metrics; older versions sort them by name. Checked against a real log.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import LogError
from ..csv_rows import cells_of, header
from ..format import Format
from ..source import Source
from ..training_log import TrainingLog


def _fits(source: Source) -> bool:
    names = header(source)
    of_metrics = len(names) > 2 and {"epoch", "step"} <= set(names)
    timed = any(name.casefold().replace(" ", "_") in ("time", "wall_time", "timestamp", "date") for name in names)
    return of_metrics and not timed and len(cells_of([*source.first_lines(2), ""][1])) == len(names)


def _read(source: Source) -> TrainingLog:
    raise LogError.of(
        "no_steps_in_log", source.where(), holds="steps and metrics of Lightning, but no times",
        fix="read the event file of a TensorBoardLogger, or the progress bar in the console output",
    )  # fmt: skip


FORMATS: Sequence[Format] = (
    Format("lightning", "PyTorch Lightning metrics.csv", "refused", "", "real logs",
           "It has steps but no times.", _fits, _read),
)  # fmt: skip
