"""Deployment: a fleet that is used for years, and runs inference or draws a power (A3, A5)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...errors import AccountingError, DomainError, LcaError, MissingError
from ...faults import refuse
from ...formulas import device_energy, made_in_year, network_energy, powered_energy, sleep_energy, time_in_year
from ...graph.bounds import is_above_zero
from ...graph.decided import decided
from ...graph.fields import Declared, domain_guard
from ...graph.guard import Guard
from ...graph.labels import make_dim
from ...graph.node import Node, constant
from ...records.record import Maybe, Value, component, derived, plain, quantity
from ...units.parse import root
from ...units.registry import YEAR_SECONDS
from ..activity import Activity, ElectricityFlow, Summed
from ..inference.counts import RATES, counted_in
from ..inference.inference import Inference
from .fleet import Fleet
from .network import Network
from .work import COUNTS, Work, present
from .years import check_years, years_of_use

_TOKENS = ("input_tokens", "output_tokens")
BY_YEAR = ("devices", "load", "active", "idle", "traffic", *_TOKENS)  # what may be labelled by calendar year
_SOME = Declared(("device",), above=True)
_NO_INFERENCE = "power_or_inference_not_given", "load_without_inference"
#: What a deployment needs, what it must not have, and the errors that say so: without inference, and with it.
_OF_POWER = ("power",), ("load", "network", "traffic", *_TOKENS), _NO_INFERENCE
_OF_INFERENCE = ("load", "idle_power"), ("power",), ("load_or_idle_power_not_given", "power_beside_inference")


@component
class Deployment(Activity):
    """Devices that are on for part of the day and run inference for part of that, year after year.

    Energy is idle power for the time on, plus marginal energy for each inference, request or token that is served
    (`formulas.device_energy`, A3). Results have a dim `year`. `devices`, `load`, `active`, `idle`, `traffic` and tokens
    may be labelled by year, for exactly the years of use.

    Parameters
    ----------
    name : str
        The name of the deployment, unique in a study.
    inference : Inference
        The energy of an inference; for devices that run none leave it out, and give `power`.
    start : int
        The first calendar year of use.
    period : quantity, time above 0
        How long the devices are used, from the beginning of that year.
    load : quantity, inference/s, request/s, token/s or batch/s per device
        What a device serves per second while it is active. Tokens are those that are put out.
    output_tokens, input_tokens : quantity, token/request
        How many tokens a request puts out, and reads; the second where the inference has a `prefill` of its own.
    active, idle : quantity, a share of time from 0 to 1
        The time of a day in which a device is active, and in which it is on and waits: "8 h/day".
    power : quantity, W at a boundary per device
        Power while a device is active, where it runs no inference: a phone, a sensor.
    idle_power, sleep_power : quantity, W at a boundary per device
        Power while a device is on and waits, and in the rest of the day (0 if it is not given).
    devices : quantity, device
        How many devices there are.
    fleet : Fleet
        In place of `devices`: how many there are in each year, and how many are made (rule "devices_made").
    network : Network
        What carries the traffic; it takes electricity of its own.
    traffic : quantity, byte/inference, byte/request or byte/token
        The data that the network carries for each of them.
    on : Hardware, or mapping of Hardware to number
        The hardware that it runs on. A number is that of the whole deployment.
    allocation : str
        The rule that charges the hardware (docs/allocation.md); needed with `on=`.
    share : quantity, a number from 0 to 1
        What the rules "share" and "economic_value" charge of the hardware.
    site : Site
        Where the electricity is taken.
    beyond : str
        "not counted" where what was measured at a component or a board leaves out the rest of the machine (listed).
        "assumed" takes a sensor at the component for the machine, with a wide factor (docs/agreement.md).
    year : None
        Not used here: `start` and `period` say the years.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Raises
    ------
    DomainError
        If a share of time is outside 0 to 1, or the period has no upper bound.
    LabelError
        If values are given for other years than those of use.
    AccountingError
        If the load is above the throughput, the joules are less than idle power takes, or `devices` meet a `fleet`.
    MissingError
        If `network` comes without `traffic`, or the load cannot be told in what the joules or the traffic are told per.

    Examples
    --------
    >>> import lca
    >>> net = lca.Inference("net", "0.4 J/inference", at="board", per="inference", baseline="marginal")
    >>> lca.Deployment("robots", net, devices=100, start=2024, period="5 year", load="10 inference/s",
    ...                active="8 h/day", idle_power="2 W at_board").years
    (2024, 2025, 2026, 2027, 2028)
    >>> chat = lca.Inference("chat", "0.3 J/token", at="component", per="token", baseline="marginal")
    >>> lca.Deployment("chats", chat, start=2025, period="1 year", load="2 request/s", active=1.0,
    ...                output_tokens="300 token/request", idle_power="90 W at_component").tokens
    <chats.tokens [token, year: 1]>
    """

    inference: Inference | None = plain(default=None, kw_only=False)
    start: int = plain()
    period: Value = quantity("s", above=True)
    power: Maybe = quantity("W", boundary="times", per="device", optional=True, default=None)
    load: Maybe = quantity(*RATES, per="device", optional=True, default=None)
    output_tokens: Maybe = quantity("token/request", above=True, optional=True, default=None)
    input_tokens: Maybe = quantity("token/request", optional=True, default=None)
    active: Value = quantity("", bare=True, high=1.0)
    idle: Value = quantity("", bare=True, high=1.0, default=0.0)
    idle_power: Maybe = quantity("W", boundary="times", per="device", optional=True, default=None)
    sleep_power: Maybe = quantity("W", boundary="times", per="device", optional=True, default=None)
    devices: Value = quantity("device", bare=True, optional=True, default=None)
    fleet: Fleet | None = plain(default=None)
    network: Network | None = plain(default=None)
    traffic: Maybe = quantity("byte/inference", "byte/request", "byte/token", optional=True, default=None)

    stage = "use"

    @property
    def _counts_itself(self) -> bool:
        return self.fleet is not None

    def __post_init__(self) -> None:
        network, traffic = self.network is not None, self.traffic is not None
        both = self.devices is not None and self.fleet is not None
        needed, foreign, faults = _OF_POWER if self.inference is None else _OF_INFERENCE
        lacking = [name for name in needed if getattr(self, name) is None]
        beside = [name for name in foreign if getattr(self, name) is not None]
        refuse(
            (lacking, MissingError, faults[0], self.slug),
            (beside, DomainError, faults[1], self.slug),
            (both, AccountingError, "devices_and_fleet_given", f"{self.slug}.devices"),
            (self.year is not None, AccountingError, "year_of_a_deployment", f"{self.slug}.year"),
            (network and not traffic, MissingError, "network_or_traffic_not_given", f"{self.slug}.traffic"),
            (traffic and not network, MissingError, "network_or_traffic_not_given", f"{self.slug}.network"),
        )
        super().__post_init__()
        if self.idle_power is None and decided(is_above_zero, self.idle):
            raise MissingError.of("idle_time_without_a_power", f"{self.slug}.idle_power")
        check_years(self, self.years, BY_YEAR)
        if self.inference is not None:
            _ = self.drawn, self._carrying if traffic else None  # what cannot be told in one count raises here

    def _complete(self) -> Mapping[str, Node]:
        if self.fleet is None:
            return {}
        if self.years != self.fleet.years:
            return {"devices": self.fleet.in_service}  # which is refused below, with the years that are wrong
        return {"devices": self.fleet.in_service_for(self.time_per_year)}

    @property
    def drawn(self) -> Node:
        """What a device draws while it is active: its power, or idle power and its inferences, [W/device]."""
        if self.inference is None:
            return present(self.power)
        idle, work = present(self.idle_power), self._work
        return idle + work.each(idle) * work.rate(work.basis)

    @property
    def _is_estimated(self) -> bool:
        return self.inference is not None and self.inference.status == "assumed"

    @property
    def stated(self) -> list[Node]:
        """The power at which its inference was measured."""
        return [] if self.inference is None or self.inference.power is None else [self.inference.power]

    @property
    def intensive(self) -> list[tuple[Node, Node, str]]:
        """What multiplies an amount: that of its work, and the energy per byte of a traffic (D5)."""
        found = [] if self.inference is None else self._work.intensive(self._served(self._work.counted))
        if self.network is not None:
            found.append((self.network.energy, self.traffic * self._carrying, f"{self.network.slug}.energy"))
        return found

    @property
    def unused(self) -> Mapping[str, LcaError]:
        """Tokens that are read, where the joules hold the reading of the prompt."""
        return {} if self.inference is None else self._work.unused

    @property
    def apart(self) -> tuple[str, ...]:
        """Dims whose labels are other devices or other times: what one device does at once is summed over the rest."""
        return (*self.devices.dim_names, *self.active.dim_names, "year")

    def laws(self, summed: Summed) -> list[Guard]:
        """Times fit into the day, joules hold what idle power takes, a load is below the throughput (A3).

        Parameters
        ----------
        summed : function of a Node and names of dims
            Adds up the parts of a value, except the dims named.

        Returns
        -------
        list of Guard
            The laws, with those of every activity.

        Examples
        --------
        >>> import lca
        >>> use = lca.Deployment("cams", devices=9, start=2024, period="5 year", power="3 W at_wall", active="8 h/day")
        >>> len(use.laws(lambda node, apart: node))
        2
        """
        others = ("year", *self.devices.dim_names)  # other years, other devices
        on = summed(self.active + self.idle, others)
        laws = [Guard(on, f"{self.slug}.active", "active_and_idle_above_a_day", high=1.0)]
        if "year" not in self.devices.dim_names:  # a year may be without devices, a deployment not
            laws.append(domain_guard(self.devices, _SOME, f"{self.slug}.devices"))
        if self.inference is not None:
            laws += self._work.laws(summed, present(self.idle_power), others, self.apart)
        return [*super().laws(summed), *laws]

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years of use: as many as the longest possible period touches (D4)."""
        return years_of_use(self.start, self.period, self.slug)

    @derived
    def time_per_year(self) -> Node:
        """Calendar time of use in each year, [s] over `year`; the years sum to the period."""
        dim = make_dim("year", self.years)
        elapsed = constant(np.arange(len(dim)) * YEAR_SECONDS, root("s"), (dim,))
        return time_in_year(self.period, elapsed, constant(YEAR_SECONDS, root("s")))

    @derived
    def inferences(self) -> Node:
        """Inferences of the whole fleet, [inference] over `year`. Raises `MissingError` where it runs none."""
        return self._served("inference")

    @derived
    def requests(self) -> Node:
        """Requests to the whole fleet, [request] over `year`. Raises `MissingError` where the load does not say so."""
        return self._served("request")

    @derived
    def tokens(self) -> Node:
        """Tokens that the whole fleet puts out, [token] over `year`, where the load says so."""
        return self._served("token")

    @property
    def counts(self) -> dict[str, Node]:
        """What is served, by the name of one: "inference", or "request" and "token"."""
        return {} if self.inference is None else {one: getattr(self, COUNTS[one]) for one in self._work.known}

    def _served(self, count: str) -> Node:
        return self.devices * self._work.rate(count) * (self.active * self.time_per_year)

    @property
    def _work(self) -> Work:
        if self.inference is None or self.load is None:
            raise MissingError.of("deployment_without_inference", f"{self.slug}.inference")
        return Work(self.slug, self.inference, self.load, self.output_tokens, self.input_tokens)

    @property
    def _carrying(self) -> Node:
        """How often the traffic is carried: the inferences, requests or tokens that it is told per."""
        made: Node = getattr(self, COUNTS[counted_in(present(self.traffic).unit)])
        return made

    @derived
    def rate(self) -> Node:
        """What the whole fleet is asked per time, the mean of day and night: what a server that serves it runs."""
        return self.devices * self._work.load * self.active

    @derived
    def device_years(self) -> Node:
        """Devices in use x time, [device s] over `year`."""
        return self.devices * self.time_per_year

    @derived
    def energy(self) -> Node:
        """Energy of the whole fleet at the boundary of the meter, over `year`."""
        time = self.time_per_year
        if self.inference is None:
            power = present(self.power)
            idle_power = 0 * power if self.idle_power is None else self.idle_power
            made = powered_energy(power, self.active * time, idle_power, self.idle * time)
        else:
            work, on_time = self._work, (self.active + self.idle) * time
            idle_power = present(self.idle_power)
            made = device_energy(
                idle_power, on_time, work.each(idle_power), work.rate(work.basis) * (self.active * time)
            )
        if self.sleep_power is not None:
            made = made + sleep_energy(self.sleep_power, self.active, self.idle, time)
        return made * self.devices

    @property
    def electricity_flows(self) -> list[ElectricityFlow]:
        """That of the devices, and that of the network."""
        flows = super().electricity_flows
        if self.network is not None:
            energy = network_energy(self.network.energy, self.traffic, self._carrying)
            flows.append(ElectricityFlow(self.stage, self, energy, self.network.site, None, self.years, "network"))
        return flows

    @derived
    def devices_made(self) -> Node | None:
        """Devices made for the years of use (none after the period), [device] over `year`; None without a fleet."""
        if self.fleet is None:
            return None
        renewed = self.fleet.renewed_in(self.time_per_year)
        return made_in_year(self.fleet.deliveries, self.fleet.spares, renewed, self.time_per_year)

    @property
    def device_time(self) -> Node:
        """Devices x time on, over `year` like the energy."""
        return self.devices * ((self.active + self.idle) * self.time_per_year)

    def _time(self, *values: Node) -> Node:
        """The period, by year where a value that it meets differs from year to year."""
        by_year = any("year" in value.dim_names for value in values)
        return self.time_per_year if by_year else self.period

    def times(self, devices: Node) -> tuple[Node, Node]:
        """How long the deployment holds its hardware, and how long that runs.

        Parameters
        ----------
        devices : Node
            The number of devices; where it varies by year, the times do, too.

        Returns
        -------
        pair of Node
            The period, [s], in which devices are held on or off; and the time on, active or idle, [s].

        Examples
        --------
        >>> import lca
        >>> use = lca.Deployment("cams", devices=9, start=2024, period="5 year", power="3 W at_wall", active="8 h/day")
        >>> use.times(use.devices)[0]
        <cams.period = 5 year>
        """
        return self._time(devices), (self.active + self.idle) * self._time(devices, self.active, self.idle)
