"""The drawing of all parameters of a step: few calls over many streams at once, in scratch space of a fixed size.

Every row of a parameter is location + scale x a standard draw, and a standard draw is a shape read at the numbers of
one stream. Rows that share both share the standard draw. Standard draws with a table stand side by side, as do the
rows that they become, so that one call makes as many of them as the scratch space holds.

Many parameters are drawn in groups, each before the first step that reads one of them. So few rows live at one time,
and a step has as many draws as with few parameters.
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

#: Numbers that are drawn at once, at most: few calls, and scratch space that stays near the processor, in each of
#: several threads, too.
_BATCH = 1 << 17
#: Rows from which on a group takes no further parameter.
_GROUP = 128


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


@dataclass(frozen=True)
class Group:
    """Leaves that are drawn together, and how their rows come about."""

    leaves: tuple[int, ...]
    rows: slice
    runs: tuple[Run, ...]
    repeats: Mapping[int, Sequence[int]]  # standard draw -> further rows that it becomes
    still: Sequence[int]  # rows without spread


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is drawn, row by row, group by group. It is only read."""

    standards: tuple[Standard, ...]
    groups: tuple[Group, ...]
    location: Array  # (rows, 1)
    scale: Array  # (rows, 1)
    rows: Mapping[int, slice]  # the rows of a leaf, by its position among the leaves of the program
    tables: Tables
    offsets: Numbers  # (standard draws, 1): what a table adds to the bits of a number


def drawing_of(leaves: Sequence[Leaf], streams: Sequence[Stream], drawn: Sequence[int]) -> Drawing:
    """The drawing of some leaves of a program, by their positions, in the order in which they are read."""
    made = {position: standards_of(leaves[position], streams) for position in drawn}
    standards: list[Standard] = []
    groups: list[Group] = []
    rows: dict[int, slice] = {}
    count = 0
    for together in _grouped(made):
        order = sorted(together, key=lambda position: (_class_of(leaves[position]), position))
        places: dict[Standard, int] = {}
        made_by: list[int] = []  # per row, -1 if it has no spread
        for position in order:
            first = count + len(made_by)
            for one in made[position]:
                made_by.append(-1 if one is None else places.setdefault(one, len(standards) + len(places)))
            rows[position] = slice(first, count + len(made_by))
        standards += places
        groups.append(_group(order, standards, made_by, count))
        count += len(made_by)
    given = [leaves[position].parameter.rows for position in rows]
    location, scale = (
        np.concatenate([*(getattr(one, name) for one in given), np.empty(0)])[:, None] for name in ("location", "scale")
    )
    return Drawing(tuple(standards), tuple(groups), location, scale, rows, *_tables(standards))


def _grouped(made: Mapping[int, Sequence[Standard | None]]) -> list[list[int]]:
    """Leaves in groups, each with their standard draws: in order, but where a leaf shares one with an earlier group."""
    groups: list[list[int]] = []
    size = _GROUP
    group_of: dict[Standard | None, int] = {}
    for position, standards in made.items():
        own = set(standards) - {None}
        at = min((group_of[one] for one in own if one in group_of), default=len(groups) - 1)
        if at == len(groups) - 1:
            if size >= _GROUP:
                groups.append([])
                at, size = at + 1, 0
            size += len(standards)
        groups[at].append(position)
        group_of |= dict.fromkeys(own - group_of.keys(), at)
    return groups


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


def _group(leaves: Sequence[int], standards: Sequence[Standard], made_by: Sequence[int], first: int) -> Group:
    """The longest runs of standard draws and rows that follow each other, from the first row of a group on."""
    runs: list[Run] = []
    repeats: dict[int, list[int]] = {}
    for row, standard in enumerate(made_by, start=first):
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
    still = [row for row, standard in enumerate(made_by, start=first) if standard < 0]
    return Group(tuple(leaves), slice(first, first + len(made_by)), tuple(runs), repeats, still)


