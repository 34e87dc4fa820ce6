"""Makes hardware/fabrication.csv: energy, gases, materials, defects and places of chip making, by node.

    python data/build/fabrication.py SOURCE_FOLDER [DATA_FOLDER]

SOURCE_FOLDER holds `act_logic_fab.csv` and `fab_defects_and_wafers.csv`. Left out: what
follows from other rows (area and electricity of a wafer); intensities of grids, which data/electricity has: here
stands only in which country a maker fabricates; and what a tool without a licence alone says.
"""

from __future__ import annotations

from collections.abc import Iterator

from accelerators import evidence
from package import number, rows_of, source_and_data, text, write
from terms import FIGURES, terms

FLAGS = {
    "recommended": "a judgement over the published rows; low and high hold 90 %",
    "estimate": "nobody published a number",
    "unverified": "commonly stated and not checked",
    "projection": "read from a chart of expectations",
    "upper_bound": "at most this",
    "tool_default": "what a research tool takes unless told",
    "tool_range": "low and high are defaults of different tools",
    "coal_grid": "at 700 g CO2e/kWh",
    "second_hand": "read in a quotation",
    "yield_inside": "already per good area: line, die and cut yield of a 100 mm2 die are in it",
    "none_published": "no figure",
    "none": "nothing",
}
QUANTITIES = {
    "energy": "electricity of the fab for wafer area, before yield",
    "gases_95": "direct emissions of process gases for wafer area, 95 % abated",
    "gases_99": "the same, 99 % abated",
    "abatement": "share of the fluorinated gases that is destroyed",
    "materials": "emissions of making wafers, chemicals and gases, for wafer area",
    "carbon_per_area": "all emissions for wafer area, on the grid of the study",
    "carbon_per_good_area": "all emissions for area of good dies of 100 mm2",
    "line_yield": "wafers that leave the line",
    "reference_die_yield": "good dies behind carbon_per_good_area",
    "cut_yield": "wafer area that becomes dies, behind carbon_per_good_area",
    "reference_die_area": "the die behind carbon_per_good_area",
    "fab_yield": "one yield for every die",
    "defect_density": "fatal defects for area",
    "clustering_alpha": "clustering parameter of the negative binomial yield",
    "harvest": "share of the faulty dies that is sold as a smaller part",
    "bonding_yield": "good bonds of each bonding step",
    "wafer_diameter": "diameter of a wafer",
    "edge_exclusion": "rim of a wafer that is not used",
    "scribe_line": "width of the cut between two dies",
    "water_per_mask_layer": "water withdrawn for one wafer and one mask layer",
    "mask_layers": "mask layers of a process",
    "fab_place": "country where a maker fabricates; the default row is where most of it is",
}
FIELDS = [
    text("quantity", "; ".join(f"{name}: {words}" for name, words in QUANTITIES.items()), among=tuple(QUANTITIES)),
    text("subject", "what or whom it was said of: a node, a maker, a tool"),
    number("node", "class of process, where it holds for one", unit="nm", minimum=1.8, maximum=65, required=False),
    number("node_low", "smallest class of process it holds for", unit="nm", minimum=1.8, maximum=65, required=False),
    number("node_high", "largest class of process it holds for", unit="nm", minimum=1.8, maximum=65, required=False),
    number("value", "in the unit of the row", minimum=0, maximum=1000, required=False),
    number("low", "lower end", minimum=0, maximum=1000, required=False),
    number("high", "upper end", minimum=0, maximum=1000, required=False),
    number("level", "probability between low and high; empty: extremes", minimum=0.5, maximum=0.99, required=False),
    text("unit", "unit of value, low and high; 1 for places as well"),
    number("default", "1: the row that a model takes unasked", minimum=0, maximum=1, kind="integer"),
    text("text", "ISO 3166 alpha-3 code of a place", required=False),
    number("year", "year of the figure", minimum=2018, maximum=2026, kind="integer"),
    text("note", "in words what the columns cannot say", required=False),
    *evidence(FLAGS),
]
ACT = "facebookresearch/ACT abc9fbb7 (Gupta et al. 2022; imec)"
ACT_COLUMNS = {
    "energy": ("energy_per_area_kwh_per_cm2", "kWh at_facility/cm^2", "imec, as in ACT"),
    "gases_95": ("gas_per_area_95abate_gco2e_per_cm2", "g CO2e/cm^2", "imec, as in ACT"),
    "gases_99": ("gas_per_area_99abate_gco2e_per_cm2", "g CO2e/cm^2", "imec, as in ACT"),
    "materials": ("materials_per_area_gco2e_per_cm2", "g CO2e/cm^2", "ACT, all nodes alike"),
    "carbon_per_area": ("imec_netzero_carbon_per_area_kgco2e_per_cm2", "kg CO2e/cm^2", "imec.netzero, as in ACT"),
}
#: Items of fab_defects_and_wafers.csv: quantity, unit.
ITEMS = {
    "defect_density": ("defect_density", "1/cm^2"),
    "clustering_alpha": ("clustering_alpha", "1"),
    "line_yield": ("line_yield", "1"),
    "die_yield_100mm2": ("reference_die_yield", "1"),
    "cut_yield": ("cut_yield", "1"),
    "yield_model_default": ("fab_yield", "1"),
    "wafer_diameter": ("wafer_diameter", "mm"),
    "edge_exclusion": ("edge_exclusion", "mm"),
    "scribe_line": ("scribe_line", "mm"),
    "bonding_yield": ("bonding_yield", "1"),
    "carbon_per_good_area": ("carbon_per_good_area", "kg CO2e/cm^2"),
    "carbon_per_area_tool": ("carbon_per_area", "kg CO2e/cm^2"),
    "electricity_per_area": ("energy", "kWh at_facility/cm^2"),
    "gas_per_area": ("gases_99", "g CO2e/cm^2"),
    "materials_per_area": ("materials", "g CO2e/cm^2"),
    "abatement": ("abatement", "1"),
    "water_per_mask_layer": ("water_per_mask_layer", "L"),
    "mask_layers": ("mask_layers", "1"),
}
#: Taken unasked, one row each; the recommended rows are defaults as well.
DEFAULTS = (
    *("line_yield", "reference_die_yield", "cut_yield", "wafer_diameter", "edge_exclusion", "scribe_line"),
    *("bonding_yield", "carbon_per_good_area", "abatement"),
)
#: Recommended rows by the beginning of their words: quantity, unit, range of nodes (N6 is of the N7 family).
RECOMMENDED = {
    "D0, 28": ("defect_density", "1/cm^2", "12", "28"),
    "D0, 10": ("defect_density", "1/cm^2", "6", "10"),
    "D0, 5": ("defect_density", "1/cm^2", "4", "5"),
    "D0, 3": ("defect_density", "1/cm^2", "2", "3"),
    "clustering": ("clustering_alpha", "1", "", ""),
    "harvest": ("harvest", "1", "", ""),
}
NOTES = {
    "defect_density N7": "three quarters after the start of high volume",
    "defect_density N5": "read from the foundry's chart",
    "wafer_diameter logic and memory": "one research tool takes 450 mm, which nobody makes",
    "water_per_mask_layer TSMC fleet": "for each wafer and mask layer",
    "harvest share of faulty dies": "H100 sells 132 of 144 units of its die; Orin's die comes in four bins",
}
PLACES = [
    ("TSMC", "TWN", "N16 to N2: Hsinchu, Taichung, Tainan, Kaohsiung"),
    ("TSMC", "USA", "N4: Arizona"),
    ("Samsung", "KOR", "14 nm to 3 nm, 8N among them: Giheung, Hwaseong, Pyeongtaek"),
    ("Samsung", "USA", "Austin"),
    ("Samsung NAND", "CHN", "Xi'an"),
    ("SK hynix", "KOR", "DRAM and HBM: Icheon, Cheongju"),
    ("SK hynix", "CHN", "DRAM: Wuxi"),
    ("Micron", "JPN", "DRAM: Hiroshima"),
    ("Micron", "SGP", "NAND"),
    ("Kioxia", "JPN", "NAND: Yokkaichi"),
    ("Intel", "USA", "Oregon, Arizona"),
    ("Intel", "IRL", "Intel 4: Leixlip"),
    ("Intel", "ISR", "Intel 7: Kiryat Gat"),
    ("GlobalFoundries", "USA", "14 nm: Malta, New York"),
    ("packaging and test", "MYS", ""),
    ("board assembly", "CHN", ""),
]
#: A collection without terms: what it alone gives is left out.
UNLICENSED = ("3D-Carbon", "UMN-ZhaoLab/3D-Carbon")
PLAIN = {"low": "", "high": "", "level": "", "default": "0", "text": "", "note": "", "uncertainty": "none known"}


