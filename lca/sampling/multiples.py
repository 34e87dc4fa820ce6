"""Which rows of a value are fixed multiples of others: proven by the structure of a plan, never by trials.

A value at 27 labels whose factors err alike is that at the first label times 27 numbers. So are its mean, its standard
deviation, its ends and its quantiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import Array
from ..graph.leaf import Parameter
from ..graph.program import Instruction
from .plan import Plan

#: How far a location may be from the multiple that the scale is, as a share of it: some last digits.
_DIGITS = 4 * np.finfo(float).eps


@dataclass(frozen=True, eq=False)
class Multiples:
    """A value is `factors` times itself at the first label along some `axes`; those of one label are among them."""

    axes: frozenset[int]
    factors: Array  # on the shape of the value; 1 at the first label along the axes

    @classmethod
    def unproven(cls, shape: Sequence[int]) -> Multiples:
        """Nothing is known of how labels differ."""
        return cls(frozenset(axis for axis, length in enumerate(shape) if length == 1), np.ones(shape))

    @property
    def first(self) -> tuple[slice, ...]:
        """The labels of which the others are multiples."""
        return tuple(slice(1) if axis in self.axes else slice(None) for axis in range(self.factors.ndim))

    @property
    def useful(self) -> bool:
        """Whether there are fewer rows than labels, and every factor is a number above 0, which keeps quantiles."""
        fewer = self.factors[self.first].size < self.factors.size
        return fewer and bool((np.isfinite(self.factors) & (self.factors > 0)).all())

    def along(self, axes: frozenset[int]) -> Multiples:
        """The same along some of these axes alone; of 0 nothing is a multiple."""
        first = np.asarray(self.factors[Multiples(axes, self.factors).first])
        return Multiples(axes, self.factors / first) if first.all() else Multiples.unproven(self.factors.shape)

    def seen(self, view: Sequence[int]) -> Multiples:
        """The same among the dims of another value, in each of which it has one label or its own."""
        held = [axis in self.axes for axis, length in enumerate(self.factors.shape) if length != 1]
        places = [axis for axis, length in enumerate(view) if length != 1]
        varies = {axis for axis, proven in zip(places, held, strict=True) if not proven}
        return Multiples(frozenset(range(len(view))) - varies, self.factors.reshape(view))


def multiples_of(plan: Plan) -> dict[str, Multiples]:
    """The outputs that vary and of which some rows are multiples above 0 of others; found once for a plan."""
    return plan.once("multiples", lambda: _found(plan))


def _found(plan: Plan) -> dict[str, Multiples]:
    known = {position: _of_numbers(values[..., 0]) for position, values in plan.fixed.items()}
    for position, leaf in plan.leaves.items():
        stated = plan.program.leaves[leaf].parameter
        given = stated.key in plan.overrides
        known[position] = Multiples.unproven(stated.shape) if given else _of_parameter(stated)
    with np.errstate(all="ignore"):  # a formula may divide by 0 where it looks at something else
        for position in plan.steps:
            one = plan.program.instructions[position]
            inputs = [known[i].seen(view) for i, view in zip(one.inputs, one.views, strict=True)]
            known[position] = _of_step(one, inputs)
    made = {name: known[position] for name, position in plan.varying.items()}
    return {name: found for name, found in made.items() if found.useful}


def _of_numbers(values: Array) -> Multiples:
    """Numbers are multiples of the first of them, unless that is 0."""
    return Multiples(frozenset(), values).along(frozenset(range(values.ndim)))


def _of_parameter(parameter: Parameter) -> Multiples:
    """Rows of one standard draw, with scale and location in one ratio."""
    rows, shape = parameter.rows, parameter.shape
    standards = np.array([rows.shape_of, rows.own_of]).reshape(2, *shape)
    alike = (axis for axis in range(len(shape)) if (standards == standards.take([0], 1 + axis)).all())
    made = Multiples(frozenset(), rows.scale.reshape(shape)).along(frozenset(alike))
    location = rows.location.reshape(shape)
    apart = np.abs(location - made.factors * location[made.first])
    return made if (apart <= _DIGITS * np.abs(location)).all() else Multiples.unproven(shape)


def _of_step(one: Instruction, inputs: Sequence[Multiples]) -> Multiples:
    """What is known of a value from what is known of its inputs, each among the dims of the value (or its own)."""
    if one.op in ("multiply", "divide"):
        axes = inputs[0].axes & inputs[1].axes
        above, other = (each.along(axes) for each in inputs)
        if above.axes == other.axes == axes:
            factors = above.factors * other.factors if one.op == "multiply" else above.factors / other.factors
            return Multiples(axes, factors)
    if one.op == "sum":
        return _of_sum(inputs[0], one.static["axis"])
    return Multiples.unproven(one.shape)


def _of_sum(of: Multiples, axis: int) -> Multiples:
    """A sum over an axis: of multiples along it, or of labels of which all have the same factors along other axes."""
    axes = frozenset(other - (other > axis) for other in of.axes if other != axis)
    if axis in of.axes:
        return Multiples(frozenset(), of.factors.sum(axis=axis)).along(axes)
    if (of.factors == of.factors.take([0], axis)).all():
        return Multiples(axes, np.asarray(of.factors.take(0, axis)))
    return Multiples.unproven([*of.factors.shape[:axis], *of.factors.shape[axis + 1 :]])
