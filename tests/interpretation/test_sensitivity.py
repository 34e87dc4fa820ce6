"""Sobol' indices against functions whose indices are known, swings against closed forms (U8, U11)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas
import pytest
from example_study import BEST, JOULES, engines, grid, rail_meter, study
from known_indices import G_FIRST, G_TOTAL, ISHIGAMI_FIRST, ISHIGAMI_TOTAL, g_function, ishigami
from scipy import stats

import lca
from lca.errors import DomainError, LabelError, MissingError
from lca.interpretation.sensitivity.points import SCRAMBLINGS

F = lca.functions
#: Half of a 90 % interval from eight scramblings, in standard errors.
HALF_WIDTH = stats.t.ppf(0.95, SCRAMBLINGS - 1)


def estimates(node: Any, *, seeds: int = 4, base: int = 1024, **rest: Any) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """(mean, standard error) of first and total indices over `seeds` x 8 scramblings."""
    tables = [lca.sobol(node, base=base, seed=seed, **rest).sort_index() for seed in range(seeds)]
    means, errors = [], []
    for table in tables:
        means.append(table[["first", "total"]])
        half = {kind: (table[f"{kind}_high"] - table[f"{kind}_low"]) / 2 for kind in ("first", "total")}
        errors.append((pandas.DataFrame(half) / HALF_WIDTH) ** 2)
    return sum(means) / seeds, np.sqrt(sum(errors)) / seeds


def holds(node: Any, first: dict[str, float], total: dict[str, float], *, most: float = 0.01, **rest: Any) -> None:
    """The estimates are within three standard errors of the truth, and the standard errors are small."""
    mean, error = estimates(node, **rest)
    assert set(mean.index) == set(first)
    assert error.to_numpy().max() < most
    for kind, expected in (("first", first), ("total", total)):
        for key, value in expected.items():
            apart = abs(mean.loc[key, kind] - value)
            assert apart <= 3 * error.loc[key, kind] + 1e-12, (key, kind, mean.loc[key, kind], value)


# --- functions with known indices ---------------------------------------------------------------------------


def test_u11_ishigami_within_three_standard_errors() -> None:
    holds(ishigami(), ISHIGAMI_FIRST, ISHIGAMI_TOTAL)


def test_u11_the_g_function_of_sobol_within_three_standard_errors() -> None:
    keys = [f"x{i}" for i in range(8)]
    holds(g_function(), dict(zip(keys, G_FIRST, strict=True)), dict(zip(keys, G_TOTAL, strict=True)))


def test_u11_ninety_per_cent_intervals_hold_the_truth_about_nine_times_in_ten() -> None:
    """60 seeds: below 45 or all of 60 would have a chance of less than 0.3 % each."""
    tables = [lca.sobol(ishigami(), base=128, seed=seed) for seed in range(100, 160)]
    for kind, truth in (("first", ISHIGAMI_FIRST), ("total", ISHIGAMI_TOTAL)):
        inside = sum(t.loc["x1", f"{kind}_low"] <= truth["x1"] <= t.loc["x1", f"{kind}_high"] for t in tables)
        assert 45 <= inside < 60, (kind, inside)


SPREADS = {
    "a": lca.Uniform("0 kg CO2e", "6 kg CO2e"),  # variance 3
    "b": lca.Normal("5 kg CO2e", "1 kg CO2e"),  # 1
    "c": lca.Triangular("0 kg CO2e", "1 kg CO2e", "4 kg CO2e"),  # 13/18
}


def test_u11_in_a_sum_first_and_total_are_the_shares_of_variance() -> None:
    a, b, c = (lca.parameter(key, value) for key, value in SPREADS.items())
    whole = 3 + 4 * 1 + 13 / 18
    shares = {"a": 3 / whole, "b": 4 / whole, "c": 13 / 18 / whole}
    holds(a + 2 * b - c + 7 * lca.parameter("fixed", "3 kg CO2e"), shares, shares)


# --- groups, labels, kinds ------------------------------------------------------------------------------------


def test_u11_a_group_counts_as_one_input() -> None:
    """x1 and x3 of Ishigami interact with each other only: together they have what x2 leaves."""
    rest = 1 - ISHIGAMI_FIRST["x2"]
    expected = {"outer": rest, "x2": ISHIGAMI_FIRST["x2"]}
    holds(ishigami(), expected, expected, groups={"outer": ["x1", "x3"]})


@pytest.mark.parametrize(("shared", "weight"), [(False, 3), (True, 9)])
def test_u2_labels_of_one_parameter_count_as_one_input(shared: bool, weight: int) -> None:
    """U2: three labels with streams of their own have three variances, with one stream nine."""
    spread = {label: lca.Normal(5, 1) for label in ("p", "q", "r")}
    x = lca.parameter("x", lca.labelled(spread, "kg CO2e", dim="m", shared=shared))
    shares = {"x": weight / (weight + 4), "y": 4 / (weight + 4)}
    holds(F.total(x, "m") + lca.parameter("y", lca.Normal("5 kg CO2e", "2 kg CO2e")), shares, shares)


def chosen() -> Any:
    """x + (1 or 3), the choice of variance 1 and nominal value 3; and a decision of someone's."""
    method = lca.choice("method", {"low": "1 kg CO2e", "high": "3 kg CO2e"}, weights=[1, 1], default="high")
    decision = lca.parameter("decision", lca.Uniform("0 kg CO2e", "12 kg CO2e"), kind="scenario")  # variance 12
    return lca.parameter("x", lca.Normal("5 kg CO2e", "2 kg CO2e")) + method + decision


