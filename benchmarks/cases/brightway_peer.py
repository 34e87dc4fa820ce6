"""The reference problem as exchanges of Brightway, with the Monte Carlo of bw2calc.

A product of uncertain values is a chain of activities. Three parts of the problem are no exchanges: the decline of the
grid, the fraction of the last year and a division. In their place stand factors of about the same size, so its mean
differs by some per cent. The work for each draw is what counts here: one matrix of 26 uncertain exchanges.
"""

from __future__ import annotations

import math
import os
import tempfile
from typing import Any

os.environ.setdefault("BRIGHTWAY2_DIR", tempfile.mkdtemp())

import bw2calc
import bw2data
import numpy as np
from reference import problem as ref

from . import Act

Exchange = dict[str, Any]


def uncertain(name: str, factor: float = 1.0) -> Exchange:
    """A parameter times a constant, as stats_arrays describes it."""
    family, numbers, _ = ref.PARAMETERS[name]
    a = [x * factor for x in numbers]
    if family == "lognormal":
        return {"amount": a[0], "uncertainty type": 2, "loc": math.log(a[0]), "scale": math.log(numbers[1])}
    if family == "normal":
        return {"amount": a[0], "uncertainty type": 3, "loc": a[0], "scale": a[1]}
    if family == "uniform":
        return uniform(*a)
    ends = {"minimum": a[0], "maximum": a[2], "amount": a[1]}
    if family == "triangular":
        return {**ends, "uncertainty type": 5, "loc": a[1]}
    alpha, beta, _, _ = ref.beta_shape(tuple(a))
    return {**ends, "uncertainty type": 10, "loc": alpha, "shape": beta}


def uniform(low: float, high: float) -> Exchange:
    """A uniform amount."""
    return {"amount": (low + high) / 2, "uncertainty type": 4, "minimum": low, "maximum": high}


def activities() -> dict[tuple[str, str], dict[str, Any]]:
    """The foreground: every activity with its exchanges."""
    made: dict[tuple[str, str], dict[str, Any]] = {}

    def activity(name: str, *inputs: tuple[str, float | Exchange]) -> None:
        exchanges: list[Exchange] = [{"input": ("fleet", name), "amount": 1, "type": "production"}]
        for source, amount in inputs:
            gas = source == "co2"
            one = {"input": ("gases" if gas else "fleet", source), "type": "biosphere" if gas else "technosphere"}
            exchanges.append(one | (amount if isinstance(amount, dict) else {"amount": amount}))
        made["fleet", name] = {"name": name, "type": "process", "exchanges": exchanges}

    def chain(name: str, end: str, *factors: Exchange) -> None:
        names = [name, *(f"{name} {i}" for i in range(1, len(factors))), end]
        for above, below, factor in zip(names, names[1:], factors, strict=False):
            activity(above, (below, factor))

    thousands = ref.THOUSANDS / 3.6e6
    activity("kWh of the hall", ("co2", uncertain("grid_training")))
    powers = [uncertain(f"watts_{i}", seconds * thousands) for i, seconds in enumerate(ref.SECONDS, 1)]
    activity("energy", *(("kWh of the hall", power) for power in powers))
    chain("training", "energy", uncertain("runs"), uncertain("slowdown"), uncertain("pue"))
    activity("kWh of the field", ("co2", uncertain("grid_use")))
    chain("inferences", "kWh of the field", uncertain("joules"), uncertain("rate"), uncertain("duty"))
    activity("power", ("inferences", 1.0), ("kWh of the field", uncertain("idle_watts")))
    chain("use", "power", uniform(0.91, 1.0), uncertain("years", ref.DEVICES * ref.HOURS_PER_YEAR / 1000))
    activity("kWh of the fab", ("co2", uncertain("fab_grid")))
    gases = (("co2", uncertain("fab_gas")), ("co2", ref.FAB_MATERIALS))
    activity("area", ("kWh of the fab", uncertain("fab_energy")), *gases)
    chain("die", "area", uniform(1.08, 1.37), uncertain("die_area"))
    parts = (("co2", uncertain("memory", ref.MEMORY_GB)), ("co2", uncertain("storage", ref.STORAGE_GB)))
    activity("device", ("die", 1.0), *parts, ("co2", ref.PACKAGING))
    ends = (("co2", uncertain(name, ref.DEVICES)) for name in ("transport", "end_of_life"))
    devices = uncertain("years", ref.DEVICES / ref.SERVICE_YEARS)
    activity("fleet", ("training", 1.0), ("use", 1.0), ("device", devices), *ends)
    return made


def total(draws: int) -> Act:
    """`draws` iterations of the Monte Carlo."""
    bw2data.projects.set_current("reference")
    bw2data.Database("gases").write({("gases", "co2"): {"name": "co2", "type": "emission", "exchanges": []}})
    bw2data.Database("fleet").write(activities())
    method = bw2data.Method(("climate",))
    method.register(unit="kg")
    method.write([(("gases", "co2"), 1.0)])
    unit, data, _ = bw2data.prepare_lca_inputs({("fleet", "fleet"): 1}, method=("climate",))

    def act(seed: int) -> dict[str, float]:
        found = bw2calc.LCA(unit, data_objs=data, use_distributions=True, seed_override=seed)
        found.lci()
        found.lcia()
        scores = np.empty(draws)
        for i in range(draws):
            next(found)
            scores[i] = found.score
        return ref.answer_of(scores)

    return act
