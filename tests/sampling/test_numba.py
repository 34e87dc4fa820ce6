"""The evaluator in numba: the bits and the errors of NumPy, taken by counts alone (U7)."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from typing import Any

import numba
import numpy as np
import pytest
from fuzz.build import study_of
from fuzz.generate import random_spec
from numba.core.event import Event, EventStatus

import lca
from lca import functions as F
from lca.errors import DomainError, LcaError, MissingError
from lca.graph.function_table import FUNCTIONS, call
from lca.graph.guard import Guard
from lca.graph.labels import make_dim
from lca.graph.node import Node
from lca.graph.program import compile_program
from lca.interpretation.result import model_of
from lca.sampling import by_counts, numba_kernel, numba_loops
from lca.sampling.correlated import columns_of
from lca.sampling.design import RandomDesign
from lca.sampling.elements import Op
from lca.sampling.evaluate import evaluate
from lca.sampling.lowering import lacking
from lca.sampling.plan import UNIT
from lca.sampling.question import Question
from lca.sampling.run import run
from lca.sampling.scrambled import ScrambledPoints
from lca.sampling.sinks import KeptDraws

DRAWS = 3_000
X, Y, Z = (lca.parameter(name, 1.0) for name in "xyz")
LAB = lca.parameter("lab", lca.labelled({"p": 1.0, "q": 2.0, "r": 3.0}, "", dim="d"))
#: No draw changes it: its elements are constants, also where what stands beside them varies.
FIXED = lca.parameter("fixed", lca.labelled({"p": 2.0, "q": 1.0, "r": -1.0}, "", dim="d"))
ENGINES = make_dim("e", ["k", "l"], {"d": ["r", "p"]})
#: Operations that each library computes in its own way.
OWN_WAY = {Op.EXP, Op.LOG, Op.POWER}
#: Uses of every row of the table of functions; constants are another case than values.
USES: dict[str, list[Node]] = {
    "add": [X + Y, X + 2, LAB + X],
    "subtract": [X - Y, 2 - X, X - 2],
    "multiply": [X * Y, X * 3, LAB * X * Y],
    "divide": [X / (Y * Y + 1), 1 / (X * X + 1), X / 3],
    "negative": [-X, -LAB * Y],
    "power": [(X * X + 1) ** 0.5, X**2, X**3, X**7, (X * X + 1) ** -2, X**1, X**0, (X * X + 1) ** 65],
    "raised": [F.power(X * X + 0.5, Y), F.power(2.0, X)],
    "exp": [F.exp(X)],
    "log": [F.log(X * X + 1)],
    "minimum": [F.minimum(X, Y), F.minimum(X, 0.0), F.minimum(-0.0, X), F.minimum(LAB, Y)],
    "maximum": [F.maximum(X, Y), F.maximum(-0.0, X), F.maximum(X, 0.0)],
    "clip": [F.clip(X, -0.5, 0.7), F.clip(X, Y, Z), F.clip(X, 0.0, Y), F.clip(X, Y, 1.0), F.clip(X, -0.0, 0.0)],
    "ceil": [F.ceil(X), F.ceil(X * 1000)],
    "less": [X < Y, X < 0.5],
    "less_equal": [X <= Y, X <= 1],
    "greater": [X > Y, LAB > X],
    "greater_equal": [X >= Y, X >= 1],
    "where": [
        F.where(X < Y, Z, X),
        F.where(X < Y, 1.0, X),
        F.where(X < Y, Z, 2.0),
        F.where(X < Y, 1.0, 2.0),
        F.where(FIXED > 1, X, Y),
        F.where(FIXED > 1, X * LAB, 2.0),
    ],
    "interpolate": [F.interpolate(X, [0.0, 1.0, 2.0], [3.0, 5.0, -1.0]), F.interpolate(X, [1.0], [4.0])],
    "choice": [call("choice", X, Y, LAB, 3.0, thresholds=(0.2, 0.9)), call("choice", FIXED, Y, X, thresholds=(1.5,))],
    "sum": [F.total(LAB * X, "d"), F.total(LAB, "d")],
    "cumulative_product": [F.cumulative_product(LAB * Y, "d")],
    "stack": [F.stack({"a": X, "b": LAB, "c": X * 0 + 1}, "s"), F.stack({"a": X, "b": Y}, "s") * LAB],
    "select": [F.select(F.cumulative_product(LAB, "d"), "d", "q")],
    "take": [F.take(LAB * X, "d", ENGINES, "d"), F.padded(LAB * X, make_dim("d", ["r", "o", "p"]))],
}
SPREADS = {
    "normal": lca.Normal(3, 1),
    "uniform": lca.Uniform(-1, 2),
    "triangular": lca.Triangular(1, 2, 4),
    "at the lower bound": lca.Triangular(1, 1, 4),
    "at the upper bound": lca.Triangular(1, 4, 4),
    "lognormal": lca.Lognormal(2.0, gsd=1.5),
    "split": lca.Lognormal.through(1.0, 2.0, 8.0, level=0.9),
    "pert": lca.Pert(0, 1, 5),
    "weibull": lca.Weibull(5.0, 3.0),
    "empirical": lca.Empirical([1.0, 2.5, 7.0]),
}


def given_values() -> dict[str, Any]:
    """Values of x, y, z and lab: with both zeros, whole numbers and equal ones among them."""
    random = np.random.default_rng(8)
    values = {name: random.normal(0.5, 1.0, DRAWS) for name in "xyz"} | {"lab": random.normal(0.5, 1.0, (3, DRAWS))}
    for shift, array in enumerate((*[values[name] for name in "xyz"], *values["lab"])):
        array[:20] = np.roll([0.0, -0.0, 0.0, 1.0, -1.0, 2.0, 0.5, -0.5, 1 + 5e-9, -2.0] * 2, 3 * shift)
    return values


def both(question: Question) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of a question from the two evaluators."""
    return values_of(replace(question, evaluator="numpy")), values_of(replace(question, evaluator="numba"))


