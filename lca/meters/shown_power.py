"""A live meter that shows a power, whatever reads it: files of the system, a plug, or nothing but an assumption."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..errors import MeterError
from .clock import Clock
from .meter import Meter
from .protocol import Sample


@dataclass(frozen=True)
class PowerMeter:
    """A meter of a power in W; a power of 0 or below raises, since what is on draws something (M6)."""

    meter: Meter
    clock: Clock
    where: str  # for errors: a file, or an address
    shows: Callable[[], float] = field(repr=False)
    update_period: float | None = None
    counts: bool = False
    wraps_at: float | None = None

    def read(self) -> Sample:
        """The power now, in W."""
        watts = self.shows()
        if not 0 < watts < math.inf:
            raise MeterError.of("meter_shows_no_power", self.where, meter=self.meter.name, shown=f"{watts:g} W")
        return Sample(self.clock.now(), watts)

    def conditions(self) -> Mapping[str, float]:
        """Nothing else is known."""
        return {}

    def close(self) -> None:
        """It holds nothing."""
