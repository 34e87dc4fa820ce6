"""Life and renewal of a fleet against closed forms, fine steps and simulation (A7, U8)."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example_fleet import YEAR, by_year, device, nominal, plan, use_of, values
from example_study import part
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

import lca
from lca.errors import AccountingError, DomainError, LabelError, MissingError, RecordError, UnitError
from lca.graph.functions import stack

# --- steps of a year --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("years", "steps"), [(1, 240), (7, 34), (60, 4)])
def test_short_lives_take_as_many_whole_steps_as_all_years_may_have(years: int, steps: int) -> None:
    """A7: 240 steps in all at most; seven years have 34 each, and not 34.3."""
    fleet = plan(1, *[0] * (years - 1), life="0.01 year", shape=1)
    assert fleet.steps_per_year == steps
    assert isinstance(fleet.steps_per_year, int)


# --- life and renewal -------------------------------------------------------------------------------------------


def test_exponential_lives_are_renewed_at_a_constant_rate() -> None:
    """Shape 1 has no age: n / mean devices fail in every year; the error of the steps falls with their square."""
    found = {steps: values(plan(100, 0, 0, 0, 0, 0, shape=1, steps=steps).renewed) for steps in (2, 4, 8)}
    np.testing.assert_allclose(found[4], 100 / 5, rtol=2e-4)
    errors = {steps: np.abs(renewed / 20 - 1).max() for steps, renewed in found.items()}
    assert errors[8] < errors[4] / 3.5 < errors[2] / 12


def test_a_huge_shape_renews_every_device_once_a_life() -> None:
    """Lives of 2.4 years end at 2.4, 4.8, 7.2 and 9.6 years."""
    renewed = values(plan(100, *[0] * 9, life="2.4 year", shape=200, steps=8).renewed)
    np.testing.assert_allclose(renewed, [0, 0, 100, 0, 100, 0, 0, 100, 0, 100], atol=0.5)


@pytest.mark.parametrize(("life", "shape"), [(2.0, 0.8), (3.0, 2.0), (1.0, 4.0)])
def test_renewals_are_those_of_devices_replaced_one_by_one(life: float, shape: float) -> None:
    """40,000 places whose device is replaced on failure, for six years; within five standard errors."""
    random, places, years = np.random.default_rng(7), 40_000, 6
    scale = lca.Weibull.of_mean(life, shape=shape).scale
    counts = np.zeros((places, years))
    ages = scale * random.weibull(shape, places)
    while (alive := ages < years).any():
        np.add.at(counts, (np.flatnonzero(alive), ages[alive].astype(int)), 1)
        ages[alive] += scale * random.weibull(shape, int(alive.sum()))
    renewed = values(plan(1, *[0] * (years - 1), life=f"{life} year", shape=shape, steps=12).renewed)
    error = counts.std(axis=0) / np.sqrt(places)
    assert np.all(np.abs(renewed - counts.mean(axis=0)) < 5 * error + 1e-3)


def test_a7_what_is_delivered_and_renewed_is_in_service_or_failed() -> None:
    life = lca.Triangular("1 year", "3 year", "6 year")
    delivered = np.array([[50.0, 20, 0, 7]]).cumsum(axis=1).T
    for renewal in ("on_failure", "none"):
        fleet = plan(50, 20, 0, 7, life=life, shape=1.5, renewal=renewal)
        nodes = {"life": lca.parameter("life", life), "failed": fleet.failed, "renewed": fleet.renewed}
        fleet = fleet.replaced(life=nodes["life"])
        nodes |= {"failed": fleet.failed, "renewed": fleet.renewed, "mean": fleet.in_service}
        data = lca.monte_carlo(nodes, draws=200, progress=False).data
        failed, renewed = data["failed"].cumsum("year"), data["renewed"].cumsum("year")
        if renewal == "on_failure":
            np.testing.assert_allclose(renewed, failed, rtol=1e-12)
            np.testing.assert_allclose(data["mean"], np.broadcast_to(delivered, (4, 200)), rtol=1e-12)
        else:
            assert float(np.abs(renewed).max()) == 0
            years = np.arange(1, 5)[:, None] - np.arange(4)
            scale = data["life"].to_numpy() / YEAR / math.gamma(1 + 1 / 1.5)
            alive = np.exp(-((np.maximum(years, 0)[..., None] / scale) ** 1.5)) * (years > 0)[..., None]
            end = np.einsum("eyd,y->ed", alive, np.array([50.0, 20, 0, 7]))
            np.testing.assert_allclose(delivered - failed.transpose("year", "draw"), end, rtol=1e-9)


@pytest.mark.parametrize(("life", "shape"), [(3, 2.5), (1, 1), (0.5, 0.7), (1.5, 10)])
def test_a_fleet_without_renewal_survives_as_weibull_says(life: float, shape: float) -> None:
    """Also in the part of the last year that a period reaches."""
    fleet = plan(50, 20, 0, life=f"{life} year", shape=shape, renewal="none")
    lives = stats.weibull_min(shape, scale=lca.Weibull.of_mean(life, shape=shape).scale)
    for end in (1.25, 1.1, 2.0):
        first, second = (
            quad(lambda t: 50 * lives.sf(t) + (20 * lives.sf(t - 1) if t > 1 else 0), low, high, limit=200)[0]
            for low, high in ((0, 1), (1, end))
        )
        use = use_of(devices=None, fleet=plan(50, 20, life=f"{life} year", shape=shape, renewal="none"),
                     period=f"{end} year")  # fmt: skip
        np.testing.assert_allclose(values(use.device_years) / YEAR, [first, second], rtol=3e-3)
        np.testing.assert_allclose(values(use.devices)[1], second / (end - 1), rtol=3e-3)
        if end == 2.0:
            np.testing.assert_allclose(values(fleet.in_service)[:2], [first, second], rtol=3e-3)


@cache
def fine_renewals(life: float, shape: float, years: int, steps: int = 300) -> Any:
    """Renewals of one device by year from the density of its lives, by steps far finer than a fleet takes."""
    count = years * steps
    scale = life / math.gamma(1 + 1 / shape)
    alive = np.exp(-((np.arange(2 * count + 1) / steps / 2 / scale) ** shape))
    made = np.zeros(count)
    for step in range(count):
        ages = 2 * np.arange(step, 0, -1)
        fallen = alive[2 * step] - alive[2 * step + 2] + made[:step] @ (alive[ages - 1] - alive[ages + 1])
        made[step] = fallen / alive[1]
    return made


@pytest.mark.parametrize("life", [0.5, 0.8, 1.0, 2.0, 3.3, 5.0, 9.0])
@pytest.mark.parametrize("shape", [0.5, 0.7, 1.0, 2.0, 4.0, 10.0, 30.0])
def test_the_default_steps_hold_eight_years_of_renewals_within_half_a_per_cent(life: float, shape: float) -> None:
    fleet = plan(1, *[0] * 7, life=f"{life} year", shape=shape)
    steps = fleet.steps_per_year
    assert steps * 8 <= 240
    coarse = fine_renewals(life, shape, 8, steps)
    assert coarse.sum() == pytest.approx(fine_renewals(life, shape, 8).sum(), rel=5e-3)
    if steps == 8:  # the graph and the plain loop are one solution
        np.testing.assert_allclose(values(fleet.renewed), coarse.reshape(8, steps).sum(axis=1), rtol=1e-9, atol=1e-14)


def test_the_steps_follow_the_life_and_can_be_given() -> None:
    assert plan(1, 0, life="5 year", shape=2).steps_per_year == 4
    assert plan(1, 0, life="0.5 year", shape=0.5).steps_per_year == 16
    assert plan(1, 0, life="2 year", shape=30).steps_per_year == 8
    assert plan(1, 0, life="0.5 year", shape=0.5, steps=3).steps_per_year == 3
    assert plan(1, *[0] * 29, life="0.25 year", shape=0.5).steps_per_year == 8  # 240 in all
    assert plan(1, 0, life="5 year", shape=0.5).replaced(life="0.5 year").steps_per_year == 16


def test_the_table_of_steps_in_the_documentation_is_what_they_give() -> None:
    lines = (Path(__file__).parents[2] / "docs" / "allocation.md").read_text().splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("| mean life, shape |")) + 2
    rows = [line.strip("| ").split(" | ") for line in lines[first:] if line.startswith("|")]
    rows = [row for row in rows if len(row) == 6]
    assert len(rows) == 8
    for named, in_all, one, four, twelve, default in rows:
        life, shape = (float(word) for word in re.fullmatch(r"([\d.]+) years?, ([\d.]+)(?: .*)?", named).groups())
        fine = fine_renewals(life, shape, 8).sum()
        assert f"{fine:.3f}" == in_all
        own = plan(1, *[0] * 7, life=f"{life} year", shape=shape).steps_per_year
        assert default.startswith(f"{own}: ")
        for steps, said in ((1, one), (4, four), (12, twelve), (own, default.partition(": ")[2])):
            error = 100 * abs(fine_renewals(life, shape, 8, steps).sum() / fine - 1)
            assert f"{error:.2f} %" == said, (named, steps)


def test_u8_an_uncertain_mean_life_is_drawn_and_each_draw_is_the_fleet_of_that_life() -> None:
    life = lca.parameter("mean life", lca.Lognormal("4 year", gsd=1.4))
    drawn = lca.monte_carlo({"life": life, "made": plan(60, 40, 0, life=life).devices_made}, draws=50, progress=False)
    for draw in (0, 17, 49):
        seconds = float(drawn.data["life"].isel(draw=draw))
        alone = values(plan(60, 40, 0, life=f"{seconds / YEAR!r} year").devices_made)
        np.testing.assert_allclose(drawn.data["made"].isel(draw=draw), alone, rtol=1e-9)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, derandomize=True)
@given(life=st.floats(0.5, 20), shorter=st.floats(0.2, 1), shape=st.floats(0.7, 4))
def test_a_shorter_life_never_makes_fewer_devices(life: float, shorter: float, shape: float) -> None:
    many, few = (
        values(plan(10, 5, 0, life=f"{one!r} year", shape=shape, steps=4).devices_made).sum()
        for one in (life * shorter, life)
    )
    assert many >= few * (1 - 1e-9)


def test_a8_the_devices_a_fleet_makes_bring_their_life_cycle_along() -> None:
    fleet = plan(60, 40, 0, life="4 year", spares="5 %")
    made = values(fleet.devices_made)
    np.testing.assert_allclose(made, np.array([63, 42, 0]) + values(fleet.renewed), rtol=1e-12)
    data = nominal(part(use_of(devices=None, fleet=fleet, allocation="devices_made")))
    for stage, burden in (("manufacturing", 100), ("distribution", 10), ("end_of_life", 1)):
        np.testing.assert_allclose(data[f"{stage}/robots"], burden * made, rtol=1e-12)
        assert float(data[stage]) == pytest.approx(burden * made.sum(), rel=1e-12)
    assert float(data["per/device"]) == pytest.approx((60 + 100 + 100) / 3, rel=1e-12)
    by_time = nominal(part(use_of(devices=None, fleet=fleet)))
    np.testing.assert_allclose(by_time["manufacturing/robots"], np.array([60, 100, 100]) / 5 * 100, rtol=1e-12)


def test_a8_a_period_that_ends_early_makes_no_devices_after_its_end() -> None:
    fleet = plan(60, 40, 20, 10, life="4 year", spares="5 %")
    use = use_of(devices=None, fleet=fleet, period=lca.Triangular("1.5 year", "2.5 year", "4 year"))
    assert use.years == (2024, 2025, 2026, 2027)
    renewed, steps = values(fleet.renewed), values(stack(dict(enumerate(fleet._flow[1])), "step"))
    expected = np.array([63 + renewed[0], 42 + renewed[1], 21 + steps[8] + steps[9], 0])
    np.testing.assert_allclose(values(use.devices_made), expected, rtol=1e-12)


@pytest.mark.parametrize("period", [1.1, 1.25, 1.5, 1.6, 2.0])
@pytest.mark.parametrize(("life", "shape"), [(1.5, 10.0), (1.0, 1.0), (3.0, 2.0), (0.7, 0.6)])
def test_a8_the_last_year_makes_the_renewals_of_its_part_and_no_share_of_the_whole(
    life: float, shape: float, period: float
) -> None:
    """Life 1.5 years, shape 10, 1.25 years: some 8 of 100 devices fail in the last, not a quarter of a whole year's."""
    fleet = plan(100, 0, life=f"{life} year", shape=shape)
    made = values(use_of(devices=None, fleet=fleet, period=f"{period} year").devices_made)
    fine = 100 * fine_renewals(life, shape, 2)
    expected = [100 + fine[:300].sum(), fine[300 : round(period * 300)].sum()]
    # a step that the period ends in is taken evenly
    within = 0.0 if period * fleet.steps_per_year % 1 == 0 else 0.05 * fine[300:].sum()
    np.testing.assert_allclose(made, expected, rtol=5e-3, atol=within)


