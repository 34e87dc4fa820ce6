"""The distributions: a family each, with its domain, its nominal value and its inverse CDF (U4, U5)."""

from __future__ import annotations

import math

import numpy as np

from ..arguments import entry
from ..checks import numbers_of
from ..units.parse import from_pint, parse_unit
from ..units.quantity_text import Scalar
from ..units.registry import is_pint
from .base import Argument, Distribution, Truncated
from .discrete import Discrete
from .lognormal import Lognormal, SplitLognormal
from .shapes import BetaShape, EmpiricalShape, NormalShape, Shape, TriangularShape, UniformShape, WeibullShape

__all__ = [
    "Discrete", "Empirical", "Lognormal", "Normal", "Pert", "SplitLognormal", "Triangular", "Truncated", "Uniform",
    "Weibull",
]  # fmt: skip


class Normal(Distribution):
    """Normal distribution; nominal value: the mean.

    Parameters
    ----------
    mean, sd : text with a unit, or number
        The mean, and the standard deviation above 0.

    Raises
    ------
    DomainError
        If `sd` is not above 0.
    UnitError
        If the two have different units.

    Examples
    --------
    >>> Normal("147 W", "4 W").nominal
    147.0
    """

    mean = Argument(0)
    sd = Argument(1)
    support = (-math.inf, math.inf)

    def __init__(self, mean: Scalar, sd: Scalar) -> None:
        self._take(mean=mean, sd=sd)
        self._require(self.sd > 0, "sd > 0 (write a value without spread as a number)")

    @property
    def standard(self) -> tuple[float, float, Shape]:
        return self.mean, self.sd, NormalShape()


class _Bounded(Distribution):
    """Between its first argument and its last."""

    @property
    def support(self) -> tuple[float, float]:
        return self.arguments[0], self.arguments[-1]


class Uniform(_Bounded):
    """Equal probability between two limits; nominal value: the midpoint.

    Parameters
    ----------
    low, high : text with a unit, or number
        The limits.

    Raises
    ------
    DomainError
        Unless low < high.
    UnitError
        If the two have different units.

    Examples
    --------
    >>> Uniform("50 kWh", "300 kWh").nominal
    175.0
    """

    def __init__(self, low: Scalar, high: Scalar) -> None:
        self._take(low=low, high=high)
        self._require(self.arguments[0] < self.arguments[1], "low < high")

    @property
    def mean(self) -> float:
        return sum(self.arguments) / 2

    @property
    def sd(self) -> float:
        return (self.arguments[1] - self.arguments[0]) / math.sqrt(12)

    @property
    def standard(self) -> tuple[float, float, Shape]:
        low, high = self.support
        return low, high - low, UniformShape()

    def _between(self, low: float, high: float) -> Distribution:
        ends = max(low, self.arguments[0]), min(high, self.arguments[1])
        return self._left(ends if ends[0] < ends[1] else (), low, high)


class Triangular(_Bounded):
    """Triangular between two limits; nominal value: the mode.

    Parameters
    ----------
    low, mode, high : text with a unit, or number
        The lower limit, the most probable value, and the upper limit.

    Raises
    ------
    DomainError
        Unless low <= mode <= high and low < high.
    UnitError
        If they have different units.

    Examples
    --------
    >>> round(Triangular(1.1, 1.58, 2.0).mean, 9)
    1.56
    """

    nominal = Argument(1)

    def __init__(self, low: Scalar, mode: Scalar, high: Scalar) -> None:
        self._take(low=low, mode=mode, high=high)
        low, mode, high = self.arguments
        self._require(low <= mode <= high and low < high, "low <= mode <= high and low < high")

    @property
    def mean(self) -> float:
        return sum(self.arguments) / 3

    @property
    def sd(self) -> float:
        low, mode, high = self.arguments
        rise, width = mode - low, high - low  # differences first: squares of the bounds would cancel
        return math.sqrt((rise**2 + width**2 - rise * width) / 18)

    @property
    def standard(self) -> tuple[float, float, Shape]:
        low, mode, high = self.arguments
        return low, high - low, TriangularShape((mode - low) / (high - low))


class Pert(Triangular):
    """PERT: a beta distribution between two limits; nominal value: the mode.

    Its mean is (low + 4 mode + high) / 6 (Malcolm et al. 1959).

    Parameters
    ----------
    low, mode, high : text with a unit, or number
        The lower limit, the most probable value, and the upper limit.

    Raises
    ------
    DomainError
        Unless low <= mode <= high and low < high.
    UnitError
        If they have different units.

    Examples
    --------
    >>> Pert(0, 1, 2).mean
    1.0
    """

    @property
    def _exponents(self) -> tuple[float, float]:
        low, mode, high = self.arguments
        return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)

    @property
    def mean(self) -> float:
        low, mode, high = self.arguments
        return (low + 4 * mode + high) / 6

    @property
    def sd(self) -> float:
        a, b = self._exponents
        low, high = self.support
        return (high - low) / (a + b) * math.sqrt(a * b / (a + b + 1))

    @property
    def standard(self) -> tuple[float, float, Shape]:
        low, high = self.support
        return low, high - low, BetaShape(*self._exponents)


