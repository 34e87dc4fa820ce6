"""Inverse CDFs as cubic polynomials on geometric cells, the same for both tails (U3).

The distance of a draw from the nearer end of (0, 1), times 2^32, lies between 2^-1 and 2^31. Each of these 32 octaves
has 32 cells. In an octave the exact inverse CDF is taken at 16 Chebyshev nodes. The polynomial through them gives the
values at the 4 Chebyshev nodes of each cell, and the cubic through these is the cell's. So a shape costs 1,024 exact
values and some tens of microseconds.

The error is below 1e-9 of the standard deviation and the distance from the median together, for a normal and a PERT
distribution. It is below 2e-9 for a lognormal up to gsd 5, and 4e-9 for a Weibull of shape 0.2.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import comb

import numpy as np

from ..checks import Array
from ..distributions.shapes import NormalBased, Shape

#: Cells of an octave, a power of two; octaves; the exponent of the first.
CELL_BITS = 5
CELLS, OCTAVES, FIRST = 1 << CELL_BITS, 32, -1
_NODES, _ORDER = 16, 4


def _chebyshev_nodes(count: int) -> Array:
    return np.asarray(np.cos(np.pi * (np.arange(count) + 0.5) / count))


@cache
def node_distances() -> Array:
    """The distances u from an end at which a shape is asked for its values, (octaves, nodes)."""
    octave = 2.0 ** (np.arange(OCTAVES) + FIRST - 32)
    return np.asarray(octave[:, None] * (3 + _chebyshev_nodes(_NODES)) / 2)


@cache
def normal_at_nodes() -> Array:
    """The standard normal quantiles of the nodes; from the standard library, which spares the import of SciPy."""
    from statistics import NormalDist

    u = node_distances()
    return np.array([NormalDist().inv_cdf(one) for one in u.ravel().tolist()]).reshape(u.shape)


def _at_nodes(shape: Shape) -> tuple[Array, Array]:
    """The exact values of a shape at the nodes of the lower and of the upper side."""
    if isinstance(shape, NormalBased):
        return shape.at(normal_at_nodes()), shape.at(-normal_at_nodes())
    return shape.ppf(node_distances()), shape.upper(node_distances())


@cache
def _to_cells() -> Array:
    """From values at the nodes of an octave to cubics in z of its cells, z from -1 to 1: (nodes, 4 x cells)."""
    vander = np.polynomial.chebyshev.chebvander
    inside = _chebyshev_nodes(_ORDER)
    place = (2 * np.arange(CELLS)[:, None] + 1 + inside) / CELLS - 1
    values = vander(place.ravel(), _NODES - 1) @ np.linalg.inv(vander(_chebyshev_nodes(_NODES), _NODES - 1))
    cubics = np.linalg.inv(np.vander(inside, increasing=True)) @ values.reshape(CELLS, _ORDER, _NODES)
    return np.ascontiguousarray(cubics.transpose(2, 1, 0)).reshape(_NODES, -1)


@cache
def _to_numbers() -> list[list[Array]]:
    """From cubics in z to cubics in y: what z^i has of y^j at [j][i - j], each (sides, octaves, cells).

    z = q / h - m / h with q = d / 2^octave, of a cell with middle m and half width h; d is y + 1/2 on the lower side
    and -(y + 1/2) on the upper one.
    """
    middle, half = 1 + (np.arange(CELLS) + 0.5) / CELLS, 0.5 / CELLS
    slope = np.array([1.0, -1.0])[:, None, None] * 2.0 ** -(np.arange(OCTAVES)[:, None] + FIRST) / half
    offset = slope / 2 - middle / half
    return [[comb(i, j) * slope**j * offset ** (i - j) for i in range(j, _ORDER)] for j in range(_ORDER)]


@lru_cache(maxsize=64)  # 64 KiB each
def cubics_of(shape: Shape) -> Array:
    """Coefficients of the cubics of a shape, (sides, 4, octaves, cells), from the constant one up, in y.

    y is the number r of a draw read as a signed one: from 0 up on the lower side, from -1 down on the upper. Each shape
    is computed alone and by loops of NumPy, so that its bits depend on no other shape and on no number of threads.
    """
    values = np.reshape(_at_nodes(shape), (2 * OCTAVES, _NODES))
    in_z = np.einsum("ok,kc->oc", values, _to_cells()).reshape(2, OCTAVES, _ORDER, CELLS)
    in_y = np.zeros((2, _ORDER, OCTAVES, CELLS))
    for j, powers in enumerate(_to_numbers()):
        for i, power in enumerate(powers, start=j):
            in_y[:, j] += in_z[:, :, i] * power
    return in_y
