"""Standard shapes: distributions without unit, location or scale, each with an exact inverse CDF (U3) and its CDF."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Self

import numpy as np

from ..checks import Array


class Shape(ABC):
    """A standard distribution. `direct` shapes are cheap enough to need no table; `smooth` ones have no jumps,
    and `endless` ones reach without end wherever anything changes.
    """

    direct = False
    smooth = True
    endless = False

    @property
    def kink(self) -> float:
        """The value at which the inverse CDF has a kink, NaN where it has none. Tables hold one at u = 1/2 alone."""
        return math.nan

    @abstractmethod
    def ppf(self, u: Array) -> Array:
        """The inverse CDF at probabilities inside (0, 1)."""

    def upper(self, q: Array) -> Array:
        """The value that is exceeded with probability q; of a shape with a table exact however small q is."""
        return self.ppf(1 - q)

    @classmethod
    def fill(cls, shapes: Sequence[Self], u: Array, out: Array) -> None:
        """The inverse CDF of several shapes of one class, each at its row of `u`; `u` is not kept."""
        for shape, row, drawn in zip(shapes, u, out, strict=True):
            drawn[:] = shape.ppf(row)

    @abstractmethod
    def cdf(self, z: Array) -> Array:
        """The probability of at most z, for any z; infinities among them."""

    def beyond(self, z: Array) -> Array:
        """The probability of more than z, exact however small it is where a tail is long."""
        return 1 - self.cdf(z)


@dataclass(frozen=True, slots=True)
class UniformShape(Shape):
    direct = True

    def ppf(self, u: Array) -> Array:
        return u

    def cdf(self, z: Array) -> Array:
        return np.clip(z, 0.0, 1.0)


@lru_cache(maxsize=256)
def _normal_quantile(u: float) -> float:
    return NormalDist().inv_cdf(u)


def _normal(u: Array) -> Array:
    if u.ndim == 0 and 0 < u < 1:  # one number needs no SciPy, the import of which takes longer than a study
        return np.asarray(_normal_quantile(float(u)))
    from scipy.special import ndtri

    return np.asarray(ndtri(u))


def _log(z: Array) -> Array:
    """The logarithm; minus infinity at 0 and below."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.maximum(z, 0.0)))


class NormalBased(Shape):
    """A rising function of a standard normal variable."""

    endless = True

    @abstractmethod
    def at(self, z: Array) -> Array:
        """The value where the standard normal variable has the value z."""

    def ppf(self, u: Array) -> Array:
        return self.at(_normal(u))

    def upper(self, q: Array) -> Array:
        return self.at(-_normal(q))

    @abstractmethod
    def normal(self, value: Array) -> Array:
        """The value of the standard normal variable at one of the function."""

    def cdf(self, z: Array) -> Array:
        from scipy.special import ndtr

        return np.asarray(ndtr(self.normal(z)))

    def beyond(self, z: Array) -> Array:
        from scipy.special import ndtr

        return np.asarray(ndtr(-self.normal(z)))


@dataclass(frozen=True, slots=True)
class NormalShape(NormalBased):
    def at(self, z: Array) -> Array:
        return z

    def normal(self, value: Array) -> Array:
        return value


@dataclass(frozen=True, slots=True)
class LognormalShape(NormalBased):
    log_gsd: float

    def at(self, z: Array) -> Array:
        return np.exp(self.log_gsd * z)

    def normal(self, value: Array) -> Array:
        return _log(value) / self.log_gsd


@dataclass(frozen=True, slots=True)
class SplitLognormalShape(NormalBased):
    """With median 1; the kink at u = 1/2 is an edge of the cells that sampling tabulates."""

    log_gsd_low: float
    log_gsd_high: float

    @property
    def kink(self) -> float:
        return 1.0

    def at(self, z: Array) -> Array:
        return np.asarray(np.exp(np.where(z < 0, self.log_gsd_low, self.log_gsd_high) * z))

    def normal(self, value: Array) -> Array:
        logarithm = _log(value)
        return np.asarray(logarithm / np.where(logarithm < 0, self.log_gsd_low, self.log_gsd_high))


