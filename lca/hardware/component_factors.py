"""Factors of `data/hardware` as parameters: one key for each, so that a common error stays common (U1)."""

from __future__ import annotations

import math
import re

from .. import tables
from ..distributions.families import Lognormal, Triangular, Uniform
from ..errors import DomainError, MissingError
from ..graph.fields import parameter
from ..graph.node import Node
from ..records.record import slug

FOLDER, PRODUCTS = "hardware", "product_footprints"


def component_factor(component: str, product: str = "") -> Node:
    """What a kind of part emits per unit of its size, under the key `component/<component>`.

    The default row of the component, or another `product` of it, whose slug then ends the key. Raises
    `MissingError` with near names for what the table lacks.

    >>> component_factor("memory_hbm")
    <component/memory_hbm = 0.8 kg CO2e/GB; 5 to 95 %: 0.4 to 1.7>
    """
    products = tables.pick(_components(), component, "component", "component_factors")
    row = tables.pick(products, product, f"product of {component}", "component_factors")
    key = f"component/{component}" + (f"/{slug(product)}" if product else "")
    # a value per device is that of a piece: the part that holds it counts the pieces
    unit = row.text("unit").removesuffix("/device")
    return spread_parameter(key, row, f"{row['product']}: {row['source']}", unit=unit)


def spread_parameter(key: str, row: tables.Row, source: str, *, unit: str | None = None, gsd: float = 1.0) -> Node:
    """A row with value, low and high at a level as a two-piece lognormal.

    Without a range its spread is assumed, if there is a `gsd` for it, and else it is a plain number.
    """
    text = "" if row["unit"] == "1" else unit or row.text("unit")
    value, low, high = (row.number(end) for end in ("value", "low", "high"))
    if missing(low) and gsd > 1:
        return assumed_spread(key, value, text, gsd, source)
    if not 0 < low < value < high:  # a missing end compares as false
        return parameter(key, f"{value!r} {text}", status=row.text("status"), source=source)
    level = 0.90 if missing(row["level"]) else row.number("level")
    ends = [f"{end!r} {text}" if text else end for end in (low, value, high)]
    source += f"; {low:g} to {high:g} read as {level:.0%} of a lognormal on each side of it"
    spread = Lognormal.through(*ends, level=level)
    return parameter(key, spread, status=row.text("status"), source=source)


def assumed_spread(key: str, value: float, unit: str, gsd: float, source: str) -> Node:
    """A value of which no source gives the spread: that is assumed, and so is then the parameter (A10).

    A parameter is known as well as the worse of its value and its spread. The source says which of them it gives.
    """
    spread = Lognormal(f"{value!r} {unit}", gsd)
    return parameter(key, spread, status="assumed", source=f"{source}; its spread, gsd {gsd:g}, is assumed")


def missing(cell: object) -> bool:
    """Whether a cell of a table is an empty one of a column of numbers."""
    return isinstance(cell, float) and math.isnan(cell)


@tables.cached
def _components() -> dict[str, dict[str, tables.Row]]:
    """The rows by component and product; the default row of a component stands under "", too."""
    found: dict[str, dict[str, tables.Row]] = {}
    for row in rows_of("component_factors"):
        names = (row.text("product"), "") if row["default"] else (row.text("product"),)
        found.setdefault(row.text("component"), {}).update(dict.fromkeys(names, row))
    return found


@tables.cached
def rows_of(table: str, folder: str = FOLDER) -> tuple[tables.Row, ...]:
    """The rows of a table of hardware."""
    return tuple(tables.rows(folder, table))


def declared(table: str) -> tuple[tables.Row, ...]:
    """The rows of a table of what makers declare; none where `lca-data-odbl`, which has them, is not installed."""
    return rows_of(table, PRODUCTS) if tables.is_there(PRODUCTS) else ()


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
    source says. Raises `MissingError` where the node is not given, `DomainError` where it is not a length.

    >>> fabrication("good_area", "4 nm", "")
    <fabrication/5 nm.good_area = 2.42 kg CO2e/cm^2; 5 to 95 %: 1.572 to 3.726>
    """
    if name == "gases":
        return _gases(node, where)
    quantity, gsd = _FAB_ROWS[name]
    row, label, note = _nearest(quantity, node, where)
    key = f"fabrication/{label}.{name}" if label else f"fabrication/{name}"
    if name == "harvest":
        spread = Triangular(row.number("low"), row.number("value"), row.number("high"))
        return parameter(key, spread, status=row.text("status"), source=f"{row['source']}; triangular")
    return spread_parameter(key, row, f"{row['source']}{note}", gsd=gsd)


def _gases(node: str, where: str) -> Node:
    """Between 99 and 95 % abatement, evenly: ACT takes 97 %, the middle."""
    (low, label, note), (high, _, _) = (_nearest(f"gases_{share}", node, where) for share in (99, 95))
    return parameter(
        f"fabrication/{label}.gases",
        Uniform(f"{low['value']!r} {low['unit']}", f"{high['value']!r} {high['unit']}"),
        status="assumed",
        source=f"{low['source']}{note}; evenly between 99 and 95 % abatement",
    )


def _nearest(quantity: str, node: str, where: str) -> tuple[tables.Row, str, str]:
    """The default row of a quantity for a node, what its class is called, and a note where it is another's."""
    rows = [row for row in rows_of("fabrication") if row["quantity"] == quantity and row["default"]]
    if all(missing(row["node_low"]) for row in rows):
        return rows[0], "", ""
    wanted = _nanometres(node, where)

    def distance(row: tables.Row) -> float:
        return max(math.log(row.number("node_low") / wanted), math.log(wanted / row.number("node_high")), 0.0)

    row = min(rows, key=distance)
    low, high = row.number("node_low"), row.number("node_high")
    label = f"{low:g} nm" if low == high else f"{low:g} to {high:g} nm"
    return row, label, "" if distance(row) == 0 else f"; of {label}, the nearest to {wanted:g} nm"


def _nanometres(node: str, where: str) -> float:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*nm\s*", node)
    if found is None or not float(found[1]):
        raise (DomainError if node else MissingError).of("node_not_a_length", f"{where}.node", node=node)
    return float(found[1])
