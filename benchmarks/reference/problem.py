"""The reference problem: the footprint of a fleet of 1,000 devices that run a trained network, cradle to grave.

25 uncertain parameters, four stages and a total, in kg CO2e. Everything that solves it takes `PARAMETERS` and does the
arithmetic of `stages`. It needs NumPy alone, so that other tools can be run in environments of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np


class Parameter(NamedTuple):
    """One uncertain value: its family, what the family takes, and the unit as lca reads it.

    lognormal(median, gsd), normal(mean, sd), uniform(low, high), triangular(low, mode, high), pert(low, mode, high).
    """

    family: str
    numbers: tuple[float, ...]
    unit: str = ""


_INTENSITY = "kg CO2e/(kWh at_facility)"
PARAMETERS = {
    # training: five models, timed over 1,000 iterations of 170,000
    "runs": Parameter("triangular", (1.0, 3.0, 10.0)),
    "slowdown": Parameter("lognormal", (1.0, 1.05)),
    "watts_1": Parameter("normal", (147.0, 4.0), "W at_wall"),
    "watts_2": Parameter("normal", (146.0, 4.0), "W at_wall"),
    "watts_3": Parameter("normal", (140.0, 4.0), "W at_wall"),
    "watts_4": Parameter("normal", (148.0, 4.0), "W at_wall"),
    "watts_5": Parameter("normal", (145.0, 4.0), "W at_wall"),
    "pue": Parameter("triangular", (1.1, 1.25, 1.58), "at_facility/at_wall"),
    "grid_training": Parameter("lognormal", (0.433, 1.10), _INTENSITY),
    # use
    "joules": Parameter("lognormal", (0.386, 1.10), "J at_wall/inference"),
    "rate": Parameter("triangular", (5.0, 20.0, 30.0), "inference/s"),
    "duty": Parameter("pert", (0.05, 0.30, 0.90)),
    "idle_watts": Parameter("normal", (3.0, 0.3), "W at_wall"),
    "years": Parameter("triangular", (2.0, 4.0, 5.0), "year"),
    "grid_use": Parameter("lognormal", (0.40, 1.20), _INTENSITY),  # in the first year
    "decline": Parameter("uniform", (0.0, 0.06)),  # of the intensity, from one year to the next
    # manufacturing
    "die_area": Parameter("normal", (3.5, 0.1), "cm^2"),
    "fab_energy": Parameter("triangular", (0.9, 1.5, 2.75), "kWh at_facility/cm^2"),
    "fab_grid": Parameter("lognormal", (0.50, 1.20), _INTENSITY),
    "fab_gas": Parameter("uniform", (0.10, 0.30), "kg CO2e/cm^2"),
    "die_yield": Parameter("pert", (0.50, 0.875, 0.95)),
    "memory": Parameter("lognormal", (0.29, 1.30), "kg CO2e/GB"),
    "storage": Parameter("lognormal", (0.03, 1.40), "kg CO2e/GB"),
    # ends
    "transport": Parameter("lognormal", (1.5, 1.5), "kg CO2e"),
    "end_of_life": Parameter("uniform", (0.2, 1.0), "kg CO2e"),
}
SECONDS = (196.0, 188.0, 227.0, 143.0, 187.0)  # of 1,000 iterations of each model
THOUSANDS = 170.0
DEVICES, SERVICE_YEARS, YEARS = 1000.0, 6.0, 5
FAB_MATERIALS, MEMORY_GB, STORAGE_GB, PACKAGING = 0.5, 4.0, 64.0, 0.15
HOURS_PER_YEAR = 8766.0

#: The grid of scenarios: 27 regions, 4 lifetimes and 3 engines.
REGIONS = tuple(0.10 + 0.70 * i / 26 for i in range(27))  # median intensities, kg/kWh
LIFETIMES = (2.0, 3.0, 4.5, 5.0)  # years, in place of the uncertain value
ENGINES = (0.386, 0.461, 0.524)  # median joules per inference

STAGES = ("training", "use", "manufacturing", "ends", "total")


def stages(p: Mapping[str, Any], clip: Callable[..., Any] = np.clip) -> dict[str, Any]:
    """Every stage and the total of values that NumPy, xarray or SymPy can add and multiply."""
    energy = sum(s * p[f"watts_{i}"] for i, s in enumerate(SECONDS, 1)) * (THOUSANDS / 3.6e6)
    training = energy * p["runs"] * p["slowdown"] * p["pue"] * p["grid_training"]
    watts = p["joules"] * p["rate"] * p["duty"] + p["idle_watts"]
    intensity, kept, weighted = p["grid_use"], 1.0 - p["decline"], 0.0
    for year in range(YEARS):
        weighted = weighted + intensity * clip(p["years"] - year, 0.0, 1.0)
        intensity = intensity * kept
    use = DEVICES * HOURS_PER_YEAR / 1000 * watts * weighted
    die = p["die_area"] * (p["fab_energy"] * p["fab_grid"] + p["fab_gas"] + FAB_MATERIALS) / p["die_yield"]
    device = die + MEMORY_GB * p["memory"] + STORAGE_GB * p["storage"] + PACKAGING
    made = device * DEVICES * (p["years"] / SERVICE_YEARS)
    ends = DEVICES * (p["transport"] + p["end_of_life"])
    return {
        "training": training,
        "use": use,
        "manufacturing": made,
        "ends": ends,
        "total": training + use + made + ends,
    }


def beta_shape(numbers: tuple[float, ...]) -> tuple[float, float, float, float]:
    """(alpha, beta, low, width) of a PERT distribution."""
    low, mode, high = numbers
    width = high - low
    return 1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, low, width


def drawn(rng: np.random.Generator, name: str, n: int) -> np.ndarray:
    """Draws of one parameter, as an expert writes them."""
    family, numbers, _ = PARAMETERS[name]
    if family == "lognormal":
        return rng.lognormal(math.log(numbers[0]), math.log(numbers[1]), n)
    if family == "pert":
        alpha, beta, low, width = beta_shape(numbers)
        return low + width * rng.beta(alpha, beta, n)
    return getattr(rng, family)(*numbers, n)


def all_drawn(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """Draws of every parameter."""
    return {name: drawn(rng, name, n) for name in PARAMETERS}


def quantile(name: str, u: np.ndarray) -> np.ndarray:
    """The exact inverse distribution function of one parameter, from SciPy."""
    from scipy import special

    family, numbers, _ = PARAMETERS[name]
    if family in ("lognormal", "normal"):
        z = special.ndtri(u)
        return numbers[0] * numbers[1] ** z if family == "lognormal" else numbers[0] + numbers[1] * z
    low, high = numbers[0], numbers[-1]
    if family == "uniform":
        return low + (high - low) * u
    if family == "pert":
        alpha, beta, low, width = beta_shape(numbers)
        return low + width * special.betaincinv(alpha, beta, u)
    left, right = numbers[1] - low, high - numbers[1]
    rising = u * (high - low) < left
    return np.where(rising, low + np.sqrt(u * left * (high - low)), high - np.sqrt((1 - u) * right * (high - low)))


def answer_of(values: np.ndarray) -> dict[str, float]:
    """Mean, P5, P50 and P95 of draws of the total."""
    p5, p50, p95 = np.quantile(values, [0.05, 0.5, 0.95])
    return {"mean": float(values.mean()), "p5": float(p5), "p50": float(p50), "p95": float(p95)}
