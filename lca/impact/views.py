"""Flows as impacts by stage, in each way to count: climate change by place, by contract, other categories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from ..formulas import hardware_impact
from ..graph.node import Node
from ..inventory.activity import Activity, ElectricityFlow, HardwareFlow
from ..inventory.stages import STAGES, stage_label
from .dim_roles import Roles
from .electricity_impact import electricity_of_category, lacking_factors

#: Flows of electricity, each with its energy at the facility; flows of hardware, each with the device lives charged.
Energies: TypeAlias = Mapping[ElectricityFlow, Node]
Lives: TypeAlias = Mapping[HardwareFlow, Node]
#: What one device of a kind owes, by stage; None where it is not given.
Burdens: TypeAlias = Mapping[str, Node | None]
#: The stages that hardware brings along, with the field of a record for each (A8).
BURDENS = {"manufacturing": "embodied", "distribution": "distribution", "end_of_life": "end_of_life"}
#: The view of climate change in which electricity is what was bought, beside the location-based one (A9).
MARKET = "market_based"
#: What recycled material spares others: it stands apart, and enters no total (A9).
CREDIT = "recycling_credit"


def detail(used: ElectricityFlow) -> str:
    """The name of the impacts of an electricity flow."""
    return f"{used.stage}/{used.name}"


def staged(details: Mapping[str, Node], roles: Roles, way: str = "", *, whole: bool = True) -> dict[str, Node]:
    """A node per stage, parts summed before stages are added, and "total" if all of it is known (`whole`).

    Those of another way to count are named after it: "way/stage", "way/total".
    """
    before, said = (f"{way}/", f"{way}: ") if way else ("", "")
    made: dict[str, Node] = {}
    for stage in STAGES:
        inside = [roles.summed(node) for name, node in details.items() if name.split("/")[0] == stage]
        if inside:
            made[f"{before}{stage}"] = sum(inside[1:], inside[0]).named(f"{said}{stage_label(stage)}")
    if whole and made:
        stages = list(made.values())
        made[f"{before}total"] = sum(stages[1:], stages[0]).named(f"{said}total")
    return made


def energy_gaps(activities: Iterable[Activity]) -> list[tuple[str, str]]:
    """(the energy that is lacking, the stage left incomplete) of activities known by their CO2e alone (A13)."""
    return [(f"{one.slug}: its energy, not published", one.stage) for one in activities if one.impact is not None]


def of_category(
    name: str, energies: Energies, lives: Lives, roles: Roles, unknown: Sequence[tuple[str, str]] = ()
) -> tuple[dict[str, Node], tuple[str, ...]]:
    """(details of an impact category, the factors that are lacking); a stage that lacks one is left out whole.

    `unknown` holds what is lacking beside the factors, each with its stage.
    """

    def given(held: HardwareFlow) -> Burdens:
        """The factors of hardware by stage; what is excluded from the study is excluded from every category."""
        factors = held.hardware.categories.get(name, {})
        return {s: factors.get(field) for s, field in BURDENS.items() if getattr(held.hardware, field) is not None}

    gaps = [*unknown, *((gap, flow.stage) for flow in energies for gap in lacking_factors(flow, name))]
    for held in lives:
        lacking = [stage for stage, factor in given(held).items() if factor is None]
        gaps += [(f"{held.hardware.slug}.{name}.{BURDENS[stage]}", stage) for stage in lacking]
    incomplete = {stage for _, stage in gaps}
    details = {
        detail(flow): electricity_of_category(energy, flow, name, roles)
        for flow, energy in energies.items()
        if flow.stage not in incomplete
    }
    details |= of_hardware(lives, lambda held: {s: f for s, f in given(held).items() if s not in incomplete}, roles)
    return details, tuple(dict.fromkeys(gap for gap, _ in gaps))


def of_hardware(lives: Lives, burdens: Callable[[HardwareFlow], Burdens], roles: Roles) -> dict[str, Node]:
    """The details of hardware: the device lives charged x the burdens of one device, by stage.

    A burden may be split over parts, and is then their sum; over years it is that of the devices of each year.
    """
    details: dict[str, Node] = {}
    by_year = Roles((), roles.alternatives)
    for held, owed in lives.items():
        activity, device = held.activity.slug, held.hardware.slug
        for stage, burden in burdens(held).items():
            if burden is not None:
                impact = hardware_impact(owed, by_year.multiplies(burden, owed, f"{activity}, {device}"))
                details[hardware_detail(stage, held, lives)] = impact.named(f"{activity}: {stage_label(stage)}")
    return details


def hardware_detail(stage: str, held: HardwareFlow, lives: Lives) -> str:
    """The name of a burden of hardware: with the device where an activity runs on several kinds."""
    several = len({flow.hardware for flow in lives if flow.activity is held.activity}) > 1
    return f"{stage}/{held.activity.slug}/{held.hardware.slug}" if several else f"{stage}/{held.activity.slug}"
