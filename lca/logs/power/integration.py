"""The energy of one channel: trapezoids between samples, differences of a counter, and what is not covered (M2, M5)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...checks import Array
from ...errors import LogError
from ..files.source import SHOWN
from .channel import Channel

#: A step above this multiple of the median step is a gap.
GAP = 10.0
#: A longer step is a gap whatever the others are, s: no power stays what it was for an hour.
LONGEST = 3_600.0
GAPS = ("refuse", "exclude", "bridge")


@dataclass(frozen=True)
class Integral:
    """The energy of a channel over its covered time."""

    joules: float
    covered: float  # s, that the energy stands for
    start: float  # s, the first sample
    stop: float  # s, the last one
    scatter: float  # J, standard uncertainty from sampling; of a counter, from its two displays
    step: float  # W, the resolution of a power: it errs alike all the time, as for a steady load
    samples: int

    @property
    def power(self) -> float:
        """The mean power over the covered time, W."""
        return self.joules / self.covered


def integrate(
    channel: Channel, times: Array, values: Array, lines: npt.NDArray[np.int64], *,
    gaps: str, max_gap: float | None, where: str,
) -> Integral:  # fmt: skip
    """The energy of a channel in J; samples that are missing (NaN) are left out, never taken as 0.

    `lines` are those of the samples in the file `where`, for errors. A step above `max_gap` seconds (`longest_step`,
    if None) is a gap: it raises, or is left out of energy and covered time ("exclude"), or counts like any other
    ("bridge"). A mean power counts for the whole step that ends with it; the sample before the first one begins that
    step.
    """
    there = np.isfinite(values)
    if channel.mean and (first := int(np.argmax(there))) > 0:
        there[first - 1] = True
    times, values, lines = times[there], values[there], lines[there]
    if times.size < 2:
        raise LogError.of("too_few_samples", channel.name, [f"{where}:{line}" for line in lines], count=times.size)
    steps = np.diff(times)
    limit = longest_step(steps) if max_gap is None else max_gap
    rises = rises_of(channel, values, steps)
    lost = lost_steps(channel, rises, steps, gaps, max_gap)
    if lost.any() and gaps == "refuse":
        sides = [f"{where}:{lines[i + 1]}: {_gap(channel, steps[i], rises[i])}" for i in np.flatnonzero(lost)[:SHOWN]]
        message = "counter_was_reset" if channel.counter else "gap_in_a_log"
        raise LogError.of(message, channel.name, sides, count=int(lost.sum()), limit=f"{limit:.6g}")
    covered = float(steps[~lost].sum())
    if covered == 0:
        raise LogError.of("nothing_covered", channel.name, [f"{steps.size} steps, all above {limit:.3g} s"])
    joules = float(rises[~lost].sum())
    whole = channel.counter or channel.mean  # nothing lies between samples
    scatter = _counted(channel, lost) if whole else _sampled(values, steps, lost)
    step = 0.0 if channel.counter else channel.step
    return Integral(joules, covered, float(times[0]), float(times[-1]), scatter, step, times.size)


def longest_step(steps: Array) -> float:
    """The longest step between samples that does not count as a gap, s, where the user says none."""
    return min(GAP * float(np.median(steps)), LONGEST)


def lost_steps(channel: Channel, rises: Array, steps: Array, gaps: str, max_gap: float | None) -> npt.NDArray[np.bool_]:
    """Which steps have no energy: gaps, unless they are bridged, and resets of a counter."""
    lost = np.isnan(rises)
    limit = longest_step(steps) if max_gap is None else max_gap
    return lost if channel.counter or gaps == "bridge" else lost | (steps > limit)


def _gap(channel: Channel, step: float, rise: float) -> str:
    return "the counter begins anew" if channel.counter else f"{step:.6g} s without a sample"


def rises_of(channel: Channel, values: Array, steps: Array) -> Array:
    """The energy of each step, J; of a counter NaN where it was reset. A counter that wraps goes on from 0."""
    if not channel.counter:
        return (values[1:] if channel.mean else (values[1:] + values[:-1]) / 2) * steps
    rises = np.diff(values)
    if channel.modulus is not None:  # a wrap: it fell, and what it shows is small against its range
        rises = np.where(rises < 0, rises + channel.modulus, rises)
    return np.where(rises < 0, np.nan, rises)


def _counted(channel: Channel, lost: npt.NDArray[np.bool_]) -> float:
    """Two displays of half a step for each stretch that a reset ends: u = step / sqrt 12 each (GUM F.2.2.1).

    Of mean powers 0: nothing lies between them, and the resolution stands elsewhere.
    """
    if channel.mean:
        return 0.0
    stretches = 1 + int(lost.sum())
    return channel.step * math.sqrt(2 * stretches / 12)


def _sampled(values: Array, steps: Array, lost: npt.NDArray[np.bool_]) -> float:
    """The standard uncertainty of a trapezoid sum from sampling, J: u^2 = s^2 sum w_i^2.

    A sample stands for half of the steps beside it, w_i. Equal samples in a row are one: a sensor that renews its value
    more slowly than it is read shows nothing new. The scatter s of a sample is estimated from its distance to the line
    through its neighbours. The variance of this distance is s^2 (1 + a^2 + b^2), with the weights a and b of the two.
    """
    kept = np.where(lost, 0.0, steps)
    weights = (np.append(kept, 0.0) + np.insert(kept, 0, 0.0)) / 2
    new = np.flatnonzero(np.insert(np.diff(values) != 0, 0, True))
    if new.size < 3:
        return 0.0
    apart = np.add.reduceat(steps, new[:-1])  # from one new value to the next
    cut = np.logical_or.reduceat(lost, new[:-1])
    apart[-1], cut[-1] = steps[new[-2] : new[-1]].sum(), lost[new[-2] : new[-1]].any()
    whole, inner, shown = apart[1:] + apart[:-1], ~(cut[1:] | cut[:-1]), values[new]
    between = (shown[:-2] * apart[1:] + shown[2:] * apart[:-1]) / whole
    spread = 1 + (apart[1:] / whole) ** 2 + (apart[:-1] / whole) ** 2
    variance = float(np.mean(((shown[1:-1] - between) ** 2 / spread)[inner])) if inner.any() else 0.0
    return math.sqrt(variance * float((np.add.reduceat(weights, new) ** 2).sum()))
