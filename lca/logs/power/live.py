"""A power log that is taken while a program runs: samples of a live meter, in a thread and when they are asked for."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

import numpy as np

from ...checks import Array
from ...errors import LcaError, MeterError
from ...meters.meter import Meter
from ...meters.protocol import LiveMeter, Sample
from ...meters.still import Still
from .channel import Channel
from .power_log import PowerLog
from .track import Track

#: A counter is read this often, s: only to see where it wraps.
_OFTEN_ENOUGH = 0.5
#: How often a power is read: each time it is new, within these limits, s.
_SHORTEST, _LONGEST = 0.01, 1.0


class Recorder:
    """Reads a live meter once in each period, and whenever it is asked; within a `with` statement.

    What goes wrong in the thread is raised at the next sample that is asked for, and ends the reading.
    """

    zeros = True  # whether a power of 0 is taken as one

    def __init__(self, meter: LiveMeter) -> None:
        self.meter, self._lock = meter, RLock()
        self.times, self.values = array("d"), array("d")
        self._fault: LcaError | None = None
        self._stop: Callable[[], None] = lambda: None
        _channel(meter.meter, meter.counts, meter.wraps_at)  # a display step of another unit raises here
        self._watch = Still(meter.meter.name, update_period=meter.update_period) if meter.counts else None

    def __enter__(self) -> Self:
        self.sample()
        self._begun()
        if math.isfinite(period := sampling_period(self.meter)):
            self._stop = self.meter.clock.every(period, self._in_the_background)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Read no more by itself."""
        self._stop()
        self._stop = lambda: None

    def _begun(self) -> None:
        """What follows the first sample, before the thread begins."""

    def sample(self) -> Sample:
        """Read the meter now, and keep what it shows."""
        with self._lock:
            if self._fault is not None:
                raise self._fault
            return self._read()

    def _in_the_background(self) -> None:
        with self._lock:
            if self._fault is not None:
                return
            try:
                self._read()
            except Exception as error:  # a thread has nobody to raise it to
                self._fault = named_fault(error, self.meter)

    def _read(self) -> Sample:
        sample = self.meter.read()
        self._check(sample)
        if not self.times or sample.time > self.times[-1]:
            self.times.append(sample.time)
            self.values.append(sample.value)
        return sample

    def _check(self, sample: Sample) -> None:
        """Raise for a reading that shows nothing."""
        least = 0.0 if self.meter.counts or self.zeros else math.ulp(0.0)
        if not least <= sample.value < math.inf:
            shown = f"{sample.value:g} {'J' if self.meter.counts else 'W'}"
            raise MeterError.of("meter_shows_no_power", self.meter.meter.name, meter=self.meter.meter.name, shown=shown)
        if self._watch is not None:
            self._watch.check(*sample)

    def log(self, since: float) -> PowerLog:
        """All samples so far; their times count from `since`."""
        meter, times, values = self.meter, np.array(self.times) - since, np.array(self.values)
        return live_log(meter.meter, times, values, counts=meter.counts, wraps_at=meter.wraps_at)


def named_fault(error: Exception, meter: LiveMeter) -> LcaError:
    """What went wrong while a meter was read, as an error of this library."""
    if isinstance(error, LcaError):
        return error
    return MeterError.of("meter_failed", meter.meter.name, why=f"{type(error).__name__}: {error}")


def sampling_period(meter: LiveMeter) -> float:
    """How often a meter is read in the background, s."""
    if meter.counts:
        return max(_OFTEN_ENOUGH, meter.update_period or 0.0)
    return min(max(meter.update_period or 0.0, _SHORTEST), _LONGEST) if meter.update_period else 10 * _SHORTEST


def live_log(
    meter: Meter, times: Array, values: Array, *, counts: bool, wraps_at: float | None, dated: bool = False,
    update_period: float | None = None, notes: tuple[str, ...] = (),
) -> PowerLog:  # fmt: skip
    """The power log of samples: of a power in W, or of a counter in J that may wrap.

    With the `update_period` of a counter, what it shows is as old as that at most.
    """
    channel = aged(_channel(meter, counts, wraps_at), times, values, update_period)
    track = Track("", (channel,), times, values[:, None], np.arange(times.size))
    return PowerLog(Path(meter.name), "live", (track,), meter, (channel.name,), dated=dated, notes=notes)


def aged(channel: Channel, times: Array, values: Array, update_period: float | None) -> Channel:
    """A counter whose values are old: what it shows may be too low by the energy P tau of an update period tau.

    Like a display step, this is rectangular at both ends of a window: u = P tau / sqrt 12 each (GUM 4.3.7).
    """
    if not channel.counter or not update_period or math.isinf(update_period) or times.size < 2:
        return channel
    rises = np.diff(values)
    power = float(rises[rises > 0].sum() / (times[-1] - times[0]))
    return replace(channel, step=math.hypot(channel.step, power * update_period))


def _channel(meter: Meter, counts: bool, wraps_at: float | None) -> Channel:
    """What a live meter measures."""
    name, unit = ("energy", "J") if counts else ("power", "W")
    step = meter.step_of(f"{unit} at_{meter.at}")
    return Channel(name, at=meter.at, counter=counts, modulus=wraps_at, step=step)
