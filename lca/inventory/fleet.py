"""A fleet in time: deliveries, attrition and replacement, by the renewal equation in steps (A7, U8)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ..errors import AccountingError, DomainError, LabelError
from ..expression.functions import select, stack
from ..expression.node import Node, constant
from ..expression.record import Record, Value, component, derived, plain, quantity, tag
from ..formulas import characteristic_life, failed_devices, renewed_devices, survival
from ..impact.hardware import check_mean_life
from ..units import root

YEAR_SECONDS = 365.25 * 86_400
RENEWALS = ("on_failure", "none")
#: The work grows with the square of the steps.
_MOST_STEPS = 240


@component
class Fleet(Record):
    """Devices delivered by calendar year, that fail and are replaced.

    `deliveries` are devices put into service at the beginning of each year, labelled by `year`: what the plan
    adds, without replacements. `life` is the mean life of a device until it fails, in calendar time, `shape`
    the Weibull shape of its spread over devices (below 1 early failures, 1 at random, above 1 wear; a plain
    number). That spread is variability, and averages out over a fleet: what is uncertain is the mean, so give
    `life` the distribution of what is not known about it (U8). Numbers of devices are expectations.

    `renewal="on_failure"` makes a device for each that fails, so that the plan is always in service;
    `"none"` lets the fleet shrink. `spares` is made with each delivery as a share of it, and kept in stock.
    A year is divided into `steps`; with four, replacements of eight years are within 0.1 % of the limit of
    fine steps for lives from half a year up (docs/allocation.md).

    Raises `LabelError` for deliveries without years in a row, `DomainError` for negative ones.

    >>> from lca.expression.given import labelled
    >>> plan = labelled({2024: 100, 2025: 50, 2026: 0}, "device", dim="year")
    >>> Fleet("robots", plan, life="5 year", shape=2).devices_made
    <robots.devices_made [device, year: 3]>
    """

    deliveries: Value = quantity("device", bare=True, kw_only=False)
    life: Value = quantity("s", above=True)
    shape: float = plain()
    renewal: str = plain(default="on_failure")
    spares: Value = quantity("", bare=True, default=0.0)
    steps: int = plain(default=4)
    status: Any = tag(default="")
    source: Any = tag(default="")
    key: str = plain(default="")

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_numbers()
        if self.renewal not in RENEWALS:
            known = " or ".join(f'"{name}"' for name in RENEWALS)
            raise AccountingError(f"no renewal {self.renewal!r}", where=f"{self.slug}.renewal", mend=known)
        check_mean_life(self.life, f"{self.slug}.life")
        if "year" in self.life.dim_names or "year" in self.spares.dim_names:
            raise LabelError("life and spares are those of all years", where=self.slug, mend="give one value")
        _ = self.years

    def _check_numbers(self) -> None:
        for name, low in (("shape", 0.1), ("steps", 1)):
            value = getattr(self, name)
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not number or not low <= value < math.inf or (name == "steps" and value != int(value)):
                raise DomainError(
                    f"{value!r} is no {name} of a fleet",
                    where=f"{self.slug}.{name}",
                    mend=f"a {'whole' if name == 'steps' else 'plain'} number from {low:g} up",
                )
        if len(self.years) * self.steps > _MOST_STEPS:
            raise DomainError(
                f"{len(self.years)} years of {self.steps} steps",
                where=f"{self.slug}.steps",
                mend=f"at most {_MOST_STEPS} steps in all: take fewer steps a year",
            )

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years of the deliveries. Raises `LabelError` where they are no years in a row."""
        labels = next((dim.labels for dim in self.deliveries.dims if dim.name == "year"), ())
        years = tuple(label for label in labels if isinstance(label, int))
        if not years or years != labels or years != tuple(range(years[0], years[0] + len(years))):
            raise LabelError(
                "deliveries are labelled by calendar years in a row",
                where=f"{self.slug}.deliveries",
                sides=[", ".join(map(str, labels)) or "no year"],
                mend='lca.labelled({2024: 100, 2025: 50, 2026: 0}, "device", dim="year"): a year without is 0',
            )
        return years

    # --- what the year brings -----------------------------------------------------------------------

    @derived
    def in_service(self) -> Node:
        """Devices in service, the mean of each year, [device] over `year`."""
        if self.renewal == "on_failure":
            return self._by_year([_sum(self._delivered[: i + 1]) for i in range(len(self.years))])
        ends = [(before + after) * 0.5 for before, after in zip(self._starts, self._ends, strict=True)]
        return self._by_year([_sum(self._of_year(ends, i)) * (1 / self.steps) for i in range(len(self.years))])

    @derived
    def at_year_end(self) -> Node:
        """Devices in service at the end of each year, [device] over `year`."""
        if self.renewal == "on_failure":
            return self.in_service  # type: ignore[no-any-return]
        return self._by_year(self._ends[self.steps - 1 :: self.steps])

    @derived
    def failed(self) -> Node:
        """Devices that fail in each year, [device] over `year`."""
        return self._by_year([_sum(self._of_year(self._flow[0], i)) for i in range(len(self.years))])

    @derived
    def renewed(self) -> Node:
        """Devices made in each year for those that failed, [device] over `year`."""
        return self._by_year([_sum(self._of_year(self._flow[1], i)) for i in range(len(self.years))])

    @derived
    def devices_made(self) -> Node:
        """Devices made for each year: deliveries with their spares, and replacements, [device] over `year`."""
        return self.deliveries * (1 + self.spares) + self.renewed  # type: ignore[no-any-return]

    # --- the renewal equation -----------------------------------------------------------------------

    @cached_property
    def _delivered(self) -> list[Node]:
        return [select(self.deliveries, "year", label) for label in self.years]

    @cached_property
    def _alive(self) -> list[Node]:
        """The share of devices that reach the age of 0, 1, 2, ... half steps."""
        life = characteristic_life(self.life, math.gamma(1 + 1 / self.shape))
        life, shape = life.named(f"{self.slug}: characteristic life"), float(self.shape)
        alive: list[Node] = [constant(1.0)]
        for half_steps in range(1, 2 * self.steps * len(self.years) + 1):
            age = half_steps / self.steps / 2
            reached = survival(constant(age * YEAR_SECONDS, root("s")), life, shape)
            alive.append(reached.named(f"{self.slug}: share that reaches {age:g} years"))
        return alive

    @cached_property
    def _flow(self) -> tuple[list[Node], list[Node]]:
        """(failed, renewed) of every step. Deliveries are as old as their steps, replacements half a step less."""
        alive, failed, renewed = self._alive, [], []
        for step in range(self.steps * len(self.years)):
            fallen = []
            for year, devices in enumerate(self._delivered[: step // self.steps + 1]):
                age = 2 * (step - year * self.steps)
                fallen.append(failed_devices(devices, alive[age], alive[age + 2]))
            if self.renewal == "none":
                failed.append(_sum(fallen))
                renewed.append(0 * failed[-1])
                continue
            for made, devices in enumerate(renewed):
                age = 2 * (step - made)
                fallen.append(failed_devices(devices, alive[age - 1], alive[age + 1]))
            name = f"{self.slug}: renewed in step {step % self.steps + 1} of {self.years[step // self.steps]}"
            renewed.append(renewed_devices(_sum(fallen), alive[1]).named(name))
            failed.append(renewed[-1])
        return failed, renewed

    @cached_property
    def _starts(self) -> list[Node]:
        return [self._standing(step, 0) for step in range(self.steps * len(self.years))]

    @cached_property
    def _ends(self) -> list[Node]:
        return [self._standing(step, 2) for step in range(self.steps * len(self.years))]

    def _standing(self, step: int, later: int) -> Node:
        """Devices of a fleet without renewal that stand at the start of a step, or `later` by half steps."""
        delivered = self._delivered[: step // self.steps + 1]
        ages = [2 * (step - year * self.steps) + later for year in range(len(delivered))]
        return _sum([devices * self._alive[age] for devices, age in zip(delivered, ages, strict=True)])

    def _of_year(self, steps: list[Node], position: int) -> list[Node]:
        return steps[position * self.steps : (position + 1) * self.steps]

    def _by_year(self, nodes: list[Node]) -> Node:
        return stack(dict(zip(self.years, nodes, strict=True)), "year")  # type: ignore[no-any-return]


def _sum(nodes: Sequence[Node]) -> Node:
    return sum(nodes[1:], nodes[0])