def values_of(question: Question) -> dict[str, Any]:
    kept = KeptDraws(question)
    run(question, kept)
    return kept.draws(question.draws)


def assert_same(left: dict[str, Any], right: dict[str, Any], *, bits: bool = True) -> None:
    """Equal names, shapes and bits, or values to 1e-12."""
    assert left.keys() == right.keys()
    for name in left:
        assert left[name].shape == right[name].shape
        if bits:
            assert np.array_equal(left[name].view(np.int64), right[name].view(np.int64)), name
        else:
            assert np.allclose(left[name], right[name], rtol=1e-12, atol=0.0), name


def own_way(question: Question) -> bool:
    return bool(OWN_WAY & set(question.code.lines[:, 0].tolist()))


# --- every function, every distribution -----------------------------------------------------------------


@pytest.mark.parametrize("row", sorted(FUNCTIONS.keys() - {"apply"}))
def test_u7_every_function_has_the_bits_of_numpy(row: str) -> None:
    nodes = {str(number): node for number, node in enumerate(USES[row])}
    program = compile_program(nodes)
    used = {leaf.key for leaf in program.leaves}
    overrides = {key: values for key, values in given_values().items() if key in used}
    for name in nodes:
        question = Question(program.of(name), None, 0, DRAWS, overrides=overrides)
        own = row in ("exp", "log", "raised") or (row == "power" and name in "067")
        assert own_way(question) == own
        assert_same(*both(question), bits=not own)


def test_u7_what_a_branch_that_was_not_taken_holds_does_not_matter() -> None:
    node = F.where(X > 0, F.minimum(F.exp(X * 1000), 1.0), F.maximum(F.log(X), 2.0)) + F.ceil(F.minimum(X / 0, 3.0))
    overrides = {"x": np.linspace(0.001, 1.0, DRAWS)}
    assert_same(*both(Question(compile_program({"it": node}), None, 0, DRAWS, overrides=overrides)))


def spreads() -> dict[str, Node]:
    """Each distribution, and rows that share a stream: with one shape, with several, and with none."""
    shared = {"a": lca.Normal(1, 1), "b": lca.Normal(2, 3), "c": 4.0, "d": lca.Uniform(0, 1), "e": SPREADS["pert"]}
    nodes = {name: lca.parameter(name, spread) * 1.0 for name, spread in SPREADS.items()}
    return nodes | {"shared": lca.parameter("shared", lca.labelled(shared, "", dim="way")), "known": X + 1}


@pytest.mark.parametrize(("start", "draws"), [(0, DRAWS), (1, 1), (1_001, 2_222), (UNIT - 5, 12)])
def test_u2_draws_have_the_bits_of_numpy_wherever_they_begin(start: int, draws: int) -> None:
    question = Question(compile_program(spreads()), RandomDesign(3), start, draws)
    assert_same(*both(question))


