"""A changed value takes the place of the old one without assembly: the study is the one that assembly would make."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from example_catalogue import value  # noqa: F401
from example_chats import server
from example_chats import study as served
from example_fleet import by_year, use_of
from example_study import BEST, build, development, home_site, grid, part, robots, engines, jetson, field_site, workstation

import lca
import lca.study.scenarios as scenarios
from lca.errors import DomainError, LcaError
from lca.graph.identity import Interner
from lca.graph.leaf import Parameter
from lca.graph.node import Node, constant
from lca.graph.program import Program
from lca.study.changes import changed, read
from lca.study.study import Study


def assembled(study: Study, changes: dict[str, Any]) -> Study:
    """What `replace` makes where nothing is kept."""
    made = study._each(changes, read)
    return Study._of(study._dims, {at: changed(case, made[at]) for at, case in study._cases.items()})


def said(program: Program) -> list[object]:
    """A program as values that can be compared."""
    nothing = constant(0.0)
    leaves = [(leaf.key, leaf.stream, leaf.nominal.tobytes(), leaf.parameter.definition, leaf.parameter.fixed)
              for leaf in program.leaves]  # fmt: skip
    constants = {place: (values.shape, values.tobytes()) for place, values in program.constants.items()}
    checks = [replace(check, guard=replace(check.guard, node=nothing)) for check in program.checks]
    checks = [(repr(replace(check, guard=replace(check.guard, node=nothing))), check.value) for check in checks]
    return [program.instructions, program.streams, leaves, constants, program.outputs, checks]


def assert_same(found: Study, wanted: Study) -> None:
    """The same model and the same program, to the bit."""
    one, other, number = found.model, wanted.model, Interner()
    assert list(one.outputs) == list(other.outputs)
    for name, node in one.outputs.items():
        assert number(node) == number(other.outputs[name]), name
        assert repr(node) == repr(other.outputs[name])
    assert said(one.program) == said(other.program)
    plain = [(guard.where, guard.message, guard.low, guard.high, list(map(str, guard.sides)), guard.values, number(guard.node))
             for model in (one, other) for guard in model.guards]  # fmt: skip
    assert plain[: len(plain) // 2] == plain[len(plain) // 2 :]
    for field in ("title", "stages", "parts", "alternatives", "quality", "excluded", "notes", "gaps", "scores"):
        assert getattr(one, field) == getattr(other, field), field
    assert [record.id for record in found.components] == [record.id for record in wanted.components]
    for mine, theirs in zip(found.components, wanted.components, strict=True):
        assert repr(mine) == repr(theirs)


def desk_with_joint_hardware() -> Study:
    site = home_site(grid())
    return part(development(workstation(), site), excluded={})


STUDIES = {
    "the whole": build,
    "one engine": lambda: build().sel(engine=BEST),
    "scenarios of a number": lambda: build().vary("years", {"robots.period": {3: "3 year", 5: "5 year"}}),
    "scenarios of records": lambda: build().vary(
        "grid", {"robots.electricity": {place: grid(place) for place in ("US-RFCW", "US-CAMX")}}
    ),
    "by year": lambda: part(use_of(devices=by_year(2024, 10, 20, 30))),
    "served": lambda: served(server()),
    "a desk": desk_with_joint_hardware,
}


def leaves_of(study: Study) -> list[tuple[str, Parameter]]:
    """Each field that holds a parameter, by its path."""
    found = {}
    for record in study.components:
        for name in record.values:
            given = record.given(name)
            if isinstance(given, Node) and given.parameter is not None and given.parameter.key == f"{record.slug}.{name}":
                found[f"{record.slug}.{name}"] = given.parameter
    return list(found.items())


def other_value(parameter: Parameter, draw: np.random.Generator) -> Any:
    """Another value of the same unit: moved, with a spread or without one, or the same for some labels."""
    low, high = draw.uniform(0.8, 1.0), draw.uniform(1.0, 1.2)
    kind = draw.integers(4)
    made: list[Any] = []
    for number in parameter.plain:
        if kind == 0:
            made.append(number * low)
        elif kind == 1:
            made.append(lca.Uniform(number * low, number * high) if number else 0.0)
        elif kind == 2:
            made.append(lca.Triangular(number * low, number, number * high) if number else 0.0)
        else:
            made.append(parameter.plain[0])
    if not parameter.dims:
        return lca.parameter(parameter.key, lca.labelled({"x": made[0]}, parameter.unit, dim="x")).parameter and (
            made[0].in_unit(parameter.unit) if not isinstance(made[0], float) else f"{made[0]!r} {parameter.unit}".strip()
        )
    if len(parameter.dims) > 1:
        return None
    (dim,) = parameter.dims
    return lca.labelled(dict(zip(dim.labels, made, strict=True)), parameter.unit, dim=dim.name)


@pytest.mark.parametrize("name", STUDIES)
def test_d4_a_changed_value_gives_the_study_that_assembly_gives(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """D4: random values at every path of a parameter, with and without a spread; also one after the other."""
    study, draw, kept = STUDIES[name](), np.random.default_rng(13), 0
    assemblies = []
    assemble = scenarios.assemble
    monkeypatch.setattr(scenarios, "assemble", lambda case: assemblies.append(case) or assemble(case))
    for path, parameter in leaves_of(study):
        for _ in range(3):
            new = other_value(parameter, draw)
            if new is None:
                continue
            before = len(assemblies)
            try:
                wanted = assembled(study, {path: new})
            except LcaError as error:
                with pytest.raises(type(error)) as raised:
                    study.replace({path: new})
                assert str(raised.value) == str(error)
                continue
            between = len(assemblies)
            found = study.replace({path: new})
            kept += len(assemblies) == between
            assert between > before
            assert_same(found, wanted)
    assert kept > 5
