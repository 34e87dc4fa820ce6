"""Truncation: the inverse CDF between bounds, its moments, its draws, and what comes back from a file (U3, U4, U5)."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import lca

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)
DRAWS = 20_000
WHOLE = [
    lca.Normal(10, 3),
    lca.Lognormal(10, gsd=1.7),
    lca.SplitLognormal(10, gsd_low=1.3, gsd_high=2.1),
    lca.Triangular(2, 10, 31),
    lca.Pert(2, 10, 31),
    lca.Weibull(11, shape=0.7),
    lca.Weibull(11, shape=3),
]
ANY = st.sampled_from(WHOLE)
ENDS = st.floats(1e-6, 0.999)


def between(whole: lca.Distribution, below: float, above: float) -> lca.Distribution:
    """Truncated at shares of the probability on both sides of the nominal value."""
    shape = whole.standard[2]
    at = float(shape.cdf(np.asarray((whole.nominal - whole.standard[0]) / whole.standard[1])))
    return whole.truncated(float(whole.ppf(at * below)), float(whole.ppf(1 - (1 - at) * above)))


@SETTINGS
@given(whole=ANY, below=ENDS, above=ENDS)
def test_u3_values_are_those_of_the_whole_distribution_between_the_bounds(
    whole: lca.Distribution, below: float, above: float
) -> None:
    """The inverse at u is that of the whole one at F(low) + u (F(high) - F(low)); it never passes a bound."""
    made = between(whole, below, above)
    (low, high), u = made.support, np.array([1e-9, 0.01, 0.3, 0.5, 0.9, 1 - 1e-9])
    location, scale, shape = whole.standard
    first, last = shape.cdf((np.array([low, high]) - location) / scale)
    np.testing.assert_allclose(made.ppf(u), whole.ppf(first + u * (last - first)), rtol=1e-6)
    assert made.ppf(u).min() >= low
    assert made.ppf(u).max() <= high
    assert made.nominal == whole.nominal
    assert low < made.mean < high
    assert 0 < made.sd < (high - low) / 2


@settings(SETTINGS, max_examples=25)
@given(whole=ANY, below=st.floats(1e-2, 0.9), above=st.floats(1e-2, 0.9))
def test_u4_mean_and_sd_are_integrals_of_the_inverse_cdf(whole: lca.Distribution, below: float, above: float) -> None:
    """Against Gauss-Legendre on both sides of the nominal value, where the inverse CDF has its kink."""
    made = between(whole, below, above)
    shape = made.standard[2]
    at = float(shape.cdf(np.asarray((made.nominal - made.standard[0]) / made.standard[1])))
    nodes, weights = np.polynomial.legendre.leggauss(100)
    u = np.concatenate([at * (nodes + 1) / 2, at + (1 - at) * (nodes + 1) / 2])
    share = np.concatenate([at * weights / 2, (1 - at) * weights / 2])
    values = made.ppf(u)
    mean = float(np.sum(share * values))
    assert made.mean == pytest.approx(mean, rel=1e-9)
    assert made.sd == pytest.approx(math.sqrt(float(np.sum(share * (values - mean) ** 2))), rel=1e-9)


@pytest.mark.parametrize("whole", WHOLE, ids=repr)
def test_u4_a_bound_that_cuts_nothing_changes_nothing(whole: lca.Distribution) -> None:
    """To 1e-9, also where the tail is long."""
    far = whole.truncated(low=-1e9) if whole.support[0] < 0 else whole.truncated(low=0)
    assert far.mean == pytest.approx(whole.mean, rel=1e-9)
    assert far.sd == pytest.approx(whole.sd, rel=1e-9)
    u = np.array([1e-9, 0.2, 0.5, 1 - 1e-9])
    np.testing.assert_allclose(far.ppf(u), whole.ppf(u), rtol=1e-7)


@pytest.mark.parametrize(("s", "low", "high"), [(0.1, 0.8, 1.3), (0.5, 0.5, 4.0), (1.6, 0.9, math.inf)])
def test_u4_a_truncated_lognormal_has_its_closed_form(s: float, low: float, high: float) -> None:
    """E[x^k] = exp(k^2 s^2 / 2) (N(b - k s) - N(a - k s)) / (N(b) - N(a)), with a = ln(low) / s, b = ln(high) / s."""
    a, b = math.log(low) / s, math.log(high) / s
    moment = [math.exp(k**2 * s**2 / 2) * (stats.norm.cdf(b - k * s) - stats.norm.cdf(a - k * s)) for k in range(3)]
    made = lca.Lognormal(1, gsd=math.exp(s)).truncated(low, high if math.isfinite(high) else None)
    assert made.mean == pytest.approx(moment[1] / moment[0], rel=1e-9)
    assert made.sd == pytest.approx(math.sqrt(moment[2] / moment[0] - (moment[1] / moment[0]) ** 2), rel=1e-9)


@pytest.mark.parametrize(
    "made",
    [
        lca.Normal("2 W", "1.5 W").truncated(low="0 W"),
        lca.SplitLognormal("10 W", gsd_low=1.3, gsd_high=2.1).truncated("8 W", "20 W"),
        lca.Triangular("2 W", "10 W", "31 W").truncated("3 W", "15 W"),
    ],
    ids=repr,
)
def test_u3_draws_are_as_stated_and_come_back_from_a_file(made: lca.Distribution, tmp_path: Any) -> None:
    result = lca.monte_carlo({"total": lca.parameter("power", made)}, draws=DRAWS, progress=False)
    draws = result.data["total"].to_numpy()
    assert abs(draws.mean() - made.mean) < 4 * made.sd / math.sqrt(DRAWS)
    assert made.support[0] <= draws.min() < draws.max() <= made.support[1]
    for u in (0.1, 0.5, 0.9):
        assert abs((draws < made.ppf(u)).mean() - u) < 4 * math.sqrt(u * (1 - u) / DRAWS)
    path = lca.save(result, tmp_path / "power.lca")
    assert lca.load(path).data.identical(result.data)
    assert lca.rerun(path)[1]["identical"].all()
    assert pickle.loads(pickle.dumps(made)) == made


def test_u4_no_draw_of_a_power_lies_below_zero() -> None:
    """The smallest numbers stand at the bound itself, for any scale and place."""
    for mean, sd in ((2.0, 1.5), (1e-3, 1.0), (0.1, 7e3), (1 / 3, 0.7)):
        made = lca.Normal(mean, sd).truncated(low=0)
        location, scale, shape = made.standard
        assert location == 0
        assert (location + scale * shape.ppf(np.arange(1, 1000) / 2**33)).min() >= 0
        assert lca.monte_carlo(lca.parameter("x", made), draws=2_000, progress=False).data["value"].min() >= 0


def test_u1_what_is_truncated_is_another_definition() -> None:
    whole = lca.Normal("2 W", "1.5 W")
    made = whole.truncated(low="0 W")
    assert made == lca.Normal("2 W", "1.5 W").truncated(low="0 W")
    assert made != whole.truncated(low="0.1 W")
    assert made != lca.Normal("2 W", "1.4 W").truncated(low="0 W")
    assert whole.truncated(high="9 W").truncated("-1 W", "12 W") == whole.truncated("-1 W", "9 W")
    assert repr(made.in_unit("W at_wall")) == 'Normal("2 W at_wall", "1.5 W at_wall").truncated(low="0 W at_wall")'
    assert repr(lca.Normal(2, 1).truncated(0, 4)) == "Normal(2, 1).truncated(0, 4)"


def test_u4_listed_values_and_uniform_ones_stay_in_their_family() -> None:
    assert lca.Uniform(0, 10).truncated(2, 5) == lca.Uniform(2, 5)
    assert lca.Uniform(0, 10).truncated(high=12) == lca.Uniform(0, 10)
    assert lca.Empirical([3, 1, 2, 5]).truncated(1, 3) == lca.Empirical([1, 2, 3])
    made = lca.Discrete({1: 0.2, 2: 0.3, 4: 0.5}).truncated(high=2)
    assert made.values == (1, 2)
    np.testing.assert_allclose(made.probabilities, [0.4, 0.6], rtol=1e-15)


def test_u7_a_kink_inside_is_evaluated_by_numpy() -> None:
    """Its draws are exact, and numba says that it has no form for them."""
    node = lca.parameter("x", lca.Triangular(2, 10, 31).truncated(3, 15))
    with pytest.raises(lca.errors.DomainError, match="KinkedShape"):
        lca.monte_carlo(node, draws=100, evaluator="numba", progress=False)
