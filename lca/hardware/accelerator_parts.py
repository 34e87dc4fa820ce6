"""A bill of materials for an accelerator: its dies and memory from the table, the rest assumed by its form.

What no source gives (the area of a board, the mass of a cooler) is assumed with a wide spread, and says so.
"""

from __future__ import annotations

import math
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TypeAlias, TypedDict, cast

import numpy as np

from ..distributions.families import Lognormal
from ..errors import MissingError
from ..graph.fields import parameter
from ..graph.node import Node
from ..tables import Row, cached
from ..units.quantity_text import Scalar
from .component_factors import component_factor, declared, missing, spread_parameter
from .die import Die
from .part_kinds import Assembly, Board, Cooling, Memory, Passives, PowerSupply, Storage
from .parts import Line, Part

#: A median and a gsd.
Amount: TypeAlias = tuple[Scalar, float]
#: The second of the large packages: substrate and interposer under dies with memory stacks.
_INTERPOSER = "large flip-chip package with interposer"


class Form(TypedDict, total=False):
    """What a device of one form has beside dies and memory; `cooler` is a share of its mass."""

    why: str
    mass: Amount
    board: Amount
    cooler: float
    switch_area: Amount
    flash: Amount
    supply: Amount


class Assumptions(TypedDict):
    """Masses by class, and what devices of each form have."""

    masses: dict[str, Amount]
    forms: dict[str, Form]


@cache
def assumptions() -> Assumptions:
    """What is assumed of devices by class and by form (forms.toml)."""
    found = tomllib.loads(Path(__file__).with_name("forms.toml").read_text(encoding="utf-8"))
    return cast(Assumptions, found)


def mass_of(row: Row) -> Node:
    """The mass of one device: that of the table, or assumed by its form or class."""
    name = row.text("hardware")
    mass, kind = row.get("mass", math.nan), str(row.get("class", "workstation"))
    if mass and not missing(mass):
        source = "; ".join(str(part) for part in (row.get("source_mass", row["source"]), row.get("mass_basis")) if part)
        return parameter(f"hardware/{name}.mass", f"{mass!r} kg", status=row.text("status"), source=source)
    if statistics := _masses().get(str(row.get("subcategory"))):
        source = f"median of {statistics['rows']} products: {statistics['source']}"
        return spread_parameter(f"hardware/{name}.mass", statistics, source, unit="kg")
    if kind in assumptions()["masses"]:
        return _assumed(name, "mass", assumptions()["masses"][kind], f"a mass of this class, {kind}")
    form = assumptions()["forms"][row.text("form")]
    return _assumed(name, "mass", form["mass"], form["why"])


@cached
def _masses() -> dict[str, Row]:
    """Medians and ranges of the masses that makers declare, by subcategory."""
    rows = [row for row in declared("class_statistics") if row["measure"] == "mass"]
    return {row.text("class"): Row(row, value=row["median"]) for row in rows}


def _assumed(name: str, what: str, amount: Amount, why: str) -> Node:
    median, gsd = amount
    spread, source = Lognormal(median, gsd), f"assumption: {why}; gsd {gsd:g}"
    return parameter(f"hardware/{name}.{what}", spread, status="assumed", source=source)


def has_bill(row: Row) -> bool:
    """Whether area and process of the dies of an accelerator are known, so that it has a bill of materials."""
    if "sum_of_tiles" in row.text("flag"):
        return bool(row["tiles"])
    known = not missing(row["die_area"]) or not missing(row["die_low"])
    return known and isinstance(row["node"], (int, np.integer))


def bill_of_materials(row: Row) -> list[Line]:
    """The parts of one accelerator. Raises `MissingError` where no area of its dies is known."""
    name, form = row.text("hardware"), assumptions()["forms"][row.text("form")]
    mass = mass_of(row)
    made: list[Line] = [*_dies(row), *_memory(row)]
    if "switch_area" in form:
        area = _assumed(name, "switch_area", form["switch_area"], "its share of the switches of a baseboard")
        made.append(Die(f"{name} switches", area=area, node="5 nm", method="good area", contents="switches"))
    if "flash" in form:
        made.append(
            Storage(f"{name} flash", kind="flash", capacity=_assumed(name, "flash", form["flash"], form["why"]))
        )
    if form["board"][1] > 1:
        area = _assumed(name, "board", form["board"], form["why"])
        made += [Board(f"{name} board", area=area), Passives(f"{name} passives", area=area)]
        made.append(Part(f"{name} connectors", amount=area, factor=component_factor("connector"), contents="board"))
    if form["cooler"]:
        share = _assumed(name, "cooler_share", (form["cooler"], 1.2), f"{form['cooler']:.0%} of its mass is cooler")
        made.append(Cooling(f"{name} cooler", mass=mass * share))
    if "supply" in form:
        made.append(PowerSupply(f"{name} supply", mass=_assumed(name, "supply", form["supply"], form["why"])))
    if row["form"] != "chip":
        made.append(Assembly(f"{name} assembly", mass=mass))
    return made


def _dies(row: Row) -> list[Line]:
    name, stacked = row.text("hardware"), row.text("memory_type").startswith("HBM")
    if not has_bill(row):
        raise MissingError.of("dies_unknown", f"accelerators, {name}", device=row["name"])
    if "sum_of_tiles" in row.text("flag"):
        dies = _tiles(row)
    else:
        area, count, node = _die_area(row), row.number("main_dies"), f"{row['node']} nm"
        dies = [Die(f"{name} die", area=area, count=count, node=node, method="good area")]
    package = component_factor("package", _INTERPOSER if stacked else "")
    return [*dies, Part(f"{name} package", fixed=package, contents="dies")]


def _tiles(row: Row) -> list[Line]:
    """Each kind of tile is a die of its own: a sum over tiles belongs in no yield formula."""
    made: list[Line] = []
    for count, area, node in re.findall(r"(\d+) of (\d+) mm2 at (\d+) nm", row.text("tiles")):
        key = f"hardware/{row['hardware']}.tile_{area}"
        size = parameter(key, f"{area} mm^2", status=row.text("status"), source=row.text("source_die"))
        name = f"{row['hardware']} dies of {area} mm2"
        made.append(Die(name, area=size, count=float(count), node=f"{node} nm", method="good area"))
    return made


def _die_area(row: Row) -> Node:
    key = f"hardware/{row['hardware']}.die_area"
    if not missing(row["die_area"]):
        return parameter(key, f"{row['die_area']!r} mm^2", status=row.text("status"), source=row.text("source_die"))
    spread = Lognormal.between(f"{row['die_low']!r} mm^2", f"{row['die_high']!r} mm^2")
    return parameter(key, spread, status="assumed", source=f"assumption: {row['source_die']}")


def _memory(row: Row) -> list[Line]:
    size, kind = row["memory"], re.match("HBM|GDDR|LPDDR|DDR", row.text("memory_type"))
    if not kind or not size or missing(size):
        return []
    capacity = parameter(f"hardware/{row['hardware']}.memory", f"{size!r} GB", status=row.text("status"),
                         source=row.text("source_memory_tdp"))  # fmt: skip
    return [Memory(f"{row['hardware']} memory", capacity=capacity, kind=kind[0].lower())]
