"""Discrete distributions: exact probabilities in every design and evaluator (U3, U4, U7)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca.graph.program import compile_program
from lca.sampling.evaluate import evaluate
from lca.sampling.smoothing.points import PointSet

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)
WEIGHTS = st.dictionaries(st.integers(-50, 50), st.floats(0.01, 10), min_size=2, max_size=12)


@SETTINGS
@given(WEIGHTS)
def test_u4_values_have_their_probabilities(weights: dict[int, float]) -> None:
    made, whole = lca.Discrete(weights), sum(weights.values())
    shares = {value: weight / whole for value, weight in weights.items()}
    mean = sum(value * share for value, share in shares.items())
    assert made.mean == pytest.approx(mean, abs=1e-12)
    assert made.sd == pytest.approx(math.sqrt(sum(s * (v - mean) ** 2 for v, s in shares.items())), rel=1e-9)
    assert made.support == (min(weights), max(weights))
    assert weights[int(made.nominal)] == max(weights.values())
    at = 0.0
    for value in sorted(weights):  # the smallest value of which F >= u
        assert made.ppf(at + shares[value] / 2) == value
        at += shares[value]
    assert made.ppf(1 - 1e-12) == max(weights)


@SETTINGS
@given(WEIGHTS)
def test_u3_as_many_numbers_become_a_value_as_it_has_probability(weights: dict[int, float]) -> None:
    """Of the 2^32 numbers, to one: the last that becomes a value, and the first that becomes the next one."""
    made = lca.Discrete(weights)
    edges = np.cumsum(made.probabilities)[:-1] * 2.0**32 - 0.5
    numbers = np.stack([np.floor(edges), np.ceil(edges) + (np.floor(edges) == np.ceil(edges))]).astype(np.uint32)
    program = compile_program({"x": lca.parameter("x", made)})
    design = PointSet([("x", "")], numbers.reshape(1, -1))
    for evaluator in ("numpy", "numba"):
        found = evaluate(program, draws=numbers.size, design=design, evaluator=evaluator)["x"]
        below, above = found.reshape(2, -1)
        assert below.tolist() == list(made.values[:-1])
        assert above.tolist() == list(made.values[1:])


@pytest.mark.parametrize(
    ("design", "error"), [("random", None), ("latin_hypercube", 1), ("sobol", 1)], ids=["random", "hypercube", "sobol"]
)
def test_u3_every_design_draws_a_value_as_often_as_stated(design: str, error: int | None) -> None:
    shipped = lca.parameter("shipped", lca.Discrete({"3 device": 0.2, "1 device": 0.5, "2 device": 0.3}))
    made = lca.monte_carlo(shipped, draws=4_096, design=design, progress=False).data["value"].to_numpy()
    for value, share in ((1, 0.5), (2, 0.3), (3, 0.2)):
        allowed = 4 * math.sqrt(share * (1 - share) * 4_096) if error is None else error
        assert abs((made == value).sum() - share * 4_096) <= allowed


def test_u7_both_evaluators_give_the_same_bits() -> None:
    """Of values with a unit that is converted, from three parameters and of one shape for two labels."""
    one = lca.parameter("a", lca.Discrete({"0.1 kg": 1, "0.3 kg": 2, "0.7 kg": 4}))
    two = lca.parameter("b", lca.labelled({"x": lca.Discrete({2: 1, 3: 1}), "y": lca.Discrete({2: 1, 3: 1})}, dim="d"))
    found = [lca.monte_carlo(one * two, draws=3_000, evaluator=by, progress=False) for by in ("numpy", "numba")]
    assert found[0].data.equals(found[1].data)
    assert [one.evaluator for one in found] == ["numpy", "numba"]


def test_u1_weights_are_shares_and_the_order_does_not_matter() -> None:
    made = lca.Discrete({"2 kg": 3, "1 kg": 1})
    assert made == lca.Discrete({"1 kg": 0.25, "2 kg": 0.75})
    assert repr(made) == 'Discrete({"1 kg": 0.25, "2 kg": 0.75})'
    assert repr(lca.Discrete(dict.fromkeys(range(9), 1))).endswith("3: 0.111111, 5 more})")


def test_u6_it_comes_back_from_a_file(tmp_path: Any) -> None:
    made = lca.monte_carlo({"total": lca.parameter("n", lca.Discrete({1: 1, 5: 2}))}, draws=300, progress=False)
    path = lca.save(made, tmp_path / "n.lca")
    assert lca.load(path).data.identical(made.data)
    assert lca.rerun(path)[1]["identical"].all()


def test_u13_a_stated_error_holds_beside_jumps() -> None:
    """A discrete parameter is not integrated out; the mean of a product is still found."""
    power, number = lca.parameter("power", lca.Normal(10, 1)), lca.parameter("number", lca.Discrete({1: 0.6, 4: 0.4}))
    made = lca.monte_carlo(power * number, until={"mean": "0.5 %"}, progress=False)
    assert made.reached is not None
    assert made.reached.met
    assert made.data["value"].mean().item() == pytest.approx(22, rel=0.005)
