"""Quantiles of rows of draws from counts in cells, which merge exactly.

The window of a row reaches a quarter of their range beyond its first draws. The number of a cell is cut from the bits
of the float. So cells are equally wide within a power of two, and of a row that spans several each is about the same
share of the value. A row that reaches 0 or below is first moved above 0, and all its cells are equally wide. What lies
beyond the window is counted by its distance from it, in 32 cells for each power of two. Within a cell draws are taken
as evenly spread; a value that the first draws repeat stands for its cell. In a cell with much of the first draws they
say how draws lie, as where a row spans many powers of two on both sides of 0.

A window has 2,048 to 8,192 cells, as its draws need. Cells of a window with fewer are whole groups of finer ones. So
what was counted in the finest can be read in any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ...checks import Array

#: Cells of a window at most, and at least; the draws up to which the least are enough; and over how many cells any
#: eighth of the draws has to reach, and the 32nd at either end: so about 1 / 200 is in each, and 1 / 500 near an end.
CELLS, _FEWEST = 8192, 2048
_DRAWS_OF_FEWEST = 1 << 17
_EIGHTH, _END = 24, 16
#: The most draws in one of the finest cells that count as evenly spread, as a share of the first ones.
_FULLEST = 1 / 64
#: A window above 0 ends this many powers of two below its top.
_OCTAVES = 24
_TAIL_SHIFT, _LEADING = 52 - 5, 11 + 5
_BEYOND = 0.25
_OFTEN, _AMONG = 4, 1024
#: Rows whose quantiles are found together.
_TOGETHER = 256
_TINY = np.finfo(float).tiny
_INFINITE = int(np.float64(np.inf).view(np.int64))
#: Whole numbers, and those that may be short.
Ints: TypeAlias = npt.NDArray[np.int64]
Whole: TypeAlias = npt.NDArray[np.signedinteger[Any]]
#: Counts beyond the windows by (row, -1 below or 1 above, the leading bits of the distance).
Beyond: TypeAlias = dict[tuple[int, int, int], int]


def enough_cells(draws: int) -> int:
    """How many cells are enough for so many draws that are evenly spread in each.

    The error within a cell falls with the square of its width, the sampling error with the root of the draws. So
    16 times as many draws need twice as many cells.

    >>> enough_cells(100_000), enough_cells(1_000_000)
    (2048, 4096)
    """
    cells, enough = _FEWEST, _DRAWS_OF_FEWEST
    while cells < CELLS and draws > enough:
        cells, enough = 2 * cells, 16 * enough
    return cells


@dataclass(frozen=True)
class Windows:
    """The cells of some rows: a value x is in cell (bits(x + moved) - base) >> shift.

    The base is a multiple of the widest cell. So both may as well be shifted before they are subtracted.
    """

    moved: Array
    base: Ints
    shift: Ints
    repeated: tuple[Array, ...]  # values of each row that the first draws have again and again
    cells: int = CELLS
    crowds: tuple[Array, ...] = ()  # of each row, in order: the first draws in cells that hold much of them

    @classmethod
    def of(cls, first: Array, draws: int) -> tuple[Windows, Ints]:
        """Windows with the most cells, from the first draws (rows, n); and how many cells are enough, for each row."""
        finite = np.isfinite(first)
        low = np.where(finite, first, np.inf).min(axis=1)
        high = np.where(finite, first, -np.inf).max(axis=1)
        none = ~finite.any(axis=1)
        low[none], high[none] = 0.0, 1.0
        moved, base, top = _above_zero(low, high)
        spans = ((top - base) // CELLS).astype(np.float64)
        shift = np.frexp(spans)[1].astype(np.int64)  # how many bits a span has
        widest = shift + (CELLS // _FEWEST).bit_length() - 1
        base = base >> widest << widest
        ordered = np.sort(first[:, :_AMONG])
        made = cls(moved, base, shift, _repeated(ordered))
        return replace(made, crowds=made._crowds(ordered, first)), made._needed(ordered, draws)

    def some(self, rows: Ints) -> Windows:
        """Those of some rows alone."""
        listed = (tuple(every[row] for row in rows.tolist()) if every else () for every in (self.repeated, self.crowds))
        repeated, crowds = listed
        return Windows(self.moved[rows], self.base[rows], self.shift[rows], repeated, self.cells, crowds)

    def coarser(self, cells: int) -> Windows:
        """The same with fewer cells, each a whole group of these."""
        more = (self.cells // cells).bit_length() - 1
        return replace(self, shift=self.shift + more, cells=cells)

    def _needed(self, ordered: Array, draws: int) -> Ints:
        """How many cells are enough for so many draws of each row, of which these (rows, n) are some in order.

        Where cells would hold too much of the draws, more are.
        """
        cells = enough_cells(draws)
        eighth, end = (min(max(1, ordered.shape[1] // part), ordered.shape[1] - 1) for part in (8, 32))
        pairs = (
            (ordered[:, : -eighth or None], ordered[:, eighth:], _EIGHTH),
            (ordered[:, [0, -1 - end]], ordered[:, [end, -1]], _END),
        )
        needed = np.full(len(ordered), cells)
        while cells < self.cells and (near := self._near(cells, pairs) & (needed == cells)).any():
            cells *= 2
            needed[near] = cells
        return needed

    def _near(self, cells: int, pairs: Sequence[tuple[Array, Array, int]]) -> npt.NDArray[np.bool_]:
        """In which rows some values and larger ones, (rows, n) each, are fewer of so many cells apart than stated."""
        seen = self.coarser(cells)
        near = [((seen.places(high) - seen.places(low) < few) & (low < high)).any(axis=1) for low, high, few in pairs]
        return np.logical_or.reduce(near)

    def _full(self, ordered: Array) -> npt.NDArray[np.bool_]:
        """Which rows have a cell with much of these draws (rows, n), other than one value again and again."""
        apart = max(_OFTEN, round(_FULLEST * ordered.shape[1]))
        low, high = ordered[:, : -apart or None], ordered[:, apart:]
        return np.asarray(((self.places(low) == self.places(high)) & (low < high)).any(axis=1))

    def _crowds(self, ordered: Array, first: Array) -> tuple[Array, ...]:
        """How draws lie within full cells, which are not evenly filled: the first draws in them."""
        found = dict.fromkeys(range(len(first)), np.empty(0))
        for row in np.flatnonzero(self._full(ordered)).tolist():
            own = np.sort(first[row][np.isfinite(first[row])])
            _, which, counts = np.unique(self.places_of(row, own), return_inverse=True, return_counts=True)
            found[row] = own[counts[which] > _FULLEST / 2 * len(own)]
        return tuple(found.values())

    def places_of(self, row: int, values: Array) -> Ints:
        """The cells of values (n) of one row."""
        return np.asarray(((values + self.moved[row]).view(np.int64) - self.base[row]) >> self.shift[row])

    def places(self, values: Array) -> Ints:
        """The cells of values (rows, n); below 0 or above the last one beyond the window."""
        bits = (values + self.moved[:, None]).view(np.int64)
        return np.asarray((bits - self.base[:, None]) >> self.shift[:, None])

    def edges(self, row: int, cells: npt.ArrayLike) -> Array:
        """The lower edges of some cells of a row."""
        bits = self.base[row] + (np.asarray(cells, dtype=np.int64) << self.shift[row])
        return np.asarray(bits.view(np.float64) - self.moved[row])


def _repeated(ordered: Array) -> tuple[Array, ...]:
    """The values of each row that stand at least 4 times among its ordered draws: no value of a continuous row does."""
    if ordered.shape[1] < _OFTEN:
        return (np.empty(0),) * len(ordered)
    often = ordered[:, _OFTEN - 1 :] == ordered[:, : 1 - _OFTEN]
    rows = zip(ordered[:, _OFTEN - 1 :], often, often.any(axis=1).tolist(), strict=True)
    return tuple(np.unique(own[repeats]) if some else np.empty(0) for own, repeats, some in rows)


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
        return cls(windows, np.zeros((len(windows.base), windows.cells), dtype=kind), {})

    def add_beyond(self, rows: Ints, values: Array) -> None:
        """Count values, each of its row, that lie beyond the windows of these."""
        windows = self.windows
        base = windows.base[rows]
        above = (values + windows.moved[rows]).view(np.int64) >= base
        edge = base + (np.where(above, windows.cells, 0) << windows.shift[rows])
        distance = np.abs(values - (edge.view(np.float64) - windows.moved[rows]))
        keys = ((2 * rows + above) << _LEADING) + (distance.view(np.int64) >> _TAIL_SHIFT)
        found, counts = np.unique(keys, return_counts=True)
        for key, count in zip(found.tolist(), counts.tolist(), strict=True):
            row, side = key >> (_LEADING + 1), 1 if key >> _LEADING & 1 else -1
            own = (row, side, key & ((1 << _LEADING) - 1))
            self.beyond[own] = self.beyond.get(own, 0) + count

    def merge(self, other: Counts) -> None:
        """Add the counts of other draws of the same rows."""
        if self.inside.dtype != np.int64:
            self.inside = self.inside.astype(np.int64)
        self.inside += other.inside
        for key, count in other.beyond.items():
            self.beyond[key] = self.beyond.get(key, 0) + count

    def coarser(self, cells: int) -> Counts:
        """The same in fewer cells."""
        if cells == self.windows.cells:
            return self
        inside = self.inside.reshape(len(self.inside), cells, -1).sum(axis=2)
        return Counts(self.windows.coarser(cells), inside, self.beyond)

    def beyond_listed(self) -> Ints:
        """What lies beyond the windows as an array: a row, a side, leading bits and a count in each line."""
        listed = [(*key, count) for key, count in sorted(self.beyond.items())]
        return np.array(listed, dtype=np.int64).reshape(-1, 4)

    @classmethod
    def listed(cls, windows: Windows, inside: Whole, beyond: Ints) -> Counts:
        """Counts from what was saved of them."""
        return cls(windows, inside, {(row, side, cell): count for row, side, cell, count in beyond.tolist()})

    def some(self, rows: Ints) -> Counts:
        """The counts of some rows alone, each once."""
        if np.array_equal(rows, np.arange(len(self.inside))):
            return self
        place = {row: at for at, row in enumerate(rows.tolist())}
        beyond = {(place[row], side, cell): count for (row, side, cell), count in self.beyond.items() if row in place}
        return Counts(self.windows.some(rows), self.inside[rows], beyond)

    def quantiles(self, shares: Array) -> Array:
        """The quantiles (shares, rows) of all rows."""
        tails: dict[int, list[tuple[int, int, int]]] = {}
        outside = np.zeros((2, len(self.inside)), np.int64)  # below and above the window
        for (row, side, cell), count in self.beyond.items():
            tails.setdefault(row, []).append((side, cell, count))
            outside[int(side > 0), row] += count
        made = np.empty((len(shares), len(self.inside)))
        for start in range(0, len(self.inside), _TOGETHER):
            at = slice(start, start + _TOGETHER)
            made[:, at], known = self._evenly(shares, at, outside[:, at])
            for row in (start + np.flatnonzero(~known)).tolist():
                made[:, row] = self._of_row(row, shares, tails.get(row, []))
        return made

    def _evenly(self, shares: Array, at: slice, outside: Ints) -> tuple[Array, npt.NDArray[np.bool_]]:
        """The quantiles (shares, rows) of rows whose cells are evenly filled, and of which rows all lie in the window.

        The counts up to each cell of one row follow those of the row before. So one search finds all.
        """
        counts, windows, (below, above) = self.inside[at], self.windows, outside
        until = np.cumsum(counts, axis=1, dtype=np.int64)
        held = until[:, -1].copy()
        rank = shares[:, None] * (below + held + above - 1)
        place = np.floor(rank).astype(np.int64) - below
        known = (place >= 0) & (place < held)
        row = np.arange(len(counts))
        first = row * (held.max() + 1)
        until += first[:, None]
        found = np.searchsorted(until.ravel(), np.where(known, place, 0) + first, side="right") - row * windows.cells
        cell = np.clip(found, 0, windows.cells - 1)
        own = counts[row, cell]
        before = until[row, cell] - first - own
        low, high = (
            (windows.base[at] + (edge << windows.shift[at])).view(np.float64) - windows.moved[at]
            for edge in (cell, cell + 1)
        )
        inside = (rank - (below + before) + 0.5) / np.maximum(own, 1)
        special = [len(one) > 0 for one in windows.repeated[at]], [len(one) > 0 for one in windows.crowds[at]]
        plain = ~np.logical_or.reduce([np.array(one, bool) for one in special if one])
        return low + inside * (high - low), plain & known.all(axis=0)

    def _of_row(self, row: int, shares: Array, tails: list[tuple[int, int, int]]) -> Array:
        """Where the draw of each rank lies, if the draws of a cell are evenly spread in it."""
        counts, first = self.inside[row], 0
        if tails:
            below, above = (sorted((cell, count) for at, cell, count in tails if at == side) for side in (-1, 1))
            ends = ([count for _, count in own] for own in (below[::-1], above))
            counts, first = np.concatenate([next(ends), counts, next(ends)]).astype(np.int64), len(below)
        until = np.cumsum(counts, dtype=np.int64)
        rank = shares * (until[-1] - 1)
        found = np.minimum(np.searchsorted(until, rank, side="right"), len(counts) - 1)
        inside = (rank - (until[found] - counts[found]) + 0.5) / counts[found]
        low, high = self.windows.edges(row, [found - first, found - first + 1])
        for i in np.flatnonzero((found < first) | (found >= first + self.windows.cells)).tolist() if tails else ():
            at = int(found[i]) - first
            cell, _ = below[-at - 1] if at < 0 else above[at - self.windows.cells]
            low[i], high[i] = self._edges_beyond(row, -1 if at < 0 else 1, cell)
        made = _snapped(low + inside * (high - low), low, high, self.windows.repeated[row])
        crowd = self.windows.crowds[row] if self.windows.crowds else made[:0]
        return _of_crowd(made, found - first, inside, crowd, self.windows.places_of(row, crowd))

    def _edges_beyond(self, row: int, side: int, cell: int) -> tuple[float, float]:
        """Lower and upper edge of a cell beyond the window, by the leading bits of its distance."""
        edge = float(self.windows.edges(row, self.windows.cells if side > 0 else 0))
        near, far = (np.array([cell, cell + 1]) << _TAIL_SHIFT).view(np.float64).tolist()
        return (edge + near, edge + far) if side > 0 else (edge - far, edge - near)


def _of_crowd(made: Array, cells: Ints, inside: Array, crowd: Array, places: Ints) -> Array:
    """What was found, or the first draw of this rank in its cell, where that holds many of them."""
    for i, (low, high) in enumerate(zip(*(np.searchsorted(places, [cells, cells + 1])), strict=True)):
        if high - low > _OFTEN:
            made[i] = np.interp(inside[i] * (high - low) - 0.5, np.arange(high - low), crowd[low:high])
    return made


def _snapped(found: Array, low: Array, high: Array, repeated: Array) -> Array:
    """What was found, or the repeated value of its cell, which most draws of the cell are."""
    if not len(repeated):
        return found
    at = np.minimum(np.searchsorted(repeated, low), len(repeated) - 1)
    return np.where((repeated[at] >= low) & (repeated[at] < high), repeated[at], found)
