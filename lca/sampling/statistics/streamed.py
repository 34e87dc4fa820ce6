"""The sink that keeps statistics of a run: parts that merge, and what can be read from them when all is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...checks import Array
from .derived import Derived
from .histogram import Counts, Ints, Windows
from .moments import LANES, Lanes
from .ranks import Ranking, Ranks, shares

#: Numbers of a block of rows that are worked on together, so that they stay in cache.
_BLOCK = 1 << 17
_SAVED = ("least", "most", "broken")


@dataclass(frozen=True)
class Rows:
    """Values of which statistics are kept, with what is known of them before the run: shape, shifts and windows.

    Quantiles are read from so many `cells`, which are fewer than those of the windows where more draws may follow.
    """

    of: Derived
    shape: tuple[int, ...]
    shift: Array
    windows: Windows
    cells: int

    @classmethod
    def looked_at(cls, of: Derived, first: Mapping[str, Array], draws: int, *, grows: bool = False) -> Rows:
        """Rows with shifts and windows from the first ones (labels..., n), all of one length, of so many draws.

        A run that `grows` may go on with more draws, so it counts in the most cells.
        """
        values = of.values(first)
        laid = values.reshape(-1, values.shape[-1])
        finite = np.isfinite(laid)
        middle = np.where(finite, laid, 0.0).sum(axis=1) / np.maximum(finite.sum(axis=1), 1)
        windows, cells = Windows.of(laid, draws)
        return cls(of, values.shape[:-1], middle, windows if grows else windows.coarser(cells), cells)


@dataclass(frozen=True)
class Asked:
    """What a run keeps statistics of: rows and rankings by name, and the values that no draw changes."""

    rows: Mapping[str, Rows]
    rankings: Mapping[str, Ranking]
    known: Mapping[str, Array] = field(default_factory=dict)
    compiled: bool = False  # whether numba adds up, as it does where it evaluates; the bits are the same


@dataclass
class Sums:
    """Statistics of rows while they grow: of one unit."""

    lanes: Lanes
    counts: Counts
    least: Array
    most: Array
    broken: Ints

    @classmethod
    def of(cls, rows: Rows, kind: type[np.int32] | type[np.int64]) -> Sums:
        """No draws yet."""
        many = len(rows.shift)
        ends = np.full(many, np.inf), np.full(many, -np.inf)
        return cls(Lanes.of(many), Counts.of(rows.windows, kind), *ends, np.zeros(many, np.int64))

    def add_compiled(self, rows: Rows, values: Array, first: int) -> None:
        """Take draws (rows, n) by numba; rows with a value that is not finite as in `add`."""
        from .numba_sums import add

        own, windows, values = self.lanes, rows.windows, np.ascontiguousarray(values).view()
        values.flags.writeable = False  # always, so that it is compiled for one kind of array
        beyond, left = np.empty((values.size, 2)), np.zeros(len(values), dtype=bool)
        found = add(values, first, rows.shift, own.sums, own.squares, self.least, self.most, windows.moved,
                    windows.base, windows.shift, self.counts.inside, beyond, left)  # fmt: skip
        if found:
            self.counts.add_beyond(beyond[:found, 0].astype(np.int64), beyond[:found, 1])
        if left.any():
            space = np.empty(values.shape[1] + 3 * LANES)
            for row in np.flatnonzero(left).tolist():
                at = slice(row, row + 1)
                self._add(at, values[at], rows.shift[at], first, space)

    def add(self, rows: Rows, values: Array, first: int) -> None:
        """Take draws (rows, n), a block of rows at a time."""
        many, n = values.shape
        block = max(1, _BLOCK // n)
        space = np.empty(block * (n + 3 * LANES))
        for start in range(0, many, block):
            at = slice(start, min(many, start + block))
            self._add(at, values[at], rows.shift[at], first, space)

    def _add(self, at: slice, values: Array, shift: Array, first: int, space: Array) -> None:
        least, most = np.minimum.reduce(values, axis=1), np.maximum.reduce(values, axis=1)
        if not np.isfinite(least + most).all():  # per nothing: such a row has no statistics, only how often
            bad = ~np.isfinite(values)
            self.broken[at] += np.count_nonzero(bad, axis=1)
            values = np.where(bad, shift[:, None], values)
            least, most = values.min(axis=1), values.max(axis=1)
        np.minimum(self.least[at], least, out=self.least[at])
        np.maximum(self.most[at], most, out=self.most[at])
        self.lanes.add(at, values, shift, first, space)
        self.counts.add(at, values, (least, most), space)


class StatisticsPart:
    """The statistics of one unit of draws. It pickles."""

    def __init__(self, asked: Asked, kind: type[np.int32] | type[np.int64] = np.int32) -> None:
        self._asked, self.draws = asked, 0
        self.sums = {name: Sums.of(rows, kind) for name, rows in asked.rows.items()}
        self.ranks = {name: _ranks(ranking, asked) for name, ranking in asked.rankings.items()}

    def add(self, values: Mapping[str, Array], first: int) -> None:
        """Take the values of one step, whose draws begin at number `first`."""
        step = {**self._asked.known, **values}
        count = max(one.shape[-1] for one in values.values())
        for name, rows in self._asked.rows.items():
            made = rows.of.values(step)
            whole = made if made.shape[-1] == count else np.broadcast_to(made, (*made.shape[:-1], count))
            own = self.sums[name]
            (own.add_compiled if self._asked.compiled else own.add)(rows, whole.reshape(-1, count), first)
        for one in self.ranks.values():
            one.add(step, first)
        self.draws += count


def _ranks(ranking: Ranking, asked: Asked) -> Ranks:
    shape = next(rows.shape for rows in asked.rows.values() if rows.of == ranking.of)
    alternatives = shape[ranking.axis]
    return Ranks.of(ranking, int(np.prod(shape)) // alternatives, alternatives)


@dataclass(frozen=True, eq=False)
class Statistics:
    """What a run came to, row by row: moments, ends, how many draws were not finite, and counts."""

    draws: int
    mean: Array
    sd: Array
    least: Array
    most: Array
    broken: Ints
    counts: Counts

    def quantiles(self, shares: Array, rows: Ints) -> Array:
        """The quantiles (shares, rows) over all draws of some rows; NaN where a draw was not finite."""
        found = np.clip(self.counts.quantiles(shares, rows), self.least[rows], self.most[rows])
        return np.where(self.broken[rows], np.nan, found)


@dataclass(frozen=True)
class Ranked:
    """What a run came to in a ranking: over (others, alternatives)."""

    best: Array
    losses: Array


class KeptStatistics:
    """A sink for `run`: it adds up the statistics of units, in their order."""

    def __init__(self, asked: Asked) -> None:
        self._asked, self.draws = asked, 0
        self._whole = StatisticsPart(asked, np.int64)
        self._sums = {name: np.zeros((2, len(rows.shift))) for name, rows in asked.rows.items()}
        self._losses = {name: np.zeros(one.won.shape[:2]) for name, one in self._whole.ranks.items()}

    def part(self) -> StatisticsPart:
        """An empty part for one unit."""
        return StatisticsPart(self._asked)

    def take(self, number: int, part: StatisticsPart) -> None:
        """Add the statistics of one unit."""
        for name, own in part.sums.items():
            whole = self._whole.sums[name]
            self._sums[name] += own.lanes.folded()
            if self.draws:
                whole.counts.merge(own.counts)
            else:
                whole.counts = own.counts
            np.minimum(whole.least, own.least, out=whole.least)
            np.maximum(whole.most, own.most, out=whole.most)
            whole.broken += own.broken
        for name, ranks in part.ranks.items():
            self._whole.ranks[name].won += ranks.won
            self._losses[name] += ranks.losses.folded()[0].reshape(ranks.won.shape[:2])
        self.draws += part.draws

    def saved(self, first: int, stop: int) -> tuple[int, dict[str, Array]]:
        """The sums of all units so far, in place of what was saved before."""
        arrays: dict[str, Any] = {"draws": np.array(self.draws)}
        for name, own in self._whole.sums.items():
            arrays |= {f"{name}\n{part}": getattr(own, part) for part in _SAVED}
            arrays |= {f"{name}\ninside": own.counts.inside, f"{name}\nbeyond": own.counts.beyond_listed()}
            arrays[f"{name}\nsums"] = self._sums[name]
        for name, ranks in self._whole.ranks.items():
            arrays |= {f"{name}\nwon": ranks.won, f"{name}\nlosses": self._losses[name]}
        return 0, arrays

    def restore(self, first: int, stop: int, arrays: Mapping[str, Any]) -> None:
        """Take the sums of all units up to `stop`."""
        self.draws = int(arrays["draws"])
        for name, own in self._whole.sums.items():
            for part in _SAVED:
                setattr(own, part, arrays[f"{name}\n{part}"])
            own.counts = Counts.listed(own.counts.windows, arrays[f"{name}\ninside"], arrays[f"{name}\nbeyond"])
            self._sums[name] = arrays[f"{name}\nsums"]
        for name, ranks in self._whole.ranks.items():
            ranks.won, self._losses[name] = arrays[f"{name}\nwon"], arrays[f"{name}\nlosses"]

    def statistics(self) -> dict[str, Statistics]:
        """What the run came to, by the names of the rows."""
        return dict(self._statistics())

    def _statistics(self) -> Iterator[tuple[str, Statistics]]:
        for name, rows in self._asked.rows.items():
            own, (sums, squares) = self._whole.sums[name], self._sums[name]
            apart = sums / self.draws
            variance = np.maximum(squares / self.draws - apart**2, 0.0)
            sd = np.where(own.least == own.most, 0.0, np.sqrt(variance * self.draws / max(1, self.draws - 1)))
            mean = np.where(own.least == own.most, own.least, rows.shift + apart)
            mean = np.where(own.broken, np.nan, mean)
            counts = own.counts.coarser(rows.cells)
            yield name, Statistics(self.draws, mean, sd, own.least, own.most, own.broken, counts)

    def ranked(self) -> dict[str, Ranked]:
        """Shares and expected losses, by the names of the rankings."""
        ranks = self._whole.ranks
        return {name: Ranked(shares(one.won), self._losses[name] / self.draws) for name, one in ranks.items()}
