"""Where two totals are equal: their difference at one value of a parameter in every draw, and its changes of sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..checks import Array
from ..graph.leaf import Parameter
from ..graph.program import Instruction, Leaf, Output, Program
from ..sampling.design import RandomDesign
from ..sampling.evaluate import evaluate

#: Totals closer than this are equal (U7); a crossing is found as closely.
_SAME = _CLOSE = 1e-12


@dataclass(frozen=True)
class Gap:
    """The first total less the second, at one value of the parameter for each draw; 0 where they are equal (U7)."""

    program: Program
    keys: set[str]
    drawn: Mapping[str, Array]  # what does not depend on the parameter
    design: RandomDesign

    def _values(self, x: Array) -> dict[str, Array]:
        given = {**self.drawn, **dict.fromkeys(self.keys, x)}
        return evaluate(self.program, draws=x.size, design=self.design, overrides=given)

    def __call__(self, x: Array) -> Array:
        found = self._values(x)
        gap: Array = found["one"] - found["other"]
        gap[np.abs(gap) <= _SAME * np.abs(found["one"])] = 0.0
        return gap

    def count(self, x: Array) -> Array:
        """How many functional units the first study provides."""
        return self._values(x)["count"] / self.program.outputs["count"].factor

    def root(self, left: Array, right: Array) -> Array:
        """A value between two at which the sign changes, for each draw; NaN where the two are NaN."""
        from scipy.optimize import elementwise

        made = np.full(left.size, np.nan)
        wanted = np.flatnonzero(np.isfinite(left))
        if not wanted.size:
            return made

        def gap(x: Array, which: Array) -> Array:
            whole = np.full(left.size, left[wanted[0]])
            whole[which.astype(int)] = x
            return np.asarray(self(whole)[which.astype(int)])

        ends = left[wanted], right[wanted]
        found = elementwise.find_root(gap, ends, args=(wanted.astype(float),), tolerances={"xrtol": _CLOSE})
        made[wanted] = found.x
        return made


def gap_of(program: Program, keys: set[str], held: set[str], draws: int | None, seed: int) -> Gap:
    """The gap over the draws, or at nominal values: what does not depend on `keys` is drawn here, once.

    Each value on which a dependent one stands becomes a parameter of its own, of which the draws are known.
    """
    design = RandomDesign(seed)
    dependent: set[int] = set()
    edge = {output.value for output in program.outputs.values()}
    for position in program.needed(edge):
        one = program.instructions[position]
        if not dependent.isdisjoint(one.inputs) or (one.leaf >= 0 and program.leaves[one.leaf].key in keys):
            dependent.add(position)
            edge.update(one.inputs)
    names = {position: f"{program.text(position)} [{position}]" for position in edge - dependent}
    asked = replace(program, outputs={name: Output(position, (), "", 1.0) for position, name in names.items()})
    values = evaluate(asked, draws=draws, design=design, freeze=held)
    same = {name: (array == array[..., :1]).all() for name, array in values.items()}  # in every draw: kept once
    drawn = {name: array[..., :1] if same[name] else array for name, array in values.items()}
    instructions, leaves = list(program.instructions), list(program.leaves)
    for position, name in names.items():
        shape = instructions[position].shape
        instructions[position] = Instruction("parameter", (), shape, leaf=len(leaves), name=name)
        leaves.append(Leaf(Parameter(name, (), "", 1.0), 0, np.zeros(shape)))
    rest = replace(program, instructions=tuple(instructions), leaves=tuple(leaves))
    return Gap(rest, keys & {leaf.key for leaf in program.leaves}, drawn, design)


def crossings(gap: Gap, places: Array, signs: Array) -> Array:
    """All crossings of every draw in rising order, filled up with NaN, from the signs (places, draws).

    A crossing lies where a sign follows another, or where the totals become equal; from there on they may be equal
    for a while, which is not a further one.
    """
    crossed = np.concatenate([signs[:1] == 0, (signs[1:] != signs[:-1]) & (signs[:-1] != 0)])
    row, place = np.nonzero(crossed.T)
    number = np.arange(row.size) - np.searchsorted(row, row)
    brackets = np.full((2, signs.shape[1], 1 + number.max(initial=0)), np.nan)
    brackets[:, row, number] = places[np.maximum(place - 1, 0)], places[place]
    return np.column_stack([gap.root(*brackets[..., k]) for k in range(brackets.shape[-1])])


def places_between(low: float, high: float, count: int) -> Array:
    """Values from one end to the other, in even steps and, above 0, in even ratios."""
    if low <= 0:
        return np.linspace(low, high, count)
    inside = np.concatenate([np.linspace(low, high, count // 2), np.geomspace(low, high, count - count // 2)])
    return np.unique(np.clip(inside, low, high))
