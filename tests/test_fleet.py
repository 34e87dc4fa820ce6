"""A fleet in time: devices by year, failures and renewal (A7, A8, D1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example_study import grid, part, robots
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import lca
from lca.errors import AccountingError, DomainError, LabelError, MissingError, UnitError

ENGINE = lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal")
YEAR = 365.25 * 86_400
BOARD_TO_WALL = lca.Site("field", electricity=grid(), supply_efficiency=0.8, pue=1.0)


def nominal(thing: Any) -> Any:
    return lca.nominal(thing).data


def by_year(first: int, *numbers: float, unit: str = "device") -> Any:
    return lca.labelled({first + i: number for i, number in enumerate(numbers)}, unit, dim="year")


def device(**changes: Any) -> lca.Hardware:
    fields = {
        "embodied": "100 kg CO2e", "distribution": "10 kg CO2e", "end_of_life": "1 kg CO2e", "lifetime": "5 year",
    } | changes  # fmt: skip
    return lca.Hardware("Device", **fields)


def use_of(**changes: Any) -> lca.Deployment:
    fields: dict[str, Any] = {
        "devices": 10, "start": 2024, "period": "3 year", "load": "10 inference/s", "active": "6 h/day",
        "idle": "6 h/day", "idle_power": "2 W at_board",
    } | changes  # fmt: skip
    return robots(ENGINE, fields.pop("on", device()), BOARD_TO_WALL, **fields)


def plan(*numbers: float, **changes: Any) -> lca.Fleet:
    fields: dict[str, Any] = {"life": "5 year", "shape": 2} | changes
    return lca.Fleet("plan", by_year(2024, *numbers), **fields)


def values(node: Any) -> Any:
    return nominal(node)["value"].to_numpy()


# --- devices and load by year ---------------------------------------------------------------------------------


def test_d1_energy_inferences_and_device_years_follow_the_devices_of_each_year() -> None:
    use = use_of(devices=by_year(2024, 10, 30, 20), load=by_year(2024, 10, 8, 4, unit="inference/s"))
    days = 365.25
    inferences = np.array([10 * 10, 30 * 8, 20 * 4]) * days * 6 * 3600
    idle = np.array([10, 30, 20]) * 2 * 12 * 3600 * days
    found = nominal({"n": use.inferences, "t": use.device_years, "e": use.energy})
    assert found["n"].dims == ("year",)
    np.testing.assert_allclose(found["n"], inferences, rtol=1e-12)
    np.testing.assert_allclose(found["t"], np.array([10, 30, 20]) * YEAR, rtol=1e-12)
    np.testing.assert_allclose(found["e"] * 3.6e6, idle + 0.4 * inferences, rtol=1e-12)


def test_a7_hardware_is_charged_year_by_year_and_the_years_sum_to_the_total() -> None:
    data = nominal(part(use_of(devices=by_year(2024, 10, 30, 20))))
    np.testing.assert_allclose(data["manufacturing/robots"], np.array([10, 30, 20]) / 5 * 100, rtol=1e-12)
    assert float(data["manufacturing"]) == pytest.approx(60 / 5 * 100, rel=1e-12)
    assert float(data["use"]) == pytest.approx(float(data["use/robots"].sum()), rel=1e-12)
    stages = ("manufacturing", "distribution", "use", "end_of_life")
    assert float(data["total"]) == pytest.approx(sum(float(data[stage]) for stage in stages), rel=1e-12)
    assert float(data["per/device"]) == pytest.approx(20, rel=1e-12)  # the mean, and not 60
    part_year = nominal(part(use_of(devices=by_year(2024, 10, 30, 20), period="2.5 year")))
    np.testing.assert_allclose(part_year["manufacturing/robots"], np.array([10, 30, 10]) / 5 * 100, rtol=1e-12)


@pytest.mark.parametrize("rule", ["reserved_time", "active_time", "whole_units", "first_use", "none"])
@pytest.mark.parametrize("field", ["devices", "active", "load"])
def test_a7_the_same_number_in_every_year_is_one_number(rule: str, field: str) -> None:
    on, period = device(service_life="20000 h"), lca.Uniform("2.2 year", "3 year")
    whole, unit = {"devices": (10, "device"), "active": (0.25, ""), "load": (10, "inference/s")}[field]
    one = use_of(on=on, allocation=rule, period=period, **{field: f"{whole} {unit}".strip() if unit else whole})
    each = use_of(on=on, allocation=rule, period=period, **{field: by_year(2024, whole, whole, whole, unit=unit)})
    first, second = (lca.monte_carlo(part(use), draws=200, progress=False).data for use in (one, each))
    for name in ("manufacturing", "use", "total", "per/device", "per/device_year"):
        np.testing.assert_allclose(second[name], first[name], rtol=1e-12)


def test_a8_whole_units_are_bought_when_they_are_first_needed() -> None:
    """10 for four years of a three-year life, twice; 20 more for three years, once; then there are enough."""
    use = use_of(devices=by_year(2024, 10, 30, 20, 30), period="4 year", on=device(lifetime="3 year"),
                 allocation="whole_units")  # fmt: skip
    data = nominal(part(use))
    np.testing.assert_allclose(data["manufacturing/robots"], [2 * 10 * 100, 20 * 100, 0, 0], rtol=1e-12)


def test_d1_years_are_those_of_use() -> None:
    with pytest.raises(LabelError, match="robots.devices(.|\n)*missing: 2026(.|\n)*not years of use: 2023"):
        use_of(devices=by_year(2023, 10, 30, 20))
    with pytest.raises(LabelError, match="robots.load(.|\n)*missing: 2026(.|\n)*not years of use: none"):
        use_of(load=by_year(2024, 10, 30, unit="inference/s"))
    backwards = lca.labelled({2026: 1, 2025: 1, 2024: 1}, "device", dim="year")
    with pytest.raises(LabelError, match="2024 to 2026, in that order"):
        use_of(devices=backwards)
    with pytest.raises(LabelError, match="robots.devices(.|\n)*missing: 2027"):
        part(use_of(devices=by_year(2024, 10, 30, 20))).replace({"robots.period": "4 year"})
    with pytest.raises(LabelError, match="robots.period"):
        use_of(period=by_year(2024, 1, 1, 1, unit="year"))
    with pytest.raises(DomainError, match="robots.devices"):
        use_of(devices=by_year(2024, 10, -1, 20))
    with pytest.raises(DomainError, match="robots.devices"):
        use_of(devices=0)


# --- life and renewal -------------------------------------------------------------------------------------------


def test_exponential_lives_are_renewed_at_a_constant_rate() -> None:
    """Shape 1 has no age: n / mean devices fail in every year; the error of the steps falls with their square."""
    found = {steps: values(plan(100, 0, 0, 0, 0, 0, shape=1, steps=steps).renewed) for steps in (2, 4, 8)}
    np.testing.assert_allclose(found[4], 100 / 5, rtol=2e-4)
    errors = {steps: np.abs(renewed / 20 - 1).max() for steps, renewed in found.items()}
    assert errors[8] < errors[4] / 3.5 < errors[2] / 12


def test_a_huge_shape_renews_every_device_once_a_life() -> None:
    """Lives of 2.4 years end at 2.4, 4.8, 7.2 and 9.6 years."""
    renewed = values(plan(100, *[0] * 9, life="2.4 year", shape=200).renewed)
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
        nodes = {"end": fleet.at_year_end, "failed": fleet.failed, "renewed": fleet.renewed, "mean": fleet.in_service}
        data = lca.monte_carlo(nodes, draws=200, progress=False).data
        failed, renewed = data["failed"].cumsum("year"), data["renewed"].cumsum("year")
        np.testing.assert_allclose(delivered + renewed, data["end"] + failed, rtol=1e-12)
        if renewal == "on_failure":
            np.testing.assert_allclose(data["mean"], np.broadcast_to(delivered, (4, 200)), rtol=1e-12)
        else:
            assert float(np.abs(renewed).max()) == 0
            assert np.all(np.diff(data["end"].sel(year=[2025, 2026]), axis=0) < 0)


def test_a_fleet_without_renewal_survives_as_weibull_says() -> None:
    fleet = plan(50, 20, 0, life="3 year", shape=2.5, renewal="none", steps=12)
    lives = stats.weibull_min(2.5, scale=lca.Weibull.of_mean(3, shape=2.5).scale)
    expected = [50 * lives.sf(1), 50 * lives.sf(2) + 20 * lives.sf(1), 50 * lives.sf(3) + 20 * lives.sf(2)]
    np.testing.assert_allclose(values(fleet.at_year_end), expected, rtol=1e-12)
    times = np.linspace(0, 1, 10_001)
    mean = np.trapezoid(50 * lives.sf(1 + times) + 20 * lives.sf(times), times)
    assert values(fleet.in_service)[1] == pytest.approx(mean, rel=1e-4)


def test_u8_an_uncertain_mean_life_is_drawn_and_each_draw_is_the_fleet_of_that_life() -> None:
    life = lca.parameter("mean life", lca.Lognormal("4 year", gsd=1.4))
    drawn = lca.monte_carlo({"life": life, "made": plan(60, 40, 0, life=life).devices_made}, draws=50, progress=False)
    for draw in (0, 17, 49):
        seconds = float(drawn.data["life"].isel(draw=draw))
        alone = values(plan(60, 40, 0, life=f"{seconds / YEAR!r} year").devices_made)
        np.testing.assert_allclose(drawn.data["made"].isel(draw=draw), alone, rtol=1e-9)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(life=st.floats(0.5, 20), shorter=st.floats(0.2, 1), shape=st.floats(0.7, 4))
def test_a_shorter_life_never_makes_fewer_devices(life: float, shorter: float, shape: float) -> None:
    many, few = (
        values(plan(10, 5, 0, life=f"{one!r} year", shape=shape).devices_made).sum() for one in (life * shorter, life)
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
    renewed = values(fleet.renewed)
    expected = np.array([63 + renewed[0], 42 + renewed[1], 21 + renewed[2] / 2, 0])
    np.testing.assert_allclose(values(use.devices_made), expected, rtol=1e-12)


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
    path = lca.save(result, tmp_path / "fleet.json")
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
    "a weibull as mean": (lambda: plan(10, life=lca.Weibull("5 year", shape=2)), DomainError, "plan.life(.|\n)*shape="),
    "life zero": (lambda: plan(10, life="0 year"), DomainError, "plan.life"),
    "life by year": (lambda: plan(10, 5, life=by_year(2024, 4, 5, unit="year")), LabelError, "those of all years"),
    "life as number": (lambda: plan(10, life=5), UnitError, "plan.life"),
    "shape zero": (lambda: plan(10, shape=0), DomainError, "plan.shape"),
    "shape as text": (lambda: plan(10, shape="2"), DomainError, "plan.shape"),
    "half a step": (lambda: plan(10, steps=1.5), DomainError, "plan.steps(.|\n)*whole"),
    "too many steps": (lambda: plan(*[1] * 10, steps=100), DomainError, "at most 240"),
    "renewal": (lambda: plan(10, renewal="yearly"), AccountingError, '"on_failure" or "none"'),
    "spares": (lambda: plan(10, spares=-0.1), DomainError, "plan.spares"),
    "devices and fleet": (lambda: use_of(fleet=plan(10, 0, 0)), AccountingError, "robots.devices(.|\n)*says how many"),
    "no fleet": (lambda: use_of(devices=None, fleet=100), MissingError, "robots.fleet(.|\n)*lca.Fleet"),
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
