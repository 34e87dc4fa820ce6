"""From whole numbers to draws of standard shapes: one path for every design (U3).

The sequence of operations for a number r of 32 bits, which every executor repeats to the bit. All is float64 unless
said otherwise, and no product is fused with a sum.

* Of a shape with a table:
  * y = r as a signed number of 32 bits;
  * f = float32(y) + float32(0.5);
  * i = (the bits of f as an unsigned number >> 18) + offset of the shape, modulo 2^32;
  * v = ((c3[i] y + c2[i]) y + c1[i]) y + c0[i].
* Of a direct shape: u = (float64(r) + 0.5) 2^-32, and v = `shape.ppf(u)`.
* Of both: v scale + location, of the row.

|f| is the distance from the nearer end, times 2^32, and its sign tells the end. f may round up to the first number of
the next cell, which the cubic of that cell covers as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from weakref import WeakValueDictionary

import numpy as np

from ..checks import Array
from ..distributions.shapes import Shape
from .cubics import CELL_BITS, CELLS, FIRST, OCTAVES, cubics_of
from .stream import Numbers

#: What the bits of a float32 are shifted by: 23 of its mantissa, less those that number a cell.
SHIFT = 23 - CELL_BITS
#: Cells of one side: one more holds numbers that round up to 2^31.
SIDE = OCTAVES * CELLS + 1
#: The upper side of a shape stands this far behind the lower one, which is where the sign bit puts it.
SIGN = 1 << (31 - SHIFT)
#: Shapes that share one stretch of 2 x SIGN entries, side after side.
TOGETHER = SIGN // SIDE
_BIAS = (127 + FIRST) << CELL_BITS


class Tables:
    """The cubics of distinct shapes: `coefficients`, and what to add to the bits of a number by shape.

    They are (2, entries, 2): c0 and c1 of each entry, then c2 and c3. So one number of a complex type takes two.
    """

    def __init__(self, shapes: Sequence[Shape]) -> None:
        at = np.arange(len(shapes))
        first = at // TOGETHER * (2 * SIGN) + at % TOGETHER * SIDE
        self.offsets = (first - _BIAS).astype(np.uint32)
        entries = -(-len(shapes) // TOGETHER) * 2 * SIGN
        self.coefficients = np.zeros((2, entries, 2))  # memory that is never read is never touched
        self._first = dict(zip(shapes, first.tolist(), strict=True))
        self._fill()
        living()[id(self)] = self

    def part(self, shape: Shape) -> Array:
        """The coefficients of one shape, (sides, 2, SIDE, 2), a view."""
        pair, entry, one = self.coefficients.strides
        first, strides = self.coefficients[:, self._first[shape] :], (SIGN * entry, pair, entry, one)
        return np.lib.stride_tricks.as_strided(first, (2, 2, SIDE, 2), strides)

    def _fill(self) -> None:
        """Copy what other tables have, and make the rest."""
        lacking = set(self._first)
        for other in [alive for ref in living().valuerefs() if (alive := ref())]:
            for shape in lacking & other._first.keys():
                self.part(shape)[...] = other.part(shape)
            lacking -= other._first.keys()
        for shape in lacking:
            part = self.part(shape)
            part[..., :-1, :] = cubics_of(shape).reshape(2, 2, 2, -1).swapaxes(2, 3)
            part[..., -1, :] = part[..., -2, :]


@cache
def living() -> WeakValueDictionary[int, Tables]:
    """All tables that some plan holds; it keeps none alive."""
    return WeakValueDictionary()


class Quantile:
    """Scratch space of one thread for so many numbers, and the two ways from numbers to standard draws."""

    def __init__(self, size: int) -> None:
        self._float32 = np.empty(size, np.float32)
        self._index = np.empty(size, np.int64)
        self._number, self._pair = np.empty(size), np.empty(size, np.complex128)

    def tabulated(self, tables: Tables, offsets: Numbers, numbers: Numbers, out: Array) -> None:
        """Standard draws of shapes with tables: `numbers` and `out` are (rows, n), `offsets` is (rows, 1)."""
        shape, size = numbers.shape, numbers.size
        signed, near = numbers.view(np.int32), self._float32[:size].reshape(shape)
        y, pair = self._number[:size].reshape(shape), self._pair[:size].reshape(shape)
        index = self._index[:size].reshape(shape)
        np.copyto(near, signed, casting="same_kind")
        near += np.float32(0.5)
        bits = near.view(np.uint32)
        np.right_shift(bits, np.uint32(SHIFT), out=bits)
        bits += offsets
        np.copyto(index, bits)
        np.copyto(y, signed)
        lower, upper = tables.coefficients.view(np.complex128)[..., 0]
        upper.take(index, out=pair, mode="wrap")
        np.multiply(pair.imag, y, out=out)
        out += pair.real
        out *= y
        lower.take(index, out=pair, mode="wrap")
        out += pair.imag
        out *= y
        out += pair.real

    def uniforms(self, numbers: Numbers) -> Array:
        """The probabilities (r + 0.5) / 2^32 of numbers, on their shape; to be used up before the next call."""
        u = self._number[: numbers.size].reshape(numbers.shape)
        np.add(numbers, 0.5, out=u)
        u *= 2.0**-32
        return u
