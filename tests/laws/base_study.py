"""The study that the tests of laws share: 100 devices for five years, with round figures, and its values by hand.

8 h/day active and off otherwise, 10 inference/s, 0.5 J/inference marginal and 1.9 W idle, both at the board;
the board is the wall and the wall the facility, at 0.4 kg CO2e/kWh. A device is 40 kg to make.
"""

from __future__ import annotations

from typing import Any

import lca
from lca.inventory.stages import STAGES

YEAR = 365.25 * 86_400
KWH = 3.6e6
#: Seconds of five years, and device seconds of activity.
PERIOD = 5 * YEAR
ACTIVE = 100 * PERIOD / 3
#: Joules of 100 devices: at idle, and of their inferences.
IDLE = 1.9 * ACTIVE
MARGINAL = 0.5 * 10 * ACTIVE
#: kg CO2e of a joule, and of what 100 devices bring along.
PER_JOULE = 0.4 / KWH
MADE, MOVED, ENDED = 4_000.0, 300.0, 100.0


def grid(name: str = "grid", intensity: Any = "0.4 kg CO2e/kWh", **rest: Any) -> lca.Electricity:
    tags = {"basis": "life cycle", "mix": "production", "averaging": "average", "accounting": "location-based",
            "gwp_set": "AR6", "at": "facility", "key": f"electricity/{name}"}  # fmt: skip
    return lca.Electricity(name, intensity=intensity, **{**tags, **rest})


def place(**changes: Any) -> lca.Site:
    fields: dict[str, Any] = {"name": "field", "electricity": grid(), "pue": 1.0, "supply_efficiency": 1.0} | changes
    return lca.Site(fields.pop("name"), **fields)


def robot(**changes: Any) -> lca.Hardware:
    fields: dict[str, Any] = {
        "name": "robot", "embodied": "40 kg CO2e", "distribution": "3 kg CO2e", "end_of_life": "1 kg CO2e",
        "lifetime": "5 year",
    } | changes  # fmt: skip
    return lca.Hardware(fields.pop("name"), **fields)


def engine(energy: Any = "0.5 J/inference", **changes: Any) -> lca.Inference:
    fields: dict[str, Any] = {"name": "engine", "per": "inference", "baseline": "marginal", "at": "board"} | changes
    return lca.Inference(fields.pop("name"), energy, **fields)


#: An engine that reads tokens apart, and a load of requests for it.
TOKENS: dict[str, Any] = {
    "energy": "0.5 J/token", "per": "token", "baseline": "gross", "throughput": "30 token/s",
    "prefill": "0.5 J/token", "prefill_throughput": "90 token/s",
}  # fmt: skip
CHATS: dict[str, Any] = {
    "inference": engine(**TOKENS), "load": "1 request/s", "input_tokens": "9 token/request",
    "output_tokens": "5 token/request",
}  # fmt: skip


def robots(**changes: Any) -> lca.Deployment:
    fields: dict[str, Any] = {
        "name": "robots", "inference": engine(), "on": robot(), "site": place(), "devices": 100, "start": 2022,
        "period": "5 year", "load": "10 inference/s", "active": "8 h/day", "idle": "0 h/day",
        "idle_power": "1.9 W at_board", "allocation": "reserved_time",
    } | changes  # fmt: skip
    return lca.Deployment(fields.pop("name"), fields.pop("inference"), **fields)


def run(**changes: Any) -> lca.Training:
    """A training of 100 kWh at the wall, on no hardware."""
    fields: dict[str, Any] = {"name": "run", "energy": "100 kWh", "at": "wall", "site": place()} | changes
    return lca.Training(fields.pop("name"), **fields)


def estimated(**figures: Any) -> lca.Training:
    """A training of 60 FLOP, on a card of a data sheet."""
    fields: dict[str, Any] = {"peak": "1 TFLOP/s", "utilisation": 0.5, "tdp": "300 W", "load": 0.5} | figures
    sheet, there = lca.Accelerator("card", **fields), place(rest_of_machine="0 W at_board")
    return lca.Training("run", parameters=1, amount="10 token", accelerator=sheet, site=there)


def study_of(*activities: Any, **rest: Any) -> lca.Study:
    """A study of some activities; the stages that they do not have lie outside its goal."""
    present = {activity.stage for activity in activities}
    if any(activity.on is not None for activity in activities):
        present |= {"manufacturing", "distribution", "end_of_life"}
    outside = {stage: lca.outside_goal("not asked here") for stage in STAGES if stage not in present}
    counted = [node for activity in activities for node in getattr(activity, "counts", {}).values()]
    fields: dict[str, Any] = {
        "functional_unit": lca.FunctionalUnit("frame", count=counted[0] if counted else "1 device"),
        "excluded": outside | rest.pop("excluded", {}),
    } | rest  # fmt: skip
    return lca.Study("base", *activities, **fields)


def figures(thing: Any) -> dict[str, Any]:
    """The nominal value of every output, as floats and arrays, in kg and J."""
    return {str(name): node.to_numpy().tolist() for name, node in lca.nominal(thing).data.items()}
