"""From flows to impacts: the only place where a carbon factor meets an inventory.

Every flow becomes a detail on its own dims; parts are summed before stages are added, each term on its own dims,
so that nothing is counted once per part (D2, D5, A7).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property

from ..characterization.categories import CLIMATE, category
from ..checks import Array, did_you_mean
from ..distributions.correlations import Correlations
from ..errors import LcaError, SystemBoundaryError
from ..graph.bounds import bounds
from ..graph.correlated import groups_of
from ..graph.fields import NOT_NEGATIVE, Declared, domain_guard
from ..graph.functions import stack, total
from ..graph.guard import Guard, open_guards
from ..graph.node import Node, postorder
from ..graph.program import Program, check_keys, compile_program
from ..graph.rebinding import Swaps, rebound, shown, swapped
from ..graph.terms import apportioned
from ..impact.allocation import charge_notes, device_lives, shares_of_one, unused_shares
from ..impact.dim_roles import NATURAL_PARTS, Roles, on_one_calendar
from ..impact.electricity_impact import emission, grid_of, supplied
from ..impact.views import (
    BURDENS,
    CREDIT,
    MARKET,
    Burdens,
    Energies,
    Lives,
    detail,
    energy_gaps,
    of_category,
    of_hardware,
    staged,
)
from ..inventory.activity import Activity, HardwareFlow
from ..inventory.deployment.deployment import Deployment
from ..inventory.estimated.estimated_activity import estimate_notes
from ..inventory.stages import STAGES, stage_label
from ..inventory.training.forecasting import runs_of_one
from ..records.record import Record
from ..sampling.evaluate import evaluate
from .about import About
from .consistency import check_flows, published_notes, share_notes
from .scope import Exclusion, FunctionalUnit, Inputs
from .score import Score


@dataclass(frozen=True, eq=False)
class Model:
    """A study as named nodes: what evaluation, sensitivity and reports work on.

    `outputs` holds a node per modelled stage, "total", "functional_unit", the details "stage/activity"
    and the inventory "energy/activity", each on its own dims; stages and total vary over alternatives only.
    Other impact categories and the market-based view are "category/stage" and "category/total"; `gaps` lists
    the factors that a category lacks: its stages that lack one, and its total, are missing, not smaller. `scores` says
    of each output "score/name" which values are better, "higher" or "lower".
    `correlations` are those that were stated, and `about` says who made the study, when and why. `names` says what
    people call a component, by what the keys of its values begin with.
    `guards` are laws that its values keep; `unused` holds what was stated
    and has no effect here, by path.
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
    scores: Mapping[str, str] = dataclasses.field(default_factory=dict)
    correlations: Correlations = dataclasses.field(default_factory=Correlations)
    about: About = dataclasses.field(default_factory=About)
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @cached_property
    def program(self) -> Program:
        """All outputs, compiled once, with the guards that no bound proves, and with what is correlated."""
        made = compile_program(self.outputs, open_guards(self.guards))
        return replace(made, correlated=groups_of(self.correlations, made.drawn)) if self.correlations else made

    @cached_property
    def summed(self) -> frozenset[str]:
        """The dims that a total sums."""
        return frozenset((*self.parts, *NATURAL_PARTS))

    @cached_property
    def brief_program(self) -> Program:
        """The same without the details by activity and the energies."""
        dropped = {*self.details, *(name for name in self.outputs if name.startswith("energy/"))}
        kept = {name: output for name, output in self.program.outputs.items() if name not in dropped}
        return dataclasses.replace(self.program, outputs=kept)

    @cached_property
    def nominals(self) -> Mapping[str, Array]:
        """The nominal value of every output, in root units, on the shape of its dims."""
        return {name: values[..., 0] for name, values in evaluate(self.program).items()}

    def swapped(self, by: Swaps) -> Model | None:
        """The model with other parameters, and their program without compiling; None where its form would change."""
        names, guards = list(self.outputs), self.guards
        nodes = swapped([*self.outputs.values(), *(guard.node for guard in guards)], by)
        if nodes is None:
            return None
        now = zip(guards, nodes[len(names) :], strict=True)
        laws = tuple(replace(shown(guard, by), node=node) for guard, node in now)
        made = replace(self, outputs=dict(zip(names, nodes, strict=False)), guards=laws)
        is_open = [[not guard.holds(*bounds(guard.node)) for guard in every] for every in (guards, laws)]
        program = rebound(self.program, by) if is_open[0] == is_open[1] else None
        if program is not None:
            made.__dict__["program"] = program
        return made

    @property
    def views(self) -> tuple[str, ...]:
        """Other ways to count than climate change by place: impact categories, and "market_based"."""
        stages = {*STAGES, "total"}
        found = [name.split("/") for name in self.outputs if name.count("/") == 1]
        ways = [way for way, stage in found if stage in stages and way not in (*STAGES, "energy", "per", "score")]
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
    energies, lives = flows_of(inputs, roles)
    details = {detail(flow): emission(energy, flow, grid_of(flow), gwp, roles) for flow, energy in energies.items()}
    details |= {f"{one.stage}/{one.slug}": one.impact for one in activities if one.impact is not None}
    details |= of_hardware(lives, lambda held: _burdens(held, excluded), roles)
    ways, gaps = _other_ways(inputs, details, energies, lives, roles)
    score = unit.quality if isinstance(unit.quality, Score) else None
    scored = {score.output: score.value} if score else {}
    unused = roles.check(
        [*details.values(), unit.count, *scored.values(), *(node for way in ways.values() for node in way.values())]
    )
    modelled = staged(details, roles)
    stages = tuple(stage for stage in STAGES if stage in modelled)
    excluded = {name: why for name, why in excluded.items() if not (why.where_absent and name in stages)}
    unused |= {path: error for activity in activities for path, error in activity.unused.items()}
    unused |= unused_shares(activities) | _check_stages(stages, excluded) | _unused_fields(lives, excluded)
    outputs = {
        **modelled,
        "functional_unit": roles.summed(unit.count),
        **_denominators(activities, unit, roles),
        **scored,
        **details,
        **{f"energy/{flow.name}": apportioned(energy, roles.of(energy)) for flow, energy in energies.items()},
    }
    for way, found in ways.items():
        outputs |= staged(found, roles, way, whole=not gaps.get(way))
    notes = [*published_notes(activities), *estimate_notes(activities), *share_notes(activities)]
    notes += check_flows(list(energies), inputs.mixed, gwp)
    notes += [*charge_notes(list(lives)), *_bare(activities, excluded)]
    count, where = outputs["functional_unit"], f"{unit.slug}.count"
    guards = [*domains(inputs.components), Guard(count, where, "functional_unit_not_above_zero", low=0.0, above=True)]
    guards += [law for activity in activities for law in activity.laws(roles.summed)]
    guards += shares_of_one(list(lives), roles.summed)
    for dim, labels in (inputs.scenarios or {}).items():
        if unused.pop(dim, None):  # scenarios whose value was replaced are scenarios all the same
            outputs["total"] = stack(dict.fromkeys(labels, outputs["total"]), dim)
    check_keys(list(outputs.values()))
    for dim in NATURAL_PARTS:
        outputs |= on_one_calendar(outputs, dim)
    return Model(
        inputs.name, outputs, stages, roles.parts, roles.alternatives, unit.name, str(unit.quality),
        excluded, tuple(notes), gaps, tuple(guards), unused, {score.output: score.better} if score else {},
        Correlations.of(inputs.correlations), inputs.about, _names(inputs.components),
    )  # fmt: skip


