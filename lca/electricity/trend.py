"""The trend of published years: least squares on logarithms, and how far years lie from it (A5)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import DomainError, MissingError
from ..fits import line_through, widening
from .places import spans

#: Published years that a trend needs at least.
_FEWEST = 4


@dataclass(frozen=True)
class Trend:
    """A log-linear trend of published years: least squares on the logarithms.

    `years` are those of the fit and `middle` their mean, a calendar year such as 2020.5; `centre` is the geometric mean
    of the values, in their unit, and `slope` the change of the logarithm, [1/year]. `spread` is the residual standard
    deviation of the logarithms with n - 2 degrees of freedom, a pure number. `inflation` is the factor by which a
    normal of it has the 90 % interval of Student's t. The exponential of Student's t itself has no mean.
    """

    years: tuple[int, ...]
    middle: float
    centre: float
    slope: float
    spread: float
    inflation: float

    @property
    def slope_error(self) -> float:
        """Standard error of the slope, [1/year]."""
        return self.spread / math.sqrt(sum((year - self.middle) ** 2 for year in self.years))

    @property
    def level_error(self) -> float:
        """Standard error of the level in the middle of the years, a pure number."""
        return self.spread / math.sqrt(len(self.years))

    def __str__(self) -> str:
        return f"{self.slope:+.1%} a year over {spans(self.years)}, {self.spread:.1%} about it"


def fitted(years: Sequence[int], values: Sequence[float], where: str) -> Trend:
    """The trend of `values` over calendar `years`, each once; `where` is what errors name.

    The values are in any one unit, which `centre` then has (a look-up: root units, kg CO2e/J at the busbar).

    Raises `MissingError` for fewer than four years, `DomainError` for a value that is not above zero.

    >>> fitted([2020, 2021, 2022, 2023], [400.0, 380.0, 361.0, 342.95], "here").slope
    -0.0512932...
    """
    if len(years) < _FEWEST:
        raise MissingError.of("too_few_years_for_a_trend", where, count=len(years), fewest=_FEWEST)
    if zeros := [str(year) for year, value in zip(years, values, strict=True) if not value > 0]:
        raise DomainError.of("trend_through_zero", where, years=", ".join(zeros))
    line = line_through(np.asarray(years, dtype=float), np.log(values))
    inflation = widening(len(years) - 2)
    return Trend(tuple(years), line.centre, math.exp(line.level), line.slope, line.scatter, inflation)
