"""What is said of rows of draws when all are counted: mean, standard deviation, quantiles and their standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    """Statistics of rows over all draws. Quantiles and their standard errors are (shares, rows)."""

    draws: int
    mean: Array
    sd: Array
    broken: Ints  # how many draws are not finite
    quantiles: Array
    errors: Array

    @classmethod
    def of(cls, found: Statistics, draws: int, shares: Array) -> RowStatistics:
        """What is said of counted rows; the draws that were counted may stand for more, where no draw changes them."""
        every = np.concatenate([shares, shares_around(shares, draws).ravel()])
        middle, low, high = found.quantiles(every, np.arange(len(found.mean))).reshape(3, len(shares), -1)
        broken = found.broken * (draws // found.draws)
        return cls(draws, found.mean, found.sd, broken, middle, error_between(low, high))

    @classmethod
    def joined(cls, parts: Sequence[tuple[RowStatistics, tuple[int, ...]]], axis: int) -> RowStatistics:
        """Those of several blocks, each with the shape of its rows, which follow each other along an axis."""
        if len(parts) == 1:
            return parts[0][0]

        def along(name: str) -> Array:
            laid = [getattr(one, name) for one, _ in parts]
            before = laid[0].ndim - 1
            shaped = (one.reshape(*one.shape[:-1], *shape) for one, (_, shape) in zip(laid, parts, strict=True))
            made = np.concatenate([*shaped], axis=before + axis)
            return made.reshape(*made.shape[:before], -1)

        broken = along("broken").astype(np.int64)
        return cls(parts[0][0].draws, along("mean"), along("sd"), broken, along("quantiles"), along("errors"))