def test_a8_renewals_of_an_uncertain_period_are_those_of_each_draw() -> None:
    period = lca.parameter("use", lca.Uniform("1.1 year", "2.9 year"))
    for renewal in ("none", "on_failure"):
        fleet = plan(60, 40, 20, life="1.5 year", shape=6, renewal=renewal)
        use = use_of(devices=None, fleet=fleet, period=period)
        nodes = {"period": period, "made": use.devices_made, "time": use.device_years}
        data = lca.monte_carlo(nodes, draws=30, progress=False).data
        for draw in (0, 11, 29):
            end = float(data["period"].isel(draw=draw)) / YEAR
            cut = plan(*[60, 40, 20][: math.ceil(end)], life="1.5 year", shape=6, renewal=renewal)
            alone = use_of(devices=None, fleet=cut, period=f"{end!r} year")
            for name, node in (("made", alone.devices_made), ("time", alone.device_years)):
                found = data[name].isel(draw=draw).to_numpy()
                np.testing.assert_allclose(found[: len(cut.years)], values(node), rtol=1e-9, atol=1e-9)
                assert not found[len(cut.years) :].any()


def test_u8_a_weibull_says_mean_and_shape_of_a_fleet() -> None:
    given = lca.Fleet("plan", by_year(2024, 10, 5), life=lca.Weibull("5 year", shape=2))
    mean = lca.Weibull("5 year", shape=2).mean
    assert given.shape == 2
    np.testing.assert_allclose(values(given.renewed), values(plan(10, 5, life=f"{mean!r} year").renewed), rtol=1e-12)
    assert given.replaced(life="2 year").shape == 2


