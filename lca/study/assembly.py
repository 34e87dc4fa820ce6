"""From flows to impacts: the only place where a carbon factor meets an inventory.

Every flow becomes a detail on its own dims; parts are summed before stages are added, so that a flow
without a part dim is never counted once per part (D2, A7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ..errors import AccountingError, RoleError, SystemBoundaryError
from ..expression.functions import total
from ..expression.node import Node
from ..expression.record import Varied
from ..formulas import busbar_energy, characterized, electricity_impact, hardware_impact
from ..impact.characterization import characterization_factor
from ..impact.electricity import TAGS, Electricity
from ..inventory.activity import Activity, ElectricityFlow, HardwareFlow
from ..inventory.deployment import Deployment
from ..units import gas_of
from .allocation import device_lives
from .scope import STAGES, Exclusion, FunctionalUnit, stage_label

#: Dims that are parts by their nature (D2).
NATURAL_PARTS = ("year", "time")
#: What never enters a total alone (A9): marginal factors answer another question, market-based ones stand beside.
ALONE = {"averaging": "marginal", "accounting": "market-based"}
BURDENS = {"manufacturing": "embodied", "distribution": "distribution", "end_of_life": "end_of_life"}


@dataclass(frozen=True, eq=False)
class Model:
    """A study as named nodes: what evaluation, sensitivity and reports work on.

    `outputs` holds a node per modelled stage, "total", "functional_unit", the details "stage/activity"
    and the inventory "energy/activity", each on its own dims; stages and total vary over alternatives only.
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
) -> Model:
    """The model of a study. Raises `RoleError` for a dim that is neither parts nor alternatives,
    `SystemBoundaryError` for a stage neither modelled nor excluded, `AccountingError` for mixed tags.
    """
    electricity = [a.electricity for a in activities]
    hardware = [flow for a in activities for flow in a.hardware]
    notes = list(check_tags(_records(electricity), mixed))
    notes += _vintage_gaps(electricity)
    details: dict[str, Node] = {}
    inventory: dict[str, Node] = {}
    for used in electricity:
        inventory[f"energy/{used.activity.slug}"] = energy = used.site.at_facility(
            used.energy, device_time=used.device_time
        )
        details[f"{used.stage}/{used.activity.slug}"] = _emission(energy, used, gwp)
    for held in hardware:
        details.update(
            _burdens(held, excluded, parts, len({f.hardware for f in hardware if f.activity is held.activity}) > 1)
        )
    roles = _Roles(tuple(parts), tuple(alternatives))
    roles.check([*details.values(), functional_unit.count])
    stages: dict[str, Node] = {}
    for stage in STAGES:
        inside = [roles.summed(node) for name, node in details.items() if name.split("/")[0] == stage]
        if inside:
            stages[stage] = sum(inside[1:], inside[0]).named(stage_label(stage))
    _check_stages(stages, excluded)
    _check_fields(hardware, excluded)
    whole = list(stages.values())
    outputs = {
        **stages,
        "total": sum(whole[1:], whole[0]).named("total"),
        "functional_unit": roles.summed(functional_unit.count),
        **_denominators(activities, roles),
        **details,
        **inventory,
    }
    return Model(
        title, outputs, tuple(stages), roles.parts, roles.alternatives, functional_unit.name,
        functional_unit.quality, dict(excluded), tuple(notes),
    )  # fmt: skip


def _denominators(activities: Sequence[Activity], roles: _Roles) -> dict[str, Node]:
    """What a result may be divided by besides its functional unit, where there is one deployment."""
    fleets = [activity for activity in activities if isinstance(activity, Deployment)]
    if len(fleets) != 1:
        return {}
    fleet = fleets[0]
    found = {"device": fleet.devices, "year": fleet.period, "device_year": fleet.device_years}
    return {f"per/{name}": roles.summed(node) for name, node in found.items()}


def operational_impact(energy: Node, electricity: Electricity) -> Node:
    """Gas of energy at the facility, in the gas of the intensity; the grid loss is crossed where needed."""
    if electricity.boundary == "at_busbar":
        energy = busbar_energy(energy, electricity.delivered_share)
    made: Node = electricity_impact(energy, electricity.intensity)
    return made


def _emission(energy: Node, used: ElectricityFlow, gwp: str) -> Node:
    grid = used.site.electricity
    if not isinstance(grid, Electricity):
        raise AccountingError(
            "a site without electricity supplies no energy",
            where=f"{used.site.slug}.electricity",
            mend="electricity=lca.Electricity.lookup(place, year, basis=...)",
        )
    mass = operational_impact(energy, grid)
    gas = gas_of(mass.unit)
    if gas != "CO2e":
        mass = characterized(mass, characterization_factor(str(gas), gwp))
    return mass.named(f"{used.activity.slug}: {stage_label(used.stage)}")


def _burdens(
    held: HardwareFlow, excluded: Mapping[str, Exclusion], parts: Sequence[str], several: bool
) -> dict[str, Node]:
    lives = device_lives(held, parts=parts).named(f"{held.activity.slug}: lives of {held.hardware.slug}")
    made: dict[str, Node] = {}
    for stage, field in BURDENS.items():
        burden = getattr(held.hardware, field)
        where = f"{held.hardware.slug}.{field}"
        if burden is None:
            if where not in excluded and stage not in excluded:
                raise SystemBoundaryError(
                    f"the {stage_label(stage)} of a device is neither given nor excluded",
                    where=where,
                    mend=f"estimate it with a wide spread, or excluded={{{where!r}: lca.below_cut_off(...)}}; "
                    "no data is no reason to leave it out (A6)",
                )
            continue
        name = f"{stage}/{held.activity.slug}" + (f"/{held.hardware.slug}" if several else "")
        made[name] = hardware_impact(lives, burden).named(f"{held.activity.slug}: {stage_label(stage)}")
    return made


