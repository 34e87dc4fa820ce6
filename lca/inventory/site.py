"""Sites: where energy is taken from, and the crossings that carry it to the customer's meter (A1, Q3)."""

from __future__ import annotations

from ..electricity.electricity import Electricity
from ..errors import BoundaryError, MissingError
from ..formulas import crossed_energy, facility_energy, wall_energy
from ..graph.node import Node, constant
from ..records.record import Maybe, Record, Value, component, plain, quantity
from ..units.parse import root
from ..units.registry import boundary_of
from ..units.text import unit_text

_LEFT_OUT = '; if the publisher of the energy left it out, beyond="not counted" in the activity'
#: The crossings of a site in their order: the boundary that each starts from, and what it says.
CROSSINGS = {
    "rest_of_machine": (
        "at_component",
        'the power of the rest of the machine, per device: 1/8 for a host with 8; or beyond="assumed" in the activity, '
        "from published comparisons" + _LEFT_OUT,
    ),
    "supply_efficiency": ("at_board", "the share that the power supply passes on" + _LEFT_OUT),
    "pue": ("at_wall", "1.0 at a desk, more in a data centre"),
}


@component
class Site(Record):
    """A place with electricity, and the crossings from a measurement to its meter (A1).

    A crossing is needed only if an energy goes through it.

    Parameters
    ----------
    name : str
        The name of the site, unique in a study.
    electricity : Electricity
        The electricity of the grid at the place.
    market_electricity : Electricity
        What the site buys by contract, a market-based factor. Its result stands beside the location-based one (A9).
    pue : quantity, at_facility/at_wall, 1 to 10
        Wall to facility. It is 1.0 at a desk, where the wall is the facility.
    supply_efficiency : quantity, at_board/at_wall, above 0 to 1
        Board to wall: the share that the power supply passes on.
    rest_of_machine : quantity, W at_board per device
        Component to board: the power of the rest of the machine, for each device of the activity. In a host with
        eight accelerators it is an eighth of the host.
    wue : quantity, L/(kWh at_wall)
        Water for cooling, per energy of the IT equipment; 0 at a desk. The category "water" needs it.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Site("desk", pue=1.0).pue
    <desk.pue = 1 at the facility/at the wall>
    """

    electricity: Electricity | None = plain(default=None)
    market_electricity: Electricity | None = plain(default=None)
    pue: Maybe = quantity("at_facility/at_wall", bare=True, low=1.0, high=10.0, optional=True, default=None)
    supply_efficiency: Maybe = quantity(
        "at_board/at_wall", bare=True, above=True, high=1.0, optional=True, default=None
    )
    rest_of_machine: Maybe = quantity("W at_board", per="device", optional=True, default=None)
    wue: Value = quantity("L/(kWh at_wall)", "L/(kWh at_facility)", optional=True, default=None)
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    def at_wall(self, energy: Node, *, device_time: Node | None = None) -> Node:
        """An energy measured at a component or a board, carried to the wall (A1).

        Parameters
        ----------
        energy : Node
            The energy, [J] at its boundary.
        device_time : Node
            How long the devices ran, [device s]; the crossing from a component needs it.

        Returns
        -------
        Node
            The energy at the wall, or as it was if it is measured at the wall or beyond.

        Raises
        ------
        MissingError
            If a crossing is not given, or the time of running.

        Examples
        --------
        >>> import lca
        >>> shed = Site("shed", supply_efficiency=0.8)
        >>> lca.nominal(shed.at_wall(lca.parameter("e", "4 kWh at_board"))).data["value"].item()
        5.0
        """
        if boundary_of(energy.unit) == "at_component":
            rest = self._crossing("rest_of_machine", energy)
            if device_time is None:
                raise MissingError.of("time_of_running_not_given", energy.short)
            energy = crossed_energy(constant(1.0, root("at_board/at_component")), energy, rest, device_time)
        if boundary_of(energy.unit) == "at_board":
            energy = wall_energy(energy, self._crossing("supply_efficiency", energy))
        return energy

    def at_facility(self, energy: Node, *, device_time: Node | None = None) -> Node:
        """An energy of any inner boundary, carried to the meter of the facility (A1).

        Parameters
        ----------
        energy : Node
            The energy, [J] at its boundary.
        device_time : Node
            How long the devices ran, [device s]; the crossing from a component needs it.

        Returns
        -------
        Node
            The energy at the facility.

        Raises
        ------
        MissingError
            If a crossing is not given.
        BoundaryError
            If the energy is measured beyond the facility.

        Examples
        --------
        >>> import lca
        >>> hall = Site("hall", pue=1.5)
        >>> lca.nominal(hall.at_facility(lca.parameter("e", "4 kWh at_wall"))).data["value"].item()
        6.0
        """
        energy = self.at_wall(energy, device_time=device_time)
        if boundary_of(energy.unit) == "at_wall":
            energy = facility_energy(energy, self._crossing("pue", energy))
        if boundary_of(energy.unit) != "at_facility":
            raise BoundaryError.of("energy_not_carried_to_the_facility", energy.short, unit=unit_text(energy.unit))
        return energy

    def crossed(self, energy: Node) -> dict[str, Node]:
        """The crossings that an energy needs on its way to the facility, as far as they are given.

        Parameters
        ----------
        energy : Node
            The energy, [J] at its boundary.

        Returns
        -------
        dict of str to Node
            The crossings by name.

        Examples
        --------
        >>> import lca
        >>> list(Site("hall", supply_efficiency=0.9, pue=1.5).crossed(lca.parameter("e", "4 kWh at_board")))
        ['supply_efficiency', 'pue']
        """
        starts = [start for start, _ in CROSSINGS.values()]
        inner = boundary_of(energy.unit)
        needed = list(CROSSINGS)[starts.index(inner) :] if inner in starts else []
        return {name: node for name in needed if (node := getattr(self, name)) is not None}

    def _crossing(self, name: str, energy: Node) -> Node:
        found: Node | None = getattr(self, name)
        if found is None:
            raise MissingError.of(
                "crossing_not_given", f"{self.slug}.{name}", energy=energy.short, unit=unit_text(energy.unit),
                site=self.name, crossing=name, meaning=CROSSINGS[name][1],
            )  # fmt: skip
        return found
