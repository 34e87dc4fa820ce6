"""Sums of rows of draws in lanes, so that no length of a step and no evaluator changes a bit (U7).

Draw i belongs to lane i mod 256. Within a unit of draws every lane is added up from 0 in the order of draws. Then the
lanes are folded: the second half is added onto the first, until one is left. The sums of units are added in order.
What is added is the distance from a shift that is known before the run, so that a mean and a standard deviation lose
no digits to each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ...checks import Array

LANES = 256


@dataclass
class Lanes:
    """Sums of the distances from a shift, and of their squares, of some rows of one unit: (rows, lanes) each."""

    sums: Array
    squares: Array

    @classmethod
    def of(cls, rows: int) -> Lanes:
        """Lanes of nothing yet."""
        return cls(np.zeros((rows, LANES)), np.zeros((rows, LANES)))

    @classmethod
    def side_by_side(cls, several: Iterable[Lanes]) -> Lanes:
        """The rows of several, one behind the other."""
        pairs = [(one.sums, one.squares) for one in (cls.of(0), *several)]
        return cls(*map(np.concatenate, zip(*pairs, strict=True)))

    def add(self, at: slice, values: Array, shift: Array, first: int, space: Array) -> None:
        """Add draws `first` and following of some rows; `space` is scratch of at least (n + 512) numbers a row."""
        rows, n = values.shape
        before = first % LANES
        held = -(-(before + n) // LANES)
        laid = space[: rows * (held + 1) * LANES].reshape(rows, held + 1, LANES)
        flat = laid.reshape(rows, -1)[:, LANES:]
        if n % LANES or before:
            flat[:, :before] = 0.0
            flat[:, before + n :] = 0.0
        apart = flat[:, before : before + n]
        np.subtract(values, shift[:, None], out=apart)
        for kept in (self.sums, self.squares):
            laid[:, 0] = kept[at]
            np.add.reduce(laid, axis=1, out=kept[at])
            if kept is self.sums:
                np.multiply(apart, apart, out=apart)

    def folded(self) -> tuple[Array, Array]:
        """(the sum, the sum of squares) of every row."""
        return _fold(self.sums), _fold(self.squares)


def _fold(lanes: Array) -> Array:
    """Lanes to one number: the second half onto the first, until one is left.

    >>> float(_fold(np.ones((1, LANES)))[0])
    256.0
    """
    while lanes.shape[1] > 1:
        half = lanes.shape[1] // 2
        lanes = lanes[:, :half] + lanes[:, half:]
    return np.asarray(lanes[:, 0])
