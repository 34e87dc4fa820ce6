"""Correlations stated of a study: carried by scenarios, recorded by results, and refused where they cannot be (U14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import lca
from lca.distributions.correlations import Correlations
from lca.distributions.gaussian_copula import of_ranks
from lca.errors import DomainError, FileFormatError, MissingError, RecordError

OTHERS = ("development", "manufacturing", "distribution", "use", "end_of_life")
STATED: dict[Any, Any] = {("a.power", "b.power"): 0.8}
MATRIX: dict[Any, Any] = {("a.power", "b.power"): 0.8, ("b.power", "c.power"): 0.3}
N = 4_000


def build(
    correlations: object = None, names: str = "abc", power: Mapping[str, Any] | None = None, **rest: Any
) -> lca.Study:
    """Trainings of ten hours each, at 1 kg CO2e/kWh, of independent powers unless it is stated."""
    grid = lca.Electricity("grid", intensity="1 kg CO2e/kWh", at="facility")
    site = lca.Site("lab", pue=1.0, electricity=grid)
    given = {name: lca.Normal("100 W", "10 W") for name in names} | dict(power or {})
    runs = [lca.Training(name, power=given[name], duration="10 h", at="wall", site=site) for name in names]
    unit = lca.FunctionalUnit("one model", count="1 device")
    excluded = dict.fromkeys(OTHERS, lca.outside_goal("trainings are compared"))
    return lca.Study("runs", *runs, functional_unit=unit, excluded=excluded, correlations=correlations, **rest)


def draws(thing: Any, **how: Any) -> lca.Result:
    return lca.monte_carlo(thing, draws=how.pop("draws", N), progress=False, **how)


def of(result: lca.Result, name: str) -> Any:
    return result.data[f"training/{name}"].to_numpy()


def test_u14_the_variance_of_a_total_is_the_closed_form() -> None:
    """Three masses of 0.1 kg each, two of them correlated: 3 + 2 rho."""
    made = draws(build(STATED), draws=40_000)
    variance = 0.1**2 * (3 + 2 * of_ranks(0.8))
    assert abs(float(made.data["total"].var()) / variance - 1) < 3 * np.sqrt(2 / 40_000)
    plain = draws(build())
    np.testing.assert_array_equal(of(plain, "c"), of(draws(build(STATED)), "c"))


@pytest.mark.parametrize("stated", [STATED, MATRIX])
def test_u13_a_run_until_an_error_is_met_is_right_with_correlations(stated: dict[Any, Any]) -> None:
    made = lca.monte_carlo(build(stated), until={"p95": "0.2 %", "mean": "0.1 %"}, progress=False)
    matrix = made.model.program.correlated[0].matrix
    sd = 0.1 * np.sqrt(matrix.sum() + 3 - len(matrix))
    assert made.reached is not None
    assert made.reached.met
    spread = made.reached.spreads["total"]
    assert abs(float(spread.values["p95"]) - (3 + 1.6448536 * sd)) <= 1.5 * float(spread.errors["p95"])
    assert "b.power integrated out" not in made.drawn
    assert "a.power integrated out" not in made.drawn


def test_u13_the_stated_error_holds_with_correlations() -> None:
    """The 95 % quantile of the total, of which c is integrated out, in 19 of 20 seeds or more: at least 34 of 40."""
    study = build(STATED)
    exact = 3 + 1.6448536 * 0.1 * np.sqrt(3 + 2 * of_ranks(0.8))
    held = 0
    for seed in range(40):
        made = lca.monte_carlo(study, until={"p95": "0.5 %"}, seed=seed, progress=False)
        assert made.reached is not None
        spread = made.reached.spreads["total"]
        held += abs(float(spread.values["p95"]) - exact) <= float(spread.errors["p95"])
    assert held >= 34


def test_u13_nothing_is_integrated_out_where_all_is_correlated() -> None:
    made = lca.monte_carlo(build({"*.power": 0.6}), until="1 %", progress=False)
    assert made.design == "random"
    assert "total is affine in none of its parameters that are not correlated" in made.drawn
    assert made.reached is not None
    assert made.reached.met


def test_u14_a_level_and_a_yearly_part_of_electricity() -> None:
    years = lca.labelled({2025: lca.Normal(1, 0.1), 2026: lca.Normal(1, 0.1)}, "kg CO2e/kWh", dim="plan")
    grid = lca.Electricity("grid", intensity=years, at="facility")
    run = lca.Training("a", energy="1 kWh", at="wall", site=lca.Site("lab", pue=1.0, electricity=grid))
    unit, excluded = lca.FunctionalUnit("one", count="1 device"), dict.fromkeys(OTHERS, lca.outside_goal("short"))
    stated = {"*.intensity": {"plan": 0.7}}
    study = lca.Study("s", run, functional_unit=unit, excluded=excluded, alternatives=("plan",), correlations=stated)
    total = draws(study, draws=20_000).data["total"].to_numpy()
    assert abs(float(stats.spearmanr(*total).statistic) - 0.7) < 0.015
    said = lca.dependence(study)
    assert said.reset_index()[["other", "rank", "form"]].values.tolist() == [["its other labels of plan", 0.7, "level"]]


def test_u14_the_years_of_a_trajectory_and_the_levels_of_places() -> None:
    """A place has a level and a part for each year, of which each year is a leaf of its own with one key."""
    nodes = {place: lca.Electricity.trajectory(place, [2026, 2027]).intensity for place in ("Poland", "France")}
    model = lca.nominal(nodes).model
    stated = Correlations.of({"electricity/*.level": 0.5, "electricity/POL.year-to-year": {"year": 0.3}})
    program = replace(model, correlations=stated).program
    assert [group.keys for group in program.correlated] == [
        ("electricity/FRA.level", "electricity/POL.level"), ("electricity/POL.year-to-year",),
    ]  # fmt: skip
    weights = program.weights
    shared = [set(weights["electricity/POL.year-to-year", f"[year={year}]"]) for year in (2026, 2027)]
    assert set.intersection(*shared) == {("correlation/electricity/POL.year-to-year", "")}


# --- scenarios ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stated", [STATED, MATRIX, {"*.power": 0.5}])
def test_d4_scenarios_carry_correlations_along(stated: dict[Any, Any]) -> None:
    """Where a value is swapped the key stays, and so do the numbers; vary and sel give what replace gives."""
    study = build(stated)
    other = lca.Normal("200 W", "10 W")
    replaced = draws(study.replace({"a.power": other}))
    np.testing.assert_allclose(of(replaced, "a") - 1, of(draws(study), "a"), rtol=1e-12)
    for name in "bc":
        np.testing.assert_array_equal(of(replaced, name), of(draws(study), name))
    varied = study.vary("size", {"a.power": {"small": lca.Normal("100 W", "10 W"), "large": other}})
    np.testing.assert_allclose(draws(varied).data["total"].sel(size="large"), replaced.data["total"], rtol=1e-12)
    np.testing.assert_allclose(draws(varied.sel(size="large")).data["total"], replaced.data["total"], rtol=1e-12)


@pytest.mark.parametrize("stated", [STATED, MATRIX, {"*.power": 0.5}])
def test_d4_a_value_without_spread_is_no_error_in_a_scenario_and_changes_no_other_draw(stated: dict[Any, Any]) -> None:
    study = build(stated)
    fixed = draws(study.replace({"a.power": "100 W"}))
    anew = draws(study.replaced(name="anew").replace({"a.power": "100 W"}))
    for name in "bc":
        np.testing.assert_array_equal(of(fixed, name), of(draws(study), name))
        np.testing.assert_array_equal(of(fixed, name), of(anew, name))
    assert float(fixed.data["training/a"].std()) == 0


def test_u14_a_level_of_a_group_holds_where_a_member_is_not_there() -> None:
    """A named key that a scenario lacks has no labels to depend on each other."""
    years = lca.labelled({1: lca.Normal(100, 10), 2: lca.Normal(100, 10)}, "W", dim="half")
    stated = {("a.power", "b.power"): 0.8, "*.power": {"half": 0.5}}
    study = build(stated, "ab", {"a": years, "b": years}, parts=("half",))
    fixed = study.replace({"a.power": lca.labelled({1: 100, 2: 100}, "W", dim="half")})
    np.testing.assert_array_equal(of(draws(fixed), "b"), of(draws(study), "b"))
    assert len(fixed.model.program.weights) == 2


def test_u14_a_key_that_only_one_alternative_has_is_correlated_there() -> None:
    few, many = build({"*.power": 0.5}, "ab"), build({"*.power": 0.5}, "abc")
    few = few.replaced(excluded={**few.inputs.excluded, "c": lca.outside_goal("not run")})
    made = draws(lca.alternatives("plan", {"few": few, "many": many}))
    for name in "ab":
        np.testing.assert_array_equal(of(made, name).ravel()[:N], of(draws(many), name))
    several = made.data["total"].sel(plan="many")
    np.testing.assert_allclose(several, draws(many).data["total"], rtol=1e-12)


def test_u14_alternatives_that_correlate_the_same_keys_differently_are_refused() -> None:
    """They share draws (U2), which cannot depend on each other in two ways."""
    with pytest.raises(RecordError, match="in one of them and not in another"):
        lca.alternatives("plan", {"with": build(STATED), "without": build()})
    with pytest.raises(DomainError, match="two correlations"):
        lca.alternatives("plan", {"one": build(STATED), "other": build({("a.power", "b.power"): 0.5})})
    few = build(names="a").replaced(excluded=dict.fromkeys([*OTHERS, "b", "c"], lca.outside_goal("not run")))
    assert lca.alternatives("plan", {"with": build(STATED), "alone": few}).model.correlations.pairs


def test_u14_what_is_stated_of_nothing_is_refused_when_a_study_is_made() -> None:
    with pytest.raises(MissingError, match="a.pow names no key"):
        build({("a.pow", "b.power"): 0.5})
    with pytest.raises(MissingError, match="lab.pue has no spread"):
        build({("lab.pue", "b.power"): 0.5})
    with pytest.raises(MissingError, match="names no key"):
        build().replaced(correlations={"*.life": 0.5})
    assert build().replaced(correlations=STATED).model.correlations


# --- sensitivity ----------------------------------------------------------------------------------------


def test_u11_sobol_indices_of_correlated_inputs_are_refused_unless_they_form_one_group() -> None:
    study = build(STATED)
    with pytest.raises(DomainError, match="independent inputs") as caught:
        lca.sobol(study, base=256)
    assert """groups={"together": ['a.power', 'b.power']}""" in str(caught.value)
    with pytest.raises(DomainError, match="independent inputs"):
        lca.sobol(study, base=256, groups={"one": ["a.power", "c.power"]})
    with pytest.raises(DomainError, match="independent inputs"):
        lca.sobol(study, base=256, per="functional_unit")
    table = lca.sobol(study, base=1024, groups={"together": ["a.power", "b.power"]})
    share = (2 + 2 * of_ranks(0.8)) / (3 + 2 * of_ranks(0.8))
    assert abs(table.loc["together", "first"] - share) < 0.01
    assert abs(table.loc["c.power", "total"] - (1 - share)) < 0.01


def test_u14_break_even_draws_both_studies_with_their_correlations() -> None:
    """The crossing is where the power of a equals the sum of b and c: its variance has the covariance of b and c."""
    one, other = build(names="a", power={"a": lca.Normal("200 W", "1 W")}), build({("b.power", "c.power"): 0.8}, "bc")
    found = lca.breakeven(one, other, vary="a.power", between=("100 W", "300 W"), draws=N, points=20)
    assert abs(np.var(found.values) / (100 * (2 + 2 * of_ranks(0.8))) - 1) < 4 * np.sqrt(2 / N)


# --- recorded -------------------------------------------------------------------------------------------


def test_u14_a_result_says_what_is_correlated_and_a_saved_one_runs_again_with_it(tmp_path: Path) -> None:
    made = draws(build(MATRIX))
    assert "Rank correlations: a.power, b.power: 0.8; b.power, c.power: 0.3" in made.contents
    assert "a.power, b.power: 0.8" in lca.provenance(made).attrs["note"]
    again, table = lca.rerun(lca.save(made, tmp_path / "r.lca"))
    assert table["identical"].all()
    assert again.model.correlations == made.model.correlations


def test_u14_a_run_goes_on_only_with_the_same_correlations(tmp_path: Path) -> None:
    draws(build(STATED), draws=300_000, checkpoint=tmp_path)
    with pytest.raises(FileFormatError, match="another run"):
        draws(build(), draws=400_000, checkpoint=tmp_path)


def test_u14_dependence_lists_pairs_and_counts_what_is_assumed_independent() -> None:
    table = lca.dependence(build(STATED))
    assert table.reset_index().values.tolist() == [["a.power", "b.power", 0.8, of_ranks(0.8), "common factor"]]
    assert table.attrs["independent"] == ("c.power",)
    assert "2 of 3 parameters" in table.attrs["note"]
    plain = lca.dependence(build())
    assert len(plain) == 0
    assert plain.attrs["note"] == "All 3 parameters with a spread are assumed to be independent of each other."
