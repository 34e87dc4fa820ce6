"""Makes electricity/cloud_regions.csv: grid intensity and carbon-free share of the regions of clouds.

    python data/build/cloud_regions.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `cloud_regions.csv`, a row for each figure. Only Google's own publication makes rows that
may be used unasked (default 1). Left out: mlco2's figures, of 2017 to 2019 and up to six times Google's own
of 2024; and what the Green Software Foundation collected (PUE, WUE and yearly shares of Amazon, Microsoft and
Google), because no licence of that collection was found.
"""

from __future__ import annotations

from decimal import Decimal

from package import number, origin, rows_of, source_and_data, tag, text, write

GOOGLE, CCF = "google", "ccf"
DATASETS = {"google_region_carbon_info": GOOGLE, "ccf_coefficients": CCF}
ORIGINS = {
    GOOGLE: ("Google, GoogleCloudPlatform/region-carbon-info 49f3f26b", "Apache-2.0", "Google, data of {year}"),
    CCF: (
        "various, as collected in cloud-carbon-footprint/cloud-carbon-coefficients dda7621f",
        "Apache-2.0",
        "cloud-carbon-coefficients dda7621f",
    ),
}
INTENSITY, SHARE = "grid_intensity", "carbon_free_share_hourly"
#: What a row may state; of PUE and WUE there are only rows in tables of one's own (`lca.use_data`).
UNITS = {INTENSITY: "g CO2e/kWh", SHARE: "1", "pue": "at_facility/at_wall", "wue": "L/(kWh at_wall)"}
METRICS = {
    "grid_intensity_lifecycle": INTENSITY,
    "grid_intensity_location": INTENSITY,
    "cfe_fraction": SHARE,
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
        "zero: as published, or rounded; misprint: published without its decimal point, read with it; none",
        among=("none", "zero", "misprint"),
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
    text("dataset", "where it was read"),
    *origin("the edition"),
]
NOTES = {
    (GOOGLE, "life cycle"): "average gross life-cycle emissions per energy from the grid",
    (GOOGLE, "direct"): "average gross operational emissions per energy from the grid",
    (CCF, "unknown"): "average of the country, or of the NERC region in the US; basis and year not stated",
    SHARE: "share of carbon-free energy matched hour by hour, purchases included; no emission factor",
}


# 000077 and 000402 t/kWh in the source, read as 0.000077 and 0.000402
MISPRINTS = (("azure", "Finland Central", "77.0"), ("azure", "Germany West Central", "402.0"))


def wanted(row: dict[str, str]) -> bool:
    """What its collector's terms let us pass on, and what is not too old to be told from an error."""
    return row["dataset"] in DATASETS


def basis_of(row: dict[str, str]) -> str:
    if METRICS[row["metric"]] != INTENSITY:
        return "none"
    if DATASETS[row["dataset"]] == CCF:
        return "unknown"
    return "life cycle" if row["metric"] == "grid_intensity_lifecycle" else "direct"


def flag_of(row: dict[str, str]) -> str:
    if Decimal(row["value"]) == 0:
        return "zero"
    return "misprint" if (row["provider"], row["region"], row["value"]) in MISPRINTS else "none"


def tidy(row: dict[str, str]) -> dict[str, str]:
    metric, dataset, basis = METRICS[row["metric"]], DATASETS[row["dataset"]], basis_of(row)
    source, licence, release = ORIGINS[dataset]
    grid = metric == INTENSITY
    accounting = "unknown" if dataset == CCF else "location-based" if grid else "market-based"
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
        "flag": flag_of(row),
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
        "source": source,
        "licence": licence,
    }


def main() -> None:
    source, data = source_and_data()
    rows = [tidy(row) for row in rows_of(source / "cloud_regions.csv") if wanted(row)]
    key = ("provider", "region", "place", "metric", "year", "dataset")
    write(
        data,
        "electricity",
        "cloud_regions",
        title="Regions of cloud providers",
        description="Grid intensity of regions of Amazon, Microsoft and Google, and Google's carbon-free share, one "
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
                "title": "Cloud Carbon Footprint, cloud-carbon-coefficients",
                "path": "https://github.com/cloud-carbon-footprint/cloud-carbon-coefficients",
            },
        ],
    )


if __name__ == "__main__":
    main()