def test_u8_choices_and_scenarios_are_held_unless_mixed() -> None:
    """U8, U9: a sensitivity says which choice it is given."""
    alone = lca.sobol(chosen(), base=64)
    assert list(alone.index) == ["x"]
    assert alone.loc["x", "total_low"] <= 1 <= alone.loc["x", "total_high"]
    assert "given the choice of decision, method" in alone.attrs["note"]
    holds(chosen(), {"x": 4 / 5, "method": 1 / 5}, {"x": 4 / 5, "method": 1 / 5}, mix=["method"])
    both = lca.sobol(chosen(), base=64, mix=["method", "decision"])
    assert set(both.index) == {"x", "method", "decision"}
    assert both.attrs["note"].endswith("; given these weights: method 0.5 : 0.5")
    assert "weights" not in alone.attrs["note"]


def test_u11_the_seed_decides_and_the_order_is_by_total() -> None:
    """U6: the same seed gives the same table, another seed another one."""
    table, again, other = (lca.sobol(ishigami(), base=64, seed=seed) for seed in (3, 3, 4))
    pandas.testing.assert_frame_equal(table, again)
    assert (table["total"] != other["total"]).all()
    assert table["total"].is_monotonic_decreasing


# --- of a study ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def best() -> lca.Study:
    return study().sel(engine=BEST)


def test_d2_a_row_for_every_alternative(best: lca.Study) -> None:
    """D2: the rows of one engine are the table of that engine."""
    table = lca.sobol(study(), base=64)
    assert list(table.index.names) == ["engine", "parameter"]
    assert set(table.index.get_level_values("engine")) == set(JOULES)
    alone = lca.sobol(best, base=64)
    pandas.testing.assert_frame_equal(
        pandas.DataFrame(table.xs(BEST, level="engine")), pandas.DataFrame(alone), rtol=1e-9, atol=1e-12
    )


def test_of_and_per_choose_the_question(best: lca.Study) -> None:
    """Per inference the inputs weigh otherwise, as they do in the ratio itself; training has no Jetson in it."""
    whole, per = lca.sobol(best, base=256), lca.sobol(best, base=256, per="inference")
    assert per.loc["robots.load", "total"] != pytest.approx(whole.loc["robots.load", "total"], rel=0.1)
    outputs = best.model.outputs
    ratio = lca.sobol(outputs["total"] / outputs["functional_unit"], base=256)
    both = (pandas.DataFrame(one).drop(columns="words") for one in (per, ratio))  # nodes alone have no component's name
    pandas.testing.assert_frame_equal(*both)
    training = lca.sobol(best, of="training", base=64)
    assert training.index[0] == "electricity/US-RFCW.between-sources"
    assert not [key for key in training.index if "jetson" in key or "robots" in key]


