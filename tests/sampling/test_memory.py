"""The memory of a step: what is still read is never written over, and rows are used again."""

from __future__ import annotations

import math

import numpy as np
import pytest
from example_study import study

import lca
from lca.graph.program import Program, compile_program
from lca.sampling.design import RandomDesign
from lca.sampling.evaluator import NumpyEvaluator
from lca.sampling.plan import Plan
from lca.sampling.question import Question

X = [lca.parameter(f"x{i}", lca.Uniform(1, 2)) for i in range(4)]
WIDE = lca.parameter("wide", lca.labelled({"a": lca.Uniform(1, 2), "b": 3.0, "c": lca.Normal(5, 1)}, "", dim="m"))


def programs() -> dict[str, Program]:
    chain = X[0]
    for one in (*X, *X):
        chain = chain * one + lca.functions.total(WIDE * one, "m")
    return {
        "study": study().model.program,
        "chain": compile_program({"chain": chain}),
        "wide": compile_program({"wide": WIDE * WIDE + WIDE, "narrow": X[0] * X[1]}),
    }


def plan_of(name: str) -> Plan:
    return Question(programs()[name], RandomDesign(0), 0, 10_000).plan


@pytest.mark.parametrize("name", ["study", "chain", "wide"])
def test_values_that_are_still_read_share_no_row(name: str) -> None:
    plan = plan_of(name)
    program, memory = plan.program, plan.memory
    kept = {output.value for output in program.outputs.values()} | {check.value for check in program.checks}
    last = {i: position for position in plan.steps for i in program.instructions[position].inputs}
    rows = {p: plan.drawing.rows[leaf] for p, leaf in plan.leaves.items()}
    live = {p: set(range(own.start, own.stop)) for p, own in rows.items()}
    for position in plan.steps:
        size = math.prod(program.instructions[position].shape)
        own = set(range(memory.places[position], memory.places[position] + size))
        assert max(own) < memory.rows
        assert not any(own & other for other in live.values()), program.text(position)
        live[position] = own
        live = {p: other for p, other in live.items() if p in kept or last.get(p, -1) > position}


def test_rows_are_used_again() -> None:
    plan = plan_of("chain")
    sizes = [math.prod(plan.program.instructions[position].shape) for position in plan.steps]
    assert plan.memory.rows < plan.memory.parameters + sum(sizes) / 2


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
