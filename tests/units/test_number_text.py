"""One way to write numbers: no exponent where digits can be read, no odd rounding at a change of unit (A11)."""

from __future__ import annotations

import pytest

import lca
from lca.units.number_text import in_full, significant


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (1.0, "1"), (0.5, "0.5"), (-2.5, "-2.5"), (0.99999, "1"), (999.96, "1,000"), (1234.56, "1,235"),
        (20_000.5, "20,000"), (20_123.4, "20,123"), (170_000.0, "170,000"), (1.2e9, "1,200,000,000"),
        (0.000123456, "0.0001235"), (1.146e-7, "1.146e-07"), (3e20, "3e+20"),
    ],
)  # fmt: skip
def test_in_full(value: float, text: str) -> None:
    assert in_full(value) == text


def test_more_digits_where_they_are_asked_for() -> None:
    assert in_full(3.14159265, 6) == "3.14159"
    assert in_full(1_234_567.8, 6) == "1,234,568"
    assert significant(1_234_567.8) == "1,230,000"


def test_a_derivation_of_20000_and_a_half_has_no_exponent() -> None:
    text = lca.derivation({"x": lca.parameter("a", "20000.5 kg CO2e") * 1}, "x")
    assert "= 20,000 kg CO2e" in text
    assert "e+" not in text


def test_a_study_of_one_kilogram_prints_one_kilogram() -> None:
    """3 x 1/3 kWh x 1 kg/kWh is a little below or at 1 kg; it is never 1,000 g."""
    grid = lca.Electricity("grid", intensity="0.99999999 kg CO2e/kWh", at="facility")
    run = lca.Training("run", energy="1 kWh", at="wall", site=lca.Site("desk", electricity=grid, pue=1.0))
    excluded = dict.fromkeys(
        ("development", "use", "manufacturing", "distribution", "end_of_life"), lca.outside_goal("-")
    )
    made = lca.Study("s", run, functional_unit=lca.FunctionalUnit("run", count="1 device"), excluded=excluded)
    assert "1 kg CO2e per functional unit" in str(made)


def test_a_stated_intensity_of_2000_g_is_not_2e_03() -> None:
    grid = lca.Electricity("mine", intensity="2 kg CO2e/kWh", at="facility", region="France", year=2023)
    run = lca.Training("run", energy="1 kWh", at="wall", site=lca.Site("desk", electricity=grid, pue=1.0))
    assert "states 2,000 g CO2e/kWh" in lca.footprint(run).attrs["note"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("5 W", "<x = 5 W>"),
        ("5 year", "<x = 5 year>"),
        ("7200 s", "<x = 2 h>"),
        (lca.Uniform("100 W", "200 W"), "<x = 150 W; 5 to 95 %: 105 to 195>"),
        (lca.labelled({"a": 1.0, "b": 3.0}, "W", dim="engine"), "<x = 1 to 3 W, engine: 2>"),
    ],
)
def test_a_leaf_prints_its_number_unit_and_spread_beside_its_key(value: object, text: str) -> None:
    assert repr(lca.parameter("x", value)) == text
    assert str(lca.parameter("x", value)) == text
