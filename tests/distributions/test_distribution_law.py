"""Laws of distributions over any arguments, and results known from elsewhere (U3, U4)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from closed_forms import pert, triangular
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import lca

# --- laws over any arguments ------------------------------------------------------------------------

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)
SIZES = st.floats(1e-6, 1e6)


@SETTINGS
@given(low=SIZES, ratio=st.floats(1.01, 1e4), level=st.floats(0.05, 0.999))
def test_u4_lognormal_between_holds_its_level(low: float, ratio: float, level: float) -> None:
    high = low * ratio
    made = lca.Lognormal.between(low, high, level=level)
    ends = made.ppf(np.array([(1 - level) / 2, (1 + level) / 2]))
    np.testing.assert_allclose(ends, [low, high], rtol=1e-9)
    assert made.median == pytest.approx(math.sqrt(low * high), rel=1e-12)


def test_u4_between_is_about_90_per_cent_unless_it_says_otherwise() -> None:
    made = lca.Lognormal.between("9 kg CO2e", "55 kg CO2e")
    assert made.unit == "kg CO2e"
    np.testing.assert_allclose(made.ppf(np.array([0.05, 0.95])), [9, 55], rtol=1e-12)


@SETTINGS
@given(low=st.floats(-1e3, 1e3), width=st.floats(1e-3, 1e4), at=st.floats(0, 1), probability=st.floats(1e-9, 1 - 1e-9))
def test_u4_bounded_families_stay_inside_and_hit_scipy(low: float, width: float, at: float, probability: float) -> None:
    high = low + width
    mode = min(low + at * width, high)
    for made, reference in (
        (lca.Uniform(low, high), stats.uniform(low, width)),
        (lca.Triangular(low, mode, high), triangular(low, mode, high)),
        (lca.Pert(low, mode, high), pert(low, mode, high)),
    ):
        value = float(made.ppf(probability))
        assert low <= value <= high
        assert value == pytest.approx(float(reference.ppf(probability)), rel=1e-6, abs=1e-6 * width)
        assert made.mean == pytest.approx(float(reference.mean()), rel=1e-9, abs=1e-9 * width)
        assert made.sd == pytest.approx(float(reference.std()), rel=1e-6)


@SETTINGS
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_u4_empirical_gives_each_value_the_same_probability(values: list[float]) -> None:
    made = lca.Empirical(values, "W")
    middles = (np.arange(7 * len(values)) + 0.5) / (7 * len(values))
    np.testing.assert_array_equal(made.ppf(middles), np.repeat(np.sort(values), 7))
    assert made.mean == pytest.approx(np.mean(values), rel=1e-9, abs=1e-6)
    assert made.sd == pytest.approx(np.std(values), rel=1e-6, abs=1e-6)
    assert made.median == made.nominal == np.median(values)
    assert made.support == (min(values), max(values))


# --- against results known from elsewhere -------------------------------------------------------------

DRAWS = 100_000


def quantile_error(reference: Any, q: float) -> float:
    """Standard error of the q quantile of DRAWS draws: sqrt(q (1 - q) / n) / density."""
    return math.sqrt(q * (1 - q) / DRAWS) / float(reference.pdf(reference.ppf(q)))


def drawn(node: Any) -> Any:
    return lca.monte_carlo(node, draws=DRAWS, progress=False).data["value"].to_numpy()


def test_u4_product_of_lognormals() -> None:
    """Medians 100 and 0.4, gsd 1.2 and 1.1: lognormal again, medians multiply, log variances add."""
    product = lca.Lognormal(40, gsd=math.exp(math.hypot(math.log(1.2), math.log(1.1))))
    assert product.gsd == pytest.approx(1.2284225230179247, rel=1e-13)
    assert product.mean == pytest.approx(40.855524234308824, rel=1e-13)
    np.testing.assert_allclose(product.ppf(np.array([0.025, 0.975])), [26.726468609905474, 59.86574670052], rtol=1e-11)
    draws = drawn(lca.parameter("a", lca.Lognormal(100, gsd=1.2)) * lca.parameter("b", lca.Lognormal(0.4, gsd=1.1)))
    reference = stats.lognorm(math.log(1.2284225230179247), scale=40)
    for q, value in ((0.025, 26.726468609905474), (0.5, 40.0), (0.975, 59.86574670052)):
        assert abs(np.quantile(draws, q) - value) < 4 * quantile_error(reference, q)
    assert abs(draws.mean() - 40.855524234308824) < 4 * product.sd / math.sqrt(DRAWS)
    # sd of a log standard deviation: sigma / sqrt(2 n)
    spread = np.log(draws).std()
    assert abs(spread - math.log(1.2284225230179247)) < 4 * spread / math.sqrt(2 * DRAWS)


def test_u4_sum_of_normals() -> None:
    """Means 10, 20 and 5, standard deviations 1, 2 and 0.5: normal again, variances add."""
    total = lca.Normal(35, math.sqrt(1 + 4 + 0.25))
    assert total.sd == pytest.approx(2.29128784747792, rel=1e-14)
    np.testing.assert_allclose(total.ppf(np.array([0.025, 0.975])), [30.509158340728973, 39.49084165927103], rtol=1e-12)
    parts = [lca.parameter(f"p{mean}", lca.Normal(mean, sd)) for mean, sd in ((10, 1), (20, 2), (5, 0.5))]
    draws = drawn(sum(parts))
    reference = stats.norm(35, 2.29128784747792)
    for q, value in ((0.025, 30.509158340728973), (0.975, 39.49084165927103)):
        assert abs(np.quantile(draws, q) - value) < 4 * quantile_error(reference, q)
    assert abs(draws.mean() - 35) < 4 * total.sd / math.sqrt(DRAWS)
    assert abs(draws.std() - total.sd) < 4 * total.sd / math.sqrt(2 * DRAWS)


def test_u4_triangular_quantiles() -> None:
    made = lca.Triangular(1.1, 1.58, 2.0)
    levels, values = np.array([0.05, 0.5, 0.95]), [1.2469693845669907, 1.56475800154489, 1.8625227291513249]
    assert made.mean == pytest.approx(1.56, rel=1e-14)
    np.testing.assert_allclose(made.ppf(levels), values, rtol=1e-13)
    draws = drawn(lca.parameter("pue", made))
    reference = triangular(1.1, 1.58, 2.0)
    for q, value in zip(levels, values, strict=True):
        assert abs(np.quantile(draws, q) - value) < 4 * quantile_error(reference, float(q))
    assert abs(draws.mean() - 1.56) < 4 * made.sd / math.sqrt(DRAWS)


@SETTINGS
@given(mean=SIZES, shape=st.floats(0.2, 1e8))
def test_u4_weibull_of_mean_has_that_mean_and_the_sd_of_its_shape(mean: float, shape: float) -> None:
    made = lca.Weibull.of_mean(f"{mean!r} year", shape=shape)
    assert made.mean == pytest.approx(mean, rel=1e-12)
    assert made.unit == "year"
    # the coefficient of variation falls from that of shape 0.2 to the limit pi / sqrt(6) / shape
    assert 0 < made.sd / made.mean <= math.sqrt(math.gamma(11) / math.gamma(6) ** 2 - 1) * (1 + 1e-9)
    if shape > 1e3:
        assert made.sd / made.mean == pytest.approx(math.pi / math.sqrt(6) / shape, rel=1e-2)


def test_u4_weibull_is_drawn_as_it_says() -> None:
    """U3, U4: a mean of 20,000 draws within four standard errors, and the share beyond the characteristic life."""
    made = lca.Weibull("5 year", shape=1.5)
    drawn = lca.monte_carlo(lca.parameter("life", made), draws=20_000, progress=False).data["value"] / (365.25 * 86_400)
    assert abs(float(drawn.mean()) - made.mean) < 4 * made.sd / math.sqrt(20_000)
    beyond = float((drawn > 5).mean())
    assert abs(beyond - math.exp(-1)) < 4 * math.sqrt(math.exp(-1) * (1 - math.exp(-1)) / 20_000)


def test_u6_a_weibull_comes_back_from_a_file(tmp_path: Any) -> None:
    life = lca.parameter("life", lca.Weibull("5 year", shape=1.5))
    made = lca.monte_carlo({"total": life}, draws=300, progress=False)
    path = lca.save(made, tmp_path / "life.lca")
    assert lca.load(path).data.identical(made.data)
    again, table = lca.rerun(path)
    assert table["identical"].all()
    assert again.data.identical(made.data)
