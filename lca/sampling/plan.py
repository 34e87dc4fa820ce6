"""The plan of an evaluation: what varies, what is computed once, and where each value lives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import Array
from ..graph.function_table import FUNCTIONS
from ..graph.program import Leaf, Program
from .stream import BLOCK

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

    def varies(leaf: Leaf) -> bool:
        given = overrides.get(leaf.key)
        drawn = leaf.parameter.is_random and random and leaf.key not in frozen
        return drawn if given is None else given.shape[-1:] > (1,)

    needed = program.needed([*(o.value for o in program.outputs.values()), *(c.value for c in program.checks)])
    varying: set[int] = set()
    for position in needed:
        one = program.instructions[position]
        if varies(program.leaves[one.leaf]) if one.op == "parameter" else not varying.isdisjoint(one.inputs):
            varying.add(position)

    def value(leaf: Leaf, out: Array) -> None:
        given = overrides.get(leaf.key)
        out[...] = leaf.nominal[..., None] if given is None else given[..., None] if given.ndim == 0 else given

    fixed: dict[int, Array] = {}
    with np.errstate(all="ignore"):
        compute(program, [p for p in needed if p not in varying], fixed, value, 1)
    steps = tuple(position for position in needed if position in varying)
    buffers, sizes = _allocate(program, steps)
    largest = max([*sizes, 1])
    fitting = max(1024, _STEP_BYTES // (8 * largest))
    step = min(_STEP_DRAWS, 1 << (fitting.bit_length() - 1))  # a power of two: steps and blocks nest
    return Plan(program, fixed, steps, buffers, sizes, overrides, step)


def compute(
    program: Program,
    positions: Sequence[int],
    values: dict[int, Array],
    draw: Callable[[Leaf, Array], None],
    count: int,
    buffers: Mapping[int, Array] | None = None,
) -> None:
    """Run instructions in order, each into its buffer; `values` holds what is known and takes what is made.

    `draw` fills the values of a parameter. The one loop over instructions: nominal values, draws and traces.
    """
    for position in positions:
        one = program.instructions[position]
        if one.op == "constant":
            values[position] = program.constants[position]
            continue
        size = int(np.prod(one.shape, dtype=int)) * count
        flat = np.empty(size) if buffers is None else buffers[position][:size]
        out = values[position] = flat.reshape((*one.shape, count))
        if one.op == "parameter":
            draw(program.leaves[one.leaf], out)
        else:
            inputs = [values[i] for i in one.inputs]
            views = [v.reshape((*view, v.shape[-1])) for v, view in zip(inputs, one.views, strict=True)]
            FUNCTIONS[one.op].kernel(out, *views, **one.static)


def _allocate(program: Program, steps: tuple[int, ...]) -> tuple[dict[int, int], tuple[int, ...]]:
    """Give every value a buffer, reusing those whose value is dead; an input is never its own output."""
    last = {i: position for position in steps for i in program.instructions[position].inputs}
    kept = {output.value for output in program.outputs.values()} | {check.value for check in program.checks}
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
