"""A fleet in time by the renewal equation, after section 7 of docs/method.md and docs/allocation.md."""

from __future__ import annotations

from math import ceil, gamma
from typing import TYPE_CHECKING

import numpy as np

from .values import AXES, YEAR, nominal_of, scale_of

if TYPE_CHECKING:
    from .oracle import Oracle

_YEAR = AXES.index("year")


class FleetModel:
    """Deliveries that fail and are replaced, in steps; times of use by year come from the deployment."""

    def __init__(self, model: Oracle, name: str, time: np.ndarray) -> None:
        about = model.spec["fleets"][name]
        self.renews = about.get("renewal", "on_failure") == "on_failure"
        self.shape = float(about["shape"])
        self.deliveries = model.get("fleets", name, "deliveries")
        self.years = self.deliveries.shape[_YEAR]
        spares = model.get("fleets", name, "spares")
        self.spares = 0.0 if spares is None else spares
        life = model.get("fleets", name, "life")
        self.scale = life / gamma(1 + 1 / self.shape)
        nominal = nominal_of(about["life"]["v"]) * scale_of(about["life"]["u"]) / YEAR
        self.steps = about.get("steps") or self._steps(nominal)
        self.length = YEAR / self.steps
        self.time = time

    def _steps(self, life: float) -> int:
        """At most L k / 4 and 2 L / k long, four a year at least, 240 in all at most."""
        wanted = ceil(max(4 / (life * self.shape), self.shape / (2 * life)) - 1e-9)
        return min(max(wanted, 4), 240 // self.years)

    def alive(self, steps: float) -> np.ndarray:
        """The share of devices that reach an age, in steps."""
        found: np.ndarray = np.exp(-((steps * self.length / self.scale) ** self.shape))
        return found

    def delivered(self, year: int) -> np.ndarray:
        return np.take(self.deliveries, [year], axis=_YEAR)

    def renewed(self) -> list[np.ndarray]:
        """Replacements of each step, made in its middle; none where nothing is renewed."""
        made: list[np.ndarray] = []
        for step in range(self.years * self.steps if self.renews else 0):
            failed = sum(
                self.delivered(y) * (self.alive(step - y * self.steps) - self.alive(step + 1 - y * self.steps))
                for y in range(step // self.steps + 1)
            )
            for earlier, devices in enumerate(made):
                age = step - earlier
                failed = failed + devices * (self.alive(age - 0.5) - self.alive(age + 0.5))
            made.append(failed / self.alive(0.5))
        return made

    def used(self, step: int) -> np.ndarray:
        """The share of a step in the period: a step of the year, counted from 0."""
        year, before = divmod(step, self.steps)
        time = np.take(self.time, [year], axis=_YEAR)
        return np.clip(time / self.length - before, 0, 1)

    def _standing(self, step: int) -> np.ndarray:
        """Devices of a fleet without renewal that stand in the part of a step that is used, times that part."""
        start, middle, end = (
            sum(self.delivered(y) * self.alive(step + later - y * self.steps) for y in range(step // self.steps + 1))
            for later in (0, 0.5, 1)
        )
        a, m, b, c = start, middle, end, self.used(step)
        found: np.ndarray = a * c - (3 * a - 4 * m + b) * c**2 / 2 + (2 * a - 4 * m + 2 * b) * c**3 / 3
        return found

    def in_service(self) -> np.ndarray:
        """Devices in service by year, the mean over the time that is used."""
        if self.renews:
            return np.cumsum(self.deliveries, axis=_YEAR)
        by_year = []
        for year in range(self.years):
            steps = range(year * self.steps, (year + 1) * self.steps)
            used = sum(self.used(step) for step in steps)
            by_year.append(sum(self._standing(step) for step in steps) / np.maximum(used, 1e-12))
        return _side_by_side(by_year)

    def made(self) -> np.ndarray:
        """Devices made by year: deliveries with spares, if the period reaches the year, and replacements in it."""
        renewed = self.renewed()
        by_year = []
        for year in range(self.years):
            reached = np.take(self.time, [year], axis=_YEAR) > 0
            found = self.delivered(year) * (1 + self.spares) * reached
            for step in range(year * self.steps, (year + 1) * self.steps) if renewed else []:
                found = found + self.used(step) * renewed[step]
            by_year.append(found)
        return _side_by_side(by_year)


def _side_by_side(years: list[np.ndarray]) -> np.ndarray:
    shape = np.broadcast_shapes(*(one.shape for one in years))
    return np.concatenate([np.broadcast_to(one, shape) for one in years], axis=_YEAR)
