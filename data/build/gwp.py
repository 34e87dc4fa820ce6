"""Makes characterization/gwp.csv: 100-year global warming potentials of CO2, CH4 and N2O.

    python data/build/gwp.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `gwp.csv`, a row for each gas and set. A row that was written from memory is left
out, as is every gas and horizon that no table of this library needs yet. CO2 is 1 by definition.
"""

from __future__ import annotations

from package import STATUS, licence_field, number, rows_of, source_and_data, text, write
from terms import FIGURES, GOVERNMENT

SETS = ("SAR", "AR4", "AR5", "AR6")
GASES = ("CO2", "CH4", "CH4_fossil", "CH4_nonfossil", "N2O")
COLLECTION = "globalwarmingpotentials 0.13.2"
HUB = (
    "IPCC AR6 WG1 Table 7.15, from a transcription of EPA GHG Emission Factors Hub 2026 Table 11",
    GOVERNMENT,
)
ORIGIN = {"CH4_fossil": HUB, "CH4_nonfossil": HUB}

FIELDS = [
    text(
        "gas",
        "the gas; CH4 alone is methane of no stated origin, CH4_fossil also counts the CO2 it becomes",
        among=GASES,
    ),
    text("gwp_set", "the IPCC assessment report, without climate-carbon feedback in AR5", among=SETS),
    number("horizon_years", "time horizon", unit="year", minimum=20, maximum=500, kind="integer"),
    number("value", "global warming potential, in the unit of its row", minimum=1, maximum=50000),
    text("unit", "unit of the value"),
    text("source", "publisher and the copy that was read"),
    licence_field(),
    text("status", "status of the value (A10)", among=STATUS),
]


def factor(gas: str, gwp_set: str, value: str, source: str, licence: str) -> dict[str, str]:
    return {
        "gas": gas,
        "gwp_set": gwp_set,
        "horizon_years": "100",
        "value": value,
        "unit": f"kg CO2e/(kg {gas.partition('_')[0]})",
        "source": source,
        "licence": licence,
        "status": "dataset",
    }


def main() -> None:
    source, data = source_and_data()
    rows = [factor("CO2", gwp_set, "1", "definition of the GWP", FIGURES) for gwp_set in SETS]
    for row in rows_of(source / "gwp.csv"):
        gas, gwp_set = row["species"], row["metric"].removesuffix("GWP100")
        if gas == "CO2" or gas not in GASES or gwp_set not in SETS or "from memory" in row["source"]:
            continue
        origin = ORIGIN.get(gas, (f"IPCC {gwp_set}, from {COLLECTION}", "CC0-1.0"))
        rows.append(factor(gas, gwp_set, row["gwp_kg_co2e_per_kg"], *origin))
    write(
        data,
        "characterization",
        "gwp",
        title="Global warming potentials",
        description="100-year global warming potentials of four IPCC assessment reports. AR6 gives methane "
        "three values: 27.9 (chapter 7 supplement, origin not told apart), 29.8 (fossil) and 27.0 "
        "(non-fossil). EPA's eGRID workflow (USEPA/egrid 08a4cc6) has the same values for AR4, AR5 and, "
        "with fossil methane, AR6.",
        fields=FIELDS,
        key=("gas", "gwp_set", "horizon_years"),
        rows=sorted(rows, key=lambda row: (SETS.index(row["gwp_set"]), GASES.index(row["gas"]))),
        sources=[
            {"title": "IPCC assessment reports, working group 1", "path": "https://www.ipcc.ch/reports/"},
            {"title": COLLECTION, "path": "https://github.com/openclimatedata/globalwarmingpotentials"},
            {
                "title": "US EPA, GHG Emission Factors Hub",
                "path": "https://www.epa.gov/climateleadership/ghg-emission-factors-hub",
            },
        ],
    )


if __name__ == "__main__":
    main()
