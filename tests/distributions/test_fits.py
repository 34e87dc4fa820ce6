"""Student's t without SciPy, against SciPy."""

from __future__ import annotations

import math

import pytest
from scipy.special import stdtrit

from lca.fits import NORMAL, t_quantile, widening


@pytest.mark.parametrize("freedom", [1, 2, 2.5, 3, 5, 9, 30, 200])
@pytest.mark.parametrize("probability", [0.5, 0.6, 0.9, 0.95, 0.975, 0.9999])
def test_the_quantile_of_students_t_is_that_of_scipy(freedom: float, probability: float) -> None:
    """SciPy 1.15 itself is good to 1e-10; the closed forms below are exact."""
    assert t_quantile(probability, freedom) == pytest.approx(float(stdtrit(freedom, probability)), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("p", [0.5, 0.6, 0.9, 0.95, 0.975, 0.9999])
def test_one_and_two_degrees_of_freedom_have_closed_forms(p: float) -> None:
    """tan(pi (p - 1/2)), and (2 p - 1) / sqrt(2 p (1 - p))."""
    assert t_quantile(p, 1) == pytest.approx(math.tan(math.pi * (p - 0.5)), rel=1e-12, abs=1e-14)
    assert t_quantile(p, 2) == pytest.approx((2 * p - 1) / math.sqrt(2 * p * (1 - p)), rel=1e-12, abs=1e-14)


def test_few_values_widen_an_interval_and_many_do_not() -> None:
    """GUM table G.2: 6.314 for one degree of freedom; the normal quantile for many."""
    assert widening(1) == pytest.approx(6.313751514675044 / NORMAL, rel=1e-12)
    assert widening(1e6) == pytest.approx(1, abs=2e-6)
