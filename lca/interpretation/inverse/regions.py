"""All values of one or two unknowns for which reports are true: set inversion by intervals.

A box is kept where every report is true everywhere in it, left out where one is true nowhere, and cut in two where
neither is known (SIVIA: Jaulin and Walter 1993, Automatica 29, 1053-1064). What is left out is left out for certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...checks import Array
from ...sampling.intervals import split_at
from .forward import Forward

#: The relative width at which a box is not cut again; the most boxes of one pass, and of a region of two unknowns.
_NARROW, _MOST, _MOST_OF_REGION = 1e-12, 1 << 14, 1 << 16
#: Cells along each unknown of a region, to narrow it and at last; what is little left out; no range is shorter.
_COARSE, _FINE, _LITTLE, _TINY = 32, 512, 0.8, 1e-300
#: The part of what is kept that may be unknown.
_UNKNOWN = 1e-6

#: An interval in root units.
Piece = tuple[float, float]


@dataclass(frozen=True)
class Span:
    """Values of one unknown: the pieces that each report leaves, and those that all leave together."""

    of_report: tuple[tuple[Piece, ...], ...]
    pieces: tuple[Piece, ...]
    known: bool  # whether all that is kept is known to be true, to the last boxes


def line(forward: Forward, place: int, fixed: Sequence[float]) -> Span:
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
    return Span(tuple(_pieces(low, high, row >= 0) for row in status), kept, known)


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
class Patch:
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


def region(
    forward: Forward, places: tuple[int, int], fixed: Sequence[float], reports: Sequence[int] | None = None
) -> Patch:
    """The values of two unknowns for which all reports, or some of them, are true; the others have fixed values.

    The range is narrowed to what is left of it, until little is left out; then it is cut finely.
    """
    rows = list(range(len(forward.results)) if reports is None else reports)
    ends = np.array([(forward.unknowns[at].low, forward.unknowns[at].high) for at in places])
    shrunk = True
    while shrunk:
        found = _cut(forward, places, fixed, ends, rows, _COARSE)
        if not len(found.low):
            return found
        left = np.array([found.between(at) for at in range(2)])
        shrunk = bool((_extent(left) < _LITTLE * _extent(ends)).any())
        ends = left
    return _cut(forward, places, fixed, ends, rows, _FINE)


def _cut(
    forward: Forward, places: tuple[int, int], fixed: Sequence[float], ends: Array, rows: list[int], cells: int
) -> Patch:
    """What is left of a range (unknowns, 2) that is cut into so many cells along each unknown."""
    low, high = ends[:, :1].T.copy(), ends[:, 1:].T.copy()  # (boxes, unknowns)
    logarithmic = _is_wide(ends)
    kept: list[tuple[Array, Array, Array]] = []
    count = 0
    while len(low):
        boxes = [(np.array([value]),) * 2 for value in fixed]
        for axis, at in enumerate(places):
            boxes[at] = (low[:, axis], high[:, axis])
        status = forward.status(boxes)[rows].min(axis=0)
        sizes = np.stack([low, high], axis=-1)
        shares = np.where(logarithmic, _logs(sizes), sizes[..., 1] - sizes[..., 0]) / np.maximum(_extent(ends), _TINY)
        cut = (status == 0) & (shares.max(axis=1) > 1.5 / cells) & (count + len(low) <= _MOST_OF_REGION)
        keep = (status >= 0) & ~cut
        kept.append((low[keep], high[keep], status[keep] > 0))
        count += int(keep.sum())
        low, high = _halves(low[cut], high[cut], shares[cut].argmax(axis=1))
    return Patch(*(np.concatenate(parts) for parts in zip(*kept, strict=True)))


def _is_wide(ends: Array) -> npt.NDArray[np.bool_]:
    """Of which unknowns the range is measured by ratios: where its ends are multiples of each other."""
    wide: npt.NDArray[np.bool_] = (ends[:, 0] > 0) & (ends[:, 1] > 4 * ends[:, 0])
    return wide


def _extent(ends: Array) -> Array:
    """How long ranges are: by ratios, or by differences."""
    found: Array = np.where(_is_wide(ends), _logs(ends), ends[:, 1] - ends[:, 0])
    return found


def _logs(ends: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(ends[..., 1] / ends[..., 0]))


def _halves(low: Array, high: Array, axis: Array) -> tuple[Array, Array]:
    """Boxes cut in two along an axis of each."""
    rows = np.arange(len(low))
    middle = split_at(low[rows, axis], high[rows, axis])
    left, right = high.copy(), low.copy()
    left[rows, axis] = right[rows, axis] = middle
    return np.concatenate([low, right]), np.concatenate([left, high])
