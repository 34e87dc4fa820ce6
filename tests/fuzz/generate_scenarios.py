"""Random scenarios: over numbers, words, records, bills of materials; one or two dims, alone or in bundles."""

from __future__ import annotations

import copy
from typing import Any

from .random_values import Dice, Spec
from .spec import counted_in, field_of, is_value, leaves, of_batches, reached, reached_from
from .values import boundary_of

_WORDS = ("reserved_time", "active_time", "whole_units", "first_use", "none")


def add_scenarios(dice: Dice, spec: Spec) -> None:
    """One or two dims of scenarios."""
    spec["scenarios"] = []
    for number in range(dice.pick(1, 1, 2)):
        labels = dice.pick(["a", "b"], ["low", "mid", "high"]) if number == 0 else ["x", "y"]
        taken = {tuple(c["at"]) for s in spec["scenarios"] for c in s["changes"]}
        ways = [way for way in dice.random.sample(_WAYS, len(_WAYS)) if dice.chance(0.6)] or [_number]
        changes = []
        for way in ways:
            if len(changes) < dice.pick(1, 1, 2) and (made := way(dice, spec, labels)):
                changes.append(made)
        found = {c["path"]: c for c in changes if tuple(c["at"]) not in taken}
        if found:
            spec["scenarios"].append({"dim": f"case{number}", "changes": list(found.values())})
    _drop_swapped(spec)
    if not spec["scenarios"]:
        del spec["scenarios"]


def _drop_swapped(spec: Spec) -> None:
    """Leave out changes inside a record that another change swaps for a whole: which comes first is not said."""
    swapped = set()
    for scenario in spec["scenarios"]:
        for change in scenario["changes"]:
            section = {"on": "hardware"}.get(field_of(change), field_of(change))
            if section == "parts":
                swapped.add((*change["at"], 0))
                continue
            for name in change["values"].values() if section else ():
                swapped |= set(reached_from(spec, [(section, name)]))
    for scenario in spec["scenarios"]:
        scenario["changes"] = [
            c for c in scenario["changes"]
            if tuple(c["at"][:2]) not in swapped and (len(c["at"]) < 4 or (*c["at"][:3], 0) not in swapped)
        ]  # fmt: skip
    spec["scenarios"] = [scenario for scenario in spec["scenarios"] if scenario["changes"]]


def _change(at: list[Any], values: dict[str, Any]) -> dict[str, Any]:
    return {"at": at, "path": f"{at[-2]}.{at[-1]}", "values": values}


def _number(dice: Dice, spec: Spec, labels: list[str]) -> Any:
    """Another number, or a scaled distribution, at a field that has a value: often one that others refer to."""
    fields = [
        [section, name, field]
        for section, name in reached(spec)
        if not spec[section][name].get("inner") and section not in ("meters",)
        for field, value in spec[section][name].items()
        if is_value(value) and field not in ("measured", "period") and "water" not in field
    ]  # fmt: skip
    at = dice.pick(*sorted(fields))
    value = spec[at[0]][at[1]][at[2]]
    narrow = at[-1] in ("active", "idle", "pue", "supply_efficiency", "grid_loss", "share", "spares")
    low, high = (0.97, 0.999) if at[-1] in ("active", "idle", "supply_efficiency", "grid_loss") else (0.8, 1.0)
    if at[-1] == "pue":
        low, high = 1.01, 1.4
    factors = [dice.number(low, high if narrow else 1.6) for _ in labels]
    return _change(at, {label: scaled(value, f) for label, f in zip(labels, factors, strict=True)})


def scaled(value: dict[str, Any], factor: float) -> dict[str, Any]:
    """A value times a number."""

    def one(given: Any) -> Any:
        if not isinstance(given, list):
            return float(f"{given * factor:.6g}")
        family, *numbers = given
        if family == "lognormal":
            return [family, numbers[0] * factor, numbers[1]]
        return [family, *(number * factor for number in numbers)]

    held = value["v"]
    made = {label: one(v) for label, v in held.items()} if "dim" in value else one(held)
    return value | {"v": made}


def _record(dice: Dice, spec: Spec, labels: list[str]) -> Any:
    """Another electricity at a site: by place or by contract."""
    from .generate import add_electricity

    field = dice.pick("electricity", "electricity", "market_electricity")
    sites = [name for section, name in reached(spec) if section == "sites" and field in spec["sites"][name]]
    if not sites:
        return None
    site = dice.pick(*sites)
    own = spec["sites"][site][field]
    names = [own] + [add_electricity(dice, spec, _all_years(spec), market=field != "electricity") for _ in labels[1:]]
    for name in names[1:]:  # a category that only some of them carry is another matter
        made = spec["electricity"][name]
        made.pop("water", None)
        if "water" in spec["electricity"][own]:
            made["water"] = dice.value(f"L/(kWh at_{boundary_of(made['intensity']['u'])})", 0.2, 9)
    return _change(["sites", site, field], dict(zip(labels, names, strict=True)))


def _all_years(spec: Spec) -> list[int]:
    return list(range(2021, 2031)) if spec["activities"] else []


