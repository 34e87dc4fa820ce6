"""Correlated parameters: ranks as asked, marginals as they were, and draws that depend on nothing else (U14)."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import lca
from lca.checks import Array
from lca.distributions import gaussian_copula as copula
from lca.distributions.correlations import Correlations
from lca.errors import DomainError
from lca.graph.correlated import groups_of
from lca.graph.program import Program, compile_program
from lca.sampling.correlated import columns_of, correlated
from lca.sampling.design import Design, RandomDesign
from lca.sampling.downstream import Downstream
from lca.sampling.evaluate import evaluate
from lca.sampling.scrambled import ScrambledPoints

N = 20_000
FAMILIES = {
    "a.power": lca.Normal(3, 1),
    "b.power": lca.Lognormal(2, gsd=2),
    "c.power": lca.Triangular(0, 1, 4),
    "d.life": lca.Uniform(5, 6),
}


def program(stated: object = None, values: Mapping[str, Any] | None = None) -> Program:
    """Every parameter as an output of its own, with correlations."""
    made = compile_program({key: lca.parameter(key, value) for key, value in (values or FAMILIES).items()})
    groups = groups_of(Correlations.of(stated), made.drawn)
    return replace(made, correlated=groups)


def drawn(one: Program, draws: int = N, seed: int = 1, **how: Any) -> dict[str, Array]:
    return evaluate(one, draws=draws, design=how.pop("design", RandomDesign(seed)), **how)


def ranks(one: Array, other: Array) -> float:
    return float(stats.spearmanr(one, other).statistic)


def error(rank: float, count: int) -> float:
    """An upper bound of the standard error of Spearman's coefficient (Bonett and Wright 2000)."""
    return float((1 - rank**2) * np.sqrt((1 + rank**2 / 2) / (count - 3)) + 1e-4)


MATRIX = {("a.power", "b.power"): 0.8, ("b.power", "c.power"): -0.4, ("a.power", "d.life"): 0.2}


@pytest.mark.parametrize("stated", [{"*.power": 0.6}, {("a.power", "d.life"): -0.7}, {"*": 0.95}, MATRIX])
def test_u14_rank_correlations_are_those_asked_for(stated: dict[Any, float]) -> None:
    made = program(stated)
    values = drawn(made)
    asked = dict.fromkeys(combinations(sorted(FAMILIES), 2), 0.0)
    for group in made.correlated:
        for i, j in combinations(range(len(group.keys)), 2):
            asked[group.keys[i], group.keys[j]] = group.ranks[i][j]
    assert any(asked.values())
    for (one, other), rank in asked.items():
        assert abs(ranks(values[one], values[other]) - rank) < 3.5 * error(rank, N)


@pytest.mark.parametrize("stated", [{"*": 0.6}, MATRIX])
def test_u14_each_parameter_keeps_its_distribution(stated: object) -> None:
    for key, values in drawn(program(stated)).items():
        location, scale, shape = FAMILIES[key].standard
        assert stats.kstest(shape.cdf((values - location) / scale), "uniform").pvalue > 0.001


def test_u14_the_variance_of_a_sum_is_the_closed_form() -> None:
    """Of n standard normal numbers with one correlation rho: n + n (n - 1) rho."""
    values = {f"n{i}": lca.Normal(0, 1) for i in range(5)}
    total = np.sum(list(drawn(program({"*": 0.5}, values), 40_000).values()), axis=0)
    expected = 5 + 20 * 2 * np.sin(np.pi / 12)
    assert abs(np.var(total) / expected - 1) < 3 * np.sqrt(2 / 40_000)


def test_u14_the_root_of_a_matrix_gives_the_matrix_back() -> None:
    matrix = np.array([[1, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 1]])
    np.testing.assert_allclose(copula.root_of(matrix) @ copula.root_of(matrix).T, matrix, atol=1e-15)
    same = np.ones((3, 3))
    np.testing.assert_allclose(copula.root_of(same) @ copula.root_of(same).T, same, atol=1e-15)


def test_u14_a_further_member_of_a_common_factor_changes_no_other_draw() -> None:
    few = {key: FAMILIES[key] for key in ("b.power", "c.power")}
    before, after = drawn(program({"*.power": 0.6}, few)), drawn(program({"*.power": 0.6}))
    for key, values in before.items():
        np.testing.assert_array_equal(values, after[key])


def test_u14_without_correlation_the_bits_are_those_of_independent_draws() -> None:
    plain = drawn(program())
    for stated in ({}, {"*": 0}, {("a.power", "b.power"): 0.0}):
        assert program(stated).correlated == ()
    tied = drawn(program({("a.power", "b.power"): 0.6}))
    for key in ("c.power", "d.life"):
        np.testing.assert_array_equal(plain[key], tied[key])
    assert (plain["a.power"] != tied["a.power"]).mean() > 0.99


