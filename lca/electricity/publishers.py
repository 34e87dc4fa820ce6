"""What the tables have beside the factor of a look-up: other publishers, carbon-free shares, PUE and WUE by name."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .. import tables
from ..arguments import entry
from ..errors import MissingError
from ..graph.fields import parameter
from ..graph.node import Node
from ..near_names import near_names
from ..units.registry import boundary_of
from . import lookup
from .places import Place, calendar_year, find_place, spans, stand_in

if TYPE_CHECKING:
    import pandas

_FOLDER, _MAPS = "electricity", "electricity_maps"
#: What two publishers know under names of their own.
_ALSO_CALLED = {
    "PRI": (Place("US-PRMS", "egrid", "Puerto Rico Miscellaneous"),),
    "US-PRMS": (Place("PRI", "country", "Puerto Rico"),),
    "US": (Place("US", "state", "United States"), Place("USA", "country", "United States")),
}
_TAGS: tuple[lookup.Tag, ...] = ("gwp_set", "basis", "mix", "averaging", "accounting", "release")
_COLUMNS = (
    "source", "value", "unit", "boundary", "gases", "gwp_set", "basis", "mix", "averaging", "accounting",
    "delivered", "relative", "release",
)  # fmt: skip

Row = tables.Row


def figures_of(place: str, year: int) -> pandas.DataFrame:
    """What every table says about a place in a year (`lca.compare_sources`). Raises `MissingError` where none does."""
    import pandas

    calendar_year(year, f"{place}, {year}")
    here = find_place(place)
    grid = stand_in(here) if here.kind == "cloud" else here
    rows = [row for one in _around(here, grid) for row in _rows(one, year)] + list(_zone(grid.region, year))
    if not rows:
        years = spans(lookup.published_years(place))
        raise MissingError.of("no_source_for_the_year", "compare_sources", region=here.region, year=year, years=years)
    table = pandas.DataFrame(rows, columns=list(_COLUMNS))
    table["relative"] = table["value"] / _looked_up(place, year)
    table["note"] = _doubts(table)
    return table


def _doubts(table: pandas.DataFrame) -> list[str]:
    """What is not to be believed together: a life cycle below what another publisher's power stations emit (A4)."""
    direct = table[(table["basis"] == "direct") & (table["gases"] == "CO2e")].set_index("source")["value"]
    notes = []
    for _, row in table.iterrows():
        below = [source for source, value in direct.items() if row["basis"] == "life cycle" and row["value"] < value]
        notes.append(f"a life cycle below the direct figure of {', '.join(map(str, below))}" if below else "")
    return notes


def _around(place: Place, grid: Place) -> Iterator[Place]:
    """The place, the grid where it stands, what this is called elsewhere, and the cloud regions that stand in it."""
    if place.kind == "cloud":
        yield place
    yield grid
    yield from _ALSO_CALLED.get(grid.region, ())
    if place.kind != "cloud":
        for row in tables.rows(_FOLDER, "cloud_places"):
            if row["provider"] == "gcp" and row["place"] == grid.region:
                yield Place(f"gcp:{row['region']}", "cloud", row.text("name"))


def _rows(place: Place, year: int) -> Iterator[Row]:
    """The figures of one place under one name."""
    for (basis, gases), publisher in lookup.FIGURES[place.kind].items():
        known = lookup.published(place, basis, gases)
        if year not in known or (place.kind == "cloud" and "provider" not in known[year]):
            continue
        # the whole country among the states: its life cycle is that of the table of subregions
        if basis == "direct" or (place.kind, place.region) != ("state", "US"):
            yield _row(publisher, place, lookup.made(place, year, basis, gases, known[year]), gases)


def _row(publisher: str, place: Place, made: lookup.Fields, gases: str) -> Row:
    value = lookup.grams_per_kwh(made["intensity"])
    cloud = place.kind == "cloud"
    boundary = "unknown" if cloud else str(boundary_of(made["intensity"].unit ** -1))[3:]
    loss = made.get("grid_loss")
    delivered = value / (1 - lookup.nominal(loss)) if loss is not None and boundary == "busbar" else math.nan
    return Row(
        {tag: made[tag] for tag in _TAGS}, source=f"{publisher} ({place.region})" if cloud else publisher, value=value,
        unit=f"g {gases}/kWh", boundary=boundary, gases=gases, delivered=delivered,
    )  # fmt: skip


def _zone(region: str, year: int) -> Iterator[Row]:
    """Electricity Maps, where its tables are installed and one of its zones is this region."""
    if not tables.is_there(_MAPS):
        return
    zones = tables.read(_MAPS, "consumption_yearly")
    for cells in zones[(zones["region"] == region) & (zones["year"] == year)].to_dict("records"):
        row = Row({str(name): cell for name, cell in cells.items()})
        doubt = "" if row["flag"] == "none" else f", {row.text('flag').replace('_', ' ')}"
        tags = {name: row[name] for name in ("boundary", "gases", *_TAGS)}
        source = f"Electricity Maps ({row['zone']}{doubt})"
        yield Row(tags, source=source, value=row.number("co2e"), unit="g CO2e/kWh", delivered=math.nan)


def _looked_up(place: str, year: int) -> float:
    """What a look-up gives: on the life-cycle basis where the tables have one, else the direct CO2e."""
    for basis in ("life cycle", "direct"):
        with contextlib.suppress(MissingError):
            return lookup.grams_per_kwh(lookup.fields(place, year, basis=basis, gases="CO2e", source="")["intensity"])
    return math.nan


