"""A fleet of boards that many tests share."""

from __future__ import annotations

from typing import Any

from example_study import grid, robots

import lca

ENGINE = lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal")
YEAR = 365.25 * 86_400
BOARD_TO_WALL = lca.Site("field", electricity=grid(), supply_efficiency=0.8, pue=1.0)


def nominal(thing: Any) -> Any:
    return lca.nominal(thing).data


def by_year(first: int, *numbers: float, unit: str = "device") -> Any:
    return lca.labelled({first + i: number for i, number in enumerate(numbers)}, unit, dim="year")


def device(**changes: Any) -> lca.Hardware:
    fields = {
        "embodied": "100 kg CO2e", "distribution": "10 kg CO2e", "end_of_life": "1 kg CO2e", "lifetime": "5 year",
    } | changes  # fmt: skip
    return lca.Hardware("Device", **fields)


def use_of(**changes: Any) -> lca.Deployment:
    fields: dict[str, Any] = {
        "devices": 10, "start": 2024, "period": "3 year", "load": "10 inference/s", "active": "6 h/day",
        "idle": "6 h/day", "idle_power": "2 W at_board",
    } | changes  # fmt: skip
    return robots(ENGINE, fields.pop("on", device()), BOARD_TO_WALL, **fields)


def plan(*numbers: float, **changes: Any) -> lca.Fleet:
    fields: dict[str, Any] = {"life": "5 year", "shape": 2} | changes
    return lca.Fleet("plan", by_year(2024, *numbers), **fields)


def values(node: Any) -> Any:
    return nominal(node)["value"].to_numpy()
