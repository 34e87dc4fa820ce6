"""Three ways to the figures of one device: published, from its parts, by its class; and its life, transport, end."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TypedDict

from ..checks import one_of
from ..errors import MissingError
from ..graph.fields import Written, parameter
from ..graph.node import Node
from ..tables import Row
from . import transport_and_disposal as logistics
from .accelerator_parts import bill_of_materials, mass_of
from .catalogue import Entry
from .component_factors import assumed_spread, missing, rows_of, spread_parameter
from .parts import Line

METHODS = ("vendor", "parts", "class")
#: Spread of a published footprint that states none: studies of one H100 lie within a factor of 1.7.
_PUBLISHED_GSD = 1.3
#: Of a product's own declaration: their models state errors of some tens of per cent.
_DECLARED_GSD = 1.4
#: Of a life that a maker declares for its product.
_LIFE_GSD = 1.25
_LIFE_OF = {
    "datacentre_gpu": "accelerator", "superchip": "accelerator", "asic": "accelerator", "accelerator": "accelerator",
    "baseboard": "accelerator", "edge_module": "edge_device", "sbc": "edge_device", "soc": "edge_device",
    "edge_device": "edge_device", "component": "edge_device", "server": "server",
}  # fmt: skip


class Fields(TypedDict, total=False):
    """Fields of a `Hardware` as the tables give them."""

    name: str
    key: str
    embodied: Node
    parts: tuple[Line, ...]
    contents: frozenset[str]
    gate: str
    status: str
    source: str
    lifetime: Written
    distribution: Node
    end_of_life: Node
    max_power: Node | None


def ways(
    entry: Entry,
    method: str,
    *,
    lifetime: Written | None = None,
    legs: Mapping[str, Written] | None = None,
    allow_flagged: bool = False,
) -> dict[str, Fields]:
    """The fields of a `Hardware` by "all" methods that are open, best first, by one of them, or by the best ("").

    Raises as `Hardware.lookup`.
    """
    one_of(method, ("all", *METHODS, ""), "method", entry.slug)
    found: dict[str, Fields] = {}
    for way in () if method in METHODS else METHODS:
        with suppress(MissingError):
            if method or not found:
                found[way] = _figure(entry, way, asked=False, allow_flagged=allow_flagged)
    if not found and method != "all":
        way = method or METHODS[0]
        found[way] = _figure(entry, way, asked=True, allow_flagged=allow_flagged)
    beside = _beside(entry, lifetime, legs)
    # legs stand in place of what a maker declares, too
    moved: Fields = {} if legs is None else {"distribution": beside["distribution"]}
    return {way: {**beside, **made, **moved} for way, made in found.items()}


def _figure(entry: Entry, method: str, *, asked: bool, allow_flagged: bool) -> Fields:
    """The embodied burden (or parts), what it contains, its gate, status and source."""
    if method == "vendor" and entry.product is not None:
        return _declared(entry, entry.product, allow_flagged)
    if method == "vendor":
        return _published(entry, asked)
    if method not in entry.methods:
        key = "dies_not_published" if method == "parts" and entry.accelerator else "no_figure_by_this_method"
        raise MissingError.of(key, entry.slug, method=method, name=entry.name, others=_other_ways(entry, method))
    if method == "class" and entry.archetype is not None:
        # the judgement of a class is one, for all devices that it stands for (U1)
        row = entry.archetype
        return _from_row(f"hardware/{row['hardware']}.embodied", row, "class")
    assert entry.accelerator is not None
    return {
        "parts": tuple(bill_of_materials(entry.accelerator)),
        "gate": "cradle-to-gate",
        "status": "assumed",
        "source": "parts: dies and memory of the table of accelerators, the rest assumed by form",
    }


def _other_ways(entry: Entry, asked: str) -> str:
    ways = [f'method="{way}"' for way in entry.methods if way != asked]
    return " or ".join(ways) or "give it by hand: lca.Hardware(name, embodied=, lifetime=)"


def _published(entry: Entry, asked: bool) -> Fields:
    """The published footprint of best trust; one that is not comparable only where it was asked for by name."""
    rows = [row for row in entry.published if row["gate"] in ("cradle-to-gate", "manufacturing")]
    fair = [row for row in rows if "not_comparable" not in row.text("flag")]
    if not (fair or (rows and asked)):
        sides = [f"{row['product']}: {row.number('value'):g} {row['unit']}, {row['gate']}" for row in entry.published]
        others = _other_ways(entry, "vendor")
        raise MissingError.of("footprint_not_published", entry.slug, sides, name=entry.name, others=others)
    return _from_row(f"hardware/{entry.slug}/vendor.embodied", (fair or rows)[0], "published")


def _from_row(key: str, row: Row, how: str) -> Fields:
    embodied = spread_parameter(key, row, row.text("source"), gsd=_PUBLISHED_GSD)
    source = f"{how}, {row['product']}: {row['source']}"
    made = _of(embodied, row.text("gate"), source)
    made["contents"] = frozenset(row.text("contents").split())
    return made


def _of(embodied: Node, gate: str, source: str) -> Fields:
    """A figure with its status: one rule for a value and for the record that it stands in."""
    assert embodied.parameter is not None
    return {"embodied": embodied, "gate": gate, "status": embodied.parameter.status, "source": source}


def _declared(entry: Entry, row: Row, allow_flagged: bool) -> Fields:
    """A product's own declaration, by stage; the share of a stage that its maker rounds away is not known."""
    if not row.number("manufacturing") > 0:
        raise MissingError.of("declared_total_only", entry.slug, name=entry.name)
    if row["flag"] != "none" and not allow_flagged:
        raise MissingError.of("declaration_is_flagged", entry.slug, name=entry.name, flag=row["flag"])

    def figure(field: str, value: float) -> Node:
        key = f"hardware/{entry.slug}/vendor.{field}"
        return assumed_spread(key, value, "kg CO2e/device", _DECLARED_GSD, row.text("source"))

    embodied = figure("embodied", row.number("manufacturing"))
    made = _of(embodied, "manufacturing", f"declared, {row['year']}: {row['source']}")
    total, moved, ended = (row.number(name) for name in ("total", "transport_fraction", "end_of_life_fraction"))
    if moved > 0:
        made["distribution"] = figure("distribution", total * moved)
    if ended > 0:
        made["end_of_life"] = figure("end_of_life", total * ended)
    return made


