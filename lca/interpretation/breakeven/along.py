"""Totals along one or two parameters: at any values of them, in any draws."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...checks import Array
from ...distributions.families import Uniform
from ...errors import NonFiniteError
from ...graph.labels import Dims
from ...graph.program import Output, Program, view
from ...sampling.design import RandomDesign
from ...sampling.evaluate import evaluate
from ...sampling.finite import origin
from ...sampling.plan import calls_of
from ...sampling.smoothing.affine import affine

#: Which draws are looked at.
Which = npt.NDArray[np.intp]
#: The keys that take the value of a parameter.
Keys = frozenset[str]


@dataclass(frozen=True)
class Along:
    """The outputs of a program where some parameters are given for each draw; all others are drawn, or nominal."""

    program: Program
    known: Mapping[int, Array]  # the values that depend on no such parameter and meet one that does
    parameters: Mapping[int, int]  # the positions of the parameters, and which of them each is
    steps: Sequence[int]  # and of the instructions that depend on one
    first: int  # the number of the first draw

    @classmethod
    def of(
        cls,
        program: Program,
        parameters: Sequence[Keys],
        held: Collection[str],
        draws: int | None,
        *,
        seed: int,
        first: int = 0,
    ) -> Along:
        """Over some draws, or at nominal values: what depends on no parameter is drawn here, once."""
        number = {key: n for n, keys in enumerate(parameters) for key in keys}
        dependent: set[int] = set()
        edge = {output.value for output in program.outputs.values()}
        for position in program.needed(edge):
            one = program.instructions[position]
            if not dependent.isdisjoint(one.inputs) or (one.leaf >= 0 and program.leaves[one.leaf].key in number):
                dependent.add(position)
                edge.update(one.inputs)
        asked = {str(position): Output(position, (), "", 1.0) for position in edge - dependent}
        of = replace(program, outputs=asked)
        values = evaluate(of, draws=draws, start=first, design=RandomDesign(seed), freeze=held)
        same = {name: (array == array[..., :1]).all() for name, array in values.items()}  # in every draw: kept once
        known = {int(name): array[..., :1] if same[name] else array for name, array in values.items()}
        leaves = {p: program.instructions[p].leaf for p in sorted(dependent) if program.instructions[p].leaf >= 0}
        given = {position: number[program.leaves[leaf].key] for position, leaf in leaves.items()}
        return cls(program, known, given, sorted(dependent - set(given)), first)

    def __call__(self, *xs: Array, which: Which | None = None) -> dict[str, Array]:
        """Every output (labels..., n) at n values of each parameter: one for each draw, or for each of some draws."""
        return self.repeated(xs[0].size, which)(*xs)

    def repeated(self, size: int, which: Which | None = None) -> Callable[..., dict[str, Array]]:
        """The same at any values of each parameter, in the same memory: what is found is valid until the next call."""
        given = [np.empty(size) for _ in range(1 + max(self.parameters.values(), default=-1))]
        values = dict(self.known) if which is None else {at: _at(known, which) for at, known in self.known.items()}
        for at, number in self.parameters.items():
            values[at] = np.broadcast_to(given[number], (*self.program.instructions[at].shape, size))
        calls = calls_of(self.program, self.steps, values, None, size)
        found = {name: values[output.value] for name, output in self.program.outputs.items()}

        def outputs(*xs: Array | float) -> dict[str, Array]:
            for own, x in zip(given, xs, strict=False):  # no output may depend on the last ones
                own[...] = x
            with np.errstate(all="ignore"):
                for call in calls:
                    call()
            self._require_finite(found, values, which)
            return found

        return outputs

    def _require_finite(self, found: Mapping[str, Array], values: Mapping[int, Array], which: Which | None) -> None:
        for name, array in sorted(found.items()):
            bad = np.flatnonzero(~np.isfinite(array).reshape(-1, array.shape[-1]).all(axis=0))
            if bad.size:
                one = {at: _at(made, bad[:1]) for at, made in values.items()}
                text = origin(self.program, one, self.program.outputs[name].value)
                draw = self.first + int(bad[0] if which is None else which[bad[0]])
                raise NonFiniteError.of("result_not_finite", f"first made by: {text}", name=f"{name}, draw {draw}")


def _at(values: Array, which: Which) -> Array:
    """Some draws of a value; what is the same in every draw has one."""
    return values if values.shape[-1] == 1 else values[..., which]


def rows_over(values: Array, own: Dims, dims: Dims, count: int) -> Array:
    """A value over its own dims as (rows, draws): a row for each combination of labels of all `dims`."""
    shape = tuple(len(dim) for dim in dims)
    seen = values.reshape(*view(own, dims), values.shape[-1])
    return np.broadcast_to(seen, (*shape, count)).reshape(-1, count)


def is_linear(program: Program, keys: Keys) -> bool:
    """Whether the structure of a program proves that each output is a + b x in a parameter x.

    >>> from lca.graph.fields import parameter
    >>> from lca.graph.program import compile_program
    >>> x, y = parameter("x", 2.0), parameter("y", 3.0)
    >>> one, other = compile_program({"value": x * y + y}), compile_program({"value": x * x})
    >>> is_linear(one, frozenset({"x"})), is_linear(other, frozenset({"x"}))
    (True, False)
    """
    # a standard number in its place makes it a parameter of which the proof can speak
    leaves = tuple(
        replace(leaf, parameter=replace(leaf.parameter, values=(Uniform(0, 1),) * len(leaf.parameter.values)))
        if leaf.key in keys
        else leaf
        for leaf in program.leaves
    )
    proof = affine(replace(program, leaves=leaves, correlated=(), forms={}), sorted(keys))
    found = list(proof.outputs.values())
    # of two keys that move together each may be a line, and their product is none
    return all((one >= 0).all() and ((one != 0).sum(axis=-1) <= 1).all() for one in found)
