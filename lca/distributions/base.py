"""Distributions as values: a family, its arguments in one unit, a nominal value (U1, U4, U5).

Each distribution is `location + scale x shape`, where a *shape* is a frozen record with an exact
inverse CDF. Sampling needs nothing else, and labels of one family share one shape.
"""

from __future__ import annotations

import copy
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NoReturn, Self, overload

import numpy as np

from ..arguments import entry
from ..checks import Array
from ..errors import DomainError, NotEvaluatedError
from ..units.quantity_text import Scalar
from .reading import read_arguments, read_bound, read_scalar
from .shapes import Shape
from .truncated_shapes import LEAST, KinkedShape, TruncatedShape

#: The probability on each side beyond which a tail without end is left out of what a distribution reaches.
RARE = 1e-9


class Argument:
    """An argument of a family, read by its name."""

    def __init__(self, position: int, about: str = "") -> None:
        self.position, self.__doc__ = position, about

    def __get__(self, distribution: Distribution, family: type | None = None) -> float:
        value: float = distribution.arguments[self.position]
        return value


@dataclass(frozen=True, repr=False)
class Distribution(ABC):
    """A distribution in the unit it was written in; the field that takes it gives the key.

    Attributes
    ----------
    arguments : tuple of float
        The arguments of the family, in `unit`.
    unit : str
        The unit as it was written.

    Examples
    --------
    >>> from lca import Normal
    >>> isinstance(Normal("147 W", "4 W"), Distribution)
    True
    """

    arguments: tuple[float, ...]
    unit: str

    #: Where its spread comes from, in words; empty where it was stated.
    basis: ClassVar[str] = ""
    #: The arguments that are pure numbers: they come last, and are written with their names.
    _pure: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Each family checks its arguments by name."""
        if "__init__" in vars(cls):
            cls.__init__ = entry(cls.__init__)  # type: ignore[method-assign]

    @property
    def nominal(self) -> float:
        """The value that stands for it in a nominal result (U5): the mean, where a family does not say another."""
        return self.mean

    @property
    @abstractmethod
    def mean(self) -> float:
        """The expectation."""

    @property
    @abstractmethod
    def sd(self) -> float:
        """The standard deviation."""

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """The smallest and largest possible value."""

    @property
    @abstractmethod
    def standard(self) -> tuple[float, float, Shape]:
        """(location, scale, shape): the distribution is location + scale x shape."""

    @property
    def median(self) -> float:
        """The value with half the probability on each side."""
        return float(self.ppf(0.5))

    @property
    def reach(self) -> tuple[float, float]:
        """The smallest and largest value that count: bounds where it has both, else the quantiles at 1e-9 and 1 - 1e-9.

        What a field's domain holds for (U4): no run is expected to draw a value beyond them.
        """
        low, high = self.support
        if math.isfinite(low) and math.isfinite(high):
            return low, high
        return float(self.ppf(RARE)), float(self.ppf(1 - RARE))

    @overload
    def ppf(self, u: float) -> float: ...
    @overload
    def ppf(self, u: Array) -> Array: ...
    def ppf(self, u: float | Array) -> float | Array:
        """The inverse CDF.

        Parameters
        ----------
        u : float or array
            Probabilities in (0, 1).

        Returns
        -------
        float or array
            The values below which they lie, in `unit`.

        Examples
        --------
        >>> from lca import Uniform
        >>> float(Uniform("50 kWh", "300 kWh").ppf(0.5))
        175.0
        """
        location, scale, shape = self.standard
        return location + scale * shape.ppf(np.asarray(u, dtype=np.float64))

    @entry
    def truncated(self, low: Scalar | None = None, high: Scalar | None = None) -> Distribution:
        """The distribution under the condition that the value lies between two bounds, or on one side of one.

        With F its distribution function, the value at u is the inverse of F at F(low) + u (F(high) - F(low)). The
        nominal value stays as it was stated. A `Uniform`, `Empirical` or `Discrete` becomes another one of its family,
        with the nominal value of that one.

        Parameters
        ----------
        low, high : text with a unit, number, or None
            The bounds, which are possible values themselves; None where there is none.

        Returns
        -------
        Distribution
            The truncated distribution.

        Raises
        ------
        DomainError
            Unless low < high, with at least one of them. If the nominal value lies outside, or the probability between
            the bounds is below 1e-12.
        UnitError
            If a bound has another unit.

        Examples
        --------
        >>> from lca import Normal
        >>> Normal("2 W", "1.5 W").truncated(low="0 W")
        Normal("2 W", "1.5 W").truncated(low="0 W")
        >>> round(Normal(0, 1).truncated(-1, 1).sd, 6)
        0.53956
        """
        function = f"{type(self).__name__}.truncated"
        least = -math.inf if low is None else read_bound(function, "low", low, self.unit)
        most = math.inf if high is None else read_bound(function, "high", high, self.unit)
        if not least < most or (low is None and high is None):
            raise DomainError.of("bounds_of_a_truncation", repr(self), [f"low = {least:g}", f"high = {most:g}"])
        return self._between(least, most)

    def in_unit(self, unit: str) -> Self:
        """The same numbers in another unit text: how a field attaches a boundary or a count (Q4).

        Parameters
        ----------
        unit : str
            The unit text.

        Returns
        -------
        Distribution
            The distribution with that unit; nothing is converted.

        Examples
        --------
        >>> from lca import Normal
        >>> Normal("147 W", "4 W").in_unit("W at_wall").unit
        'W at_wall'
        """
        made = copy.copy(self)
        made.__dict__["unit"] = unit
        made.__dict__.setdefault("_original", self)
        return made

    def _between(self, low: float, high: float) -> Distribution:
        """What is left between two values, if it holds the nominal value and some probability."""
        made = Truncated((low, high), self.unit, self)
        if not low <= self.nominal <= high:
            raise DomainError.of("nominal_outside_the_bounds", repr(made), nominal=self._written(self.nominal))
        if (share := made.shape.probability) < LEAST:
            raise DomainError.of("too_little_left", repr(made), left=f"a probability of {share:.1g}")
        return made

    def _left(self, arguments: tuple[float, ...], low: float, high: float) -> Self:
        """What is left between two values, where that is of the same family: with these arguments."""
        if not arguments:
            made = Truncated((low, high), self.unit, self)
            raise DomainError.of("too_little_left", repr(made), left="fewer than two values")
        return self._of(arguments, self.unit)

    @property
    def original(self) -> Distribution:
        """The object that the user wrote: one object in two fields is worth a warning (U1)."""
        return getattr(self, "_original", self)

    def __repr__(self) -> str:
        first = len(self.arguments) - len(self._pure)
        texts = [self._written(value) for value in self.arguments[:first]]
        texts += [f"{name}={value:g}" for name, value in zip(self._pure, self.arguments[first:], strict=True)]
        return f"{type(self).__name__}({', '.join(texts)})" + (f" by {self.basis}" if self.basis else "")

    def _written(self, value: float) -> str:
        """A value with the unit, as it is given to a constructor."""
        return f'"{value:g} {self.unit}"' if self.unit else f"{value:g}"

    def _no_arithmetic(self, *_: object) -> NoReturn:
        raise NotEvaluatedError.of("distribution_in_a_formula", repr(self))

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _no_arithmetic
    __truediv__ = __rtruediv__ = __pow__ = __neg__ = __float__ = _no_arithmetic

    @classmethod
    def _of(cls, arguments: tuple[float, ...], unit: str) -> Self:
        """The distribution of arguments that are read and checked already."""
        made = object.__new__(cls)
        made.__dict__.update(arguments=arguments, unit=unit)
        return made

    def _take(self, **arguments: object) -> None:
        """Read the arguments into floats, of one unit where they are not pure numbers, and store them."""
        family = type(self).__name__
        read = read_arguments(family, **{name: given for name, given in arguments.items() if name not in self._pure})
        pure = {name: read_scalar(arguments[name], f"{family}({name}=)") for name in self._pure}
        self.__dict__.update(arguments=(*read[0], *(value for value, _ in pure.values())), unit=read[1])
        for name, (_, unit) in pure.items():
            self._require(unit == "", f"{name} as a number without unit")

    def _require(self, holds: bool, law: str) -> None:
        if not holds:
            raise DomainError.of("arguments_of_a_distribution", repr(self), family=type(self).__name__, law=law)


@dataclass(frozen=True, repr=False)
class Truncated(Distribution):
    """A distribution between bounds; nominal value: that of the whole one, which lies between them.

    Made by `Distribution.truncated`. Its arguments are the bounds, infinite where there is none.

    Attributes
    ----------
    whole : Distribution
        What is truncated.
    """

    whole: Distribution

    def __repr__(self) -> str:
        low, high = (self._written(end) if math.isfinite(end) else "" for end in self.arguments)
        bounds = f"{low}, {high}" if low and high else f"low={low}" if low else f"high={high}"
        by = f" by {self.whole.basis}" if self.whole.basis else ""
        return f"{repr(self.whole).removesuffix(by)}.truncated({bounds}){by}"

    def in_unit(self, unit: str) -> Self:
        made = super().in_unit(unit)
        made.__dict__["whole"] = self.whole.in_unit(unit)
        return made

    def _between(self, low: float, high: float) -> Distribution:
        return self.whole._between(max(low, self.arguments[0]), min(high, self.arguments[1]))

    @property
    def nominal(self) -> float:
        return self.whole.nominal

    @property
    def mean(self) -> float:
        location, scale, _ = self.standard
        return location + scale * self._moments[0]

    @property
    def sd(self) -> float:
        return self.standard[1] * self._moments[1]

    @property
    def support(self) -> tuple[float, float]:
        (low, high), (least, most) = self.arguments, self.whole.support
        return max(low, least), min(high, most)

    @property
    def shape(self) -> TruncatedShape:
        """The standard shape of the whole distribution between the bounds."""
        location, scale, whole = self.whole.standard
        low, high = ((end - location) / scale for end in self.support)
        kind = KinkedShape if low < whole.kink < high else TruncatedShape
        return kind(whole, low, high)

    @property
    def standard(self) -> tuple[float, float, Shape]:
        (location, scale, _), shape, (low, high) = self.whole.standard, self.shape, self.support
        origin = {shape.low: low, shape.high: high}.get(shape.origin, location)
        return origin, scale, shape

    @cached_property
    def _moments(self) -> tuple[float, float]:
        return self.shape.moments()
