"""Makes the tables of freight and of end of life from US EPA's GHG Emission Factors Hub.

    python data/build/raw_hub.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `ghg-emission-factors-hub-<year>.xlsx`. One sheet has all tables below one another. Read are table 8,
by the row that begins with "Vehicle Type" (kg CO2, g CH4 and g N2O for a short ton-mile), and table 9, by the row
that begins with "Material" (metric tons of CO2e for a short ton). Letters of footnotes behind a word are dropped. CH4
and N2O of freight become CO2e by the AR6 values of the library, methane as fossil.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import end_of_life
import freight
from package import Field, rows_of, write
from raw_files import files_like, plain, raw_and_data, reference, require, up_to

TONNES, KILOMETRES = 0.90718474, 1.609344  # in a short ton, in a mile
VEHICLES = {
    "Medium- and Heavy-Duty Truck": "truck, medium and heavy duty",
    "Rail": "rail",
    "Waterborne Craft": "waterborne",
    "Aircraft": "aircraft",
}
GASES = {"CO2 Factor": 1.0, "CH4 Factor": 1e-3, "N2O Factor": 1e-3}  # kg in the unit of the column
TREATMENTS = ("Recycled", "Landfilled", "Combusted")
HOME = "https://www.epa.gov/climateleadership/ghg-emission-factors-hub"
Row = dict[str, str]


def words(cell: object) -> str:
    """A cell without line breaks, and without the letter of a footnote behind a word."""
    return re.sub(r"(?<=[a-z)])(?:[A-F]| [A-F])$", "", " ".join("" if cell is None else str(cell).split()))


def tables(file: Path, first: str, columns: Sequence[str]) -> Iterator[Row]:
    """The rows below each header that begins with a word and has some columns, until an empty cell below the word."""
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, data_only=True)
    header: list[str] = []
    place = 0
    for sheet in book:
        for cells in sheet.iter_rows(values_only=True):
            named = [words(cell) for cell in cells]
            if first in named and all(any(name.startswith(column) for name in named) for column in columns):
                header, place = named, named.index(first)
            elif header and named[place]:
                yield dict(zip(header, named, strict=False))
            else:
                header = []
    book.close()


def cell(row: Row, column: str) -> str:
    """The cell of the first column that begins with some words."""
    return next(value for name, value in row.items() if name.startswith(column))


def co2e(row: Row) -> float:
    """kg CO2e of the three gases of a row."""
    found = rows_of(Path(__file__).parents[1] / "characterization" / "gwp.csv")
    ar6 = {gas["gas"]: float(gas["value"]) for gas in found if gas["gwp_set"] == "AR6"}
    potentials = {"CO2 Factor": 1.0, "CH4 Factor": ar6["CH4_fossil"], "N2O Factor": ar6["N2O"]}
    return sum(potentials[name] * scale * float(cell(row, name)) for name, scale in GASES.items())


def freights(file: Path, year: str) -> list[Row]:
    """Rows of freight: the vehicles of table 8 for a short ton-mile."""
    made = []
    for row in tables(file, "Vehicle Type", [*GASES, "Units"]):
        item = VEHICLES.get(row["Vehicle Type"], "")
        if item and "ton-mile" in cell(row, "Units"):
            value = plain(co2e(row) / TONNES / KILOMETRES, 5)
            source = f"US EPA, GHG Emission Factors Hub {year}, Table 8, {file.name}; gases by AR6, units converted"
            made.append(freight.epa({"item": item, "value": value, "trust": "A"}) | {"year": year, "source": source})
    require(f"{file.name}, table 8", VEHICLES.values(), (row["item"] for row in made))
    return [row | {"flag": "fleet_average"} for row in made]


def treatments(file: Path, year: str) -> list[Row]:
    """Rows of end of life: electronics in table 9."""
    made = []
    source = f"US EPA, GHG Emission Factors Hub {year}, Table 9 (WARM), {file.name}; short tons converted"
    for row in tables(file, "Material", TREATMENTS):
        for treatment in TREATMENTS if row["Material"] in end_of_life.THINGS else ():
            value = cell(row, treatment)
            if re.fullmatch(r"[\d.]+", value):
                item = f"{row['Material']}, {treatment.lower()}"
                tidy = end_of_life.epa({"item": item, "value": plain(float(value) / TONNES, 4), "trust": "A"})
                flag = tidy["flag"].replace(" second_hand", "")
                made.append(tidy | {"year": year, "source": source, "flag": flag})
    names = {thing: row for thing in end_of_life.THINGS.values() for row in made if row["thing"] == thing}
    require(f"{file.name}, table 9", end_of_life.THINGS.values(), names)
    return made


def main() -> None:
    raw, data = raw_and_data(__doc__)
    file = files_like(raw, "ghg-emission-factors-hub-20??.xlsx")[-1]
    year = file.stem[-4:]
    made: list[tuple[str, list[Field], tuple[str, ...], list[Row]]] = [
        ("freight", freight.FIELDS, ("quantity", "mode", "item"), freights(file, year)),
        ("end_of_life", end_of_life.FIELDS, ("quantity", "thing", "treatment", "year"), treatments(file, year)),
    ]
    for table, fields, key, rows in made:
        write(
            data,
            "hardware",
            table,
            title=f"{table.replace('_', ' ')}, US EPA {year}".capitalize(),
            description="As the table of the library with this name: EPA's figures.",
            fields=up_to(int(year), fields),
            key=key,
            rows=rows,
            sources=[reference(file, "US EPA, GHG Emission Factors Hub", HOME)],
            version=f"GHG Emission Factors Hub {year}",
        )
        print(f"{data / 'hardware' / table}.csv: {len(rows)} rows")


if __name__ == "__main__":
    main()