# --- figures of providers ------------------------------------------------------------------------------


@entry
def carbon_free_share(region: str, year: int) -> Node:
    """Share of carbon-free energy of a region of Google, hour by hour with its purchases.

    The share rests on contracts, so it does not give an emission factor. Its unit is a dimension of its own: 1 - share
    raises `UnitError`. Source: Google's own publication.

    Parameters
    ----------
    region : str
        A cloud region: "gcp:europe-west9".
    year : int
        The year.

    Returns
    -------
    Node
        The share, [carbon_free].

    Raises
    ------
    MissingError
        If Google does not give the region or the year.

    Examples
    --------
    >>> carbon_free_share("gcp:europe-west9", 2023)
    <gcp:europe-west9/2023.carbon_free_share = 0.94 carbon_free>
    """
    name = region if region.startswith("gcp:") else f"gcp:{region}"
    rows = [Row(row, unit="carbon_free") for row in _figures() if row["default"]]
    return _figure(name, year, "carbon_free_share_hourly", rows, field="carbon_free_share")


#: How entities begin that are all places of the provider of a cloud region.
_PROVIDERS = {"gcp": "Google", "aws": "AWS", "azure": "Microsoft"}


@entry
def pue(name: str, year: int) -> Node:
    """Power usage effectiveness of a data centre, by name (ISO/IEC 30134-2).

    You always state the PUE of a site: the mean of a provider or a survey does not describe one room. The tables hold
    such means; a cloud region has one in a table of your own (`lca.use_data`).

    Parameters
    ----------
    name : str
        An entity of data/electricity/datacentres.csv, or a cloud region of your own table: "aws:eu-west-1".
    year : int
        The year.

    Returns
    -------
    Node
        The PUE, [at_facility/at_wall]. Its source says who stated it and who collected it.

    Raises
    ------
    MissingError
        If the tables lack the name (the error offers near names) or the year, or if the name stands for two places.

    Examples
    --------
    >>> pue("Google fleet", 2024)
    <Google fleet/2024.pue = 1.09 at the facility/at the wall>
    """
    return _figure(name, year, "pue", _figures(), field="pue")


@entry
def wue(name: str, year: int) -> Node:
    """Water usage effectiveness of a data centre, by name (ISO/IEC 30134-9).

    Parameters
    ----------
    name : str
        An entity of data/electricity/datacentres.csv, or a cloud region of your own table: "aws:eu-west-1".
    year : int
        The year.

    Returns
    -------
    Node
        Water per energy of the IT equipment, [L/(kWh at_wall)].

    Raises
    ------
    MissingError
        If the tables lack the name (the error offers near names) or the year, or if the name stands for two places.

    Examples
    --------
    >>> wue("AWS global", 2024)
    <AWS global/2024.wue = 0.15 L/(kWh at the wall)>
    """
    return _figure(name, year, "wue", _figures(), field="wue")


@tables.cached
def _figures() -> list[Row]:
    """Figures of cloud regions and of data centres, each with the name by which it is asked for."""
    clouds = (row for row in tables.rows(_FOLDER, "cloud_regions") if row["year"] is not None)
    made = [Row(row, name=f"{row['provider']}:{row['region']}") for row in clouds]
    return made + [Row(row, name=row["entity"], default=0) for row in tables.rows(_FOLDER, "datacentres")]


def _figure(name: str, year: int, metric: str, rows: list[Row], *, field: str) -> Node:
    """The figure of a name in a year as a parameter, `<name>/<year>.<field>`."""
    calendar_year(year, f"{metric} of {name}")
    of_metric = [row for row in rows if row["metric"] == metric]
    here = [row for row in of_metric if row["name"] == name]
    if not here:
        offered = _offered(name, of_metric)
        raise MissingError.of("figure_of_another_name", metric, metric=metric, name=name, offered=offered)
    found = [row for row in here if row["year"] == year]
    if not found:
        years = spans(int(row.number("year")) for row in here)
        raise MissingError.of("figure_of_another_year", metric, metric=metric, name=name, year=year, years=years)
    row = found[0]
    if any(other["value"] != row["value"] for other in found):
        sides = [f"{other['place']}: {other.number('value'):g}" for other in found]
        raise MissingError.of("figure_of_two_places", metric, sides, metric=metric, name=name, year=year)
    doubt = "" if row["flag"] == "none" else f"; flagged {row.text('flag').replace('_', ' ')}"
    value, source = f"{row.number('value')!r} {row['unit']}", f"{row['source']}{doubt}"
    return parameter(f"{name}/{year}.{field}", value, status=row.text("status"), source=source)


def _offered(name: str, rows: list[Row]) -> str:
    """Names like one that is lacking, and what its provider gives for all its places, each with its years."""
    years: dict[str, set[int]] = {}
    for row in rows:
        years.setdefault(row.text("name"), set()).add(int(row.number("year")))
    provider = _PROVIDERS.get(name.partition(":")[0])
    of_all = [one for one in years if provider is not None and one.startswith(provider)]
    near = near_names(name, {one: one for one in years}) or ([] if of_all else sorted(years)[:6])
    return ", ".join(f"{one} ({spans(years[one])})" for one in dict.fromkeys([*near, *of_all]))
