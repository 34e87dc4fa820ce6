"""Results at nominal values with one parameter moved at a time, all moves as one batch along the axis of draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from ..checks import Array
from ..errors import NonFiniteError
from ..graph.program import Leaf, Program
from .design import RandomDesign
from .evaluate import evaluate

#: A key, and where each of its leaves goes: values in root units on the shape of the leaf.
Move: TypeAlias = tuple[str, Callable[[Leaf], Array]]
#: Moves of one batch, which bounds its memory: a moved key has a value for each.
_BATCH = 512


def moved(program: Program, moves: Sequence[Move]) -> dict[str, Array]:
    """Every output at nominal values after each of some moves: arrays (labels..., moves) in root units.

    Alternatives may define one key differently, and a selected label has fewer rows than all of them: each leaf moves
    from its own values, on its own shape.

    >>> from lca.distributions.families import Uniform
    >>> from lca.graph.fields import parameter
    >>> from lca.graph.program import compile_program
    >>> program = compile_program({"twice": 2 * parameter("x", Uniform(0, 1))})
    >>> moved(program, [("x", lambda leaf: leaf.nominal + 1), ("x", lambda leaf: leaf.nominal * 0)])["twice"].tolist()
    [3.0, 0.0]
    """
    shapes = {name: program.instructions[output.value].shape for name, output in program.outputs.items()}
    made = {name: np.empty((*shape, len(moves))) for name, shape in shapes.items()}
    for first in range(0, len(moves), _BATCH):
        for name, values in _batch(program, moves[first : first + _BATCH]).items():
            made[name][..., first : first + _BATCH] = values
    return made


def _batch(program: Program, moves: Sequence[Move]) -> dict[str, Array]:
    # a leaf is what moves, and an override knows keys alone: each leaf that moves gets a key of its own
    of_key: dict[str, list[tuple[int, Callable[[Leaf], Array]]]] = {}
    for number, (key, to) in enumerate(moves):
        of_key.setdefault(key, []).append((number, to))
    leaves, given = list(program.leaves), {}
    for place, leaf in enumerate(leaves):
        if leaf.key in of_key:
            values = np.repeat(leaf.nominal[..., None], len(moves), axis=-1)
            for number, to in of_key[leaf.key]:
                values[..., number] = to(leaf)
            key = f"{leaf.key} [{place}]"
            leaves[place] = replace(leaf, parameter=replace(leaf.parameter, key=key))
            given[key] = values
    own = replace(program, leaves=tuple(leaves), checks=())
    held = {leaf.key for leaf in leaves}
    try:
        return evaluate(own, draws=len(moves), design=RandomDesign(0), freeze=held, overrides=given)
    except NonFiniteError:
        for move in moves if len(moves) > 1 else ():  # one by one: the error is of nominal values, not of a draw
            _batch(program, [move])
        raise
