"""Ways of filling (0, 1): independent random numbers, or scrambled Sobol' points (U3).

A design answers one question: the uniform numbers of a stream, for a range of draws. The place for
Latin hypercube, copulas and recorded designs is beside these two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from ..checks import Array, finite_number
from ..errors import DomainError
from ..graph.program import Stream
from .stream import BLOCK, StreamFiller


class Design(Protocol):
    """Fills uniform numbers. A thread asks for a worker of its own; everything that workers share is only read."""

    name: str

    def worker(self) -> Design:
        """The design for one thread."""
        ...

    def fill(self, stream: Stream, start: int, stop: int, out: Array) -> None:
        """Fill `out` (own labels, stop - start) with draws start to stop of a stream."""
        ...


def check_seed(seed: int) -> int:
    """The seed, if it is a whole number from 0 up; 0 is a seed like any other (U6)."""
    finite_number(seed, "seed", low=0, whole=True)
    return int(seed)


class RandomDesign:
    """Independent draws: each draw depends on (seed, key, label, number) only (U2)."""

    name = "random"

    def __init__(self, seed: int) -> None:
        self.seed = check_seed(seed)
        self._filler = StreamFiller(self.seed)
        self._scratch = np.empty(BLOCK)

    def worker(self) -> RandomDesign:
        """The same numbers from a generator of its own."""
        return RandomDesign(self.seed)

    def fill(self, stream: Stream, start: int, stop: int, out: Array) -> None:
        """Fill whole blocks in place; of a block that begins before `start`, copy its end."""
        for row, label in enumerate(stream.labels):
            for block in range(start // BLOCK, -(-stop // BLOCK)):
                first = block * BLOCK
                low, high = max(start, first), min(stop, first + BLOCK)
                target = out[row, low - start : high - start]
                whole = target if low == first else self._scratch[: high - first]
                self._filler.fill(stream.key, label, block, whole)
                if low > first:
                    target[:] = whole[low - first :]


class MatrixDesign:
    """Uniform numbers from a matrix: a row per key and own label, in key order."""

    def __init__(self, name: str, columns: Sequence[tuple[str, str]], matrix: Array) -> None:
        self.name = name
        self._row = {column: row for row, column in enumerate(columns)}
        self._matrix = matrix

    def worker(self) -> MatrixDesign:
        """The matrix itself: it is only read."""
        return self

    def fill(self, stream: Stream, start: int, stop: int, out: Array) -> None:
        """Copy the rows of a stream."""
        for row, label in enumerate(stream.labels):
            out[row] = self._matrix[self._row[stream.key, label], start:stop]


def columns_of(streams: Sequence[Stream], keys: Sequence[str]) -> list[tuple[str, str]]:
    """One quasi-random column for each key and own label, in key order (U2)."""
    return sorted({(stream.key, label) for stream in streams if stream.key in keys for label in stream.labels})


def sobol_points(count: int, dimension: int, seed: int) -> Array:
    """Scrambled Sobol' points (dimension, count); `count` should be a power of two (SciPy, Owen scrambling)."""
    from scipy.stats import qmc

    if count & (count - 1):
        raise DomainError.of("draws_not_a_power_of_two", "draws", count=count, next=1 << count.bit_length())
    engine = qmc.Sobol(dimension, scramble=True, rng=np.random.default_rng(check_seed(seed)))
    points = np.asarray(engine.random(count), dtype=np.float64)
    return np.ascontiguousarray(points.T)