def act(rows: list[dict[str, str]], source: str = ACT) -> Iterator[dict[str, str]]:
    for row in rows:
        node = row["node_nm"].removesuffix(".0")
        for quantity, (column, unit, subject) in ACT_COLUMNS.items():
            if row[column]:
                yield PLAIN | {
                    "quantity": quantity,
                    "subject": subject,
                    "node": node,
                    "node_low": node,
                    "node_high": node,
                    "value": row[column].removesuffix(".0"),
                    "unit": unit,
                    "default": str(int(quantity != "carbon_per_area")),
                    "year": "2022",
                    "trust": "C" if quantity == "carbon_per_area" else "B",
                    "flag": "none",
                    "status": "dataset",
                    "source": source,
                    "licence": "MIT",
                }


def flag_of(row: dict[str, str]) -> str:
    words = f"{row['flag']} {row['source']}"
    rules = {
        "estimate": row["flag"].startswith("estimate"),
        "unverified": "from memory" in row["source"],
        "projection": "projection" in words,
        "upper_bound": "upper bound" in words,
        "tool_default": "tool default" in words or "tool, 3D" in row["what"],
        "tool_range": row["item"] == "bonding_yield",
        "coal_grid": "coal-heavy" in words,
        "second_hand": "second-hand" in words or "via Scope3" in words,
        "yield_inside": row["item"] == "carbon_per_good_area",
    }
    found = [token for token, holds in rules.items() if holds] if row["value"] else ["none_published"]
    return " ".join(found) or "none"


