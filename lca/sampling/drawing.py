"""The drawing of all parameters of a step: few calls over many streams at once, in scratch space of a fixed size.

Every row of a parameter is location + scale x a standard draw, and a standard draw is a shape read at the numbers of
one stream. Rows that share both share the standard draw. Standard draws with a table stand side by side, as do the
rows that they become, so that one call makes as many of them as the scratch space holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import Array
from ..distributions.shapes import Shape
from ..graph.program import Leaf, Stream
from .design import Column, Design
from .quantile import Quantile, Tables
from .stream import Numbers

#: Numbers that are drawn at once, at most, in one thread and in each of several: few calls, and scratch space that
#: stays near the processor; threads wait less for each other in longer calls.
_BATCH, _BATCH_OF_THREADS = 1 << 17, 1 << 18


@dataclass(frozen=True)
class Standard:
    """A standard draw: a column of the design, and the shape that it passes through."""

    column: Column
    shape: Shape


@dataclass(frozen=True)
class Run:
    """Standard draws that become as many rows, in order; either all have tables, or all are direct and of one class."""

    first: int  # of the standard draws
    row: int  # the row that the first one becomes
    count: int
    direct: type[Shape] | None


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is drawn, row by row, and how each row comes about. It is only read."""

    standards: tuple[Standard, ...]
    runs: tuple[Run, ...]
    repeats: Mapping[int, Sequence[int]]  # standard draw -> further rows that it becomes
    still: Sequence[int]  # rows without spread
    location: Array  # (rows, 1)
    scale: Array  # (rows, 1)
    rows: Mapping[int, slice]  # the rows of a leaf, by its position among the leaves of the program
    tables: Tables
    offsets: Numbers  # (standard draws, 1): what a table adds to the bits of a number


def drawing_of(leaves: Sequence[Leaf], streams: Sequence[Stream], drawn: Sequence[int]) -> Drawing:
    """The drawing of some leaves of a program, by their positions."""
    order = sorted(drawn, key=lambda position: (_class_of(leaves[position]), position))
    standards: dict[Standard, int] = {}
    made_by: list[int] = []  # per row, -1 if it has no spread
    rows: dict[int, slice] = {}
    for position in order:
        first = len(made_by)
        for one in standards_of(leaves[position], streams):
            made_by.append(-1 if one is None else standards.setdefault(one, len(standards)))
        rows[position] = slice(first, len(made_by))
    given = [leaves[position].parameter.rows for position in order]
    location, scale = (
        np.concatenate([*(getattr(one, name) for one in given), np.empty(0)])[:, None] for name in ("location", "scale")
    )
    runs, repeats = _runs(list(standards), made_by)
    still = [row for row, standard in enumerate(made_by) if standard < 0]
    tables, offsets = _tables(list(standards))
    return Drawing(tuple(standards), runs, repeats, still, location, scale, rows, tables, offsets)


def _class_of(leaf: Leaf) -> str:
    """The class of the shapes of a leaf if it is direct, so that such leaves stand side by side."""
    first = leaf.parameter.rows.shapes[0]
    return type(first).__name__ if first.direct else ""


def standards_of(leaf: Leaf, streams: Sequence[Stream]) -> list[Standard | None]:
    """The standard draw of each row of a leaf; None without spread."""
    stream, rows = streams[leaf.stream], leaf.parameter.rows
    return [
        None if shape < 0 else Standard((stream.key, stream.labels[own]), rows.shapes[shape])
        for shape, own in zip(rows.shape_of, rows.own_of, strict=True)
    ]


def _runs(standards: Sequence[Standard], made_by: Sequence[int]) -> tuple[tuple[Run, ...], dict[int, list[int]]]:
    """The longest runs of standard draws and rows that follow each other, and the rows that repeat a draw."""
    runs: list[Run] = []
    repeats: dict[int, list[int]] = {}
    for row, standard in enumerate(made_by):
        last = runs[-1] if runs else Run(0, 0, 0, None)
        if standard < 0:
            continue
        if standard < last.first + last.count:
            repeats.setdefault(standard, []).append(row)
            continue
        shape = standards[standard].shape
        direct = type(shape) if shape.direct else None
        if last.count and last.row + last.count == row and last.direct == direct:
            runs[-1] = Run(last.first, last.row, last.count + 1, direct)
        else:
            runs.append(Run(standard, row, 1, direct))
    return tuple(runs), repeats


