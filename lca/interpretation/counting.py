"""The statistics of one block of scenarios while they are counted, and what is said of all blocks together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeAlias

import numpy as np

from ..checks import Array
from ..sampling.question import Question
from ..sampling.statistics.derived import first_labels, outputs_read
from ..sampling.statistics.histogram import Ints
from ..sampling.statistics.ranks import Ranking
from ..sampling.statistics.streamed import Asked, KeptStatistics
from ..sampling.statistics.sums import Rows
from .blocks import Block
from .row_statistics import RowStatistics
from .spread import SHARES, StreamedSpread
from .statistic_rows import Key, Layout, Pair
from .streaming import Paired, Streamed

#: Evaluates a question into statistics; how many draws were done.
Run: TypeAlias = Callable[[Question, KeptStatistics], int]


@dataclass(frozen=True, eq=False)
class Standings:
    """The shares of the best and the expected losses, and the places of the references, of length 1 along the pair."""

    parts: ClassVar = ("best", "losses", "reference")

    best: Array
    losses: Array
    reference: Ints

    @classmethod
    def joined(cls, several: Sequence[Standings], axis: int) -> Standings:
        """Those of several blocks, which follow each other along an axis."""
        return cls(*(np.concatenate([getattr(one, name) for one in several], axis) for name in cls.parts))


@dataclass(frozen=True, eq=False)
class Said:
    """What one block came to: rows, and standings of pairs, by name."""

    rows: dict[str, RowStatistics]
    standings: dict[str, Standings]


def joined(key: Key, word: str) -> str:
    """The name of a row of a pair."""
    return "\n".join((*key, word))  # no name of an output has a line break


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

    def said(self, done: int) -> Said:
        """What the rows and the pairs came to, in so many draws."""
        found, ranked = (self._sink.statistics(), self._sink.ranked()) if self._of else ({}, {})
        rows = {name: RowStatistics.of(one, done, SHARES, self._shapes[name]) for name, one in found.items()}
        standings = {}
        for key, pair in self._pairs.items():
            one, shape = ranked[joined(key, "")], np.moveaxis(np.empty(pair.row.shape), pair.axis, -1).shape
            best, losses = (np.moveaxis(each.reshape(shape), -1, pair.axis) for each in (one.best, one.losses))
            standings[joined(key, "")] = Standings(best, losses * pair.row.scale, pair.reference)
        return Said(rows, standings)


class Told:
    """What is said of all rows, block by block: a sink of blocks for a checkpoint."""

    def __init__(self, layout: Layout, dim: str, draws: int) -> None:
        self._layout, self._dim, self._draws = layout, dim, draws
        self._blocks: list[Said] = []

    def take(self, said: Said) -> None:
        """Take what one block came to."""
        self._blocks.append(said)

    def saved(self, first: int, stop: int) -> tuple[int, dict[str, Array]]:
        """What is said of blocks `first` to `stop`, as arrays."""
        arrays: dict[str, Array] = {}
        for number in range(first, stop):
            every = self._blocks[number]
            named: dict[str, RowStatistics | Standings] = {**every.rows, **every.standings}
            for name, one in named.items():
                arrays |= {"\t".join((str(number), name, part)): getattr(one, part) for part in one.parts}
        return first, arrays

    def restore(self, first: int, stop: int, arrays: Mapping[str, Array]) -> None:
        """Take blocks `first` to `stop`, as they were saved."""
        found: dict[int, dict[str, dict[str, Any]]] = {number: {} for number in range(first, stop)}
        for key, array in arrays.items():
            number, name, part = key.split("\t")
            found[int(number)].setdefault(name, {})[part] = array
        for every in found.values():
            rows = {name: RowStatistics(self._draws, **one) for name, one in every.items() if "mean" in one}
            standings = {name: Standings(**one) for name, one in every.items() if "best" in one}
            self._blocks.append(Said(rows, standings))

    def streamed(self) -> Streamed:
        """The statistics of the whole run."""
        layout = self._layout
        spreads = {name: self._spread(name, name, row.scale) for name, row in layout.rows.items()}
        paired = {key: self._paired(key, name) for key, name in layout.pairs.items()}
        return Streamed(layout.known, tuple(layout.per), spreads, paired)

    def _spread(self, name: str, of: str, size: float) -> StreamedSpread:
        """What is said of a row; of some of its labels where the others are their multiples."""
        layout, row = self._layout, self._layout.rows[of]
        parts = [said.rows.pop(name) for said in self._blocks if name in said.rows]
        made = RowStatistics.joined(parts, layout.splits(of, self._dim) or 0)
        places, scale = np.arange(math.prod(row.shape)).reshape(row.shape), np.full(row.shape, size)
        if name in layout.few:
            known = layout.few[name][1]
            places, scale = np.empty_like(places), scale * known.factors
            places[...] = np.arange(places[known.first].size).reshape(places[known.first].shape)
        return StreamedSpread(row.dims, made.flat, places, scale)

    def _paired(self, key: Key, name: str) -> Paired:
        row, over = self._layout.rows[name], key[0]
        parts = [said.standings.pop(joined(key, "")) for said in self._blocks if joined(key, "") in said.standings]
        standings = Standings.joined(parts, self._layout.splits(name, self._dim) or 0)
        excess = self._spread(joined(key, "excess"), name, row.scale)
        ratio = self._spread(joined(key, "ratio"), name, 1.0)
        first = standings.reference.squeeze(row.dims.index(over))
        return Paired(over, excess, ratio, standings.best, standings.losses, first)
