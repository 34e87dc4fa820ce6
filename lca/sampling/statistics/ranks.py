"""How often each alternative is the smallest of a draw, in whole numbers, and how far it is above the smallest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ...checks import Array
from .derived import Derived
from .histogram import Ints
from .moments import LANES, Lanes

#: Results of different shapes agree to this only, so closer ones are ties (U7).
SAME = 1e-12
#: True or False for each alternative and draw.
Marks: TypeAlias = npt.NDArray[np.bool_]


def smallest(draws: Array) -> tuple[Array, Marks]:
    """(the smallest of each draw, which alternatives are it) of draws (..., alternatives, draws); ties are all marked.

    >>> smallest(np.array([[1.0, 1.0], [1.0, 2.0]]))[1].tolist()
    [[True, True], [True, False]]
    """
    lowest = draws.min(axis=-2, keepdims=True)
    return lowest, draws <= lowest + SAME * np.abs(lowest)


def wins(marked: Marks) -> Ints:
    """(..., alternatives, k): in how many draws each is among k + 1 that are the smallest together.

    >>> wins(smallest(np.array([[1.0, 1.0], [1.0, 2.0]]))[1]).tolist()
    [[1, 1], [0, 1]]
    """
    ties = marked.sum(axis=-2, keepdims=True, dtype=np.int16)
    counts = np.zeros((*marked.shape[:-1], marked.shape[-2]), dtype=np.int64)
    for size in np.unique(ties).tolist():
        counts[..., size - 1] = np.count_nonzero(marked & (ties == size), axis=-1)
    return counts


def shares(counts: Ints) -> Array:
    """The share of draws in which each is the smallest, with ties shared, from `wins`.

    >>> shares(wins(smallest(np.array([[1.0, 1.0], [1.0, 2.0]]))[1])).tolist()
    [0.75, 0.25]
    """
    weights = 1.0 / np.arange(1, counts.shape[-1] + 1)
    won = (counts * weights).sum(axis=-1)
    return np.asarray(won / won.sum(axis=-1, keepdims=True))


@dataclass(frozen=True)
class Ranking:
    """Alternatives along an axis of some values, to be ranked draw by draw."""

    of: Derived
    axis: int

    def laid(self, step: Mapping[str, Array]) -> Array:
        """The values (others, alternatives, draws)."""
        values = np.moveaxis(self.of.values(step), self.axis, -2)
        return values.reshape(-1, *values.shape[-2:])


@dataclass
class Ranks:
    """What is counted for a ranking: wins (others, alternatives, ties), and losses, the distances to the smallest."""

    ranking: Ranking
    won: Ints
    losses: Lanes

    @classmethod
    def of(cls, ranking: Ranking, others: int, alternatives: int) -> Ranks:
        """No draws yet."""
        return cls(ranking, np.zeros((others, alternatives, alternatives), np.int64), Lanes.of(others * alternatives))

    def add(self, step: Mapping[str, Array], first: int) -> None:
        """Take the values of a step."""
        laid = self.ranking.laid(step)
        lowest, marked = smallest(laid)
        self.won += wins(marked)
        rows = laid.shape[1]
        space = np.empty(rows * (laid.shape[2] + 3 * LANES))
        for group, (values, low) in enumerate(zip(laid, lowest, strict=True)):
            at = slice(group * rows, (group + 1) * rows)
            self.losses.add(at, values - low, np.zeros(rows), first, space)