def _tables(standards: Sequence[Standard]) -> tuple[Tables, Numbers]:
    """One table for each shape that needs one, and its place for each standard draw; 0 for the others."""
    shapes = list(dict.fromkeys(one.shape for one in standards if not one.shape.direct))
    tables = Tables(shapes)
    place = dict(zip(shapes, tables.offsets.tolist(), strict=True))
    offsets = np.array([place.get(one.shape, 0) for one in standards], dtype=np.uint32)
    return tables, offsets[:, None]


@dataclass(frozen=True)
class _Fill:
    """Some standard draws of a run, in some draws of a step, and the rows that they become."""

    standards: slice
    window: slice
    out: Array
    direct: Sequence[Shape]  # none where they have tables
    offsets: Numbers
    places: Sequence[_Place]  # those of rows that repeat a draw first


@dataclass(frozen=True)
class _Place:
    """Rows to be made from standard draws."""

    standard: Array
    out: Array
    scale: Array
    location: Array | None  # where it is not 0


class Drawer:
    """The draws of one thread: memory for all rows of a step, and scratch space."""

    def __init__(
        self, drawing: Drawing, design: Design, longest: int, threads: int = 1, rows: Array | None = None
    ) -> None:
        self._drawing, self._batch = drawing, _BATCH if threads == 1 else _BATCH_OF_THREADS
        self._reader = design.reader([standard.column for standard in drawing.standards])
        self._quantile = Quantile(self._batch)
        self._values = np.empty((len(drawing.location), longest)) if rows is None else rows
        self._count, self._fills = 0, list[_Fill]()

    def draw(self, start: int, stop: int) -> Mapping[int, Array]:
        """Draws start to stop of each leaf by its position, (rows, stop - start); valid until the next call."""
        count = stop - start
        if count != self._count:
            self._count, self._fills = count, list(self._laid(count))
        for row in self._drawing.still:  # whose memory others may have used
            self._values[row, :count] = self._drawing.location[row]
        for fill in self._fills:
            self._fill(fill, start)
        return {position: self._values[rows, :count] for position, rows in self._drawing.rows.items()}

    def _laid(self, count: int) -> Iterator[_Fill]:
        """What is done for a step of so many draws: steps of one length repeat it in the same memory."""
        batch = self._batch
        for run in self._drawing.runs:
            together = max(1, min(batch // count, run.count))
            for first in range(0, run.count, together):
                for at in range(0, count, batch):
                    window = slice(at, min(at + batch, count))
                    yield self._laid_fill(run, first, min(first + together, run.count), window)

    def _laid_fill(self, run: Run, first: int, last: int, window: slice) -> _Fill:
        drawing = self._drawing
        standards = slice(run.first + first, run.first + last)
        rows = slice(run.row + first, run.row + last)
        out = self._values[rows, window]
        direct = [standard.shape for standard in drawing.standards[standards]] if run.direct else []
        repeats = [
            self._place(out[standard - standards.start], self._values[row, window], row)
            for standard in range(standards.start, standards.stop)
            for row in drawing.repeats.get(standard, ())
        ]
        places = [*repeats, self._place(out, out, rows)]
        return _Fill(standards, window, out, direct, drawing.offsets[standards], places)

    def _place(self, standard: Array, out: Array, row: int | slice) -> _Place:
        location = self._drawing.location[row]
        return _Place(standard, out, self._drawing.scale[row], location if location.any() else None)

    def _fill(self, fill: _Fill, start: int) -> None:
        numbers = self._reader.read(fill.standards, start + fill.window.start, start + fill.window.stop)
        if fill.direct:
            type(fill.direct[0]).fill(fill.direct, self._quantile.uniforms(numbers), fill.out)
        else:
            self._quantile.tabulated(self._drawing.tables, fill.offsets, numbers, fill.out)
        for place in fill.places:
            np.multiply(place.standard, place.scale, out=place.out)
            if place.location is not None:
                np.add(place.out, place.location, out=place.out)
