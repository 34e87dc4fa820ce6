"""The distribution function of every shape is the inverse of its inverse CDF (U3)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import lca

U = np.array([1e-6, 0.01, 0.05, 0.3, 0.5, 0.77, 0.95, 0.999, 1 - 1e-6])
SMOOTH = [
    lca.Uniform(50, 300),
    lca.Normal(147, 4),
    lca.Lognormal(36, gsd=1.7),
    lca.SplitLognormal(11, gsd_low=1.2, gsd_high=1.9),
    *(lca.Triangular(5, mode, 20) for mode in (5, 10, 20)),
    *(lca.Pert(5, mode, 20) for mode in (5, 12.5, 20)),
    lca.Weibull(5, shape=0.7),
    lca.Weibull(5, shape=2.5),
    lca.Normal(2, 1.5).truncated(low=0),
    lca.Lognormal(36, gsd=1.7).truncated(20, 60),
    lca.SplitLognormal(11, gsd_low=1.2, gsd_high=1.9).truncated(high=20),
    lca.Triangular(5, 10, 20).truncated(6, 19),
    lca.Pert(5, 12.5, 20).truncated(low=9),
    lca.Weibull(5, shape=0.7).truncated(high=20),
]


@pytest.mark.parametrize("made", SMOOTH, ids=repr)
def test_u3_the_probability_of_a_quantile_is_its_own(made: lca.Distribution) -> None:
    shape = made.standard[2]
    np.testing.assert_allclose(shape.cdf(shape.ppf(U)), U, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("made", SMOOTH, ids=repr)
def test_u3_what_lies_beyond_is_the_rest(made: lca.Distribution) -> None:
    """Beyond the quantile of 1 - q lies q; where the tail is long, to the last digits however small q is."""
    shape = made.standard[2]
    q = np.array([1e-12 if math.isinf(made.support[1]) else 1e-3, 0.3, 0.9])
    np.testing.assert_allclose(shape.beyond(shape.upper(q)), q, rtol=1e-9)


@pytest.mark.parametrize("made", SMOOTH, ids=repr)
def test_q6_nothing_lies_below_the_least_and_everything_below_the_greatest(made: lca.Distribution) -> None:
    """Also outside of the support, and at infinity."""
    shape = made.standard[2]
    assert shape.cdf(np.array([-np.inf, -1e300, 1e300, np.inf])).tolist() == [0, 0, 1, 1]
    ends = shape.ppf(np.array([1e-9, 1 - 1e-9]))
    inside = shape.cdf(np.linspace(ends[0] - 1, ends[1] + 1, 4001))
    assert (np.diff(inside) >= 0).all()
    assert np.isfinite(inside).all()


def test_u3_distribution_functions_are_those_of_scipy() -> None:
    z = np.linspace(-0.5, 1.5, 41)
    np.testing.assert_allclose(lca.Pert(0, 0.2, 1).standard[2].cdf(z), stats.beta(1.8, 4.2).cdf(z), atol=1e-14)
    np.testing.assert_allclose(lca.Triangular(0, 0.2, 1).standard[2].cdf(z), stats.triang(0.2).cdf(z), atol=1e-14)
    np.testing.assert_allclose(lca.Weibull(1, shape=2).standard[2].cdf(z), stats.weibull_min(2).cdf(z), atol=1e-14)


def test_listed_values_have_jumps() -> None:
    for made in (lca.Empirical([3.0, 1.0, 4.0, 1.0]), lca.Discrete({3.0: 0.25, 1.0: 0.5, 4.0: 0.25})):
        shape = made.standard[2]
        assert not shape.smooth
        assert shape.cdf(np.array([0.9, 1.0, 2.0, 3.0, 4.0])).tolist() == [0, 0.5, 0.5, 0.75, 1]
        assert shape.beyond(np.array([0.9, 1.0, 3.0, 4.0])).tolist() == [1, 0.5, 0.25, 0]
