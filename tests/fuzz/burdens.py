"""Device lives by each rule of allocation, and what making, moving and discarding a device emits (A8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .spec import AMOUNTS
from .terms import Terms, summed
from .values import AXES, on_axes

if TYPE_CHECKING:
    from .oracle import Oracle

_YEAR = AXES.index("year")


def lives(model: Oracle, name: str, thing: str) -> Terms:
    """The device lives that an activity is charged of one kind of hardware, as terms."""
    about = model.spec["activities"][name]
    rule = about["allocation"]
    devices = _count(model, name, thing)
    lifetime = model.get("hardware", thing, "lifetime")
    share = model.get("activities", name, "share")
    if rule == "none":
        return [0 * devices]
    if rule == "devices_made":
        fleet = model.fleet(name)
        assert fleet is not None
        return [fleet.made()]
    if rule == "economic_value":
        return [devices * share]
    if rule in ("whole_units", "first_use"):
        return _whole(model, name, devices, lifetime)
    if rule == "active_time":
        life = model.get("hardware", thing, "service_life")
        part = 1.0 if share is None else share
        return [time / life * part for time in _running(model, name, devices)]
    held = [time * devices / lifetime for time in _held(model, name, devices)]
    return held if rule == "reserved_time" else [term * share for term in held]


def _count(model: Oracle, name: str, thing: str) -> np.ndarray:
    about = model.spec["activities"][name]
    if isinstance(about["on"], str):
        return model.devices(name)
    count = about["on"][thing]
    if "ref" in count:
        return model._referred(*count["ref"].split(".")) * count["times"]
    return model.leaf(f"{about.get('key', name)}.{thing}.count")


def _held(model: Oracle, name: str, devices: np.ndarray) -> Terms:
    """The calendar time that devices are held, by year where their number is."""
    if model.spec["activities"][name]["kind"] != "deployment":
        held = model.held(name)
        assert held is not None
        return [held]
    by_year = devices.shape[_YEAR] > 1
    return [model.time(name) if by_year else model.get("activities", name, "period")]


def _running(model: Oracle, name: str, devices: np.ndarray) -> Terms:
    """Devices times the time that they run."""
    if model.spec["activities"][name]["kind"] != "deployment":
        return [time * devices for time in _held(model, name, devices)]
    return [devices * share * model.time(name) for share in model.shares_of_day(name)]


def _whole(model: Oracle, name: str, devices: np.ndarray, lifetime: np.ndarray) -> Terms:
    """Whole machines: parts use them in turn; where the number grows, devices are bought for the time left."""
    if model.spec["activities"][name]["kind"] != "deployment":
        return [devices * _up(summed(_held(model, name, devices)) / lifetime)]
    period = model.get("activities", name, "period")
    if devices.shape[_YEAR] == 1:
        return [devices * _up(period / lifetime)]
    before = np.maximum.accumulate(devices, axis=_YEAR)
    new = np.diff(before, axis=_YEAR, prepend=0)
    left = np.maximum(period - on_axes(np.arange(devices.shape[_YEAR])[:, None] * 31_557_600.0, "year"), 0)
    return [new * _up(left / lifetime)]


def _up(number: np.ndarray) -> np.ndarray:
    """The next whole number; what is one within rounding stays."""
    return np.ceil(number - 1e-9)


# --- burdens of one device ---------------------------------------------------------------------------------------


def burdens_of(model: Oracle, thing: str, category: str = "") -> dict[str, np.ndarray | None]:
    """Burdens by stage: given, or the sum of the parts; hardware in it brings its transport and its end along.

    What it takes of other categories (".water") is given, or not known.
    """
    about = model.spec["hardware"][thing]
    found: dict[str, np.ndarray | None] = {}
    for stage, field in (
        ("manufacturing", "embodied"),
        ("distribution", "distribution"),
        ("end_of_life", "end_of_life"),
    ):
        given = model.get("hardware", thing, f"{field}{category}")
        if given is None and not category:
            pieces = [_of_part(model, part, field) for part in about["parts"]]
            given = summed([piece for piece in pieces if piece is not None])
        found[stage] = given
    return found


def _of_part(model: Oracle, part: Mapping[str, Any], field: str) -> np.ndarray | None:
    if part["kind"] == "hardware":
        return burdens_of(model, part["name"])[{"embodied": "manufacturing"}.get(field, field)]
    if part["kind"] == "share":
        whole = part["of"]
        inner = {"kind": "hardware", "name": whole} if isinstance(whole, str) else whole
        burden = _of_part(model, inner, field)
        return None if burden is None else burden / part["among"]
    return _made(model, part) if field == "embodied" else None


def _made(model: Oracle, part: Mapping[str, Any]) -> np.ndarray:
    """(amount x factor + fixed) x count, or the burden that is given."""

    def leaf(field: str) -> np.ndarray:
        return model.leaf(f"{part['name']}.{field}")

    if "embodied" in part:
        return leaf("embodied")
    made = leaf("fixed") if "fixed" in part else np.zeros((1,) * len(AXES))
    if part["kind"] == "die":
        made = made + _die(model, part)
    elif "factor" in part:
        made = made + leaf(AMOUNTS[part["kind"]]) * leaf("factor")
    return made * part.get("count", 1)


def _die(model: Oracle, part: Mapping[str, Any]) -> np.ndarray:
    """A x (CI x EPA + GPA + MPA) / (Y + h (1 - Y)), with the yield of the model that is named."""

    def leaf(field: str) -> np.ndarray:
        return model.leaf(f"{part['name']}.{field}")

    area, defects = leaf("area"), leaf("defect_density")
    expected = area * defects
    if part["yield_model"] == "poisson":
        good = np.exp(-expected)
    elif part["yield_model"] == "murphy":
        good = ((1 - np.exp(-expected)) / expected) ** 2
    else:
        good = (1 + expected / leaf("clustering")) ** -leaf("clustering")
    sold = good + leaf("harvest") * (1 - good)
    grid = part["fab"]
    intensity = model.get("electricity", grid, "intensity")
    if "busbar" in model.spec["electricity"][grid]["intensity"]["u"]:
        intensity = intensity / (1 - model.get("electricity", grid, "grid_loss"))
    return area * (intensity * leaf("fab_energy") + leaf("gases") + leaf("materials")) / sold
