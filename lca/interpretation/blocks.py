"""A run in summary mode, in blocks of scenarios: memory grows neither with the draws nor with the scenarios.

A block has some labels of one dim, which is neither compared nor summed. All its draws are made and counted, what is
said of its rows is kept, and its counts are dropped. Draws have the same numbers in every block (U2), and a row is
counted by itself. So a result does not depend on the blocks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from ..checks import Array
from ..graph.divided import Divided
from ..graph.program import Program
from ..sampling.plan import STEP_BYTES
from ..sampling.question import Question
from ..sampling.statistics.derived import first_labels, outputs_read
from ..sampling.statistics.histogram import Ints, enough_cells
from ..sampling.statistics.moments import LANES
from ..sampling.statistics.ranks import Ranking
from ..sampling.statistics.streamed import Asked, KeptStatistics
from ..sampling.statistics.sums import Rows
from .row_statistics import RowStatistics
from .spread import SHARES, StreamedSpread
from .statistic_rows import Key, Layout, Pair
from .streaming import Paired, Streamed

#: Evaluates a question into statistics; how many draws were done.
Run: TypeAlias = Callable[[Question, KeptStatistics], int]

#: Bytes that a block of scenarios may take while it is counted.
BLOCK_BYTES = 96 * 2**20


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
    counts = enough_cells(question.draws) * (8 + 4) + 4 * 8 * LANES
    kept = 8 * looked * sum(math.prod(map(len, one.dims)) for one in question.program.outputs.values())
    steps = 8 * question.step_draws * question.plan.memory.rows
    return layout.counted * (counts + 2 * 8 * looked) + kept + max(0, steps - STEP_BYTES)


class Counting:
    """The statistics of one block, while they are counted. A run that `grows` may go on with more draws."""

    def __init__(self, layout: Layout, block: Block, dim: str, first: Mapping[str, Array], *, grows: bool) -> None:
        self._question, self._first, self._begins = block.question, first, block.begins
        every = layout.at(block.question.program) if layout.rows else {}
        rows = {name: row for name, row in every.items() if block.begins or layout.splits(name, dim) is not None}
        self._pairs = {key: Pair.of(rows[name], key[0], first) for key, name in layout.pairs.items() if name in rows}
        self._of = {name: layout.counted_of(name, row) for name, row in rows.items()}
        self._shapes = {name: layout.counted_shape(name, row.shape) for name, row in rows.items()}
        for key, pair in self._pairs.items():
            self._of |= {joined(key, word): row.of for word, row in pair.apart.items()}
            self._shapes |= {joined(key, word): pair.row.shape for word in pair.apart}
        self._rankings = {joined(key, ""): Ranking(pair.row.of, pair.axis) for key, pair in self._pairs.items()}
        looked = {name: Rows.looked_at(of, first, self._question.draws, grows=grows) for name, of in self._of.items()}
        known, by_numba = self._question.plan.known, self._question.evaluated_by == "numba"
        self._sink = KeptStatistics(Asked(looked, self._rankings, known, by_numba))

    def run(self, run: Run) -> int:
        """Count all draws; how many were done."""
        question = self._question
        if not question.plan.leaves:  # no draw changes anything at these labels: the first ones stand for all
            part = self._sink.part()
            if self._of:
                part.add(self._first, 0)
            self._sink.take(0, part)
            return question.draws
        if not self._of:
            return question.draws
        every = [*self._of.values(), *(one.of for one in self._rankings.values())]
        if not self._begins:  # what does not vary over the dim is known from the first block
            read, outputs = outputs_read(every), question.program.outputs
            fewer = {name: output for name, output in outputs.items() if name in read}
            question = replace(question, program=replace(question.program, outputs=fewer))
        return run(question.of_few(first_labels(every)), self._sink)

    def counted(self, done: int) -> Iterator[tuple[str, tuple[RowStatistics, tuple[int, ...]]]]:
        """What is said of the rows that were counted, by name, with their shapes."""
        for name, found in self._sink.statistics().items() if self._of else ():
            yield name, (RowStatistics.of(found, done, SHARES), self._shapes[name])

    def ranked(self) -> Iterator[tuple[Key, Standings]]:
        """How the alternatives of each pair stand."""
        ranked = self._sink.ranked() if self._pairs else {}
        for key, pair in self._pairs.items():
            found, shape = ranked[joined(key, "")], np.moveaxis(np.empty(pair.row.shape), pair.axis, -1).shape
            best, losses = (np.moveaxis(one.reshape(shape), -1, pair.axis) for one in (found.best, found.losses))
            yield key, Standings(best, losses * pair.row.scale, pair.reference)


@dataclass(frozen=True, eq=False)
class Standings:
    """The shares of the best and the expected losses, and the places of the references, of length 1 along the pair."""

    best: Array
    losses: Array
    reference: Ints

    @classmethod
    def joined(cls, parts: Sequence[Standings], axis: int) -> Standings:
        """Those of several blocks, which follow each other along an axis."""
        return cls(*(np.concatenate([getattr(one, name) for one in parts], axis) for name in _OF_STANDINGS))


_OF_STANDINGS = ("best", "losses", "reference")


def joined(key: Key, word: str) -> str:
    """The name of a row of a pair."""
    return "\n".join((*key, word))  # no name of an output has a line break


class Told:
    """What is said of all rows, block by block."""

    def __init__(self, layout: Layout, dim: str) -> None:
        self._layout, self._dim = layout, dim
        self._counted: dict[str, list[tuple[RowStatistics, tuple[int, ...]]]] = {}
        self._ranked: dict[Key, list[Standings]] = {}

    def take(self, counting: Counting, done: int) -> None:
        """Take what one block came to."""
        for name, one in counting.counted(done):
            self._counted.setdefault(name, []).append(one)
        for key, standings in counting.ranked():
            self._ranked.setdefault(key, []).append(standings)

    def streamed(self) -> Streamed:
        """The statistics of the whole run."""
        layout = self._layout
        spreads = {name: self._spread(name, name, row.scale) for name, row in layout.rows.items()}
        paired = {key: self._paired(key, name) for key, name in layout.pairs.items()}
        return Streamed(layout.known, tuple(layout.per), spreads, paired)

    def _spread(self, name: str, of: str, size: float) -> StreamedSpread:
        """What is said of a row; of some of its labels where the others are their multiples."""
        layout, row = self._layout, self._layout.rows[of]
        made = RowStatistics.joined(self._counted.pop(name), layout.splits(of, self._dim) or 0)
        places, scale = np.arange(math.prod(row.shape)).reshape(row.shape), np.full(row.shape, size)
        if name in layout.few:
            known = layout.few[name][1]
            places, scale = np.empty_like(places), scale * known.factors
            places[...] = np.arange(places[known.first].size).reshape(places[known.first].shape)
        return StreamedSpread(row.dims, made, places, scale)

    def _paired(self, key: Key, name: str) -> Paired:
        row, over = self._layout.rows[name], key[0]
        standings = Standings.joined(self._ranked.pop(key), self._layout.splits(name, self._dim) or 0)
        excess = self._spread(joined(key, "excess"), name, row.scale)
        ratio = self._spread(joined(key, "ratio"), name, 1.0)
        first = standings.reference.squeeze(row.dims.index(over))
        return Paired(over, excess, ratio, standings.best, standings.losses, first)


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
