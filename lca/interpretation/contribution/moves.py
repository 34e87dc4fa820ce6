"""The moves of some changes, draw by draw: all sets of them in one program, block by block."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ...checks import Array
from ...graph.labels import Dim
from ...graph.program import Output, Program
from ...sampling.design import RandomDesign
from ...sampling.evaluate import evaluate
from ..draws import held_keys
from ..spread import laid
from .matching import SETS
from .orders import Orders

#: Bytes that the results of all sets may take in one block of draws, and that the moves of all draws may take.
_BLOCK, _KEPT = 32 << 20, 256 << 20


@dataclass(frozen=True)
class Draws:
    """The draws that old and new share: how many of which seed, and the choices that are mixed; nominal without any."""

    count: int | None
    seed: int = 0
    mix: tuple[str, ...] = ()

    def fitting(self, elements: int) -> Draws:
        """Fewer of them, where so many numbers of each would take too much memory."""
        most = max(1, _KEPT // (8 * max(1, elements)))
        return self if self.count is None else Draws(min(self.count, most), self.seed, self.mix)

    def of(self, program: Program, start: int = 0, draws: int | None = None) -> Array:
        """The values of the one output of a program (labels..., draws), in root units."""
        known = {leaf.key for leaf in program.used}
        held = held_keys(program, [key for key in self.mix if key in known])
        count = draws or self.count
        (found,) = evaluate(program, draws=count, start=start, design=RandomDesign(self.seed), freeze=held).values()
        return found

    def blocks(self, size: int) -> Iterator[tuple[int, int]]:
        """(the first draw, how many) of each block."""
        count = self.count or 1
        for start in range(0, count, size):
            yield start, min(size, count - start)


@dataclass(frozen=True, eq=False)
class Ends:
    """The value before and after all changes, over alternatives and, last, the draws that both share."""

    dims: tuple[Dim, ...]
    before: Array
    after: Array

    @property
    def count(self) -> int:
        """How many draws."""
        return int(self.before.shape[-1])

    def laid(self, values: Array, own: Sequence[str]) -> Array:
        """Values over some of the dims and, last, draws, as they are over all of them."""
        shape = (*map(len, self.dims), values.shape[-1])
        return np.broadcast_to(laid([*(dim.name for dim in self.dims), "draw"], [*own, "draw"], values), shape)

    def over(self, others: Sequence[Dim], draws: int) -> Ends:
        """The same over further dims, along which nothing varies, and of the first draws alone."""
        own = [dim.name for dim in self.dims]
        every = {dim.name: dim for dim in (*others, *self.dims)}
        made = replace(self, dims=tuple(every[name] for name in sorted(every)))
        before, after = (made.laid(one[..., :draws], own) for one in (self.before, self.after))
        return replace(made, before=before, after=after)


class Moves(NamedTuple):
    """What each change moves (changes, labels..., draws), with the error of the orders (changes, labels...)."""

    ends: Ends
    each: Array
    errors: Array


def moves_of(program: Program, orders: Orders, draws: Draws) -> Moves:
    """The moves of the changes of a program whose one output varies over the sets of some orders."""
    (output,) = program.outputs.values()
    kept = tuple(dim for dim in output.dims if dim.name != SETS)
    shape = tuple(len(dim) for dim in kept)
    drawn = draws.fitting(math.prod(shape) * (len(orders.weights) + 2))
    size = max(64, _BLOCK // (8 * len(orders.sets) * math.prod(shape)))
    before, after, each, sums = [], [], [], np.zeros((len(orders.sets), *shape))
    for start, count in drawn.blocks(size):
        values = _sets_first(drawn.of(program, start, count if drawn.count else None), output, len(orders.sets))
        before.append(values[0])
        after.append(values[-1])
        each.append(np.tensordot(orders.weights, values, 1))
        sums += values.sum(axis=-1)
    joined = [np.concatenate(parts, axis=-1) for parts in (before, after, each)]
    return Moves(Ends(kept, joined[0], joined[1]), joined[2], orders.errors(sums / (drawn.count or 1)))


def _sets_first(values: Array, output: Output, sets: int) -> Array:
    """Values with the sets as their first axis, in the unit of the output; of what no change moves, each the same."""
    names = [dim.name for dim in output.dims]
    if SETS in names:
        return np.moveaxis(values, names.index(SETS), 0) / output.factor
    return np.broadcast_to(values / output.factor, (sets, *values.shape))
