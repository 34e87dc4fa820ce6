"""Makes product_footprints/class_defaults.csv: judgements that lean on the vendors' footprints.

    python data/build/class_defaults.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `declared_classes.csv`, which stands in data/odbl/transcriptions. Judgements that do not lean on
this database are in hardware/published_footprints. The names begin with "declared": the classes of the main
distribution come from bills of parts, so that what they give does not depend on what is installed.
"""

from __future__ import annotations

from package import STATUS, licence_field, number, rows_of, source_and_data, text, write
from product_footprints import LICENCE, PACKAGE, SOURCES

#: By the source's product: name of the row, contents.
LEANING = {
    "workstation tower without card": (
        "declared-workstation-tower",
        "dies memory board passives cooling power_supply enclosure assembly",
    ),
    "server host without GPU, 64 GB": (
        "declared-server-host",
        "dies memory board passives cooling power_supply enclosure assembly",
    ),
    "single-board computer (Raspberry Pi class)": (
        "declared-single-board-computer",
        "dies memory board passives assembly",
    ),
    "edge module with carrier, heatsink, supply: Jetson Nano, TX2, Xavier NX, Orin Nano, Orin NX": (
        "declared-edge-module",
        "dies memory board passives cooling power_supply assembly",
    ),
    "edge module with carrier, heatsink, supply: Jetson AGX Xavier, AGX Orin, Thor": (
        "declared-edge-module-large",
        "dies memory board passives cooling power_supply assembly",
    ),
}
FIELDS = [
    text("hardware", "name of the row: small letters, figures and hyphens"),
    text("product", "the class in words"),
    text("class", "server, workstation or edge_device", among=("server", "workstation", "edge_device")),
    number("value", "cradle to gate", unit="kg CO2e/device", minimum=1, maximum=5000),
    number("low", "lower end", unit="kg CO2e/device", minimum=1, maximum=5000),
    number("high", "upper end", unit="kg CO2e/device", minimum=1, maximum=5000),
    number("level", "probability between low and high", minimum=0.9, maximum=0.9),
    text("unit", "unit of value, low and high", among=("kg CO2e/device",)),
    text("contents", "what is in it, with blanks between the words"),
    text("gate", "where the counting ends", among=("cradle-to-gate",)),
    number("year", "year of the judgement", minimum=2026, maximum=2026, kind="integer"),
    text("trust", "B: near several declarations; D: unverified", among=("B", "C", "D")),
    text("flag", "class_default: a judgement over a class; low and high hold 90 %", among=("class_default",)),
    text("uncertainty", "what is known about the spread of the row"),
    text("status", "status of the row (A10)", among=STATUS),
    text("source", "what the judgement rests on"),
    licence_field(),
]
CLASSES = {
    "declared-workstation-tower": "workstation",
    "declared-server-host": "server",
    "declared-single-board-computer": "edge_device",
    "declared-edge-module": "edge_device",
    "declared-edge-module-large": "edge_device",
}
BASES = {
    "declared-workstation-tower": "median of Dell's Precision machines; Apple's lie around it",
    "declared-server-host": "medians of Dell's and HP's servers with 16 to 64 GB; memory and storage beyond are added",
    "declared-single-board-computer": "smart-home devices with case and supply as an upper side, and bills of parts",
    "declared-edge-module": "smart-home devices near 22 kg and thin clients near 45 kg, and bills of parts",
    "declared-edge-module-large": "thin clients near 45 kg and a small desktop near 71 kg, and bills of parts",
}


def tidy(row: dict[str, str]) -> dict[str, str]:
    name, contents = LEANING[row["product"]]
    return {
        "hardware": name,
        "product": row["product"],
        "class": CLASSES[name],
        "value": row["value"],
        "low": row["low"],
        "high": row["high"],
        "level": "0.90",
        "unit": "kg CO2e/device",
        "contents": contents,
        "gate": "cradle-to-gate",
        "year": row["year"],
        "trust": row["trust"],
        "flag": "class_default",
        "uncertainty": "low and high, a judgement",
        "status": "assumed",
        "source": f"assumption: {BASES[name]}; declarations in Boavizta/environmental-footprint-data 61323eb5",
        "licence": LICENCE,
    }


def main() -> None:
    source, data = source_and_data()
    found = rows_of(source / "declared_classes.csv")
    write(
        data,
        PACKAGE,
        "class_defaults",
        title="Classes of machines, by judgement",
        description="Footprints of classes where no product's own is known, read as lognormal.",
        fields=FIELDS,
        key=("hardware",),
        rows=sorted((tidy(row) for row in found if row["product"] in LEANING), key=lambda row: row["hardware"]),
        sources=SOURCES,
    )


if __name__ == "__main__":
    main()
