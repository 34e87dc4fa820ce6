"""Makes the table of shapes of the day from EIA's hourly data of the electric grid (EIA-930).

    python data/build/raw_eia930.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds the files of one year, `EIA930_BALANCE_<year>_Jan_Jun.csv` and `..._Jul_Dec.csv`: a row for each
balancing authority and hour, with the net generation by fuel in MW. The adjusted columns are taken where there are
some. Each hour gets a life-cycle intensity by fixed factors, of which the table keeps the shape alone. Hours without
generation, and fuels below zero in an hour, count as nothing. Taken are the authorities of the library.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from package import write
from raw_files import csv_rows, files_like, raw_and_data, reference, require, up_to
from terms import GOVERNMENT
from us_diurnal_shape import FIELDS, shapes

AUTHORITY, HOUR, GENERATION = "Balancing Authority", "Local Time at End of Hour", "Net Generation (MW) from "
#: Authorities, and the time zones of their local time.
ZONES = {
    "PJM": "America/New_York",
    "NYIS": "America/New_York",
    "MISO": "America/Chicago",
    "ERCO": "America/Chicago",
    "CISO": "America/Los_Angeles",
    "BPAT": "America/Los_Angeles",
}
#: g CO2e/kWh by the beginning of the fuel's name: medians of IPCC AR5. The first that fits.
FACTORS = {
    "Coal": 820,
    "Natural Gas": 490,
    "All Petroleum": 650,
    "Nuclear": 12,
    "Hydropower": 24,
    "Pumped Storage": 24,
    "Solar": 41,
    "Wind": 11,
    "Geothermal": 38,
    "Other": 230,
    "Unknown": 230,
}
NEEDED = ("Coal", "Natural Gas", "Nuclear", "Solar", "Wind")
ADJUSTED = " (Adjusted)"
TIMES = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M")
HOME = "https://www.eia.gov/electricity/gridmonitor/"
Hours = dict[tuple[str, int, int], list[float]]


def fuels(file: Path, found: dict[str, str]) -> dict[str, int]:
    """The factor of each column of generation. Ends the script where a fuel is lacking."""
    named = [name for name in found if name and name.startswith(GENERATION) and "(Imputed)" not in name]
    adjusted = [name for name in named if name.endswith(ADJUSTED)]
    columns = {}
    for column in adjusted or [name for name in named if not name.endswith(ADJUSTED)]:
        fuel = column.removeprefix(GENERATION)
        start = next((start for start in FACTORS if fuel.startswith(start)), "")
        if start:
            columns[column] = FACTORS[start]
    there = [start for start in NEEDED if any(column.startswith(GENERATION + start) for column in columns)]
    require(file.name, [GENERATION + start for start in NEEDED], (GENERATION + start for start in there))
    return columns


def megawatts(cell: str) -> float:
    """A figure with commas between its thousands; nothing where there is none, or it is below zero."""
    return max(0.0, float(cell.replace(",", ""))) if cell else 0.0


def moment(text: str, file: Path) -> datetime:
    """The beginning of an hour, by its end."""
    for form in TIMES:
        try:
            return datetime.strptime(text, form) - timedelta(hours=1)
        except ValueError:
            continue
    raise SystemExit(f"{file.name}: {text!r} is no time as EIA writes it; has EIA changed its form?")


def hours(files: list[Path]) -> Hours:
    """The intensities of each authority, month and hour of the local day."""
    found: Hours = defaultdict(list)
    for file in files:
        rows = csv_rows(file, [AUTHORITY, HOUR])
        columns = fuels(file, rows[0] if rows else {})
        for row in rows:
            made = {column: megawatts(row[column]) for column in columns}
            if row[AUTHORITY] in ZONES and sum(made.values()) > 0:
                begun = moment(row[HOUR], file)
                emitted = sum(columns[column] * power for column, power in made.items())
                found[row[AUTHORITY], begun.month, begun.hour].append(emitted / sum(made.values()))
    return found


def profile(found: Hours) -> Iterator[dict[str, str]]:
    """Means and standard deviations, in the form of a transcription."""
    for (authority, month, hour), values in sorted(found.items()):
        yield {
            "balancing_authority": authority,
            "timezone": ZONES[authority],
            "month": str(month),
            "hour_local": str(hour),
            "mean_gco2e_per_kwh": str(statistics.fmean(values)),
            "sd_gco2e_per_kwh": str(statistics.stdev(values) if len(values) > 1 else 0.0),
            "n_hours": str(len(values)),
        }


def main() -> None:
    raw, data = raw_and_data(__doc__)
    files = files_like(raw, "EIA930_BALANCE_20??_*.csv")
    years = {file.stem.split("_")[2] for file in files}
    if len(years) > 1:
        raise SystemExit(f"{raw}: files of {', '.join(sorted(years))}; a table is of one year")
    year = years.pop()
    source = f"EIA-930, {', '.join(file.name for file in files)}, generation times fixed factors"
    rows = shapes(list(profile(hours(files))), year=year, source=source, licence=GOVERNMENT)
    write(
        data,
        "electricity",
        "us_diurnal_shape",
        title=f"Shape of the day of US grids, {year}",
        description="As the table of the library with this name.",
        fields=up_to(int(year), FIELDS),
        key=("region", "month", "hour"),
        rows=rows,
        sources=[reference(file, "US EIA, Hourly electric grid monitor (EIA-930)", HOME) for file in files],
        version=f"EIA-930 {year}",
    )
    print(f"{data / 'electricity' / 'us_diurnal_shape'}.csv: {len(rows)} rows")


if __name__ == "__main__":
    main()
