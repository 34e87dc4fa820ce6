"""Distributions as others define them, to hold ours against."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats


def triangular(low: float, mode: float, high: float) -> Any:
    return stats.triang((mode - low) / (high - low), low, high - low)


def pert(low: float, mode: float, high: float) -> Any:
    """PERT by its usual definition, shape 4."""
    span = high - low
    return stats.beta(1 + 4 * (mode - low) / span, 1 + 4 * (high - mode) / span, low, span)


class Split:
    """A two-piece lognormal by its definition: one lognormal below the median, another above."""

    def __init__(self, median: float, low: float, high: float) -> None:
        self._halves = [stats.lognorm(math.log(gsd), scale=median) for gsd in (low, high)]
        self._median, self._logs = median, np.log([low, high])

    def ppf(self, u: Any) -> Any:
        return np.where(np.asarray(u) < 0.5, self._halves[0].ppf(u), self._halves[1].ppf(u))

    def cdf(self, x: Any) -> Any:
        return np.where(np.asarray(x) < self._median, self._halves[0].cdf(x), self._halves[1].cdf(x))

    def _moment(self, k: int) -> float:
        low, high = k * self._logs
        parts = np.exp(low**2 / 2) * stats.norm.cdf(-low) + np.exp(high**2 / 2) * stats.norm.cdf(high)
        return float(self._median**k * parts)

    def mean(self) -> float:
        return self._moment(1)

    def std(self) -> float:
        return math.sqrt(self._moment(2) - self._moment(1) ** 2)

    def median(self) -> float:
        return self._median

    def support(self) -> tuple[float, float]:
        return 0.0, math.inf