class Weibull(Distribution):
    """Weibull by its characteristic life and its shape; nominal value: the mean (Weibull 1951).

    With shape below 1 devices fail early, at 1 at random (the exponential distribution), above 1 they wear out.
    How many devices are replaced in the long run depends on the mean alone. So the mean is the nominal value (U5).

    Parameters
    ----------
    scale : text with a unit, or number, above 0
        The characteristic life, which a share 1/e survives.
    shape : float, 0.1 or more
        The exponent of the hazard plus one. Below 0.1 most of the mean would lie in draws that never come.

    Raises
    ------
    DomainError
        If `scale` is not above 0, or `shape` is below 0.1.

    Examples
    --------
    >>> Weibull("5 year", shape=2)
    Weibull("5 year", shape=2)
    >>> Weibull(5, shape=1).nominal
    5.0
    """

    _pure = ("shape",)
    support = (0.0, math.inf)
    scale = Argument(0, "The characteristic life.")
    shape = Argument(1, "The exponent of the hazard plus one, a pure number.")

    def __init__(self, scale: Scalar, shape: Scalar) -> None:
        self._take(scale=scale, shape=shape)
        self._require(self.scale > 0, "scale > 0")
        self._require(self.shape >= 0.1, "shape > 0, and at least 0.1")

    @classmethod
    @entry
    def of_mean(cls, mean: Scalar, *, shape: Scalar) -> Weibull:
        """The Weibull of a mean life: the characteristic life is mean / gamma(1 + 1 / shape).

        Parameters
        ----------
        mean : text with a unit, or number, above 0
            The mean life.
        shape : float, 0.1 or more
            The exponent of the hazard plus one.

        Returns
        -------
        Weibull
            The distribution with this mean.

        Examples
        --------
        >>> round(Weibull.of_mean("5 year", shape=2).mean, 9)
        5.0
        """
        unit = cls(mean, shape)
        return cls(unit.scale**2 / unit.mean, unit.shape).in_unit(unit.unit)

    @property
    def mean(self) -> float:
        return self.scale * math.gamma(1 + 1 / self.shape)

    @property
    def sd(self) -> float:
        x = 1 / self.shape
        if x < 1e-4:  # the difference below would cancel: its series, with zeta(2) and zeta(3)
            return self.mean * x * math.sqrt(math.pi**2 / 6 - 2.404113806319189 * x)
        return self.mean * math.sqrt(math.expm1(math.lgamma(1 + 2 * x) - 2 * math.lgamma(1 + x)))

    @property
    def standard(self) -> tuple[float, float, Shape]:
        return 0.0, self.scale, WeibullShape(self.shape)


class Empirical(_Bounded):
    """Measured values, each with the same probability; nominal value: their median.

    Parameters
    ----------
    values : list, array or column of numbers
        The values, two or more.
    unit : str
        Their unit.

    Raises
    ------
    DomainError
        If there are fewer than two values, or a dict, a text or a set is given.

    Examples
    --------
    >>> Empirical([3, 1, 2], "W").nominal
    2.0
    """

    def __init__(self, values: object, unit: str = "") -> None:
        if is_pint(values):
            values, unit = from_pint(values, "Empirical")
        parse_unit(unit)
        read = sorted(numbers_of(values, "Empirical", 'Empirical([3, 1, 2], "W")'))
        self.__dict__.update(arguments=tuple(read), unit=unit)
        self._require(len(read) > 1, "at least two values")

    def __repr__(self) -> str:
        ends = f", {self.arguments[0]:g} to {self.arguments[-1]:g} {self.unit}".rstrip() if self.arguments else ""
        return f"Empirical({len(self.arguments)} values{ends})"

    @property
    def median(self) -> float:
        return float(np.median(self.arguments))

    @property
    def nominal(self) -> float:
        return self.median

    @property
    def mean(self) -> float:
        return float(np.mean(self.arguments))

    @property
    def sd(self) -> float:
        return float(np.std(self.arguments))

    @property
    def standard(self) -> tuple[float, float, Shape]:
        return 0.0, 1.0, EmpiricalShape(self.arguments)

    def _between(self, low: float, high: float) -> Distribution:
        kept = tuple(value for value in self.arguments if low <= value <= high)
        return self._left(kept if kept[1:] else (), low, high)