@dataclass(frozen=True, slots=True)
class TriangularShape(Shape):
    """Between 0 and 1 with the mode at `mode`: two square roots, so that the kink at the mode costs no accuracy."""

    mode: float
    direct = True

    @property
    def kink(self) -> float:
        return self.mode

    def ppf(self, u: Array) -> Array:
        out = np.empty_like(u)
        self.fill([self], np.array(u)[None], out[None])
        return out

    @classmethod
    def fill(cls, shapes: Sequence[Self], u: Array, out: Array) -> None:
        """min(sqrt(u m), m) + max((1 - m) - sqrt((1 - u) (1 - m)), 0)."""
        mode = np.array([shape.mode for shape in shapes]).reshape(-1, *(1,) * (u.ndim - 1))
        np.multiply(u, mode, out=out)
        np.sqrt(out, out=out)
        np.minimum(out, mode, out=out)
        falling = np.subtract(1.0, u, out=u)
        falling *= 1.0 - mode
        np.sqrt(falling, out=falling)
        np.subtract(1.0 - mode, falling, out=falling)
        np.maximum(falling, 0.0, out=falling)
        out += falling

    def cdf(self, z: Array) -> Array:
        z = np.clip(z, 0.0, 1.0)
        rising = z**2 / (self.mode or 1.0)  # of a mode at an end one side has no width
        falling = 1 - (1 - z) ** 2 / (1 - self.mode or 1.0)
        return np.where(z < self.mode, rising, falling)


@dataclass(frozen=True, slots=True)
class BetaShape(Shape):
    alpha: float
    beta: float

    def ppf(self, u: Array) -> Array:
        from scipy.special import betaincinv

        return np.asarray(betaincinv(self.alpha, self.beta, u))

    def upper(self, q: Array) -> Array:
        from scipy.special import betaincinv

        return np.asarray(1 - betaincinv(self.beta, self.alpha, q))

    def cdf(self, z: Array) -> Array:
        from scipy.special import betainc

        return np.asarray(betainc(self.alpha, self.beta, np.clip(z, 0.0, 1.0)))

    def beyond(self, z: Array) -> Array:
        from scipy.special import betaincc

        return np.asarray(betaincc(self.alpha, self.beta, np.clip(z, 0.0, 1.0)))


@dataclass(frozen=True, slots=True)
class WeibullShape(Shape):
    """With characteristic life 1: the age that a share 1/e survives."""

    shape: float

    def ppf(self, u: Array) -> Array:
        return np.asarray((-np.log1p(-u)) ** (1 / self.shape))

    def upper(self, q: Array) -> Array:
        return np.asarray((-np.log(q)) ** (1 / self.shape))

    def cdf(self, z: Array) -> Array:
        with np.errstate(over="ignore"):
            return np.asarray(-np.expm1(-(np.maximum(z, 0.0) ** self.shape)))

    def beyond(self, z: Array) -> Array:
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(-(np.maximum(z, 0.0) ** self.shape)))


@dataclass(frozen=True, slots=True)
class EmpiricalShape(Shape):
    """The inverse of the empirical CDF: every value with probability 1/n."""

    values: tuple[float, ...]
    direct = True
    smooth = False

    def ppf(self, u: Array) -> Array:
        position = np.minimum((u * len(self.values)).astype(np.intp), len(self.values) - 1)
        return np.asarray(self.values)[position]

    def cdf(self, z: Array) -> Array:
        return np.asarray(np.searchsorted(self.values, z, side="right") / len(self.values))


@dataclass(frozen=True, slots=True)
class DiscreteShape(Shape):
    """Values, rising, and the probability of at most each of them but the last: the smallest value with F >= u."""

    values: tuple[float, ...]
    edges: tuple[float, ...]
    direct = True
    smooth = False

    def ppf(self, u: Array) -> Array:
        return np.asarray(self.values)[np.searchsorted(self.edges, u, side="left")]

    def cdf(self, z: Array) -> Array:
        below = np.array([0.0, *self.edges, 1.0])
        return np.asarray(below[np.searchsorted(self.values, z, side="right")])
