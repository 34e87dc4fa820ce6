"""Summaries of a result: mean and quantiles of every stage, per what a reader asks for (U5, U8, A11)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray

from ..errors import MissingError, NonFiniteError, UnitError
from ..impact.categories import CLIMATE
from ..study.roles import NATURAL_PARTS
from ..study.scope import STAGES, stage_label
from ..study.views import MARKET
from ..units import Unit, parse_unit
from .result import Result, by_label, denominator, label_text, nominal, require_result
from .table import Table, significant

QUANTILES = {"p5": 0.05, "p50": 0.50, "p95": 0.95}


def divisor(result: Result, per: str) -> tuple[xarray.DataArray | None, str]:
    """(what to divide by, what one of it is called) for `per`. Raises `NonFiniteError` where it is 0 (Q6)."""
    if per == "total":
        return None, ""
    name, size, words = denominator(result.data, per)
    below = result.data[name] / size
    empty = {label_text(key): int((values == 0).sum()) for key, values in by_label(below)}
    if any(empty.values()):
        often = "at nominal values" if "draw" not in below.dims else f"in some of {result.draws:,} draws"
        raise NonFiniteError(
            f"nothing can be said per {words}: there is none {often}",
            where=f"per={per!r}",
            sides=[f"{label or words}: 0 in {count:,}" for label, count in empty.items() if count],
            mend='per="total"; or loads and counts that are above 0 in every draw',
        )
    return below, words


def per_note(result: Result, per: str) -> str:
    """What one functional unit is, where a table is told per functional unit."""
    return f"; one functional unit: {result.model.functional_unit}" if per == "functional_unit" else ""


def in_unit(unit: str | None, default: str, per_unit: str) -> tuple[float, str]:
    """(result units per asked unit, label) for an asked mass unit such as "mg CO2e", or "mg CO2e/inference"."""
    if unit is not None and not isinstance(unit, str):
        raise UnitError(f"{unit!r} is no unit", where="unit", mend=f"a multiple of {default}, such as {default!r}")
    asked = default if unit is None else unit.strip()
    top, slash, bottom = asked.rpartition("/")
    if per_unit and slash and bottom.strip() == per_unit:
        asked = top.strip()
    factor, root = parse_unit(asked)
    scale, wanted = parse_unit(default)
    if root != wanted:
        mend = _same_in_words(asked, root, wanted) or f"a multiple of {default}"
        raise UnitError("the result has another unit", sides=[default, asked], mend=mend)
    return factor / scale, asked + (f"/{per_unit}" if per_unit else "")


def _same_in_words(asked: str, root: Unit, wanted: Unit) -> str:
    """How a plain mass, energy or volume is written for what is counted here, where that is all that differs."""
    if wanted == parse_unit("L")[1] and root == parse_unit("m^3")[1]:
        return 'the volume of water is counted in litres: 1 m^3 is unit="kL"'
    for kind, power in (wanted / root).items():
        if power == 1 and parse_unit(f"({asked}) {kind}")[1] == wanted:
            return f'say of what: unit="{asked} {kind}"'
    return ""


def summary(
    result: Result, *, of: str = CLIMATE, per: str = "total", unit: str | None = None, by: str = "stage"
) -> Table:
    """Nominal value, mean, 5, 50 and 95 % quantiles and share of the mean, for every stage and the total.

    `of` is an impact category that the study counts, "market_based": climate change with electricity as it was
    bought, beside the location-based result (A9), or "recycling_credit", which stands apart and is in no total. A
    category that lacks a factor has no total, and its note lists
    what is lacking: never a smaller number. `per` is "total", "functional_unit", "inference", "year", "device" or
    "device_year" (ratios are taken draw by draw); `unit` a mass of CO2e such as "mg CO2e", or a multiple of the
    category's unit; `by` "stage", "activity" or "year". With alternatives the index has a level for each.
    `.attrs["note"]` says what the intervals contain.

    Raises `MissingError` for a category that is not counted, of which no stage has all its factors, or that is
    asked for by anything but stages.
    """
    require_result(result, "summary")
    if not isinstance(of, str):
        raise MissingError(f"{of!r} is no category", where="of", mend='of="water"')
    of = re.sub("[- ]", "_", of.strip())
    if by == per == "year":
        raise MissingError(
            "the mass of each year, divided by all years", where="per", mend='by="year" alone is a mass in each year'
        )
    below, per_unit = divisor(result, per)
    plain = nominal(result.model)
    below_plain, _ = divisor(plain, per)
    nominals = _series(plain, of, by)
    rows: list[dict[str, Any]] = []
    for name, mass in _series(result, of, by).items():
        factor, label = in_unit(unit, mass.attrs["unit"], per_unit)
        values = mass if below is None else mass / below
        at_nominal = nominals[name] if below_plain is None else nominals[name] / below_plain
        row = {"name": name, "values": values / factor, "nominal": at_nominal / factor, "mass": mass, "unit": label}
        rows.append(row)
    table = _table(rows, result, "year" if by == "year" else "stage")
    table.attrs["note"] += per_note(result, per) + _beside(result, of)
    if by == "year" and per_unit:
        table.attrs["note"] += (
            f"; a row is what its year adds to the {per_unit} of all years, not the rate of that year"
        )
    return table


def _series(result: Result, of: str, by: str) -> dict[str, xarray.DataArray]:
    """What the rows of a summary are of, by name, parts summed; the total last where there is one."""
    if of != CLIMATE and by != "stage":
        raise MissingError(f"{of!r} is counted by stage, not by {by!r}", where="by", mend='by="stage"')
    if by == "year":
        return _by_year(result)
    names = _rows(result, by) if of == CLIMATE else rows_of_view(result, of)
    return {name.removeprefix(f"{of}/"): _summed(result, result.data[name]) for name in names}


def _summed(result: Result, array: xarray.DataArray, kept: str = "") -> xarray.DataArray:
    parts = [dim for dim in array.dims if dim in (*result.model.parts, *NATURAL_PARTS) and dim != kept]
    made = array.sum(parts) if parts else array
    made.attrs = dict(array.attrs)
    return made


def yearly(result: Result) -> tuple[xarray.DataArray, xarray.DataArray]:
    """(what happens in each year, over `year`; what has no year of its own); parts summed, together the total (A7).

    Raises `MissingError` where nothing varies over years, or the details were not kept.
    """
    details = [_summed(result, result.data[name], "year") for name in _details(result)]
    dated = [array for array in details if "year" in array.dims]
    if not dated:
        raise MissingError("nothing in this study varies over years", where="by year", mend="a Deployment has years")
    years = sorted({year for array in dated for year in array["year"].values.tolist()})
    whole = sum((array.reindex(year=years, fill_value=0.0) for array in dated), xarray.DataArray(0.0))
    rest = sum((array for array in details if "year" not in array.dims), xarray.DataArray(0.0))
    whole.attrs = dict(result.data["total"].attrs)
    return whole, rest


def _by_year(result: Result) -> dict[str, xarray.DataArray]:
    dated, undated = yearly(result)
    found = {str(year): dated.sel(year=year, drop=True) for year in dated["year"].values.tolist()}
    if undated.any():
        found["in no year"] = undated
    found["total"] = result.data["total"]
    for array in found.values():
        array.attrs = dict(result.data["total"].attrs)
    return found


def rows_of_view(result: Result, of: str) -> list[str]:
    """The outputs of an impact category or of the market-based view, the total last where there is one."""
    names = [f"{of}/{stage}" for stage in (*STAGES, "total") if f"{of}/{stage}" in result.data]
    gaps = result.model.gaps.get(of, ())
    if not names:
        ways = ", ".join((CLIMATE, *result.model.views))
        what = f"no stage has all factors of {of}" if gaps else f"{of!r} is not counted in this study"
        mend = f'lca.Study(..., categories=("{CLIMATE}", "water")); counted here: {ways}'
        if gaps:
            mend = "give the factors: categories={...} of Electricity and Hardware, wue= of Site"
        elif of == MARKET:
            mend = f"say what was bought: lca.Site(..., market_electricity=...); counted here: {ways}"
        raise MissingError(what, where="of", sides=list(gaps), mend=mend)
    return names


def _beside(result: Result, of: str) -> str:
    """What stands beside a table: the factors a category lacks, the market-based total (A9)."""
    if gaps := result.model.gaps.get(of, ()):
        return f"; incomplete, without a total: no factor for {', '.join(gaps)}"
    beside = f"{MARKET}/total"
    if of != CLIMATE or beside not in result.data:
        return ""
    array = result.data[beside]
    if set(array.dims) - {"draw"}:  # rivals, which are never pooled (D2)
        return f"; market-based totals beside these: summary(of={MARKET!r})"
    mean, unit = float(array.mean()), array.attrs["unit"]
    return f"; market-based total (mean): {significant(mean)} {unit}, see summary(of={MARKET!r})"


def _rows(result: Result, by: str) -> list[str]:
    if by == "stage":
        return [*result.model.stages, "total"] if result.model.stages else [str(name) for name in result.data]
    if by == "activity":
        return [*_details(result), "total"]
    raise MissingError(f"no summary by {by!r}", where="by", mend='"stage", "activity" or "year"')


def _details(result: Result) -> list[str]:
    kept = [name for name in result.model.details if name in result.data]
    if not kept:
        raise MissingError("the details were not kept", where="by", mend='monte_carlo(..., keep="details")')
    return kept


def _table(rows: list[dict[str, Any]], result: Result, head: str) -> Table:
    """A row for every label of the alternatives and every name, in the order of both."""
    import pandas

    arrays = [row["values"] for row in rows]
    sizes = {str(dim): n for array in reversed(arrays) for dim, n in array.sizes.items() if dim != "draw"}
    whole = _mean(rows[-1]["mass"]) if result.model.stages and rows[-1]["name"] == "total" else None
    stats: list[dict[str, xarray.DataArray]] = []
    for row in rows:
        stats.append({"nominal": row["nominal"], "mean": _mean(row["values"]), **_quantiles(row["values"])})
        if whole is not None:
            stats[-1]["share"] = _mean(row["mass"]) / whole.where(whole != 0)  # of nothing, no share
    columns: dict[str, Any] = {
        name: np.stack([_spread_over(one[name], sizes) for one in stats], axis=-1).ravel() for name in stats[0]
    }
    columns["unit"] = [row["unit"] for row in rows] * (len(columns["mean"]) // len(rows))
    names = [stage_label(row["name"]) for row in rows]
    labels = [result.data[dim].values.tolist() for dim in sizes]
    index: pandas.Index[Any] = pandas.Index(names, name=head)
    if sizes:
        index = pandas.MultiIndex.from_product([*labels, names], names=[*sizes, head])
    table = Table(columns, index=index)
    table.attrs["note"] = result.contents
    return table


def _spread_over(array: xarray.DataArray, sizes: Mapping[str, int]) -> Any:
    """The values on all dims of a table, in their order."""
    own = array.transpose(*(dim for dim in sizes if dim in array.dims)).values
    shape = [n if dim in array.dims else 1 for dim, n in sizes.items()]
    return np.broadcast_to(own.reshape(shape), tuple(sizes.values()))


def _mean(values: xarray.DataArray) -> xarray.DataArray:
    return values.mean("draw") if "draw" in values.dims else values


def _quantiles(values: xarray.DataArray) -> dict[str, xarray.DataArray]:
    if "draw" not in values.dims:
        return {}
    found = np.quantile(values.values, list(QUANTILES.values()), axis=values.get_axis_num("draw"))
    template = values.isel(draw=0, drop=True)
    return {name: template.copy(data=found[i]) for i, name in enumerate(QUANTILES)}
