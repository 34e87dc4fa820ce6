"""Choices that have to hold over all scenarios: closed forms and brute force (A12)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas
import pytest
from scipy.stats import norm

import lca
from lca.errors import DomainError, MissingError
from lca.graph.functions import stack
from lca.interpretation import keeping
from lca.interpretation.comparison.cells import Cells, regrets

DRAWS = 20_000
#: kg CO2e of three options in two places: a and c are best in one each, b is never best and never far off.
TABLE = {"dry": {"a": 1.0, "b": 3.0, "c": 4.0}, "wet": {"a": 9.0, "b": 5.0, "c": 4.5}}


def options(values: dict[str, Any], key: str) -> Any:
    return lca.parameter(key, lca.labelled(values, "kg CO2e", dim="option"))


def over_places(table: dict[str, dict[str, Any]]) -> Any:
    return stack({place: options(values, f"in.{place}") for place, values in table.items()}, "place")


@cache
def shared() -> lca.Result:
    """One factor that all share: who is best is sure in each place."""
    factor = lca.parameter("factor", lca.Uniform(0.9, 1.1))
    return lca.monte_carlo({"total": over_places(TABLE) * factor}, draws=2_000, progress=False)


def run(table: dict[str, dict[str, Any]], **more: Any) -> lca.Result:
    return lca.monte_carlo({"total": over_places(table)}, draws=more.pop("draws", DRAWS), progress=False, **more)


def test_a12_minimax_regret_worst_case_and_best_are_those_of_the_hand_table() -> None:
    """By hand: regrets a 4.5, b 2, c 3; worst cases a 9, b 5, c 4.5. Savage takes b, Wald c; b is nowhere best."""
    table = lca.robust(shared(), over="option", of="mean")
    middle = float(shared().data["total"].sel(place="dry", option="a").mean())  # the mean of the factor
    assert list(table.index) == ["b", "c", "a"]
    expected = pandas.DataFrame(
        {
            "best": {"a": 0.5, "b": 0.0, "c": 0.5},
            "best_cells": {"a": 0.5, "b": 0.0, "c": 0.5},
            "mean": {"a": 5.0 * middle, "b": 4.0 * middle, "c": 4.25 * middle},
            "expected_loss": {"a": 2.25 * middle, "b": 1.25 * middle, "c": 1.5 * middle},
            "worst": {"a": 9.0 * middle, "b": 5.0 * middle, "c": 4.5 * middle},
            "regret": {"a": 4.5 * middle, "b": 2.0 * middle, "c": 3.0 * middle},
        }
    )
    pandas.testing.assert_frame_equal(
        pandas.DataFrame(table[list(expected)]).sort_index(), expected, check_names=False, rtol=1e-12
    )
    assert table["worst_at"].to_dict() == {"a": "place=wet", "b": "place=wet", "c": "place=wet"}
    assert table["regret_at"].to_dict() == {"a": "place=wet", "b": "place=dry", "c": "place=dry"}
    assert set(table["dominated_by"]) == {"none"}
    assert set(table["unit"]) == {"kg CO2e"}
    assert "2 cells of place count equally" in table.attrs["note"]
    assert "of the mean" in table.attrs["note"]


def test_a12_the_probability_to_be_best_is_the_mean_over_the_cells() -> None:
    """Of independent normals: P(a < b) = Phi((b - a) / sqrt(2) sd) in each cell; within 4 standard errors."""
    gaps = {"dry": 1.0, "wet": -0.5, "cold": 0.2}
    result = run({place: {"a": lca.Normal(10, 1), "b": lca.Normal(10 + gap, 1)} for place, gap in gaps.items()})
    exact = np.array([norm.cdf(gap / np.sqrt(2)) for gap in gaps.values()])
    error = np.sqrt(np.sum(exact * (1 - exact)) / DRAWS) / 3
    table = lca.robust(result, over="option")
    assert table.loc["a", "best"] == pytest.approx(exact.mean(), abs=4 * error)
    assert table["best"].sum() == pytest.approx(1)
    # E max(a - b, 0) of a difference N(m, 2): m Phi(m / s) + s phi(m / s)
    s = np.sqrt(2)
    loss = np.mean([-gap * norm.cdf(-gap / s) + s * norm.pdf(gap / s) for gap in gaps.values()])
    assert table.loc["a", "expected_loss"] == pytest.approx(loss, abs=4 * s / np.sqrt(3 * DRAWS))
    assert table.loc["a", "best_cells"] == pytest.approx(2 / 3)
    assert table.loc["a", "regret"] == pytest.approx(0.5, abs=0.06)
    assert table.loc["a", "regret_at"] == "place=wet"


def test_a12_ties_are_shared() -> None:
    factor = lca.parameter("factor", lca.Uniform(0.9, 1.1))
    values = over_places({"dry": {"a": 2.0, "b": 2.0, "c": 3.0}, "wet": {"a": 1.0, "b": 2.0, "c": 2.0}})
    table = lca.robust(lca.monte_carlo({"total": values * factor}, draws=100, progress=False), over="option")
    assert table["best"].to_dict() == {"a": 0.75, "b": 0.25, "c": 0.0}
    assert table["best_cells"].to_dict() == {"a": 0.75, "b": 0.25, "c": 0.0}
    assert table.loc["a", "regret_at"] == "none"
    assert table["dominated_by"].to_dict() == {"a": "none", "b": "a, in every draw", "c": "a, in every draw"}


# --- dominance ----------------------------------------------------------------------------------------------


def test_a12_dominance_in_every_draw_in_distribution_or_not_at_all() -> None:
    """a + 1 is above a in every draw; an independent U(1.5, 2.5) is above U(1, 2) in distribution alone."""
    low, high = lca.Uniform(1, 2), lca.Uniform(1.5, 2.5)
    base = {place: lca.parameter(f"a.{place}", low.in_unit("kg CO2e")) for place in ("dry", "wet")}

    def total(wide_in: tuple[str, ...]) -> Any:
        cells = {}
        for place, one in base.items():
            wide = lca.Uniform(0, 4) if place in wide_in else high
            other = lca.parameter(f"c.{place}", wide.in_unit("kg CO2e"))
            shifted = one + lca.parameter("one", "1 kg CO2e")
            cells[place] = stack({"a": one, "b": shifted, "c": other}, "option")
        return stack(cells, "place")

    def dominated(node: Any) -> dict[str, str]:
        result = lca.monte_carlo({"total": node}, draws=4_000, progress=False)
        return dict(lca.robust(result, over="option")["dominated_by"])

    assert dominated(total(())) == {"a": "none", "b": "a, in every draw", "c": "a, in distribution"}
    assert dominated(total(("wet",))) == {"a": "none", "b": "a, in every draw", "c": "none"}  # not in every cell


def test_a12_dominance_is_that_of_every_pair_cell_and_draw_by_brute_force() -> None:
    rng = np.random.default_rng(5)
    draws = rng.integers(0, 4, (3, 6, 40)) + np.arange(6)[:, None] * 1.5
    draws[:, 5] = rng.permuted(draws[:, 4], axis=-1)  # of one distribution: neither dominates the other
    labels = tuple("abcdef")
    cells = Cells("option", labels, {"place": (1, 2, 3)}, "", "", np.median(draws, -1), draws.mean(-1), draws, None, "")
    always, in_order = cells.dominance
    assert 0 < always.sum() < in_order.sum() < 30
    for i in range(6):
        for j in range(6):
            one, other = draws[:, i], draws[:, j]
            assert always[i, j] == ((one <= other).all() and (one < other).any() and i != j)
            ordered = np.sort(one, -1), np.sort(other, -1)
            assert in_order[i, j] == ((ordered[0] <= ordered[1]).all() and (ordered[0] < ordered[1]).any() and i != j)


# --- what is asked ------------------------------------------------------------------------------------------


def test_a12_dims_that_are_not_named_have_rows_of_their_own() -> None:
    years = lca.parameter("years", lca.labelled({3: 3.0, 8: 8.0}, "", dim="years"))
    factor = lca.parameter("factor", lca.Uniform(0.9, 1.1))
    result = lca.monte_carlo({"total": over_places(TABLE) * years * factor}, draws=500, progress=False)
    whole, some = lca.robust(result, over="option"), lca.robust(result, over="option", across=("place",))
    assert some.index.names == ["years", "option"]
    assert some.loc[(3, "b"), "regret"] == pytest.approx(3 / 8 * whole.loc["b", "regret"])
    assert whole.loc["b", "regret_at"] == "place=dry, years=8"
    each = lca.robust(result.sel(years=8), over="option")
    pandas.testing.assert_frame_equal(pandas.DataFrame(some.loc[8]), pandas.DataFrame(each))
    grams = lca.robust(result, over="option", unit="g CO2e")
    np.testing.assert_allclose(grams["regret"], 1_000 * whole["regret"])


def test_u12_a_summary_gives_the_same_and_says_what_comes_from_the_first_draws() -> None:
    table = {place: {"a": lca.Normal(10, 1), "b": lca.Normal(10 + gap, 1)} for place, gap in (("x", 1), ("y", -0.5))}
    every = lca.robust(run(table, draws=60_000, keep="draws"), over="option")
    paired = lca.robust(run(table, draws=60_000, keep="summary", over=("option",)), over="option")
    first = lca.robust(run(table, draws=60_000, keep="summary"), over="option")
    for name in ("best", "best_cells", "mean", "expected_loss"):
        np.testing.assert_allclose(paired[name], every[name], rtol=1e-9)
    np.testing.assert_allclose(paired[["worst", "regret"]], every[["worst", "regret"]], atol=0.02)
    assert "From the first 16,384 of 60,000 draws: dominated_by." in paired.attrs["note"]
    assert "From the first 16,384 of 60,000 draws: best, expected_loss, dominated_by." in first.attrs["note"]
    np.testing.assert_allclose(first["best"], every["best"], atol=0.02)


def test_blocks_of_cells_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = lca.robust(shared(), over="option")
    monkeypatch.setattr("lca.interpretation.comparison.cells._BLOCK", 1)
    pandas.testing.assert_frame_equal(pandas.DataFrame(lca.robust(shared(), over="option")), pandas.DataFrame(before))


def test_what_cannot_be_told_is_refused() -> None:
    with pytest.raises(MissingError, match="no alternatives over 'engine'"):
        lca.robust(shared(), over="engine")
    with pytest.raises(MissingError, match="no alternatives over 'years'(.|\n)*place"):
        lca.robust(shared(), over="option", across=["years"])
    with pytest.raises(MissingError, match=r"no scenarios beside 'option'(.|\n)*lca.compare"):
        lca.robust(shared().sel(place="dry"), over="option")
    with pytest.raises(MissingError, match="no draws"):
        lca.robust(lca.nominal(shared()), over="option")
    with pytest.raises(DomainError, match="'place' is named twice"):
        lca.robust(shared(), over="option", across=["place", "place"])
    with pytest.raises(DomainError, match="'median'"):
        lca.robust(shared(), over="option", of="medium")


def test_savings_have_a_worst_cell_too() -> None:
    """Where all results are below 0, the worst cell is that with the smallest saving."""
    table = lca.robust(run({"dry": {"a": -1.0, "b": -3.0}, "wet": {"a": -9.0, "b": -5.0}}, draws=10), over="option")
    assert table["worst"].to_dict() == {"a": -1, "b": -3}
    assert table["worst_at"].to_dict() == {"a": "place=dry", "b": "place=dry"}
    assert table["regret_at"].to_dict() == {"a": "place=dry", "b": "place=wet"}


def test_regrets_are_from_the_smallest_of_each_cell() -> None:
    assert regrets(np.array([[1.0, 3.0, 4.0], [9.0, 5.0, 4.5]])).tolist() == [[0.0, 2.0, 3.0], [4.5, 0.5, 0.0]]


# --- what a run of many scenarios keeps ---------------------------------------------------------------------


def test_u12_few_draws_of_many_scenarios_are_kept_where_they_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """U12: by the bytes that they take."""
    table = TABLE | {"cold": {"a": lca.Normal(10, 1), "b": 2.0, "c": 3.0}}
    size = run(table, draws=1_000).data["total"].nbytes
    for room, kept in ((size, "draws"), (size - 1, "summary")):
        monkeypatch.setattr(keeping, "_FEW_BYTES", room)
        assert run(table, draws=1_000).keep == kept


def test_u12_a_dim_of_many_labels_is_compared_in_all_draws_only_if_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_MOST_COMPARED", 2)
    node = options({"a": lca.Normal(10, 1), "b": 2.0, "c": 3.0}, "x")
    silent, named = (
        lca.monte_carlo({"total": node}, draws=100, keep="summary", over=over, progress=False)
        for over in (None, ("option",))
    )
    assert (len(silent.streamed.paired), len(named.streamed.paired)) == (0, 1)  # type: ignore[union-attr]
