"""Stacks of like formulas as one formula over stacks: what alternatives share is there once, without their dim.

stack(f(a, x), f(a, y)) is f(a, stack(x, y)), with the same bits. It is done only where something is shared in the end:
a value, or a parameter that has one key in all alternatives, which becomes one parameter over the dim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from ..errors import LabelError
from .function_table import FUNCTIONS
from .identity import Interner
from .labels import Dim, merge_dims
from .leaf import Parameter
from .node import Node, parameter_node, postorder, rebuilt

#: The values of one place of a formula in all alternatives.
Branches: TypeAlias = tuple[Node, ...]
#: Functions over dims that alternatives may share; all elementwise ones may be, but for a user's own.
_OVER_DIMS = ("sum", "cumulative_product", "select", "take", "stack")


def lifted(root: Node, number: Interner) -> Node:
    """The same value with its stacks of like formulas lifted. What is found of a node stays with it."""
    for node in postorder([root], lambda one: one.inputs if one.stacked and one.lifted is None else ()):
        if node.stacked and node.lifted is None:
            made = rebuilt(node, [_found(child) for child in node.inputs])
            node.lifted = _one_formula(made, number) if _name(made) == "stack" else made
    return _found(root)


def _found(node: Node) -> Node:
    return node if node.lifted is None else node.lifted


def _one_formula(stack: Node, number: Interner) -> Node:
    """A stack as one formula, or the stack itself where its branches are all the same or share nothing."""
    if _same(stack.inputs, number):
        return stack
    new: Dim = stack.static["new"]
    made: dict[tuple[int, ...], Node | None] = {}  # by the numbers of the branches; None where nothing is shared
    waiting: list[Branches] = [stack.inputs]
    while waiting:
        branches = waiting[-1]
        below = _inputs(branches, new)
        open_ = [inputs for inputs in below if _key(inputs, number) not in made and not _same(inputs, number)]
        if open_:
            waiting.extend(open_)
            continue
        waiting.pop()
        made.setdefault(_key(branches, number), _shared(branches, below, new, made, number))
    found = made[_key(stack.inputs, number)]
    return stack if found is None else found.named(stack.name, stack.path).with_dims(stack.dims)


def _key(branches: Branches, number: Interner) -> tuple[int, ...]:
    return tuple(number(branch) for branch in branches)


def _same(branches: Branches, number: Interner) -> bool:
    return len(set(_key(branches, number))) == 1


def _shared(
    branches: Branches, below: Sequence[Branches], new: Dim, made: dict[tuple[int, ...], Node | None], number: Interner
) -> Node | None:
    """One value over the new dim for like branches that share something; None for others."""
    if (leaf := _one_parameter(branches, new)) is not None:
        return leaf
    found = [inputs[0] if _same(inputs, number) else made[_key(inputs, number)] for inputs in below]
    if all(one is None for one in found):
        return None
    assert branches[0].function is not None
    inputs = [_stacked(of, new) if one is None else one for one, of in zip(found, below, strict=True)]
    return Node._build(branches[0].function, inputs, branches[0].static)


def _stacked(branches: Branches, new: Dim) -> Node:
    return Node._build(FUNCTIONS["stack"], branches, {"new": new})


def _name(node: Node) -> str:
    return node.function.name if node.function is not None else ""


def _inputs(branches: Branches, new: Dim) -> list[Branches]:
    """The inputs of like functions, place by place; nothing where the functions differ or cannot be lifted."""
    row, static = branches[0].function, branches[0].static
    if row is None or row.name == "apply" or not (row.elementwise or row.name in _OVER_DIMS):
        return []
    if any(one.function is not row or one.static != static for one in branches[1:]):
        return []
    below = list(zip(*(one.inputs for one in branches), strict=True))
    return below if all(_fit(inputs, new) for inputs in below) else []


def _fit(branches: Branches, new: Dim) -> bool:
    """Whether values can stand side by side: of one unit, on the same labels, without the new dim."""
    if any(one.unit != branches[0].unit or new.name in one.dim_names for one in branches):
        return False
    try:
        merge_dims([one.dims for one in branches])
    except LabelError:
        return False
    return True


def _one_parameter(branches: Branches, new: Dim) -> Node | None:
    """One parameter over the new dim, if the branches are a parameter of one key: its labels share the streams (U2)."""
    first = branches[0].parameter
    if first is None or any(one.parameter is None or _about(one.parameter) != _about(first) for one in branches):
        return None
    return parameter_node(_side_by_side([one.parameter for one in branches if one.parameter is not None], new))


def _side_by_side(parameters: Sequence[Parameter], new: Dim) -> Parameter:
    first = parameters[0]
    dims = tuple(sorted((*first.dims, new), key=lambda dim: dim.name))
    tables = np.empty((len(parameters), len(first.values)), object)
    for row, one in zip(tables, parameters, strict=True):
        row[:] = one.values
    whole = np.moveaxis(tables.reshape(len(parameters), *first.shape), 0, dims.index(new))
    made = replace(first, values=tuple(whole.ravel().tolist()), dims=dims)
    return made.made_of(tuple(parameters), lambda others: _side_by_side(others, new))


def _about(one: Parameter) -> tuple[object, ...]:
    """All of a parameter but its values."""
    labels = tuple((dim.name, dim.texts) for dim in one.dims)
    return one.key, one.unit, one.scale, labels, one.own, one.fixed, one.kind, one.population
