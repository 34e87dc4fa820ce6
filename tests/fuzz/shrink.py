"""A failing spec made small: one simplification at a time is kept while the failure stays."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from .spec import SECTIONS, is_value, reached
from .values import nominal_of

_OPTIONAL = (
    "sleep_power", "idle", "share", "market_electricity", "rest_of_machine", "spares", "steps", "fixed", "count",
    "duration", "devices", "shared",
)  # fmt: skip
_TOGETHER = (("network", "traffic"), ("on", "allocation", "share"))


def smaller(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Specs that are one step simpler; some of them may not be specs of a study any more."""
    for name in spec["activities"]:
        if len(spec["activities"]) > 1:
            yield _without(spec, "activities", name)
    for i, scenario in enumerate(spec.get("scenarios", [])):
        made = copy.deepcopy(spec)
        del made["scenarios"][i]
        yield made
        for j in range(len(scenario["changes"]) if len(scenario["changes"]) > 1 else 0):
            made = copy.deepcopy(spec)
            del made["scenarios"][i]["changes"][j]
            yield made
    if "of" in spec["unit"]:
        yield spec | {"unit": {"count": {"u": "device", "v": 1.0}}}
    for section in SECTIONS[1:]:
        for name, about in spec[section].items():
            yield from _fields(spec, section, name, about)


def _without(spec: dict[str, Any], *way: Any) -> dict[str, Any]:
    made = copy.deepcopy(spec)
    place: Any = made
    for step in way[:-1]:
        place = place[step]
    del place[way[-1]]
    return made


def _fields(spec: dict[str, Any], section: str, name: str, about: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for together in _TOGETHER:
        if together[0] in about:
            made = copy.deepcopy(spec)
            for field in together:
                made[section][name].pop(field, None)
            yield made
    for i in range(len(about.get("parts", [])) if len(about.get("parts", [])) > 1 else 0):
        yield _without(spec, section, name, "parts", i)
    for field, value in about.items():
        if field in _OPTIONAL:
            yield _without(spec, section, name, field)
        if isinstance(value, dict) and field == "on" and len(value) > 1:
            yield from (_without(spec, section, name, field, thing) for thing in value)
        if is_value(value):
            for plainer in _plainer(value):
                made = copy.deepcopy(spec)
                made[section][name][field] = plainer
                yield made


def _plainer(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "meter" in value:
        yield {key: one for key, one in value.items() if key != "meter"}
    if "dim" in value:
        first = next(iter(value["v"].values()))
        yield {"u": value["u"], "v": first} | ({"meter": value["meter"]} if "meter" in value else {})
        if any(isinstance(one, list) for one in value["v"].values()):
            yield value | {"v": {label: nominal_of(one) for label, one in value["v"].items()}}
    elif isinstance(value["v"], list):
        yield value | {"v": nominal_of(value["v"])}
    elif value["v"] not in (1.0, 2.0) and value["u"] not in ("", "year"):
        yield value | {"v": 1.0}


def pruned(spec: dict[str, Any]) -> dict[str, Any]:
    """The spec without records that nothing uses."""
    if "scenarios" in spec and not spec["scenarios"]:
        spec = {key: value for key, value in spec.items() if key != "scenarios"}
    if "scenarios" in spec:
        return spec
    used = set(reached(spec))
    kept = {s: {n: a for n, a in spec[s].items() if (s, n) in used} for s in SECTIONS if s != "meters"}
    return spec | kept


def shrunk(spec: dict[str, Any], fails: Callable[[dict[str, Any]], bool], most: int = 400) -> dict[str, Any]:
    """The smallest spec found that still fails; at most so many are tried."""
    tried = 0
    again = True
    while again and tried < most:
        again = False
        for one in smaller(spec):
            tried += 1
            try:
                failing = fails(one)
            except Exception:  # no study any more
                failing = False
            if failing:
                spec, again = pruned(one), True
                break
            if tried >= most:
                break
    return spec
