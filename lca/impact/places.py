"""Which electricity a place has: eGRID subregions, US states, ZIP codes, countries and cloud regions by name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from .. import tables
from ..errors import DomainError, MissingError
from . import names
from .near import near_names

_FOLDER = "electricity"
#: Who publishes the figures of a kind of place; a cloud region has those of its provider or of where it stands.
_PUBLISHED_BY = {"egrid": "eGRID", "state": "eGRID", "country": "Ember"}
_WHAT = {"egrid": "subregion of eGRID", "state": "state of the United States", "country": "country or group"}
_NOWHERE = "it is not in the tables, and nothing near it stands in: state your own, lca.Electricity(...)"


@dataclass(frozen=True)
class Place:
    """A place as the tables know it: `kind` is "egrid", "state", "country" or "cloud"; `note` how it was found."""

    region: str
    kind: str
    name: str
    note: str = ""


def calendar_year(year: Any, where: str) -> int:
    """A calendar year, if it is one. Raises `DomainError`."""
    if isinstance(year, bool) or not isinstance(year, (int, np.integer)) or not 1000 <= year <= 9999:
        raise DomainError(f"{year!r} is no calendar year", where=where, fix="write a whole number: 2023")
    return int(year)


def find_place(text: str, *, source: str = "") -> Place:
    """Read "US-RFCW", "US", "US-PA", "Pennsylvania", "15213", "FR", "FRA", "France", "UK" or "gcp:europe-west9".

    A name is read without capitals, accents and points, and by the synonyms of place_names.csv. The United States are
    eGRID's, unless `source` is "Ember". Raises `MissingError` for a name that several places bear ("Georgia"; a
    `source` that has one of them decides), for one that no table has, and for a place that the source lacks.

    >>> find_place("15213")
    Place(region='US-RFCW', kind='egrid', name='RFC West', note='ZIP 15213')
    >>> find_place("Washington, D.C.").region
    'US-DC'
    """
    if source not in ("", *_PUBLISHED_BY.values()):
        raise MissingError(f"no source {source!r}", where="source", fix='"eGRID" or "Ember"')
    wanted = str(text).strip()
    found = _found(wanted, source)
    if not found:
        raise MissingError(f"no electricity for {wanted!r}", where="place", fix=_near(wanted))
    place = found[0]
    if len(found) > 1:
        raise MissingError(
            f"{wanted!r} is the name of {len(found)} places",
            where="place",
            sides=[f"{one.region}: {one.name}, {_WHAT[one.kind]}" for one in found],
            fix="write the code of the one that is meant: " + " or ".join(f'"{one.region}"' for one in found),
        )
    if source not in ("", _PUBLISHED_BY.get(place.kind)):
        raise MissingError(
            f"{source} has no {place.region}",
            where="source",
            fix=f'leave source= out: "{stand_in(place).region}" is where it stands'
            if place.kind == "cloud"
            else f'source="{_PUBLISHED_BY[place.kind]}", which leaves it out, too',
        )
    return place


def known_place(text: Any) -> Place | None:
    """The place that a text means, if it means one and no other; nothing is raised, and no hint is looked for."""
    found = _found(text.strip(), "") if isinstance(text, str) and not re.fullmatch(r"\d{5}", text) else []
    return found[0] if len(found) == 1 else None


def _found(wanted: str, source: str) -> list[Place]:
    """The places that a code or a name means; those of the source where it has some of them."""
    if re.fullmatch(r"\d{5}", wanted):
        return [_by_zip(wanted)]
    if ":" in wanted:
        return [_cloud(wanted)]
    if place := _by_code(wanted, source):
        return [place]
    if region := names.synonym(wanted):
        return _found(region, source)
    listed = [_by_code(region, source) for region in names.sharing(wanted)]
    found = dict.fromkeys([*_by_name().get(names.folded(wanted), ()), *filter(None, listed)])
    return [one for one in found if _PUBLISHED_BY[one.kind] == source] or [one for one in found if not _twin(one)]


def _twin(place: Place) -> bool:
    """Whether a state is what ISO lists as a country, too: Puerto Rico is one place."""
    country = _countries().get(place.region.removeprefix("US-")) if place.kind == "state" else None
    return country is not None and country.name == place.name


def _by_code(code: str, source: str) -> Place | None:
    """The place of a code, which is read as it stands; the United States are those of the source."""
    if source != "Ember" and code in ("US", "USA"):
        return Place("US", "egrid", _egrid_names()["US"])
    if code in _countries():
        return _countries()[code]
    if code in _egrid_names():
        return Place(code, "egrid", _egrid_names()[code])
    return Place(code, "state", _states()[code]) if code in _states() else None


def stand_in(place: Place) -> Place:
    """The place whose electricity stands in for that of a cloud region; its note says so.

    >>> stand_in(find_place("gcp:europe-west9")).note
    'gcp:europe-west9 stands in FRA'
    """
    row = _clouds()[place.region]
    grid = find_place(row["place"], source="" if row["place"].startswith("US-") else "Ember")
    doubt = "" if row["note"] == "none" else f" ({row['note']})"
    return replace(grid, note=f"{place.region} stands in {grid.region}{doubt}")


def _cloud(wanted: str) -> Place:
    row = _clouds().get(wanted)
    if row is None:
        texts = {f"{name} {one['name']}": name for name, one in _clouds().items()}
        near = near_names(wanted, {name: name for name in _clouds()} | texts)
        near = near or sorted(name for name in _clouds() if name.startswith("gcp:us-"))[:6]
        raise MissingError(f"no cloud region {wanted!r}", where="place", fix=f"did you mean {', '.join(near)}?")
    return Place(wanted, "cloud", row["name"])


@cache
def _clouds() -> dict[str, dict[str, str]]:
    """Cloud regions by provider and name, "gcp:europe-west9"."""
    rows = tables.rows(_FOLDER, "cloud_places")
    return {f"{row['provider']}:{row['region']}": row for row in rows}


def _by_zip(zip_code: str) -> Place:
    if zip_code not in _zip_codes():
        raise MissingError(f"no ZIP code {zip_code} in the table", where="place", fix='name the subregion: "US-RFCW"')
    region, others = _zip_codes()[zip_code]
    note = f"ZIP {zip_code}" + (f", which also has utilities in {others}" if others else "")
    return Place(region, "egrid", _egrid_names()[region], note)


@cache
def _zip_codes() -> dict[str, tuple[str, str]]:
    table = tables.columns(_FOLDER, "zip_to_subregion")
    codes, regions, others = (table[name] for name in ("zip", "region", "other_regions"))
    return dict(zip(codes, zip(regions, others, strict=True), strict=True))


@cache
def _egrid_names() -> dict[str, str]:
    table = tables.read(_FOLDER, "egrid_subregion_rates")
    return dict(zip(table["region"], table["region_name"], strict=True))


@cache
def _states() -> dict[str, str]:
    """Names of the states by code."""
    table = tables.read(_FOLDER, "us_states")
    return dict(zip(table["region"], table["name"], strict=True))


@cache
def _countries() -> dict[str, Place]:
    """Countries and groups by each of their codes."""
    return {
        code: Place(row["region"], "country", row["name"])
        for row in tables.rows(_FOLDER, "regions")
        for code in (row["iso2"], row["iso3"], row["region"])
        if code
    }


@cache
def _by_name() -> dict[str, list[Place]]:
    """The places of each name, folded: countries, groups with and without what stands in brackets, states."""
    found: dict[str, list[Place]] = {}
    for place in dict.fromkeys(_countries().values()):
        for name in {names.folded(place.name), names.folded(place.name.partition(" (")[0])}:
            found.setdefault(name, []).append(place)
    for code, name in _states().items():
        found.setdefault(names.folded(name), []).append(Place(code, "state", name))
    return found


def _near(wanted: str) -> str:
    """Where a known place without figures lies; else names that hold what was asked for, or a slip away from it."""
    if (region := names.around(wanted)) is not None:
        place = _countries().get(region)
        return f'the tables have no figures of its own; it lies in {place.name}: "{region}"' if place else _NOWHERE
    codes = [code for code in (wanted.upper(), f"US-{wanted.upper()}") if _by_code(code, "")]
    known = {place.name: place.name for place in _countries().values()} | {name: name for name in _states().values()}
    egrid = {name: name for name in _egrid_names()}
    clouds = {f"{name} {one['name']}": name for name, one in _clouds().items()}
    found = codes or near_names(wanted, egrid | known | clouds, alike=names.slips)
    found = found or names.slips(f"US-{wanted}", egrid)
    return f"did you mean {', '.join(found[:6])}?" if found else 'lca.search("electricity", text) finds names'


def spans(years: list[int]) -> str:
    """Years as text, runs joined: "2016, 2018 to 2023".

    >>> spans([2016, 2018, 2019, 2020])
    '2016, 2018 to 2020'
    """
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def search_places(text: str = "") -> Any:
    """Places whose code or name contains a text, as a DataFrame: region, name, kind, first and last year.

    `kind` is "egrid", "state", "country" or "cloud"; a ZIP code finds its subregion. The years of a cloud region
    are those of its provider's own intensity, or of its place.

    >>> search_places("penn")["region"].tolist()
    ['US-PA']
    >>> search_places("europe-west9")[["name", "kind"]].values.tolist()
    [['Paris', 'cloud']]
    """
    found = _catalogue()
    wanted = _by_zip(text).region if text in _zips_if(text) else text
    columns = ("region",) if wanted != text else ("region", "name")
    called = names.also_called(text)
    hit = [
        row["region"] in called or any(wanted.casefold() in row[column].casefold() for column in columns)
        for row in found.to_dict("records")
    ]
    return found[hit].reset_index(drop=True)


def _zips_if(text: str) -> dict[str, tuple[str, str]]:
    """The ZIP codes, read only for what looks like one."""
    return _zip_codes() if re.fullmatch(r"\d{5}", text) else {}


def _catalogue() -> Any:
    """All places with their first and last years."""
    import pandas

    states = tables.read(_FOLDER, "egrid_state_co2e").merge(tables.read(_FOLDER, "us_states")[["region", "name"]])
    world = tables.read(_FOLDER, "country_yearly").merge(tables.read(_FOLDER, "regions")[["region", "name"]])
    egrid = tables.read(_FOLDER, "egrid_subregion_rates").rename(columns={"region_name": "name"})
    parts = []
    for kind, frame in (("egrid", egrid), ("state", states), ("country", world)):
        years = frame.groupby(["region", "name"])["year"].agg(["min", "max"]).reset_index()
        parts.append(years.assign(kind=kind).rename(columns={"min": "first_year", "max": "last_year"}))
    places = pandas.concat(parts, ignore_index=True)[["region", "name", "kind", "first_year", "last_year"]]
    return pandas.concat([places, _cloud_catalogue(places)], ignore_index=True)


def _cloud_catalogue(places: Any) -> Any:
    import pandas

    own = tables.read(_FOLDER, "cloud_regions").query("default == 1 and metric == 'grid_intensity'")
    years = own.groupby("region")["year"].agg(["min", "max"])
    spans_of = {f"gcp:{region}": (int(low), int(high)) for region, low, high in years.itertuples()}
    first_last = {row.region: (row.first_year, row.last_year) for row in places.itertuples()}
    rows = [
        (name, row["name"], "cloud", *spans_of.get(name, first_last[row["place"]])) for name, row in _clouds().items()
    ]
    return pandas.DataFrame(rows, columns=list(places.columns))
