"""The figures of a meter and of its readings: what is stated, in the unit of what is read, and whether it fits."""

from __future__ import annotations

import math
from typing import Any

from ..checks import finite_number
from ..distributions.base import Distribution
from ..distributions.families import Normal
from ..distributions.reading import read_scalar
from ..errors import DomainError, UnitError
from ..graph.inputs import Labelled
from ..units.parse import parse_unit
from ..units.registry import BOUNDARIES, Unit
from ..units.text import unit_text


def figure_of(said: Any, where: str, *, form: str, zero: bool = False, part: float = 1.0) -> tuple[float, str]:
    """(size, unit) of an uncertainty or a display step; no unit for a part of what is read, which is at most `part`."""
    value, unit = read_scalar(said, where)
    factor, dimension = parse_unit(unit)
    size, high = (value, math.inf) if dimension else (value * factor, part)
    return finite_number(size, where, low=0, high=high, above=not zero, form=form), unit if dimension else ""


def fits_reading(stated: Unit, read: Unit) -> bool:
    """Whether a stated unit is that of a reading, which may add a boundary and `device`."""
    return set(read / stated) <= {*BOUNDARIES, "device"}


def factor_between(unit: str, reading: str, where: str, message: str) -> float:
    """The factor from a stated unit to that of a reading."""
    (factor, own), (scale, read) = parse_unit(unit), parse_unit(reading)
    if not fits_reading(own, read):
        raise UnitError.of(message, where, [unit_text(own), unit_text(read)])
    return factor / scale


def scatter_of(u: Any, shown: Labelled, where: str) -> tuple[float, ...]:
    """The standard uncertainty `u` of each value shown, in their unit."""
    form = 'a standard uncertainty is 0 or more: write u="3 W", u="2 %" or u=0.02'
    size, unit = figure_of(u, f"u of {where}", form=form, zero=True)
    scale = factor_between(unit, shown.unit, f"u of {where}", "scatter_in_another_unit") if unit else 0.0
    numbers = [value for value in shown.values if not isinstance(value, Distribution)]
    if len(numbers) < len(shown.values):
        raise DomainError.of("scatter_of_a_distribution", where)
    return tuple(size * (scale or abs(value)) for value in numbers)


def below_zero(value: Distribution | float, drawn: Distribution | float, down: float, normal: bool) -> str:
    """How low a value shown is drawn, with an offset that reaches `down`, where that is below 0; else nothing.

    A value below 0 is left to the field that takes it (Q4).
    """
    low, mean = (drawn.reach[0], drawn.mean) if isinstance(drawn, Distribution) else (drawn, drawn)
    both = normal and isinstance(drawn, Normal)
    low = mean - math.hypot(mean - low, down) if both else low + down
    known = not isinstance(value, Distribution) and value < 0
    return f"{value} reaches down to {low:g}" if low < 0 and not known else ""


def in_words(unit: str) -> str:
    """A unit with its boundary in words."""
    return unit.replace("at_", "at the ")
