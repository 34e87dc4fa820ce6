"""Hardware comes along with the activities that run on it, by named rules (A8)."""

from __future__ import annotations

from typing import Any

import pytest
from example_study import field_site, grid, home_site, part, robots, training, workstation

import lca
from lca.errors import AccountingError, MissingError


def nominal(study: Any) -> Any:
    return lca.nominal(study).data


def device(**changes: Any) -> lca.Hardware:
    fields = {
        "embodied": "100 kg CO2e", "distribution": "10 kg CO2e", "end_of_life": "1 kg CO2e", "lifetime": "5 year",
    } | changes  # fmt: skip
    return lca.Hardware("Device", **fields)


def fleet(rule: str, *, period: str = "8 year", **hardware: Any) -> Any:
    inference = lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal")
    use = robots(
        inference, device(**hardware), field_site(grid()), period=period, devices=1, allocation=rule,
        idle="2 h/day", idle_power="1.9 W at_board",
    )  # fmt: skip
    return nominal(part(use))


RULES = {
    "reserved_time": (1.6, {}),
    "whole_units": (2.0, {}),
    # 8 h active and 2 h idle a day for 8 years
    "active_time": (10 * 365.25 * 8 / 20_000, {"service_life": "20000 h"}),
}


@pytest.mark.parametrize("rule", RULES)
def test_a8_eight_years_of_a_five_year_life(rule: str) -> None:
    lives, hardware = RULES[rule]
    data = fleet(rule, **hardware)
    for stage, burden in (("manufacturing", 100), ("distribution", 10), ("end_of_life", 1)):
        assert float(data[stage]) == pytest.approx(lives * burden, rel=1e-12)


@pytest.mark.parametrize(
    ("period", "lifetime", "units"),
    [("5 year", "5 year", 1), ("5.01 year", "5 year", 2), ("60 month", "5 year", 1), ("1 day", "5 year", 1),
     ("12.3 year", "4.1 year", 3), ("16.1 year", "2.3 year", 7)],
)  # fmt: skip
def test_a8_whole_units_are_rounded_up_and_a_rounding_error_buys_none(period: str, lifetime: str, units: int) -> None:
    found = fleet("whole_units", period=period, lifetime=lifetime)
    assert float(found["manufacturing"]) == pytest.approx(100 * units, rel=1e-12)


def test_a8_a_fleet_is_charged_for_every_device_and_a_run_for_its_devices() -> None:
    inference = lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal")
    use = robots(inference, device(), field_site(grid()), devices=100, idle_power="1.9 W at_board")
    assert float(nominal(part(use))["manufacturing"]) == pytest.approx(100 * 100, rel=1e-12)
    run = {"power": "300 W", "duration": "1 year", "at": "wall", "site": home_site(grid())}
    run["allocation"] = "reserved_time"
    eight = lca.Training("run", devices=8, on=device(), **run)
    assert float(nominal(part(eight))["manufacturing"]) == pytest.approx(8 / 5 * 100, rel=1e-12)


def test_a8_hardware_of_several_kinds_with_its_counts() -> None:
    """A8: on={record: count}; the counts are those of the record and not the devices of the power."""
    gpu, host = device(), workstation(lifetime="4 year", embodied="300 kg CO2e")
    run = lca.Training(
        "run", power="300 W", duration="1 year", devices=8, at="wall", on={gpu: 8, host: "2 device"},
        site=home_site(grid()), allocation="reserved_time",
    )  # fmt: skip
    data = nominal(part(run))
    assert float(data["manufacturing/run/device"]) == pytest.approx(8 / 5 * 100, rel=1e-12)
    assert float(data["manufacturing/run/gpu-workstation"]) == pytest.approx(2 / 4 * 300, rel=1e-12)
    assert float(data["manufacturing"]) == pytest.approx(8 / 5 * 100 + 2 / 4 * 300, rel=1e-12)
    assert float(data["energy/run"]) == pytest.approx(0.3 * 8 * 365.25 * 24, rel=1e-12)


def test_a8_a_rule_is_named() -> None:
    with pytest.raises(
        AccountingError, match="no allocation rule 'per_day'(.|\n)*reserved_time, active_time, whole_units"
    ):
        fleet("per_day")
    with pytest.raises(AccountingError, match="names its allocation rule(.|\n)*robots.allocation"):
        fleet("")
    with pytest.raises(MissingError, match="device.service_life"):
        fleet("active_time")
    for later in ("first_use", "share", "economic_value", "none"):
        with pytest.raises(AccountingError, match="no allocation rule"):
            fleet(later)


def test_a8_hardware_is_held_for_a_stated_time() -> None:
    run = lca.Training(
        "run", energy="5 kWh", at="wall", on=device(), site=home_site(grid()), allocation="reserved_time"
    )
    with pytest.raises(MissingError, match="run.duration"):
        part(run)
    with pytest.raises(AccountingError, match="no hardware"):
        part(run.replaced(on="a desk", duration="1 h"))


def test_a8_the_whole_run_is_charged_and_never_the_window() -> None:
    """A8: 170 times the measured seconds, for five models one after the other."""
    study = part(training(device(), home_site(grid())), parts=("model",))
    seconds = 170 * (196 + 188 + 227 + 143 + 187)
    expected = seconds / (5 * 365.25 * 86_400) * 100
    assert float(nominal(study)["manufacturing"]) == pytest.approx(expected, rel=1e-12)


def test_a8_whole_units_are_bought_once_for_parts_that_run_in_turn() -> None:
    """Five trainings on one desk, one after another, need one desk."""
    runs = training(workstation(embodied="100 kg CO2e"), home_site(grid()), allocation="whole_units")
    made = part(runs, parts=("model",))
    assert float(lca.nominal(made).data["manufacturing"]) == 100.0
