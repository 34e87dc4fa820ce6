"""Alternatives compared draw by draw, break-evens, and the footprint of one activity (A1, A12, U2)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from example_study import (
    BEST,
    JOULES,
    engines,
    field_site,
    grid,
    home_site,
    jetson,
    part,
    result,
    robots,
    study,
    workstation,
)
from example_study import training as backbones
from scipy import stats

import lca
from lca.errors import DomainError, MissingError, UnitError
from lca.interpretation.result import Result

DRAWS = 40_000


def rivals(values: dict[str, Any], *, shared: bool = False, draws: int = DRAWS) -> Result:
    node = lca.parameter("rivals", lca.labelled(values, "kg CO2e", dim="option", shared=shared))
    return lca.monte_carlo({"total": node}, draws=draws, progress=False)


# --- comparison ---------------------------------------------------------------------------------------------


def test_the_best_of_two_normals_against_the_closed_form() -> None:
    """P(A < B) = Phi((11 - 10) / sqrt(1 + 4)), within four standard errors of 40,000 draws."""
    table = lca.compare(rivals({"B": lca.Normal(11, 2), "A": lca.Normal(10, 1)}), over="option")
    assert list(table.index) == ["A", "B"], "ordered by median"
    p = stats.norm.cdf(1 / math.sqrt(5))
    assert table.loc["A", "best"] == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / DRAWS))
    assert table["best"].sum() == pytest.approx(1, abs=1e-12)
    sd = math.sqrt(5)  # of the difference; the error of a quantile of a normal is sqrt(q (1 - q) / n) / density
    for name, q in (("excess_p5", 0.05), ("excess_p50", 0.5), ("excess_p95", 0.95)):
        exact = stats.norm.ppf(q, 1, sd)
        error = math.sqrt(q * (1 - q) / DRAWS) / stats.norm.pdf(exact, 1, sd)
        assert table.loc["B", name] == pytest.approx(exact, abs=4 * error)
    assert table.loc["A", ["excess_p5", "excess_p50", "excess_p95"]].tolist() == [0, 0, 0]


def test_ties_are_shared() -> None:
    """Two that are always the same are each best in half of the draws, whatever a third does."""
    same = lca.Normal(10, 1)
    table = lca.compare(rivals({"a": same, "b": same, "c": lca.Normal(30, 1)}, shared=True, draws=500), over="option")
    assert table["best"].to_dict() == {"a": 0.5, "b": 0.5, "c": 0.0}
    fixed = lca.compare(rivals({"a": 2.0, "b": 2.0, "c": 2.0}, draws=10), over="option")
    assert fixed["best"].tolist() == pytest.approx([1 / 3] * 3)


def test_u2_a_shared_error_cancels_in_the_excess() -> None:
    """U2, U10: the excess is paired by draw: one meter's error widens each engine, and no difference."""
    table = lca.compare(result(), over="engine")
    assert table.index[0] == BEST
    assert table["p50"].is_monotonic_increasing
    second = table.index[1]
    draws = result().data["total"]
    one, two = draws.sel(engine=BEST).to_numpy(), draws.sel(engine=second).to_numpy()
    assert table.loc[second, "excess_p95"] == pytest.approx(np.quantile(two - one, 0.95), rel=1e-12)
    unpaired = np.random.default_rng(0).permutation(two) - one
    paired = table.loc[second, "excess_p95"] - table.loc[second, "excess_p5"]
    assert paired < 0.2 * (np.quantile(unpaired, 0.95) - np.quantile(unpaired, 0.05))
    assert table.loc[BEST, "best"] == 1.0


def test_figures_are_those_of_the_draws_per_what_is_asked() -> None:
    table = lca.compare(result(), over="engine", per="inference", unit="mg CO2e")
    data = result().data
    each = (data["total"] / data["functional_unit"]).to_numpy() * 1e6
    for position, engine in enumerate(data["engine"].values.tolist()):
        expected = [each[position].mean(), *np.quantile(each[position], [0.05, 0.5, 0.95])]
        assert table.loc[engine, ["mean", "p5", "p50", "p95"]].tolist() == pytest.approx(expected, rel=1e-12)
    assert set(table["unit"]) == {"mg CO2e/inference"}


