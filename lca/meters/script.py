"""A meter that shows what a script says: for tests, and to try a measurement before the meter is there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..arguments import entry
from ..checks import finite_number
from ..errors import DomainError
from .clock import Clock, MachineClock
from .meter import Meter
from .protocol import Sample

Script = float | Callable[[float], float]


@dataclass(frozen=True)
class ScriptedMeter:
    """A live meter that shows what a function of time says; `scripted` makes one."""

    meter: Meter
    clock: Clock
    shows: Callable[[float], float]
    counts: bool
    update_period: float | None
    wraps_at: float | None
    start: float  # when the script begins, by the clock

    def read(self) -> Sample:
        """What the script says now; between two updates what it said at the last one."""
        now = self.clock.now()
        since = now - self.start
        if self.update_period is not None:  # a hundredth of a millionth of a period is rounding
            since = math.floor(since / self.update_period + 1e-8) * self.update_period
        value = finite_number(self.shows(since), f"the script of {self.meter.name}, {since:g} s", low=0)
        return Sample(now, value % self.wraps_at if self.wraps_at else value)

    def conditions(self) -> Mapping[str, float]:
        """Nothing else is known."""
        return {}

    def close(self) -> None:
        """It holds nothing."""


@entry
def scripted(
    power: Script | None = None, *, energy: Callable[[float], float] | None = None, at: str = "component",
    name: str = "scripted meter", accuracy: str | None = None, resolution: str | None = None,
    update_period: float | None = None, wraps_at: float | None = None, clock: Clock | None = None,
) -> ScriptedMeter:  # fmt: skip
    """A live meter that shows what a script says.

    Parameters
    ----------
    power : float, or function of the seconds since the start
        The power in W that it shows.
    energy : function of the seconds since the start
        In place of a power: the energy in J that its counter shows.
    at : str
        Where it sits: "component", "board", "wall" or "facility".
    name : str
        The name of the meter.
    accuracy, resolution : str
        As of `lca.Meter`.
    update_period : float
        How often its value is new, s; at every moment if not given.
    wraps_at : float
        Where the counter begins again, J.
    clock : Clock
        What tells the time: this machine's clock if not given, or a `ScriptedClock`.

    Returns
    -------
    ScriptedMeter
        The meter, for `lca.measure` and `lca.measure_inference`.

    Raises
    ------
    DomainError
        Unless one of power and energy is given, and for an update period or a range that is not above 0.

    Examples
    --------
    >>> from lca.meters import ScriptedClock, scripted
    >>> clock = ScriptedClock()
    >>> meter = scripted(lambda seconds: 10 + 2 * seconds, clock=clock)
    >>> clock.wait(5.0)
    >>> meter.read().value
    20.0
    """
    where = f"scripted({name!r})"
    shows = energy if power is None else power
    if shows is None or (power is not None and energy is not None):
        raise DomainError.of("power_or_energy_of_a_script", where)
    if wraps_at is not None and energy is None:
        raise DomainError.of("power_that_wraps", where)
    for limit in (update_period, wraps_at):
        if limit is not None:
            finite_number(limit, where, low=0, above=True)
    clock = clock or MachineClock()
    steady = shows if callable(shows) else (lambda seconds: float(shows))
    made = Meter(name, at=at, accuracy=accuracy, resolution=resolution, source="a script")
    return ScriptedMeter(made, clock, steady, energy is not None, update_period, wraps_at, clock.now())
