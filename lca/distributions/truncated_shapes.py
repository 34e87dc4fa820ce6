"""Shapes between bounds: u goes to F(low) + u (F(high) - F(low)), and then through the whole shape (U3, U5)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ..checks import Array
from .shapes import Shape

#: What is left has at least this probability: of less the distribution function knows too few digits.
LEAST = 1e-12
#: A bound further than this from the location, in units of the scale, is beyond every draw of a normal.
_FAR = 40.0
#: Steps of the quadrature for one unit of t, and how far t goes: 1e-101 from an end of (0, 1).
_STEPS, _FURTHEST = 32, 5.0


@dataclass(frozen=True, slots=True)
class TruncatedShape(Shape):
    """A shape between two of its values, counted from `origin`."""

    whole: Shape
    low: float
    high: float

    @property
    def origin(self) -> float:
        """Where the values are counted from: a bound that is near, so that none of them passes it."""
        return next((end for end in (self.low, self.high) if abs(end) <= _FAR), 0.0)

    @property
    def kink(self) -> float:
        return self.whole.kink - self.origin

    def ppf(self, u: Array) -> Array:
        return np.where(u < 0.5, self._lower(u), self.upper(1 - u))

    def _lower(self, u: Array) -> Array:
        return self._inside(self.whole.ppf(self._below + u * self.probability))

    def upper(self, q: Array) -> Array:
        return self._inside(self.whole.upper(self._above + q * self.probability))

    def cdf(self, z: Array) -> Array:
        inside = np.clip(self.origin + np.asarray(z), self.low, self.high)
        return np.clip((self.whole.cdf(inside) - self._below) / self.probability, 0.0, 1.0)

    def beyond(self, z: Array) -> Array:
        inside = np.clip(self.origin + np.asarray(z), self.low, self.high)
        return np.clip((self.whole.beyond(inside) - self._above) / self.probability, 0.0, 1.0)

    @property
    def probability(self) -> float:
        """That of the whole shape between the two."""
        if self._below > 0.5:
            return float(self.whole.beyond(np.asarray(self.low))) - self._above
        return float(self.whole.cdf(np.asarray(self.high))) - self._below

    @property
    def _below(self) -> float:
        return float(self.whole.cdf(np.asarray(self.low)))

    @property
    def _above(self) -> float:
        return float(self.whole.beyond(np.asarray(self.high)))

    def moments(self) -> tuple[float, float]:
        """(mean, sd), as integrals over u to 1e-9: over the stretches between bounds and kink, each smooth."""
        cuts = [self.low, *([self.whole.kink] if self.low < self.whole.kink < self.high else []), self.high]
        parts = [TruncatedShape(self.whole, *ends) for ends in pairwise(cuts)]
        u, weights = _quadrature()
        values = [np.concatenate([part.ppf(u), part.upper(u)]) + (part.origin - self.origin) for part in parts]
        shares = np.concatenate([np.tile(weights, 2) * part.probability for part in parts]) / self.probability
        z = np.concatenate(values)
        mean = float(np.sum(shares * z))
        return mean, math.sqrt(float(np.sum(shares * (z - mean) ** 2)))

    def _inside(self, values: Array) -> Array:
        return np.asarray(np.clip(values, self.low, self.high) - self.origin)


class KinkedShape(TruncatedShape):
    """One with a kink inside: it is computed for each draw, since cubics do not follow a kink anywhere."""

    __slots__ = ()
    direct = True

    def ppf(self, u: Array) -> Array:
        return self._lower(u)


@lru_cache(maxsize=1)
def _quadrature() -> tuple[Array, Array]:
    """(u, weights) of the lower half of (0, 1); those of 1 - u are the same (Takahasi and Mori 1974).

    u = 1 / (1 + exp(pi sinh t)) for t from 0 on: it comes so near to the ends that what is infinite there is summed.
    """
    t = (np.arange(_STEPS * _FURTHEST) + 0.5) / _STEPS
    far = np.exp(-np.pi * np.sinh(t))
    u = far / (1 + far)
    return u, np.pi * np.cosh(t) * u * (1 - u) / _STEPS