def test_u3_points_of_another_design_pass_through_the_same_tables() -> None:
    program = compile_program(spreads())
    design = ScrambledPoints(columns_of(program, program.keys), 1_024, 1, seed=1)
    assert_same(*both(Question(program, design, 0, 1_024)))


@pytest.mark.parametrize("seed", range(40))
def test_u7_random_studies_have_the_bits_of_numpy(seed: int) -> None:
    try:
        program = model_of(study_of(random_spec(seed))).program
    except LcaError:  # some random studies have to be refused
        return
    question = Question(program, RandomDesign(seed), 0, DRAWS)
    assert not lacking(question.plan)
    assert_same(*both(question), bits=not own_way(question))


def test_u7_threads_and_steps_change_no_bit() -> None:
    program, draws = compile_program({"sum": sum(spreads().values())}), 2 * UNIT + 77
    asked = dict(draws=draws, design=RandomDesign(5), evaluator="numba")
    whole = evaluate(program, threads=2, **asked)
    assert_same(whole, evaluate(program, threads=1, **asked))
    assert_same(whole, evaluate(program, draws=draws, design=RandomDesign(5), evaluator="numpy"))
    late = evaluate(program, draws=100, start=draws - 100, design=RandomDesign(5), evaluator="numba")
    assert_same(late, {"sum": whole["sum"][..., -100:].copy()})


# --- the code ---------------------------------------------------------------------------------------------


def code_of(**nodes: Node) -> Any:
    return Question(compile_program(nodes), RandomDesign(0), 0, 10).code


def operations(code: Any) -> list[Op]:
    return [Op(number) for number in code.lines[:, 0] if number != Op.LIMIT]


def test_equal_elements_are_computed_once_and_labels_are_renamed() -> None:
    a, b = lca.parameter("a", lca.Uniform(0, 1)), lca.parameter("b", lca.Uniform(0, 1))
    code = code_of(one=(a + b) * 2, two=(b + a) * 2 + a, three=F.select(F.stack({"p": a + b, "q": b}, "s"), "s", "p"))
    assert operations(code) == [Op.UNIFORM, Op.UNIFORM, Op.ADD, Op.MULTIPLY, Op.ADD]
    assert code.operations == 5


def test_rows_are_used_again_when_nothing_reads_them() -> None:
    nodes = [lca.parameter(f"p{i}", lca.Uniform(0, 1)) for i in range(50)]
    code = code_of(sum=sum(nodes[1:], nodes[0]))
    assert code.operations == 99
    assert code.rows <= 3
    assert all(row not in line[2:5] for line in code.lines.tolist() if line[0] == Op.ADD for row in [line[1]])


def test_what_is_known_of_an_element_is_folded() -> None:
    half = lca.parameter("half", lca.labelled({"a": lca.Uniform(0, 1), "b": 2.0}, "", dim="k"))
    code = code_of(it=half * half * 1.0 / 1.0 - 0.0 + 1)
    assert operations(code) == [Op.UNIFORM, Op.MULTIPLY, Op.ADD, Op.COPY]
    assert code.constants[~code.lines[-1, 2]] == 5.0


def test_the_interpreter_knows_the_numbers_of_operations() -> None:
    assert {op.name: int(op) for op in Op} == {op.name: getattr(numba_kernel, op.name) for op in Op}


def test_the_interpreter_is_compiled_once_for_all() -> None:
    test_u3_points_of_another_design_pass_through_the_same_tables()
    test_u2_draws_have_the_bits_of_numpy_wherever_they_begin(0, 10)
    assert len(numba_kernel.run.signatures) == 1


def test_a_wait_for_the_compiler_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    told, ours, other = numba_loops.Told(), numba_kernel.run, numba.njit(lambda x: x)
    for dispatcher in (other, ours, ours):
        told.on_start(Event("numba:compile", EventStatus.START, {"dispatcher": dispatcher}))
    assert capsys.readouterr().err == f"{numba_loops.WAITING}\n"


def test_u7_no_product_is_fused_with_a_sum() -> None:
    numbers, out = np.arange(64, dtype=np.uint32) << 24, np.empty(64)
    numba_kernel._cubic(out, numbers.view(np.int32), np.ones((4, 20_000)), 0, 0.1, 0.3, 64)
    numba_kernel._triangular(out, numbers, 0.3, 0.1, 0.3, 64)
    code = [text for one in ("_cubic", "_triangular") for text in getattr(numba_kernel, one).inspect_asm().values()]
    assert all("mul" in text and not re.search(r"fn?m(add|sub)", text) for text in code)