def test_d4_fleets_are_scenarios_and_come_back_from_a_file(tmp_path: Path) -> None:
    slow = lca.Fleet("plan", by_year(2024, 10, 10, 10), life="4 year", shape=2)
    fast = lca.Fleet("plan", by_year(2024, 30, 0, 0), life="4 year", shape=2)
    study = part(use_of(devices=None, fleet=slow, allocation="devices_made"))
    varied = study.vary("plan", {"robots.fleet": {"slow": slow, "fast": fast}})
    changed = study.replace({"plan.life": "2 year"})
    for label, fleet in (("slow", slow), ("fast", fast)):
        alone = nominal(part(use_of(devices=None, fleet=fleet, allocation="devices_made")))
        assert float(nominal(varied)["total"].sel(plan=label)) == pytest.approx(float(alone["total"]), rel=1e-12)
    assert float(nominal(changed)["manufacturing"]) > float(nominal(study)["manufacturing"])
    result = lca.monte_carlo(varied, draws=50, progress=False)
    path = lca.save(result, tmp_path / "fleet.lca")
    assert lca.load(path).data.identical(result.data)
    assert lca.rerun(path)[1]["identical"].all()


def test_a_derivation_of_renewals_grows_with_the_steps_and_not_with_their_powers() -> None:
    text = lca.derivation(part(use_of(devices=None, fleet=plan(60, 40, 0), allocation="devices_made")), "manufacturing")
    assert "plan: renewed in step 3 of 2025" in text
    assert "plan: share that reaches 0.25 years" in text
    assert len(text) < 40_000


