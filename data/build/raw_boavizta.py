"""Makes the table of declared footprints from Boavizta's collection, in its American form.

    python data/build/raw_boavizta.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `boavizta-data-us.csv`: a row for each product, with the total in kg CO2e, and shares of the stages as
parts of one. Rows without a total are left out. The collection is under the Open Database License, and so is the table.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from package import write
from product_footprints import FIELDS, PACKAGE, SOURCES, slug, tidied
from raw_files import csv_rows, files_like, plain, raw_and_data, reference

#: The column of the collection, by what a transcription calls it.
COLUMNS = {
    "manufacturer": "manufacturer",
    "name": "name",
    "category": "category",
    "subcategory": "subcategory",
    "gwp_total_kgco2e": "gwp_total",
    "use_fraction": "gwp_use_ratio",
    "manufacturing_fraction": "gwp_manufacturing_ratio",
    "transport_fraction": "gwp_transport_ratio",
    "eol_fraction": "gwp_eol_ratio",
    "gwp_error_fraction": "gwp_error_ratio",
    "yearly_energy_kwh": "yearly_tec",
    "lifetime_years": "lifetime",
    "use_location": "use_location",
    "assembly_location": "assembly_location",
    "weight_kg": "weight",
    "screen_size": "screen_size",
    "hard_drive": "hard_drive",
    "memory_gb": "memory",
    "n_cpu": "number_cpu",
    "report_date": "report_date",
    "sources": "sources",
}
#: Above this total a row is called an outlier, kg CO2e.
LARGE = 20_000.0


def transcribed(row: dict[str, str], names: Counter[str]) -> dict[str, str]:
    """A row in the form of a transcription, with what is doubtful about it."""
    found = {name: row[column].strip() for name, column in COLUMNS.items()}
    total, made = float(found["gwp_total_kgco2e"]), found["manufacturing_fraction"]
    stages = ("use_fraction", "manufacturing_fraction", "transport_fraction", "eol_fraction")
    shares = sum(float(found[stage] or 0) for stage in stages)
    rules = {
        "manufacturing_fraction above 1 in source (7.76, probably 0.776)": made != "" and float(made) > 1,
        "stage fractions sum above 1": shares > 1.001,
        "outlier total": total > LARGE,
        "duplicate name": names[slug(found)] > 1,
    }
    flag = next((words for words, holds in rules.items() if holds), "")
    return found | {"manufacturing_kgco2e": plain(total * float(made), 2) if made else "", "flag": flag}


def rows(file: Path) -> list[dict[str, str]]:
    """The rows of the table."""
    found = [row for row in csv_rows(file, list(COLUMNS.values())) if row["gwp_total"].strip()]
    names = Counter(slug(row) for row in found)
    source = f"from Boavizta/environmental-footprint-data, {file.name}"
    made = tidied([transcribed(row, names) for row in found])
    return [row | {"source": f"{row['manufacturer']}, {source}"} for row in made]


def main() -> None:
    raw, data = raw_and_data(__doc__)
    file = files_like(raw, "boavizta-data-us*.csv")[-1]
    made = rows(file)
    source = reference(file, "Boavizta, environmental-footprint-data", SOURCES[0]["path"])
    write(
        data,
        PACKAGE,
        "product_footprints",
        title="Product carbon footprints declared by vendors, Boavizta",
        description="As the table with this name.",
        fields=FIELDS,
        key=("hardware",),
        rows=made,
        sources=[source],
        version=source["title"].rpartition("sha256:")[2][:12],
        place=data / PACKAGE,
    )
    print(f"{data / PACKAGE / 'product_footprints'}.csv: {len(made)} rows")


if __name__ == "__main__":
    main()
