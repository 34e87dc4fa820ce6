"""Makes electricity/zip_to_subregion.csv: the eGRID subregion of each US ZIP code.

    python data/build/zip_to_subregion.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `us_zip_to_egrid_subregion.csv`, from `zip.csv` of USEPA/power-profiler f42f155. Its
columns are few and their words short because they stand in 41,588 rows: the state is left out.
"""

from __future__ import annotations

from package import STATUS, licence_field, rows_of, source_and_data, text, write
from terms import GOVERNMENT, all_of

FIELDS = [
    text("zip", "ZIP code: five digits, a text, for leading zeros count"),
    text("region", "subregion of the utility that serves most of the ZIP code, as in egrid_subregion_rates"),
    text("other_regions", "subregions of its other utilities, separated by blanks; mostly none", required=False),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "release, and the public copy that was read"),
    licence_field(),
]


def tidy(row: dict[str, str]) -> dict[str, str]:
    if row["predominant_flagged"] != "1":
        raise SystemExit(f"{row['zip']}: no predominant utility")
    return {
        "zip": row["zip"],
        "region": f"US-{row['subregion']}",
        "other_regions": " ".join(f"US-{other}" for other in row["other_subregions"].split(";") if other),
        "status": "dataset",
        "source": "USEPA/power-profiler f42f155 (eGRID2023)",
        "licence": all_of("MIT", GOVERNMENT),
    }


def main() -> None:
    source, data = source_and_data()
    rows = [tidy(row) for row in rows_of(source / "us_zip_to_egrid_subregion.csv")]
    write(
        data,
        "electricity",
        "zip_to_subregion",
        title="ZIP codes and eGRID subregions",
        description="The eGRID subregion of 41,588 US ZIP codes by the utility that serves most of each, and the "
        "further subregions of 7.1 percent of them. A work of the US EPA; which share of a ZIP code is in which "
        "subregion is not known. Some codes at the edges of the list (00001) are no places of delivery.",
        fields=FIELDS,
        key=("zip",),
        rows=sorted(rows, key=lambda row: row["zip"]),
        sources=[
            {"title": "US EPA, Power Profiler", "path": "https://www.epa.gov/egrid/power-profiler"},
            {"title": "USEPA/power-profiler", "path": "https://github.com/USEPA/power-profiler"},
        ],
    )


if __name__ == "__main__":
    main()
