"""The values of a question, step by step: the work of one thread, with buffers that are used again.

A second kind of evaluator would have the same face and give the same bits (U7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

import numpy as np

from ..checks import Array
from ..graph.program import Leaf
from .finite import require_finite
from .plan import compute
from .quantile import Quantile
from .question import Question
from .stream import BLOCK

#: Values of some draws by name of output, (labels..., n), in root units.
Values: TypeAlias = Mapping[str, Array]


class Evaluator(Protocol):
    """Values of some draws. One thread has it for itself."""

    def step(self, start: int, stop: int) -> Values:
        """Draws start to stop, at most `plan.step_draws`, of every output that varies; valid until the next call.

        The outputs that no draw changes stand in `question.plan.known`.
        """
        ...


def evaluator_of(question: Question) -> Evaluator:
    """An evaluator for one thread."""
    return NumpyEvaluator(question)


class NumpyEvaluator:
    """Labelled calls of NumPy, an instruction each, into buffers that are used again."""

    def __init__(self, question: Question) -> None:
        self._question, plan = question, question.plan
        program, self._longest = plan.program, min(plan.step_draws, question.draws)
        self._quantile = Quantile(self._longest)
        sizes = [size * self._longest for size in plan.sizes]
        drawn = [program.leaves[program.instructions[p].leaf] for p in plan.steps if program.instructions[p].leaf >= 0]
        self._streams = sorted({leaf.stream for leaf in drawn if leaf.key not in plan.overrides})
        self._window = max(BLOCK, plan.step_draws)  # a block of a stream is filled once
        sizes += [len(program.streams[s].labels) * min(self._window, question.draws) for s in self._streams]
        # one allocation: the system backs a large one with large pages, and touching small ones costs more
        # than computing in them
        spaces = np.split(np.empty(sum(sizes)), np.cumsum(sizes[:-1]))
        self._buffers = {position: spaces[buffer] for position, buffer in plan.buffers.items()}
        rows = (len(program.streams[s].labels) for s in self._streams)
        filled = zip(self._streams, spaces[len(plan.sizes) :], rows, strict=True)
        self._uniforms = {s: space.reshape(count, -1) for s, space, count in filled}
        self._filled = (0, 0)
        self._design = question.design.worker() if question.design else None

    def step(self, start: int, stop: int) -> Values:
        """The values of draws start to stop; guards and finite results are looked after on the way (Q6)."""
        plan, count = self._question.plan, stop - start
        values = dict(plan.fixed)
        self._fill(start, stop)

        def draw(leaf: Leaf, out: Array) -> None:
            if leaf.key in plan.overrides:
                origin = self._question.start
                np.copyto(out, plan.overrides[leaf.key][..., start - origin : stop - origin])
            else:
                at = start - self._filled[0]
                uniforms = self._uniforms[leaf.stream][:, at : at + count]
                self._quantile.fill(leaf, uniforms, out.reshape(-1, count))

        with np.errstate(all="ignore"):
            compute(plan.program, plan.steps, values, draw, count, self._buffers)
            for check in plan.program.checks:
                if check.value not in plan.fixed and not check.guard.at_nominal:
                    check.look(values[check.value], start, draws=True)
            made = {name: values[position] for name, position in plan.varying.items()}
            require_finite(self._question, start, made)
        return made

    def _fill(self, start: int, stop: int) -> None:
        """The uniform numbers of a window of draws, from `start` on, unless they are there."""
        if self._design is None or (self._filled[0] <= start and stop <= self._filled[1]):
            return
        edge = (start // self._window + 1) * self._window
        last = max(stop, min(edge, self._question.stop))
        for s, uniforms in self._uniforms.items():
            self._design.fill(self._question.program.streams[s], start, last, uniforms[:, : last - start])
        self._filled = (start, last)
