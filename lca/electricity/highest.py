"""The highest intensity that electricity can have: a stated one above it is a slip of units."""

from __future__ import annotations

import math

from ..distributions.base import Distribution
from ..errors import DomainError
from ..graph.node import Node

#: kg per kWh: twice what the worst power stations emit, of lignite or peat, with fuel supply and the losses of a grid.
HIGHEST = 3.0
#: An unbounded distribution reaches as far as its quantile of this probability.
_REACH = 0.99
PER_KWH = 3.6e6


def check_height(intensity: Node, where: str) -> None:
    """Raise `DomainError` for a stated intensity that lies, or reaches, above what any fuel gives.

    Of an expression only `compared_with_tables` knows the value.
    """
    if intensity.parameter is not None:
        highest = max(_highest(value) for value in intensity.parameter.values)
        refuse_above(highest * intensity.parameter.scale * PER_KWH, where)


def _highest(value: Distribution | float) -> float:
    if not isinstance(value, Distribution):
        return value
    end = value.support[1]
    return max(value.nominal, end if math.isfinite(end) else float(value.ppf(_REACH)))


def refuse_above(highest: float, where: str) -> None:
    """Raise `DomainError` for kg per kWh above what any fuel gives."""
    if highest > HIGHEST * (1 + 1e-12):
        raise DomainError.of("intensity_above_any_fuel", where, highest=highest, limit=HIGHEST)
