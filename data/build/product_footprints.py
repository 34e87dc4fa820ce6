"""Makes product_footprints/product_footprints.csv: what vendors declare for their computers.

    python data/build/product_footprints.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `product_carbon_footprints.csv`, Boavizta's database under the ODbL 1.0. No row is left out or
mended: what does not add up is flagged. Vendors' methods differ (PAIA, GaBi), and most do not say whose die, whose
grid, or what card was in the machine.
"""

from __future__ import annotations

import re
from collections import Counter

from package import STATUS, licence_field, number, rows_of, source_and_data, text, write
from terms import DBCL, all_of

FLAGS = {
    "fractions_below": "the stage fractions sum below 0.9",
    "fractions_above": "they sum above 1",
    "fraction_implausible": "the manufacturing fraction is above 1",
    "duplicate": "another row has the same name",
    "outlier": "total above 20 t",
    "none": "nothing",
}
WORDS = {
    "stage fractions sum below 0.9": "fractions_below",
    "stage fractions sum above 1": "fractions_above",
    "manufacturing_fraction above 1 in source (7.76, probably 0.776)": "fraction_implausible",
    "duplicate name": "duplicate",
    "outlier total": "outlier",
    "": "none",
}
CATEGORIES = {
    "EntertainmentT": "entertainment",
    "Thin Client": "thin_client",
    "Thin client": "thin_client",
    "SAN/NAS": "storage_system",
    "Hard drive": "hard_drive",
    "Converged Edge": "converged_edge",
}
PACKAGE = "product_footprints"
SOURCES = [
    {
        "title": "Boavizta, environmental-footprint-data 61323eb5 (February 2023)",
        "path": "https://github.com/Boavizta/environmental-footprint-data",
    }
]
LICENCES = [
    {
        "name": "ODbL-1.0",
        "title": "Open Database License 1.0",
        "path": "https://opendatacommons.org/licenses/odbl/1-0/",
    },
    {
        "name": "DbCL-1.0",
        "title": "Database Contents License 1.0, for the contents",
        "path": "https://opendatacommons.org/licenses/dbcl/1-0/",
    },
]
LICENCE = all_of("ODbL-1.0", DBCL)


def fraction(stage: str, maximum: float = 1) -> dict[str, object]:
    return number(f"{stage}_fraction", f"share of {stage} in the total", minimum=0, maximum=maximum, required=False)


FIELDS = [
    text("hardware", "name of the row: manufacturer and product in small letters, figures and hyphens"),
    text("manufacturer", "who declares it"),
    text("product", "the vendor's name"),
    text("category", "Workplace, Datacenter or Home", among=("Workplace", "Datacenter", "Home")),
    text("subcategory", "kind of product, small letters"),
    number("total", "the whole life", unit="kg CO2e/device", minimum=0, maximum=200000),
    number(
        "manufacturing",
        "total times the manufacturing fraction",
        unit="kg CO2e/device",
        minimum=0,
        maximum=100000,
        required=False,
    ),
    fraction("use"),
    fraction("manufacturing", 10),
    fraction("transport"),
    fraction("end_of_life"),
    number("error_fraction", "the vendor's error of the total", minimum=0, maximum=10, required=False),
    number("yearly_energy", "typical consumption", unit="kWh at_wall/year", minimum=0, maximum=100000, required=False),
    number("lifetime", "that the vendor assumes", unit="year", minimum=0.5, maximum=20, required=False),
    text("use_location", "where it is assumed to be used, as written", required=False),
    text("assembly_location", "where it is assembled, as written", required=False),
    number("mass", "mass", unit="kg", minimum=0, maximum=1000, required=False),
    text("screen_size", "inches, as written", required=False),
    text("hard_drive", "storage, as written", required=False),
    text("memory", "memory in GB, as written", required=False),
    text("processors", "number of processors, as written", required=False),
    text("year", "when it was declared, as written", required=False),
    text("document", "where the vendor declares it", required=False),
    text("flag", "; ".join(f"{token}: {words}" for token, words in FLAGS.items()), among=tuple(FLAGS)),
    text("uncertainty", "what is known about the spread of the row"),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "publisher and the public copy that was read"),
    licence_field(),
]


def slug(row: dict[str, str]) -> str:
    """The 4 behind HP's names of servers is the mark of a footnote."""
    words = f"{row['manufacturer']} {row['name']}".lower().replace("+", " plus ")
    words = re.sub("(?<=[a-z])4$", "", words) if "proliant" in words else words
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")


def subcategory(row: dict[str, str]) -> str:
    return CATEGORIES.get(row["subcategory"], row["subcategory"].lower().replace(" ", "_"))


def flag_of(row: dict[str, str]) -> str:
    """What the source says, and three rows more that do not add up."""
    shares = [row[f"{stage}_fraction"] for stage in ("use", "manufacturing", "transport", "eol")]
    below = shares[1] != "" and sum(float(share or 0) for share in shares) < 0.9
    return WORDS[row["flag"]] if row["flag"] else "fractions_below" if below else "none"


def tidy(row: dict[str, str], name: str) -> dict[str, str]:
    same = {"use_location", "assembly_location", "screen_size", "hard_drive", "manufacturer", "category"}
    return {
        **{column: row[column].strip() for column in same},
        "hardware": name,
        "product": row["name"].strip(),
        "subcategory": subcategory(row),
        "total": row["gwp_total_kgco2e"],
        "manufacturing": row["manufacturing_kgco2e"],
        "use_fraction": row["use_fraction"],
        "manufacturing_fraction": row["manufacturing_fraction"],
        "transport_fraction": row["transport_fraction"],
        "end_of_life_fraction": row["eol_fraction"],
        "error_fraction": row["gwp_error_fraction"],
        "yearly_energy": row["yearly_energy_kwh"],
        "lifetime": row["lifetime_years"],
        "mass": row["weight_kg"],
        "memory": row["memory_gb"],
        "processors": row["n_cpu"],
        "year": row["report_date"].strip(),
        "document": row["sources"].strip(),
        "flag": flag_of(row),
        "uncertainty": "error_fraction" if float(row["gwp_error_fraction"] or 0) > 0 else "none known",
        "status": "declared",
        "source": f"{row['manufacturer']}, from Boavizta/environmental-footprint-data 61323eb5",
        "licence": LICENCE,
    }


def tidied(source_rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows with names of their own: the second of one name gets -2, and so on."""
    seen: Counter[str] = Counter()
    rows = []
    for row in source_rows:
        name = slug(row)
        seen[name] += 1
        rows.append(tidy(row, name if seen[name] == 1 else f"{name}-{seen[name]}"))
    return rows


def main() -> None:
    source, data = source_and_data()
    write(
        data,
        PACKAGE,
        "product_footprints",
        title="Product carbon footprints declared by vendors",
        description="Totals and stage fractions of 1,226 products as their vendors declared them until 2023. "
        "Manufacturing holds what the vendor calls so. A graphics card is named in very few rows.",
        fields=FIELDS,
        key=("hardware",),
        rows=tidied(rows_of(source / "product_carbon_footprints.csv")),
        sources=SOURCES,
    )


if __name__ == "__main__":
    main()
