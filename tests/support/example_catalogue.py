"""What tests of the catalogue read."""

from __future__ import annotations

import numpy as np

import lca
from lca.graph.node import Node
from lca.hardware.component_factors import rows_of

ACCELERATORS = rows_of("accelerators")


def value(node: Node) -> float:
    return float(lca.nominal({"value": node}).data["value"])


def interval(node: Node) -> tuple[float, float]:
    found = lca.monte_carlo({"value": node}, draws=20_000).data["value"].values
    low, high = np.quantile(found, [0.05, 0.95])
    return float(low), float(high)
