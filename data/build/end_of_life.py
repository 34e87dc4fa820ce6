"""Makes hardware/end_of_life.csv: emissions of treating discarded electronics, and how much is collected.

    python data/build/end_of_life.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `transport_and_end_of_life.csv` and `lifetimes_and_eol.csv`. EPA's "Desktop CPUs" are whole
computers, and are called so here. Left out: a factor for GPU cards whose licence does not let us pass it on, and
what follows from the database of vendors' footprints (see product_footprints).
"""

from __future__ import annotations

from accelerators import evidence
from package import number, rows_of, source_and_data, text, write
from terms import GOVERNMENT, terms

FLAGS = {
    "recommended": "a judgement; low and high hold 90 %",
    "whole_computer": "the source's words are Desktop CPUs; it means computers without a display, no chip",
    "no_credit": "what recycled material replaces is not subtracted",
    "credit": "avoided production is subtracted: not to be mixed with the others",
    "projection": "for a year to come",
    "second_hand": "read in a transcription, the press or a quotation",
    "none": "nothing",
}
THINGS = {
    "Desktop CPUs": "whole computer",
    "Portable Electronic Devices": "portable device",
    "Flat-panel Displays": "display",
    "Electronic Peripherals": "peripherals",
    "Mixed Electronics": "mixed electronics",
}
FIELDS = [
    text(
        "quantity",
        "emission: of treating one kilogram or one device; recycling_rate: share that is recycled",
        among=("emission", "recycling_rate"),
    ),
    text("thing", "what is discarded"),
    text("treatment", "mixed: as it happens", among=("recycled", "landfilled", "combusted", "mixed")),
    number("value", "in the unit of the row", minimum=-50, maximum=100),
    number("low", "lower end", minimum=0, maximum=100, required=False),
    number("high", "upper end", minimum=0, maximum=100, required=False),
    number("level", "probability between low and high; empty: extremes", minimum=0.5, maximum=0.99, required=False),
    text("unit", "unit of value, low and high"),
    number("default", "1: the row that a model takes unasked", minimum=0, maximum=1, kind="integer"),
    number("year", "year of the figure", minimum=2010, maximum=2030, kind="integer"),
    text("region", "where"),
    *evidence(FLAGS),
]
PLAIN = {"low": "", "high": "", "level": "", "default": "0", "region": "unknown", "uncertainty": "none known"}


def epa(row: dict[str, str]) -> dict[str, str]:
    thing, treatment = row["item"].split(", ")
    return PLAIN | {
        "quantity": "emission",
        "thing": THINGS[thing],
        "treatment": treatment,
        "value": row["value"],
        "unit": "kg CO2e/kg",
        "year": "2026",
        "region": "USA",
        "trust": row["trust"],
        "flag": " ".join(["whole_computer"] * (thing == "Desktop CPUs") + ["no_credit", "second_hand"]),
        "status": "dataset",
        "source": "US EPA, GHG Emission Factors Hub 2026, Table 9 (WARM), transcribed; short tons converted",
        "licence": GOVERNMENT,
    }


def other(row: dict[str, str]) -> dict[str, str]:
    """Vendors' figures per server, collection rates, and the recommended row."""
    rate, recommended = row["item"] == "recycling_rate", row["item"] == "recommended"
    regions = {"world": "world", "Europe": "Europe", "Africa": "Africa"}
    rules = {
        "credit": "credit at" in row["flag"],
        "projection": "projection" in row["what"],
        "second_hand": any(word in row["source"] for word in ("press", "extraction", "annotation", "SCARIF")),
    }
    flag = " ".join(token for token, holds in rules.items() if holds) or "none"
    return PLAIN | {
        "quantity": "recycling_rate" if rate else "emission",
        "thing": "electronics" if recommended else row["what"],
        "treatment": "recycled" if rate else "mixed",
        "value": row["value"],
        "low": row["low"],
        "high": row["high"],
        "level": "0.90" if recommended else "",
        "unit": {"kgCO2e/kg": "kg CO2e/kg", "kgCO2e/unit": "kg CO2e/device", "fraction": "1"}[row["unit"]],
        "default": str(int(recommended)),
        "year": row["year"],
        "region": next((region for word, region in regions.items() if row["what"].startswith(word)), "unknown"),
        "trust": row["trust"],
        "flag": "recommended no_credit" if recommended else flag,
        "uncertainty": "low and high, a judgement" if recommended else "low and high" if row["low"] else "none known",
        "status": "assumed" if recommended else "dataset",
        "source": "assumption: between EPA's recycling (0.01 to 0.06) and combustion (0.4 to 2.5), and vendors near 1"
        if recommended
        else row["source"],
        "licence": terms(row["licence"]),
    }


def main() -> None:
    source, data = source_and_data()
    warm = [
        row for row in rows_of(source / "transport_and_end_of_life.csv") if row["item"].partition(", ")[0] in THINGS
    ]
    rest = [
        row
        for row in rows_of(source / "lifetimes_and_eol.csv")
        if row["item"] in ("recycling_rate", "end_of_life") or row["what"] == "end of life, electronics"
        if not any(name in row["licence"] for name in ("ODbL", "AGPL"))
    ]
    rows = [epa(row) for row in warm] + [other(row) for row in rest]
    write(
        data,
        "hardware",
        "end_of_life",
        title="End of life of electronics",
        description="Emissions of treatment, without credit for recycled material unless flagged, and shares that "
        "are recycled.",
        fields=FIELDS,
        key=("quantity", "thing", "treatment", "year"),
        rows=sorted(rows, key=lambda row: (row["quantity"], -int(row["default"]), row["thing"], row["treatment"])),
        sources=[
            {
                "title": "US EPA, GHG Emission Factors Hub, Table 9",
                "path": "https://www.epa.gov/climateleadership/ghg-emission-factors-hub",
            },
            {"title": "Global E-waste Monitor (UNITAR, ITU)", "path": "https://ewastemonitor.info"},
            {"title": "HPE product carbon footprints, from arc-research-lab/SCARIF f4dc4fb5"},
        ],
    )


if __name__ == "__main__":
    main()
