"""Statistics of one number from replicated points, with z integrated out where it is affine in one.

With y = a + b z at each point, the distribution of y is a mixture over points of the distributions of a + b z. Its
distribution function is smooth, and so the points give its quantiles as exactly as they give means. This is
conditional Monte Carlo (L'Ecuyer, Puchhammer and Ben Abdellah 2022). Without such a z the distribution of y is that of
the points.

The error of each statistic is half of its 95 % interval, from the scatter of the replicates. Replicates are skewed
where few parameters matter, and a run stops where the error looks small. So the interval is that of Student's t at
99 %, which then holds the statistic in 95 % of runs or more. The interval of a quantile is that of the probability at
it, carried back through the distribution function (Woodruff 1952). No probability is told more exactly than the share
of one point.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...checks import Array
from ...fits import half_width
from .affine import StandardNumber

#: The probability that the stated interval of a statistic holds its true value.
LEVEL = 0.95
_CAUTIOUS = 0.99
#: How near to its probability a quantile is found; far below what points can tell.
_EXACT = 1e-9
_MOST_STEPS = 60
#: Points, and quantiles of z at each, of the sample from which a root is sought.
_SAMPLE = 512
_LEVELS = 16
#: What the half-width of a probability may be, as a share of that in the tail, for the density to tell the error.
_LINEAR = 0.2
#: How far from the probability of a quantile the distribution function is near it.
_NEAR = 0.02
#: No smaller error is stated, as a share of a statistic: the tables of distributions are as exact as this.
_LEAST = 1e-9


@dataclass(frozen=True)
class Estimate:
    """A statistic, and the half-width of its 95 % interval, in the same unit."""

    value: float
    error: float

    @classmethod
    def of(cls, value: float, error: float) -> Estimate:
        """The statistic, with no smaller error than can be told."""
        return cls(value, max(error, _LEAST * abs(value)))


@dataclass(frozen=True)
class Mixture:
    """y = a + b z over points (replicates, points of each), or the values a alone.

    `means` are values at other points with the same mean as y, where there are any.
    """

    a: Array
    b: Array | None = None
    z: StandardNumber | None = None
    means: Array | None = None

    def statistic(self, name: str) -> Estimate:
        """ "mean", or a quantile such as "p95"."""
        made = self.mean() if name == "mean" else self.quantile(float(name[1:]) / 100)
        return Estimate.of(made.value, made.error)

    def mean(self) -> Estimate:
        """The mean of a + b E[z], or of the other points."""
        each = (self._middles if self.means is None else self.means).mean(axis=1)
        return Estimate(float(each.mean()), _half_width(each))

    @cached_property
    def sd(self) -> float:
        """The root of the variance of the middles of all points, and of the mean of their variances."""
        squares = (self._middles - self._middles.mean()) ** 2
        if self.b is not None and self.z is not None:
            squares += (self.b * self.z.sd) ** 2
        return float(np.sqrt(squares.mean()))

    @cached_property
    def _middles(self) -> Array:
        """The mean of y at each point."""
        return self.a if self.b is None or self.z is None else self.a + self.b * self.z.mean

    def quantile(self, probability: float) -> Estimate:
        """The value below which y lies with a probability."""
        if self.b is None or self.z is None or not self.b.any() or not self.sd:
            return self._counted(probability)
        at, half = self._inverse(probability)
        step = self._near(probability)[1] / 8
        above, below = (float(self._below(at + side).mean()) for side in (step, -step))
        room = min(probability, 1 - probability)
        if half < _LINEAR * room and above > below:
            return Estimate(at, half * 2 * step / (above - below))
        wide = [min(max(probability + side, room / 16), 1 - room / 16) for side in (-half, half)]
        return Estimate(at, max(abs(self._inverse(one)[0] - at) for one in wide))

    def _below(self, at: float) -> Array:
        """The probability that y is at most `at`, for each point."""
        assert self.b is not None
        assert self.z is not None
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            below = self.z.shape.cdf((at - self.a) / self.b)
        if self._rising:
            return below
        fixed = np.where(self.a <= at, 1.0, 0.0)
        return np.where(self.b > 0, below, np.where(self.b < 0, 1 - below, fixed))

    @cached_property
    def _rising(self) -> bool:
        return self.b is not None and bool((self.b > 0).all())

    @cached_property
    def _sample(self) -> Array:
        """Values in order that lie as y does: of some points, each at some quantiles of z."""
        assert self.b is not None
        assert self.z is not None
        each = -(-self.a.shape[1] // (_SAMPLE // len(self.a)))
        levels = self.z.shape.ppf((np.arange(_LEVELS) + 0.5) / _LEVELS)
        made = np.add.outer(self.a[:, ::each], np.zeros(_LEVELS))
        return np.sort(made + np.multiply.outer(self.b[:, ::each], levels), axis=None)

    def _near(self, probability: float) -> tuple[float, float]:
        """(the probability on each side of one that is near to it, how far apart the values there are)."""
        near = min(_NEAR, probability / 2, (1 - probability) / 2)
        apart = self._at(probability + near) - self._at(probability - near)
        return near, apart or self.sd / _LEVELS

    def _at(self, probability: float) -> float:
        """The quantile of the sample."""
        return float(self._sample[int(probability * (self._sample.size - 1))])

    def _inverse(self, probability: float) -> tuple[float, float]:
        """(the root of the distribution function, the half-width of the probability there), by secants in a bracket.

        A root is near enough where its probability is off by a hundredth of what the points can tell.
        """
        at, (near, spread) = self._at(probability), self._near(probability)
        slope = 2 * near / spread
        low, high, half, before = -np.inf, np.inf, 0.0, (at, 0.0)
        for step in range(_MOST_STEPS):
            each = self._below(at).mean(axis=1)
            off, half = float(each.mean()) - probability, max(_half_width(each), 1 / self.a.size)
            if abs(off) <= max(half / 100, _EXACT):
                break
            if step and off != before[1]:
                slope = (off - before[1]) / (at - before[0])
            low, high = (at, high) if off < 0 else (low, at)
            before, at = (at, off), at - off / slope
            if not low < at < high:
                further = before[0] - np.sign(off) * spread * 2.0**step
                at = (low + high) / 2 if np.isfinite(high - low) else float(further)
        return at, half

    def _counted(self, probability: float) -> Estimate:
        """A quantile of the values alone, with the scatter of the share below it."""
        at = float(np.quantile(self.a, probability))
        half = max(_half_width((self.a <= at).mean(axis=1)), 0.5 / self.a.shape[1])
        return read_back(self.a, probability, half)


def read_back(values: Array, probability: float, half: float) -> Estimate:
    """A quantile of values: the interval of the share below it, read back from the values in order."""
    low, at, high = np.quantile(values, np.clip([probability - half, probability, probability + half], 0, 1))
    return Estimate(float(at), float(high - low) / 2)


def _half_width(each: Array) -> float:
    """Of the mean over replicates, from their scatter."""
    return float(half_width(each, _CAUTIOUS))
