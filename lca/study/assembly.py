"""From flows to impacts: the only place where a carbon factor meets an inventory.

Every flow becomes a detail on its own dims; parts are summed before stages are added, so that a flow
without a part dim is never counted once per part (D2, A7).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ..errors import SystemBoundaryError
from ..expression.functions import total
from ..expression.node import Node
from ..impact.categories import CLIMATE, category
from ..inventory.activity import Activity, HardwareFlow
from ..inventory.deployment import Deployment
from .allocation import charge_notes
from .operation import emission, grid_of, supplied
from .roles import Roles
from .scope import STAGES, Exclusion, FunctionalUnit, stage_label
from .tags import check_flows
from .views import BURDENS, CREDIT, MARKET, bought, charged, detail, of_category, several, staged, view


@dataclass(frozen=True, eq=False)
class Model:
    """A study as named nodes: what evaluation, sensitivity and reports work on.

    `outputs` holds a node per modelled stage, "total", "functional_unit", the details "stage/activity"
    and the inventory "energy/activity", each on its own dims; stages and total vary over alternatives only.
    Other impact categories and the market-based view are "category/stage" and "category/total"; `gaps` lists
    the factors that a category lacks: its stages that lack one, and its total, are missing, not smaller.
    """

    title: str
    outputs: Mapping[str, Node]
    stages: tuple[str, ...]
    parts: tuple[str, ...]
    alternatives: tuple[str, ...]
    functional_unit: str
    quality: str
    excluded: Mapping[str, Exclusion]
    notes: tuple[str, ...]
    gaps: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)

    @property
    def views(self) -> tuple[str, ...]:
        """Other ways to count than climate change by place: impact categories, and "market_based"."""
        stages = {*STAGES, "total"}
        found = [name.split("/") for name in self.outputs if name.count("/") == 1]
        ways = [way for way, stage in found if stage in stages and way not in (*STAGES, "energy", "per")]
        return tuple(dict.fromkeys([*ways, *self.gaps]))

    @property
    def details(self) -> tuple[str, ...]:
        """The names of the details, "stage/activity"."""
        return tuple(name for name in self.outputs if "/" in name and name.split("/")[0] in STAGES)


def assemble(
    title: str,
    activities: Sequence[Activity],
    functional_unit: FunctionalUnit,
    *,
    parts: Sequence[str],
    alternatives: Sequence[str],
    excluded: Mapping[str, Exclusion],
    gwp: str,
    mixed: Sequence[str] = (),
    categories: Sequence[str] = (CLIMATE,),
) -> Model:
    """The model of a study. Raises `RoleError` for a dim that is neither parts nor alternatives,
    `SystemBoundaryError` for a stage neither modelled nor excluded, `AccountingError` for mixed tags.
    """
    electricity = [flow for a in activities for flow in a.electricity_flows]
    hardware = [flow for a in activities for flow in a.hardware]
    notes = [*check_flows(electricity, mixed, gwp), *charge_notes(hardware)]
    energies = [(used, supplied(used, parts)) for used in electricity]
    details = {detail(used): emission(energy, used, grid_of(used), gwp) for used, energy in energies}
    for held in hardware:
        details |= charged(held, _burdens(held, excluded), parts, several(held, hardware))
    ways: dict[str, dict[str, Node]] = {}
    gaps: dict[str, tuple[str, ...]] = {}
    if any(used.site.market_electricity is not None for used in electricity):
        ways[MARKET] = details | bought(energies, gwp)
    if credits := _credits(hardware, parts):
        ways[CREDIT] = credits
    for name in categories:
        if category(name).name != CLIMATE:
            ways[name], gaps[name] = of_category(name, energies, hardware, parts)
    roles = Roles(tuple(parts), tuple(alternatives))
    roles.check([*details.values(), functional_unit.count, *(node for way in ways.values() for node in way.values())])
    stages = staged(details, roles)
    _check_stages(stages, excluded)
    _check_fields(hardware, excluded)
    views: dict[str, Node] = {}
    for name, found in ways.items():
        views |= view(name, found, roles, whole=not gaps.get(name))
    whole = list(stages.values())
    outputs = {
        **stages,
        "total": sum(whole[1:], whole[0]).named("total"),
        "functional_unit": roles.summed(functional_unit.count),
        **_denominators(activities, functional_unit, roles),
        **details,
        **{f"energy/{used.name}": energy for used, energy in energies},
        **views,
    }
    return Model(
        title, outputs, tuple(stages), roles.parts, roles.alternatives, functional_unit.name,
        functional_unit.quality, dict(excluded), tuple(notes), gaps,
    )  # fmt: skip


def _credits(hardware: Sequence[HardwareFlow], parts: Sequence[str]) -> dict[str, Node]:
    """Credits of recycling for the device lives charged, where a device states one."""
    found: dict[str, Node] = {}
    for held in hardware:
        found |= charged(held, {"end_of_life": held.hardware.recycling_credit}, parts, several(held, hardware))
    return found


def _denominators(activities: Sequence[Activity], unit: FunctionalUnit, roles: Roles) -> dict[str, Node]:
    """What a result may be divided by besides its functional unit: of the one deployment, or of that which renders it.

    Robots and the servers behind them are not counted together: with several deployments the devices are those
    of the one whose inferences the functional unit counts.
    """
    fleets = [activity for activity in activities if isinstance(activity, Deployment)]
    if len(fleets) > 1:
        fleets = [fleet for fleet in fleets if fleet.slug in _counted(unit.count)]
    if len(fleets) != 1:
        return {}
    fleet = fleets[0]
    devices = fleet.devices
    if "year" in devices.dim_names:  # the mean number: those of the years are not different devices
        devices = total(fleet.device_years, over="year") / fleet.period
    found = {"inference": fleet.inferences, "device": devices, "year": fleet.period, "device_year": fleet.device_years}
    return {f"per/{name}": roles.summed(node) for name, node in found.items()}


def _counted(count: Node) -> set[str]:
    """The components that a count is taken from, and not what stands behind these."""
    found: set[str] = set()
    waiting = [count]
    while waiting:
        node = waiting.pop()
        if node.origin is not None:
            found.add(node.origin[0].slug)
        else:
            waiting.extend(node.inputs)
    return found


def _burdens(held: HardwareFlow, excluded: Mapping[str, Exclusion]) -> dict[str, Node | None]:
    """The burdens of one device by stage; what is not given must be excluded by name (A6)."""
    for stage, field in BURDENS.items():
        where = f"{held.hardware.slug}.{field}"
        if getattr(held.hardware, field) is None and where not in excluded and stage not in excluded:
            raise SystemBoundaryError(
                f"the {stage_label(stage)} of a device is neither given nor excluded",
                where=where,
                mend=f"estimate it with a wide spread, or excluded={{{where!r}: lca.below_cut_off(...)}}; "
                "no data is no reason to leave it out (A6)",
            )
    return {stage: getattr(held.hardware, field) for stage, field in BURDENS.items()}


def _check_stages(stages: Mapping[str, Node], excluded: Mapping[str, Exclusion]) -> None:
    for stage, why in excluded.items():
        if "." not in stage and stage not in STAGES and why.whole is None:
            near = get_close_matches(stage, STAGES, 2, 0.4)
            raise SystemBoundaryError(f"no stage {stage!r}", mend=f"stages: {', '.join(near or STAGES)}")
        if stage in stages:
            raise SystemBoundaryError(f"{stage_label(stage)} is modelled and excluded", mend="do one of the two")
    missing = [stage for stage in STAGES if stage not in stages and stage not in excluded]
    if missing:
        raise SystemBoundaryError(
            "stages that are neither modelled nor excluded",
            sides=[stage_label(stage) for stage in missing],
            mend=f"model them (an activity, or on= with allocation=), or say why not: "
            f"excluded={{{missing[0]!r}: lca.outside_goal(why)}} or lca.below_cut_off(upper, source=)",
        )


def _check_fields(hardware: Sequence[HardwareFlow], excluded: Mapping[str, Exclusion]) -> None:
    """An exclusion such as "jetson.distribution" names a figure that a device of the study lacks."""
    lacking = {
        f"{flow.hardware.slug}.{field}"
        for flow in hardware
        for field in BURDENS.values()
        if getattr(flow.hardware, field) is None
    }
    named = (name for name, why in excluded.items() if "." in name and why.whole is None)
    if wrong := sorted(name for name in named if name not in lacking):
        raise SystemBoundaryError(
            "an exclusion names a figure that is given, or a device that is not there",
            sides=wrong,
            mend=f"figures that are lacking: {', '.join(sorted(lacking)) or 'none'}",
        )
