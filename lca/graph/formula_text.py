"""A result as a reader would write it out: each named value, its formula in symbols and numbers, its sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..checks import Array
from ..source_marks import unmarked
from ..units.number_text import in_full, readable
from ..units.registry import BOUNDARIES, COUNTS
from ..units.text import unit_text
from .labels import placed
from .leaf import Constant, Parameter
from .node import Node, fold, postorder

#: A formula longer than this is cut in its middle: nobody reads on.
_LONGEST = 6_000
_ATTACHED = re.compile(r"\s*/?\s*(?:at_\w+(?:/at_\w+)?|/device)\b")


@dataclass(frozen=True)
class Origin:
    """What some values of a formula rest on: their names in it, their keys, and their source with its status."""

    keys: Mapping[str, str]
    said: str

    def __str__(self) -> str:
        return f"{', '.join(self.keys)}: {self.said}"


@dataclass(frozen=True)
class Step:
    """One named value: what it is called, its formula in symbols and in numbers, its value, what it rests on.

    `rests` holds each parameter by the name that the formula gives it, and `named` the values that have a step of their
    own.
    """

    name: str
    symbols: str
    numbers: str
    value: str
    rests: tuple[tuple[str, Parameter], ...] = ()
    named: tuple[Node, ...] = ()

    @property
    def sources(self) -> tuple[Origin, ...]:
        """What the parameters rest on: those of one source and status together."""
        together: dict[str, dict[str, str]] = {}
        for name, parameter in self.rests:
            together.setdefault(said_of(parameter), {}).setdefault(name, parameter.key)
        return tuple(Origin(keys, said) for said, keys in together.items())

    def __str__(self) -> str:
        lines = [f"{self.name} = {self.symbols}"]
        if self.numbers:
            lines.append(f"    = {self.numbers}")
        lines.append(f"    = {self.value}")
        lines += [f"      {source}" for source in self.sources]
        return "\n".join(lines)


class Figures(Protocol):
    """How the values of a derivation are written."""

    def digits(self, node: Node, scale: float) -> str:
        """A value in a unit of so many root units, without the unit."""
        ...

    def valued(self, node: Node) -> str:
        """A value in its display unit, with the unit."""
        ...


@dataclass(frozen=True)
class NominalFigures:
    """Values as numbers, from nominal arrays in root units by id of node."""

    values: Mapping[int, Array]

    def digits(self, node: Node, scale: float) -> str:
        """A value in a unit of so many root units, without the unit."""
        return _digits(self.values[id(node)] / scale)

    def valued(self, node: Node) -> str:
        """A value in its display unit, with the unit."""
        array = self.values[id(node)]
        text, factor = readable(node.unit, float(np.max(np.abs(array))))
        return f"{_digits(np.asarray(array) / factor)} {text}".strip()


def derivation_steps(root: Node, figures: Figures) -> list[Step]:
    """The steps of a node, the node itself first."""
    order, steps = [root], []
    for node in order:  # which grows by the named values of each formula
        step = step_of(node, figures)
        steps.append(step)
        order += [child for child in step.named if child not in order]
    return steps


def step_of(node: Node, figures: Figures) -> Step:
    """The step of a node; plain numbers have none of their own."""
    ends = [one for one in postorder([node], lambda one: _below(one, node)) if _stops(one, node)]
    shown = [one for one in ends if one.name or one.parameter]
    called = _called(shown)
    rests = tuple((called[id(one)], one.parameter) for one in shown if one.parameter)
    value = figures.valued(node)
    if node.parameter is not None:
        return Step(node.name or node.parameter.key, node.parameter.describe(), "", value, rests)
    if node.function is None:
        return Step(node.name or "value", "", "", value, rests)
    symbols = _write(node, lambda child: called[id(child)])
    numbers = _write(node, lambda child: _number(child, figures))
    name = f"{node.name or 'value'} [{unit_text(node.unit)}]"
    return Step(name, symbols, numbers, value, rests, tuple(child for child in shown if child.function is not None))


def said_of(parameter: Parameter) -> str:
    """What a parameter rests on: its source and its status."""
    source = unmarked(parameter.source)
    return f"{source}, {parameter.status}" if source else parameter.status


def _called(shown: list[Node]) -> dict[int, str]:
    """What a formula calls its values, by id: the end of a key, as much of it as tells it from the others."""
    names = {id(node): _names(node) for node in shown}
    # what two values have in common that are one: their key and label, or that they are one node
    what = {id(one): (one.parameter.key, one.parameter.fixed) if one.parameter else id(one) for one in shown}
    while True:
        meant: dict[str, set[object]] = {}
        for one, (name, *_) in names.items():
            meant.setdefault(name, set()).add(what[one])
        longer = [one for one, (name, *more) in names.items() if more and len(meant[name]) > 1]
        if not longer:
            return {one: name for one, (name, *_) in names.items()}
        names |= {one: names[one][1:] for one in longer}


def _names(node: Node) -> list[str]:
    """The names of a value, shortest first: a key from its last dot, from the piece before it, and so on."""
    if node.parameter is None:
        return [node.name]
    key = node.parameter.key
    last = key.rfind(".")
    starts = [0, *(cut.end() for cut in re.finditer(r"[./]", key) if cut.end() <= last + 1)]
    names = [key[start:] for start in reversed(starts)]
    chosen = placed(node.parameter.fixed)
    return [*names, f"{key}[{chosen}]"] if chosen else names


def _stops(one: Node, top: Node) -> bool:
    """Whether the formula of `top` does not go below a value: a leaf, or one with a name."""
    return one.function is None or (bool(one.name) and one is not top)


def _below(one: Node, top: Node) -> Sequence[Node]:
    return () if _stops(one, top) else one.inputs


def _write(top: Node, named: Callable[[Node], str]) -> str:
    """The formula down to named nodes and leaves, which `named` writes; without recursion in long chains (Q7)."""

    def text(one: Node, texts: list[str]) -> str:
        if one.function is None or _stops(one, top):
            return _constant(one) if isinstance(one.leaf, Constant) and not one.name else named(one)
        made = one.function.written(texts, [child.level for child in one.inputs], one.static)
        return made if len(made) <= _LONGEST else f"{made[: _LONGEST // 3]} ... {made[-_LONGEST // 3 :]}"

    return fold([top], text, lambda one: _below(one, top))[0]


def _constant(node: Node) -> str:
    """A number of the formula itself; a unit of counts and boundaries alone is left to the values it meets."""
    assert isinstance(node.leaf, Constant)
    numbers = node.leaf.values
    text, factor = readable(node.unit, float(np.max(np.abs(numbers))))
    if numbers.ndim:
        shown = ", ".join(in_full(v / factor, 6) for v in numbers.ravel()[:6])
        return f"[{shown}{', ...' if numbers.size > 6 else ''}] {text}".strip()
    unit = "" if set(map(str, node.unit)) <= {*COUNTS, *BOUNDARIES} and factor == 1 else text
    return f"{in_full(float(numbers) / factor, 6)} {unit}".strip()


def _number(node: Node, figures: Figures) -> str:
    if isinstance(node.leaf, Constant):
        return _constant(node)
    if node.parameter is None:
        return figures.valued(node)
    unit = unattached(node.parameter.unit)
    unit = "" if unit in COUNTS else unit
    return f"{figures.digits(node, node.parameter.scale)} {unit}".strip()


def unattached(unit: str) -> str:
    """A unit as people write it in a field, which attaches the boundary and "/device" itself (Q4).

    >>> unattached("W at_wall/device"), unattached("at_facility/at_wall")
    ('W', '')
    """
    text = re.sub(r"\((\w+)\)", r"\1", _ATTACHED.sub("", unit).strip())
    return "" if text == "1" else text


def _digits(array: Array) -> str:
    flat = np.ravel(array)
    first = flat[0]
    if len(flat) == 1:
        return in_full(first)
    if np.all(flat == first):
        return f"[{in_full(first)} each]"
    shown = ", ".join(in_full(v) for v in flat[:6])
    return f"[{shown}{', ...' if len(flat) > 6 else ''}]"
