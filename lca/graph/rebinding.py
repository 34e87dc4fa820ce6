"""Other values in the place of parameters: in a graph and in its compiled program, the form of which stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from .decided import decides_the_same
from .guard import Guard, Shown
from .leaf import Constant, Parameter
from .node import Node, postorder
from .program import Leaf, Program

#: What takes the place of a parameter, by the identity of that parameter.
Swaps: TypeAlias = Mapping[int, tuple[Parameter, Parameter]]


def swaps(pairs: Sequence[tuple[Node, Node]]) -> Swaps | None:
    """The parameters in which expressions differ from others; None where they differ in more."""
    found: dict[int, tuple[Parameter, Parameter]] = {}
    waiting = list(pairs)
    while waiting:
        old, new = waiting.pop()
        if old is new and not old.refers:
            continue
        if new.refers or not same_form(old, new):
            return None
        waiting.extend(zip(old.inputs, new.inputs, strict=True))
        if old.parameter is None or new.parameter is None or old.parameter is new.parameter:
            continue
        _, other = found.setdefault(id(old.parameter), (old.parameter, new.parameter))
        if other is not new.parameter and other.definition != new.parameter.definition:
            return None
    olds, news = ([pair[which] for pair in found.values()] for which in (0, 1))
    if not all(map(decides_the_same, olds, news)) or _equal_ones(olds) != _equal_ones(news):
        return None
    for before, now in found.values():
        now.decided.update(before.decided)
    return found


def same_form(old: Node, new: Node) -> bool:
    if (old.parameter is None) != (new.parameter is None):
        return False
    if isinstance(old.leaf, Constant) and isinstance(new.leaf, Constant):
        if not np.array_equal(old.leaf.values, new.leaf.values):
            return False
    elif (old.leaf is None) != (new.leaf is None):
        return False
    said = [(one.name, one.function, len(one.inputs), one.static, one.unit, one.dims) for one in (old, new)]
    return said[0] == said[1] and all(a.coordinates == b.coordinates for a, b in zip(old.dims, new.dims, strict=True))


def _equal_ones(of: Sequence[Parameter]) -> list[int]:
    """For each value of each key, where the first that equals it stands: equal leaves are compiled as one."""
    first: dict[object, int] = {}
    numbers = [(one.key, one.fixed, number) for one in of for number in one.numbers]
    return [first.setdefault(number, place) for place, number in enumerate(numbers)]


def swapped(roots: Sequence[Node], by: Swaps) -> list[Node] | None:
    """The same graph with other parameters; None where one of their keys stands for another parameter as well."""
    keys = {old.key for old, _ in by.values()}
    made: dict[int, Node] = {}
    for node in postorder(roots):
        now = node
        if node.parameter is not None:
            if id(node.parameter) in by:
                leaf = by[id(node.parameter)][1]
                now = Node(None, (), {}, node.unit, node.dims, leaf=leaf, name=node.name, path=node.path)
            elif node.parameter.key in keys:
                return None
        else:
            inputs = tuple([made[id(child)] for child in node.inputs])
            if any(one is not was for one, was in zip(inputs, node.inputs, strict=True)):
                now = Node(node.function, inputs, node.static, node.unit, node.dims, name=node.name, path=node.path)
        made[id(node)] = now
    return [made[id(node)] for node in roots]


def rebound(program: Program, by: Swaps) -> Program | None:
    """The program with other parameters: no instruction changes. None where it does not know where one came from."""
    keys = {old.key for old, _ in by.values()}
    leaves = []
    for leaf in program.leaves:
        now = leaf
        if leaf.key in keys:
            new = _in_place_of(leaf.parameter, by)
            if new is None:
                return None
            now = Leaf(new, leaf.stream, new.nominal)
        leaves.append(now)
    checks = tuple(replace(check, guard=shown(check.guard, by)) for check in program.checks)
    return replace(program, leaves=tuple(leaves), checks=checks)


def shown(guard: Guard, by: Swaps) -> Guard:
    """A guard that shows what parameters are now."""
    if not any(isinstance(side, Shown) for side in guard.sides):
        return guard
    return replace(guard, sides=[_side(side, by) for side in guard.sides])


def _side(side: str | Shown, by: Swaps) -> str | Shown:
    if isinstance(side, str):
        return side
    new = _in_place_of(side.parameter, by)
    return side if new is None else replace(side, parameter=new)


def _in_place_of(parameter: Parameter, by: Swaps) -> Parameter | None:
    if id(parameter) in by:
        return by[id(parameter)][1]
    if parameter.origin is None:
        return None
    parts, make = parameter.origin
    now = [part for one in parts if (part := _in_place_of(one, by)) is not None]
    return make(now) if len(now) == len(parts) else None
