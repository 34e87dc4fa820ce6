"""Element operations as code: in an order that needs few rows, with the row of each.

The order is that of the outputs, each after what it stands on. A row is used again when nothing reads it any more.
An operation never writes into a row that it reads, so that its loop can be turned into vector instructions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..checks import Array
from .elements import ARITY, Op, operands
from .lowering import Lowered, Places, lower
from .plan import Plan

#: Rows of outputs count from here until it is known how many others there are.
_OUTPUTS = 1 << 28


@dataclass(frozen=True)
class ElementCode:
    """A plan as lines of code, and the numbers that they look up. It holds plain data and arrays."""

    lines: npt.NDArray[np.int32]  # operation, the row that it writes, operands a, b and c, its table
    constants: Array
    rows: int  # rows of values that live at one time; those of outputs stand after them
    outputs: Mapping[str, tuple[int, ...]]  # shapes, in the order of their rows
    lists: Array  # numbers that operations look up, one list after the other
    spans: npt.NDArray[np.int64]  # of each list: where it begins, how long it is
    given: tuple[tuple[str, int], ...]  # rows of overrides: key, row

    @property
    def operations(self) -> int:
        """How many operations make the values of a draw."""
        return int(np.count_nonzero(self.lines[:, 0] != Op.LIMIT))


def element_code(plan: Plan, few: Mapping[str, tuple[slice, ...]]) -> ElementCode:
    """The code of a plan, each of whose functions has an element form, with some labels alone of few outputs."""
    lowered = lower(plan, few)
    made = min((_Scheduling(lowered, order) for order in (1, -1)), key=lambda one: one.rows)
    lists = lowered.elements.lists
    lengths = [numbers.size for numbers in lists]
    return ElementCode(
        made.lines,
        np.array(lowered.elements.constants),
        made.rows,
        {name: places.shape for name, places in lowered.outputs.items()},
        np.concatenate([np.empty(0), *(numbers.ravel() for numbers in lists)]),
        np.array([np.cumsum([0, *lengths])[:-1], lengths], np.int64).T.copy(),
        tuple(lowered.given),
    )


def _listed(places: Places, order: int) -> list[int]:
    return (places if order > 0 else places.T).ravel().tolist()


class _Scheduling:
    """The code in one of two orders: the labels of the last dim change first (1), or those of the first dim (-1)."""

    def __init__(self, lowered: Lowered, order: int) -> None:
        self.nodes, self.constant = lowered.elements.nodes, lowered.elements.constant
        self.targets = [place for places in lowered.outputs.values() for place in places.ravel().tolist()]
        self.limits: dict[int, list[tuple[float, float]]] = {}
        for place, low, high in dict.fromkeys(lowered.limits):
            self.limits.setdefault(place, []).append((low, high))
        self.row_of = {place: _OUTPUTS + row for row, place in reversed(list(enumerate(self.targets))) if place >= 0}
        self.rows = 0
        self._code, self._free, self._uses = list[list[int]](), list[int](), dict[int, int]()
        roots = [place for places in lowered.outputs.values() for place in _listed(places, order)]
        self.lines = self._made([*roots, *self.limits])

    def _made(self, roots: Sequence[int]) -> npt.NDArray[np.int32]:
        """The code: every element, then outputs that are constants or stand twice."""
        for place in self._ordered(roots):
            self._emit(place)
        for place in self.limits:
            if place < 0:
                self._limit(place)
        for target, place in enumerate(self.targets):
            if self.row_of.get(place) != _OUTPUTS + target:
                self._line(Op.COPY, _OUTPUTS + target, (place, -1, -1), 0)
        code = np.array(self._code, np.int32).reshape(-1, 6)
        code[:, 1:5] -= np.where(code[:, 1:5] >= _OUTPUTS, _OUTPUTS - self.rows, 0).astype(np.int32)
        return code

    def _ordered(self, roots: Iterable[int]) -> list[int]:
        """Every element that is needed, after what it stands on; counts how often each is read."""
        made, heights = dict[int, None](), self._heights()
        waiting = [root for root in reversed(list(roots)) if root >= 0]
        while waiting:
            place = waiting[-1]
            below = operands(self.nodes[place])
            lacking = sorted((one for one in below if one not in made), key=heights.__getitem__)
            if place in made or not lacking:
                waiting.pop()
                for one in () if place in made else below:
                    self._uses[one] = self._uses.get(one, 0) + 1
                made[place] = None
            else:
                waiting.extend(lacking)
        return list(made)

    def _heights(self) -> list[int]:
        """How many rows each element needs; the one with more is made first (Sethi and Ullman 1970)."""
        heights: list[int] = []
        for made in self.nodes:
            below = sorted((heights[one] for one in operands(made)), reverse=True)
            heights.append(max((height + more for more, height in enumerate(below)), default=1))
        return heights

    def _emit(self, place: int) -> None:
        """The line of an element and those of its limits; rows that nothing reads any more are free then."""
        made = self.nodes[place]
        if place not in self.row_of:
            self.rows += not self._free
            self.row_of[place] = self._free.pop() if self._free else self.rows - 1
        self._line(made.op, self.row_of[place], made[1:4], made.extra)
        self._limit(place)
        below = operands(made)
        for one in below:
            self._uses[one] -= 1
        dead = {one for one in (*below, place) if not self._uses.get(one)}
        self._free += [self.row_of[one] for one in sorted(dead) if self.row_of[one] < _OUTPUTS]

    def _limit(self, place: int) -> None:
        """The lines of the limits of an element."""
        for low, high in self.limits.get(place, ()):
            self._line(Op.LIMIT, 0, (place, self.constant(low), self.constant(high)), 0)

    def _line(self, op: Op, row: int, of: tuple[int, int, int], extra: int) -> None:
        """One line of code, with rows in place of elements."""
        rows = [self.row_of[one] if i < ARITY[op] and one >= 0 else one for i, one in enumerate(of)]
        self._code.append([op, row, *rows, extra])
