"""Which rows a run in summary mode keeps statistics of, and which of them are counted.

Rows are of outputs, summed over parts, as they are and per what was asked; and of the differences between alternatives,
paired draw by draw. The reference of each difference is the alternative with the smallest median of the first draws.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from ..checks import Array
from ..graph.program import Output, Program
from ..sampling.multiples import Multiples, multiples_of
from ..sampling.question import Question
from ..sampling.statistics.derived import Apart, Derived, Plain, Ratio, Total, fewer_rows, same_rows
from ..sampling.statistics.histogram import Ints
from ..study.assembly import Model
from .streaming import IN_NO_YEAR, IN_YEARS, NO_ROW, named_row

#: The key of a pair: (the dim of the alternatives, per what).
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Row:
    """A row before the run: what it is of, its dims, and displayed units for one root unit."""

    of: Derived
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    scale: float


@dataclass(frozen=True, eq=False)
class Pair:
    """Alternatives before the run: their row, the axis that they are along, and the places of the references."""

    row: Row
    axis: int
    reference: Ints

    @classmethod
    def of(cls, row: Row, over: str, first: Mapping[str, Array]) -> Pair:
        """The reference is the smallest by its median in the first draws."""
        axis = row.dims.index(over)
        medians = np.median(row.of.values(first), axis=-1)
        return cls(row, axis, np.expand_dims(medians.argmin(axis=axis), axis))

    @property
    def apart(self) -> dict[str, Row]:
        """The rows of the differences and of the multiples."""
        made = {word: Apart(self.row.of, self.axis, self.reference, word == "ratio") for word in ("excess", "ratio")}
        return {
            word: replace(self.row, of=of, scale=1.0 if of.multiple else self.row.scale) for word, of in made.items()
        }


class Layout:
    """The rows of a run by name, the pairs by (dim, per what), and of which rows others are fixed multiples.

    `per` names, for each thing that one may divide by, the output and how much of it makes one. Alternatives over the
    dims `over` are compared.
    """

    def __init__(
        self, model: Model, question: Question, *, per: Mapping[str, tuple[str, float]], over: Sequence[str]
    ) -> None:
        self.model, self.per = model, per
        self.known = frozenset(question.plan.known)
        self.rows = self.at(question.program) if question.plan.varying else {}
        names = {(dim, each): named_row("total", each) for dim in over for each in ("total", *per)}
        self.pairs = {key: name for key, name in names.items() if name in self.rows and key[0] in self.rows[name].dims}
        multiples = multiples_of(question.plan) if question.plan.varying else {}
        whole = set(self.pairs.values())
        found = {name: fewer_rows(row.of, multiples) for name, row in self.rows.items() if name not in whole}
        self.few: dict[str, tuple[Derived, Multiples]] = {name: one for name, one in found.items() if one is not None}

    def at(self, program: Program) -> dict[str, Row]:
        """The rows of the program, or of some labels of it."""
        return dict(_rows(self.model, program, self.per, self.known))

    def counted_of(self, name: str, row: Row) -> Derived:
        """What is counted of a row on some labels: those of which the others are multiples, or all."""
        chosen = self.few.get(name)
        return row.of if chosen is None else same_rows(chosen[0], row.of, self.counted_shape(name, row.shape))

    def counted_shape(self, name: str, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of those rows that are counted, of a row on some labels of that shape."""
        axes = self.few[name][1].axes if name in self.few else frozenset()
        return tuple(1 if axis in axes else length for axis, length in enumerate(shape))

    def splits(self, name: str, dim: str) -> int | None:
        """The axis of a dim of which each label is counted; None where a row lacks it or one label stands for all."""
        row = self.rows[name]
        axis = row.dims.index(dim) if dim in row.dims else -1
        return None if axis < 0 or (name in self.few and axis in self.few[name][1].axes) else axis

    @property
    def counted(self) -> int:
        """Of how many numbers statistics are kept: those of rows, and two for each that is paired."""
        sizes = {name: math.prod(self.counted_shape(name, row.shape)) for name, row in self.rows.items()}
        return sum(sizes.values()) + 2 * sum(sizes[name] for name in self.pairs.values())


def _rows(
    model: Model, program: Program, per: Mapping[str, tuple[str, float]], known: Collection[str]
) -> Iterator[tuple[str, Row]]:
    """The rows of every summary that may be asked for: what varies, by "output" or "output per something"."""
    outputs = program.outputs
    for name, (row, fixed) in _plain_rows(model, outputs, known):
        if not fixed:
            yield name, row
        for each, (below, size) in per.items():
            if name != below and below not in known:
                yield named_row(name, each), _ratio(row, below, outputs[below], size)


def _plain_rows(
    model: Model, outputs: Mapping[str, Output], known: Collection[str]
) -> Iterator[tuple[str, tuple[Row, bool]]]:
    """Each output with its parts summed, and the sums of the details by year; and whether no draw changes it."""
    for name, output in outputs.items():
        if not (model.stages and name.startswith(NO_ROW)):
            yield name, (_summed([(name, output)], model.summed), name in known)
    details = [(name, outputs[name]) for name in model.details if name in outputs]
    dated = [(name, output) for name, output in details if "year" in {dim.name for dim in output.dims}]
    undated = [one for one in details if one not in dated]
    if dated:
        yield IN_YEARS, (_summed(dated, model.summed - {"year"}), False)
    if dated and undated:
        yield IN_NO_YEAR, (_summed(undated, model.summed), False)


def _summed(several: Sequence[tuple[str, Output]], summed: Collection[str]) -> Row:
    """The sum of some outputs, with their parts summed."""
    dims = {dim.name: len(dim) for _, output in several for dim in output.dims if dim.name not in summed}
    ordered = tuple(sorted(dims))
    terms = []
    for name, output in several:
        own = [dim.name for dim in output.dims]
        axes = tuple(axis for axis, dim in enumerate(own) if dim in summed)
        terms.append((name, axes, tuple(dims[dim] if dim in own else 1 for dim in ordered)))
    plain = len(terms) == 1 and not terms[0][1]
    shape = tuple(dims[dim] for dim in ordered)
    return Row(Plain(terms[0][0]) if plain else Total(tuple(terms)), ordered, shape, 1.0 / several[0][1].factor)


def _ratio(row: Row, below: str, output: Output, size: float) -> Row:
    """A row per an output, which varies over alternatives alone."""
    sizes = dict(zip(row.dims, row.shape, strict=True)) | {dim.name: len(dim) for dim in output.dims}
    dims = tuple(sorted(sizes))
    own = (row.dims, tuple(dim.name for dim in output.dims))
    above, under = (tuple(sizes[dim] if dim in one else 1 for dim in dims) for one in own)
    shape = tuple(sizes[dim] for dim in dims)
    return Row(Ratio(row.of, below, (above, under)), dims, shape, row.scale * output.factor * size)
