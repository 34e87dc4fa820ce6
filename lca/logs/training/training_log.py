"""A training log: when each step was done, what is planned, and where it stood still (M7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ...checks import Array
from ...errors import LogError
from ..files.source import SHOWN, Source
from ..shown import Shown
from .marks import Marks, read_marks

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, eq=False, repr=False)
class TrainingLog(Shown):
    """The marks of a training: a step, and the seconds since the start at which it was done.

    `lca.read` returns it for the log of a training. `lca.Training.extrapolated` takes it.

    Parameters
    ----------
    path : Path
        The file.
    format : str
        The name of the format, as in the table of formats.
    steps : array of float
        The steps done at each mark, counted from the start; they rise.
    seconds : array of float
        Seconds from the start of the training to each mark; they rise.
    unit : str
        What a step is: "iteration" or "epoch".
    planned : float
        The steps of the whole run, where the log says so.
    restarts : tuple of int
        The marks at which the run was taken up again.
    notes : tuple of str
        What a reader of the result has to know.

    Examples
    --------
    >>> import lca, pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp(), "results.csv")
    >>> _ = file.write_text("epoch,time,train/box_loss\\n1,30,1.2\\n2,50,1.1\\n3,70,1.0\\n")
    >>> lca.read(file, format="ultralytics").seconds.tolist()
    [30.0, 50.0, 70.0]
    """

    _kind: ClassVar[str] = "training log"
    _form: ClassVar[str] = "lca.read(path)"
    _as_value: ClassVar[str] = "give lca.Training.extrapolated(name, log, ...)"  # which takes a log of a training

    path: Path
    format: str
    steps: Array
    seconds: Array
    unit: str
    planned: float | None = None
    restarts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def span(self) -> float:
        """From the start to the last mark, s."""
        return float(self.seconds[-1])

    @cached_property
    def data(self) -> pandas.DataFrame:
        """The marks as a table: step, seconds since the start, seconds per step since the mark before."""
        import pandas

        rate = np.diff(self.seconds, prepend=0.0) / np.diff(self.steps, prepend=0.0)
        return pandas.DataFrame({"step": self.steps, "seconds": self.seconds, "seconds per step": rate})

    def marks(self) -> Marks:
        """The marks, checked, for a forecast.

        Returns
        -------
        Marks
            Steps, seconds, the rate after the first mark, start-up and pauses.

        Examples
        --------
        >>> from pathlib import Path
        >>> log = TrainingLog(Path("a.log"), "made", np.array([10.0, 20.0]), np.array([25.0, 45.0]), "iteration")
        >>> log.marks().rate
        2.0
        """
        return read_marks(self.steps, self.seconds, str(self.path))

    def _facts(self) -> Mapping[str, str]:
        pace = float(np.median(np.diff(self.seconds) / np.diff(self.steps))) if self.steps.size > 1 else None
        return {
            "format": self.format,
            "marks": f"{self.steps.size}, the last at {self.unit} {self.steps[-1]:g} after {self.span:.6g} s",
            "pace": "" if pace is None else f"{pace:.4g} s per {self.unit} in the median",
            "planned": "" if self.planned is None else f"{self.planned:g} {self.unit}s",
            "restarts": ", ".join(f"after {self.unit} {self.steps[at - 1]:g}" for at in self.restarts),
        }


def training_log(
    source: Source, format: str, marks: list[tuple[int, float, float]], *, unit: str, planned: float | None = None,
    notes: tuple[str, ...] = (), anew: Sequence[int] = (),
) -> TrainingLog:  # fmt: skip
    """The log of marks (line, step, seconds since the start), as a format reads them; the lines are checked here.

    A clock that falls back means that the run was taken up again: it goes on from where it stood. `anew` names marks
    at which it was taken up again though the clock goes on. A step that was done before is done again, and counts
    only in the time. Raises for bad lines, for no marks, and for a step or a time that is not a number.
    """
    said = source.check(len(marks))
    if not marks:
        raise LogError.of("no_samples", source.where())
    lines = [line for line, _, _ in marks]
    steps, clock = (np.array([mark[at] for mark in marks], dtype=np.float64) for at in (1, 2))
    bad = ~(np.isfinite(steps) & np.isfinite(clock) & (steps >= 0) & (clock >= 0))
    if bad.any():
        sides = [
            f"{source.where(lines[i])}: step {steps[i]:g} after {clock[i]:g} s" for i in np.flatnonzero(bad)[:SHOWN]
        ]
        raise LogError.of("marks_not_numbers", source.where(), sides, count=int(bad.sum()))
    falls = np.flatnonzero(np.diff(clock) < 0) + 1
    seconds = clock + np.cumsum(np.isin(np.arange(clock.size), falls) * np.insert(clock[:-1], 0, 0.0))
    kept = steps > np.insert(np.maximum.accumulate(steps)[:-1], 0, 0.0)
    kept &= seconds > np.insert(np.maximum.accumulate(seconds)[:-1], 0, 0.0)
    if not kept.any():
        raise LogError.of("no_samples", source.where())
    restarts = tuple(int(np.sum(kept[:at])) for at in sorted({*falls.tolist(), *anew}))
    again = "" if not restarts else f"the run was taken up again {len(restarts)} times"
    notes = (*notes, *said, *([again] if again else []))
    return TrainingLog(source.path, format, steps[kept], seconds[kept], unit, planned, restarts, notes)
