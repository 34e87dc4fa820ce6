"""The memory of a step: what is still read is never written over, and rows are used again."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from example_study import study

import lca
from lca.graph.program import Program, compile_program
from lca.sampling import drawing
from lca.sampling.correlated import columns_of
from lca.sampling.design import RandomDesign
from lca.sampling.evaluate import evaluate
from lca.sampling.evaluator import NumpyEvaluator
from lca.sampling.plan import UNIT, Plan
from lca.sampling.question import Question
from lca.sampling.scrambled import ScrambledPoints

X = [lca.parameter(f"x{i}", lca.Uniform(1, 2)) for i in range(4)]
WIDE = lca.parameter("wide", lca.labelled({"a": lca.Uniform(1, 2), "b": 3.0, "c": lca.Normal(5, 1)}, "", dim="m"))


def programs() -> dict[str, Program]:
    chain = X[0]
    for one in (*X, *X):
        chain = chain * one + lca.functions.total(WIDE * one, "m")
    many = [lca.parameter(f"y{i}", lca.Uniform(0, 1 + i) if i % 3 else lca.Normal(i, 1)) for i in range(300)]
    products = [one * other for one, other in zip(many[::2], many[1::2], strict=True)]
    return {
        "study": study().model.program,
        "chain": compile_program({"chain": chain}),
        "plain": compile_program({f"y{i}": one for i, one in enumerate(many)}),
        "many": compile_program({"sum": sum(products, X[0] + WIDE), "one": many[7], "more": sum(many[:9], X[1])}),
        "wide": compile_program({"wide": WIDE * WIDE + WIDE, "narrow": X[0] * X[1]}),
    }


@cache
def sum_of(count: int) -> Program:
    """The sum of so many parameters."""
    many = [lca.parameter(f"y{i}", lca.Uniform(0, 1 + i)) for i in range(count)]
    return compile_program({"sum": sum(many[1:], many[0])})


def plan_of(name: str) -> Plan:
    return Question(programs()[name], RandomDesign(0), 0, 10_000).plan


@pytest.mark.parametrize("name", ["study", "chain", "wide", "many", "plain"])
def test_values_that_are_still_read_share_no_row(name: str) -> None:
    plan = plan_of(name)
    program, memory = plan.program, plan.memory
    kept = {output.value for output in program.outputs.values()} | {check.value for check in program.checks}
    last = {i: position for position in plan.steps for i in program.instructions[position].inputs}
    at = {leaf: position for position, leaf in plan.leaves.items()}
    live: dict[int, set[int]] = {}

    def written(position: int, own: set[int]) -> None:
        assert max(own) < memory.rows
        assert not any(own & other for other in live.values()), program.text(position)
        live[position] = own

    for group, (first, count), steps in zip(plan.drawing.groups, memory.groups, memory.stretches, strict=True):
        assert count == group.rows.stop - group.rows.start
        for leaf in group.leaves:
            rows = plan.drawing.rows[leaf]
            written(at[leaf], {first + row - group.rows.start for row in range(rows.start, rows.stop)})
        for position in steps:
            size = math.prod(program.instructions[position].shape)
            assert set(program.instructions[position].inputs) & (set(at.values()) | set(plan.steps)) <= live.keys()
            written(position, set(range(memory.places[position], memory.places[position] + size)))
            live = {p: other for p, other in live.items() if p in kept or last.get(p, -1) > position}


def test_rows_are_used_again() -> None:
    plan = plan_of("chain")
    sizes = [math.prod(plan.program.instructions[position].shape) for position in plan.steps]
    assert plan.memory.rows < len(plan.drawing.location) + sum(sizes) / 2


def test_parameters_are_drawn_before_they_are_read_and_their_rows_are_used_again() -> None:
    """A sum of 1,000 parameters has as many draws in a step as one of 250, within the same memory."""
    plans = [Question(sum_of(count), RandomDesign(0), 0, UNIT).plan for count in (1_000, 250)]
    assert plans[0].step_draws == plans[1].step_draws == 1 << 14
    assert plans[0].memory.rows < 260
    assert len(plans[0].drawing.groups) == len(plans[0].memory.stretches) == 8


def test_the_numbers_of_a_design_fit_where_numba_takes_them() -> None:
    """Numba takes those of all columns at once, NumPy those of some rows."""
    pytest.importorskip("numba")
    program = sum_of(1_000)
    points = ScrambledPoints(columns_of(program, program.keys), UNIT, 1, seed=1)
    lengths = [Question(program, points, draws=UNIT, evaluator=one).step_draws for one in ("numpy", "numba")]
    assert lengths == [1 << 14, 1 << 13]
    assert Question(program, RandomDesign(0), draws=UNIT, evaluator="numba").step_draws == 1 << 14


@pytest.mark.parametrize("name", ["study", "chain", "wide", "many", "plain"])
def test_u7_groups_of_parameters_change_no_bit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = programs()[name]
    found = []
    for size in (1, 5, 1 << 20):
        monkeypatch.setattr(drawing, "_GROUP", size)
        program.plans.clear(), program.forms.clear()
        found.append(evaluate(program, draws=100, design=RandomDesign(3)))
        assert size < 20 or len(Question(program, RandomDesign(3)).plan.drawing.groups) == 1
    for other in found[1:]:
        assert all(np.array_equal(values, other[output]) for output, values in found[0].items())


def test_programs_of_one_form_share_what_is_laid_out_for_drawing() -> None:
    """A changed number moves no parameter that is drawn; a changed spread does. Two drawings are kept, no more."""
    asked = study()
    first = Question(asked.model.program, RandomDesign(0)).plan.drawing
    fewer = asked.replace({"robots.devices": 900}).model.program
    assert Question(fewer, RandomDesign(1)).plan.drawing is first
    for hours in (6, 7, 8):
        other = asked.replace({"robots.load": lca.Uniform("5 inference/s", f"{hours} inference/s")}).model.program
        assert Question(other, RandomDesign(0)).plan.drawing is not first
    assert len(asked.model.program.forms["drawings"]) == 2


def test_a_standard_draw_that_leaves_share_is_made_once() -> None:
    """Labels of one key that are taken apart are leaves of one stream: they stand in the group of the first."""
    shared = lca.parameter("s", lca.labelled({"a": lca.Normal(1, 2), "b": lca.Normal(5, 3)}, "", dim="m", shared=True))
    between = [lca.parameter(f"y{i}", lca.Uniform(0, 1 + i)) for i in range(400)]
    first, second = (lca.functions.select(shared, "m", label) for label in "ab")
    plan = Question(compile_program({"sum": sum(between, first) + second}), RandomDesign(0), 0, 10).plan
    assert len(plan.drawing.groups) > 1
    assert len(plan.drawing.standards) == len(set(plan.drawing.standards)) == 401
    assert len(plan.drawing.location) == 402


def test_rows_without_spread_are_filled_again_in_each_step() -> None:
    """Their memory is that of other values at the end of a step."""
    question = Question(programs()["wide"], RandomDesign(0), 0, 3_000)
    whole = {name: values.copy() for name, values in NumpyEvaluator(question).step(0, 3_000).items()}
    evaluator = NumpyEvaluator(question)
    for start in range(0, 3_000, 500):
        part = evaluator.step(start, start + 500)
        for name, values in part.items():
            assert np.array_equal(values, whole[name][..., start : start + 500])
    assert np.all(whole["wide"][1] == 12)
