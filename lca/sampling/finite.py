"""Non-finite results, traced to where they were made (Q6)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from ..checks import Array
from ..errors import NonFiniteError
from ..graph.program import Instruction, Leaf
from .design import Design
from .plan import Plan, compute
from .quantile import Quantile


def require_finite(plan: Plan, design: Design | None, start: int, results: Mapping[str, Array]) -> None:
    """Raise `NonFiniteError` where a result is not finite, with the expression that made it first."""
    for name, values in results.items():
        if np.isfinite(values).all():
            continue
        draw = int(np.argwhere(~np.isfinite(values))[0][-1])
        text = _trace(plan, design.worker() if design else None, start, draw, plan.program.outputs[name].value)
        which = f"{name}, draw {start + draw}" if values.shape[-1] > 1 else name
        raise NonFiniteError.of("result_not_finite", f"first made by: {text}", name=which)


def _trace(plan: Plan, design: Design | None, start: int, draw: int, target: int) -> str:
    """Compute one draw value by value, and follow the non-finite ones down to the first."""
    program = plan.program
    values: dict[int, Array] = dict(plan.fixed)
    quantile = Quantile(1)

    def one_draw(leaf: Leaf, out: Array) -> None:
        if leaf.key in plan.overrides:
            out[...] = plan.overrides[leaf.key][..., draw : draw + 1]
            return
        assert design is not None
        stream = program.streams[leaf.stream]
        uniforms = np.empty((len(stream.labels), 1))
        design.fill(stream, start + draw, start + draw + 1, uniforms)
        quantile.fill(leaf, uniforms, out.reshape(-1, 1))

    with np.errstate(all="ignore"):
        compute(program, plan.steps, values, one_draw, 1)
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
