"""How long a whole training takes, told from its first marks, with a distribution learnt from real runs.

The forecast is T = t_n + r (N - s_n) F. The time t_n is seen, N - s_n steps remain, and r is the mean time of a step
after the first mark. The first mark is left out of r, since start-up happens once. The factor F is what 424 runs of 49
public repositories did (data/training_runs). ln F has the quantiles

    m + w- tan(pi (u - 1/2)) / tan(0.45 pi)    for u below 1/2, and with w+ above.

This is a Cauchy distribution with a width on each side. The widths w- and w+ are the distances from the median to the
5 % and to the 95 % quantile. ln w is linear in what the marks show (`terms`). docs/extrapolation.md has the coverage.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ... import tables
from ...checks import Array, finite_number
from ...distributions.families import Empirical
from .marks import Marks, Phases, counted, read_marks

FOLDER, TABLE = "training_runs", "remaining_time"
#: The draws of the factor are so many quantiles, evenly spaced; odd, so that one of them is the median.
POINTS = 1001
#: Beyond so many times the steady rate, up or down, a first mark says no more (its logarithm is 3).
LARGEST_EXCESS = 3.0
#: What the terms are measured from: a typical beginning of a run.
TYPICAL_MARKS, TYPICAL_SHARE, TYPICAL_VARIATION, LEAST_VARIATION = 7.0, 0.05, 0.05, 0.01
#: One mark within so small a share of the run is start-up for the most part: the forecast is below the mean so far.
MOSTLY_STARTUP = 0.02


@dataclass(frozen=True, slots=True)
class Widths:
    """The logarithm of the factor on the remaining time: its median, and how far its quantiles lie from it.

    Attributes
    ----------
    median : float
        The median.
    low, high : float
        The distances from the median to the 5 % and to the 95 % quantile.
    lowest, highest : float
        No quantile lies beyond: the extremes of the runs that it was learnt from.
    """

    median: float
    low: float
    high: float
    lowest: float
    highest: float

    def quantiles(self, u: object) -> Array:
        """The logarithm of the factor below which it lies with probability u.

        >>> Widths(0.0, 0.1, 0.2, -3.0, 3.0).quantiles([0.05, 0.5, 0.95]).round(9).tolist()
        [-0.1, 0.0, 0.2]
        """
        z = np.tan(np.pi * (np.asarray(u, dtype=np.float64) - 0.5)) / math.tan(0.45 * math.pi)
        return np.clip(self.median + np.where(z < 0, self.low, self.high) * z, self.lowest, self.highest)


@dataclass(frozen=True, slots=True, repr=False)
class Forecast:
    """The duration of a whole training, told from its first marks.

    Attributes
    ----------
    elapsed : float, s
        The time t_n of the last mark.
    step : float
        Its step s_n.
    planned : float
        The planned number N of steps.
    rate : float, s per step
        The mean time r of a step after the first mark.
    factor : Empirical
        The factor F on the remaining time r (N - s_n).
    seconds, low, high : float, s
        The median of the whole duration, and its 5 % and 95 % quantiles.
    marks : int
        How many marks were seen.
    phases : Phases
        Start-up, steady rate, pauses, restarts and drift of the seen part.
    """

    elapsed: float
    step: float
    planned: float
    rate: float
    factor: Empirical
    seconds: float
    low: float
    high: float
    marks: int
    phases: Phases

    @property
    def seen(self) -> float:
        """The share of the planned steps that was seen."""
        return self.step / self.planned

    @property
    def advice(self) -> str:
        """One sentence: what would narrow the interval."""
        ratio = f"the 90 % interval spans a factor of {self.high / self.low:.2g}"
        if self.marks < 3:
            single = "one mark cannot tell start-up from steps" if self.marks == 1 else "two marks show no spread"
            return f"{ratio}, since {single}: three marks or more narrow it"
        if self.seen < 0.1:
            return f"{ratio} at {self.seen:.2g} of the run: marks up to a tenth of it narrow it"
        return f"{ratio}: later marks narrow it"

    def __repr__(self) -> str:
        return (
            f"<forecast of {_span(self.seconds)}, {_span(self.low)} to {_span(self.high)} (90 %), "
            f"from {counted(self.marks, 'mark')}, {100 * self.seen:.3g} % of {self.planned:g} steps; {self.phases}>"
        )


def forecast(steps: object, seconds: object, planned: object, where: str = "marks") -> Forecast:
    """The duration of a whole training from its first marks.

    Raises `AccountingError` for marks that cannot be used (all at once), and `DomainError` unless more steps are
    planned than were seen. A clock that falls back, as of a run that was resumed, is continued.

    >>> forecast([10, 20, 30, 40], [25, 45, 65, 85], 400)
    <forecast of 13.4 min, 11.1 min to 16.2 min (90 %), from 4 marks, 10 % of 400 steps; 2 s per step, start-up +5 s>
    """
    marks = read_marks(steps, seconds, where)
    last, elapsed = float(marks.steps[-1]), float(marks.seconds[-1])
    form = f"give the last step of the whole run, which is after step {last:g} of the marks; "
    form += f'of a run that is over, give the duration: Training(duration="{elapsed:.6g} s")'
    whole = finite_number(planned, f"{where}, planned", low=last, above=True, form=form)
    widths = widths_of(terms(marks, whole))
    u = (np.arange(POINTS) + 0.5) / POINTS
    remaining = marks.rate * (whole - last)
    low, median, high = (elapsed + remaining * float(np.exp(x)) for x in widths.quantiles([0.05, 0.5, 0.95]))
    return Forecast(
        elapsed, last, whole, marks.rate, Empirical(np.exp(widths.quantiles(u))), median, low, high,
        len(marks), marks.phases,
    )  # fmt: skip


def terms(marks: Marks, planned: float) -> dict[str, float]:
    """What the marks show: the terms of which the widths are made, each zero for a typical beginning.

    They do not change with the unit of time or of the steps. One mark alone shows the share alone.

    >>> marks = read_marks([10, 20, 30, 40], [25, 45, 65, 85], "a log")
    >>> {name: round(value, 3) for name, value in terms(marks, 400).items()}
    {'constant': 1.0, 'marks': -0.56, 'share': 0.693, 'variation': -1.609, 'first mark': 0.223}
    """
    share = math.log(marks.steps[-1] / planned / TYPICAL_SHARE)
    if len(marks) == 1:
        startup = min(share + math.log(TYPICAL_SHARE / MOSTLY_STARTUP), 0.0)
        return {"constant": 1.0, "share": share, "share below 2 %": startup}
    variation = TYPICAL_VARIATION - LEAST_VARIATION if marks.variation is None else marks.variation
    return {
        "constant": 1.0,
        "marks": math.log(len(marks) / TYPICAL_MARKS),
        "share": share,
        "variation": math.log((min(variation, 3.0) + LEAST_VARIATION) / TYPICAL_VARIATION),
        "first mark": _first_excess(marks),
    }


def _first_excess(marks: Marks) -> float:
    """|ln| of the time of a step up to the first mark over the steady one: start-up, or a clock that starts late."""
    if not marks.steps[0]:  # the first mark is the end of the start-up: nothing to tell apart
        return 0.0
    ratio = marks.seconds[0] / marks.steps[0] / marks.steady
    return min(abs(math.log(ratio)), LARGEST_EXCESS) if ratio > 0 else LARGEST_EXCESS


def widths_of(shown: Mapping[str, float]) -> Widths:
    """The distribution of the logarithm of the factor for what the marks show (`terms`)."""
    marks = "several" if "marks" in shown else "one"
    median, low, high = (
        sum(_coefficients()[marks, name][column] * value for name, value in shown.items()) for column in range(3)
    )
    _, lowest, highest = _coefficients()[marks, "extreme"]
    return Widths(median, math.exp(low), math.exp(high), lowest, highest)


def learnt_from() -> str:
    """What the factor on the remaining time was learnt from."""
    return tables.rows(FOLDER, TABLE)[0].text("source")


@tables.cached
def _coefficients() -> dict[tuple[str, str], tuple[float, float, float]]:
    """(median, low, high) by marks and term, from data/training_runs."""
    rows = tables.rows(FOLDER, TABLE)
    return {
        (row.text("marks"), row.text("term")): (row.number("median"), row.number("low"), row.number("high"))
        for row in rows
    }


def _span(seconds: float) -> str:
    """A duration in the largest unit in which it is above 1."""
    for unit, size in (("day", 86_400.0), ("h", 3_600.0), ("min", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
