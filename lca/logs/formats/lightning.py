"""metrics.csv of the CSVLogger of PyTorch Lightning: metrics by step, without any time; it is refused by name.

The columns epoch and step stand among the metrics; older versions sort them by name. Checked against a real log.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..files.csv_rows import cells_of, header
from ..files.source import Source
from ..format import Format, refused

_FIX = "read the event file of a TensorBoardLogger, or the progress bar in the console output"


def _fits(source: Source) -> bool:
    names = header(source)
    of_metrics = len(names) > 2 and {"epoch", "step"} <= set(names)
    timed = any(name.casefold().replace(" ", "_") in ("time", "wall_time", "timestamp", "date") for name in names)
    return of_metrics and not timed and len(cells_of([*source.first_lines(2), ""][1])) == len(names)


FORMATS: Sequence[Format] = (
    refused("lightning", "PyTorch Lightning metrics.csv", "", "real logs", "It has steps but no times.", _fits,
            lambda source: source.without_steps("steps and metrics of Lightning, but no times", _FIX)),
)  # fmt: skip
