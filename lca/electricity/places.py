"""Which electricity a place has: eGRID subregions, US states, ZIP codes, countries and cloud regions by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .. import tables
from ..checks import finite_number
from ..errors import MissingError
from ..near_names import entry_of, near_names
from . import place_names as names
from .generation_mix import by_place

if TYPE_CHECKING:
    import pandas

_FOLDER = "electricity"
#: The table of the rates of each kind of place; a cloud region has those of its provider or of where it stands.
TABLES = {"egrid": "egrid_subregion_rates", "state": "egrid_state_co2e", "country": "country_yearly"}
#: Who publishes them.
PUBLISHED_BY = {"egrid": "eGRID", "state": "eGRID", "country": "Ember", "cloud": "Google"}
_WHAT = {"egrid": "subregion of eGRID", "state": "state of the United States", "country": "country or group"}
_COLUMNS = ["region", "name", "kind", "first_year", "last_year"]


@dataclass(frozen=True)
class Place:
    """A place as the tables know it: `kind` is "egrid", "state", "country" or "cloud"; `note` how it was found."""

    region: str
    kind: str
    name: str
    note: str = ""


def calendar_year(year: object, where: str) -> int:
    """A calendar year, if it is one. Raises `DomainError`."""
    return int(finite_number(year, where, low=1000, high=9999, whole=True, form="write a calendar year: 2023"))


def find_place(text: str, *, source: str = "") -> Place:
    """Read "US-RFCW", "US", "US-PA", "Pennsylvania", "15213", "FR", "FRA", "France", "UK" or "gcp:europe-west9".

    A name is read without capitals, accents and points, and by the synonyms of place_names.csv. The United States are
    eGRID's, unless `source` is "Ember". Raises `MissingError` for a name that several places have ("Georgia"; a
    `source` that has one of them decides), for one that no table has, and for a place that the source lacks.

    >>> find_place("15213")
    Place(region='US-RFCW', kind='egrid', name='RFC West', note='ZIP 15213')
    >>> find_place("Washington, D.C.").region
    'US-DC'
    """
    if source:
        entry_of(source, dict.fromkeys(("eGRID", "Ember")), "source of electricity", "source")
    wanted = str(text).strip()
    found = _found(wanted, source)
    if not found:
        raise _unknown(wanted)
    place = found[0]
    if len(found) > 1:
        sides = [f"{one.region}: {one.name}, {_WHAT[one.kind]}" for one in found]
        codes = " or ".join(f'"{one.region}"' for one in found)
        raise MissingError.of("name_of_several_places", "place", sides, name=wanted, count=len(found), codes=codes)
    if source and source != PUBLISHED_BY[place.kind]:
        taken = stand_in(place) if place.kind == "cloud" else place
        said = {"source": source, "region": place.region, "taken": taken.region, "publisher": PUBLISHED_BY[taken.kind]}
        raise MissingError.of("source_lacks_place", "source", **said)
    return place


def known_place(text: object) -> Place | None:
    """The place that a text means, if it means one and no other; nothing is raised, and no hint is looked for."""
    found = _found(text.strip(), "") if isinstance(text, str) and not _is_zip(text) else []
    return found[0] if len(found) == 1 else None


def _found(wanted: str, source: str) -> list[Place]:
    """The places that a code or a name means; those of the source where it has some of them."""
    if _is_zip(wanted):
        return [_by_zip(wanted)]
    if ":" in wanted:
        return [_cloud(wanted)]
    coded = _coded(source == "Ember")
    if codes := [wanted] if wanted in coded else names.listed("synonym", wanted):
        return [coded[codes[0]]]
    shared = [coded[region] for region in names.listed("shared", wanted)]
    found = dict.fromkeys([*_by_name().get(names.folded(wanted), ()), *shared])
    return [one for one in found if PUBLISHED_BY[one.kind] == source] or [one for one in found if not _twin(one)]


def _twin(place: Place) -> bool:
    """Whether a state is what ISO lists as a country, too: Puerto Rico is one place."""
    country = _coded(True).get(place.region.removeprefix("US-")) if place.kind == "state" else None
    return country is not None and country.name == place.name


@tables.cached
def _coded(ember: bool) -> dict[str, Place]:
    """Every place by each of its codes, which are read as they stand; the United States are eGRID's or Ember's."""
    found = {
        code: Place(row.text("region"), "country", row.text("name"))
        for row in tables.rows(_FOLDER, "regions")
        for code in (row.text("iso2"), row.text("iso3"), row.text("region"))
        if code
    }
    found |= {code: Place(code, "state", name) for code, name in tables.texts(_FOLDER, "us_states", "region", "name")}
    named = tables.texts(_FOLDER, TABLES["egrid"], "region", "region_name")
    subregions = {code: Place(code, "egrid", name) for code, name in named}
    if ember:
        return subregions | found
    return found | subregions | {"USA": subregions["US"]}


def stand_in(place: Place) -> Place:
    """The place whose electricity stands in for that of a cloud region; its note says so.

    >>> stand_in(find_place("gcp:europe-west9")).note
    'gcp:europe-west9 stands in FRA'
    """
    row = _clouds()[place.region]
    grid = find_place(row.text("place"), source="" if row.text("place").startswith("US-") else "Ember")
    doubt = "" if row["note"] == "none" else f" ({row['note']})"
    return replace(grid, note=f"{place.region} stands in {grid.region}{doubt}")


def _cloud(wanted: str) -> Place:
    if wanted not in _clouds():
        near = near_names(wanted, {name: name for name in _clouds()} | _cloud_texts())
        raise MissingError.of("name_unknown", "place", what="cloud region", name=wanted, near=_offer(near))
    return Place(wanted, "cloud", _clouds()[wanted].text("name"))


@tables.cached
def _clouds() -> dict[str, tables.Row]:
    """Cloud regions by provider and name, "gcp:europe-west9"."""
    rows = tables.rows(_FOLDER, "cloud_places")
    return {f"{row['provider']}:{row['region']}": row for row in rows}


@tables.cached
def google_figures(basis: str) -> dict[str, dict[int, tables.Row]]:
    """Google's own intensities on one basis, by region and year."""
    found: dict[str, dict[int, tables.Row]] = {}
    for row in tables.rows(_FOLDER, "cloud_regions"):
        if row["default"] and row["metric"] == "grid_intensity" and row["basis"] == basis:
            found.setdefault(f"gcp:{row['region']}", {})[int(row.number("year"))] = row
    return found


