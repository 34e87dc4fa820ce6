"""Sums, ends and counts of rows of draws, taken together while they are in cache; compiled by numba, the bits of NumPy.

The order of sums is that of `moments.py`, the cells are those of `histogram.py`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

#: As in `moments.py`; it stands here again, since numba stores what it compiled by this file alone.
LANES = 256

_compiled = njit(nogil=True, error_model="numpy", boundscheck=False)


@_compiled
def _to_lanes(x, at, shift, sums, squares, low, high):
    """Each draw into its lane, in the order of draws."""
    done = 0
    while done < len(x):
        size = min(LANES - at, len(x) - done)
        for i in range(size):
            value = x[done + i]
            apart = value - shift
            sums[at + i] += apart
            squares[at + i] += apart * apart
            low[at + i] = value if value < low[at + i] else low[at + i]
            high[at + i] = value if value > high[at + i] else high[at + i]
        done, at = done + size, 0


@_compiled
def _to_cells(x, moved, base, shift, cells, space):
    """The cell of every value, in the bits of `space`; how many lie outside."""
    places, outside = space.view(np.int64), 0
    for i in range(len(x)):
        space[i] = x[i] + moved
    for i in range(len(x)):
        place = (places[i] - base) >> shift
        places[i] = place
        outside += (place < 0) | (place >= cells)
    return outside


@_compiled
def _count(x, row, places, counts, beyond, found):
    """Count the values in their cells, and list those that lie outside; how many are listed."""
    for i in range(len(x)):
        if 0 <= places[i] < len(counts):
            counts[places[i]] += 1
        else:
            beyond[found, 0], beyond[found, 1] = row, x[i]
            found += 1
    return found


@njit(nogil=True, cache=True, error_model="numpy", boundscheck=False)
def add(values, first, shift, sums, squares, least, most, moved, base, shifts, inside, beyond, left):
    """Add draws `first` and following of some rows; how many values were listed in `beyond`, each as (row, value).

    A row with a value that is not finite stays as it was and is marked in `left`, and so does one with more values
    beyond its window than `beyond` has room for.
    """
    found, cells = 0, inside.shape[1]
    lanes, space = np.empty((4, LANES)), np.empty(values.shape[1])
    for row in range(len(values)):
        x = values[row]
        lanes[0], lanes[1] = sums[row], squares[row]
        lanes[2], lanes[3] = np.inf, -np.inf
        _to_lanes(x, first % LANES, shift[row], lanes[0], lanes[1], lanes[2], lanes[3])
        outside = _to_cells(x, moved[row], base[row], shifts[row], cells, space)
        left[row] = not np.isfinite(lanes[1].sum()) or found + outside > len(beyond)
        if left[row]:
            continue
        sums[row], squares[row] = lanes[0], lanes[1]
        least[row], most[row] = min(least[row], lanes[2].min()), max(most[row], lanes[3].max())
        places, counts = space.view(np.int64), inside[row]
        if outside:
            found = _count(x, row, places, counts, beyond, found)
        else:
            for i in range(len(x)):
                counts[places[i]] += 1
    return found
