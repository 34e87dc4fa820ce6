"""Which ranks of a table are told apart by its intervals, and how many points would tell the others apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...checks import Array
from ...fits import half_width
from .points import LEVEL

#: Rows below this share of the largest have no rank that a note speaks of.
_LEAST = 0.01
_ABOVE = f"above {_LEAST:.0%} of the largest"
#: More times as many points are not named.
_MOST_TIMES = 1024


def by_replicates(each: Array) -> Array:
    """Half of the interval of the mean of independent replicates, along the first axis."""
    return half_width(each, LEVEL)


@dataclass(frozen=True)
class Ranks:
    """The order of some rows, largest first, and which neighbours are told apart.

    Attributes
    ----------
    order : sequence of int
        The rows, largest first.
    groups : sequence of range
        Ranks, counted from 0: neighbours that are not told apart stand in one range.
    times : sequence of float
        For each range, how many times as many points would tell all its neighbours apart.
    counted : int
        How many ranks are of rows that are large enough to speak of.
    """

    order: Sequence[int]
    groups: Sequence[range]
    times: Sequence[float]
    counted: int

    def texts(self) -> list[str]:
        """The rank of each row, in the order of rows: "1", or "2 to 4"."""
        found = [""] * len(self.order)
        for group in self.groups:
            for rank in group:
                found[self.order[rank]] = _span(group)
        return found


def ranks_of(estimates: Array, half: Callable[[Array], Array], least: float | None = None) -> Ranks:
    """The ranks of rows from estimates (replicates, rows).

    `half` gives half of the interval of the mean of replicates. Two neighbours are told apart where the interval of
    their difference excludes 0. The difference is taken within each replicate, so that what both share cancels. The
    error falls at least with the root of the points, hence the number of times: (half of the interval /
    difference)^2. Rows below `least` are not spoken of; if it is not given, those below 1 % of the largest.

    >>> apart = np.array([[5.0, 1.0, 1.1], [5.1, 1.2, 1.0], [4.9, 1.1, 1.2]])
    >>> ranks_of(apart, by_replicates).texts()
    ['1', '2 to 3', '2 to 3']
    """
    mean = estimates.mean(axis=0)
    order = np.argsort(-mean, kind="stable")
    differences = estimates[:, order[:-1]] - estimates[:, order[1:]]
    between, wide = differences.mean(axis=0), half(differences)
    with np.errstate(invalid="ignore", divide="ignore"):
        times = np.where(between > wide, 0.0, np.nan_to_num((wide / between) ** 2, nan=np.inf))
    ends = [0, *(np.flatnonzero(times == 0) + 1).tolist(), len(order)]
    groups = [range(first, last) for first, last in pairwise(ends) if first < last]
    needed = [max(times[group.start : group.stop - 1], default=0.0) for group in groups]
    counted = int((mean >= (_LEAST * mean.max(initial=0.0) if least is None else least)).sum())
    return Ranks(order.tolist(), groups, [float(one) for one in needed], counted)


def convergence(every: Sequence[Ranks], base: int, points: str, counted: str = _ABOVE) -> str:
    """What a table says of its order: whether so many points are enough for it, and if not how many would be.

    `points` is how they are written, such as "base {:,}", and `counted` which ranks are spoken of.

    >>> apart = np.array([[5.0, 1.0, 1.1], [5.1, 1.2, 1.0], [4.9, 1.1, 1.2]])
    >>> convergence([ranks_of(apart, by_replicates)], 64, "base {:,}")
    'not told apart at base 64: ranks 2 to 3 (alike)'
    """
    if len(every) == 1:
        said = [_needed(one, group, times, base, points) for one in every for group, times in _unsure(one)]
        return (
            f"not told apart at {points.format(base)}: {'; '.join(said)}"
            if said
            else f"all ranks {counted} are told apart"
        )
    firsts = min(min([group.start for group, _ in _unsure(one)], default=one.counted) for one in every)
    unsure = sum(1 for one in every if _unsure(one))
    if not unsure:
        return f"all ranks {counted} are told apart for each alternative"
    start = f"the first {firsts} are told apart for each alternative; " if firsts else ""
    return f"{start}at {points.format(base)} some ranks are not told apart for {unsure} of {len(every)} alternatives"


def _unsure(ranks: Ranks) -> list[tuple[range, float]]:
    """The ranges that are not told apart, as far as their rows are large enough."""
    found = [(range(g.start, min(g.stop, ranks.counted)), t) for g, t in zip(ranks.groups, ranks.times, strict=True)]
    return [(group, times) for group, times in found if len(group) > 1]


def _needed(ranks: Ranks, group: range, times: float, base: int, points: str) -> str:
    if times > _MOST_TIMES:
        return f"ranks {_span(group)} (alike)"
    needed = points.format(base * 2 ** math.ceil(math.log2(max(times, 2))))
    return f"ranks {_span(group)} (about {needed} would)"


def _span(group: range) -> str:
    return f"{group.start + 1}" if len(group) == 1 else f"{group.start + 1} to {group.stop}"
