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
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

import numpy as np

from ..checks import Array
from ..graph.program import Program, Stream
from .design import Design, RandomDesign
from .finite import require_finite
from .plan import compute, no_parameter
from .quantile import Quantile
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
        self._sizes = {p: math.prod(program.instructions[p].shape) for p in self.question.plan.steps}
        fitting = _BLOCK_BYTES // (8 * max(1, sum(self._sizes.values())))
        #: Points of a block: a power of two, which the program alone decides.
        self.points = min(_MOST, max(_FEWEST, 1 << max(0, fitting.bit_length() - 1)))
        self._bits = {key: bit for bit, key in enumerate(program.keys)}
        self._stands_on: dict[int, int] = {}  # the keys on which each instruction stands, a bit for each
        for position in self.question.plan.steps:
            one = program.instructions[position]
            of_inputs = (self._stands_on.get(i, 0) for i in one.inputs)
            own = 1 << self._bits[program.leaves[one.leaf].key] if one.leaf >= 0 else 0
            self._stands_on[position] = reduce(or_, of_inputs, own)

    def blocks(self, first: Design, second: Design, count: int) -> Iterator[Block]:
        """Points 0 to `count` of the two designs, a block at a time; a block is valid until the next one."""
        plan, size = self.question.plan, min(count, self.points)
        kept = {position: np.empty(elements * size) for position, elements in self._sizes.items()}
        spaces = [np.empty(elements * size) for elements in plan.sizes]
        again = {position: spaces[buffer] for position, buffer in plan.buffers.items()}
        for start in range(0, count, size):
            yield Block(self, (first, second), range(start, min(count, start + size)), kept, again)

    def after(self, keys: Collection[str]) -> list[int]:
        """The positions of the instructions downstream of some keys, in order."""
        wanted = sum(1 << self._bits[key] for key in set(keys) & set(self._bits))
        return [position for position, stands_on in self._stands_on.items() if stands_on & wanted]


class Block:
    """The values at some points of both designs, (labels..., n) by name of output, and with columns swapped."""

    def __init__(
        self,
        points: Downstream,
        designs: tuple[Design, Design],
        at: range,
        kept: Mapping[int, Array],
        again: Mapping[int, Array],
    ) -> None:
        #: The numbers of the points.
        self.at = at
        self._points, self._designs, self._again = points, designs, again
        first, self._second = (self._drawn(design) for design in designs)
        steps = points.question.plan.steps
        values = self._run(steps, points.question.plan.fixed, self._second, again, designs[1])
        #: The values at the points of the second design.
        self.second = {name: made.copy() for name, made in self._outputs(values).items()}
        self._values = self._run(steps, points.question.plan.fixed, first, kept, designs[0])
        #: The values at the points of the first design.
        self.first = self._outputs(self._values)

    def swapped(self, keys: Collection[str]) -> dict[str, Array]:
        """The values at the first points with the columns of some keys of the second; valid until the next call."""
        design = _Swapped(*self._designs, frozenset(keys))
        return self._outputs(self._run(self._points.after(keys), self._values, self._second, self._again, design))

    def _drawn(self, design: Design) -> dict[int, Array]:
        """Every parameter that varies, at the points of a design, by position of its instruction."""
        program, at, values = self._points.question.program, self.at, dict[int, Array]()
        quantile, numbers = Quantile(len(at)), dict[int, Array]()
        for position in self._points.question.plan.steps:
            one = program.instructions[position]
            if one.leaf >= 0:
                leaf = program.leaves[one.leaf]
                if leaf.stream not in numbers:
                    stream = program.streams[leaf.stream]
                    numbers[leaf.stream] = np.empty((len(stream.labels), len(at)))
                    design.fill(stream, at.start, at.stop, numbers[leaf.stream])
                values[position] = np.empty((*one.shape, len(at)))
                quantile.fill(leaf, numbers[leaf.stream], values[position].reshape(-1, len(at)))
        return values

    def _run(
        self,
        positions: Sequence[int],
        known: Mapping[int, Array],
        drawn: Mapping[int, Array],
        spaces: Mapping[int, Array],
        design: Design,
    ) -> dict[int, Array]:
        """All values after these instructions were run over what is known; each output is finite (Q6)."""
        question = self._points.question
        values = {**known, **{position: drawn[position] for position in positions if position in drawn}}
        rest = [position for position in positions if position not in drawn]
        with np.errstate(all="ignore"):
            compute(question.program, rest, values, no_parameter, len(self.at), spaces)
            asked = replace(question, design=design, start=self.at.start, draws=len(self.at))
            require_finite(asked, self.at.start, self._outputs(values))
        return values

    def _outputs(self, values: Mapping[int, Array]) -> dict[str, Array]:
        return {name: values[output.value] for name, output in self._points.question.program.outputs.items()}


@dataclass(frozen=True)
class _Swapped:
    """Points of one design with the columns of some keys of another; it traces a value that is not finite."""

    one: Design
    other: Design
    keys: frozenset[str]
    name = "swapped"

    def worker(self) -> _Swapped:
        """The same for one thread."""
        return _Swapped(self.one.worker(), self.other.worker(), self.keys)

    def fill(self, stream: Stream, start: int, stop: int, out: Array) -> None:
        """Fill a stream from the design that has its key."""
        (self.other if stream.key in self.keys else self.one).fill(stream, start, stop, out)
