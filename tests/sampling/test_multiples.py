"""What the structure of a plan proves: the labels whose rows are fixed multiples of those of other labels."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import lca
from lca import functions, parameter
from lca.graph.fields import Labelled
from lca.graph.node import Node
from lca.graph.program import compile_program
from lca.interpretation.spread import laid
from lca.sampling.design import RandomDesign
from lca.sampling.evaluate import evaluate
from lca.sampling.evaluators import evaluator_of
from lca.sampling.multiples import Multiples, multiples_of
from lca.sampling.question import Question
from lca.sampling.statistics.derived import Apart, First, Plain, Ratio, Total, first_labels


def over(dim: str, *values: Any, shared: bool = True) -> Labelled:
    return lca.labelled({f"{dim}{i}": value for i, value in enumerate(values)}, dim=dim, shared=shared)


def grids(key: str, *medians: float, shared: bool = True) -> Node:
    return parameter(key, over("region", *(lca.Lognormal(one, gsd=1.3) for one in medians), shared=shared))


LOAD = parameter("load", over("engine", lca.Normal(9, 1), lca.Normal(5, 2)))
ALIKE = grids("alike", 0.05, 0.4, 0.7)
COPIES = parameter("copies", over("region", *(lca.Normal(one, 0.1 * one) for one in (0.1, 0.3, 0.7))))
SHIFTED = parameter("shifted", over("region", lca.Normal(1, 0.1), lca.Normal(2, 0.1), lca.Normal(3, 0.1)))
KNOWN = parameter("known", over("region", 2.0, 3.0, 0.5))
NONE = parameter("none", over("region", 1.0, 0.0, 1.0))
YEARS = parameter("years", over("year", 1.0, 2.0, 0.0))
DECLINE = parameter("decline", over("year", lca.Uniform(1, 2), lca.Uniform(1, 3), lca.Uniform(2, 9), shared=False))
AGE, AGES = parameter("age", over("age", lca.Normal(9, 1), lca.Uniform(1, 2))), parameter("ages", over("age", 1.0, 2.0))
#: How much of each year lies in two lifetimes: no row is a multiple of the other.
LIVES = parameter("lives", over("life", 2.0, 1.0)) - parameter("before", over("year", 0.0, 1.0, 2.0))
PART = functions.clip(LIVES, 0.0, 1.0)


def found(node: Node, **rest: Any) -> tuple[Multiples | None, Question]:
    question = Question(compile_program({"value": node}), RandomDesign(3), draws=50, **rest)
    return multiples_of(question.plan).get("value"), question


@pytest.mark.parametrize(
    ("node", "rows"),
    [
        (ALIKE, 1),
        (COPIES, 1),
        (LOAD * ALIKE, 2),
        (LOAD / ALIKE, 2),
        (LOAD * KNOWN / ALIKE, 2),
        (LOAD * ALIKE * COPIES, 2),
        (functions.total(DECLINE, "year") * LOAD * ALIKE, 2),
        (functions.total(ALIKE * LOAD, "region") * KNOWN, 2),
        (functions.total(functions.maximum(DECLINE, 1.5) * KNOWN, "year"), 1),
        (functions.total(YEARS * DECLINE, "year") * KNOWN, 1),
        (functions.total(AGE * functions.clip(AGES * KNOWN, 0.0, 9.0), "age"), 1),
    ],
)
def test_rows_are_multiples_of_few(node: Node, rows: int) -> None:
    """As many rows as are left say all others, draw by draw."""
    proven, question = found(node)
    assert proven is not None
    values = evaluate(question.program, draws=50, design=RandomDesign(3))["value"]
    assert values[proven.first].size == rows * 50
    np.testing.assert_allclose(values, values[proven.first] * proven.factors[..., None], rtol=1e-13)


@pytest.mark.parametrize(
    "node",
    [
        LOAD,
        SHIFTED,
        grids("own", 1, 2, 3, shared=False),
        parameter("bent", over("region", lca.Lognormal(1, gsd=1.2), lca.Lognormal(1, gsd=1.3))),
        parameter("partly", over("region", lca.Lognormal(1, gsd=1.2), 2.0)),
        LOAD * ALIKE + 1,
        LOAD + ALIKE,
        functions.minimum(LOAD * ALIKE, 3.0),
        LOAD * functions.total(ALIKE, "region"),
        LOAD * -KNOWN * parameter("sign", over("region", 1.0, -1.0, 1.0)),
        LOAD * NONE,
        functions.where(NONE > 0.0, LOAD / NONE, LOAD),
        LOAD * parameter("first", over("region", 0.0, 1.0, 1.0)),
        functions.total(functions.maximum(DECLINE, 1.5) * parameter("t", over("year", 1.0, 2.0, 3.0)), "year"),
        functions.total(DECLINE * PART, "year"),
        functions.total(DECLINE * (KNOWN + YEARS), "year"),
    ],
    ids=range(16),
)
def test_of_other_rows_nothing_is_proven(node: Node) -> None:
    assert found(node)[0] is None


def test_a_value_that_a_run_is_given_proves_nothing() -> None:
    drawn = np.random.default_rng(1).uniform(1, 2, (3, 50))
    assert found(LOAD * ALIKE, overrides={"alike": drawn})[0] is None
    assert found(LOAD * ALIKE, overrides={"alike": np.array([[2.0], [3.0], [4.0]])})[0] is not None


STAGES = {
    "use": LOAD * ALIKE,
    "made": SHIFTED,
    "lived": LOAD * ALIKE * parameter("lived", over("life", 2.0, 3.0)),
    "total": LOAD * ALIKE + SHIFTED,
    "per/unit": parameter("count", lca.Lognormal(3, gsd=1.1)),
    "per/region": ALIKE,
    "per/engine": LOAD,
}


def test_u12_a_summary_counts_few_rows_and_says_all() -> None:
    """U12: means and ends are those of the draws to rounding, quantiles within half of their sampling error."""
    per = ("unit", "region", "engine")
    ways: list[dict[str, Any]] = [{"keep": "draws"}, {"keep": "summary", "over": [], "per": per}]
    one, other = (lca.monte_carlo(STAGES, draws=20_000, progress=False, **way) for way in ways)
    for name, each in itertools.product(("use", "made", "lived", "total"), ("total", *per)):
        drawn, told = (run.spreads.of(name, each) for run in (one, other))
        np.testing.assert_allclose(laid(told.dims, drawn.dims, drawn.mean), told.mean, rtol=1e-12)
        for word, values in told.quantiles.items():
            np.testing.assert_allclose(laid(told.dims, drawn.dims, drawn.quantiles[word]), values, rtol=2e-3)
    assert other.streamed is not None
    kept = {name: len(spread.statistics.mean) for name, spread in other.streamed.spreads.items()}
    assert [kept[name] for name in ("use", "made", "total", "use per unit")] == [2, 3, 6, 2]
    assert [kept[f"use per {each}"] for each in ("region", "engine")] == [6, 2]
    assert [kept[f"lived per {each}"] for each in ("unit", "region")] == [2, 6]


@pytest.mark.parametrize("per", [("unit",), ("unit", "region")])
def test_u7_numba_makes_the_few_rows_alone_with_the_same_bits(per: tuple[str, ...]) -> None:
    pytest.importorskip("numba")
    runs = (
        lca.monte_carlo(STAGES, draws=20_000, progress=False, keep="summary", over=[], per=per, evaluator=evaluator)
        for evaluator in ("numpy", "numba")
    )
    one, other = (lca.summary(run) for run in runs)
    assert one.equals(other)


@pytest.mark.parametrize("evaluator", ["numpy", "numba"])
def test_an_evaluator_makes_few_labels_where_few_are_wanted(evaluator: str) -> None:
    if evaluator == "numba":
        pytest.importorskip("numba")
    question = Question(compile_program(STAGES), RandomDesign(3), draws=50, evaluator=evaluator)
    whole = {name: values.copy() for name, values in evaluator_of(question).step(0, 50).items()}
    few = evaluator_of(question.of_few({"use": (slice(None), slice(1))})).step(0, 50)
    assert few["use"].shape == (2, 1, 50)
    assert np.array_equal(few["use"], whole["use"][:, :1])
    assert all(np.array_equal(few[name], whole[name]) for name in whole.keys() - {"use"})


def test_outputs_are_made_at_the_labels_that_are_read() -> None:
    first, other = (slice(None), slice(1)), (slice(1), slice(None))
    few, all_of_them = First(Plain("a"), first), Plain("a")
    above, below = Ratio(few, "b", ((2, 1), (1, 1))), First(Ratio(Plain("a"), "b", ((2, 3), (2, 1))), first)
    total = Total((("a", (), (2, 3)),))
    assert first_labels([few, above, Plain("c")]) == {"a": first}
    for wider in (all_of_them, First(Plain("a"), other), below, total, Apart(all_of_them, 0, np.zeros(1, int), False)):
        assert first_labels([few, wider]) == {}
