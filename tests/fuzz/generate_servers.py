"""A second deployment, whose load, number, period or share of the day may be taken from the first."""

from __future__ import annotations

from typing import Any

from .generate_counts import fit_load
from .random_values import Dice, Spec
from .values import boundary_of

_LATE = ("share", "economic_value", "whole_units", "first_use", "none")


def add_server(dice: Dice, spec: Spec, start: int, period: Any) -> None:
    """Servers behind the robots, in the same years or in others of their own."""
    from .generate import add_deployment

    if dice.chance(0.25):  # nothing in common but the study
        add_deployment(dice, spec, "servers", start + dice.pick(0, 1), {"u": "year", "v": dice.number(1.1, 3.9)})
        _apart(dice, spec["activities"]["servers"])
        return
    add_deployment(dice, spec, "servers", start, period)
    about, robots = spec["activities"]["servers"], spec["activities"]["robots"]
    _apart(dice, about)
    engine = spec["inference"][about["inference"]]
    _without_rates(dice, engine)  # what is asked of it has no upper end that a throughput could be held against
    way = dice.pick("rate", "devices", "load", "rate and period")
    if way != "devices" and not fit_load(dice, spec, "servers", way.split()[0]):
        way = "devices"
    if way.startswith("rate"):
        about["load"] = {"ref": "robots.rate", "times": dice.pick(0.5, 0.01, 0.001)}
    elif way == "load":
        about["load"] = {"ref": "robots.load", "times": dice.pick(1, 25, 0.25)}
    elif "fleet" not in about and "fleet" not in robots and isinstance(about.get("on", ""), str):
        about["devices"] = {"ref": "robots.devices", "times": dice.pick(1, 0.1)}
        robots.setdefault("devices", {"u": "device", "v": 7.0})
        if robots["devices"].get("dim") == "year" and about.get("allocation") in _LATE:
            about["allocation"] = "reserved_time"
            about.pop("share", None)
    if way.endswith("period"):
        about["period"] = {"ref": "robots.period", "times": 1}
    if dice.chance(0.2) and robots["active"].get("dim") != "loc" and "idle" not in about:
        about["active"] = {"ref": "robots.active", "times": dice.pick(1, 0.5)}


def _without_rates(dice: Dice, engine: dict[str, Any]) -> None:
    engine["baseline"] = "marginal"
    if "power" in engine:
        at, per = boundary_of(engine.pop("power")["u"]), engine["per"]
        engine["energy"] = dice.value(f"J at_{at}/{per}", 0.2, 2)
    if engine["per"] != "batch":
        engine.pop("batch", None)
    for field in ("throughput", "prefill_throughput"):
        engine.pop(field, None)


def _apart(dice: Dice, about: dict[str, Any]) -> None:
    """Servers stand in one place: their own values are not split over those of the robots."""
    for field in ("load", "active", "idle", "traffic", "input_tokens", "output_tokens"):
        if about.get(field, {}).get("dim") == "loc":
            about[field] = dice.value(about[field]["u"], 0.1, 0.3, family="uniform")
    if about.get("devices", {}).get("dim") == "loc":
        about["devices"] = {"u": "device", "v": 3.0}
