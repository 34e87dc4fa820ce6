"""From electricity to impacts: the factor of the year, the crossing of the grid, each gas, each category."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import AccountingError, MissingError
from ..expression.functions import select, stack
from ..expression.node import Node
from ..formulas import busbar_energy, characterized, electricity_impact
from ..impact.characterization import characterization_factor, gas_of_power_stations
from ..impact.electricity import Electricity
from ..inventory.activity import ElectricityFlow
from ..units import boundary_of, gas_of
from .roles import Roles
from .scope import stage_label


def grid_of(flow: ElectricityFlow) -> Electricity:
    """The electricity of a flow's site. Raises `AccountingError` where the site has none."""
    grid = flow.site.electricity
    if not isinstance(grid, Electricity):
        raise AccountingError(
            "a site without electricity supplies no energy",
            where=f"{flow.site.slug}.electricity",
            fix="electricity=lca.Electricity.lookup(place, year, basis=...)",
        )
    return grid


def supplied(flow: ElectricityFlow, roles: Roles) -> Node:
    """The energy of a flow at the facility."""
    for name, factor in flow.site.crossed(flow.energy).items():
        amount = flow.device_time if name == "rest_of_machine" and flow.device_time is not None else flow.energy
        roles.multiplies(factor, amount, f"{flow.name}, {flow.site.slug}.{name}")
    return flow.site.at_facility(flow.energy, device_time=flow.device_time)


def operational_impact(energy: Node, flow: ElectricityFlow, grid: Electricity, roles: Roles) -> Node:
    """Gas of energy at the facility, in the gas of the intensity; the grid loss is crossed where needed."""
    return _of_factor(energy, grid.intensity, flow, grid, roles)


def emission(energy: Node, flow: ElectricityFlow, grid: Electricity, gwp: str, roles: Roles) -> Node:
    """CO2e of energy at the facility: gases that arrive as gases by the study's set, CO2e as it is (A4)."""
    factors = [one for one in (grid.intensity, grid.methane, grid.nitrous_oxide) if one is not None]
    made = [_characterized(_of_factor(energy, factor, flow, grid, roles), gwp) for factor in factors]
    return roles.apportioned(sum(made[1:], made[0])).named(f"{flow.name}: {stage_label(flow.stage)}")


def _characterized(mass: Node, gwp: str) -> Node:
    gas = str(gas_of(mass.unit))
    if gas == "CO2e":
        return mass
    made: Node = characterized(mass, characterization_factor(gas_of_power_stations(gas, gwp), gwp))
    return made


def electricity_of_category(
    energy: Node, flow: ElectricityFlow, category: str, roles: Roles
) -> tuple[Node | None, list[str]]:
    """(impact of electricity in another category, the factors that are lacking): never a smaller number.

    Water is what the grid consumes and what cools the machines: WUE x IT energy at the wall, never at the
    facility's meter (A1; The Green Grid, WP 35, 2011).
    """
    grid, site = grid_of(flow), flow.site
    gaps = [] if category in grid.categories else [f"{grid.slug}.{category}"]
    if category == "water" and site.wue is None:
        gaps.append(f"{site.slug}.wue")
    if category == "water" and boundary_of(flow.energy.unit) == "at_facility":
        gaps.append(f"{flow.name}: its IT energy at the wall, which WUE multiplies")
    if gaps:
        return None, gaps
    made = _of_factor(energy, grid.categories[category], flow, grid, roles)
    if category == "water":
        wall = site.at_wall(flow.energy, device_time=flow.device_time)
        made = made + electricity_impact(wall, roles.multiplies(site.wue, wall, f"{flow.name}, {site.slug}.wue"))
    return roles.apportioned(made).named(f"{flow.name}: {category} of {stage_label(flow.stage)}"), []


def _of_factor(energy: Node, factor: Node, flow: ElectricityFlow, grid: Electricity, roles: Roles) -> Node:
    """Energy at the facility x a factor, at the boundary of the factor and in the years of the energy."""

    def fitting(one: Node) -> Node:
        by_year = in_years(one, energy, flow.years, grid.slug, flow.energy.short)
        return roles.multiplies(by_year, energy, f"{flow.name}, {flow.site.slug}")

    if boundary_of(factor.unit**-1) == "at_busbar":
        energy = busbar_energy(energy, fitting(grid.delivered_share))
    made: Node = electricity_impact(energy, fitting(factor))
    return made


def in_years(factor: Node, energy: Node, years: Sequence[int], where: str, what: str) -> Node:
    """A factor in the years of the energy it meets, by label (D1); one without years is for all of them (A5).

    Raises `MissingError` for years that the factor lacks, `AccountingError` for energy of no single year.
    """
    dims = {dim.name: dim for dim in factor.dims}
    if "year" not in dims:
        return factor
    wanted = next((dim.labels for dim in energy.dims if dim.name == "year"), None)
    if wanted is None and len(years) != 1:
        raise AccountingError(
            "a factor that changes over the years meets energy of no single year",
            where=where,
            sides=[f"{what}: years {', '.join(map(str, years)) or 'not said'}"],
            fix="say when it happens: year=2024",
        )
    labels = tuple(years) if wanted is None else wanted
    if lacking := [str(label) for label in labels if label not in dims["year"].labels]:
        raise MissingError(
            f"the electricity of {where} lacks years that {what} needs: {', '.join(lacking)}",
            where=where,
            fix=f"lca.Electricity.trajectory(place, range({labels[0]}, {int(str(labels[-1])) + 1}), ...)",
        )
    if wanted is None:
        return select(factor, "year", labels[0])  # type: ignore[no-any-return]
    if labels == dims["year"].labels:
        return factor
    return stack({label: select(factor, "year", label) for label in labels}, "year")  # type: ignore[no-any-return]
