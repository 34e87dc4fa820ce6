"""In which orders changes are made, and how the move of a whole is shared out between them.

The move of one change is the mean, over some orders, of what the result moves when it is made after those before it. In
every order these moves add up to the whole. Over all orders it is the Shapley value (Shapley 1953).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ...checks import Array, did_you_mean
from ...errors import DomainError
from ...sampling.statistics.histogram import Ints

#: So many changes are taken in all orders; of more, some orders are drawn.
MOST_EXACT = 10
#: Orders that are drawn, each with its reverse (Mitchell et al. 2022): so many at most, and of so many sets together.
_DRAWN, _SETS = 128, 1024


@dataclass(frozen=True, eq=False)
class Orders:
    """The sets of changes that are evaluated, and what each counts in the move of each change.

    Attributes
    ----------
    sets : tuple of frozenset of int
        The sets; the first has none of the changes, the last all of them.
    weights : array (changes, sets)
        A move is the sum of results times weights.
    paths : array (orders, changes + 1), or None
        Of orders that were drawn: the sets that each goes through.
    says : str
        The orders in words.
    """

    sets: tuple[frozenset[int], ...]
    weights: Array
    says: str
    paths: Ints | None = None
    orders: Ints | None = None

    def errors(self, totals: Array) -> Array:
        """Half of the 95 % interval of the mean moves (changes, ...) from the means of the sets; 0 of all orders."""
        if self.paths is None or self.orders is None:
            return np.zeros((len(self.weights), *totals.shape[1:]))
        steps = np.diff(totals[self.paths], axis=1)
        moves = np.empty_like(steps)
        np.put_along_axis(moves, self.orders.reshape(*self.orders.shape, *[1] * (totals.ndim - 1)), steps, axis=1)
        pairs = (moves[0::2] + moves[1::2]) / 2
        return np.asarray(1.96 * pairs.std(axis=0, ddof=1) / math.sqrt(len(pairs)))


def stated(order: Sequence[int]) -> Orders:
    """One order.

    >>> [sorted(one) for one in stated([1, 0]).sets]
    [[], [1], [0, 1]]
    """
    count = len(order)
    sets = tuple(frozenset(order[:done]) for done in range(count + 1))
    weights = np.zeros((count, count + 1))
    for place, change in enumerate(order):
        weights[change, place : place + 2] = -1, 1
    return Orders(sets, weights, "In the order that was stated.")


def shapley(count: int) -> Orders:
    """All orders of some changes, or orders that were drawn where these are many."""
    return _all(count) if count <= MOST_EXACT else _drawn(count)


def orders_of(names: Sequence[str], order: Sequence[str] | None) -> Orders:
    """All orders of some changes, or the one that was stated. Raises `DomainError` for one that lacks a change."""
    if order is None:
        return shapley(len(names))
    if sorted(order) != sorted(names):
        wrong = [one for one in order if one not in names or list(order).count(one) > 1]
        wrong += [one for one in names if one not in order]
        near = did_you_mean(wrong[0], names) or f"The changes are: {', '.join(names)}"
        raise DomainError.of("order_of_other_changes", "order", list(dict.fromkeys(wrong)), near=near)
    return stated([list(names).index(one) for one in order])


def _all(count: int) -> Orders:
    """All orders: a set of s changes stands before a further one in s! (n - s - 1)! of n! orders.

    >>> _all(2).weights.tolist()
    [[-0.5, 0.5, -0.5, 0.5], [-0.5, -0.5, 0.5, 0.5]]
    """
    sets = tuple(frozenset(one) for size in range(count + 1) for one in combinations(range(count), size))
    often = [1 / (count * math.comb(count - 1, size)) for size in range(count)]
    weights = np.array(
        [
            [often[len(one) - 1] if change in one else -often[len(one)] if len(one) < count else 0.0 for one in sets]
            for change in range(count)
        ]
    ).reshape(count, len(sets))
    said = f"The mean over all orders of {count} changes (Shapley)." if count > 1 else "There is one change."
    return Orders(sets, weights, said)


def _drawn(count: int) -> Orders:
    """Orders that were drawn, each with its reverse, the same for each number of changes."""
    generator = np.random.Generator(np.random.PCG64(count))
    pairs = max(4, min(_DRAWN, _SETS // count) // 2)
    half = [generator.permutation(count) for _ in range(pairs)]
    orders = np.array([one for order in half for one in (order, order[::-1])])
    places: dict[frozenset[int], int] = {frozenset(): 0}
    paths = np.array(
        [
            [places.setdefault(frozenset(order[:done].tolist()), len(places)) for done in range(count + 1)]
            for order in orders
        ]
    )
    last = paths[0, -1]  # the set of all stands last
    swap = {int(last): len(places) - 1, len(places) - 1: int(last)}
    paths = np.vectorize(lambda place: swap.get(place, place))(paths)
    sets = sorted(places, key=lambda one: swap.get(places[one], places[one]))
    weights = np.zeros((count, len(sets)))
    np.add.at(weights, (orders, paths[:, 1:]), 1 / len(orders))
    np.add.at(weights, (orders, paths[:, :-1]), -1 / len(orders))
    said = f"The mean over {len(orders)} random orders of {count} changes (Shapley); `error` is that of the orders."
    return Orders(tuple(sets), weights, said, paths, orders)
