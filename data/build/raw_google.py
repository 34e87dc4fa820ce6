"""Makes the table of cloud regions from Google's yearly files on the regions of Google Cloud.

    python data/build/raw_google.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `google-region-carbon-<year>.csv`, each as Google publishes it under data/yearly: a row for each region
with its location, its carbon-free share ("Google CFE") and the intensity of its grid in gCO2eq/kWh. The files of 2019
and 2020 call the intensity "Lifecycle grid carbon intensity": it is another series. A region that the library does
not know (cloud_places) cannot be looked up; the script names those.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cloud_regions import FIELDS, GOOGLE, METRICS, NOTES, SERIES, UNITS
from package import rows_of, write
from raw_files import csv_rows, files_like, plain, raw_and_data, reference, require, up_to

START = "google-region-carbon-"
REGION, PLACE, SHARE = "Google Cloud Region", "Location", "Google CFE"
#: The columns of an intensity, by what a transcription calls it.
INTENSITIES = {
    "grid_intensity_lifecycle": "Lifecycle grid carbon intensity (gCO2eq / kWh)",
    "grid_intensity_location": "Grid carbon intensity (gCO2eq / kWh)",
}
KEY = ("provider", "region", "place", "metric", "year", "dataset")
HOME = "https://github.com/GoogleCloudPlatform/region-carbon-info"


def rows_in(file: Path) -> Iterator[dict[str, str]]:
    """A row for each figure of a file; a cell without one is left out."""
    found = csv_rows(file, [REGION, PLACE, SHARE])
    name = next((name for name, column in INTENSITIES.items() if found and column in found[0]), "")
    if not name:
        require(file.name, [" or ".join(INTENSITIES.values())], found[0] if found else ())
    for row in found:
        for what, column in ((name, INTENSITIES[name]), ("cfe_fraction", SHARE)):
            if row[column] not in ("", "N/A"):
                yield tidy(row, what, row[column], file)


def tidy(row: dict[str, str], what: str, value: str, file: Path) -> dict[str, str]:
    """One figure of a region; `what` is the name that it has in a transcription."""
    metric, year = METRICS[what], file.stem.removeprefix(START)
    basis = {"grid_intensity_lifecycle": "life cycle", "grid_intensity_location": "direct"}.get(what, "none")
    grid = basis != "none"
    return {
        "provider": "gcp",
        "region": row[REGION],
        "place": row[PLACE],
        "metric": metric,
        "year": year,
        "value": plain(value, 3),
        "unit": UNITS[metric],
        "default": "1",
        "series": SERIES[what] if grid else f"{GOOGLE} {metric}",
        "flag": "none" if float(value) else "zero",
        "note": NOTES[(GOOGLE, basis) if grid else metric],
        "basis": basis,
        "mix": "unknown" if grid else "none",
        "averaging": "average" if grid else "none",
        "accounting": "location-based" if grid else "market-based",
        "gwp_set": "unknown" if grid else "none",
        "dataset": GOOGLE,
        "uncertainty": "none known",
        "release": f"Google, data of {year}",
        "status": "declared",
        "source": f"Google, carbon data of Google Cloud regions, {file.name}",
        "licence": "Apache-2.0",
    }


def main() -> None:
    raw, data = raw_and_data(__doc__)
    files = files_like(raw, f"{START}20??.csv")
    rows = [row for file in files for row in rows_in(file)]
    places = rows_of(Path(__file__).parents[1] / "electricity" / "cloud_places.csv")
    unknown = sorted({row["region"] for row in rows} - {row["region"] for row in places if row["provider"] == "gcp"})
    print(f"{len(unknown)} regions that the library does not know: {', '.join(unknown) or 'none'}")
    years = [file.stem.removeprefix(START) for file in files]
    write(
        data,
        "electricity",
        "cloud_regions",
        title=f"Regions of Google Cloud, {', '.join(years)}",
        description="As the table of the library with this name: Google's own figures.",
        fields=up_to(int(years[-1]), FIELDS),
        key=KEY,
        rows=sorted(rows, key=lambda row: [row[name] for name in KEY]),
        sources=[reference(file, "Google, carbon data of Google Cloud regions", HOME) for file in files],
        version=f"Google {'-'.join(years)}",
    )
    print(f"{data / 'electricity' / 'cloud_regions'}.csv: {len(rows)} rows")


if __name__ == "__main__":
    main()
