"""What meters showed, put together: differences, multiples, and sums over devices (U10; GUM 5.2.2)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..checks import finite_number, short
from ..errors import UnitError
from ..graph import functions
from ..graph.node import Node
from ..units.registry import DIMENSIONLESS, Unit


class Observed(ABC):
    """A reading, or readings put together: a value that a field takes and gives a key (U1)."""

    @property
    def terms(self) -> Mapping[Observed, float]:
        """The readings in it, each with its factor."""
        return {self: 1.0}

    @abstractmethod
    def node(self, key: str, attach: Unit = DIMENSIONLESS) -> Node:
        """Its value under a key, with what a field attaches to its unit."""

    @abstractmethod
    def over(self, seconds: float | Sequence[float]) -> Observed:
        """The energy of a mean power over a time in seconds, or over one for each label."""

    def __sub__(self, other: Observed) -> Observed:
        """The difference of two readings: each errs by its own display, and one meter errs once for both."""
        return self._with(other, -1.0)

    def __add__(self, other: Observed) -> Observed:
        """The sum of two readings, as of two windows: each errs by its own display, one meter errs once for both."""
        return self._with(other, 1.0)

    def __radd__(self, other: object) -> Observed:
        """The sum of a list of readings begins with 0."""
        return self if other == 0 and isinstance(other, int) else self._with(other, 1.0)

    def _with(self, other: object, sign: float) -> Observed:
        if not isinstance(other, Observed):
            raise UnitError.of("combined_with_a_reading", repr(self), [short(other)])
        added = {one: self.terms.get(one, 0.0) + sign * factor for one, factor in other.terms.items()}
        return Combined({**self.terms, **added})

    def __mul__(self, number: float) -> Observed:
        """So many times the reading, with all its errors."""
        form = "write a plain number above 0: reading * 8. Anything else takes a parameter: lca.parameter(key, reading)"
        factor = finite_number(number, f"a factor of {self!r}", low=0, above=True, form=form)
        return Combined({one: size * factor for one, size in self.terms.items()})

    __rmul__ = __mul__


@dataclass(frozen=True, eq=False, repr=False)
class Combined(Observed):
    """A sum of readings, each with a factor. The error of a meter has one key, so it is one for all of them.

    y = f sum(c_i x_i) for readings of one meter with a factor f, and sum(c_i (x_i + e)) with an offset e, which
    cancels in a difference; each x_i errs by its own display. Raises at once where units or labels do not fit.
    """

    parts: Mapping[Observed, float]

    def __post_init__(self) -> None:
        self.node("reading")  # which is the check (Q1, D1)

    @property
    def terms(self) -> Mapping[Observed, float]:
        """The readings in it, each with its factor."""
        return self.parts

    def node(self, key: str, attach: Unit = DIMENSIONLESS) -> Node:
        """The sum under a key; of several readings each has its own: "run.power.reading-1"."""
        keys = [f"{key}.reading-{n + 1}" for n in range(len(self.parts))] if len(self.parts) > 1 else [key]
        total: Node | None = None
        for own, (one, factor) in zip(keys, self.parts.items(), strict=True):
            node = one.node(own, attach)
            node = node if abs(factor) == 1 else node * abs(factor)
            signed = -node if factor < 0 else node
            total = signed if total is None else total - node if factor < 0 else total + node
        assert total is not None
        return total

    def over(self, seconds: float | Sequence[float]) -> Combined:
        """The energy of a mean power over a time: that of each reading."""
        return Combined({one.over(seconds): factor for one, factor in self.parts.items()})

    def __repr__(self) -> str:
        said = [
            f"{'-' if c < 0 else '+'} {'' if abs(c) == 1 else f'{abs(c):g} x '}{one!r}" for one, c in self.parts.items()
        ]
        return " ".join(said).removeprefix("+ ")


class Labels(Observed):
    """Readings by label, of which there is a sum."""

    @abstractmethod
    def over(self, seconds: float | Sequence[float]) -> Labels:
        """The energy of each label."""

    @abstractmethod
    def total(self) -> Total:
        """The sum over the labels."""


@dataclass(frozen=True, eq=False, repr=False)
class Total(Observed):
    """The sum of the readings of a meter over their labels, such as devices: one error of the meter for all."""

    reading: Labels
    dim: str
    text: str  # the sum, for people

    def node(self, key: str, attach: Unit = DIMENSIONLESS) -> Node:
        """The sum under a key: a labelled parameter, summed over its dim."""
        return functions.total(self.reading.node(key, attach), over=self.dim)

    def over(self, seconds: float | Sequence[float]) -> Total:
        """The energy of a mean power over a time, or over one for each label."""
        return self.reading.over(seconds).total()

    def __repr__(self) -> str:
        return self.text
