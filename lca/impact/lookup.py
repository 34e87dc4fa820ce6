"""One row of the electricity tables as the fields of an `Electricity`: intensity, grid loss, tags, source.

Each kind of place has its publisher: eGRID for subregions and states of the United States, Ember for countries,
Google for its own cloud regions; any other cloud region takes the factor of the place where it stands. The
nominal intensity is the published value; around it lie a spread of its own and one that all places of the
publisher share (`impact.spread`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from .. import tables
from ..checks import one_of
from ..errors import MissingError
from ..expression.node import Node
from ..expression.value import parameter
from ..formulas import lifecycle_intensity
from ..units import parse_unit
from .generation import by_place, generation_mix, like_its_subregions, shares, state_mix, subregions
from .places import Place, calendar_year, find_place, spans, stand_in
from .spread import between_sources, own_intensity, rounded
from .upstream import upstream_by_gwp_set, upstream_intensity

_FOLDER = "electricity"
_TAGS = ("gwp_set", "mix", "averaging", "accounting", "release")
#: Google's two series: its intensity changed its basis with 2021, and no series runs across.
_SERIES = {"life cycle": "Google life cycle", "direct": "Google operational"}

#: How Google writes the unit of an intensity, and what is read.
_GOOGLE_UNIT = {"g CO2e/kWh": "g CO2e/(kWh at_busbar)"}
_PUBLISHERS = {"egrid": "eGRID", "state": "eGRID", "country": "Ember", "cloud": "Google"}

Row = dict[str, Any]


def fields(
    text: str,
    year: int,
    *,
    basis: str,
    gases: str,
    source: str,
    allow_flagged: bool,
    nearest: bool = False,
) -> dict[str, Any]:
    """The fields of the electricity of a place in a year. Raises as `Electricity.lookup` says.

    With `nearest` a year that was not published takes the nearest one, of two equally near the later; the
    year of the result is that of the factor, and its source says so.
    """
    _check(text, basis, gases, where=f"{text}, {year}")
    year = calendar_year(year, f"{text}, {year}")
    place = find_place(text, source=source)
    known = _published(place, basis, gases, allow_flagged, where=f"{place.region}, {year}")
    taken = _year(place, year, known, gases, nearest)
    found = made(place, taken, basis, gases, known[taken])
    if place.note:  # asked for by another name than its own: two such names may meet in one study
        found["name"] += f", {text.strip()}"
    if taken != year:
        found["source"] += f"; {taken} stands for {year}: nearest=True"
    return found


def published(place: Place, basis: str, gases: str) -> dict[int, Row]:
    """The rows of a place by year, flagged zeros left out; empty where no year has this basis or gas.

    A row is what its table has, in the units of `tables.units`. `basis` is "direct" or "life cycle", `gases` "CO2e" or
    "CO2"; a place that lacks the one or the other has no years, and nothing is raised.
    """
    try:
        return _published(place, basis, gases, allow_flagged=False, where=place.region)
    except MissingError:
        return {}


def published_years(text: str, *, basis: str = "life cycle", gases: str = "CO2e", source: str = "") -> list[int]:
    """The years for which a look-up of this place, basis and gas succeeds.

    >>> published_years("US-RFCW", basis="direct", gases="CO2")
    [2016, 2018, 2019, 2020, 2021, 2022, 2023]
    """
    _check(text, basis, gases, where=str(text))
    place = find_place(text, source=source)
    return sorted(_published(place, basis, gases, allow_flagged=False, where=place.region))


def publisher(region: str, source: str = "") -> str:
    """Who publishes the figures of a region, as a look-up names it: "eGRID", "Ember" or "Google".

    Raises `MissingError` for a region that no table has.

    >>> publisher("US-RFCW"), publisher("FRA"), publisher("gcp:europe-west9")
    ('eGRID', 'Ember', 'Google')
    """
    return _PUBLISHERS[find_place(region, source=source).kind]


def _check(text: str, basis: str, gases: str, where: str) -> None:
    if basis not in ("direct", "life cycle"):
        raise MissingError(
            f"no table of electricity on the basis {basis!r}",
            where=where,
            fix='basis="life cycle", or "direct" for what power stations emit alone',
        )
    one_of(gases, ("CO2e", "CO2"), "intensity of the gases", where)


def _year(place: Place, year: int, known: Mapping[int, Row], gases: str, nearest: bool) -> int:
    """The year itself, or with `nearest` the nearest one that is known."""
    if year in known:
        return year
    if nearest and known:
        return min(known, key=lambda other: (abs(other - year), -other))
    if place.kind == "country" and by_place("country_yearly").get(place.region, {}).get(year):
        raise MissingError(
            f"the table has a zero for {place.name} in {year} that no grid of it explains",
            where=f"country_yearly, {place.region}",
            fix="another year, or allow_flagged=True",
        )
    raise MissingError(
        f"no {gases} rate for {place.region} in {year}",
        where=_table_of(place),
        fix=f"years there are: {spans(list(known)) or 'none'}; nearest=True takes the nearest" if known else "",
    )


def _table_of(place: Place) -> str:
    named = {"egrid": "egrid_subregion_rates", "state": "egrid_state_co2e", "country": "country_yearly"}
    return named.get(place.kind, "cloud_regions")


# --- what was published --------------------------------------------------------------------------------


def _published(place: Place, basis: str, gases: str, allow_flagged: bool, where: str) -> dict[int, Row]:
    """The rows of a place by year; raises where no year has this basis or gas."""
    if place.kind == "cloud":
        return _of_cloud(place, basis, gases, allow_flagged, where)
    if place.kind == "country":
        if basis != "life cycle" or gases != "CO2e":
            raise MissingError(
                f"of {place.name} only CO2e on the life-cycle basis is known",
                where=where,
                fix='basis="life cycle", gases="CO2e"',
            )
        rows = by_place("country_yearly").get(place.region, {})
        return {year: row for year, row in rows.items() if allow_flagged or row["flag"] != "false_zero"}
    if gases != "CO2e" and (basis == "life cycle" or place.kind == "state"):
        what = "a life-cycle factor is CO2e" if basis == "life cycle" else f"of {place.name} only CO2e is known"
        raise MissingError(what, where=where, fix='gases="CO2e", or the subregion by ZIP code or name')
    rows = by_place(_table_of(place)).get(place.region, {})
    return {
        year: row
        for year, row in rows.items()
        if not math.isnan(float(row[gases.lower()])) and (basis == "direct" or _mix(place.region, year))
    }


def _of_cloud(place: Place, basis: str, gases: str, allow_flagged: bool, where: str) -> dict[int, Row]:
    """The provider's own figures of this basis; where it has none of its own, those of the place."""
    if place.region.startswith("gcp:") and basis == "direct":
        if gases != "CO2e":
            raise MissingError(
                f"of {place.region} only CO2e is known",
                where=where,
                fix=f'gases="CO2e", or "{stand_in(place).region}"',
            )
        return _google(basis).get(place.region, {})
    rows = _published(stand_in(place), basis, gases, allow_flagged, where)
    return rows | (_google(basis).get(place.region, {}) if basis == "life cycle" else {})


