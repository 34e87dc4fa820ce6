"""Makes rows of the table of cloud regions from the grid factors of Cloud Carbon Footprint.

    python data/build/raw_ccf.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `grid-emissions-factors-<provider>.csv` of cloud-carbon-coefficients: a row for each region, with an
intensity in metric tons of CO2e per kWh. A figure without its decimal point (000077) is read with it, and flagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from cloud_regions import FIELDS, tidy
from package import write
from raw_files import csv_rows, files_like, raw_and_data, reference, require

START = "grid-emissions-factors-"
REGION, VALUE = "Region", "CO2e (metric ton/kWh)"
PLACES = ("Location", "Country")
KEY = ("provider", "region", "place", "metric", "year", "dataset")
HOME = "https://github.com/cloud-carbon-footprint/cloud-carbon-coefficients"
GRAMS = 1_000_000


def rows(file: Path) -> Iterator[dict[str, str]]:
    """A row for each region of a provider."""
    found = csv_rows(file, [REGION, VALUE])
    place = next((name for name in PLACES if found and name in found[0]), "")
    require(file.name, [] if place else [" or ".join(PLACES)], [])
    for row in found:
        whole = row[VALUE].isdigit() and row[VALUE].startswith("0")
        value = Decimal(f"0.{row[VALUE]}" if whole else row[VALUE])
        made = tidy(
            {
                "dataset": "ccf_coefficients",
                "year": "",
                "provider": file.stem.removeprefix(START),
                "region": row[REGION],
                "location": row[place],
                "metric": "grid_intensity_location",
                "value": str((value * GRAMS).normalize()),
            }
        )
        source = f"Cloud Carbon Footprint, {file.name}"
        yield made | {"source": source} | ({"flag": "misprint"} if whole and value else {})


def main() -> None:
    raw, data = raw_and_data(__doc__)
    files = files_like(raw, f"{START}*.csv")
    made = [row for file in files for row in rows(file)]
    write(
        data,
        "electricity",
        "cloud_regions",
        title="Regions of cloud providers, Cloud Carbon Footprint",
        description="As the table of the library with this name: figures that Cloud Carbon Footprint collected.",
        fields=FIELDS,
        key=KEY,
        rows=sorted(made, key=lambda row: [row[name] for name in KEY]),
        sources=[reference(file, "Cloud Carbon Footprint, cloud-carbon-coefficients", HOME) for file in files],
        version=f"cloud-carbon-coefficients, {len(files)} files",
    )
    print(f"{data / 'electricity' / 'cloud_regions'}.csv: {len(made)} rows")


if __name__ == "__main__":
    main()
