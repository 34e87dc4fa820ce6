"""Shapley effects: the variance shared out among inputs, also where they depend on each other (U11).

The worth of a set of players is c(u) = E[Var(Y | all but u)], and a player gets the mean of what it adds to the sets of
the others (Owen 2014, SIAM/ASA J. Uncertain. Quantif. 2, 245-251; Song, Nelson and Staum 2016, ibid. 4, 1060-1083).
c(u) = E[(f(A) - f(A with u drawn anew, given the rest))^2] / 2, which is Jansen's estimator for a set of inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from math import factorial

import numpy as np

from ...arguments import entry
from ...checks import Array, finite_number
from ...graph.program import Program
from ..draws import held_keys
from ..result import Evaluable, model_of
from ..table import Table
from .groups import grouped, names_of
from .index_table import by_scatter, index_table
from .points import SCRAMBLINGS, Pairs, Points
from .question import question, said_of, spread_keys
from .sobol import total_order

#: Up to so many players all sets are taken, beyond random orders of them.
EXACT = 10
#: Points of a scrambling that choose which parameters are players of their own.
_FIRST = 128
_OTHERS = "the other {} together"


@entry
def shapley(
    thing: Evaluable,
    *,
    of: str = "total",
    per: str = "total",
    groups: Mapping[str, str | Iterable[str]] | str | None = None,
    most: int = 9,
    base: int = 256,
    orders: int = 32,
    seed: int = 0,
    mix: Iterable[str] = (),
) -> Table:
    """Shapley effects: shares of the variance that sum to 1, with 90 % intervals.

    What several inputs do together is shared out equally among them. So the effects sum to 1 for independent and for
    correlated inputs, which Sobol' indices do not (U11). They cost 8 x base x 2^players evaluations up to 10 players.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What to analyse.
    of : str
        The output.
    per : str
        "total", or what to divide by, as in `summary`.
    groups : mapping of str to str or sequence of str, or "stage"
        Keys that are one player, as in `sobol`.
    most : int
        How many players are on their own. The others, with the smallest effects in a first run, are one player
        together. From 10 on, sets are taken in random orders and not all.
    base : int
        Points of each scrambling, a power of two.
    orders : int
        Of more than 10 players: random orders for each scrambling, each with its reverse.
    seed : int
        The seed of the scramblings and orders.
    mix : sequence of str
        Keys of parameters of kind model or scenario that are drawn (U8).

    Returns
    -------
    Table
        Columns `shapley`, `shapley_low`, `shapley_high`, `rank`; a row for each player, largest first.

    Raises
    ------
    DomainError
        If a group names an unknown key, or a key twice.
    MissingError
        If the output is unknown, or no parameter has a spread.

    Examples
    --------
    >>> import lca
    >>> a = lca.parameter("a", lca.Normal("3 kWh at_wall", "2 kWh at_wall"))
    >>> b = lca.parameter("b", lca.Normal("3 kWh at_wall", "1 kWh at_wall"))
    >>> shapley(a + b)["shapley"].round(2).to_dict()
    {'a': 0.8, 'b': 0.2}
    """
    finite_number(most, "most", low=1, whole=True)
    finite_number(orders, "orders", low=1, whole=True)
    program, node = question(thing, of, per)
    held = held_keys(program, mix)
    players = grouped(model_of(thing), spread_keys(program, held, of), groups, of)
    if len(players) > most + 1:
        players = _joined(players, _largest(Points(program, held, min(base, _FIRST), seed), players, most))
    exact = len(players) <= EXACT
    found = (
        _of_all_sets(program, held, base, seed, players)
        if exact
        else _of_orders(program, held, base, seed, players, orders)
    )
    table, ranks = index_table({"shapley": found}, names_of(players, model_of(thing).names), node.dims, by="shapley")
    how = "all sets of players" if exact else f"{2 * orders} orders of players each"
    table.attrs["note"] = f"Shapley effects of {said_of(of, per)}, {how}: {by_scatter(ranks, base, program, held)}"
    return table


def worth(pairs: Pairs, keys: Sequence[str]) -> Array:
    """c(u) V = E[Var(Y | all but u)] at a block of points: (labels..., scramblings)."""
    return total_order(pairs.change(keys))


def _largest(points: Points, players: Mapping[str, Sequence[str]], most: int) -> list[str]:
    """The players with the largest effects, alone or with others, whichever the alternative.

    With dependence neither bounds a Shapley effect, so the larger of both counts: c({i}), and what knowing i leaves
    less, c(all) - c(all but i).
    """
    every = [key for members in players.values() for key in members]

    def of(pairs: Pairs) -> Array:
        alone = [worth(pairs, members) for members in players.values()]
        rest = [worth(pairs, [key for key in every if key not in set(members)]) for members in players.values()]
        return np.stack([total_order(pairs.b - pairs.a), *alone, *rest])

    found = points.means(of).mean(axis=0).reshape(1 + 2 * len(players), -1)
    alone, known = found[1 : 1 + len(players)], found[0] - found[1 + len(players) :]
    size = (np.maximum(alone, known) / np.where(found[0] > 0, found[0], 1)).max(axis=1)
    return [list(players)[place] for place in np.argsort(-size, kind="stable")[:most]]


def _joined(players: Mapping[str, list[str]], own: Sequence[str]) -> dict[str, list[str]]:
    """The players with all but some of them as one."""
    rest = [name for name in players if name not in own]
    joined = {name: members for name, members in players.items() if name in own}
    return {**joined, _OTHERS.format(len(rest)): [key for name in rest for key in players[name]]}


def _of_all_sets(
    program: Program, held: Iterable[str], base: int, seed: int, players: Mapping[str, Sequence[str]]
) -> Array:
    """Estimates (scramblings, players, labels...): what each player adds to every set of the others, weighed."""
    members, count = list(players.values()), len(players)

    def of(pairs: Pairs) -> Array:
        whole = total_order(pairs.b - pairs.a)
        sets = [
            [key for at, keys in enumerate(members) if mask >> at & 1 for key in keys] for mask in range(1 << count)
        ]
        return np.stack([np.zeros_like(whole), *(worth(pairs, keys) for keys in sets[1:-1]), whole])

    means = Points(program, held, base, seed).means(of)
    return _normed(np.tensordot(_weights(count), means, axes=(1, 1)).swapaxes(0, 1))


def _weights(count: int) -> Array:
    """(players, sets): how much the worth of a set counts for a player.

    What a player adds to a set u of others has the weight |u|! (d - |u| - 1)! / d!.
    """
    made = np.zeros((count, 1 << count))
    for mask in range(1 << count):
        size = mask.bit_count()
        for player in range(count):
            before = size - (mask >> player & 1)  # players of the set without this one
            weight = factorial(before) * factorial(count - before - 1) / factorial(count)
            made[player, mask] = weight if mask >> player & 1 else -weight
    return made


def _of_orders(
    program: Program, held: Iterable[str], base: int, seed: int, players: Mapping[str, Sequence[str]], orders: int
) -> Array:
    """Estimates (scramblings, players, labels...) from random orders: what each player adds to those before it."""
    members, found = list(players.values()), []
    points = Points(program, held, base, seed)
    for number in range(SCRAMBLINGS):
        random = np.random.default_rng([seed, number])
        taken = [random.permutation(len(members)).tolist() for _ in range(orders)]
        taken += [one[::-1] for one in taken]  # an order and its reverse err in opposite ways (Mitchell et al. 2022)

        found.append(points.scrambling(number).means(partial(_added, members=members, taken=taken))[0])
    return _normed(np.stack(found))


def _added(pairs: Pairs, members: Sequence[Sequence[str]], taken: Sequence[Sequence[int]]) -> Array:
    """The mean over some orders of what each player adds: (players, labels..., scramblings)."""
    whole = total_order(pairs.b - pairs.a)
    known: dict[frozenset[int], Array] = {frozenset(): np.zeros_like(whole), frozenset(range(len(members))): whole}
    made = np.zeros((len(members), *whole.shape))
    for order in taken:
        before: frozenset[int] = frozenset()
        for player in order:
            after = before | {player}
            if after not in known:
                known[after] = worth(pairs, [key for one in sorted(after) for key in members[one]])
            made[player] += known[after] - known[before]
            before = after
    return made / len(taken)


def _normed(found: Array) -> Array:
    """Shares of the whole of each scrambling, which is the variance; without variance no share."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num(found / found.sum(axis=1, keepdims=True), nan=0.0, posinf=0.0, neginf=0.0)
