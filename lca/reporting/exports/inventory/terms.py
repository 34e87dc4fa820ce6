"""The processes of one scenario as nodes: what each takes for one unit of what it gives.

A total is a sum of amounts x factors. The amounts (energy, device lives) become exchanges of the activities, the
factors (gases per energy, burden per device) processes of their own. An amount whose factor varies over years, or over
other parts, has an exchange for each of these labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from ....characterization.categories import CLIMATE, category
from ....characterization.gwp import characterization_factor, gas_of_power_stations
from ....electricity.electricity import Electricity
from ....formulas import busbar_energy
from ....graph.functions import select
from ....graph.labels import Label, placed
from ....graph.node import Node, constant
from ....impact.dim_roles import Roles, labels_of
from ....impact.electricity_impact import cooling_water, gases_of, grid_of, in_years_of
from ....impact.views import BURDENS, MARKET, Lives, detail, hardware_detail
from ....inventory.activity import ElectricityFlow, HardwareFlow
from ....inventory.stages import STAGES, stage_label
from ....study.assembly import flows_of
from ....study.scope import Inputs
from ....units.parse import parse_unit, root
from ....units.registry import boundary_of, gas_of
from ....units.text import unit_text
from .parts import At, Flow

#: The gases as inventories name them, and where they go.
_GASES = {
    "CO2": "Carbon dioxide, fossil",
    "CH4": "Methane",
    "CH4_fossil": "Methane, fossil",
    "N2O": "Dinitrogen monoxide",
    "CO2e": "Carbon dioxide equivalents, as published",
}
#: What the other categories count, as elementary flows.
_OTHERS = {
    "primary_energy": "Energy, primary, as published",
    "water": "Water, consumed",
    "abiotic_depletion": "Antimony equivalents of elements, as published",
}
#: What the names of processes end with that count electricity by contract.
_BOUGHT = ", market-based"


@dataclass(frozen=True)
class Term:
    """An exchange before evaluation: a value in a unit, of a process or a flow."""

    to: str
    node: Node
    unit: str


@dataclass(frozen=True)
class Draft:
    """A process before evaluation."""

    code: str
    name: str
    unit: str
    kind: str
    terms: tuple[Term, ...]
    place: str = ""
    year: str = ""


@dataclass
class Drafts:
    """The processes of a scenario as they are found; those that stand behind others come first."""

    inputs: Inputs
    categories: Sequence[str]
    market: bool
    flows: dict[str, Flow] = field(default_factory=dict)
    behind: dict[str, Draft] = field(default_factory=dict)
    details: dict[str, Draft] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.roles = Roles(tuple(self.inputs.parts), tuple(self.inputs.alternatives))
        energies, lives = flows_of(self.inputs, self.roles)
        for flow, energy in energies.items():
            self._electricity(flow, energy, grid_of(flow), detail(flow))
            if self.market and flow.site.market_electricity is not None:
                self._electricity(flow, energy, flow.site.market_electricity, f"{MARKET}/{detail(flow)}")
        for held, owed in lives.items():
            self._hardware(held, owed, lives)
        for one in self.inputs.activities:
            if one.impact is not None:
                terms = [self._emitted(self.roles.summed(one.impact))]
                self._detail(f"{one.stage}/{one.slug}", f"{one.name}: {stage_label(one.stage)}", terms)

    @property
    def every(self) -> list[Draft]:
        """All processes: each stands behind those that take it."""
        by_place = [name for name in self.details if not name.startswith(MARKET)]
        found = [*self.behind.values(), *self.details.values(), *self._counted(by_place)]
        if self.market:
            bought = {name: f"{MARKET}/{name}" for name in by_place if f"{MARKET}/{name}" in self.details}
            found += self._counted([bought.get(name, name) for name in by_place], f"{MARKET}/", _BOUGHT)
        return found

    def _counted(self, details: Sequence[str], before: str = "", said: str = "") -> list[Draft]:
        """The stages that some details make up, all of them, and one functional unit."""
        unit = self.inputs.functional_unit
        stages = [
            Draft(f"{before}stage/{stage}", stage_label(stage) + said, "unit", "stage", tuple(_once(inside)))
            for stage in STAGES
            if (inside := [name for name in details if name.removeprefix(f"{MARKET}/").split("/")[0] == stage])
        ]
        codes = _once(one.code for one in stages)
        whole = Draft(f"{before}study", self.inputs.name + said, "unit", "study", tuple(codes))
        counted = unit_text(unit.count.unit)
        share = Term(whole.code, _one(counted) / self.roles.summed(unit.count), "")
        one = Draft(f"{before}functional-unit", unit.name + said, counted, "functional unit", (share,))
        return [*stages, whole, one]

    # --- electricity --------------------------------------------------------------------------------------

    def _electricity(self, flow: ElectricityFlow, energy: Node, grid: Electricity, code: str) -> None:
        """A detail that takes energy at the facility, for each label of what the factors of its grid vary over."""
        by_contract = code.startswith(MARKET)
        fitting = in_years_of(energy, flow, grid, self.roles)
        stated = self._per_energy(grid, by_contract)
        crossed = any(boundary_of(one.unit**-1) == "at_busbar" for one in stated)
        stated.append(grid.delivered_share if crossed else constant(1.0))
        *factors, share = (fitting(one) for one in stated)
        dims = self._parts((share, *factors))
        amount = self.roles.summed(energy, apart=dims)
        terms = [
            Term(self._supply(grid, _dated(at, flow, stated), [_at(one, at) for one in factors], _at(share, at)),
                 _at(amount, at), "kWh at the facility")
            for at in _places(amount, dims)
        ]  # fmt: skip
        if "water" in self.categories and not by_contract:
            terms += self._cooling(flow, energy)
        name = ", ".join(filter(None, (flow.activity.name, flow.part)))
        self._detail(code, f"{name}: {stage_label(flow.stage)}, electricity" + _BOUGHT * by_contract, terms)

    def _per_energy(self, grid: Electricity, by_contract: bool) -> list[Node]:
        """What a unit of energy emits, and what it takes in the other categories, which count by place alone."""
        others = [] if by_contract else [grid.categories[one] for one in self.categories if one in grid.categories]
        return [*gases_of(grid), *others]

    def _supply(self, grid: Electricity, at: At, factors: Sequence[Node], share: Node) -> str:
        """The code of electricity of a grid at the facility; at the busbar, too, where its factors stand there."""
        inside: dict[str, list[Term]] = {"at_busbar": [], "at_facility": []}
        for factor in factors:
            boundary = str(boundary_of(factor.unit**-1))
            inside[boundary].append(self._emitted(factor * _one(f"kWh {boundary}")))
        if inside["at_busbar"]:
            busbar = self._energy("busbar", inside["at_busbar"], grid, at)
            taken = busbar_energy(_one("kWh at_facility"), share)
            inside["at_facility"].append(Term(busbar, taken, "kWh at the busbar"))
        return self._energy("facility", inside["at_facility"], grid, at)

    def _energy(self, boundary: str, terms: Sequence[Term], grid: Electricity, at: At) -> str:
        """The code of a kilowatt hour of a grid at a boundary."""
        code, labels = f"electricity/{boundary}/{grid.slug}{_written(at)}", dict(at)
        name = f"electricity at the {boundary}, {grid.name}{_written(at)}"
        year = str(labels.get("year", grid.year or ""))
        draft = Draft(code, name, "kWh", "electricity", tuple(terms), str(grid.region or ""), year)
        return self.behind.setdefault(code, draft).code

    def _cooling(self, flow: ElectricityFlow, energy: Node) -> list[Term]:
        """The water that cools the machines, taken by the activity itself (A1)."""
        made = cooling_water(energy, flow, self.roles)
        return [] if made is None else [self._emitted(self.roles.summed(made))]

    # --- hardware -----------------------------------------------------------------------------------------

    def _hardware(self, held: HardwareFlow, owed: Node, lives: Lives) -> None:
        """A detail for each stage that takes device lives, for each label of what the burden varies over."""
        for stage, field_name in BURDENS.items():
            burdens = [getattr(held.hardware, field_name), *self._per_device(held, field_name)]
            if burdens[0] is None:
                continue
            dims = [dim for dim in self._parts(burdens) if dim in owed.dim_names]
            each = [self.roles.summed(one, apart=dims) for one in burdens]
            amount = self.roles.summed(owed, apart=dims)
            terms = [
                Term(self._device(held, stage, at, [_at(one, at) for one in each]), _at(amount, at), "device")
                for at in _places(amount, dims)
            ]
            name = f"{held.activity.name}: {stage_label(stage)}, {held.hardware.name}"
            self._detail(hardware_detail(stage, held, lives), name, terms)

    def _device(self, held: HardwareFlow, stage: str, at: At, burdens: Sequence[Node]) -> str:
        """The code of one stage of one device."""
        code = f"hardware/{held.hardware.slug}/{stage}{_written(at)}"
        name = f"{stage_label(stage)} of one device, {held.hardware.name}{_written(at)}"
        inside = tuple(self._emitted(one * _one("device")) for one in burdens)
        return self.behind.setdefault(code, Draft(code, name, "device", "hardware", inside)).code

    def _per_device(self, held: HardwareFlow, field_name: str) -> list[Node]:
        found = [held.hardware.categories.get(name, {}).get(field_name) for name in self.categories]
        return [one for one in found if one is not None]

    # --- both ---------------------------------------------------------------------------------------------

    def _detail(self, code: str, name: str, terms: Sequence[Term]) -> None:
        self.details[code] = Draft(code, name, "unit", "activity", tuple(terms))

    def _parts(self, nodes: Iterable[Node]) -> list[str]:
        """The parts that some values vary over."""
        return sorted({dim for node in nodes for dim in self.roles.of(node)})

    def _emitted(self, node: Node) -> Term:
        """An exchange with the environment, in the unit of its flow."""
        gas = gas_of(node.unit)
        if gas is None:
            name = next(one for one in self.categories if root(category(one).unit) == node.unit)
            flow = Flow(f"flow/{name}", _OTHERS[name], category(name).unit, "resource", {name: 1.0})
        else:
            flow = gas_flow(gas, self.inputs.gwp)
        self.flows.setdefault(flow.code, flow)
        return Term(flow.code, node, flow.unit if gas is None else f"kg {gas}")


def _dated(at: At, flow: ElectricityFlow, stated: Sequence[Node]) -> At:
    """Labels with the year of the flow, where a factor of its grid differs by year and the labels do not say which."""
    by_year = any("year" in one.dim_names for one in stated)
    return (*at, ("year", flow.years[0])) if by_year and "year" not in dict(at) else at


def _one(unit: str) -> Node:
    """One of a unit."""
    factor, made = parse_unit(unit)
    return constant(factor, made)


def gas_flow(gas: str, gwp: str) -> Flow:
    """A gas as an elementary flow, with its global warming potential of a set."""
    if gas == "CO2e":
        return Flow("flow/CO2e", _GASES[gas], "kg", "air", {CLIMATE: 1.0})
    row = gas_of_power_stations(gas, gwp)
    factor = characterization_factor(row, gwp).parameter
    assert factor is not None
    return Flow(f"flow/{row}", _GASES[row], "kg", "air", {CLIMATE: float(factor.nominal)})


def _once(codes: Iterable[str]) -> Iterator[Term]:
    """One unit of each of some processes."""
    return (Term(code, constant(1.0), "") for code in codes)


def _places(node: Node, dims: Sequence[str]) -> Iterator[At]:
    """Every combination of the labels of some dims of a value."""
    for labels in product(*(labels_of(node, dim) for dim in dims)):
        yield tuple(zip(dims, labels, strict=True))


def _at(node: Node, at: At) -> Node:
    """A value at labels of those dims that it has."""
    for dim, label in at:
        node = select(node, dim, label) if dim in node.dim_names else node
    return node


def _written(at: Iterable[tuple[str, Label]]) -> str:
    """Labels as a code has them: "[year=2022]"."""
    said = placed(at)
    return f"[{said}]" if said else ""