@cache
def _google(basis: str) -> dict[str, dict[int, Row]]:
    """Google's own intensities on one basis, by region and year."""
    found: dict[str, dict[int, Row]] = {}
    for row in tables.rows(_FOLDER, "cloud_regions"):
        if row["default"] and row["metric"] == "grid_intensity" and row["basis"] == basis:
            found.setdefault(f"gcp:{row['region']}", {})[int(row["year"])] = row
    return found


# --- a row as fields -----------------------------------------------------------------------------------


def made(place: Place, year: int, basis: str, gases: str, row: Row) -> dict[str, Any]:
    """The fields of the `Electricity` that a row of `published` describes.

    `intensity` is kg CO2e, or with `gases="CO2"` kg CO2, per kWh at the busbar, with its spreads, and `grid_loss`
    at_facility/at_busbar where it is known. A cloud region without a figure of its provider takes the name and key of
    the place where it stands. Nothing is looked for again: a row of another place or basis gives a wrong factor.

    Raises `KeyError` for a life cycle of a place without a generation mix, which `published` never returns.
    """
    if place.kind == "cloud" and "provider" not in row:
        place = stand_in(place)
    if place.kind == "cloud":
        return _google_fields(place, year, basis, row)
    if place.kind == "country":
        return _country_fields(place, year, basis, row)
    return _egrid_fields(place, year, basis, gases, row)


