"""Hardware comes along with the activities that run on it, by named rules (A8)."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example_study import field_site, grid, home_site, part, robots, training, workstation
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca.errors import AccountingError, DomainError, LabelError, MissingError, RecordError


def nominal(study: Any) -> Any:
    return lca.nominal(study).data


def device(**changes: Any) -> lca.Hardware:
    fields = {
        "embodied": "100 kg CO2e", "distribution": "10 kg CO2e", "end_of_life": "1 kg CO2e", "lifetime": "5 year",
    } | changes  # fmt: skip
    return lca.Hardware("Device", **fields)


ENGINE = lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal")


def use_of(rule: str, **changes: Any) -> lca.Deployment:
    fields: dict[str, Any] = {
        "period": "8 year", "devices": 1, "allocation": rule, "idle": "2 h/day", "idle_power": "1.9 W at_board",
    } | changes  # fmt: skip
    return robots(ENGINE, fields.pop("on", device()), field_site(grid()), **fields)


def fleet(rule: str, *, period: str = "8 year", share: Any = None, **hardware: Any) -> Any:
    return nominal(part(use_of(rule, on=device(**hardware), period=period, share=share)))


RULES: dict[str, tuple[float, dict[str, str]]] = {
    "reserved_time": (1.6, {}),
    "whole_units": (2.0, {}),
    "first_use": (2.0, {}),
    "none": (0.0, {}),
    # 8 h active and 2 h idle a day for 8 years
    "active_time": (10 * 365.25 * 8 / 20_000, {"service_life": "20000 h"}),
    "active_time with a share": (10 * 365.25 * 8 / 20_000 * 0.25, {"service_life": "20000 h", "share": "25 %"}),
    "share": (1.6 * 0.25, {"share": "25 %"}),
    "economic_value": (0.25, {"share": "25 %"}),
}


@pytest.mark.parametrize("rule", RULES)
def test_a8_eight_years_of_a_five_year_life(rule: str) -> None:
    lives, more = RULES[rule]
    data = fleet(rule.partition(" ")[0], **more)
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
    with pytest.raises(DomainError, match="no allocation rule 'per_day'(.|\n)*reserved_time, active_time"):
        fleet("per_day")
    with pytest.raises(AccountingError, match="allocation rule is not given(.|\n)*robots.allocation"):
        fleet("")
    with pytest.raises(MissingError, match="device.service_life"):
        fleet("active_time")
    with pytest.raises(MissingError, match="counts the devices a fleet makes(.|\n)*robots.fleet"):
        fleet("devices_made")


def test_a8_a_share_is_stated_exactly_with_the_rules_that_charge_it() -> None:
    for rule in ("share", "economic_value"):
        with pytest.raises(MissingError, match="no share is stated(.|\n)*robots.share"):
            fleet(rule)
    for rule in ("reserved_time", "whole_units", "none"):
        with pytest.raises(AccountingError, match="no rule here takes one(.|\n)*robots.share"):
            fleet(rule, share=0.5)
    for wrong in (8, -0.1, "120 %"):
        with pytest.raises(DomainError, match="robots.share"):
            fleet("share", share=wrong)
    with pytest.raises(LabelError, match="robots.share"):
        fleet("share", share=lca.labelled(dict.fromkeys(range(2022, 2030), 0.5), "", dim="year"))
    alone = lca.Training("run", energy="5 kWh", at="wall", site=home_site(grid()), share=0.5)
    with pytest.raises(AccountingError, match="no rule here takes one(.|\n)*run.share(.|\n)*no hardware"):
        part(alone)


def test_a8_what_is_charged_by_value_needs_no_duration() -> None:
    run = lca.Training(
        "run", energy="5 kWh", at="wall", on=device(), devices=8, site=home_site(grid()),
        allocation="economic_value", share=0.25,
    )  # fmt: skip
    assert float(nominal(part(run))["manufacturing"]) == pytest.approx(8 * 0.25 * 100, rel=1e-12)


# --- rules side by side ---------------------------------------------------------------------------------------

SIDE_BY_SIDE = ("reserved_time", "whole_units", "active_time", "share", "economic_value", "none")


def test_a8_two_rules_side_by_side_are_two_studies_run_apart() -> None:
    """A8, U2: the rules share every draw, and only what a device is charged differs."""
    figures = {"embodied": lca.Lognormal("100 kg CO2e", gsd=1.5), "lifetime": lca.Lognormal("5 year", gsd=1.3)}
    on = device(**figures, service_life=lca.Uniform("10000 h", "30000 h"))
    load, share = lca.Triangular("5 inference/s", "10 inference/s", "20 inference/s"), lca.Uniform(0.2, 0.4)

    def built(rule: str) -> lca.Study:
        stated = share if rule in ("share", "active_time", "economic_value") else None
        use = use_of(rule, on=on, load=load, share=stated, period=lca.Uniform("3 year", "8 year"))
        return part(use, functional_unit=lca.FunctionalUnit("one frame", count=use.inferences))

    varied = built("share").vary("allocation", {"robots.allocation": {rule: rule for rule in SIDE_BY_SIDE}})
    assert varied.alternatives == ("allocation",)
    data = lca.monte_carlo(varied, draws=500, progress=False).data
    assert "allocation" not in data["use"].dims
    for rule in SIDE_BY_SIDE:
        alone = lca.monte_carlo(built(rule), draws=500, progress=False).data
        for name in ("total", "manufacturing", "end_of_life", "use"):
            found = data[name].sel(allocation=rule) if "allocation" in data[name].dims else data[name]
            np.testing.assert_allclose(found.to_numpy(), alone[name].to_numpy(), rtol=1e-12, atol=0)
    one = nominal(varied.sel(allocation="whole_units"))
    np.testing.assert_allclose(one["total"], nominal(built("whole_units"))["total"], rtol=1e-12)


def test_a8_rules_that_are_by_year_and_by_part_stand_beside_those_that_are_not() -> None:
    """A7: five trainings with one desk and with a part of it each; years are not counted once per rule."""
    runs = training(device(), home_site(grid()))
    varied = part(runs, parts=("model",)).vary(
        "rule", {"superpoint-backbones.allocation": {"time": "reserved_time", "desk": "whole_units"}}
    )
    seconds = 170 * (196 + 188 + 227 + 143 + 187)
    expected = [seconds / (5 * 365.25 * 86_400) * 100, 100]
    np.testing.assert_allclose(nominal(varied)["manufacturing"], expected, rtol=1e-12)
    plan = lca.labelled({2022: 10, 2023: 0}, "device", dim="year")
    made = use_of("devices_made", devices=None, fleet=lca.Fleet("plan", plan, life="5 year", shape=1), period="2 year")
    varied = part(made).vary("rule", {"robots.allocation": {rule: rule for rule in ("reserved_time", "devices_made")}})
    by_rule = nominal(varied)["manufacturing"]
    assert float(by_rule.sel(rule="reserved_time")) == pytest.approx(10 * 2 / 5 * 100, rel=1e-12)
    assert float(by_rule.sel(rule="devices_made")) == pytest.approx(float(nominal(part(made))["manufacturing"]))


def test_a8_whole_studies_with_different_rules_stand_side_by_side() -> None:
    both = lca.alternatives("rule", {rule: part(use_of(rule)) for rule in ("reserved_time", "whole_units")})
    np.testing.assert_allclose(nominal(both)["manufacturing"], [160, 200], rtol=1e-12)
    with pytest.raises(DomainError, match="no allocation rule 'by_mass'"):
        part(use_of("none")).vary("rule", {"robots.allocation": {"a": "none", "b": "by_mass"}})


def test_a8_nothing_is_charged_openly() -> None:
    study = part(use_of("none"))
    assert "robots runs on device and is charged nothing of it" in study.model.notes
    assert float(nominal(study)["manufacturing"]) == 0
    assert not any("charged nothing" in note for note in part(use_of("reserved_time")).model.notes)


def test_a7_a_second_charge_after_a_first_use_is_listed() -> None:
    desk = device()

    def run(name: str, rule: str) -> lca.Training:
        return lca.Training(
            name, power="300 W", duration="1 year", at="wall", on=desk, site=home_site(grid()), allocation=rule
        )

    once = part(run("first", "first_use"), run("second", "none"))
    assert float(nominal(once)["manufacturing"]) == 100
    assert not any("charged twice" in note for note in once.model.notes)
    twice = part(run("first", "first_use"), run("second", "reserved_time"))
    assert float(nominal(twice)["manufacturing"]) == pytest.approx(120, rel=1e-12)
    assert any("first runs on device" in note and "second by reserved_time" in note for note in twice.model.notes)


# --- all users of a device (A7) ---------------------------------------------------------------------------------


def test_a7_users_of_a_device_and_what_nobody_uses_sum_to_the_whole() -> None:
    desk = device(service_life="20000 h")
    held = lca.allocation_table(desk, uses={"training": "1 year", "robots": "18 month"})
    assert held["share"].tolist() == pytest.approx([0.2, 0.3, 0.5, 1.0], rel=1e-12)
    assert held["burden"].tolist() == pytest.approx([0.2 * 111, 0.3 * 111, 0.5 * 111, 111], rel=1e-12)
    assert held.index.tolist() == ["training", "robots", "not allocated", "whole"]
    assert "reserved_time" in held.attrs["note"]
    ran = lca.allocation_table(desk, uses={"training": "5000 h", "robots": "15000 h"}, rule="active_time")
    assert ran["share"].tolist() == pytest.approx([0.25, 0.75, 0.0, 1.0], rel=1e-12)
    slices = lca.allocation_table(desk, uses={"a": 1 / 7, "b": "28 %"}, rule="share")
    assert slices["share"].tolist() == pytest.approx([1 / 7, 0.28, 1 - 1 / 7 - 0.28, 1.0], rel=1e-12)
    value = lca.allocation_table(desk, uses={"paper": 3, "product": 9}, rule="economic_value")
    assert value["share"].tolist() == pytest.approx([0.25, 0.75, 0.0, 1.0], rel=1e-12)
    first = lca.allocation_table(desk, uses={"training": "1 h", "robots": "4 year"}, rule="first_use")
    assert first["share"].tolist() == [1.0, 0.0, 0.0, 1.0]


def test_a7_more_than_the_whole_raises() -> None:
    with pytest.raises(AccountingError, match="more than the whole(.|\n)*training: 0.6(.|\n)*robots: 0.6"):
        lca.allocation_table(device(), uses={"training": "3 year", "robots": "3 year"})
    with pytest.raises(AccountingError, match="more than the whole"):
        lca.allocation_table(device(), uses={"a": 0.6, "b": 0.5}, rule="share")
    with pytest.raises(DomainError, match="for several users 'whole_units'"):
        lca.allocation_table(device(), uses={"a": "1 year"}, rule="whole_units")
    with pytest.raises(DomainError, match="for several users 'by_mass'"):
        lca.allocation_table(device(), uses={"a": "1 year"}, rule="by_mass")
    with pytest.raises(AccountingError, match="sum to zero"):
        lca.allocation_table(device(), uses={"a": 0, "b": 0}, rule="economic_value")
    with pytest.raises(AccountingError, match="no users"):
        lca.allocation_table(device(), uses={})
    with pytest.raises(MissingError, match="device.service_life"):
        lca.allocation_table(device(), uses={"a": "1 year"}, rule="active_time")
    with pytest.raises(LabelError, match="one label at a time"):
        lca.allocation_table(device(), uses={"a": lca.labelled({"x": 1, "y": 2}, "year", dim="model")})
    with pytest.raises(DomainError):
        lca.allocation_table(device(), uses={"a": 1.2}, rule="share")


SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)


@SETTINGS
@given(parts=st.lists(st.floats(0, 1), min_size=1, max_size=8), rule=st.sampled_from(("reserved_time", "share")))
def test_a7_shares_sum_to_one_whatever_the_parts(parts: list[float], rule: str) -> None:
    scale = max(1.0, sum(parts))
    unit = " year" if rule == "reserved_time" else ""
    uses = {f"use {i}": f"{part / scale * (5 if unit else 1)!r}{unit}" for i, part in enumerate(parts)}
    table = lca.allocation_table(device(), uses=uses, rule=rule)
    assert table["share"][:-1].sum() == pytest.approx(1, abs=1e-9)
    assert table["burden"][:-1].sum() == pytest.approx(111, rel=1e-9)
    assert (table["share"] >= 0).all()


@pytest.mark.slow
@SETTINGS
@given(
    rule=st.sampled_from(("reserved_time", "whole_units", "first_use", "active_time", "devices_made")),
    years=st.floats(0.6, 12), shorter=st.floats(0.3, 1),
)  # fmt: skip
def test_a8_a_shorter_life_never_lowers_the_footprint(rule: str, years: float, shorter: float) -> None:
    def made(life: float) -> float:
        text = f"{life!r} year"
        plan = lca.labelled({2022: 7, 2023: 3, 2024: 0}, "device", dim="year")
        fields: dict[str, Any] = {"period": "3 year"}
        if rule == "devices_made":
            fields |= {"devices": None, "fleet": lca.Fleet("plan", plan, life=text, shape=2)}
        on = device(lifetime=text, service_life=f"{life * 3000!r} h")
        return float(nominal(part(use_of(rule, on=on, **fields)))["manufacturing"])

    assert made(years * shorter) >= made(years) * (1 - 1e-9)


def test_a8_hardware_is_held_for_a_stated_time() -> None:
    run = lca.Training(
        "run", energy="5 kWh", at="wall", on=device(), site=home_site(grid()), allocation="reserved_time"
    )
    with pytest.raises(MissingError, match="run.duration"):
        part(run)
    with pytest.raises(RecordError, match="not a Hardware"):
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


def test_the_example_of_the_page_on_allocation_prints_what_it_shows() -> None:
    page = (Path(__file__).parents[2] / "docs" / "allocation.md").read_text(encoding="utf-8")
    match = re.search(r"```python\n(.*?)```\n```\n(.*?)```", page, re.DOTALL)
    assert match is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(match[1], "docs/allocation.md", "exec"), {})
    assert printed.getvalue().split() == match[2].split()
    for rule in RULES:
        assert f"| `{rule.partition(' ')[0]}` |" in page
