"""How the values of the page follow from each other: steps as texts, in which the page fills in the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from ...graph.formula_text import Step, said_of, step_of
from ...graph.functions import select
from ...graph.node import Node, postorder
from ...graph.program import compile_program
from ...graph.rewrite import Selections
from ...study.study import Study
from ...study.untried import Untried, untried
from ...units.text import display
from .element_graph import ElementGraph, Value, further_values
from .sliders import Slider

#: Combinations of labels for which the steps of a value are written, at most.
_COMBINATIONS = 100
#: Numbers of one value that are written out, at most: of more the page says how many they are.
_NUMBERS = 24
#: What the number of a figure stands between in a text.
_OPEN, _CLOSE = "\ue000", "\ue001"


def derivations(study: Study, sliders: Sequence[Slider], graph: ElementGraph, names: Iterable[str]) -> dict[str, Any]:
    """The steps of some outputs at each of their labels; the graph takes up what they show.

    They are those of `lca.derivation` of the study in which every slider is set. Of a slider that is not set, and
    whose value is an expression, the page adds the steps of that expression.
    """
    held = untried(study, {one.path: one.expression for one in sliders})
    when_set = untried(study, {one.path: one.range for one in sliders})
    keys = {_key(when_set, one): number for number, one in enumerate(sliders)}
    choosing = {str(number): held.given(one.path) for number, one in enumerate(sliders)}
    chosen = further_values(graph, compile_program(choosing), {})
    elements = {key: int(chosen[str(number)].places) for key, number in keys.items()}
    steps, stated = _Steps(keys), _Steps({})
    roots = {name: _at_labels(when_set.model.outputs[name], name, steps) for name in names}
    own = [_stated(choosing[str(number)], one, sliders, stated) for number, one in enumerate(sliders)]
    return {
        "steps": [steps.made, stated.made],
        "figures": [steps.figures(graph, elements), stated.figures(graph, {})],
        "roots": roots,
        "stated": own,
    }


def _key(when_set: Untried, one: Slider) -> str:
    leaf = when_set.given(one.path).parameter
    assert leaf is not None
    return leaf.key


def _at_labels(node: Node, name: str, steps: _Steps) -> list[int]:
    """The step of a value at each combination of its labels, row by row; none where there are too many."""
    if math.prod(map(len, node.dims)) > _COMBINATIONS:
        return []
    made = []
    for labels in product(*(dim.labels for dim in node.dims)):
        at = node
        for dim, label in zip(node.dims, labels, strict=True):
            at = select(at, dim.name, label)
        made.append(steps.of(Selections()(at).named(node.name or name)))
    return made


def _stated(choosing: Node, one: Slider, sliders: Sequence[Slider], steps: _Steps) -> list[Any]:
    """What a slider that is not set rests on: a source, or the step of an expression, -1 where there is none."""
    held = choosing.inputs[2]
    if held.parameter is not None:
        return [said_of(held.parameter), -1]
    paths = {other.path for other in sliders if other is not one}
    if any(node.path.partition(":")[2] in paths for node in postorder([held])):
        return ["", -1]
    return ["", steps.of(Selections()(held).named(one.path))]


class _Steps:
    """The steps of some values, each once, and the figures in their texts."""

    def __init__(self, sliders: Mapping[str, int]) -> None:
        self.made = list[list[Any]]()
        self._sliders = sliders
        self._asked: dict[tuple[int, float], int] = {}
        self._shown = list[tuple[Node, float]]()
        self._number: dict[int, int] = {}
        self._nodes = list[Node]()  # so that ids stay theirs

    def of(self, root: Node) -> int:
        """The number of the step of a node; what it stands on has a smaller one."""
        waiting = [root]
        while waiting:
            step = step_of(waiting[-1], self)
            lacking = [child for child in step.named if id(child) not in self._number]
            if lacking:
                waiting += lacking
                continue
            node = waiting.pop()
            if id(node) not in self._number:
                self._number[id(node)] = len(self.made)
                self._nodes.append(node)
                self.made.append(self._plain(step))
        return self._number[id(root)]

    def _plain(self, step: Step) -> list[Any]:
        rests = [[name, said_of(one), self._sliders.get(one.key, -1)] for name, one in step.rests]
        named = [self._number[id(child)] for child in step.named]
        return [step.name, step.symbols, step.numbers, step.value, rests, named]

    def digits(self, node: Node, scale: float) -> str:
        """The place of a value in a unit of so many root units, without the unit."""
        number = self._asked.setdefault((id(node), scale), len(self._shown))
        if number == len(self._shown):
            self._shown.append((node, scale))
        return f"{_OPEN}{number}{_CLOSE}"

    def valued(self, node: Node) -> str:
        """The place of a value in its display unit, which depends on its size."""
        return self.digits(node, 0.0)

    def figures(self, graph: ElementGraph, elements: Mapping[str, int]) -> list[list[Any]]:
        """What stands in each place: elements, root units for one unit, and the unit; some parameters are elements."""
        program = compile_program({str(number): node for number, (node, _) in enumerate(self._shown)})
        values = further_values(graph, program, elements) if self._shown else {}
        return [list(_figure(values[str(number)], *shown)) for number, shown in enumerate(self._shown)]


def _figure(value: Value, node: Node, scale: float) -> Iterator[Any]:
    places = value.places.ravel().tolist()
    yield places if len(places) <= _NUMBERS else len(places)
    text, factor = display(node.unit)
    yield scale or factor
    if not scale:
        yield text
        yield "FLOP" if node.unit.get("FLOP", 0) == 1 else text if text == "s" else ""