def test_d2_other_alternatives_are_compared_apart() -> None:
    """D2: a ranking within every scenario; nothing is averaged over alternatives."""
    two = {name: JOULES[name] for name in list(JOULES)[:2]}
    varied = (
        study()
        .replace({"robots.inference": engines(two)})
        .vary("grid", {"robots.electricity": {place: grid(place) for place in ("US-RFCW", "US-CAMX")}})
    )
    drawn = lca.monte_carlo(varied, draws=500, progress=False)
    table = lca.compare(drawn, over="engine")
    assert table.index.names == ["grid", "engine"]
    for place in ("US-RFCW", "US-CAMX"):
        assert table.loc[place, "best"].sum() == 1
        alone = lca.monte_carlo(varied.sel(grid=place), draws=500, progress=False)
        expected = lca.compare(alone, over="engine")
        assert table.loc[place, "p50"].to_dict() == pytest.approx(expected["p50"].to_dict(), rel=1e-12)


def test_a12_a_comparison_says_what_is_compared() -> None:
    """A12, U8: without a stated quality it asks; with one it does not. What the interval contains is said, too."""
    note = lca.compare(result(), over="engine").attrs["note"]
    assert "are these the same function (A12)?" in note
    assert "paired by draw; intervals cover measurement, input, variability" in note
    unit = study().functional_unit.replaced(quality="mAP 0.75 on HPatches, each engine")
    said = lca.monte_carlo(study().replaced(functional_unit=unit), draws=10, progress=False)
    assert "A12" not in lca.compare(said, over="engine").attrs["note"]


def test_what_cannot_be_compared_is_named() -> None:
    with pytest.raises(MissingError, match=r"no alternatives over 'model'(.|\n)*it has engine"):
        lca.compare(result(), over="model")
    with pytest.raises(MissingError, match="nominal values have no draws"):
        lca.compare(lca.nominal(study()), over="engine")
    with pytest.raises(UnitError, match="another unit"):
        lca.compare(result(), over="engine", unit="kWh")
    with pytest.raises(MissingError, match="nothing is known per 'inference'"):
        lca.compare(rivals({"a": 1.0, "b": 2.0}, draws=10), over="option", per="inference")


# --- break-even -----------------------------------------------------------------------------------------------

OUTSIDE = {
    stage: lca.outside_goal("the same for both")
    for stage in ("development", "manufacturing", "distribution", "end_of_life")
}
#: One record for both places: its tags are unknown, and two such factors never meet in one study (A4).
HERE = lca.Electricity("0.5 kg CO2e/kWh", at="facility", region="here", year=2024)
SOCKET = {"pue": 1.0, "supply_efficiency": 1.0, "electricity": HERE}


def fleet(joules: Any, *trained: Any, **changes: Any) -> lca.Study:
    """1,000 devices at one inference a second, day and night, for at most a year."""
    site = lca.Site("sockets", **SOCKET)
    model = lca.Inference("net", joules, per="inference", baseline="marginal", at="board")
    fields: dict[str, Any] = {
        "devices": 1_000,
        "period": "1 year",
        "load": "1 inference/s",
        "active": 1.0,
    } | changes
    use = lca.Deployment("fleet", model, site=site, start=2024, idle_power="0 W at_board", **fields)
    excluded = OUTSIDE if trained else OUTSIDE | {"training": lca.outside_goal("the weights exist")}
    unit = lca.FunctionalUnit("one frame", count=use.inferences)
    return lca.Study("fleet", *trained, use, functional_unit=unit, excluded=excluded)


def trained(energy: Any) -> lca.Training:
    return lca.Training("tuning", energy=energy, at="wall", site=lca.Site("desk", **SOCKET))


