"""The inventory of a study: amounts x factors that sum to its nominal values (A7), spreads of families, labels."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from example_study import BEST, study
from fuzz.build import study_of
from fuzz.generate import random_spec
from inventory_sums import HARDWARE, TOTAL, TRAINING, by_hand, grid, sums_beside

import lca
from lca.errors import LcaError, MissingError
from lca.reporting.exports.inventory.build import inventory_of
from lca.reporting.exports.inventory.parts import Inventory, Process
from lca.reporting.exports.inventory.spread import FIXED, Spread, fitted


def process(inventory: Inventory, code: str) -> Process:
    return next(one for one in inventory.processes if one.code == code)


def amounts(inventory: Inventory, code: str) -> dict[str, tuple[float, str]]:
    return {one.to: (pytest.approx(one.amount, rel=1e-12), one.unit) for one in process(inventory, code).exchanges}


def test_a7_a_study_by_hand_is_energy_and_device_lives_times_their_factors() -> None:
    made = inventory_of(by_hand())
    assert amounts(made, "training/run") == {"electricity/facility/electricity-fr-2024": (100, "kWh at the facility")}
    assert amounts(made, "electricity/facility/electricity-fr-2024") == {
        "electricity/busbar/electricity-fr-2024": (1.25, "kWh at the busbar")
    }
    assert amounts(made, "electricity/busbar/electricity-fr-2024") == {
        "flow/CO2": (0.5, "kg CO2"), "flow/CH4_fossil": (0.001, "kg CH4"), "flow/N2O": (0.0001, "kg N2O"),
    }  # fmt: skip
    assert amounts(made, "manufacturing/run") == {"hardware/desk/manufacturing": (0.25, "device")}
    assert amounts(made, "hardware/desk/manufacturing") == {"flow/CO2e": (300, "kg CO2e")}
    assert amounts(made, "functional-unit") == {"study": (1 / 3, "")}
    assert process(made, "electricity/busbar/electricity-fr-2024").place == "FR"
    sums = {code: one["climate_change"] for code, one in made.sums().items()}
    assert sums["study"] == pytest.approx(TOTAL, rel=1e-12)
    assert sums["functional-unit"] == pytest.approx(TOTAL / 3, rel=1e-12)
    assert sums["stage/training"] == pytest.approx(TRAINING, rel=1e-12)
    assert {name: sums[f"stage/{name}"] for name in HARDWARE} == pytest.approx(HARDWARE, rel=1e-12)


def test_each_process_stands_on_what_comes_before_it() -> None:
    made = inventory_of(study())
    known = {flow.code for flow in made.flows}
    for one in made.processes:
        assert {exchange.to for exchange in one.exchanges} <= known
        known.add(one.code)
    assert len({one.name for one in made.processes}) == len(made.processes)


def test_a7_a_changed_amount_changes_the_sum() -> None:
    made = inventory_of(by_hand())
    first, *others = made.processes
    doubled = replace(first, exchanges=tuple(replace(one, amount=2 * one.amount) for one in first.exchanges))
    sums = replace(made, processes=(doubled, *others)).sums()
    assert sums["study"]["climate_change"] == pytest.approx(TOTAL + TRAINING, rel=1e-12)


@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(n, marks=pytest.mark.slow) for n in range(6, 60))])
def test_a7_the_inventory_of_a_random_study_sums_to_its_stages_and_total(seed: int) -> None:
    try:
        made = study_of(random_spec(seed))
    except LcaError:
        return  # the rules refuse it
    for what, found, right in sums_beside(made):
        assert found == pytest.approx(right, rel=1e-9, abs=1e-12), what


def test_d2_alternatives_share_what_does_not_differ_and_are_never_pooled() -> None:
    made = inventory_of(study())
    engines = [one for one in made.processes if one.code.startswith("use/robots")]
    assert len(engines) == 10
    assert [one.code for one in made.processes if one.code.startswith("training/")] == ["training/superpoint-backbones"]
    best = next(one for one in made.alternatives if one.labels == (("engine", BEST),))
    assert best.by_place.whole == f"study[engine={BEST}]"
    assert best.by_place.stages["training"] == "stage/training"


def test_d4_a_scenario_names_only_the_dims_that_decide() -> None:
    rooms = by_hand().vary("room", {"lab.pue": {"desk": 1.25, "hall": 1.5}})
    both = rooms.vary("life", {"desk.lifetime": {"short": "4 year", "long": "8 year"}})
    made = inventory_of(both)
    assert {one.code for one in made.processes if one.code.startswith("training/")} == {
        "training/run[room=desk]", "training/run[room=hall]",
    }  # fmt: skip
    assert len([one for one in made.processes if one.code.startswith("study")]) == 4
    for what, found, right in sums_beside(both):
        assert found == pytest.approx(right, rel=1e-12), what


def test_d4_scenarios_of_other_records_are_processes_of_their_own() -> None:
    other = grid(region="PL", intensity="0.8 kg CO2/kWh")
    places = by_hand().vary("place", {"lab.electricity": {"FR": grid(), "PL": other}})
    assert {one.place for one in inventory_of(places).processes} == {"", "FR", "PL"}
    for what, found, right in sums_beside(places):
        assert found == pytest.approx(right, rel=1e-12), what


def test_a5_a_trajectory_is_electricity_of_each_year() -> None:
    years = lca.labelled({2024: 0.4, 2025: 0.3}, "kg CO2e/kWh", dim="year")
    falling = lca.Electricity("falling", intensity=years, at="facility", region="FR", basis="direct", mix="production",
                              averaging="average", accounting="location-based", gwp_set="AR6")  # fmt: skip
    made = inventory_of(by_hand(electricity=falling))
    assert [one.code for one in made.processes if one.kind == "electricity"] == [
        "electricity/facility/falling[year=2024]"
    ]
    assert made.sums()["stage/training"]["climate_change"] == pytest.approx(100 * 0.4, rel=1e-12)


def test_a9_what_was_bought_stands_beside_the_place_and_shares_the_rest() -> None:
    """100 kWh at the facility by a contract of 0.05 kg CO2/kWh."""
    wind = grid(
        intensity="0.05 kg CO2/kWh", methane="0 kg CH4/kWh", nitrous_oxide="0 kg N2O/kWh", at="facility",
        accounting="market-based", instrument="a contract",
    )  # fmt: skip
    made = by_hand().replace({"lab.market_electricity": wind})
    inventory = inventory_of(made)
    sums = {code: one["climate_change"] for code, one in inventory.sums().items()}
    (one,) = inventory.alternatives
    assert one.by_contract is not None
    assert sums[one.by_place.whole] == pytest.approx(TOTAL, rel=1e-12)
    assert sums[one.by_contract.whole] == pytest.approx(5 + sum(HARDWARE.values()), rel=1e-12)
    assert amounts(inventory, "market_based/stage/manufacturing") == {"manufacturing/run": (1, "")}
    assert len([one for one in lca.openlca(made).data if one.startswith("product_systems/")]) == 4


def test_a13_water_is_counted_only_where_no_factor_is_lacking() -> None:
    """2 L for each of 125 kWh at the busbar, 0.5 L for each of 80 kWh at the wall; the desk 100 L for a quarter."""
    thirsty = grid(categories={"water": "2 L/kWh"})
    made = by_hand(electricity=thirsty, categories=("climate_change", "water"))
    assert list(inventory_of(made).categories) == ["climate_change"]
    assert any(note.startswith("Water is not in the processes: it lacks") for note in inventory_of(made).notes)
    burdens = {"water": {"embodied": "100 L", "distribution": "0 L", "end_of_life": "0 L"}}
    whole = made.replace({"lab.wue": "0.5 L/(kWh at_wall)", "desk.categories": burdens})
    assert inventory_of(whole).sums()["study"]["water"] == pytest.approx(250 + 40 + 25, rel=1e-12)


# --- spreads ------------------------------------------------------------------------------------------


def spread(made: lca.Study, code: str) -> Spread:
    (one,) = process(inventory_of(made), code).exchanges
    return one.spread


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("80 kWh", FIXED),
        (lca.Normal("80 kWh", "8 kWh"), Spread("normal", (100.0, 10.0))),
        (lca.Lognormal("80 kWh", gsd=1.5), Spread("lognormal", (100.0, 1.5))),
        (lca.Uniform("40 kWh", "80 kWh"), Spread("uniform", (50.0, 100.0))),
        (lca.Triangular("40 kWh", "60 kWh", "80 kWh"), Spread("triangular", (50.0, 75.0, 100.0))),
        (lca.Pert("40 kWh", "60 kWh", "80 kWh"), Spread("pert", (50.0, 75.0, 100.0))),
        (lca.Normal("80 kWh", "8 kWh").truncated(low="40 kWh"), Spread("normal", (100.0, 10.0), 50.0, None)),
    ],
)
def test_u4_an_amount_that_is_a_multiple_of_one_value_keeps_its_family(given: object, expected: Spread) -> None:
    """80 kWh at the wall are 100 kWh at the facility."""
    found = spread(by_hand(given), "training/run")
    assert (found.family, found.low, found.high) == (expected.family, expected.low, expected.high)
    assert found.arguments == pytest.approx(expected.arguments, rel=1e-12)


def test_u4_a_product_of_lognormals_is_lognormal() -> None:
    """Variances of the logarithms add up: ln(gsd)^2 = 0.3^2 + 0.4^2."""
    one = lca.parameter("one", lca.Lognormal("8 kWh at_wall", gsd=math.exp(0.3)))
    other = lca.parameter("other", lca.Lognormal(10, gsd=math.exp(0.4)))
    found = spread(by_hand(one * other), "training/run")
    assert found.family == "lognormal"
    assert found.arguments == pytest.approx((100.0, math.exp(0.5)), rel=1e-12)
    assert spread(by_hand(one * 20 / other), "training/run").arguments == pytest.approx((20.0, math.exp(0.5)))


def test_u2_two_values_of_one_stream_are_no_product_of_independent_ones() -> None:
    """Both are large or small together: variances are those of the sum of the logarithms, ln 1.2 + ln 1.5."""
    pair = {"a": lca.Lognormal(8, gsd=1.2), "b": lca.Lognormal(10, gsd=1.5)}
    both = lca.parameter("both", lca.labelled(pair, dim="way", shared=True))
    product = lca.functions.select(both, "way", "a") * lca.functions.select(both, "way", "b")
    found = spread(by_hand(lca.parameter("one", "1 kWh at_wall") * product), "training/run")
    assert found.fitted
    assert math.log(found.arguments[1]) == pytest.approx(math.log(1.2) + math.log(1.5), rel=0.05)


def test_u8_a_choice_of_models_is_no_spread() -> None:
    """It keeps its nominal option: of 80 and 160 kWh the heavier."""
    either = lca.choice("model", {"low": "80 kWh at_wall", "high": "160 kWh at_wall"}, weights=[3, 1])
    (one,) = process(inventory_of(by_hand(either)), "training/run").exchanges
    assert (one.amount, one.spread) == (pytest.approx(100), FIXED)


def test_u14_a_product_of_correlated_values_is_of_no_family() -> None:
    one = lca.parameter("one", lca.Lognormal("8 kWh at_wall", gsd=1.3))
    other = lca.parameter("other", lca.Lognormal(10, gsd=1.4))
    made = by_hand(one * other, correlations={("one", "other"): 0.5})
    found = spread(made, "training/run")
    assert found.fitted
    # variances of the logarithms add up, with twice the covariance; rank 0.5 is 2 sin(pi/12) of the normal scores
    variance = math.log(1.3) ** 2 + math.log(1.4) ** 2 + 2 * 0.5176 * math.log(1.3) * math.log(1.4)
    assert math.log(found.arguments[1]) == pytest.approx(math.sqrt(variance), rel=0.05)
    assert any("Rank correlations" in note for note in inventory_of(made).notes)


def test_u8_a_spread_of_no_family_is_a_lognormal_that_is_fitted_to_draws() -> None:
    """Of a uniform from 1 to 3 the logarithm has the moments (3 ln 3 - 2) / 2 and 1.5 (ln 3)^2 - 3 ln 3 + 2."""
    factor = lca.parameter("factor", lca.Uniform(1, 3)) + lca.parameter("rest", 0.0)
    found = spread(by_hand(lca.parameter("one", "80 kWh at_wall") * factor), "training/run")
    mean, second = (3 * math.log(3) - 2) / 2, 1.5 * math.log(3) ** 2 - 3 * math.log(3) + 2
    deviation = math.sqrt(second - mean**2)
    assert (found.family, found.fitted) == ("lognormal", True)
    assert math.log(found.arguments[0] / 100) == pytest.approx(mean, abs=4 * deviation / math.sqrt(4096))
    assert math.log(found.arguments[1]) == pytest.approx(deviation, rel=0.05)
    assert fitted(np.array([-1.0, 1.0])) == Spread("normal", (0.0, 1.0), fitted=True)


def test_a_spread_that_is_fitted_says_so() -> None:
    made = inventory_of(by_hand(lca.SplitLognormal("80 kWh", gsd_low=1.2, gsd_high=1.5)))
    (one,) = process(made, "training/run").exchanges
    assert one.about.startswith("its spread is fitted to 4,096 draws; energy of run = SplitLognormal")
    assert one.amount == pytest.approx(100, rel=1e-12)
    assert "The spread of 1 amounts is fitted to draws; each of them says so." in made.notes


# --- what it says -------------------------------------------------------------------------------------


def test_a10_an_amount_names_its_values_with_status_and_source() -> None:
    (one,) = process(inventory_of(by_hand()), "training/run").exchanges
    assert "energy of run = 80 kWh at_wall (measured: a note)" in one.about
    assert one.sources == ("a note",)


def test_a6_what_is_left_out_is_noted() -> None:
    notes = inventory_of(by_hand()).notes
    assert "Left out: development (outside the goal: trainings are compared)." in notes


def test_a_result_without_its_study_is_refused() -> None:
    alone = replace(lca.nominal(by_hand()), held=None)
    with pytest.raises(MissingError, match="study"):
        inventory_of(alone)
    assert inventory_of(lca.nominal(by_hand())).title == "a run by hand"


def test_a_result_that_was_saved_has_the_inventory_of_its_study(tmp_path: Path) -> None:
    result = lca.monte_carlo(by_hand(lca.Lognormal("80 kWh", gsd=1.5)), draws=64, progress=False)
    loaded = lca.load(lca.save(result, tmp_path / "run.lca"))
    assert lca.brightway(loaded).content == lca.brightway(result).content


def test_d2_what_was_selected_is_the_only_alternative() -> None:
    one = study().sel(engine=BEST)
    (alternative,) = inventory_of(one).alternatives
    assert alternative.labels == ()
    for what, found, right in sums_beside(one):
        assert found == pytest.approx(right, rel=1e-12), what
    assert inventory_of(lca.nominal(study()).sel(engine=BEST)).alternatives == (alternative,)
