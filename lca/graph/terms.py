"""Additive terms and the dims of parts: each term counts on its own dims (D5).

Summed over a dim of parts, a term that lacks the dim counts once: idle energy beside joules that are split over
parts. An intensive quantity may vary over parts only where all of the amount that it multiplies does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from ..units.registry import DIMENSIONLESS
from .functions import stack
from .node import Node, constant, fold

#: The terms of a value that lack a dim, and those that have it; None where there are none.
Split: TypeAlias = tuple[Node | None, Node | None]


def split(node: Node, dim: str) -> Split:
    """(the terms of a value that lack a dim, those that have it); None where there are none.

    >>> from lca.graph.inputs import labelled
    >>> from lca.graph.fields import parameter
    >>> parts = parameter("parts", labelled({"a": 1, "b": 2}, "W", dim="part"))
    >>> split(parameter("idle", "3 W") + parts, "part")
    (<idle = 3 W>, <parts = 1 to 2 W, part: 2>)
    """

    def visit(one: Node, inputs: list[Split]) -> Split:
        if dim not in one.dim_names:
            return one, None
        rule = _RULES.get(one.function.name) if one.function is not None else None
        if rule is None or all(without is None for without, _ in inputs):
            return None, one
        return rule(one, inputs)

    return fold([node], visit, lambda one: one.inputs if dim in one.dim_names else ())[0]


def _add(left: Node | None, right: Node | None) -> Node | None:
    return right if left is None else left if right is None else left + right


def _sum(one: Node, inputs: Sequence[Split]) -> Split:
    """A sum or a difference, of the terms that lack the dim and of those that have it."""
    assert one.function is not None
    first, second = inputs
    if one.function.name == "subtract":
        second = (None if second[0] is None else -second[0], None if second[1] is None else -second[1])
    return _add(first[0], second[0]), _add(first[1], second[1])


def _product(one: Node, inputs: Sequence[Split]) -> Split:
    (left, left_in), (right, right_in) = inputs
    within: Node | None = None
    for a, b in ((left, right_in), (left_in, right), (left_in, right_in)):
        within = within if a is None or b is None else _add(within, a * b)
    return (None, one) if left is None or right is None else (left * right, within)


def _quotient(one: Node, inputs: Sequence[Split]) -> Split:
    (above, above_in), (below, below_in) = inputs
    if below_in is not None or below is None or above is None:
        return None, one
    return above / below, None if above_in is None else above_in / below


def _each(one: Node, inputs: Sequence[Split]) -> Split:
    """What keeps sums apart: a sign, a sum over another dim, one label of it."""
    assert one.function is not None
    without, within = (None if i is None else Node._build(one.function, (i,), one.static) for i in inputs[0])
    return without, within


def _side_by_side(one: Node, inputs: Sequence[Split]) -> Split:
    """Alternatives, of which each has its own terms."""
    new, nothing = one.static["new"], constant(0.0, one.unit)
    if any(new.name not in one.dim_names for _ in inputs) or all(within is None for _, within in inputs):
        return None, one  # the labels of the dim itself
    parts = [stack(dict(zip(new.labels, [nothing if i is None else i for i in side], strict=True)), new.name)
             for side in zip(*inputs, strict=True)]  # fmt: skip
    return parts[0], parts[1]


_RULES: Mapping[str, Callable[[Node, Sequence[Split]], Split]] = {
    "add": _sum, "subtract": _sum, "multiply": _product, "divide": _quotient, "negative": _each,
    "sum": _each, "select": _each, "stack": _side_by_side,
}  # fmt: skip


def lacking(node: Node, dims: Iterable[str]) -> list[str]:
    """The dims that some term of a value lacks."""
    return [dim for dim in dims if split(node, dim)[0] is not None]


def apportioned(node: Node, parts: Iterable[str]) -> Node:
    """The value in a form whose plain sum over each of these dims is right: a term that lacks one is spread evenly.

    A value all of whose terms have a dim, or none, stays as it is.
    """
    for name in parts:
        without, within = split(node, name)
        if without is not None and within is not None:
            dim = next(dim for dim in node.dims if dim.name == name)
            # a weight for each label: what is spread has the dim, and is not spread again
            even = constant([1 / len(dim)] * len(dim), DIMENSIONLESS, (dim,))
            node = (within + without * even).named(node.name)
    return node
