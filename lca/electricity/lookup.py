"""One row of the electricity tables as the fields of an `Electricity`: intensity, grid loss, tags, source.

Each kind of place has its publisher: eGRID for subregions and states of the United States, Ember for countries,
Google for its own cloud regions. Any other cloud region takes the factor of the place where it stands. The nominal
intensity is the published value. Around it lie a spread of its own and one that all places of the publisher share
(`publisher_spread`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, TypeAlias, TypedDict

from .. import tables
from ..checks import one_of
from ..errors import MissingError
from ..formulas import lifecycle_intensity
from ..graph.fields import parameter
from ..graph.node import Node
from ..sampling.evaluate import nominal_values
from ..units.parse import parse_unit
from .generation_mix import by_place, generation_mix, like_its_subregions, shares, state_mix, subregions
from .places import TABLES, Place, calendar_year, find_place, google_figures, nearest_year, spans, stand_in
from .publisher_spread import between_sources, own_intensity, rounded
from .upstream import upstream_by_gwp_set, upstream_intensity

_FOLDER = "electricity"
#: What is published of each kind of place, by basis and gases, and by whom.
FIGURES: Mapping[str, Mapping[tuple[str, str], str]] = {
    "egrid": {("direct", "CO2"): "eGRID", ("direct", "CO2e"): "eGRID", ("life cycle", "CO2e"): "eGRID + upstream"},
    "state": {("direct", "CO2e"): "eGRID, states", ("life cycle", "CO2e"): "eGRID, states + upstream"},
    "country": {("life cycle", "CO2e"): "Ember"},
    "cloud": {("direct", "CO2e"): "Google", ("life cycle", "CO2e"): "Google"},
}
#: Google's two series: its intensity changed its basis with 2021, and no series runs across.
_SERIES = {"life cycle": "Google life cycle", "direct": "Google operational"}
Row = tables.Row


#: What a figure is, beside its gases (A4).
Tag: TypeAlias = Literal["gwp_set", "basis", "mix", "averaging", "accounting", "release"]


class Asked(TypedDict):
    """Which of the figures of a place are wanted."""

    basis: str
    gases: str
    source: str


class Fields(TypedDict, total=False):
    """Fields of an `Electricity` as the tables give them."""

    intensity: Node
    name: str
    region: str
    year: int | str
    basis: str
    gwp_set: str
    mix: str
    averaging: str
    accounting: str
    release: str
    other_gases: float | None
    grid_loss: Node | None
    methane: Node
    nitrous_oxide: Node
    categories: Mapping[str, Node]
    status: str
    source: str
    key: str


def fields(
    text: str, year: int, *, basis: str, gases: str, source: str, allow_flagged: bool = False, nearest: bool = False
) -> Fields:
    """The fields of the electricity of a place in a year. Raises as `Electricity.lookup` says.

    With `nearest` a year that was not published takes the nearest one, of two equally near the later; the
    year of the result is that of the factor, and its source says so.
    """
    year = calendar_year(year, f"{text}, {year}")
    place = find_place(text, source=source)
    known = _known(place, basis, gases, allow_flagged)
    taken = nearest_year(year, known) if nearest and known else year
    if taken not in known:
        zero = place.kind == "country" and year in by_place("country_yearly").get(place.region, {})
        key = "year_flagged_as_zero" if zero else "year_not_published"
        where = f"{text}, {year}"
        raise MissingError.of(key, where, region=place.region, year=year, gases=gases, years=spans(known))
    found = made(place, taken, basis, gases, known[taken])
    if place.note:  # asked for by another name than its own: two such names may meet in one study
        found["name"] += f", {text.strip()}"
    if taken != year:
        found["source"] += f"; {taken} stands for {year}: nearest=True"
    return found


def published_years(text: str, *, basis: str = "life cycle", gases: str = "CO2e", source: str = "") -> list[int]:
    """The years for which a look-up of this place, basis and gas succeeds.

    >>> published_years("US-RFCW", basis="direct", gases="CO2")
    [2016, 2018, 2019, 2020, 2021, 2022, 2023]
    """
    return sorted(_known(find_place(text, source=source), basis, gases))


# --- what was published --------------------------------------------------------------------------------


def published(place: Place, basis: str, gases: str, allow_flagged: bool = False) -> dict[int, Row]:
    """The rows of a place by year, flagged zeros left out; empty where no year has this basis or gas.

    A row is what its table has, in the units of `tables.units`. `basis` is "direct" or "life cycle", `gases` "CO2e" or
    "CO2". A cloud region has its provider's own figures; where there are none of this basis, those of its place.
    """
    if (basis, gases) not in _figures(place):
        return {}
    if place.kind == "cloud":
        own = google_figures(basis).get(place.region, {})
        alone = basis == "direct" and _is_google(place)  # a direct figure of another publisher is of another series
        return own if alone else published(stand_in(place), basis, gases, allow_flagged) | own
    rows = by_place(TABLES[place.kind]).get(place.region, {})
    if place.kind == "country":
        return {year: row for year, row in rows.items() if allow_flagged or row["flag"] != "false_zero"}
    return {
        year: row
        for year, row in rows.items()
        if not math.isnan(row.number(gases.lower())) and (basis == "direct" or _mix(place.region, year))
    }


def _known(place: Place, basis: str, gases: str, allow_flagged: bool = False) -> dict[int, Row]:
    """The same; raises where none of its years can have this basis or gas."""
    one_of(gases, ("CO2e", "CO2"), "intensity of the gases", place.region)
    if (basis, gases) not in _figures(place):
        known = " or ".join(f'basis="{one}", gases="{gas}"' for one, gas in _figures(place))
        said = {"place": place.name, "basis": basis, "gases": gases, "known": known}
        key = "basis_not_published" if gases == "CO2e" else "gases_not_published"
        raise MissingError.of(key, f"electricity of {place.region}", **said)
    return published(place, basis, gases, allow_flagged)


def _figures(place: Place) -> Mapping[tuple[str, str], str]:
    """What is published of a place; of a cloud region without figures of its provider, of where it stands."""
    return FIGURES[stand_in(place).kind if place.kind == "cloud" and not _is_google(place) else place.kind]


def _is_google(place: Place) -> bool:
    return place.region.startswith("gcp:")


# --- a row as fields -----------------------------------------------------------------------------------


def made(place: Place, year: int, basis: str, gases: str, row: Row) -> Fields:
    """The fields of the `Electricity` that a row of `published` describes.

    `intensity` is kg CO2e, or with `gases="CO2"` kg CO2, per kWh at the busbar, with its spreads, and `grid_loss`
    at_facility/at_busbar where it is known. A cloud region without a figure of its provider takes the name and key of
    the place where it stands. Nothing is looked for again: a row of another place or basis gives a wrong factor.

    Raises `KeyError` for a life cycle of a place without a generation mix, which `published` never returns.
    """
    if place.kind == "cloud" and "provider" not in row:
        place = stand_in(place)
    key = f"electricity/{place.region}/{year}"
    if place.kind == "cloud":
        intensity, notes = _of_google(place, key, basis, row)
    elif place.kind == "country":
        intensity, notes = _of_country(place, key, row)
    else:
        intensity, notes = _of_egrid(place, key, year, basis, gases, row)
    found: Fields = {
        "intensity": intensity,
        "name": f"{place.region} {year}",
        "region": place.region,
        "year": int(year),
        "basis": basis,
        "gwp_set": row.text("gwp_set") if gases == "CO2e" else "none",
        "other_gases": _other_gases(place.region, year, basis, row) if gases == "CO2e" else None,
        "mix": row.text("mix"),
        "averaging": row.text("averaging"),
        "accounting": row.text("accounting"),
        "release": row.text("release"),
        "status": row.text("status"),
        "source": "; ".join(part for part in [row.text("source"), place.note, *notes] if part),
        "key": key,
    }
    if loss := _grid_loss(place, year, row):
        percent, status, source = loss
        value = f"{percent!r} % at_facility/at_busbar"
        found["grid_loss"] = parameter(f"{key}.grid_loss", value, status=status, source=source)
    return found


def _of_egrid(place: Place, key: str, year: int, basis: str, gases: str, row: Row) -> tuple[Node, list[str]]:
    """(intensity of a subregion or a state, notes on it)."""
    unit = tables.units(_FOLDER, TABLES[place.kind])[gases.lower()]
    key = f"{key}.intensity" + ("" if gases == "CO2e" else f"_{gases}")
    intensity = own_intensity(key, row.number(gases.lower()), unit, "eGRID direct", row, place=place.region)
    notes = []
    if basis == "life cycle":
        upstream, missing = _upstream(place.region, year)
        intensity = lifecycle_intensity(intensity, upstream)
        notes.append(_upstream_set(place.region, year, row.number("co2e")))
        if missing > 0.005:
            notes.append(f"no upstream figure for {missing:.1%} of its generation")
        if place.kind == "state":
            notes.append(f"upstream of the mix of its subregions, {', '.join(subregions(place.region))}")
    return intensity * between_sources(f"eGRID {basis}"), notes


def _of_country(place: Place, key: str, row: Row) -> tuple[Node, list[str]]:
    """(intensity of a country, notes on it); where little is generated, the rounding to 0.01 TWh shows."""
    rounding = rounded(0.005, row.number("generation")) if row["flag"] == "small_generation" else 0.0
    unit, series = tables.units(_FOLDER, "country_yearly")["co2e"], "Ember life cycle"
    own = own_intensity(
        f"{key}.intensity", row.number("co2e"), unit, series, row, place=place.region, rounding=rounding
    )
    notes = [f"flagged {row.text('flag').replace('_', ' ')}"] if row["flag"] not in ("", "none") else []
    return own * between_sources(series), notes


def _of_google(place: Place, key: str, basis: str, row: Row) -> tuple[Node, list[str]]:
    """Google's own figure. Where its energy is metered is not stated: read as at the busbar, as others publish."""
    value, series = row.number("value"), _SERIES[basis]
    rounding = rounded(0.5 if value.is_integer() else 0.005, value)
    own = own_intensity(
        f"{key}.intensity", value, "g CO2e/(kWh at_busbar)", series, row,
        place=place.region if basis == "direct" else f"{place.region}/life-cycle", rounding=rounding,
    )  # fmt: skip
    notes = [f"{row['note']}; counted at the busbar, which is assumed"] + ["published as 0"] * (not value)
    return own * between_sources(series), notes


