"""Small choices between normal totals, for the tests of decisions."""

from __future__ import annotations

from typing import Any

from scipy import stats

import lca
from lca.graph.node import Node


def unit_loss(z: float) -> float:
    """E max(Z - z, 0) of a standard normal Z: the unit normal loss integral."""
    return float(stats.norm.pdf(z) - z * stats.norm.sf(z))


def options(values: dict[str, Any], *, key: str = "x", shared: bool = False) -> Node:
    return lca.parameter(key, lca.labelled(values, "kg CO2e", dim="option", shared=shared))


def decided(total: Node, **how: Any) -> lca.Decision:
    return lca.decide({"total": total}, over="option", **{"base": 1024, **how})


def two(m: float = 0.5, s: float = 1.0) -> Node:
    return options({"a": lca.Normal(10, s), "b": lca.Normal(10 + m, s)})


def within(row: Any, name: str, ends: str, expected: float, widths: float = 2.5) -> bool:
    """Whether an estimate is as near as some half-widths of its 90 % interval."""
    half = (row[f"{ends}_high"] - row[f"{ends}_low"]) / 2
    return abs(row[name] - expected) <= widths * half + 1e-9