def flows_of(inputs: Inputs, roles: Roles) -> tuple[Energies, Lives]:
    """(the energy of each flow of electricity at the facility, the device lives charged of each flow of hardware)."""
    energies = {flow: supplied(flow, roles) for one in inputs.activities for flow in one.electricity_flows}
    lives = {flow: device_lives(flow, roles) for one in inputs.activities for flow in one.hardware}
    if inputs.scenarios:
        lives = {flow: runs_of_one(node, inputs.scenarios) for flow, node in lives.items()}
    return energies, lives


def _other_ways(
    inputs: Inputs, details: Mapping[str, Node], energies: Energies, lives: Lives, roles: Roles
) -> tuple[dict[str, dict[str, Node]], dict[str, tuple[str, ...]]]:
    """(the details of each other way to count, the factors that each impact category lacks) (A9, A13)."""
    ways: dict[str, dict[str, Node]] = {}
    gaps: dict[str, tuple[str, ...]] = {}
    # where nothing is said of what was bought, electricity counts by its place (GHG Protocol Scope 2, table 6.3)
    bought = {
        detail(flow): emission(energy, flow, contract, inputs.gwp, roles)
        for flow, energy in energies.items()
        if (contract := flow.site.market_electricity) is not None
    }
    unknown = energy_gaps(inputs.activities)
    if bought:
        incomplete = {stage for _, stage in unknown}
        every = {**details, **bought}
        ways[MARKET] = {name: node for name, node in every.items() if name.split("/")[0] not in incomplete}
    if bought and unknown:
        gaps[MARKET] = tuple(gap for gap, _ in unknown)
    if credits := of_hardware(lives, lambda held: {"end_of_life": held.hardware.recycling_credit}, roles):
        ways[CREDIT] = credits
    for name in inputs.categories:
        if category(name).name != CLIMATE:
            ways[name], gaps[name] = of_category(name, energies, lives, roles, unknown)
    return ways, gaps