def nominal_grams(place: Place, year: int, basis: str, gases: str, row: Row) -> float:
    """The nominal value of a row of `published`, in g/kWh at the busbar, without making a factor of it."""
    if place.kind == "cloud":
        return row.number("value")
    grams = row.number(gases.lower())
    if place.kind == "country":
        return grams
    upstream = upstream_by_gwp_set(_mix(place.region, year)).values() if basis == "life cycle" else ()
    return grams * _grams_per_unit() + math.fsum(upstream)


def nominal(node: Node) -> float:
    """The nominal value of a factor, in its own unit."""
    return float(nominal_values({"value": node})["value"])


def grams_per_kwh(intensity: Node) -> float:
    """Nominal g/kWh of an intensity in kg/J."""
    return nominal(intensity) * 3.6e9


def _upstream_set(region: str, year: int, direct: float) -> str:
    """What the tag `gwp_set` of a life cycle does not say: it is that of the direct part, the larger one (A4)."""
    parts = upstream_by_gwp_set(_mix(region, year))
    whole = direct * _grams_per_unit() + math.fsum(parts.values())
    sets = ", ".join(f"{gwp_set} {grams / whole:.1%}" for gwp_set, grams in parts.items())
    return f"its GWP set is that of power stations; of the upstream share: {sets}"


