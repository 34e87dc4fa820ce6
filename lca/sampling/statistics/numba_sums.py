"""Sums, ends and counts of rows of draws, taken together while they are in cache; compiled by numba, the bits of NumPy.

The order of sums is that of `moments.py`, the cells are those of `histogram.py`.
"""

from __future__ import annotations

import numpy as np

from ..numba_loops import loop, part

#: As in `moments.py`; it stands here again, since numba stores what it compiled by this file alone.
LANES = 256
#: Draws whose cells are found before they are counted.
_BLOCK = 1024


@part
def _add_to_lanes(x, shift, sums, squares, low, high):
    """Each draw into its lane; as many draws as lanes."""
    for i in range(LANES):
        apart = x[i] - shift
        sums[i] += apart
        squares[i] += apart * apart
    for i in range(LANES):
        value = x[i]
        low[i] = value if value < low[i] else low[i]
        high[i] = value if value > high[i] else high[i]


@part
def _add_some(x, at, shift, sums, squares, low, high):
    """Each draw into its lane, from lane `at` on; fewer draws than lanes."""
    for i in range(len(x)):
        value = x[i]
        apart = value - shift
        sums[at + i] += apart
        squares[at + i] += apart * apart
        low[at + i] = value if value < low[at + i] else low[at + i]
        high[at + i] = value if value > high[at + i] else high[at + i]


@part
def _to_lanes(x, at, shift, sums, squares, low, high):
    """All draws into their lanes, in order, from lane `at` on."""
    done = min(LANES - at, len(x)) if at else 0
    _add_some(x[:done], at, shift, sums, squares, low, high)
    while done + LANES <= len(x):
        _add_to_lanes(x[done : done + LANES], shift, sums, squares, low, high)
        done += LANES
    _add_some(x[done:], 0, shift, sums, squares, low, high)


@part
def _to_cells(x, moved, base, shift, cells, space):
    """The cell of every value, in the bits of `space`; whether all lie in the window."""
    places, outside = space.view(np.int64), 0
    for i in range(len(x)):
        space[i] = x[i] + moved
    for i in range(len(x)):
        place = (places[i] - base) >> shift
        places[i] = place
        outside |= (place < 0) | (place >= cells)
    return outside == 0


@part
def _count(x, row, places, counts, beyond, found):
    """Count the values in their cells, and list those that lie outside; how many are listed."""
    for i in range(len(x)):
        if 0 <= places[i] < len(counts):
            counts[places[i]] += 1
        else:
            beyond[found, 0], beyond[found, 1] = row, x[i]
            found += 1
    return found


@loop
def add(values, first, shift, sums, squares, least, most, moved, base, shifts, inside, beyond, left):
    """Add draws `first` and following of some rows; how many values were listed in `beyond`, each as (row, value).

    A row with a value that is not finite stays as it was and is marked in `left`.
    """
    found, cells = 0, inside.shape[1]
    lanes, space = np.empty((4, LANES)), np.empty(_BLOCK)
    places = space.view(np.int64)
    for row in range(len(values)):
        x, counts = values[row], inside[row]
        lanes[0], lanes[1] = sums[row], squares[row]
        lanes[2], lanes[3] = np.inf, -np.inf
        _to_lanes(x, first % LANES, shift[row], lanes[0], lanes[1], lanes[2], lanes[3])
        left[row] = not np.isfinite(lanes[1].sum())
        if left[row]:
            continue
        sums[row], squares[row] = lanes[0], lanes[1]
        least[row], most[row] = min(least[row], lanes[2].min()), max(most[row], lanes[3].max())
        for at in range(0, len(x), _BLOCK):
            block = x[at : at + _BLOCK]
            if _to_cells(block, moved[row], base[row], shifts[row], cells, space):
                for i in range(len(block)):
                    counts[np.uint64(places[i])] += 1
            else:
                found = _count(block, row, places, counts, beyond, found)
    return found
