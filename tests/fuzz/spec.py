"""What a spec is: sections of named things as plain data; their leaves, dims, stages and scenarios."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

SECTIONS = ("meters", "electricity", "sites", "hardware", "inference", "networks", "fleets", "activities")
#: The field that holds the amount of each kind of part.
AMOUNTS = {"part": "amount", "memory": "capacity", "storage": "capacity", "board": "area", "cooling": "mass",
           "die": "area"}  # fmt: skip
#: The section that a field takes a record from.
RECORDS = {"electricity": "electricity", "market_electricity": "electricity", "on": "on", "inference": "inference",
           "network": "networks", "fleet": "fleets", "site": "sites", "parts": "parts"}  # fmt: skip


def field_of(change: Mapping[str, Any]) -> str:
    """The section of the record that a change gives; "" for values and words."""
    return RECORDS.get(change["at"][-1], "")


def is_value(thing: Any) -> bool:
    """Whether a thing of a spec is a value of its own (and no reference)."""
    return isinstance(thing, Mapping) and "v" in thing


def leaves(spec: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Every leaf under the key that U1 gives it: the name of its component, and its field."""
    found: dict[str, Mapping[str, Any]] = {}
    for meter, about in spec.get("meters", {}).items():
        found[f"{meter}.accuracy"] = {"u": "", "v": _calibration(about)}
    for section in SECTIONS[1:]:
        for name, about in spec.get(section, {}).items():
            for key, value in _of(about, about.get("key", name)):
                found[key] = value
    return found


def _calibration(meter: Mapping[str, Any]) -> list[Any]:
    """The factor that all readings of a meter share (U10): limits are rectangular, u= is normal."""
    size = float((meter.get("accuracy") or meter["u"]).rstrip(" %")) / 100
    return ["uniform", 1 - size, 1 + size] if "accuracy" in meter else ["normal", 1.0, size]


def _of(about: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for field, value in about.items():
        if is_value(value):
            yield f"{prefix}.{field}", value
        elif field == "on" and isinstance(value, Mapping):
            yield from ((f"{prefix}.{name}.count", count) for name, count in value.items() if is_value(count))
        elif field == "parts":
            for part in value:
                yield from _of_part(part)


def _of_part(part: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(part.get("of"), Mapping):
        yield from _of_part(part["of"])
    elif "name" in part:
        yield from _of(part, part["name"])


def reached(spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(section, name) of everything that the activities use; a spec may hold records for its scenarios besides."""
    return reached_from(spec, [("activities", name) for name in spec["activities"]])


def reached_from(spec: Mapping[str, Any], waiting: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(section, name) of some things and of everything that these use."""
    waiting = list(waiting)
    found: list[tuple[str, str]] = []
    while waiting:
        at = waiting.pop()
        if at in found:
            continue
        found.append(at)
        about = spec[at[0]][at[1]]
        for field, value in about.items():
            section = RECORDS.get(field)
            if section == "on":
                waiting += [("hardware", name) for name in ([value] if isinstance(value, str) else value)]
            elif section and value and section != "parts":
                waiting.append((section, value))
        for part in about.get("parts", []):
            waiting += _records_in(part)
    return found


def _records_in(part: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The records that a part names: other hardware, the electricity of a fab."""
    if part["kind"] == "hardware":
        return [("hardware", part["name"])]
    if part["kind"] == "share":
        return [("hardware", part["of"])] if isinstance(part["of"], str) else _records_in(part["of"])
    return [("electricity", part["fab"])] if "fab" in part else []


def dims_used(spec: Mapping[str, Any]) -> set[str]:
    """The dims of the values that the activities use."""
    used = {section: {} for section in SECTIONS}  # type: ignore[var-annotated]
    for section, name in reached(spec):
        used[section][name] = spec[section][name]
    return {value["dim"] for value in leaves(used).values() if "dim" in value}


def stages_of(spec: Mapping[str, Any]) -> set[str]:
    """The stages that the activities have."""
    stages = {"deployment": "use"}
    found = {stages.get(a["kind"], a["kind"]) for a in spec["activities"].values()}
    if any("on" in activity for activity in spec["activities"].values()):
        found |= {"manufacturing", "distribution", "end_of_life"}
    return found


def counted_by(word: str) -> str:
    """What is counted once images and batches are inferences: "inference", "token" or "request" (Q2)."""
    return {"image": "inference", "batch": "inference"}.get(word, word)


def counted_in(spec: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    """What the load of a deployment counts; one that is taken from another counts what that does."""
    load = about["load"]
    if "ref" in load:
        return counted_in(spec, spec["activities"][load["ref"].split(".")[0]])
    return counted_by(load["u"].removesuffix("/s"))


def of_batches(spec: Mapping[str, Any], about: Mapping[str, Any]) -> bool:
    """Whether the load of a deployment is one of batches, its own or that of another."""
    load = about["load"]
    if "ref" in load:
        other, field = load["ref"].split(".")
        return field == "load" and of_batches(spec, spec["activities"][other])
    return bool(load["u"] == "batch/s")


def counts_of(spec: Mapping[str, Any], use: str | Mapping[str, Any]) -> tuple[str, ...]:
    """What a deployment can be told in: requests and tokens where it says how many tokens a request puts out."""
    about = spec["activities"][use] if isinstance(use, str) else use
    counted = counted_in(spec, about)
    return ("request", "token") if counted != "inference" and "output_tokens" in about else (counted,)


def combinations(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every choice of one label for each scenario."""
    scenarios = spec.get("scenarios", [])
    labels = [list(scenario["changes"][0]["values"]) for scenario in scenarios]
    return [dict(zip([s["dim"] for s in scenarios], chosen, strict=True)) for chosen in product(*labels)]


def chosen(spec: Mapping[str, Any], labels: Mapping[str, Any]) -> dict[str, Any]:
    """The spec with each scenario at one label, and without scenarios."""
    made = copy.deepcopy({key: value for key, value in spec.items() if key != "scenarios"})
    for scenario in spec.get("scenarios", []):
        for change in scenario["changes"]:
            *way, last = change["at"]
            place: Any = made
            for step in way:
                place = place[step]
            place[last] = copy.deepcopy(change["values"][labels[scenario["dim"]]])
    return made