def wafer(row: dict[str, str]) -> dict[str, str]:
    recommended = row["item"] == "recommended"
    told = next((told for start, told in RECOMMENDED.items() if row["what"].startswith(start)), None)
    quantity, unit, low, high = told if recommended and told else (*ITEMS[row["item"]], row["node_nm"], row["node_nm"])
    subject = row["what"].partition(": ")[2] or row["what"] if recommended else row["what"]
    flag = "recommended" if recommended else flag_of(row)
    assumed = recommended or {"estimate", "unverified", "projection"} & set(flag.split())
    source = row["source"].replace(", from memory, unverified", "").replace("judgement", "assumption: judgement")
    source = source.replace("from memory, unverified", "commonly stated")
    return PLAIN | {
        "quantity": quantity,
        "subject": subject,
        "node": low if low == high else "",
        "node_low": low,
        "node_high": high,
        "value": row["value"],
        "low": row["low"],
        "high": row["high"],
        "level": "0.90" if recommended else "",
        "unit": unit,
        "default": str(int(recommended or quantity in DEFAULTS)),
        "year": row["year"],
        "note": NOTES.get(f"{quantity} {subject}", ""),
        "trust": row["trust"].replace("-", "none"),
        "flag": flag,
        "uncertainty": "low and high, a judgement" if recommended else "low and high" if row["low"] else "none known",
        "status": "assumed" if assumed else "dataset",
        "source": f"assumption: {source}, not checked" if "unverified" in flag else source,
        "licence": terms(row["licence"]),
    }


def places() -> Iterator[dict[str, str]]:
    seen: set[str] = set()
    for maker, country, where in PLACES:
        yield PLAIN | {
            "quantity": "fab_place",
            "subject": maker,
            "unit": "1",
            "default": str(int(maker not in seen)),
            "text": country,
            "year": "2025",
            "note": where,
            "trust": "D",
            "flag": "unverified",
            "status": "assumed",
            "source": "assumption: places as commonly stated, not checked",
            "licence": FIGURES,
        }
        seen.add(maker)


def main() -> None:
    source, data = source_and_data()
    rows = list(act(rows_of(source / "act_logic_fab.csv")))
    found = rows_of(source / "fab_defects_and_wafers.csv")
    named = [row for row in found if row["item"] in ITEMS or row["item"] == "recommended"]
    rows += [wafer(row) for row in named if not row["source"].startswith(UNLICENSED)]
    area = next(row for row in rows if row["quantity"] == "reference_die_yield")
    rows += [area | {"quantity": "reference_die_area", "value": "100", "unit": "mm^2"}, *places()]
    order = list(QUANTITIES)
    write(
        data,
        "hardware",
        "fabrication",
        title="Chip fabrication",
        description="Energy, gases and materials are for wafer area before yield. carbon_per_good_area holds yields of "
        "0.90, 0.86 and 0.72 for a die of 100 mm2 already: it is not divided by a yield again, but multiplied by 0.86 "
        "over the yield of the die at hand. Only the defect densities of N7 and N5 come from the foundry.",
        fields=FIELDS,
        key=("quantity", "subject", "node_low", "year", "text"),
        rows=sorted(rows, key=lambda row: (order.index(row["quantity"]), -int(row["default"]))),
        sources=[
            {"title": "facebookresearch/ACT abc9fbb7", "path": "https://github.com/facebookresearch/ACT"},
            {"title": "Boakes et al., IEDM 2023 (imec), second-hand"},
            {"title": "TSMC Technology Symposium, from AnandTech 2020"},
            {"title": "ASU-VDA-Lab/ECO-CHIP fe998d9", "path": "https://github.com/ASU-VDA-Lab/ECO-CHIP"},
            {"title": "UMN-ZhaoLab/3D-Carbon 14e1a7f", "path": "https://github.com/UMN-ZhaoLab/3D-Carbon"},
        ],
    )


if __name__ == "__main__":
    main()
