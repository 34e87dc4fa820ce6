"""Figures from the blocks of a measurement, each with its own uncertainty; the error of the meter is apart (M8).

A figure per inference is a ratio of sums over the blocks, R = sum(E) / sum(N), with the standard error of a ratio. Of n
blocks the 5 to 95 % interval is that of Student's t with n - 1 degrees of freedom; u is widened so that a normal
distribution has this interval. A block errs at least by the two displays of its counter and by how old these are: each
is up to one update period tau late, so u = P tau sqrt(2 / 12). The display of a power errs alike in all blocks of a
steady load: u = step / sqrt 12, in W.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ...checks import Array
from ...errors import MeterError
from ...fits import NORMAL, line_through, ratio_of_means, widening
from ...logs.power.integration import integrate
from ...logs.power.power_log import PowerLog
from .measurement import Block, Measurement, Window


class Estimate(NamedTuple):
    """A figure and its own standard uncertainty."""

    value: float
    u: float

    @property
    def varies(self) -> bool:
        """Whether the uncertainty is more than the rounding of a clock."""
        return self.u > 1e-9 * abs(self.value)

    def with_display(self, half_width: float) -> Estimate:
        """The same with the error of a display, which is one for a steady load however many blocks there are."""
        return Estimate(self.value, math.hypot(self.u, half_width / math.sqrt(3)))


def ratio(amounts: Array, counts: Array, least: float = 0.0) -> Estimate:
    """The ratio of two sums over blocks, with its widened standard error; `least` is one of the sum of the amounts.

    >>> ratio(np.array([9.0, 11.0]), np.array([10.0, 10.0])).value
    1.0
    """
    value, plain = ratio_of_means(amounts, counts, amounts.size)
    u = max(plain * widening(amounts.size - 1), least / float(counts.sum()))
    return Estimate(value, u if u > 1e-12 * abs(value) else 0.0)


def trend(values: Array, times: Array) -> Estimate:
    """The change of a line through values from the first time to the last one, and its widened standard error."""
    n, span = values.size, float(times[-1] - times[0])
    if n < 3 or span == 0:
        return Estimate(0.0, 0.0)
    line = line_through(times, values)
    slope = line.slope if abs(line.slope * span) > 1e-12 * abs(line.level) else 0.0  # what is left of rounding
    return Estimate(slope * span, line.u_slope * widening(n - 2) * span)


class Energy(NamedTuple):
    """The energy of the meter in a window, and the least that it errs by."""

    joules: float
    u: float


def energy_of(log: PowerLog, window: Block | Window, update_period: float) -> Energy:
    """The energy between two samples of a log, which have no gap between them (`lca.engines.measuring.gaps`).

    Raises `MeterError` where it is 0: no device draws nothing.
    """
    (track,), where = log.tracks, log.path.name
    first, last = np.searchsorted(track.times, [window.start, window.stop])
    part = slice(int(first), int(last) + 1)
    channel, times, values, lines = track.channels[0], track.times[part], track.values[part, 0], track.lines[part]
    found = integrate(channel, times, values, lines, gaps="refuse", max_gap=log.span, where=where)
    if found.joules <= 0:
        said = f"{window.start:.6g} s to {window.stop:.6g} s"
        raise MeterError.of("no_energy_in_a_window", where, [f"{said}: {found.joules:g} J"])
    late = found.power * update_period / math.sqrt(6) if channel.counter else 0.0
    return Energy(found.joules, math.hypot(found.scatter, late))


@dataclass(frozen=True)
class Figures:
    """What the blocks of one engine come to, per inference, each with its own uncertainty."""

    throughput: Estimate  # inference/s
    energy: Estimate | None  # J/inference, gross
    slope: float  # W: by how much the energy of a block grows with its time, over the blocks
    rest: float  # J/inference: the standard uncertainty of the energy that its time does not explain
    above_idle: Estimate | None  # J/inference, less the mean idle power; its own scatter, without that of the idle one
    drift: Estimate  # the relative change of J/inference (of s/inference without a meter) from first to last block
    seconds: float  # per inference

    @property
    def is_above_idle(self) -> bool:
        """Whether anything is left above the idle power, beyond rounding."""
        return bool(self.energy and self.above_idle and self.above_idle.value > 1e-9 * self.energy.value)

    @property
    def drifts(self) -> bool:
        """Whether the change is beyond what the scatter of the blocks explains, at 90 %."""
        return abs(self.drift.value) > NORMAL * self.drift.u


def idle_power(measurement: Measurement) -> Estimate | None:
    """The mean power of the idle times, W. Between two that differ it may be anything (GUM 4.3.7)."""
    if measurement.log is None or not measurement.idle:
        return None
    found = [energy_of(measurement.log, one, measurement.update_period) for one in measurement.idle]
    powers = [one.joules / (window.stop - window.start) for one, window in zip(found, measurement.idle, strict=True)]
    errors = [one.u / (window.stop - window.start) for one, window in zip(found, measurement.idle, strict=True)]
    own = math.hypot(*errors) / len(errors)
    apart = math.hypot(own, (max(powers) - min(powers)) / math.sqrt(12))
    return Estimate(float(np.mean(powers)), apart).with_display(_half_step(measurement))


def _half_step(measurement: Measurement) -> float:
    """Half a step of the display of a power, W; 0 of a counter, whose displays count for each block."""
    channels = [] if measurement.log is None else measurement.log.channels
    return sum(one.step / 2 for one in channels if not one.counter)


def figures(measurement: Measurement, idle: Estimate | None) -> list[Figures]:
    """The figures of each engine, in their order, with the idle power of the measurement."""
    return [figures_of(measurement, one.name, one.batch, idle) for one in measurement.engines]


def figures_of(measurement: Measurement, engine: str, batch: int, idle: Estimate | None) -> Figures:
    """The figures of one engine."""
    blocks = measurement.of(engine)
    seconds = np.array([block.seconds for block in blocks])
    counts = np.array([block.executions * batch for block in blocks], dtype=np.float64)
    middles = np.array([(block.start + block.stop) / 2 for block in blocks])
    throughput, each = ratio(counts, seconds), float(seconds.sum() / counts.sum())
    joules, least = _joules(measurement, blocks)
    half = _half_step(measurement) * each
    energy = ratio(joules, counts, least).with_display(half) if joules.size else None
    slope = _slope(joules, seconds, counts) if energy and throughput.varies else 0.0
    rest = ratio(joules - slope * seconds, counts, least).with_display(half).u if energy else 0.0
    above = ratio(joules - idle.value * seconds, counts, least).with_display(half) if energy and idle else None
    drifting = (joules if joules.size else seconds) / counts
    change = trend(drifting / drifting.mean(), middles)
    return Figures(throughput, energy, slope, rest, above, change, each)


def _slope(joules: Array, seconds: Array, counts: Array) -> float:
    """The regression of the energies of blocks on their times, both at equal counts, W.

    At a steady power P it is P. A slow block takes more energy, so energy and throughput go together.
    """
    late = seconds - seconds.sum() / counts.sum() * counts
    return float(late @ (joules - joules.sum() / counts.sum() * counts) / (late @ late))


def _joules(measurement: Measurement, blocks: Sequence[Block]) -> tuple[Array, float]:
    """The energy of each block, J, and the least standard uncertainty of their sum; nothing without a meter."""
    if measurement.log is None:
        return np.empty(0), 0.0
    found = [energy_of(measurement.log, block, measurement.update_period) for block in blocks]
    return np.array([one.joules for one in found]), math.hypot(*(one.u for one in found))
