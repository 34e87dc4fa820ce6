"""Shapley effects against closed forms: independent inputs, interactions, many players (U11)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas
import pytest
from example_study import BEST, study
from known_indices import ISHIGAMI_SHAPLEY, ISHIGAMI_VARIANCE, g_function, g_share, ishigami
from scipy import stats

import lca
from lca.errors import DomainError
from lca.interpretation.sensitivity.points import LEVEL, SCRAMBLINGS, Points
from lca.interpretation.sensitivity.question import question
from lca.interpretation.sensitivity.shapley import worth

HALF_WIDTH = stats.t.ppf((1 + LEVEL) / 2, SCRAMBLINGS - 1)


def linear(weights: dict[str, float]) -> Any:
    """A sum of independent standard normals with weights."""
    return sum((weight * lca.parameter(key, lca.Normal(0, 1)) for key, weight in weights.items()), start=0.0)


def holds(table: pandas.DataFrame, truth: dict[str, float], most: float) -> None:
    """Each effect is within three standard errors of the truth, and these are small."""
    assert set(table.index) == set(truth)
    error = (table["shapley_high"] - table["shapley_low"]) / 2 / HALF_WIDTH
    assert error.max() < most
    for key, value in truth.items():
        assert abs(table.loc[key, "shapley"] - value) <= 3 * error[key] + 1e-9, (key, table.loc[key, "shapley"], value)


def test_u11_independent_terms_have_their_shares_of_the_variance() -> None:
    """Y = X1 + 2 X2 + 3 X3: 1/14, 4/14, 9/14 (Owen 2014)."""
    table = lca.shapley(linear({"x1": 1, "x2": 2, "x3": 3}), base=1024)
    holds(table, {"x1": 1 / 14, "x2": 4 / 14, "x3": 9 / 14}, 0.005)
    assert table["shapley"].sum() == pytest.approx(1, abs=1e-12)
    assert "all sets of players" in table.attrs["note"]


def test_u11_what_two_do_together_is_shared_out_equally() -> None:
    holds(lca.shapley(ishigami(), base=2048), ISHIGAMI_SHAPLEY, 0.005)


COEFFICIENTS = (0.0, 0.5, 3.0, 9.0)


def g_shapley(own: int) -> float:
    """The sum over all sets u with this input of the variance of the effect of u over |u| (Owen 2014)."""
    others = [i for i in range(4) if i != own]
    sets = [[own, *(i for place, i in enumerate(others) if mask >> place & 1)] for mask in range(8)]
    return sum(g_share(COEFFICIENTS, members) / len(members) for members in sets)


def test_u11_effects_of_all_orders_are_shared_out() -> None:
    truth = {f"x{i}": g_shapley(i) for i in range(4)}
    assert sum(truth.values()) == pytest.approx(1)
    holds(lca.shapley(g_function(COEFFICIENTS), base=4096), truth, 0.005)


def test_the_worth_of_all_players_is_the_variance() -> None:
    """c(u) is in units of the result squared: of all together it is the variance of Ishigami's function."""
    program, _ = question(ishigami(), "total", "total")
    found = Points(program, (), 2048, 1).means(lambda pairs: worth(pairs, ["x1", "x2", "x3"]))
    mean = lca.monte_carlo(ishigami(), draws=1 << 14, design="sobol", progress=False).data["value"].mean().item()
    assert mean == pytest.approx(3.5, abs=0.01)
    assert abs(found.mean() - ISHIGAMI_VARIANCE) <= 3 * found.std(ddof=1) / np.sqrt(SCRAMBLINGS)


TWELVE = {f"x{i}": float(i) for i in range(1, 13)}
SHARES = {key: weight**2 / 650 for key, weight in TWELVE.items()}


def test_many_players_are_taken_in_random_orders() -> None:
    """12 independent terms: shares of the variance, which sum to 1; the seed decides."""
    table = lca.shapley(linear(TWELVE), most=12, base=128, orders=8)
    holds(table, SHARES, 0.01)
    assert table["shapley"].sum() == pytest.approx(1, abs=1e-12)
    assert "16 orders of players each" in table.attrs["note"]
    again, other = (lca.shapley(linear(TWELVE), most=12, base=128, orders=8, seed=seed) for seed in (0, 1))
    pandas.testing.assert_frame_equal(table, again)
    assert (other["shapley"] != table["shapley"]).all()


def test_random_orders_agree_with_all_sets() -> None:
    """Interactions: the same four inputs beside eight that do nothing, which makes 12 players."""
    whole = g_function(COEFFICIENTS) + linear({f"z{i}": 1e-9 for i in range(8)})
    table = lca.shapley(whole, most=12, base=256, orders=16)
    truth = {f"x{i}": g_shapley(i) for i in range(4)} | {f"z{i}": 0.0 for i in range(8)}
    holds(table, truth, 0.03)


def test_the_smallest_become_one_player() -> None:
    """Of 12 terms 9 stand alone; the other three have the sum of their shares."""
    table = lca.shapley(linear(TWELVE), base=128)
    rest = sum(SHARES[f"x{i}"] for i in (1, 2, 3))
    holds(table, {key: share for key, share in SHARES.items() if key not in ("x1", "x2", "x3")} | {
        "the other 3 together": rest
    }, 0.02)  # fmt: skip
    assert list(lca.shapley(linear(TWELVE), most=1, base=16).index) == ["the other 11 together", "x12"]
    ten = {f"x{i}": 1.0 for i in range(10)}
    assert set(lca.shapley(linear(ten), base=16).index) == set(ten)  # one alone saves nothing as the rest


def test_groups_are_players() -> None:
    """Two groups of a sum of three terms, by pattern; and the stages of a study."""
    a = {"a.x": 1.0, "a.y": 2.0, "b.z": 3.0}
    table = lca.shapley(linear(a), base=1024, groups={"a": "a.*"})
    holds(table, {"a": 5 / 14, "b.z": 9 / 14}, 0.005)
    best = study().sel(engine=BEST)
    by_stage = lca.shapley(best, groups="stage")
    sobol = lca.sobol(best, groups="stage")
    assert abs(by_stage["shapley"] - sobol["total"]).max() < 0.02  # hardly any interaction


def test_d2_a_row_for_every_alternative() -> None:
    """D2: the rows of one engine are the table of that engine."""
    table = lca.shapley(study(), base=64, groups="stage")
    assert list(table.index.names) == ["engine", "parameter"]
    alone = lca.shapley(study().sel(engine=BEST), base=64, groups="stage")
    one = pandas.DataFrame(table.xs(BEST, level="engine")).sort_index()
    pandas.testing.assert_frame_equal(one, pandas.DataFrame(alone).sort_index(), rtol=1e-8, atol=1e-10)
    assert table.groupby(level="engine")["shapley"].sum().to_numpy() == pytest.approx(1, abs=1e-12)


def test_what_has_no_spread_for_an_alternative_has_no_effect() -> None:
    """Q6: a result that does not vary has effects of 0, and never NaN."""
    x = lca.parameter("x", lca.labelled({"p": lca.Normal(3, 1), "q": 2.0}, dim="m"))
    table = lca.shapley({"y": x})
    assert table["shapley"].tolist() == [1.0, 0.0]
    assert np.isfinite(table[["shapley_low", "shapley_high"]].to_numpy()).all()


@pytest.mark.parametrize("wrong", [{"most": 0}, {"orders": 0}, {"base": 100}])
def test_numbers_that_cannot_be_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(DomainError):
        lca.shapley(ishigami(), **wrong)
