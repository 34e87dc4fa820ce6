"""A study as element operations for a page: every draw is a row that the page makes, or that a slider sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ...distributions.shapes import Shape
from ...errors import RecordError
from ...graph.labels import Dims
from ...graph.program import Check, Leaf, Program
from ...interpretation.draws import held_keys
from ...sampling.design import Column
from ...sampling.drawing import standards_of
from ...sampling.elements import Elements, Op
from ...sampling.lowering import Lowering, Places
from ...sampling.plan import plan_of


@dataclass(frozen=True)
class Row:
    """A drawn value: location + scale x a standard draw of a shape, read at the numbers of a column."""

    column: Column
    shape: Shape
    scale: float
    location: float
    nominal: float


@dataclass(frozen=True, eq=False)
class Value:
    """A value of the study: its elements over its dims, and root units for one of its display unit."""

    places: Places
    dims: Dims
    unit: str
    factor: float


@dataclass
class ElementGraph:
    """Operations on elements, the rows that are drawn, the values of the study, and the laws that values keep."""

    elements: Elements
    rows: dict[Row, int]  # each with its number
    values: dict[str, Value] = field(default_factory=dict)
    laws: list[tuple[Check, Places]] = field(default_factory=list)


def element_graph(program: Program, names: Iterable[str]) -> ElementGraph:
    """The elements of some outputs of a program, and of its guards.

    Raises `RecordError` for a function of a user, which a browser cannot call.
    """
    program = replace(program, outputs={name: program.outputs[name] for name in names})
    _require_known(program)
    graph = ElementGraph(Elements(), {})
    lowering = _ByRow(graph, program, {})
    graph.values = lowering.values()
    graph.laws = [(check, lowering.of(check.value)) for check in program.checks]
    return graph


def further_values(graph: ElementGraph, program: Program, known: Mapping[str, int]) -> dict[str, Value]:
    """The outputs of another program, whose operations the graph takes up; some parameters are elements by key."""
    _require_known(program)
    return _ByRow(graph, program, known).values()


def _require_known(program: Program) -> None:
    wanted = [*(one.value for one in program.outputs.values()), *(one.value for one in program.checks)]
    needed = (program.instructions[position] for position in program.needed(wanted))
    if paths := sorted({str(one.static["path"]) for one in needed if one.op == "apply"}):
        raise RecordError.of("function_of_a_user_on_a_page", "parameters", paths)


class _ByRow(Lowering):
    """Every drawn value as a row by number, instead of the operation that draws it."""

    def __init__(self, graph: ElementGraph, program: Program, known: Mapping[str, int]) -> None:
        super().__init__(plan_of(program, {}, frozenset(held_keys(program, ())), random=True), graph.elements)
        self._rows, self._known = graph.rows, known
        self.compute()

    def values(self) -> dict[str, Value]:
        """Every output of the program."""
        outputs = self.program.outputs.items()
        return {name: Value(self.of(one.value), one.dims, one.unit, one.factor) for name, one in outputs}

    def drawn(self, leaf: Leaf, row: int) -> int:
        if leaf.key in self._known:
            return self._known[leaf.key]
        standard, rows = standards_of(leaf, self.program.streams)[row], leaf.parameter.rows
        scale, location = float(rows.scale[row]), float(rows.location[row])
        if standard is None:
            return self.elements.constant(location)
        made = Row(standard.column, standard.shape, scale, location, float(leaf.nominal.reshape(-1)[row]))
        return self.elements.make(Op.GIVEN, extra=self._rows.setdefault(made, len(self._rows)))
