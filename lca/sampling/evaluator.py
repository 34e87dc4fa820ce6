"""The values of a question, step by step: the work of one thread, with buffers that are used again.

The evaluator of `numba_evaluator.py` has the same face and gives the same bits (U7).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from ..checks import Array
from .drawing import Drawer
from .finite import require_finite
from .plan import calls_of
from .question import Question

#: Values of some draws by name of output, (labels..., n), in root units.
Values: TypeAlias = Mapping[str, Array]


class Evaluator(Protocol):
    """Values of some draws. One thread has it for itself."""

    def step(self, start: int, stop: int) -> Values:
        """Draws start to stop, at most `question.step_draws`, of every output that varies; valid until the next call.

        The outputs that no draw changes stand in `question.plan.known`.
        """
        ...


@dataclass(frozen=True)
class _Laid:
    """The calls of a step of so many draws, after each group of parameters, and the arrays that they fill."""

    draws: int
    values: Mapping[int, Array]
    stretches: Sequence[Sequence[Callable[[], None]]]
    made: Values


class NumpyEvaluator:
    """Labelled calls of NumPy, an instruction each, into buffers that are used again."""

    def __init__(self, question: Question) -> None:
        self._question, plan = question, question.plan
        longest = min(question.step_draws, question.draws)
        groups, self._buffers = plan.memory.spaces(longest)
        self._drawer = Drawer(plan.drawing, question.points, longest, groups) if question.points else None
        self._given = any(leaf not in plan.drawing.rows for leaf in plan.leaves.values())
        self._laid = _Laid(0, {}, (), {})

    def step(self, start: int, stop: int) -> Values:
        """The values of draws start to stop; guards and finite results are looked after on the way (Q6)."""
        if self._given or self._laid.draws != stop - start:  # what is given lies elsewhere for each step
            self._laid = self._lay(start, stop)
        laid, groups = self._laid, len(self._question.plan.memory.groups)
        with np.errstate(all="ignore"):
            for number, calls in enumerate(laid.stretches):
                if self._drawer and number < groups:
                    self._drawer.draw_group(number, start, stop)
                for call in calls:
                    call()
            for check in self._question.plan.checks:
                check.look(laid.values[check.value], start, draws=True)
            require_finite(self._question, start, laid.made)
        return laid.made

    def _lay(self, start: int, stop: int) -> _Laid:
        plan, origin = self._question.plan, self._question.start
        drawn = self._drawer.values(stop - start) if self._drawer else {}
        values = {**plan.fixed, **plan.parameters(drawn, slice(start - origin, stop - origin))}
        stretches = [
            calls_of(plan.program, steps, values, None, stop - start, self._buffers) for steps in plan.memory.stretches
        ]
        few = self._question.few
        made = {name: values[at][few.get(name, ())] for name, at in plan.varying.items()}
        return _Laid(stop - start, values, stretches, made)
