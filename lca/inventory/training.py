"""Training and development: energy measured, extrapolated from a window, or estimated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..arguments import entry
from ..errors import DomainError, MissingError
from ..faults import refuse
from ..formulas import run_duration, run_energy, training_energy
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

    Raises `MissingError` where the energy does not follow, `BoundaryError` for energy without a boundary.

    >>> Training("BERT", power="1.5 kW", duration="79 h", at="wall").energy
    <bert.energy [kWh at the wall]>
    """

    energy: Value = quantity("J", boundary="times", optional=True, default=None)
    power: Value = quantity("W", boundary="times", per="device", optional=True, default=None)
    duration: Value = quantity("s", above=True, optional=True, default=None)
    window: Value = quantity("s", above=True, optional=True, default=None)
    measured: Value = quantity("iteration", bare=True, above=True, optional=True, default=None)
    planned: Value = quantity("iteration", bare=True, above=True, optional=True, default=None)
    at: str | None = plain(default=None)

    stage = "training"

    @classmethod
    @entry
    def extrapolated(
        cls, name: str, *, duration: Any, power: Any, measured: Any, planned: Any, **rest: Any
    ) -> Training:
        """A training known from a measured window: `duration` of `measured` iterations, of `planned` in all.

        Energy is `formulas.training_energy`, duration `formulas.run_duration`; the window is kept as
        `.window`. Labels come from the data.

        >>> run = Training.extrapolated("resnet", duration="143 s", power="148 W", measured=1_000,
        ...                             planned=170_000, at="wall")
        >>> run.duration
        <resnet.duration [s]>
        """
        return cls(name, window=duration, power=power, measured=measured, planned=planned, **rest)

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
        ways = ("energy", "power", "duration", "window", "measured", "planned")
        given = {name for name in ways if getattr(self, name) is not None}
        energy, run = "energy" in given, {"power", "duration"} <= given
        window, complete = "window" in given, {"measured", "planned", "power"} <= given
        iterations = bool(given & {"measured", "planned"})
        refuse(
            (window and bool(given & {"energy", "duration"}), DomainError, "window_and_whole_run_given", self.slug),
            (window and not complete, MissingError, "window_without_iterations", self.slug),
            (iterations and not window, DomainError, "iterations_without_a_window", self.slug),
            (energy and "power" in given, DomainError, "energy_and_power_given", self.slug),
            (not (window or energy or run), MissingError, "energy_not_given", self.slug),
        )
        if window:
            each = training_energy(self.window, self.measured, self.planned, self.power)
            duration = run_duration(self.window, self.measured, self.planned)
            return {"duration": duration, "energy": each * self.devices}
        return {} if energy else {"energy": run_energy(self.power, self.duration, self.devices)}

    def times(self, devices: Node) -> tuple[Node | None, Node | None]:
        """The duration of the whole run, for which hardware is held and runs; of each run, where energy is labelled.

        Five models with a power each and 60 h are five runs of 60 h, and eight cards with a reading each are
        eight devices: hardware is held for every label that takes energy.
        """
        held: Node | None = self.duration
        if held is not None and (lacking := tuple(dim for dim in self.energy.dims if dim.name not in held.dim_names)):
            held = held * constant(np.ones([len(dim) for dim in lacking]), dims=lacking).named("each")
        return held, held


@component
class Development(Training):
    """Everything before and beside the training that counts: experiments, failed runs, a desk left on.

    >>> Development("semester", energy="175 kWh", at="wall", duration="15 week").energy
    <semester.energy = 175 kWh at the wall>
    """

    stage = "development"
