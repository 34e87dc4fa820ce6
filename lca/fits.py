"""What samples say: the line through points, the ratio of two means, the interval of a mean, also of few samples."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

from .checks import Array

#: The 95 % quantile of the standard normal distribution: half of its 90 % interval, over its standard deviation.
NORMAL = 1.6448536269514722


@dataclass(frozen=True)
class Line:
    """A line by least squares, y = level + slope (x - centre), with the scatter of the points about it.

    Attributes
    ----------
    centre, level : float
        The means of x and of y.
    slope : float
        The change of y over that of x.
    scatter : float
        The standard deviation of y about the line, with n - 2 degrees of freedom.
    u_slope : float
        The standard error of the slope.
    """

    centre: float
    level: float
    slope: float
    scatter: float
    u_slope: float


def line_through(x: Array, y: Array) -> Line:
    """The line through at least three points by ordinary least squares, which takes x as free of error.

    >>> import numpy as np
    >>> line_through(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])).slope
    2.0
    """
    centre, level = float(x.mean()), float(y.mean())
    across, own = x - centre, y - level
    square = float((across**2).sum())
    slope = float((across * own).sum()) / square
    scatter = math.sqrt(float(((own - slope * across) ** 2).sum()) / (x.size - 2))
    return Line(centre, level, slope, scatter, scatter / math.sqrt(square))


def ratio_of_means(a: Array, b: Array, count: float) -> tuple[float, float]:
    """The mean of a over that of b, and its standard error; `count` is how many independent pairs there are.

    R = mean(a) / mean(b), with u = sd(a - R b) / (sqrt(count) |mean(b)|): Cochran 1977, Sampling Techniques, eq. 6.13,
    without the correction for a finite population.

    >>> import numpy as np
    >>> ratio_of_means(np.array([9.0, 11.0]), np.array([10.0, 10.0]), 2)
    (1.0, 0.1)
    """
    below = float(b.mean())
    ratio = float(a.mean()) / below
    return ratio, float((a - ratio * b).std(ddof=1)) / (math.sqrt(count) * abs(below))


def widening(freedom: float) -> float:
    """By what a standard error is widened, so that a normal distribution has the 90 % interval of Student's t.

    The 95 % quantile of Student's t over that of a normal distribution (GUM G.3.2).

    >>> round(widening(9), 4)
    1.1145
    """
    return t_quantile(0.95, freedom) / NORMAL


def half_width(each: Array, level: float) -> Array:
    """Half of the interval of a mean from independent estimates of it, along the first axis (Student's t).

    >>> import numpy as np
    >>> round(float(half_width(np.array([1.0, 3.0]), 0.95)), 3)
    12.706
    """
    n = len(each)
    return t_quantile((1 + level) / 2, n - 1) * each.std(axis=0, ddof=1) / math.sqrt(n)


def share_interval(share: Array, count: int, level: float) -> tuple[Array, Array]:
    """(the middle, the half-width) of the interval of a probability, from its share in independent draws.

    The score interval of Wilson 1927 (J. Am. Stat. Assoc. 22), which stays within 0 and 1.

    >>> import numpy as np
    >>> [round(float(one), 3) for one in share_interval(np.array(1.0), 100, 0.95)]
    [0.982, 0.018]
    """
    square = NormalDist().inv_cdf((1 + level) / 2) ** 2 / count
    middle = (share + square / 2) / (1 + square)
    return middle, (square * (share * (1 - share) + square / 4)) ** 0.5 / (1 + square)


@lru_cache(maxsize=64)
def t_quantile(probability: float, freedom: float) -> float:
    """The quantile of Student's t at a probability from 1/2 up, without SciPy, the import of which takes long.

    Newton's method from the normal quantile, which is below: the distribution function is concave there.

    >>> round(t_quantile(0.975, 7), 6)
    2.364624
    """
    half = freedom / 2
    log_top = math.lgamma(half + 0.5) - math.lgamma(half) - 0.5 * math.log(math.pi * freedom)
    t, tail = NormalDist().inv_cdf(probability), 1 - probability
    for _ in range(100):
        density = math.exp(log_top - (half + 0.5) * math.log1p(t * t / freedom))
        step = (_t_tail(t, half, freedom) - tail) / density
        t += step
        if abs(step) <= 1e-15 * max(1.0, t):
            break
    return t


def _t_tail(t: float, half: float, freedom: float) -> float:
    """The probability beyond t: half the regularized incomplete beta function of freedom / (freedom + t^2)."""
    x, a, b = freedom / (freedom + t * t), half, 0.5
    if x > (a + 1) / (a + b + 2):
        return 0.5 - _beta_fraction(1 - x, b, a) / 2
    return _beta_fraction(x, a, b) / 2


def _beta_fraction(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function by its continued fraction (DLMF 8.17.22), from the end backwards."""
    if x == 0:
        return 0.0
    fraction = 1.0
    for m in range(60, 0, -1):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        fraction = 1 + even / (1 + odd / fraction)
    fraction = 1 - (a + b) * x / ((a + 1) * fraction)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / (a * fraction)
