"""The formulas of making hardware: limits, orders and hand calculations."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca import formulas

AREA = st.floats(1e-3, 8.6)  # cm^2, up to a reticle
DENSITY = st.floats(0.0, 2.0)  # 1/cm^2
CLUSTERING = st.floats(0.5, 20.0)
SHARE = st.floats(0.01, 1.0)
GROWTH = st.floats(1.0, 3.0)
A_BIT = 1 + 1e-9
SETTINGS = settings(max_examples=100, deadline=None, derandomize=True)


@SETTINGS
@given(AREA, DENSITY, CLUSTERING)
def test_every_yield_is_a_share(area: float, density: float, clustering: float) -> None:
    for found in (
        formulas.poisson_yield(area, density),
        formulas.murphy_yield(area, density),
        formulas.negative_binomial_yield(area, density, clustering),
    ):
        assert 0 < found <= 1


@SETTINGS
@given(AREA, DENSITY)
def test_murphy_lies_between_no_clustering_and_much(area: float, density: float) -> None:
    """Between Poisson (alpha without end) and Seeds (alpha = 1)."""
    middle = formulas.murphy_yield(area, density)
    assert formulas.poisson_yield(area, density) <= middle * A_BIT
    assert middle <= formulas.negative_binomial_yield(area, density, 1.0) * A_BIT


@SETTINGS
@given(AREA, DENSITY)
def test_without_clusters_the_negative_binomial_is_poisson(area: float, density: float) -> None:
    clustered = formulas.negative_binomial_yield(area, density, 1e7)
    # the first term that is left out: (A D)^2 / (2 alpha)
    assert math.log(clustered / formulas.poisson_yield(area, density)) == pytest.approx(
        (area * density) ** 2 / 2e7, rel=1e-4, abs=2e-9
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "defects", [0.0, 1e-30, 1e-15, 1e-12, 1e-10, 1e-7, 1e-3, 0.1, 0.999, 1.0, 1.001, 10.0, 40.0, 800.0, 1e6]
)
def test_murphy_is_exact_from_no_defects_to_a_great_many(defects: float) -> None:
    expected = (-math.expm1(-defects) / defects) ** 2 if defects else 1.0
    assert formulas.murphy_yield(1.0, defects) == pytest.approx(expected, rel=1.1e-12)


@SETTINGS
@given(AREA, DENSITY, CLUSTERING, GROWTH)
def test_more_area_or_more_defects_never_raise_a_yield(
    area: float, density: float, clustering: float, more: float
) -> None:
    for model in (
        formulas.poisson_yield,
        formulas.murphy_yield,
        lambda a, d: formulas.negative_binomial_yield(a, d, clustering),
    ):
        assert model(area * more, density) <= model(area, density) * A_BIT
        assert model(area, density * more) <= model(area, density) * A_BIT


@SETTINGS
@given(SHARE, st.floats(0, 1))
def test_what_is_harvested_lies_between_the_good_dies_and_all(good: float, harvest: float) -> None:
    sold = formulas.effective_yield(good, harvest)
    assert good <= sold * A_BIT
    assert sold <= A_BIT
    assert formulas.effective_yield(good, 0.0) == good
    assert formulas.effective_yield(good, 1.0) == 1.0


@SETTINGS
@given(AREA, st.floats(15.0, 45.0))
def test_a_wafer_holds_fewer_dies_than_its_area_says(area: float, diameter: float) -> None:
    whole = math.pi * diameter**2 / 4 / area
    dies = formulas.dies_per_wafer(area, diameter)
    assert 0 < dies < whole
    assert dies == pytest.approx(whole - math.pi * diameter / math.sqrt(2 * area), rel=1e-12)


def test_no_die_of_the_size_of_a_wafer_fits_on_it() -> None:
    assert formulas.dies_per_wafer(800.0, 30.0) == 0
    assert formulas.dies_per_wafer(30.0**2 / 8, 30.0) == pytest.approx(0, abs=1e-12)


@SETTINGS
@given(AREA, st.floats(0.1, 4), st.floats(0, 1.2), st.floats(0, 0.6), st.floats(0, 1), SHARE, GROWTH)
def test_a_dirtier_fab_never_makes_a_cleaner_die(
    area: float, energy: float, intensity: float, gases: float, materials: float, yield_: float, more: float
) -> None:
    def die(area: float, energy: float, intensity: float, gases: float, materials: float, yield_: float) -> float:
        per_area = formulas.carbon_per_area(energy, intensity, gases, materials, yield_)
        return float(formulas.die_embodied(area, per_area))

    arguments = [area, energy, intensity, gases, materials]
    here = die(*arguments, yield_)
    for position in range(5):
        worse = [value * (more if at == position else 1) for at, value in enumerate(arguments)]
        assert die(*worse, yield_) * A_BIT >= here
    assert die(*arguments, yield_ / more) * A_BIT >= here


def test_a_good_area_is_not_divided_by_yield_again() -> None:
    """At the yield of the reference die the published value stands; by hand, 814 mm2 at 0.08/cm2, half harvested."""
    assert formulas.carbon_per_good_area(2.42, 0.86, 0.86) == pytest.approx(2.42, rel=1e-15)
    good = (1 + 8.14 * 0.08 / 5) ** -5
    sold = good + 0.5 * (1 - good)
    by_formula = formulas.effective_yield(formulas.negative_binomial_yield(8.14, 0.08, 5.0), 0.5)
    assert by_formula == pytest.approx(sold, rel=1e-12)
    assert 8.14 * formulas.carbon_per_good_area(2.42, 0.86, by_formula) == pytest.approx(21.97, abs=0.01)


def test_a_server_by_the_hour_by_hand() -> None:
    """Luccioni et al. 2023, the method: burden x time / (life x utilisation)."""
    lives = formulas.active_devices(1, 1_000.0, 6 * 8766 * 0.85)
    assert formulas.hardware_impact(lives, 2500.0) == pytest.approx(2500 * 1000 / (6 * 8766 * 0.85), rel=1e-12)


def test_freight_and_treatment_by_hand() -> None:
    assert formulas.freight_impact(0.0025, 10_000.0, 0.75) == pytest.approx(18.75)
    assert formulas.treatment_impact(2.5, 1.5) == 3.75
