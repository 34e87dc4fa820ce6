"""The values of a question by the interpreter of element operations (extra `fast`): the work of one thread."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from . import numba_kernel
from .correlated import Correlated
from .design import RandomDesign, Reader
from .evaluator import NumpyEvaluator, Values
from .question import Question
from .stream import Words, stream_keys


class NumbaEvaluator:
    """Element operations on blocks of draws, into rows that are used again; the bits of `NumpyEvaluator` (U7)."""

    def __init__(self, question: Question) -> None:
        self._question, code = question, question.code
        longest = min(question.plan.step_draws, question.draws)
        tables = question.plan.drawing.tables.coefficients
        keys, places, self._reader = _random(question)
        self._program = (code.lines, code.constants, tables, code.lists, code.spans, keys, places)
        self._numbers = np.empty((int(places.max(initial=-1)) + 1, longest), np.uint32)
        self._given = np.empty((len(code.given), longest))
        self._rows = np.empty((code.rows, numba_kernel.BLOCK))
        self._outputs = np.empty((sum(map(math.prod, code.outputs.values())), longest))

    def step(self, start: int, stop: int) -> Values:
        """The values of draws start to stop; guards and finite results are looked after on the way (Q6)."""
        count = stop - start
        assert count <= self._outputs.shape[1]  # what is compiled checks no bounds
        self._read(start, stop)
        beyond = numba_kernel.run(*self._program, self._numbers, self._given, start, count, self._rows, self._outputs)
        if beyond:  # a limit or the largest number: what raises says so in its words
            NumpyEvaluator(self._question).step(start, stop)
        made, row = {}, 0
        for name, shape in self._question.code.outputs.items():
            size = math.prod(shape)
            made[name] = self._outputs[row : row + size, :count].reshape(*shape, count)
            row += size
        return made

    def _read(self, start: int, stop: int) -> None:
        """What a block does not make itself: numbers of a design, and rows that a run was given."""
        if self._reader:
            self._numbers[:, : stop - start] = self._reader.read(slice(None), start, stop)
        origin = self._question.start
        for row, (key, place) in enumerate(self._question.code.given):
            values = self._question.plan.overrides[key]
            rows = values.reshape(-1, values.shape[-1])
            self._given[row, : stop - start] = rows[place, start - origin : stop - origin]


def _random(question: Question) -> tuple[Words, npt.NDArray[np.int64], Reader | None]:
    """Where columns come from: streams that the blocks make themselves, or places among numbers that are read."""
    columns, points = [standard.column for standard in question.plan.drawing.standards], question.points
    own = points.first if isinstance(points, Correlated) else points
    if isinstance(own, RandomDesign):
        read = [column for column in columns if isinstance(points, Correlated) and column in points.terms]
        keys = stream_keys(own.seed, columns)
    else:
        read, keys = columns, np.zeros((len(columns), 2), np.uint64)
    place = {column: at for at, column in enumerate(read)}
    places = np.array([place.get(column, -1) for column in columns], np.int64)
    return keys, places, points.reader(read) if points and read else None
