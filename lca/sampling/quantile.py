"""From uniform numbers to draws: one path for every distribution (U3).

A shape is tabulated once at the edges of `CELLS` equal cells and read linearly inside a cell. The outer `TAIL` cells on
each side use the exact inverse CDF. The standard deviation is off by less than 1e-4 of itself for every shape. Cheap
shapes are computed directly.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ..checks import Array
from ..distributions.shapes import Shape
from ..graph.program import Leaf
from .stream import SMALLEST

CELLS = 4096
TAIL = 16


@lru_cache(maxsize=256)
def table(shape: Shape) -> tuple[Array, Array]:
    """(value at the lower edge, rise) of every cell; the cells of the tails are never read."""
    edges = np.arange(CELLS + 1) / CELLS
    edges[0], edges[-1] = SMALLEST, 1 - SMALLEST * 2
    values = shape.ppf(edges)
    return np.ascontiguousarray(values[:-1]), np.diff(values)


_OUTER = np.zeros(CELLS, dtype=bool)
_OUTER[:TAIL] = _OUTER[-TAIL:] = True


class Quantile:
    """Scratch space for one thread, and the inverse CDF of a leaf on rows of uniform numbers."""

    def __init__(self, size: int) -> None:
        self._rise = np.empty(size)
        self._within = np.empty(size)
        self._cell = np.empty(size, np.int64)
        self._outer = np.empty(size, bool)

    def fill(self, leaf: Leaf, uniforms: Array, out: Array) -> None:
        """`uniforms` is (own labels, n) in [0, 1); `out` is (rows, n), in root units."""
        standard: dict[tuple[int, int], Array] = {}  # the last standard form that several rows share
        rows = leaf.parameter.rows
        for row, shape in enumerate(rows.shape_of):
            target = out[row]
            location, scale = rows.location[row], rows.scale[row]
            if shape < 0:
                target.fill(location)
                continue
            own = rows.own_of[row]
            if (shape, own) in standard:
                np.copyto(target, standard[shape, own])
            else:
                self._standard(rows.shapes[shape], uniforms[own], target)
                if rows.own_of.count(own) > 1:
                    standard = {(shape, own): target.copy()}
            if scale != 1.0:
                target *= scale
            if location != 0.0:
                target += location

    def _standard(self, shape: Shape, u: Array, out: Array) -> None:
        if shape.direct:
            out[:] = shape.ppf(np.maximum(u, SMALLEST, out=out))
            return
        n = len(u)
        lower, rise = table(shape)
        cell, within, step, outer = self._cell[:n], self._within[:n], self._rise[:n], self._outer[:n]
        np.multiply(u, CELLS, out=within)
        np.copyto(cell, within, casting="unsafe")
        within -= cell
        rise.take(cell, out=step, mode="clip")
        step *= within
        _OUTER.take(cell, out=outer, mode="clip")
        tail = np.flatnonzero(outer)
        exact = shape.ppf(np.maximum(u[tail], SMALLEST))
        lower.take(cell, out=out, mode="clip")
        out += step
        out[tail] = exact
