"""What a break-even looked at: the totals as a program, the range, and what is found at nominal values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ...checks import Array
from ...graph.labels import Label
from .axis import Axis
from .crossings import Signs
from .pair import Pair
from .rows import Row, rows_of_totals


@dataclass(frozen=True, eq=False)
class Searched:
    """Arrays are over the dims of alternatives that are left. `below` is -1 where the first total is the lower one.

    `below` holds below the first crossing, in each draw and at nominal values.
    """

    pair: Pair
    axis: Axis
    over: str | None  # the dim whose labels are compared with one of them
    nominals: Array  # (dims..., crossings)
    nominal_count: Array
    nominal_below: Signs
    below: Signs  # (dims..., draws)
    at: Mapping[str, Label] = field(default_factory=dict)  # the labels that were selected

    @property
    def bounds(self) -> tuple[float, float]:
        """The range, in the unit of the parameter."""
        return self.axis.low / self.axis.factor, self.axis.high / self.axis.factor

    def sel(self, index: tuple[int | slice, ...], labels: Mapping[str, Label]) -> Searched:
        """The same at some labels, which stand at places of the dims."""
        arrays = ("nominals", "nominal_count", "nominal_below", "below")
        return replace(self, at={**self.at, **labels}, **{name: getattr(self, name)[index] for name in arrays})

    def totals(self, names: tuple[str, str], draws: int, points: int) -> list[Row]:
        """Rows of both totals along the parameter, at the labels that were selected."""
        dims = self.pair.dims
        places = [dim.labels.index(self.at[dim.name]) for dim in dims]
        row = int(np.ravel_multi_index(places, [len(dim) for dim in dims])) if dims else 0
        return rows_of_totals(self.pair, names, self.axis, row, draws, points)
