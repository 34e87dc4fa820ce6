"""A study as element operations for a page: every draw is a row that the page makes, or that a slider sets."""

from __future__ import annotations

from collections.abc import Iterable
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
from ...sampling.plan import Plan, plan_of


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
    rows: list[Row]
    values: dict[str, Value] = field(default_factory=dict)
    laws: list[tuple[Check, Places]] = field(default_factory=list)


def element_graph(program: Program, names: Iterable[str]) -> ElementGraph:
    """The elements of some outputs of a program, and of its guards.

    Raises `RecordError` for a function of a user, which a browser cannot call.
    """
    program = replace(program, outputs={name: program.outputs[name] for name in names})
    _require_known(program)
    lowering = _ByRow(plan_of(program, {}, frozenset(held_keys(program, ())), random=True))
    lowering.compute()
    made = ElementGraph(lowering.elements, list(lowering.rows))
    for name, output in program.outputs.items():
        made.values[name] = Value(lowering.of(output.value), output.dims, output.unit, output.factor)
    made.laws = [(check, lowering.of(check.value)) for check in program.checks]
    return made


def _require_known(program: Program) -> None:
    wanted = [*(one.value for one in program.outputs.values()), *(one.value for one in program.checks)]
    needed = (program.instructions[position] for position in program.needed(wanted))
    if paths := sorted({str(one.static["path"]) for one in needed if one.op == "apply"}):
        raise RecordError.of("function_of_a_user_on_a_page", "parameters", paths)


class _ByRow(Lowering):
    """Every drawn value as a row by number, instead of the operation that draws it."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.rows: dict[Row, int] = {}

    def drawn(self, leaf: Leaf, row: int) -> int:
        standard, rows = standards_of(leaf, self.program.streams)[row], leaf.parameter.rows
        scale, location = float(rows.scale[row]), float(rows.location[row])
        if standard is None:
            return self.elements.constant(location)
        made = Row(standard.column, standard.shape, scale, location, float(leaf.nominal.reshape(-1)[row]))
        return self.elements.make(Op.GIVEN, extra=self.rows.setdefault(made, len(self.rows)))
