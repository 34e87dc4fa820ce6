"""Ways of filling (0, 1): independent random numbers, or scrambled Sobol' points (U3).

A design answers one question: the numbers of a stream, for a range of draws. They are whole numbers r of 32 bits, and
the probability of a draw is (r + 0.5) / 2^32. So every design passes through the same tables. The place for Latin
hypercube, copulas and recorded designs is beside these two.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np

from ..checks import Array, finite_number
from ..errors import DomainError
from ..graph.program import Stream
from .stream import Numbers, StreamReader, stream_keys

#: One stream: a key and an own label (U2).
Column: TypeAlias = tuple[str, str]
#: How many numbers r there are.
LEVELS = 2.0**32


class Reader(Protocol):
    """Numbers of a list of columns. A thread has it for itself."""

    def read(self, rows: slice, start: int, stop: int) -> Numbers:
        """Draws start to stop of some columns, (rows, stop - start); to be read only, valid until the next call."""
        ...


class Design(ABC):
    """Whole numbers of 32 bits for every stream and draw. It holds plain data, so that it pickles."""

    name: str

    def cut(self, start: int, stop: int) -> Design:
        """The design of draws start to stop alone, to be sent elsewhere; itself where it is small."""
        return self

    @abstractmethod
    def fill(self, stream: Stream, start: int, stop: int, out: Numbers) -> None:
        """Fill `out` (own labels, stop - start) with draws start to stop of a stream."""

    def reader(self, columns: Sequence[Column]) -> Reader:
        """Reads many columns at once, for one thread."""
        return _FillingReader(self, columns)


class _FillingReader:
    """The columns of a design that fills one stream at a time."""

    def __init__(self, design: Design, columns: Sequence[Column]) -> None:
        self._design = design
        self._streams = [Stream(key, (label,)) for key, label in columns]

    def read(self, rows: slice, start: int, stop: int) -> Numbers:
        streams = self._streams[rows]
        out = np.empty((len(streams), stop - start), np.uint32)
        for row, stream in enumerate(streams):
            self._design.fill(stream, start, stop, out[row : row + 1])
        return out


def own_columns(stream: Stream) -> list[Column]:
    """A column for each own label of a stream."""
    return [(stream.key, label) for label in stream.labels]


def check_seed(seed: int) -> int:
    """The seed, if it is a whole number from 0 up; 0 is a seed like any other (U6)."""
    finite_number(seed, "seed", low=0, whole=True)
    return int(seed)


class RandomDesign(Design):
    """Independent draws: each draw depends on (seed, key, label, number) only (U2)."""

    name = "random"

    def __init__(self, seed: int) -> None:
        self.seed = check_seed(seed)

    def fill(self, stream: Stream, start: int, stop: int, out: Numbers) -> None:
        """The numbers of the streams themselves."""
        out[...] = self.reader(own_columns(stream)).read(slice(None), start, stop)

    def reader(self, columns: Sequence[Column]) -> Reader:
        """Reads the streams of many columns at once."""
        return StreamReader(stream_keys(self.seed, columns))


class MatrixDesign(Design):
    """Numbers from a matrix: a row per key and own label, in key order; its columns begin at draw `first`."""

    def __init__(self, name: str, columns: Sequence[Column], matrix: Numbers, *, first: int = 0) -> None:
        self.name, self._first = name, first
        self._row = {column: row for row, column in enumerate(columns)}
        self._matrix = matrix

    def cut(self, start: int, stop: int) -> MatrixDesign:
        """The columns of these draws."""
        at = slice(start - self._first, stop - self._first)
        return MatrixDesign(self.name, list(self._row), self._matrix[:, at], first=start)

    def fill(self, stream: Stream, start: int, stop: int, out: Numbers) -> None:
        """Copy the rows of a stream."""
        for row, column in enumerate(own_columns(stream)):
            out[row] = self._matrix[self._row[column], start - self._first : stop - self._first]


def columns_of(streams: Sequence[Stream], keys: Sequence[str]) -> list[Column]:
    """One quasi-random column for each key and own label, in key order (U2)."""
    return sorted({column for stream in streams if stream.key in keys for column in own_columns(stream)})


def numbers_at(points: Array) -> Numbers:
    """The number of the equal part of (0, 1) in which each point lies: floor(u 2^32)."""
    return np.minimum(points * LEVELS, LEVELS - 1).astype(np.uint32)


def sobol_points(count: int, dimension: int, seed: int) -> Numbers:
    """Scrambled Sobol' points (dimension, count); `count` should be a power of two (SciPy, Owen scrambling)."""
    from scipy.stats import qmc

    if count & (count - 1):
        raise DomainError.of("draws_not_a_power_of_two", "draws", count=count, next=1 << count.bit_length())
    engine = qmc.Sobol(dimension, scramble=True, bits=32, rng=np.random.default_rng(check_seed(seed)))
    try:
        points = np.asarray(engine.random(count), dtype=np.float64)
    except (MemoryError, ValueError):  # ValueError: more than the sequence has
        size = f"{count * dimension / 2**27:,.0f}"
        raise DomainError.of("points_beyond_memory", "draws", count=f"{count:,}", size=size) from None
    return np.ascontiguousarray(numbers_at(points).T)
