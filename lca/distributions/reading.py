"""Reads the arguments of distributions: numbers in one unit, from texts, numbers and quantities."""

from __future__ import annotations

import reprlib

import numpy as np

from ..checks import finite_number
from ..errors import LabelError, ParseError, UnitError
from ..units.parse import from_pint, parse_unit
from ..units.quantity_text import parse_quantity
from ..units.registry import is_pint
from ..units.text import unit_text


def read_arguments(function: str, **arguments: object) -> tuple[tuple[float, ...], str]:
    """(numbers, unit text) of arguments that have one kind of unit: the text is that of the first."""
    values: list[float] = []
    unit: str | None = None
    for name, given in arguments.items():
        where = f"{function}({name}=)"
        value, own = read_scalar(given, where)
        unit = own if unit is None else unit
        values.append(_converted(value, own, unit, where, function))
    return tuple(values), unit or ""


def read_bound(function: str, name: str, given: object, unit: str) -> float:
    """The number of an argument in a unit that is known."""
    where = f"{function}({name}=)"
    return _converted(*read_scalar(given, where), unit, where, function)


def _converted(value: float, own: str, unit: str, where: str, function: str) -> float:
    (factor, root), (first_factor, first_root) = parse_unit(own), parse_unit(unit)
    if root != first_root:
        sides = [unit_text(first_root), unit_text(root)]
        raise UnitError.of("arguments_of_different_units", where, sides, function=function)
    return value if own == unit else value * factor / first_factor


def read_scalar(given: object, where: str) -> tuple[float, str]:
    """(number, unit text) of a text, a number or a scalar pint quantity."""
    if isinstance(given, str):
        parsed = parse_quantity(given, where)
        if parsed.half_width is not None:
            raise ParseError.of("plus_minus_in_an_argument", where)
        return parsed.value, parsed.unit
    unit = ""
    if is_pint(given):
        given, unit = from_pint(given, where)
    if isinstance(given, (list, tuple, set, frozenset, range)) or (isinstance(given, np.ndarray) and given.ndim):
        raise LabelError.of("several_numbers_without_labels", where, shown=reprlib.repr(given))
    return finite_number(given, where, form=getattr(given, "_as_value", 'write "147 W"')), unit
