"""The values of a question, step by step: the work of one thread, with buffers that are used again.

The evaluator of `numba_evaluator.py` has the same face and gives the same bits (U7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

import numpy as np

from ..checks import Array
from .drawing import Drawer
from .finite import require_finite
from .plan import compute
from .question import Question

#: Values of some draws by name of output, (labels..., n), in root units.
Values: TypeAlias = Mapping[str, Array]


class Evaluator(Protocol):
    """Values of some draws. One thread has it for itself."""

    def step(self, start: int, stop: int) -> Values:
        """Draws start to stop, at most `plan.step_draws`, of every output that varies; valid until the next call.

        The outputs that no draw changes stand in `question.plan.known`.
        """
        ...


class NumpyEvaluator:
    """Labelled calls of NumPy, an instruction each, into buffers that are used again."""

    def __init__(self, question: Question, threads: int = 1) -> None:
        self._question, plan = question, question.plan
        longest = min(plan.step_draws, question.draws)
        rows, self._buffers = plan.memory.spaces(longest)
        self._drawer = Drawer(plan.drawing, question.points, longest, threads, rows) if question.points else None

    def step(self, start: int, stop: int) -> Values:
        """The values of draws start to stop; guards and finite results are looked after on the way (Q6)."""
        plan, origin = self._question.plan, self._question.start
        drawn = self._drawer.draw(start, stop) if self._drawer else {}
        values = {**plan.fixed, **plan.parameters(drawn, slice(start - origin, stop - origin))}
        with np.errstate(all="ignore"):
            compute(plan.program, plan.steps, values, None, stop - start, self._buffers)
            for check in plan.checks:
                check.look(values[check.value], start, draws=True)
            made = {name: values[position] for name, position in plan.varying.items()}
            require_finite(self._question, start, made)
        return made
