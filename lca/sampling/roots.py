"""Where a function of one variable changes its sign, for many draws at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..checks import Array

#: Values of the function, one for each of the draws whose numbers are given.
Function = Callable[[Array, npt.NDArray[np.intp]], Array]
_TINY = 4 * float(np.finfo(float).smallest_normal)


def roots(function: Function, left: Array, right: Array, close: float) -> Array:
    """A value between two at which the sign changes, for each draw, as near as `close` times the value.

    The next value is that of a quadratic through three points where this is safe, else the middle (Chandrupatla 1997,
    Advances in Engineering Software 28, 145-149).

    >>> squares = np.array([4.0, 9.0])
    >>> roots(lambda x, which: x**2 - squares[which], np.zeros(2), np.full(2, 10.0), 1e-12).round(9).tolist()
    [2.0, 3.0]
    """
    found, which = np.full(left.size, np.nan), np.arange(left.size)
    ends = np.stack([left, function(left, which), right, function(right, which)])
    step = np.full(left.size, 0.5)
    while True:
        a, fa, b, fb = ends
        best, near = _best(ends, close)
        open_ = (fa != 0) & (fb != 0) & (np.abs(b - a) >= near)
        found[which[~open_]] = best[~open_]
        which, ends, step = which[open_], ends[:, open_], step[open_]
        if not which.size:
            return found
        x = ends[0] + step * (ends[2] - ends[0])
        ends, last = _narrowed(ends, x, function(x, which))
        step = _next_step(ends, last, _best(ends, close)[1])


def _best(ends: Array, close: float) -> tuple[Array, Array]:
    """(the end whose value is nearer to zero, how near the ends have to be)."""
    a, fa, b, fb = ends
    best = np.where(np.abs(fa) < np.abs(fb), a, b)
    return best, np.abs(best) * close + _TINY


def _narrowed(ends: Array, x: Array, fx: Array) -> tuple[Array, Array]:
    """((the new value and the end with the other sign, each with its function), the end that is left and its own)."""
    a, fa, b, fb = ends
    same = np.sign(fx) == np.sign(fa)
    made = np.stack([x, fx, np.where(same, b, a), np.where(same, fb, fa)])
    return made, np.stack([np.where(same, a, b), np.where(same, fa, fb)])


def _next_step(ends: Array, last: Array, near: Array) -> Array:
    """The share of the way from a to b, by the inverse quadratic through all three where it is monotonic."""
    (a, fa, b, fb), (c, fc) = ends, last
    with np.errstate(all="ignore"):  # of draws that are done, or that are halved
        along, up = (a - b) / (c - b), (fa - fb) / (fc - fb)
        quadratic = fa / (fa - fb) * fc / (fc - fb) - (c - a) / (b - a) * fa / (fc - fa) * fb / (fb - fc)
        safe = (1 - np.sqrt(1 - along) < up) & (up < np.sqrt(along))
        least = np.minimum(0.5 * near / np.abs(b - a), 0.5)
        return np.asarray(np.clip(np.where(safe, quadratic, 0.5), least, 1 - least))
