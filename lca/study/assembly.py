"""From flows to impacts: the only place where a carbon factor meets an inventory.

Every flow becomes a detail on its own dims; parts are summed before stages are added, each term on its own dims,
so that nothing is counted once per part (D2, D5, A7).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from ..checks import did_you_mean
from ..errors import LcaError, SystemBoundaryError
from ..expression.functions import padded, stack, total
from ..expression.guard import Guard, open_guards
from ..expression.label import make_dim
from ..expression.node import Node
from ..expression.program import Program, check_keys, compile_program
from ..expression.record import Record
from ..expression.value import NOT_NEGATIVE, domain_guard
from ..impact.categories import CLIMATE, category
from ..inventory.activity import Activity, HardwareFlow
from ..inventory.deployment import Deployment
from ..sampling.evaluate import evaluate
from .allocation import charge_notes, shares_of_one, unused_shares
from .operation import emission, grid_of, supplied
from .roles import NATURAL_PARTS, Roles
from .scope import STAGES, Exclusion, FunctionalUnit, Inputs, stage_label
from .tags import check_flows
from .views import BURDENS, CREDIT, MARKET, bought, charged, detail, of_category, several, staged, view


@dataclass(frozen=True, eq=False)
class Model:
    """A study as named nodes: what evaluation, sensitivity and reports work on.

    `outputs` holds a node per modelled stage, "total", "functional_unit", the details "stage/activity"
    and the inventory "energy/activity", each on its own dims; stages and total vary over alternatives only.
    Other impact categories and the market-based view are "category/stage" and "category/total"; `gaps` lists
    the factors that a category lacks: its stages that lack one, and its total, are missing, not smaller.
    `guards` are laws that its values keep; `unused` holds what was stated and has no effect here, by path.
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
    guards: tuple[Guard, ...] = ()
    unused: Mapping[str, LcaError] = dataclasses.field(default_factory=dict)

    @cached_property
    def program(self) -> Program:
        """All outputs, compiled once, with the guards that no bound proves."""
        return compile_program(self.outputs, open_guards(self.guards))

    @cached_property
    def nominals(self) -> Mapping[str, Any]:
        """The nominal value of every output, in root units, on the shape of its dims."""
        return {name: values[..., 0] for name, values in evaluate(self.program).items()}

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


def assemble(inputs: Inputs) -> Model:
    """The model of a study. Raises `RoleError` for a dim that is neither parts nor alternatives,
    `SystemBoundaryError` for a stage neither modelled nor excluded, `AccountingError` for mixed tags.
    """
    activities, unit, excluded, gwp = inputs.activities, inputs.functional_unit, inputs.excluded, inputs.gwp
    roles = Roles(tuple(inputs.parts), tuple(inputs.alternatives))
    for activity in activities:
        for factor, amount, where in activity.intensive:
            roles.multiplies(factor, amount, where)
    electricity = [flow for a in activities for flow in a.electricity_flows]
    hardware = [flow for a in activities for flow in a.hardware]
    energies = [(used, supplied(used, roles)) for used in electricity]
    details = {detail(used): emission(energy, used, grid_of(used), gwp, roles) for used, energy in energies}
    for held in hardware:
        details |= charged(held, _burdens(held, excluded), roles, several(held, hardware))
    ways: dict[str, dict[str, Node]] = {}
    gaps: dict[str, tuple[str, ...]] = {}
    if any(used.site.market_electricity is not None for used in electricity):
        ways[MARKET] = details | bought(energies, gwp, roles)
    if credits := _credits(hardware, roles):
        ways[CREDIT] = credits
    for name in inputs.categories:
        if category(name).name != CLIMATE:
            ways[name], gaps[name] = of_category(name, energies, hardware, roles)
    unused = roles.check([*details.values(), unit.count, *(node for way in ways.values() for node in way.values())])
    stages = staged(details, roles)
    unused |= unused_shares(activities) | _check_stages(stages, excluded) | _unused_fields(hardware, excluded)
    views: dict[str, Node] = {}
    for name, found in ways.items():
        views |= view(name, found, roles, whole=not gaps.get(name))
    whole = list(stages.values())
    outputs = {
        **stages,
        "total": sum(whole[1:], whole[0]).named("total"),
        "functional_unit": roles.summed(unit.count),
        **_denominators(activities, unit, roles),
        **details,
        **{f"energy/{used.name}": roles.apportioned(energy) for used, energy in energies},
        **views,
    }
    notes = [*check_flows(electricity, inputs.mixed, gwp), *charge_notes(hardware), *_bare(activities, excluded)]
    counted = Guard(
        outputs["functional_unit"], f"{unit.slug}.count", "functional_unit_not_above_zero", low=0.0, above=True,
    )  # fmt: skip
    guards = [*domains(inputs.components), counted, *(law for a in activities for law in a.laws(roles.summed)),
              *shares_of_one(hardware, roles.summed)]  # fmt: skip
    for dim, labels in (inputs.scenarios or {}).items():
        if unused.pop(dim, None):  # scenarios whose value was replaced are scenarios all the same
            outputs["total"] = stack(dict.fromkeys(labels, outputs["total"]), dim)
    check_keys(list(outputs.values()))
    outputs = _on_one_calendar(outputs)
    return Model(
        inputs.name, outputs, tuple(stages), roles.parts, roles.alternatives, unit.name, unit.quality, excluded,
        tuple(notes), gaps, tuple(guards), unused,
    )  # fmt: skip


