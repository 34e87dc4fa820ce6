"""Where a difference of totals changes its sign: all places in every row and draw (U7)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ...checks import Array
from ...sampling.roots import roots
from .along import Which

#: Totals closer than this are equal (U7); a crossing is found as closely.
SAME = 1e-12
#: Numbers of one batch of searches, which bounds its memory.
_BATCH = 1 << 21
#: Differences (rows, n) at n values, one for each of the draws whose numbers are given.
Function = Callable[[Array, Which], Array]
Signs = npt.NDArray[np.int8]


def gap(one: Array, other: Array) -> Array:
    """The first less the second; 0 where they are equal up to rounding (U7)."""
    made = np.asarray(one - other)
    return np.where(np.abs(made) <= SAME * np.maximum(np.abs(one), np.abs(other)), 0.0, made)


def crossings(function: Function, places: Array, signs: Signs) -> Array:
    """All crossings (rows, draws, crossings) in rising order, filled up with NaN, from the signs (places, rows, draws).

    A crossing lies where a sign follows another, or where the totals become equal; from there on they may be equal
    for a while, which is not a further one.

    >>> signs = np.sign(np.array([[[-1.0]], [[1.0]]])).astype(np.int8)
    >>> crossings(lambda x, which: (x - 2.5)[None], np.array([0.0, 10.0]), signs).round(9).tolist()
    [[[2.5]]]
    """
    rows, draws = signs.shape[1:]
    flat = signs.reshape(len(places), -1)
    crossed = np.concatenate([flat[:1] == 0, (flat[1:] != flat[:-1]) & (flat[:-1] != 0)])
    where, place = np.nonzero(crossed.T)
    number = np.arange(where.size) - np.searchsorted(where, where)
    found = np.full((rows * draws, 1 + number.max(initial=0)), np.nan)
    found[where, number] = _roots(function, where, places[np.maximum(place - 1, 0)], places[place], rows, draws)
    return found.reshape(rows, draws, -1)


def _roots(function: Function, where: Which, left: Array, right: Array, rows: int, draws: int) -> Array:
    """A crossing between each pair of values, of the row and the draw that `where` says."""
    made = np.empty(where.size)
    row, draw = np.divmod(where, draws)
    most = max(1, _BATCH // rows)
    for start in range(0, where.size, most):
        part = slice(start, start + most)
        of, at = row[part], draw[part]

        def values(x: Array, which: Which, of: Which = of, at: Which = at) -> Array:
            return np.asarray(function(x, at[which])[of[which], np.arange(which.size)])

        made[part] = roots(values, left[part], right[part], SAME)
    return made


def on_a_line(low: float, high: float, ends: tuple[Array, Array]) -> Array:
    """The crossing of each row and draw (rows, draws, 1) of a difference that is linear, from its values at the ends.

    x = low + (high - low) g(low) / (g(low) - g(high)).

    >>> on_a_line(0.0, 10.0, (np.array([[-1.0, 1.0]]), np.array([[3.0, 3.0]]))).tolist()
    [[[2.5], [nan]]]
    """
    first, last = ends
    meets = (first == 0) | (np.sign(first) != np.sign(last))
    with np.errstate(all="ignore"):
        share, rest = first / (first - last), last / (last - first)
    # from the nearer end: rounding there is as small as the value
    x = np.where(share < rest, low + (high - low) * share, high - (high - low) * rest)
    x = np.where(first == 0, low, np.clip(x, low, high))
    return np.where(meets, x, np.nan)[..., None]


def places_between(low: float, high: float, count: int) -> Array:
    """Values from one end to the other, in even steps and, above 0, in even ratios."""
    if low <= 0:
        return np.linspace(low, high, count)
    inside = np.concatenate([np.linspace(low, high, count // 2), np.geomspace(low, high, count - count // 2)])
    return np.unique(np.clip(inside, low, high))


def beside(found: list[Array]) -> Array:
    """Crossings of several blocks of draws (rows, draws, crossings) as one array."""
    most = max(one.shape[-1] for one in found)
    fill = [np.pad(one, ((0, 0), (0, 0), (0, most - one.shape[-1])), constant_values=np.nan) for one in found]
    return np.concatenate(fill, axis=1)
