"""How small and how large a value can be: intervals carried through a formula, wide but never too narrow."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from .function_table import FUNCTIONS
from .leaf import Constant
from .node import Node, fold, postorder

Range: TypeAlias = tuple[float, float]
_ANY: Range = (-math.inf, math.inf)


def bounds(node: Node, *, certain: bool = False) -> Range:
    """(lowest, highest) over all labels and draws, in root units; infinite where nothing is known.

    Distributions reach as far as counts (`Distribution.reach`); `certain` takes them as far as they can. What
    stands twice in a formula is taken as independent, so that the range may be wider than the values.

    >>> from lca.distributions.families import Uniform
    >>> from lca.graph.fields import parameter
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


def is_above_zero(node: Node) -> bool:
    """Whether a value can be above 0."""
    return bounds(node)[1] > 0


def is_zero(node: Node) -> bool:
    """Whether a value is 0 for certain."""
    return bounds(node) == (0, 0)


def is_one(node: Node) -> bool:
    """Whether a value is the number 1, stated as such."""
    return node.parameter is not None and node.parameter.values == (1.0,)


def _range(one: Node, inputs: Sequence[Range], certain: bool = False) -> Range:
    if isinstance(one.leaf, Constant):
        return float(one.leaf.values.min()), float(one.leaf.values.max())
    if one.parameter is not None:
        low, high = one.parameter.reach
        return (low, one.parameter.highest) if certain else (low, high)
    assert one.function is not None
    name = one.function.name
    if name in _ONE_OF:
        inputs = inputs[_ONE_OF[name] :]
        padding = [(0.0, 0.0)] if -1 in one.static.get("positions", ()) else []
        ends = [end for pair in (*inputs, *padding) for end in pair]
        return min(ends), max(ends)
    if name == "sum":
        size = next(len(dim) for dim in one.inputs[0].dims if dim.name == one.static["dim"])
        return inputs[0][0] * size, inputs[0][1] * size
    if name == "ceil":
        return inputs[0][0], inputs[0][1] + 1
    if name == "divide":
        low, high = inputs[1]
        if low < 0 < high or low == high == 0:
            return _ANY
        name, inputs = "multiply", [inputs[0], (1 / high if high else -math.inf, 1 / low if low else math.inf)]
    if name not in _MONOTONE or (name == "power" and inputs[0][0] < 0):
        return _ANY
    with np.errstate(all="ignore"):
        ends = [FUNCTIONS[name].apply(*map(np.float64, corner), **one.static) for corner in itertools.product(*inputs)]
    ends = [0.0 if math.isnan(end) else float(end) for end in ends]  # 0 times infinity; between two infinities
    return min(ends), max(ends)


#: What rises or falls with each input while the others stay: it is least and largest at their ends.
_MONOTONE = {"add", "subtract", "negative", "multiply", "power", "exp", "minimum", "maximum", "clip"}
#: What is one of its inputs, from this one on.
_ONE_OF = {"where": 1, "choice": 1, "stack": 0, "select": 0, "take": 0}
