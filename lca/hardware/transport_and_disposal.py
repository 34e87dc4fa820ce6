"""What carries hardware to its user and what becomes of it, by mass, with the factors of `data/hardware`."""

from __future__ import annotations

from collections.abc import Mapping

from .. import tables
from ..errors import DomainError
from ..formulas import amount_embodied, freight_impact, treatment_impact
from ..graph.fields import Declared, Written, resolve
from ..graph.node import Node
from .component_factors import rows_of, spread_parameter

_MASS, _DISTANCE = Declared(("kg",), per="device"), Declared(("km",))


def freight(name: str, *, mass: Written, legs: Mapping[str, Written] | None = None) -> Node:
    """Transport of one device to its user, in kg CO2e/device.

    `legs` are distances by mode ("aircraft", "ship", "truck", "rail"), each mass x distance x factor (EPA, fuel
    burnt alone); without them a factor per mass that stands for mixed air and sea. `name` starts the keys.

    Raises `MissingError` for a mode that the table lacks, `DomainError` where there is no leg.

    >>> sorted(freight("my card", mass="2.5 kg", legs={"aircraft": "10000 km", "truck": "500 km"}).unit.items())
    [('CO2e', 1), ('device', -1), ('kilogram', 1)]
    """
    carried = resolve(mass, _MASS, key=f"{name}.mass")
    if legs is None:
        (row,) = (row for row in rows_of("freight") if row["quantity"] == "distribution" and row["default"])
        return amount_embodied(carried, spread_parameter("freight/mixed", row, row.text("source")))
    if not legs:
        raise DomainError.of("freight_without_legs", f"{name}.distribution")
    modes = {row.text("mode"): row for row in rows_of("freight") if row["quantity"] == "emission" and row["default"]}
    burdens: list[Node] = []
    for mode, distance in legs.items():
        row = tables.pick(modes, mode, "mode of transport", "freight")
        way = resolve(distance, _DISTANCE, key=f"{name}.{mode}")
        burdens.append(freight_impact(carried, way, spread_parameter(f"freight/{mode}", row, row.text("source"))))
    return sum(burdens[1:], burdens[0])


def treatment(name: str, *, mass: Written, thing: str = "electronics", how: str = "mixed") -> Node:
    """End of life of one device with recycling cut off, in kg CO2e/device: no credit for what is recovered.

    `thing` and `how` are a row of the table of end of life: "mixed electronics", "whole computer", ...;
    "recycled", "combusted", "landfilled". Raises `MissingError` for a pair that it lacks.

    >>> sorted(treatment("my card", mass="2.5 kg", thing="mixed electronics", how="recycled").unit.items())
    [('CO2e', 1), ('device', -1), ('kilogram', 1)]
    """
    treated = resolve(mass, _MASS, key=f"{name}.mass")
    rows = [row for row in rows_of("end_of_life") if row["unit"] == "kg CO2e/kg"]
    named = {f"{row['thing']}, {row['treatment']}": row for row in rows}
    row = tables.pick(named, f"{thing}, {how}", "end of life", "end_of_life")
    factor = spread_parameter(f"end of life/{thing}, {how}", row, row.text("source"))
    return treatment_impact(treated, factor)
