"""Makes electricity/egrid_ch4_n2o.csv: methane and nitrous oxide from US power stations.

    python data/build/egrid_ch4_n2o.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `us_egrid_ch4_n2o_rates.csv`. Kept are the years whose CO2e can be rebuilt from CO2, CH4
and N2O: 2019, 2020, and 18 subregions of 2023. eGRID2024, in one transcription that nothing confirms, is
left out.
"""

from __future__ import annotations

from egrid_subregion_rates import REVISION
from package import number, origin, rows_of, source_and_data, tag, text, write
from terms import GOVERNMENT

ORIGINS = {
    "2019": (
        "API Compendium 2021 Table 8-2, in a transcription",
        "none known; from kg/kWh, rounded to 0.001 lb/MWh",
    ),
    "2020": ("EPA GHG Emission Factors Hub Table 6, in a transcription", "none known; rounded to 0.001 lb/MWh"),
    "2023": ("a transcription of 18 subregions", "none known; rounded to 0.001 lb/MWh"),
}
TAGS = {
    "basis": "direct",
    "mix": "production",
    "averaging": "average",
    "accounting": "location-based",
    "boundary": "busbar",
    "gases": "CH4 and N2O",
    "gwp_set": "none",
}

FIELDS = [
    text("region", "US- and the acronym of the eGRID subregion; US is the national average"),
    number("year", "year of the data, not of the release", minimum=2019, maximum=2023, kind="integer"),
    number("ch4", "annual total output emission rate", unit="lb CH4/(MWh at_busbar)", minimum=0, maximum=0.3),
    number("n2o", "annual total output emission rate", unit="lb N2O/(MWh at_busbar)", minimum=0, maximum=0.05),
    *(tag(name) for name in TAGS),
    *origin("the eGRID release"),
]


def tidy(row: dict[str, str]) -> dict[str, str]:
    copy, uncertainty = ORIGINS[row["year"]]
    release = f"eGRID{row['year']}{REVISION.get(row['year'], '')}"
    return {
        "region": row["region"] if row["region"] == "US" else f"US-{row['region']}",
        "year": row["year"],
        "ch4": row["ch4_lb_per_mwh"],
        "n2o": row["n2o_lb_per_mwh"],
        **TAGS,
        "uncertainty": uncertainty,
        "release": release,
        "status": "dataset",
        "source": f"US EPA {release}, from {copy}",
        "licence": GOVERNMENT,
    }


def main() -> None:
    source, data = source_and_data()
    rows = [tidy(row) for row in rows_of(source / "us_egrid_ch4_n2o_rates.csv") if row["year"] in ORIGINS]
    write(
        data,
        "electricity",
        "egrid_ch4_n2o",
        title="eGRID rates of methane and nitrous oxide",
        description="Annual total output emission rates of CH4 and N2O in eGRID subregions and the US: 2019 and "
        "2020, and 18 of the 27 subregions of 2023. With the CO2 of egrid_subregion_rates and the GWP set "
        "named there they give its CO2e within 0.3 lb/MWh.",
        fields=FIELDS,
        key=("region", "year"),
        rows=sorted(rows, key=lambda row: (row["year"], row["region"])),
        sources=[
            {"title": "US EPA, eGRID", "path": "https://www.epa.gov/egrid"},
            {
                "title": "US EPA, GHG Emission Factors Hub",
                "path": "https://www.epa.gov/climateleadership/ghg-emission-factors-hub",
            },
            {"title": "American Petroleum Institute, Compendium of greenhouse gas emissions methodologies, 2021"},
        ],
    )


if __name__ == "__main__":
    main()
