"""The gamma distribution by its mean and standard deviation: what shares that sum to one are drawn from."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..checks import Array
from ..units.quantity_text import Scalar
from .base import Argument, Distribution
from .shapes import Shape

#: The smallest shape: below it so many draws are next to 0 that a share says nothing.
LEAST_SHAPE = 0.05


@dataclass(frozen=True, slots=True)
class GammaShape(Shape):
    """With scale 1: mean and variance are `shape`."""

    shape: float

    def ppf(self, u: Array) -> Array:
        from scipy.special import gammaincinv

        return np.asarray(gammaincinv(self.shape, u))

    def upper(self, q: Array) -> Array:
        from scipy.special import gammainccinv

        return np.asarray(gammainccinv(self.shape, q))

    def cdf(self, z: Array) -> Array:
        from scipy.special import gammainc

        return np.asarray(gammainc(self.shape, np.maximum(z, 0.0)))


class Gamma(Distribution):
    """Gamma distribution; nominal value: the mean.

    Parameters
    ----------
    mean, sd : text with a unit, or number
        The mean and the standard deviation, both above 0.

    Raises
    ------
    DomainError
        If one is not above 0, or the standard deviation is more than 4.47 times the mean.

    Examples
    --------
    >>> Gamma(0.4, 0.1).shape
    16.0
    """

    mean = Argument(0)
    sd = Argument(1)
    support = (0.0, math.inf)

    def __init__(self, mean: Scalar, sd: Scalar) -> None:
        self._take(mean=mean, sd=sd)
        self._require(self.mean > 0 and self.sd > 0, "mean > 0 and sd > 0")
        self._require(self.shape >= LEAST_SHAPE, f"sd below {LEAST_SHAPE**-0.5:.2f} times the mean")

    @property
    def shape(self) -> float:
        """(mean / sd)^2."""
        return round((self.mean / self.sd) ** 2, 12)

    @property
    def standard(self) -> tuple[float, float, Shape]:
        return 0.0, self.mean / self.shape, GammaShape(self.shape)
