"""The electricity of a place in years to come: published years, then a stated model with its uncertainty (A5).

Every future year has a deviation of its own, as large as published years deviate from their trend: partly
common to all places of a publisher (a mild winter, the price of gas), partly the place's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from .. import tables
from ..checks import finite_number
from ..errors import DomainError, MissingError
from ..expression.families import Normal
from ..expression.functions import select, stack
from ..expression.given import labelled
from ..expression.node import Node, as_node, constant
from ..expression.value import Declared, parameter, resolve
from ..formulas import declined_intensity, deviated_intensity, trend_intensity
from ..sampling.evaluate import nominal_values
from ..units import boundary_of, root
from . import lookup
from .places import spans
from .trend import Trend, fitted

YEAR_SECONDS = 365.25 * 86_400
#: Future years have draws of their own up to this one.
_HORIZON = 2100
#: How many published years a trend looks back, unless said otherwise.
_HISTORY = 10
MODELS = ("constant", "decline", "trend")


def fields(
    place: str,
    years: Iterable[int],
    *,
    model: str | Mapping[int, Any],
    rate: Any,
    basis: str,
    gases: str,
    source: str,
    history: int,
) -> dict[str, Any]:
    """The fields of an `Electricity` over the dim `year`. Raises as `Electricity.trajectory` says."""
    wanted = _years(years, place)
    asked: dict[str, Any] = {"basis": basis, "gases": gases, "source": source}
    newest = lookup.fields(place, max(lookup.published_years(place, **asked)), allow_flagged=False, **asked)
    # a cloud region without newer figures of its provider follows its grid: no series runs across publishers
    series = str(newest["region"])
    known = lookup.published_years(series, **asked)
    past = [year for year in wanted if year <= max(known)]
    if missing := sorted(set(past) - set(known)):
        raise MissingError(
            f"years that were never published for {newest['region']}: {spans(missing)}",
            where=f"trajectory of {place}",
            fix=f"years there are: {spans(known)}; later ones follow the model",
        )
    published = {year: lookup.fields(series, year, allow_flagged=False, **asked) for year in past}
    found = {year: one["intensity"] for year, one in published.items()}
    future = [year for year in wanted if year > max(known)]
    if isinstance(model, Mapping):
        says = "as given"
        found |= _given(model, future, newest, rate)
    else:
        recent = [year for year in known if year > max(known) - _span(history, place)]
        values = _nominals(series, recent, asked)
        trend = fitted(recent, values, f"trajectory of {place}")
        told = {"gases": gases, "publisher": lookup.publisher(series, source)}
        found |= _modelled(model, future, newest | told, rate, trend)
        says = _said(model, trend, values[-1])
    name = model if isinstance(model, str) else "given"
    return (
        newest
        | _losses(published, future, newest)
        | {
            "intensity": stack({year: found[year] for year in wanted}, "year"),
            "name": f"{newest['region']} {spans(wanted)} {name}" + _looks_back(history),
            "year": f"{wanted[0]} to {wanted[-1]}",
            "key": f"electricity/{newest['region']}/{name}",
            "status": "assumed" if future else newest["status"],
            "source": f"{newest['source']}; published until {max(known)}, then {says}",
        }
    )


def _losses(published: Mapping[int, Any], future: Sequence[int], newest: Mapping[str, Any]) -> dict[str, Any]:
    """The loss of the grid in each year, that of the newest figure for years to come."""
    by_year = {**{year: one.get("grid_loss") for year, one in published.items()},
               **dict.fromkeys(future, newest.get("grid_loss"))}  # fmt: skip
    if None in by_year.values():
        return {}
    declared = Declared(("at_facility/at_busbar",), bare=True, high=1.0)
    nodes = {
        year: resolve(loss, declared, status="dataset", source=str(newest["source"]),
                      key=f"electricity/{newest['region']}/{year if year in published else newest['year']}.grid_loss")
        for year, loss in by_year.items()
    }  # fmt: skip
    return {"grid_loss": stack(nodes, "year")}


def _years(years: Iterable[int], place: str) -> list[int]:
    made = list(years)
    bad = [repr(y) for y in made if isinstance(y, bool) or not isinstance(y, (int, np.integer)) or y > _HORIZON]
    if bad or not made or len(set(made)) < len(made):
        raise DomainError(
            "years are whole calendar years, each once",
            where=f"trajectory of {place}",
            sides=bad,
            fix=f"range(2024, 2034); none after {_HORIZON}",
        )
    return sorted(int(year) for year in made)


def _span(history: Any, place: str) -> float:
    """How many published years a trend looks back."""
    return finite_number(history, f"trajectory of {place}", low=0, above=True, form="history=10")


def _looks_back(history: float) -> str:
    """Two trajectories of one place that differ in their history alone have names of their own (U1)."""
    return "" if history == _HISTORY else f" from {history:g} years"


def _nominals(place: str, years: Sequence[int], asked: Mapping[str, Any]) -> list[float]:
    nodes = {str(y): lookup.fields(place, y, allow_flagged=False, **asked)["intensity"] for y in years}
    values = nominal_values(nodes)
    return [float(values[str(year)]) for year in years]


def _said(model: str, trend: Trend, newest: float) -> str:
    """The model in words; a trend seldom passes through the newest published value, from which it then jumps."""
    last = trend.years[-1]
    jump = trend.centre * math.exp(trend.slope * (last - trend.middle)) / newest - 1
    side = "above" if jump > 0 else "below"
    return {
        "constant": "held at the last one",
        "decline": "an exponential decline",
        "trend": f"the trend ({trend}), which stands {abs(jump):.1%} {side} the published {last}",
    }.get(model, model)


def _given(model: Mapping[int, Any], future: Sequence[int], newest: Mapping[str, Any], rate: Any) -> dict[int, Node]:
    """The years to come as somebody states them."""
    if rate is not None:
        raise DomainError("stated values have no rate", where=f"trajectory of {newest['region']}", fix="leave it out")
    if idle := [str(year) for year in model if year not in future]:
        raise DomainError(
            f"values are stated for years that they do not decide: {', '.join(idle)}",
            where=f"trajectory of {newest['region']}",
            sides=[f"published until {newest['year']}", f"years to come: {spans(list(future)) or 'none'}"],
            fix="leave them out; for a figure of your own in place of a published one, lca.Electricity(...)",
        )
    if missing := [year for year in future if year not in model]:
        raise MissingError(
            f"a stated trajectory lacks years: {spans(missing)}",
            where=f"trajectory of {newest['region']}",
            fix="give each year a value: model={2027: '400 g CO2e/kWh', ...}",
        )
    unit = newest["intensity"].unit
    at = str(boundary_of(unit**-1))[3:]
    declared = Declared(("kg CO2e/kWh", "kg CO2/kWh"), boundary="per")
    stem = f"electricity/{newest['region']}"
    return {
        year: resolve(model[year], declared, key=f"{stem}/{year}.intensity_stated", at=_unsaid(model[year], at))
        for year in future
    }


def _unsaid(value: Any, at: str) -> str | None:
    """The boundary of the place, unless the value is a node, which carries its own."""
    return None if isinstance(value, Node) else at


def _modelled(model: str, future: Sequence[int], newest: Mapping[str, Any], rate: Any, trend: Trend) -> dict[int, Node]:
    region, last = newest["region"], newest["year"]
    where = f"trajectory of {region}"
    if model not in tuple(MODELS):
        known = ", ".join(f'"{name}"' for name in MODELS)
        raise MissingError(f"no model {model!r}", where=where, fix=f"{known}, or a value for each year")
    if (rate is None) == (model == "decline"):
        raise MissingError(
            "a decline needs its rate" if rate is None else f"the model {model!r} has no rate",
            where=where,
            fix=f'model="decline", rate=lca.Uniform("2 %/year", "6 %/year"); the trend is {trend.slope:+.1%} a year',
        )
    base = newest["intensity"]
    off, publisher = _level_error(model, trend), str(newest["publisher"])
    deviation = _Deviation(str(region), publisher, str(newest["basis"]), str(newest["gases"]), trend, off)
    if model == "trend":
        scale = trend.centre / float(nominal_values({"base": base})["base"])
        ratio = constant(scale).named(f"ratio of the trend's centre to {last}")
        slope = deviation.slope()
        return {
            year: trend_intensity(
                base * ratio, slope, _time(year - trend.middle, "the middle of the fit"), deviation.of(year)
            )
            for year in future
        }
    if model == "decline":
        declared = Declared(("1/year",), low=None)
        falls = resolve(rate, declared, key=f"electricity/{region}.decline", status="assumed", source="the study")
        return {
            year: deviated_intensity(declined_intensity(base, falls, _time(year - last, last)), deviation.of(year))
            for year in future
        }
    return {year: deviated_intensity(base, deviation.of(year)) for year in future}


def _level_error(model: str, trend: Trend) -> float:
    """How far the level is off: of a fit, its standard error; of a single year, as far as single years are."""
    return trend.level_error if model == "trend" else trend.spread


def _time(years: float, since: Any) -> Node:
    return constant(years * YEAR_SECONDS, root("s")).named(f"time since {since}")


@dataclass(frozen=True)
class _Deviation:
    """How a future year differs from what its model expects, as logarithms: level, slope, single years."""

    region: str
    publisher: str
    basis: str
    gases: str
    trend: Trend
    level_error: float

    @property
    def fit(self) -> str:
        return f"{self.basis} {self.gases} {spans(list(self.trend.years))}"

    def of(self, year: int) -> Node:
        """Level error, shared by all years, plus the deviation of the year: a common part and a part of its own.

        The parameters are counted in standard deviations, so that they are the same things for every model,
        history and basis of a place, and two of these may meet in one study (U1).
        """
        spread = self.trend.spread * self.trend.inflation
        if not spread:
            return constant(0.0)
        common = common_share(self.publisher, self.basis)
        off = constant(self.level_error * self.trend.inflation).named("spread of the level")
        shared = _years_to_come(f"electricity/{self.publisher}.year-to-year", "all places deviate together")
        own = _years_to_come(f"electricity/{self.region}.year-to-year", "published years about their trend")
        size = constant(spread * math.sqrt(common)).named("spread common to all places")
        alone = constant(spread * math.sqrt(1 - common)).named("spread of the place alone")
        made: Node = self._one("level") * off + select(shared, "year", year) * size + select(own, "year", year) * alone
        return made

    def slope(self) -> Node:
        """The slope of the trend with its standard error, [1/time]; its key says of which fit (U1)."""
        slope, error = self.trend.slope, self.trend.slope_error * self.trend.inflation
        value = Normal(f"{slope!r} 1/year", f"{error!r} 1/year") if error else f"{slope!r} 1/year"
        key = f"electricity/{self.region}/{self.fit}.trend"
        return as_node(parameter(key, value, status="dataset", source=self._says()))

    def _one(self, name: str) -> Node:
        """A deviation counted in standard deviations."""
        key = f"electricity/{self.region}.{name}"
        return as_node(parameter(key, Normal(0, 1), status="dataset", source=self._says()))

    def _says(self) -> str:
        return f"published years about their trend: {self.trend}"


@cache
def _years_to_come(key: str, source: str) -> Node:
    """A deviation of each year, counted in standard deviations."""
    spread = labelled({year: Normal(0, 1) for year in range(2000, _HORIZON + 1)}, dim="year")
    return as_node(parameter(key, spread, status="dataset", source=source))


@cache
def common_share(publisher: str, basis: str) -> float:
    """The share of the variance about the trends that is common to all places of a publisher (spreads.csv).

    >>> 0.1 < common_share("eGRID", "direct") < 0.5
    True
    """
    rows = tables.read("electricity", "spreads")
    here = rows[rows["applies_to"] == f"{publisher} {basis}"].set_index("what")["gsd"]
    parts = [f"year to year about a trend, {part}" for part in ("common", "residual")]
    if any(part not in here for part in parts):
        return 0.0  # too few figures to tell: each place on its own
    common, residual = (math.log(float(here[part])) ** 2 for part in parts)
    return common / (common + residual)
