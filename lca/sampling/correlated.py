"""Numbers that depend on each other: normal scores of independent numbers, mixed and turned back into numbers (U14).

A number r has the score z = Phi^-1((r + 1/2) / 2^32). The score of a correlated column is a weighted sum of independent
scores, of variance 1, and its number is the whole part of 2^32 Phi(z). So every design, table and evaluator stays what
it is (U3). A column that is not correlated keeps its bits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import TypeAlias

import numpy as np

from ..checks import Array
from ..distributions.shapes import NormalShape
from ..graph.correlated import Weights
from ..graph.program import Program, Stream
from .design import Column, Design, Reader, own_columns
from .quantile import Quantile, Tables
from .stream import Numbers

#: Numbers that are worked on at once: few enough that scratch space stays near the processor.
_CHUNK = 1 << 14
#: Where independent numbers come from: which design, and which column of it.
Source: TypeAlias = tuple[int, Column]
#: What the score of a column is a sum of, with the weight of each; one of weight 1 is taken as it is.
Terms: TypeAlias = Mapping[Source, float]


class Correlated(Design):
    """Numbers of one design or several, some of them weighted sums of others.

    Parameters
    ----------
    designs : sequence of Design
        Where independent numbers come from; what has no terms is that of the first.
    terms : mapping of column to terms
        What the scores of some columns are sums of.
    """

    def __init__(self, designs: Sequence[Design], terms: Mapping[Column, Terms]) -> None:
        self.name, self.first, self.terms = designs[0].name, designs[0], terms
        self._designs = tuple(designs)

    def fill(self, stream: Stream, start: int, stop: int, out: Numbers) -> None:
        """Fill `out` (own labels, stop - start) with draws start to stop of a stream."""
        out[...] = self.reader(own_columns(stream)).read(slice(None), start, stop)

    def reader(self, columns: Sequence[Column]) -> Reader:
        """Reads many columns at once, for one thread."""
        terms = {row: self.terms[column] for row, column in enumerate(columns) if column in self.terms}
        return _Reader(self._designs, columns, terms) if terms else self.first.reader(columns)


class _Reader:
    """Numbers of some columns, with scratch space of its own; scores that several rows need are kept for a step."""

    def __init__(self, designs: Sequence[Design], columns: Sequence[Column], terms: Mapping[int, Terms]) -> None:
        self._own, self._rows, self._terms = designs[0].reader(columns), range(len(columns)), terms
        counts = Counter(source for one in terms.values() for source in one)
        self._shared = {source for source, rows in counts.items() if rows > 1}
        of_design = [[column for i, column in counts if i == n] for n in range(len(designs))]
        self._readers = [design.reader(own) for design, own in zip(designs, of_design, strict=True)]
        self._place = {(n, column): place for n, own in enumerate(of_design) for place, column in enumerate(own)}
        self._quantile, self._space = Quantile(_CHUNK), np.empty((2, _CHUNK))
        self._step, self._kept = (0, 0), dict[tuple[Source, int], Array]()

    def read(self, rows: slice, start: int, stop: int) -> Numbers:
        """Draws start to stop of some columns, (rows, stop - start)."""
        asked, numbers = self._rows[rows], self._own.read(rows, start, stop)
        if self._terms.keys().isdisjoint(asked):
            return numbers
        if self._step != (start, stop):
            self._step, self._kept = (start, stop), {}
        made = numbers.copy()
        for place, row in enumerate(asked):
            if row in self._terms:
                for at in range(start, stop, _CHUNK):
                    last = min(at + _CHUNK, stop)
                    made[place, at - start : last - start] = self._sum(self._terms[row], at, last)
        return made

    def _sum(self, terms: Terms, start: int, stop: int) -> Numbers:
        """The numbers of one column. Terms are added one by one, so that the bits depend on no length of a step."""
        if list(terms.values()) == [1.0]:
            return self._numbers(next(iter(terms)), start, stop)
        score, term = self._space[:, : stop - start]
        score[:] = 0.0
        for source, weight in terms.items():
            np.multiply(self._scores(source, start, stop), weight, out=term)
            score += term
        return numbers_of_scores(score)

    def _scores(self, source: Source, start: int, stop: int) -> Array:
        """The normal scores of a column of independent numbers, valid until the next call where one row needs them."""
        if (source, start) in self._kept:
            return self._kept[source, start]
        made = self._space[1:, : stop - start]
        numbers, tables = self._numbers(source, start, stop)[None], _normal_tables()
        self._quantile.tabulated(tables, tables.offsets[:, None], numbers, made)
        if source in self._shared:
            self._kept[source, start] = made[0].copy()
        return made[0]

    def _numbers(self, source: Source, start: int, stop: int) -> Numbers:
        place = self._place[source]
        return self._readers[source[0]].read(slice(place, place + 1), start, stop)[0]


@cache
def _normal_tables() -> Tables:
    """The inverse CDF of the standard normal distribution, as every design reads it (U3)."""
    return Tables([NormalShape()])


def numbers_of_scores(scores: Array) -> Numbers:
    """The numbers of normal scores, which are lost.

    >>> numbers_of_scores(np.array([0.0, -50.0, 50.0])).tolist()
    [2147483648, 0, 4294967295]
    """
    from scipy.special import ndtr

    ndtr(scores, out=scores)
    scores *= 2.0**32
    np.minimum(scores, 2.0**32 - 1, out=scores)
    return scores.astype(np.uint32)


def correlated(design: Design, program: Program) -> Design:
    """The design with the correlations of a program; itself where there are none, or where it has them."""
    if not program.correlated or isinstance(design, Correlated):
        return design
    return Correlated([design], {column: _of(0, weights) for column, weights in program.weights.items()})


def _of(design: int, weights: Mapping[Column, float]) -> dict[Source, float]:
    return {(design, column): weight for column, weight in weights.items()}


def redrawn(program: Program, first: Design, second: Design, keys: Collection[str]) -> Design:
    """The points of one design with some keys drawn anew by another, given what all other keys are at the first.

    Where some members of a group are kept, the others come from their conditional distribution. With scores z_1 at the
    first point and z_2 at the second, they are z_2 + A (kept z_1 - kept z_2). A is their regression on what is kept
    (Matheron's rule; Doucet 2010). Neither design is correlated yet.
    """
    terms: dict[Column, Terms] = {column: _of(0, weights) for column, weights in program.weights.items()}
    for column in {column for stream in program.streams if stream.key in keys for column in own_columns(stream)}:
        terms[column] = _of(1, program.weights.get(column, {column: 1.0}))
    for group in program.correlated:
        members = [column for column in program.weights if column[0] in group.keys and column[0] in program.keys]
        kept = [column for column in members if column[0] not in keys]
        if kept:
            anew = [column for column in members if column[0] in keys]
            terms.update(_given(program.weights, anew, kept))
    return Correlated([first, second], terms)


def _given(weights: Weights, anew: Sequence[Column], kept: Sequence[Column]) -> dict[Column, Terms]:
    """The terms of some columns, given others of their group."""
    sources = list(dict.fromkeys(source for column in (*anew, *kept) for source in weights[column]))
    new, old = (np.array([[weights[c].get(s, 0.0) for s in sources] for c in some]) for some in (anew, kept))
    both = [*((1, source) for source in sources), *((0, source) for source in sources)]
    made: dict[Column, Terms] = {}
    for column, row in zip(anew, new, strict=True):
        at_kept = np.linalg.pinv(old @ old.T, hermitian=True) @ (old @ row) @ old
        of = zip(both, [*(row - at_kept), *at_kept], strict=True)
        made[column] = {source: float(weight) for source, weight in of if weight}
    return made


def columns_of(program: Program, keys: Collection[str]) -> list[Column]:
    """One quasi-random column for each key and own label and each common factor, in key order (U2)."""
    own = {column for stream in program.streams if stream.key in keys for column in own_columns(stream)}
    return sorted(own.union(*(program.weights[column] for column in own & program.weights.keys())))
