"""The points at which a decision is looked at: the totals there, and the values of each parameter."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ...checks import Array
from ...graph.labels import Dims
from ...graph.program import Output, Program, own_labels
from ...sampling.correlated import columns_of
from ...sampling.design import Design, RandomDesign
from ...sampling.evaluate import evaluate
from ...sampling.scrambled import ScrambledPoints
from ...sampling.stream import STREAM_VERSION
from ..draws import held_keys
from ..result import Evaluable, Result
from .regression import PARTS

#: Bytes of the totals, at most; the fewest and the most draws of a result that are taken.
_BYTES = 256 << 20
_FEWEST, _MOST = 2048, 1 << 16


@dataclass(frozen=True, eq=False)
class Points:
    """`count` points of a design, in parts of equal length, for a program of one output."""

    program: Program
    design: Design
    count: int
    held: frozenset[str]
    says: str

    @classmethod
    def of(cls, thing: Evaluable, program: Program, base: int, seed: int, mix: Collection[str]) -> Points:
        """The random draws of a result, else several scramblings of Sobol' points."""
        if isinstance(thing, Result) and not mix and (count := _own_draws(thing, program)):
            held = frozenset(held_keys(program, {*thing.mixed} & {leaf.key for leaf in program.used}))
            return cls(program, RandomDesign(thing.seed or 0), count, held, f"the first {count:,} draws of the result")
        held = frozenset(held_keys(program, mix))
        while base > _FEWEST // PARTS and PARTS * base > _fitting(program):
            base //= 2
        design = ScrambledPoints(columns_of(program, program.keys), base, PARTS, seed, asked="base")
        return cls(program, design, PARTS * base, held, f"{PARTS} scramblings x {base:,} Sobol' points, seed {seed}")

    @property
    def dims(self) -> Dims:
        """The dims of the totals."""
        (output,) = self.program.outputs.values()
        return output.dims

    def totals(self) -> Array:
        """The totals (labels..., points), in the displayed unit."""
        (output,) = self.program.outputs.values()
        return self._values(self.program)[0] / output.factor

    def drawn(self, key: str) -> Mapping[str, Array]:
        """The values of a parameter at the points: of each of its own labels, or of "" alone (U2)."""
        rows = self.rows[key]
        outputs = {f"{position}": Output(position, (), "", 1.0) for position, _ in rows.values()}
        values = dict(zip(outputs, self._values(replace(self.program, outputs=outputs, checks=())), strict=True))
        made = {label: values[f"{place}"].reshape(-1, self.count)[row].copy() for label, (place, row) in rows.items()}
        options = {label: self._thresholds[place] for label, (place, _) in rows.items() if place in self._thresholds}
        return made | {label: np.searchsorted(at, made[label], side="right") * 1.0 for label, at in options.items()}

    @cached_property
    def _thresholds(self) -> Mapping[int, Sequence[float]]:
        """Where the number of a choice between models passes to the next option: the option is what can be known."""
        made = self.program.instructions
        return {one.inputs[0]: one.static["thresholds"] for one in made if one.op == "choice"}

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, tuple[int, int]]]:
        """For each key and own label that is drawn: the position of a value that stands on it, and the row there.

        Rows that share a stream are known together, so the first with a spread stands for them.
        """
        found: dict[str, dict[str, tuple[int, int]]] = {key: {} for key in self.program.keys if key not in self.held}
        (output,) = self.program.outputs.values()
        for position in self.program.needed([output.value]):
            leaf = self.program.instructions[position].leaf
            if leaf < 0 or self.program.leaves[leaf].key not in found:
                continue
            parameter = self.program.leaves[leaf].parameter
            labels = own_labels(parameter)
            for row, (shape, own) in enumerate(zip(parameter.rows.shape_of, parameter.rows.own_of, strict=True)):
                if shape >= 0:
                    found[parameter.key].setdefault(labels[own], (position, row))
        return found

    def _values(self, program: Program) -> list[Array]:
        return list(evaluate(program, draws=self.count, design=self.design, freeze=self.held).values())


def _fitting(program: Program) -> int:
    (output,) = program.outputs.values()
    return _BYTES // (8 * math.prod(len(dim) for dim in output.dims))


def _own_draws(result: Result, program: Program) -> int:
    """How many draws of a result are taken; none of Sobol' points, or of streams that are made otherwise today."""
    alike = result.design == "random" and result.versions.get("stream") == str(STREAM_VERSION)
    count = min(result.draws, _MOST, max(_FEWEST, _fitting(program))) // PARTS * PARTS
    return count if alike and result.seed is not None and result.reached is None and count >= _FEWEST else 0
