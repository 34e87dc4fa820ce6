"""What a look-up of electricity gave, for tests: its value, its parameters, and two runs in one study."""

from __future__ import annotations

from typing import Any

import lca
from lca.graph.node import parameters


def grams(electricity: lca.Electricity) -> float:
    """Nominal g CO2e per kWh at the busbar."""
    return 1e3 * float(lca.nominal(electricity.intensity).data["value"])


def leaves(electricity: lca.Electricity) -> dict[str, Any]:
    """The parameters of an intensity by key."""
    return {node.parameter.key: node.parameter for node in parameters([electricity.intensity]) if node.parameter}


def two_runs(*grids: lca.Electricity) -> lca.Study:
    """A kilowatt-hour at the wall from each."""
    runs = [
        lca.Training(f"run {i}", energy="1 kWh at_wall", site=lca.Site(f"site {i}", electricity=g, pue=1.0))
        for i, g in enumerate(grids)
    ]
    out = dict.fromkeys(
        ("development", "manufacturing", "distribution", "use", "end_of_life"), lca.outside_goal("training only")
    )
    return lca.Study("two runs", *runs, functional_unit=lca.FunctionalUnit("both", count=1), excluded=out)
