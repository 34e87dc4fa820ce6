"""Which electricity a place has: eGRID subregions, US states, ZIP codes, countries by code or name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from .. import tables
from ..errors import MissingError

_FOLDER = "electricity"


@dataclass(frozen=True)
class Place:
    """A place as the tables know it: `kind` is "egrid", "state" or "country"; `note` how it was found."""

    region: str
    kind: str
    name: str
    note: str = ""


def find_place(text: str, *, source: str = "") -> Place:
    """Read "US-RFCW", "US", "US-PA", "15213", "FR", "FRA" or "France".

    The United States are eGRID's, unless `source` is "Ember". Raises `MissingError` with near names.

    >>> find_place("15213")
    Place(region='US-RFCW', kind='egrid', name='RFC West', note='ZIP 15213')
    """
    wanted = str(text).strip()
    if re.fullmatch(r"\d{5}", wanted):
        return _by_zip(wanted)
    if source not in ("", "eGRID", "Ember"):
        raise MissingError(f"no source {source!r}", where="source", mend='"eGRID" or "Ember"')
    if source == "Ember" and wanted in _countries():
        return _countries()[wanted]
    if wanted in ("USA", "United States"):
        wanted = "US"
    if wanted in _egrid_names():
        return Place(wanted, "egrid", _egrid_names()[wanted])
    if wanted in _states():
        return Place(wanted, "state", wanted)
    country = _countries().get(wanted) or _countries().get(wanted.lower())
    if country is None:
        raise MissingError(f"no electricity for {text!r}", where="place", mend=_near(wanted))
    return country


def _by_zip(zip_code: str) -> Place:
    if zip_code not in _zip_codes():
        raise MissingError(f"no ZIP code {zip_code} in the table", where="place", mend='name the subregion: "US-RFCW"')
    region, others = _zip_codes()[zip_code]
    note = f"ZIP {zip_code}" + (f", which also has utilities in {others}" if others else "")
    return Place(region, "egrid", _egrid_names()[region], note)


@cache
def _zip_codes() -> dict[str, tuple[str, str]]:
    table = tables.read(_FOLDER, "zip_to_subregion")
    return dict(zip(table["zip"], zip(table["region"], table["other_regions"], strict=True), strict=True))


@cache
def _egrid_names() -> dict[str, str]:
    table = tables.read(_FOLDER, "egrid_subregion_rates")
    return dict(zip(table["region"], table["region_name"], strict=True))


@cache
def _states() -> frozenset[str]:
    return frozenset(tables.read(_FOLDER, "egrid_state_co2e")["region"])


@cache
def _countries() -> dict[str, Place]:
    """Countries and groups by code, by name, and by name in lower case."""
    found: dict[str, Place] = {}
    for row in tables.read(_FOLDER, "regions").to_dict("records"):
        place = Place(row["region"], "country", row["name"])
        for word in (row["name"].lower(), row["name"], row["iso2"], row["iso3"], row["region"]):
            if word:
                found[word] = place
    return found


def _near(wanted: str) -> str:
    egrid, names = list(_egrid_names()), [place.name for place in _countries().values()]
    found = tables.near(wanted, [*egrid, *names]) or tables.near(f"US-{wanted}", egrid)
    found = list(dict.fromkeys(found or tables.near(wanted.title(), names)))
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


def search(table: str, text: str = "") -> Any:
    """Places whose code or name contains a text, as a DataFrame: region, name, kind, first and last year.

    `table` is "electricity", the only catalogue yet.

    >>> search("electricity", "penn")["region"].tolist()
    []
    >>> search("electricity", "rfc w")["region"].tolist()
    ['US-RFCW']
    """
    import pandas

    if table != _FOLDER:
        raise MissingError(f"no catalogue {table!r}", mend='"electricity"')
    egrid = tables.read(_FOLDER, "egrid_subregion_rates").rename(columns={"region_name": "name"})
    world = tables.read(_FOLDER, "country_yearly").merge(tables.read(_FOLDER, "regions")[["region", "name"]])
    parts = []
    for kind, frame in (("egrid", egrid), ("country", world)):
        years = frame.groupby(["region", "name"])["year"].agg(["min", "max"]).reset_index()
        parts.append(years.assign(kind=kind).rename(columns={"min": "first_year", "max": "last_year"}))
    found = pandas.concat(parts, ignore_index=True)
    hit = found["region"].str.contains(text, case=False, regex=False) | found["name"].str.contains(
        text, case=False, regex=False
    )
    return found[hit][["region", "name", "kind", "first_year", "last_year"]].reset_index(drop=True)
