"""Makes hardware/component_factors.csv: what the parts of a computer emit in the making.

    python data/build/component_factors.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `memory_storage_factors.csv`, `act_memory_storage.csv` and `act_other_factors.csv`. To them
come, from `component_facts.csv` beside this file, facts read in public (materials, batteries, the parts of one
server) and assumptions where nothing citable was found, which say so and are wide; and what two vendors'
summaries say by share.
Left out: every figure of Boavizta's factors, whose licence does not let us pass them on.
"""

from __future__ import annotations

from pathlib import Path

from accelerators import evidence
from package import number, rows_of, source_and_data, text, write
from terms import FIGURES, terms

FLAGS = {
    "recommended": "a judgement over the published rows of the component; low and high hold 90 %",
    "derived": "calculated from published figures, as the source says",
    "derived_area": "divided by an area that is assumed",
    "second_hand": "read in a quotation",
    "fab_only": "the memory maker's own emissions alone, 14 to 20 times below life-cycle studies of modules",
    "upper_bound": "other things grew along with what is counted",
    "lower_bound": "divided by more than the mass of the part",
    "disputed": "others call it outdated",
    "prediction": "predicted, not measured",
    "competitor": "claimed by a competitor",
    "co2_only": "carbon dioxide alone",
    "unusable": "too low by a factor of several hundred: not to be used",
    "none_published": "somebody holds a certificate or was asked, and there is no figure",
    "per_machine": "the sum over all such parts of one machine",
    "none": "nothing",
}
COMPONENTS = (
    *["memory_hbm", "memory_gddr", "memory_ddr", "memory_lpddr", "flash", "ssd", "hdd", "tape"],
    *["board", "passives", "connector", "package", "integrated_circuits", "assembly"],
    *["cooling", "power_supply", "enclosure", "battery", "packaging"],
)
FIELDS = [
    text("component", "kind of part", among=COMPONENTS),
    text("product", "the part, or what the figure was published for"),
    number("value", "emissions, in the unit of the row", minimum=0, maximum=7000, required=False),
    number("low", "lower end", minimum=0, maximum=7000, required=False),
    number("high", "upper end", minimum=0, maximum=7000, required=False),
    number(
        "level",
        "probability between low and high; empty: they are extremes of what was found, or another reading of it",
        minimum=0.5,
        maximum=0.99,
        required=False,
    ),
    text("unit", "unit of value, low and high"),
    number("default", "1: the row that a model takes unasked", minimum=0, maximum=1, kind="integer"),
    text("contents", "what is in it"),
    text("gate", "where the counting ends", among=("cradle-to-gate", "fab only", "cradle-to-grave", "unknown")),
    number("year", "year of the figure", minimum=2010, maximum=2026, kind="integer"),
    text("region", "where it was made", among=("world", "Europe", "unknown")),
    *evidence(FLAGS),
]

