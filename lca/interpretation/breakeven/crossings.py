"""Where two totals are equal: their difference at one value of a parameter in every draw, and its changes of sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...checks import Array
from ...errors import NonFiniteError
from ...graph.program import Output, Program
from ...sampling.design import RandomDesign
from ...sampling.evaluate import evaluate
from ...sampling.finite import origin
from ...sampling.plan import compute
from ...sampling.roots import roots

#: Totals closer than this are equal (U7); a crossing is found as closely.
_SAME = _CLOSE = 1e-12
#: Which draws are looked at.
Which = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Gap:
    """The first total less the second, at one value of the parameter for each draw; 0 where they are equal (U7)."""

    program: Program
    known: Mapping[int, Array]  # the values that do not depend on the parameter and meet one that does
    parameters: Sequence[int]  # the positions of the parameter
    steps: Sequence[int]  # and of the instructions that depend on it

    def _values(self, x: Array, which: Which | None = None) -> dict[str, Array]:
        """Every output at a value for each draw, or for each of some draws."""
        values = dict(self.known) if which is None else {at: _at(known, which) for at, known in self.known.items()}
        for at in self.parameters:
            values[at] = np.broadcast_to(x, (*self.program.instructions[at].shape, x.size))
        with np.errstate(all="ignore"):
            compute(self.program, self.steps, values, None, x.size)
        for name, output in sorted(self.program.outputs.items()):
            for bad in np.flatnonzero(~np.isfinite(values[output.value])):
                text = origin(
                    self.program, {at: _at(made, np.array([bad])) for at, made in values.items()}, output.value
                )
                draw = bad if which is None else which[bad]
                raise NonFiniteError.of("result_not_finite", f"first made by: {text}", name=f"{name}, draw {draw}")
        return {name: values[output.value] for name, output in self.program.outputs.items()}

    def __call__(self, x: Array, which: Which | None = None) -> Array:
        found = self._values(x, which)
        gap = np.array(np.broadcast_to(found["one"] - found["other"], x.shape))
        gap[np.abs(gap) <= _SAME * np.abs(found["one"])] = 0.0
        return gap

    def count(self, x: Array) -> Array:
        """How many functional units the first study provides."""
        return np.broadcast_to(self._values(x)["count"] / self.program.outputs["count"].factor, x.shape)

    def root(self, left: Array, right: Array) -> Array:
        """A value between two at which the sign changes, for each draw; NaN where the two are NaN."""
        made = np.full(left.size, np.nan)
        wanted = np.flatnonzero(np.isfinite(left))
        if wanted.size:
            made[wanted] = roots(lambda x, which: self(x, wanted[which]), left[wanted], right[wanted], _CLOSE)
        return made


def _at(values: Array, which: Which) -> Array:
    """Some draws of a value; what is the same in every draw has one."""
    return values if values.shape[-1] == 1 else values[..., which]


def gap_of(program: Program, keys: set[str], held: set[str], draws: int | None, seed: int) -> Gap:
    """The gap over the draws, or at nominal values: what does not depend on `keys` is drawn here, once."""
    dependent: set[int] = set()
    edge = {output.value for output in program.outputs.values()}
    for position in program.needed(edge):
        one = program.instructions[position]
        if not dependent.isdisjoint(one.inputs) or (one.leaf >= 0 and program.leaves[one.leaf].key in keys):
            dependent.add(position)
            edge.update(one.inputs)
    asked = {str(position): Output(position, (), "", 1.0) for position in edge - dependent}
    values = evaluate(replace(program, outputs=asked), draws=draws, design=RandomDesign(seed), freeze=held)
    same = {name: (array == array[..., :1]).all() for name, array in values.items()}  # in every draw: kept once
    known = {int(name): array[..., :1] if same[name] else array for name, array in values.items()}
    parameters = sorted(position for position in dependent if program.instructions[position].leaf >= 0)
    return Gap(program, known, parameters, sorted(dependent - set(parameters)))


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
