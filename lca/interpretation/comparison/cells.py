"""Alternatives in every cell of a grid of scenarios: who is best there, how surely, and who dominates whom (A12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ...checks import Array
from ...errors import DomainError, MissingError
from ...graph.labels import Label
from ...sampling.statistics.ranks import SAME, shares, smallest, wins
from ..result import Result
from ..spread import laid
from .rivals import Rivals, rivals

#: Numbers of draws of some cells that are worked on together.
_BLOCK = 1 << 22


@dataclass(frozen=True, eq=False)
class Cells:
    """Alternatives over the cells of some dims. Arrays are over (cells..., alternatives).

    `medians` and `means` are of all draws. `draws` may be the first of them; `best` and `losses` are of all draws where
    the run kept these over the alternatives, else of `draws`. `first` says what comes from the first draws.
    """

    over: str
    labels: tuple[Label, ...]
    dims: dict[str, tuple[Label, ...]]
    unit: str
    note: str
    medians: Array
    means: Array
    draws: Array
    kept: tuple[Array, Array] | None
    first: str

    @classmethod
    def of(cls, result: Result, over: str, across: Sequence[str], *, per: str, unit: str | None) -> Cells:
        """The cells of a result. The dims that are neither `over` nor `across` come first among those of the cells.

        Raises `MissingError` for a dim that the total does not have, and for a result without draws; `DomainError` for
        a dim that is named twice.
        """
        compared = rivals(result, over, per=per, unit=unit)
        others = compared.others
        if strange := [dim for dim in across if dim not in others]:
            raise MissingError.of("no_alternatives_over", "across", dim=strange[0], dims=", ".join(others) or "none")
        if twice := [dim for dim in across if across.count(dim) > 1]:
            raise DomainError.of("dim_across_twice", "across", dim=twice[0])
        order = [*(dim for dim in others if dim not in across), *across, over]
        labels = {dim: tuple(compared.values[dim].values.tolist()) for dim in order}
        medians, means = (
            _laid(compared, one, labels) for one in (compared.spread.quantiles["p50"], compared.spread.mean)
        )
        paired, kept = compared.paired, None
        if paired is not None:
            shape = tuple(map(len, labels.values()))
            held = (laid(order, paired.excess.dims, one) for one in (paired.best, paired.losses / compared.factor))
            best, losses = (np.broadcast_to(one, shape) for one in held)
            kept = best, losses
        draws = compared.values.transpose(*order, "draw").values
        dims = {dim: every for dim, every in labels.items() if dim != over}
        return cls(over, labels[over], dims, compared.unit, compared.note, medians, means, draws, kept, compared.first)

    def at(self, places: Sequence[int]) -> Cells:
        """The cells at places along the first dims, without these."""
        where, gone = tuple(places), len(places)
        kept = None if self.kept is None else (self.kept[0][where], self.kept[1][where])
        return replace(
            self, dims=dict(list(self.dims.items())[gone:]), medians=self.medians[where], means=self.means[where],
            draws=self.draws[where], kept=kept,
        )  # fmt: skip

    def _blocks(self) -> Iterator[tuple[slice, Array]]:
        """(which cells, their draws (cells, alternatives, draws)), so many at a time that memory stays small."""
        flat = self.draws.reshape(-1, *self.draws.shape[-2:])
        size = max(1, _BLOCK // (flat.shape[1] * flat.shape[2]))
        for start in range(0, len(flat), size):
            yield slice(start, start + size), flat[start : start + size]

    @cached_property
    def _ranked(self) -> tuple[Array, Array]:
        if self.kept is not None:
            return self.kept
        best, losses = (np.empty((int(np.prod(self.medians.shape[:-1])), len(self.labels))) for _ in range(2))
        for at, draws in self._blocks():
            lowest, marked = smallest(draws)
            best[at], losses[at] = shares(wins(marked)), (draws - lowest).mean(axis=-1)
        return best.reshape(self.medians.shape), losses.reshape(self.medians.shape)

    @property
    def best(self) -> Array:
        """The share of draws in which each is the smallest; ties are shared."""
        return self._ranked[0]

    @property
    def losses(self) -> Array:
        """The mean of what each is above the smallest of its draw: the expected loss of choosing it."""
        return self._ranked[1]

    @cached_property
    def dominance(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """(i dominates j in every draw of every cell, i dominates j in distribution in every cell), over pairs (i, j).

        In every draw: never larger, and smaller in one. In distribution (first-order stochastic dominance, Hadar and
        Russell 1969): in every cell the k-th smallest draw of i is at most that of j, for all k, and smaller for one.
        """
        many = len(self.labels)
        stats = np.stack([self.medians, self.means]).reshape(-1, many)
        by_draws = ~_any_above(stats.T)  # who is above another in a mean cannot dominate it
        np.fill_diagonal(by_draws, False)
        ways = [by_draws, by_draws.copy()]  # draw by draw, and in order
        smaller = [np.zeros_like(pairs) for pairs in ways]
        for _, draws in self._blocks():
            for way, (pairs, less) in enumerate(zip(ways, smaller, strict=True)):
                values = np.sort(draws, axis=-1) if way and pairs.any() else draws
                for i, j in zip(*np.nonzero(pairs), strict=True):
                    pairs[i, j] = not _above(values[:, i], values[:, j]).any()
                    less[i, j] |= _above(values[:, j], values[:, i]).any()
        return ways[0] & smaller[0], ways[1] & smaller[1]


def regrets(values: Array) -> Array:
    """How far each alternative is above the smallest of its cell, for values (cells..., alternatives): Savage's regret.

    Of the largest regret of each, the smallest is the minimax regret (Savage, J. Am. Stat. Assoc. 46, 1951).

    >>> regrets(np.array([[1.0, 3.0], [5.0, 2.0]])).max(axis=0).tolist()
    [3.0, 2.0]
    """
    return np.asarray(values - values.min(axis=-1, keepdims=True))


def _laid(compared: Rivals, values: Array, labels: dict[str, tuple[Label, ...]]) -> Array:
    """Statistics over all dims in their order, in the unit that was asked for."""
    made = laid([*labels], compared.spread.dims, values) / compared.factor
    return np.broadcast_to(made, tuple(map(len, labels.values())))


def _above(one: Array, other: Array) -> npt.NDArray[np.bool_]:
    """Where one is larger than another by more than rounding."""
    return np.asarray(one - other > SAME * np.abs(other))


def _any_above(values: Array) -> npt.NDArray[np.bool_]:
    """Whether i is above j anywhere, over pairs (i, j), for values (alternatives, n)."""
    return np.array([[bool(_above(one, other).any()) for other in values] for one in values])
