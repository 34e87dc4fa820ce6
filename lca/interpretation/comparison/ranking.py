"""Which alternative is smallest, draw by draw: probabilities, losses, and what is told apart (A12).

Each function takes draws over (alternatives, draws). The draws are joint, so what the alternatives share cancels.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from ...checks import Array
from ...sampling.statistics.ranks import SAME, shares, smallest, wins

#: True or False for each pair of alternatives.
Pairs = npt.NDArray[np.bool_]


def best_shares(draws: Array) -> Array:
    """The share of draws in which each alternative is the smallest; ties are shared.

    >>> best_shares(np.array([[1.0, 1.0], [1.0, 2.0]])).tolist()
    [0.75, 0.25]
    """
    return shares(wins(smallest(draws)[1]))


def expected_losses(draws: Array) -> Array:
    """The mean of what each alternative is above the smallest of its draw: max(x_i - x_j) over j, averaged.

    It is the expected opportunity loss of choosing it. That of the best choice is the most that more knowledge can
    save (expected value of perfect information; Raiffa and Schlaifer 1961).

    >>> expected_losses(np.array([[1.0, 3.0], [2.0, 1.0]])).tolist()
    [1.0, 0.5]
    """
    return np.asarray((draws - draws.min(axis=0)).mean(axis=1))


def above_shares(draws: Array, reference: int) -> Array:
    """The share of draws in which each is above the one at the place `reference`; ties count half.

    >>> above_shares(np.array([[1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 3.0, 5.0]]), 0).tolist()
    [0.5, 0.625]
    """
    apart = draws - draws[reference]
    ties = np.abs(apart) <= SAME * np.abs(draws[reference])
    return np.asarray(((apart > 0) & ~ties).mean(axis=1) + ties.mean(axis=1) / 2)


def smallest_set(best: Array, confidence: float) -> npt.NDArray[np.bool_]:
    """The fewest alternatives among which the best one is with a probability of at least `confidence`.

    The idea is Gupta's (Technometrics 7, 1965): a subset that holds the best. On draws its probability is a sum.

    >>> smallest_set(np.array([0.05, 0.6, 0.35]), 0.9).tolist()
    [False, True, True]
    """
    order = np.argsort(-best, kind="stable")
    before = np.cumsum(best[order]) - best[order]
    inside = np.zeros(len(best), bool)
    inside[order[before < confidence - SAME]] = True
    return inside


def told_apart(draws: Array, confidence: float) -> tuple[Pairs, float]:
    """(pairs that are told apart: the first is smaller, the factor c of the simultaneous intervals).

    The differences d_ij of all pairs have intervals mean +- c sd that hold at once. The factor c is the `confidence`
    quantile over draws of the largest |d_ij - mean| / sd of all pairs (max-|t|; Hothorn, Bretz and Westfall 2008). For
    independent normals of one spread c is Tukey's studentized range over sqrt(2). Differences are of logarithms where
    all draws are above 0, so that a factor that all share is in none of them.

    A pair is told apart where its interval excludes 0. It is, too, where the order is as sure as that without a normal
    shape: it fails in f of n draws, and (f + 3) / n is below 1 - Phi(c). (The 3 is an upper limit for failures that n
    draws do not show.) A shared load can make a difference wide without ever turning its sign.

    >>> pairs, c = told_apart(np.array([[1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 8.0]]), 0.9)
    >>> pairs.tolist(), round(c, 3)
    ([[False, True], [False, False]], 0.0)
    """
    values = np.log(draws) if (draws > 0).all() else draws
    least = SAME * max(1.0, float(np.abs(values).max()))  # a smaller spread is rounding
    above = draws + SAME * np.abs(draws)
    failures = np.stack([(one >= draws).mean(axis=1) for one in above])
    ratios = np.zeros(failures.shape)
    largest = np.zeros(draws.shape[1])
    for i, one in enumerate(values[:-1]):
        apart = values[i + 1 :] - one
        means = apart.mean(axis=1)
        apart -= means[:, None]
        means[np.abs(means) < least] = 0
        sd = np.maximum(np.sqrt(np.mean(apart**2, axis=1)), least)
        ratios[i, i + 1 :], ratios[i + 1 :, i] = means / sd, -means / sd
        np.maximum(largest, np.abs(apart / sd[:, None]).max(axis=0), out=largest)
    c = float(np.quantile(largest, confidence))
    return (ratios > c) | (failures + 3 / draws.shape[1] < math.erfc(c / math.sqrt(2)) / 2), c


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