# The recommended rows: component and contents by the words of the source's product.
RECOMMENDED = {
    "HBM2e, HBM3, HBM3E": ("memory_hbm", "stack with its dies"),
    "GDDR6, GDDR6X, GDDR7": ("memory_gddr", "die and package"),
    "DDR4, DDR5 module": ("memory_ddr", "whole module"),
    "LPDDR4, LPDDR5, LPDDR5X": ("memory_lpddr", "die and package"),
    "SSD, data-centre or client": ("ssd", "whole drive"),
    "NAND, eMMC, UFS, microSD": ("flash", "die and package"),
    "HDD, per device": ("hdd", "whole drive"),
}
KINDS = {
    "hbm": ("memory_hbm", "all memory on the part"),
    "gddr": ("memory_gddr", "die and package"),
    "dram_ddr4": ("memory_ddr", "whole module"),
    "dram_ddr4_ddr5": ("memory_ddr", "whole module"),
    "lpddr5": ("memory_lpddr", "die and package"),
    "nand": ("flash", "die and package"),
    "ssd": ("ssd", "whole drive"),
    "hdd": ("hdd", "whole drive"),
    "tape": ("tape", "drive and one cartridge"),
}
TOKENS = {
    "derived": "derived",
    "second-hand": "second_hand",
    "upper bound": "upper_bound",
    "disputed": "disputed",
    "prediction": "prediction",
    "competitor": "competitor",
}
ACT, ACT_LICENCE = "facebookresearch/ACT abc9fbb7", "MIT"
ACT_MEMORY = {"dram_hynix": "die and package", "ssd_hynix": "die and package"}
PCF_H100 = "NVIDIA HGX H100 PCF summary 2025 (ISO 14067), quoted in several public repositories"
PCF_B200 = "NVIDIA HGX B200 PCF summary 2025 (ISO 14067), read from an extract in a public repository"
R740 = "Dell PowerEdge R740 life-cycle assessment (2019), from edwinlim0919/sustainable-deep-learning"
#: HGX H100 and B200 baseboards: kg CO2e, number of GPUs, shares of the total by kind of part (percent).
BASEBOARDS = {
    "HGX H100": (1312, 8, PCF_H100, {"integrated_circuits": 25, "cooling": 18, "assembly": 8.6}),
    "HGX B200": (
        *(2274, 8, PCF_B200),
        {"integrated_circuits": 28, "cooling": 12, "assembly": 5.6, "board": 1.7, "connector": 2.3, "passives": 1},
    ),
}
HELD = {
    "integrated_circuits": "logic dies with packages, switches among them",
    "cooling": "thermal parts",
    "assembly": "assembly and test",
    "board": "bare boards",
    "connector": "electromechanical and interconnect parts",
    "passives": "common parts",
}
ASSUMED, GATE = "assumed", "cradle-to-gate"


def row_of(component: str, product: str, **cells: str) -> dict[str, str]:
    rest = {"low": "", "high": "", "level": "", "default": "0", "region": "unknown", "uncertainty": "none known"}
    return {"component": component, "product": product, **rest, **cells}


def baseboards() -> list[dict[str, str]]:
    """Kilograms per GPU of each kind of part of NVIDIA's two baseboards: total x share / 8."""
    return [
        row_of(
            component,
            f"{name}, {HELD[component]} per GPU",
            value=f"{total * share / 100 / gpus:.4g}",
            unit="kg CO2e/device",
            contents=HELD[component],
            gate=GATE,
            year="2025",
            trust="B",
            flag="derived",
            status="dataset",
            licence=FIGURES,
            source=f"derived: {share:g} % of {total:,} kg / {gpus}; {source}",
        )
        for name, (total, gpus, source, shares) in BASEBOARDS.items()
        for component, share in shares.items()
    ]


def boundary(words: str) -> str:
    known = {"cradle-to-gate": GATE, "fab only": "fab only", "PCF difference": GATE, "manufacturing": GATE}
    return next((gate for start, gate in known.items() if words.startswith(start)), "unknown")


def memory(row: dict[str, str]) -> dict[str, str]:
    recommended = row["kind"] == "recommended"
    component, contents = RECOMMENDED[row["product"]] if recommended else KINDS[row["kind"]]
    tokens = [token for word, token in TOKENS.items() if word in row["flag"]]
    if not row["value"]:
        tokens = ["none_published"]
    source = row["source"].replace("judgement from", "assumption: judgement over").replace("judgement:", "assumption:")
    wide = recommended or bool(row["low"])
    return row_of(
        component,
        row["product"],
        value=row["value"],
        low=row["low"],
        high=row["high"],
        level="0.90" if recommended else "",
        unit=row["unit"].replace("kgCO2e", "kg CO2e"),
        default=str(int(recommended)),
        contents=contents,
        gate=boundary(row["boundary"]),
        year=row["year"],
        trust=row["trust"].replace("-", "none"),
        flag="recommended" if recommended else " ".join(tokens) or "none",
        uncertainty="low and high, a judgement" if recommended else "low and high" if wide else "none known",
        status=ASSUMED if recommended else "dataset",
        source=source,
        licence=terms(row["licence"]),
    )


