"""Makes electricity/cloud_regions.csv: grid, PUE, WUE and carbon-free share of the regions of clouds.

    python data/build/cloud_regions.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `cloud_regions.csv`, a row for each figure. Only Google's own publication makes rows that
may be used unasked (default 1). Left out: mlco2's figures, of 2017 to 2019 and up to six times Google's own
of 2024; and Google's carbon-free shares as the Green Software Foundation copied them, which repeat Google's own,
shift a year, or say 0 where Google says nothing.
"""

from __future__ import annotations

from decimal import Decimal

from package import number, origin, rows_of, source_and_data, tag, text, write

GOOGLE, GSF, CCF = "google", "gsf", "ccf"
DATASETS = {"google_region_carbon_info": GOOGLE, "gsf_real_time_cloud": GSF, "ccf_coefficients": CCF}
ORIGINS = {
    GOOGLE: ("Google, GoogleCloudPlatform/region-carbon-info 49f3f26b", "Apache-2.0", "Google, data of {year}"),
    GSF: (
        "{who}, as collected in Green-Software-Foundation/real-time-cloud b2858aa2",
        "figures only; no licence for the data was seen",
        "real-time-cloud b2858aa2",
    ),
    CCF: (
        "various, as collected in cloud-carbon-footprint/cloud-carbon-coefficients dda7621f",
        "Apache-2.0",
        "cloud-carbon-coefficients dda7621f",
    ),
}
WHO = {"aws": "Amazon", "azure": "Microsoft", "gcp": "Google"}
INTENSITY, PUE, WUE, SHARE_HOURLY, SHARE_YEARLY = (
    "grid_intensity",
    "pue",
    "wue",
    "carbon_free_share_hourly",
    "carbon_free_share_yearly",
)
UNITS = {
    INTENSITY: "g CO2e/kWh",
    PUE: "at_facility/at_wall",
    WUE: "L/(kWh at_wall)",
    SHARE_HOURLY: "1",
    SHARE_YEARLY: "1",
}
METRICS = {
    "grid_intensity_lifecycle": INTENSITY,
    "grid_intensity_location": INTENSITY,
    "pue": PUE,
    "wue": WUE,
    "cfe_fraction": SHARE_HOURLY,
    "cfe_fraction_hourly": SHARE_HOURLY,
    "cfe_fraction_annual": SHARE_YEARLY,
}
SERIES = {
    "grid_intensity_lifecycle": "google life cycle, 2019 and 2020",
    "grid_intensity_location": "google operational, from 2021",
}

FIELDS = [
    text("provider", "who runs the cloud", among=("aws", "azure", "gcp")),
    text("region", "the provider's name of the region, as in europe-west9"),
    text("place", "where it is, in the words of the source"),
    text("metric", "what the value is", among=tuple(UNITS)),
    number(
        "year",
        "year of the data; empty where it is not stated",
        minimum=2019,
        maximum=2024,
        kind="integer",
        required=False,
    ),
    number("value", "the value, in the unit of its row", minimum=0, maximum=1000),
    text(
        "unit",
        "unit of the value; an intensity does not say where its energy is metered",
        among=tuple(dict.fromkeys(UNITS.values())),
    ),
    number(
        "default",
        "1 for a figure of the provider's own publication, read there; 0 for one that somebody else collected: "
        "to be used only by name",
        minimum=0,
        maximum=1,
        kind="integer",
    ),
    text("series", "values of different series are not one: Google's intensity changed its basis with 2021"),
    text(
        "flag",
        "zero: as published, or rounded; one_for_all: one figure for all regions of the provider; two_places: "
        "listed for two places under one name; misprint: published without its decimal point, read with it; none",
        among=("none", "zero", "one_for_all", "two_places", "misprint"),
    ),
    text("note", "what the value counts"),
    text(
        "basis",
        "of a grid_intensity: stack emissions only, or life cycle (A4); none for the other metrics",
        among=("direct", "life cycle", "unknown", "none"),
    ),
    text("mix", "whose electricity, of a grid_intensity (A4)", among=("unknown", "none")),
    text("averaging", "the whole mix, or what one MWh more would run (A4)", among=("average", "unknown", "none")),
    text("accounting", "by place, or by contract (A4)", among=("location-based", "market-based", "unknown", "none")),
    tag("gwp_set"),
    text("dataset", "where it was read", among=(GOOGLE, GSF, CCF)),
    *origin("the edition"),
]
NOTES = {
    (GOOGLE, "life cycle"): "average gross life-cycle emissions per energy from the grid",
    (GOOGLE, "direct"): "average gross operational emissions per energy from the grid",
    (CCF, "unknown"): "average of the country, or of the NERC region in the US; basis and year not stated",
    PUE: "energy of the facility per energy of its IT, mean of the year",
    WUE: "water at the site per energy of IT, mean of the year",
    SHARE_HOURLY: "share of carbon-free energy matched hour by hour, purchases included; no emission factor",
    SHARE_YEARLY: "share of carbon-free or renewable energy over the year, purchases included; no emission factor",
}


