"""Sums of terms, each on its own dims: a term that lacks a dim of parts counts once in a sum over it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from .values import AXES, PARTS

Terms = list[np.ndarray]
_PARTS = tuple(AXES.index(dim) for dim in PARTS)
_YEAR = AXES.index("year")


class Refused(Exception):
    """A spec that the convention refuses."""


def summed(terms: Iterable[np.ndarray], *, years: bool = True) -> np.ndarray:
    """The sum of terms over all parts; over years too, unless they are kept."""
    axes = (*_PARTS, _YEAR) if years else _PARTS
    total: np.ndarray = sum((term.sum(axis=axes, keepdims=True) for term in terms), np.zeros((1,) * len(AXES)))
    return total


def times(terms: Sequence[np.ndarray], factor: np.ndarray, *, what: str = "a factor") -> Terms:
    """Each term times an intensive quantity, which may vary over parts only where the term does."""
    for term in terms:
        if beyond := [AXES[axis] for axis in (*_PARTS, _YEAR) if factor.shape[axis] > 1 and term.shape[axis] == 1]:
            raise Refused(f"{what} varies over {', '.join(beyond)}, and what it multiplies does not")
    return [term * factor for term in terms]


def over_lacking(values: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Values summed over the parts that another lacks: shares of the day of the same devices."""
    return values.sum(axis=tuple(axis for axis in _PARTS if other.shape[axis] == 1), keepdims=True)


def part_shape(values: np.ndarray) -> tuple[int, ...]:
    """How many labels of each dim of parts a term has."""
    return tuple(values.shape[axis] for axis in _PARTS)