def _egrid_fields(place: Place, year: int, basis: str, gases: str, row: Row) -> dict[str, Any]:
    key = f"electricity/{place.region}/{year}.intensity" + ("" if gases == "CO2e" else f"_{gases}")
    unit = tables.units(_FOLDER, _table_of(place))[gases.lower()]
    intensity = own_intensity(key, float(row[gases.lower()]), unit, "eGRID direct", row, place=place.region)
    notes = []
    if basis == "life cycle":
        upstream, missing = _upstream(place.region, year)
        intensity = lifecycle_intensity(intensity, upstream)
        notes = [_upstream_set(place.region, year, float(row["co2e"]))]
        notes += [f"no upstream figure for {missing:.1%} of its generation"] if missing > 0.005 else []
        notes += [f"upstream of the mix of its subregions, {', '.join(subregions(place.region))}"] * (
            place.kind == "state"
        )
    made = _common(place, year, row, intensity * between_sources(f"eGRID {basis}"), basis, notes)
    key = f"electricity/{place.region}/{year}"
    loss = _state_loss(place.region, year) if place.kind == "state" else row
    gwp_set = str(row["gwp_set"]) if gases == "CO2e" else "none"
    others = _other_gases(place.region, year, basis) if gases == "CO2e" else None
    lost = _loss(key, float(loss["grid_loss"]), loss["status"], loss["source"]) if loss else {}
    return made | lost | {"gwp_set": gwp_set, "other_gases": others}


def _upstream_set(region: str, year: int, direct: float) -> str:
    """What the tag `gwp_set` of a life cycle leaves unsaid: it is that of the direct part, the larger one (A4)."""
    parts = upstream_by_gwp_set(_mix(region, year))
    whole = direct * _grams_per_unit() + math.fsum(parts.values())
    sets = ", ".join(f"{gwp_set} {grams / whole:.1%}" for gwp_set, grams in parts.items())
    return f"its GWP set is that of power stations; of the upstream share: {sets}"


@cache
def _other_gases(region: str, year: int, basis: str) -> float | None:
    """The largest share of CO2e that may not be CO2: of power stations what the table says, of upstream all."""
    row = by_place("egrid_subregion_rates").get(region, {}).get(year, {})
    co2, every = float(row.get("co2", math.nan)), float(row.get("co2e", math.nan))
    if math.isnan(co2 / every):
        return None
    if basis == "life cycle":
        every += math.fsum(upstream_by_gwp_set(_mix(region, year)).values()) / _grams_per_unit()
    return 1 - co2 / every


def _grams_per_unit() -> float:
    """g/kWh per unit of the table of eGRID."""
    return parse_unit(tables.units(_FOLDER, "egrid_subregion_rates")["co2e"])[0] * 3.6e9


def _mix(region: str, year: int) -> Mapping[str, float]:
    """The generation mix of an eGRID region; of a state, which has none of its own, that of its subregions."""
    return generation_mix(region, year) or state_mix(region, year)


@cache
def _upstream(region: str, year: int) -> tuple[Node, float]:
    """(upstream intensity of an eGRID region or state, the share of its generation without a figure)."""
    intensity, missing = upstream_intensity(_mix(region, year), shares(region, year))
    return (intensity * like_its_subregions(region) if subregions(region) else intensity), missing


