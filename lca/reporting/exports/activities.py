"""What an export asks of the activities of a study: energy, what it emits, hardware, places and machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import xarray

from ...electricity.electricity import Electricity
from ...impact.views import BURDENS
from ...interpretation.result import Result
from ...inventory.activity import Activity
from ...inventory.stages import STAGES, stage_label
from .numbers import Number, drawn
from .texts import say

ENERGY_UNIT = "kWh at the facility"
INTENSITY_UNIT = "kg CO2e/(kWh at the facility)"


@dataclass(frozen=True, eq=False)
class Told:
    """One activity as a result tells it, by the names of its variables; `record` is it, where the study is known."""

    slug: str
    stage: str
    energy: tuple[str, ...]  # "energy/robots"
    operation: tuple[str, ...]  # "use/robots", of this energy, or as its publisher states it
    embodied: tuple[str, ...]  # "manufacturing/robots"
    record: Activity | None


def told(result: Result) -> list[Told]:
    """The activities of a result, in the order of the stages."""
    details = [(name, *name.split("/")[:2]) for name in result.model.details]
    stages = {slug: stage for _, stage, slug in details if stage not in BURDENS}
    records = {one.slug: one for one in (result.study.activities if result.study is not None else ())}
    energies = [name for name in result.model.outputs if name.startswith("energy/")]
    return [
        Told(
            slug,
            stage,
            tuple(name for name in energies if name.split("/")[1] == slug),
            tuple(name for name, where, of in details if of == slug and where not in BURDENS),
            tuple(name for name, where, of in details if of == slug and where in BURDENS),
            records.get(slug),
        )
        for slug, stage in sorted(stages.items(), key=lambda one: STAGES.index(one[1]))
    ]


def energy_of(result: Result, those: Iterable[Told]) -> xarray.DataArray:
    """Their electricity, [kWh at the facility], draw by draw."""
    return drawn(result, [name for one in those for name in one.energy])


def operation_of(result: Result, those: Iterable[Told]) -> xarray.DataArray:
    """What their electricity emits, and what a publisher states in its place, [kg CO2e], draw by draw."""
    return drawn(result, [name for one in those for name in one.operation])


def embodied_of(result: Result, those: Iterable[Told]) -> xarray.DataArray:
    """The making, transport and end of life of their hardware, [kg CO2e], draw by draw."""
    return drawn(result, [name for one in those for name in one.embodied])


def energy_number(result: Result, those: Iterable[Told]) -> Number:
    """Their electricity as a number."""
    return Number.of_draws(energy_of(result, those), ENERGY_UNIT)


def intensity_of(result: Result, those: Iterable[Told]) -> Number | None:
    """What a kWh at the facility emits, over those of which the energy is known; None where there is none."""
    known = [one for one in those if one.energy]
    energy = energy_of(result, known)
    if not bool((energy > 0).all()):
        return None
    return Number.of_draws(operation_of(result, known) / energy, INTENSITY_UNIT)


def without_energy(those: Iterable[Told]) -> list[str]:
    """Activities that are known by their CO2e alone."""
    return [one.slug for one in those if not one.energy]


def electricity_of(those: Iterable[Told]) -> list[Electricity]:
    """The electricity of their sites, each once."""
    sites = [flow.site for one in those if one.record for flow in one.record.electricity_flows]
    return list(dict.fromkeys(site.electricity for site in sites if site.electricity is not None))


def machines_of(those: Iterable[Told]) -> list[str]:
    """The names of the hardware that they run on, each once."""
    return list(dict.fromkeys(thing.name for one in those if one.record for thing in one.record.machines))


def kept_note(result: Result) -> list[str]:
    """What is said where sums over activities are not over all draws."""
    return [say("common", "kept", first=result.first)] if result.first else []


def said_of_draws(result: Result) -> str:
    """What the numbers of an export are: medians of so many draws, or nominal values."""
    return say("common", "drawn", draws=result.drawn) if result.seed is not None else say("common", "nominal")


def reasons(result: Result, stages: Sequence[str]) -> dict[str, str]:
    """Why each stage that is not among `stages` is not: its exclusion, or that it was left out here."""
    excluded = {name: one.reason for name, one in result.model.excluded.items() if name in STAGES}
    return {name: excluded.get(name, "modelled, and left out here") for name in STAGES if name not in stages}


def boundary(within: Sequence[str], outside: Mapping[str, str]) -> str:
    """What is within a boundary and what is not, with the reasons."""
    said = [say("common", "within", stages=", ".join(map(stage_label, within)))]
    for reason in dict.fromkeys(outside.values()):
        stages = ", ".join(stage_label(stage) for stage, why in outside.items() if why == reason)
        said.append(say("common", "without", stages=stages, reason=reason))
    return " ".join(said)
