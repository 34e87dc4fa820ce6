"""Numbers as tools print them: half a step of the last digit goes through products and ratios (GUM F.2.2.1)."""

from __future__ import annotations

import pytest

from lca.distributions.families import Uniform
from lca.logs.inference.printed import Printed, printed


def test_the_limits_of_a_product_and_of_a_ratio_are_those_of_both_numbers() -> None:
    """20.0 ± 0.5 and 4.00 ± 0.1, to first order: 80 ± (20 x 0.1 + 4 x 0.5), and 5 ± 5 (0.5 / 20 + 0.1 / 4)."""
    one, other = Printed(20.0, 0.5), Printed(4.0, 0.1)
    assert one.times(other) == pytest.approx((80.0, 4.0))
    assert one.over(other) == pytest.approx((5.0, 0.25))
    assert one.scaled(3) == pytest.approx((60.0, 1.5))


def test_two_numbers_fit_within_their_last_digits() -> None:
    assert Printed(10.0, 0.5).fits(Printed(11.0, 0.5), 0.0)
    assert not Printed(10.0, 0.5).fits(Printed(11.1, 0.5), 0.0)
    assert Printed(10.0, 0.5).fits(Printed(11.1, 0.5), 0.01)


def test_a_printed_number_is_rectangular_and_a_count_is_exact() -> None:
    spread = Printed(20.0, 0.5).spread
    assert isinstance(spread, Uniform)
    assert spread.reach == (19.5, 20.5)
    assert Printed(20.0).spread == 20.0
    assert isinstance(Printed(20.0, 1e-7).spread, Uniform)
    assert Printed(20.0, 1e-9).spread == 20.0


@pytest.mark.parametrize(
    ("text", "digits", "half"),
    [
        ("3.005", 0, 5e-4),
        ("18392", 6, 0.05),
        ("1.24e+06", 0, 5e3),
        ("0.0334352", 6, 5e-8),
        ("0", 6, 0.5),
        ("7", 0, 0.5),
    ],
)
def test_the_last_digit_is_known_from_the_text_or_from_the_six_digits_of_a_program(
    text: str, digits: int, half: float
) -> None:
    assert printed(text, significant=digits) == pytest.approx((float(text), half))


def test_a_number_too_large_is_kept_for_the_checks() -> None:
    assert printed("1e999", significant=6).value == float("inf")
    assert printed("1e-999").value == 0
