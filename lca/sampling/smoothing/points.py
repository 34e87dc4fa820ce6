"""Replicated scrambled Sobol' points, the important columns first.

The first columns of a Sobol' sequence are the most even ones. Each replicate is a scrambling of its own, so replicates
are independent, and their scatter is the error of their mean. The first n points of a replicate are the first n of any
longer one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...checks import Array
from ...graph.program import Program, Stream
from ..design import Column, Design
from ..scrambled import ScrambledPoints
from ..stream import Numbers
from .setting import Setting

#: Scramblings: enough that their scatter tells the error, few enough that each has many points.
REPLICATES = 8
_MEDIAN, *_ENDS = (int(share * 2**32) for share in (0.5, 0.05, 0.95))
_HALF = np.uint32(1 << 31)


class Swings(Design):
    """A design for one look at every column: all medians, then each column at two ends, the others at their medians."""

    name = "swings"

    def __init__(self, columns: Sequence[Column]) -> None:
        self._at = {column: 1 + 2 * i for i, column in enumerate(columns)}
        self.draws = 1 + 2 * len(columns)

    def fill(self, stream: Stream, start: int, stop: int, out: Numbers) -> None:
        out[...] = _MEDIAN
        for row, label in enumerate(stream.labels):
            first = self._at.get((stream.key, label), -2) - start
            for i, end in enumerate(_ENDS):
                if 0 <= first + i < stop - start:
                    out[row, first + i] = end


def swings(setting: Setting, program: Program, columns: Sequence[Column]) -> dict[str, Array]:
    """How far each column moves each output, as a share of the output: (labels..., columns).

    The largest of three distances: between its two ends, and from its median to each. One batched evaluation.
    """
    design = Swings(columns)
    found = {}
    for name, values in setting.evaluate(program, design.draws, design).items():
        middle = values[..., :1]
        low, high = values[..., 1::2], values[..., 2::2]
        far = np.maximum(np.abs(high - low), np.maximum(np.abs(low - middle), np.abs(high - middle)))
        size = np.maximum(np.abs(middle), np.abs(far).max(axis=-1, keepdims=True, initial=0.0))
        found[name] = np.divide(far, size, out=np.zeros_like(far), where=size > 0)
    return found


class Points:
    """The points of all replicates, in the order of a run: more of them each time."""

    def __init__(self, columns: Sequence[Column], seed: int) -> None:
        self.columns, self._seed = tuple(columns), seed
        self.count = 0  # of each replicate

    def more(self, count: int) -> PointSet:
        """The next `count` points of each replicate, replicate after replicate."""
        first, self.count = self.count, self.count + count
        whole = 1 << (self.count - 1).bit_length()
        read = ScrambledPoints(self.columns, whole, REPLICATES, self._seed).reader(self.columns).read
        each = [read(slice(None), at + first, at + self.count) for at in range(0, REPLICATES * whole, whole)]
        return PointSet(self.columns, np.concatenate(each, axis=1))


class PointSet(Design):
    """A design of some points, in which some keys may stand half of their range further."""

    name = "sobol"

    def __init__(self, columns: Sequence[Column], matrix: Numbers, moved: frozenset[str] = frozenset()) -> None:
        self._columns, self._matrix, self._moved = columns, matrix, moved
        self._row = {column: row for row, column in enumerate(columns)}
        self.draws = matrix.shape[1]

    def moved(self, keys: frozenset[str]) -> PointSet:
        """The same points with other numbers for some keys: u + 1/2, or u - 1/2 from 1/2 on."""
        return PointSet(self._columns, self._matrix, keys)

    def fill(self, stream: Stream, start: int, stop: int, out: Numbers) -> None:
        for row, label in enumerate(stream.labels):
            out[row] = self._matrix[self._row[stream.key, label], start:stop]
        if stream.key in self._moved:
            np.bitwise_xor(out, _HALF, out=out)
