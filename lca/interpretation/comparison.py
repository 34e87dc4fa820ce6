"""Comparing alternatives draw by draw, on the same random numbers (A12)."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas
import xarray

from ..arguments import entry
from ..errors import MissingError
from .result import Result, by_label, quantiles
from .summary import divisor, in_unit, per_note
from .table import Table

#: Results of different shapes agree to this only, so closer ones are ties (U7).
_SAME = 1e-12


@entry
def compare(result: Result, *, over: str, per: str = "total", unit: str | None = None) -> Table:
    """Rank alternatives, draw by draw on the same random numbers (A12).

    Parameters
    ----------
    result : Result
        A result with draws.
    over : str
        A dim of alternatives.
    per : str
        "total", or what to divide by, as in `summary`.
    unit : str
        A mass of CO2e such as "mg CO2e".

    Returns
    -------
    Table
        A row for each alternative, smallest median first. Columns: `mean`, `p5`, `p50`, `p95`, `unit`. `best` is the
        share of draws in which it is the smallest (ties are shared). `excess_p5`, `excess_p50` and `excess_p95` are its
        difference to the alternative with the smallest median, draw by draw. `ratio_p5`, `ratio_p50` and `ratio_p95`
        are its multiples of it.

    Raises
    ------
    MissingError
        If the total does not vary over that dim, or has no draws.
    UnitError
        If the unit is of another dimension.

    Examples
    --------
    >>> import lca
    >>> joules = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(6, 1)}, "kg CO2e", dim="engine")
    >>> result = lca.monte_carlo({"total": lca.parameter("x", joules)}, progress=False)
    >>> compare(result, over="engine")["best"].round(1).to_dict()
    {'a': 0.9, 'b': 0.1}
    """
    below, per_unit = divisor(result, per)
    total = result.data["total"]
    if over not in total.dims:
        dims = ", ".join(str(d) for d in total.dims if d != "draw") or "none"
        raise MissingError.of("no_alternatives_over", "over", dim=over, dims=dims)
    if "draw" not in total.dims:
        raise MissingError.of("no_draws_to_compare", "result")
    factor, label = in_unit(unit, total.attrs["unit"], per_unit)
    values = total / below / factor
    others = [str(d) for d in values.dims if d not in (over, "draw")]
    groups = [(key, _ranked(group.transpose(over, "draw"), over)) for key, group in by_label(values, over)]
    rows = [{**key, **row, "unit": label} for key, ranked in groups for row in ranked]
    note = f"Compared draw by draw with the first row. {result.contents}{per_note(result, per)}"
    count = result.data.get("functional_unit")
    if per == "total" and count is not None and over in count.dims:
        note += f" The alternatives over {over} render different amounts: compare per functional unit (A12)."
    if not result.model.quality:
        note += " No quality is stated: are these the same function (A12)?"
    return Table.of(rows, [*others, over], note)


def _ranked(group: xarray.DataArray, over: str) -> list[dict[Hashable, object]]:
    draws = group.values
    lowest = draws.min(axis=0)
    smallest = draws <= lowest + _SAME * np.abs(lowest)
    best = (smallest / smallest.sum(axis=0)).mean(axis=1)
    medians = np.median(draws, axis=1)
    first = draws[int(np.argmin(medians))]
    with np.errstate(invalid="ignore", divide="ignore"):  # nothing is a multiple of 0
        apart = {"excess": draws - first, "ratio": draws / first}
    frame = pandas.DataFrame(
        {over: group[over].values, **quantiles(draws), "mean": draws.mean(axis=1), "best": best}
        | {f"{what}_{name}": values for what, one in apart.items() for name, values in quantiles(one).items()}
    )
    return frame.iloc[np.argsort(medians, kind="stable")].to_dict("records")
