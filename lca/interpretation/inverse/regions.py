"""All values of one or two unknowns for which reports are true: set inversion by intervals.

A box is kept where every report is true everywhere in it, left out where one is true nowhere, and cut in two where
neither is known (SIVIA: Jaulin and Walter 1993, Automatica 29, 1053-1064). What is left out is left out for certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...checks import Array
from ...sampling.intervals import split_at
from .forward import Forward

#: The relative width at which a box is not cut again; the most boxes of one pass, and of a region of two unknowns.
_NARROW, _MOST, _MOST_OF_REGION = 1e-12, 1 << 14, 1 << 16
#: The relative width for a region of two unknowns.
_NARROW_OF_REGION = 1e-3
#: The part of what is kept that may be unknown.
_UNKNOWN = 1e-6

#: An interval in root units.
Piece = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """Values of one unknown: the pieces that each report leaves, and those that all leave together."""

    of_report: tuple[tuple[Piece, ...], ...]
    pieces: tuple[Piece, ...]
    known: bool  # whether all that is kept is known to be true, to the last boxes


def line(forward: Forward, place: int, fixed: Sequence[float]) -> Line:
    """The values of the unknown at a place for which the reports are true; the others have fixed values."""
    one = forward.unknowns[place]
    low, high = np.array([one.low]), np.array([one.high])
    done: list[tuple[Array, Array, Array]] = []
    narrow = _NARROW * max(abs(one.low), abs(one.high)) * 1e-12
    while low.size:
        boxes = [(low, high) if at == place else (np.array([value]),) * 2 for at, value in enumerate(fixed)]
        status = forward.status(boxes)
        wide = high - low > np.maximum(_NARROW * np.maximum(np.abs(low), np.abs(high)), narrow)
        cut = (status == 0).any(axis=0) & wide & (low.size <= _MOST)
        done.append((low[~cut], high[~cut], status[:, ~cut]))
        middle = split_at(low, high)[cut]
        low, high = np.concatenate([low[cut], middle]), np.concatenate([middle, high[cut]])
    low, high, status = (np.concatenate(parts, axis=-1) for parts in zip(*done, strict=True))
    order = np.argsort(low, kind="stable")
    low, high, status = low[order], high[order], status[:, order]
    every = status.min(axis=0)
    unknown = float((high - low)[every == 0].sum())
    kept = _pieces(low, high, every >= 0)
    known = unknown <= _UNKNOWN * sum((end - start for start, end in kept), 0.0) or all(
        end - start <= 1e-9 * abs(end) for start, end in kept
    )
    return Line(tuple(_pieces(low, high, row >= 0) for row in status), kept, known)


def _pieces(low: Array, high: Array, kept: Array) -> tuple[Piece, ...]:
    """The boxes that are kept, those that touch as one piece."""
    found: list[list[float]] = []
    for start, end in zip(low[kept].tolist(), high[kept].tolist(), strict=True):
        if found and start <= found[-1][1]:
            found[-1][1] = end
        else:
            found.append([start, end])
    return tuple((start, end) for start, end in found)


@dataclass(frozen=True)
class Region:
    """Values of two unknowns: boxes (boxes, 2) of their lower and upper ends, and which of them hold for certain."""

    low: Array
    high: Array
    certain: Array

    def between(self, place: int) -> Piece:
        """The smallest and largest value of one unknown."""
        return float(self.low[:, place].min()), float(self.high[:, place].max())

    def ratio(self) -> Piece:
        """The smallest and largest ratio of the first to the second, where neither is below 0."""
        with np.errstate(divide="ignore"):
            return float((self.low[:, 0] / self.high[:, 1]).min()), float((self.high[:, 0] / self.low[:, 1]).max())

    def product(self) -> Piece:
        """The smallest and largest product, where neither is below 0."""
        return float(self.low.prod(axis=1).min()), float(self.high.prod(axis=1).max())


def region(forward: Forward, places: tuple[int, int], fixed: Sequence[float]) -> Region:
    """The values of two unknowns for which all reports are true; the others have fixed values."""
    ends = np.array([(forward.unknowns[at].low, forward.unknowns[at].high) for at in places])
    low, high = ends[:, :1].T.copy(), ends[:, 1:].T.copy()  # (boxes, 2)
    kept: list[tuple[Array, Array, Array]] = []
    count = 0
    while len(low):
        boxes = [(np.array([value]),) * 2 for value in fixed]
        for axis, at in enumerate(places):
            boxes[at] = (low[:, axis], high[:, axis])
        status = forward.status(boxes).min(axis=0)
        wide = _widths(low, high, ends)
        cut = (status == 0) & (wide.max(axis=1) > _NARROW_OF_REGION) & (count + len(low) <= _MOST_OF_REGION)
        keep = (status >= 0) & ~cut
        kept.append((low[keep], high[keep], status[keep] > 0))
        count += int(keep.sum())
        low, high = _halves(low[cut], high[cut], wide[cut].argmax(axis=1))
    return Region(*(np.concatenate(parts) for parts in zip(*kept, strict=True)))


def _widths(low: Array, high: Array, ends: Array) -> Array:
    """The width of each box along each unknown: as a logarithm where the range spans several times a value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(low > 0, np.log(high / np.where(low > 0, low, 1.0)), np.inf)
    return np.minimum(ratio, (high - low) / (ends[:, 1] - ends[:, 0]))


def _halves(low: Array, high: Array, axis: Array) -> tuple[Array, Array]:
    """Boxes cut in two along an axis of each."""
    rows = np.arange(len(low))
    middle = split_at(low[rows, axis], high[rows, axis])
    left, right = high.copy(), low.copy()
    left[rows, axis] = right[rows, axis] = middle
    return np.concatenate([low, right]), np.concatenate([left, high])
