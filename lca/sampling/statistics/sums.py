"""Rows of values of which statistics are kept, and their sums of one unit of draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...checks import Array
from .derived import Derived
from .histogram import Counts, Ints, Windows
from .moments import Lanes


@dataclass(frozen=True)
class Rows:
    """Values of which statistics are kept, with what is known of them before the run: shape, shifts and windows.

    The quantiles of a row are read from its own number of `cells`, whatever other rows need. The windows have
    more where more draws may follow.
    """

    of: Derived
    shape: tuple[int, ...]
    shift: Array
    windows: Windows
    cells: Ints

    @classmethod
    def looked_at(cls, of: Derived, first: Mapping[str, Array], draws: int, *, grows: bool = False) -> Rows:
        """Rows with shifts and windows from the first ones (labels..., n), all of one length, of so many draws.

        A run that `grows` may go on with more draws, so it counts in the most cells.
        """
        values = of.values(first)
        laid = values.reshape(-1, values.shape[-1])
        finite = np.isfinite(laid)
        middle = np.where(finite, laid, 0.0).sum(axis=1) / np.maximum(finite.sum(axis=1), 1)
        windows, cells = Windows.of(laid, draws)
        return cls(of, values.shape[:-1], middle, windows if grows else windows.coarser(int(cells.max())), cells)


@dataclass
class Sums:
    """Statistics of rows while they grow: of one unit."""

    lanes: Lanes
    counts: Counts
    least: Array
    most: Array
    broken: Ints

    @classmethod
    def of(cls, rows: Rows, kind: type[np.int32] | type[np.int64]) -> Sums:
        """No draws yet."""
        many = len(rows.shift)
        ends = np.full(many, np.inf), np.full(many, -np.inf)
        return cls(Lanes.of(many), Counts.of(rows.windows, kind), *ends, np.zeros(many, np.int64))
