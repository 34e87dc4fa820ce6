"""Makes electricity/us_diurnal_shape.csv: how the grid of six US balancing authorities varies in a day.

    python data/build/us_diurnal_shape.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `us_diurnal_profile_2022.csv`, means by month and local hour of hourly intensities of
2022: the generation that EIA-930 reports, times fixed life-cycle factors by fuel. Only the shape is kept,
divided by the mean of the year; its level is that of those factors and of no use here.
"""

from __future__ import annotations

from package import number, origin, rows_of, source_and_data, tag, text, write
from terms import GOVERNMENT, all_of

TAGS = {
    "basis": "life cycle",
    "mix": "production",
    "averaging": "average",
    "accounting": "location-based",
    "boundary": "busbar",
}

FIELDS = [
    text("region", "balancing authority as in EIA-930; not an eGRID subregion"),
    text("timezone", "of hour, daylight saving time included"),
    number("year", "year of the data", minimum=2022, maximum=2022, kind="integer"),
    number("month", "month", minimum=1, maximum=12, kind="integer"),
    number("hour", "hour of the local day, by its beginning", minimum=0, maximum=23, kind="integer"),
    number(
        "shape",
        "mean intensity in this hour of the days of this month over the mean of the year; its mean, weighted by "
        "count, is 1",
        unit="1",
        minimum=0.1,
        maximum=3,
    ),
    number("sd", "standard deviation from day to day, in the same measure", unit="1", minimum=0, maximum=2),
    number("count", "hours that were averaged", minimum=1, maximum=31, kind="integer"),
    *(tag(name) for name in TAGS),
    *origin("year and origin of the hourly data"),
]


def tidy(row: dict[str, str], mean: float, year: str, source: str, licence: str) -> dict[str, str]:
    return {
        "region": row["balancing_authority"],
        "timezone": row["timezone"],
        "year": year,
        "month": row["month"],
        "hour": row["hour_local"],
        "shape": f"{float(row['mean_gco2e_per_kwh']) / mean:.5f}",
        "sd": f"{float(row['sd_gco2e_per_kwh']) / mean:.5f}",
        "count": row["n_hours"],
        **TAGS,
        "uncertainty": "sd, from day to day",
        "release": f"EIA-930, {year}",
        "status": "dataset",
        "source": source,
        "licence": licence,
    }


def shapes(found: list[dict[str, str]], *, year: str, source: str, licence: str) -> list[dict[str, str]]:
    """The rows of the table from means by month and local hour, each over the mean of its year."""
    means = {}
    for region in dict.fromkeys(row["balancing_authority"] for row in found):
        here = [row for row in found if row["balancing_authority"] == region]
        hours = sum(int(row["n_hours"]) for row in here)
        means[region] = sum(float(row["mean_gco2e_per_kwh"]) * int(row["n_hours"]) for row in here) / hours
    rows = [tidy(row, means[row["balancing_authority"]], year, source, licence) for row in found]
    return sorted(rows, key=lambda row: (row["region"], int(row["month"]), int(row["hour"])))


def main() -> None:
    source, data = source_and_data()
    found = rows_of(source / "us_diurnal_profile_2022.csv")
    read = "EIA-930 generation times fixed factors, from HewlettPackard/dc-rl a92b4755"
    write(
        data,
        "electricity",
        "us_diurnal_shape",
        title="Shape of the day of US grids",
        description="By month and local hour, intensity over the mean of the year, six US balancing authorities in "
        "2022. A shape for a duty schedule, to be multiplied onto a yearly factor. It is an average of what runs: "
        "it does not say what one more load at night would cause. Imports are not traced; the factors behind it are "
        "coal 820, gas 490, oil 650, nuclear 12, wind 11, solar 41, hydro 24, other 230 g/kWh.",
        fields=FIELDS,
        key=("region", "month", "hour"),
        rows=shapes(found, year="2022", source=read, licence=all_of("MIT", GOVERNMENT)),
        sources=[
            {
                "title": "US EIA, Hourly electric grid monitor (EIA-930)",
                "path": "https://www.eia.gov/electricity/gridmonitor/",
            },
            {"title": "HewlettPackard/dc-rl", "path": "https://github.com/HewlettPackard/dc-rl"},
        ],
    )


if __name__ == "__main__":
    main()
