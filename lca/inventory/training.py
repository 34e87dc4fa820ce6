"""Training and development: energy measured, extrapolated from a window, or estimated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..arguments import entry
from ..errors import DomainError
from ..expression.node import Node, constant
from ..expression.record import Value, component, plain, quantity
from ..formulas import run_duration, run_energy, training_energy
from .activity import Activity
from .meter import Meter
from .power_log import integrate


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

    @property
    def power_per_device(self) -> Node | None:
        """The power that was given, of one device."""
        return self.power  # type: ignore[no-any-return]

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
        found: dict[str, Node] = {}
        if self.window is not None:
            if self.duration is not None or self.energy is not None:
                raise DomainError("a window and the whole run are both given", where=self.slug, fix="give one")
            if self.measured is None or self.planned is None or self.power is None:
                raise self._either("measured=, planned= and power= with a measured window")
            found["duration"] = run_duration(self.window, self.measured, self.planned)
            per_device = training_energy(self.window, self.measured, self.planned, self.power)
            found["energy"] = per_device * self.devices
        elif self.measured is not None or self.planned is not None:
            raise DomainError(
                "measured= and planned= are of a window, and none is given",
                where=self.slug,
                fix="lca.Training.extrapolated(...) takes duration= as that of the window",
            )
        elif self.energy is None:
            if self.power is None or self.duration is None:
                raise self._either("energy=", "power= and duration=")
            found["energy"] = run_energy(self.power, self.duration, self.devices)
        elif self.power is not None:
            raise DomainError("energy and power are both given", where=self.slug, fix="give one of them")
        return found

    @property
    def total_energy(self) -> Node:
        """The energy of the run, [J at the boundary of its meter]."""
        return self.energy  # type: ignore[no-any-return]

    @property
    def held(self) -> Node | None:
        """The duration of the whole run; of each run, where the energy is labelled and the duration is one for all.

        Five models with a power each and 60 h are five runs of 60 h, and eight cards with a reading each are
        eight devices: hardware is held for every label that takes energy.
        """
        if self.duration is None:
            return None
        lacking = tuple(dim for dim in self.energy.dims if dim.name not in self.duration.dim_names)
        if not lacking:
            return self.duration  # type: ignore[no-any-return]
        each = constant(np.ones([len(dim) for dim in lacking]), dims=lacking).named("each")
        made: Node = self.duration * each
        return made


@component
class Development(Training):
    """Everything before and beside the training that counts: experiments, failed runs, a desk left on.

    >>> Development("semester", energy="175 kWh", at="wall", duration="15 week").energy
    <semester.energy [kWh at the wall]>
    """

    stage = "development"
