"""The plan of an evaluation: what varies, what is computed once, and where each value lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..expression.functions import FUNCTIONS
from ..expression.program import Instruction, Program
from .stream import BLOCK

Array = npt.NDArray[np.float64]

#: Bytes that the largest value of one step may take, and draws of a step at most: long enough that threads
#: do not fight over the interpreter, short enough that buffers stay in cache.
_STEP_BYTES = 1 << 20
_STEP_DRAWS = 2 * BLOCK


@dataclass(frozen=True)
class Plan:
    """A program with the question asked of it: what varies, what is fixed, where each value lives."""

    program: Program
    fixed: Mapping[int, Array]  # values computed once, (labels..., 1)
    steps: tuple[int, ...]  # positions of the instructions evaluated per draw
    buffers: Mapping[int, int]  # value -> buffer
    sizes: tuple[int, ...]  # label elements per buffer
    overrides: Mapping[str, Array]
    step_draws: int


def plan_of(program: Program, overrides: Mapping[str, Array], frozen: set[str], random: bool) -> Plan:
    """What depends on a parameter that varies is a step; the rest is computed here, once."""
    varying: list[bool] = []
    fixed: dict[int, Array] = {}
    for position, one in enumerate(program.instructions):
        if one.op == "constant":
            varying.append(False)
            fixed[position] = program.constants[position]
            continue
        if one.op == "parameter":
            leaf = program.leaves[one.leaf]
            given = overrides.get(leaf.key)
            varies = given is not None and given.ndim > 0 and given.shape[-1] > 1
            if given is None:
                varies = random and leaf.is_random and leaf.key not in frozen
            varying.append(varies)
            if not varies:
                value = leaf.nominal if given is None else given
                value = value[..., None] if given is None or given.ndim == 0 else value
                fixed[position] = np.broadcast_to(value, (*one.shape, 1))
            continue
        varies = any(varying[i] for i in one.inputs)
        varying.append(varies)
        if not varies:
            with np.errstate(all="ignore"):
                out = np.empty((*one.shape, 1))
                execute(one, out, [fixed[i].reshape((*v, 1)) for i, v in zip(one.inputs, one.views, strict=True)])
                fixed[position] = out
    steps = _needed(program, varying)
    buffers, sizes = _allocate(program, steps)
    largest = max([*sizes, 1])
    fitting = max(1024, _STEP_BYTES // (8 * largest))
    step = min(_STEP_DRAWS, 1 << (fitting.bit_length() - 1))  # a power of two: steps and blocks nest
    return Plan(program, fixed, steps, buffers, sizes, overrides, step)


def _needed(program: Program, varying: list[bool]) -> tuple[int, ...]:
    wanted = {output.value for output in program.outputs.values() if varying[output.value]}
    for position in reversed(range(len(varying))):
        if position in wanted:
            wanted.update(i for i in program.instructions[position].inputs if varying[i])
    return tuple(sorted(wanted))


def _allocate(program: Program, steps: tuple[int, ...]) -> tuple[dict[int, int], tuple[int, ...]]:
    """Give every value a buffer, reusing those whose value is dead; an input is never its own output."""
    last: dict[int, int] = {}
    for position in steps:
        for i in program.instructions[position].inputs:
            last[i] = position
    kept = {output.value for output in program.outputs.values()}
    free: list[int] = []
    sizes: list[int] = []
    buffers: dict[int, int] = {}
    for position in steps:
        one = program.instructions[position]
        size = int(np.prod(one.shape, dtype=int))
        fits = sorted((sizes[b] < size, abs(sizes[b] - size), b) for b in free)
        if fits and (not fits[0][0] or sizes[fits[0][2]] * 4 > size):
            buffer = fits[0][2]
            free.remove(buffer)
            sizes[buffer] = max(sizes[buffer], size)
        else:
            buffer = len(sizes)
            sizes.append(size)
        buffers[position] = buffer
        for i in set(one.inputs):
            if last[i] == position and i in buffers and i not in kept:
                free.append(buffers[i])
    return buffers, tuple(sizes)


def execute(one: Instruction, out: Array, inputs: list[Array]) -> None:
    """One instruction, by the kernel of its function."""
    FUNCTIONS[one.op].kernel(out, *inputs, **one.static)
