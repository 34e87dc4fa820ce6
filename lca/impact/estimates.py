"""A bill of materials for an accelerator: its dies and memory from the table, the rest assumed by its form.

What no source gives (the area of a board, the mass of a cooler) is assumed with a wide spread, and says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from ..errors import MissingError
from ..expression.families import Lognormal
from ..expression.node import Node
from ..expression.value import parameter
from .fabrication import Die
from .factors import PRODUCTS, component_factor, missing, rows_of, spread_parameter
from .kinds import Assembly, Board, Cooling, Memory, Passives, PowerSupply, Storage
from .parts import Line, Part

Row = Mapping[str, Any]
Amount = tuple[str | float, float]  # median and gsd
#: The second of the large packages: substrate and interposer under dies with memory stacks.
_INTERPOSER = "large flip-chip package with interposer"


@dataclass(frozen=True)
class Form:
    """What devices of one form have beside dies and memory: amounts as (median, gsd), none where there is nothing."""

    mass: Amount
    board: Amount
    cooler: float  # share of the mass
    why: str
    supply: Amount | None = None
    flash: Amount | None = None
    switch_area: Amount | None = None


_MODULE = Form(("3 kg", 1.4), ("550 cm^2", 1.6), 0.7, "its own board and an eighth of a baseboard of 2,500 to "
               "6,000 cm2; mass near an eighth of HGX baseboards (24 and 32 kg), most of it heat sink")  # fmt: skip
#: By the column `form` of the table of accelerators.
FORMS: Mapping[str, Form] = {
    "switched module": replace(_MODULE, switch_area=("150 mm^2", 1.5)),
    "module": _MODULE,
    "card": Form(("1.2 kg", 1.4), ("250 cm^2", 1.4), 0.6, "a card of two slots"),
    "small card": Form(("0.35 kg", 1.4), ("110 cm^2", 1.3), 0.5, "a card of one slot, half length"),
    "stick": Form(("0.01 kg", 2.0), ("12 cm^2", 1.7), 0.3, "a card of M.2 (2.2 x 3 cm) or a USB stick (3 x 6.5 cm)"),
    "edge kit": Form(("0.3 kg", 1.6), ("110 cm^2", 1.7), 0.4, "module and carrier of some 7 x 4.5 and 10 x 8 cm "
                     "(a robot's carrier is what it is), heat sink, adapter", supply=("0.15 kg", 1.7),
                     flash=("16 GB", 1.5)),
    "large edge kit": Form(("0.9 kg", 1.5), ("220 cm^2", 1.7), 0.4, "module and carrier of some 10 x 9 and 11 x 11 cm, "
                           "heat sink with fan, adapter", supply=("0.35 kg", 1.7), flash=("64 GB", 1.5)),
    "board computer": Form(("0.046 kg", 1.2), ("48 cm^2", 1.1), 0.0, "a board of 8.5 x 5.6 cm without cooler"),
    "chip": Form(("0.02 kg", 1.8), ("0 cm^2", 1.0), 0.0, "the chip alone"),
}  # fmt: skip


#: Masses assumed for machines of a class whose own is not known.
_MASSES: Mapping[str, Amount] = {
    "server": ("25 kg", 1.5), "baseboard": ("28 kg", 1.2), "workstation": ("9 kg", 1.6), "edge_device": ("0.3 kg", 1.8),
    "accelerator": ("1.5 kg", 1.6), "component": ("0.02 kg", 2.0),
}  # fmt: skip


def mass_of(row: Row) -> Node:
    """The mass of one device: that of the table, or assumed by its form or class."""
    key = f"hardware/{row['hardware']}.mass"
    mass, kind = row.get("mass", math.nan), row.get("class", "workstation")
    if mass and not missing(mass):
        source = "; ".join(filter(None, [row.get("source_mass", row["source"]), row.get("mass_basis", "")]))
        return parameter(key, f"{mass!r} kg", status=row["status"], source=source)
    if statistics := _statistics("mass").get(row.get("subcategory", "")):
        return spread_parameter(
            key, statistics, f"median of {statistics['rows']} products: {statistics['source']}", unit="kg"
        )
    if kind in _MASSES:
        return _assumed(key, _MASSES[kind], f"a mass of this class, {kind}")
    form = FORMS[row["form"]]
    return _assumed(key, form.mass, form.why)


@cache
def _statistics(measure: str) -> dict[str, dict[str, Any]]:
    """Medians and ranges of the products that makers declare, by subcategory."""
    rows = [row for row in rows_of("class_statistics", PRODUCTS) if row["measure"] == measure]
    return {row["class"]: {**row, "value": row["median"]} for row in rows}


def _assumed(key: str, amount: Amount, why: str) -> Node:
    median, gsd = amount
    return parameter(key, Lognormal(median, gsd), status="assumed", source=f"assumption: {why}; gsd {gsd:g}")


def has_bill(row: Row) -> bool:
    """Whether area and process of the dies of an accelerator are known, so that it has a bill of materials."""
    if "sum_of_tiles" in row["flag"]:
        return bool(row["tiles"])
    known = not missing(row["die_area"]) or not missing(row["die_low"])
    return known and isinstance(row["node"], (int, np.integer))


def bill_of_materials(row: Row) -> list[Line]:
    """The parts of one accelerator. Raises `MissingError` where no area of its dies is known."""
    name, form = row["hardware"], FORMS[row["form"]]
    mass = mass_of(row)
    made: list[Line] = [*_dies(row), *_memory(row)]
    if form.switch_area:
        area = _assumed(f"hardware/{name}.switch_area", form.switch_area, "its share of the switches of a baseboard")
        made.append(Die(f"{name} switches", area=area, node="5 nm", method="good area", contents="switches"))
    if form.flash:
        made.append(Storage(f"{name} flash", kind="flash", capacity=_own(name, "flash", form.flash, form.why)))
    if form.board[1] > 1:
        made += _board(name, _own(name, "board", form.board, form.why))
    if form.cooler:
        share = _own(name, "cooler_share", (form.cooler, 1.2), f"{form.cooler:.0%} of its mass is cooler")
        made.append(Cooling(f"{name} cooler", mass=mass * share))
    if form.supply:
        made.append(PowerSupply(f"{name} supply", mass=_own(name, "supply", form.supply, form.why)))
    if row["form"] != "chip":
        made.append(Assembly(f"{name} assembly", mass=mass))
    return made


def _board(name: str, area: Node) -> list[Line]:
    connectors = Part(f"{name} connectors", amount=area, factor=component_factor("connector"), contents="board")
    return [Board(f"{name} board", area=area), Passives(f"{name} passives", area=area), connectors]


def _own(name: str, what: str, amount: Amount, why: str) -> Node:
    return _assumed(f"hardware/{name}.{what}", amount, why)


def _dies(row: Row) -> list[Line]:
    name, stacked = row["hardware"], row["memory_type"].startswith("HBM")
    if not has_bill(row):
        raise MissingError(
            f"no area or no process of the dies of {row['name']} is published",
            where=f"accelerators, {name}",
            fix="parts of your own: lca.Hardware.from_parts(name, [lca.Die(...), ...])",
        )
    dies = _tiles(row) if "sum_of_tiles" in row["flag"] else [_main_die(row)]
    package = component_factor("package", _INTERPOSER) if stacked else component_factor("package")
    return [*dies, Part(f"{name} package", fixed=package, contents="dies")]


def _main_die(row: Row) -> Line:
    return Die(f"{row['hardware']} die", area=_die_area(row), count=float(row["main_dies"]), node=f"{row['node']} nm",
               method="good area")  # fmt: skip


def _tiles(row: Row) -> list[Line]:
    """Each kind of tile is a die of its own: a sum over tiles belongs in no yield formula."""
    made: list[Line] = []
    for count, area, node in re.findall(r"(\d+) of (\d+) mm2 at (\d+) nm", row["tiles"]):
        key = f"hardware/{row['hardware']}.tile_{area}"
        size = parameter(key, f"{area} mm^2", status=row["status"], source=row["source_die"])
        name = f"{row['hardware']} dies of {area} mm2"
        made.append(Die(name, area=size, count=float(count), node=f"{node} nm", method="good area"))
    return made


def _die_area(row: Row) -> Node:
    key = f"hardware/{row['hardware']}.die_area"
    if not missing(row["die_area"]):
        return parameter(key, f"{row['die_area']!r} mm^2", status=row["status"], source=row["source_die"])
    spread = Lognormal.between(f"{row['die_low']!r} mm^2", f"{row['die_high']!r} mm^2")
    return parameter(key, spread, status="assumed", source=f"assumption: {row['source_die']}")


def _memory(row: Row) -> list[Line]:
    size, kind = row["memory"], re.match("HBM|GDDR|LPDDR|DDR", row["memory_type"])
    if not kind or not size or missing(size):
        return []
    capacity = parameter(f"hardware/{row['hardware']}.memory", f"{size!r} GB", status=row["status"],
                         source=row["source_memory_tdp"])  # fmt: skip
    return [Memory(f"{row['hardware']} memory", capacity=capacity, kind=kind[0].lower())]
