"""Lognormal distributions: of one geometric standard deviation, and of one on each side of the median (U4)."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import NormalDist

from ..arguments import entry
from ..errors import DomainError
from ..units.quantity_text import Scalar
from .base import Argument, Distribution
from .pedigree import Pedigree
from .reading import read_arguments
from .shapes import LognormalShape, Shape, SplitLognormalShape

#: Below this logarithm of a gsd the closed form of the standard deviation would cancel.
_NARROW = 1e-5


class _AboutMedian(Distribution):
    """Above zero, by its median, which is its nominal value, and one or two geometric standard deviations."""

    support = (0.0, math.inf)
    median = nominal = Argument(0, "The value with half the probability on each side.")

    def _take(self, **arguments: object) -> None:
        super()._take(**arguments)
        self._require(self.median > 0, "median > 0")
        self._require(min(self.arguments[1:]) > 1, "gsd > 1 (a factor: 1.1 is about 10 %)")


class Lognormal(_AboutMedian):
    """Lognormal by its median and geometric standard deviation; nominal value: the median.

    About 68 % of the probability lies between median / gsd and median x gsd. From two bounds without a middle, use
    `Lognormal.between`; from bounds with a median of their own, `Lognormal.through`; from a mean, `Lognormal.of_mean`.

    Parameters
    ----------
    median : text with a unit, or number, above 0
        The value with half the probability on each side.
    gsd : float above 1
        The geometric standard deviation, a factor: 1.1 is about 10 %. `lca.pedigree` gives one from scores.

    Raises
    ------
    DomainError
        If the median is not above 0, or the gsd is not above 1.

    Examples
    --------
    >>> Lognormal("36 kg CO2e", gsd=1.7)
    Lognormal("36 kg CO2e", gsd=1.7)
    """

    _pure = ("gsd",)
    gsd = Argument(1, "The geometric standard deviation, a factor.")

    def __init__(self, median: Scalar, gsd: Scalar) -> None:
        self._take(median=median, gsd=gsd)
        if isinstance(gsd, Pedigree):
            self.__dict__["basis"] = gsd.text

    @classmethod
    @entry
    def of_mean(cls, mean: Scalar, *, gsd: Scalar | None = None, sd: Scalar | None = None) -> Lognormal:
        """The lognormal of a mean, and of a geometric standard deviation or a standard deviation.

        The median is mean / exp(ln(gsd)^2 / 2), which is the nominal value: it lies below the mean. With a standard
        deviation, ln(gsd)^2 = ln(1 + (sd / mean)^2).

        Parameters
        ----------
        mean : text with a unit, or number, above 0
            The expectation.
        gsd : float above 1
            The geometric standard deviation, a factor.
        sd : text with a unit, or number, above 0
            The standard deviation, in place of `gsd`.

        Returns
        -------
        Lognormal
            The distribution with this mean.

        Raises
        ------
        DomainError
            If the mean is not above 0, a spread is outside its domain, or `gsd` and `sd` are both given or both not.
        UnitError
            If mean and standard deviation have different units.

        Examples
        --------
        >>> made = Lognormal.of_mean("40 kg CO2e", sd="20 kg CO2e")
        >>> round(made.mean, 9), round(made.sd, 9), round(made.median, 6)
        (40.0, 20.0, 35.777088)
        """
        if (gsd is None) == (sd is None):
            raise DomainError.of("one_spread_of_a_lognormal", "Lognormal.of_mean")
        width = {"sd": sd} if gsd is None else {}
        (read, *widths), unit = read_arguments("Lognormal.of_mean", mean=mean, **width)
        if min((read, *widths)) <= 0:
            said = ", ".join([f"{read:g}", *(f"sd={one:g}" for one in widths)])
            law = " and ".join(f"{name} > 0" for name in ("mean", *width))
            raise DomainError.of("arguments_of_a_distribution", f"Lognormal.of_mean({said})",
                                 family="Lognormal.of_mean", law=law)  # fmt: skip
        spread = [math.exp(math.sqrt(math.log1p((one / read) * (one / read)))) for one in widths]
        made = cls(1.0, gsd if gsd is not None else spread[0])
        made.__dict__.update(arguments=(read * math.exp(-(math.log(made.gsd) ** 2) / 2), made.gsd), unit=unit)
        made._require(made.median > 0, "a median > 0: this spread leaves none")
        return made

    @classmethod
    @entry
    def between(cls, low: Scalar, high: Scalar, *, level: float = 0.9) -> Lognormal:
        """The lognormal with a stated probability between two bounds, symmetric on the log scale.

        Parameters
        ----------
        low, high : text with a unit, or number, above 0
            The bounds.
        level : float, 0 to 1
            The probability between them.

        Returns
        -------
        Lognormal
            Its median is sqrt(low x high).

        Raises
        ------
        DomainError
            Unless 0 < low < high and 0 < level < 1.

        Examples
        --------
        >>> round(float(Lognormal.between("9 kg CO2e", "55 kg CO2e").ppf(0.05)), 9)
        9.0
        """
        (low, high), unit, z = _read_quantiles("Lognormal.between", level, low=low, high=high)
        return cls._of((math.sqrt(low * high), _gsd_of_ratio(high / low, 2 * z)), unit)

    @classmethod
    @entry
    def through(cls, low: Scalar, median: Scalar, high: Scalar, *, level: float = 0.9) -> SplitLognormal:
        """The two-piece lognormal with a stated median and a stated probability between two bounds.

        It is for a range around a published median. Half of the rest lies on each side: `low`, `median` and `high`
        are the quantiles at (1 - level) / 2, 1/2 and (1 + level) / 2. One gsd fits the median or the ends, not both.

        Parameters
        ----------
        low, median, high : text with a unit, or number, above 0
            The three quantiles.
        level : float, 0 to 1
            The probability between `low` and `high`.

        Returns
        -------
        SplitLognormal
            The distribution with these quantiles.

        Raises
        ------
        DomainError
            Unless 0 < low < median < high and 0 < level < 1.

        Examples
        --------
        >>> made = Lognormal.through("7 g", "11 g", "56 g", level=0.99)
        >>> [round(float(made.ppf(u)), 9) for u in (0.005, 0.5, 0.995)]
        [7.0, 11.0, 56.0]
        """
        read, unit, z = _read_quantiles("Lognormal.through", level, low=low, median=median, high=high)
        low, median, high = read
        return SplitLognormal._of((median, _gsd_of_ratio(median / low, z), _gsd_of_ratio(high / median, z)), unit)

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

    Half of the probability lies on each side. About 34 % lies between median / gsd_low and the median, and 34 %
    between the median and median x gsd_high. `Lognormal.through` makes one from three quantiles.

    Parameters
    ----------
    median : text with a unit, or number, above 0
        The value with half the probability on each side.
    gsd_low, gsd_high : float above 1
        The geometric standard deviations below and above the median.

    Raises
    ------
    DomainError
        If the median is not above 0, or a gsd is not above 1.

    Examples
    --------
    >>> SplitLognormal("11 g", gsd_low=1.19, gsd_high=1.88)
    SplitLognormal("11 g", gsd_low=1.19, gsd_high=1.88)
    """

    _pure = ("gsd_low", "gsd_high")
    gsd_low = Argument(1, "The geometric standard deviation below the median, a factor.")
    gsd_high = Argument(2, "The geometric standard deviation above the median, a factor.")

    def __init__(self, median: Scalar, gsd_low: Scalar, gsd_high: Scalar) -> None:
        self._take(median=median, gsd_low=gsd_low, gsd_high=gsd_high)

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


def _read_quantiles(function: str, level: float, **quantiles: Scalar) -> tuple[tuple[float, ...], str, float]:
    """(quantiles in one unit, the unit, z): a normal has probability `level` between -z and z."""
    read, unit = read_arguments(function, **quantiles)
    if not (0 < level < 1 and all(low < high for low, high in pairwise((0.0, *read)))):
        said = ", ".join(f"{value:g}" for value in read)
        order = " < ".join(quantiles)
        raise DomainError.of("quantiles_of_a_lognormal", f"{function}({said}, level={level:g})",
                             function=function, order=order)  # fmt: skip
    return read, unit, NormalDist().inv_cdf((1 + level) / 2)


def _gsd_of_ratio(ratio: float, standard_deviations: float) -> float:
    """The gsd of two quantiles that lie a ratio, or so many standard deviations, apart."""
    return math.exp(math.log(ratio) / standard_deviations)
