"""What plain data of a file have to be: kinds of values by name, compared before anything is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

#: A type; several, of which one fits; [shape] of each of a list; {str: shape} of each value of a mapping.
Shape: TypeAlias = "type | tuple[Shape, ...] | list[Shape] | dict[type, Shape] | None"


def require(stored: object, shapes: Mapping[str, Shape]) -> None:
    """Raise `TypeError` for the first value that is not what its name has to be.

    >>> require({"draws": 10, "mixed": []}, {"draws": int, "mixed": [str]})
    >>> require({"draws": "10"}, {"draws": int})
    Traceback (most recent call last):
    TypeError: draws is '10'
    """
    if not isinstance(stored, Mapping):
        raise TypeError(f"{type(stored).__name__} in place of names with values")
    for name, shape in shapes.items():
        if not _fits(stored[name], shape):
            raise TypeError(f"{name} is {stored[name]!r:.60}")


def _fits(value: object, shape: Shape) -> bool:
    if isinstance(shape, tuple):
        return any(_fits(value, one) for one in shape)
    if isinstance(shape, list):
        return isinstance(value, list | tuple) and all(_fits(one, shape[0]) for one in value)
    if isinstance(shape, dict):
        inner = shape[str]
        return isinstance(value, Mapping) and all(isinstance(key, str) and _fits(value[key], inner) for key in value)
    if shape is None:
        return value is None
    if shape is float:
        return isinstance(value, float | int) and not isinstance(value, bool)
    return isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
