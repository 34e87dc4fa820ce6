"""Values at two sets of points, and at the first with some columns taken from the second.

Only what lies downstream of a swapped column is computed again; everything else is what it was at the first points. Any
estimator that swaps columns can be written on it: Sobol' indices take one key at a time, Shapley effects any set of
keys, a conditional expectation all keys but some.

>>> from lca.distributions.families import Uniform
>>> from lca.graph.fields import parameter
>>> from lca.graph.program import compile_program
>>> from lca.sampling.design import RandomDesign
>>> program = compile_program({"sum": parameter("x", Uniform(0, 1)) + parameter("y", Uniform(5, 6))})
>>> points = Downstream(program)
>>> (block,) = points.blocks(RandomDesign(1), RandomDesign(2), 1000)
>>> swapped = block.swapped(["x"])["sum"]
>>> bool((swapped - block.first["sum"]).std() > 0)
True
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

import numpy as np

from ..checks import Array
from ..graph.program import Program
from .correlated import correlated, redrawn
from .design import Design, RandomDesign
from .drawing import Drawer, Drawing, drawing_of
from .finite import require_finite
from .plan import compute
from .question import Question

#: Bytes that the values of one block may take, and the fewest and most points of a block.
_BLOCK_BYTES = 4 << 20
_FEWEST, _MOST = 256, 8192


class Downstream:
    """A program at points whose values are kept, block by block, to be used again where columns are swapped.

    Parameters
    ----------
    program : Program
        What is evaluated.
    freeze : iterable of str
        Keys that stay nominal.
    """

    def __init__(self, program: Program, freeze: Iterable[str] = ()) -> None:
        self.question = Question(program, RandomDesign(0), frozen=frozenset(freeze))
        plan = self.question.plan
        self._sizes = {position: math.prod(program.instructions[position].shape) for position in plan.steps}
        elements = sum(self._sizes.values()) + 2 * len(plan.drawing.location)
        fitting = _BLOCK_BYTES // (8 * max(1, elements))
        #: Points of a block: a power of two, which the program alone decides.
        self.points = min(_MOST, max(_FEWEST, 1 << max(0, fitting.bit_length() - 1)))
        self._drawings: dict[frozenset[str], Drawing] = {}
        self._bits = {key: bit for bit, key in enumerate(program.keys)}
        own = {position: 1 << self._bits[program.leaves[leaf].key] for position, leaf in plan.leaves.items()}
        self._stands_on = own  # the keys on which each value stands, a bit for each
        for position in plan.steps:
            below = (own.get(i, 0) for i in program.instructions[position].inputs)
            self._stands_on[position] = reduce(or_, below)

    def blocks(self, first: Design, second: Design, count: int) -> Iterator[Block]:
        """Points 0 to `count` of the two designs, a block at a time; a block is valid until the next one."""
        plan, size = self.question.plan, min(count, self.points)
        kept = {position: np.empty(elements * size) for position, elements in self._sizes.items()}
        _, again = plan.memory.spaces(size)
        own = [correlated(design, self.question.program) for design in (first, second)]
        drawers = [Drawer(plan.drawing, design, size) for design in own]
        for start in range(0, count, size):
            at = range(start, min(count, start + size))
            drawn = [plan.parameters(one.draw(at.start, at.stop), slice(0, len(at))) for one in drawers]
            yield Block(self, (first, second), at, (drawn[0], drawn[1]), kept, again)

    def after(self, keys: Collection[str]) -> list[int]:
        """The positions of all values that stand on some keys, in order: parameters and instructions."""
        wanted = sum(1 << self._bits[key] for key in set(keys) & set(self._bits))
        return sorted(position for position, stands_on in self._stands_on.items() if stands_on & wanted)

    def given_others(self, design: Design, keys: frozenset[str], at: range) -> dict[int, Array]:
        """The draws of those of some keys that stand in a group with others, by position."""
        program = self.question.program
        groups = [set(group.keys).intersection(program.keys) for group in program.correlated]
        anew = keys & set().union(*(group for group in groups if group & keys and group - keys))
        of = {p: leaf for p, leaf in self.question.plan.leaves.items() if program.leaves[leaf].key in anew}
        if not of:
            return {}
        if anew not in self._drawings:
            self._drawings[anew] = drawing_of(program.leaves, program.streams, list(of.values()))
        drawn = Drawer(self._drawings[anew], design, len(at)).draw(at.start, at.stop)
        return {p: drawn[leaf].reshape(*program.instructions[p].shape, len(at)) for p, leaf in of.items()}


class Block:
    """The values at some points of both designs, (labels..., n) by name of output, and with columns swapped."""

    def __init__(
        self,
        points: Downstream,
        designs: tuple[Design, Design],
        at: range,
        drawn: tuple[Mapping[int, Array], Mapping[int, Array]],
        kept: Mapping[int, Array],
        again: Mapping[int, Array],
    ) -> None:
        #: The numbers of the points.
        self.at = at
        self._points, self._designs, self._again, self._drawn = points, designs, again, drawn[1]
        plan = points.question.plan
        values = self._run(plan.steps, {**plan.fixed, **drawn[1]}, again, designs[1])
        #: The values at the points of the second design.
        self.second = {name: made.copy() for name, made in self._outputs(values).items()}
        self._values = self._run(plan.steps, {**plan.fixed, **drawn[0]}, kept, designs[0])
        #: The values at the points of the first design.
        self.first = self._outputs(self._values)

    def swapped(self, keys: Collection[str]) -> dict[str, Array]:
        """The values at the first points with some keys drawn anew, given the others; valid until the next call.

        A key that depends on no other takes its column of the second points. Where some keys of a group are kept, the
        others are drawn from what they are then: their conditional distribution (U11).
        """
        points, after = self._points, self._points.after(keys)
        design = redrawn(points.question.program, *self._designs, keys)
        drawn = {**self._drawn, **points.given_others(design, frozenset(keys), self.at)}
        values = {**self._values, **{position: drawn[position] for position in after if position in drawn}}
        steps = [position for position in after if position not in drawn]
        return self._outputs(self._run(steps, values, self._again, design))

    def _run(
        self, steps: Sequence[int], values: dict[int, Array], spaces: Mapping[int, Array], design: Design
    ) -> dict[int, Array]:
        """All values after instructions were run over those that are known; each output is finite (Q6)."""
        question, at = self._points.question, self.at
        with np.errstate(all="ignore"):
            compute(question.program, steps, values, None, len(at), spaces)
            asked = replace(question, design=design, start=at.start, draws=len(at))
            require_finite(asked, at.start, self._outputs(values))
        return values

    def _outputs(self, values: Mapping[int, Array]) -> dict[str, Array]:
        return {name: values[output.value] for name, output in self._points.question.program.outputs.items()}
