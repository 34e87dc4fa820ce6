"""Distributions against what their arguments state, their closed forms and scipy.stats (U4, U5)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from closed_forms import Split, pert, triangular
from scipy import stats

import lca
from lca.errors import DomainError, NonFiniteError, NotEvaluatedError, ParseError, UnitError

# Nodes for integrals over probability, u = normal cdf(z): the trapezoid in z reaches into both tails.
Z = np.linspace(-8.2, 8.2, 40_001)
U = stats.norm.cdf(Z)
WEIGHTS = stats.norm.pdf(Z) * (Z[1] - Z[0])
PROBABILITIES = np.concatenate([[1e-9, 1e-6, 1e-3], np.linspace(0.01, 0.99, 99), [0.999, 1 - 1e-6, 1 - 1e-9]])


PAIRS = [
    (lca.Normal(147, 4), stats.norm(147, 4)),
    (lca.Normal(0, 1e-3), stats.norm(0, 1e-3)),
    (lca.Lognormal(36, gsd=1.1), stats.lognorm(math.log(1.1), scale=36)),
    (lca.Lognormal(0.2, gsd=2.5), stats.lognorm(math.log(2.5), scale=0.2)),
    (lca.SplitLognormal(11, gsd_low=1.2, gsd_high=1.9), Split(11, 1.2, 1.9)),
    (lca.SplitLognormal(24, gsd_low=3.4, gsd_high=1.05), Split(24, 3.4, 1.05)),
    (lca.Uniform(50, 300), stats.uniform(50, 250)),
    (lca.Uniform(-3, -1), stats.uniform(-3, 2)),
    (lca.Triangular(1.1, 1.58, 2.0), triangular(1.1, 1.58, 2.0)),
    (lca.Triangular(5, 5, 20), triangular(5, 5, 20)),
    (lca.Triangular(5, 20, 20), triangular(5, 20, 20)),
    (lca.Pert(5, 10, 20), pert(5, 10, 20)),
    (lca.Pert(0, 0, 1), pert(0, 0, 1)),
    (lca.Pert(-4, 3, 3.5), pert(-4, 3, 3.5)),
    (lca.Weibull(5, shape=1), stats.weibull_min(1, scale=5)),
    (lca.Weibull(0.2, shape=0.8), stats.weibull_min(0.8, scale=0.2)),
    (lca.Weibull(6, shape=2.5), stats.weibull_min(2.5, scale=6)),
    (lca.Weibull(6, shape=40), stats.weibull_min(40, scale=6)),
    (lca.Lognormal.of_mean(40, gsd=1.5), stats.lognorm(math.log(1.5), scale=40 * math.exp(-(math.log(1.5) ** 2) / 2))),
    (lca.Normal(2, 1.5).truncated(0, 8), stats.truncnorm(-4 / 3, 4, 2, 1.5)),
    (lca.Normal(2, 1.5).truncated(high=2.5), stats.truncnorm(-math.inf, 1 / 3, 2, 1.5)),
    (lca.Normal(147, 4).truncated(140, 150), stats.truncnorm(-7 / 4, 3 / 4, 147, 4)),
    (lca.Weibull(6, shape=2.5).truncated(2, 11), stats.truncweibull_min(2.5, 1 / 3, 11 / 6, scale=6)),
    (lca.Weibull(5, shape=1).truncated(high=9), stats.truncexpon(9 / 5, scale=5)),
    (lca.Uniform(50, 300).truncated(high=120), stats.uniform(50, 70)),
]
BOTH = pytest.mark.parametrize(("made", "reference"), PAIRS, ids=[repr(made) for made, _ in PAIRS])


@BOTH
def test_u4_ppf_is_the_inverse_cdf_of_scipy(made: lca.Distribution, reference: Any) -> None:
    found = made.ppf(PROBABILITIES)
    np.testing.assert_allclose(found, reference.ppf(PROBABILITIES), rtol=1e-9, atol=1e-12 * reference.std())
    np.testing.assert_allclose(reference.cdf(found), PROBABILITIES, rtol=1e-6, atol=1e-12)
    assert np.all(np.diff(found) > 0)


@BOTH
def test_u4_stated_moments_are_those_of_its_ppf(made: lca.Distribution, reference: Any) -> None:
    values = made.ppf(U)
    mean = float(np.sum(WEIGHTS * values))
    sd = math.sqrt(float(np.sum(WEIGHTS * (values - mean) ** 2)))
    assert made.mean == pytest.approx(mean, rel=1e-6, abs=1e-6 * sd)
    assert made.sd == pytest.approx(sd, rel=1e-6)
    assert made.mean == pytest.approx(reference.mean(), rel=1e-9, abs=1e-12)
    assert made.sd == pytest.approx(reference.std(), rel=1e-9)


@BOTH
def test_u4_stated_median_and_bounds_are_those_of_its_ppf(made: lca.Distribution, reference: Any) -> None:
    assert made.median == pytest.approx(reference.median(), rel=1e-9)
    assert float(made.ppf(0.5)) == pytest.approx(made.median, rel=1e-9)
    assert made.support == pytest.approx(reference.support())
    low, high = made.support
    ends = made.ppf(np.array([1e-15, 1 - 1e-15]))
    assert low <= ends[0] < ends[1] <= high
    span = reference.std()
    if math.isfinite(high):
        assert high - ends[1] < 1e-2 * span
        assert ends[0] - low < 1e-2 * span or math.isinf(low)


@BOTH
def test_u4_what_a_distribution_reaches(made: lca.Distribution, reference: Any) -> None:
    """U4: the bounds, where there are two; of a tail without end the quantile that is one in a thousand million."""
    low, high = reference.support()
    if not math.isfinite(low) or not math.isfinite(high):
        low, high = reference.ppf(np.array([1e-9, 1 - 1e-9]))
    assert made.reach == pytest.approx((low, high), rel=1e-6)
    assert made.reach[0] < made.nominal <= made.reach[1] or made.reach[0] <= made.nominal < made.reach[1]


def test_u4_data_reach_from_the_smallest_to_the_largest_value() -> None:
    assert lca.Empirical([7, 3, 5], "W").reach == (3, 7)


NOMINAL = [
    (lca.Normal(147, 4), 147),
    (lca.Lognormal(36, gsd=1.7), 36),
    (lca.SplitLognormal(11, gsd_low=1.2, gsd_high=1.9), 11),
    (lca.Triangular(1.1, 1.58, 2.0), 1.58),
    (lca.Pert(5, 10, 20), 10),
    (lca.Uniform(50, 300), 175),
    (lca.Weibull(4, shape=1), 4),
    (lca.Weibull(4, shape=0.5), 8),
    (lca.Empirical([1, 9, 2, 4]), 3),
    (lca.Empirical([7, 1, 3]), 3),
    (lca.Discrete({1: 0.6, 4: 0.3, 9: 0.1}), 1),
    (lca.Discrete({9: 1, 1: 1, 4: 1}), 4),
    (lca.Discrete({9: 2, 1: 2, 4: 1}), 1),
    (lca.Normal(147, 4).truncated(low=146), 147),
    (lca.Uniform(50, 300).truncated(high=100), 75),
    (lca.Discrete({1: 0.6, 4: 0.3, 9: 0.1}).truncated(low=2), 4),
    (lca.Empirical([1, 9, 2, 4]).truncated(high=4), 2),
]


@pytest.mark.parametrize(("made", "value"), NOMINAL, ids=[repr(made) for made, _ in NOMINAL])
def test_u5_nominal_value(made: lca.Distribution, value: float) -> None:
    assert made.nominal == value
    assert lca.nominal(lca.parameter("x", made)).data["value"] == value


def test_u5_the_nominal_value_of_a_choice_is_its_declared_default() -> None:
    options = {"a": 1, "b": 2, "c": 4}
    for default, value in ((None, 2), ("a", 1), ("c", 4)):
        node = lca.choice("method", options, weights=[1, 3, 2], default=default)
        assert lca.nominal(node).data["value"] == value


OUTSIDE = {
    "sd zero": lambda: lca.Normal(1, 0),
    "sd negative": lambda: lca.Normal(1, -2),
    "gsd below one": lambda: lca.Lognormal(36, gsd=0.9),
    "gsd one": lambda: lca.Lognormal(36, gsd=1),
    "gsd with a unit": lambda: lca.Lognormal("36 kg CO2e", gsd="2 kg CO2e"),
    "median zero": lambda: lca.Lognormal(0, gsd=2),
    "median negative": lambda: lca.Lognormal("-36 kg CO2e", gsd=2),
    "between upside down": lambda: lca.Lognormal.between(55, 9),
    "between equal": lambda: lca.Lognormal.between(9, 9),
    "between from zero": lambda: lca.Lognormal.between(0, 9),
    "between at level 1": lambda: lca.Lognormal.between(9, 55, level=1.0),
    "between at level 90": lambda: lca.Lognormal.between(9, 55, level=90),
    "split gsd below one": lambda: lca.SplitLognormal(36, gsd_low=0.9, gsd_high=2),
    "split gsd one": lambda: lca.SplitLognormal(36, gsd_low=2, gsd_high=1),
    "split gsd with a unit": lambda: lca.SplitLognormal("36 kg", gsd_low=2, gsd_high="2 kg"),
    "split median zero": lambda: lca.SplitLognormal(0, gsd_low=2, gsd_high=2),
    "through from zero": lambda: lca.Lognormal.through(0, 24, 2200),
    "through its low": lambda: lca.Lognormal.through(24, 24, 2200),
    "through its high": lambda: lca.Lognormal.through(1, 24, 24),
    "through upside down": lambda: lca.Lognormal.through(2200, 24, 1),
    "through at level 1": lambda: lca.Lognormal.through(1, 24, 2200, level=1),
    "uniform upside down": lambda: lca.Uniform(2, 1),
    "uniform without width": lambda: lca.Uniform(1, 1),
    "mode above": lambda: lca.Triangular(1, 4, 3),
    "mode below": lambda: lca.Triangular(1, 0, 3),
    "triangular without width": lambda: lca.Triangular(1, 1, 1),
    "pert mode above": lambda: lca.Pert(1, 4, 3),
    "pert without width": lambda: lca.Pert(2, 2, 2),
    "weibull shape zero": lambda: lca.Weibull("5 year", shape=0),
    "weibull shape negative": lambda: lca.Weibull("5 year", shape=-2),
    "weibull shape with a unit": lambda: lca.Weibull("5 year", shape="2 year"),
    "weibull scale zero": lambda: lca.Weibull("0 year", shape=2),
    "weibull mean negative": lambda: lca.Weibull.of_mean("-5 year", shape=2),
    "one value": lambda: lca.Empirical([3.0]),
    "no value": lambda: lca.Empirical([]),
    "true": lambda: lca.Normal(True, 2),
    "mean zero": lambda: lca.Lognormal.of_mean(0, gsd=2),
    "mean with a gsd of one": lambda: lca.Lognormal.of_mean(1, gsd=1),
    "mean with an sd of zero": lambda: lca.Lognormal.of_mean(1, sd=0),
    "mean without a spread": lambda: lca.Lognormal.of_mean(1),
    "mean with two spreads": lambda: lca.Lognormal.of_mean(1, gsd=2, sd=1),
    "mean of a spread that is too wide": lambda: lca.Lognormal.of_mean(1, gsd=1e300),
    "one discrete value": lambda: lca.Discrete({1: 1}),
    "no discrete value": lambda: lca.Discrete({}),
    "weight zero": lambda: lca.Discrete({1: 1, 2: 0}),
    "weight negative": lambda: lca.Discrete({1: 1, 2: -1}),
    "weight too small to be drawn": lambda: lca.Discrete({1: 1, 2: 1e-10}),
    "equal discrete values": lambda: lca.Discrete({"1 kg": 1, "1000 g": 1}),
    "a list of discrete values": lambda: lca.Discrete([1, 2]),
    "truncated nowhere": lambda: lca.Normal(2, 1).truncated(),
    "truncated upside down": lambda: lca.Normal(2, 1).truncated(3, 1),
    "truncated above its nominal value": lambda: lca.Normal(2, 1).truncated(low=3),
    "truncated below its nominal value": lambda: lca.Weibull(2, shape=2).truncated(high=1),
    "truncated to next to nothing": lambda: lca.Normal(2, 1).truncated(2 - 1e-13, 2 + 1e-13),
    "truncated beyond its bounds": lambda: lca.Uniform(1, 2).truncated(low=2),
    "truncated to one of the data": lambda: lca.Empirical([1, 2, 3]).truncated(low=3),
    "truncated to one discrete value": lambda: lca.Discrete({1: 1, 2: 1}).truncated(low=2),
    "truncated twice to nothing": lambda: lca.Normal(2, 1).truncated(high=3).truncated(low=4),
}


@pytest.mark.parametrize("build", OUTSIDE.values(), ids=list(OUTSIDE))
def test_u4_an_argument_outside_the_domain_raises(build: Any) -> None:
    with pytest.raises(DomainError):
        build()


def test_u4_the_error_states_the_law_and_the_arguments() -> None:
    with pytest.raises(DomainError, match=r"Triangular needs low <= mode <= high.*\n.*Triangular\(1, 4, 3\)"):
        lca.Triangular(1, 4, 3)
    with pytest.raises(DomainError, match=r"Lognormal.between needs 0 < low < high.*\n.*\(55, 9, level=0.9\)"):
        lca.Lognormal.between("55 kg CO2e", "9 kg CO2e")


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, "nan kWh", np.float64("nan")])
def test_q6_an_argument_that_is_not_finite_raises(bad: Any) -> None:
    for build in (
        lambda: lca.Normal(bad, 1),
        lambda: lca.Uniform(0, bad),
        lambda: lca.Lognormal(1, gsd=bad),
        lambda: lca.Triangular(0, bad, 1),
        lambda: lca.Empirical([1.0, 2.0, float(bad) if not isinstance(bad, str) else math.nan]),
    ):
        with pytest.raises(NonFiniteError):
            build()


def test_q1_arguments_of_another_dimension_raise_and_multiples_convert() -> None:
    with pytest.raises(UnitError, match="different units"):
        lca.Normal("147 W", "4 J")
    with pytest.raises(UnitError, match="different units"):
        lca.Uniform("1 kWh", 2)
    for build in (
        lambda: lca.Discrete({"1 kWh": 1, "2 W": 1}),
        lambda: lca.Normal("2 W", "1 W").truncated(low=0),
        lambda: lca.Lognormal.of_mean("2 kg", sd="1 W"),
    ):
        with pytest.raises(UnitError, match="different units"):
            build()
    assert lca.Normal("2 W", "1 W").truncated(high="0.004 kW").support == (-math.inf, 4)
    assert lca.Discrete({"1 kWh": 1, "500 Wh": 2}).values == (0.5, 1)
    made = lca.Triangular("500 Wh", "1 kWh", "7.2 MJ")
    assert made.unit == "Wh"
    assert made.arguments == pytest.approx((500, 1_000, 2_000))
    with pytest.raises(ParseError):
        lca.Normal("147 W ± 5 W (k=1)", "4 W")


def test_u1_a_distribution_is_a_value_and_no_operand() -> None:
    power = lca.Normal("147 W", "4 W")
    for use in (lambda: power * 3, lambda: 3 * power, lambda: power + power, lambda: float(power), lambda: -power):
        with pytest.raises(NotEvaluatedError, match="lca.parameter"):
            use()
    assert power == lca.Normal("147 W", "4 W")
    assert power != lca.Normal("147 W", "5 W")
    assert lca.Triangular(0, 1, 2) != lca.Pert(0, 1, 2)
