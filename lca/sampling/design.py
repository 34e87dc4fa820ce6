"""Ways of filling (0, 1), and the first of them: independent random numbers (U3).

A design answers one question: the numbers of a stream, for a range of draws. They are whole numbers r of 32 bits, and
the probability of a draw is (r + 0.5) / 2^32. So every design passes through the same tables. Sobol' points stand in
`scrambled.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np

from ..checks import finite_number
from ..graph.correlated import StreamName
from ..graph.program import Stream
from .stream import Numbers, StreamReader, stream_keys

#: One stream: a key and an own label (U2).
Column: TypeAlias = StreamName


class Reader(Protocol):
    """Numbers of a list of columns. A thread has it for itself."""

    def read(self, rows: slice, start: int, stop: int) -> Numbers:
        """Draws start to stop of some columns, (rows, stop - start); to be read only, valid until the next call."""
        ...


class Design(ABC):
    """Whole numbers of 32 bits for every stream and draw. It holds plain data, so that it pickles."""

    name: str

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
