"""Screening: what cannot matter is left out by a first cheap run, and Sobol' indices are taken of what is left.

The first run takes total indices, which bound what is left out: the total index of a set is at most the sum of those of
its members. The second run takes the set as one group, so the bound is measured there with all points.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from ...arguments import entry
from ...checks import finite_number
from ...fits import half_width
from ..draws import held_keys
from ..result import Evaluable, model_of
from ..table import Table
from .groups import grouped, independent, names_of
from .index_table import by_scatter, index_table
from .points import LEVEL, Points
from .question import question, said_of, spread_keys
from .sobol import indices

#: Points of each scrambling of the first run.
_FIRST = 64
_OTHERS = "the other {} together"


@entry
def screen(
    thing: Evaluable,
    *,
    of: str = "total",
    per: str = "total",
    groups: Mapping[str, str | Iterable[str]] | str | None = None,
    leave: float = 0.01,
    base: int = 1024,
    seed: int = 0,
    mix: Iterable[str] = (),
) -> Table:
    """Sobol' indices of the parameters that matter; the others are left out, with a bound of what they do together.

    A first run of 64 points in each scrambling takes the total indices of all. Parameters are left out, the smallest
    first, as long as the upper ends of their intervals sum to `leave` at most. They become one group of the second run,
    whose total index is what they do together. The second run then costs 8 x base x (parameters left + 3) evaluations.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What to analyse.
    of : str
        The output.
    per : str
        "total", or what to divide by, as in `summary`.
    groups : mapping of str to str or sequence of str, or "stage"
        Keys that count as one, as in `sobol`.
    leave : float, 0 to 0.5
        The share of the variance that may be left out.
    base : int
        Points of each scrambling of the second run, a power of two.
    seed : int
        The seed of the scramblings.
    mix : sequence of str
        Keys of parameters of kind model or scenario that are drawn (U8).

    Returns
    -------
    Table
        As of `sobol`, with one row for what is left out. Ranks that intervals do not tell apart are not given:
        `rank` then names all of them. `attrs["left_out"]` lists the keys or groups that were left out.

    Raises
    ------
    DomainError
        If a group names an unknown key, or a key twice, or `leave` is outside 0 to 0.5.
    MissingError
        If the output is unknown, or no parameter has a spread.

    Examples
    --------
    >>> import lca
    >>> spreads = {"a": 2, "b": 1, "c": 0.01, "d": 0.02}
    >>> a, b, c, d = (lca.parameter(key, lca.Normal(3, sd)) for key, sd in spreads.items())
    >>> screen(a + b + c + d, base=256)["total"].round(1).to_dict()
    {'a': 0.8, 'b': 0.2, 'the other 2 together': 0.0}
    """
    finite_number(leave, "leave", low=0, high=0.5)
    program, node = question(thing, of, per)
    held = held_keys(program, mix)
    chosen = grouped(model_of(thing), spread_keys(program, held, of), groups, of)
    independent(program, chosen)
    first = indices(Points(program, held, min(base, _FIRST), seed), chosen)[:, 1]
    upper = (first.mean(axis=0) + half_width(first, LEVEL)).reshape(len(chosen), -1).max(axis=1)
    order = np.argsort(upper, kind="stable")
    names = [list(chosen)[place] for place in order[np.cumsum(upper[order]) <= leave]]
    left_out = names if len(names) > 1 else []  # one alone costs as much as the group
    kept = {name: members for name, members in chosen.items() if name not in left_out}
    others = {_OTHERS.format(len(left_out)): [key for name in left_out for key in chosen[name]]} if left_out else {}
    found = indices(Points(program, held, base, seed), {**kept, **others})
    estimates = {"first": found[:, 0], "total": found[:, 1]}
    table, ranks = index_table(estimates, names_of({**kept, **others}, model_of(thing).names), node.dims, by="total")
    note = f"Sobol' indices of {said_of(of, per)} after screening: {by_scatter(ranks, base, program, held)}"
    if left_out:
        bound = float((found[:, 1, -1].mean(axis=0) + half_width(found[:, 1, -1], LEVEL)).max())
        note += (
            f"; left out: {len(left_out)} of {len(chosen)}, which together have at most {_up(bound)} of the variance"
        )
    table.attrs |= {"note": note, "left_out": left_out}
    return table


def _up(share: float) -> str:
    """A share in per cent, rounded up to two digits.

    >>> _up(0.00741), _up(0.0)
    ('0.75 %', '0 %')
    """
    step = 10.0 ** (math.floor(math.log10(share)) - 1) if share > 0 else 1.0
    return f"{100 * step * math.ceil(share / step):.2g} %"