def test_a_linear_break_even_draw_by_draw() -> None:
    """1,000 devices save 1 J a second each, 1 kW together: the energy of the training is saved after E / 1 kW."""
    energy = lca.Normal("1000 kWh", "100 kWh")
    one, other = fleet("1 J/inference", trained(energy)), fleet("2 J/inference")
    found = lca.breakeven(one, other, vary="fleet.period", between=("0.1 day", "365 day"), draws=2_000)
    drawn = lca.monte_carlo(one.activities[0].energy, draws=2_000, progress=False).data["value"].to_numpy()  # kWh
    assert np.allclose(found.values, drawn / 24, rtol=1e-9)
    assert np.allclose(found.count, drawn * 3600 * 1_000, rtol=1e-9)
    assert found.nominal == pytest.approx(1000 / 24, rel=1e-9)
    assert found.nominal_count == pytest.approx(3.6e9, rel=1e-9)
    assert (found.unit, found.count_unit, found.probability) == ("day", "inference", 1.0)
    assert found.quantile(0.95) == pytest.approx(np.quantile(drawn, 0.95) / 24, rel=1e-9)
    assert repr(found).startswith(f"<break-even at fleet.period = {np.median(drawn) / 24:.4g} day (")


def test_draws_without_a_crossing_are_missing_and_not_at_the_end() -> None:
    """The range ends at 1,000 hours: exactly the draws above 1,000 kWh have no crossing."""
    one, other = fleet("1 J/inference", trained(lca.Normal("1000 kWh", "100 kWh"))), fleet("2 J/inference")
    found = lca.breakeven(one, other, vary="fleet.period", between=("1 h", "1000 h"), draws=2_000)
    drawn = lca.monte_carlo(one.activities[0].energy, draws=2_000, progress=False).data["value"].to_numpy()
    assert np.array_equal(np.isnan(found.values), drawn > 1000)
    assert np.array_equal(np.isnan(found.count), drawn > 1000)
    assert found.probability == np.mean(drawn <= 1000)
    assert found.quantile(1.0) <= 1000
    never = lca.breakeven(other, fleet("3 J/inference"), vary="fleet.period", between=("1 h", "1 year"), draws=100)
    assert never.probability == 0
    assert np.isnan(never.values).all()
    assert math.isnan(never.nominal)
    assert math.isnan(never.quantile(0.5))
    assert repr(never) == "<no break-even of fleet.period in the range: fleet is lower throughout>"
    assert "the others never cross in the range" in repr(found)


def test_studies_that_are_equal_whatever_the_value_have_no_break_even() -> None:
    one = fleet("1 J/inference")
    with pytest.raises(DomainError, match="equal whatever the value"):
        lca.breakeven(one, one, vary="fleet.period", between=("1 h", "1 year"), draws=3)
    longer = one.replace({"fleet.period": "2 year"})
    with pytest.raises(DomainError, match="equal whatever the value"):
        lca.breakeven(one, longer, vary="fleet.period", between=("1 h", "1 year"), draws=3)


def test_a_break_even_of_a_looked_up_value_is_found_by_its_key() -> None:
    """1 kWh at i against 2 kWh at 50 g: equal at 100 g/kWh, whatever the publishers err together."""
    grid = lca.Electricity.lookup("FR", 2023).replaced(grid_loss=0.0)
    fixed = lca.Electricity("50 g CO2e/kWh", at="facility", region="plant", year=2023)
    sites = {name: lca.Site(name, electricity=e, pue=1.0) for name, e in {"home": grid, "plant": fixed}.items()}
    one, two = (
        part(lca.Training("run", energy=f"{kwh} kWh", at="wall", site=sites[name]))
        for name, kwh in (("home", 1), ("plant", 2))
    )
    found = lca.breakeven(
        one,
        two,
        vary="electricity/FRA/2023.intensity",
        between=("1 g CO2e/(kWh at_busbar)", "900 g CO2e/(kWh at_busbar)"),
        draws=50,
    )
    assert found.nominal == pytest.approx(100, rel=1e-9)
    with pytest.raises(MissingError, match="such as (.|\n)*electricity/FRA/2023.intensity"):
        lca.breakeven(one, two, vary="fra-2023.intensity", between=("1 g CO2e/kWh", "2 g CO2e/kWh"))


def test_u2_both_studies_share_their_random_numbers() -> None:
    """U2: the intensity multiplies both sides, so that its wide spread moves no crossing."""
    wide = lca.Electricity(lca.Lognormal("0.5 kg CO2e/kWh", gsd=2), at="facility", region="here", year=2024)
    one = fleet("1 J/inference", trained("1000 kWh")).replace({"sockets.electricity": wide, "desk.electricity": wide})
    other = fleet("2 J/inference").replace({"sockets.electricity": wide})
    found = lca.breakeven(one, other, vary="fleet.period", between=("1 h", "1 year"), draws=300)
    assert found.unit == "h"
    assert np.allclose(found.values, 1000, rtol=1e-9)