def test_what_cannot_be_asked_is_named(best: lca.Study) -> None:
    fixed = lca.parameter("fixed", "3 kWh at_wall")
    with pytest.raises(DomainError, match=r"x9 names no key with a spread(.|\n)*keys with a spread: x1, x2, x3"):
        lca.sobol(ishigami(), groups={"g": ["x9"]})
    with pytest.raises(DomainError, match="x1 stands in several groups"):
        lca.sobol(ishigami(), groups={"g": ["x1"], "h": ["x1"]})
    with pytest.raises(DomainError, match="decision names no key with a spread"):  # held: it has no index
        lca.sobol(chosen(), groups={"g": ["decision"]})
    with pytest.raises(DomainError, match="g names no key"):
        lca.sobol(ishigami(), groups={"g": []})
    with pytest.raises(
        DomainError, match="no parameter nothing to mix(.|\n)*has no parameter of kind model or scenario"
    ):
        lca.sobol(ishigami(), mix=["nothing"])
    with pytest.raises(DomainError, match="no parameter methd to mix(.|\n)*did you mean 'method'"):
        lca.sobol(chosen(), mix=["methd"])
    with pytest.raises(DomainError, match="1000 is not a power of two(.|\n)*base=1024"):
        lca.sobol(ishigami(), base=1000)
    for question in (lca.sobol, lca.tornado):
        with pytest.raises(MissingError, match="no parameter of this result has a spread"):
            question({"total": fixed})
        with pytest.raises(MissingError, match=r"nothing is called 'ues'(.|\n)*did you mean 'use'"):
            question(best, of="ues")
        with pytest.raises(MissingError, match="nothing is known per 'token'"):
            question(best, per="token")
    with pytest.raises(DomainError, match=r"tornado\(\) needs a scalar output(.|\n)*study.sel\(engine="):
        lca.tornado(study())
    for level in (0.0, 1.0):
        with pytest.raises(DomainError, match="level"):
            lca.tornado(best, level=level)


# --- one at a time ------------------------------------------------------------------------------------------


def test_u3_a_tornado_goes_to_the_quantiles() -> None:
    """U3, U5: y = a b + c at nominal values, one input at a time at its 10 and 90 % quantiles."""
    a = lca.parameter("a", lca.Lognormal(2, gsd=1.5))
    b = lca.parameter("b", lca.Triangular("1 kWh at_wall", "2 kWh at_wall", "5 kWh at_wall"))
    c = lca.parameter("c", lca.labelled({"p": lca.Normal(3, 1), "q": 4}, "kWh at_wall", dim="m"))
    table = lca.tornado({"total": a * b + F.total(c, "m")}, level=0.8)
    z = stats.norm.ppf(0.9)
    low_b, high_b = 1 + math.sqrt(0.1 * 1 * 4), 5 - math.sqrt(0.1 * 3 * 4)
    expected = {
        "a": (2 / 1.5**z * 2 + 7, 2 * 1.5**z * 2 + 7),
        "b": (2 * low_b + 7, 2 * high_b + 7),
        "c": (4 + 7 - z, 4 + 7 + z),
    }
    for key, (low, high) in expected.items():
        assert table.loc[key, ["low", "high"]].tolist() == pytest.approx([low, high], rel=1e-12)
        assert table.loc[key, "swing"] == pytest.approx(high - low, rel=1e-12)
    assert list(table.index) == sorted(expected, key=lambda key: expected[key][0] - expected[key][1])
    assert set(table["unit"]) == {"kWh at the wall"}
    assert "10% and 90% quantiles" in table.attrs["note"]


