"""Three ways to the figures of one device: published, from its parts, by its class; and its life, transport, end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from ..checks import one_of
from ..errors import MissingError
from ..expression.node import Node
from ..expression.value import parameter
from . import logistics
from .catalogue import Entry, Row
from .estimates import bill_of_materials, mass_of
from .factors import assumed_spread, missing, spread_parameter

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


def ways(
    entry: Entry, *, lifetime: Any = None, legs: Mapping[str, Any] | None = None, allow_flagged: bool = False
) -> dict[str, dict[str, Any]]:
    """The fields of a `Hardware` by each method that is open, best first: published, its parts, its class."""
    beside = _beside(entry, lifetime, legs)
    return {way: _whole(entry, made, beside, legs) for way, made in _open(entry, allow_flagged)}


def fields(
    entry: Entry,
    method: str,
    *,
    lifetime: Any = None,
    legs: Mapping[str, Any] | None = None,
    allow_flagged: bool = False,
) -> dict[str, Any]:
    """The fields of a `Hardware` by one method; without one the best that is open. Raises as `Hardware.lookup`."""
    one_of(method, ("", *METHODS), "method", entry.slug)
    first = None if method else next(_open(entry, allow_flagged), None)
    made = first[1] if first else _figure(entry, method or "vendor", explicit=True, allow_flagged=allow_flagged)
    return _whole(entry, made, _beside(entry, lifetime, legs), legs)


def _open(entry: Entry, allow_flagged: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each method for which there is a figure, with it; a figure is built when it is asked for."""
    for method in METHODS:
        with suppress(MissingError):
            yield method, _figure(entry, method, explicit=False, allow_flagged=allow_flagged)


def _whole(
    entry: Entry, made: dict[str, Any], beside: dict[str, Any], legs: Mapping[str, Any] | None
) -> dict[str, Any]:
    if legs is not None:
        made.pop("distribution", None)  # legs stand in place of what a maker declares, too
    return {"name": entry.name, "key": f"hardware/{entry.slug}", **beside, **made}


def _figure(entry: Entry, method: str, *, explicit: bool, allow_flagged: bool) -> dict[str, Any]:
    """The embodied burden (or parts), what it contains, its gate, status and source."""
    if method == "vendor" and entry.product is not None:
        return _declared(entry, allow_flagged)
    if method == "vendor":
        return _published(entry, explicit)
    if method == "class" and entry.archetype is not None:
        row = entry.archetype
        return _from_row(entry, "class", row) | {"source": f"class, {row['product']}: {row['source']}"}
    if method == "parts" and entry.accelerator is not None and entry.has_bill:
        parts = tuple(bill_of_materials(entry.accelerator))
        source = "parts: dies and memory of the table of accelerators, the rest assumed by form"
        return {"parts": parts, "gate": "cradle-to-gate", "status": "assumed", "source": source}
    why = ": no area or no process of its dies is published" if method == "parts" and entry.accelerator else ""
    what = f"no figure by {method} for {entry.name}{why}"
    raise MissingError(what, where=entry.slug, fix=_other_ways(entry, method))


def _other_ways(entry: Entry, asked: str) -> str:
    there = {"vendor": entry.published or entry.product, "parts": entry.has_bill, "class": entry.archetype}
    ways = [f'method="{way}"' for way, known in there.items() if known and way != asked]
    return " or ".join(ways) or "give it by hand: lca.Hardware(name, embodied=, lifetime=)"


def _published(entry: Entry, explicit: bool) -> dict[str, Any]:
    """The published footprint of best trust; one that is not comparable only where it was asked for by name."""
    rows = [row for row in entry.published if row["gate"] in ("cradle-to-gate", "manufacturing")]
    fair = [row for row in rows if "not_comparable" not in row["flag"]]
    if not (fair or (rows and explicit)):
        raise MissingError(
            f"no cradle-to-gate footprint of {entry.name} alone is published",
            where=entry.slug,
            sides=[f"{row['product']}: {row['value']:g} {row['unit']}, {row['gate']}" for row in entry.published],
            fix=_other_ways(entry, "vendor"),
        )
    row = (fair or rows)[0]
    return _from_row(entry, "vendor", row) | {"source": f"published, {row['product']}: {row['source']}"}


