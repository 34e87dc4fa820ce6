"""Makes the table of losses from the World Bank's download of EG.ELC.LOSS.ZS.

    python data/build/raw_world_bank.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `API_EG.ELC.LOSS.ZS*.csv`, out of the zip that the page of the indicator gives: four lines above the
columns, among them "Last Updated Date", then a row for each country and a column for each year. The latest year of each
country is taken, as in the table of the library. That a loss jumps from year to year, or that a country imports
much, is not told here: only the sizes and the age of a figure are flagged.
"""

from __future__ import annotations

import csv
from pathlib import Path

from electricity_losses import FIELDS
from package import write
from raw_files import csv_rows, files_like, plain, raw_and_data, reference, up_to
from regions import ALPHA_2

ABOVE = 4
COLUMNS = ("Country Name", "Country Code", "Indicator Code")
INDICATOR = "EG.ELC.LOSS.ZS"
HOME = "https://data.worldbank.org/indicator/EG.ELC.LOSS.ZS"
#: A figure before this year is old (the flags of electricity_losses.py).
OLD = 2022


def edition(file: Path) -> str:
    """The day of the last update, which the file says above its columns."""
    for line in csv.reader(file.read_text(encoding="utf-8-sig").splitlines()[:ABOVE]):
        if line[:1] == ["Last Updated Date"]:
            return line[1]
    raise SystemExit(f"{file.name}: no Last Updated Date above the columns; has the World Bank changed its form?")


def flag_of(loss: float, year: int) -> str:
    """The doubt of a figure by its size, or else by its age."""
    size = "too_low" if loss < 1 else "not_physical" if loss > 40 else "theft_likely" if loss > 25 else ""
    return size or ("old" if year < OLD else "none")


def tidy(row: dict[str, str], updated: str, file: Path) -> dict[str, str] | None:
    """The row of a country in its latest year; None for a group of countries, or where there is no figure."""
    if row["Indicator Code"] != INDICATOR:
        raise SystemExit(f"{file.name}: {row['Indicator Code']}, and not {INDICATOR}")
    years = [name for name, cell in row.items() if name and name.isdigit() and cell]
    if row["Country Code"] not in ALPHA_2 or not years:
        return None
    year = max(years, key=int)
    return {
        "region": row["Country Code"],
        "measure": "year",
        "first_year": year,
        "year": year,
        "loss": plain(row[year], 3),
        "other_loss": "",
        "flag": flag_of(float(row[year]), int(year)),
        "uncertainty": "none known",
        "release": f"World Development Indicators, {updated}",
        "status": "dataset",
        "source": f"World Bank {INDICATOR} (IEA), {file.name}, updated {updated}",
        "licence": "CC-BY-4.0",
    }


def main() -> None:
    raw, data = raw_and_data(__doc__)
    file = files_like(raw, f"API_{INDICATOR}*.csv")[-1]
    updated = edition(file)
    rows = [made for row in csv_rows(file, COLUMNS, above=ABOVE) if (made := tidy(row, updated, file))]
    latest = max((int(row["year"]) for row in rows), default=0)
    write(
        data,
        "electricity",
        "electricity_losses",
        title="Losses between power stations and customers, World Bank",
        description="As the table of the library with this name: the latest year of each country.",
        fields=up_to(latest, FIELDS),
        key=("region", "measure"),
        rows=sorted(rows, key=lambda row: row["region"]),
        sources=[reference(file, "World Bank, Electric power transmission and distribution losses", HOME)],
        version=f"World Development Indicators {updated}",
    )
    print(f"{data / 'electricity' / 'electricity_losses'}.csv: {len(rows)} rows")


if __name__ == "__main__":
    main()
