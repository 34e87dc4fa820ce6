"""Probabilities, losses and groups of rivals against closed forms, within the sampling error (A12, U10)."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

import lca
from lca.errors import DomainError
from lca.interpretation.comparison.ranking import best_shares, letters, smallest_set, told_apart
from lca.interpretation.result import Result

DRAWS = 40_000


def rivals(values: dict[str, Any], *, shared: bool = False, draws: int = DRAWS) -> Result:
    node = lca.parameter("rivals", lca.labelled(values, "kg CO2e", dim="option", shared=shared))
    return lca.monte_carlo({"total": node}, draws=draws, progress=False)


def normals(step: float, count: int = 3) -> dict[str, Any]:
    """Independent normals of standard deviation 1, so far apart."""
    return {name: lca.Normal(20 + step * i, 1) for i, name in enumerate("abcdefghij"[:count])}


# --- expected loss -------------------------------------------------------------------------------------------


def test_expected_loss_of_two_normals() -> None:
    """E max(d, 0) = s phi(m / s) + m Phi(m / s) for a difference d of mean m and standard deviation s."""
    table = lca.compare(rivals({"a": lca.Normal(10, 1), "b": lca.Normal(11, 2)}), over="option")
    s = math.sqrt(5)
    for name, m in (("a", -1), ("b", 1)):
        mean = s * stats.norm.pdf(m / s) + m * stats.norm.cdf(m / s)
        square = (m**2 + s**2) * stats.norm.cdf(m / s) + m * s * stats.norm.pdf(m / s)
        error = math.sqrt((square - mean**2) / DRAWS)
        assert table.loc[name, "expected_loss"] == pytest.approx(mean, abs=4 * error)


def test_expected_loss_of_ten_alike_is_the_mean_of_the_largest_of_ten() -> None:
    """x_i - min has the mean E max of ten standard normals, 1.5388 (Harter 1961): for each of them."""
    largest, _ = integrate.quad(lambda x: 10 * x * stats.norm.pdf(x) * stats.norm.cdf(x) ** 9, -10, 10)
    assert largest == pytest.approx(1.53875, abs=1e-5)
    losses = lca.compare(rivals(normals(0, 10)), over="option")["expected_loss"]
    error = math.sqrt((1 + 0.344) / DRAWS)  # the variance of the smallest of ten is 0.344
    assert losses.to_numpy() == pytest.approx(np.full(10, largest), abs=4.5 * error)


def test_u10_what_all_share_cancels_in_the_loss() -> None:
    """Fully correlated: the loss is the difference of the means, and the order is certain, however close."""
    table = lca.compare(rivals({"b": lca.Normal(10.001, 3), "a": lca.Normal(10, 3)}, shared=True), over="option")
    assert table["expected_loss"].to_list() == pytest.approx([0, 0.001], abs=1e-9)
    assert table["letters"].to_dict() == {"a": "a", "b": "b"}
    assert table["among_best"].to_dict() == {"a": True, "b": False}
    assert table["best"].to_list() == [1, 0]


def test_the_loss_is_in_the_unit_of_the_table() -> None:
    result = rivals(normals(1), draws=500)
    kilograms, grams = (lca.compare(result, over="option", unit=unit) for unit in ("kg CO2e", "g CO2e"))
    assert grams["expected_loss"].to_list() == pytest.approx((1_000 * kilograms["expected_loss"]).to_list())


# --- the set that holds the best -------------------------------------------------------------------------------


def test_the_fewest_that_hold_the_best_with_the_stated_probability() -> None:
    """Of two normals one is enough from Phi(m / s) on: here 0.9 lies at m = 1.2816 s."""
    s, needed = math.sqrt(2), stats.norm.ppf(0.9)
    for factor, alone in ((1.03, True), (0.97, False)):  # Phi moves by 0.0068: 4.5 standard errors
        table = lca.compare(rivals(normals(factor * needed * s, 2)), over="option")
        assert table["among_best"].to_dict() == {"a": True, "b": not alone}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(any), st.floats(0.01, 0.99))
def test_no_smaller_set_would_do(counts: list[int], confidence: float) -> None:
    shares = np.array(counts) / sum(counts)
    inside = smallest_set(shares, confidence)
    assert shares[inside].sum() >= confidence - 1e-9
    assert shares[inside].sum() - shares[inside].min() < confidence
    assert shares[inside].min() >= shares[~inside].max(initial=0)


def test_a_set_ends_where_the_confidence_is_reached() -> None:
    """To rounding: 0.3 + 0.3 + 0.3 is below 0.9 by 1e-16 in floats, and needs no fourth."""
    assert smallest_set(np.array([0.9, 0.1]), 0.9).tolist() == [True, False]
    assert smallest_set(np.array([0.3, 0.3, 0.3, 0.1]), 0.9).tolist() == [True, True, True, False]


def test_alike_are_all_among_the_best() -> None:
    """Nine of ten alike hold the best with 0.9 only."""
    assert lca.compare(rivals(normals(0, 10)), over="option", confidence=0.95)["among_best"].all()
    same = rivals({"a": lca.Normal(10, 1), "b": lca.Normal(10, 1)}, shared=True, draws=100)
    assert lca.compare(same, over="option")["among_best"].all()


# --- groups ----------------------------------------------------------------------------------------------------


def steady(step: float, count: int = 3) -> dict[str, Any]:
    """Independent normals of standard deviation 1 so far from 0 that their logarithms are normal as well."""
    return {name: lca.Normal(2_000 + step * i, 1) for i, name in enumerate("abcdefghij"[:count])}


@pytest.mark.parametrize("count", [2, 3, 10])
def test_the_intervals_are_those_of_tukey(count: int) -> None:
    """max-|t| of all pairs of independent normals of one spread is the studentized range over sqrt(2)."""
    draws = rivals(steady(1, count)).data["total"].transpose("option", "draw").values
    for confidence in (0.8, 0.9, 0.95):
        exact = stats.studentized_range.ppf(confidence, count, np.inf) / math.sqrt(2)
        slope = stats.studentized_range.pdf(exact * math.sqrt(2), count, np.inf) * math.sqrt(2)
        error = math.sqrt(confidence * (1 - confidence) / DRAWS) / slope
        assert told_apart(draws, confidence)[1] == pytest.approx(exact, abs=4 * error)


def test_two_normals_are_told_apart_from_the_two_sided_bound_on() -> None:
    """One pair: 0 lies outside mean +- z sd, z the normal quantile at (1 + confidence) / 2."""
    for confidence in (0.5, 0.8, 0.99):
        bound = stats.norm.ppf((1 + confidence) / 2) * math.sqrt(2)
        for factor, said in ((0.95, ["a", "a"]), (1.05, ["a", "b"])):
            table = lca.compare(rivals(steady(factor * bound, 2)), over="option", confidence=confidence)
            assert table["letters"].to_list() == said


def test_three_normals_need_more_than_two() -> None:
    """Each neighbour would be told apart alone (z = 1.645), of three pairs only from 2.052 on: the outer pair is."""
    for z, said in ((1.0, ["a", "a", "a"]), (1.9, ["a", "ab", "b"]), (2.2, ["a", "b", "c"])):
        assert lca.compare(rivals(steady(z * math.sqrt(2))), over="option")["letters"].to_list() == said


def test_alike_are_in_one_group_whatever_their_number() -> None:
    """None of 45 pairs of ten alike is told apart, nor any pair of two that are the same."""
    assert set(lca.compare(rivals(normals(0, 10)), over="option")["letters"]) == {"a"}
    same = rivals({"a": lca.Normal(10, 1), "b": lca.Normal(10, 1)}, shared=True, draws=100)
    assert set(lca.compare(same, over="option")["letters"]) == {"a"}
    assert set(lca.compare(rivals({"a": 2.0, "b": 2.0}, draws=10), over="option")["letters"]) == {"a"}


def test_u7_what_differs_by_rounding_is_equal() -> None:
    """U7: 1e-15 apart in every draw is the same, and 1e-9 apart in every draw is not."""
    draws = np.random.default_rng(2).normal(10, 1, 5_000)
    for apart, said in ((1e-15, False), (1e-9, True)):
        assert told_apart(np.array([draws, draws * (1 + apart)]), 0.9)[0].any() == said


def test_engines_that_are_equal_are_told_apart_in_one_campaign_of_ten() -> None:
    """The confidence itself: six equal engines, each read once with an error of its own, in 400 campaigns.

    Some pair is told apart in 10 % of them, to four standard errors. Tukey's c is exact here.
    """
    rng = np.random.default_rng(11)
    wrong = 0
    for _ in range(400):
        readings = rng.normal(1_000, 1, 6)
        wrong += told_apart(rng.normal(readings[:, None], 1, (6, 2_000)), 0.9)[0].any()
    assert wrong / 400 == pytest.approx(0.1, abs=4 * math.sqrt(0.09 / 400))


def test_stated_orders_hold_at_once() -> None:
    """All intervals hold at once in 90 % of the draws, so all stated orders hold in at least as many."""
    draws = np.random.default_rng(5).normal(np.linspace(1_000, 1_020, 12)[:, None], 1.0, (12, 5_000))
    pairs, c = told_apart(draws, 0.9)
    stated = list(zip(*np.nonzero(pairs), strict=True))
    assert np.mean(np.all([draws[i] < draws[j] for i, j in stated], axis=0)) >= 0.9
    logs = np.log(draws)
    apart = np.array([logs[j] - logs[i] for i in range(12) for j in range(i)])
    inside = np.abs(apart - apart.mean(axis=1)[:, None]) <= c * apart.std(axis=1)[:, None]
    assert np.mean(inside.all(axis=0)) == pytest.approx(0.9, abs=2 / 5_000)
    assert (
        len(stated)
        == (apart.mean(axis=1) / apart.std(axis=1) > c).sum() + (-apart.mean(axis=1) / apart.std(axis=1) > c).sum()
    )


def test_u10_a_factor_that_all_share_changes_no_group() -> None:
    """U10: however wide and skewed the factor, differences of logarithms do not have it."""
    rng = np.random.default_rng(7)
    draws = rng.lognormal(np.linspace(0, 1, 8)[:, None], 0.1, (8, 4_000))
    scaled = draws * rng.lognormal(0, 3, 4_000)
    assert 0 < told_apart(draws, 0.9)[0].sum() < 28
    assert (told_apart(draws, 0.9)[0] == told_apart(scaled, 0.9)[0]).all()
    assert (best_shares(draws) == best_shares(scaled)).all()


def test_u10_what_is_wide_and_never_changes_its_sign_is_told_apart() -> None:
    """A shared part that dwarfs a shared load: the ratio is wide (c sd > mean), and b is above a in every draw."""
    rng = np.random.default_rng(3)
    made, load = rng.lognormal(2, 1.5, 10_000), rng.lognormal(0, 1.5, 10_000)
    draws = np.array([made + load, made + 1.2 * load])
    pairs, c = told_apart(draws, 0.99)
    ratio = np.log(draws[1] / draws[0])
    assert ratio.mean() < c * ratio.std()
    assert pairs.tolist() == [[False, True], [False, False]]
    assert not told_apart(draws[:, :200], 0.99)[0].any(), "200 draws do not show that it fails in less than 0.5 %"


def test_values_below_0_are_compared_by_differences() -> None:
    """Credits may be larger than burdens: without logarithms, the bound of two normals is the same."""
    for factor, said in ((0.95, ["a", "a"]), (1.05, ["a", "b"])):
        step = factor * stats.norm.ppf(0.95) * math.sqrt(2)
        assert (
            lca.compare(rivals({"a": lca.Normal(-1, 1), "b": lca.Normal(step - 1, 1)}), over="option")[
                "letters"
            ].to_list()
            == said
        )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(1, 7).flatmap(lambda n: st.tuples(st.just(n), st.sets(
    st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda pair: pair[0] < pair[1])))))  # fmt: skip
def test_two_share_a_letter_exactly_where_they_are_not_told_apart(case: tuple[int, set[tuple[int, int]]]) -> None:
    """Any relation, also one that follows no order; and no group lies within another."""
    count, told = case
    pairs = np.zeros((count, count), bool)
    for pair in told:
        pairs[pair] = True
    found = [set(text) for text in letters(pairs, range(count))]
    for i in range(count):
        assert found[i]
        for j in range(i + 1, count):
            assert bool(found[i] & found[j]) == ((i, j) not in told)
    groups = [{i for i in range(count) if letter in found[i]} for letter in set().union(*found)]
    assert not any(one < other for one in groups for other in groups)


def test_letters_go_on_after_z() -> None:
    """72 engines under one shared error are 72 groups."""
    table = lca.compare(
        rivals({f"e{i}": lca.Normal(10 + i, 1) for i in range(72)}, shared=True, draws=50), over="option"
    )
    assert table["letters"].iloc[[0, 25, 26, 71]].to_list() == ["a", "z", "a2", "t3"]


def test_a_confidence_is_a_probability() -> None:
    for level in (0.0, 1.0, 1.5, -0.1):
        with pytest.raises(DomainError, match=r"is not a probability above 0 and below 1(.|\n)*where: confidence"):
            lca.compare(rivals(normals(1), draws=10), over="option", confidence=level)


def test_72_engines_and_10_000_draws_take_less_than_a_second() -> None:
    result = rivals({f"e{i}": lca.Normal(10 + 0.01 * i, 1) for i in range(72)}, draws=10_000)
    begin = time.process_time()
    lca.compare(result, over="option")
    assert time.process_time() - begin < 1.5, "0.5 s on the machine that this was written on"


# --- how often one is above the first -------------------------------------------------------------------------


def test_a12_how_often_one_is_above_the_first() -> None:
    """P(a < b) = Phi(m / s) of the difference, within 4 standard errors; half of the 95 % score interval beside it."""
    table = lca.compare(rivals({"a": lca.Normal(10, 3), "b": lca.Normal(12, 4)}), over="option")
    p = float(stats.norm.cdf(2 / 5))
    error = math.sqrt(p * (1 - p) / DRAWS)
    assert table.loc["b", "above"] == pytest.approx(p, abs=4 * error)
    assert table.loc["b", "above_error"] == pytest.approx(1.96 * error, rel=0.01)
    assert table.loc["a", ["above", "above_error", "differs"]].to_list() == [0.5, 0, False]  # beside itself


def test_a12_ties_count_half() -> None:
    table = lca.compare(rivals({"a": 2.0, "b": 2.0}, draws=10), over="option")
    assert table["above"].to_list() == [0.5, 0.5]
    assert not table["differs"].any()


def test_a12_an_order_that_is_sure_in_few_draws_is_not_sure() -> None:
    """All of 10 draws are above: the score interval begins at 0.72 (Wilson 1927). Of 100 it begins at 0.963."""
    z = float(stats.norm.ppf(0.975))
    for draws, sure in ((10, False), (100, True)):
        values = {"a": lca.Uniform(1, 2), "b": lca.Uniform(3, 4)}
        row = lca.compare(rivals(values, draws=draws), over="option").loc["b"]
        assert row["above"] == 1
        assert 1 - 2 * row["above_error"] == pytest.approx(draws / (draws + z**2), abs=1e-12)
        assert row["differs"] == sure
    row = lca.compare(rivals(values, draws=100), over="option", confidence=0.97).loc["b"]
    assert not row["differs"]
