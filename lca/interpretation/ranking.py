"""Which alternative is smallest, draw by draw: probabilities, losses, and orders that hold together (A12).

Each function takes draws over (alternatives, draws). The draws are joint, so what the alternatives share cancels.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from ..checks import Array

#: True or False for each pair of alternatives.
Pairs = npt.NDArray[np.bool_]
#: Results of different shapes agree to this only, so closer ones are ties (U7).
SAME = 1e-12


def best_shares(draws: Array) -> Array:
    """The share of draws in which each alternative is the smallest; ties are shared.

    >>> best_shares(np.array([[1.0, 1.0], [1.0, 2.0]])).tolist()
    [0.75, 0.25]
    """
    lowest = draws.min(axis=0)
    smallest = draws <= lowest + SAME * np.abs(lowest)
    return np.asarray((smallest / smallest.sum(axis=0)).mean(axis=1))


def expected_losses(draws: Array) -> Array:
    """The mean of what each alternative is above the smallest of its draw: max(x_i - x_j) over j, averaged.

    It is the expected opportunity loss of choosing it. That of the best choice is the most that more knowledge can
    save (expected value of perfect information; Raiffa and Schlaifer 1961).

    >>> expected_losses(np.array([[1.0, 3.0], [2.0, 1.0]])).tolist()
    [1.0, 0.5]
    """
    return np.asarray((draws - draws.min(axis=0)).mean(axis=1))


def smallest_set(shares: Array, confidence: float) -> npt.NDArray[np.bool_]:
    """The fewest alternatives among which the best one is with a probability of at least `confidence`.

    The idea is Gupta's (Technometrics 7, 1965): a subset that holds the best. On draws its probability is a sum.

    >>> smallest_set(np.array([0.05, 0.6, 0.35]), 0.9).tolist()
    [False, True, True]
    """
    order = np.argsort(-shares, kind="stable")
    before = np.cumsum(shares[order]) - shares[order]
    inside = np.zeros(len(shares), bool)
    inside[order[before < confidence - SAME]] = True
    return inside


def told_apart(draws: Array, confidence: float) -> tuple[Pairs, float]:
    """(pairs that are told apart: the first is smaller, the probability that each of these orders exceeds).

    An order x_i < x_j has a probability p_ij, the share of draws in which it holds. All orders with p_ij > t hold at
    once with a probability P(t), the share of draws in which none of them fails. t is the smallest value for which
    P(t) reaches `confidence`. This is a simultaneous statement from joint draws (Held, J. Comput. Graph. Stat. 13,
    2004), by the max-T rule with the probability of an order as its statistic. So neither the scale of a draw nor
    the shape of a distribution matters. Which of two orders is the likelier can be chance of the draws: an order
    counts only if it exceeds t by two standard errors of such a difference, 2 sqrt(2 t (1 - t) / draws).

    >>> pairs, needed = told_apart(np.array([[1.0, 1.0, 1.0, 1.0], [2.0, 2.0, 2.0, 0.5]]), 0.7)
    >>> pairs.tolist(), needed
    ([[False, True], [False, False]], 0.0)
    """
    above = draws + SAME * np.abs(draws)
    orders = np.stack([(one < draws).mean(axis=1) for one in above])
    likeliest_failure = np.zeros(draws.shape[1])
    for one, shares in zip(above, orders, strict=True):
        uncertain = np.flatnonzero((shares >= 0.5) & (shares < 1))
        if uncertain.size:
            failed = np.where(one < draws[uncertain], 0.0, shares[uncertain, None])
            np.maximum(likeliest_failure, failed.max(axis=0), out=likeliest_failure)
    held = float(np.quantile(likeliest_failure, confidence, method="inverted_cdf"))
    needed = held + 2 * math.sqrt(2 * held * (1 - held) / draws.shape[1])
    return (orders > needed) & (orders >= 0.5), needed


def letters(apart: Pairs, order: Sequence[int]) -> list[str]:
    """Letters for each alternative: two that share one are not told apart, two that share none are.

    The compact letter display of Piepho (J. Comput. Graph. Stat. 13, 2004): all groups start as one, and each pair
    that is told apart splits the groups that hold both. `order` says in which order letters are given.

    >>> apart = np.array([[False, False, True], [False, False, False], [False, False, False]])
    >>> letters(apart, [0, 1, 2])
    ['a', 'ab', 'b']
    """
    groups = [frozenset(range(len(order)))]
    for i, j in zip(*np.nonzero(apart), strict=True):
        split = [group for group in groups if i in group and j in group]
        groups = [group for group in groups if group not in split]
        for part in (group - {one} for group in split for one in (int(i), int(j))):
            if not any(part <= group for group in groups):
                groups.append(part)
    place = {alternative: position for position, alternative in enumerate(order)}
    groups.sort(key=lambda group: sorted(place[one] for one in group))
    named = list(zip(_names(), groups))  # noqa: B905  (names have no end)
    return ["".join(name for name, group in named if one in group) for one in range(len(order))]


def _names() -> Iterator[str]:
    """a to z, then a2 to z2, and so on."""
    number = 1
    while True:
        yield from (f"{letter}{number if number > 1 else ''}" for letter in string.ascii_lowercase)
        number += 1