def test_u14_the_first_key_of_a_matrix_keeps_its_bits_and_a_correlation_of_1_gives_equal_numbers() -> None:
    plain, tied = drawn(program()), drawn(program(MATRIX))
    np.testing.assert_array_equal(plain["a.power"], tied["a.power"])
    values = drawn(program({"*": 1}, {"x": lca.Uniform(0, 1), "y": lca.Uniform(0, 1)}))
    np.testing.assert_array_equal(values["x"], values["y"])
    values = drawn(program({("x", "y"): -1}, {"x": lca.Uniform(0, 1), "y": lca.Uniform(0, 1)}))
    np.testing.assert_allclose(values["x"], 1 - values["y"], atol=1e-9)


def test_u14_a_key_that_is_not_there_changes_no_draw_of_the_others() -> None:
    """A named key is a member of a matrix in every scenario."""
    few = {key: value for key, value in FAMILIES.items() if key != "a.power"}
    before, after = drawn(program(MATRIX)), drawn(program(MATRIX, few))
    for key, values in after.items():
        np.testing.assert_array_equal(values, before[key])


# --- labels -----------------------------------------------------------------------------------------


def by_year(count: int = 3) -> Any:
    return lca.labelled({2025 + i: lca.Normal(i, 1) for i in range(count)}, dim="year")


def test_u14_labels_of_one_parameter_share_a_level_and_a_further_label_changes_no_other_draw() -> None:
    three, four = (drawn(program({"g": {"year": 0.7}}, {"g": by_year(n)}))["g"] for n in (3, 4))
    np.testing.assert_array_equal(three, four[:3])
    for one, other in combinations(four, 2):
        assert abs(ranks(one, other) - 0.7) < 3.5 * error(0.7, N)


def test_u14_parameters_are_correlated_label_by_label() -> None:
    values = drawn(program({"*": 0.6}, {"g": by_year(), "h": by_year()}))
    for i, j in np.ndindex(3, 3):
        expected = 0.6 if i == j else 0.0
        assert abs(ranks(values["g"][i], values["h"][j]) - expected) < 3.5 * error(expected, N)


def test_u14_correlated_parameters_with_levels_keep_both() -> None:
    values = drawn(program({"*": 0.6}, {"g": by_year()}) and program({("g", "h"): 0.6, "*": {"year": 0.7}},
                   {"g": by_year(), "h": by_year()}))  # fmt: skip
    assert abs(ranks(values["g"][0], values["g"][2]) - 0.7) < 3.5 * error(0.7, N)
    assert abs(ranks(values["g"][1], values["h"][1]) - 0.6) < 3.5 * error(0.6, N)


def test_u14_two_dims_of_labels_each_have_a_level() -> None:
    """What two labels share in both dims is the product of the correlations of their scores."""
    grid = lca.parameter("g", by_year(2))
    other = lca.parameter("h", lca.labelled({"p": lca.Normal(0, 1), "q": lca.Normal(0, 1)}, dim="place"))
    made = compile_program({"g": grid, "h": other})
    groups = groups_of(Correlations.of({"g": {"year": 0.5}, "h": {"place": 0.9}}), made.drawn)
    values = drawn(replace(made, correlated=groups))
    assert abs(ranks(values["g"][0], values["g"][1]) - 0.5) < 3.5 * error(0.5, N)
    assert abs(ranks(values["h"][0], values["h"][1]) - 0.9) < 3.5 * error(0.9, N)


# --- the same, however it is done -------------------------------------------------------------------


def summed(stated: object) -> Program:
    made = compile_program(
        {"sum": sum((lca.parameter(k, v) for k, v in FAMILIES.items()), start=lca.parameter("o", 0))}
    )
    return replace(made, correlated=groups_of(Correlations.of(stated), made.drawn))


@pytest.mark.parametrize("stated", [{"*": 0.6}, MATRIX])
def test_u7_draws_are_equal_for_threads_pieces_executors_and_evaluators(stated: object) -> None:
    made = summed(stated)
    whole = drawn(made, 3 << 18 >> 1)["sum"]
    np.testing.assert_array_equal(whole, drawn(made, 3 << 18 >> 1, threads=2)["sum"])
    np.testing.assert_array_equal(whole[1000:1500], drawn(made, 500, start=1000)["sum"])
    pytest.importorskip("numba")
    np.testing.assert_array_equal(whole[:5000], drawn(made, 5000, evaluator="numba")["sum"])


def test_u7_an_executor_makes_the_same_draws() -> None:
    node = {"x": lca.parameter("x", lca.Normal(0, 1)) + lca.parameter("y", lca.Normal(0, 1))}
    model = replace(
        lca.monte_carlo(node, draws=10, progress=False).model, correlations=Correlations.of({("x", "y"): 0.9})
    )
    with ThreadPoolExecutor(1) as pool:
        there = lca.monte_carlo(model, draws=300_000, executor=pool, progress=False).data["x"]
    here = lca.monte_carlo(model, draws=300_000, progress=False).data["x"]
    np.testing.assert_array_equal(there, here)
    assert abs(float(here.var()) / (2 + 2 * copula.of_ranks(0.9)) - 1) < 3 * np.sqrt(2 / 300_000)


