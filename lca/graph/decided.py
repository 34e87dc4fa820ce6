"""What a value decides of the form of a study.

It is noted at the parameter. Another value that decides the same then needs no other assembly: it takes the place of
the first in what was assembled and compiled already (`rebinding.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .leaf import Parameter
from .node import Node, parameter_node, parameters

T = TypeVar("T")


def decided(by: Callable[[Node], T], node: Node) -> T:
    """What a function finds of a value, noted at the parameters that the value stands on.

    A component and its assembly read values in this way alone. `by` is a function of a module.

    >>> from lca.graph.bounds import is_zero
    >>> from lca.graph.fields import parameter
    >>> decided(is_zero, parameter("x", 0.0))
    True
    """
    found = by(node)
    if node.parameter is not None:
        node.parameter.decided[by] = found
    else:
        looked_at(node)
    return found


def looked_at(*nodes: Node) -> None:
    """Note that anything may follow from these values."""
    for leaf in parameters(nodes):
        assert leaf.parameter is not None
        leaf.parameter.decided[_everything] = _everything(leaf)


def decides_the_same(old: Parameter, new: Parameter) -> bool:
    """Whether one parameter can take the place of another, as far as is noted: same key, dims, unit and decisions."""
    same = (old.key, old.unit, old.dims, old.own, old.fixed, old.kind, old.population, old.is_random) == (
        new.key, new.unit, new.dims, new.own, new.fixed, new.kind, new.population, new.is_random,
    )  # fmt: skip
    return same and same_decisions(old, new)


def same_decisions(old: Parameter, new: Parameter) -> bool:
    """Whether a parameter decides what another was noted to decide."""
    node = parameter_node(new)
    return all(by(node) == was for by, was in list(old.decided.items()))


def _everything(node: Node) -> object:
    assert node.parameter is not None
    return node.parameter.numbers, node.parameter.unit
