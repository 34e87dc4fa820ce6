"""Deployments without inference, studies of operation alone, trainings known from the energy of a window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import AccountingError, DomainError, LcaError, MissingError, SystemBoundaryError
from lca.inventory.stages import STAGES
from lca.logs.training.training_log import TrainingLog

GRID = lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility")
HOME = lca.Site("home", electricity=GRID, pue=1.0, supply_efficiency=0.8)
PHONE = lca.Hardware("phone", embodied="50 kg CO2e", lifetime="4 year")
ONLY = lca.operation_only("the phones exist anyway")
YEAR = 8_766  # h


def phones(**fields: Any) -> lca.Deployment:
    base: dict[str, Any] = {
        "power": "273 mW at_board", "devices": 1_000, "start": 2024, "period": "2 year", "active": "6 h/day",
        "site": HOME,
    } | fields  # fmt: skip
    return lca.Deployment("phones", **base)


def study(*activities: Any, excluded: Any = ONLY, **rest: Any) -> lca.Study:
    unit = rest.pop("functional_unit", lca.FunctionalUnit("project", count=1))
    return lca.Study("part", *activities, functional_unit=unit, excluded=excluded, **rest)


def kwh(activity: Any) -> float:
    return float(lca.nominal(activity.energy).data["value"].sum())


# --- deployments without inference ----------------------------------------------------------------------------


def test_devices_that_run_no_inference_take_their_power() -> None:
    """1,000 x 0.273 W x 6 h/day for two years, and while idle or asleep what they take then; 80 % of it at the wall."""
    energy = 1_000 * 0.273e-3 * YEAR / 4 * 2
    assert kwh(phones()) == pytest.approx(energy, rel=1e-12)
    assert float(lca.nominal(study(phones())).data["total"]) == pytest.approx(energy / 0.8 * 0.4, rel=1e-12)
    idle = 1_000 * 20e-6 * YEAR / 2 * 2
    asleep = 1_000 * 5e-6 * YEAR / 4 * 2
    rest = {"idle": "12 h/day", "idle_power": "20 mW at_board", "sleep_power": "5 mW at_board"}
    assert kwh(phones(**rest)) == pytest.approx(energy + idle + asleep, rel=1e-12)
    by_year = lca.labelled({2024: 1_000, 2025: 3_000}, "device", dim="year")
    assert kwh(phones(devices=by_year)) == pytest.approx(2 * energy, rel=1e-12)


def test_a12_nothing_is_told_per_inference_where_none_runs() -> None:
    one = study(phones(), functional_unit=lca.FunctionalUnit("device years", count=phones().device_years))
    result = lca.nominal(one)
    with pytest.raises(MissingError, match="per"):
        lca.summary(result, per="inference")
    each = 0.273e-3 * YEAR / 4 / 0.8 * 0.4
    assert lca.summary(result, per="device_year").loc["total", "nominal"] == pytest.approx(each, rel=1e-12)
    assert lca.summary(result, per="device").loc["total", "nominal"] == pytest.approx(2 * each, rel=1e-12)
    for asked in ("inferences", "rate"):
        with pytest.raises(MissingError, match="runs no inference(.|\n)*device_years"):
            getattr(phones(), asked)


def test_a12_beside_one_that_runs_inference_the_functional_unit_says_whose() -> None:
    engine = lca.Inference("net", "0.5 J at_board/inference", per="inference", baseline="marginal")
    robots = lca.Deployment("robots", engine, load="10 inference/s", idle_power="2 W at_board", active=1.0, start=2024,
                            period="2 year", site=HOME)  # fmt: skip
    unit = lca.FunctionalUnit("inference", count=robots.inferences)
    result = lca.nominal(study(phones(), robots, functional_unit=unit))
    total = float(result.data["total"])
    count = 10 * 2 * YEAR * 3600
    assert lca.summary(result, per="inference").loc["total", "nominal"] == pytest.approx(total / count, rel=1e-12)


def test_a15_the_power_of_a_phone_is_below_what_it_can_draw() -> None:
    excluded = {stage: lca.outside_goal("not asked") for stage in STAGES if stage not in ("use", "manufacturing")}
    on = {"on": PHONE.replaced(max_power="5 W"), "allocation": "reserved_time"}
    study(phones(power="7 W at_board", **on), excluded=excluded)
    with pytest.raises(AccountingError, match="above the maximum power"):
        study(phones(power="8 W at_board", **on), excluded=excluded)
    with pytest.raises(AccountingError, match="devices"):
        study(phones(devices=None, on={PHONE: 8}, allocation="reserved_time"), excluded=excluded)


NET = lca.Inference("net", "0.5 J at_board/inference", per="inference", baseline="marginal")
LINK = lca.Network("link", "0.05 kWh/GB", at="facility", site=HOME)
ENGINE: dict[str, Any] = {"inference": NET, "power": None}


@pytest.mark.parametrize(
    ("fields", "error", "said"),
    [
        ({"power": None}, MissingError, 'power="273 mW at_board"'),
        ({"load": "1 inference/s"}, DomainError, "load.*(.|\n)*give the inference"),
        ({"network": LINK, "traffic": "1 kB/inference"}, DomainError, "network(.|\n)*traffic(.|\n)*give the inference"),
        (ENGINE, MissingError, 'load(.|\n)*idle_power(.|\n)*load="10 inference/s"'),
        (ENGINE | {"load": "1 inference/s"}, MissingError, "idle_power"),
        ({"inference": NET, "load": "1 inference/s", "idle_power": "1 W at_board"}, DomainError, "leave power= out"),
        ({"idle": "2 h/day"}, MissingError, "idle power is not given"),
        ({"active": "25 h/day"}, DomainError, "active"),
        ({"power": "273 mW"}, LcaError, "phones.power"),
    ],
)
def test_what_a_deployment_needs_and_must_not_have(fields: dict[str, Any], error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        phones(**fields)


def test_d4_the_power_of_a_deployment_may_be_a_scenario() -> None:
    varied = study(phones()).vary("screen", {"phones.power": {"off": "0.1 W at_board", "on": "1 W at_board"}})
    total = lca.nominal(varied).data["total"]
    assert float(total.sel(screen="on")) == pytest.approx(10 * float(total.sel(screen="off")), rel=1e-12)


# --- studies of operation alone (A6) --------------------------------------------------------------------------


def test_a6_operation_only_excludes_hardware_and_what_the_study_has_not(tmp_path: Any) -> None:
    run = lca.Training("run", energy="10 kWh at_wall", site=HOME)
    one = study(run, phones())
    assert set(one.model.stages) == {"training", "use"}
    assert set(one.excluded) == set(STAGES) - {"training", "use"} == set(one.model.excluded)
    assert one.excluded["manufacturing"].reason == "operation only: the phones exist anyway"
    assert not any("hardware" in note for note in one.model.notes)
    lca.report(lca.nominal(one), tmp_path)
    assert (tmp_path / "report.md").read_text().count("| excluded | operation only: the phones exist anyway |") == 4
    more = ONLY | {"development": lca.below_cut_off("1 g CO2e", source="a log")}
    assert study(run, excluded=more).excluded["development"].upper == pytest.approx(1e-3)


def test_a6_operation_only_has_no_hardware_and_a_reason() -> None:
    with pytest.raises(SystemBoundaryError, match="manufacturing is modelled and excluded"):
        study(phones(on=PHONE, allocation="reserved_time"))
    with pytest.raises(SystemBoundaryError, match="reason"):
        lca.operation_only(" ")


def test_a6_of_two_studies_of_operation_each_excludes_what_it_has_not() -> None:
    run = lca.Training("run", energy="10 kWh at_wall", site=HOME)
    both = lca.alternatives("way", {"with": study(run, phones()), "without": study(phones())})
    assert lca.nominal(both).data["training"].to_numpy().tolist() == pytest.approx([4, 0], rel=1e-12)


# --- the energy of a window -----------------------------------------------------------------------------------


def test_a_training_from_the_energy_of_a_window() -> None:
    """46 Wh for 1,000 of 170,000 iterations are 7.82 kWh, of all devices together; 143 s are 6.75 h."""
    window: dict[str, Any] = {"energy": "46 Wh", "measured": 1_000, "planned": 170_000, "pace": 1, "at": "wall"}
    run = lca.Training.extrapolated("run", **window, devices=8)
    assert kwh(run) == pytest.approx(7.82, rel=1e-12)
    assert run.duration is None
    timed = lca.Training.extrapolated("run", **window, duration="143 s")
    assert kwh(timed) == pytest.approx(7.82, rel=1e-12)
    assert float(lca.nominal(timed.duration).data["value"]) == pytest.approx(143 * 170, rel=1e-12)
    powered = lca.Training.extrapolated("run", **window | {"energy": None}, power="46 W", duration="1 h")
    assert kwh(powered) == pytest.approx(7.82, rel=1e-12)
    more = timed.replaced(planned=340_000)
    assert kwh(more) == pytest.approx(15.64, rel=1e-12)
    assert lca.Development.extrapolated("desk", **window).stage == "development"


def test_d5_the_first_part_of_each_run_counts_for_each() -> None:
    """100 W, 100 s for 1,000 iterations of 2,000 and of 4,000: each run has a first part, so 20 kJ and 40 kJ."""
    planned = lca.labelled({"a": 2_000.0, "b": 4_000.0}, "iteration", dim="model")
    run = lca.Training.extrapolated(
        "run", duration="100 s", power="100 W", measured=1_000, planned=planned, pace=1, at="wall", site=HOME
    )
    whole = lca.nominal(study(run, parts=("model",))).data["energy/run"].sum()
    assert 3.6e6 * float(whole) == pytest.approx(60_000, rel=1e-12)


def test_m7_a_whole_run_is_as_sure_as_real_runs_were() -> None:
    """One mark at 0.6 %: a factor of 65 from 5 to 95 %; ten even marks at 10 %: within 30 %; the source says both."""
    one = lca.Training.extrapolated("run", duration="143 s", power="100 W", measured=1_000, planned=170_000, at="wall")
    low, high = quantiles(one.duration)
    assert high / low == pytest.approx(65, rel=0.1)
    assert one.forecast is not None
    assert "three marks or more" in one.forecast.advice
    assert "424 runs of 49 public repositories" in lca.provenance(one.duration)["source"]["run.pace"]
    steps = np.arange(1.0, 11.0) * 1_000
    log = TrainingLog(Path("train.log"), "made", steps, steps * 0.143, "iteration", planned=100_000)
    ten = lca.Training.extrapolated("run", log, power="100 W", at="wall")
    low, high = quantiles(ten.duration)
    assert high / low < 1.5
    assert low < 14_300 < high
    assert float(lca.nominal(ten.duration).data["value"]) == pytest.approx(14_300, rel=1e-6)


def test_m7_fewer_planned_than_measured_raises_with_both_figures() -> None:
    fields: dict[str, Any] = {"duration": "143 s", "power": "100 W", "measured": 1_000, "at": "wall"}
    for planned in (900, lca.Uniform(900, 2_000)):
        with pytest.raises(DomainError, match=r"planned: from 900(.|\n)*measured: 1000"):
            lca.Training.extrapolated("run", planned=planned, **fields)
    early = lca.Training.extrapolated("run", planned=lca.Uniform(10_000, 20_000), pace=1, **fields)
    assert quantiles(early.duration) == pytest.approx([10_500 * 0.143, 19_500 * 0.143], rel=0.02)


def quantiles(node: Any) -> list[float]:
    """The 5 % and 95 % quantiles of a time, in s."""
    drawn = lca.monte_carlo({"t": node}, draws=200_000, progress=False).data["t"]
    factor = {"s": 1.0, "h": 3_600.0, "year": 31_557_600.0}[str(drawn.attrs["unit"])]
    return [float(drawn.quantile(q)) * factor for q in (0.05, 0.95)]


@pytest.mark.parametrize(
    ("fields", "error", "said"),
    [
        ({"energy": "46 Wh", "power": "148 W"}, DomainError, "energy and power"),
        ({"energy": "46 Wh", "power": "148 W", "duration": "143 s"}, DomainError, "energy and power"),
        ({"power": "148 W"}, DomainError, "duration= and energy= as those of the window"),
        ({"duration": "143 s"}, MissingError, "power= and duration= or its energy="),
        ({"energy": "46 Wh", "planned": None}, MissingError, "give measured= and planned="),
        ({}, DomainError, "extrapolated"),
        ({"energy": "46 W"}, LcaError, r"run\.window_energy"),
    ],
)
def test_a_window_that_says_too_little_or_too_much_raises(fields: dict[str, Any], error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        lca.Training.extrapolated("run", **{"measured": 1_000, "planned": 170_000, "at": "wall"} | fields)
