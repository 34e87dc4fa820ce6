"""Makes hardware/published_footprints.csv: what was published of accelerators, servers and edge devices.

    python data/build/published_footprints.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `product_footprints_accelerators_edge.csv`, `accelerator_embodied_carbon.csv` and
`act_logic_fab.csv`; names, contents and flags stand in `footprint_words.csv` beside this file, and classes that are
judged from bills of parts in `class_footprints.csv`. Every row says what is
in it, because one H100 is 26 kg as dies and memory and 273 kg as a card. Left out: rows from the database of vendors'
footprints (product_footprints has them), two figures from tools whose licence does not let us pass them on, and
what is no footprint of a device.
"""

from __future__ import annotations

from pathlib import Path

from accelerators import evidence
from package import number, rows_of, source_and_data, text, write
from terms import FIGURES, terms

FLAGS = {
    "class_default": "a judgement over a class; low and high hold 90 %",
    "second_hand": "the publication was not read, only a quotation",
    "derived": "calculated from published figures, as note or source says",
    "estimate": "somebody's estimate without a study of the product",
    "parametric": "from a model of parameters, not of the product",
    "generic": "one figure for all products of a kind",
    "not_comparable": "holds shares of host, rack and building, which the others do not",
    "range_only": "only a range is known",
    "unverified": "commonly stated and not checked",
    "none_found": "looked for and not found",
}
CONTENTS = (
    *(
        "dies",
        "memory",
        "storage",
        "board",
        "passives",
        "cooling",
        "power_supply",
        "enclosure",
        "assembly",
        "packaging",
    ),
    *("switches", "host", "rack"),
)
CLASSES = ("accelerator", "baseboard", "server", "workstation", "edge_device", "component")
GATES = ("cradle-to-gate", "cradle-to-grave without use", "manufacturing", "unknown")
UNIT = "kg CO2e/device"
FIELDS = [
    text("hardware", "name in accelerators where it is that part, else a name of its own"),
    text("product", "what was assessed"),
    text("class", "kind of device", among=CLASSES),
    number("value", "footprint", unit=UNIT, minimum=0.1, maximum=20000, required=False),
    number("low", "lower end", unit=UNIT, minimum=0.05, maximum=20000, required=False),
    number("high", "upper end", unit=UNIT, minimum=0.05, maximum=20000, required=False),
    number("level", "probability between low and high; empty: extremes", minimum=0.5, maximum=0.99, required=False),
    text("unit", "unit of value, low and high", among=(UNIT,)),
    text("gate", "where the counting ends", among=GATES),
    text("contents", f"what is in it, with blanks between: {', '.join(CONTENTS)}", required=False),
    number("share_materials", "share of materials and parts", minimum=0, maximum=1, required=False),
    number("share_assembly", "share of assembly", minimum=0, maximum=1, required=False),
    number("share_transport", "share of transport", minimum=0, maximum=1, required=False),
    number("mass", "mass", unit="kg", minimum=0.001, maximum=200, required=False),
    number("year", "year of publication", minimum=2019, maximum=2026, kind="integer"),
    text("note", "in words what the columns cannot say", required=False),
    *evidence(FLAGS),
]
EMPTY = ("low", "high", "level", "share_materials", "share_assembly", "share_transport", "mass", "note")
WORDS = {row["product"]: row for row in rows_of(Path(__file__).parent / "footprint_words.csv")}
LOOSE = {"class_default", "estimate", "unverified"}
WHOLE_CARD = "dies memory board passives cooling assembly"
#: Rows of the older table that the newer one lacks.
OLDER = {
    "NVIDIA A100 share of an 8-GPU instance": (
        *("a100-sxm4-40gb", "accelerator", f"{WHOLE_CARD} power_supply enclosure host", "second_hand not_comparable"),
        *("with the share of the host in an instance of eight", "2023"),
    ),
    "GPU card, EcoDiag rule": (
        *("gpu-card-ecodiag", "accelerator", WHOLE_CARD, "second_hand generic"),
        *("plus or minus 85 percent", "2022"),
    ),
    "Cloud server base, CCF": (
        *("server-base-cloud-carbon-footprint", "server", f"{WHOLE_CARD} power_supply enclosure", "generic"),
        *("one socket, little memory, no drive", "2021"),
    ),
}


def gate_of(words: str, contents: str) -> str:
    if not contents:
        return "unknown"
    if "excl" in words or "end of life" in words:
        return "cradle-to-grave without use"
    manufacturing = words.startswith(("manufacturing", "embodied"))
    return "cradle-to-gate" if words.startswith("cradle") else "manufacturing" if manufacturing else "unknown"


def newer(row: dict[str, str]) -> dict[str, str]:
    words = WORDS[row["product"]]
    flags = words["flags"].split()
    default = "class_default" in flags
    source = row["source"].replace("from memory, unverified", "commonly stated")
    source = source.replace("absolute values", "the value itself is")
    return {
        **{column: words[column] for column in ("hardware", "product", "class", "contents", "note")},
        **{column: row[column] for column in ("value", "low", "high", "year")},
        **{column: row[column] for column in ("share_materials", "share_assembly", "share_transport")},
        "level": "0.90" if default else "",
        "unit": UNIT,
        "gate": gate_of(row["boundary"], words["contents"]),
        "mass": row["mass_kg"],
        "trust": row["trust"].replace("-", "none"),
        "flag": words["flags"],
        "uncertainty": "low and high, a judgement" if default else "low and high" if row["low"] else "none known",
        "status": "assumed" if LOOSE & set(flags) else "dataset",
        "source": "assumption: judgement over bottom-up estimates and the published rows" if default else source,
        "licence": terms(row["licence"]),
    }


