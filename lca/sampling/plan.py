"""The plan of an evaluation: what varies, what is computed once, and where each value lives."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..checks import Array
from ..graph.function_table import FUNCTIONS
from ..graph.program import Leaf, Program

#: Draws that are worked on as one: sums are made for each unit, and added in the order of units (U7).
UNIT = 1 << 18
#: Draws of a step, at least and at most: long calls let threads work at the same time, short ones stay in cache.
_SHORTEST, _LONGEST = 1 << 10, 1 << 17
#: Bytes of the largest value of a step, and of everything that a step keeps.
_VALUE_BYTES, _STEP_BYTES = 1 << 20, 1 << 24


@dataclass(frozen=True)
class Plan:
    """A program with the question asked of it: what varies, what is fixed, where each value lives."""

    program: Program
    fixed: Mapping[int, Array]  # values computed once, (labels..., 1)
    steps: tuple[int, ...]  # positions of the instructions evaluated per draw
    buffers: Mapping[int, int]  # value -> buffer
    sizes: tuple[int, ...]  # label elements per buffer
    overrides: Mapping[str, Array]
    step_draws: int  # a power of two that divides UNIT

    @cached_property
    def varying(self) -> Mapping[str, int]:
        """The outputs that vary, by name: where each value stands."""
        outputs = self.program.outputs
        return {name: output.value for name, output in outputs.items() if output.value not in self.fixed}

    @cached_property
    def known(self) -> Mapping[str, Array]:
        """The outputs that no draw changes, (labels..., 1)."""
        outputs = self.program.outputs
        return {name: self.fixed[output.value] for name, output in outputs.items() if output.value in self.fixed}


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
    return Plan(program, fixed, steps, buffers, sizes, overrides, _step_draws(sizes))


def _step_draws(sizes: Sequence[int]) -> int:
    """Draws of one step: as many as fit, a power of two, so that steps and units nest."""
    fitting = min(_VALUE_BYTES // (8 * max(sizes, default=1)), _STEP_BYTES // (8 * max(sum(sizes), 1)))
    return min(max(_SHORTEST, 1 << (max(fitting, 1).bit_length() - 1)), _LONGEST)


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
        size = math.prod(one.shape) * count
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
        size = math.prod(one.shape)
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


def no_parameter(leaf: Leaf, out: Array) -> None:
    """What `compute` is given where the values of all parameters are known."""
    raise AssertionError(leaf.key)
