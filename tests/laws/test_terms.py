"""Each term counts on its own dims (D5): what is split over parts is the same whole, and nothing counts per part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from base_study import (
    ACTIVE,
    IDLE,
    KWH,
    MADE,
    MARGINAL,
    PER_JOULE,
    PERIOD,
    engine,
    figures,
    grid,
    place,
    robot,
    robots,
    run,
    study_of,
)

import lca
from lca.errors import AccountingError, LcaError

JOULES = {"det": 0.3, "desc": 0.2}


def by(values: dict[Any, float], unit: str, dim: str = "net") -> Any:
    return lca.labelled(values, unit, dim=dim)


def use_of(*, roles: tuple[str, ...] = ("net",), **changes: Any) -> float:
    return figures(study_of(robots(**changes), parts=roles))["use"]


# --- the examples of the rule -------------------------------------------------------------------------------


def test_d5_joules_split_over_parts_count_idle_power_once() -> None:
    found = figures(study_of(robots(inference=engine(by(JOULES, "J/inference"))), parts=("net",)))
    assert found["use"] == pytest.approx((IDLE + MARGINAL) * PER_JOULE, rel=1e-12)
    assert found["manufacturing"] == pytest.approx(MADE, rel=1e-12)
    assert found["functional_unit"] == pytest.approx(10 * ACTIVE, rel=1e-12)


@pytest.mark.parametrize(("dim", "roles"), [("loc", ("loc",)), ("time", ())])
def test_d5_two_loads_on_the_same_robots_count_idle_once(dim: str, roles: tuple[str, ...]) -> None:
    load = by({"A": 10, "B": 10}, "inference/s", dim)
    found = figures(study_of(robots(load=load), parts=roles))
    assert found["use"] == pytest.approx((IDLE + 2 * MARGINAL) * PER_JOULE, rel=1e-12)
    assert found["manufacturing"] == pytest.approx(MADE, rel=1e-12)
    assert found["functional_unit"] == pytest.approx(20 * ACTIVE, rel=1e-12)


SHIFTS = {"day": 6, "night": 2}


def shifts() -> Any:
    """6 and 2 hours of a day, which are 8."""
    return by({name: hours / 24 for name, hours in SHIFTS.items()}, "", "shift")


SLEEPING = {
    "off": ({}, 0.0),
    "asleep": ({"sleep_power": "0.4 W at_board"}, 0.4 * 2 * ACTIVE),
    "idle": ({"idle": "4 h/day"}, 1.9 * ACTIVE / 2),
    "idle and asleep": ({"idle": "4 h/day", "sleep_power": "0.4 W at_board"}, 0.95 * ACTIVE + 0.4 * 1.5 * ACTIVE),
}


@pytest.mark.parametrize(("rest", "beside"), SLEEPING.values(), ids=list(SLEEPING))
def test_d5_time_on_split_over_shifts_is_the_same_time(rest: dict[str, Any], beside: float) -> None:
    """D5: the rest of the day, idle or asleep, is there once."""
    found = use_of(roles=("shift",), active=shifts(), **rest)
    assert found == pytest.approx((IDLE + MARGINAL + beside) * PER_JOULE, rel=1e-12)


# --- every way to split an amount ------------------------------------------------------------------------------

BY_HAND = (IDLE + MARGINAL) * PER_JOULE
SPLITS: dict[str, tuple[Callable[[], dict[str, Any]], float]] = {
    "idle power": (lambda: {"idle_power": by({"cpu": 1.2, "gpu": 0.7}, "W at_board")}, BY_HAND),
    "devices": (lambda: {"devices": by({"A": 60, "B": 40}, "device")}, BY_HAND),
    "devices and their load": (
        lambda: {"devices": by({"A": 60, "B": 40}, "device"), "load": by({"A": 5, "B": 20}, "inference/s")},
        (IDLE + 0.5 * (0.6 * 5 + 0.4 * 20) * ACTIVE) * PER_JOULE,
    ),
    "load and joules": (
        lambda: {"load": by({"A": 5, "B": 20}, "inference/s"),
                 "inference": engine(by({"A": 0.3, "B": 0.2}, "J/inference"))},
        (IDLE + (0.3 * 5 + 0.2 * 20) * ACTIVE) * PER_JOULE,
    ),
    "joules and a load over another dim": (
        lambda: {"load": by({"A": 5, "B": 20}, "inference/s", "loc"), "inference": engine(by(JOULES, "J/inference"))},
        (IDLE + 0.5 * 25 * ACTIVE) * PER_JOULE,
    ),
    "sleep power": (
        lambda: {"sleep_power": by({"cpu": 0.3, "gpu": 0.1}, "W at_board")},
        BY_HAND + 0.4 * 2 * ACTIVE * PER_JOULE,
    ),
    "gross joules": (
        lambda: {"inference": engine(by({"det": 0.4, "desc": 0.2}, "J/inference"), baseline="gross",
                                     throughput="20 inference/s")},
        (IDLE + (0.6 - 1.9 / 20) * 10 * ACTIVE) * PER_JOULE,
    ),
    "gross joules and their throughput": (
        lambda: {"inference": engine(by({"det": 0.4, "desc": 0.2}, "J/inference"), baseline="gross",
                                     throughput=by({"det": 30, "desc": 60}, "inference/s"))},
        (IDLE + (0.6 - 1.9 / 30 - 1.9 / 60) * 10 * ACTIVE) * PER_JOULE,
    ),
    "joules of batches": (
        lambda: {"inference": engine(by({"det": 0.8, "desc": 0.6}, "J/batch"), per="batch", batch=4)},
        (IDLE + 0.35 * 10 * ACTIVE) * PER_JOULE,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "expected"), SPLITS.values(), ids=list(SPLITS))
def test_d5_what_is_split_sums_to_the_whole(fields: Callable[[], dict[str, Any]], expected: float) -> None:
    changes = fields()
    found = figures(study_of(robots(**changes), parts=tuple(dims_of(changes))))
    assert found["use"] == pytest.approx(expected, rel=1e-12)
    assert found["manufacturing"] == pytest.approx(MADE, rel=1e-12)
    for stage in ("use", "manufacturing", "distribution", "end_of_life"):
        assert np.sum(found[f"{stage}/robots"]) == pytest.approx(found[stage], rel=1e-12)
    assert np.sum(found["energy/robots"]) * 0.4 == pytest.approx(found["use"], rel=1e-12)  # kWh


def dims_of(changes: dict[str, Any]) -> set[str]:
    return set(robots(**changes).energy.dim_names) - {"year"}


@pytest.mark.parametrize("boundary", ["component", "board", "wall", "facility"])
def test_d5_at_every_boundary_what_lacks_the_dim_counts_once(boundary: str) -> None:
    """D5, A1: the rest of the machine runs once beside two networks; the supply passes on 80 %, PUE is 1.2."""
    site = place(rest_of_machine="3 W at_board", supply_efficiency=0.8, pue=1.2)
    joules = engine(by(JOULES, "J/inference"), at=boundary)
    found = use_of(inference=joules, idle_power=f"1.9 W at_{boundary}", site=site)
    energy = IDLE + MARGINAL + (3 * ACTIVE if boundary == "component" else 0)
    factor = {"component": 1.2 / 0.8, "board": 1.2 / 0.8, "wall": 1.2, "facility": 1.0}[boundary]
    assert found == pytest.approx(energy * factor * PER_JOULE, rel=1e-12)


def test_d5_a_burden_and_a_share_may_be_split() -> None:
    made = robot(embodied=by({"board": 30, "case": 10}, "kg CO2e"))
    assert figures(study_of(robots(on=made), parts=("net",)))["manufacturing"] == pytest.approx(MADE, rel=1e-12)
    shared = {"allocation": "share", "share": by(JOULES, "")}
    assert figures(study_of(robots(**shared), parts=("net",)))["manufacturing"] == pytest.approx(MADE / 2, rel=1e-12)


def test_d5_time_of_running_by_shift_charges_idle_time_once() -> None:
    lives = {"on": robot(service_life="20000 h"), "allocation": "active_time", "active": shifts(), "idle": "4 h/day"}
    found = figures(study_of(robots(**lives), parts=("shift",)))
    assert found["manufacturing"] == pytest.approx(40 * 1.5 * ACTIVE / (20_000 * 3_600), rel=1e-12)


def test_d5_traffic_over_parts_beside_the_devices() -> None:
    link = lca.Network("link", "0.05 kWh/GB", at="facility", site=place(name="net"))
    fields = {"network": link, "traffic": by({"up": 10, "down": 20}, "kB/inference")}
    found = figures(study_of(robots(**fields), parts=("net",)))
    carried = 30e3 / 1e9 * 10 * ACTIVE * 0.05 * 0.4
    assert found["use"] == pytest.approx(BY_HAND + carried, rel=1e-12)


# --- an intensive quantity varies over parts only where its amount does ---------------------------------------


def loss() -> lca.Electricity:
    return grid(intensity="0.4 kg CO2e/kWh", at="busbar", grid_loss=by({"A": 0.05, "B": 0.1}, ""))


INTENSIVE: dict[str, Callable[[], Any]] = {
    "intensity": lambda: run(site=place(electricity=grid(intensity=by({"A": 0.4, "B": 0.4}, "kg CO2e/kWh")))),
    "grid loss": lambda: run(site=place(electricity=loss())),
    "pue": lambda: run(site=place(pue=by({"A": 1.1, "B": 1.2}, ""))),
    "efficiency": lambda: run(at="board", site=place(supply_efficiency=by({"A": 0.9, "B": 0.8}, ""))),
    "intensity over idle": lambda: robots(
        inference=engine(by({"A": 0.3, "B": 0.2}, "J/inference")),
        site=place(electricity=grid(intensity=by({"A": 0.4, "B": 0.4}, "kg CO2e/kWh"))),
    ),
    "lifetime": lambda: robots(on=robot(lifetime=by({"A": 5, "B": 8}, "year"))),
    "network": lambda: robots(
        network=lca.Network("link", by({"A": 0.05, "B": 0.02}, "kWh/GB"), at="facility", site=place(name="net")),
        traffic="20 kB/inference",
    ),
    "batch": lambda: robots(inference=engine("0.8 J/batch", per="batch", batch=by({"A": 1, "B": 4}, ""))),
    "throughput": lambda: robots(
        inference=engine(baseline="gross", throughput=by({"A": 30, "B": 60}, "inference/s")),
    ),
}


@pytest.mark.parametrize("activity", INTENSIVE.values(), ids=list(INTENSIVE))
def test_d5_an_intensive_value_over_parts_that_its_amount_lacks_raises(activity: Callable[[], Any]) -> None:
    """D5: an intensity by part of 100 kWh without parts made 80 kg of 40."""
    with pytest.raises(AccountingError, match="counted in each"):
        study_of(activity(), parts=("net",))


def test_d5_an_intensive_value_over_the_parts_of_its_amount_is_fine() -> None:
    energy = by({"A": 60, "B": 40}, "kWh")
    electricity = grid(intensity=by({"A": 0.4, "B": 0.1}, "kg CO2e/kWh"))
    site = place(electricity=electricity, pue=by({"A": 1.0, "B": 1.5}, ""))
    found = figures(study_of(run(energy=energy, site=site), parts=("net",)))
    assert found["total"] == pytest.approx(60 * 0.4 + 40 * 1.5 * 0.1, rel=1e-12)
    # over years each year of the energy takes its own
    years = {2022 + i: 0.1 * (i + 1) for i in range(5)}
    by_year = place(electricity=grid(intensity=by(years, "kg CO2e/kWh", "year")))
    mean = sum(years.values()) / 5
    assert use_of(roles=(), site=by_year) == pytest.approx((IDLE + MARGINAL) / KWH * mean, rel=1e-12)
    # and over alternatives it may differ as it likes
    rivals = run(site=place(electricity=grid(intensity=by({"A": 0.4, "B": 0.1}, "kg CO2e/kWh"))))
    assert figures(study_of(rivals, alternatives=("net",)))["total"] == pytest.approx([40, 10], rel=1e-12)


# --- tables and scenarios ---------------------------------------------------------------------------------------


def test_d5_details_summaries_and_years_sum_to_the_total() -> None:
    study = study_of(robots(inference=engine(by(JOULES, "J/inference"))), run(), parts=("net",))
    found = figures(study)
    result = lca.monte_carlo(study, draws=50, progress=False)
    for way in ("activity", "year"):
        table = lca.summary(result, by=way)["nominal"]
        assert table.drop("total").sum() == pytest.approx(found["total"], rel=1e-12)
        assert table["total"] == pytest.approx(found["total"], rel=1e-12)
    assert np.asarray(found["use/robots"]).shape in ((5, 2), (2, 5))
    assert np.sum(found["use/robots"]) == pytest.approx(BY_HAND, rel=1e-12)


def test_d5_alternatives_beside_parts_each_count_idle_once() -> None:
    split = lca.parameter("det", by({"fast": 0.3, "slow": 0.6}, "J at_board/inference", "engine"))
    other = lca.parameter("desc", by({"fast": 0.2, "slow": 0.1}, "J at_board/inference", "engine"))
    both = lca.functions.stack({"det": split, "desc": other}, "net")
    found = figures(study_of(robots(inference=engine(both, at=None)), parts=("net",), alternatives=("engine",)))
    expected = [(IDLE + j * 10 * ACTIVE) * PER_JOULE for j in (0.5, 0.7)]
    np.testing.assert_allclose(found["use"], expected, rtol=1e-12)
    np.testing.assert_allclose(found["total"], np.add(expected, 4_400.0), rtol=1e-12)


def test_d5_a_scenario_that_splits_is_one_that_does_not() -> None:
    base = study_of(robots(inference=engine(by(JOULES, "J/inference"))), parts=("net",))
    found = figures(base.vary("way", {"engine.energy": {"split": by(JOULES, "J/inference"), "whole": "0.5 J"}}))
    np.testing.assert_allclose(found["use"], [BY_HAND, BY_HAND], rtol=1e-12)
    np.testing.assert_allclose(found["total"], [BY_HAND + 4_400.0] * 2, rtol=1e-12)


def test_d5_five_runs_of_one_duration_hold_their_hardware_five_times() -> None:
    """D5, A8: a power for each model and one duration are runs one after another, as before."""
    power = by({"a": 100, "b": 200}, "W")
    runs = run(energy=None, power=power, duration="1 year", on=robot(), devices=1, allocation="reserved_time")
    found = figures(study_of(runs, parts=("net",)))
    assert found["training"] == pytest.approx(300 * PERIOD / 5 * PER_JOULE, rel=1e-12)
    assert found["manufacturing"] == pytest.approx(40 * 2 / 5, rel=1e-12)


# --- what one device does at one time -----------------------------------------------------------------------------

AT_ONCE: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "two loads together": (lambda: {"load": by({"A": 10, "B": 10}, "inference/s")}, "above the throughput"),
    "shifts of more than a day": (lambda: {"active": by({"A": 0.6, "B": 0.6}, "")}, "more than the whole day"),
    "power of both": (
        lambda: {"load": by({"A": 7, "B": 7}, "inference/s"), "on": robot(max_power="5 W")}, "above the maximum power",
    ),
}  # fmt: skip
ENGINE = {"throughput": "15 inference/s"}


@pytest.mark.parametrize(("fields", "said"), AT_ONCE.values(), ids=list(AT_ONCE))
def test_d5_what_meets_on_one_device_is_summed_before_a_law_looks_at_it(
    fields: Callable[[], dict[str, Any]], said: str
) -> None:
    with pytest.raises(LcaError, match=said):
        study_of(robots(inference=engine(**ENGINE), **fields()), parts=("net",))


APART: dict[str, Callable[[], dict[str, Any]]] = {
    "years": lambda: {
        "active": by(dict.fromkeys(range(2022, 2027), 0.6), "", "year"),
        "load": by(dict.fromkeys(range(2022, 2027), 12), "inference/s", "year"),
    },
    "devices of their own": lambda: {
        "devices": by({"A": 60, "B": 40}, "device"), "load": by({"A": 10, "B": 12}, "inference/s"),
        "active": by({"A": 0.6, "B": 0.9}, ""), "on": robot(max_power="6 W"),
    },
    "shifts": lambda: {"active": by({"A": 0.6, "B": 0.3}, ""), "load": by({"A": 10, "B": 12}, "inference/s")},
}  # fmt: skip


@pytest.mark.parametrize("fields", APART.values(), ids=list(APART))
def test_d5_other_years_devices_and_shifts_do_not_meet_on_one_device(fields: Callable[[], dict[str, Any]]) -> None:
    parts = () if "year" in robots(**fields()).active.dim_names else ("net",)
    assert figures(study_of(robots(inference=engine(**ENGINE), **fields()), parts=parts))["use"] > 0
