"""The marks of a training: when which step was done, and what the first part of a run shows.

A mark is (step, seconds since the start of the run). `read_marks` checks them; `Phases` tells start-up, steady rate,
pauses, restarts and drift apart, as far as the marks show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...checks import Array, real
from ...errors import AccountingError
from ..files.source import SHOWN

#: An interval that takes more than so many times its steps at the steady rate holds a pause.
PAUSE = 3.0


@dataclass(frozen=True, slots=True)
class Phases:
    """What the seen part of a run consists of.

    Attributes
    ----------
    startup : float, s
        The time until the first mark, less its steps at the steady rate. Negative where the clock starts later.
    steady : float, s per step
        The median time of a step between two marks.
    pauses : int
        The intervals that take more than three times their steps at the steady rate.
    paused : float, s
        The time of these intervals beyond the steady rate.
    restarts : int
        How often the clock falls back, as when a run is resumed.
    drift : float
        The time of a step in the later half of the intervals over that in the earlier half; 1 below three marks.
    """

    startup: float
    steady: float
    pauses: int
    paused: float
    restarts: int
    drift: float

    def __str__(self) -> str:
        found = [f"{self.steady:.4g} s per step"]
        found += [f"start-up {self.startup:+.4g} s"] if abs(self.startup) > self.steady else []
        found += [f"{counted(self.pauses, 'pause')} of {self.paused:.4g} s"] if self.pauses else []
        found += [counted(self.restarts, "restart")] if self.restarts else []
        found += [f"drift x{self.drift:.3g}"] if abs(self.drift - 1) > 0.01 else []
        return ", ".join(found)


@dataclass(frozen=True, slots=True)
class Marks:
    """Checked marks, on one clock that runs on over every restart.

    Attributes
    ----------
    steps : array (mark,)
        The steps, which rise.
    seconds : array (mark,), s
        The time since the start; it never falls.
    restarts : int
        How often the clock of the log fell back.
    """

    steps: Array
    seconds: Array
    restarts: int

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def step_times(self) -> Array:
        """The time of a step between each two marks, (mark - 1,), s per step."""
        return np.asarray(np.diff(self.seconds) / np.diff(self.steps))

    @property
    def rate(self) -> float:
        """The mean time of a step after the first mark, in s: start-up is not in it, pauses are.

        One mark alone has nothing else than its own mean.
        """
        first = 0.0 if len(self) == 1 else self.seconds[0]
        done = self.steps[-1] - (0.0 if len(self) == 1 else self.steps[0])
        return float((self.seconds[-1] - first) / done)

    @property
    def steady(self) -> float:
        """The median time of a step, in s; the mean where a coarse clock makes the median zero."""
        return float(np.median(self.step_times)) or self.rate if len(self) > 1 else self.rate

    @property
    def variation(self) -> float | None:
        """The coefficient of variation of the times of a step; None for fewer than three marks."""
        times = self.step_times
        return float(np.std(times, ddof=1) / np.mean(times)) if len(times) > 1 else None

    @property
    def phases(self) -> Phases:
        """Start-up, steady rate, pauses, restarts and drift."""
        times, steady, half = self.step_times, self.steady, (len(self) - 1) // 2
        beyond = (times - steady) * np.diff(self.steps)
        paused = times > PAUSE * steady
        early, late = self._rate(0, half), self._rate(-1 - half, -1)
        return Phases(
            startup=float(self.seconds[0] - steady * self.steps[0]),
            steady=steady,
            pauses=int(paused.sum()),
            paused=float(beyond[paused].sum()),
            restarts=self.restarts,
            drift=late / early if len(self) > 2 and early > 0 else 1.0,
        )

    def _rate(self, first: int, last: int) -> float:
        """The mean time of a step between two marks, in s."""
        done = self.steps[last] - self.steps[first]
        return float((self.seconds[last] - self.seconds[first]) / done) if done else self.rate


def counted(number: int, what: str) -> str:
    """A number of items in words.

    >>> counted(1, "mark"), counted(2, "mark")
    ('1 mark', '2 marks')
    """
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def read_marks(steps: object, seconds: object, where: str) -> Marks:
    """The marks, checked; raises `AccountingError` with every bad mark, and where they hold no rate.

    >>> read_marks([10, 20, 30], [7.0, 9.0, 1.0], "run.log").seconds.tolist()
    [7.0, 9.0, 10.0]
    """
    done, clock = (_numbers(values) for values in (steps, seconds))
    if len(done) != len(clock) or not len(done):
        raise AccountingError.of("marks_do_not_pair", where, steps=len(done), seconds=len(clock))
    if bad := list(_bad(done, clock)):
        raise AccountingError.of("bad_marks", where, bad[:SHOWN], count=len(bad), number=len(done))
    falls = np.diff(clock) < 0
    runs_on = clock + np.concatenate([[0.0], np.cumsum(np.where(falls, clock[:-1], 0.0))])
    marks = Marks(done, runs_on, int(falls.sum()))
    alone = len(done) == 1
    if not (done[-1] > 0 and runs_on[-1] > (0.0 if alone else runs_on[0])):
        raise AccountingError.of("marks_without_a_rate", where, number=len(done))
    return marks


def _numbers(values: object) -> Array:
    """The values as floats; NaN for what is not a number."""
    given = np.asarray(values)
    if given.dtype.kind in "iuf":
        return np.asarray(given.reshape(-1), dtype=np.float64)
    plain = np.asarray(values, dtype=object).reshape(-1)
    return np.array([np.nan if (number := real(value)) is None else number for value in plain], dtype=np.float64)


def _bad(steps: Array, seconds: Array) -> Iterator[str]:
    """What is wrong with each bad mark: first numbers that cannot be, then those out of order."""
    good = np.isfinite(steps) & np.isfinite(seconds) & (steps >= 0) & (seconds >= 0)
    for i in np.flatnonzero(~good):
        yield f"mark {i + 1}: step {steps[i]:g} at {seconds[i]:g} s"
    for i in np.flatnonzero((np.diff(steps) <= 0) & (steps[1:] >= 0)) + 1:
        yield f"mark {i + 1}: step {steps[i]:g} after step {steps[i - 1]:g}"
