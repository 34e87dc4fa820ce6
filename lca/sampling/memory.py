"""Where the values of a step live: rows of one memory, which are used again when no step reads them any more."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from ..checks import Array
from ..graph.program import Program


@dataclass(frozen=True)
class Memory:
    """Rows of a step: the first row of each value that it makes and of each group of parameters, and what is done when.

    A stretch has the steps that follow the drawing of one group; without groups there is one stretch.
    """

    places: Mapping[int, int]
    groups: tuple[tuple[int, int], ...]  # first row, and how many
    stretches: tuple[tuple[int, ...], ...]
    rows: int

    def spaces(self, draws: int) -> tuple[list[Array], dict[int, Array]]:
        """Memory for so many draws: the rows of each group, and for each value a space that begins at its place.

        One allocation: the system backs a large one with large pages, and touching small ones costs more than
        computing in them.
        """
        _keep_what_is_freed()
        whole = np.empty((self.rows, draws))
        flat = whole.reshape(-1)
        groups = [whole[first : first + count] for first, count in self.groups]
        return groups, {position: flat[place * draws :] for position, place in self.places.items()}


@cache
def _keep_what_is_freed() -> None:
    """Free 8 MiB once: from then on glibc keeps as much for the next run, up to twice that.

    Else it may give the memory of every short run back to the system and ask for it again, page by page, which takes
    half as long as the run.
    """
    np.empty(1 << 20)


def memory_of(program: Program, steps: Sequence[int], drawn: Sequence[Mapping[int, int]]) -> Memory:
    """The places of the values of some steps; `drawn` are the groups of parameters: how many rows each of them has.

    A value takes the rows of values, and of parameters, that no later step reads. An input is never its own output. A
    group is drawn before the first step that reads any of it; `drawn` is in this order.
    """
    last = {i: position for position in steps for i in program.instructions[position].inputs}
    kept = {output.value for output in program.outputs.values()} | {check.value for check in program.checks}
    waiting = {position: number for number, group in enumerate(drawn) for position in group}
    memory = _Rows()
    held: dict[int, tuple[int, int]] = {}
    groups: list[tuple[int, int]] = []
    stretches: list[list[int]] = [[]]

    def draw(number: int) -> None:
        for group in drawn[len(groups) : number + 1]:
            first = memory.take(sum(group.values()))
            stretches.extend([[]] if groups else [])
            groups.append((first, sum(group.values())))
            for position, size in group.items():
                held[position] = (first, size)
                first += size

    draw(0)
    for position in steps:
        one = program.instructions[position]
        draw(max((waiting.get(i, 0) for i in one.inputs), default=0))
        stretches[-1].append(position)
        size = math.prod(one.shape)
        held[position] = (memory.take(size), size)
        for i in set(one.inputs):
            if last[i] == position and i in held and i not in kept:
                memory.give_back(*held[i])
    draw(len(drawn))
    places = {position: held[position][0] for position in steps}
    return Memory(places, tuple(groups), tuple(map(tuple, stretches)), memory.count)


class _Rows:
    """Rows of memory that are taken and given back, always the first that fit."""

    def __init__(self) -> None:
        self.count = 0
        self._free: list[tuple[int, int]] = []  # (first row, how many), in order, none beside another

    def take(self, size: int) -> int:
        """The first of so many rows."""
        for at, (first, free) in enumerate(self._free):
            if free >= size:
                self._free[at : at + 1] = [(first + size, free - size)] if free > size else []
                return first
        first = self.count
        if self._free and sum(self._free[-1]) == first:  # the last rows are free: more of them
            first = self._free.pop()[0]
        self.count = first + size
        return first

    def give_back(self, first: int, size: int) -> None:
        """Take these rows as free, together with those beside them."""
        at = bisect(self._free, (first, size))
        if at < len(self._free) and self._free[at][0] == first + size:
            size += self._free.pop(at)[1]
        if at and sum(self._free[at - 1]) == first:
            at -= 1
            before = self._free.pop(at)
            first, size = before[0], before[1] + size
        self._free.insert(at, (first, size))
