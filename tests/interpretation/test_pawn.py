"""PAWN from draws that are there: closed forms, inputs that do nothing, and whose draws they are (U2, U8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas
import pytest
from example_study import BEST, study
from known_indices import ishigami
from scipy import stats

import lca
from lca.errors import DomainError, MissingError
from lca.interpretation.sensitivity.given_draws import given_draws


def test_the_distance_of_a_result_that_is_its_input() -> None:
    """Y = X: in slice k of 10 the distribution is k/10 or (9 - k)/10 away, whichever is more."""
    x = {"y": lca.parameter("x", lca.Uniform(0, 1))}
    truth = [max(k, 9 - k) / 10 for k in range(10)]
    for statistic, value in (("median", np.median(truth)), ("mean", np.mean(truth)), ("max", max(truth))):
        assert lca.pawn(x, statistic=statistic).loc["x", "pawn"] == pytest.approx(value, abs=0.01)
    four = lca.pawn(x, slices=4, statistic="max")
    assert four.loc["x", "pawn"] == pytest.approx(0.75, abs=0.01)


def test_a_sum_of_normals_within_three_standard_errors() -> None:
    """Y = X1 + X2, sd 1 and 2: the distribution in a slice by numerical integration, from 0.1 % steps."""
    a, b = lca.parameter("a", lca.Normal(0, 1)), lca.parameter("b", lca.Normal(0, 2))
    table = lca.pawn(a + b)
    y = np.linspace(-9, 9, 2001)
    whole = stats.norm.cdf(y, scale=np.sqrt(5))
    for key, own, other in (("a", 1, 2), ("b", 2, 1)):
        u = (np.arange(1000) + 0.5) / 1000
        within = stats.norm.cdf(y, loc=own * stats.norm.ppf(u)[:, None], scale=other).reshape(10, 100, -1).mean(axis=1)
        truth = np.median(np.abs(within - whole).max(axis=1))
        error = (table.loc[key, "pawn_high"] - table.loc[key, "pawn_low"]) / 2 / 1.645
        bias = 0.01  # a distance of two samples is above 0 also where the distributions are equal
        assert abs(table.loc[key, "pawn"] - truth) <= 3 * error + bias, key
        assert error < 0.01


def test_inputs_that_do_nothing_stay_below_the_dummy() -> None:
    """1 % of them are above it: of 8 inputs in 40 seeds more than 10 would have a chance below 0.1 %."""
    above = 0
    for seed in range(40):
        idle = sum(1e-9 * lca.parameter(f"z{i}", lca.Normal(0, 1)) for i in range(8))
        table = lca.pawn(lca.parameter("x", lca.Normal(0, 1)) + idle, draws=500, seed=seed, slices=5)
        assert table.loc["x", "above_dummy"]
        above += int(table.drop("x")["above_dummy"].sum())
    assert 0 < above <= 10


def steps() -> Any:
    """A result of a few values, which many draws share."""
    x, y = lca.parameter("x", lca.Uniform(0, 3)), lca.parameter("y", lca.Uniform(0, 2))
    return lca.functions.ceil(x) + lca.functions.ceil(y)


@pytest.mark.parametrize("of", [ishigami, steps])
def test_distances_are_those_of_scipy(of: Callable[[], Any]) -> None:
    """`scipy.stats.ks_2samp` of the draws of each slice and all draws; ours looks at 256 points of a distribution."""
    given = given_draws(of(), "total", "total", 5000, 3, ())
    table = lca.pawn(of(), draws=5000, seed=3)
    for (key, _), numbers in zip(given.columns, given.numbers, strict=True):
        slices = (numbers.astype(np.int64) * 10) >> 32
        apart = [stats.ks_2samp(given.values[slices == k], given.values).statistic for k in range(10)]
        coarse = 1 / 256 if of is ishigami else 1e-12
        assert np.median(apart) - coarse <= table.loc[key, "pawn"] <= np.median(apart) + 1e-12


def test_an_input_that_acts_in_one_tail_alone() -> None:
    """Only the largest tenth of x moves y: the median over slices does not see it, the largest distance does."""
    x = lca.parameter("x", lca.Uniform(0, 1))
    y = lca.parameter("y", lca.Normal(0, 1)) + 5 * lca.functions.maximum(x - 0.9, 0)
    assert lca.pawn(y, statistic="max").loc["x", "pawn_low"] > 3 * lca.pawn(y, statistic="max").loc["x", "dummy"] / 2
    assert lca.pawn(y).loc["x", "pawn"] < 0.1


def test_u2_the_draws_of_a_result_are_those_of_the_study() -> None:
    """U2: a result takes no further run, and gives the table of the same draws."""
    two = study().sel(engine=[BEST, "sp_sparse_2_120_392_FP16_seq_4"])
    result = lca.monte_carlo(two, draws=1024, progress=False)
    table = lca.pawn(result)
    pandas.testing.assert_frame_equal(table, lca.pawn(two, draws=1024))
    assert list(table.index.names) == ["engine", "parameter"]
    alone = lca.pawn(result.sel(engine=BEST), draws=512)
    assert "512 draws" in alone.attrs["note"]
    assert alone.index[0] == "jetson.embodied"
    per = lca.pawn(result, per="inference").xs(BEST, level="engine")
    assert per.loc["robots.load", "pawn"] > table.loc[(BEST, "robots.load"), "pawn"]
    points = lca.monte_carlo(two, draws=1024, design="sobol", progress=False)
    assert lca.pawn(points).xs(BEST, level="engine").index[0] == "jetson.embodied"


def test_labels_that_are_drawn_apart_are_inputs_of_their_own() -> None:
    """D2: and what is drawn for another alternative is no input of this one."""
    x = lca.parameter("x", lca.labelled({"p": lca.Normal(3, 1), "q": lca.Normal(3, 2)}, dim="engine"))
    y = lca.parameter("y", lca.labelled({"p": lca.Normal(3, 1), "q": lca.Normal(3, 1)}, dim="part"))
    table = lca.pawn({"sum": x + lca.functions.total(y, "part")})
    rows = {"y[part=p]", "y[part=q]"}
    assert set(table.loc["p"].index) == {"x[engine=p]", *rows}
    assert set(table.loc["q"].index) == {"x[engine=q]", *rows}
    assert table.loc[("q", "x[engine=q]"), "rank"] == "1"
    assert table.loc[("p", "y[part=p]"), "words"] == "y [part=p]"


def test_u8_choices_count_where_they_were_mixed() -> None:
    method = lca.choice("method", {"low": 1.0, "high": 9.0}, weights=[1, 1], default="high")
    node = {"y": lca.parameter("x", lca.Normal(5, 1)) + method}
    held, mixed = (lca.monte_carlo(node, draws=2000, mix=keys, progress=False) for keys in ((), ("method",)))
    alone, both = lca.pawn(held), lca.pawn(mixed)
    assert list(alone.index) == ["x"]
    assert "given the choice of method" in alone.attrs["note"]
    assert both.loc["method", "pawn"] == pytest.approx(0.5, abs=0.03)  # half of all draws stand on each side
    assert both.attrs["note"].endswith("given these weights: method 0.5 : 0.5")


def test_draws_that_cannot_be_made_again_are_refused() -> None:
    best = study().sel(engine=BEST)
    with pytest.raises(MissingError, match="no parameter of this result has a spread"):
        lca.pawn(lca.nominal(best))
    with pytest.raises(MissingError, match="no parameter of this result has a spread"):
        lca.pawn({"y": lca.parameter("x", lca.Normal(3, 1)) * 0.0}, draws=400)
    until = lca.monte_carlo({"y": lca.parameter("x", lca.Normal(3, 1)) ** 2}, until="5 %", progress=False)
    with pytest.raises(MissingError, match=r"cannot be made again: they are points of a run with until="):
        lca.pawn(until)
    x, y = (lca.parameter(key, lca.labelled({"p": lca.Normal(3, 1), "q": lca.Normal(3, 2)}, dim="m")) for key in "xy")
    points = lca.monte_carlo({"z": x * y}, draws=256, design="sobol", progress=False)
    assert len(lca.pawn(points, slices=5)) == 4
    even = lca.monte_carlo({"z": x * y}, draws=300, design="latin_hypercube", progress=False)
    assert len(lca.pawn(even, slices=5)) == 4
    with pytest.raises(MissingError, match=r"other draws come of its seed(.|\n)*lca\.pawn\(study\)"):
        lca.pawn(points.sel(m="q"), slices=5)
    with pytest.raises(DomainError, match="draws"):
        lca.pawn(ishigami(), draws=100)
    with pytest.raises(DomainError, match=r"90 draws in 10 slices are fewer than 20(.|\n)*lca\.monte_carlo"):
        lca.pawn(lca.monte_carlo(ishigami(), draws=90, progress=False))
    with pytest.raises(DomainError, match="seed"):
        lca.pawn(lca.monte_carlo(ishigami(), draws=400, progress=False), seed=-1)
    with pytest.raises(DomainError, match="statistic"):
        lca.pawn(ishigami(), statistic="min")
    with pytest.raises(DomainError, match="slices"):
        lca.pawn(ishigami(), slices=1)


def test_the_first_points_of_a_run_that_was_stopped() -> None:
    """They are those of as many points as were asked for."""
    result = lca.monte_carlo(ishigami(), draws=4096, design="sobol", progress=False)
    stopped = replace(result, data=result.data.isel(draw=slice(0, 1000)), draws=1000, asked=4096)
    assert lca.pawn(stopped).loc["x2", "rank"] == "1"
