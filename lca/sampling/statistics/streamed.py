"""The sink that keeps statistics of a run: parts that merge, and what can be read from them when all is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...checks import Array
from .histogram import Counts, Ints
from .moments import LANES, Lanes
from .ranks import Ranking, Ranks, shares
from .side_by_side import SideBySide
from .sums import Rows, Sums

_SAVED = ("least", "most", "broken")


@dataclass(frozen=True)
class Asked:
    """What a run keeps statistics of: rows and rankings by name, and the values that no draw changes."""

    rows: Mapping[str, Rows]
    rankings: Mapping[str, Ranking]
    known: Mapping[str, Array] = field(default_factory=dict)
    compiled: bool = False  # whether numba adds up, as it does where it evaluates; the bits are the same


class StatisticsPart:
    """The statistics of one unit of draws. It pickles."""

    def __init__(self, asked: Asked, kind: type[np.int32] | type[np.int64] = np.int32) -> None:
        self._asked, self.draws = asked, 0
        self.sums = {name: Sums.of(rows, kind) for name, rows in asked.rows.items()}
        self.ranks = {name: _ranks(ranking, asked) for name, ranking in asked.rankings.items()}
        self._together: SideBySide | None = None

    def add(self, values: Mapping[str, Array], first: int) -> None:
        """Take the values of one step, whose draws begin at number `first`."""
        step = {**self._asked.known, **values}
        count = max(one.shape[-1] for one in values.values())
        laid = [_laid(rows.of.values(step), count) for rows in self._asked.rows.values()]
        if self._asked.compiled:
            for rows, own, made in zip(self._asked.rows.values(), self.sums.values(), laid, strict=True):
                _add_compiled(rows, own, made, first)
        elif laid:
            self._together = self._together or SideBySide(self._asked.rows.values(), self.sums.values())
            self._together.add(laid, first)
        for one in self.ranks.values():
            one.add(step, first)
        self.draws += count

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_together": None}


def _laid(values: Array, count: int) -> Array:
    """Values (labels..., n) as (rows, n), also where no draw changes them."""
    whole = values if values.shape[-1] == count else np.broadcast_to(values, (*values.shape[:-1], count))
    return whole.reshape(-1, count)


def _add_compiled(rows: Rows, own: Sums, values: Array, first: int) -> None:
    """Take draws (rows, n) by numba; rows with a value that is not finite as NumPy does."""
    from .numba_sums import add

    lanes, windows, values = own.lanes, rows.windows, np.ascontiguousarray(values).view()
    values.flags.writeable = False  # always, so that it is compiled for one kind of array
    beyond, left = np.empty((values.size, 2)), np.zeros(len(values), dtype=bool)
    found = add(values, first, rows.shift, lanes.sums, lanes.squares, own.least, own.most, windows.moved,
                windows.base, windows.shift, own.counts.inside, beyond, left)  # fmt: skip
    if found:
        own.counts.add_beyond(beyond[:found, 0].astype(np.int64), beyond[:found, 1])
    if left.any():
        together, space = SideBySide([rows], [own]), np.empty(values.shape[1] + 3 * LANES)
        for row in np.flatnonzero(left).tolist():
            together.add_rows(slice(row, row + 1), values[row : row + 1], first, space)


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
    cells: Ints  # from how many cells the quantiles of each row are read

    def quantiles(self, shares: Array, rows: Ints) -> Array:
        """The quantiles (shares, rows) over all draws of some rows; NaN where a draw was not finite."""
        found = np.empty((len(shares), len(rows)))
        for cells in np.unique(self.cells[rows]).tolist():
            at = np.flatnonzero(self.cells[rows] == cells)
            found[:, at] = self.counts.some(rows[at]).coarser(cells).quantiles(shares)
        return np.where(self.broken[rows], np.nan, np.clip(found, self.least[rows], self.most[rows]))


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
        folded = np.array(Lanes.side_by_side(own.lanes for own in part.sums.values()).folded())
        first = 0
        for name, own in part.sums.items():
            whole, rows = self._whole.sums[name], len(own.least)
            self._sums[name] += folded[:, first : first + rows]
            first += rows
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
            yield name, Statistics(self.draws, mean, sd, own.least, own.most, own.broken, own.counts, rows.cells)

    def ranked(self) -> dict[str, Ranked]:
        """Shares and expected losses, by the names of the rankings."""
        ranks = self._whole.ranks
        return {name: Ranked(shares(one.won), self._losses[name] / self.draws) for name, one in ranks.items()}