def _device(dice: Dice, spec: Spec, labels: list[str]) -> Any:
    """Another device under an activity: a figure, or a bill of materials."""
    from .generate_hardware import add_hardware

    holders = [name for name, about in spec["activities"].items() if isinstance(about.get("on"), str)]
    if not holders:
        return None
    holder = dice.pick(*holders)
    names = [spec["activities"][holder]["on"]]
    while len(names) < len(labels):
        made = add_hardware(dice, spec)
        if made not in names:
            names.append(made)
    for name in names:  # a dim that some devices lack would have no role in a study of the others
        if "dim" in spec["hardware"][name].get("embodied", {}):
            spec["hardware"][name]["embodied"] = {"u": "kg CO2e", "v": ["lognormal", 50.0, 1.4]}
        for field in ("embodied.water", "distribution.water", "end_of_life.water"):
            spec["hardware"][name].pop(field, None)
    return _change(["activities", holder, "on"], dict(zip(labels, names, strict=True)))


def _word(dice: Dice, spec: Spec, labels: list[str]) -> Any:
    """Another rule of allocation."""
    holders = [
        name for name, about in spec["activities"].items()
        if "on" in about and about["allocation"] in _WORDS and not {"fleet", "share"} & set(about)
    ]  # fmt: skip
    if not holders:
        return None
    holder = dice.pick(*holders)
    first = dice.random.randrange(len(_WORDS))
    rules = [_WORDS[(first + i) % len(_WORDS)] for i in range(len(labels))]
    return _change(["activities", holder, "allocation"], dict(zip(labels, rules, strict=True)))


def _part(dice: Dice, spec: Spec, labels: list[str]) -> Any:
    """Another number inside a bill of materials."""
    places = [
        (["hardware", name, "parts", i, field], f"{part['name']}.{field}", value)
        for name in _with_parts(spec)
        for i, part in enumerate(spec["hardware"][name]["parts"]) if "name" in part
        for field, value in part.items() if is_value(value)
    ]  # fmt: skip
    if not places:
        return None
    at, path, value = dice.pick(*places)
    factors = [dice.number(0.6, 0.99) for _ in labels]
    values = {label: scaled(copy.deepcopy(value), f) for label, f in zip(labels, factors, strict=True)}
    return {"at": at, "path": path, "values": values}


def _with_parts(spec: Spec) -> list[str]:
    return [name for section, name in reached(spec) if section == "hardware" and "parts" in spec["hardware"][name]]


def _bill(dice: Dice, spec: Spec, labels: list[str]) -> Any:
    """Another bill of materials of a device whose transport and end are given."""
    from .generate_hardware import simple_parts

    devices = [name for name in _with_parts(spec) if {"distribution", "end_of_life"} <= set(spec["hardware"][name])]
    if not devices:
        return None
    name = dice.pick(*devices)
    bills = [spec["hardware"][name]["parts"], *(simple_parts(dice, spec, f"{name}-{label}") for label in labels[1:])]
    return _change(["hardware", name, "parts"], dict(zip(labels, bills, strict=True)))


def _period(dice: Dice, spec: Spec, labels: list[str]) -> Any:
    """Another period, and so other years."""
    if any(value.get("dim") == "year" for value in leaves(spec).values()):
        return None  # what is labelled by year is so for the years there are
    uses = [name for name, about in spec["activities"].items() if is_value(about.get("period"))]
    if not uses:
        return None
    periods = [{"u": "year", "v": dice.number(0.6, 5.5)} for _ in labels]
    return _change(["activities", dice.pick(*uses), "period"], dict(zip(labels, periods, strict=True)))


def _engine(dice: Dice, spec: Spec, labels: list[str]) -> Any:
    """Another engine, measured at the same boundary in any other way."""
    uses = [name for name, about in spec["activities"].items() if about["kind"] == "deployment"]
    if not uses:
        return None
    own = spec["activities"][use := dice.pick(*uses)]["inference"]
    held = spec["inference"][own].get("energy") or spec["inference"][own]["power"]
    if any("dim" in value for value in spec["inference"][own].values() if is_value(value)):
        return None
    about = spec["activities"][use]
    kinds = ["inference", "image", "batch"] if counted_in(spec, about) == "inference" else ["token", "request"]
    if of_batches(spec, about):
        kinds = ["batch"]
    elif counted_in(spec, about) != "inference" and "output_tokens" not in about:
        kinds = [counted_in(spec, about)]
    kinds = ["token"] if "input_tokens" in about else kinds  # tokens that are read stay of use in each
    at = boundary_of(held["u"])
    names = [own]
    for _ in labels[1:]:
        name = f"engine{len(spec['inference'])}"
        per = dice.pick(*kinds)
        spec["inference"][name] = {
            "per": per, "baseline": "marginal", "energy": dice.value(f"J at_{at}/{per}", 0.1, 3),
        } | ({"batch": {"u": "inference/batch", "v": 4}} if per == "batch" else {})  # fmt: skip
        if "input_tokens" in about:
            spec["inference"][name]["prefill"] = dice.value(f"J at_{at}/token", 0.01, 0.1)
        names.append(name)
    return _change(["activities", use, "inference"], dict(zip(labels, names, strict=True)))


def _renewal(dice: Dice, spec: Spec, labels: list[str]) -> Any:
    """Another word for what a fleet does with failures."""
    fleets = [name for section, name in reached(spec) if section == "fleets"]
    if not fleets or len(labels) > 2:
        return None
    return _change(["fleets", dice.pick(*fleets), "renewal"], dict(zip(labels, ("on_failure", "none"), strict=True)))


_WAYS = (_number, _number, _record, _device, _word, _part, _bill, _period, _engine, _renewal)
