"""The statistics of agreement between two meters: bias and limits, ratio, fits, repeatability.

Sources:

* limits of agreement and their intervals: Bland and Altman, Stat. Methods Med. Res. 8 (1999) 135;
* the ratio of two means: Cochran, Sampling Techniques (1977), 6.4;
* the fit with errors in both variables (Deming), and its jackknife: Linnet, Clin. Chem. 39 (1993) 424;
* the effective number of values in time: Bayley and Hammersley, J. R. Stat. Soc. Suppl. 8 (1946) 184.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri, stdtrit

from ...checks import Array
from ...fits import line_through, ratio_of_means
from ...units.number_text import significant

#: The limits of agreement hold 95 % of normal differences, and each interval is one of 95 %, as in the literature.
LEVEL = 0.95
WITHIN = float(ndtri((1 + LEVEL) / 2))  # 1.96


def supported(value: float, u: float) -> str:
    """A number to the place of the second digit of its standard uncertainty (A11; GUM 7.2.6).

    >>> supported(127.6213, 14.8), supported(0.92868, 0.1107), supported(3.5, 0.0)
    ('128', '0.93', '3.50')
    """
    if not u or not math.isfinite(u):
        return significant(float(value))
    places = max(0, 1 - math.floor(math.log10(u)))
    return f"{value:,.{places}f}"


class Estimate(NamedTuple):
    """A value with its standard error and its interval of 95 %."""

    value: float
    u: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.said} ({supported(self.low, self.u)} to {supported(self.high, self.u)})"

    @property
    def said(self) -> str:
        """The value alone, with the digits that its standard error supports."""
        return supported(self.value, self.u)


class Limits(NamedTuple):
    """What Bland and Altman show: the mean difference, its standard deviation, and the limits of agreement."""

    bias: Estimate
    sd: float
    lower: Estimate
    upper: Estimate


@dataclass(frozen=True)
class Fit:
    """A straight line y = offset + gain x, told at the mean of x, where level and gain do not depend on each other."""

    gain: Estimate
    offset: Estimate
    level: Estimate  # y at the centre
    centre: float  # the mean of x

    def at(self, x: Array) -> Array:
        """The line at x."""
        return self.level.value + self.gain.value * (x - self.centre)


def estimate(value: float, u: float, freedom: float) -> Estimate:
    """A value with its interval of 95 % by Student's t."""
    half = float(stdtrit(max(freedom, 1.0), (1 + LEVEL) / 2)) * u
    return Estimate(value, u, value - half, value + half)


def effective_count(differences: Array) -> float:
    """How many independent values hold as much as these, which follow each other in time: n (1 - r) / (1 + r).

    r is the correlation of each difference with the next one, taken as 0 where it is below.
    """
    apart = differences - differences.mean()
    total = float((apart**2).sum())
    r = float((apart[1:] * apart[:-1]).sum()) / total if total > 0 else 0.0
    r = min(max(r, 0.0), 1.0)
    return max(differences.size * (1 - r) / (1 + r), 2.0)


def limits_of_agreement(differences: Array, count: float) -> Limits:
    """Bias d, limits d +- 1.96 s, and their intervals: u(d) = s/sqrt n, u(limit) = s sqrt(1/n + 1.96^2 / 2(n - 1))."""
    bias, sd = float(differences.mean()), float(differences.std(ddof=1))
    of_bias, of_limit = sd / math.sqrt(count), sd * math.sqrt(1 / count + WITHIN**2 / (2 * (count - 1)))
    lower, upper = (estimate(bias + side * WITHIN * sd, of_limit, count - 1) for side in (-1, 1))
    return Limits(estimate(bias, of_bias, count - 1), sd, lower, upper)


def estimated_ratio(a: Array, b: Array, count: float) -> Estimate:
    """The mean of a over that of b, with its interval."""
    return estimate(*ratio_of_means(a, b, count), count - 1)


