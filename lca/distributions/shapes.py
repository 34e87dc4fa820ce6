"""Standard shapes: distributions without unit, location or scale, each with an exact inverse CDF (U3)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from ..checks import Array


class Shape(ABC):
    """A standard distribution. `direct` shapes are cheap enough to need no table."""

    direct = False

    @abstractmethod
    def ppf(self, u: Array) -> Array:
        """The inverse CDF at probabilities inside (0, 1)."""


@dataclass(frozen=True, slots=True)
class UniformShape(Shape):
    direct = True

    def ppf(self, u: Array) -> Array:
        return u


def _normal(u: Array) -> Array:
    from scipy.special import ndtri

    return np.asarray(ndtri(u))


@dataclass(frozen=True, slots=True)
class NormalShape(Shape):
    def ppf(self, u: Array) -> Array:
        return _normal(u)


@dataclass(frozen=True, slots=True)
class LognormalShape(Shape):
    log_gsd: float

    def ppf(self, u: Array) -> Array:
        return np.exp(self.log_gsd * _normal(u))


@dataclass(frozen=True, slots=True)
class SplitLognormalShape(Shape):
    """With median 1; the kink at u = 1/2 is an edge of the cells that sampling tabulates."""

    log_gsd_low: float
    log_gsd_high: float

    def ppf(self, u: Array) -> Array:
        z = _normal(u)
        return np.asarray(np.exp(np.where(z < 0, self.log_gsd_low, self.log_gsd_high) * z))


@dataclass(frozen=True, slots=True)
class TriangularShape(Shape):
    """Between 0 and 1 with the mode at `mode`."""

    mode: float

    def ppf(self, u: Array) -> Array:
        rising = np.sqrt(u * self.mode)
        falling = 1 - np.sqrt((1 - u) * (1 - self.mode))
        return np.where(u < self.mode, rising, falling)


@dataclass(frozen=True, slots=True)
class BetaShape(Shape):
    alpha: float
    beta: float

    def ppf(self, u: Array) -> Array:
        from scipy.special import betaincinv

        return np.asarray(betaincinv(self.alpha, self.beta, u))


@dataclass(frozen=True, slots=True)
class WeibullShape(Shape):
    """With characteristic life 1: the age that a share 1/e survives."""

    shape: float

    def ppf(self, u: Array) -> Array:
        return np.asarray((-np.log1p(-u)) ** (1 / self.shape))


@dataclass(frozen=True, slots=True)
class EmpiricalShape(Shape):
    """The inverse of the empirical CDF: every value with probability 1/n."""

    values: tuple[float, ...]
    direct = True

    def ppf(self, u: Array) -> Array:
        position = np.minimum((u * len(self.values)).astype(np.intp), len(self.values) - 1)
        return np.asarray(self.values)[position]
