"""Comparing alternatives draw by draw, on the same random numbers (A12)."""

from __future__ import annotations

from typing import Any

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
    """Rank alternatives: each one's median and interval, the probability that it is the best, how far it is from it.

    Parameters
    ----------
    result
        What `monte_carlo` returned, with alternatives.
    over
        A dim of alternatives.
    per, unit
        Those of `summary`.

    Returns
    -------
    Table
        The smallest median first. Columns: p50, p5, p95, mean; best (share of draws in which it is the smallest;
        ties are shared); excess_p50, excess_p5, excess_p95 (difference from the first row, draw by draw);
        ratio_p50, ratio_p5, ratio_p95 (ratio to the first row, draw by draw, a pure number); unit.

    Raises
    ------
    MissingError
        Where the total does not vary over that dim, or has no draws.
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


def _ranked(group: xarray.DataArray, over: str) -> list[dict[Any, Any]]:
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