def points(made: Program, count: int = 1 << 14) -> Design:
    return ScrambledPoints(columns_of(made, made.keys), count, 1, 3)


@pytest.mark.parametrize("stated", [{"*": 0.6}, MATRIX, {"*.power": 0.3}])
def test_u14_sobol_points_have_a_column_for_each_common_factor(stated: object) -> None:
    made = program(stated)
    values = drawn(made, 1 << 14, design=points(made))
    group = made.correlated[0]
    for i, j in combinations(range(len(group.keys)), 2):
        one, other = (values[group.keys[at]] for at in (i, j))
        assert abs(ranks(one, other) - group.ranks[i][j]) < 0.005


def test_u7_sobol_points_are_equal_in_pieces_and_for_numba() -> None:
    made = summed({"*": 0.6})
    whole = drawn(made, 1 << 14, design=points(made))["sum"]
    np.testing.assert_array_equal(whole[5_001:9_000], drawn(made, 3_999, start=5_001, design=points(made))["sum"])
    pytest.importorskip("numba")
    np.testing.assert_array_equal(whole, drawn(made, 1 << 14, design=points(made), evaluator="numba")["sum"])


@settings(max_examples=15, deadline=None)
@given(rank=st.floats(-0.99, 0.99), start=st.integers(0, 10_000), count=st.integers(1, 300), seed=st.integers(0, 99))
def test_u2_draws_depend_on_their_numbers_alone(rank: float, start: int, count: int, seed: int) -> None:
    made = summed({("a.power", "b.power"): rank})
    whole = drawn(made, start + count, seed)["sum"]
    np.testing.assert_array_equal(whole[start:], drawn(made, count, seed, start=start)["sum"])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=3, max_size=3))
def test_u14_three_correlations_are_drawn_or_refused(three: list[float]) -> None:
    keys = list(FAMILIES)[:3]
    stated = dict(zip(combinations(keys, 2), three, strict=True))
    matrix = np.eye(3)
    for (i, j), rank in zip(combinations(range(3), 2), three, strict=True):
        matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * rank / 6)
    determinant = float(np.linalg.det(matrix))
    if determinant < -1e-9:
        with pytest.raises(DomainError):
            program(stated)
    elif determinant > 1e-9:
        values = drawn(program(stated), 2_000)
        assert all(np.isfinite(one).all() for one in values.values())


# --- drawn anew, given the others -------------------------------------------------------------------


def variance_given(matrix: Array, weights: Array, free: list[int]) -> float:
    """Var(sum of w x | all others) of jointly normal x: w' (S_ff - S_fk S_kk^-1 S_kf) w."""
    kept = [i for i in range(len(matrix)) if i not in free]
    left = matrix[np.ix_(free, free)]
    if kept:
        cross = matrix[np.ix_(free, kept)]
        left = left - cross @ np.linalg.inv(matrix[np.ix_(kept, kept)]) @ cross.T
    return float(weights[free] @ left @ weights[free])


@pytest.mark.parametrize("stated", [{"*": 0.6}, {("x", "y"): 0.8, ("y", "z"): -0.3}])
@pytest.mark.parametrize("free", [["x"], ["y"], ["x", "z"], ["x", "y", "z"]])
def test_u11_keys_drawn_anew_follow_their_distribution_given_the_others(stated: object, free: list[str]) -> None:
    """Half of the mean square of the change is the mean variance of the output, given what is kept (Jansen 1999)."""
    weights = np.array([1.0, 2.0, -1.0])
    nodes = [w * lca.parameter(k, lca.Normal(0, 1)) for k, w in zip("xyz", weights.tolist(), strict=True)]
    made = compile_program({"sum": nodes[0] + nodes[1] + nodes[2]})
    made = replace(made, correlated=groups_of(Correlations.of(stated), made.drawn))
    changes, first = [], []
    for block in Downstream(made).blocks(RandomDesign(1), RandomDesign(2), N):
        changes.append(block.swapped(free)["sum"] - block.first["sum"])
        first.append(block.first["sum"].copy())
    expected = variance_given(made.correlated[0].matrix, weights, ["xyz".index(key) for key in free])
    squares = np.concatenate(changes, axis=-1) ** 2 / 2
    assert abs(squares.mean() - expected) < 3.5 * squares.std() / np.sqrt(N)
    moved = np.concatenate(first, axis=-1) + np.concatenate(changes, axis=-1)
    whole = variance_given(made.correlated[0].matrix, weights, [0, 1, 2])
    assert abs(moved.var() / whole - 1) < 4 * np.sqrt(2 / N)


def test_a_design_without_correlations_is_itself() -> None:
    design = RandomDesign(0)
    assert correlated(design, program()) is design
    both = correlated(design, program({"*": 0.5}))
    assert correlated(both, program({"*": 0.5})) is both
