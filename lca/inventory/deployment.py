"""Deployment: a fleet that runs inference for years (A3, A5)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import AccountingError, DomainError, LabelError, MissingError
from ..expression.distribution import Distribution
from ..expression.label import make_dim
from ..expression.leaf import Constant
from ..expression.node import Node, constant, fold, parameters
from ..expression.program import compile_program
from ..expression.record import Value, component, derived, plain, quantity
from ..expression.value import Declared, check_domain
from ..formulas import device_energy, made_in_year, network_energy, sleep_energy, time_in_year
from ..sampling.design import RandomDesign
from ..sampling.evaluate import evaluate
from ..units import root
from .activity import Activity, ElectricityFlow, whole_year
from .fleet import YEAR_SECONDS, Fleet
from .inference import Inference
from .network import Network

#: What may be labelled by calendar year.
BY_YEAR = ("devices", "load", "active", "idle", "traffic")
#: A law that more than this share of draws would break is broken.
_RARELY, _TRIAL_DRAWS = 1e-3, 4096
_MOST_YEARS = 1000


@component
class Deployment(Activity):
    """Devices that are on for part of the day and run inference for part of that, year after year.

    `load` is inferences per second of a device while it is active; `active` and `idle` are shares of time
    ("8 h/day"); the rest of the day the device takes `sleep_power`, nothing unless it is given. `start` is the
    first calendar year and `period` how long the devices are used from the beginning of that year; results
    carry a dim `year`. Energy is `formulas.device_energy`: idle power for the time on, plus marginal energy
    for each inference. `devices`, `load`, `active` and `idle` may be labelled by year, for exactly the years
    of use. Instead of `devices`, `fleet` says how many there are, and how many are made (rule "devices_made").
    `network` carries `traffic` for each inference, and takes electricity of its own.

    Raises `DomainError` for a share of time outside 0 to 1, `LabelError` for years that are not those of use,
    `AccountingError` for a load above the throughput of the engine or joules that would be less than nothing
    at idle.
    """

    inference: Any = plain(kw_only=False)
    start: Any = plain()
    period: Value = quantity("s", above=True)
    load: Value = quantity("inference/s", per="device")
    active: Value = quantity("", bare=True, high=1.0)
    idle: Value = quantity("", bare=True, high=1.0, default=0.0)
    idle_power: Value = quantity("W", boundary="times", per="device", optional=True, default=None)
    sleep_power: Value = quantity("W", boundary="times", per="device", optional=True, default=None)
    devices: Value = quantity("device", bare=True, low=0.0, optional=True, default=None)
    fleet: Any = plain(default=None)
    network: Any = plain(default=None)
    traffic: Value = quantity("byte/inference", optional=True, default=None)

    stage = "use"

    def __post_init__(self) -> None:
        if not isinstance(self.inference, Inference):
            raise MissingError("a deployment runs an Inference", where=f"{self.slug}.inference")
        if self.devices is None and self.fleet is None:
            object.__setattr__(self, "devices", 1)
        self._check_parts()
        super().__post_init__()
        if self.idle_power is None:
            raise MissingError(
                "the idle power of a device is not given",
                where=f"{self.slug}.idle_power",
                mend='idle_power="1.9 W at_board"; "0 W at_board" where the joules hold everything',
            )
        self._check_devices()
        self._check_years()
        self._check_rates()

    def _complete(self) -> Mapping[str, Node]:
        if self.fleet is None:
            return {}
        if self.years != self.fleet.years:
            return {"devices": self.fleet.in_service}  # which is refused below, with the years that are wrong
        return {"devices": self.fleet.in_service_for(self.time_per_year)}

    def _check_parts(self) -> None:
        """Fleet and network are what they should be, and nothing is said twice."""
        if self.year is not None:
            raise AccountingError(
                "the years of a deployment follow from its start and period",
                where=f"{self.slug}.year",
                mend="start=2024, period=..., and leave year= out",
            )
        for name, kind in (("fleet", Fleet), ("network", Network)):
            if getattr(self, name) is not None and not isinstance(getattr(self, name), kind):
                raise MissingError(
                    f"the {name} of a deployment is an lca.{kind.__name__}, not {getattr(self, name)!r}",
                    where=f"{self.slug}.{name}",
                    mend=f"{name}=lca.{kind.__name__}(...)",
                )
        if self.fleet is not None and self.devices is not None:
            raise AccountingError(
                "devices and a fleet are both given", where=f"{self.slug}.devices", mend="the fleet says how many"
            )
        if (self.network is None) != (self.traffic is None):
            lacking = "network" if self.network is None else "traffic"
            raise MissingError(
                "a network carries a traffic, and one of the two is not given",
                where=f"{self.slug}.{lacking}",
                mend='network=lca.Network(...), traffic="20 kB/inference"',
            )

    def _check_devices(self) -> None:
        """A year may be without devices, a deployment not."""
        leaf = self.devices.parameter
        if leaf is not None and "year" not in self.devices.dim_names:
            check_domain(leaf, Declared(("device",), above=True), f"{self.slug}.devices")

    def _check_years(self) -> None:
        """What is given by year is given for exactly the years of use (D1)."""
        used = [str(year) for year in self.years]
        for name, node in self.values.items():
            given = next((dim.texts for dim in node.dims if dim.name == "year"), None)
            if given is None:
                continue
            if name not in BY_YEAR:
                raise LabelError(
                    f"the {name} of a deployment is one for all its years",
                    where=f"{self.slug}.{name}",
                    mend=f"by year may differ: {', '.join(BY_YEAR)}",
                )
            if list(given) != used:
                missing = [year for year in used if year not in given]
                beyond = [year for year in given if year not in used]
                raise LabelError(
                    "values by year are not those of the years of use",
                    where=f"{self.slug}.{name}",
                    sides=[
                        f"missing: {', '.join(missing) or 'none'}",
                        f"not years of use: {', '.join(beyond) or 'none'}",
                    ],
                    mend=f"label it with {used[0]} to {used[-1]}, in that order, or change start= or period=",
                )

    def _check_rates(self) -> None:
        checks = {"on": self.active + self.idle, "marginal": self.inference.marginal(self.idle_power)}
        if self.inference.throughput is not None:
            checks["room"] = self.inference.throughput - self.load
        program = compile_program(checks)
        known = {leaf.key for leaf in program.leaves}
        highest = evaluate(program, overrides={k: v for k, v in self._upper_ends().items() if k in known})
        nominal, drawn = evaluate(program), evaluate(program, draws=_TRIAL_DRAWS, design=RandomDesign(0))
        often = {name: np.mean(values < 0) > _RARELY for name, values in drawn.items()}
        if np.any(highest["on"] > 1 + 1e-12) or np.mean(drawn["on"] > 1) > _RARELY:
            raise DomainError(
                "active and idle time are more than the whole day",
                where=f"{self.slug}.active",
                mend="at most 24 h/day",
            )
        if np.any(nominal["marginal"] < 0) or often["marginal"]:
            raise AccountingError(
                "gross joules are less than idle power alone would take",
                where=f"{self.inference.slug}.energy",
                sides=[_said(node) for node in (self.inference.energy, self.idle_power, self.inference.throughput)],
                mend='the joules are marginal already (baseline="marginal"), or throughput or idle power is wrong',
            )
        if "room" in highest and (np.any(highest["room"] < 0) or often["room"]):
            raise AccountingError(
                "the load is above the throughput of the engine",
                where=f"{self.slug}.load",
                sides=[_said(self.load), _said(self.inference.throughput)],
                mend="a device cannot run more inferences than it can: lower the load or add devices",
            )

    def _upper_ends(self) -> dict[str, Any]:
        """What load and shares of time can be at most, where that is finite: a draw breaks no law either."""
        ends: dict[str, Any] = {}
        for node in (self.load, self.active, self.idle):
            leaf = node.parameter
            if leaf is not None:
                highs = [v.support[1] if isinstance(v, Distribution) else v for v in leaf.values]
                if np.all(np.isfinite(highs)):
                    ends[leaf.key] = np.reshape(highs, (*leaf.shape, 1)) * leaf.scale
        return ends

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years of use: as many as the longest possible period touches (D4)."""
        first = whole_year(self.start, f"{self.slug}.start")
        longest = upper_bound(self.period) / YEAR_SECONDS
        if not math.isfinite(longest):
            raise DomainError(
                "a period that sets the years of use has no upper bound",
                where=f"{self.slug}.period",
                mend='give a bounded distribution, such as Triangular("3 year", "5 year", "8 year")',
            )
        if longest > _MOST_YEARS:
            raise DomainError(
                f"a period of {longest:g} years",
                where=f"{self.slug}.period",
                mend=f"at most {_MOST_YEARS} years: is the unit right?",
            )
        return tuple(range(first, first + math.ceil(longest - 1e-9)))

    @derived
    def time_per_year(self) -> Node:
        """Calendar time of use in each year, [s] over `year`; the years sum to the period."""
        dim = make_dim("year", self.years)
        elapsed = constant(np.arange(len(dim)) * YEAR_SECONDS, root("s"), (dim,))
        made: Node = time_in_year(self.period, elapsed, constant(YEAR_SECONDS, root("s")))
        return made

    @derived
    def inferences(self) -> Node:
        """Inferences of the whole fleet, [inference] over `year`."""
        made: Node = self.devices * self.load * (self.active * self.time_per_year)
        return made

    @derived
    def rate(self) -> Node:
        """Inferences of the whole fleet per time, the mean of day and night: what a server that serves it runs."""
        made: Node = self.devices * self.load * self.active
        return made

    @derived
    def device_years(self) -> Node:
        """Devices in use x time, [device s] over `year`."""
        made: Node = self.devices * self.time_per_year
        return made

    @derived
    def energy(self) -> Node:
        """Energy of the whole fleet at the boundary of the meter, over `year`."""
        on_time = (self.active + self.idle) * self.time_per_year
        per_device = self.load * (self.active * self.time_per_year)
        made = device_energy(self.idle_power, on_time, self.inference.marginal(self.idle_power), per_device)
        if self.sleep_power is not None:
            made = made + sleep_energy(self.sleep_power, self.active, self.idle, self.time_per_year)
        return made * self.devices  # type: ignore[no-any-return]

    @property
    def electricity_flows(self) -> list[ElectricityFlow]:
        """That of the devices, and that of the network."""
        flows = super().electricity_flows
        if self.network is not None:
            energy = network_energy(self.network.energy, self.traffic, self.inferences)
            flows.append(ElectricityFlow(self.stage, self, energy, self.network.site, None, self.years, "network"))
        return flows

    @derived
    def devices_made(self) -> Node | None:
        """Devices made for the years of use, [device] over `year`; None without a fleet.

        Deliveries of a year that the period does not reach are not made, nor are replacements of failures after
        its end.
        """
        if self.fleet is None:
            return None
        fleet, time = self.fleet, self.time_per_year
        made: Node = made_in_year(fleet.deliveries, fleet.spares, fleet.renewed_in(time), time)
        return made

    @property
    def device_time(self) -> Node:
        """Devices x time on, over `year` like the energy."""
        made: Node = self.devices * ((self.active + self.idle) * self.time_per_year)
        return made

    @property
    def duration(self) -> Node:
        """The period of use, calendar time."""
        return self.period  # type: ignore[no-any-return]

    @property
    def total_energy(self) -> Node:
        """Energy of the whole fleet, over `year`."""
        return self.energy  # type: ignore[no-any-return]

    def _time(self, *values: Node) -> Node:
        """The period, by year where a value that it meets differs from year to year."""
        by_year = any("year" in value.dim_names for value in values)
        return self.time_per_year if by_year else self.period  # type: ignore[no-any-return]

    def times(self, devices: Node) -> tuple[Node, Node]:
        """(the period: devices are held when they are off, too; time on, active or idle, over the whole period)."""
        running: Node = (self.active + self.idle) * self._time(devices, self.active, self.idle)
        return self._time(devices), running

    @property
    def held(self) -> Node:
        """The period: devices are held when they are off, too."""
        return self.times(self.devices)[0]

    @property
    def running(self) -> Node:
        """Time on, active or idle, over the whole period."""
        return self.times(self.devices)[1]


def _said(node: Node) -> str:
    """A value as it was given, for an error."""
    leaves = [leaf.parameter for leaf in parameters([node]) if leaf.parameter is not None]
    return f"{leaves[0].key}: {leaves[0].describe()}" if len(leaves) == 1 else node.short


def upper_bound(root_node: Node) -> float:
    """The largest possible value of a leaf or of a stack of leaves, in root units; infinity where unknown."""

    def visit(node: Node, inputs: list[float]) -> float:
        if isinstance(node.leaf, Constant):
            return float(node.leaf.values.max())
        if node.parameter is not None:
            p = node.parameter
            return max((v.support[1] if isinstance(v, Distribution) else v) * p.scale for v in p.values)
        assert node.function is not None
        return max(inputs) if node.function.name in ("stack", "select", "take", "maximum") else math.inf

    return fold([root_node], visit)[0]
