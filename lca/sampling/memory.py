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
    """Rows of a step: those of parameters first, and the first row of each value that a step makes."""

    places: Mapping[int, int]
    parameters: int
    rows: int

    def spaces(self, draws: int) -> tuple[Array, dict[int, Array]]:
        """Memory for so many draws: the rows of the parameters, and for each value a space that begins at its place.

        One allocation: the system backs a large one with large pages, and touching small ones costs more than
        computing in them.
        """
        _keep_what_is_freed()
        whole = np.empty((self.rows, draws))
        flat = whole.reshape(-1)
        return whole[: self.parameters], {position: flat[place * draws :] for position, place in self.places.items()}


@cache
def _keep_what_is_freed() -> None:
    """Free 8 MiB once: from then on glibc keeps as much for the next run, up to twice that.

    Else it may give the memory of every short run back to the system and ask for it again, page by page, which takes
    half as long as the run.
    """
    np.empty(1 << 20)


def memory_of(program: Program, steps: Sequence[int], drawn: Mapping[int, slice]) -> Memory:
    """The places of the values of some steps; `drawn` are the rows of parameters, which come first.

    A value takes the rows of values, and of parameters, that no later step reads. An input is never its own output.
    """
    last = {i: position for position in steps for i in program.instructions[position].inputs}
    kept = {output.value for output in program.outputs.values()} | {check.value for check in program.checks}
    held = {position: (rows.start, rows.stop - rows.start) for position, rows in drawn.items()}
    parameters = sum(size for _, size in held.values())
    memory = _Rows(parameters)
    places: dict[int, int] = {}
    for position in steps:
        one = program.instructions[position]
        size = math.prod(one.shape)
        places[position] = memory.take(size)
        held[position] = (places[position], size)
        for i in set(one.inputs):
            if last[i] == position and i in held and i not in kept:
                memory.give_back(*held[i])
    return Memory(places, parameters, memory.count)


class _Rows:
    """Rows of memory that are taken and given back, always the first that fit."""

    def __init__(self, taken: int) -> None:
        self.count = taken
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
