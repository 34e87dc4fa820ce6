"""What every activity has: the energy it takes, the hardware it runs on, and the flows these make."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import AccountingError, DomainError, MissingError
from ..expression.node import Node
from ..expression.record import Record, Value, Varied, component, plain, quantity, tag
from ..expression.value import Declared, resolve
from ..impact.hardware import Hardware
from .site import Site


@dataclass(frozen=True, eq=False)
class ElectricityFlow:
    """Energy that an activity takes at a site, in a stage; `device_time` is device s, for crossings.

    `part` names what takes it beside the activity's own devices, such as a network.
    """

    stage: str
    activity: Record
    energy: Node
    site: Site
    device_time: Node | None
    years: tuple[int, ...]
    part: str = ""

    @property
    def name(self) -> str:
        """How results are named after it: "robots", "robots/network"."""
        return f"{self.activity.slug}/{self.part}" if self.part else self.activity.slug


@dataclass(frozen=True, eq=False)
class HardwareFlow:
    """Devices that an activity holds: how many, for how long, running how long, charged by which rule (A8).

    `share` is the part that two of the rules charge, `made` the devices that a fleet makes.
    """

    activity: Record
    hardware: Hardware
    devices: Node
    period: Node | None
    running: Node | None
    rule: str | Varied
    share: Node | None = None
    made: Node | None = None


def whole_year(year: Any, where: str) -> int:
    """A calendar year, if it is one."""
    if isinstance(year, bool) or not isinstance(year, (int, np.integer)) or not 1900 <= year <= 2500:
        raise DomainError(f"{year!r} is no calendar year", where=where, mend="write a whole number: 2022")
    return int(year)


@component
class Activity(Record, ABC):
    """The base of training, development and deployment.

    `allocation` names the rule that charges the hardware of `on` (docs/allocation.md), and may vary in a
    scenario; `share` is what the rules "share" and "economic_value" charge of it, and no other rule takes it.
    A number in `on={hardware: number}` is that of the whole activity, whatever `devices` says: 100 robots with two
    cameras each are `{robot: 100, camera: 200}`.
    """

    on: Any = plain(default=None)
    site: Any = plain(default=None)
    year: Any = plain(default=None)
    allocation: Any = tag(default="", varies=True)
    share: Value = quantity("", bare=True, high=1.0, optional=True, default=None)
    devices: Value = quantity("device", bare=True, above=True, default=1)
    status: Any = tag(default="")
    source: Any = tag(default="")
    key: str = plain(default="")

    stage = ""

    @property
    def electricity(self) -> ElectricityFlow:
        """The electricity of this activity. Raises `MissingError` where no site is given."""
        return self.electricity_at(self.site)

    @property
    def electricity_flows(self) -> list[ElectricityFlow]:
        """Every electricity that it takes: that of its devices first, then what it takes elsewhere."""
        return [self.electricity]

    def electricity_at(self, site: Any) -> ElectricityFlow:
        """The electricity that this activity would take at a site."""
        if not isinstance(site, Site):
            raise MissingError("an activity without a site takes no electricity", where=f"{self.slug}.site")
        return ElectricityFlow(self.stage, self, self.total_energy, site, self.device_time, self.years)

    @property
    def device_time(self) -> Node | None:
        """Devices x time of running, [device s], on the dims of the energy: what a crossing by power needs (A1)."""
        return None if self.running is None else self.running * self.devices

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years in which it happens, as far as they are said."""
        return () if self.year is None else (whole_year(self.year, f"{self.slug}.year"),)

    @property
    @abstractmethod
    def total_energy(self) -> Node:
        """Its energy at the boundary where it is known."""

    @property
    @abstractmethod
    def held(self) -> Node | None:
        """The calendar time for which it holds its hardware."""

    @property
    def running(self) -> Node | None:
        """The time for which its hardware runs."""
        return self.held

    @property
    def hardware(self) -> list[HardwareFlow]:
        """One flow for each kind of hardware that it runs on (A8)."""
        if self.on is None:
            if self.share is not None:
                raise AccountingError(
                    "a share of hardware is stated, and no hardware",
                    where=f"{self.slug}.share",
                    mend="on=lca.Hardware(...), or leave share= out",
                )
            return []
        if not self.allocation:
            raise AccountingError(
                "an activity that runs on hardware names its allocation rule",
                where=f"{self.slug}.allocation",
                mend='allocation="reserved_time", "whole_units", ...: see docs/allocation.md',
            )
        pairs = list(self.on.items()) if isinstance(self.on, Mapping) else [(self.on, self.devices)]
        made = None if isinstance(self.on, Mapping) else self.devices_made
        return [self._held(thing, self._count(thing, count), made) for thing, count in pairs]

    def _held(self, thing: Hardware, devices: Node, made: Node | None) -> HardwareFlow:
        period, running = self.times(devices)
        return HardwareFlow(self, thing, devices, period, running, self.allocation, self.share, made)

    def times(self, devices: Node) -> tuple[Node | None, Node | None]:
        """(time held, time running) of its hardware, for so many devices."""
        return self.held, self.running

    @property
    def devices_made(self) -> Node | None:
        """The devices that are made for it, where a fleet says so."""
        return None

    def _count(self, thing: Hardware, count: Any) -> Node:
        if not isinstance(thing, Hardware):
            raise AccountingError(f"{thing!r} is no hardware", where=f"{self.slug}.on", mend="lca.Hardware(...)")
        if isinstance(count, Node):
            return count
        return resolve(count, Declared(("device",), bare=True, above=True), key=f"{self.key_prefix}.{thing.slug}.count")

    def _either(self, *ways: str) -> MissingError:
        return MissingError("the energy is not given", where=self.slug, mend=f"give {' or '.join(ways)}")