def test_q4_bounds_pass_the_door_of_the_field() -> None:
    """Q4, Q5: the field attaches its device, refuses a bare number, another dimension, and what lies outside it."""
    one, other = fleet("1 J/inference", trained("1000 kWh")), fleet("2 J/inference")
    found = lca.breakeven(one, other, vary="fleet.load", between=("0.01 inference/s", "10 inference/s"), draws=3)
    assert found.nominal == pytest.approx(1000 / (365.25 * 24), rel=1e-9)
    assert found.unit == "inference/s"
    for bounds, error, text in (
        (("1 kWh", "2 kWh"), UnitError, "fleet.period"),
        ((1, 5), UnitError, r'such as "... s"'),
        (("1 day", "2 kWh"), UnitError, "fleet.period"),
        (("5 day", "1 day"), DomainError, "not in order"),
        (("0 day", "1 day"), DomainError, "above 0"),
    ):
        with pytest.raises(error, match=text):
            lca.breakeven(one, other, vary="fleet.period", between=bounds, draws=3)
    found = lca.breakeven(one, other, vary="fleet.devices", between=(1, 10_000), draws=3)
    assert found.nominal == pytest.approx(1000 * 1000 / (365.25 * 24), rel=1e-9)
    with pytest.raises(DomainError, match=r"domain(.|\n)*24 h/day|0 to 1"):
        lca.breakeven(one, other, vary="fleet.active", between=(0.1, 8), draws=3)


def test_d2_a_break_even_is_between_two_numbers() -> None:
    """D2: alternatives are selected first; the path is one parameter."""
    best = study().sel(engine=BEST)
    with pytest.raises(DomainError, match=r"between two numbers(.|\n)*select one label of engine"):
        lca.breakeven(study(), best, vary="robots.period", between=("1 day", "1 year"), draws=3)
    for path in ("robots.nothing", "nobody.period", "superpoint-backbones.power"):
        with pytest.raises(MissingError, match="is no single parameter in either study"):
            lca.breakeven(best, best, vary=path, between=("1 day", "1 year"), draws=3)


def test_the_training_of_the_main_job_pays_for_itself() -> None:
    """Both totals are linear in the period: the crossing follows, draw by draw, from two Monte Carlo runs."""
    electricity, desk = grid(), workstation()
    use = robots(engines(), jetson(), field_site(electricity))
    unit = lca.FunctionalUnit("one frame", count=use.inferences)
    run = backbones(desk, home_site(electricity)).sel(model="resnet18")
    without = {"development": lca.outside_goal("the same for both engines")}

    def one(engine: str, *activities: Any, **more: Any) -> lca.Study:
        made = lca.Study(
            engine, *activities, use, functional_unit=unit, alternatives=("engine",),
            excluded=without | more,
        )  # fmt: skip
        return made.sel(engine=engine)

    new = one(BEST, run)
    old = one("superpoint_pretrained_2_120_392_FP16_seq_4", training=lca.outside_goal("the weights exist"))
    found = lca.breakeven(new, old, vary="robots.period", between=("0.001 day", "365 day"), draws=200)
    gaps = []
    for period in ("1 year", "2 year"):
        totals = [
            lca.monte_carlo(s.replace({"robots.period": period}), draws=200, progress=False).data["total"].to_numpy()
            for s in (new, old)
        ]
        gaps.append(totals[0] - totals[1])
    assert np.allclose(found.values / 365.25, 1 - gaps[0] / (gaps[1] - gaps[0]), rtol=1e-5)
    assert 30 < found.quantile(0.5, of="count") / 1e6 < 36  # millions of inferences


# --- footprint ------------------------------------------------------------------------------------------------


