"""Makes electricity/egrid_state_co2e.csv: what a MWh at the power stations of a US state emits.

    python data/build/egrid_state_co2e.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `us_egrid_state_co2e.csv`. 2022 was not found, nor Puerto Rico in 2018 and 2023. That
2023 is revision 2 is seen from its US row, which is that of revision 2 to the last digit.
"""

from __future__ import annotations

from egrid_subregion_rates import GWP, REVISION
from package import number, origin, rows_of, source_and_data, tag, text, write
from terms import COMSTOCK, GOVERNMENT, all_of

TAGS = {
    "basis": "direct",
    "mix": "production",
    "averaging": "average",
    "accounting": "location-based",
    "boundary": "busbar",
    "gases": "CO2e",
}
COPIES = {
    "NREL/ComStock f46d2f12": ("NREL/ComStock f46d2f12", COMSTOCK),
    "codecarbon 3.3.2 (eGRID2023 STC2ERTA)": ("codecarbon 3.3.2 (STC2ERTA)", "MIT"),
}

FIELDS = [
    text("region", "US- and the postal code of the state; US is the national average"),
    number("year", "year of the data, not of the release", minimum=2018, maximum=2023, kind="integer"),
    number(
        "co2e",
        "annual total output emission rate of CO2, CH4 and N2O of the power stations in the state",
        unit="lb CO2e/(MWh at_busbar)",
        minimum=20,
        maximum=2200,
    ),
    *(tag(name) for name in TAGS),
    tag("gwp_set"),
    tag("gwp_status"),
    *origin("the eGRID release"),
]


def tidy(row: dict[str, str]) -> dict[str, str]:
    year, state = row["year"], row["state"]
    copy, licence = COPIES[row["source"]]
    release = f"eGRID{year}{REVISION.get(year, '')}"
    gwp_set, gwp_status = GWP[year]
    return {
        "region": "US" if state == "usa" else f"US-{state}",
        "year": year,
        "co2e": row["co2e_lb_per_mwh"],
        **TAGS,
        "gwp_set": gwp_set,
        "gwp_status": gwp_status,
        "uncertainty": "none known",
        "release": release,
        "status": "dataset",
        "source": f"US EPA {release}, from {copy}",
        "licence": all_of(licence, GOVERNMENT),
    }


def main() -> None:
    source, data = source_and_data()
    rows = [tidy(row) for row in rows_of(source / "us_egrid_state_co2e.csv")]
    write(
        data,
        "electricity",
        "egrid_state_co2e",
        title="eGRID state emission rates",
        description="Annual total output emission rates of the US states, CO2e, data years 2018 to 2021 and 2023. "
        "A state is no grid: the subregion of a ZIP code says more. The GWP set is that of the subregions of "
        "the same year.",
        fields=FIELDS,
        key=("region", "year"),
        rows=sorted(rows, key=lambda row: (row["year"], row["region"])),
        sources=[
            {"title": "US EPA, eGRID", "path": "https://www.epa.gov/egrid"},
            {"title": "NREL/ComStock", "path": "https://github.com/NREL/ComStock"},
            {"title": "codecarbon 3.3.2", "path": "https://github.com/mlco2/codecarbon"},
        ],
    )


if __name__ == "__main__":
    main()
