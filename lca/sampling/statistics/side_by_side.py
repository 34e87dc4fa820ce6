"""The rows of several sums side by side, so that one call of NumPy takes as many of them as stay near the processor."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from ...checks import Array
from .histogram import Ints
from .moments import LANES, Lanes
from .sums import Rows, Sums

#: Numbers of a block of rows that are worked on together.
_BLOCK = 1 << 18


class SideBySide:
    """Adds draws to several sums, of which it takes over the arrays: theirs become parts of its own."""

    def __init__(self, rows: Iterable[Rows], sums: Iterable[Sums]) -> None:
        rows, self._sums = list(rows), list(sums)
        windows = [one.windows for one in rows]
        self._first = _starts([len(one.shift) for one in rows])  # the rows of each sum
        self._shift = np.concatenate([one.shift for one in rows])
        self._moved = np.concatenate([one.moved for one in windows])
        self._base = np.concatenate([one.base for one in windows])
        self._by = np.concatenate([one.shift for one in windows])
        self._cells = np.repeat([one.cells for one in windows], np.diff(self._first))
        self._start = _starts(self._cells)  # the cells of each row
        self._take_over()

    def _take_over(self) -> None:
        sums, first = self._sums, self._first
        self._lanes = Lanes.side_by_side(own.lanes for own in sums)
        self._least, self._most, self._broken = (
            np.concatenate([getattr(own, part) for own in sums]) for part in ("least", "most", "broken")
        )
        self._inside = np.concatenate([own.counts.inside.reshape(-1) for own in sums])
        for own, start, stop in zip(sums, first, first[1:], strict=False):
            at, cells = slice(start, stop), slice(self._start[start], self._start[stop])
            own.lanes = Lanes(self._lanes.sums[at], self._lanes.squares[at])
            own.least, own.most, own.broken = self._least[at], self._most[at], self._broken[at]
            own.counts.inside = self._inside[cells].reshape(stop - start, -1)

    def add(self, values: Sequence[Array], first: int) -> None:
        """Take draws `first` and following of all sums, (rows, n) each."""
        n = values[0].shape[1]
        block = max(1, _BLOCK // n)
        held, space = np.empty((block, n)), np.empty(block * (n + 3 * LANES))
        for start in range(0, self._first[-1], block):
            at = slice(start, min(start + block, self._first[-1]))
            pieces = [values[which][rows] for which, rows in self._pieces(at)]
            together = pieces[0] if len(pieces) == 1 else np.concatenate(pieces, out=held[: at.stop - at.start])
            self.add_rows(at, together, first, space)

    def _pieces(self, at: slice) -> Iterator[tuple[int, slice]]:
        """Of which sums some rows are, and which rows of each."""
        start = at.start
        while start < at.stop:
            which = bisect(self._first, start) - 1
            before, stop = self._first[which], min(at.stop, self._first[which + 1])
            yield which, slice(start - before, stop - before)
            start = stop

    def add_rows(self, at: slice, values: Array, first: int, space: Array) -> None:
        """Take draws (rows, n) of some rows; `space` is scratch of at least (n + 768) numbers a row."""
        shift = self._shift[at]
        least, most = np.minimum.reduce(values, axis=1), np.maximum.reduce(values, axis=1)
        if not np.isfinite(least + most).all():  # per nothing: such a row has no statistics, only how often
            bad = ~np.isfinite(values)
            self._broken[at] += np.count_nonzero(bad, axis=1)
            values = np.where(bad, shift[:, None], values)
            least, most = values.min(axis=1), values.max(axis=1)
        np.minimum(self._least[at], least, out=self._least[at])
        np.maximum(self._most[at], most, out=self._most[at])
        self._lanes.add(at, values, shift, first, space)
        self._count(at, values, (least, most), space)

    def _count(self, at: slice, values: Array, ends: tuple[Array, Array], space: Array) -> None:
        """Count finite draws (rows, n) of some rows, whose least and greatest are `ends`.

        The places of a row follow those of the row before. So one call counts all; few are beyond, and taken back.
        """
        start, stop = self._start[at.start], self._start[at.stop]
        inside, by, moved = self._inside[start:stop], self._by[at, None], self._moved[at]
        places = space[: values.size].reshape(values.shape).view(np.int64)
        bits = values.view(np.int64)
        if moved.any():
            np.add(values, moved[:, None], out=places.view(np.float64))
            bits = places
        np.right_shift(bits, by, out=places)
        own = np.array(self._start[at.start : at.stop]) - start
        np.subtract(places, (self._base[at, None] >> by) - own[:, None], out=places)
        for row in self._reach_beyond(at, ends).tolist():
            low, high = own[row], own[row] + self._cells[at.start + row]
            out = (places[row] < low) | (places[row] >= high)
            self._beyond(at.start + row, values[row, out])
            places[row, out] = low
            inside[low] -= np.count_nonzero(out)
        if len(inside) <= places.size:
            inside += np.bincount(places.reshape(-1), minlength=len(inside))
        else:
            np.add.at(inside, places.reshape(-1), inside.dtype.type(1))

    def _reach_beyond(self, at: slice, ends: tuple[Array, Array]) -> Ints:
        """Which of some rows have a least or a greatest value beyond the window, from `at` on."""
        by, base = self._by[at], self._base[at]  # shifted first: of a negative value the bits less the base overflow
        low, high = (((end + self._moved[at]).view(np.int64) >> by) - (base >> by) for end in ends)
        return np.asarray(((low < 0) | (high >= self._cells[at])).nonzero()[0])

    def _beyond(self, row: int, values: Array) -> None:
        """Count values of a row that lie beyond its window."""
        which = bisect(self._first, row) - 1
        self._sums[which].counts.add_beyond(np.full(len(values), row - self._first[which]), values)


def _starts(sizes: Sequence[int] | Ints) -> list[int]:
    """Where things of these sizes begin, one behind the other, and where the last one ends."""
    return [0, *np.cumsum(sizes).tolist()]
