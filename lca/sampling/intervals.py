"""Between which two values every output of a program lies, where parameters lie in boxes: interval arithmetic.

Each value becomes a lower and an upper end, over labels and boxes (labels..., boxes). The ends are certain up to the
rounding of floats. They are exact where no parameter stands twice in a formula. Elsewhere they may be too wide, and
come as near as one likes in small boxes (Moore, Kearfott and Cloud 2009, Introduction to Interval Analysis).

>>> from lca.graph.fields import parameter
>>> from lca.graph.program import compile_program
>>> program = compile_program({"product": parameter("x", 2.0) * parameter("y", 3.0)})
>>> [end.tolist() for end in enclosed(program, {0: (np.array([1.0, 2.0]), np.array([2.0, 3.0]))})["product"]]
[[3.0, 6.0], [6.0, 9.0]]
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from ..checks import Array
from ..graph.function_table import FUNCTIONS
from ..graph.program import Instruction, Program

#: The lower and the upper ends of a value: (labels..., boxes).
Ends: TypeAlias = tuple[Array, Array]


def enclosed(program: Program, boxes: Mapping[int, Ends]) -> dict[str, Ends]:
    """The ends of every output. `boxes` has those of some leaves by place; all others are at their nominal values."""
    values: dict[int, Ends] = {}
    with np.errstate(all="ignore"):
        for position in program.needed(output.value for output in program.outputs.values()):
            one = program.instructions[position]
            if one.op == "constant":
                values[position] = (program.constants[position],) * 2
            elif one.op == "parameter":
                nominal = program.leaves[one.leaf].nominal[..., None]
                values[position] = boxes.get(one.leaf, (nominal, nominal))
            else:
                values[position] = _of(one, [values[i] for i in one.inputs])
    return {name: values[output.value] for name, output in program.outputs.items()}


def _of(one: Instruction, inputs: Sequence[Ends]) -> Ends:
    """The ends of what an instruction makes of its inputs; infinite where nothing is known."""
    viewed = [
        (low.reshape((*view, low.shape[-1])), high.reshape((*view, high.shape[-1])))
        for (low, high), view in zip(inputs, one.views, strict=True)
    ]
    count = max(low.shape[-1] for low, _ in viewed)

    def kernel(*values: Array) -> Array:
        out = np.empty((*one.shape, count))
        FUNCTIONS[one.op].kernel(out, *values, **one.static)
        return out

    if all(low is high for low, high in viewed):
        made = kernel(*(low for low, _ in viewed))
        return made, made
    low, high = _RULES.get(one.op, _anything)(kernel, viewed, one)
    return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)


Kernel: TypeAlias = Callable[..., Array]


def _anything(kernel: Kernel, inputs: Sequence[Ends], one: Instruction) -> Ends:
    nothing = np.full_like(kernel(*(low for low, _ in inputs)), np.inf)
    return -nothing, nothing


def _rising(kernel: Kernel, inputs: Sequence[Ends], one: Instruction) -> Ends:
    """Of what rises with each of its inputs."""
    return kernel(*(low for low, _ in inputs)), kernel(*(high for _, high in inputs))


def _second_falls(kernel: Kernel, inputs: Sequence[Ends], one: Instruction) -> Ends:
    """Of what rises with the first input and falls with the second."""
    (low, high), (other_low, other_high) = inputs
    return kernel(low, other_high), kernel(high, other_low)


def _first_falls(kernel: Kernel, inputs: Sequence[Ends], one: Instruction) -> Ends:
    first, *rest = inputs
    return _rising(kernel, [first[::-1], *rest], one)


def _corners(kernel: Kernel, inputs: Sequence[Ends], one: Instruction) -> Ends:
    """Of what rises or falls with each input while the others stay: at the corners of the box."""
    ends = [np.nan_to_num(kernel(*corner), nan=0.0, posinf=np.inf, neginf=-np.inf) for corner in _combined(inputs)]
    return np.minimum.reduce(ends), np.maximum.reduce(ends)


def _combined(inputs: Sequence[Ends]) -> itertools.product[tuple[Array, ...]]:
    return itertools.product(*inputs)


def _divided(kernel: Kernel, inputs: Sequence[Ends], one: Instruction) -> Ends:
    """At the corners, unless the divisor can be 0: then anything."""
    low, high = _corners(kernel, inputs, one)
    zero = (inputs[1][0] <= 0) & (inputs[1][1] >= 0)
    return np.where(zero, -np.inf, low), np.where(zero, np.inf, high)


def _powered(kernel: Kernel, inputs: Sequence[Ends], one: Instruction) -> Ends:
    """At the ends; of an even power of what can be 0, from 0 on; anything where a root or a pole is passed."""
    (base,), exponent = inputs, float(one.static["exponent"])
    low, high = _corners(kernel, inputs, one)
    passes = (base[0] < 0) & (base[1] >= 0) if exponent >= 0 else (base[0] <= 0) & (base[1] >= 0)
    if exponent >= 0 and exponent % 2 == 0:
        return np.where(passes, 0.0, low), high
    if exponent >= 0 and exponent % 1 == 0:
        return low, high
    unknown = passes if exponent % 1 == 0 else base[0] < 0
    return np.where(unknown, -np.inf, low), np.where(unknown, np.inf, high)


def _raised(kernel: Kernel, inputs: Sequence[Ends], one: Instruction) -> Ends:
    low, high = _corners(kernel, inputs, one)
    unknown = inputs[0][0] <= 0
    return np.where(unknown, -np.inf, low), np.where(unknown, np.inf, high)


def _chained(kernel: Kernel, inputs: Sequence[Ends], one: Instruction) -> Ends:
    """A product over labels rises with each factor where none is below 0."""
    ((low, _),) = inputs
    return _rising(kernel, inputs, one) if bool((low >= 0).all()) else _anything(kernel, inputs, one)


def _one_of_branches(kernel: Kernel, inputs: Sequence[Ends], one: Instruction) -> Ends:
    """One branch where the condition is certain, else what both reach together."""
    condition, *branches = inputs
    low, high = (kernel(end, *(branch[i] for branch in branches)) for i, end in enumerate(condition))
    certain = condition[0] == condition[1]
    least, most = (
        ends(np.broadcast_arrays(*(branch[i] for branch in branches)))
        for i, ends in enumerate((np.minimum.reduce, np.maximum.reduce))
    )
    return np.where(certain, low, least), np.where(certain, high, most)


def _interpolated(kernel: Kernel, inputs: Sequence[Ends], one: Instruction) -> Ends:
    """At the ends, and at each point of the table between them."""
    low, high = _corners(kernel, inputs, one)
    for x, y in zip(one.static["x_values"], one.static["y_values"], strict=True):
        inside = (inputs[0][0] < x) & (inputs[0][1] > x)
        low, high = np.where(inside, np.minimum(low, y), low), np.where(inside, np.maximum(high, y), high)
    return low, high


_RISING = ("add", "exp", "log", "minimum", "maximum", "clip", "ceil", "sum", "stack", "select", "take")
_RULES: Mapping[str, Callable[[Kernel, Sequence[Ends], Instruction], Ends]] = {
    **dict.fromkeys(_RISING, _rising),
    **dict.fromkeys(("subtract", "greater", "greater_equal"), _second_falls),
    **dict.fromkeys(("negative", "less", "less_equal"), _first_falls),
    "multiply": _corners,
    "divide": _divided,
    "power": _powered,
    "raised": _raised,
    "cumulative_product": _chained,
    "where": _one_of_branches,
    "choice": _one_of_branches,
    "interpolate": _interpolated,
}


def split_at(low: Array, high: Array) -> Array:
    """Where boxes are cut in two: at the geometric mean where an end is a multiple of the other, else in the middle."""
    wide = (low > 0) & (high > 2 * low)
    return np.where(wide, np.sqrt(np.maximum(low, 0.0)) * np.sqrt(np.maximum(high, 0.0)), low + (high - low) / 2)
