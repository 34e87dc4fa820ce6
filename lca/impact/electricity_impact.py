"""From electricity to impacts: the factor of the year, the crossing of the grid, each gas, each category."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..characterization.gwp import characterization_factor, gas_of_power_stations
from ..electricity.electricity import Electricity
from ..errors import AccountingError, MissingError
from ..formulas import busbar_energy, characterized, electricity_impact
from ..graph.bounds import is_zero
from ..graph.decided import decided
from ..graph.functions import select, stack
from ..graph.node import Node
from ..graph.terms import apportioned
from ..inventory.activity import ElectricityFlow
from ..inventory.stages import stage_label
from ..units.registry import boundary_of, gas_of
from .dim_roles import Roles, labels_of


def grid_of(flow: ElectricityFlow) -> Electricity:
    """The electricity of a flow's site. Raises `AccountingError` where the site has none."""
    if flow.site.electricity is None:
        raise AccountingError.of("site_without_electricity", f"{flow.site.slug}.electricity")
    return flow.site.electricity


def supplied(flow: ElectricityFlow, roles: Roles) -> Node:
    """The energy of a flow at the facility."""
    for name, factor in flow.site.crossed(flow.energy).items():
        amount = flow.device_time if name == "rest_of_machine" and flow.device_time is not None else flow.energy
        roles.multiplies(factor, amount, f"{flow.name}, {flow.site.slug}.{name}")
    return flow.site.at_facility(flow.energy, device_time=flow.device_time)


def operational_impact(energy: Node, factor: Node, flow: ElectricityFlow, grid: Electricity, roles: Roles) -> Node:
    """Energy at the facility x a factor of the grid, at the boundary of the factor and in the years of the energy."""
    fitting = in_years_of(energy, flow, grid, roles)
    if boundary_of(factor.unit**-1) == "at_busbar":
        energy = busbar_energy(energy, fitting(grid.delivered_share))
    return electricity_impact(energy, fitting(factor))


def in_years_of(energy: Node, flow: ElectricityFlow, grid: Electricity, roles: Roles) -> Callable[[Node], Node]:
    """What takes a factor of the grid in the years of an energy, and sees that it counts no part of that twice (D5)."""

    def fitting(one: Node) -> Node:
        by_year = in_years(one, energy, flow.years, grid.slug, flow.energy.short)
        return roles.multiplies(by_year, energy, f"{flow.name}, {flow.site.slug}")

    return fitting


def gases_of(grid: Electricity) -> list[Node]:
    """The greenhouse gases per energy of a grid, as they arrive: one in CO2e, or several apart."""
    return [one for one in (grid.intensity, grid.methane, grid.nitrous_oxide) if one is not None]


def emission(energy: Node, flow: ElectricityFlow, grid: Electricity, gwp: str, roles: Roles) -> Node:
    """CO2e of energy at the facility: gases that arrive as gases by the study's set, CO2e as it is (A4)."""
    masses = []
    for factor in gases_of(grid):
        mass = operational_impact(energy, factor, flow, grid, roles)
        gas = str(gas_of(mass.unit))
        if gas != "CO2e":
            mass = characterized(mass, characterization_factor(gas_of_power_stations(gas, gwp), gwp))
        masses.append(mass)
    made = sum(masses[1:], masses[0])
    return apportioned(made, roles.of(made)).named(f"{flow.name}: {stage_label(flow.stage)}")


def lacking_factors(flow: ElectricityFlow, category: str) -> list[str]:
    """What the impact of electricity in another category needs and is not given (A13)."""
    grid, site = grid_of(flow), flow.site
    gaps = [] if category in grid.categories else [f"{grid.slug}.{category}"]
    if category == "water" and site.wue is None:
        gaps.append(f"{site.slug}.wue")
    elif category == "water" and not decided(is_zero, site.wue) and _cooled(flow.energy, flow) is None:
        gaps.append(f"{flow.name}: its IT energy at the wall, which WUE multiplies")
    return gaps


def electricity_of_category(energy: Node, flow: ElectricityFlow, category: str, roles: Roles) -> Node:
    """The impact of electricity in another category, of which no factor is lacking.

    Water is what the grid consumes and what cools the machines: WUE x the energy that its unit names (A1).
    """
    grid = grid_of(flow)
    made = operational_impact(energy, grid.categories[category], flow, grid, roles)
    if category == "water" and (cooling := cooling_water(energy, flow, roles)) is not None:
        made = made + cooling
    return apportioned(made, roles.of(made)).named(f"{flow.name}: {category} of {stage_label(flow.stage)}")


def cooling_water(energy: Node, flow: ElectricityFlow, roles: Roles) -> Node | None:
    """The water that cools the machines of a flow; None where its energy at the wall is not known."""
    if (cooled := _cooled(energy, flow)) is None:
        return None
    wue = roles.multiplies(flow.site.wue, cooled, f"{flow.name}, {flow.site.slug}.wue")
    return electricity_impact(cooled, wue)


def _cooled(energy: Node, flow: ElectricityFlow) -> Node | None:
    """The energy that WUE multiplies: of IT at the wall (The Green Grid, WP 35, 2011), or `energy` at the facility.

    None where WUE is per IT energy, and that is not known because the meter stood at the facility.
    """
    if boundary_of(flow.site.wue.unit**-1) == "at_facility":
        return energy
    if boundary_of(flow.energy.unit) == "at_facility":
        return None
    return flow.site.at_wall(flow.energy, device_time=flow.device_time)


def in_years(factor: Node, energy: Node, years: Sequence[int], where: str, what: str) -> Node:
    """A factor in the years of the energy it meets, by label (D1); one without years is for all of them (A5).

    Raises `MissingError` for years that the factor lacks, `AccountingError` for energy of no single year.
    """
    known, by_year = labels_of(factor, "year"), labels_of(energy, "year")
    if not known:
        return factor
    if not by_year and len(years) != 1:
        said = ", ".join(map(str, years)) or "not given"
        raise AccountingError.of("energy_of_no_single_year", where, what=what, years=said)
    wanted = by_year or tuple(years)
    if lacking := [str(label) for label in wanted if label not in known]:
        span = f"{wanted[0]}, {int(str(wanted[-1])) + 1}"
        raise MissingError.of("electricity_lacks_years", where, what=what, years=", ".join(lacking), span=span)
    if not by_year:
        return select(factor, "year", years[0])
    return factor if by_year == known else stack({label: select(factor, "year", label) for label in by_year}, "year")
