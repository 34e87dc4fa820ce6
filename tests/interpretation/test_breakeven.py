"""Where two studies are equal: every crossing in the range, against closed forms and brute force (A12, Q6, U2)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from example_study import (
    BEST,
    engines,
    field_site,
    grid,
    home_site,
    jetson,
    part,
    robots,
    study,
    workstation,
)
from example_study import training as backbones

import lca
from lca.errors import DomainError, MissingError, UnitError

OUTSIDE = {
    stage: lca.outside_goal("the same for both")
    for stage in ("development", "manufacturing", "distribution", "end_of_life")
}
#: One record for both places: its tags are unknown, and two such factors never meet in one study (A4).
HERE = lca.Electricity(intensity="0.5 kg CO2e/kWh", at="facility", region="here", year=2024)
SOCKET = {"pue": 1.0, "supply_efficiency": 1.0, "electricity": HERE}


def fleet(joules: Any, *trained: Any, called: str = "fleet", **changes: Any) -> lca.Study:
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
    return lca.Study(called, *trained, use, functional_unit=unit, excluded=excluded)


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
    assert (found.unit, found.count_unit, found.probability) == ("day", "functional units", 1.0)
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
    never = lca.breakeven(
        other, fleet("3 J/inference", called="dear"), vary="fleet.period", between=("1 h", "1 year"), draws=100
    )
    assert never.probability == 0
    assert np.isnan(never.values).all()
    assert never.nominal is None
    assert never.nominal_count is None
    with pytest.raises(MissingError, match=r"no draw has a break-even(.|\n)*where: fleet.period"):
        never.quantile(0.5)
    assert repr(never) == (
        "<no break-even of fleet.period in the range in any draw; at nominal values fleet is lower throughout>"
    )
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
    fixed = lca.Electricity(intensity="50 g CO2e/kWh", at="facility", region="plant", year=2023)
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
    with pytest.raises(MissingError, match="did you mean (.|\n)*electricity/FRA/2023.intensity"):
        lca.breakeven(one, two, vary="fra-2023.intensity", between=("1 g CO2e/kWh", "2 g CO2e/kWh"))


def test_u2_both_studies_share_their_random_numbers() -> None:
    """U2: the intensity multiplies both sides, so that its wide spread moves no crossing."""
    wide = lca.Electricity(intensity=lca.Lognormal("0.5 kg CO2e/kWh", gsd=2), at="facility", region="here", year=2024)
    one = fleet("1 J/inference", trained("1000 kWh")).replace({"sockets.electricity": wide, "desk.electricity": wide})
    other = fleet("2 J/inference").replace({"sockets.electricity": wide})
    found = lca.breakeven(one, other, vary="fleet.period", between=("1 h", "1 year"), draws=300)
    assert found.unit == "h"
    assert np.allclose(found.values, 1000, rtol=1e-9)


def test_where_none_crosses_the_lower_of_the_two_is_named() -> None:
    lean, heavy = fleet("2 J/inference", called="lean"), fleet("3 J/inference", called="heavy")
    for pair in ((lean, heavy), (heavy, lean)):
        found = lca.breakeven(*pair, vary="fleet.period", between=("1 h", "1 year"), draws=3)
        assert (found.lower, found.nominals) == ("lean", ())
        assert "at nominal values lean is lower throughout" in repr(found)


@pytest.mark.parametrize("first", [True, False])
def test_u8_a_choice_of_models_stays_nominal_in_whichever_study_it_is(first: bool) -> None:
    """U8: 1,000 kWh with weight 3, 2,000 kWh with weight 1: each draw is paid back after 1,000 hours."""
    way = lca.choice("method", {"a": "1000 kWh at_wall", "b": "2000 kWh at_wall"}, weights=[3, 1])
    pair = [fleet("1 J/inference", trained(way)), fleet("2 J/inference")]
    one, other = pair if first else pair[::-1]
    found = lca.breakeven(one, other, vary="fleet.period", between=("1 h", "1 year"), draws=200)
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


def test_d2_the_path_of_a_break_even_is_one_parameter() -> None:
    best = study().sel(engine=BEST)
    for path in ("robots.nothing", "nobody.period", "superpoint-backbones.power"):
        with pytest.raises(MissingError, match="is not a single parameter in either study"):
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


# --- more than one crossing -----------------------------------------------------------------------------------

LIFE, YEAR = 2.0, 365.25 * 86_400
KG_PER_JOULE = 0.5 / 3.6e6


def box(allocation: str, joules: Any) -> lca.Study:
    """One box of 40 kg that is held for a life of two years, at one inference a second."""
    lean = {"distribution": "0 kg CO2e", "end_of_life": "0 kg CO2e", "status": "assumed", "source": "here"}
    made = lca.Hardware("box", embodied=lca.Lognormal("40 kg CO2e", gsd=1.2), lifetime=f"{LIFE} year", **lean)
    model = lca.Inference("net", joules, per="inference", baseline="marginal", at="board")
    use = lca.Deployment(
        "fleet", model, on=made, allocation=allocation, site=lca.Site("sockets", **SOCKET), start=2024, period="1 year",
        devices=1, load="1 inference/s", active=1.0, idle_power="0 W at_board",
    )  # fmt: skip
    excluded = {stage: lca.outside_goal("the same for both") for stage in ("development", "training")}
    return lca.Study(allocation, use, functional_unit=lca.FunctionalUnit("f", count=use.inferences), excluded=excluded)


def exact(embodied: float, slope: float, last: float) -> list[float]:
    """Where embodied (ceil(T / life) - T / life) = slope T: a root in each tooth, and the jump up after it [year]."""
    found = []
    for k in range(1, 1 + math.ceil(last / LIFE)):
        if embodied <= slope * (k - 1) * LIFE:
            break
        found += [(k - 1) * LIFE] if k > 1 else []
        found.append(k * embodied / (embodied / LIFE + slope))
    return [x for x in found if x < last]


def saw(draws: int, last: float, joules: Any, points: int = 400) -> tuple[Any, Any, Any]:
    """(the break-even of whole boxes against time held, boxes drawn [kg], slopes drawn [kg/year])."""
    whole, held = box("whole_units", "1 J/inference"), box("reserved_time", joules)
    found = lca.breakeven(
        whole, held, vary="fleet.period", between=("0.003 year", f"{last} year"), draws=draws, points=points
    )
    one = held.activities[0]
    nodes = {"kg": one.on.embodied, "joules": one.inference.energy}
    drawn = lca.monte_carlo(nodes, draws=draws, progress=False).data
    return found, drawn["kg"].values, (drawn["joules"].values - 1) * YEAR * KG_PER_JOULE


def test_a12_a_sawtooth_crosses_in_every_tooth_between_ends_of_one_sign() -> None:
    """A12: whole boxes are more at both ends of the range, and less at the end of each box."""
    found, *_ = saw(10, 10.1, "1.1 J/inference")
    expected = exact(40, 0.1 * YEAR * KG_PER_JOULE, 10.1)
    assert len(expected) == 10, "five roots, five jumps up"
    assert np.allclose(found.nominals, expected, rtol=1e-8)
    assert found.nominal == pytest.approx(expected[0], rel=1e-9)
    assert (found.probability, found.several, found.lower) == (1.0, 1.0, "")
    assert "; the first of several in 100 % of draws; at nominal values: 1.957, 2, 3.914, 4, 5.871" in repr(found)


def test_a12_every_crossing_of_every_draw() -> None:
    """A12: as the closed form says; none is invented, and only a pair closer than the points is not seen."""
    found, kg, slopes = saw(300, 12, lca.Uniform("4 J/inference", "8 J/inference"))
    step = 12 / 200
    seen = 0
    for row, embodied, slope in zip(found.crossings, kg, slopes, strict=True):
        expected, crossings = exact(embodied, slope, 12), row[np.isfinite(row)]
        assert np.all(np.diff(crossings) > 0)
        missed = [x for x in expected if not np.isclose(x, crossings, rtol=1e-8).any()]
        assert len(missed) + len(crossings) == len(expected)
        assert not missed or np.diff(missed).max() < step
        seen += len(crossings)
    assert seen > 400
    assert 0.3 < found.several < 0.6
    assert np.array_equal(found.values, found.crossings[:, 0])


@pytest.mark.slow
def test_a12_brute_force_over_a_thousand_points_finds_no_more() -> None:
    """A12: wherever two of 1,000 even points have opposite signs, a crossing lies between them."""
    found, kg, slopes = saw(40, 12, lca.Uniform("4 J/inference", "8 J/inference"), points=2_000)
    years = np.linspace(0.003, 12, 1_000)
    for row, embodied, slope in zip(found.crossings, kg, slopes, strict=True):
        gap = embodied * (np.ceil(years / LIFE) - years / LIFE) - slope * years
        where = np.flatnonzero(np.diff(np.sign(gap)))
        inside = [np.sum((row >= years[i]) & (row <= years[i + 1])) for i in where]
        assert inside == [1] * len(where)
        assert np.isfinite(row).sum() - len(where) in (0, 2), "a pair between two neighbours"


def test_totals_that_meet_and_stay_equal_cross_once() -> None:
    """Two fleets of whole boxes and the same energy, one of which is charged by time below a life only."""
    whole = box("whole_units", "1 J/inference")
    other = whole.replace({"fleet.inference": box("whole_units", "2 J/inference").activities[0].inference})
    found = lca.breakeven(whole, other, vary="fleet.active", between=(0.0, 1.0), draws=3)
    assert found.nominals == (0.0,), "without inferences both are the box alone"
    assert found.crossings.tolist() == [[0.0]] * 3
    assert found.several == 0
