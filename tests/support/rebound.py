"""What a study says, to be compared: one whose values were swapped, and one that was assembled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

import lca
from lca.errors import LcaError
from lca.graph.identity import Interner
from lca.graph.leaf import Parameter
from lca.graph.node import Node, constant
from lca.graph.program import Program
from lca.study.assembly import Model
from lca.study.changes import changed, read
from lca.study.study import Study


def assembled(study: Study, changes: dict[str, Any]) -> Study:
    """What `replace` makes where nothing is kept."""
    made = study._each(changes, read)
    return Study._of(study._dims, {at: changed(case, made[at]) for at, case in study._cases.items()})


def outcome(act: Callable[[], Study]) -> Study | str:
    """A study, or the error in words."""
    try:
        return act()
    except LcaError as error:
        return f"{type(error).__name__}: {error}"


def program_said(program: Program) -> list[object]:
    """A program as values that can be compared."""
    leaves = [
        (leaf.key, leaf.stream, leaf.nominal.tobytes(), leaf.parameter.definition, leaf.parameter.fixed)
        for leaf in program.leaves
    ]
    constants = {place: (values.shape, values.tobytes()) for place, values in program.constants.items()}
    nothing = constant(0.0)
    checks = [(repr(replace(check, guard=replace(check.guard, node=nothing))), list(map(str, check.guard.sides)))
              for check in program.checks]  # fmt: skip
    return [program.instructions, program.streams, leaves, constants, program.outputs, checks, program.correlated]


def model_said(model: Model, number: Interner) -> dict[str, object]:
    """A model as values that can be compared, its expressions by their numbers."""
    names = ("title", "stages", "parts", "alternatives", "quality", "excluded", "notes", "gaps", "scores",
             "correlations")  # fmt: skip
    said: dict[str, object] = {name: getattr(model, name) for name in names}
    said["outputs"] = {name: (number(node), repr(node)) for name, node in model.outputs.items()}
    said["guards"] = [
        (one.where, one.message, one.low, one.high, [str(side) for side in one.sides], one.values, number(one.node))
        for one in model.guards
    ]
    return said


def assert_same(found: Study | str, wanted: Study | str) -> None:
    """The same model, the same program and the same components; or the same error."""
    if isinstance(found, str) or isinstance(wanted, str):
        assert found == wanted
        return
    number = Interner()
    assert model_said(found.model, number) == model_said(wanted.model, number)
    assert program_said(found.model.program) == program_said(wanted.model.program)
    assert [record.id for record in found.components] == [record.id for record in wanted.components]
    assert list(map(repr, found.components)) == list(map(repr, wanted.components))


def leaves_of(study: Study) -> Iterator[tuple[str, Parameter]]:
    """Each field that holds a parameter of its own without labels or along one dim, by its path."""
    seen = set()
    for record in study.components:
        for name in record.values:
            path, given = f"{record.slug}.{name}", record.given(name)
            own = isinstance(given, Node) and given.parameter is not None and given.parameter.key == path
            if own and path not in seen and len(given.dims) < 2:
                seen.add(path)
                yield path, given.parameter


def other_value(parameter: Parameter, dice: np.random.Generator) -> Any:
    """Another value near the old one: a number, a distribution, or one number for all labels."""
    low, high, kind = dice.uniform(0.8, 1.0), dice.uniform(1.0, 1.2), dice.integers(4)

    def moved(number: float) -> Any:
        if kind == 0 or not number:
            return number * low
        if kind == 1:
            return lca.Uniform(number * low, number * high)
        return lca.Triangular(number * low, number, number * high) if kind == 2 else parameter.plain[0]

    values = [moved(number) for number in parameter.plain]
    if parameter.dims:
        return lca.labelled(dict(zip(parameter.dims[0].labels, values, strict=True)), parameter.unit,
                            dim=parameter.dims[0].name)  # fmt: skip
    if isinstance(values[0], float):
        return f"{values[0]!r} {parameter.unit}".strip()
    return values[0].in_unit(parameter.unit)
