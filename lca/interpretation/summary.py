"""Summaries of a result: mean and quantiles of every stage, per what a reader asks for (U5, U8, A11)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import xarray

from ..arguments import entry
from ..characterization.categories import CLIMATE
from ..checks import Array
from ..errors import MissingError, NonFiniteError, UnitError
from ..graph.labels import Label
from ..impact.dim_roles import NATURAL_PARTS
from ..impact.views import MARKET
from ..inventory.stages import STAGES, stage_label
from ..units.parse import parse_unit
from .result import Result, by_label, denominator, headline, label_text, quantiles
from .table import Table

#: A variable of a result, with its dims, values and unit.
Variable: TypeAlias = xarray.DataArray | xarray.Variable


def divisor(result: Result, per: str) -> tuple[xarray.DataArray, str]:
    """(what to divide by, what one of it is called) for `per`. Raises `NonFiniteError` where it is 0 (Q6)."""
    if per == "total":
        return xarray.DataArray(1.0), ""
    name, size, words = denominator(result.data, per)
    below = result.data[name] / size
    empty = {label_text(key): int((values == 0).sum()) for key, values in by_label(below)}
    if any(empty.values()):
        often = "at nominal values" if "draw" not in below.dims else f"in some of {result.draws:,} draws"
        sides = [f"{label or words}: 0 in {count:,}" for label, count in empty.items() if count]
        raise NonFiniteError.of("divided_by_zero", f"per={per!r}", sides, words=words, often=often)
    return below, words


def per_note(result: Result, per: str) -> str:
    """What one functional unit is, where a table is told per functional unit."""
    return f" One functional unit: {result.model.functional_unit}." if per == "functional_unit" else ""


def in_unit(unit: str | None, default: str, per_unit: str) -> tuple[float, str]:
    """(result units per asked unit, label) for an asked mass unit such as "mg CO2e", or "mg CO2e/inference"."""
    asked = default if unit is None else unit.strip()
    top, slash, bottom = asked.rpartition("/")
    if per_unit and slash and bottom.strip() == per_unit:
        asked = top.strip()
    factor, root = parse_unit(asked)
    scale, wanted = parse_unit(default)
    if root != wanted:
        lacking = [kind for kind, power in (wanted / root).items() if power == 1]
        left_out = [str(kind) for kind in lacking if parse_unit(f"({asked}) {kind}")[1] == wanted]
        key = "unit_says_not_of_what" if left_out else "result_in_another_unit"
        if (root, wanted) == (parse_unit("m^3")[1], parse_unit("L")[1]):
            key = "water_is_counted_in_litres"
        raise UnitError.of(key, sides=[default, asked], asked=asked, kind="".join(left_out[:1]), default=default)
    return factor / scale, asked + (f"/{per_unit}" if per_unit else "")


@entry
def summary(
    result: Result, *, of: str = CLIMATE, per: str = "total", unit: str | None = None, by: str = "stage"
) -> Table:
    """Nominal value, mean, quantiles and share of the mean, for every stage and the total.

    Parameters
    ----------
    result : Result
        What `monte_carlo` or `nominal` returned.
    of : str
        An impact category that the study counts. "market_based" is climate change with electricity as it was bought
        (A9). "recycling_credit" stands apart and is in no total.
    per : str
        "total", "functional_unit", "year", "device", "device_year", or what the deployment serves: "inference",
        "image", "request" or "token". Ratios are taken draw by draw.
    unit : str
        A mass of CO2e such as "mg CO2e", or a multiple of the unit of the category.
    by : str
        "stage", "activity" or "year".

    Returns
    -------
    Table
        A row for each stage and the total; with alternatives the index has a level for each. `.attrs["note"]` says
        what the intervals contain. A category that lacks a factor has no total, and the note lists what is lacking.

    Raises
    ------
    MissingError
        If a category is not counted, no stage of it has all its factors, or it is asked for by activity or year; if
        `by` is unknown, or the details were not kept.
    NonFiniteError
        If the result is divided by 0.
    UnitError
        If the unit is of another dimension.

    Examples
    --------
    >>> import lca
    >>> mass = lca.parameter("x", lca.Uniform("2 kg CO2e", "4 kg CO2e"))
    >>> summary(lca.monte_carlo({"total": mass}, progress=False))[["p5", "p50", "p95"]].values.round(1).tolist()
    [[2.1, 3.0, 3.9]]
    """
    of = re.sub("[- ]", "_", of.strip())
    if by == per == "year":
        raise MissingError.of("each_year_by_all_years", "per")
    plain = result.at_nominal
    masses, nominals = _rows(result, of, by), _rows(plain, of, by)
    (below, per_unit), (below_plain, _) = divisor(result, per), divisor(plain, per)
    summed = {*result.model.parts, *NATURAL_PARTS, "draw"}
    varying = [dim for mass in reversed(masses.values()) for dim in (*mass.dims, *below.dims)]
    dims = [str(dim) for dim in dict.fromkeys(varying) if dim not in summed]
    rows: list[dict[str, Array | str]] = []
    for name, mass in masses.items():
        factor, label = in_unit(unit, mass.attrs["unit"], per_unit)
        whole = _over(dims, mass)
        values = whole / (_over(dims, below) * factor)
        at_nominal = _over(dims, nominals[name]) / (_over(dims, below_plain) * factor)
        row = quantiles(values) if result.design != "nominal" else {}
        row |= {"mean": values.mean(axis=-1), "nominal": at_nominal[..., 0]}
        row |= {"share": whole.mean(axis=-1)} if result.model.stages and "total" in masses else {}
        rows.append(row | {"unit": label})
    table = _table(rows, list(masses), {dim: result.data.indexes[dim].tolist() for dim in dims}, by)
    shares = " Shares are of the mean." if "share" in table and "p50" in table else ""
    table.attrs["note"] = result.contents + shares + per_note(result, per) + _beside(result, of)
    if by == "year" and per_unit:
        table.attrs["note"] += (
            f" A row is what its year adds to the {per_unit} of all years, not the rate of that year."
        )
    return table


def _over(dims: Sequence[str], array: Variable) -> Array:
    """The values over some dims and, last, the draws: of length 1 where they do not vary, summed over other dims."""
    wanted = (*dims, "draw")
    parts = tuple(i for i, dim in enumerate(array.dims) if dim not in wanted)
    values = array.values.sum(axis=parts) if parts else array.values  # a sum over nothing is a copy
    own = [str(dim) for dim in array.dims if dim in wanted]
    ordered = np.transpose(values, [own.index(dim) for dim in wanted if dim in own])
    return np.expand_dims(ordered, tuple(i for i, dim in enumerate(wanted) if dim not in own))


def _rows(result: Result, of: str, by: str) -> dict[str, Variable]:
    """What the rows of a summary are of, by name; the total last where there is one."""
    if of != CLIMATE and by != "stage":
        raise MissingError.of("category_by_stage_only", "by", category=of, by=by)
    if by == "year":
        return _by_year(result)
    if of != CLIMATE:
        names = _of_view(result, of)
    elif by == "activity":
        names = [*_details(result), "total"]
    elif by == "stage":
        names = [*result.model.stages, "total"] if result.model.stages else [str(name) for name in result.data]
    else:
        raise MissingError.of("no_summary_by", "by", by=by)
    return {name.removeprefix(f"{of}/"): result.data.variables[name] for name in names}


def yearly(result: Result) -> tuple[xarray.DataArray, xarray.DataArray]:
    """(what happens in each year, over `year`; what has no year of its own); parts summed, together the total (A7).

    Raises `MissingError` where nothing varies over years, or the details were not kept.
    """
    parts = {*result.model.parts, *NATURAL_PARTS} - {"year"}
    arrays = [result.data[name] for name in _details(result)]
    details = [array.sum([dim for dim in array.dims if dim in parts]) for array in arrays]
    dated = [array for array in details if "year" in array.dims]
    if not dated:
        raise MissingError.of("nothing_over_years", "by year")
    years = sorted({year for array in dated for year in array["year"].values.tolist()})
    whole = sum((array.reindex(year=years, fill_value=0.0) for array in dated), xarray.DataArray(0.0))
    rest = sum((array for array in details if "year" not in array.dims), xarray.DataArray(0.0))
    whole.attrs = dict(result.data["total"].attrs)
    return whole, rest


def _by_year(result: Result) -> dict[str, Variable]:
    dated, undated = yearly(result)
    found: dict[str, Variable] = {str(year): dated.sel(year=year, drop=True) for year in dated["year"].values.tolist()}
    if undated.any():
        found["in no year"] = undated
    found["total"] = result.data["total"]
    for array in found.values():
        array.attrs = dict(result.data["total"].attrs)
    return found


def _of_view(result: Result, of: str) -> list[str]:
    """The outputs of an impact category or of the market-based view, the total last where there is one."""
    names = [f"{of}/{stage}" for stage in (*STAGES, "total") if f"{of}/{stage}" in result.data]
    if names:
        return names
    if gaps := result.model.gaps.get(of, ()):
        raise MissingError.of("no_stage_has_all_factors", "of", gaps, category=of)
    counted = ", ".join((CLIMATE, *result.model.views))
    raise MissingError.of("not_bought" if of == MARKET else "category_not_counted", "of", category=of, counted=counted)


def _beside(result: Result, of: str) -> str:
    """What stands beside a table: the factors a category lacks, the market-based total (A9)."""
    if gaps := result.model.gaps.get(of, ()):
        return f" Incomplete, without a total: no factor for {', '.join(gaps)}."
    beside = f"{MARKET}/total"
    if of == CLIMATE and (gaps := result.model.gaps.get(MARKET, ())):
        return f"; the market-based view is incomplete and has no total: {', '.join(gaps)}"
    if of != CLIMATE or beside not in result.data:
        return ""
    array = result.data[beside]
    if set(array.dims) - {"draw"}:  # rivals, which are never pooled (D2)
        return f" Market-based totals beside these: summary(of={MARKET!r})."
    return f" Market-based total: {headline(array)}, see summary(of={MARKET!r})."


def _details(result: Result) -> list[str]:
    kept = [name for name in result.model.details if name in result.data]
    if not kept:
        raise MissingError.of("details_not_kept", "by")
    return kept


def _table(
    rows: Sequence[Mapping[str, Array | str]], names: list[str], labels: Mapping[str, list[Label]], by: str
) -> Table:
    """A row for every label of the alternatives and every name, in the order of both."""
    import pandas

    head = "year" if by == "year" else "stage"
    shape = tuple(map(len, labels.values()))
    columns = {name: np.stack([np.broadcast_to(row[name], shape) for row in rows], axis=-1) for name in rows[0]}
    if "share" in columns:
        whole = columns["share"][..., -1:]
        with np.errstate(invalid="ignore", divide="ignore"):  # of nothing, no share
            columns["share"] = np.where(whole != 0, columns["share"] / whole, np.nan)
    levels: list[list[Label]] = [*labels.values(), [stage_label(name) for name in names]]
    codes = [grid.ravel() for grid in np.indices([len(level) for level in levels])]
    index = pandas.MultiIndex(levels, codes, names=[*labels, head]) if labels else pandas.Index(levels[0], name=head)
    return Table({name: values.ravel() for name, values in columns.items()}, index=index)
