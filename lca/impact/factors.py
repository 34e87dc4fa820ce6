"""Factors of `data/hardware` as parameters: one key for each, so that a common error stays common (U1)."""

from __future__ import annotations

import math
import re
from functools import cache
from statistics import NormalDist
from typing import Any

from .. import tables
from ..errors import DomainError, MissingError
from ..expression.families import Lognormal, Triangular, Uniform
from ..expression.node import Node
from ..expression.record import slug
from ..expression.value import parameter

FOLDER, PRODUCTS = "hardware", "product_footprints"


def component_factor(component: str, product: str = "") -> Node:
    """What a kind of part emits per unit of its size, under the key `component/<component>`.

    The default row of the component, or another `product` of it, whose slug then ends the key. Raises
    `MissingError` with near names for what the table lacks.

    >>> component_factor("memory_hbm")
    <component/memory_hbm [kg CO2e/GB]>
    """
    rows = _components().get(component)
    if rows is None:
        near = tables.near(component, _components()) or sorted(_components())
        raise MissingError(f"no factor of {component!r}", where="component_factors", mend=f"such as {', '.join(near)}")
    found = [row for row in rows if (row["product"] == product if product else row["default"])]
    if not found:
        known = [row["product"] for row in rows if not math.isnan(row["value"])]
        raise MissingError(f"no factor of {component}, {product!r}", where="component_factors", mend="; ".join(known))
    key = f"component/{component}" + (f"/{slug(product)}" if product else "")
    row = found[0]
    # a value per device is that of a piece: the part that holds it counts the pieces
    unit = str(row["unit"]).removesuffix("/device")
    return spread_parameter(key, row, f"{row['product']}: {row['source']}", unit=unit)


def spread_parameter(key: str, row: dict[str, Any], source: str, unit: str | None = None) -> Node:
    """A row with value, low and high at a level as a lognormal parameter; without a range as a plain number."""
    text = str(row["unit"]) if unit is None else unit
    value, low, high = (float(row[end]) for end in ("value", "low", "high"))
    if math.isnan(low) or math.isnan(high) or not 0 < low < high:
        return parameter(key, f"{value!r} {text}", status=row["status"], source=source)
    level = float(row["level"])
    level = 0.90 if math.isnan(level) else level
    gsd = math.exp(math.log(high / low) / (2 * NormalDist().inv_cdf((1 + level) / 2)))
    spread = Lognormal(f"{value!r} {text}", gsd) if text else Lognormal(value, gsd)
    source += f"; {low:g} to {high:g} read as {level:.0%} of a lognormal"
    return parameter(key, spread, status=row["status"], source=source)


@cache
def _components() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of("component_factors"):
        found.setdefault(row["component"], []).append(row)
    return found


@cache
def rows_of(table: str, folder: str = FOLDER) -> tuple[dict[str, Any], ...]:
    """The rows of a table of hardware."""
    return tuple({str(k): v for k, v in row.items()} for row in tables.read(folder, table).to_dict("records"))


# --- fabs -----------------------------------------------------------------------------------------------

#: Rows of the table of fabrication behind a field of `Die`, and the spread assumed where the source gives none.
_FAB_ROWS = {
    "fab_energy": ("energy", 1.2),
    "materials": ("materials", 1.5),
    "good_area": ("carbon_per_good_area", 1.3),
    "reference_yield": ("reference_die_yield", 1.0),
    "defect_density": ("defect_density", 1.0),
    "clustering": ("clustering_alpha", 1.0),
    "harvest": ("harvest", 1.0),
}


def fabrication(name: str, node: str, where: str) -> Node:
    """A figure of fabs for a class of process, under the key `fabrication/<class>.<name>`.

    `node` is a length such as "5 nm"; a class without a row takes the nearest on a logarithmic scale, which the
    source says. Raises `MissingError` where the node is not said, `DomainError` where it is no length.

    >>> fabrication("good_area", "4 nm", "")
    <fabrication/5 nm.good_area [kg CO2e/cm^2]>
    """
    if name == "gases":
        return _gases(node, where)
    quantity, gsd = _FAB_ROWS[name]
    row, label, note = _nearest(quantity, node, where)
    key = f"fabrication/{label}.{name}" if label else f"fabrication/{name}"
    if name == "harvest":
        spread: Any = Triangular(float(row["low"]), float(row["value"]), float(row["high"]))
        return parameter(key, spread, status=row["status"], source=f"{row['source']}; triangular")
    if gsd > 1 and math.isnan(float(row["low"])):
        spread = Lognormal(f"{float(row['value'])!r} {_unit(row)}", gsd)
        source = f"{row['source']}{note}; its spread, gsd {gsd:g}, is assumed"
        return parameter(key, spread, status="assumed", source=source)
    return spread_parameter(key, row, f"{row['source']}{note}", unit=_unit(row))


def _gases(node: str, where: str) -> Node:
    """Between 99 and 95 % abatement, evenly: ACT takes 97 %, the middle."""
    (low, label, note), (high, _, _) = (_nearest(f"gases_{share}", node, where) for share in (99, 95))
    return parameter(
        f"fabrication/{label}.gases",
        Uniform(f"{float(low['value'])!r} {_unit(low)}", f"{float(high['value'])!r} {_unit(high)}"),
        status="assumed",
        source=f"{low['source']}{note}; evenly between 99 and 95 % abatement",
    )


def _unit(row: dict[str, Any]) -> str:
    return "" if row["unit"] == "1" else str(row["unit"])


def _nearest(quantity: str, node: str, where: str) -> tuple[dict[str, Any], str, str]:
    """The default row of a quantity for a node, what its class is called, and a note where it is another's."""
    rows = [row for row in rows_of("fabrication") if row["quantity"] == quantity and row["default"]]
    if all(math.isnan(float(row["node_low"])) for row in rows):
        return rows[0], "", ""
    wanted = _nanometres(node, where)

    def distance(row: dict[str, Any]) -> float:
        low, high = float(row["node_low"]), float(row["node_high"])
        return max(math.log(low / wanted), math.log(wanted / high), 0.0)

    row = min(rows, key=distance)
    low, high = float(row["node_low"]), float(row["node_high"])
    label = f"{low:g} nm" if low == high else f"{low:g} to {high:g} nm"
    return row, label, "" if distance(row) == 0 else f"; of {label}, the nearest to {wanted:g} nm"


def _nanometres(node: str, where: str) -> float:
    if not node:
        raise MissingError("the node of the process is not said", where=f"{where}.node",
                           mend='node="5 nm", or give every figure of the fab')  # fmt: skip
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*nm\s*", node) if isinstance(node, str) else None
    if found is None or not float(found[1]):
        raise DomainError(f"{node!r} is no class of process", where=f"{where}.node",
                          mend='a length, "5 nm"; foundry names such as 4N or N7 are not read')  # fmt: skip
    return float(found[1])
