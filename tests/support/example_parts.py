"""A die and its fab that tests of parts share."""

from __future__ import annotations

from typing import Any

import lca
from lca.graph.node import Node

GATE = "cradle-to-gate"
TSMC = lca.Electricity(intensity="600 g CO2e/(kWh at_facility)", region="Taiwan", year=2023, gwp_set="AR6")


def value(node: Node) -> float:
    return float(lca.nominal({"value": node}).data["value"])


def draws(node: Node, number: int = 20_000) -> Any:
    return lca.monte_carlo({"value": node}, draws=number).data["value"].values


def fab(intensity: str = "600 g CO2e/(kWh at_facility)", **said: Any) -> lca.Electricity:
    return lca.Electricity(intensity=intensity, region="fab", year=2023, **said)


def die(**given: Any) -> lca.Die:
    """A die with every figure given, by area of wafer."""
    stated: dict[str, Any] = dict(
        area="8 cm^2", fab=fab(), fab_energy="2.75 kWh at_facility/cm^2", gases="300 g CO2e/cm^2",
        materials="500 g CO2e/cm^2", defect_density="0.1 1/cm^2", clustering=5, harvest=0.5,
    )  # fmt: skip
    return lca.Die("die", **{**stated, **given})
