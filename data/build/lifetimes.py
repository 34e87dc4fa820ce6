"""Makes hardware/lifetimes.csv: how long computers serve, and how long their owners' books say.

    python data/build/lifetimes.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `lifetimes_and_eol.csv`. Lives that vendors assume in their footprints are in
product_footprints, under the licence of the database that they come from.
"""

from __future__ import annotations

import re

from accelerators import evidence
from package import number, rows_of, source_and_data, text, write
from terms import terms

FLAGS = {
    "recommended": "a judgement; low and high hold 90 %",
    "accounting_life": "depreciation in a balance sheet: not how long a machine serves",
    "availability": "how long the maker sells it: not how long one serves",
    "tool_default": "what another tool takes unless told",
    "claim": "said without data",
    "unverified": "commonly stated and not checked",
    "second_hand": "read in the press",
    "none": "nothing",
}
#: By a word of the item: the class it is of. The first that fits.
CLASSES = {
    "accelerator": "accelerator",
    "GPU": "accelerator",
    "TPU": "accelerator",
    "edge": "edge_device",
    "Jetson": "edge_device",
    "Raspberry": "edge_device",
    "workstation": "workstation",
    "drives": "storage",
    "erver": "server",
}
BASES = ("use", "accounting", "availability")
FIELDS = [
    text("class", "what serves", among=("accelerator", "server", "workstation", "edge_device", "storage")),
    text("item", "what the life was stated of"),
    text("basis", "use: service; accounting: depreciation; availability: of the product on sale", among=BASES),
    number("value", "life", unit="year", minimum=1, maximum=20),
    number("low", "lower end", unit="year", minimum=1, maximum=20, required=False),
    number("high", "upper end", unit="year", minimum=1, maximum=20, required=False),
    number("level", "probability between low and high; empty: extremes", minimum=0.5, maximum=0.99, required=False),
    text("unit", "unit of value, low and high", among=("year",)),
    number("default", "1: the row of its class that a model takes unasked", minimum=0, maximum=1, kind="integer"),
    number("year", "year of the statement", minimum=2020, maximum=2026, kind="integer"),
    text("note", "in words what the columns cannot say", required=False),
    *evidence(FLAGS),
]


def flag_of(row: dict[str, str]) -> str:
    rules = {
        "accounting_life": "accounting" in row["flag"],
        "availability": "availability" in row["flag"] or "availability" in row["item"] + row["what"],
        "tool_default": "another tool" in row["flag"] or "Cloud Carbon" in row["what"],
        "claim": row["flag"].startswith("claim"),
        "unverified": "memory" in row["source"],
        "second_hand": "press" in row["source"] or "quoted" in row["source"],
    }
    return " ".join(token for token, holds in rules.items() if holds) or "none"


def tidy(row: dict[str, str]) -> dict[str, str]:
    recommended = row["item"] == "recommended"
    flag = "recommended" if recommended else flag_of(row)
    basis = "accounting" if "accounting" in flag else "availability" if "availability" in flag else "use"
    unsure = recommended or "unverified" in flag or "claim" in flag
    before = re.findall(r"; from (\d)", row["flag"])
    source = row["source"].replace("from memory, unverified", "assumption: commonly stated, not checked")
    return {
        "class": next(kind for word, kind in CLASSES.items() if word in row["what"]),
        "item": row["what"],
        "basis": basis,
        "value": row["value"],
        "low": row["low"],
        "high": row["high"],
        "level": "0.90" if recommended else "",
        "unit": "year",
        "default": str(int(recommended)),
        "year": row["year"],
        "note": f"{before[0]} years before" if before else "",
        "trust": row["trust"],
        "flag": flag,
        "uncertainty": "low and high, a judgement" if recommended else "low and high" if row["low"] else "none known",
        "status": "assumed" if unsure else "dataset",
        "source": "assumption: judgement" if recommended else source,
        "licence": terms(row["licence"]),
    }


def main() -> None:
    source, data = source_and_data()
    rows = [
        tidy(row)
        for row in rows_of(source / "lifetimes_and_eol.csv")
        if "ODbL" not in row["licence"]
        and (row["item"] == "service_life" or (row["item"], row["unit"]) == ("recommended", "years"))
    ]
    write(
        data,
        "hardware",
        "lifetimes",
        title="Lifetimes",
        description="Service lives by class, with a range of 90 % for the default rows (read as lognormal), and beside "
        "them lives from accounts, which say when a machine is written off.",
        fields=FIELDS,
        key=("item", "year"),
        rows=sorted(rows, key=lambda row: (row["class"], -int(row["default"]), row["basis"], row["item"], row["year"])),
        sources=[{"title": "company accounts, studies and press, named in the rows"}],
    )


if __name__ == "__main__":
    main()
