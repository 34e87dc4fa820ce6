"""Two sets of scrambled points, A and B, and the means that estimators take over each scrambling of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from copy import copy

import numpy as np

from ...checks import Array
from ...graph.program import Program
from ...sampling.correlated import columns_of
from ...sampling.design import Design
from ...sampling.downstream import Block, Downstream
from ...sampling.scrambled import ScrambledPoints

#: Independent scramblings, the scatter of which gives an interval, and the probability of that interval.
SCRAMBLINGS = 8
LEVEL = 0.90
#: A share of the variance that is smaller is what rounding leaves.
_ROUNDING = 1e-14


class Pairs:
    """The values at one block of points: f(A), f(B), and f(A) with some columns taken from B.

    Attributes
    ----------
    a, b : array (labels..., scramblings, points)
        The values at A and B, about a centre that all blocks share.
    at : range
        The numbers of the points.
    """

    def __init__(self, block: Block, base: int, centre: Array) -> None:
        self._block, self._base, self._centre = block, base, centre
        self.at = block.at
        self.a, self.b = self._split(block.first), self._split(block.second)

    def change(self, keys: Collection[str]) -> Array:
        """f(A with some keys from B) - f(A)."""
        return np.asarray(self._split(self._block.swapped(keys)) - self.a)

    def split(self, made: Array) -> Array:
        """Values (..., points) of the block, its scramblings apart: (..., scramblings, points)."""
        return made.reshape(*made.shape[:-1], -1, min(self._base, made.shape[-1]))

    def _split(self, values: dict[str, Array]) -> Array:
        (made,) = values.values()
        return self.split(made - self._centre)


class Points:
    """Scrambled Sobol' points of all parameters of a program with one output, `base` in each scrambling.

    Parameters
    ----------
    program : Program
        What is evaluated.
    held : iterable of str
        Keys that stay nominal.
    base : int
        Points of each scrambling, a power of two.
    seed : int
        The seed of the scramblings.
    """

    def __init__(self, program: Program, held: Iterable[str], base: int, seed: int) -> None:
        self._made = ScrambledPoints(columns_of(program, program.keys), base, SCRAMBLINGS, seed, sets=2, asked="base")
        self.a: Design = self._made.of_set(0)
        self.b: Design = self._made.of_set(1)
        self.base, self.count = base, SCRAMBLINGS * base
        self._downstream = Downstream(program, freeze=held)

    def scrambling(self, number: int) -> Points:
        """One of the scramblings alone."""
        made = copy(self)
        made.a, made.b = (self._made.of_set(number_of).of_scrambling(number) for number_of in (0, 1))
        made.count = self.base
        return made

    def means(self, of: Callable[[Pairs], Array], b: Design | None = None) -> Array:
        """The mean of what `of` makes of each block: (..., scramblings) there, (scramblings, ...) here.

        `b` takes the place of the second set.
        """
        parts, centre = [], None
        for block in self._downstream.blocks(self.a, b or self.b, self.count):
            if centre is None:  # any value near the mean will do
                ends = (next(iter(f.values())).mean(axis=-1, keepdims=True) for f in (block.first, block.second))
                centre = np.asarray(sum(ends) / 2)
            parts.append(of(Pairs(block, self.base, centre)))
        found = np.concatenate(parts, axis=-1)
        return np.moveaxis(found.reshape(*found.shape[:-1], self.count // self.base, -1).mean(axis=-1), -1, 0)


def variance(pairs: Pairs) -> Array:
    """The mean of f, and that of f^2, over both sets: (2, labels..., scramblings)."""
    return np.stack([(np.mean(pairs.a**power, axis=-1) + np.mean(pairs.b**power, axis=-1)) / 2 for power in (1, 2)])


def shares(estimates: Array, moments: Array) -> Array:
    """Estimates (scramblings, ..., labels...) over the variance of each scrambling.

    Without variance there is no share, and what rounding leaves of one is none.
    """
    spread = moments[:, 1] - moments[:, 0] ** 2
    between = estimates.ndim - spread.ndim
    spread = spread.reshape(len(spread), *[1] * between, *spread.shape[1:])
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.nan_to_num(estimates / spread, nan=0.0, posinf=0.0, neginf=0.0)
    return np.where(np.abs(found) < _ROUNDING, 0.0, found)
