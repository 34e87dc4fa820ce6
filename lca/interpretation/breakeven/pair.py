"""The two totals of a break-even, over the labels of alternatives, as one program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...checks import Array
from ...errors import DomainError, LabelError, MissingError
from ...graph.correlated import groups_of
from ...graph.labels import Dims, Label
from ...graph.node import Node
from ...graph.program import Program, compile_program
from ...study.assembly import Model
from ...study.side_by_side import chosen_labels, common_correlations, select_labels
from ...units.registry import Unit
from ..draws import held_keys
from ..result import output_named
from .along import Along, Which, rows_over
from .axis import Axis
from .crossings import Signs, beside, crossings, gap, on_a_line, places_between

#: Signs, and totals, that are looked at together, which bounds memory.
_BLOCK, MOST = 1 << 24, 1 << 17
_NOMINAL_POINTS = 1_000


@dataclass(frozen=True)
class Found:
    """Crossings (rows, draws, crossings), in root units, and which is lower below the first of them.

    `below` is -1 where the first study is lower, 1 where the other is, 0 where they are equal throughout; `count` is
    what the first provides at the first crossing.
    """

    crossings: Array
    below: Signs
    count: Array


@dataclass(frozen=True, eq=False)
class Pair:
    """Two totals "one" and "other" as a program, with what the first provides ("count"), where that is known."""

    names: tuple[str, str]
    program: Program
    dims: Dims
    unit: Unit
    held: frozenset[str]
    seed: int

    @classmethod
    def of(cls, names: tuple[str, str], models: tuple[Model, Model], seed: int) -> Pair:
        """The totals of two models, which share their random numbers. Raises where their units or labels differ."""
        one, other = (_total(model) for model in models)
        dims = (one - other).dims
        count = models[0].outputs.get("functional_unit")
        program = compile_program({"one": one, "other": other} | ({} if count is None else {"count": count}))
        stated = common_correlations(
            {(name, n): model for n, (name, model) in enumerate(zip(names, models, strict=True))}
        )
        program = replace(program, correlated=groups_of(stated, program.drawn))
        return cls(names, program, dims, one.unit, frozenset(held_keys(program, ())), seed)

    @property
    def rows(self) -> int:
        """How many combinations of labels there are."""
        return int(np.prod([len(dim) for dim in self.dims], dtype=int))

    def along(self, axes: Sequence[Axis], draws: int | None, first: int = 0) -> Along:
        """The totals along parameters, over some draws or at nominal values."""
        return Along.of(self.program, [axis.keys for axis in axes], self.held, draws, seed=self.seed, first=first)

    def totals(self, found: dict[str, Array], count: int) -> tuple[Array, Array]:
        """Both totals (rows, n), in root units."""
        return tuple(self._rows(name, found, count) for name in ("one", "other"))  # type: ignore[return-value]

    def gap(self, along: Along, *xs: Array, which: Which | None = None) -> Array:
        """The first total less the second, (rows, n)."""
        return gap(*self.totals(along(*xs, which=which), xs[0].size))

    def _rows(self, name: str, found: dict[str, Array], count: int) -> Array:
        return rows_over(found[name], self.program.outputs[name].dims, self.dims, count)

    # --- one parameter --------------------------------------------------------------------------------------

    def nominal(self, axis: Axis, linear: bool, points: int) -> Found:
        """What is found at nominal values, as one draw. Raises where all totals are equal whatever the value."""
        along = self.along([axis], None)
        places = _places(axis, linear, max(points, _NOMINAL_POINTS))
        apart = self.gap(along, places).T[..., None]
        if not apart.any():
            raise DomainError.of("equal_whatever_the_value", "vary", list(self.names))
        return self._found(along, axis, places, apart if linear else None, _signs(apart))

    def drawn(self, axis: Axis, linear: bool, points: int, draws: int) -> Found:
        """What is found in each draw, in blocks of draws."""
        places = _places(axis, linear, points)
        size = max(1, min(_BLOCK // len(places), MOST) // self.rows)
        blocks = [self._block(axis, linear, places, first, min(size, draws - first)) for first in range(0, draws, size)]
        below, count = (np.concatenate([getattr(one, name) for one in blocks], axis=1) for name in ("below", "count"))
        return Found(beside([one.crossings for one in blocks]), below, count)

    def _block(self, axis: Axis, linear: bool, places: Array, first: int, draws: int) -> Found:
        along = self.along([axis], draws, first)
        found = along.repeated(draws)
        apart = (gap(*self.totals(found(x), draws)) for x in places)
        if linear:
            ends = np.stack([*apart])
            return self._found(along, axis, places, ends, _signs(ends))
        signs = np.empty((len(places), self.rows, draws), np.int8)
        for own, one in zip(signs, apart, strict=True):
            own[:] = np.sign(one)
        return self._found(along, axis, places, None, signs)

    def _found(self, along: Along, axis: Axis, places: Array, apart: Array | None, signs: Signs) -> Found:
        """Crossings by the closed form where the differences at both ends are given, else by search."""
        if apart is not None:
            made = on_a_line(axis.low, axis.high, (apart[0], apart[-1]))
        else:
            made = crossings(lambda x, which: self.gap(along, x, which=which), places, signs)
        # two that meet at the lower bound are told apart above it
        below = np.where(signs[0] != 0, signs[0], -signs[-1])
        return Found(made, below, self._count(along, axis, made[..., 0]))

    def _count(self, along: Along, axis: Axis, first: Array) -> Array:
        """What the first provides at a crossing of each row and draw, in the displayed unit; NaN where unknown."""
        counts = np.full(first.shape, np.nan)
        if "count" in self.program.outputs:
            for row, at in enumerate(first):
                which = np.flatnonzero(np.isfinite(at))
                if which.size:
                    made = self._rows("count", along(at[which], which=which), which.size)[row]
                    counts[row, which] = made / self.program.outputs["count"].factor
        return counts


def _places(axis: Axis, linear: bool, points: int) -> Array:
    return np.array([axis.low, axis.high]) if linear else places_between(axis.low, axis.high, points)


def _signs(apart: Array) -> Signs:
    return np.sign(apart).astype(np.int8)


def _total(model: Model) -> Node:
    return model.outputs[output_named(model.outputs, "total")]


def names_of(models: Sequence[Model], places: tuple[str, str] = ("the first", "the second")) -> tuple[str, str]:
    """What two models are called: by their titles, and by their places where these say nothing."""
    titles = _apart(*(model.title if model.stages else "" for model in models))
    if titles[0] == titles[1]:
        titles = [f"{title} ({place})" if title else "" for title, place in zip(titles, places, strict=True)]
    one, other = (title or place for title, place in zip(titles, places, strict=True))
    return one, other


def _apart(one: str, other: str) -> list[str]:
    """Two titles without what they share: of "study (engine=a)" and "study (engine=b)" the labels.

    >>> _apart("robots (engine=a)", "robots (engine=b)"), _apart("old", "old robots")
    (['engine=a', 'engine=b'], ['old', 'old robots'])
    """
    shared, _, label = one.partition(" (")
    if label.endswith(")") and other.startswith(f"{shared} (") and other.endswith(")") and one != other:
        return [label[:-1], other[len(shared) + 2 : -1]]
    return [one, other]


def against_one(model: Model, over: str, against: Label) -> tuple[Model, Model]:
    """(the model over all labels of a dim but one, the model at that one)."""
    dims = {dim.name: dim for dim in _total(model).dims}
    if over not in dims:
        raise MissingError.of("no_alternatives_over", "over", dim=over, dims=", ".join(dims) or "none")
    known = list(dims)
    there = chosen_labels({over: against}, known, model)
    others = tuple(label for label in dims[over].labels if label != there[over])
    if not others:
        raise LabelError.of("nothing_beside_the_label", "against", dim=over, label=str(against))
    return select_labels(model, [(over, others)]), select_labels(model, list(there.items()))
