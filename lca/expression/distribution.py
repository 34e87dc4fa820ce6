"""Distributions as values: a family, its arguments in one unit, a nominal value (U1, U4, U5).

Each distribution is `location + scale x shape`, where a *shape* is a frozen record with an exact
inverse CDF. Sampling needs nothing else, and labels of one family share one shape.
"""

from __future__ import annotations

import math
import reprlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arguments import entry
from ..checks import finite_number
from ..errors import DomainError, LabelError, NotEvaluatedError, ParseError, UnitError
from ..tokenizer import parse_quantity
from ..units import from_pint, parse_unit, unit_text
from .shape import Shape

#: The probability on each side beyond which a tail without end is left out of what a distribution reaches.
RARE = 1e-9


@dataclass(frozen=True, repr=False)
class Distribution(ABC):
    """A distribution in the unit it was written in. Not a parameter: the field that takes it gives the key."""

    arguments: tuple[float, ...]
    unit: str

    def __init_subclass__(cls) -> None:
        """Each family checks its arguments by name."""
        if "__init__" in vars(cls):
            cls.__init__ = entry(cls.__init__)  # type: ignore[method-assign]

    @property
    @abstractmethod
    def nominal(self) -> float:
        """The value that stands for it in a nominal result (U5)."""

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

    def ppf(self, u: Any) -> Any:
        """The inverse CDF at probabilities `u` in (0, 1), in `unit`."""
        location, scale, shape = self.standard
        return location + scale * shape.ppf(np.asarray(u, dtype=np.float64))

    def in_unit(self, unit: str) -> Distribution:
        """The same numbers in another unit text: how a field attaches a boundary or a count (Q4)."""
        made = object.__new__(type(self))
        object.__setattr__(made, "arguments", self.arguments)
        object.__setattr__(made, "unit", unit)
        object.__setattr__(made, "_original", self.original)
        return made

    @property
    def original(self) -> Distribution:
        """The object that the user wrote: one object in two fields is worth a warning (U1)."""
        return getattr(self, "_original", self)

    def __repr__(self) -> str:
        texts = [f'"{value:g} {self.unit}"' if self.unit else f"{value:g}" for value in self.arguments]
        return f"{type(self).__name__}({', '.join(texts)})"

    def _no_arithmetic(self, *_: object) -> Any:
        raise NotEvaluatedError(
            "a distribution is a value without a key, so a formula cannot tell one use from another",
            where=repr(self),
            fix='name it first: lca.parameter("my.key", ...), or give it to the field of a component',
        )

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _no_arithmetic
    __truediv__ = __rtruediv__ = __pow__ = __neg__ = __float__ = _no_arithmetic

    def _take(self, **arguments: Any) -> None:
        """Read the arguments into floats of one unit and store them."""
        values: list[float] = []
        unit = ""
        for number, (name, given) in enumerate(arguments.items()):
            where = f"{type(self).__name__}({name}=)"
            value, its_unit = read_scalar(given, where)
            unit = its_unit if number == 0 else unit
            (factor, root), (first_factor, first_root) = parse_unit(its_unit), parse_unit(unit)
            if root != first_root:
                raise UnitError(
                    f"the arguments of {type(self).__name__} have different units",
                    where=where,
                    sides=[unit_text(first_root), unit_text(root)],
                    fix="write every argument with the same kind of unit",
                )
            values.append(value if its_unit == unit else value * factor / first_factor)
        object.__setattr__(self, "arguments", tuple(values))
        object.__setattr__(self, "unit", unit)

    def _require(self, holds: bool, law: str) -> None:
        if not holds:
            raise DomainError(
                f"{type(self).__name__} needs {law}", where=repr(self), fix="correct the arguments, or their order"
            )


def read_scalar(given: Any, where: str) -> tuple[float, str]:
    """(number, unit text) of a text, a number or a scalar pint quantity."""
    if isinstance(given, str):
        parsed = parse_quantity(given, where)
        if parsed.half_width is not None:
            raise ParseError("an argument of a distribution cannot carry a ±", where=where)
        return parsed.value, parsed.unit
    unit = ""
    if hasattr(given, "magnitude") and hasattr(given, "units"):
        given, unit = from_pint(given, where)
    if isinstance(given, (list, tuple, set, frozenset, range)) or (isinstance(given, np.ndarray) and given.ndim):
        raise LabelError(
            f"{reprlib.repr(given)} are several numbers, and have no labels",
            where=where,
            fix='say which is which: lca.labelled({2024: 1, 2025: 2}, unit, dim="year")',
        )
    return finite_number(given, where, form='write "147 W"'), unit
