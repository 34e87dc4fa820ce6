"""The electricity of a place in years to come: published years, then a stated model with its uncertainty (A5).

Every future year has a deviation of its own, as large as published years deviate from their trend. Part of it is
common to all places of a publisher (a mild winter, the price of gas), part is the place's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Unpack

from .. import tables
from ..checks import finite_number
from ..distributions.families import Normal
from ..errors import DomainError, MissingError
from ..formulas import declined_intensity, deviated_intensity, trend_intensity
from ..graph.fields import Declared, Written, parameter, resolve
from ..graph.functions import select, stack
from ..graph.inputs import labelled
from ..graph.node import Node, as_node, constant
from ..near_names import entry_of
from ..units.parse import root
from ..units.registry import YEAR_SECONDS, boundary_of
from . import lookup
from .places import PUBLISHED_BY, calendar_year, find_place, spans
from .trend import Trend, fitted

#: Future years have draws of their own up to this one.
_HORIZON = 2100
#: How many published years a trend looks back, unless said otherwise.
_HISTORY = 10
#: The models of years to come, in words.
MODELS = {"constant": "held at the last one", "decline": "an exponential decline", "trend": "the trend"}


def fields(
    place: str,
    years: Iterable[int],
    *,
    model: str | Mapping[int, Written],
    rate: Written | None,
    history: int,
    **asked: Unpack[lookup.Asked],
) -> lookup.Fields:
    """The fields of an `Electricity` over the dim `year`. Raises as `Electricity.trajectory` says.

    `asked` says which figures: `basis`, `gases` and `source` of a look-up.
    """
    where = f"trajectory of {place}"
    wanted = _years(years, where)
    newest = lookup.fields(place, max(lookup.published_years(place, **asked)), **asked)
    # a cloud region without newer figures of its provider follows its grid: no series runs across publishers
    series = newest["region"]
    known = lookup.published_years(series, **asked)
    last = max(known)
    if missing := [year for year in wanted if year <= last and year not in known]:
        raise MissingError.of("years_never_published", where, region=series, missing=spans(missing), known=spans(known))
    past = {year: lookup.fields(series, year, **asked) for year in wanted if year in known}
    future = [year for year in wanted if year > last]
    finite_number(history, where, low=0, above=True, form="history=10")
    if isinstance(model, Mapping):
        name, says = "given", "as given"
        come = _given(model, future, newest, rate)
    else:
        name = model
        recent = [year for year in known if year > last - history]
        values = [lookup.nominal(lookup.fields(series, year, **asked)["intensity"]) for year in recent]
        trend = fitted(recent, values, where)
        publisher = PUBLISHED_BY[find_place(series, source=asked["source"]).kind]
        come = _modelled(model, future, newest, rate, trend, asked["gases"], publisher)
        says = _said(model, trend, values[-1])
    found = {year: one["intensity"] for year, one in past.items()} | come
    losses = {year: past.get(year, newest).get("grid_loss") for year in wanted}
    # two trajectories of one place that differ in their history alone have names of their own (U1)
    looks_back = "" if history == _HISTORY else f" from {history:g} years"
    return newest | {
        "intensity": stack({year: found[year] for year in wanted}, "year"),
        "grid_loss": None if None in losses.values() else stack(losses, "year"),
        "name": f"{series} {spans(wanted)} {name}{looks_back}",
        "year": f"{wanted[0]} to {wanted[-1]}",
        "key": f"electricity/{series}/{name}",
        "status": "assumed" if future else newest["status"],
        "source": f"{newest['source']}; published until {last}, then {says}",
    }


def _years(years: Iterable[int], where: str) -> list[int]:
    """Calendar years in their order, each once."""
    made = [calendar_year(year, where) for year in years]
    if not made or len(set(made)) < len(made) or max(made) > _HORIZON:
        raise DomainError.of("years_of_a_trajectory", where, [str(made)], horizon=_HORIZON)
    return sorted(made)


def _said(model: str, trend: Trend, newest: float) -> str:
    """The model in words; a trend seldom passes through the newest published value, from which it then jumps."""
    if model != "trend":
        return MODELS[model]
    last = trend.years[-1]
    jump = trend.centre * math.exp(trend.slope * (last - trend.middle)) / newest - 1
    side = "above" if jump > 0 else "below"
    return f"{MODELS[model]} ({trend}), which stands {abs(jump):.1%} {side} the published {last}"


def _given(model: Mapping[int, Written], future: Sequence[int], newest: lookup.Fields, rate: object) -> dict[int, Node]:
    """The years to come as somebody states them."""
    where = f"trajectory of {newest['region']}"
    if rate is not None:
        raise DomainError.of("stated_values_with_a_rate", where)
    if idle := [str(year) for year in model if year not in future]:
        raise DomainError.of("values_of_other_years", where, years=", ".join(idle), last=newest["year"],
                             future=spans(future))  # fmt: skip
    if missing := [year for year in future if year not in model]:
        raise MissingError.of("values_of_years_missing", where, years=spans(missing))
    at = str(boundary_of(newest["intensity"].unit ** -1))[3:]
    declared = Declared(("kg CO2e/kWh", "kg CO2/kWh"), boundary="per")
    return {
        year: resolve(
            model[year], declared, key=f"electricity/{newest['region']}/{year}.intensity_stated",
            at=None if isinstance(model[year], Node) else at,  # a node carries its own boundary
        )
        for year in future
    }  # fmt: skip


def _modelled(
    model: str,
    future: Sequence[int],
    newest: lookup.Fields,
    rate: Written | None,
    trend: Trend,
    gases: str,
    publisher: str,
) -> dict[int, Node]:
    """The years to come of a model: what it expects, and how each year deviates from it."""
    base, region, last = newest["intensity"], newest["region"], int(newest["year"])
    where = f"trajectory of {region}"
    entry_of(model, MODELS, "model", where)
    if (rate is None) == (model == "decline"):
        key = "decline_without_rate" if rate is None else "rate_without_decline"
        raise MissingError.of(key, where, model=model, slope=trend.slope)
    # how far the level is off: of a fit, its standard error; of a single year, as far as single years are
    off = trend.level_error if model == "trend" else trend.spread
    deviations = _deviations(newest, publisher, future, trend, off)
    if model == "constant":
        return {year: deviated_intensity(base, deviation) for year, deviation in deviations.items()}
    if model == "decline":
        declared = Declared(("1/year",), low=None)
        falls = resolve(rate, declared, key=f"electricity/{region}.decline", status="assumed", source="the study")
        return {
            year: deviated_intensity(declined_intensity(base, falls, _time(year - last, last)), deviation)
            for year, deviation in deviations.items()
        }
    ratio = constant(trend.centre / lookup.nominal(base)).named(f"ratio of the trend's centre to {last}")
    # its key says of which fit it is (U1)
    key = f"electricity/{region}/{newest['basis']} {gases} {spans(trend.years)}.trend"
    error = trend.slope_error * trend.inflation
    value = f"{trend.slope!r} 1/year"
    slope = parameter(
        key, Normal(value, f"{error!r} 1/year") if error else value, status="dataset", source=_says(trend, newest)
    )
    return {
        year: trend_intensity(base * ratio, slope, _time(year - trend.middle, "the middle of the fit"), deviation)
        for year, deviation in deviations.items()
    }


def _time(years: float, since: object) -> Node:
    return constant(years * YEAR_SECONDS, root("s")).named(f"time since {since}")


def _deviations(
    newest: lookup.Fields, publisher: str, future: Sequence[int], trend: Trend, level_error: float
) -> dict[int, Node]:
    """How each year to come differs from what its model expects, as a logarithm.

    The level error, shared by all years, plus the deviation of the year: a common part and a part of its own. The
    parameters are counted in standard deviations, so that they are the same things for every model, history and basis
    of a place, and two of these may meet in one study (U1).
    """
    spread = trend.spread * trend.inflation
    if not spread:
        return dict.fromkeys(future, constant(0.0))
    region = newest["region"]
    common = common_share(publisher, newest["basis"])
    off = constant(level_error * trend.inflation).named("spread of the level")
    level = parameter(f"electricity/{region}.level", Normal(0, 1), status="dataset", source=_says(trend, newest)) * off
    shared = _years_to_come(f"electricity/{publisher}.year-to-year", "all places deviate together")
    own = _years_to_come(f"electricity/{region}.year-to-year", "published years about their trend")
    size = constant(spread * math.sqrt(common)).named("spread common to all places")
    alone = constant(spread * math.sqrt(1 - common)).named("spread of the place alone")
    return {year: level + select(shared, "year", year) * size + select(own, "year", year) * alone for year in future}


def _says(trend: Trend, newest: lookup.Fields) -> str:
    return f"published years about their trend: {trend}; {newest['source']}"


@cache
def _years_to_come(key: str, source: str) -> Node:
    """A deviation of each year, counted in standard deviations."""
    spread = labelled({year: Normal(0, 1) for year in range(2000, _HORIZON + 1)}, dim="year")
    return as_node(parameter(key, spread, status="dataset", source=source))


@tables.cached
def common_share(publisher: str, basis: str) -> float:
    """The share of the variance about the trends that is common to all places of a publisher (spreads.csv).

    >>> 0.1 < common_share("eGRID", "direct") < 0.5
    True
    """
    gsds = {
        row.text("what"): row.number("gsd")
        for row in tables.rows("electricity", "spreads")
        if row["applies_to"] == f"{publisher} {basis}"
    }
    parts = [f"year to year about a trend, {part}" for part in ("common", "residual")]
    if any(part not in gsds for part in parts):
        return 0.0  # too few figures to tell: each place on its own
    common, residual = (math.log(gsds[part]) ** 2 for part in parts)
    return common / (common + residual)
