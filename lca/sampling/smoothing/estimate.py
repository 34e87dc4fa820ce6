"""Replicated points of a program, with a parameter of each number integrated out where the structure allows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...checks import Array
from ...distributions.base import Distribution
from ...graph.leaf import Parameter
from ...graph.program import Output, Program
from ..correlated import columns_of
from ..run import progress_bar
from .affine import affine
from .mixture import Estimate, Mixture
from .points import REPLICATES, Points, PointSet, swings
from .rows import Row, affine_in_all, by_importance, moved_together, rows_of
from .setting import Setting

#: Points to begin with: as many as the questions need whose error is not stated.
FIRST = 4096
#: Bytes that the numbers and the values of one evaluation may take.
_STEP_BYTES = 1 << 26


class Smoothed:
    """Points so far, and what they say of each row.

    Parameters
    ----------
    setting : Setting
        The program; its outputs are kept at every point.
    names : sequence of str
        The outputs whose numbers are rows.
    asked : collection of str
        Those of them for which an error is asked: what moves these comes first.
    """

    first = FIRST

    def __init__(self, setting: Setting, names: Sequence[str], asked: Collection[str]) -> None:
        self._setting, self._progress, program = replace(setting, progress=False), setting.progress, setting.program
        wanted = program.of(*names)
        columns = columns_of(program, setting.keys)
        moved = swings(setting, wanted, columns)
        proven = affine(wanted, [key for key in setting.keys if key in wanted.keys])
        self.rows = rows_of(proven, moved, columns)
        self.evaluations = 1 + 2 * len(columns)
        self._points = Points(by_importance(columns, self.rows, moved, asked), setting.seed)
        self._base = _Part.of(program, program.outputs, self.rows)
        self._parts = [
            _Part.of(program, {row.output for row in rows}, rows, group)
            for group in moved_together(self.rows, proven)
            if (rows := [row for row in self.rows if row.key in group])
        ]
        self._averaged, fitting = affine_in_all(proven, self.rows, asked)
        self._means = _Part.of(at_means(program, self._averaged), {row.output for row in fitting}, [])
        self._mean: dict[Row, list[Array]] = {row: [] for row in fitting}
        self._mixtures: dict[Row, tuple[int, Mixture]] = {}
        self._kept: list[Mapping[str, Array]] = []
        self._a: dict[Row, list[Array]] = {row: [] for row in self.rows}
        self._b: dict[Row, list[Array]] = {row: [] for row in self.rows if row.z}
        elements = sum(int(np.prod(program.instructions[o.value].shape)) for o in program.outputs.values())
        most = _STEP_BYTES // (8 * REPLICATES * (len(columns) + elements + 1))
        self._step = 1 << max(5, most.bit_length() - 1)

    @property
    def points(self) -> int:
        """How many points there are, of all replicates."""
        return REPLICATES * self._points.count

    def more(self, points: int) -> None:
        """Evaluate up to so many points, a power of two."""
        with progress_bar(points, self.points, self._progress, "point") as counted:
            while (left := points - self.points) > 0:
                step = min(left // REPLICATES, self._step)
                self._take(self._points.more(step))
                counted(REPLICATES * step)

    def next(self, ratio: float) -> int:
        """How many points to go on to, where the error is `ratio` times as large as it may be: twice as many."""
        return 2 * self.points

    def statistic(self, row: Row, name: str) -> Estimate:
        """A statistic of a row, from all points so far."""
        if self._mixtures.get(row, (0, None))[0] != self.points:
            self._mixtures[row] = self.points, self._mixture(row)
        return self._mixtures[row][1].statistic(name)

    def _take(self, points: PointSet) -> None:
        values = self._run(self._base, points)
        self._kept.append({name: values[name] for name in self._base.names})
        for row in self.rows:
            if row.z is None:
                self._a[row].append(self._of(row, values))
        for part in self._parts:
            there = self._run(part, points.moved(part.moved))
            for row in part.rows:
                assert row.z is not None
                y_0, y_1 = (self._of(row, at) for at in (values, there))
                z_0, z_1 = (self._z(row, at) for at in (values, there))
                slope = (y_1 - y_0) / (z_1 - z_0)
                self._a[row].append(y_0 - slope * z_0)
                self._b[row].append(slope)
        if self._mean:
            averages = self._run(self._means, points, self._averaged)
            for row, found in self._mean.items():
                found.append(self._of(row, averages))

    def _run(self, part: _Part, points: PointSet, averaged: Collection[str] = ()) -> Mapping[str, Array]:
        self.evaluations += points.draws
        return self._setting.evaluate(part.program, points.draws, points, held=averaged)

    @staticmethod
    def _of(row: Row, values: Mapping[str, Array]) -> Array:
        return values[row.output][row.index].reshape(REPLICATES, -1)

    @staticmethod
    def _z(row: Row, values: Mapping[str, Array]) -> Array:
        assert row.z is not None
        drawn = values[_drawn(row.z.position)]
        return row.z.of(drawn.reshape(-1, drawn.shape[-1])).reshape(REPLICATES, -1)

    def _mixture(self, row: Row) -> Mixture:
        a, b, means = (
            np.concatenate(found[row], axis=1) if row in found else None for found in (self._a, self._b, self._mean)
        )
        assert a is not None
        return Mixture(a, b, row.z, means)

    def values(self) -> dict[str, Array]:
        """Every output at every point: draws of equal weight, (labels..., points)."""
        return {name: np.concatenate([kept[name] for kept in self._kept], axis=-1) for name in self._base.names}


@dataclass(frozen=True)
class _Part:
    """Outputs that are evaluated together, with the drawn values of the parameters that are integrated out."""

    program: Program
    names: tuple[str, ...]
    rows: Sequence[Row]
    moved: frozenset[str]

    @classmethod
    def of(
        cls, program: Program, names: Collection[str], rows: Sequence[Row], moved: frozenset[str] = frozenset()
    ) -> _Part:
        """Some outputs of a program, with its checks where no key is moved."""
        kept = {name: output for name, output in program.outputs.items() if name in names}
        drawn = {_drawn(row.z.position): Output(row.z.position, (), "", 1.0) for row in rows if row.z}
        own = replace(program, outputs=kept | drawn, checks=() if moved else program.checks)
        return cls(own, tuple(kept), rows, moved)


def at_means(program: Program, keys: Collection[str]) -> Program:
    """The program with the means of some parameters in place of their nominal values, without checks."""
    leaves = [
        replace(leaf, nominal=np.reshape(_means(leaf.parameter), leaf.nominal.shape)) if leaf.key in keys else leaf
        for leaf in program.leaves
    ]
    return replace(program, leaves=tuple(leaves), checks=())


def _means(parameter: Parameter) -> list[float]:
    means = [value.mean if isinstance(value, Distribution) else value for value in parameter.values]
    return [mean * parameter.scale for mean in means]


def _drawn(position: int) -> str:
    """The name of the drawn values of a parameter among the outputs; no output of a user has it."""
    return f"\n{position}"