def _from_row(entry: Entry, method: str, row: Row) -> dict[str, Any]:
    # the judgement of a class is one, for all devices that it stands for (U1)
    key = f"hardware/{row['hardware']}.embodied" if method == "class" else f"hardware/{entry.slug}/{method}.embodied"
    if missing(row["low"]):
        embodied = assumed_spread(key, row["value"], "kg CO2e/device", _PUBLISHED_GSD, row["source"])
    else:
        embodied = spread_parameter(key, row, row["source"])
    return {"embodied": embodied, "gate": row["gate"], "contents": frozenset(row["contents"].split()),
            "status": _status(embodied)}  # fmt: skip


def _status(node: Node) -> str:
    """That of the figure itself: one rule for a value and for the record that it stands in."""
    assert node.parameter is not None
    return node.parameter.status


def _declared(entry: Entry, allow_flagged: bool) -> dict[str, Any]:
    """A product's own declaration, by stage; the share of a stage that its maker rounds away is not known."""
    row = entry.product
    assert row is not None
    if missing(row["manufacturing"]) or not row["manufacturing"]:
        raise MissingError(f"{entry.name} declares a total, and no share of manufacturing", where=entry.slug,
                           fix="a product like it: lca.search(\"hardware\", text)")  # fmt: skip
    if row["flag"] != "none" and not allow_flagged:
        raise MissingError(f"the declaration of {entry.name} is flagged: {row['flag']}", where=entry.slug,
                           fix="allow_flagged=True, or a product like it")  # fmt: skip

    def figure(field: str, value: float) -> Node:
        key = f"hardware/{entry.slug}/vendor.{field}"
        return assumed_spread(key, value, "kg CO2e/device", _DECLARED_GSD, row["source"])

    embodied = figure("embodied", row["manufacturing"])
    made = {
        "embodied": embodied, "gate": "manufacturing", "status": _status(embodied),
        "source": f"declared, {row['year']}: {row['source']}",
    }  # fmt: skip
    for field, share in (("distribution", "transport_fraction"), ("end_of_life", "end_of_life_fraction")):
        if row[share] and not missing(row[share]):
            made[field] = figure(field, row["total"] * row[share])
    return made


def _beside(entry: Entry, lifetime: Any, legs: Mapping[str, Any] | None) -> dict[str, Any]:
    """Life, transport and end of life by class and mass, the same for every method."""
    row, key = entry.row, f"hardware/{entry.slug}"
    mass = mass_of(row)
    return {
        "lifetime": _life(entry, f"{key}.lifetime") if lifetime is None else lifetime,
        "distribution": logistics.freight(key, mass=mass, legs=legs),
        "end_of_life": logistics.treatment(key, mass=mass),
        "max_power": _max_power(entry, f"{key}.max_power"),
    }


def _max_power(entry: Entry, key: str) -> Node | None:
    """What it can draw by its maker (TDP), against which measured power is checked (A15); none where none says so."""
    row = entry.accelerator
    if row is None or missing(row["tdp"]):
        return None
    return parameter(key, f"{row['tdp']:g} W/device", status="dataset", source=row["source_memory_tdp"])


def _life(entry: Entry, key: str) -> Node:
    """The life of its class; a product's is what its maker declares, with an assumed spread."""
    row = entry.row
    declared = row.get("lifetime", float("nan"))
    if not missing(declared):
        return assumed_spread(key, declared, "year", _LIFE_GSD, row["source"])
    kind = _LIFE_OF.get(str(row.get("class")), "workstation")
    return logistics.lifetime(f"lifetime/{kind}", kind)  # one judgement for all devices of the class (U1)
