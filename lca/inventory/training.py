"""Training and development: energy measured, extrapolated from a window, or estimated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..arguments import entry
from ..errors import DomainError, MissingError
from ..faults import refuse
from ..formulas import extrapolated_energy, run_duration, run_energy, training_energy
from ..graph.node import Node, constant
from ..logs.power_log import integrate
from ..meters.meter import Meter
from ..records.record import Value, component, plain, quantity
from .activity import Activity


@component
class Training(Activity):
    """Training of one model or several (a dim), on one kind of hardware at one site.

    The energy is given (`energy`, of all devices together), or follows from `power` per device x `duration` x
    `devices`. 480 device-hours are `duration="480 h"` of one device, or "60 h" of eight. `at` says where a value
    without a meter was measured. Energy, power and duration may vary over a dim: each label is a run of its own,
    of `devices` devices (readings of eight cards: eight labels, `devices=1`). `duration` is needed with `on=` only.
    Where only the CO2e of the run is published, `impact` states it in place of an energy. It counts in its stage and
    in totals; whatever asks for the energy leaves the run out and says so.

    Raises `MissingError` where the energy does not follow, `BoundaryError` for energy without a boundary,
    `DomainError` for an `impact` beside an energy, a power or a site.

    >>> Training("BERT", power="1.5 kW", duration="79 h", at="wall").energy
    <bert.energy [kWh at the wall]>
    """

    energy: Value = quantity("J", boundary="times", optional=True, default=None)
    power: Value = quantity("W", boundary="times", per="device", optional=True, default=None)
    duration: Value = quantity("s", above=True, optional=True, default=None)
    impact: Value = quantity("kg CO2e", above=True, optional=True, default=None)
    window: Value = quantity("s", above=True, optional=True, default=None)
    window_energy: Value = quantity("J", boundary="times", optional=True, default=None)
    measured: Value = quantity("iteration", bare=True, above=True, optional=True, default=None)
    planned: Value = quantity("iteration", bare=True, above=True, optional=True, default=None)
    at: str | None = plain(default=None)

    stage = "training"

    @classmethod
    @entry
    def extrapolated(
        cls,
        name: str,
        *,
        measured: Any,
        planned: Any,
        duration: Any = None,
        power: Any = None,
        energy: Any = None,
        **rest: Any,
    ) -> Training:
        """A training known from a measured window: `duration` of `measured` iterations, of `planned` in all.

        The window has a `power` per device and a duration (`formulas.training_energy`), or an `energy` of all devices
        together (`formulas.extrapolated_energy`). With a duration of the window, that of the run is
        `formulas.run_duration`. The window is kept as `.window` and `.window_energy`. Labels come from the data.

        Raises `MissingError` where the energy does not follow, `DomainError` for energy beside power.

        >>> run = Training.extrapolated("resnet", duration="143 s", power="148 W", measured=1_000,
        ...                             planned=170_000, at="wall")
        >>> run.duration
        <resnet.duration [s]>
        """
        window = {"window": duration, "window_energy": energy, "measured": measured, "planned": planned}
        return cls(name, power=power, **window, **rest)

    @classmethod
    @entry
    def logged(cls, name: str, *, log: Any, meter: Meter, **rest: Any) -> Training:
        """A training of which the whole power log exists: a pandas Series in W over time, of all devices together.

        The index is a time (timestamps, timedeltas, or seconds; whole seconds are an index with a name); the
        energy is the integral by the trapezoidal rule, the duration the length of the log. Raises
        `AccountingError` for rows that are only numbered, in disorder or without a power, and where nothing was
        measured.
        """
        energy, seconds = integrate(log, meter)
        return cls(name, energy=energy, duration=f"{seconds!r} s", **rest)

    def _complete(self) -> Mapping[str, Node]:
        of_window, of_iterations = {"window", "window_energy"}, {"measured", "planned"}
        ways = {"energy", "power", "duration", *of_window, *of_iterations}
        given = {name for name in ways if getattr(self, name) is not None}
        known, run = given & {"energy", "window_energy"}, {"power", "duration"} <= given
        window, iterations = given & of_window, given & of_iterations
        complete = iterations == of_iterations and ("window_energy" in given or {"window", "power"} <= given)
        published = self.impact is not None
        beside = [*(given - {"duration"}), *(name for name in ("site", "at", "beyond") if getattr(self, name))]
        refuse(
            (sorted(beside) if published else False, DomainError, "impact_and_energy_given", self.slug),
            (bool(window and given & {"energy", "duration"}), DomainError, "window_and_whole_run_given", self.slug),
            (bool(window) and not complete, MissingError, "window_without_iterations", self.slug),
            (bool(iterations) and not window, DomainError, "iterations_without_a_window", self.slug),
            (bool(known) and "power" in given, DomainError, "energy_and_power_given", self.slug),
            (not (known or window or run or published), MissingError, "energy_not_given", self.slug),
        )
        if not window:
            return {"energy": run_energy(self.power, self.duration, self.devices)} if run and not known else {}
        counts = self.measured, self.planned
        whole = {} if self.window is None else {"duration": run_duration(self.window, *counts)}
        if known:
            return whole | {"energy": extrapolated_energy(self.window_energy, *counts)}
        return whole | {"energy": training_energy(self.window, *counts, self.power) * self.devices}

    @property
    def drawn(self) -> Node | None:
        """The power of one device, where it is given."""
        return self.power  # type: ignore[no-any-return]

    def times(self, devices: Node) -> tuple[Node | None, Node | None]:
        """The duration of the whole run, for which hardware is held and runs; of each run, where energy is labelled.

        Five models with a power each and 60 h are five runs of 60 h, and eight cards with a reading each are
        eight devices: hardware is held for every label that takes energy.
        """
        held: Node | None = self.duration
        runs = self.energy if self.impact is None else self.impact
        if held is not None and (lacking := tuple(dim for dim in runs.dims if dim.name not in held.dim_names)):
            held = held * constant(np.ones([len(dim) for dim in lacking]), dims=lacking).named("each")
        return held, held


@component
class Development(Training):
    """Everything before and beside the training that counts: experiments, failed runs, a desk left on.

    >>> Development("semester", energy="175 kWh", at="wall", duration="15 week").energy
    <semester.energy = 175 kWh at the wall>
    """

    stage = "development"