def _on_one_calendar(outputs: dict[str, Node]) -> dict[str, Node]:
    """Years of several activities as one dim: a year in which one does not happen is a year of nothing (A7)."""
    for name in NATURAL_PARTS:
        found = {dim.texts: dim for node in outputs.values() for dim in node.dims if dim.name == name}
        if len(found) > 1:
            whole = make_dim(name, sorted({label for dim in found.values() for label in dim.labels}, key=str))
            outputs = {key: padded(n, whole) if name in n.dim_names else n for key, n in outputs.items()}
    return outputs


def domains(records: Sequence[Record]) -> list[Guard]:
    """The domain of every field, and of every factor of a category, that holds an expression (Q4)."""
    return [
        domain_guard(node, record._fields[name]["declared"], f"{record.slug}.{name}")
        for record in records
        for name, node in record.values.items()
        if node.parameter is None and record.given(name) is not None
    ] + [
        domain_guard(node, NOT_NEGATIVE, f"{record.slug}.categories[{name}]")
        for record in records
        for name, node in _named(getattr(record, "categories", None))
        if node.parameter is None
    ]


def _named(given: Any, before: str = "") -> list[tuple[str, Node]]:
    """The nodes in a mapping of mappings, by their names."""
    if isinstance(given, Mapping):
        return [one for name, value in given.items() for one in _named(value, f"{before}.{name}".strip("."))]
    return [(before, given)] if isinstance(given, Node) else []


def _bare(activities: Sequence[Activity], excluded: Mapping[str, Exclusion]) -> list[str]:
    """Activities whose hardware is not counted, though hardware is within the boundary of the study (A6)."""
    if all(stage in excluded for stage in BURDENS):
        return []
    return [
        f"{activity.slug} runs on no hardware that is counted (on= is not given): its making, transport and end of "
        "life are in no figure"
        for activity in activities
        if not activity.machines
    ]


def _credits(hardware: Sequence[HardwareFlow], roles: Roles) -> dict[str, Node]:
    """Credits of recycling for the device lives charged, where a device states one."""
    found: dict[str, Node] = {}
    for held in hardware:
        found |= charged(held, {"end_of_life": held.hardware.recycling_credit}, roles, several(held, hardware))
    return found


def _denominators(activities: Sequence[Activity], unit: FunctionalUnit, roles: Roles) -> dict[str, Node]:
    """What a result may be divided by besides its functional unit: of the one deployment, or of that which renders it.

    Robots and the servers behind them are not counted together: with several deployments the devices are those
    of the one whose inferences the functional unit counts.
    """
    fleets = [activity for activity in activities if isinstance(activity, Deployment)]
    if len(fleets) > 1:
        fleets = [fleet for fleet in fleets if fleet.slug in _counted(unit.given("count"))]
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
        if node.path:
            found.add(node.path.split(":", 1)[1].rpartition(".")[0])
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
                fix=f"estimate it with a wide spread, or excluded={{{where!r}: lca.below_cut_off(...)}}; "
                "no data is no reason to leave it out (A6)",
            )
    return {stage: getattr(held.hardware, field) for stage, field in BURDENS.items()}


def _check_stages(stages: Mapping[str, Node], excluded: Mapping[str, Exclusion]) -> dict[str, LcaError]:
    """Every stage is modelled or excluded; returns exclusions of what is no stage, with what to say of each (A6)."""
    if both := [stage for stage in excluded if stage in stages]:
        raise SystemBoundaryError(f"{stage_label(both[0])} is modelled and excluded", fix="do one of the two")
    if missing := [stage for stage in STAGES if stage not in stages and stage not in excluded]:
        raise SystemBoundaryError(
            "stages that are neither modelled nor excluded",
            sides=[stage_label(stage) for stage in missing],
            fix=f"model them (an activity, or on= with allocation=), or say why not: "
            f"excluded={{{missing[0]!r}: lca.outside_goal(why)}} or lca.below_cut_off(upper, source=)",
        )
    free = [name for name in excluded if "." not in name and name not in STAGES]  # an activity that is left out
    slips = [name for name in free if get_close_matches(name, STAGES, 1, 0.7)]
    return {name: SystemBoundaryError(f"no stage {name!r}", fix=did_you_mean(name, STAGES)) for name in slips}


def _unused_fields(hardware: Sequence[HardwareFlow], excluded: Mapping[str, Exclusion]) -> dict[str, LcaError]:
    """Exclusions such as "jetson.distribution" that name no figure which a device of the study lacks."""
    lacking = {
        f"{flow.hardware.slug}.{field}"
        for flow in hardware
        for field in BURDENS.values()
        if getattr(flow.hardware, field) is None
    }
    fix = f"figures that are lacking: {', '.join(sorted(lacking)) or 'none'}"
    named = [name for name, why in excluded.items() if "." in name and why.whole is None and name not in lacking]
    what = "an exclusion names a figure that is given, or a device that is not there"
    return {name: SystemBoundaryError(what, sides=[name], fix=fix) for name in named}
