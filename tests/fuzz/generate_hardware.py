"""Random hardware: burdens that are given, or a bill of materials with shares of larger things."""

from __future__ import annotations

from typing import Any

from .random_values import Dice, Spec

_AREA, _GB = ("cm^2", "kg CO2e/cm^2", 0.01, 0.2), ("GB", "kg CO2e/GB", 0.1, 2.0)
#: Kinds of parts with the unit of their amount and of their factor, and the range of the factor.
_KINDS = {"part": _AREA, "memory": _GB, "storage": _GB, "board": _AREA, "cooling": ("kg", "kg CO2e/kg", 2.0, 15.0)}


def add_hardware(dice: Dice, spec: Spec) -> str:
    """Hardware with every burden, or one that stands in the spec already: devices are shared by activities."""
    if spec["hardware"] and dice.chance(0.15):
        return dice.pick(*(name for name, about in spec["hardware"].items() if not about.get("inner")))
    name = f"device{len(spec['hardware'])}"
    about: dict[str, Any] = {
        "lifetime": dice.value("year", 2, 8, family="uniform"), "service_life": dice.value("h", 8000, 60_000),
    }  # fmt: skip
    spec["hardware"][name] = about
    burdens = {"embodied": (20, 900), "distribution": (1, 40), "end_of_life": (0.1, 9)}
    if dice.chance(0.35):
        about["parts"] = _parts(dice, spec, name)
        brought = any(part["kind"] == "hardware" or isinstance(part.get("of"), str) for part in about["parts"])
        burdens = {} if brought and dice.chance(0.5) else {k: v for k, v in burdens.items() if k != "embodied"}
    for field, (low, high) in burdens.items():
        dim = dice.pick("comp", "est") if field == "embodied" and dice.chance(0.2) else None
        about[field] = dice.value("kg CO2e", low, high, dim=dim)
    if spec["water"] and dice.chance(0.9):
        for field in ("embodied", "distribution", "end_of_life"):
            about[f"{field}.water"] = dice.value("L", 1, 900)
    return name


def _parts(dice: Dice, spec: Spec, name: str) -> list[dict[str, Any]]:
    made = [_part(dice, spec, f"{name}-part{i}") for i in range(dice.pick(1, 2, 3))]
    if dice.chance(0.3):
        made.append({"kind": "share", "of": _part(dice, spec, f"{name}-whole"), "among": dice.pick(2, 8)})
    if dice.chance(0.3):
        host = f"{name}-host"
        spec["hardware"][host] = {
            "inner": True, "embodied": dice.value("kg CO2e", 200, 2000), "distribution": dice.value("kg CO2e", 5, 90),
            "end_of_life": dice.value("kg CO2e", 1, 20), "lifetime": {"u": "year", "v": 6.0},
        }  # fmt: skip
        made.append(dice.pick({"kind": "hardware", "name": host}, {"kind": "share", "of": host, "among": 8}))
    return made


def simple_parts(dice: Dice, spec: Spec, name: str) -> list[dict[str, Any]]:
    """Parts that bring nothing along beside their making."""
    return [_part(dice, spec, f"{name}-part{i}") for i in range(dice.pick(1, 2))]


def _part(dice: Dice, spec: Spec, name: str) -> dict[str, Any]:
    kind = dice.pick(*_KINDS, "die", "given", "per piece")
    if kind == "given":
        return {"kind": "part", "name": name, "embodied": dice.value("kg CO2e", 1, 90)}
    if kind == "per piece":
        return {"kind": "part", "name": name, "fixed": dice.value("kg CO2e", 0.1, 9), "count": dice.pick(1, 4)}
    if kind == "die":
        return _die(dice, spec, name)
    amount, factor, low, high = _KINDS[kind]
    from .spec import AMOUNTS

    part = {"kind": kind, "name": name, AMOUNTS[kind]: dice.value(amount, 2, 80),
            "factor": dice.value(factor, low, high), "count": dice.pick(1, 1, 2)}  # fmt: skip
    return part | ({"fixed": dice.value("kg CO2e", 0.1, 9)} if dice.chance(0.3) else {})


def _die(dice: Dice, spec: Spec, name: str) -> dict[str, Any]:
    fab = "fab"
    if fab not in spec["electricity"]:
        spec["electricity"][fab] = {"intensity": {"u": "kg CO2e/(kWh at_busbar)", "v": 0.5}, "grid_loss":
                                    {"u": "", "v": ["triangular", 0.02, 0.04, 0.08]}, "inner": True}  # fmt: skip
    model = dice.pick("negative binomial", "murphy", "poisson")
    part = {
        "kind": "die", "name": name, "yield_model": model, "fab": fab, "area": dice.value("cm^2", 0.5, 8),
        "defect_density": dice.value("1/cm^2", 0.05, 0.2), "harvest": dice.value("", 0.1, 0.9, family="uniform"),
        "fab_energy": dice.value("kWh at_facility/cm^2", 0.5, 3), "gases": dice.value("kg CO2e/cm^2", 0.1, 0.4),
        "materials": dice.value("kg CO2e/cm^2", 0.1, 0.6), "count": dice.pick(1, 2),
    }  # fmt: skip
    return part | ({"clustering": dice.value("", 2, 6)} if model == "negative binomial" else {})
