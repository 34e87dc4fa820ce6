"""The two tables of countries from rows of a publisher: what raw_ember.py and raw_owid.py share.

A row has the region, the year, the life-cycle intensity in g CO2e/kWh, the generation in TWh, and the shares of
fuels in per cent; what a publisher does not have is an empty text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import country_shares
import country_yearly
from package import Reference, rows_of, write
from raw_files import plain, up_to

Row = Mapping[str, str]
#: The shares that sum to 100, and how far they may be from it.
PARTS = ("coal", "gas", "oil", "nuclear", "hydro", "solar", "wind", "other_renewables")
ROUNDED = 1.0


@dataclass(frozen=True)
class Publisher:
    """What all rows of a publisher's file say of themselves."""

    release: str
    source: str
    licence: str
    reference: Reference

    @property
    def origin(self) -> dict[str, str]:
        """The columns that say where a row comes from."""
        return {"release": self.release, "status": "dataset", "source": self.source, "licence": self.licence}


def known_regions() -> set[str]:
    """The places that the library knows; a group that it does not know is left out."""
    return {row["region"] for row in rows_of(Path(__file__).parents[1] / "electricity" / "regions.csv")}


def flag_of(row: Row) -> str:
    """The doubt of a row, as in the table of the library."""
    if float(row["co2e"]) == 0:
        return "false_zero"
    return "small_generation" if row["generation"] and float(row["generation"]) < 1 else "none"


def yearly(row: Row, publisher: Publisher) -> dict[str, str]:
    """A row of country_yearly."""
    about = {"region": row["region"], "year": row["year"], "flag": flag_of(row)}
    figures = {"co2e": plain(row["co2e"], 3), "generation": plain(row["generation"], 3)}
    return {**about, **figures, **country_yearly.TAGS, "uncertainty": "none known", **publisher.origin}


def shares(row: Row, publisher: Publisher) -> dict[str, str]:
    """A row of country_shares. Ends the script where the shares do not sum to 100."""
    found = {name: plain(row[name], 3) for name in country_shares.SHARES}
    whole = [float(found[name]) for name in PARTS if found[name]]
    if len(whole) == len(PARTS) and abs(sum(whole) - 100) > ROUNDED:
        raise SystemExit(f"the shares of {row['region']} in {row['year']} sum to {sum(whole):.2f}, and must sum to 100")
    about = {"region": row["region"], "year": row["year"], "flag": flag_of(row) if row["co2e"] else "none"}
    return {**about, **found, **country_shares.TAGS, "uncertainty": "none known", **publisher.origin}


def write_countries(data: Path, rows: Sequence[Row], publisher: Publisher) -> None:
    """Write both tables with the rows of places that the library knows, and say what was left out."""
    known = known_regions()
    unknown = sorted({row["region"] for row in rows} - known)
    print(f"{len(unknown)} regions that the library does not know are left out: {', '.join(unknown) or 'none'}")
    kept = sorted((row for row in rows if row["region"] in known), key=lambda row: (row["region"], row["year"]))
    tables = {
        "country_yearly": [yearly(row, publisher) for row in kept if row["co2e"]],
        "country_shares": [shares(row, publisher) for row in kept if any(row[name] for name in PARTS)],
    }
    for name, script in (("country_yearly", country_yearly), ("country_shares", country_shares)):
        write(
            data,
            "electricity",
            name,
            title=f"{name.replace('_', ' ')}, {publisher.release}",
            description="As the table of the library with this name.",
            fields=up_to(max((int(row["year"]) for row in kept), default=0), script.FIELDS),
            key=("region", "year"),
            rows=tables[name],
            sources=[publisher.reference],
            version=publisher.release,
        )
        print(f"{data / 'electricity' / name}.csv: {len(tables[name])} rows")
