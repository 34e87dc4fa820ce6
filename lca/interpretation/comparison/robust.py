"""Which alternative holds up over all scenarios: probabilities, worst cases, regret and dominance (A12)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas

from ...arguments import entry
from ...checks import Array, one_of
from ...errors import MissingError
from ...graph.labels import placed
from ...sampling.statistics.ranks import SAME
from ..result import Result
from ..spread import places_of
from ..table import Table
from .cells import Cells, regrets

_OF = {"median": "medians", "mean": "means"}


@entry
def robust(
    result: Result,
    *,
    over: str,
    across: Sequence[str] | None = None,
    of: str = "median",
    per: str = "total",
    unit: str | None = None,
) -> Table:
    """How each alternative stands over all scenarios at once: a choice that has to hold in all of them (A12).

    A cell is one combination of labels of the scenarios. Cells count equally; no probability of a scenario is assumed.

    Parameters
    ----------
    result : Result
        A result with draws.
    over : str
        The dim of what is chosen, such as "engine".
    across : sequence of str
        The dims of scenarios, such as ("region", "years"); all other alternatives if not given. Those that are not
        named have rows of their own.
    of : str
        "median" or "mean": which number of a cell worst case, regret and `best_cells` are of.
    per : str
        "total", or what to divide by, as in `summary`.
    unit : str
        A mass of CO2e such as "mg CO2e".

    Returns
    -------
    Table
        A row for each alternative, the smallest largest regret first (minimax regret, Savage 1951). Columns:

        * `best`: the probability to be the smallest, draw by draw, as the mean over the cells (ties are shared).
        * `best_cells`: the share of cells in which its median (or mean) is the smallest (ties are shared).
        * `mean`: the mean over the cells and draws; `expected_loss`: how far it is above the smallest of a draw, on
          the mean.
        * `worst`, `worst_at`: its largest median (or mean), and in which cell (the worst case, Wald 1950).
        * `regret`, `regret_at`: how far its median (or mean) is above the smallest of the cell at most, and where.
        * `dominated_by`: an alternative that makes this one needless. "b, in every draw": b is never larger, in no
          draw of no cell. "b, in distribution": in every cell the distribution of b lies below (first-order
          stochastic dominance). Else "none".

    Raises
    ------
    MissingError
        If the total lacks a dim, varies over no scenarios, or has no draws.
    DomainError
        If `of` is another word, or a dim is named twice.
    UnitError
        If the unit is of another dimension.

    Examples
    --------
    >>> import lca
    >>> engine = lca.parameter("x", lca.labelled({"a": 4.0, "b": 6.0}, "kg CO2e", dim="engine"))
    >>> place = lca.parameter("y", lca.labelled({"dry": 1.0, "wet": 2.0}, "", dim="place"))
    >>> spread = lca.parameter("z", lca.Uniform(0.9, 1.1))
    >>> result = lca.monte_carlo({"total": engine * place * spread}, progress=False)
    >>> robust(result, over="engine")[["best", "dominated_by"]].to_dict("index")
    {'a': {'best': 1.0, 'dominated_by': 'none'}, 'b': {'best': 0.0, 'dominated_by': 'a, in every draw'}}
    """
    one_of(of, tuple(_OF), "number of a cell", "of")
    named = None if across is None else tuple(across)
    cells = Cells.of(result, over, named or (), per=per, unit=unit)
    if named is None:
        across = tuple(cells.dims)
    if not across:
        raise MissingError.of("no_scenarios_across", "across", over=over)
    rest = {dim: labels for dim, labels in cells.dims.items() if dim not in across}
    rows: list[dict[str, object]] = []
    for places, at in places_of(list(rest), rest):
        frame = _ranked(cells.at(list(places.values())), of)
        rows += [{**at, **{str(name): cell for name, cell in row.items()}} for row in frame.to_dict("records")]
    count = int(np.prod([len(cells.dims[dim]) for dim in across]))
    note = f"{count:,} cells of {', '.join(across)} count equally. Worst case and regret are of the {of} in a cell."
    first = ("dominated_by",) if cells.kept is not None else ("best", "expected_loss", "dominated_by")
    note += f" {cells.note}" + (f" From {cells.first}: {', '.join(first)}." if cells.first else "")
    return Table.of(rows, [*rest, over], note)


def _ranked(cells: Cells, of: str) -> pandas.DataFrame:
    """The rows of some cells, the smallest regret first; of equals, the smaller mean."""
    values: Array = getattr(cells, _OF[of])
    axes = tuple(range(values.ndim - 1))
    regret = regrets(values)
    smallest = regret <= SAME * np.abs(values)
    frame = pandas.DataFrame(
        {
            cells.over: cells.labels,
            "best": cells.best.mean(axis=axes),
            "best_cells": (smallest / smallest.sum(axis=-1, keepdims=True)).mean(axis=axes),
            "mean": cells.means.mean(axis=axes),
            "expected_loss": cells.losses.mean(axis=axes),
            "worst": values.max(axis=axes),
            "worst_at": _where(cells, values),
            "regret": regret.max(axis=axes),
            "regret_at": np.where(regret.max(axis=axes) > 0, _where(cells, regret), "none"),
            "unit": cells.unit,
        }
    )
    frame["dominated_by"] = _dominated(cells, regret.max(axis=axes))
    order = np.lexsort((frame["mean"], frame["regret"]))
    return frame.iloc[order]


def _where(cells: Cells, values: Array) -> list[str]:
    """The cell in which each alternative has its largest value."""
    flat = values.reshape(-1, values.shape[-1])
    places = (at for _, at in places_of(list(cells.dims), cells.dims))
    labels = [placed(at.items(), ", ") for at in places]
    return [labels[place] for place in flat.argmax(axis=0).tolist()]


def _dominated(cells: Cells, regret: Array) -> list[str]:
    """Who dominates each alternative, and how; of several the one with the smallest regret."""
    ways = dict(zip(("in every draw", "in distribution"), cells.dominance, strict=True))
    said = []
    for one in range(len(cells.labels)):
        by = [(way, np.flatnonzero(pairs[:, one])) for way, pairs in ways.items()]
        found = [f"{cells.labels[who[regret[who].argmin()]]}, {way}" for way, who in by if len(who)]
        said.append(found[0] if found else "none")
    return said
