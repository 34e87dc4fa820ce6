"""Makes rows of two tables of hardware from the files of Meta's ACT: chip making, and memory for each gigabyte.

    python data/build/raw_act.py --raw RAW_FOLDER [DATA_FOLDER]

RAW_FOLDER holds `act_<folder>_<name>.yaml`, from act/models of facebookresearch/ACT: `act_logic_epa.yaml` and four
more of `logic`, by node, and any of `dram`, `ssd` and `hdd`, by product. Each line has a name, a figure and a unit.
The file of imec says kg alone; its figures are for a square centimetre.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import component_factors
import fabrication
from package import write
from raw_files import files_like, raw_and_data, reference

LINE = re.compile(r'"?(?P<name>[^":]+?)"?\s*:\s*(?P<value>[\d.]+)\s*(?P<unit>[^#]*)')
#: Of logic: the file, its unit, and the column of a transcription.
LOGIC = {
    "act_logic_epa.yaml": ("kWh / cm2", "energy_per_area_kwh_per_cm2"),
    "act_logic_gpa_95.yaml": ("g / cm2", "gas_per_area_95abate_gco2e_per_cm2"),
    "act_logic_gpa_99.yaml": ("g / cm2", "gas_per_area_99abate_gco2e_per_cm2"),
    "act_logic_materials.yaml": ("g / cm2", "materials_per_area_gco2e_per_cm2"),
    "act_logic_imec-netzero-cpa.yaml": ("kg", "imec_netzero_carbon_per_area_kgco2e_per_cm2"),
}
MEMORY = "g / GB"
HOME = "https://github.com/facebookresearch/ACT"


def lines(file: Path, unit: str) -> Iterator[tuple[str, str]]:
    """(name, figure) of each line. Ends the script where one is not of this form, or has another unit."""
    for place, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.partition("#")[0].strip()
        found = LINE.fullmatch(text)
        if text and (not found or found["unit"].strip() != unit):
            raise SystemExit(
                f"{file.name}:{place}: {text!r} is no name with a figure in {unit}; has ACT changed its form?"
            )
        if found:
            yield found["name"].strip(), found["value"]


def logic(raw: Path) -> list[dict[str, str]]:
    """Energy, gases and materials by node, in the form of a transcription."""
    nodes: dict[str, dict[str, str]] = {}
    for name, (unit, column) in LOGIC.items():
        for node, value in lines(files_like(raw, name)[-1], unit):
            nodes.setdefault(node, {"node_nm": node.removesuffix("nm")})[column] = value
    empty = dict.fromkeys((column for _, column in LOGIC.values()), "")
    return [empty | row for row in nodes.values()]


def memory(file: Path) -> Iterator[dict[str, str]]:
    """Memory and storage by product, in the form of a transcription."""
    _, kind, table = file.stem.split("_", 2)
    for product, value in lines(file, MEMORY):
        yield {"kind": kind, "product": product, "gco2e_per_gb": value, "vendor_table": table}


def main() -> None:
    raw, data = raw_and_data(__doc__)
    stores = files_like(raw, "act_dram_*.yaml", "act_ssd_*.yaml", "act_hdd_*.yaml")
    fabs = [raw / name for name in LOGIC]
    tables = {
        "fabrication": (list(fabrication.act(logic(raw), "facebookresearch/ACT (Gupta et al. 2022; imec)")), fabs),
        "component_factors": (
            [component_factors.act_memory(row, "facebookresearch/ACT") for file in stores for row in memory(file)],
            stores,
        ),
    }
    keys = {
        "fabrication": ("quantity", "subject", "node_low", "year", "text"),
        "component_factors": ("component", "product"),
    }
    for name, (rows, files) in tables.items():
        write(
            data,
            "hardware",
            name,
            title=f"{name.replace('_', ' ')}, from ACT".capitalize(),
            description="As the table of the library with this name: what ACT gives.",
            fields={"fabrication": fabrication, "component_factors": component_factors}[name].FIELDS,
            key=keys[name],
            rows=rows,
            sources=[reference(file, "facebookresearch/ACT", HOME) for file in files],
            version=f"ACT, {len(fabs) + len(stores)} files",
        )
        print(f"{data / 'hardware' / name}.csv: {len(rows)} rows")


if __name__ == "__main__":
    main()