def ordinary_fit(x: Array, y: Array, count: float) -> Fit | None:
    """Least squares of y on x, which takes x as free of error; None where x is one value."""
    if not _varies(x):
        return None
    line = line_through(x, y)
    grown = math.sqrt(x.size / count)  # fewer independent values than there are: the errors grow
    return _line(x, y, line.slope, line.u_slope * grown, line.scatter / math.sqrt(count), count)


def both_errors_fit(x: Array, y: Array, variance_ratio: float, count: float) -> Fit | None:
    """The Deming fit: both meters err, and the variance of y's errors is so many times that of x's.

    The standard errors are those of the jackknife, which leaves out one pair at a time. None where x is one value, or
    hangs on one pair: then the line has no end of slopes.
    """
    if not all(_varies(np.delete(x, at)) for at in (int(x.argmax()), int(x.argmin()))):
        return None
    n, gain = x.size, _deming(x, y, variance_ratio)
    each_gain, each_level = _left_out(x, y, variance_ratio)
    share = n / count
    if not (math.isfinite(gain) and np.isfinite(each_gain).all()):
        return None
    u_gain = math.sqrt((n - 1) / n * float(((each_gain - each_gain.mean()) ** 2).sum()) * share)
    u_level = math.sqrt((n - 1) / n * float(((each_level - each_level.mean()) ** 2).sum()) * share)
    return _line(x, y, gain, u_gain, u_level, count)


def _varies(x: Array) -> bool:
    """Whether values differ by more than the rounding of their sums."""
    return bool(np.ptp(x) > 1e-9 * np.abs(x).max())


def _line(x: Array, y: Array, gain: float, u_gain: float, u_level: float, count: float) -> Fit:
    centre, level, freedom = float(x.mean()), float(y.mean()), count - 2
    offset = estimate(level - gain * centre, math.hypot(u_level, centre * u_gain), freedom)
    return Fit(estimate(gain, u_gain, freedom), offset, estimate(level, u_level, freedom), centre)


def _deming(x: Array, y: Array, ratio: float) -> float:
    across, own = x - x.mean(), y - y.mean()
    sums = [np.asarray((one * two).sum()) for one, two in ((across, across), (own, own), (across, own))]
    return float(_slope(sums[0], sums[1], sums[2], ratio))


def _slope(sxx: Array, syy: Array, sxy: Array, ratio: float) -> Array:
    """The gain of the Deming fit from the sums of squares and of products; NaN or infinite where the line is upright.

    It is a root of sxy g^2 - (syy - r sxx) g - r sxy = 0, in the form of the two that does not cancel.
    """
    apart = syy - ratio * sxx
    whole = np.sqrt(apart**2 + 4 * ratio * sxy**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(apart < 0, 2 * ratio * sxy / (whole - apart), (apart + whole) / (2 * sxy)))


def _left_out(x: Array, y: Array, ratio: float) -> tuple[Array, Array]:
    """The gain, and the level at the centre of all, with each pair left out in turn."""
    n, across, own = x.size, x - x.mean(), y - y.mean()
    shrink = n / (n - 1)  # the sums about the mean of the others

    def others(one: Array, two: Array) -> Array:
        return np.asarray((one * two).sum() - shrink * one * two)

    gain = _slope(others(across, across), others(own, own), others(across, own), ratio)
    return gain, y.mean() - own / (n - 1) + gain * across / (n - 1)


def repeatability(values: Array) -> float:
    """The standard deviation of a meter's own scatter, from each value's distance to the line through its neighbours.

    The median of the distances is taken (times 1.4826, that of a normal distribution), so that steps of the load count
    little. The variance of a distance is 1.5 times that of a value.
    """
    apart = values[1:-1] - (values[:-2] + values[2:]) / 2
    apart = apart[np.isfinite(apart)]
    return 1.4826 * float(np.median(np.abs(apart))) / math.sqrt(1.5) if apart.size else float("nan")
