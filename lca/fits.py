"""What samples say: the line through points, the ratio of two means, and how few samples widen an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
    from scipy.special import stdtrit  # slow to import

    return float(stdtrit(freedom, 0.95)) / NORMAL
