"""A power log that is taken while a program runs: samples of a live meter, in a thread and when they are asked for."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

import numpy as np

from ...checks import Array
from ...errors import LcaError, MeterError
from ...meters.meter import Meter
from ...meters.protocol import LiveMeter, Sample
from .channel import Channel
from .power_log import PowerLog
from .track import Track

#: A counter is read this often, s: only to see where it wraps.
_OFTEN_ENOUGH = 0.5
#: How often a power is read: each time it is new, within these limits, s.
_SHORTEST, _LONGEST = 0.01, 1.0


class Recorder:
    """Reads a live meter once in each period, and whenever it is asked; within a `with` statement.

    What goes wrong in the thread is raised at the next sample that is asked for.
    """

    def __init__(self, meter: LiveMeter) -> None:
        self.meter, self._lock = meter, Lock()
        self._times, self._values = array("d"), array("d")
        self._fault: LcaError | None = None
        self._stop: Callable[[], None] = lambda: None
        _channel(meter.meter, meter.counts, meter.wraps_at)  # a display step of another unit raises here

    def __enter__(self) -> Self:
        self.sample()
        self._stop = self.meter.clock.every(sampling_period(self.meter), self._in_the_background)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def sample(self) -> Sample:
        """Read the meter now, and keep what it shows."""
        with self._lock:
            if self._fault is not None:
                raise self._fault
            return self._read()

    def _in_the_background(self) -> None:
        with self._lock:
            try:
                if self._fault is None:
                    self._read()
            except LcaError as error:
                self._fault = error
            except Exception as error:  # a thread has nobody to raise it to
                why = f"{type(error).__name__}: {error}"
                self._fault = MeterError.of("meter_failed", self.meter.meter.name, why=why)

    def _read(self) -> Sample:
        sample = self.meter.read()
        if not self._times or sample.time > self._times[-1]:
            self._times.append(sample.time)
            self._values.append(sample.value)
        return sample

    def log(self, since: float) -> PowerLog:
        """All samples so far; their times count from `since`."""
        meter, times, values = self.meter, np.array(self._times) - since, np.array(self._values)
        return live_log(meter.meter, times, values, counts=meter.counts, wraps_at=meter.wraps_at)


def sampling_period(meter: LiveMeter) -> float:
    """How often a meter is read in the background, s."""
    if meter.counts:
        return _OFTEN_ENOUGH
    return min(max(meter.update_period or 0.0, _SHORTEST), _LONGEST) if meter.update_period else 10 * _SHORTEST


def live_log(meter: Meter, times: Array, values: Array, *, counts: bool, wraps_at: float | None) -> PowerLog:
    """The power log of samples: of a power in W, or of a counter in J that may wrap."""
    channel = _channel(meter, counts, wraps_at)
    track = Track("", (channel,), times, values[:, None], np.arange(times.size))
    return PowerLog(Path(meter.name), "live", (track,), meter, (channel.name,), dated=False)


def _channel(meter: Meter, counts: bool, wraps_at: float | None) -> Channel:
    """What a live meter measures."""
    name, unit = ("energy", "J") if counts else ("power", "W")
    step = meter.step_of(f"{unit} at_{meter.at}")
    return Channel(name, at=meter.at, counter=counts, modulus=wraps_at, step=step)
