"""As many points as a stated error needs: which points, and when there are enough."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from ...checks import Array
from ..correlated import columns_of
from ..scrambled import MOST_COLUMNS
from .estimate import Smoothed
from .mixture import Estimate
from .randomly import Randomly
from .rows import Row
from .setting import Setting


@dataclass(frozen=True)
class Tolerance:
    """How large the error of a statistic may be: as a share of the statistic, or in root units."""

    statistic: str
    share: float = 0.0
    size: float = 0.0

    def ratio(self, found: Estimate) -> float:
        """The error over what it may be: at most 1 where it is met."""
        most = max(self.share * abs(found.value), self.size)
        return found.error / most if most else (math.inf if found.error else 0.0)


class Sample(Protocol):
    """Points of a program that grow, and what they say of its rows."""

    first: int
    rows: list[Row]

    @property
    def points(self) -> int: ...
    @property
    def evaluations(self) -> int: ...
    def more(self, points: int) -> None: ...
    def next(self, ratio: float) -> int: ...
    def statistic(self, row: Row, name: str) -> Estimate: ...
    def values(self) -> dict[str, Array]: ...


#: What is asked of each output.
Asked: TypeAlias = Mapping[str, Sequence[Tolerance]]


def sample_of(setting: Setting, names: Sequence[str], asked: Asked) -> tuple[Sample, str]:
    """Sobol' points where they help what is asked, else random draws; and why these, where it is so.

    Sobol' points serve every mean. They serve the quantiles of an output that is affine in one of its parameters; the
    quantiles of any other have kinks in many dimensions, in which such points gain little.
    """
    columns = len(columns_of(setting.program, setting.keys))
    if not columns:
        return Randomly(setting, names), "nothing varies"
    if columns > MOST_COLUMNS:
        return Randomly(setting, names), f"{columns:,} parameters are more than Sobol' points have columns"
    smoothed = Smoothed(setting, names, asked)
    for row in smoothed.rows:
        of_quantiles = any(one.statistic != "mean" for one in asked.get(row.output, ()))
        if of_quantiles and row.varies and row.z is None:
            free = " that are not correlated" if setting.program.correlated else ""
            return Randomly(setting, names), f"{row.output} is affine in none of its parameters{free}"
    return smoothed, ""


def grow(sample: Sample, asked: Asked, most: int) -> float:
    """Take points until the errors are met, or until more than `most` were needed; the error over what it may be."""
    count = min(sample.first, most)
    while True:
        sample.more(count)
        ratio = max(
            (
                one.ratio(sample.statistic(row, one.statistic))
                for row in sample.rows
                for one in asked.get(row.output, ())
            ),
            default=0.0,
        )
        if ratio <= 1 or sample.points >= most:
            return ratio
        count = min(sample.next(ratio), most)
