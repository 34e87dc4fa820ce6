"""What the tests of estimates share: a card, a hall without uncertainty, and values in a unit."""

from __future__ import annotations

from typing import Any

import lca

CARD = lca.Accelerator("card", peak="125 TFLOP/s", utilisation=0.4, tdp="300 W", load=0.8)
GRID = lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility")
HALL = lca.Site("hall", electricity=GRID, pue=1.0)
ONLY = lca.operation_only("the machines exist anyway")


def value(node: Any, unit: str) -> float:
    """The nominal value of a node, in a unit."""
    shown = lca.nominal(node).data["value"]
    ratio = lca.quantity(float(shown), shown.attrs["unit"]) / lca.quantity(1.0, unit)
    return float(ratio.to("").magnitude)


def kwh(activity: Any) -> float:
    """The nominal energy of an activity, in kWh at its boundary."""
    return float(lca.nominal(activity.energy).data["value"].sum())


def by_flops(**fields: Any) -> lca.Training:
    """A training of 7e9 parameters on 2e12 tokens, on 512 cards."""
    base: dict[str, Any] = {"parameters": "7e9", "tokens": "2e12 token", "accelerator": CARD, "devices": 512}
    return lca.Training.from_flops("pretraining", **base | fields)
