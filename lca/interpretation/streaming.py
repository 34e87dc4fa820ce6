"""What a run in summary mode keeps: statistics of every row of a summary over all draws, and the first draws.

Rows are of outputs, summed over parts, as they are and per what was asked; and of the differences between alternatives,
paired draw by draw. The reference of each difference is the alternative with the smallest median of the first draws.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..checks import Array
from ..graph.program import Output, Program
from ..sampling.multiples import Multiples, multiples_of
from ..sampling.question import Question
from ..sampling.statistics.derived import Apart, Derived, Plain, Ratio, Total, fewer_rows, first_labels
from ..sampling.statistics.histogram import Ints
from ..sampling.statistics.ranks import Ranking
from ..sampling.statistics.streamed import Asked, KeptStatistics
from ..sampling.statistics.sums import Rows
from ..study.assembly import Model
from .spread import StreamedSpread, taken

#: How many draws are kept beside the statistics, and the bytes that they take at most.
FIRST = 16_384
_FIRST_BYTES = 16 * 2**20
#: Rows of the details: what happens in each year, and what happens in none.
IN_YEARS, IN_NO_YEAR = "in each year", "in no year"
#: Outputs that are divided by, or of energy: no summary of a study has a row of them.
NO_ROW = ("per/", "energy/")


@dataclass(frozen=True, eq=False)
class Paired:
    """Alternatives over a dim, compared draw by draw in all draws.

    `best` and `losses` are over the dims of the spreads; `reference` says, over the other dims, which place the
    alternative has from which the differences and multiples are taken.
    """

    over: str
    excess: StreamedSpread
    ratio: StreamedSpread
    best: Array
    losses: Array
    reference: Ints

    def sel(self, places: Mapping[str, int | list[int]]) -> Paired:
        """The same at places along other dims."""
        others = [dim for dim in self.excess.dims if dim != self.over]
        return replace(
            self,
            excess=self.excess.sel(places),
            ratio=self.ratio.sel(places),
            best=taken(self.best, self.excess.dims, places),
            losses=taken(self.losses, self.excess.dims, places),
            reference=taken(self.reference, others, places),
        )


@dataclass(frozen=True, eq=False)
class Streamed:
    """The statistics that a run kept: spreads by "output" or "output per something", and paired alternatives.

    `fixed` names the outputs that no draw changes: of them every draw says all.
    """

    fixed: frozenset[str]
    per: tuple[str, ...]
    spreads: Mapping[str, StreamedSpread]
    paired: Mapping[tuple[str, str], Paired] = field(default_factory=dict)

    @property
    def way(self) -> str:
        """The argument that makes one."""
        return 'keep="summary"'

    def sel(self, places: Mapping[str, int | list[int]]) -> Streamed:
        """The same at places along dims. Among fewer rivals another may be best: what was paired over them is gone."""
        spreads = {name: one.sel(places) for name, one in self.spreads.items()}
        paired = {key: one.sel(places) for key, one in self.paired.items() if one.over not in places}
        return replace(self, spreads=spreads, paired=paired)


def named_row(name: str, per: str) -> str:
    """What a row is called: an output, as it is or per something."""
    return name if per == "total" else f"{name} per {per}"


def first_draws(elements: int, draws: int) -> int:
    """How many draws are kept beside statistics: a power of two that fits, at most `FIRST`."""
    fitting = max(1024, _FIRST_BYTES // (8 * max(1, elements)))
    return min(FIRST, 1 << (fitting.bit_length() - 1), draws)


@dataclass(frozen=True, eq=False)
class _Row:
    """A row before the run: what it is of, its dims, and displayed units for one root unit."""

    of: Derived
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    scale: float


@dataclass(frozen=True, eq=False)
class _Pair:
    """Alternatives before the run: their row, the axis that they are along, and the places of the references."""

    row: _Row
    axis: int
    reference: Ints

    @classmethod
    def of(cls, row: _Row, over: str, first: Mapping[str, Array]) -> _Pair:
        """The reference is the smallest by its median in the first draws."""
        axis = row.dims.index(over)
        medians = np.median(row.of.values(first), axis=-1)
        return cls(row, axis, np.expand_dims(medians.argmin(axis=axis), axis))

    @property
    def apart(self) -> dict[str, _Row]:
        """The rows of the differences and of the multiples."""
        made = {word: Apart(self.row.of, self.axis, self.reference, word == "ratio") for word in ("excess", "ratio")}
        return {
            word: replace(self.row, of=of, scale=1.0 if of.multiple else self.row.scale) for word, of in made.items()
        }


class Wanted:
    """What statistics a run is to keep, before it runs; and what they are called, when it has.

    `first` has the first draws of every output, in root units. `per` names, for each thing that one may divide by, the
    output and how much of it makes one. Alternatives over the dims `over` are compared. A run that `grows` may go on
    with more draws.
    """

    def __init__(
        self,
        model: Model,
        question: Question,
        first: Mapping[str, Array],
        *,
        per: Mapping[str, tuple[str, float]],
        over: Sequence[str],
        grows: bool = False,
    ) -> None:
        known, self._per = question.plan.known, tuple(per)
        varies = bool(question.plan.varying)
        self._rows = dict(_rows(model, question.program, per, known)) if varies else {}
        names = {(dim, each): named_row("total", each) for dim in over for each in ("total", *per)}
        held = {key: self._rows[name] for key, name in names.items() if name in self._rows}
        self._pairs = {key: _Pair.of(row, key[0], first) for key, row in held.items() if key[0] in row.dims}
        every = self._rows | {
            _joined(key, word): row for key, pair in self._pairs.items() for word, row in pair.apart.items()
        }
        rankings = {_joined(key, ""): Ranking(pair.row.of, pair.axis) for key, pair in self._pairs.items()}
        by_numba = question.evaluated_by == "numba"
        self._few = _fewer(every, [pair.row for pair in self._pairs.values()], question) if varies else {}
        counted = {name: self._few[name][0] if name in self._few else row.of for name, row in every.items()}
        #: The outputs of which the statistics need some labels alone.
        self.few = first_labels([*counted.values(), *(one.of for one in rankings.values())])
        self.asked = Asked(
            {name: Rows.looked_at(of, first, question.draws, grows=grows) for name, of in counted.items()},
            rankings,
            known,
            by_numba,
        )

    def read(self, sink: KeptStatistics) -> Streamed:
        """The statistics of a run that is done."""
        made, ranked = sink.statistics(), sink.ranked()

        def spread(name: str, row: _Row) -> StreamedSpread:
            places, scale = np.arange(math.prod(row.shape)).reshape(row.shape), np.full(row.shape, row.scale)
            if name in self._few:
                known = self._few[name][1]
                places, scale = np.empty_like(places), scale * known.factors
                places[...] = np.arange(places[known.first].size).reshape(places[known.first].shape)
            return StreamedSpread(row.dims, made[name], places, scale)

        paired = {}
        for key, pair in self._pairs.items():
            apart = {word: spread(_joined(key, word), row) for word, row in pair.apart.items()}
            shape = np.moveaxis(apart["excess"].rows, pair.axis, -1).shape
            found = ranked[_joined(key, "")]
            best, losses = (np.moveaxis(one.reshape(shape), -1, pair.axis) for one in (found.best, found.losses))
            first = pair.reference.squeeze(pair.axis)
            paired[key] = Paired(key[0], **apart, best=best, losses=losses * pair.row.scale, reference=first)
        spreads = {name: spread(name, row) for name, row in self._rows.items()}
        return Streamed(frozenset(self.asked.known), self._per, spreads, paired)


def _fewer(rows: Mapping[str, _Row], whole: Sequence[_Row], question: Question) -> dict[str, tuple[Derived, Multiples]]:
    """The rows, by name, of which some labels are multiples of others, but for those that are needed whole."""
    known = multiples_of(question.plan)
    found = {name: fewer_rows(row.of, known) for name, row in rows.items() if row not in whole}
    return {name: one for name, one in found.items() if one is not None}


def _joined(key: tuple[str, str], word: str) -> str:
    return "\n".join((*key, word))  # no name of an output has a line break


def _rows(
    model: Model, program: Program, per: Mapping[str, tuple[str, float]], known: Mapping[str, Array]
) -> Iterator[tuple[str, _Row]]:
    """The rows of every summary that may be asked for: what varies, by "output" or "output per something"."""
    outputs = program.outputs
    for name, (row, fixed) in _plain_rows(model, outputs, known):
        if not fixed:
            yield name, row
        for each, (below, size) in per.items():
            if name != below and below not in known:
                yield named_row(name, each), _ratio(row, below, outputs[below], size)


def _plain_rows(
    model: Model, outputs: Mapping[str, Output], known: Mapping[str, Array]
) -> Iterator[tuple[str, tuple[_Row, bool]]]:
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


def _summed(several: Sequence[tuple[str, Output]], summed: Collection[str]) -> _Row:
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
    return _Row(Plain(terms[0][0]) if plain else Total(tuple(terms)), ordered, shape, 1.0 / several[0][1].factor)


def _ratio(row: _Row, below: str, output: Output, size: float) -> _Row:
    """A row per an output, which varies over alternatives alone."""
    sizes = dict(zip(row.dims, row.shape, strict=True)) | {dim.name: len(dim) for dim in output.dims}
    dims = tuple(sorted(sizes))
    own = (row.dims, tuple(dim.name for dim in output.dims))
    above, under = (tuple(sizes[dim] if dim in one else 1 for dim in dims) for one in own)
    shape = tuple(sizes[dim] for dim in dims)
    return _Row(Ratio(row.of, below, (above, under)), dims, shape, row.scale * output.factor * size)
