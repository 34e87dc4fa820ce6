"""Values as plain data: numbers, distributions, labels; as what `lca` takes, and as arrays of draws for the oracle.

A value is {"u": unit text, "v": number or [family, *arguments]}, with labels {"dim": ..., "v": {label: ...}}. A reading
adds {"meter": name}; {"ref": "robots.rate", "times": 0.5} is taken from another component.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

import lca

#: The axes of every array of the oracle; "net" to "comp" are summed, "eng" and "est" are of rivals.
AXES = ("net", "loc", "model", "comp", "eng", "est", "year", "draw")
PARTS = ("net", "loc", "model", "comp")
RIVALS = ("eng", "est")
YEAR = 365.25 * 86_400
_GRAM, _KWH = 1e-3, 3.6e6
#: Root units in each unit that a spec may name, boundaries left out.
UNITS = {
    "": 1.0, "device": 1.0, "W": 1.0, "kW": 1e3, "J": 1.0, "kWh": _KWH, "MJ": 1e6, "s": 1.0, "h": 3600.0,
    "day": 86_400.0, "year": YEAR, "h/day": 1 / 24, "inference/s": 1.0, "inference/h": 1 / 3600, "inference/batch": 1.0,
    "J/inference": 1.0, "Wh/inference": 3600.0, "J/batch": 1.0, "kg CO2e": 1.0, "g CO2e": _GRAM, "t CO2e": 1e3,
    "kg CO2e/kWh": 1 / _KWH, "g CO2e/kWh": _GRAM / _KWH, "kg CO2/kWh": 1 / _KWH, "g CO2/kWh": _GRAM / _KWH,
    "g CH4/kWh": _GRAM / _KWH, "g N2O/kWh": _GRAM / _KWH, "kWh/GB": _KWH / 1e9, "kB/inference": 1e3,
    "image/s": 1.0, "batch/s": 1.0, "request/s": 1.0, "token/s": 1.0, "token/request": 1.0, "J/image": 1.0,
    "J/token": 1.0, "J/request": 1.0, "kB/request": 1e3, "kB/token": 1e3,
    "MB/inference": 1e6, "iteration": 1.0, "cm^2": 1e-4, "GB": 1e9, "kg": 1.0, "kg CO2e/cm^2": 1e4,
    "kg CO2e/GB": 1e-9, "L": 1.0, "L/kWh": 1 / _KWH, "1/cm^2": 1e4, "kWh/cm^2": _KWH * 1e4, "kg CO2e/kg": 1.0,
}  # fmt: skip
_FAMILIES = {
    "normal": lca.Normal, "lognormal": lambda m, g: lca.Lognormal(m, gsd=g), "triangular": lca.Triangular,
    "uniform": lca.Uniform, "pert": lca.Pert, "split": lambda *ends: lca.Lognormal.through(*ends, level=0.9),
    "data": lambda *numbers: lca.Empirical(list(numbers)),
}  # fmt: skip


def scale_of(unit: str) -> float:
    """Root units in a unit, whatever boundary it was measured at."""
    return UNITS[re.sub(r"\((\w+)\)$", r"\1", re.sub(r" ?at_\w+", "", unit))]


def boundary_of(unit: str) -> str:
    """ "board" of "W at_board"."""
    return re.search(r"at_(\w+)", unit)[1]  # type: ignore[index]


def distribution(given: Any) -> Any:
    """A number or a distribution without unit, as `lca` takes it."""
    return _FAMILIES[given[0]](*given[1:]) if isinstance(given, (list, tuple)) else given


def _with_unit(given: Any, unit: str) -> Any:
    if not isinstance(given, (list, tuple)):
        return f"{given!r} {unit}".strip() if unit else given
    family, *numbers = given
    if family == "lognormal":
        return lca.Lognormal(f"{numbers[0]!r} {unit}".strip() if unit else numbers[0], gsd=numbers[1])
    if family == "data":
        return lca.Empirical(numbers, unit)
    if family == "split":
        return lca.Lognormal.through(*(f"{number!r} {unit}".strip() for number in numbers), level=0.9)
    return _FAMILIES[family](*([f"{number!r} {unit}" for number in numbers] if unit else numbers))


def as_given(value: Mapping[str, Any], unit: str | None = None) -> Any:
    """A value as a user writes it: a text, a number, a distribution, labelled data."""
    unit = value["u"] if unit is None else unit
    if "dim" not in value:
        return _with_unit(value["v"], unit)
    data = {label: distribution(one) for label, one in value["v"].items()}
    return lca.labelled(data, unit, dim=value["dim"], shared=value.get("shared", False))


def nominal_of(given: Any) -> float:
    """The nominal value of a number or a distribution (U5)."""
    if not isinstance(given, (list, tuple)):
        return float(given)
    family, *numbers = given
    if family == "uniform":
        return (numbers[0] + numbers[1]) / 2
    if family == "data":
        return float(np.median(numbers))
    return float(numbers[1] if family in ("triangular", "pert", "split") else numbers[0])


def is_random(value: Mapping[str, Any]) -> bool:
    """Whether a value holds a distribution."""
    held = value["v"].values() if "dim" in value else [value["v"]]
    return any(isinstance(one, (list, tuple)) for one in held)


def on_axes(rows: np.ndarray, dim: str | None) -> np.ndarray:
    """Values by label and draw, shape (labels, draws) or (draws,), on the axes of the oracle."""
    shape = [1] * len(AXES)
    shape[-1] = rows.shape[-1]
    if dim is not None:
        shape[AXES.index(dim)] = rows.shape[0]
    return rows.reshape(shape)


class Leaves:
    """The leaves of one spec as arrays in root units: nominal values, or the draws that `lca` gives to their keys.

    A draw depends on the seed, the key and the label (U2), so the keys alone are shared with the study: every
    leaf is evaluated as a parameter of its own, without unit.
    """

    def __init__(self, values: Mapping[str, Mapping[str, Any]], draws: int, seed: int = 0) -> None:
        self.values, self.draws = values, draws
        self.drawn: dict[str, np.ndarray] = {}
        groups: dict[Any, dict[str, Any]] = {}  # one result holds one set of years
        for key, value in values.items():
            if draws and is_random(value):
                years = tuple(value["v"]) if value.get("dim") == "year" else ()
                groups.setdefault(years, {})[key] = lca.parameter(key, as_given(value, ""))
        for nodes in groups.values():
            made = lca.monte_carlo(nodes, draws=draws, seed=seed, progress=False).data
            self.drawn |= {key: made[key].to_numpy() for key in nodes}

    def __call__(self, key: str, years: Any = None) -> np.ndarray:
        """A leaf on the axes, in root units; of one labelled by year those years that are asked for (A5)."""
        value = self.values[key]
        dim = value.get("dim")
        if key in self.drawn:
            rows = self.drawn[key]
        else:
            held = list(value["v"].values()) if dim else [value["v"]]
            rows = np.array([nominal_of(one) for one in held])[:, None]
            rows = rows if dim else rows[0]
        if dim == "year" and years is not None:
            labels = list(value["v"])
            rows = rows[[labels.index(year) for year in years]]
        return on_axes(rows, dim) * scale_of(value["u"])
