"""Makes electricity/lifecycle_by_technology.csv: life-cycle emissions of each way to make electricity.

    python data/build/lifecycle_by_technology.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `electricity_lifecycle_factors.csv` and `electricity_upstream_factors.csv`. Used are the
rows of the IPCC's fifth assessment report that were checked against other copies, and those of UNECE's
study that were read in print. Left out: every row from memory (carbon capture and ocean of the IPCC,
UNECE's ranges for sun and wind), and the factors of codecarbon, whose gas and coal agree with nobody's.
"""

from __future__ import annotations

from package import number, origin, rows_of, source_and_data, tag, text, write
from terms import FIGURES

UNIT = "g CO2e/(kWh at_busbar)"
IPCC, UNECE = "IPCC AR5 (2014)", "UNECE (2021, 2022)"
TAGS = {
    "basis": "life cycle",
    "mix": "production",
    "averaging": "average",
    "accounting": "location-based",
    "boundary": "busbar",
    "gases": "CO2e",
}

FIELDS = [
    text("technology", "way of making electricity"),
    text("dataset", "the study", among=(IPCC, UNECE)),
    text("scope", "range: over the studies or places covered; plant: one plant as modelled", among=("range", "plant")),
    text("region", "where", among=("world", "Europe")),
    number("year", "year of the study, or the year it refers to", minimum=2014, maximum=2020, kind="integer"),
    number(
        "minimum",
        "lowest value of the literature or of the places covered; not a bound",
        unit=UNIT,
        minimum=0.5,
        maximum=1000,
        required=False,
    ),
    number(
        "median",
        "median of the literature; for one plant its value; empty where only a range is given",
        unit=UNIT,
        minimum=0.5,
        maximum=1100,
        required=False,
    ),
    number(
        "maximum",
        "highest value of the literature or of the places covered; not a bound",
        unit=UNIT,
        minimum=0.5,
        maximum=2200,
        required=False,
    ),
    text(
        "read",
        "cross-checked: compared with other copies of the same table; second-hand: read in an article or a "
        "transcription only",
        among=("cross-checked", "second-hand"),
    ),
    *(tag(name) for name in TAGS),
    tag("gwp_set"),
    tag("gwp_status"),
    *origin("the publication"),
]
SPREAD = {"range": "minimum and maximum; their quantiles are not stated", "plant": "none known"}


def row_of(
    technology: str, dataset: str, scope: str, values: tuple[str, str, str], read: str, via: str
) -> dict[str, str]:
    ipcc = dataset == IPCC
    release = "IPCC AR5 WG3 Annex III Table A.III.2" if ipcc else "UNECE, LCA of electricity generation options"
    return {
        "technology": technology,
        "dataset": dataset,
        "scope": scope,
        "region": "Europe" if scope == "plant" else "world",
        "year": "2014" if ipcc else "2020",
        "minimum": values[0],
        "median": values[1],
        "maximum": values[2],
        "read": read,
        **TAGS,
        "gwp_set": "AR5" if ipcc else "unknown",
        "gwp_status": "unverified" if ipcc else "none",
        "uncertainty": SPREAD[scope],
        "release": release,
        "status": "dataset",
        "source": release + via,
        "licence": FIGURES,
    }


def ranges(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    found = []
    for row in rows:
        ipcc = row["dataset"].startswith("IPCC")
        if not (ipcc or row["dataset"].startswith("UNECE")) or "memory" in row["status"]:
            continue
        values = tuple(row[f"{name}_gco2e_per_kwh"].removesuffix(".0") for name in ("min", "median", "max"))
        read, via = ("cross-checked", "") if ipcc else ("second-hand", ", as quoted in an article")
        found.append(row_of(row["technology"], IPCC if ipcc else UNECE, "range", values, read, via))
    return found


def plants(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    via = ", from Lucas-Doctorate-Project/env_research_scripts f8cb10fc"
    return [
        row_of(row["technology"], UNECE, "plant", ("", row["median"], ""), "second-hand", via)
        for row in rows
        if row["basis"] == "UNECE LCA" and row["component"] == "lifecycle" and "memory" not in row["flag"]
    ]


def main() -> None:
    source, data = source_and_data()
    rows = ranges(rows_of(source / "electricity_lifecycle_factors.csv"))
    rows += plants(rows_of(source / "electricity_upstream_factors.csv"))
    write(
        data,
        "electricity",
        "lifecycle_by_technology",
        title="Life-cycle emissions by technology",
        description="Life-cycle emissions per energy generated. Minimum and maximum are the extremes of what was "
        "published, not bounds (hydropower: 1, 24, 2200): a distribution is fitted to the median and stated "
        "quantiles. Life cycle and direct values of different studies are not subtracted from each other. "
        "UNECE's plants have two significant digits.",
        fields=FIELDS,
        key=("technology", "dataset", "scope"),
        rows=sorted(rows, key=lambda row: (row["dataset"], row["scope"], row["technology"])),
        sources=[
            {"title": "IPCC AR5 WG3, Annex III", "path": "https://www.ipcc.ch/report/ar5/wg3/"},
            {
                "title": "UNECE, Carbon neutrality in the UNECE region: life cycle assessment of electricity sources",
                "path": "https://unece.org/sed/documents/2021/10/reports/life-cycle-assessment-electricity-generation-options",
            },
            {
                "title": "Lucas-Doctorate-Project/env_research_scripts",
                "path": "https://github.com/Lucas-Doctorate-Project/env_research_scripts",
            },
        ],
    )


if __name__ == "__main__":
    main()
