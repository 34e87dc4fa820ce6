"""How far the clocks of two logs are apart, told from the load that both saw."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.signal import correlate

from ...checks import Array
from .cells import Series, edges_of

#: Cells of the grid at most; longer logs are looked at in coarser cells.
_CELLS = 200_000
#: Logs that have less than this share of the shorter one in common are not compared.
_LEAST_OVERLAP = 0.5
#: Below this correlation the two logs do not show the same load.
LEAST_CORRELATION = 0.5


class Lag(NamedTuple):
    """What happens at t by the clock of the first log is at t + seconds by that of the second one."""

    seconds: float
    correlation: float
    rival: float  # the correlation at the best lag elsewhere


def find_lag(a: Series, b: Series, longest: float) -> Lag | None:
    """The lag at which the two powers go together best, within `longest` seconds; None where nothing varies.

    A grid of cells gives it to one cell. Then one log is moved by parts of a cell until the correlation is largest.
    """
    cell = max(a.period, b.period, (max(a.stop, b.stop) - min(a.start, b.start)) / _CELLS)
    first, second = (_grid(one, cell) for one in (a, b))
    if min(first.size, second.size) < 4:
        return None
    found = _correlations(first, second)
    places = np.arange(found.size) - (first.size - 1)  # b[i + place] beside a[i]
    offset = b.start - a.start
    found = np.where(np.abs(places * cell + offset) <= longest + cell, found, -np.inf)
    if not np.isfinite(found).any():
        return None
    best = int(np.argmax(found))
    seconds = _refined(a, b, float(places[best] * cell + offset), cell)
    return Lag(seconds, float(found[best]), _elsewhere(found, best))


def _grid(series: Series, cell: float) -> Array:
    return series.mean_power(edges_of(series.start, series.stop, cell))


def _correlations(a: Array, b: Array) -> Array:
    """The correlation of b, moved by each number of cells, with a, over what they have in common."""
    here, there = (np.isfinite(one).astype(np.float64) for one in (a, b))
    one, two = np.where(here > 0, a - np.nanmean(a), 0.0), np.where(there > 0, b - np.nanmean(b), 0.0)

    def summed(of_b: Array, of_a: Array) -> Array:
        return np.asarray(correlate(of_b, of_a, mode="full", method="fft"))

    n = np.round(summed(there, here))
    enough = n >= max(_LEAST_OVERLAP * min(here.sum(), there.sum()), 4)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_a, mean_b = summed(there, one) / n, summed(two, here) / n
        of_a, of_b = summed(there, one**2) / n - mean_a**2, summed(two**2, here) / n - mean_b**2
        varies = (of_a > 1e-9 * (one**2).mean()) & (of_b > 1e-9 * (two**2).mean()) & enough
        found = (summed(two, one) / n - mean_a * mean_b) / np.sqrt(of_a * of_b)
    return np.where(varies, found, -np.inf)


def _refined(a: Series, b: Series, near: float, cell: float) -> float:
    def apart(lag: float) -> float:
        start, stop = max(a.start, b.start - lag), min(a.stop, b.stop - lag)
        edges = edges_of(start, stop, cell)
        one, two = a.mean_power(edges), b.mean_power(edges + lag)
        both = np.isfinite(one) & np.isfinite(two)
        if both.sum() < 3 or np.ptp(one[both]) == 0 or np.ptp(two[both]) == 0:
            return math.inf
        return -float(np.corrcoef(one[both], two[both])[0, 1])

    tried = near + cell * np.linspace(-1, 1, 9)
    best = float(tried[int(np.argmin([apart(float(one)) for one in tried]))])
    bounds = (best - cell / 4, best + cell / 4)
    made = minimize_scalar(apart, bounds=bounds, method="bounded", options={"xatol": cell * 1e-3})
    return float(made.x) if made.fun < apart(best) else best


def _elsewhere(found: Array, best: int) -> float:
    """The highest correlation beyond the hill on which the best one stands."""
    left, right = best, best
    while left > 0 and found[left - 1] < found[left]:
        left -= 1
    while right < found.size - 1 and found[right + 1] < found[right]:
        right += 1
    others = np.concatenate([found[:left], found[right + 1 :]])
    return float(others.max()) if others.size else -math.inf
