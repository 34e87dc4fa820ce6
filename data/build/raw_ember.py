"""Makes the two tables of countries from Ember's yearly electricity data, long form.

    python data/build/raw_ember.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `yearly_full_release_long_format*.csv`: one row for each figure, with Area, ISO 3 code, Year, Category,
Subcategory, Variable, Unit and Value. "CO2 intensity" in gCO2/kWh is over the life cycle and counts all gases, as
Ember's methodology says. Bioenergy is a part of other_renewables in the tables of the library, and "Other Fossil"
is what they call oil. The file does not say its edition. So it is taken from the name of the file, behind
"long_format", and is "unknown" where there is none.
"""

from __future__ import annotations

from pathlib import Path

from raw_countries import PARTS, Publisher, Row, write_countries
from raw_files import csv_rows, files_like, raw_and_data, reference
from regions import region_of

COLUMNS = ("Area", "ISO 3 code", "Year", "Category", "Variable", "Unit", "Value")
#: Where a figure stands: category, variable and unit, in small letters.
INTENSITY = ("power sector emissions", "co2 intensity", "gco2/kwh")
GENERATION = ("electricity generation", "total generation", "twh")
FUELS = {
    "coal": ("coal",),
    "gas": ("gas",),
    "oil": ("other fossil",),
    "nuclear": ("nuclear",),
    "hydro": ("hydro",),
    "solar": ("solar",),
    "wind": ("wind",),
    "other_renewables": ("bioenergy", "other renewables"),
    "biofuel": ("bioenergy",),
}
SUMS = {
    "fossil": ("coal", "gas", "oil"),
    "renewables": ("hydro", "solar", "wind", "other_renewables"),
    "low_carbon": ("nuclear", "hydro", "solar", "wind", "other_renewables"),
}
HOME = "https://ember-energy.org/data/yearly-electricity-data/"
START = "yearly_full_release_long_format"

Figures = dict[tuple[str, str, str], str]


def places(file: Path) -> dict[tuple[str, str], Figures]:
    """The figures of each region and year."""
    found: dict[tuple[str, str], Figures] = {}
    for row in csv_rows(file, COLUMNS):
        region = region_of({"iso3": row["ISO 3 code"], "country": row["Area"]})
        what = row["Category"].casefold(), row["Variable"].casefold(), row["Unit"].casefold()
        if row["Value"]:
            found.setdefault((region, row["Year"]), {})[what] = row["Value"]
    return found


def tidy(region: str, year: str, figures: Figures) -> Row:
    """A row of a region and year; a share is missing where one of its parts is."""
    made = {
        "region": region,
        "year": year,
        "co2e": figures.get(INTENSITY, ""),
        "generation": figures.get(GENERATION, ""),
    }
    for name, fuels in FUELS.items():
        parts = [figures.get(("electricity generation", fuel, "%"), "") for fuel in fuels]
        made[name] = str(sum(map(float, parts))) if all(parts) else ""
    for name, fuels in SUMS.items():
        parts = [made[fuel] for fuel in fuels]
        made[name] = str(sum(map(float, parts))) if all(parts) else ""
    return made


def main() -> None:
    raw, data = raw_and_data(__doc__)
    file = files_like(raw, f"{START}*.csv")[-1]
    rows = [tidy(*key, figures) for key, figures in places(file).items()]
    if not any(row["co2e"] for row in rows) or not any(row[name] for row in rows for name in PARTS):
        raise SystemExit(f"{file.name}: no CO2 intensity in gCO2/kWh, or no shares in %; has Ember changed its form?")
    edition = file.stem.removeprefix(START).strip("_-") or "unknown"
    publisher = Publisher(
        f"Ember, edition {edition}",
        f"Ember, Yearly electricity data, edition {edition}, {file.name}",
        "CC-BY-4.0",
        reference(file, "Ember, Yearly electricity data", HOME),
    )
    write_countries(data, rows, publisher)


if __name__ == "__main__":
    main()
