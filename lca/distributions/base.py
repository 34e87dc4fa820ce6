"""Distributions as values: a family, its arguments in one unit, a nominal value (U1, U4, U5).

Each distribution is `location + scale x shape`, where a *shape* is a frozen record with an exact
inverse CDF. Sampling needs nothing else, and labels of one family share one shape.
"""

from __future__ import annotations

import copy
import math
import reprlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, NoReturn, Self, overload

import numpy as np

from ..arguments import entry
from ..checks import Array, finite_number
from ..errors import DomainError, LabelError, NotEvaluatedError, ParseError, UnitError
from ..units.parse import from_pint, parse_unit
from ..units.quantity_text import Scalar, parse_quantity
from ..units.registry import is_pint
from ..units.text import unit_text
from .shapes import Shape

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
        from .truncated import truncated  # which stands on this file

        return truncated(self, low, high)

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

    def _cut(self, low: float, high: float) -> tuple[float, ...] | None:
        """The arguments of what is left between two values, none if it is nothing; None if it is of another family."""
        return None

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


def read_arguments(function: str, **arguments: object) -> tuple[tuple[float, ...], str]:
    """(numbers, unit text) of arguments that have one kind of unit: the text is that of the first."""
    values: list[float] = []
    unit: str | None = None
    for name, given in arguments.items():
        where = f"{function}({name}=)"
        value, own = read_scalar(given, where)
        unit = own if unit is None else unit
        values.append(_converted(value, own, unit, where, function))
    return tuple(values), unit or ""


def read_bound(function: str, name: str, given: object, unit: str) -> float:
    """The number of an argument in a unit that is known."""
    where = f"{function}({name}=)"
    return _converted(*read_scalar(given, where), unit, where, function)


def _converted(value: float, own: str, unit: str, where: str, function: str) -> float:
    (factor, root), (first_factor, first_root) = parse_unit(own), parse_unit(unit)
    if root != first_root:
        sides = [unit_text(first_root), unit_text(root)]
        raise UnitError.of("arguments_of_different_units", where, sides, function=function)
    return value if own == unit else value * factor / first_factor


def read_scalar(given: object, where: str) -> tuple[float, str]:
    """(number, unit text) of a text, a number or a scalar pint quantity."""
    if isinstance(given, str):
        parsed = parse_quantity(given, where)
        if parsed.half_width is not None:
            raise ParseError.of("plus_minus_in_an_argument", where)
        return parsed.value, parsed.unit
    unit = ""
    if is_pint(given):
        given, unit = from_pint(given, where)
    if isinstance(given, (list, tuple, set, frozenset, range)) or (isinstance(given, np.ndarray) and given.ndim):
        raise LabelError.of("several_numbers_without_labels", where, shown=reprlib.repr(given))
    return finite_number(given, where, form=getattr(given, "_as_value", 'write "147 W"')), unit
