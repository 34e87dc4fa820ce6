"""Makes the table of Electricity Maps from its yearly files, one for each zone and year.

    python data/build/raw_electricity_maps.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `*_yearly.csv`, which Electricity Maps gives to those who have an account with it. Each has a row for a
year, with the zone, the life-cycle intensity and the shares of carbon-free and of renewable electricity. Their columns
were renamed in 2025; both names are read. The database is under the Open Database License, and so is the table.
"""

from __future__ import annotations

from pathlib import Path

from electricity_maps import AREAS, COUNTRIES, FIELDS, TAGS
from package import write
from raw_files import csv_rows, files_like, plain, raw_and_data, reference, up_to

#: What is read, by the names that it has had, in small letters.
COLUMNS = {
    "time": ("datetime (utc)",),
    "zone_name": ("zone name",),
    "zone": ("zone id",),
    "co2e": ("carbon intensity gco₂eq/kwh (life cycle)", "carbon intensity gco₂eq/kwh (lca)"),
    "carbon_free": ("carbon-free energy percentage (cfe%)", "low carbon percentage"),
    "renewable": ("renewable energy percentage (re%)", "renewable percentage"),
}
HOME = "https://www.electricitymaps.com"


def named(file: Path) -> list[dict[str, str]]:
    """The rows of a file under our names of the columns. Ends the script where one of them is lacking."""
    found = csv_rows(file, [])
    there = {name.casefold(): name for name in (found[0] if found else ())}
    lacking = [" or ".join(names) for names in COLUMNS.values() if not there.keys() & set(names)]
    if lacking:
        raise SystemExit(f"{file.name}: no column {', '.join(lacking)}; has its publisher changed its form?")
    columns = {name: next(there[word] for word in words if word in there) for name, words in COLUMNS.items()}
    return [{name: row[column] for name, column in columns.items()} for row in found]


def tidy(row: dict[str, str], file: Path) -> dict[str, str]:
    """The row of a zone and year."""
    year = row["time"][:4]
    return {
        "zone": row["zone"],
        "zone_name": row["zone_name"],
        "region": COUNTRIES.get(row["zone"]) or AREAS.get(row["zone"], ""),
        "year": year,
        **{name: plain(row[name], 2) for name in ("co2e", "carbon_free", "renewable")},
        "flag": "none",
        **TAGS,
        "uncertainty": "none known",
        "release": f"Electricity Maps, data of {year}",
        "status": "dataset",
        "source": f"Electricity Maps, {file.name}",
        "licence": "ODbL-1.0",
    }


def main() -> None:
    raw, data = raw_and_data(__doc__)
    files = files_like(raw, "*_yearly.csv")
    rows = [tidy(row, file) for file in files for row in named(file)]
    years = sorted({row["year"] for row in rows})
    write(
        data,
        "electricity_maps",
        "consumption_yearly",
        title=f"Electricity Maps, {', '.join(years)}",
        description="As the table with this name: life-cycle intensity of the electricity used in a zone.",
        fields=up_to(int(years[-1]), FIELDS),
        key=("zone", "year"),
        rows=sorted(rows, key=lambda row: (row["zone"], row["year"])),
        sources=[reference(file, "Electricity Maps", HOME) for file in files],
        version=f"Electricity Maps {'-'.join(years)}",
        place=data / "electricity_maps",
    )
    print(f"{data / 'electricity_maps' / 'consumption_yearly'}.csv: {len(rows)} rows")


if __name__ == "__main__":
    main()
