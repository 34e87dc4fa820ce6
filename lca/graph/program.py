"""The compiled program: opcodes, arrays, distribution records and unit texts. It holds no pint object,
no node and no lambda, so it pickles, and it sees plain floats in root units.

Equal sub-expressions are computed once. Values have their label dims first, sorted by name, and the
draws last; every instruction knows how its inputs broadcast.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ..checks import Array
from ..errors import KeyClashError
from ..units.number_text import in_full
from ..units.text import display
from .correlated import Drawn, Group, Weights, drawn, labels_of, stream_label, weights_of
from .function_table import FUNCTIONS, Static
from .guard import Guard
from .identity import Interner
from .labels import Dim, Dims, label_texts
from .leaf import Constant, Parameter
from .node import Node, constant, postorder
from .rewrite import rewritten


@dataclass(frozen=True)
class Stream:
    """Where uniform numbers come from: a key, and a stream name per own label (U2)."""

    key: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Leaf:
    """A parameter compiled: which stream it reads, and its nominal value over its dims, in root units."""

    parameter: Parameter
    stream: int
    nominal: Array

    @property
    def key(self) -> str:
        """The key of the parameter (U1)."""
        return self.parameter.key


@dataclass(frozen=True)
class Instruction:
    """One value: an opcode over earlier values. `views` reshape each input to the output's dims."""

    op: str
    inputs: tuple[int, ...]
    dims: Dims
    shape: tuple[int, ...]
    views: tuple[tuple[int, ...], ...] = ()
    static: Static = field(default_factory=dict)
    leaf: int = -1
    name: str = ""


@dataclass(frozen=True)
class Output:
    """A named result: which value, its dims, and the display unit with root units per it."""

    value: int
    dims: Dims
    unit: str
    factor: float


@dataclass(frozen=True)
class Check:
    """A guard compiled: which value it looks at, its dims, and root units per displayed unit of what it found."""

    value: int
    guard: Guard
    dims: Dims
    unit: str
    factor: float

    def look(self, values: Array, first: int, draws: bool) -> None:
        """Raise where a block of values lies outside; its draws start at number `first`."""
        if self.guard.holds(float(values.min()), float(values.max())):
            return
        beyond = np.maximum(self.guard.low - values, values - self.guard.high)
        at = np.unravel_index(int(np.nanargmax(beyond)), beyond.shape)
        label = label_texts(self.dims)[int(np.ravel_multi_index(at[:-1], values.shape[:-1]))] if self.dims else ""
        size = label + self.guard.in_words(float(values[at]) / self.factor, self.unit)
        raise self.guard.error(f"{size} in draw {first + int(at[-1])}" if draws else f"{size} at nominal values")


