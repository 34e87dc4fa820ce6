"""Non-finite results, traced to where they were made (Q6)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from ..checks import Array
from ..errors import NonFiniteError
from ..graph.program import Instruction, Program
from .drawing import Drawer
from .plan import compute
from .question import Question


def require_finite(question: Question, first: int, values: Mapping[str, Array]) -> None:
    """Raise `NonFiniteError` where an output is not finite, with the expression that made it first.

    The last axis of the values begins at draw `first`. The earliest draw is named, and of several outputs the first by
    name. A sum is taken first, while the values are in cache; what is too large to add up is looked at closely.
    """
    suspects = [name for name in sorted(values) if not np.isfinite(values[name].sum())]
    found = []
    for name in suspects:
        bad = ~np.isfinite(values[name])
        if bad.any():
            found.append((int(np.flatnonzero(bad.reshape(-1, bad.shape[-1]).any(axis=0))[0]), name))
    if found:
        at, name = min(found)
        varies = question.program.outputs[name].value not in question.plan.fixed
        text = _trace(question, first + at, question.program.outputs[name].value)
        which = f"{name}, draw {first + at}" if varies else name
        raise NonFiniteError.of("result_not_finite", f"first made by: {text}", name=which)


def _trace(question: Question, draw: int, target: int) -> str:
    """Compute one draw value by value, and follow the non-finite ones down to the first."""
    program, plan = question.program, question.plan
    drawn = Drawer(plan.drawing, question.points, 1).draw(draw, draw + 1) if question.points else {}
    at = draw - question.start
    values = {**plan.fixed, **plan.parameters(drawn, slice(at, at + 1))}
    with np.errstate(all="ignore"):
        compute(program, plan.steps, values, None, 1)
    return origin(program, values, target)


def origin(program: Program, values: Mapping[int, Array], target: int) -> str:
    """The expression that first made a value of one draw not finite."""
    at = target
    while bad := _bad_inputs(program.instructions[at], values):
        at = bad[0]
    return program.text(at)


def _bad_inputs(one: Instruction, values: Mapping[int, Array]) -> list[int]:
    """The inputs that are not finite where the value looks at them: of a selection, the selected branch only."""
    wrong = [~np.isfinite(values[i].reshape((*v, 1))) for i, v in zip(one.inputs, one.views, strict=True)]
    if one.op in ("where", "choice"):
        first = values[one.inputs[0]].reshape((*one.views[0], 1))
        if one.op == "where":
            looked = [first != 0, first == 0]
        else:
            edges = (-np.inf, *one.static["thresholds"], np.inf)
            looked = [(first >= low) & (first < high) for low, high in pairwise(edges)]
        wrong[1:] = [bad & seen for bad, seen in zip(wrong[1:], looked, strict=True)]
    return [i for i, bad in zip(one.inputs, wrong, strict=True) if bad.any()]
