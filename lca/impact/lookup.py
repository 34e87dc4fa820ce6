"""One row of the electricity tables as the fields of an `Electricity`: intensity, grid loss, tags, source."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from .. import tables
from ..errors import DomainError, MissingError
from ..expression.families import Lognormal
from ..expression.node import Node
from ..expression.value import parameter
from ..formulas import lifecycle_intensity
from .places import Place, find_place, spans
from .upstream import fuels, upstream_intensity

_FOLDER = "electricity"
#: Spread of a factor of a table that publishes none: assumed, 1.10 as between releases and publishers.
_ASSUMED_GSD = 1.10
_TAGS = ("gwp_set", "mix", "averaging", "accounting", "release")


def fields(
    text: str, year: int, *, basis: str, gases: str, source: str, allow_flagged: bool, nearest: bool = False
) -> dict[str, Any]:
    """The fields of the electricity of a place in a year. Raises as `Electricity.lookup` says."""
    if basis not in ("direct", "life cycle"):
        raise MissingError(
            f"no table of electricity on the basis {basis!r}",
            where=f"{text}, {year}",
            mend='basis="life cycle", or "direct" for what power stations emit alone',
        )
    if gases not in ("CO2e", "CO2"):
        raise DomainError(f"{gases!r} is not in the table", where=f"{text}, {year}", mend='gases="CO2e" or "CO2"')
    if isinstance(year, bool) or not isinstance(year, (int, np.integer)):
        raise DomainError(f"{year!r} is no calendar year", where=f"{text}, {year}", mend="write a whole number: 2023")
    if not isinstance(text, str):
        raise DomainError(f"{text!r} is no place", where="place", mend='write "US-RFCW", "15213" or "France"')
    place, year = find_place(text, source=source), int(year)
    if place.kind == "country":
        return _country(place, year, basis, gases, allow_flagged)
    return _united_states(place, year, basis, gases)


# --- United States: eGRID -----------------------------------------------------------------------------


def _united_states(place: Place, year: int, basis: str, gases: str) -> dict[str, Any]:
    table = "egrid_subregion_rates" if place.kind == "egrid" else "egrid_state_co2e"
    if place.kind == "state" and (gases != "CO2e" or basis != "direct"):
        raise MissingError(
            f"of the state {place.region} only CO2e on the direct basis is known",
            where=f"{place.region}, {year}",
            mend='basis="direct", or the subregion by ZIP code or name',
        )
    row = _row(table, place, year, gases.lower(), gases)
    unit = tables.units(_FOLDER, table)[gases.lower()]
    key = f"electricity/{place.region}/{year}"
    gsd = float(row["gsd"]) if "gsd" in row else _ASSUMED_GSD
    intensity = parameter(
        f"{key}.intensity" if gases == "CO2e" else f"{key}.intensity_{gases}",
        Lognormal(f"{float(row[gases.lower()])} {unit}", gsd),
        status="assumed",
        source=f"{row['source']}; its spread is assumed",
    )
    notes = [place.note] if place.note else []
    if basis == "life cycle":
        if gases != "CO2e":
            raise MissingError("a life-cycle factor is CO2e", where=f"{place.region}, {year}", mend='gases="CO2e"')
        intensity, missing = _with_upstream(intensity, place, year)
        if missing > 0.005:
            notes.append(f"no upstream figure for {missing:.1%} of its generation")
    loss = {} if place.kind == "state" else {"grid_loss": f"{float(row['grid_loss'])} %"}
    return {**_common(place, year, row, intensity, basis, notes), **loss, "gwp_set": _gwp(row, gases)}


def _with_upstream(direct: Node, place: Place, year: int) -> tuple[Node, float]:
    mix = _years("egrid_generation_mix")[place.region][year]
    shares = {fuel: float(mix[fuel]) for fuel in fuels() if not math.isnan(float(mix[fuel]))}
    upstream, missing = upstream_intensity(shares)
    return lifecycle_intensity(direct, upstream), missing


def _gwp(row: Any, gases: str) -> str:
    return str(row["gwp_set"]) if gases == "CO2e" else "none"


# --- other countries: Ember and the Energy Institute ----------------------------------------------------


def _country(place: Place, year: int, basis: str, gases: str, allow_flagged: bool) -> dict[str, Any]:
    if basis != "life cycle" or gases != "CO2e":
        raise MissingError(
            f"of {place.name} only CO2e on the life-cycle basis is known",
            where=f"{place.region}, {year}",
            mend='basis="life cycle", gases="CO2e"',
        )
    row = _row("country_yearly", place, year, "co2e", gases)
    if row["flag"] == "false_zero" and not allow_flagged:
        raise MissingError(
            f"the table has a zero for {place.name} in {year} that no grid of it explains",
            where=f"country_yearly, {place.region}",
            mend="another year, or allow_flagged=True",
        )
    value, unit = float(row["co2e"]), tables.units(_FOLDER, "country_yearly")["co2e"]
    key = f"electricity/{place.region}/{year}"
    given = Lognormal(f"{value} {unit}", _ASSUMED_GSD) if value else f"{value} {unit}"
    intensity = parameter(f"{key}.intensity", given, status="assumed", source=f"{row['source']}; its spread is assumed")
    notes = [f"flagged {row['flag'].replace('_', ' ')}"] if row["flag"] not in ("", "none") else []
    made = _common(place, year, row, intensity, basis, notes) | {"gwp_set": row["gwp_set"]}
    loss = _losses().get(place.region)
    if loss is not None:
        made["grid_loss"] = parameter(
            f"{key}.grid_loss",
            f"{float(loss['loss'])} % at_facility/at_busbar",
            status="dataset",
            source=f"{loss['source']}, {loss['year']}",
        )
    return made


def _common(place: Place, year: int, row: Any, intensity: Node, basis: str, notes: list[str]) -> dict[str, Any]:
    return {
        "intensity": intensity,
        "name": f"{place.region} {year}",
        "region": place.region,
        "year": int(year),
        "basis": basis,
        **{tag: row[tag] for tag in _TAGS if tag != "gwp_set"},
        "status": "dataset",
        "source": "; ".join([row["source"], *notes]),
        "key": f"electricity/{place.region}/{year}",
    }


def _row(table: str, place: Place, year: int, column: str, gases: str) -> Any:
    here = _years(table).get(place.region, {})
    known = [y for y, row in here.items() if not math.isnan(float(row[column]))]
    if year not in known:
        raise MissingError(
            f"no {gases} rate for {place.region} in {year}",
            where=table,
            mend=f"years there are: {spans(known) or 'none'}",
        )
    return here[year]


@cache
def _years(table: str) -> dict[str, dict[int, dict[str, Any]]]:
    """The rows of a table by region and year."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for row in tables.read(_FOLDER, table).to_dict("records"):
        found.setdefault(str(row["region"]), {})[int(row["year"])] = {str(k): v for k, v in row.items()}
    return found


@cache
def _losses() -> dict[str, dict[str, Any]]:
    """The loss of each country: the five-year mean where the single year is unusual, else the latest year."""
    found: dict[str, dict[str, Any]] = {}
    for row in tables.read(_FOLDER, "electricity_losses").to_dict("records"):
        if row["measure"] != "year" or row["region"] not in found:
            found[str(row["region"])] = {str(k): v for k, v in row.items()}
    return found
