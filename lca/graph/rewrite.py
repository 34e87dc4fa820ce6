"""Cheaper forms of the same formulas, so that few operations touch the labels.

What alternatives share is there once (`lifting`). Factors that all terms of a sum have, or all alternatives, are taken
out of them, and what lacks the dim of a sum is taken out of that. Factors and terms of few dims come first. Selections
of labels are pushed down to the leaves.

The order of factors and terms depends on the structure of the graph and the names of dims, never on how many labels a
dim has. So further labels of the same structure change no bit. Against another grouping of the same formula results
move in the last bits (below 1e-12).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_
from typing import TypeAlias

import numpy as np

from .functions import select, total
from .identity import Interner
from .leaf import Constant
from .lifting import lifted
from .node import Factors, Node, constant, parameter_node, postorder, rebuilt

#: Labels that were selected: positions by dim.
Picks: TypeAlias = tuple[tuple[str, int], ...]
_SUMS = ("add", "subtract")
#: Terms of a sum that are put in order together.
_MOST_TERMS = 32
#: What a dim counts for where two orders are compared: the number of labels never does.
_A_DIM = 8


def rewritten(outputs: Mapping[str, Node]) -> dict[str, Node]:
    """The same named values in a cheaper form, selections pushed down to the leaves."""
    pushed, regrouped = Selections(), Regrouping()
    made = {name: regrouped(node) for name, node in outputs.items()}
    return {name: pushed(node) if node.selects else node for name, node in made.items()}


class Regrouping:
    """The same values with factors and terms in an order that touches few labels.

    What is found of a node stays with it, for every program that holds the node.
    """

    def __init__(self) -> None:
        self._number = Interner()

    def __call__(self, root: Node) -> Node:
        root = lifted(root, self._number) if root.stacked else root
        for node in postorder([root], lambda one: () if one.factors is not None else one.inputs):
            if node.factors is None:
                node.factors = self._factors(node)
        return _value(root)

    def _factors(self, node: Node) -> Factors:
        """A node as factors with exponents +1 or -1: of products, quotients and sums those of their inputs."""
        name = node.function.name if node.function is not None else "leaf"
        below: list[Factors] = [child.factors or () for child in node.inputs]
        if name == "multiply":
            return (*below[0], *below[1])
        if name == "divide":
            return (*below[0], *((factor, -exponent) for factor, exponent in below[1]))
        if name == "sum":
            dim = node.static["dim"]
            within = [(f, e) for f, e in below[0] if dim in f.dim_names]
            without = [(f, e) for f, e in below[0] if dim not in f.dim_names]
            return (*without, (total(_product(within), over=dim), 1))
        if name == "stack" or (name in _SUMS and node.dims):
            return self._of_terms(node, below)
        return ((rebuilt(node, [_value(child) for child in node.inputs]), 1),)

    def _of_terms(self, node: Node, below: Sequence[Factors]) -> Factors:
        """A sum, or alternatives side by side: the factors that all terms have, and the terms without them."""
        assert node.function is not None
        if node.function.name == "stack" or all(any(f.dims for f, _ in one) for one in below):
            common, rests = self._common(below)
            dims = {dim for rest in rests for factor, _ in rest for dim in factor.dim_names}
            if common and any(rests) and len(dims) < len(node.dims):
                return (*common, (Node._build(node.function, [_product(rest) for rest in rests], node.static), 1))
        made = rebuilt(node, [_value(child) for child in node.inputs])
        return ((_in_order(made) if node.function.name in _SUMS else made, 1),)

    def _common(self, many: Sequence[Factors]) -> tuple[Factors, list[Factors]]:
        """(the factors that all products have, what is left of each)."""
        numbered = [[(self._number(factor), exponent) for factor, exponent in one] for one in many]
        shared = reduce(and_, (Counter(one) for one in numbered))
        parted = [_parted(factors, numbers, shared) for factors, numbers in zip(many, numbered, strict=True)]
        return parted[0][0], [rest for _, rest in parted]


def _parted(
    factors: Factors, numbers: Sequence[tuple[int, int]], shared: Counter[tuple[int, int]]
) -> tuple[Factors, Factors]:
    """(the factors that are shared, the others), each in order."""
    open_, taken, rest = Counter(shared), list[tuple[Node, int]](), list[tuple[Node, int]]()
    for factor, number in zip(factors, numbers, strict=True):
        (taken if open_[number] > 0 else rest).append(factor)
        open_[number] -= 1
    return tuple(taken), tuple(rest)


def _value(node: Node) -> Node:
    if node.cheaper is None:
        assert node.factors is not None
        node.cheaper = _product(node.factors)
    return node.cheaper


def _product(factors: Sequence[tuple[Node, int]]) -> Node:
    """Factors multiplied, those of few dims and those without a spread first; nothing is 1."""
    if not factors:
        return constant(1.0)
    (first, exponent), *others = sorted(factors, key=lambda one: _few_labels(one[0]))
    made = first if exponent > 0 else 1.0 / first
    for factor, exponent in others:
        made = made * factor if exponent > 0 else made / factor
    return made


def _few_labels(node: Node) -> tuple[int, tuple[str, ...], bool]:
    """What comes first in a product and in a sum: few dims, and no spread."""
    return len(node.dims), node.dim_names, node.random


def _in_order(node: Node) -> Node:
    """A sum with the terms of few dims first, if that is cheaper than the order that was written."""
    terms, cost = _terms(node)
    ordered = sorted(terms, key=lambda one: _few_labels(one[0]))
    dims: set[str] = set(ordered[0][0].dim_names)
    for term, _ in ordered[1:]:
        dims.update(term.dim_names)
        cost -= _A_DIM ** len(dims)
    if cost <= 0:
        return node
    (first, sign), *others = ordered
    made = first if sign > 0 else -first
    for term, sign in others:
        made = made + term if sign > 0 else made - term
    return made.named(node.name, node.path).with_dims(node.dims)


def _terms(node: Node) -> tuple[list[tuple[Node, int]], int]:
    """(the terms of a sum with their signs, what adding them up as written costs)."""
    terms, waiting, cost = list[tuple[Node, int]](), [(node, 1)], 0
    while waiting:
        one, sign = waiting.pop()
        name = one.function.name if one.function is not None else ""
        if name in _SUMS and len(terms) + len(waiting) < _MOST_TERMS:
            cost += _A_DIM ** len(one.dims)
            left, right = one.inputs
            waiting += [(right, sign if name == "add" else -sign), (left, sign)]
        else:
            terms.append((one, sign))
    return terms, cost


class Selections:
    """Moves the selection of a label down to the leaves: the same operations on fewer labels, the same bits.

    What it makes of a node without picked labels stays with the node, for every program that holds it.
    """

    def __init__(self) -> None:
        self._made: dict[tuple[int, Picks], Node] = {}
        self._kept: list[Node] = []

    def __call__(self, root: Node) -> Node:
        waiting: list[tuple[Node, Picks]] = [(root, ())]
        while waiting:
            node, picks = waiting[-1]
            if picks:
                picks = self._relevant(node, picks)
            elif not node.selects:
                node.pushed = node
            if self._of(node, picks) is not None:
                waiting.pop()
                continue
            needed = self._needs(node, picks)
            inputs = [self._of(n, self._relevant(n, p)) for n, p in needed]
            if None in inputs:
                waiting.extend(pair for pair, made in zip(needed, inputs, strict=True) if made is None)
                continue
            waiting.pop()
            made = self._build(node, picks, inputs)  # type: ignore[arg-type]
            if picks:
                self._kept.append(node)
                self._made[id(node), picks] = made
            else:
                node.pushed = made
        assert root.pushed is not None
        return root.pushed

    def _of(self, node: Node, picks: Picks) -> Node | None:
        return self._made.get((id(node), picks)) if picks else node.pushed

    @staticmethod
    def _relevant(node: Node, picks: Picks) -> Picks:
        return tuple((dim, position) for dim, position in picks if dim in node.dim_names)

    @staticmethod
    def _needs(node: Node, picks: Picks) -> list[tuple[Node, Picks]]:
        if node.function is None:
            return []
        name, chosen = node.function.name, dict(picks)
        if name == "select":
            pick = (str(node.static["dim"]), int(node.static["position"]))
            return [(node.inputs[0], tuple(sorted((*picks, pick))))]
        if name == "stack" and node.static["new"].name in chosen:
            new = node.static["new"].name
            rest = tuple((dim, position) for dim, position in picks if dim != new)
            return [(node.inputs[chosen[new]], rest)]
        if name == "take" or (name == "cumulative_product" and node.static["dim"] in chosen):
            return [(child, ()) for child in node.inputs]
        return [(child, picks) for child in node.inputs]

    @staticmethod
    def _build(node: Node, picks: Picks, inputs: list[Node]) -> Node:
        if node.function is None:
            return _leaf_at(node, dict(picks)) if picks else node
        name = node.function.name
        if name == "select":
            return inputs[0]
        if name == "stack" and node.static["new"].name in dict(picks):  # a branch stands for every label of the others
            gone = {*dict(picks), *inputs[0].dim_names}
            lacking = tuple(dim for dim in node.dims if dim.name not in gone)
            ones = np.ones([len(dim) for dim in lacking])
            return inputs[0] * constant(ones, dims=lacking) if lacking else inputs[0]
        made = rebuilt(node, inputs)
        if name == "take" or (name == "cumulative_product" and node.static["dim"] in dict(picks)):
            for dim, position in picks:
                label = next(d for d in made.dims if d.name == dim).labels[position]
                made = select(made, dim, label)
        return made


def _leaf_at(node: Node, chosen: Mapping[str, int]) -> Node:
    """A leaf at some labels: the same key and streams, fewer rows (U2)."""
    index = tuple(chosen.get(dim.name, slice(None)) for dim in node.dims)
    kept = tuple(dim for dim in node.dims if dim.name not in chosen)
    if isinstance(node.leaf, Constant):
        return constant(node.leaf.values[index], node.unit, kept)
    assert node.parameter is not None
    return parameter_node(node.parameter.at(chosen))
