"""A plan lowered to element operations: labels become elements, so that sums, selections and stacks are renamings.

Every row of the table of functions has an element form here, except what calls code of a user (`apply`): a plan with
one of those runs in NumPy.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..distributions.shapes import DiscreteShape, EmpiricalShape, TriangularShape, UniformShape
from ..graph.kernels import whole_exponent
from ..graph.program import Instruction, Leaf
from .drawing import standards_of
from .elements import Elements, Op
from .plan import Plan

_DIRECT = (UniformShape, TriangularShape, EmpiricalShape, DiscreteShape)
#: What is finite lies between these.
_LARGEST = sys.float_info.max
#: The elements of a value, on the shape of its labels.
Places = npt.NDArray[np.int64]


@dataclass
class Lowered:
    """What a plan comes to in elements."""

    elements: Elements
    outputs: dict[str, Places] = field(default_factory=dict)  # those that vary
    limits: list[tuple[int, float, float]] = field(default_factory=list)  # element, lowest and highest value
    given: list[tuple[str, int]] = field(default_factory=list)  # rows of overrides: key, row


def lacking(plan: Plan) -> list[str]:
    """The functions and distributions of a plan that have no element form."""
    used = {plan.program.instructions[position].op for position in plan.steps}
    drawn = {type(one.shape) for one in plan.drawing.standards if one.shape.direct}
    functions = sorted(used - set(_ELEMENTWISE) - set(_OVER_LABELS))
    return functions + sorted(shape.__name__ for shape in drawn - set(_DIRECT))


def lower(plan: Plan, few: Mapping[str, tuple[slice, ...]]) -> Lowered:
    """The element operations of a plan, with some labels alone of few outputs; `lacking` is empty."""
    return Lowering(plan).done(few)


class Lowering:
    """The elements of a plan, made instruction by instruction; a subclass may draw parameters in another way."""

    def __init__(self, plan: Plan, elements: Elements | None = None) -> None:
        self.plan, self.program = plan, plan.program
        self.elements = Elements() if elements is None else elements
        self.made = Lowered(self.elements)
        self.places: dict[int, Places] = {}
        self._standards = {standard: place for place, standard in enumerate(plan.drawing.standards)}
        drawn = [self.program.leaves[leaf] for leaf in plan.drawing.rows]
        self._uses = Counter(one for leaf in drawn for one in standards_of(leaf, self.program.streams))

    def done(self, few: Mapping[str, tuple[slice, ...]]) -> Lowered:
        self.compute()
        self.made.outputs |= {
            name: self.places[position][few.get(name, ())] for name, position in self.plan.varying.items()
        }
        looked_at = [(places, (-_LARGEST, _LARGEST)) for places in self.made.outputs.values()]
        looked_at += [(self.places[check.value], check.guard.edges) for check in self.plan.checks]
        self.made.limits += [(place, *edges) for places, edges in looked_at for place in places.ravel().tolist()]
        return self.made

    def compute(self) -> None:
        """The elements of every value that varies."""
        for position, leaf in self.plan.leaves.items():
            self.places[position] = self._parameter(position, leaf)
        for position in self.plan.steps:
            self.places[position] = self._computed(self.program.instructions[position])

    def _inputs(self, one: Instruction) -> list[Places]:
        return [self.of(i).reshape(view) for i, view in zip(one.inputs, one.views, strict=True)]

    def of(self, position: int) -> Places:
        """The elements of a value, on the shape of its labels; numbers, where it does not vary."""
        if position not in self.places:
            fixed, constant = self.plan.fixed[position], self.elements.constant
            places = [constant(value) for value in fixed.ravel().tolist()]
            self.places[position] = np.array(places, np.int64).reshape(fixed.shape[:-1])
        return self.places[position]

    def _computed(self, one: Instruction) -> Places:
        inputs = self._inputs(one)
        if one.op in _OVER_LABELS:
            return _OVER_LABELS[one.op](self.elements, one, inputs)
        form = _ELEMENTWISE[one.op]
        rows = zip(*(np.broadcast_to(places, one.shape).ravel().tolist() for places in inputs), strict=True)
        made = [form(self.elements, one, row) for row in rows]
        return np.array(made, np.int64).reshape(one.shape)

    def _parameter(self, position: int, number: int) -> Places:
        leaf, shape = self.program.leaves[number], self.program.instructions[position].shape
        if leaf.key in self.plan.overrides:
            return self._given(leaf.key, shape)
        rows = leaf.parameter.rows
        made = [self.drawn(leaf, row) for row in range(len(rows.shape_of))]
        return np.array(made, np.int64).reshape(shape)

    def _given(self, key: str, shape: tuple[int, ...]) -> Places:
        labels = self.plan.overrides[key].shape[:-1]
        first, count = len(self.made.given), math.prod(labels)
        self.made.given += [(key, row) for row in range(count)]
        made = [self.elements.make(Op.GIVEN, extra=first + row) for row in range(count)]
        return np.broadcast_to(np.array(made, np.int64).reshape(labels), shape)

    def drawn(self, leaf: Leaf, row: int) -> int:
        """A row of a parameter: location + scale x a standard draw, which rows of one column and shape share."""
        standard = standards_of(leaf, self.program.streams)[row]
        constant, rows = self.elements.constant, leaf.parameter.rows
        location = constant(rows.location[row])
        if standard is None:
            return location
        scale, place = constant(rows.scale[row]), self._standards[standard]
        if self._uses[standard] == 1:
            return self._standard(place, scale, location)
        drawn = self._standard(place, constant(1.0), constant(0.0))
        return self.elements.make(Op.ADD, self.elements.make(Op.MULTIPLY, drawn, scale), location)

    def _standard(self, place: int, scale: int, location: int) -> int:
        shape, make = self.plan.drawing.standards[place].shape, self.elements.make
        if isinstance(shape, UniformShape):
            return make(Op.UNIFORM, place, scale, location)
        if isinstance(shape, TriangularShape):
            return make(Op.TRIANGULAR, place, scale, location, extra=~self.elements.constant(shape.mode))
        if isinstance(shape, EmpiricalShape):
            return make(Op.EMPIRICAL, place, scale, location, extra=self.elements.listed(np.array(shape.values)))
        if isinstance(shape, DiscreteShape):
            both = np.array([*shape.values, *shape.edges])
            return make(Op.DISCRETE, place, scale, location, extra=self.elements.listed(both))
        return make(Op.CUBIC, place, scale, location, extra=int(self.plan.drawing.offsets.view(np.int32)[place, 0]))


# --- elementwise ----------------------------------------------------------------------------------

Form = Callable[[Elements, Instruction, Sequence[int]], int]


def _plain(op: Op, order: Sequence[int] = (0, 1, 2)) -> Form:
    def form(elements: Elements, one: Instruction, row: Sequence[int]) -> int:
        return elements.make(op, *(row[i] for i in order[: len(row)]))

    return form


def _power(elements: Elements, one: Instruction, row: Sequence[int]) -> int:
    exponent = one.static["exponent"]
    bits = whole_exponent(exponent)
    if bits is None:
        return elements.make(Op.POWER, row[0], elements.constant(exponent))
    made = row[0]
    for bit in bits:
        made = elements.make(Op.MULTIPLY, made, made)
        made = elements.make(Op.MULTIPLY, made, row[0]) if bit else made
    return made if exponent > 0 else elements.make(Op.DIVIDE, elements.constant(1.0), made)


def _clip(elements: Elements, one: Instruction, row: Sequence[int]) -> int:
    x, low, high = row
    if low < 0 and high < 0:
        return elements.make(Op.CLIP, x, low, high)
    return elements.make(Op.MINIMUM, elements.make(Op.MAXIMUM, x, low), high)


def _interpolate(elements: Elements, one: Instruction, row: Sequence[int]) -> int:
    x, y = (np.asarray(one.static[name], dtype=np.float64) for name in ("x_values", "y_values"))
    if row[0] < 0:
        return elements.constant(float(np.interp(elements.constants[~row[0]], x, y)))
    return elements.make(Op.INTERPOLATE, row[0], extra=elements.listed(np.stack([x, y])))


def _choice(elements: Elements, one: Instruction, row: Sequence[int]) -> int:
    made = row[-1]
    for threshold, option in reversed(list(zip(one.static["thresholds"], row[1:-1], strict=True))):
        below = elements.make(Op.LESS, row[0], elements.constant(threshold))
        made = elements.make(Op.WHERE, below, option, made)
    return made


_ELEMENTWISE: Mapping[str, Form] = {
    "add": _plain(Op.ADD), "subtract": _plain(Op.SUBTRACT), "multiply": _plain(Op.MULTIPLY),
    "divide": _plain(Op.DIVIDE), "negative": _plain(Op.NEGATIVE), "power": _power, "raised": _plain(Op.POWER),
    "exp": _plain(Op.EXP), "log": _plain(Op.LOG), "minimum": _plain(Op.MINIMUM), "maximum": _plain(Op.MAXIMUM),
    "clip": _clip, "ceil": _plain(Op.CEIL), "less": _plain(Op.LESS), "less_equal": _plain(Op.LESS_EQUAL),
    "greater": _plain(Op.LESS, (1, 0)), "greater_equal": _plain(Op.LESS_EQUAL, (1, 0)), "where": _plain(Op.WHERE),
    "interpolate": _interpolate, "choice": _choice,
}  # fmt: skip


# --- over labels ----------------------------------------------------------------------------------


def _running(elements: Elements, op: Op, slices: Places) -> list[Places]:
    """Slices added up or multiplied in their order, as the kernels do (U7)."""
    made = [slices[0]]
    for piece in slices[1:]:
        pairs = zip(made[-1].ravel().tolist(), piece.ravel().tolist(), strict=True)
        made.append(np.array([elements.make(op, a, b) for a, b in pairs], np.int64).reshape(piece.shape))
    return made


def _sum(elements: Elements, one: Instruction, inputs: list[Places]) -> Places:
    return _running(elements, Op.ADD, np.moveaxis(inputs[0], one.static["axis"], 0))[-1]


def _cumulative(elements: Elements, one: Instruction, inputs: list[Places]) -> Places:
    axis = one.static["axis"]
    return np.stack(_running(elements, Op.MULTIPLY, np.moveaxis(inputs[0], axis, 0)), axis)


def _stack(elements: Elements, one: Instruction, inputs: list[Places]) -> Places:
    axis = one.static["axis"]
    rest = one.shape[:axis] + one.shape[axis + 1 :]
    return np.stack([np.broadcast_to(np.squeeze(places, axis), rest) for places in inputs], axis)


def _select(elements: Elements, one: Instruction, inputs: list[Places]) -> Places:
    return np.moveaxis(inputs[0], one.static["axis"], 0)[one.static["position"]]


def _take(elements: Elements, one: Instruction, inputs: list[Places]) -> Places:
    source = np.moveaxis(inputs[0], one.static["axis"], 0)
    nothing = np.full(source.shape[1:], elements.constant(0.0))
    made = [source[position] if position >= 0 else nothing for position in one.static["positions"]]
    return np.moveaxis(np.stack(made), 0, one.static["out_axis"])


_OVER_LABELS: Mapping[str, Callable[[Elements, Instruction, list[Places]], Places]] = {
    "sum": _sum, "cumulative_product": _cumulative, "stack": _stack, "select": _select, "take": _take,
}  # fmt: skip
