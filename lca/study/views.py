"""Flows as impacts by stage, in each way to count: climate change by place, by contract, other categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ..expression.node import Node
from ..formulas import hardware_impact
from ..inventory.activity import ElectricityFlow, HardwareFlow
from .allocation import device_lives
from .operation import electricity_of_category, emission, grid_of
from .roles import Roles
from .scope import STAGES, stage_label

#: A flow of electricity with its energy at the facility.
Supplied: TypeAlias = tuple[ElectricityFlow, Node]
#: The stages that hardware brings along, with the field of a record for each (A8).
BURDENS = {"manufacturing": "embodied", "distribution": "distribution", "end_of_life": "end_of_life"}
#: The view of climate change in which electricity is what was bought, beside the location-based one (A9).
MARKET = "market_based"
#: What recycled material spares others: it stands apart, and enters no total (A9).
CREDIT = "recycling_credit"


def detail(used: ElectricityFlow) -> str:
    """The name of the impacts of an electricity flow."""
    return f"{used.stage}/{used.name}"


def several(held: HardwareFlow, hardware: Sequence[HardwareFlow]) -> bool:
    """Whether an activity holds more than one kind of hardware, so that its details are told apart."""
    return len({flow.hardware for flow in hardware if flow.activity is held.activity}) > 1


def staged(details: Mapping[str, Node], roles: Roles) -> dict[str, Node]:
    """A node per stage, parts summed before stages are added."""
    stages: dict[str, Node] = {}
    for stage in STAGES:
        inside = [roles.summed(node) for name, node in details.items() if name.split("/")[0] == stage]
        if inside:
            stages[stage] = sum(inside[1:], inside[0]).named(stage_label(stage))
    return stages


def view(name: str, details: Mapping[str, Node], roles: Roles, *, whole: bool = True) -> dict[str, Node]:
    """The outputs of another way to count, "name/stage" and "name/total"; no total where something is lacking."""
    stages = staged(details, roles)
    made = {f"{name}/{stage}": node.named(f"{name}: {stage_label(stage)}") for stage, node in stages.items()}
    if whole and made:
        nodes = list(made.values())
        made[f"{name}/total"] = sum(nodes[1:], nodes[0]).named(f"{name}: total")
    return made


def bought(energies: Sequence[Supplied], gwp: str, roles: Roles) -> dict[str, Node]:
    """Emissions by what was bought; where nothing was said of that, by the place (GHG Protocol Scope 2, table 6.3)."""
    return {
        detail(used): emission(energy, used, used.site.market_electricity or grid_of(used), gwp, roles)
        for used, energy in energies
    }


def of_category(
    name: str, energies: Sequence[Supplied], hardware: Sequence[HardwareFlow], roles: Roles
) -> tuple[dict[str, Node], tuple[str, ...]]:
    """(details of an impact category, the factors that are lacking); a stage that lacks one is left out whole."""
    found: dict[str, Node | None] = {}
    gaps: dict[str, None] = {}
    for used, energy in energies:
        found[detail(used)], lacking = electricity_of_category(energy, used, name, roles)
        gaps |= dict.fromkeys(lacking)
    for held in hardware:
        # what is excluded from the study is excluded from every category
        counted = {stage: field for stage, field in BURDENS.items() if getattr(held.hardware, field) is not None}
        given = held.hardware.categories.get(name, {})
        for stage, field in counted.items():
            if field not in given:
                gaps[f"{held.hardware.slug}.{name}.{field}"] = found[f"{stage}/{held.activity.slug}"] = None
        burdens = {stage: given.get(field) for stage, field in counted.items()}
        found |= charged(held, burdens, roles, several(held, hardware))
    incomplete = {key.split("/")[0] for key, node in found.items() if node is None}
    details = {key: node for key, node in found.items() if node is not None and key.split("/")[0] not in incomplete}
    return details, tuple(gaps)


def charged(held: HardwareFlow, burdens: Mapping[str, Node | None], roles: Roles, told_apart: bool) -> dict[str, Node]:
    """The details of hardware that an activity holds: its burdens by stage, times the device lives it is charged.

    A life is intensive: it may differ over parts only where the devices or their time do (D5). A burden may be
    split over parts, and is then their sum; over years it is that of the devices of each year.
    """
    where = f"{held.activity.slug}, {held.hardware.slug}"
    lives = roles.apportioned(device_lives(held, parts=roles.parts))
    amounts = [node for node in (held.devices, held.period, held.running, held.share, held.made) if node is not None]
    for life in (held.hardware.lifetime, held.hardware.service_life):
        if life is not None and not set(roles.of(life)) <= {name for node in amounts for name in node.dim_names}:
            roles.multiplies(life, amounts[0], where)
    lives = lives.named(f"{held.activity.slug}: lives of {held.hardware.slug}")
    behind = f"/{held.hardware.slug}" if told_apart else ""
    by_year = Roles((), roles.alternatives)
    return {
        f"{stage}/{held.activity.slug}{behind}": hardware_impact(lives, by_year.multiplies(burden, lives, where)).named(
            f"{held.activity.slug}: {stage_label(stage)}"
        )
        for stage, burden in burdens.items()
        if burden is not None
    }