def test_where_no_folder_can_be_written_loops_are_compiled_in_each_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(self: object) -> None:
        raise RuntimeError("cannot cache function: no locator available")

    def twice(x: float) -> float:
        return 2 * x

    monkeypatch.setattr(type(numba_loops.part(twice)), "enable_caching", cannot)
    assert numba_loops.loop(twice)(2.0) == 4.0


# --- errors ------------------------------------------------------------------------------------------------


def raised(node: Any, evaluator: str, *guards: Guard) -> str:
    with pytest.raises(LcaError) as error:
        evaluate(compile_program({"it": node}, guards), draws=DRAWS, design=RandomDesign(0), evaluator=evaluator)
    return f"{type(error.value).__name__}: {error.value}"


def test_q6_a_value_that_is_not_finite_raises_as_in_numpy() -> None:
    node = F.log(lca.parameter("a", lca.Normal(3, 1))) + 1
    assert raised(node, "numba") == raised(node, "numpy")
    assert "first made by: log(a)" in raised(node, "numba")


@pytest.mark.parametrize("limit", [{"high": 0.99}, {"low": 0.01}, {"low": 0.0, "above": True}])
def test_q4_a_draw_beyond_its_domain_raises_as_in_numpy(limit: dict[str, Any]) -> None:
    spread = lca.parameter("a", lca.labelled({"p": lca.Uniform(0, 1), "q": 0.5}, "", dim="k"))
    ends = F.where(spread < 0.001, 0.0, spread)
    guard = Guard(ends, "the place", "outside_domain", values={"domain": "here"}, **limit)
    assert raised(spread, "numba", guard) == raised(spread, "numpy", guard)
    assert "k=p" in raised(spread, "numba", guard)


def test_q4_rounding_on_the_edge_of_a_domain_raises_nowhere() -> None:
    a = lca.parameter("a", lca.Uniform(0.1, 0.3))
    guard = Guard(
        a / 3 + a / 3 + a / 3 - a + 1.0, "the place", "outside_domain", low=1.0, high=1.0, values={"domain": ""}
    )
    program = compile_program({"it": a}, [guard])
    for evaluator in ("numpy", "numba"):
        evaluate(program, draws=DRAWS, design=RandomDesign(0), evaluator=evaluator)


# --- which evaluator ---------------------------------------------------------------------------------------


def question(draws: int, node: Node = X, **rest: Any) -> Question:
    spread = lca.parameter("a", lca.Uniform(0, 1))
    return Question(compile_program({"it": spread * node}), RandomDesign(0), 0, draws, **rest)


def test_counts_alone_decide() -> None:
    of_a_draw = by_counts.operations(question(1).plan)
    assert of_a_draw == 8 + 1  # one number drawn, one product
    enough = -(-by_counts.WORTH_LOADING // of_a_draw)
    assert question(enough - 1).evaluated_by == "numpy"
    assert question(enough).evaluated_by == "numba"
    assert question(enough, evaluator="numpy").evaluated_by == "numpy"
    assert question(10, evaluator="numba").evaluated_by == "numba"
    assert pickle.loads(pickle.dumps(question(enough))).evaluator == "numba"  # decided once for all processes


def test_code_of_a_user_runs_in_numpy() -> None:
    node = F.apply(np.sqrt, X)
    assert question(10**12, node).evaluated_by == "numba"  # what is fixed is computed before
    varies = F.apply(np.sqrt, lca.parameter("b", lca.Uniform(1, 2)))
    assert question(10**12, varies).evaluated_by == "numpy"
    with pytest.raises(DomainError, match=r"numba does not know what this study computes with: apply") as error:
        question(10, varies, evaluator="numba").evaluated_by
    assert error.value.fix == "write evaluator='numpy'"


def test_without_numba_numpy_is_taken_unless_numba_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacks(name: str) -> Any:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(by_counts, "import_module", lacks)
    assert question(10**12).evaluated_by == "numpy"
    with pytest.raises(MissingError, match=r"numba cannot be loaded(.|\n)*No module named 'numba'(.|\n)*lca\[fast\]"):
        question(10, evaluator="numba").evaluated_by


def test_an_unknown_evaluator_is_refused() -> None:
    with pytest.raises(DomainError, match="numbra"):
        question(10, evaluator="numbra").evaluated_by