WRONG_FLEETS: dict[str, tuple[Any, type[Exception], str]] = {
    "negative": (lambda: plan(10, -5, 0), DomainError, "plan.deliveries(.|\n)*year=2025: -5"),
    "no years": (lambda: lca.Fleet("plan", 100, life="5 year", shape=2), LabelError, "no year(.|\n)*a year without"),
    "a gap": (
        lambda: lca.Fleet("p", lca.labelled({2024: 1, 2026: 1}, "device", dim="year"), life="5 year", shape=2),
        LabelError, "2024, 2026",
    ),
    "years as text": (
        lambda: lca.Fleet("p", lca.labelled({"2024": 1}, "device", dim="year"), life="5 year", shape=2),
        LabelError, "years in a row",
    ),
    "a shape beside a weibull": (
        lambda: plan(10, life=lca.Weibull("5 year", shape=2)), AccountingError, "plan.shape(.|\n)*leave shape= out",
    ),
    "a weibull as parameter": (
        lambda: plan(10, life=lca.parameter("life", lca.Weibull("5 year", shape=2))),
        DomainError, "plan.life(.|\n)*shape=",
    ),
    "no shape": (lambda: lca.Fleet("plan", by_year(2024, 10), life="5 year"), MissingError, "plan.shape"),
    "life zero": (lambda: plan(10, life="0 year"), DomainError, "plan.life"),
    "life by year": (lambda: plan(10, 5, life=by_year(2024, 4, 5, unit="year")), LabelError, "those of all years"),
    "life as number": (lambda: plan(10, life=5), UnitError, "plan.life"),
    "shape zero": (lambda: plan(10, shape=0), DomainError, "plan.shape"),
    "shape as text": (lambda: plan(10, shape="2"), DomainError, "plan.shape"),
    "half a step": (lambda: plan(10, steps=1.5), DomainError, "plan.steps(.|\n)*whole"),
    "too many steps": (lambda: plan(*[1] * 10, steps=100), DomainError, "at most 240"),
    "renewal": (lambda: plan(10, renewal="yearly"), DomainError, "one of on_failure, none"),
    "spares": (lambda: plan(10, spares=-0.1), DomainError, "plan.spares"),
    "devices and fleet": (lambda: use_of(fleet=plan(10, 0, 0)), AccountingError, "robots.devices(.|\n)*says how many"),
    "no fleet": (lambda: use_of(devices=None, fleet=100), RecordError, "robots.fleet(.|\n)*lca.Fleet"),
    "other years": (lambda: use_of(devices=None, fleet=plan(10, 0)), LabelError, "robots.devices(.|\n)*missing: 2026"),
    "several kinds of hardware": (
        lambda: part(use_of(
            devices=None, fleet=plan(10, 0, 0), allocation="devices_made",
            on={device(): 10, lca.Hardware("Other", embodied="1 kg CO2e", lifetime="1 year"): 10},
        )),
        MissingError, "one kind of hardware",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_FLEETS)
def test_a_fleet_that_cannot_be_says_why(case: str) -> None:
    build, error, text = WRONG_FLEETS[case]
    with pytest.raises(error, match=text):
        build()
