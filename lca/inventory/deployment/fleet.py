"""Fleets over the years: deliveries, attrition and replacement, by the renewal equation in steps (A7, U8)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ...checks import finite_number
from ...distributions.families import Weibull
from ...errors import AccountingError, LabelError, MissingError
from ...faults import refuse
from ...formulas import characteristic_life, failed_devices, renewed_devices, standing_devices, survival, used_share
from ...graph.functions import ceil, maximum, select, stack
from ...graph.node import Node, constant
from ...hardware.device import check_mean_life
from ...records.record import Record, Value, component, derived, plain, quantity, word
from ...sampling.evaluate import nominal_values
from ...units.parse import root
from ...units.registry import YEAR_SECONDS

RENEWALS = ("on_failure", "none")
#: The work grows with the square of the steps.
_MOST_STEPS = 240
_FEWEST = 4


@component
class Fleet(Record):
    """Devices delivered by calendar year, that fail and are replaced (A7).

    Numbers of devices are expectations: the spread of lives between devices averages out over a fleet. What is
    uncertain is the mean life, so give `life` a distribution of the mean (U8). A year is divided into steps. By
    default the replacements of eight years are within 0.5 % of the limit of fine steps, at the nominal life, up to
    240 steps in all (docs/allocation.md).

    Parameters
    ----------
    name : str
        The name of the fleet, unique in a study.
    deliveries : labelled by year, device
        Devices put into service at the beginning of each year, without replacements.
    life : quantity, time above 0, or Weibull
        The mean calendar time until a device fails. `life=lca.Weibull(...)` gives the shape, too.
    shape : float, 0.1 or more
        The Weibull shape: below 1 early failures, 1 at random, above 1 wear.
    renewal : str
        "on_failure" replaces each device that fails; "none" lets the fleet shrink.
    spares : quantity, a pure number from 0
        Devices made with each delivery and kept in stock, as a share of it.
    steps : int
        How many steps a year has; chosen from the life if it is not given.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Raises
    ------
    LabelError
        If the deliveries are not labelled by years in a row, or `life` or `spares` vary by year.
    DomainError
        If deliveries are negative, or there are more than 240 steps.
    MissingError
        If there is no shape.
    AccountingError
        If a shape stands beside a Weibull.

    Examples
    --------
    >>> from lca.graph.inputs import labelled
    >>> plan = labelled({2024: 100, 2025: 50, 2026: 0}, "device", dim="year")
    >>> Fleet("robots", plan, life="5 year", shape=2).devices_made
    <robots.devices_made [device, year: 3]>
    """

    deliveries: Value = quantity("device", bare=True, kw_only=False)
    life: Value = quantity("s", above=True, apart=True)  # it decides the steps of a year
    shape: float | None = plain(default=None)
    renewal: str = word(*RENEWALS, default="on_failure")
    spares: Value = quantity("", bare=True, default=0.0)
    steps: int | None = plain(default=None)
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    def __post_init__(self) -> None:
        where = f"{self.slug}.shape"
        weibull = self.life if isinstance(self.life, Weibull) else None
        refuse(
            (weibull is not None and self.shape is not None, AccountingError, "shape_given_twice", where),
            (weibull is None and self.shape is None, MissingError, "shape_not_given", where),
        )
        if weibull is not None:
            object.__setattr__(self, "shape", weibull.shape)
            object.__setattr__(self, "life", f"{weibull.mean!r} {weibull.unit}")
        super().__post_init__()
        finite_number(self.shape, where, low=0.1)
        if self.steps is not None:
            finite_number(self.steps, f"{self.slug}.steps", low=1, whole=True)
        years, steps = len(self.years), _FEWEST if self.steps is None else self.steps
        form = f"{years} years of {steps} steps: give fewer steps, at most {_MOST_STEPS} in all"
        finite_number(years * steps, f"{self.slug}.steps", high=_MOST_STEPS, form=form)
        check_mean_life(self.life, f"{self.slug}.life")
        if "year" in self.life.dim_names or "year" in self.spares.dim_names:
            raise LabelError.of("life_and_spares_by_year", self.slug)

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years of the deliveries. Raises `LabelError` where they are not years in a row."""
        labels = next((dim.labels for dim in self.deliveries.dims if dim.name == "year"), ())
        years = tuple(label for label in labels if isinstance(label, int))
        if not years or labels != tuple(range(years[0], years[0] + len(labels))):
            said = ", ".join(map(str, labels)) or "no year"
            raise LabelError.of("deliveries_without_years", f"{self.slug}.deliveries", labels=said)
        return years

    @cached_property
    def steps_per_year(self) -> int:
        """`steps`, or by default those that the nominal life L [years] and the shape k ask for.

        A step of at most L k / 4 resolves early failures, one of at most 2 L / k the spread of lives around
        their mean.
        """
        if self.steps is not None:
            return int(self.steps)
        shape, life = self._shape, nominal_values({"life": self.life})["life"]
        wanted = int(ceil(max(4 / shape, shape / 2) / (float(np.min(life)) / YEAR_SECONDS)))
        return min(max(wanted, _FEWEST), _MOST_STEPS // len(self.years))

    # --- what the year brings -----------------------------------------------------------------------

    @derived
    def in_service(self) -> Node:
        """Devices in service, the mean of each year, [device] over `year`."""
        if self.renewal == "on_failure":
            return self._by_year([_sum(self._delivered[: i + 1]) for i in range(len(self.years))])
        moments = [self._standing(step) for step in range(self._all_steps)]
        found = [standing_devices(start, middle, end, constant(1.0)) for start, middle, end in moments]
        return self._by_year([_sum(year) * (1 / self.steps_per_year) for year in self._years_of(found)])

    def in_service_for(self, time: Node) -> Node:
        """The mean number of devices in service in the part of each year that is used.

        Parameters
        ----------
        time : Node
            That part, [s] over `year`, from the beginning of each year.

        Returns
        -------
        Node
            Devices in service, [device] over `year`; 0 in a year that is not used.

        Examples
        --------
        >>> import lca
        >>> plan = lca.labelled({2024: 100, 2025: 50}, "device", dim="year")
        >>> fleet = Fleet("robots", plan, life="5 year", shape=2)
        >>> half = lca.parameter("used", lca.labelled({2024: 1, 2025: 0.5}, "year", dim="year"))
        >>> lca.nominal(fleet.in_service_for(half)).data["value"].values.tolist()
        [100.0, 150.0]
        """
        if self.renewal == "on_failure":
            return self.in_service
        shares = self._used(time)
        moments = [self._standing(step) for step in range(self._all_steps)]
        start, middle, end = (self._stepwise([three[i] for three in moments]) for i in range(3))
        stood = [standing_devices(*moment) for moment in zip(start, middle, end, shares, strict=True)]
        return _sum(stood) / maximum(_sum(shares), 1e-12)

    @derived
    def failed(self) -> Node:
        """Devices that fail in each year, [device] over `year`."""
        return self._by_year([_sum(year) for year in self._years_of(self._flow[0])])

    @derived
    def renewed(self) -> Node:
        """Devices made in each year for those that failed, [device] over `year`."""
        return self._by_year([_sum(year) for year in self._years_of(self._flow[1])])

    def renewed_in(self, time: Node) -> Node:
        """Devices made for those that failed, in the part of each year that is used.

        Parameters
        ----------
        time : Node
            That part, [s] over `year`, from the beginning of each year. The last step counts in part.

        Returns
        -------
        Node
            Devices made, [device] over `year`.

        Examples
        --------
        >>> import lca
        >>> plan = lca.labelled({2024: 100, 2025: 0}, "device", dim="year")
        >>> fleet = Fleet("robots", plan, life="5 year", shape=1)
        >>> unused = lca.parameter("used", lca.labelled({2024: 1, 2025: 0}, "year", dim="year"))
        >>> lca.nominal(fleet.renewed_in(unused)).data["value"].values.round(1).tolist()
        [20.0, 0.0]
        """
        pairs = zip(self._stepwise(self._flow[1]), self._used(time), strict=True)
        return _sum([renewed * used for renewed, used in pairs])

    @derived
    def devices_made(self) -> Node:
        """Devices made for each year: deliveries with their spares, and replacements, [device] over `year`."""
        return self.deliveries * (1 + self.spares) + self.renewed

    # --- the renewal equation -----------------------------------------------------------------------

    @cached_property
    def _delivered(self) -> list[Node]:
        return [select(self.deliveries, "year", label) for label in self.years]

    @cached_property
    def _alive(self) -> list[Node]:
        """The share of devices that reach the age of 0, 1, 2, ... half steps."""
        life = characteristic_life(self.life, math.gamma(1 + 1 / self._shape))
        life, shape = life.named(f"{self.slug}: characteristic life"), self._shape
        alive: list[Node] = [constant(1.0)]
        for half_steps in range(1, 2 * self._all_steps + 1):
            age = half_steps / self.steps_per_year / 2
            reached = survival(constant(age * YEAR_SECONDS, root("s")), life, shape)
            alive.append(reached.named(f"{self.slug}: share that reaches {age:g} years"))
        return alive

    @cached_property
    def _flow(self) -> tuple[list[Node], list[Node]]:
        """(failed, renewed) of every step. Deliveries are as old as their steps, replacements half a step less."""
        alive, failed, renewed = self._alive, [], []
        steps = self.steps_per_year
        for step in range(self._all_steps):
            fallen = []
            for year, devices in enumerate(self._delivered[: step // steps + 1]):
                age = 2 * (step - year * steps)
                fallen.append(failed_devices(devices, alive[age], alive[age + 2]))
            if self.renewal == "none":
                failed.append(_sum(fallen))
                renewed.append(0 * failed[-1])
                continue
            for made, devices in enumerate(renewed):
                age = 2 * (step - made)
                fallen.append(failed_devices(devices, alive[age - 1], alive[age + 1]))
            name = f"{self.slug}: renewed in step {step % steps + 1} of {self.years[step // steps]}"
            renewed.append(renewed_devices(_sum(fallen), alive[1]).named(name))
            failed.append(renewed[-1])
        return failed, renewed

    def _standing(self, step: int) -> tuple[Node, Node, Node]:
        """Devices of a fleet without renewal that stand at the start, the middle and the end of a step."""
        delivered = self._delivered[: step // self.steps_per_year + 1]
        ages = [2 * (step - year * self.steps_per_year) for year in range(len(delivered))]
        start, middle, end = (
            _sum([devices * self._alive[age + later] for devices, age in zip(delivered, ages, strict=True)])
            for later in range(3)
        )
        return start, middle, end

    @property
    def _shape(self) -> float:
        assert self.shape is not None  # checked when the fleet was made
        return float(self.shape)

    @property
    def _all_steps(self) -> int:
        return self.steps_per_year * len(self.years)

    def _used(self, time: Node) -> list[Node]:
        """The share of each step of a year that falls in the time used."""
        length = constant(YEAR_SECONDS / self.steps_per_year, root("s"))
        return [used_share(time, length, constant(float(before))) for before in range(self.steps_per_year)]

    def _stepwise(self, flow: list[Node]) -> list[Node]:
        """The first steps of all years, their second steps, ...: each over `year`."""
        return [self._by_year(flow[first :: self.steps_per_year]) for first in range(self.steps_per_year)]

    def _years_of(self, flow: list[Node]) -> list[list[Node]]:
        """The steps of the first year, of the second, ..."""
        return [flow[first : first + self.steps_per_year] for first in range(0, len(flow), self.steps_per_year)]

    def _by_year(self, nodes: list[Node]) -> Node:
        return stack(dict(zip(self.years, nodes, strict=True)), "year")


def _sum(nodes: Sequence[Node]) -> Node:
    return sum(nodes[1:], nodes[0])