@dataclass(frozen=True)
class Program:
    """What is evaluated. `constants` holds the plain numbers of formulas by value position."""

    instructions: tuple[Instruction, ...]
    leaves: tuple[Leaf, ...]
    streams: tuple[Stream, ...]
    constants: Mapping[int, Array]
    outputs: Mapping[str, Output]
    checks: tuple[Check, ...] = ()
    #: Parameters that depend on each other (U14).
    correlated: tuple[Group, ...] = ()
    #: What was found of its form, for every program of this form (see `lca.sampling.form`).
    forms: dict[Hashable, object] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def plans(self) -> dict[Hashable, object]:
        """The plans of the last questions that were asked of it (see `lca.sampling.plan`)."""
        return {}

    def __getstate__(self) -> dict[str, object]:
        return {name: {} if name == "forms" else self.__dict__[name] for name in self.__dataclass_fields__}

    @cached_property
    def used(self) -> tuple[Leaf, ...]:
        """The parameters that the outputs stand on, in the order of first use."""
        return self._leaves_of([output.value for output in self.outputs.values()])

    def _leaves_of(self, values: Iterable[int]) -> tuple[Leaf, ...]:
        found = (self.instructions[i].leaf for i in self.needed(values))
        return tuple(self.leaves[leaf] for leaf in found if leaf >= 0)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all parameters with a spread that are drawn, sorted: the order of quasi-random columns (U2)."""
        drawn = self._leaves_of([*(one.value for one in self.outputs.values()), *(one.value for one in self.checks)])
        return tuple(sorted({leaf.key for leaf in drawn if leaf.parameter.is_random}))

    @cached_property
    def drawn(self) -> Drawn:
        """The keys that may be correlated, with the labels of their streams."""
        return drawn(leaf.parameter for leaf in self.leaves)

    @cached_property
    def weights(self) -> Weights:
        """What the score of every correlated column is made of (see `lca.sampling.mixed`)."""
        return weights_of(self.correlated, self.drawn)

    def of(self, *names: str) -> Program:
        """The same program for some of its outputs alone, without checks; it is made once."""
        if names not in self._parts:
            self._parts[names] = replace(self, outputs={name: self.outputs[name] for name in names}, checks=())
        return self._parts[names]

    @cached_property
    def _parts(self) -> dict[tuple[str, ...], Program]:
        return {}

    def text(self, position: int, depth: int = 2) -> str:
        """A value as a formula, cut below `depth`."""
        one = self.instructions[position]
        if one.op == "constant" and not one.name:
            numbers = self.constants[position]
            return in_full(numbers.item(), 6) if numbers.size == 1 else "a table"
        if one.name or depth <= 0:
            return one.name or "..."
        return FUNCTIONS[one.op].text.format(*(self.text(i, depth - 1) for i in one.inputs), **one.static)

    def needed(self, values: Iterable[int]) -> list[int]:
        """The positions of all values that some values stand on, themselves among them, in order."""
        wanted = set(values)
        for position in reversed(range(len(self.instructions))):
            if position in wanted:
                wanted.update(self.instructions[position].inputs)
        return sorted(wanted)


def compile_program(
    outputs: Mapping[str, Node], guards: Sequence[Guard] = (), correlated: tuple[Group, ...] = ()
) -> Program:
    """Compile named nodes, whose keys are checked already (`check_keys`)."""
    laws = {f"\n{i}": guard.node for i, guard in enumerate(guards)}
    cheaper = rewritten({**outputs, **laws})
    builder = _Builder()
    placed: dict[int, int] = {}
    for node in postorder(cheaper.values()):
        placed[id(node)] = builder.place(node, [placed[id(child)] for child in node.inputs])
    shown = {name: display(node.unit) for name, node in cheaper.items()}
    nothing = constant(0.0)  # a program holds no graph
    checks = [
        Check(placed[id(cheaper[name])], replace(guard, node=nothing), cheaper[name].dims, *shown[name])
        for name, guard in zip(laws, guards, strict=True)
    ]
    return Program(
        tuple(builder.instructions),
        tuple(builder.leaves),
        tuple(builder.streams),
        builder.constants,
        {name: Output(placed[id(cheaper[name])], cheaper[name].dims, *shown[name]) for name in outputs},
        tuple(checks),
        correlated,
    )


class _Builder:
    def __init__(self) -> None:
        self.instructions: list[Instruction] = []
        self.leaves: list[Leaf] = []
        self.streams: list[Stream] = []
        self.constants: dict[int, Array] = {}
        self._number = Interner()
        self._known: dict[int, int] = {}
        self._stream_at: dict[Stream, int] = {}

    def place(self, node: Node, inputs: list[int]) -> int:
        number = self._number.add(node)
        if number in self._known:
            return self._known[number]
        position = len(self.instructions)
        shape = tuple(len(dim) for dim in node.dims)
        if isinstance(node.leaf, Constant):
            self.constants[position] = node.leaf.values.reshape((*shape, 1))
            made = Instruction("constant", (), node.dims, shape, name=node.name)
        elif isinstance(node.leaf, Parameter):
            self.leaves.append(Leaf(node.leaf, self._stream(node.leaf), node.leaf.nominal))
            made = Instruction("parameter", (), node.dims, shape, leaf=len(self.leaves) - 1, name=node.leaf.key)
        else:
            made = _instruction(node, inputs, shape)
        self.instructions.append(made)
        self._known[number] = position
        return position

    def _stream(self, parameter: Parameter) -> int:
        stream = Stream(parameter.key, tuple(own_labels(parameter)))
        if stream not in self._stream_at:
            self._stream_at[stream] = len(self.streams)
            self.streams.append(stream)
        return self._stream_at[stream]


def own_labels(parameter: Parameter) -> list[str]:
    """The stream names of a parameter: one per combination of labels of its own dims, by name (U2)."""
    return [stream_label(labels) for labels in labels_of(parameter)]


def _instruction(node: Node, inputs: list[int], shape: tuple[int, ...]) -> Instruction:
    assert node.function is not None
    row, static = node.function, dict(node.static)
    static.pop("new", None)
    first = node.inputs[0].dims
    views: list[tuple[int, ...]]
    if row.name in ("sum", "select", "take", "cumulative_product"):
        views = [tuple(len(dim) for dim in child.dims) for child in node.inputs]
        static["axis"] = _axis(first, static["dim"])
        if row.name == "take":
            static["out_axis"] = _axis(node.dims, node.static["new"].name)
    else:
        views = [view(child.dims, node.dims) for child in node.inputs]
        if row.name == "stack":
            static["axis"] = _axis(node.dims, node.static["new"].name)
    static = {name: value for name, value in static.items() if name not in ("x_unit", "y_unit", "unit")}
    name = node.name or ("" if row.elementwise else node.short)
    return Instruction(row.name, tuple(inputs), node.dims, shape, tuple(views), static, name=name)


def _axis(dims: Sequence[Dim], name: str) -> int:
    return [dim.name for dim in dims].index(name)


def view(dims: Dims, target: Dims) -> tuple[int, ...]:
    """The shape of a value with some dims among those of another."""
    have = {dim.name for dim in dims}
    return tuple(len(dim) if dim.name in have else 1 for dim in target)


# --- one key, one definition (U1) ------------------------------------------------------------------


def check_keys(roots: Sequence[Node]) -> None:
    """Raise where one key has two definitions that meet: alternatives may differ, parts of one sum may not.

    The labels of a stack are alternatives, each of which meets what stands outside of all stacks and what other
    stacks of its dim hold at its label. Where the dim is summed anywhere, all labels of it meet.
    """
    made = [node for node in postorder(roots) if _is(node, "sum") or _is(node, "stack")]
    summed = {str(node.static["dim"]) for node in made if _is(node, "sum")}
    fixed: dict[str, Parameter] = {}
    _claim_all(fixed, roots, summed)
    branches: dict[tuple[str, str], list[Node]] = {}
    for node in made:
        if _is(node, "stack") and node.static["new"].name not in summed:
            new: Dim = node.static["new"]
            for label, branch in zip(new.texts, node.inputs, strict=True):
                branches.setdefault((new.name, label), []).append(branch)
    for together in branches.values():
        _claim_all(dict(fixed), together, summed)


def _is(node: Node, name: str) -> bool:
    return node.function is not None and node.function.name == name


def _claim_all(known: dict[str, Parameter], roots: Sequence[Node], summed: set[str]) -> None:
    """Claim the keys of all parameters that are reached without entering a stack of alternatives."""
    seen: dict[int, Node] = {}
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen[id(node)] = node
        if node.parameter is not None:
            _claim(known, node.parameter)
        if not _is(node, "stack") or node.static["new"].name in summed:
            waiting.extend(node.inputs)


def _claim(known: dict[str, Parameter], parameter: Parameter) -> None:
    other = known.setdefault(parameter.key, parameter)
    if other is not parameter and other.definition != parameter.definition:
        raise KeyClashError(
            f"the key {parameter.key!r} has two definitions in one study",
            sides=[other.describe(), parameter.describe()],
            fix="give one of the two things another name, or use one definition for both",
        )
