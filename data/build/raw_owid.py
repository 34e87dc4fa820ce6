"""Makes the two tables of countries from the energy data set of Our World in Data.

    python data/build/raw_owid.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `owid-energy-data*.csv`: one row for each place and year, with `iso_code`, `carbon_intensity_elec`
(g CO2e/kWh, from Ember), `electricity_generation` (TWh, from Ember and the Energy Institute) and shares such as
`coal_share_elec` in per cent. The edition is what stands in the name of the file behind "owid-energy-data".
"""

from __future__ import annotations

from pathlib import Path

from country_shares import SHARES
from raw_countries import Publisher, Row, write_countries
from raw_files import csv_rows, files_like, raw_and_data, reference
from regions import region_of

FIGURES = {"co2e": "carbon_intensity_elec", "generation": "electricity_generation"}
COLUMNS = {**FIGURES, **{name: f"{name}_share_elec" for name in SHARES}}
HOME = "https://github.com/owid/energy-data"
START = "owid-energy-data"


def rows(file: Path) -> list[Row]:
    """The rows with an intensity or a share."""
    found = csv_rows(file, ["country", "year", "iso_code", *COLUMNS.values()])
    return [tidy(row) for row in found if any(row[column] for column in COLUMNS.values())]


def tidy(row: Row) -> Row:
    """A row of a place and year, by the names of the library."""
    region = region_of({"iso3": row["iso_code"], "country": row["country"]})
    return {"region": region, "year": row["year"], **{name: row[column] for name, column in COLUMNS.items()}}


def main() -> None:
    raw, data = raw_and_data(__doc__)
    file = files_like(raw, f"{START}*.csv")[-1]
    edition = file.stem.removeprefix(START).strip("_-") or "unknown"
    publisher = Publisher(
        f"OWID energy data, edition {edition}",
        f"Our World in Data, energy data (from Ember and Energy Institute), edition {edition}, {file.name}",
        "CC-BY-4.0",
        reference(file, "Our World in Data, energy data", HOME),
    )
    write_countries(data, rows(file), publisher)


if __name__ == "__main__":
    main()
