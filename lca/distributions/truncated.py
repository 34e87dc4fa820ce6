"""Distributions between bounds: u goes to F(low) + u (F(high) - F(low)), and then through the whole one (U3, U5)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Self

import numpy as np

from ..checks import Array
from ..errors import DomainError
from ..units.quantity_text import Scalar
from .base import Distribution, read_bound
from .shapes import Shape

#: What is left has at least this probability: of less the distribution function knows too few digits.
_LEAST = 1e-12
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
    def kink(self) -> float:  # type: ignore[override]
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

    def _inside(self, values: Array) -> Array:
        return np.asarray(np.clip(values, self.low, self.high) - self.origin)


class KinkedShape(TruncatedShape):
    """One with a kink inside: it is computed for each draw, since cubics do not follow a kink anywhere."""

    __slots__ = ()
    direct = True

    def ppf(self, u: Array) -> Array:
        return self._lower(u)


@dataclass(frozen=True, repr=False)
class Truncated(Distribution):
    """A distribution between bounds; nominal value: that of the whole one, which lies between them.

    Made by `Distribution.truncated`. Mean and standard deviation are integrals over u, to 1e-9.

    Attributes
    ----------
    whole : Distribution
        What is truncated.
    """

    whole: Distribution

    def __repr__(self) -> str:
        low, high = (self._written(end) if math.isfinite(end) else "" for end in self.arguments)
        bounds = f"{low}, {high}" if low and high else f"low={low}" if low else f"high={high}"
        by = f" by {self.whole.basis}" if self.whole.basis else ""
        return f"{repr(self.whole).removesuffix(by)}.truncated({bounds}){by}"

    def in_unit(self, unit: str) -> Self:
        made = super().in_unit(unit)
        made.__dict__["whole"] = self.whole.in_unit(unit)
        return made

    @property
    def nominal(self) -> float:
        return self.whole.nominal

    @property
    def mean(self) -> float:
        return self._moments[0]

    @property
    def sd(self) -> float:
        return self._moments[1]

    @property
    def support(self) -> tuple[float, float]:
        (low, high), (least, most) = self.arguments, self.whole.support
        return max(low, least), min(high, most)

    @property
    def standard(self) -> tuple[float, float, Shape]:
        location, scale, whole = self.whole.standard
        low, high = self.support
        shape = TruncatedShape(whole, (low - location) / scale, (high - location) / scale)
        if shape.low < whole.kink < shape.high:
            shape = KinkedShape(whole, shape.low, shape.high)
        origin = {shape.low: low, shape.high: high}.get(shape.origin, location)
        return origin, scale, shape

    @property
    def probability(self) -> float:
        """That of the whole distribution between the bounds."""
        shape = self.standard[2]
        assert isinstance(shape, TruncatedShape)
        return shape.probability

    @cached_property
    def _moments(self) -> tuple[float, float]:
        """(mean, sd): over the stretches between bounds and kink, each smooth, weighted with its probability."""
        origin, scale, shape = self.standard
        assert isinstance(shape, TruncatedShape)
        cuts = [shape.low, *([shape.whole.kink] if isinstance(shape, KinkedShape) else []), shape.high]
        parts = [TruncatedShape(shape.whole, *ends) for ends in pairwise(cuts)]
        u, weights = _quadrature()
        values = [np.concatenate([part.ppf(u), part.upper(u)]) + (part.origin - shape.origin) for part in parts]
        shares = np.concatenate([np.tile(weights, 2) * part.probability for part in parts]) / shape.probability
        z = np.concatenate(values)
        mean = float(np.sum(shares * z))
        return origin + scale * mean, scale * math.sqrt(float(np.sum(shares * (z - mean) ** 2)))


@lru_cache(maxsize=1)
def _quadrature() -> tuple[Array, Array]:
    """(u, weights) of the lower half of (0, 1); those of 1 - u are the same (Takahasi and Mori 1974).

    u = 1 / (1 + exp(pi sinh t)) for t from 0 on: it comes so near to the ends that what is infinite there is summed.
    """
    t = (np.arange(_STEPS * _FURTHEST) + 0.5) / _STEPS
    far = np.exp(-np.pi * np.sinh(t))
    u = far / (1 + far)
    return u, np.pi * np.cosh(t) * u * (1 - u) / _STEPS


def truncated(whole: Distribution, low: Scalar | None, high: Scalar | None) -> Distribution:
    """What `Distribution.truncated` returns; what is truncated already is truncated at the nearer bounds."""
    function = f"{type(whole).__name__}.truncated"
    least = -math.inf if low is None else read_bound(function, "low", low, whole.unit)
    most = math.inf if high is None else read_bound(function, "high", high, whole.unit)
    if isinstance(whole, Truncated):
        least, most, whole = max(least, whole.arguments[0]), min(most, whole.arguments[1]), whole.whole
    if not least < most or (low is None and high is None):
        raise DomainError.of("bounds_of_a_truncation", repr(whole), [f"low = {least:g}", f"high = {most:g}"])
    made = Truncated((least, most), whole.unit, whole)
    left = whole._cut(least, most)
    if left is not None:
        if not left:
            raise DomainError.of("too_little_left", repr(made), left="fewer than two values")
        return whole._of(left, whole.unit)
    if not least <= whole.nominal <= most:
        raise DomainError.of("nominal_outside_the_bounds", repr(made), nominal=whole._written(whole.nominal))
    if made.probability < _LEAST:
        raise DomainError.of("too_little_left", repr(made), left=f"a probability of {made.probability:.1g}")
    return made
