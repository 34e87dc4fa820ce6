"""Comparing alternatives draw by draw, on the same random numbers (A12)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas
import xarray

from ..errors import MissingError
from .result import Result, require_result
from .summary import divisor, in_unit
from .table import Table

#: Results of different shapes agree to this only, so closer ones are ties (U7).
_SAME = 1e-12


def compare(result: Result, *, over: str, per: str = "total", unit: str | None = None) -> Table:
    """Rank alternatives: each one's interval, the probability that it is the best, and its paired excess.

    `over` is a dim of alternatives. Columns: mean, p5, p50, p95, best (share of draws in which it is the
    smallest; ties are shared), excess_p5, excess_p50, excess_p95 (over the alternative with the smallest
    median, draw by draw), unit. Raises `MissingError` where the total does not vary over that dim, or has no draws.
    """
    require_result(result, "compare")
    below, per_unit = divisor(result, per)
    total = result.data["total"]
    if over not in total.dims:
        dims = ", ".join(str(d) for d in total.dims if d != "draw") or "none"
        raise MissingError(f"the total has no alternatives over {over!r}", where="over", mend=f"it has {dims}")
    if "draw" not in total.dims:
        raise MissingError("nominal values have no draws to compare", where="result", mend="lca.monte_carlo(study)")
    factor, label = in_unit(unit, total.attrs["unit"], per_unit)
    values = (total if below is None else total / below) / factor
    others = [str(d) for d in values.dims if d not in (over, "draw")]
    rows: list[dict[str, Any]] = []
    for key, group in _groups(values, others):
        rows += [{**key, **row, "unit": label} for row in _ranked(group.transpose(over, "draw"), over)]
    table = Table(pandas.DataFrame.from_records(rows)).set_index([*others, over])
    note = f"paired by draw; {result.contents}"
    count = result.data.get("functional_unit")
    if per == "total" and count is not None and over in count.dims:
        note += f"; the alternatives over {over} render different amounts: compare per functional unit (A12)"
    if not result.model.quality:
        note += "; no quality is stated: are these the same function (A12)?"
    table.attrs["note"] = note
    return table


def _groups(values: xarray.DataArray, others: list[str]) -> list[tuple[dict[str, Any], xarray.DataArray]]:
    found: list[tuple[dict[str, Any], xarray.DataArray]] = [({}, values)]
    for dim in others:
        labels = values[dim].values.tolist()
        found = [({**key, dim: label}, group.sel({dim: label})) for key, group in found for label in labels]
    return found


def _ranked(group: xarray.DataArray, over: str) -> list[dict[str, Any]]:
    draws = group.values
    lowest = draws.min(axis=0)
    smallest = draws <= lowest + _SAME * np.abs(lowest)
    best = (smallest / smallest.sum(axis=0)).mean(axis=1)
    medians = np.median(draws, axis=1)
    excess = draws - draws[int(np.argmin(medians))]
    rows = []
    for i in np.argsort(medians, kind="stable"):
        p5, p50, p95 = np.quantile(draws[i], [0.05, 0.5, 0.95])
        e5, e50, e95 = np.quantile(excess[i], [0.05, 0.5, 0.95])
        rows.append(
            {
                over: group[over].values.tolist()[i],
                "mean": float(draws[i].mean()),
                "p5": p5,
                "p50": p50,
                "p95": p95,
                "best": float(best[i]),
                "excess_p5": e5,
                "excess_p50": e50,
                "excess_p95": e95,
            }
        )
    return rows