def _check_stages(stages: Mapping[str, Node], excluded: Mapping[str, Exclusion]) -> None:
    for stage in excluded:
        if "." not in stage and stage not in STAGES:
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
    if wrong := sorted(name for name in excluded if "." in name and name not in lacking):
        raise SystemBoundaryError(
            "an exclusion names a figure that is given, or a device that is not there",
            sides=wrong,
            mend=f"figures that are lacking: {', '.join(sorted(lacking)) or 'none'}",
        )


@dataclass(frozen=True)
class _Roles:
    parts: tuple[str, ...]
    alternatives: tuple[str, ...]

    def check(self, nodes: Iterable[Node]) -> None:
        """Every dim has exactly one role, and every named role has a dim (D2)."""
        if both := sorted(set(self.parts) & set(self.alternatives)):
            raise RoleError(f"dims that are both parts and alternatives: {', '.join(both)}", mend="choose one")
        if wrong := sorted(set(self.alternatives) & set(NATURAL_PARTS)):
            raise RoleError(
                f"{', '.join(wrong)} cannot be alternatives: their labels are parts of one whole",
                where="alternatives=",
                mend='give the dim of the alternatives another name, such as "start"',
            )
        known = {*self.parts, *self.alternatives, *NATURAL_PARTS}
        present: dict[str, str] = {}
        for node in nodes:
            for dim in node.dims:
                present.setdefault(dim.name, node.short)
        if unsaid := sorted(set(present) - known):
            raise RoleError(
                f"dims without a role: {', '.join(unsaid)}",
                sides=[f"{name}, in {present[name]}" for name in unsaid],
                mend=f'say parts=("{unsaid[0]}",) if its labels are summed (five models trained), '
                f'alternatives=("{unsaid[0]}",) if they are rivals (ten engines)',
            )
        if absent := sorted({*self.parts, *self.alternatives} - set(present)):
            raise RoleError(
                f"no value of the study varies over {', '.join(absent)}",
                mend=f"dims there are: {', '.join(sorted(present)) or 'none'}",
            )

    def summed(self, node: Node) -> Node:
        """The node with every part summed."""
        for name in node.dim_names:
            if name in self.parts or name in NATURAL_PARTS:
                node = total(node, over=name)
        return node


# --- tags (A4, A5) -----------------------------------------------------------------------------------


def _records(flows: Iterable[ElectricityFlow]) -> list[Electricity]:
    found = [flow.site.electricity for flow in flows if isinstance(flow.site.electricity, Electricity)]
    return list({id(record): record for record in found}.values())


def check_tags(records: Sequence[Electricity], mixed: Sequence[str]) -> list[str]:
    """Notes on unknown tags; raises where factors of different tags meet in one alternative (A4)."""
    notes: list[str] = []
    for tag in TAGS:
        unsaid: dict[str, None] = {}
        for labels in _combinations(records, tag):
            said = {record.slug: _tag(record, tag, labels) for record in records}
            sides = [f"{name}: {value}" for name, value in said.items()]
            unknown = [name for name, value in said.items() if value == "unknown"]
            unsaid.update(dict.fromkeys(unknown))
            if ALONE.get(tag) in said.values():
                raise AccountingError(
                    f"{ALONE[tag]} electricity has no place in a total of an attributional study",
                    sides=sides,
                    mend="use an average, location-based factor (A9)",
                )
            if len(records) > 1 and tag not in mixed and (len(set(said.values())) > 1 or unknown):
                raise AccountingError(
                    f"electricity factors with different or unknown {tag} meet in one study",
                    sides=sides,
                    mend=f"use factors of one kind, state the tag, or accept it by name: mixed=({tag!r},)",
                )
        if unsaid:
            notes.append(f"unknown {tag} of {', '.join(unsaid)}")
    if mixed:
        notes.append(f"accepted as mixed: {', '.join(mixed)}")
    return notes


def _combinations(records: Sequence[Electricity], tag: str) -> list[dict[str, Any]]:
    dims: dict[str, list[Any]] = {}
    waiting = [getattr(record, tag) for record in records]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Varied):
            dims[value.dim] = list(value.values)
            waiting.extend(value.values.values())
    found: list[dict[str, Any]] = [{}]
    for dim, labels in dims.items():
        found = [{**before, dim: label} for before in found for label in labels]
    return found


def _tag(record: Electricity, tag: str, labels: Mapping[str, Any]) -> Any:
    value = getattr(record, tag)
    while isinstance(value, Varied):
        value = value.values[labels[value.dim]]
    return value


def _vintage_gaps(flows: Sequence[ElectricityFlow]) -> list[str]:
    notes = []
    for flow in flows:
        for vintage in _vintages(getattr(flow.site.electricity, "year", None)):
            gap = max((abs(year - vintage) for year in flow.years), default=0)
            if gap > 2:
                span = f"{flow.years[0]}" + (f"-{flow.years[-1]}" if len(flow.years) > 1 else "")
                notes.append(f"{flow.activity.slug} in {span} uses electricity of {vintage}: up to {gap} years apart")
    return notes


def _vintages(year: Any) -> list[int]:
    if isinstance(year, Varied):
        return sorted({vintage for value in year.values.values() for vintage in _vintages(value)})
    return [year] if isinstance(year, int) else []
