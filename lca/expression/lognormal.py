"""Lognormal distributions: of one geometric standard deviation, and of one on each side of the median (U4)."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

from ..arguments import entry
from ..errors import DomainError
from .distribution import Distribution, read_scalar
from .shape import LognormalShape, Shape, SplitLognormalShape

#: Below this logarithm of a gsd the closed form of the standard deviation would cancel.
_NARROW = 1e-5


class _AboutMedian(Distribution):
    """Above zero, by its median, which is its nominal value."""

    @property
    def median(self) -> float:
        return self.arguments[0]

    @property
    def nominal(self) -> float:
        return self.median

    @property
    def support(self) -> tuple[float, float]:
        return 0.0, math.inf


class Lognormal(_AboutMedian):
    """Lognormal by its median and geometric standard deviation (gsd > 1); nominal value: the median.

    About 68 % of the probability lies between median / gsd and median x gsd. Two bounds without a middle are
    `Lognormal.between(low, high)`, bounds with a median of their own `Lognormal.through(low, median, high)`.

    >>> Lognormal("36 kg CO2e", gsd=1.7)
    Lognormal("36 kg CO2e", gsd=1.7)
    """

    def __init__(self, median: Any, gsd: Any) -> None:
        self._take(median=median)
        _take_factors(self, gsd=gsd)

    @classmethod
    @entry
    def between(cls, low: Any, high: Any, *, level: float = 0.9) -> Lognormal:
        """The lognormal with probability `level` between `low` and `high`, symmetric on the log scale.

        >>> round(float(Lognormal.between("9 kg CO2e", "55 kg CO2e").ppf(0.05)), 9)
        9.0
        """
        made = object.__new__(cls)
        made._take(low=low, high=high)
        low, high = made.arguments
        if not (0 < low < high and 0 < level < 1):
            where = f"Lognormal.between({low:g}, {high:g}, level={level:g})"
            raise DomainError("Lognormal.between needs 0 < low < high and 0 < level < 1", where=where)
        gsd = _gsd_of_ratio(high / low, 2 * _quantile(level))
        object.__setattr__(made, "arguments", (math.sqrt(low * high), gsd))
        return made

    @classmethod
    @entry
    def through(cls, low: Any, median: Any, high: Any, *, level: float = 0.9) -> SplitLognormal:
        """The two-piece lognormal of this median with probability `level` between `low` and `high`, half on each side.

        For a range around a published median: one gsd can meet the median or the ends, and here all three are
        quantiles, at (1 - level) / 2, 1/2 and (1 + level) / 2. Raises `DomainError` unless 0 < low < median < high.

        >>> made = Lognormal.through("7 g", "11 g", "56 g", level=0.99)
        >>> [round(float(made.ppf(u)), 9) for u in (0.005, 0.5, 0.995)]
        [7.0, 11.0, 56.0]
        """
        made = object.__new__(SplitLognormal)
        made._take(low=low, median=median, high=high)
        low, median, high = made.arguments
        if not (0 < low < median < high and 0 < level < 1):
            where = f"Lognormal.through({low:g}, {median:g}, {high:g}, level={level:g})"
            raise DomainError("Lognormal.through needs 0 < low < median < high and 0 < level < 1", where=where)
        z = _quantile(level)
        object.__setattr__(made, "arguments", (median, _gsd_of_ratio(median / low, z), _gsd_of_ratio(high / median, z)))
        return made

    def __repr__(self) -> str:
        return f"Lognormal({_median_text(self)}, gsd={self.arguments[-1]:g})"

    @property
    def gsd(self) -> float:
        """The geometric standard deviation, a factor."""
        return self.arguments[1]

    @property
    def mean(self) -> float:
        return self.median * math.exp(math.log(self.gsd) ** 2 / 2)

    @property
    def sd(self) -> float:
        return self.mean * math.sqrt(math.expm1(math.log(self.gsd) ** 2))

    @property
    def standard(self) -> tuple[float, float, Shape]:
        return 0.0, self.median, LognormalShape(math.log(self.gsd))


class SplitLognormal(_AboutMedian):
    """Lognormal with one gsd below its median and another above; nominal value: the median.

    Half of the probability lies on each side, about 34 % between median / gsd_low and the median, and 34 %
    between the median and median x gsd_high. `Lognormal.through` makes one of three quantiles.

    >>> SplitLognormal("11 g", gsd_low=1.19, gsd_high=1.88)
    SplitLognormal("11 g", gsd_low=1.19, gsd_high=1.88)
    """

    def __init__(self, median: Any, gsd_low: Any, gsd_high: Any) -> None:
        self._take(median=median)
        _take_factors(self, gsd_low=gsd_low, gsd_high=gsd_high)

    def __repr__(self) -> str:
        low, high = self.arguments[-2:]
        return f"SplitLognormal({_median_text(self)}, gsd_low={low:g}, gsd_high={high:g})"

    @property
    def gsd_low(self) -> float:
        """The geometric standard deviation below the median, a factor."""
        return self.arguments[1]

    @property
    def gsd_high(self) -> float:
        """The geometric standard deviation above the median, a factor."""
        return self.arguments[2]

    @property
    def mean(self) -> float:
        return self.median * self._moment(1)

    @property
    def sd(self) -> float:
        low, high = self._logarithms
        if max(low, high) < _NARROW:  # a two-piece normal, to first order
            return self.median * math.sqrt((low**2 + high**2) / 2 - (high - low) ** 2 / (2 * math.pi))
        return self.median * math.sqrt(self._moment(2) - self._moment(1) ** 2)

    @property
    def standard(self) -> tuple[float, float, Shape]:
        return 0.0, self.median, SplitLognormalShape(*self._logarithms)

    @property
    def _logarithms(self) -> tuple[float, float]:
        return math.log(self.gsd_low), math.log(self.gsd_high)

    def _moment(self, k: int) -> float:
        """E[(X / median)^k]: of each half of a normal z, the integral of exp(k s z) in closed form."""
        low, high = (k * s for s in self._logarithms)
        below = math.exp(low**2 / 2) * math.erfc(low / math.sqrt(2)) / 2
        return below + math.exp(high**2 / 2) * math.erfc(-high / math.sqrt(2)) / 2


def _take_factors(made: Distribution, **factors: Any) -> None:
    """Read each gsd and check it; the median is there already."""
    family = type(made).__name__
    read = {name: read_scalar(given, f"{family}({name}=)") for name, given in factors.items()}
    object.__setattr__(made, "arguments", (made.arguments[0], *(value for value, _ in read.values())))
    made._require(all(unit == "" for _, unit in read.values()), "a gsd that is a pure number")
    made._require(made.arguments[0] > 0, "median > 0")
    made._require(all(value > 1 for value, _ in read.values()), "gsd > 1 (a factor: 1.1 is about 10 %)")


def _median_text(made: Distribution) -> str:
    return f'"{made.arguments[0]:g} {made.unit}"' if made.unit else f"{made.arguments[0]:g}"


def _quantile(level: float) -> float:
    """Where a normal has probability `level` between -z and z."""
    return NormalDist().inv_cdf((1 + level) / 2)


def _gsd_of_ratio(ratio: float, standard_deviations: float) -> float:
    """The gsd of two quantiles that lie a ratio, or so many standard deviations, apart."""
    return math.exp(math.log(ratio) / standard_deviations)
