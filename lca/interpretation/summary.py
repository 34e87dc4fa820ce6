"""Summaries of a result: mean and quantiles of every stage, per what a reader asks for (U5, U8, A11)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray

from ..arguments import entry
from ..errors import MissingError, NonFiniteError, UnitError
from ..impact.categories import CLIMATE
from ..study.assembly import Model
from ..study.roles import NATURAL_PARTS
from ..study.scope import STAGES, stage_label
from ..study.views import MARKET
from ..units import Unit, parse_unit
from .result import Result, by_label, denominator, label_text, nominal
from .table import Table, significant

Array = npt.NDArray[np.float64]

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
            fix='per="total"; or loads and counts that are above 0 in every draw',
        )
    return below, words


def per_note(result: Result, per: str) -> str:
    """What one functional unit is, where a table is told per functional unit."""
    return f"; one functional unit: {result.model.functional_unit}" if per == "functional_unit" else ""


def in_unit(unit: str | None, default: str, per_unit: str) -> tuple[float, str]:
    """(result units per asked unit, label) for an asked mass unit such as "mg CO2e", or "mg CO2e/inference"."""
    asked = default if unit is None else unit.strip()
    top, slash, bottom = asked.rpartition("/")
    if per_unit and slash and bottom.strip() == per_unit:
        asked = top.strip()
    factor, root = parse_unit(asked)
    scale, wanted = parse_unit(default)
    if root != wanted:
        fix = _same_in_words(asked, root, wanted) or f"a multiple of {default}"
        raise UnitError("the result has another unit", sides=[default, asked], fix=fix)
    return factor / scale, asked + (f"/{per_unit}" if per_unit else "")


def _same_in_words(asked: str, root: Unit, wanted: Unit) -> str:
    """How a plain mass, energy or volume is written for what is counted here, where that is all that differs."""
    if wanted == parse_unit("L")[1] and root == parse_unit("m^3")[1]:
        return 'the volume of water is counted in litres: 1 m^3 is unit="kL"'
    for kind, power in (wanted / root).items():
        if power == 1 and parse_unit(f"({asked}) {kind}")[1] == wanted:
            return f'say of what: unit="{asked} {kind}"'
    return ""


@entry
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
    of = re.sub("[- ]", "_", of.strip())
    if by == per == "year":
        raise MissingError(
            "the mass of each year, divided by all years", where="per", fix='by="year" alone is a mass in each year'
        )
    below, per_unit = divisor(result, per)
    below_plain = None if below is None else divisor(nominal(result.model), per)[0]
    nominals = _series(result, of, by, at_nominal=True)
    rows = []
    for name, (mass, default) in _series(result, of, by).items():
        factor, label = in_unit(unit, default, per_unit)
        values = mass if below is None else mass / Drawn.of(below)
        at_nominal = nominals[name][0] if below_plain is None else nominals[name][0] / Drawn.of(below_plain)
        rows.append(_Row(name, mass, values / factor, at_nominal / factor, label))
    table = _table(rows, result, "year" if by == "year" else "stage")
    table.attrs["note"] += per_note(result, per) + _beside(result, of)
    if by == "year" and per_unit:
        table.attrs["note"] += (
            f"; a row is what its year adds to the {per_unit} of all years, not the rate of that year"
        )
    return table


@dataclass(frozen=True)
class Drawn:
    """Values by label, the draws last: one for nominal values."""

    dims: tuple[str, ...]
    values: Array

    @classmethod
    def of(cls, array: xarray.DataArray | xarray.Variable) -> Drawn:
        """The values of a variable of a result."""
        dims = [str(dim) for dim in array.dims if dim != "draw"]
        if "draw" not in array.dims:
            return cls(tuple(dims), array.values[..., None])
        return cls(tuple(dims), array.values if array.dims[-1] == "draw" else array.transpose(*dims, "draw").values)

    def summed(self, parts: Iterable[str]) -> Drawn:
        """The sum over some dims."""
        axes = tuple(i for i, dim in enumerate(self.dims) if dim in parts)
        return Drawn(tuple(d for d in self.dims if d not in parts), self.values.sum(axis=axes)) if axes else self

    def over(self, dims: Sequence[str]) -> Array:
        """The values on other dims, of length 1 where it does not vary."""
        own = sorted(range(len(self.dims)), key=lambda i: dims.index(self.dims[i]))
        sizes = {self.dims[i]: self.values.shape[i] for i in own}
        kept = self.values.transpose(*own, len(self.dims))
        return kept.reshape(*(sizes.get(dim, 1) for dim in dims), -1)

    def __truediv__(self, other: Drawn | float) -> Drawn:
        if not isinstance(other, Drawn):
            return self if other == 1 else Drawn(self.dims, self.values / other)
        dims = list(dict.fromkeys([*self.dims, *other.dims]))
        return Drawn(tuple(dims), self.over(dims) / other.over(dims))


@dataclass(frozen=True)
class _Row:
    """A row of a summary for every label: what it is of, and that in the unit of the table."""

    name: str
    mass: Drawn
    values: Drawn
    nominal: Drawn
    unit: str


def _series(result: Result, of: str, by: str, at_nominal: bool = False) -> dict[str, tuple[Drawn, str]]:
    """What the rows of a summary are of, by name, with the unit, parts summed; the total last where there is one."""
    if of != CLIMATE and by != "stage":
        raise MissingError(f"{of!r} is counted by stage, not by {by!r}", where="by", fix='by="stage"')
    if by == "year":
        dated = _by_year(nominal(result.model) if at_nominal else result)
        return {name: (Drawn.of(array), array.attrs["unit"]) for name, array in dated.items()}
    names = _rows(result, by) if of == CLIMATE else rows_of_view(result, of)
    parts = (*result.model.parts, *NATURAL_PARTS)
    read = {name: _nominal(result.model, name) if at_nominal else _drawn(result, name) for name in names}
    return {name.removeprefix(f"{of}/"): (one.summed(parts), unit) for name, (one, unit) in read.items()}


def _drawn(result: Result, name: str) -> tuple[Drawn, str]:
    variable = result.data.variables[name]
    return Drawn.of(variable), variable.attrs["unit"]


def _nominal(model: Model, name: str) -> tuple[Drawn, str]:
    output = model.program.outputs[name]
    return Drawn(tuple(dim.name for dim in output.dims), model.nominals[name][..., None] / output.factor), output.unit


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
        raise MissingError("nothing in this study varies over years", where="by year", fix="a Deployment has years")
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
        fix = f'lca.Study(..., categories=("{CLIMATE}", "water")); counted here: {ways}'
        if gaps:
            fix = "give the factors: categories={...} of Electricity and Hardware, wue= of Site"
        elif of == MARKET:
            fix = f"say what was bought: lca.Site(..., market_electricity=...); counted here: {ways}"
        raise MissingError(what, where="of", sides=list(gaps), fix=fix)
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
    raise MissingError(f"no summary by {by!r}", where="by", fix='"stage", "activity" or "year"')


def _details(result: Result) -> list[str]:
    kept = [name for name in result.model.details if name in result.data]
    if not kept:
        raise MissingError("the details were not kept", where="by", fix='monte_carlo(..., keep="details")')
    return kept


def _table(rows: Sequence[_Row], result: Result, head: str) -> Table:
    """A row for every label of the alternatives and every name, in the order of both."""
    import pandas

    dims = list(dict.fromkeys(dim for row in reversed(rows) for dim in row.values.dims))
    labels = [result.data.indexes[dim].tolist() for dim in dims]
    shape = tuple(map(len, labels))
    drawn = any(row.values.values.shape[-1] > 1 for row in rows) or result.design != "nominal"
    stats: dict[str, list[Array]] = {}
    for row in rows:
        values = row.values.over(dims)
        stats.setdefault("nominal", []).append(row.nominal.over(dims)[..., 0])
        stats.setdefault("mean", []).append(values.mean(axis=-1))
        for name, found in _quantiles(values).items() if drawn else ():
            stats.setdefault(name, []).append(found)
    if result.model.stages and rows[-1].name == "total":
        masses = [row.mass.over(dims).mean(axis=-1) for row in rows]
        with np.errstate(invalid="ignore", divide="ignore"):  # of nothing, no share
            stats["share"] = [np.where(masses[-1] != 0, mass / masses[-1], np.nan) for mass in masses]
    columns: dict[str, Any] = {
        name: np.stack([np.broadcast_to(one, shape) for one in found], axis=-1).ravel() for name, found in stats.items()
    }
    columns["unit"] = [row.unit for row in rows] * (len(columns["mean"]) // len(rows))
    names = [stage_label(row.name) for row in rows]
    index: pandas.Index[Any] = pandas.Index(names, name=head)
    if dims:
        levels = [*labels, names]
        codes = [grid.ravel() for grid in np.indices([len(level) for level in levels])]
        index = pandas.MultiIndex(levels, codes, names=[*dims, head])
    table = Table(columns, index=index)
    table.attrs["note"] = result.contents
    return table


def _quantiles(values: Array) -> dict[str, Array]:
    """Quantiles over the draws, linear between two of them (Hyndman and Fan 1996, type 7), as NumPy's."""
    last = values.shape[-1] - 1
    below = {name: int(q * last) for name, q in QUANTILES.items()}
    ordered = np.partition(values, sorted({i for k in below.values() for i in (k, min(k + 1, last))}), axis=-1)
    found = {}
    for name, k in below.items():
        low, high = ordered[..., k], ordered[..., min(k + 1, last)]
        found[name] = low + (high - low) * (QUANTILES[name] * last - k)
    return found