# 000077 and 000402 t/kWh in the source, read as 0.000077 and 0.000402
MISPRINTS = (("azure", "Finland Central", "77.0"), ("azure", "Germany West Central", "402.0"))


def wanted(row: dict[str, str]) -> bool:
    """Not what stands in Google's own files, nor what is too old to be told from an error."""
    twice = row["provider"] == "gcp" and row["metric"].startswith("cfe") and row["dataset"] == "gsf_real_time_cloud"
    return row["dataset"] in DATASETS and not twice


def basis_of(row: dict[str, str]) -> str:
    if METRICS[row["metric"]] != INTENSITY:
        return "none"
    if DATASETS[row["dataset"]] == CCF:
        return "unknown"
    return "life cycle" if row["metric"] == "grid_intensity_lifecycle" else "direct"


def flag_of(row: dict[str, str], rows: list[dict[str, str]]) -> str:
    same = [other for other in rows if all(other[k] == row[k] for k in ("dataset", "provider", "metric", "year"))]
    if Decimal(row["value"]) == 0:
        return "zero"
    if DATASETS[row["dataset"]] == CCF and (row["provider"], row["region"], row["value"]) in MISPRINTS:
        return "misprint"
    if sum(other["region"] == row["region"] for other in same) > 1:
        return "two_places"
    return "one_for_all" if len(same) > 1 and len({other["value"] for other in same}) == 1 else "none"


def tidy(row: dict[str, str], rows: list[dict[str, str]]) -> dict[str, str]:
    metric, dataset, basis = METRICS[row["metric"]], DATASETS[row["dataset"]], basis_of(row)
    source, licence, release = ORIGINS[dataset]
    grid = metric == INTENSITY
    share = metric in (SHARE_HOURLY, SHARE_YEARLY)
    accounting = "unknown" if dataset == CCF else "location-based" if grid else "market-based" if share else "none"
    return {
        "provider": row["provider"],
        # CCF writes what Azure shows ("North Europe"), the others what Azure is called with
        "region": row["region"].lower().replace(" ", "") if row["provider"] == "azure" else row["region"],
        "place": row["location"],
        "metric": metric,
        "year": row["year"],
        "value": f"{Decimal(row['value']):f}",
        "unit": UNITS[metric],
        "default": str(int(dataset == GOOGLE)),
        "series": SERIES[row["metric"]] if grid and dataset == GOOGLE else f"{dataset} {metric}",
        "flag": flag_of(row, rows),
        "note": NOTES[(dataset, basis) if grid else metric],
        "basis": basis,
        "mix": "unknown" if grid else "none",
        "averaging": ("unknown" if dataset == CCF else "average") if grid else "none",
        "accounting": accounting,
        "gwp_set": "unknown" if grid else "none",
        "dataset": dataset,
        "uncertainty": "none known",
        "release": release.format(year=row["year"]),
        "status": "dataset" if dataset == CCF else "declared",
        "source": source.format(who=WHO[row["provider"]]),
        "licence": licence,
    }


def main() -> None:
    source, data = source_and_data()
    found = [row for row in rows_of(source / "cloud_regions.csv") if wanted(row)]
    rows = [tidy(row, found) for row in found]
    key = ("provider", "region", "place", "metric", "year", "dataset")
    write(
        data,
        "electricity",
        "cloud_regions",
        title="Regions of cloud providers",
        description="Grid intensity, PUE, WUE and carbon-free share of regions of Amazon, Microsoft and Google, one "
        "row for each figure. Google's grid intensity is life cycle for 2019 and 2020 and operational from 2021: "
        "two series. A carbon-free share is no emission factor, and an intensity times (1 - share) is none either.",
        fields=FIELDS,
        key=key,
        rows=sorted(rows, key=lambda row: [row[name] for name in key]),
        sources=[
            {
                "title": "Google, carbon data of Google Cloud regions",
                "path": "https://github.com/GoogleCloudPlatform/region-carbon-info",
            },
            {
                "title": "Green Software Foundation, real-time-cloud",
                "path": "https://github.com/Green-Software-Foundation/real-time-cloud",
            },
            {
                "title": "Cloud Carbon Footprint, cloud-carbon-coefficients",
                "path": "https://github.com/cloud-carbon-footprint/cloud-carbon-coefficients",
            },
        ],
        licenses=[
            {"name": "Apache-2.0", "title": "Apache 2.0 (Google; Cloud Carbon Footprint)"},
            {"name": "other-closed", "title": "figures only, no licence for the data seen (real-time-cloud)"},
        ],
    )


if __name__ == "__main__":
    main()
