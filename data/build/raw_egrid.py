"""Makes four tables of electricity from workbooks of US EPA's eGRID, one workbook for each data year.

    python data/build/raw_egrid.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `egrid<year>_data*.xlsx` (not the metric ones). Each has a sheet of subregions (SRL23), of the United
States (US23), of states (ST23) and of grid gross losses (GGL23). The first row of a sheet describes the columns, the
second has their codes. Rates are in lb/MWh; shares and losses are parts of one, shown by Excel as per cent.

The GWP set of CO2e is found by rebuilding CO2e from CO2, CH4 and N2O; the script ends where no set fits.
EPA has no loss for Puerto Rico: it takes that of the United States, and the source of the row says so.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import egrid_ch4_n2o
import egrid_generation_mix
import egrid_state_co2e
import egrid_subregion_rates
from package import rows_of, write
from raw_files import files_like, plain, raw_and_data, reference, require, up_to
from terms import GOVERNMENT

if TYPE_CHECKING:
    from openpyxl import Workbook

Record = dict[str, object]

#: Codes of rates and of shares, behind SR for a subregion and US for the United States.
RATES = {"co2": "CO2RTA", "ch4": "CH4RTA", "n2o": "N2ORTA", "co2e": "C2ERTA"}
SHARES = {
    "coal": "CLPR",
    "gas": "GSPR",
    "oil": "OLPR",
    "other_fossil": "OFPR",
    "nuclear": "NCPR",
    "hydro": "HYPR",
    "biomass": "BMPR",
    "geothermal": "GTPR",
    "solar": "SOPR",
    "wind": "WIPR",
    "other_unknown": "OPPR",
}
#: The grid of a subregion, of which a loss is published; that of all others is the Eastern one.
GRIDS = {
    "ERCT": "ERCOT",
    **dict.fromkeys(("AKGD", "AKMS"), "Alaska"),
    **dict.fromkeys(("HIMS", "HIOA"), "Hawaii"),
    **dict.fromkeys(("AZNM", "CAMX", "NWPP", "RMPA"), "Western"),
    **dict.fromkeys(("US", "PRMS"), "U.S."),
}
#: How far a rebuilt CO2e may be from the published one, lb/MWh: the rates are rounded to 0.001.
NEAR = 0.5
#: A loss above this is no part of one but a per cent; how far shares may be from 1.
MOST_LOSS = 0.3
ROUNDED = 0.01
HOME = "https://www.epa.gov/egrid/detailed-data"


def sheet(book: Workbook, name: str, codes: list[str]) -> Iterator[Record]:
    """The rows of a sheet by the codes of its second row; rows without a year are none."""
    if name not in book.sheetnames:
        raise SystemExit(f"no sheet {name}; there are {', '.join(book.sheetnames)}")
    rows = book[name].iter_rows(min_row=2, values_only=True)
    header = list(next(rows, ()))
    require(name, ["YEAR", *codes], header)
    for row in rows:
        record = dict(zip(header, row, strict=False))
        if record["YEAR"] is not None:
            yield record


@dataclass(frozen=True)
class Release:
    """A workbook that was read: the rows of its sheets, and what all rows of the tables say of it."""

    file: Path
    year: str  # of the data, two digits
    regions: list[Record]
    states: list[Record]
    losses: Mapping[str, object]
    gwp: Mapping[str, str]

    @classmethod
    def read(cls, file: Path) -> Release:
        """A workbook; ends the script where a sheet or a column is lacking, or no GWP set fits."""
        from openpyxl import load_workbook

        year = file.name[len("egrid20") :][:2]
        book = load_workbook(file, read_only=True, data_only=True)
        regions = list(_regions(book, year))
        states = list(sheet(book, f"ST{year}", ["PSTATABB", "STC2ERTA"]))
        losses = {str(row["REGION"]): row["GGRSLOSS"] for row in sheet(book, f"GGL{year}", ["REGION", "GGRSLOSS"])}
        book.close()
        return cls(file, year, regions, states, losses, {"gwp_set": gwp_set(regions), "gwp_status": "derived"})

    @property
    def name(self) -> str:
        """Such as "eGRID2023 rev2"."""
        revision = re.search(r"(?:rev|_v)(\d+)", self.file.name)
        return f"eGRID20{self.year}{f' rev{revision[1]}' if revision else ''}"

    def about(self, row: Record, region: object, where: str) -> dict[str, str]:
        """What every row says of itself; `where` is the sheet it comes from."""
        return {
            "region": str(region),
            "year": str(row["YEAR"]),
            "release": self.name,
            "status": "dataset",
            "source": f"US EPA {self.name}, {self.file.name}, sheet {where}{self.year}",
            "licence": GOVERNMENT,
        }


def _regions(book: Workbook, year: str) -> Iterator[Record]:
    """Subregions and the United States, by codes that no longer say which of the two."""
    codes = [*RATES.values(), *SHARES.values()]
    for name, start, named in (("SRL", "SR", ["SUBRGN", "SRNAME"]), ("US", "US", [])):
        for row in sheet(book, f"{name}{year}", [*named, *(start + code for code in codes)]):
            about = {"SUBRGN": "US", "SRNAME": "US average", **row, "sheet": name}
            yield {**about, **{code: row[start + code] for code in codes}}


def gwp_set(rows: list[Record]) -> str:
    """The GWP set with which the CO2e of a release can be rebuilt: the mean difference decides."""
    apart = {}
    for name, (ch4, n2o) in _factors().items():
        rates = [[float(str(row[code])) for code in RATES.values()] for row in rows]
        apart[name] = abs(statistics.fmean(a + ch4 * b + n2o * c - d for a, b, c, d in rates))
    best = min(apart, key=lambda name: apart[name])
    if apart[best] > NEAR:
        said = ", ".join(f"{name} by {off:.2f} lb/MWh" for name, off in apart.items())
        raise SystemExit(f"no GWP set rebuilds CO2e from CO2, CH4 and N2O; each is off: {said}")
    return best


def _factors() -> dict[str, tuple[float, float]]:
    """CH4 and N2O of each GWP set, from the table of the library."""
    found: dict[str, dict[str, float]] = {}
    for row in rows_of(Path(__file__).parents[1] / "characterization" / "gwp.csv"):
        if row["horizon_years"] == "100":
            found.setdefault(row["gwp_set"], {})[row["gas"]] = float(row["value"])
    return {name: (gases["CH4"], gases["N2O"]) for name, gases in found.items() if {"CH4", "N2O"} <= gases.keys()}


def rates(release: Release) -> Iterator[dict[str, str]]:
    """Rows of egrid_subregion_rates."""
    for row in release.regions:
        about = release.about(row, _code(row), str(row["sheet"]))
        if row["SUBRGN"] == "PRMS":
            about["source"] += "; grid_loss of the United States, since none is published"
        yield {
            **about,
            "region_name": str(row["SRNAME"]),
            "co2": plain(row[RATES["co2"]], 3),
            "co2e": plain(row[RATES["co2e"]], 3),
            "grid_loss": _loss(release, str(row["SUBRGN"])),
            **egrid_subregion_rates.TAGS,
            **release.gwp,
            "uncertainty": "none published; see spreads",
        }


def _loss(release: Release, subregion: str) -> str:
    """The loss of a grid in per cent."""
    grid = GRIDS.get(subregion, "Eastern")
    require(f"REGION of GGL{release.year}", [grid], release.losses)
    loss = float(str(release.losses[grid]))
    if not 0 <= loss < MOST_LOSS:
        raise SystemExit(f"the loss of {grid} is {loss}, and must be a part of one, below {MOST_LOSS}")
    return plain(100 * loss, 2)


def mix(release: Release) -> Iterator[dict[str, str]]:
    """Rows of egrid_generation_mix."""
    for row in release.regions:
        shares = {name: float(str(row[code] or 0)) for name, code in SHARES.items()}
        if abs(sum(shares.values()) - 1) > ROUNDED:
            raise SystemExit(f"the shares of {row['SUBRGN']} sum to {sum(shares.values()):.4f}, and must sum to 1")
        percent = {name: plain(100 * share, 3) for name, share in shares.items()}
        about = release.about(row, _code(row), str(row["sheet"]))
        yield {**about, **percent, **egrid_generation_mix.TAGS, "uncertainty": "none known"}


def gases(release: Release) -> Iterator[dict[str, str]]:
    """Rows of egrid_ch4_n2o."""
    for row in release.regions:
        about = release.about(row, _code(row), str(row["sheet"]))
        found = {name: plain(row[RATES[name]], 3) for name in ("ch4", "n2o")}
        yield {**about, **found, **egrid_ch4_n2o.TAGS, "uncertainty": "none known; rounded to 0.001 lb/MWh"}


def states(release: Release) -> Iterator[dict[str, str]]:
    """Rows of egrid_state_co2e."""
    for row in release.states:
        about = release.about(row, f"US-{row['PSTATABB']}", "ST")
        co2e = {"co2e": plain(row["STC2ERTA"], 3)}
        yield {**about, **co2e, **egrid_state_co2e.TAGS, **release.gwp, "uncertainty": "none known"}


def _code(row: Record) -> str:
    return "US" if row["SUBRGN"] == "US" else f"US-{row['SUBRGN']}"


#: The tables: what makes their rows, and the script that makes them from transcriptions, for columns and tags.
TABLES = {
    "egrid_subregion_rates": (rates, egrid_subregion_rates),
    "egrid_generation_mix": (mix, egrid_generation_mix),
    "egrid_ch4_n2o": (gases, egrid_ch4_n2o),
    "egrid_state_co2e": (states, egrid_state_co2e),
}


def main() -> None:
    raw, data = raw_and_data(__doc__)
    files = [file for file in files_like(raw, "egrid20??_data*.xlsx") if "metric" not in file.name]
    releases = [Release.read(file) for file in files]
    years = sorted(f"20{release.year}" for release in releases)
    for name, (made, script) in TABLES.items():
        rows = [row for release in releases for row in made(release)]
        write(
            data,
            "electricity",
            name,
            title=f"eGRID {', '.join(years)}: {name.removeprefix('egrid_').replace('_', ' ')}",
            description=f"As the table of the library with this name, for the data years {', '.join(years)}.",
            fields=up_to(int(years[-1]), script.FIELDS),
            key=("region", "year"),
            rows=sorted(rows, key=lambda row: (row["year"], row["region"])),
            sources=[reference(file, "US EPA, eGRID", HOME) for file in files],
            version=f"eGRID{'-'.join(years)}",
        )
        print(f"{data / 'electricity' / name}.csv: {len(rows)} rows")


if __name__ == "__main__":
    main()
