"""A power log as energy over time, and its mean power in cells of equal length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...checks import Array
from ...errors import LogError, UnitError
from ...meters.meter import Meter
from ..power.integration import longest_step, rises_of
from ..power.power_log import PowerLog
from ..power.reading import whole_channels


@dataclass(frozen=True)
class Energy:
    """The energy of a device since the start of its log, at the times of its samples."""

    times: Array  # s
    joules: Array
    gaps: Array  # the number of gaps before each sample

    def mean_power(self, edges: Array) -> Array:
        """The mean power between the edges, W; NaN in cells that a gap touches, or that lie beyond the log."""
        joules = np.interp(edges, self.times, self.joules)
        before = np.floor(np.interp(edges[:-1], self.times, self.gaps))
        after = np.ceil(np.interp(edges[1:], self.times, self.gaps))
        there = (edges[:-1] >= self.times[0]) & (edges[1:] <= self.times[-1]) & (before == after)
        return np.where(there, np.diff(joules) / np.diff(edges), np.nan)


@dataclass(frozen=True)
class Series:
    """The power of all devices of a log together."""

    energies: tuple[Energy, ...]
    start: float
    stop: float
    period: float  # s; how often its value is new
    step: float  # W; the resolution of the sum

    def mean_power(self, edges: Array) -> Array:
        """The mean power of all devices between the edges, W."""
        return np.asarray(np.sum([one.mean_power(edges) for one in self.energies], axis=0))


def series_of(log: PowerLog, origin: float) -> Series:
    """The whole of each device of a log; times count from `origin`."""
    energies, steps = [], []
    for track in log.tracks:
        channel, values = track.added(whole_channels(track, log.whole, str(log.path)), str(log.path))
        there = np.isfinite(values)
        if there.sum() < 2:
            lines = [f"{log.path}:{line}" for line in track.lines[there]]
            raise LogError.of("too_few_samples", channel.name, lines, count=int(there.sum()))
        times, shown = track.times[there] - origin, values[there]
        apart = np.diff(times)
        rises = rises_of(channel, shown, apart)
        lost = np.isnan(rises) | (apart > longest_step(apart))
        energies.append(Energy(times, _since(np.where(lost, 0.0, rises)), _since(lost.astype(np.float64))))
        step = channel.step or _shown(log.meter, "J" if channel.counter else "W")
        steps.append(step / float(np.median(apart)) if channel.counter else step)
    start = max(float(one.times[0]) for one in energies)
    stop = min(float(one.times[-1]) for one in energies)
    usual = max(float(np.median(np.diff(one.times))) for one in energies)
    period = max(log.update_period or 0.0, usual)
    return Series(tuple(energies), start, stop, period, float(np.sqrt(np.sum(np.square(steps)))))


def _shown(meter: Meter, unit: str) -> float:
    """The display step of a meter in a unit; 0 where it states none, or one of another quantity."""
    try:
        return meter.step_of(f"{unit} at_{meter.at}")
    except UnitError:
        return 0.0


def _since(rises: Array) -> Array:
    return np.insert(np.cumsum(rises), 0, 0.0)


def edges_of(start: float, stop: float, cell: float) -> Array:
    """The edges of the cells of one length that lie between two times."""
    count = max(int((stop - start) / cell), 0)
    return np.asarray(start + cell * np.arange(count + 1), dtype=np.float64)