def _cloud_texts() -> dict[str, str]:
    """Cloud regions by what they may be searched for: their code and the city."""
    return {f"{name} {row['name']}": name for name, row in _clouds().items()}


def _is_zip(text: str) -> bool:
    return re.fullmatch(r"\d{5}", text) is not None


def _by_zip(zip_code: str) -> Place:
    row = _of_zip(zip_code)
    if row is None:
        raise MissingError.of("zip_code_unknown", "place", zip_code=zip_code)
    note = f"ZIP {zip_code}" + (f", which also has utilities in {others}" if (others := row["other_regions"]) else "")
    return replace(_coded(False)[row.text("region")], note=note)


def _of_zip(zip_code: str) -> tables.Row | None:
    """The region of a ZIP code, and others that have utilities in it; None for one that is not known."""
    return tables.row(_FOLDER, "zip_to_subregion", zip_code)


@tables.cached
def _by_name() -> dict[str, list[Place]]:
    """The places of each name, folded: countries, groups with and without what stands in brackets, states."""
    found: dict[str, list[Place]] = {}
    for place in sorted(set(_coded(True).values()), key=lambda one: (one.kind, one.region)):
        for name in {names.folded(place.name), names.folded(place.name.partition(" (")[0])}:
            if place.kind != "egrid":
                found.setdefault(name, []).append(place)
    return found


def _unknown(wanted: str) -> MissingError:
    """Where a known place without figures lies; else names that hold what was asked for, or a slip away from it."""
    coded = _coded(False)
    for region in names.listed("not covered", wanted):
        if region not in coded:
            return MissingError.of("place_without_figures", "place", place=wanted)
        return MissingError.of("place_within_another", "place", place=wanted, name=coded[region].name, region=region)
    codes = [code for code in (wanted.upper(), f"US-{wanted.upper()}") if code in coded]
    egrid = {code: code for code, place in coded.items() if place.kind == "egrid"}
    called = {place.name: place.name for place in _coded(True).values() if place.kind != "egrid"}
    found = codes or near_names(wanted, egrid | called | _cloud_texts(), alike=names.slips)
    found = found or names.slips(f"US-{wanted}", egrid)
    return MissingError.of("place_unknown", "place", place=wanted, near=_offer(found))


def _offer(found: list[str]) -> str:
    return f"did you mean {', '.join(found[:6])}?" if found else 'lca.search("electricity", text) finds names'


def nearest_year(year: int, years: Iterable[int]) -> int:
    """The nearest of some years, of two equally near the later.

    >>> nearest_year(2020, [2016, 2018, 2022])
    2022
    """
    return min(years, key=lambda other: (abs(other - year), -other))


def spans(years: Iterable[int]) -> str:
    """Years as text, runs joined: "2016, 2018 to 2023".

    >>> spans([2016, 2018, 2019, 2020]), spans([])
    ('2016, 2018 to 2020', 'none')
    """
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs) or "none"


def search_places(text: str = "") -> pandas.DataFrame:
    """Places whose code or name contains a text, as a DataFrame: region, name, kind, first and last year.

    `kind` is "egrid", "state", "country" or "cloud"; a ZIP code finds its subregion. The years of a cloud region
    are those of its provider's own intensity, or of its place.

    >>> search_places("penn")["region"].tolist()
    ['US-PA']
    >>> search_places("europe-west9")[["name", "kind"]].values.tolist()
    [['Paris', 'cloud']]
    """
    import pandas

    rows = _catalogue()
    if _is_zip(text) and (found := _of_zip(text)) is not None:
        hit = [found.text("region") in region for region, *_ in rows]
    else:
        wanted, called = text.casefold(), names.also_called(text)
        hit = [
            region in called or wanted in region.casefold() or wanted in name.casefold() for region, name, *_ in rows
        ]
    return pandas.DataFrame(rows, columns=_COLUMNS)[hit].reset_index(drop=True)


def every_place() -> list[Place]:
    """Every place that has a table of its own, and every cloud region."""
    return [Place(region, kind, name) for region, name, kind, *_ in _catalogue()]


def _catalogue() -> list[tuple[str, str, str, int, int]]:
    """All places with their first and last years."""
    found = []
    for kind, table in TABLES.items():
        for region, years in sorted(by_place(table).items()):
            place = _coded(kind == "country").get(region)
            if place is not None and place.kind == kind:
                found.append((region, place.name, kind, min(years), max(years)))
    years_of = {region: (first, last) for region, _, _, first, last in found}
    for name, row in _clouds().items():
        own = [year for basis in ("direct", "life cycle") for year in google_figures(basis).get(name, ())]
        first, last = (min(own), max(own)) if own else years_of[row.text("place")]
        found.append((name, row.text("name"), "cloud", first, last))
    return found
