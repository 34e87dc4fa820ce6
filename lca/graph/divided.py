"""A compiled program at some labels of a dim alone: the same operations on fewer rows, so the same bits.

Values that hold all labels of the dim keep those of the block. Values over other labels of a dim of this name, such as
of scenarios that share a form, keep those that are in the block.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from ..checks import Array
from .labels import Dim, Dims, Label
from .program import Check, Instruction, Leaf, Output, Program, Stream, own_labels, view

#: Functions of one value over its own dims.
_OVER_ONE = ("sum", "cumulative_product", "select", "take")
#: Of a value that blocks of several labels need.
_ALL = object()


def wanted(program: Program) -> set[int]:
    """The values that a program is asked for, and those that its checks look at."""
    return {one.value for one in program.outputs.values()} | {one.value for one in program.checks}


class Divided:
    """A program along a dim of its outputs, of which some labels can be had."""

    def __init__(self, program: Program, name: str) -> None:
        self.program, self.name = program, name
        every = (dim for output in program.outputs.values() for dim in output.dims)
        self.whole = next(dim for dim in every if dim.name == name)
        self._values: dict[int, Array] = {}

    @cached_property
    def possible(self) -> bool:
        """Whether no block needs labels of another: nothing is summed over the dim, or reads another label."""
        readers: dict[int, object] = {}

        def read(position: int, label: object) -> None:
            known = readers.setdefault(position, label)
            readers[position] = label if known == label else _ALL

        for value in wanted(self.program):
            read(value, _ALL)
        for position in reversed(range(len(self.program.instructions))):
            if position in readers:
                made, label = self.program.instructions[position], readers[position]
                if not self._stays(made, label):
                    return False
                labels = self.stacked(made)
                for place, i in enumerate(made.inputs):
                    read(i, labels[place] if labels else label)
        return True

    def stacked(self, one: Instruction) -> tuple[Label, ...]:
        """The labels of the dim that a stack puts side by side."""
        new = one.dims[one.static["axis"]] if one.op == "stack" else None
        return new.labels if new is not None and new.name == self.name else ()

    def _stays(self, one: Instruction, label: object) -> bool:
        """Whether a value that is read at a label, or at all of them, reads no other."""
        if one.op not in _OVER_ONE or one.static["dim"] != self.name:
            return True
        source = self._dim(self.program.instructions[one.inputs[0]].dims)
        if one.op == "select":
            return source.labels[one.static["position"]] == label
        new = one.dims[one.static["out_axis"]] if one.op == "take" else None
        if new is None or new.name != self.name:
            return False
        pairs = zip(new.labels, one.static["positions"], strict=True)
        return all(at < 0 or source.labels[at] == own for own, at in pairs)

    def _dim(self, dims: Dims) -> Dim:
        return next(dim for dim in dims if dim.name == self.name)

    def at(self, labels: slice) -> Program:
        """The program at some labels of the dim. What does not vary over the dim is as it was."""
        return _Block(self, labels).program()

    def values(self, leaf: int) -> Array:
        """The values of a parameter, on the shape of its dims."""
        if leaf not in self._values:
            parameter = self.program.leaves[leaf].parameter
            table = np.empty(len(parameter.values), dtype=object)
            table[:] = parameter.values
            self._values[leaf] = table.reshape(parameter.shape)
        return self._values[leaf]


class _Block:
    """The program at some labels, while it is made."""

    def __init__(self, of: Divided, labels: slice) -> None:
        self.of, self.whole = of, of.program
        self._labels, self._held = labels, set(of.whole.labels[labels])
        self._some: dict[int, tuple[Dim, Dim, list[int]]] = {}  # with the whole dim, so that its id stays its own
        self._leaves: list[Leaf] = []
        self._streams: dict[Stream, int] = {}
        self._constants: dict[int, Array] = {}

    def program(self) -> Program:
        """The instructions that its outputs and checks stand on, in their order."""
        inputs = self._needed()
        place = {position: number for number, position in enumerate(sorted(inputs))}
        made = tuple(
            self._instruction(position, number, tuple(place[i] for i in inputs[position]), inputs[position])
            for position, number in place.items()
        )
        outputs = {
            name: Output(place[one.value], self._dims(one.dims), one.unit, one.factor)
            for name, one in self.whole.outputs.items()
        }
        checks = tuple(
            Check(place[one.value], one.guard, self._dims(one.dims), one.unit, one.factor) for one in self.whole.checks
        )
        return Program(made, tuple(self._leaves), tuple(self._streams), self._constants, outputs, checks)

    def _needed(self) -> dict[int, tuple[int, ...]]:
        """What each value that is needed stands on, by position: of a stack over the dim the labels alone."""
        needed = wanted(self.whole)
        found = {}
        for position in reversed(range(len(self.whole.instructions))):
            if position in needed:
                one = self.whole.instructions[position]
                found[position] = one.inputs
                if self.of.stacked(one):
                    found[position] = tuple(one.inputs[i] for i in self._of(one.dims[one.static["axis"]])[1])
                needed.update(found[position])
        return found

    def _of(self, dim: Dim) -> tuple[Dim, list[int]]:
        """A dim of this name with the labels of the block, and where these stand in it; at least one of them."""
        if id(dim) not in self._some:
            places = list(range(len(dim)))[self._labels]
            if dim.labels != self.of.whole.labels:
                places = [place for place, label in enumerate(dim.labels) if label in self._held] or [0]
            along = {name: tuple(every[i] for i in places) for name, every in dim.coordinates.items()}
            self._some[id(dim)] = dim, Dim(dim.name, tuple(dim.labels[i] for i in places), along), places
        return self._some[id(dim)][1:]

    def _dims(self, dims: Dims) -> Dims:
        return tuple(self._of(dim)[0] if dim.name == self.of.name else dim for dim in dims)

    def _axis(self, dims: Dims) -> tuple[int, list[int]] | None:
        """Where the dim is among some dims, and the places of its labels."""
        return next(((axis, self._of(dim)[1]) for axis, dim in enumerate(dims) if dim.name == self.of.name), None)

    def _instruction(self, position: int, number: int, inputs: tuple[int, ...], before: Sequence[int]) -> Instruction:
        one = self.whole.instructions[position]
        dims = self._dims(one.dims)
        shape = tuple(map(len, dims))
        if one.op == "constant":
            values = self.whole.constants[position]
            at = self._axis(one.dims)
            self._constants[number] = values if at is None else np.take(values, at[1], at[0])
        if one.op == "parameter":
            self._leaves.append(self._leaf(one.leaf))
            return replace(one, dims=dims, shape=shape, leaf=len(self._leaves) - 1)
        seen = [self._dims(self.whole.instructions[i].dims) for i in before]
        own = one.op in _OVER_ONE
        views = tuple(tuple(map(len, each)) if own else view(each, dims) for each in seen)
        static = self._static(one, self.whole.instructions[before[0]].dims) if own else one.static
        return replace(one, inputs=inputs, dims=dims, shape=shape, views=views, static=static)

    def _leaf(self, number: int) -> Leaf:
        leaf = self.whole.leaves[number]
        at = self._axis(leaf.parameter.dims)
        parameter, nominal = leaf.parameter, leaf.nominal
        if at is not None:
            values = np.take(self.of.values(number), at[1], at[0])
            parameter = replace(parameter, values=tuple(values.ravel().tolist()), dims=self._dims(parameter.dims))
            nominal = np.take(nominal, at[1], at[0])
        stream = Stream(leaf.key, tuple(own_labels(parameter)))
        return Leaf(parameter, self._streams.setdefault(stream, len(self._streams)), nominal)

    def _static(self, one: Instruction, source: Dims) -> Mapping[str, object]:
        """What a function over a dim is told: places along the dim are those of the block."""
        static = dict(one.static)
        if one.op == "take" and (new := one.dims[static["out_axis"]]).name == self.of.name:
            static["positions"] = tuple(static["positions"][i] for i in self._of(new)[1])
        if static["dim"] == self.of.name:  # what is read of it is in the block
            at = self._axis(source)
            place = {before: now for now, before in enumerate(at[1] if at else ())} | {-1: -1}
            if one.op == "select":
                static["position"] = place[static["position"]]
            else:
                static["positions"] = tuple(place[i] for i in static["positions"])
        return static