def older(row: dict[str, str]) -> dict[str, str]:
    name, kind, contents, flags, note, year = OLDER[row["item"]]
    rule = "EcoDiag" in row["item"]
    return dict.fromkeys(EMPTY, "") | {
        "hardware": name,
        "product": row["item"],
        "class": kind,
        "value": row["value"],
        "low": "9" if rule else "",
        "high": "111" if rule else "",
        "unit": UNIT,
        "gate": "manufacturing",
        "contents": contents,
        "year": year,
        "note": note,
        "trust": row["trust"],
        "flag": flags,
        "uncertainty": "low and high" if rule else "none known",
        "status": "dataset",
        "source": row["source"].replace(" in Boavizta issue 65), +/-85%", ")"),
        "licence": FIGURES,
    }


def by_act(rows: list[dict[str, str]]) -> dict[str, str]:
    """An H100's die and memory by ACT: 8.14 cm2 at 5 nm, Taiwan's grid of 2022, yield 0.875, 80 GB at 48 to 315 g."""
    five = next(row for row in rows if row["node_nm"] == "5.0")
    area, yielded, grid, memory, gram = 8.14, 0.875, 583, 80, 1e-3
    energy, materials = (float(five[f"{name}_per_area_{unit}"]) for name, unit in ACT)
    gases = [float(five[f"gas_per_area_{abated}abate_gco2e_per_cm2"]) for abated in ("99", "95")]
    low, high = (
        gram * (area * (energy * grid + gas + materials) / yielded + memory * per_gigabyte)
        for gas, per_gigabyte in zip(gases, (48, 315), strict=True)
    )
    return dict.fromkeys(EMPTY, "") | {
        "hardware": "h100-sxm5-80gb",
        "product": "NVIDIA H100, die and memory by ACT",
        "class": "accelerator",
        "low": f"{low:.2g}",
        "high": f"{high:.2g}",
        "unit": UNIT,
        "gate": "cradle-to-gate",
        "contents": "dies memory",
        "year": "2022",
        "note": "ACT has no HBM; its memory is 14 to 20 times below studies of modules",
        "trust": "C",
        "flag": "derived range_only",
        "uncertainty": "low and high",
        "status": "dataset",
        "source": "derived from facebookresearch/ACT abc9fbb7: 8.14 cm2 at 5 nm, 583 g/kWh, yield 0.875, 80 GB",
        "licence": "MIT",
    }


def of_class(row: dict[str, str]) -> dict[str, str]:
    """A class whose figure comes from bills of parts or from the published rows."""
    return (
        dict.fromkeys(EMPTY, "")
        | row
        | {
            "level": "0.90",
            "unit": UNIT,
            "gate": "cradle-to-gate",
            "year": "2026",
            "flag": "class_default",
            "uncertainty": "low and high, a judgement",
            "status": "assumed",
            "source": f"assumption: {row['source']}",
            "licence": FIGURES,
        }
    )


ACT = (("energy", "kwh_per_cm2"), ("materials", "gco2e_per_cm2"))


def main() -> None:
    source, data = source_and_data()
    found = rows_of(source / "product_footprints_accelerators_edge.csv")
    rows = [newer(row) for row in found if row["product"] in WORDS]
    rows += [older(row) for row in rows_of(source / "accelerator_embodied_carbon.csv") if row["item"] in OLDER]
    rows.append(by_act(rows_of(source / "act_logic_fab.csv")))
    rows += [of_class(row) for row in rows_of(Path(__file__).parent / "class_footprints.csv")]
    write(
        data,
        "hardware",
        "published_footprints",
        title="Published footprints of accelerators, servers and edge devices",
        description="Footprints with what is in them; compare only rows with the same contents and gate. Classes stand "
        "where no product's own footprint is known. NVIDIA's are a baseboard over eight, its switches included.",
        fields=FIELDS,
        key=("hardware", "product"),
        rows=sorted(rows, key=lambda row: (CLASSES.index(row["class"]), row["hardware"], row["product"])),
        sources=[
            {"title": "NVIDIA, product carbon footprint summaries HGX H100 and HGX B200 (2025), second-hand"},
            {"title": "Falk et al. 2025, arXiv:2509.00093", "path": "https://arxiv.org/abs/2509.00093"},
            {
                "title": "Google, TPU life-cycle assessment, arXiv:2502.01671",
                "path": "https://arxiv.org/abs/2502.01671",
            },
            {"title": "HPE and Lenovo footprints, from arc-research-lab/SCARIF f4dc4fb5 (MIT)"},
            {"title": "Further studies and tools, named in the rows"},
        ],
    )


if __name__ == "__main__":
    main()
