"""Sites: where energy is taken from, and the crossings that carry it to the customer's meter (A1, Q3)."""

from __future__ import annotations

from ..errors import BoundaryError, MissingError
from ..expression.node import Node, constant
from ..expression.record import Record, Value, component, plain, quantity
from ..formulas import crossed_energy, facility_energy, wall_energy
from ..impact.electricity import Electricity
from ..units import boundary_of, root, unit_text

#: The crossings of a site, each with the boundary that it starts from.
CROSSINGS = {"rest_of_machine": "at_component", "supply_efficiency": "at_board", "pue": "at_wall"}


@component
class Site(Record):
    """A place with electricity, and the crossings from a measurement to its meter.

    A crossing is asked for only when an energy needs it: `rest_of_machine` (component to board: the power of
    everything else in the machine, per device of the activity; of a host with eight accelerators an eighth
    each), `supply_efficiency` (board to wall), `pue` (wall to facility; 1 at
    a desk, where the wall is the facility). `market_electricity` is what the site buys by contract: a
    market-based factor whose result stands beside the location-based one (A9). `wue` is the water that cooling
    takes, per IT energy at the wall; 0 at a desk. It is asked for by the impact category "water".

    >>> Site("desk", pue=1.0).pue
    <desk.pue [at the facility/at the wall]>
    """

    electricity: Electricity | None = plain(default=None)
    market_electricity: Electricity | None = plain(default=None)
    pue: Value = quantity("at_facility/at_wall", bare=True, low=1.0, high=10.0, optional=True, default=None)
    supply_efficiency: Value = quantity(
        "at_board/at_wall", bare=True, above=True, high=1.0, optional=True, default=None
    )
    rest_of_machine: Value = quantity("W at_board", per="device", optional=True, default=None)
    wue: Value = quantity("L/(kWh at_wall)", optional=True, default=None)
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    def at_wall(self, energy: Node, *, device_time: Node | None = None) -> Node:
        """An energy measured at a component or a board, at the wall; `device_time` [device s] it ran for."""
        boundary = boundary_of(energy.unit)
        if boundary == "at_component":
            rest = self._crossing(
                "rest_of_machine",
                energy,
                "the power of the rest of the machine, per device: of a host with eight an eighth",
            )
            if device_time is None:
                raise MissingError("the rest of the machine needs the time it ran for", where=energy.short)
            energy = crossed_energy(constant(1.0, root("at_board/at_component")), energy, rest, device_time)
            boundary = "at_board"
        if boundary == "at_board":
            efficiency = self._crossing("supply_efficiency", energy, "what the power supply passes on")
            energy = wall_energy(energy, efficiency)
        return energy

    def at_facility(self, energy: Node, *, device_time: Node | None = None) -> Node:
        """An energy of any inner boundary, at the facility's meter. Raises where a crossing is not stated."""
        energy = self.at_wall(energy, device_time=device_time)
        boundary = boundary_of(energy.unit)
        if boundary == "at_wall":
            energy = facility_energy(energy, self._crossing("pue", energy, "1.0 at a desk, more in a data centre"))
        elif boundary != "at_facility":
            raise BoundaryError(
                f"{unit_text(energy.unit)} cannot be carried to the facility",
                where=energy.short,
                fix="give energy at the component, board, wall or facility",
            )
        return energy

    def crossed(self, energy: Node) -> dict[str, Node]:
        """The crossings, by name, that an energy needs on its way to the facility."""
        order = list(CROSSINGS.values())
        inner = boundary_of(energy.unit)
        needed = [
            name for name, start in CROSSINGS.items() if inner in order and order.index(start) >= order.index(inner)
        ]
        return {name: node for name in needed if (node := getattr(self, name)) is not None}

    def _crossing(self, name: str, energy: Node, meaning: str) -> Node:
        found: Node | None = getattr(self, name)
        if found is None:
            raise MissingError(
                f"{energy.short} is measured as {unit_text(energy.unit)}, and the site does not say {name}",
                where=f"{self.slug}.{name}",
                fix=f"Site({self.name!r}, {name}=...): {meaning}",
            )
        return found
