"""What drives the spread: Sobol' indices of parameters, groups and pairs (U11).

Estimators: first order after Saltelli et al. 2010 (Comput. Phys. Commun. 181, table 2, b), total order after Jansen
1999 (ibid., table 2, f). For pairs the same two ideas are applied to the interaction, a difference of four values:
Saltelli 2002 (Comput. Phys. Commun. 145, 280-297) and Liu and Owen 2006 (J. Am. Stat. Assoc. 101, 712-721). Each is
taken on several independent scramblings of Sobol' points; the scatter between scramblings gives the interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

from ...arguments import entry
from ...checks import Array, finite_number
from ...fits import half_width
from ..draws import held_keys
from ..result import Evaluable, model_of
from ..table import Table
from .groups import grouped, independent, names_of
from .index_table import by_scatter, index_table
from .points import LEVEL, Pairs, Points, shares, variance
from .question import question, said_of, spread_keys

#: How the key of a pair is written.
_PAIR = "{} x {}"


def first_order(f_b: Array, change: Array) -> Array:
    """S_i V = E[f(B) (f(A_B^i) - f(A))] from the change in brackets (Saltelli et al. 2010, table 2, b)."""
    return np.asarray(np.einsum("...i,...i->...", f_b, change) / change.shape[-1])


def total_order(change: Array) -> Array:
    """T_i V = E[(f(A) - f(A_B^i))^2] / 2 from the change in brackets (Jansen 1999; ibid., table 2, f)."""
    return np.asarray(np.einsum("...i,...i->...", change, change) / (2 * change.shape[-1]))


def pair_first(f_b: Array, interaction: Array) -> Array:
    """S_ij V = E[f(B) I] with I = f(A_B^ij) - f(A_B^i) - f(A_B^j) + f(A).

    E[f(B) f(A_B^u)] is the closed index of u (Saltelli 2002), so the four terms leave what i and j do together alone.
    """
    return first_order(f_b, interaction)


def pair_total(interaction: Array) -> Array:
    """The variance of all effects in which both take part: E[I^2] / 4 (Liu and Owen 2006, theorem 1)."""
    return total_order(interaction) / 2


@entry
def sobol(
    thing: Evaluable,
    *,
    of: str = "total",
    per: str = "total",
    groups: Mapping[str, str | Iterable[str]] | str | None = None,
    order: int = 1,
    among: int = 6,
    base: int = 1024,
    seed: int = 0,
    mix: Iterable[str] = (),
) -> Table:
    """First-order and total Sobol' indices of every parameter with a spread, with 90 % intervals.

    Estimators: Saltelli et al. 2010 (table 2, b) for the first order and Jansen 1999 (table 2, f there) for the
    total, on 8 scramblings of Sobol' points. They cost 8 x base x (parameters + 2) evaluations, of which each runs only
    what depends on its parameter.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What to analyse.
    of : str
        The output.
    per : str
        "total", or what to divide by, as in `summary`.
    groups : mapping of str to str or sequence of str, or "stage"
        Keys that count as one, by a name for the group. A key may be a pattern with `*`, such as
        {"grid": "electricity/*"}. Other keys stand alone. "stage" groups all parameters by the stages that they enter.
    order : int, 1 or 2
        2 adds a row for each pair of the parameters with the largest total.
    among : int
        From how many parameters pairs are made, with `order=2`.
    base : int
        Points of each scrambling, a power of two.
    seed : int
        The seed of the scramblings.
    mix : sequence of str
        Keys of parameters of kind model or scenario that are drawn (U8).

    Returns
    -------
    Table
        Columns `first`, `first_low`, `first_high`, `total`, `total_low`, `total_high`; a row for each parameter,
        largest total first. With alternatives there are rows for each. All labels of a parameter count as one. `rank`
        names the ranks that intervals tell apart. With `order=2` the column `order` says whether a row is a parameter
        or a pair. `first` of a pair is what the two do together alone, and `total` what they do together with others.
        `interactions` is total minus first.

    Raises
    ------
    DomainError
        If a group names an unknown key, or a key twice, or `order` is neither 1 nor 2.
    MissingError
        If the output is unknown, or no parameter has a spread, or there are no stages to group by.

    Examples
    --------
    >>> import lca
    >>> a = lca.parameter("a", lca.Normal("3 kWh at_wall", "2 kWh at_wall"))
    >>> b = lca.parameter("b", lca.Normal("3 kWh at_wall", "1 kWh at_wall"))
    >>> sobol(a + b, base=256)["first"].round(1).to_dict()
    {'a': 0.8, 'b': 0.2}
    """
    finite_number(order, "order", low=1, high=2, whole=True)
    finite_number(among, "among", low=2, whole=True)
    program, node = question(thing, of, per)
    held = held_keys(program, mix)
    chosen = grouped(model_of(thing), spread_keys(program, held, of), groups, of)
    independent(program, chosen)
    points = Points(program, held, base, seed)
    found, names, orders = indices(points, chosen), names_of(chosen, model_of(thing).names), [1] * len(chosen)
    more, together = {}, ""
    if order == 2:
        together = "" if node.dims else _together(found[:, 0])
        pairs = _pairs(found, list(chosen), among)
        found = np.concatenate([found, interactions(points, chosen, pairs)], axis=2)
        orders += [2] * len(pairs)
        names |= {_PAIR.format(*pair): _PAIR.format(*(names[one] for one in pair)) for pair in pairs}
        more = {"order": orders}
    estimates = {"first": found[:, 0], "total": found[:, 1]}
    estimates |= {"interactions": found[:, 1] - found[:, 0]} if order == 2 else {}
    table, ranks = index_table(estimates, names, node.dims, by="total", more=more)
    table.attrs["note"] = f"Sobol' indices of {said_of(of, per)}: {together}{by_scatter(ranks, base, program, held)}"
    return table


def _together(first: Array) -> str:
    """The share of the variance that all interactions make together: what first-order indices leave."""
    rest = 1 - first.sum(axis=1)
    middle, half = 100 * float(rest.mean()), 100 * float(half_width(rest, LEVEL))
    return f"all interactions together: {middle:.2g} % ({middle - half:.2g} to {middle + half:.2g}); "


def indices(points: Points, groups: Mapping[str, Sequence[str]]) -> Array:
    """Estimates (scramblings, first or total, groups, labels...) as shares of the variance."""

    def of(pairs: Pairs) -> Array:
        changes = (pairs.change(members) for members in groups.values())
        found = [(first_order(pairs.b, change), total_order(change)) for change in changes]
        return np.concatenate([variance(pairs), *map(np.stack, zip(*found, strict=True))])

    means = points.means(of)
    apart = means[:, 2:].reshape(len(means), 2, len(groups), *means.shape[2:])
    return shares(apart, means[:, :2])


def _pairs(found: Array, names: Sequence[str], among: int) -> list[tuple[str, str]]:
    """Pairs of the parameters with the largest total, whichever the alternative."""
    share = found[:, 1].mean(axis=0).reshape(len(names), -1).max(axis=1)
    largest = sorted(np.argsort(-share, kind="stable")[:among].tolist())
    return list(combinations([names[place] for place in largest], 2))


def interactions(points: Points, groups: Mapping[str, Sequence[str]], pairs: Sequence[tuple[str, str]]) -> Array:
    """Estimates (scramblings, first or total, pairs, labels...) of what two do together, as shares of the variance."""
    single = list(dict.fromkeys(name for pair in pairs for name in pair))

    def of(block: Pairs) -> Array:
        alone = {name: block.change(groups[name]) for name in single}
        found = []
        for one, other in pairs:
            together = block.change([*groups[one], *groups[other]]) - alone[one] - alone[other]
            found.append((pair_first(block.b, together), pair_total(together)))
        return np.concatenate([variance(block), *map(np.stack, zip(*found, strict=True))])

    means = points.means(of)
    return shares(means[:, 2:].reshape(len(means), 2, len(pairs), *means.shape[2:]), means[:, :2])
