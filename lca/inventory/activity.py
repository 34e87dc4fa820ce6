"""What every activity has: the energy it takes, the hardware it runs on, and the flows these make."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from ..checks import finite_number
from ..errors import AccountingError, KeyClashError, LcaError, MissingError
from ..graph.bounds import is_one
from ..graph.decided import decided
from ..graph.fields import Declared, Written, domain_guard, resolve
from ..graph.guard import Guard, side
from ..graph.node import Node, constant
from ..hardware.hardware import Hardware
from ..records.record import Maybe, Record, Value, brief, component, plain, quantity, word
from ..units.parse import root
from ..units.registry import WORDS, boundary_of
from .site import Site
from .whole_machine import wall_over_sensor


@dataclass(frozen=True, eq=False)
class ElectricityFlow:
    """Energy that an activity takes at a site, in a stage; `device_time` is device s, for crossings.

    `part` names what takes it beside the activity's own devices, such as a network; `uncounted` says what stands
    between the meter and the wall and is not counted.
    """

    stage: str
    activity: Record
    energy: Node
    site: Site
    device_time: Node | None
    years: tuple[int, ...]
    part: str = ""
    uncounted: str = ""

    @property
    def name(self) -> str:
        """How results are named after it: "robots", "robots/network"."""
        return f"{self.activity.slug}/{self.part}" if self.part else self.activity.slug


@dataclass(frozen=True, eq=False)
class HardwareFlow:
    """Devices that an activity holds: how many, for how long, running how long, charged by which rule (A8).

    `share` is the part that two of the rules charge, `made` the devices that a fleet makes.
    """

    activity: Activity
    hardware: Hardware
    devices: Node
    period: Node | None
    running: Node | None
    rule: str
    share: Node | None = None
    made: Node | None = None


def whole_year(year: object, where: str) -> int:
    """A calendar year, if it is one."""
    form = "a calendar year is a whole number: 2022"
    return int(finite_number(year, where, low=1900, high=2500, whole=True, form=form))


#: Adds up the parts of a value, those apart excepted.
Summed: TypeAlias = Callable[[Node, Iterable[str]], Node]
_COUNTED = Declared(("device",), bare=True, above=True)
#: How far a reading may lie above the power of a device in its catalogue, for what a meter sees beside it.
MARGINS = {"at_component": 1.25, "at_board": 1.5, "at_wall": 2.0}

#: What `beyond="not counted"` leaves out, by the boundary of the meter.
_UNCOUNTED = {
    "at_component": "the rest of the machine is not counted, nor are the losses of its power supply",
    "at_board": "the losses of the power supply are not counted",
}
#: What `beyond="assumed"` takes for the rest.
_ASSUMED = {
    "at_component": "the rest of the machine and its power supply are assumed, from published comparisons",
}


@component
class Activity(Record, ABC):
    """The base of training, development and deployment.

    Parameters
    ----------
    name : str
        The name of the activity, unique in a study.
    on : Hardware, or mapping of Hardware to number
        The hardware that it runs on. A number is that of the whole activity: 100 robots with two cameras each are
        {robot: 100, camera: 200}. How many devices draw a power per device is said by `devices`.
    site : Site
        Where the electricity is taken.
    year : int
        The calendar year in which it happens.
    allocation : str
        The rule that charges the hardware (docs/allocation.md); it may vary in a scenario.
    share : quantity, a number from 0 to 1
        What the rules "share" and "economic_value" charge of the hardware; other rules do not take it.
    devices : quantity, device
        How many devices there are.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.
    """

    _form: ClassVar[str] = "lca.Training(...), lca.Deployment(...)"

    on: Hardware | Mapping[Hardware, Written] | None = plain(default=None)
    site: Site | None = plain(default=None)
    year: int | None = plain(default=None)
    allocation: str = plain(default="")
    share: Maybe = quantity("", bare=True, high=1.0, optional=True, default=None)
    devices: Value = quantity("device", bare=True, above=True, optional=True, default=None)
    beyond: str = word("", "not counted", "assumed", default="")
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    stage = ""

    @property
    def _counts_itself(self) -> bool:
        """Whether the number of devices follows from something else than `devices`."""
        return False

    def __post_init__(self) -> None:
        unsaid = self.devices is None and not self._counts_itself
        if unsaid:
            object.__setattr__(self, "devices", 1)
        super().__post_init__()
        if unsaid:
            self.__dict__["_given"]["devices"] = None
        _ = self.years, self.machines  # what cannot be read raises here

    @property
    def electricity(self) -> ElectricityFlow:
        """The electricity of its devices. Raises `MissingError` without a site, and where only CO2e is known."""
        return self.electricity_at(self.site)

    @property
    def electricity_flows(self) -> list[ElectricityFlow]:
        """Every electricity that it takes: that of its devices first, then what it takes elsewhere."""
        return [self.electricity] if self.impact is None else []

    def electricity_at(self, site: Site | None) -> ElectricityFlow:
        """The electricity that this activity would take at a site.

        Parameters
        ----------
        site : Site
            The site.

        Returns
        -------
        ElectricityFlow
            Energy, time of running and years at that site.

        Raises
        ------
        MissingError
            If there is no site.

        Examples
        --------
        >>> from lca import Site, Training
        >>> run = Training("BERT", energy="120 kWh", at="wall")
        >>> run.electricity_at(Site("desk", pue=1.0)).name
        'bert'
        """
        if self.impact is not None:
            raise MissingError.of("energy_not_published", f"{self.slug}.energy")
        if site is None:
            raise MissingError.of("activity_without_a_site", f"{self.slug}.site")
        energy, uncounted = self.energy, ""
        if self.beyond:
            energy, uncounted = self._carried(energy, site)
        return ElectricityFlow(self.stage, self, energy, site, self.device_time, self.years, uncounted=uncounted)

    def _carried(self, energy: Node, site: Site) -> tuple[Node, str]:
        """An energy at the wall as `beyond` says, and what has to be said of it."""
        boundary = str(boundary_of(energy.unit))
        known = _UNCOUNTED if self.beyond == "not counted" else _ASSUMED
        if boundary not in known:
            raise AccountingError.of(
                "nothing_beyond", f"{self.slug}.beyond", boundary=WORDS[boundary], said=self.beyond,
                places=" or ".join(WORDS[place] for place in known),
            )  # fmt: skip
        counted = self.beyond == "assumed"
        factor = wall_over_sensor(site.key_prefix) if counted else constant(1.0, root(f"at_wall/{boundary}"))
        name = f"{self.slug}: energy, {self.beyond} beyond the {boundary.removeprefix('at_')}"
        return (energy * factor).named(name), f"measured {WORDS[boundary]}: {known[boundary]}"

    @property
    def device_time(self) -> Node | None:
        """Devices x time of running, [device s], on the dims of the energy: what a crossing by power needs (A1)."""
        running = self.times(self.devices)[1]
        return None if running is None else running * self.devices

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years in which it happens, as far as they are said."""
        return () if self.year is None else (whole_year(self.year, f"{self.slug}.year"),)

    @property
    @abstractmethod
    def energy(self) -> Node:
        """Its energy at the boundary where it is known."""

    @abstractmethod
    def times(self, devices: Node) -> tuple[Node | None, Node | None]:
        """(calendar time for which it holds its hardware, time for which that runs), for so many devices."""

    @property
    def impact(self) -> Node | None:
        """The CO2e of its operation as its publisher states it, where its energy is not known."""
        return None

    @property
    def drawn(self) -> Node | None:
        """What one device draws at its highest, where the activity says so per device."""
        return None

    @property
    def stated(self) -> list[Node]:
        """Powers of one device that are stated of another load than its own."""
        return []

    @property
    def intensive(self) -> list[tuple[Node, Node, str]]:
        """What may vary over parts only where an amount does, with that amount and where it stands (D5)."""
        return []

    @property
    def counts(self) -> dict[str, Node]:
        """What it serves, by the name of one of them."""
        return {}

    @property
    def unused(self) -> Mapping[str, LcaError]:
        """What is stated and has no effect, by path, with what to say of each (D4)."""
        return {}

    @property
    def apart(self) -> tuple[str, ...]:
        """Dims whose labels do not meet on one device at one time: runs one after another, each on its own devices."""
        return () if self.drawn is None else self.drawn.dim_names

    def laws(self, summed: Summed) -> list[Guard]:
        """What the values of an activity have to keep beyond the domains of their fields.

        Parameters
        ----------
        summed : function of a Node and names of dims
            Adds up the parts of a value, except the dims named.

        Returns
        -------
        list of Guard
            The laws: counts above 0, and power below what the hardware can draw (A15).

        Examples
        --------
        >>> from lca import Training
        >>> Training("BERT", energy="120 kWh", at="wall").laws(lambda node, apart: node)
        []
        """
        counts = [
            domain_guard(count, _COUNTED, f"{self.slug}.on[{thing.slug}]")
            for thing, count in self._counts.items()
            if self.machines[thing] is not None
        ]
        return [*counts, *self._drawable(summed)]

    # --- hardware (A8) ----------------------------------------------------------------------------------

    @property
    def machines(self) -> dict[Hardware, Written | None]:
        """The kinds of hardware that it runs on, with the number that was given for each; None is `devices`."""
        if isinstance(self.on, Hardware):
            return {self.on: None}
        given: dict[Hardware, Written | None] = dict(self.on or {})
        if len({thing.slug for thing in given}) < len(given):
            raise KeyClashError.of("hardware_given_twice", f"{self.slug}.on")
        return given

    @property
    def hardware(self) -> list[HardwareFlow]:
        """One flow for each kind of hardware that it runs on."""
        if self.machines and not self.allocation:
            raise AccountingError.of("allocation_not_given", f"{self.slug}.allocation")
        made = None if isinstance(self.on, Mapping) else self.devices_made
        return [
            HardwareFlow(self, thing, devices, *self.times(devices), self.allocation, self.share, made)
            for thing, devices in self._counts.items()
        ]

    @property
    def devices_made(self) -> Node | None:
        """The devices that are made for it, where a fleet says so."""
        return None

    @property
    def _counts(self) -> dict[Hardware, Node]:
        """The number of devices of each kind of hardware."""
        return {thing: self._count(thing, given) for thing, given in self.machines.items()}

    def _count(self, thing: Hardware, given: Written | None) -> Node:
        """The number of devices of one kind; what is per device asks for `devices` where that is not one (A14)."""
        if given is None:
            return self.devices
        node = resolve(given, _COUNTED, key=f"{self.key_prefix}.{thing.key_prefix}.count")
        said = self.given("devices") is not None or self._counts_itself
        if self.drawn is not None and not said and not decided(is_one, node):
            count = node.parameter.describe() if node.parameter else node.short
            where = f"{self.slug}.devices"
            raise AccountingError.of("number_of_devices_not_given", where, hardware=thing.name, count=count)
        return node

    @property
    def _is_estimated(self) -> bool:
        """Whether the energy is told by a model whose spread says nothing of what a device can draw."""
        return False

    def _drawable(self, summed: Summed) -> list[Guard]:
        """The power of a device stays below what its hardware can draw, with a margin for what is around it (A15)."""
        limits = {thing: thing.max_power for thing in self.machines}
        if self.drawn is None or not limits or None in limits.values():
            return []
        each = [limits[thing] * (count / self.devices) for thing, count in self._counts.items()]
        most, alone = sum(each[1:], each[0]), list(self._counts.values()) == [self.devices]
        sides = [
            side(f"{one.name}: at most", limit, brief(limit)) for one, limit in limits.items() if limit is not None
        ]
        return [
            Guard(
                power / (most * constant(1.0, root(boundary))), f"{self.slug}.on", "power_above_maximum",
                high=MARGINS[boundary], kind=AccountingError, sides=sides, at_nominal=self._is_estimated,
                values={"margin": MARGINS[boundary]}, over="the maximum" if alone else "",
                called="power per device" if alone else "power per device, of its maximum",
            )
            for power in (summed(self.drawn, self.apart), *self.stated)
            if (boundary := boundary_of(power.unit) or "") in MARGINS
        ]  # fmt: skip