def _tables(standards: Sequence[Standard]) -> tuple[Tables, Numbers]:
    """One table for each shape that needs one, and its place for each standard draw; 0 for the others."""
    shapes = list(dict.fromkeys(one.shape for one in standards if not one.shape.direct))
    tables = Tables(shapes)
    place = dict(zip(shapes, tables.offsets.tolist(), strict=True))
    offsets = np.array([place.get(one.shape, 0) for one in standards], dtype=np.uint32)
    return tables, offsets[:, None]


@dataclass(frozen=True)
class _Fill:
    """Some standard draws of a run, and the rows that they become."""

    standards: slice
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
    """The draws of one thread: memory for the rows of each group, (rows, longest), and scratch space."""

    def __init__(self, drawing: Drawing, design: Design, longest: int, rows: Sequence[Array] | None = None) -> None:
        self._drawing = drawing
        self._reader = design.reader([standard.column for standard in drawing.standards])
        self._quantile = Quantile(max(_BATCH, longest))
        if rows is None:
            whole = np.empty((len(drawing.location), longest))
            rows = [whole[group.rows] for group in drawing.groups]
        self._rows = rows
        self._count, self._fills = 0, list[list[_Fill]]()

    def draw(self, start: int, stop: int) -> dict[int, Array]:
        """Draws start to stop of each leaf by its position, (rows, stop - start); valid until the next call."""
        for number in range(len(self._drawing.groups)):
            self.draw_group(number, start, stop)
        return self.values(stop - start)

    def values(self, count: int) -> dict[int, Array]:
        """Where so many draws of each leaf stand when its group was drawn, (rows, count)."""
        values = {}
        for group, rows in zip(self._drawing.groups, self._rows, strict=True):
            for leaf in group.leaves:
                own = self._drawing.rows[leaf]
                values[leaf] = rows[own.start - group.rows.start : own.stop - group.rows.start, :count]
        return values

    def draw_group(self, number: int, start: int, stop: int) -> None:
        """Draws start to stop of the leaves of one group."""
        if stop - start != self._count:
            self._count = stop - start
            self._fills = [
                list(self._laid(group, rows[:, : self._count]))
                for group, rows in zip(self._drawing.groups, self._rows, strict=True)
            ]
        group = self._drawing.groups[number]
        for row in group.still:  # whose memory others may have used
            self._rows[number][row - group.rows.start, : self._count] = self._drawing.location[row]
        for fill in self._fills[number]:
            self._fill(fill, start)

    def _laid(self, group: Group, rows: Array) -> Iterator[_Fill]:
        """What is done for a step of so many draws: steps of one length repeat it in the same memory."""
        for run in group.runs:
            together = max(1, min(_BATCH // rows.shape[1], run.count))
            for first in range(0, run.count, together):
                yield self._laid_fill(group, run, slice(first, min(first + together, run.count)), rows)

    def _laid_fill(self, group: Group, run: Run, some: slice, rows: Array) -> _Fill:
        drawing, first_row = self._drawing, group.rows.start
        standards = slice(run.first + some.start, run.first + some.stop)
        places = slice(run.row + some.start, run.row + some.stop)
        out = rows[places.start - first_row : places.stop - first_row]
        direct = [standard.shape for standard in drawing.standards[standards]] if run.direct else []
        repeats = [
            self._place(out[standard - standards.start], rows[row - first_row], row)
            for standard in range(standards.start, standards.stop)
            for row in group.repeats.get(standard, ())
        ]
        return _Fill(standards, out, direct, drawing.offsets[standards], [*repeats, self._place(out, out, places)])

    def _place(self, standard: Array, out: Array, row: int | slice) -> _Place:
        location = self._drawing.location[row]
        return _Place(standard, out, self._drawing.scale[row], location if location.any() else None)

    def _fill(self, fill: _Fill, start: int) -> None:
        numbers = self._reader.read(fill.standards, start, start + fill.out.shape[1])
        if fill.direct:
            type(fill.direct[0]).fill(fill.direct, self._quantile.uniforms(numbers), fill.out)
        else:
            self._quantile.tabulated(self._drawing.tables, fill.offsets, numbers, fill.out)
        for place in fill.places:
            np.multiply(place.standard, place.scale, out=place.out)
            if place.location is not None:
                np.add(place.out, place.location, out=place.out)
