"""A run in summary mode, in blocks of scenarios: memory grows neither with the draws nor with the scenarios.

A block has some labels of one dim, which is neither compared nor summed. All its draws are made and counted, what is
said of its rows is kept, and its counts are dropped. Draws have the same numbers in every block (U2), and a row is
counted by itself. So a result does not depend on the blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..checks import Array
from ..graph.divided import Divided
from ..graph.program import Program
from ..sampling.plan import STEP_BYTES, UNIT
from ..sampling.question import Question
from ..sampling.statistics.histogram import enough_cells
from ..sampling.statistics.moments import LANES
from .statistic_rows import Layout

#: Bytes that a block of scenarios may take while it is counted.
BLOCK_BYTES = 20 * 2**20
#: Parts of a run of many units that are there at one time: the same on every machine, so that blocks are.
_PARTS = 4


@dataclass(frozen=True)
class Blocks:
    """The labels of each block along a dim; without a dim one block of everything."""

    question: Question
    dim: str
    labels: tuple[slice, ...]

    def __iter__(self) -> Iterator[Block]:
        divided = Divided(self.question.program, self.dim) if self.dim else None
        for labels in self.labels:
            yield Block(labels, self.question if divided is None else self._at(divided, labels))

    def _at(self, divided: Divided, labels: slice) -> Question:
        """The question of some labels, whose draws are correlated as those of all labels are."""
        whole = self.question
        return replace(whole, program=divided.at(labels), design=whole.points, evaluator=whole.evaluated_by)


@dataclass(frozen=True, eq=False)
class Block:
    """Some labels along the dim of the blocks, and the question of them alone."""

    labels: slice
    question: Question

    @property
    def begins(self) -> bool:
        """Whether it is the first, which counts what does not vary over the dim."""
        return self.labels.start == 0


def blocks_of(layout: Layout, question: Question, looked: int, over: Sequence[str]) -> Blocks:
    """As few blocks as fit; one where all fits, or where no dim can be divided."""
    every = {dim.name: len(dim) for output in question.program.outputs.values() for dim in output.dims}
    sizes = {dim: size for dim, size in every.items() if dim not in over and dim not in layout.model.summed}
    parts = math.ceil(_bytes(layout, question, looked) / BLOCK_BYTES)
    for dim in sorted(sizes, key=sizes.__getitem__, reverse=True) if parts > 1 else ():
        if sizes[dim] > 1 and Divided(question.program, dim).possible:
            step = math.ceil(sizes[dim] / min(parts, sizes[dim]))
            return Blocks(question, dim, tuple(slice(at, at + step) for at in range(0, sizes[dim], step)))
    return Blocks(question, "", (slice(0, None),))


def _bytes(layout: Layout, question: Question, looked: int) -> int:
    """About how much is taken where all labels are counted at once."""
    parts = 1 if question.draws <= UNIT else _PARTS
    counts = enough_cells(question.draws) * (8 + 4 * parts) + 4 * 8 * LANES
    kept = 8 * looked * sum(math.prod(map(len, one.dims)) for one in question.program.outputs.values())
    steps = 8 * question.step_draws * question.plan.memory.rows
    return layout.counted * (counts + 2 * 8 * looked) + kept + max(0, steps - STEP_BYTES)


class First:
    """The first draws of every output, block by block."""

    def __init__(self, program: Program, dim: str, draws: int) -> None:
        self.values: dict[str, Array] = {}
        self._draws, self._outputs = draws, program.outputs
        self._axis = {
            name: [one.name for one in output.dims].index(dim)
            for name, output in program.outputs.items()
            if dim in {one.name for one in output.dims}
        }

    def take(self, labels: slice, values: Mapping[str, Array]) -> None:
        """Take the draws of a block."""
        if not self._axis and next(iter(values.values())).shape[-1] == self._draws:  # a block of everything
            self.values = dict(values)
            return
        for name, output in self._outputs.items():
            if name not in self.values:
                shape = tuple(map(len, output.dims))
                self.values[name] = np.empty((*shape, self._draws))
            at = (*[slice(None)] * self._axis.get(name, 0), labels if name in self._axis else slice(None))
            self.values[name][at] = values[name][..., : self._draws]