def _beside(entry: Entry, lifetime: Written | None, legs: Mapping[str, Written] | None) -> Fields:
    """Life, transport and end of life by class and mass, the same for every method."""
    row, key = entry.row, f"hardware/{entry.slug}"
    mass = mass_of(row)
    return {
        "name": entry.name,
        "key": key,
        "lifetime": _life(row, f"{key}.lifetime") if lifetime is None else lifetime,
        "distribution": logistics.freight(key, mass=mass, legs=legs),
        "end_of_life": logistics.treatment(key, mass=mass),
        "max_power": _max_power(entry.accelerator, f"{key}.max_power"),
    }


def _max_power(row: Row | None, key: str) -> Node | None:
    """What it can draw as its maker states (TDP), against which measured power is checked (A15); None if not stated."""
    if row is None or missing(row["tdp"]):
        return None
    return parameter(key, f"{row.number('tdp'):g} W/device", status="dataset", source=row.text("source_memory_tdp"))


def _life(row: Row, key: str) -> Node:
    """The life of its class; a product's is what its maker declares, with an assumed spread."""
    if "lifetime" in row and not missing(row["lifetime"]):
        return assumed_spread(key, row.number("lifetime"), "year", _LIFE_GSD, row.text("source"))
    kind = _LIFE_OF.get(str(row.get("class")), "workstation")
    (use,) = (one for one in rows_of("lifetimes") if (one["class"], one["basis"]) == (kind, "use") and one["default"])
    # one judgement for all devices of the class (U1)
    return spread_parameter(f"lifetime/{kind}", use, f"{use['item']}: {use['source']}")
