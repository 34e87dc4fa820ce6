"""The plan of an evaluation: what varies, what is computed once, and where each value lives."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeAlias, TypeVar, cast

import numpy as np

from ..checks import Array
from ..graph.function_table import FUNCTIONS
from ..graph.program import Check, Leaf, Program
from ..kept import kept
from .drawing import Drawing, drawing_of
from .form import form_of
from .memory import Memory

#: Draws that are worked on as one: sums are made for each unit, and added in the order of units (U7).
UNIT = 1 << 18
#: Draws of a step, at least and at most: long calls let threads work at the same time, short ones stay in cache.
_SHORTEST, _LONGEST = 1 << 8, 1 << 17
#: Bytes of the largest value of a step, and of all its values together: so memory is bounded in draws, labels and
#: parameters.
_VALUE_BYTES, STEP_BYTES = 16 << 20, 32 << 20
#: Numbers of a call of NumPy from which on threads do not wait for each other.
_LONG_CALL = 1 << 15
#: How many plans a program keeps, how much a plan of what is made of it, and how many drawings programs of one form.
_KEPT, _FOUND, _DRAWINGS = 4, 4, 2

T = TypeVar("T")


@dataclass(frozen=True)
class Plan:
    """A program with the question asked of it: what varies, what is fixed, where each value lives."""

    program: Program
    fixed: Mapping[int, Array]  # values computed once, (labels..., 1)
    leaves: Mapping[int, int]  # parameters that vary: value -> leaf
    drawing: Drawing  # those of them that are drawn
    steps: tuple[int, ...]  # positions of the other instructions evaluated per draw
    memory: Memory  # where the values of steps live
    overrides: Mapping[str, Array]
    step_draws: int  # a power of two that divides UNIT
    found: dict[Hashable, object]  # what was made of it, by name: kept with it

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

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The guards that every draw has to hold."""
        return tuple(one for one in self.program.checks if one.value not in self.fixed and not one.guard.at_nominal)

    def parameters(self, drawn: Mapping[int, Array], given: slice) -> dict[int, Array]:
        """The parameters that vary, (labels..., n): rows of a drawer, or draws of what was given for them."""
        values = {}
        for position, leaf in self.leaves.items():
            shape, key = self.program.instructions[position].shape, self.program.leaves[leaf].key
            if leaf in drawn:
                values[position] = drawn[leaf].reshape(*shape, -1)
            else:
                values[position] = np.broadcast_to(self.overrides[key][..., given], (*shape, given.stop - given.start))
        return values

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is made of the plan alone: made once, and kept with it."""
        return cast(T, kept(self.found, key, _FOUND, make))

    @cached_property
    def long_calls(self) -> bool:
        """Whether half of the calls are long enough for threads to pay: decided by counts alone, never by a clock."""
        sizes = sorted(math.prod(self.program.instructions[position].shape) for position in (*self.leaves, *self.steps))
        return bool(sizes) and self.step_draws * sizes[len(sizes) // 2] >= _LONG_CALL


def plan_of(program: Program, overrides: Mapping[str, Array], frozen: frozenset[str], random: bool) -> Plan:
    """What depends on a parameter that varies is a step; the rest is computed here, once.

    The program keeps the plans of the last questions that replaced no value.
    """
    if overrides:
        return Plan(program, *_made(program, overrides, frozen, random))
    parts = kept(program.plans, (frozen, random), _KEPT, lambda: _made(program, overrides, frozen, random))
    return Plan(program, *cast(_Parts, parts))


#: A plan without its program, which keeps it.
_Parts: TypeAlias = tuple[
    Mapping[int, Array],
    Mapping[int, int],
    Drawing,
    tuple[int, ...],
    Memory,
    Mapping[str, Array],
    int,
    dict[Hashable, object],
]


def _made(program: Program, overrides: Mapping[str, Array], frozen: frozenset[str], random: bool) -> _Parts:
    def varies(leaf: Leaf) -> bool:
        given = overrides.get(leaf.key)
        drawn = leaf.parameter.is_random and random and leaf.key not in frozen
        return drawn if given is None else given.shape[-1:] > (1,)

    def value(leaf: Leaf, out: Array) -> None:
        given = overrides.get(leaf.key)
        out[...] = leaf.nominal[..., None] if given is None else given[..., None] if given.ndim == 0 else given

    form = form_of(program, tuple(map(varies, program.leaves)))
    fixed: dict[int, Array] = {}
    with np.errstate(all="ignore"):
        compute(program, form.fixed, fixed, value, 1)
    drawn = [leaf for leaf in form.leaves.values() if program.leaves[leaf].key not in overrides]
    drawing = _drawing(program, drawn)
    position = {leaf: position for position, leaf in form.leaves.items()}
    sizes = {position[leaf]: rows.stop - rows.start for leaf, rows in drawing.rows.items()}
    memory = form.memory(
        program, [{p: sizes[p] for p in map(position.__getitem__, one.leaves)} for one in drawing.groups]
    )
    length = step_length(min(_VALUE_BYTES // (8 * form.largest), STEP_BYTES // (8 * max(memory.rows, 1))))
    return fixed, form.leaves, drawing, form.steps, memory, overrides, length, {}


def _drawing(program: Program, drawn: Sequence[int]) -> Drawing:
    """The drawing of some leaves, by their positions; that of another program of this form, where it has the same."""
    if not drawn:
        return drawing_of(program.leaves, program.streams, drawn)
    store = cast(dict[Hashable, tuple[object, Drawing]], program.forms.setdefault("drawings", {}))
    things = (program.streams, *map(program.leaves.__getitem__, drawn))  # kept as well, so that ids stay theirs
    key = (*drawn, *map(id, things))
    return kept(store, key, _DRAWINGS, lambda: (things, drawing_of(program.leaves, program.streams, drawn)))[1]


def step_length(fitting: int) -> int:
    """Draws of one step: as many as fit, a power of two, so that steps and units nest."""
    return min(max(_SHORTEST, 1 << (max(fitting, 1).bit_length() - 1)), _LONGEST)


def compute(
    program: Program,
    positions: Sequence[int],
    values: dict[int, Array],
    fill: Callable[[Leaf, Array], None] | None,
    count: int,
    buffers: Mapping[int, Array] | None = None,
) -> None:
    """Run instructions in order, each into its buffer; `values` holds what is known and takes what is made.

    `fill` makes the values of a parameter that is not known. The one loop over instructions: nominal values, draws
    and traces.
    """
    for call in calls_of(program, positions, values, fill, count, buffers):
        call()


def calls_of(
    program: Program,
    positions: Sequence[int],
    values: dict[int, Array],
    fill: Callable[[Leaf, Array], None] | None,
    count: int,
    buffers: Mapping[int, Array] | None = None,
) -> list[Callable[[], None]]:
    """The calls of `compute`, to be made in order. `values` has the arrays that they fill.

    They may be made again, while what is known lies in the same arrays.
    """
    calls: list[Callable[[], None]] = []
    for position in positions:
        one = program.instructions[position]
        if one.op == "constant":
            values[position] = program.constants[position]
            continue
        shape = (*one.shape, count)
        out = np.empty(shape) if buffers is None else buffers[position][: math.prod(shape)].reshape(shape)
        values[position] = out
        if fill and one.op == "parameter":
            calls.append(partial(fill, program.leaves[one.leaf], out))
        else:
            inputs = [values[i] for i in one.inputs]
            views = [
                v if v.shape[:-1] == view else v.reshape((*view, v.shape[-1]))
                for v, view in zip(inputs, one.views, strict=True)
            ]
            calls.append(partial(FUNCTIONS[one.op].kernel, out, *views, **one.static))
    return calls
