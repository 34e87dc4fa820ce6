"""How small and how large a value can be: intervals carried through a formula, wide but never too narrow."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from .leaf import Constant
from .node import Node, fold, postorder

Range: TypeAlias = tuple[float, float]
_ANY: Range = (-math.inf, math.inf)


def bounds(node: Node, *, certain: bool = False) -> Range:
    """(lowest, highest) over all labels and draws, in root units; infinite where nothing is known.

    Distributions reach as far as counts (`Distribution.reach`); `certain` takes them as far as they can. What
    stands twice in a formula is taken as independent, so that the range may be wider than the values.

    >>> from lca.expression.families import Uniform
    >>> from lca.expression.value import parameter
    >>> bounds(1 - parameter("share", Uniform(0.25, 0.5)))
    (0.5, 0.75)
    """

    if certain:
        return fold([node], lambda one, inputs: _range(one, inputs, certain=True))[0]
    for one in postorder([node], lambda one: () if one.range is not None else one.inputs):
        if one.range is None:  # it stays with the node
            one.range = _range(one, [child.range for child in one.inputs if child.range is not None])
    assert node.range is not None
    return node.range


def _range(one: Node, inputs: Sequence[Range], certain: bool = False) -> Range:
    if isinstance(one.leaf, Constant):
        return float(one.leaf.values.min()), float(one.leaf.values.max())
    if one.parameter is not None:
        low, high = one.parameter.reach
        return (low, one.parameter.highest) if certain else (low, high)
    assert one.function is not None
    if one.function.name == "sum":
        size = next(len(dim) for dim in one.inputs[0].dims if dim.name == one.static["dim"])
        return inputs[0][0] * size, inputs[0][1] * size
    if one.function.name == "power":
        return _powered(inputs[0], one.static["exponent"])
    rule = _RULES.get(one.function.name)
    return rule(inputs) if rule is not None else _ANY


def _hull(inputs: Sequence[Range]) -> Range:
    return min(low for low, _ in inputs), max(high for _, high in inputs)


def _product(inputs: Sequence[Range]) -> Range:
    (a, b), (c, d) = inputs
    ends = [0.0 if 0 in pair else pair[0] * pair[1] for pair in ((a, c), (a, d), (b, c), (b, d))]
    return min(ends), max(ends)


def _quotient(inputs: Sequence[Range]) -> Range:
    above, (low, high) = inputs
    if low < 0 < high or low == high == 0:
        return _ANY
    return _product([above, (1 / high if high else -math.inf, 1 / low if low else math.inf)])


def _powered(base: Range, exponent: float) -> Range:
    if base[0] < 0:
        return _ANY
    ends = [math.inf if end == 0 and exponent < 0 else end**exponent for end in base]
    return min(ends), max(ends)


def _exp(inputs: Sequence[Range]) -> Range:
    low, high = np.exp(np.clip(inputs[0], -700, 700)).tolist()
    return (0.0 if inputs[0][0] < -700 else low), (math.inf if inputs[0][1] > 700 else high)


_RULES: Mapping[str, Callable[[Sequence[Range]], Range]] = {
    "add": lambda i: (i[0][0] + i[1][0], i[0][1] + i[1][1]),
    "subtract": lambda i: (i[0][0] - i[1][1], i[0][1] - i[1][0]),
    "negative": lambda i: (-i[0][1], -i[0][0]),
    "multiply": _product,
    "divide": _quotient,
    "exp": _exp,
    "minimum": lambda i: (min(i[0][0], i[1][0]), min(i[0][1], i[1][1])),
    "maximum": lambda i: (max(i[0][0], i[1][0]), max(i[0][1], i[1][1])),
    "clip": lambda i: (min(max(i[0][0], i[1][0]), i[2][0]), min(max(i[0][1], i[1][1]), i[2][1])),
    "ceil": lambda i: (i[0][0], i[0][1] + 1),
    "where": lambda i: _hull(i[1:]),
    "choice": lambda i: _hull(i[1:]),
    "stack": _hull,
    "select": _hull,
    "take": _hull,
}
