"""What is said of rows of draws when all are counted: mean, standard deviation, quantiles and their standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..checks import Array
from ..sampling.statistics.histogram import Ints
from ..sampling.statistics.streamed import Statistics

#: Half of a 95 % interval over a standard error, of a normal distribution.
HALF = 1.959963984540054


def shares_around(shares: Array, draws: int) -> Array:
    """The shares (2, shares) of the order statistics that bound quantiles of so many draws at 95 %.

    They are q -+ 1.96 sqrt(q (1 - q) / n), which assumes no density (Hahn and Meeker 1991, section 5.2).

    >>> shares_around(np.array([0.5]), 10_000).round(4).tolist()
    [[0.4902], [0.5098]]
    """
    apart = HALF * np.sqrt(shares * (1 - shares) / draws)
    return np.clip(np.stack([shares - apart, shares + apart]), 0, 1)


def error_between(low: Array, high: Array) -> Array:
    """The standard error of quantiles from the order statistics that bound them at 95 %: half of it, over 1.96."""
    return (high - low) / (2 * HALF)


@dataclass(frozen=True, eq=False)
class RowStatistics:
    """Statistics of rows over all draws, on the shape of the rows. Quantiles and errors have their shares first."""

    parts: ClassVar = ("mean", "sd", "broken", "quantiles", "errors")

    draws: int
    mean: Array
    sd: Array
    broken: Ints  # how many draws are not finite
    quantiles: Array
    errors: Array  # the standard errors of the quantiles

    @classmethod
    def of(cls, found: Statistics, draws: int, shares: Array, shape: Sequence[int]) -> RowStatistics:
        """What is said of counted rows; the draws that were counted may stand for more, where no draw changes them."""
        every = np.concatenate([shares, shares_around(shares, draws).ravel()])
        middle, low, high = found.quantiles(every, np.arange(len(found.mean))).reshape(3, len(shares), *shape)
        broken = (found.broken * (draws // found.draws)).reshape(shape)
        return cls(draws, found.mean.reshape(shape), found.sd.reshape(shape), broken, middle, error_between(low, high))

    @classmethod
    def joined(cls, several: Sequence[RowStatistics], axis: int) -> RowStatistics:
        """Those of several blocks, which follow each other along an axis."""
        first, *others = several
        if not others:
            return first
        plain = (np.concatenate([getattr(one, part) for one in several], axis) for part in ("mean", "sd", "broken"))
        ends = (np.concatenate([getattr(one, part) for one in several], 1 + axis) for part in ("quantiles", "errors"))
        return cls(first.draws, *plain, *ends)

    @property
    def flat(self) -> RowStatistics:
        """The same with the rows one behind the other."""
        plain = (getattr(self, part).reshape(-1) for part in ("mean", "sd", "broken"))
        ends = (getattr(self, part).reshape(len(self.quantiles), -1) for part in ("quantiles", "errors"))
        return RowStatistics(self.draws, *plain, *ends)
