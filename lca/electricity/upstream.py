"""From what power stations emit to the life cycle: direct + upstream, technology by technology (A4).

Upstream is what supplying the fuel and building the plant emits: for coal, gas and oil a ratio to what
their stations emit, for the rest the life-cycle median of the literature. It is added to a direct factor
of the same region and year, never to a factor that is life cycle already.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from .. import tables
from ..distributions.families import Lognormal
from ..graph.fields import parameter
from ..graph.node import Node, constant
from ..units.parse import root

#: A literature range is read as this share of the probability: of about a hundred studies, the extremes.
_RANGE = {"ratio to direct": 0.90, "per energy": 0.99}


@tables.cached
def _table() -> dict[str, tables.Row]:
    rows = tables.rows("electricity", "upstream_by_fuel")
    return {row.text("fuel"): row for row in rows}


def upstream_intensity(mix: Mapping[str, float], shares: Mapping[str, Node] | None = None) -> tuple[Node, float]:
    """(upstream kg CO2e per kWh at the busbar of a generation mix, the share of the mix without a figure).

    `mix` holds parts of one by fuel, `shares` the parameters that stand for them (`generation.shares`). Each fuel's
    upstream is one parameter, `upstream/<fuel>`, shared by all places: a common error of all life-cycle factors. It is
    a two-piece lognormal whose median is the table's value, its range read as 90 % of the probability for a ratio and
    as 99 % for the extremes of a literature.

    >>> upstream_intensity({"coal": 0.5, "gas": 0.5})[1]
    0.0
    """
    found = {fuel: share for fuel, share in mix.items() if share and _table()[fuel]["kind"] != "not found"}
    nodes = shares or {fuel: constant(share).named(f"share of {fuel}") for fuel, share in found.items()}
    missing = math.fsum(share for fuel, share in mix.items() if fuel not in found)
    parts = [nodes[fuel] * _of_fuel(fuel) for fuel in found]
    return sum(parts[1:], parts[0]) if parts else constant(0.0, root("kg CO2e/(kWh at_busbar)")), missing


def upstream_by_gwp_set(mix: Mapping[str, float]) -> dict[str, float]:
    """Nominal upstream of a generation mix, g CO2e per kWh at the busbar, by the GWP set of its figures.

    >>> {gwp_set: round(grams, 1) for gwp_set, grams in upstream_by_gwp_set({"coal": 0.5, "wind": 0.5}).items()}
    {'AR5': 5.5, 'unknown': 30.4}
    """
    found: dict[str, float] = {}
    for fuel, share in mix.items():
        row = _table()[fuel]
        if share and row["kind"] != "not found":
            ratio = row["kind"] == "ratio to direct"
            grams = row.number("ratio") * row.number("direct") if ratio else row.number("upstream")
            gwp_set = row.text("gwp_set")
            found[gwp_set] = found.get(gwp_set, 0.0) + share * grams
    return dict(sorted(found.items()))


@tables.cached
def _of_fuel(fuel: str) -> Node:
    row = _table()[fuel]
    ratio = row["kind"] == "ratio to direct"
    stem, level = ("ratio" if ratio else "upstream"), _RANGE[row.text("kind")]
    middle, low, high = (row.number(f"{stem}{end}") for end in ("", "_low", "_high"))
    key, source = f"upstream/{fuel}", f"{row['source']}; its range as {level:.0%} of the probability"
    unit = "" if ratio else " g CO2e/(kWh at_busbar)"
    spread = Lognormal.through(f"{low}{unit}", f"{middle}{unit}", f"{high}{unit}", level=level)
    made = parameter(key, spread, status=row.text("status"), source=source)
    if not ratio:
        return made
    direct = f"{row.number('direct')} g CO2e/(kWh at_busbar)"
    source = f"what its stations emit, upstream_by_fuel: {row['source']}"
    return made * parameter(f"{key}.direct_intensity", direct, status=row.text("direct_status"), source=source)
