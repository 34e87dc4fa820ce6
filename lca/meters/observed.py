"""What meters showed, put together: differences, multiples, and sums over devices (U10; GUM 5.2.2)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from ..checks import finite_number, short
from ..distributions.base import Distribution
from ..errors import UnitError
from ..graph import functions
from ..graph.inputs import Labelled
from ..graph.node import Node, constant
from ..units.parse import parse_unit, root
from ..units.registry import DIMENSIONLESS, Unit
from ..units.text import unit_text


class About(NamedTuple):
    """What a reading says of itself to people: of which meter, how much (None where labels differ), over which dims."""

    meter: str
    amount: float | None
    unit: str
    over: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.amount is None:
            return f"<readings of {', '.join((self.meter, *self.over))} [{unit_text(root(self.unit))}]>"
        return f"<reading of {self.meter}: {self.amount:g} {self.unit.replace('at_', 'at the ')}>"


class Observed(ABC):
    """A reading, or readings put together: a value that a field takes and gives a key (U1)."""

    _kind_words: ClassVar[str] = "a reading"
    _form: ClassVar[str] = 'lca.Meter("plug", at="wall").read("33 W")'

    @property
    @abstractmethod
    def about(self) -> About:
        """What it is, for people."""

    def __repr__(self) -> str:
        return str(self.about)

    @property
    def terms(self) -> Mapping[Observed, float]:
        """The readings in it, each with its factor."""
        return {self: 1.0}

    @abstractmethod
    def node(self, key: str, attach: Unit = DIMENSIONLESS) -> Node:
        """Its value under a key, with what a field attaches to its unit."""

    def over(self, seconds: float | Sequence[float]) -> Observed:
        """The energy of a mean power over a time in seconds, or over one for each label; an energy is refused."""
        raise _no_mean_power(self)

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

    def __truediv__(self, number: float) -> Observed:
        """A part of the reading, with all its errors: the energy of one of 1,000 inferences."""
        form = (
            "write a plain number above 0: reading / 1000. Anything else takes a parameter: lca.parameter(key, reading)"
        )
        return self * (1 / finite_number(number, f"what divides {self!r}", low=0, above=True, form=form))


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
        nodes = [one.node(own, attach) for own, one in zip(keys, self.parts, strict=True)]
        return weighted(dict(zip(nodes, self.parts.values(), strict=True)))

    def over(self, seconds: float | Sequence[float]) -> Combined:
        """The energy of a mean power over a time: that of each reading."""
        return Combined({one.over(seconds): factor for one, factor in self.parts.items()})

    @property
    def about(self) -> About:
        """The meters in it, and how much they showed together."""
        each = [one.about for one in self.parts]
        names = " and ".join(dict.fromkeys(one.meter for one in each))
        over, unit = tuple(dict.fromkeys(dim for one in each for dim in one.over)), each[0].unit
        if over:
            return About(names, None, unit, over)
        scaled = [(one.amount or 0.0) * parse_unit(one.unit)[0] for one in each]
        amount = sum(size * factor for size, factor in zip(scaled, self.parts.values(), strict=True))
        return About(names, amount / parse_unit(unit)[0], unit)


class Labels(Observed):
    """Readings by label, of which there is a sum; or one reading."""

    given: Labelled

    @property
    @abstractmethod
    def name(self) -> str:
        """The name of the meter."""

    @abstractmethod
    def over(self, seconds: float | Sequence[float]) -> Labels:
        """The energy of a mean power over a time in seconds, or over one for each label."""

    @property
    def about(self) -> About:
        """The meter, and what it showed."""
        over = tuple(f"{dim.name}: {len(dim)}" for dim in self.given.dims)
        return About(self.name, None if over else nominal_of(self.given.values[0]), self.given.unit, over)

    def total(self) -> Total:
        """The sum over the labels."""
        (dim,) = self.given.dims
        return Total(self, dim.name)


@dataclass(frozen=True, eq=False, repr=False)
class Lasting(Labels):
    """The energy of a mean power over a time, or over one for each label."""

    reading: Labels
    seconds: tuple[float, ...]
    given: Labelled  # the energies

    @property
    def name(self) -> str:
        """The name of the meter."""
        return self.reading.name

    def node(self, key: str, attach: Unit = DIMENSIONLESS) -> Node:
        """The power under a key, times the time."""
        dims = self.given.dims
        return self.reading.node(key, attach) * constant(
            self.seconds if dims else self.seconds[0], root("s"), dims=dims
        )

    def over(self, seconds: float | Sequence[float]) -> Labels:
        """No energy is a mean power."""
        raise _no_mean_power(self)


@dataclass(frozen=True, eq=False, repr=False)
class Total(Observed):
    """The sum of the readings of a meter over their labels, such as devices: one error of the meter for all."""

    reading: Labels
    dim: str

    @property
    def about(self) -> About:
        """The meter, and the sum of what it showed."""
        given = self.reading.given
        return About(self.reading.name, sum(map(nominal_of, given.values)), given.unit)

    def node(self, key: str, attach: Unit = DIMENSIONLESS) -> Node:
        """The sum under a key: a labelled parameter, summed over its dim."""
        return functions.total(self.reading.node(key, attach), over=self.dim)

    def over(self, seconds: float | Sequence[float]) -> Total:
        """The energy of a mean power over a time, or over one for each label."""
        return self.reading.over(seconds).total()


def _no_mean_power(energy: Observed) -> UnitError:
    sides = [f"the reading: {unit_text(root(energy.about.unit))}"]
    return UnitError.of("over_a_time_another_unit", repr(energy), sides)


def nodes_by_name(readings: Mapping[str, Observed]) -> dict[str, Node]:
    """Readings as nodes, each with its name as key. What stands in two of them is drawn once, so they fit together.

    >>> from .meter import Meter
    >>> one = Meter("clamp", at="wall")
    >>> gross, idle = one.read(147, "W"), one.read(98, "W")
    >>> {name: str(node.short) for name, node in nodes_by_name({"gross": gross, "above": gross - idle}).items()}
    {'gross': 'gross', 'above': 'gross - above.reading-2'}
    """
    alone = {next(iter(one.terms)): name for name, one in readings.items() if len(one.terms) == 1}
    known: dict[Observed, Node] = {}
    for name, one in readings.items():
        for n, term in enumerate(one.terms):
            known.setdefault(term, term.node(alone.get(term, f"{name}.reading-{n + 1}")))
    return {
        name: weighted({known[term]: factor for term, factor in one.terms.items()}) for name, one in readings.items()
    }


def weighted(terms: Mapping[Node, float]) -> Node:
    """The sum of nodes, each with a factor."""
    signed = [(node if abs(factor) == 1 else node * abs(factor), factor < 0) for node, factor in terms.items()]
    total = -signed[0][0] if signed[0][1] else signed[0][0]
    for node, taken in signed[1:]:
        total = total - node if taken else total + node
    return total


def nominal_of(value: Distribution | float) -> float:
    """The number of a value, or the nominal value of a distribution."""
    return value.nominal if isinstance(value, Distribution) else value
