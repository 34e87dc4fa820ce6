"""Makes electricity/egrid_subregion_rates.csv: what a MWh at a US power plant's busbar emits.

    python data/build/egrid_subregion_rates.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `us_egrid_subregion_rates.csv`, a row for each region and data year, read from
`subregion.json` of USEPA/power-profiler at the commit named in the row; CO2e of 2018 to 2020, which
that file does not give, from NREL/ComStock e62a6d5e. Figures keep the digits of those files. There
was no eGRID2017, eGRID2016 gives no CO2e there, and Puerto Rico (PRMS) enters with eGRID2019.
eGRID2023 is revision 2 (June 2025): the CO2e of revision 1 was too low.
"""

from __future__ import annotations

from package import STATUS, licence_field, number, rows_of, source_and_data, text, write
from terms import COMSTOCK, GOVERNMENT, all_of

# The GWP set in which EPA expressed CO2e. A set called derived is the one that rebuilds CO2e from CO2,
# CH4 and N2O, the last two in second-hand transcriptions that are rounded to 0.001 lb/MWh. Regions
# where the difference is within that rounding: 2019 AR4 25 of 28 (AR5 14), 2020 AR4 26 of 28 (AR5 16),
# 2022 AR4 26 of 28 (AR5 15), 2023 AR5 18 of the 18 at hand (AR4 11). For 2018 and 2021 no CH4 and N2O
# were at hand: AR4, the set of the neighbouring years, is unverified there.
GWP = {
    "2016": ("none", "none"),
    "2018": ("AR4", "unverified"),
    "2019": ("AR4", "derived"),
    "2020": ("AR4", "derived"),
    "2021": ("AR4", "unverified"),
    "2022": ("AR4", "derived"),
    "2023": ("AR5", "derived"),
}
REVISION = {"2023": " rev2"}
COPY = "NREL/ComStock e62a6d5e"

TAGS = {
    "basis": "direct",
    "mix": "production",
    "averaging": "average",
    "accounting": "location-based",
    "boundary": "busbar",
}

FIELDS = [
    text("region", "US- and the acronym of the eGRID subregion; US is the national average"),
    text("region_name", "name of the subregion as EPA writes it"),
    number(
        "year",
        "year of the data, not of the release",
        minimum=2016,
        maximum=2023,
        kind="integer",
    ),
    number(
        "co2",
        "annual total output emission rate of CO2 alone",
        unit="lb CO2/(MWh at_busbar)",
        minimum=100,
        maximum=2000,
    ),
    number(
        "co2e",
        "annual total output emission rate of CO2, CH4 and N2O, characterized by EPA with gwp_set; "
        "never characterized again; empty where it was not found",
        unit="lb CO2e/(MWh at_busbar)",
        minimum=100,
        maximum=2000,
        required=False,
    ),
    number(
        "grid_loss",
        "grid gross loss: the share of the energy at the busbar that does not reach the customer's meter",
        unit="percent",
        minimum=0,
        maximum=20,
    ),
    text("basis", "stack emissions only, or life cycle (A4)", among=("direct", "life cycle")),
    text("mix", "whose electricity (A4)", among=("production", "consumption", "residual")),
    text("averaging", "the whole mix, or what one MWh more would run (A4)", among=("average", "marginal")),
    text("accounting", "by place, or by contract (A4)", among=("location-based", "market-based")),
    text("boundary", "where the MWh is metered (Q3)", among=("busbar", "facility")),
    text(
        "gwp_set",
        "GWP set of co2e, 100 years; none without a co2e (A4)",
        among=("SAR", "AR4", "AR5", "AR6", "none"),
    ),
    text(
        "gwp_status",
        "derived: rebuilding co2e from CO2, CH4 and N2O favours this set; unverified: it was not tested",
        among=("derived", "unverified", "none"),
    ),
    text("uncertainty", "what is known about the spread of the row"),
    text("release", "the eGRID release"),
    text("status", "status of the rates (A10)", among=STATUS),
    text("source", "publisher and the public copy that was read"),
    licence_field(),
]


def tidy(row: dict[str, str]) -> dict[str, str]:
    year, code = row["year"], row["region"]
    release = f"eGRID{year}{REVISION.get(year, '')}"
    copy = f"USEPA/power-profiler {row['source_commit']}"
    comstock = row["co2e_source"] == "NREL/ComStock"
    gwp_set, gwp_status = GWP[year]
    if (gwp_set == "none") != (row["co2e_lb_per_mwh"] == ""):
        raise SystemExit(f"{code} {year}: a GWP set without a CO2e, or a CO2e without a GWP set")
    return {
        "region": code if code == "US" else f"US-{code}",
        "region_name": row["region_name"],
        "year": year,
        "co2": row["co2_lb_per_mwh"],
        "co2e": row["co2e_lb_per_mwh"],
        "grid_loss": row["grid_gross_loss_percent"],
        "uncertainty": "none published; see spreads",
        **TAGS,
        "gwp_set": gwp_set,
        "gwp_status": gwp_status,
        "release": release,
        "status": "dataset",
        "source": f"US EPA {release}, from {copy}" + (f"; co2e from {COPY}" if comstock else ""),
        "licence": all_of("MIT", GOVERNMENT, *([COMSTOCK] if comstock else [])),
    }


def main() -> None:
    source, data = source_and_data()
    rows = [tidy(row) for row in rows_of(source / "us_egrid_subregion_rates.csv")]
    write(
        data,
        "electricity",
        "egrid_subregion_rates",
        title="eGRID subregion emission rates",
        description="Annual total output emission rates of the 27 eGRID subregions and of the US, data "
        "years 2016 and 2018 to 2023, at the power plant's busbar and from its stack only. Energy at a "
        "customer's meter is divided by (1 - grid_loss). No published spread was found; the table of spreads "
        "has what was computed.",
        fields=FIELDS,
        key=("region", "year"),
        rows=sorted(rows, key=lambda row: (row["year"], row["region"])),
        sources=[
            {"title": "US EPA, eGRID", "path": "https://www.epa.gov/egrid"},
            {"title": "USEPA/power-profiler", "path": "https://github.com/USEPA/power-profiler"},
            {"title": "NREL/ComStock", "path": "https://github.com/NREL/ComStock"},
        ],
    )


if __name__ == "__main__":
    main()