def test_u8_a_tornado_holds_choices_unless_mixed() -> None:
    z = stats.norm.ppf(0.95)
    alone = lca.tornado({"total": chosen()})
    assert list(alone.index) == ["x"]
    assert alone.loc["x", ["low", "high"]].tolist() == pytest.approx([5 - 2 * z + 3 + 6, 5 + 2 * z + 3 + 6])
    assert "given the choice of decision, method" in alone.attrs["note"]
    mixed = lca.tornado({"total": chosen()}, mix=["method"])
    assert mixed.attrs["note"].endswith("; given the choice of decision; given these weights: method 0.5 : 0.5")
    assert mixed.loc["method", ["low", "high"]].tolist() == pytest.approx([5 + 1 + 6, 5 + 3 + 6])


def test_d4_a_selected_scenario_is_the_study_that_was_written_with_it(best: lca.Study) -> None:
    """D4: nothing of the labels that were not selected is left in an answer, whatever shares its key."""
    slow = lca.Triangular("1 inference/s", "2 inference/s", "3 inference/s")
    changes = {"robots.load": slow, "robots.electricity": grid("US-CAMX")}
    old = {
        "robots.load": lca.Triangular("5 inference/s", "10 inference/s", "20 inference/s"),
        "robots.electricity": grid(),
    }
    varied = best.vary("case", {path: {"old": old[path], "new": new} for path, new in changes.items()})
    for selected, written in ((varied.sel(case="new"), best.replace(changes)), (varied.sel(case="old"), best)):
        swings, expected = lca.tornado(selected), lca.tornado(written)
        pandas.testing.assert_frame_equal(pandas.DataFrame(swings), pandas.DataFrame(expected), rtol=1e-12)
        drivers, expected = lca.sobol(selected, base=64), lca.sobol(written, base=64)
        pandas.testing.assert_frame_equal(pandas.DataFrame(drivers), pandas.DataFrame(expected), rtol=1e-9, atol=1e-12)


def test_u2_a_selected_label_keeps_its_own_spread() -> None:
    """U2: of ten readings with a spread each, the selected one swings, on its own."""
    read = rail_meter().read(JOULES, "J/inference", dim="engine", u="10 %")
    noisy = study().replace({"robots.inference": engines().replaced(energy=read)}).sel(engine=BEST)
    table = lca.tornado(noisy, of="use")
    z, share = (
        stats.norm.ppf(0.95),
        float(lca.provenance(noisy, of="use").loc["superpoint-engines.energy", "effect"]),
    )
    use = lca.nominal(noisy).data["use"].item()
    assert table.loc["superpoint-engines.energy", "swing"] == pytest.approx(2 * z * 0.1 * share * use, rel=1e-6)
    with pytest.raises(LabelError, match="did you mean"):
        study().sel(engine=BEST + "x").model


def test_q4_a_tornado_is_told_per_year_as_a_summary_is() -> None:
    best = study().sel(engine=BEST)
    years = float(lca.nominal(best).data["per/year"]) / (365.25 * 86_400)
    whole, yearly = lca.tornado(best), lca.tornado(best, per="year")
    assert set(yearly["unit"]) == {"kg CO2e/year"}
    assert yearly.attrs["nominal"] == pytest.approx(whole.attrs["nominal"] / years, rel=1e-12)
    assert set(lca.tornado(best, per="device_year")["unit"]) == {"kg CO2e/device year"}
    with pytest.raises(MissingError, match="nothing is known per 'yaer'"):
        lca.tornado(best, per="yaer")


@pytest.mark.parametrize("first", [True, False])
def test_u9_indices_with_a_choice_hold_for_its_weights_wherever_it_stands(first: bool) -> None:
    """U9: the weights 1 and 3 are said as parts of one, be the choice the first value of the formula or a later one."""
    way = lca.choice("method", {"a": lca.Uniform(1, 2), "b": lca.Uniform(2, 3)}, weights=[1, 3])
    other = lca.parameter("other", lca.Uniform(0, 1))
    node = way + other if first else other + way
    table = lca.sobol({"total": node}, base=64, mix=["method"])
    assert table.attrs["note"].endswith("; given these weights: method 0.25 : 0.75")
    held = lca.sobol({"total": node}, base=64)
    assert held.attrs["note"].endswith("; given the choice of method")
