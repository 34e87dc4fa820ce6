"""Trainings that are estimated, from operations or from a rated power, through the records that estimate."""

from __future__ import annotations

from typing import Any

from base_estimates import ONLY, value
from published_cases import Case, Ours

import lca


def site(case: Case, **rest: Any) -> lca.Site:
    """The place of a case: its PUE, and its intensity at the facility."""
    grid = lca.Electricity(f"{case.name} grid", intensity=case["intensity"], at="facility")
    return lca.Site(case.name, electricity=grid, pue=case.number("pue"), **rest)


def outcome(run: lca.Training, case: Case) -> dict[str, float]:
    """The energy at the facility and the total of a study of one training, in the printed units."""
    study = lca.Study(run.name, run, functional_unit=lca.FunctionalUnit("run", count=1), excluded=ONLY)
    flow = run.electricity
    energy = flow.site.at_facility(flow.energy, device_time=flow.device_time)
    found = {"co2e": value({"value": study.model.outputs["total"]}, case.outputs["co2e"].unit)}
    if "energy" in case.outputs:
        found["energy"] = value(energy, f"{case.outputs['energy'].unit} at_facility")
    return found


def from_flops(case: Case, **rest: Any) -> lca.Training:
    """A training of so many parameters on so many tokens."""
    return lca.Training.from_flops(
        case.name,
        parameters=case.number("parameters"),
        tokens=case["tokens"],
        accelerator=case.names["accelerator"],
        **rest,
    )


def llmcarbon(case: Case) -> dict[str, float]:
    """Its power is that of an accelerator with its host (Patterson et al. 2021), so at the wall."""
    run = from_flops(
        case, utilisation=case.number("utilisation"), power=case["power"], at="wall",
        devices=int(case.number("devices")), site=site(case),
    )  # fmt: skip
    return {"duration": value(run.duration, case.outputs["duration"].unit), **outcome(run, case)}


def rated(case: Case) -> dict[str, float]:
    """A training at the rated power of its devices all the time. Memory counts as the rest of the machine."""
    sheet = lca.Accelerator(f"{case.name} device", tdp=case["power"], load=1)
    fields: dict[str, Any] = {"beyond": "not counted", "site": site(case)}
    if "memory" in case.inputs:
        rest = lca.parameter("memory", case["memory"]) * lca.parameter("power of memory", case["memory_power"])
        fields = {"site": site(case, rest_of_machine=rest, supply_efficiency=1.0)}
    if "devices" in case.inputs:
        fields["devices"] = int(case.number("devices"))
    return outcome(lca.Training(case.name, accelerator=sheet, duration=case["duration"], **fields), case)


def computed(case: Case) -> dict[str, Ours]:
    """Every output of a case."""
    if not case.outputs:
        return {}
    found = llmcarbon(case) if case.name.startswith("llmcarbon") else rated(case)
    return {name: Ours(one, one, one) for name, one in found.items()}


def told(case: Case) -> dict[str, tuple[float, float, float]]:
    """5, 50 and 95 % of the energy that is estimated, in the unit of what was measured."""
    if not case.measured:
        return {}
    run = from_flops(case, devices=512)
    draws = lca.monte_carlo(run.energy, draws=20_000, progress=False).data["value"]
    ratio = lca.quantity(1.0, draws.attrs["unit"]) / lca.quantity(1.0, f"{case.measured['energy'].unit} at_component")
    scale = float(ratio.to("").magnitude)
    low, median, high = (float(draws.quantile(u)) * scale for u in (0.05, 0.5, 0.95))
    return {"energy": (low, median, high)}
