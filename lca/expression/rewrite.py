"""Cheaper forms of the same formulas: sums over a dim come apart, what lacks the dim comes out, products
group by dims, so that few operations touch the labels.

Every value becomes a sum of terms, each a product of factors. The order depends on the structure of the
graph and the names of dims, never on how many labels a dim has: one study gives the same bits with any
number of labels. Against another grouping of the same formula results move in the last bits (below 1e-12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .functions import select, total
from .leaf import Constant
from .node import Node, constant, parameter_node, postorder, rebuilt

#: More terms than this are not multiplied out, and a longer sum is one factor.
_MOST_TERMS = 24


@dataclass(frozen=True)
class Term:
    """A signed product of factors with exponents +1 or -1."""

    sign: int
    factors: tuple[tuple[Node, int], ...]

    @property
    def dims(self) -> frozenset[str]:
        """The names of the dims of the product."""
        return frozenset(name for factor, _ in self.factors for name in factor.dim_names)

    def times(self, other: Term, power: int = 1) -> Term:
        """The product of two terms, or their quotient."""
        return Term(self.sign * other.sign, (*self.factors, *((f, e * power) for f, e in other.factors)))


Terms = tuple[Term, ...]
#: Labels that were selected: positions by dim.
Picks: TypeAlias = tuple[tuple[str, int], ...]


def rewritten(outputs: Mapping[str, Node]) -> dict[str, Node]:
    """The same named values in a cheaper form, selections pushed down to the leaves."""
    pass_ = _Rewrite()
    cheaper = {name: pass_.node(node) for name, node in outputs.items()}
    pushed = Selections()
    return {name: pushed(node) for name, node in cheaper.items()}


class _Rewrite:
    """One pass; what it finds of a node stays with the node, since it depends on nothing else."""

    def __init__(self) -> None:
        self._products: dict[tuple[tuple[int, int], ...], Node] = {}
        self._sums: dict[tuple[tuple[int, tuple[tuple[int, int], ...]], ...], Node] = {}
        self._random: dict[int, bool] = {}
        self._kept: list[Node] = []  # keeps ids alive

    def node(self, root: Node) -> Node:
        for node in postorder([root], lambda one: () if one.terms is not None else one.inputs):
            if node.terms is None:
                node.terms = self._form(node)
        return self._value(root)

    def _value(self, node: Node) -> Node:
        """The rewritten node, made once."""
        if node.cheaper is None:
            node.cheaper = self._sum(node.terms)
        return node.cheaper

    def _form(self, node: Node) -> Terms:
        name = node.function.name if node.function is not None else "leaf"
        if name in ("add", "subtract", "negative"):
            left = node.inputs[0].terms
            right = node.inputs[1].terms if len(node.inputs) > 1 else ()
            if name == "negative":
                return tuple(Term(-t.sign, t.factors) for t in left)
            flip = 1 if name == "add" else -1
            return self._short((*left, *(Term(t.sign * flip, t.factors) for t in right)))
        if name == "multiply":
            return self._times(*(child.terms for child in node.inputs))
        if name == "divide":
            below = self._one(node.inputs[1].terms)
            return tuple(term.times(below, -1) for term in node.inputs[0].terms)
        if name == "sum":
            return tuple(self._summed(term, node) for term in node.inputs[0].terms)
        return (self._factor(rebuilt(node, [self._value(child) for child in node.inputs])),)

    def _times(self, left: Terms, right: Terms) -> Terms:
        """Multiplied out where the terms of one side have different dims; else each side is one factor."""
        if len(left) * len(right) > 1:
            apart = any(len({t.dims for t in side}) > 1 for side in (left, right))
            if not apart or len(left) * len(right) > _MOST_TERMS:
                left, right = (self._one(left),), (self._one(right),)
        return tuple(a.times(b) for a in left for b in right)

    def _summed(self, term: Term, node: Node) -> Term:
        dim = str(node.static["dim"])
        within = tuple((f, e) for f, e in term.factors if dim in f.dim_names)
        without = tuple((f, e) for f, e in term.factors if dim not in f.dim_names)
        if not within:
            size = next(len(d) for d in node.inputs[0].dims if d.name == dim)
            return Term(term.sign, (*without, (self._known(constant(float(size))), 1)))
        summed = self._known(total(self._product(within), over=dim))
        return Term(term.sign, (*without, (summed, 1)))

    def _one(self, terms: Terms) -> Term:
        """A sum of several terms as one factor; a single term as it is."""
        return terms[0] if len(terms) == 1 else self._factor(self._sum(terms))

    def _short(self, terms: Terms) -> Terms:
        return terms if len(terms) <= _MOST_TERMS else (self._one(terms),)

    def _factor(self, node: Node) -> Term:
        return Term(1, ((self._known(node), 1),))

    def _known(self, node: Node) -> Node:
        self._kept.append(node)
        return node

    # --- writing terms out again, small dims first -----------------------------------------------------

    def _sum(self, terms: Terms) -> Node:
        key = tuple((t.sign, _identity(t)) for t in terms)
        if key not in self._sums:
            ordered = sorted(terms, key=lambda term: (len(term.dims), sorted(term.dims), -term.sign))
            made = self._product(ordered[0].factors)
            made = made if ordered[0].sign > 0 else -made
            for term in ordered[1:]:
                value = self._product(term.factors)
                made = made + value if term.sign > 0 else made - value
            self._sums[key] = self._known(made)
        return self._sums[key]

    def _product(self, factors: Sequence[tuple[Node, int]]) -> Node:
        key = tuple((id(factor), exponent) for factor, exponent in factors)
        if key not in self._products:
            ordered = sorted(factors, key=lambda pair: self._rank(pair[0]))
            made: Node | None = None
            for factor, exponent in ordered:
                if made is None:
                    made = factor if exponent > 0 else 1.0 / factor
                else:
                    made = made * factor if exponent > 0 else made / factor
            assert made is not None
            self._products[key] = self._known(made)
        return self._products[key]

    def _rank(self, node: Node) -> tuple[int, tuple[str, ...], bool]:
        return len(node.dims), node.dim_names, self._is_random(node)

    def _is_random(self, root: Node) -> bool:
        waiting = [root]
        while waiting:  # down to what is known already, so that a chain is walked once
            node = waiting[-1]
            unknown = [child for child in node.inputs if id(child) not in self._random]
            if unknown:
                waiting.extend(unknown)
                continue
            waiting.pop()
            own = node.parameter is not None and node.parameter.is_random
            self._random[id(node)] = own or any(self._random[id(child)] for child in node.inputs)
        return self._random[id(root)]


def _identity(term: Term) -> tuple[tuple[int, int], ...]:
    return tuple((id(factor), exponent) for factor, exponent in term.factors)


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
            picks = self._relevant(node, picks)
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