def _names(records: Sequence[Record]) -> dict[str, str]:
    """What people call a component, by what its keys and paths begin with; nothing where its name is a slug."""
    found: dict[str, dict[str, None]] = {}
    for record in records:
        for prefix in {record.key_prefix, record.slug} if record.name != record.slug else ():
            found.setdefault(prefix, {})[record.name] = None
    return {prefix: " and ".join(names) for prefix, names in found.items()}


def domains(records: Sequence[Record]) -> list[Guard]:
    """The domain of every field, and of every factor of a category, that holds an expression (Q4)."""
    found: list[tuple[str, Node, Declared]] = []
    for record in records:
        given = {name: node for name, node in record.values.items() if record.given(name) is not None}
        factors = _named(getattr(record, "categories", None))
        found += [(f"{record.slug}.{name}", node, record._fields[name]["declared"]) for name, node in given.items()]
        found += [(f"{record.slug}.categories[{name}]", node, NOT_NEGATIVE) for name, node in factors]
    return [domain_guard(node, declared, where) for where, node, declared in found if node.parameter is None]


def _named(given: object, before: str = "") -> list[tuple[str, Node]]:
    """The nodes in a mapping of mappings, by their names."""
    if isinstance(given, Mapping):
        return [one for name, value in given.items() for one in _named(value, f"{before}.{name}".strip("."))]
    return [(before, given)] if isinstance(given, Node) else []


def _bare(activities: Sequence[Activity], excluded: Mapping[str, Exclusion]) -> list[str]:
    """Activities whose hardware is not counted, though hardware is within the boundary of the study (A6)."""
    bare = [one.slug for one in activities if not one.machines and any(stage not in excluded for stage in BURDENS)]
    said = (
        "runs on no hardware that is counted (on= is not given): its making, transport and end of life are in no figure"
    )
    return [f"{name} {said}" for name in bare]


def _denominators(activities: Sequence[Activity], unit: FunctionalUnit, roles: Roles) -> dict[str, Node]:
    """What a result may be divided by besides its functional unit: of the one deployment, or of that which provides it.

    Robots and the servers behind them are not counted together: with several deployments the devices are those
    of the one whose inferences, requests or tokens the functional unit counts.
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
    found = {**fleet.counts, "device": devices, "year": fleet.period, "device_year": fleet.device_years}
    return {f"per/{name}": roles.summed(node) for name, node in found.items()}


def _counted(count: Node) -> set[str]:
    """The components that a count is taken from, and not what stands behind these."""
    nodes = postorder([count], lambda node: () if node.path else node.inputs)
    return {node.path.split(":", 1)[1].rpartition(".")[0] for node in nodes if node.path}


def _burdens(held: HardwareFlow, excluded: Mapping[str, Exclusion]) -> Burdens:
    """The burdens of one device by stage; what is not given must be excluded by name (A6)."""
    burdens = {stage: getattr(held.hardware, field) for stage, field in BURDENS.items()}
    for stage, burden in burdens.items():
        figure = f"{held.hardware.slug}.{BURDENS[stage]}"
        if burden is None and figure not in excluded and stage not in excluded:
            raise SystemBoundaryError.of("burden_not_given", figure, stage=stage_label(stage), figure=figure)
    return burdens


def _check_stages(stages: Sequence[str], excluded: Mapping[str, Exclusion]) -> dict[str, LcaError]:
    """Every stage is modelled or excluded; returns exclusions of what is not a stage, with what to say of each (A6)."""
    if both := [stage for stage in excluded if stage in stages]:
        raise SystemBoundaryError.of("stage_modelled_and_excluded", "excluded=", stage=stage_label(both[0]))
    if missing := [stage for stage in STAGES if stage not in stages and stage not in excluded]:
        sides = [stage_label(stage) for stage in missing]
        raise SystemBoundaryError.of("stages_neither_modelled_nor_excluded", "excluded=", sides, first=missing[0])
    free = [name for name in excluded if "." not in name and name not in STAGES]  # an activity that is left out
    near = {name: did_you_mean(name, STAGES) for name in free if get_close_matches(name, STAGES, 1, 0.7)}
    return {name: SystemBoundaryError.of("unknown_stage", "excluded=", name=name, near=near[name]) for name in near}


def _unused_fields(devices: Iterable[HardwareFlow], excluded: Mapping[str, Exclusion]) -> dict[str, LcaError]:
    """Exclusions such as "jetson.distribution" that name no figure which a device of the study lacks."""
    lacking = {
        f"{flow.hardware.slug}.{field}"
        for flow in devices
        for field in BURDENS.values()
        if getattr(flow.hardware, field) is None
    }
    figures = ", ".join(sorted(lacking)) or "none"
    named = [name for name, why in excluded.items() if "." in name and why.whole is None and name not in lacking]
    return {name: SystemBoundaryError.of("exclusion_without_effect", name, lacking=figures) for name in named}
