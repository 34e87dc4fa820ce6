"""Guards: what an expression must keep, at nominal values and in every draw (Q4).

The domain of a field holds for whatever it is given. A leaf is checked where it enters; of an expression the
range is known only when all that it stands on is: what its bounds do not prove is checked when it is evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import DomainError, LcaError
from ..units.number_text import in_full
from .bounds import bounds
from .leaf import Parameter
from .node import Node

#: What rounding may add to a value that lies on the edge of its domain.
SLACK = 1e-12


@dataclass(frozen=True)
class Shown:
    """A side of an error: some words, and a parameter in words as it is when the error is raised."""

    words: str
    parameter: Parameter

    def __str__(self) -> str:
        return f"{self.words} {self.parameter.describe()}"


def side(words: str, node: Node, otherwise: str) -> str | Shown:
    """Words with the value of a parameter, or with a text of an expression or of labelled values."""
    return f"{words} {otherwise}" if node.parameter is None or node.dims else Shown(words, node.parameter)


@dataclass(frozen=True, eq=False)
class Guard:
    """A value that stays between `low` and `high` (above `low`, with `above`), and the message where it does not."""

    node: Node
    where: str
    message: str
    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    sides: Sequence[str | Shown] = ()
    kind: type[LcaError] = DomainError
    values: Mapping[str, object] = field(default_factory=dict)  # that fill the message
    at_nominal: bool = False  # whether it is looked at nominal values alone
    called: str = ""  # what the value is, where its place does not say it
    over: str = ""  # of a ratio: what it is over, in words; the one side shows it

    def holds(self, low: float, high: float) -> bool:
        """Whether values from `low` to `high` are inside; NaN is reported elsewhere (Q6)."""
        slack = SLACK * max(1.0, abs(low) if math.isfinite(low) else 0.0, abs(high) if math.isfinite(high) else 0.0)
        outside = low < self.low - slack or high > self.high + slack or (self.above and low <= self.low)
        return not outside

    @property
    def edges(self) -> tuple[float, float]:
        """Values between these hold, whatever the others are: a first look that each value takes alone."""
        low, high = (SLACK / 2 * max(1.0, abs(edge)) if math.isfinite(edge) else 0.0 for edge in (self.low, self.high))
        return (math.nextafter(self.low, math.inf) if self.above else self.low - low), self.high + high

    @property
    def deciding(self) -> tuple[Node, ...]:
        """What decides whether it holds: of a value that must be above zero, the factors that no bound proves to be."""
        of_sign = self.above and self.low == 0 and self.high == math.inf
        return tuple(_factors_in_doubt(self.node)) if of_sign else (self.node,)

    def in_words(self, value: float, unit: str) -> str:
        """A value that was found; of a ratio, what it is over, and the figure itself where the side has one number."""
        size = f"{in_full(value)} {unit}".strip()
        if not self.over:
            return size
        first = self.sides[0].parameter if len(self.sides) == 1 and isinstance(self.sides[0], Shown) else None
        whole = f" ({in_full(value * first.plain[0])} {first.unit})" if first is not None else ""
        return f"{size} times {self.over}{whole}"

    def error(self, found: str) -> LcaError:
        """The error for a value that was found outside."""
        found = f"{self.called}: {found}" if self.called else found
        return self.kind.of(self.message, self.where, (*map(str, self.sides), found), **self.values)


def _factors_in_doubt(node: Node) -> Iterator[Node]:
    """The factors of a value on which it depends whether it is above zero: those that no bound proves to be.

    A sum of values from zero up is above zero where one of them is, whatever factors above zero they have.
    """
    low, high = bounds(node)
    if low > 0 and high < math.inf:
        return
    name = node.function.name if node.function is not None else ""
    factors = node.inputs if name in ("multiply", "sum") else ()
    found = [one for factor in factors for one in _factors_in_doubt(factor)]
    if name == "multiply" or (name == "sum" and all(bounds(one)[0] >= 0 for one in found)):
        yield from found
    else:
        yield node


def open_guards(guards: Iterable[Guard]) -> list[Guard]:
    """The guards that have to be looked at when values are drawn: those that no bound proves."""
    return [guard for guard in guards if not guard.holds(*bounds(guard.node))]