def _other_gases(region: str, year: int, basis: str, row: Row) -> float | None:
    """The largest share of CO2e that may not be CO2: of power stations what the table says, of upstream all."""
    co2, every = (row.number(column) if column in row else math.nan for column in ("co2", "co2e"))
    if math.isnan(co2) or not every > 0:
        return None
    if basis == "life cycle":
        every += math.fsum(upstream_by_gwp_set(_mix(region, year)).values()) / _grams_per_unit()
    return 1 - co2 / every


@tables.cached
def _grams_per_unit() -> float:
    """g/kWh per unit of the table of eGRID."""
    return parse_unit(tables.units(_FOLDER, "egrid_subregion_rates")["co2e"])[0] * 3.6e9


def _mix(region: str, year: int) -> Mapping[str, float]:
    """The generation mix of an eGRID region; of a state, which has none of its own, that of its subregions."""
    return generation_mix(region, year) or state_mix(region, year)


@tables.cached
def _upstream(region: str, year: int) -> tuple[Node, float]:
    """(upstream intensity of an eGRID region or state, the share of its generation without a figure)."""
    intensity, missing = upstream_intensity(_mix(region, year), shares(region, year))
    return (intensity * like_its_subregions(region) if subregions(region) else intensity), missing


def _grid_loss(place: Place, year: int, row: Row) -> tuple[float, str, str] | None:
    """(loss in per cent, status, source) of the grid of a place; of a cloud region, of the grid where it stands."""
    grid = stand_in(place) if place.kind == "cloud" else place
    if grid.kind == "country":
        loss = _losses().get(grid.region)
        return (loss.number("loss"), "dataset", f"{loss['source']}, {loss['year']}") if loss else None
    if grid.kind == "state":
        return _state_loss(grid.region, year)
    if place.kind == "cloud":
        rows = by_place("egrid_subregion_rates")[grid.region]
        row = rows[nearest_year(year, rows)]
        return row.number("grid_loss"), "dataset", f"{row['source']}, {grid.region}"
    return row.number("grid_loss"), row.text("status"), row.text("source")


def _state_loss(state: str, year: int) -> tuple[float, str, str] | None:
    """The grid loss of a state: that of its subregions, which is one figure for each of the large grids."""
    parts, rates = subregions(state), by_place("egrid_subregion_rates")
    rows = {region: rates[region][year] for region in parts if year in rates[region]}
    if not rows or len(rows) < len(parts):
        return None
    lost = math.fsum(parts[region] * row.number("grid_loss") for region, row in rows.items())
    loss = lost / math.fsum(parts.values())
    return round(loss, 6), "assumed", f"{next(iter(rows.values()))['source']}, of its subregions, {', '.join(rows)}"


@tables.cached
def _losses() -> dict[str, Row]:
    """The loss of each country: the five-year mean where the single year is unusual, else the latest year."""
    found: dict[str, Row] = {}
    for row in tables.rows(_FOLDER, "electricity_losses"):
        if row["measure"] != "year" or row["region"] not in found:
            found[row.text("region")] = row
    return found