def _state_loss(state: str, year: int) -> Row:
    """The grid loss of a state: that of its subregions, which is one figure for each of the large grids."""
    rows = {region: by_place("egrid_subregion_rates")[region].get(year) for region in subregions(state)}
    known = {region: row for region, row in rows.items() if row}
    if len(known) < len(rows) or not rows:
        return {}
    loss = math.fsum(subregions(state)[region] * row["grid_loss"] for region, row in known.items())
    source = f"{next(iter(known.values()))['source']}, of its subregions, {', '.join(known)}"
    return {"grid_loss": round(loss / math.fsum(subregions(state).values()), 6), "status": "assumed", "source": source}


def _country_fields(place: Place, year: int, basis: str, row: Row) -> dict[str, Any]:
    small = row["flag"] == "small_generation"  # generation is rounded to 0.01 TWh
    rounding = rounded(0.005, float(row["generation"])) if small else 0.0
    unit = tables.units(_FOLDER, "country_yearly")["co2e"]
    key = f"electricity/{place.region}/{year}"
    own = own_intensity(
        f"{key}.intensity", float(row["co2e"]), unit, "Ember life cycle", row, place=place.region, rounding=rounding
    )
    notes = [f"flagged {row['flag'].replace('_', ' ')}"] if row["flag"] not in ("", "none") else []
    made = _common(place, year, row, own * between_sources("Ember life cycle"), basis, notes)
    return made | _country_loss(place.region, key)


def _country_loss(region: str, key: str) -> dict[str, Any]:
    loss = _losses().get(region)
    if loss is None:
        return {}
    return _loss(key, float(loss["loss"]), "dataset", f"{loss['source']}, {loss['year']}")


def _loss(key: str, percent: float, status: str, source: str) -> dict[str, Node]:
    value = f"{percent!r} % at_facility/at_busbar"
    return {"grid_loss": parameter(f"{key}.grid_loss", value, status=status, source=source)}


def _google_fields(place: Place, year: int, basis: str, row: Row) -> dict[str, Any]:
    """Google's own figure. Where its energy is metered is not stated: read as at the busbar, as others publish."""
    key, value = f"electricity/{place.region}/{year}", float(row["value"])
    half_digit = 0.5 if value.is_integer() else 0.005
    series = _SERIES[basis]
    own = own_intensity(
        f"{key}.intensity", value, _GOOGLE_UNIT[row["unit"]], series, row,
        place=place.region if basis == "direct" else f"{place.region}/life-cycle", rounding=rounded(half_digit, value),
    )  # fmt: skip
    notes = [f"{row['note']}; counted at the busbar, which is assumed"] + ["published as 0"] * (not value)
    return _common(place, year, row, own * between_sources(series), basis, notes) | _cloud_loss(place, year, key)


def _cloud_loss(place: Place, year: int, key: str) -> dict[str, Any]:
    """The grid loss of where a cloud region stands, of the nearest year that is known."""
    grid = stand_in(place)
    if grid.kind == "country":
        return _country_loss(grid.region, key)
    rows = by_place("egrid_subregion_rates")[grid.region]
    row = rows[min(rows, key=lambda other: (abs(other - year), -other))]
    return _loss(key, float(row["grid_loss"]), "dataset", f"{row['source']}, {grid.region}")


def _common(place: Place, year: int, row: Row, intensity: Node, basis: str, notes: Iterable[str]) -> dict[str, Any]:
    return {
        "intensity": intensity,
        "name": f"{place.region} {year}",
        "region": place.region,
        "year": int(year),
        "basis": basis,
        **{tag: row[tag] for tag in _TAGS},
        "status": row["status"],
        "source": "; ".join(part for part in [row["source"], place.note, *notes] if part),
        "key": f"electricity/{place.region}/{year}",
    }


@cache
def _losses() -> dict[str, Row]:
    """The loss of each country: the five-year mean where the single year is unusual, else the latest year."""
    found: dict[str, Row] = {}
    for row in tables.rows(_FOLDER, "electricity_losses"):
        if row["measure"] != "year" or row["region"] not in found:
            found[str(row["region"])] = row
    return found