def act_memory(row: dict[str, str], read: str = ACT) -> dict[str, str]:
    kinds = {"lpddr": "memory_lpddr", "ddr": "memory_ddr", "nand": "flash"}
    component = next((kind for start, kind in kinds.items() if row["product"].startswith(start)), row["kind"])
    return row_of(
        component,
        f"ACT {row['product']}",
        value=f"{float(row['gco2e_per_gb']) / 1000:.6g}",
        unit="kg CO2e/GB",
        contents=ACT_MEMORY.get(row["vendor_table"], "whole drive"),
        year="2020",
        trust="C",
        gate="fab only" if row["kind"] == "dram" else "unknown",
        flag="fab_only" if row["kind"] == "dram" else "none",
        status="dataset",
        source=f"{read} (Gupta et al. 2022), {row['vendor_table'].replace('_', ' ')}",
        licence=ACT_LICENCE,
    )


def act_other(row: dict[str, str]) -> list[dict[str, str]]:
    """Boards (unusable), metals, passives, one IC package; the price of electricity and yield are elsewhere."""
    kinds = {"pcb": "board", "passive": "passives", "packaging": "package"}
    metals = {"steel": "enclosure", "aluminium": "cooling"}
    component = kinds.get(row["category"]) or metals.get(row["item"], "")
    if not component or row["item"] == "pcb_per_layer_slope":
        return []
    units = {"kgCO2e/m2": "kg CO2e/m^2", "kgCO2e/kg": "kg CO2e/kg", "MJ/kg": "MJ primary/kg"}
    package = row["category"] == "packaging"
    return [
        row_of(
            component,
            f"ACT {row['item'].replace('_', ' ')}",
            value="0.15" if package else row["value"].removesuffix(".0"),
            unit=units.get(row["unit"], "kg CO2e/device"),
            gate="unknown",
            year="2022",
            contents={"board": "bare board", "package": "package without die"}.get(component, "material"),
            flag="unusable" if component == "board" else "none",
            trust="D" if component == "board" else "B",
            status="dataset",
            source=f"{ACT} (Gupta et al. 2022)",
            licence=ACT_LICENCE,
        )
    ]


def main() -> None:
    source, data = source_and_data()
    factors = rows_of(source / "memory_storage_factors.csv")
    rows = [memory(row) for row in factors if "AGPL" not in row["licence"] and "already in act" not in row["flag"]]
    rows += [act_memory(row) for row in rows_of(source / "act_memory_storage.csv")]
    rows += [made for row in rows_of(source / "act_other_factors.csv") for made in act_other(row)]
    rows += rows_of(Path(__file__).parent / "component_facts.csv") + baseboards()
    write(
        data,
        "hardware",
        "component_factors",
        title="Emissions of making the parts of a computer",
        description="Default rows are judgements with a range of 90 %, read as lognormal, except the battery's. "
        "Published rows stand beside them. The shares of NVIDIA's baseboards are shares of the total footprint. What "
        "was calculated from the same baseboards (memory, thermal parts, assembly) is no independent check on them.",
        fields=FIELDS,
        key=("component", "product"),
        rows=sorted(rows, key=lambda row: (COMPONENTS.index(row["component"]), -int(row["default"]), row["product"])),
        sources=[
            {"title": "facebookresearch/ACT abc9fbb7", "path": "https://github.com/facebookresearch/ACT"},
            {"title": "NVIDIA, product carbon footprint summaries HGX H100 and HGX B200, second-hand"},
            {"title": "Dell, Life cycle assessment of PowerEdge R740 (2019), second-hand"},
            {"title": "International Aluminium Institute", "path": "https://international-aluminium.org"},
            {"title": "Clement et al. 2025, arXiv:2506.05531", "path": "https://arxiv.org/abs/2506.05531"},
            {"title": "Tannu and Nair 2022, arXiv:2207.10793", "path": "https://arxiv.org/abs/2207.10793"},
            {"title": "Further reports and press, named in the rows"},
        ],
    )


if __name__ == "__main__":
    main()
