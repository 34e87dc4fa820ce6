"""In which parameters a value is affine, proven by the structure of the program.

A value is affine in z where it is a + b z, and neither a nor b depends on z. A parameter is location + scale z, with
z of a standard shape. So a value that holds several labels of one stream is still affine in one z, if their shapes
are equal. The proof runs through the program once: each element of a value holds one number for each key.

* 0: the element does not depend on the key.
* n above 0: it is affine in the n-th standard number of the key, which is a label of its stream and a shape.
* `SEVERAL`: it is affine in several of them together, or in one that has jumps.
* `UNPROVEN`: nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

from ...checks import Array
from ...distributions.base import Distribution
from ...distributions.shapes import Shape
from ...graph.program import Instruction, Leaf, Program

#: What is known of the elements of a value: (labels..., keys).
Proof = npt.NDArray[np.int32]
UNPROVEN = -1
SEVERAL = -2


@dataclass(frozen=True)
class StandardNumber:
    """The standard number z of a row of a leaf: where it is read, its shape, and the moments of the shape."""

    position: int  # of the instruction that draws the leaf
    row: int
    location: float
    scale: float
    shape: Shape
    mean: float
    sd: float

    def of(self, values: Array) -> Array:
        """z from drawn values of the leaf (rows, draws), in root units."""
        return np.asarray((values[self.row] - self.location) / self.scale)


@dataclass(frozen=True)
class Affine:
    """For each output its proof, and for each key its standard numbers, in the order of their numbers from 1 on."""

    keys: tuple[str, ...]
    outputs: Mapping[str, Proof]
    standards: Mapping[str, tuple[StandardNumber, ...]]


def affine(program: Program, keys: Sequence[str]) -> Affine:
    """What the structure of a program proves of its outputs, for some keys."""
    column = {key: i for i, key in enumerate(keys)}
    known: dict[str, dict[tuple[str, Shape], int]] = {key: {} for key in keys}
    standards: dict[str, list[StandardNumber]] = {key: [] for key in keys}
    proofs: dict[int, Proof] = {}
    tied = {key for group in program.correlated for key in group.keys}  # with others: no such key moves alone
    for position in program.needed(output.value for output in program.outputs.values()):
        one = program.instructions[position]
        if one.op == "parameter" and (leaf := program.leaves[one.leaf]).key in column:
            rows = np.asarray(UNPROVEN)
            if leaf.key not in tied:
                rows = _rows(program, leaf, position, known[leaf.key], standards[leaf.key])
            proof = np.zeros((*one.shape, len(keys)), np.int32)
            proof[..., column[leaf.key]] = np.broadcast_to(rows, leaf.nominal.size).reshape(one.shape)
            proofs[position] = proof
        elif one.inputs:
            proofs[position] = _proof(one, [proofs[i] for i in one.inputs])
        else:
            proofs[position] = np.zeros((*one.shape, len(keys)), np.int32)
    outputs = {name: proofs[output.value] for name, output in program.outputs.items()}
    return Affine(tuple(keys), outputs, {key: tuple(found) for key, found in standards.items()})


def _rows(
    program: Program, leaf: Leaf, position: int, known: dict[tuple[str, Shape], int], standards: list[StandardNumber]
) -> npt.NDArray[np.int32]:
    """The number of each row of a leaf: 0 without spread, `SEVERAL` for a shape with jumps, which stay jumps."""
    rows, labels = leaf.parameter.rows, program.streams[leaf.stream].labels
    found = np.zeros(len(rows.shape_of), np.int32)
    for row, which in enumerate(rows.shape_of):
        value = leaf.parameter.values[row]
        if not isinstance(value, Distribution):
            continue
        shape = rows.shapes[which]
        if not shape.smooth or not rows.scale[row]:
            found[row] = SEVERAL
            continue
        standard = (labels[rows.own_of[row]], shape)
        if standard not in known:
            known[standard] = len(standards) + 1
            where, width, _ = value.standard
            moments = (value.mean - where) / width, value.sd / abs(width)
            standards.append(StandardNumber(position, row, rows.location[row], rows.scale[row], shape, *moments))
        found[row] = known[standard]
    return found


def _proof(one: Instruction, inputs: Sequence[Proof]) -> Proof:
    keys = inputs[0].shape[-1]
    views = [proof.reshape((*view, keys)) for proof, view in zip(inputs, one.views, strict=True)]
    rule = _RULES.get(one.op, _nothing)
    return np.asarray(np.broadcast_to(rule(one, views), (*one.shape, keys)))


def _either(p: Proof, q: Proof) -> Proof:
    """Of a sum: both may hold z."""
    mixed = np.where((p == UNPROVEN) | (q == UNPROVEN), UNPROVEN, SEVERAL)
    return np.where(p == 0, q, np.where((q == 0) | (p == q), p, mixed))


def _both(p: Proof, q: Proof) -> Proof:
    """Of a product: one factor at most may hold z."""
    return np.where(p == 0, q, np.where(q == 0, p, UNPROVEN))


def _sum(one: Instruction, views: Sequence[Proof]) -> Proof:
    return reduce(_either, views)


def _product(one: Instruction, views: Sequence[Proof]) -> Proof:
    return reduce(_both, views)


def _quotient(one: Instruction, views: Sequence[Proof]) -> Proof:
    return np.where(views[1] != 0, UNPROVEN, views[0])


def _power(one: Instruction, views: Sequence[Proof]) -> Proof:
    return views[0] if one.static["exponent"] == 1 else _nothing(one, views)


def _chosen(one: Instruction, views: Sequence[Proof]) -> Proof:
    """Of a selection: the condition decides for each point which of the others it is, and must not hold z."""
    return np.where(views[0] != 0, UNPROVEN, reduce(_either, views[1:]))


def _nothing(one: Instruction, views: Sequence[Proof]) -> Proof:
    """Of every other function: nothing is proven of what it depends on."""
    shape = np.broadcast_shapes(*(view.shape for view in views))
    held = reduce(np.logical_or, (np.broadcast_to(view != 0, shape) for view in views))
    return np.where(held, UNPROVEN, 0)


def _summed(one: Instruction, views: Sequence[Proof]) -> Proof:
    return reduce(_either, np.moveaxis(views[0], one.static["axis"], 0))


def _running_product(one: Instruction, views: Sequence[Proof]) -> Proof:
    axis = one.static["axis"]
    made = [np.moveaxis(views[0], axis, 0)[0]]
    for factor in np.moveaxis(views[0], axis, 0)[1:]:
        made.append(_both(made[-1], factor))
    return np.stack(made, axis)


def _stacked(one: Instruction, views: Sequence[Proof]) -> Proof:
    axis, whole = one.static["axis"], (*one.shape, views[0].shape[-1])
    branch = (*whole[:axis], 1, *whole[axis + 1 :])
    return np.concatenate([np.broadcast_to(view, branch) for view in views], axis)


def _selected(one: Instruction, views: Sequence[Proof]) -> Proof:
    return np.moveaxis(views[0], one.static["axis"], 0)[one.static["position"]]


def _taken(one: Instruction, views: Sequence[Proof]) -> Proof:
    source = np.moveaxis(views[0], one.static["axis"], 0)
    rows = [source[at] if at >= 0 else np.zeros_like(source[0]) for at in one.static["positions"]]
    return np.stack(rows, one.static["out_axis"])


_RULES: Mapping[str, Callable[[Instruction, Sequence[Proof]], Proof]] = {
    "add": _sum,
    "subtract": _sum,
    "negative": _sum,
    "multiply": _product,
    "divide": _quotient,
    "power": _power,
    "where": _chosen,
    "choice": _chosen,
    "sum": _summed,
    "cumulative_product": _running_product,
    "stack": _stacked,
    "select": _selected,
    "take": _taken,
}
