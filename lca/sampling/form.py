"""The form of an evaluation: what varies, in which order, and where each value lives. It depends on no number.

Programs of one form share it: a changed value asks for no other one.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from ..graph.program import Instruction, Program
from ..kept import kept
from .memory import Memory, memory_of

#: How many forms a program keeps: of the questions that were asked last.
_KEPT = 32


@dataclass(frozen=True)
class Form:
    """A program with what varies of it, and where each value lives."""

    instructions: tuple[Instruction, ...]
    fixed: tuple[int, ...]  # positions of what is computed once
    leaves: Mapping[int, int]  # parameters that vary: value -> leaf, in the order in which they are read
    steps: tuple[int, ...]  # positions of the other instructions evaluated per draw
    largest: int  # numbers of the largest value that varies, for one draw
    memories: dict[Hashable, Memory]

    def memory(self, program: Program, groups: Sequence[Mapping[int, int]]) -> Memory:
        """Where the values of steps live, and groups of parameters that are drawn: how many rows each of them has."""
        key = tuple(tuple(group.items()) for group in groups)
        return kept(self.memories, key, _KEPT, lambda: memory_of(program, self.steps, groups))


def form_of(program: Program, varies: tuple[bool, ...]) -> Form:
    """The form of a program of which some leaves vary; `varies` says which."""
    wanted = (*(o.value for o in program.outputs.values()), *(c.value for c in program.checks))
    key = id(program.instructions), wanted, varies
    return cast(Form, kept(program.forms, key, _KEPT, lambda: _made(program, wanted, varies)))


def _made(program: Program, wanted: Sequence[int], varies: Sequence[bool]) -> Form:
    needed = program.needed(wanted)
    varying: set[int] = set()
    for position in needed:
        one = program.instructions[position]
        if varies[one.leaf] if one.op == "parameter" else not varying.isdisjoint(one.inputs):
            varying.add(position)
    leaves = {p: program.instructions[p].leaf for p in needed if p in varying and program.instructions[p].leaf >= 0}
    steps = tuple(position for position in needed if position in varying and position not in leaves)
    read = {i: position for position in reversed(steps) for i in program.instructions[position].inputs}
    leaves = {position: leaves[position] for position in sorted(leaves, key=lambda p: read.get(p, 0))}
    fixed = tuple(position for position in needed if position not in varying)
    largest = max((math.prod(program.instructions[position].shape) for position in varying), default=1)
    return Form(program.instructions, fixed, leaves, steps, largest, {})
