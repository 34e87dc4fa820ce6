"""What carries hardware to its user and what becomes of it, by mass, with the factors of `data/hardware`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import DomainError, MissingError
from ..expression.node import Node
from ..expression.value import Declared, resolve
from ..formulas import amount_embodied, freight_impact, treatment_impact
from .factors import rows_of, spread_parameter

_MASS, _DISTANCE = Declared(("kg",), per="device"), Declared(("km",))


def freight(name: str, *, mass: Any, legs: Mapping[str, Any] | None = None) -> Node:
    """Transport of one device to its user, in kg CO2e/device.

    `legs` are distances by mode ("aircraft", "ship", "truck", "rail"), each mass x distance x factor (EPA, fuel
    burnt alone); without them a factor per mass that stands for mixed air and sea. `name` starts the keys.

    Raises `MissingError` for a mode that the table lacks, `DomainError` for legs that are none.

    >>> freight("my card", mass="2.5 kg", legs={"aircraft": "10000 km", "truck": "500 km"}).unit
    <UnitsContainer({'CO2e': 1, 'device': -1, 'kilogram': 1})>
    """
    carried = resolve(mass, _MASS, key=f"{name}.mass")
    if legs is None:
        row = _default("freight", lambda row: row["quantity"] == "distribution")
        made: Node = amount_embodied(carried, spread_parameter("freight/mixed", row, row["source"]))
        return made
    if not isinstance(legs, Mapping) or not legs:
        raise DomainError(
            f"{legs!r} are no legs of a way", where=f"{name}.distribution", fix='legs={"aircraft": "10000 km"}'
        )
    burdens = [
        freight_impact(carried, resolve(distance, _DISTANCE, key=f"{name}.{mode}"), _mode(mode))
        for mode, distance in legs.items()
    ]
    total: Node = sum(burdens[1:], burdens[0])
    return total


def _mode(mode: str) -> Node:
    modes = {row["mode"]: row for row in rows_of("freight") if row["quantity"] == "emission" and row["default"]}
    if mode not in modes:
        raise MissingError(f"no mode of transport {mode!r}", where="freight", fix=f"one of {', '.join(sorted(modes))}")
    return spread_parameter(f"freight/{mode}", modes[mode], modes[mode]["source"])


def treatment(name: str, *, mass: Any, thing: str = "electronics", how: str = "mixed") -> Node:
    """End of life of one device with recycling cut off, in kg CO2e/device: no credit for what is recovered.

    `thing` and `how` are a row of the table of end of life: "mixed electronics", "whole computer", ...;
    "recycled", "combusted", "landfilled". Raises `MissingError` for a pair that it lacks.

    >>> treatment("my card", mass="2.5 kg", thing="mixed electronics", how="recycled").unit
    <UnitsContainer({'CO2e': 1, 'device': -1, 'kilogram': 1})>
    """
    treated = resolve(mass, _MASS, key=f"{name}.mass")
    row = _default("end_of_life", lambda row: (row["thing"], row["treatment"]) == (thing, how) and _per_mass(row))
    factor = spread_parameter(f"end of life/{thing}, {how}", row, row["source"])
    made: Node = treatment_impact(treated, factor)
    return made


def _per_mass(row: Mapping[str, Any]) -> bool:
    return bool(row["unit"] == "kg CO2e/kg")


def _default(table: str, holds: Any) -> dict[str, Any]:
    found = [row for row in rows_of(table) if holds(row)]
    found = [row for row in found if row["default"]] or found
    if not found:
        known = sorted({f"{row.get('thing', row.get('mode'))}, {row.get('treatment', '')}" for row in rows_of(table)})
        raise MissingError(f"no such row in the table {table}", fix=f"there are {'; '.join(known)}")
    return found[0]


def lifetime(key: str, kind: str) -> Node:
    """The calendar life of a class of hardware: "accelerator", "edge_device", "server", "workstation".

    >>> lifetime("my card.lifetime", "accelerator")
    <my card.lifetime [s]>
    """
    row = _default("lifetimes", lambda row: row["class"] == kind and row["basis"] == "use")
    return spread_parameter(key, row, f"{row['item']}: {row['source']}")
