"""Quantiles of rows of draws from counts in cells, which merge exactly.

The window of a row reaches a quarter of their range beyond its first draws, and has up to 8,192 cells. The number of a
cell is cut from the bits of the float. So cells are equally wide within a power of two, and of a row that spans several
each is about the same share of the value. A row that reaches 0 or below is first moved above 0, and all its cells are
equally wide. What lies beyond the window is counted by its distance from it, in 32 cells for each power of two. Within
a cell draws are taken as evenly spread; a value that the first draws repeat stands for its cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ...checks import Array

CELLS = 8192
#: A window above 0 ends this many powers of two below its top.
_OCTAVES = 24
_TAIL_SHIFT = 52 - 5
_BEYOND = 0.25
_OFTEN, _AMONG = 4, 2048
_TINY = np.finfo(float).tiny
_INFINITE = int(np.float64(np.inf).view(np.int64))
#: Whole numbers, and those that may be short.
Ints: TypeAlias = npt.NDArray[np.int64]
Whole: TypeAlias = npt.NDArray[np.signedinteger[Any]]
#: Counts beyond the windows by (row, -1 below or 1 above, the leading bits of the distance).
Beyond: TypeAlias = dict[tuple[int, int, int], int]


@dataclass(frozen=True)
class Windows:
    """The cells of some rows: a value x is in cell (bits(x + moved) - base) >> shift."""

    moved: Array
    base: Ints
    shift: Ints
    repeated: tuple[Array, ...]  # values of each row that the first draws have again and again

    @classmethod
    def of(cls, first: Array) -> Windows:
        """Windows from the first draws (rows, n) of some rows."""
        finite = np.isfinite(first)
        low = np.where(finite, first, np.inf).min(axis=1)
        high = np.where(finite, first, -np.inf).max(axis=1)
        none = ~finite.any(axis=1)
        low[none], high[none] = 0.0, 1.0
        moved, base, top = _above_zero(low, high)
        spans = (top - base) // CELLS
        shift = np.array([int(span).bit_length() for span in spans], dtype=np.int64)
        return cls(moved, base, shift, tuple(map(_repeated, first)))

    def edges(self, row: int, cells: npt.ArrayLike) -> Array:
        """The lower edges of some cells of a row."""
        bits = self.base[row] + (np.asarray(cells, dtype=np.int64) << self.shift[row])
        return np.asarray(bits.view(np.float64) - self.moved[row])


def _repeated(draws: Array) -> Array:
    """The values that stand at least 4 times among 2,048 draws: no value of a continuous row does."""
    found, counts = np.unique(draws[:_AMONG], return_counts=True)
    return np.asarray(found[counts >= _OFTEN])


def _above_zero(low: Array, high: Array) -> tuple[Array, Ints, Ints]:
    """(what moves each row above 0, the bits at the bottom and at the top of its window)."""
    width = np.maximum(high - low, 1e-6 * np.maximum(np.abs(low), np.abs(high)))
    width = np.maximum(width, _TINY)
    bottom, top = low - _BEYOND * width, high + _BEYOND * width
    octave = np.exp2(np.ceil(np.log2(top - bottom)))
    positive = (low > 0) & (np.maximum(low, high * 2.0**-_OCTAVES) >= _TINY)
    moved = np.where(positive, 0.0, octave - bottom)
    low = np.where(positive, np.maximum(low, high * 2.0**-_OCTAVES), octave)
    high = np.where(positive, high, octave + (top - bottom))
    below, above = low.view(np.int64), high.view(np.int64)
    more = np.where(positive, (above - below) // 4 + (1 << 20), 0)
    return moved, np.maximum(below - more, 1 << 52), np.minimum(above + more, _INFINITE - 1)


@dataclass
class Counts:
    """How many draws of some rows are in each cell of their windows, and beyond them."""

    windows: Windows
    inside: Whole
    beyond: Beyond

    @classmethod
    def of(cls, windows: Windows, kind: type[np.int32] | type[np.int64] = np.int64) -> Counts:
        """No draws yet; the counts of one unit fit into 32 bits."""
        return cls(windows, np.zeros((len(windows.base), CELLS), dtype=kind), {})

    def add(self, at: slice, values: Array, space: Array) -> None:
        """Count finite draws (rows, n) of some rows; `space` is scratch of their size."""
        windows = self.windows
        moved = space[: values.size].reshape(values.shape)
        cells = moved.view(np.int64)
        np.add(values, windows.moved[at, None], out=moved)
        cells -= windows.base[at, None]
        cells >>= windows.shift[at, None]
        own = cells.reshape(-1)
        outside = cells.min() < 0 or cells.max() >= CELLS
        within = (own >= 0) & (own < CELLS) if outside else None
        cells += np.arange(at.start, at.stop)[:, None] * CELLS
        if within is not None:
            for row in np.unique(np.flatnonzero(~within) // values.shape[1]).tolist():
                self.add_beyond(at.start + row, values[row][~within.reshape(values.shape)[row]])
            own = own[within]
        np.add.at(self.inside.reshape(-1), own, self.inside.dtype.type(1))

    def add_beyond(self, row: int, values: Array) -> None:
        """Count values of a row that lie beyond its window."""
        low, high = self.windows.edges(row, [0, CELLS])
        for side, distance in ((-1, low - values), (1, values - high)):
            own = np.maximum(distance[(values < low) if side < 0 else (values >= low)], 0.0)
            found, counts = np.unique(own.view(np.int64) >> _TAIL_SHIFT, return_counts=True)
            for cell, count in zip(found.tolist(), counts.tolist(), strict=True):
                key = (row, side, cell)
                self.beyond[key] = self.beyond.get(key, 0) + count

    def merge(self, other: Counts) -> None:
        """Add the counts of other draws of the same rows."""
        self.inside += other.inside
        for key, count in other.beyond.items():
            self.beyond[key] = self.beyond.get(key, 0) + count

    def beyond_listed(self) -> Ints:
        """What lies beyond the windows as an array: a row, a side, leading bits and a count in each line."""
        listed = [(*key, count) for key, count in sorted(self.beyond.items())]
        return np.array(listed, dtype=np.int64).reshape(-1, 4)

    @classmethod
    def listed(cls, windows: Windows, inside: Whole, beyond: Ints) -> Counts:
        """Counts from what was saved of them."""
        return cls(windows, inside, {(row, side, cell): count for row, side, cell, count in beyond.tolist()})

    def quantiles(self, shares: Array, rows: Ints) -> Array:
        """The quantiles (shares, rows) of some rows."""
        tails: dict[int, list[tuple[int, int, int]]] = {}
        for (row, side, cell), count in self.beyond.items():
            tails.setdefault(row, []).append((side, cell, count))
        found = {row: self._of_row(row, shares, tails.get(row, [])) for row in dict.fromkeys(rows.tolist())}
        return np.stack([found[row] for row in rows.tolist()], axis=1)

    def _of_row(self, row: int, shares: Array, tails: list[tuple[int, int, int]]) -> Array:
        """Where the draw of each rank lies, if the draws of a cell are evenly spread in it."""
        filled = np.flatnonzero(self.inside[row])
        lows, highs = self.windows.edges(row, filled), self.windows.edges(row, filled + 1)
        counts = self.inside[row, filled]
        for side in (-1, 1):
            own = sorted((cell, count) for where, cell, count in tails if where == side)
            near, far = (np.array([cell + more for cell, _ in own], dtype=np.int64) << _TAIL_SHIFT for more in (0, 1))
            many = np.array([count for _, count in own], dtype=np.int64)
            edge = self.windows.edges(row, CELLS if side > 0 else 0)
            if side > 0:
                parts = [(lows, edge + near.view(float)), (highs, edge + far.view(float)), (counts, many)]
            else:
                back = slice(None, None, -1)
                parts = [
                    (edge - far.view(float)[back], lows),
                    (edge - near.view(float)[back], highs),
                    (many[back], counts),
                ]
            lows, highs, counts = (np.concatenate(part) for part in parts)
        total = int(counts.sum())
        rank = shares * (total - 1)
        until = np.cumsum(counts)
        cell = np.minimum(np.searchsorted(until, rank, side="right"), len(counts) - 1)
        inside = (rank - (until[cell] - counts[cell]) + 0.5) / counts[cell]
        return _snapped(
            lows[cell] + inside * (highs[cell] - lows[cell]), lows[cell], highs[cell], self.windows.repeated[row]
        )


def _snapped(found: Array, low: Array, high: Array, repeated: Array) -> Array:
    """What was found, or the repeated value of its cell, which most draws of the cell are."""
    if not len(repeated):
        return found
    at = np.minimum(np.searchsorted(repeated, low), len(repeated) - 1)
    return np.where((repeated[at] >= low) & (repeated[at] < high), repeated[at], found)
