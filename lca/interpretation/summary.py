"""Summaries of a result: mean and quantiles of every stage, per what a reader asks for (U5, U8, A11)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..arguments import entry
from ..characterization.categories import CLIMATE
from ..checks import Array
from ..errors import MissingError, UnitError
from ..graph.labels import Label
from ..impact.views import MARKET
from ..inventory.stages import STAGES, stage_label
from ..units.parse import parse_unit
from .convergence import error_columns, errors_note, errors_of
from .result import Result
from .spread import EstimatedSpread, Spread, headlines, laid
from .spreads import Spreads, denominator
from .streaming import IN_NO_YEAR, IN_YEARS
from .table import Table


def words_of(result: Result, per: str) -> str:
    """What one of what is divided by is called; nothing for "total"."""
    return "" if per == "total" else denominator(result.data, per)[2]


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
        left_out = [str(kind) for kind in lacking if asked and parse_unit(f"({asked}) {kind}")[1] == wanted]
        key = "unit_says_not_of_what" if left_out else "result_in_another_unit"
        if (root, wanted) == (parse_unit("m^3")[1], parse_unit("L")[1]):
            key = "water_is_counted_in_litres"
        raise UnitError.of(key, sides=[default, asked], asked=asked, kind="".join(left_out[:1]), default=default)
    return factor / scale, asked + (f"/{per_unit}" if per_unit else "")


@entry
def summary(
    result: Result,
    *,
    of: str = CLIMATE,
    per: str = "total",
    unit: str | None = None,
    by: str = "stage",
    errors: bool = False,
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
    errors : bool
        Whether the standard errors of the mean and of the quantiles stand beside them, as `mean_se` to `p95_se`, in the
        unit of the row. Of Sobol' points and Latin hypercubes 8 more runs are made for it.

    Returns
    -------
    Table
        A row for each stage and the total; with alternatives the index has a level for each. `.attrs["note"]` says
        what the intervals contain. A category that lacks a factor has no total, and the note lists what is lacking.
        Of a run with `until` the column `error` is the largest error of the numbers in a row, as a share. A quantile
        such as "p99" of which an error was asked has a column, too.

    Raises
    ------
    MissingError
        If a category is not counted, no stage of it has all its factors, or it is asked for by activity or year. If
        `by` is unknown, the details were not kept, or the result is of values and not of a study.
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
    rows, plain = (_rows(result, spreads, of, by, per) for spreads in (result.spreads, result.nominal_spreads))
    words = words_of(result, per)
    dims = list(dict.fromkeys(dim for row in reversed(rows) for dim in (*row.whole.dims, *row.each.dims)))
    shared = bool(result.model.stages) and rows[-1].name == "total"
    stated = all(isinstance(row.each, EstimatedSpread) for row in rows)
    made: list[dict[str, Array | str]] = []
    beside_each = _beside_each(result, rows, of, by, per) if errors else [{}] * len(rows)
    for row, nominal, uncertain in zip(rows, plain, beside_each, strict=True):
        factor, label = in_unit(unit, row.unit, words)
        beside = row.each.asked_quantiles if stated and isinstance(row.each, EstimatedSpread) else {}
        values = {**row.each.quantiles, **beside, "mean": row.each.mean, **uncertain}
        cells = {name: laid(dims, row.each.dims, one) / factor for name, one in values.items()}
        cells["nominal"] = laid(dims, nominal.each.dims, nominal.each.mean) / factor
        cells |= {"share": laid(dims, row.whole.dims, row.whole.mean)} if shared else {}
        if stated and isinstance(row.each, EstimatedSpread):
            cells["error"] = laid(dims, row.each.dims, row.each.largest)
        made.append(cells | {"unit": label})
    table = _table(made, [row.name for row in rows], {dim: result.data.indexes[dim].tolist() for dim in dims}, by)
    shares = " Shares are of the mean." if "share" in table and "p50" in table else ""
    table.attrs["note"] = (
        result.contents + shares + _errors(result, stated=stated) + per_note(result, per) + _beside(result, of)
    )
    table.attrs["note"] += errors_note(result) if errors else ""
    if by == "year" and words:
        table.attrs["note"] += f" A row is what its year adds to the {words} of all years, not the rate of that year."
    return table


def _beside_each(result: Result, rows: Sequence[_Row], of: str, by: str, per: str) -> list[dict[str, Array]]:
    """The columns of errors of each row."""
    found = errors_of(
        result, [row.each for row in rows], lambda again: [row.each for row in _rows(again, again.spreads, of, by, per)]
    )
    return [error_columns(one, row.each.mean) for one, row in zip(found, rows, strict=True)]


class _Row(NamedTuple):
    """What a row of a summary is of: its spread per what was asked, and as it is."""

    name: str
    unit: str
    each: Spread
    whole: Spread


def _rows(result: Result, spreads: Spreads, of: str, by: str, per: str) -> list[_Row]:
    """What the rows of a summary are of; the total last where there is one."""
    if of != CLIMATE and by != "stage":
        raise MissingError.of("category_by_stage_only", "by", category=of, by=by)
    if by == "year":
        return [*_by_year(result, spreads, per), _row(result, spreads, "total", per)]
    if of != CLIMATE:
        names = _of_view(result, of)
    elif by == "activity":
        names = [*_details(result), "total"]
    elif by == "stage":
        names = [*result.model.stages, "total"] if result.model.stages else [str(name) for name in result.data]
    else:
        raise MissingError.of("no_summary_by", "by", by=by)
    return [_row(result, spreads, name, per)._replace(name=name.removeprefix(f"{of}/")) for name in names]


def _errors(result: Result, *, stated: bool) -> str:
    """What is stated of the errors of a run until these are met (U13)."""
    if result.reached is None:
        return ""
    column = "`error` is the largest error in a row, as a share of its number."
    return f" {result.reached.says} {column if stated else 'No error is stated of these rows, except the total.'}"


def _row(result: Result, spreads: Spreads, name: str, per: str) -> _Row:
    unit = str(result.data.variables[name].attrs["unit"])
    return _Row(name, unit, spreads.of(name, per), spreads.of(name))


def years_of(result: Result) -> list[int]:
    """The years of a result. Raises `MissingError` where nothing varies over years, or details were not kept."""
    if not any("year" in result.data[name].dims for name in _details(result)):
        raise MissingError.of("nothing_over_years", "by year")
    return [int(year) for year in result.data["year"].values]


def _by_year(result: Result, spreads: Spreads, per: str) -> list[_Row]:
    """What happens in each year, and what in none (A7)."""
    at = {str(year): {"year": place} for place, year in enumerate(years_of(result))}
    unit = str(result.data["total"].attrs["unit"])
    each, whole = (spreads.of(IN_YEARS, one) for one in (per, "total"))
    rows = [_Row(year, unit, each.sel(place), whole.sel(place)) for year, place in at.items()]
    each, whole = (spreads.of(IN_NO_YEAR, one) for one in (per, "total"))
    some = result.spreads.of(IN_NO_YEAR).mean.any()  # of nothing, no row: not at nominal values either
    return [*rows, _Row(IN_NO_YEAR, unit, each, whole)] if some else rows


def _of_view(result: Result, of: str) -> list[str]:
    """The outputs of an impact category or of the market-based view, the total last where there is one."""
    names = [f"{of}/{stage}" for stage in (*STAGES, "total") if f"{of}/{stage}" in result.data]
    if names:
        return names
    if of in (*STAGES, "total"):
        raise MissingError.of("stage_in_place_of_category", "of", stage=of)
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
    found = result.spreads.of(beside)
    if found.dims:  # rivals, which are never pooled (D2)
        return f" Market-based totals beside these: summary(of={MARKET!r})."
    said = headlines(found, result.data.variables[beside].attrs["unit"]).item()
    return f" Market-based total: {said}, see summary(of={MARKET!r})."


def _details(result: Result) -> list[str]:
    if not result.model.stages:
        raise MissingError.of("values_have_no_parts", "by")
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