def test_a1_a_footprint_by_hand() -> None:
    """A1: board to wall to facility to busbar, each crossing once: E / 0.85 x 1.5 / (1 - 0.05) x 0.4."""
    power = lca.Electricity("0.4 kg CO2/kWh", at="busbar", grid_loss="5 %", region="here", year=2024)
    site = lca.Site("hall", electricity=power, pue=1.5, supply_efficiency=0.85)
    run = lca.Training(
        "two models", power=lca.labelled({"small": 1, "large": 3}, "kW", dim="model"), duration="10 h", devices=2,
        at="board",
    )  # fmt: skip
    table = lca.footprint(run, site=site, draws=10)
    for model, kilowatt in (("small", 1), ("large", 3)):
        facility = kilowatt * 10 * 2 / 0.85 * 1.5
        assert table.loc[model, "energy"] == pytest.approx(facility, rel=1e-12)
        assert table.loc[model, "nominal"] == pytest.approx(facility / 0.95 * 0.4, rel=1e-12)
        assert table.loc[model, ["p5", "p50", "p95"]].tolist() == pytest.approx([facility / 0.95 * 0.4] * 3, rel=1e-12)
    assert set(table["energy_unit"]) == {"kWh at the facility"}
    assert set(table["unit"]) == {"kg CO2"}, "CO2 alone is not called CO2e (Q2)"
    assert "operation of two models at hall only: no hardware" in table.attrs["note"]


def test_a1_the_rest_of_the_machine_runs_as_long_as_the_activity() -> None:
    """A1: (300 W + 100 W beside it) x 2 x 10 h / 0.8 = 10 kWh, also where the site is only lent."""
    crossings: dict[str, Any] = {"rest_of_machine": "100 W at_board", "supply_efficiency": 0.8, "pue": 1.0}
    site = lca.Site("lab", electricity=HERE, **crossings)
    run = lca.Training("run", power="300 W", duration="10 h", devices=2, at="component")
    assert lca.footprint(run, site=site, draws=2)["energy"].item() == pytest.approx(10, rel=1e-12)


def test_the_five_trainings_of_the_lab() -> None:
    """By hand: 6.437 kWh at the wall, 3.31 kg CO2e at 2019 CO2e per kWh delivered, to 1 %."""
    table = lca.footprint(backbones(workstation(), home_site(grid())))
    assert table["energy"].sum() == pytest.approx(6.437, abs=5e-4)
    assert table["nominal"].sum() == pytest.approx(3.31, rel=0.01)
    assert table.loc["resnet18", "energy"] == pytest.approx(143 / 1_000 * 170_000 * 148 / 3.6e6, rel=1e-12)
    assert (table["p5"] < table["nominal"]).all()
    assert (table["nominal"] < table["p95"]).all()


def test_the_interval_is_that_of_the_draws_and_years_are_summed() -> None:
    """9,900 kWh at the plug over five years; the quantiles are those of the same draws in a study."""
    best = study().sel(engine=BEST)
    run = robots(engines().sel(engine=BEST), jetson(), field_site(grid()))
    table = lca.footprint(run, draws=2_000)
    assert len(table) == 1
    assert table["energy"].item() == pytest.approx(9_900, rel=0.01)
    drawn = lca.monte_carlo(best, draws=2_000, progress=False).data["use"].to_numpy()
    expected = np.quantile(drawn, [0.05, 0.5, 0.95])
    assert table[["p5", "p50", "p95"]].iloc[0].tolist() == pytest.approx(expected.tolist(), rel=1e-12)


def test_a_footprint_needs_a_site_and_leaves_the_activity_alone() -> None:
    run = lca.Training("run", energy="10 kWh", at="wall")
    with pytest.raises(MissingError, match=r"without a site(.|\n)*where: run(.|\n)*mend: site="):
        lca.footprint(run)
    cheap, dear = (
        lca.Site(name, pue=1.0, electricity=lca.Electricity(f"{i} kg CO2e/kWh", at="facility"))
        for name, i in (("cheap", 0.1), ("dear", 1.0))
    )
    placed = lca.Training("run", energy="10 kWh", at="wall", site=cheap)
    assert lca.footprint(placed, draws=2)["nominal"].item() == pytest.approx(1)
    assert lca.footprint(placed, site=dear, draws=2)["nominal"].item() == pytest.approx(10)
    assert placed.site is cheap
