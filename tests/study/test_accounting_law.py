"""What is in a study, what sums to what, and what a table prints (A6, A7, A11)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas
import pytest
from example_study import (
    BEST,
    engines,
    field_site,
    grid,
    home_site,
    jetson,
    part,
    result,
    robots,
    training,
    workstation,
)

import lca
from lca.errors import DomainError, RecordError, SystemBoundaryError, UnitError
from lca.interpretation.table import Table, significant
from lca.inventory.stages import STAGES

TO_LAST_DIGITS = {"rtol": 1e-12, "atol": 0}


def nominal(study: Any) -> Any:
    return lca.nominal(study).data


# --- the system boundary (A6) -------------------------------------------------------------------------------

OUTSIDE = lca.outside_goal("a part is enough here")


def operation(excluded: dict[str, Any], **rest: Any) -> lca.Study:
    """One training of 1,000 kg CO2e and no hardware."""
    plain = lca.Electricity(intensity="1 kg CO2e/kWh", at="facility")
    run = lca.Training("run", energy="1000 kWh", at="wall", site=home_site(plain))
    unit = lca.FunctionalUnit("one training", count="1 device")
    return lca.Study("operation", run, functional_unit=unit, excluded=excluded, **rest)


OTHERS = tuple(stage for stage in STAGES if stage != "training")


def test_a6_every_stage_is_modelled_or_excluded() -> None:
    with pytest.raises(SystemBoundaryError, match="neither modelled nor excluded") as raised:
        operation({"use": OUTSIDE, "development": OUTSIDE})
    assert raised.value.sides == ("manufacturing", "distribution", "end of life")
    assert "outside_goal" in str(raised.value)
    assert "below_cut_off" in str(raised.value)
    for stage in OTHERS:
        with pytest.raises(SystemBoundaryError, match=stage.replace("_", " ")):
            operation({name: OUTSIDE for name in OTHERS if name != stage})
    assert float(nominal(operation(dict.fromkeys(OTHERS, OUTSIDE)))["total"]) == pytest.approx(1_000)


@pytest.mark.parametrize("reason", ["no data", None, 5, ""])
def test_a6_an_exclusion_without_a_bound_or_a_goal_raises(reason: Any) -> None:
    with pytest.raises(RecordError, match="each value an Exclusion(.|\n)*use: (.|\n)*outside_goal"):
        operation(dict.fromkeys(OTHERS, OUTSIDE) | {"use": reason})


BAD_BOUNDS = {
    "no source": lambda: lca.below_cut_off("5 kg CO2e", source=" "),
    "plain mass": lambda: lca.below_cut_off("5 kg", source="a report"),
    "energy": lambda: lca.below_cut_off("5 kWh", source="a report"),
    "less than nothing": lambda: lca.below_cut_off("-5 kg CO2e", source="a report"),
    "nothing": lambda: lca.below_cut_off("0 kg CO2e", source="a report"),
    "no goal": lambda: lca.outside_goal("  "),
}


@pytest.mark.parametrize("build", BAD_BOUNDS.values(), ids=list(BAD_BOUNDS))
def test_a6_a_reason_that_says_nothing_raises(build: Any) -> None:
    with pytest.raises((SystemBoundaryError, UnitError, DomainError)):
        build()


def test_a6_the_cut_off_is_checked_each_and_together() -> None:
    """A6: 1 % each and 5 % together, of 1,000 kg, unless the study states others."""

    def bounded(*uppers: float, **rest: Any) -> lca.Study:
        bounds = [lca.below_cut_off(f"{upper} kg CO2e", source="similar devices") for upper in uppers]
        names = OTHERS[: len(bounds)]
        return operation(dict.fromkeys(OTHERS, OUTSIDE) | dict(zip(names, bounds, strict=True)), **rest)

    bounded(9.9, 9.9, 9.9, 9.9, 9.9)
    with pytest.raises(SystemBoundaryError, match=r"above the cut-off \(1% each, 5% together\)") as raised:
        bounded(10.1, 5.0, 20.0)
    assert raised.value.sides == (
        "development: 10.1 kg CO2e = 1.01%",
        "distribution: 20 kg CO2e = 2.00%",
    )
    bounded(19.0, 19.0, cut_off=(0.02, 0.05))
    with pytest.raises(SystemBoundaryError, match="together 5.70%"):
        bounded(19.0, 19.0, 19.0, cut_off=(0.02, 0.05))


def test_a6_the_smallest_alternative_bounds_what_may_be_left_out() -> None:
    plain = lca.Electricity(intensity="1 kg CO2e/kWh", at="facility")
    sizes = lca.labelled({"small": 100, "large": 10_000}, "kWh", dim="size")
    run = lca.Training("run", energy=sizes, at="wall", site=home_site(plain))
    bound = {"use": lca.below_cut_off("2 kg CO2e", source="similar devices")}
    with pytest.raises(SystemBoundaryError, match=r"use: 2 kg CO2e = 2.00%"):
        part(run, alternatives=("size",), excluded=bound)
    part(run, parts=("size",), excluded=bound)


def test_a6_of_a_total_of_zero_every_upper_estimate_is_above_the_cut_off() -> None:
    run = lca.Training(
        "run", energy="5 kWh", at="wall", site=home_site(lca.Electricity(intensity="0 kg CO2e/kWh", at="facility"))
    )
    with pytest.raises(SystemBoundaryError, match="use: 2 kg CO2e = inf%"):
        part(run, excluded={"use": lca.below_cut_off("2 kg CO2e", source="similar devices")})


def test_a6_a_stage_is_not_both_and_has_a_name() -> None:
    with pytest.raises(SystemBoundaryError, match="training is modelled and excluded"):
        operation(dict.fromkeys(STAGES, OUTSIDE))
    with pytest.raises(SystemBoundaryError, match="no stage 'manufacture'(.|\n)*manufacturing"):
        operation(dict.fromkeys(OTHERS, OUTSIDE) | {"manufacture": OUTSIDE})


@pytest.mark.parametrize("field", ["distribution", "end_of_life"])
def test_a6_a_hardware_record_states_its_stages_too(field: str) -> None:
    """A6: a missing figure of one device raises, unless it is excluded by its own name or with its stage."""
    bare, home = workstation(**{field: None}), home_site(grid())
    with pytest.raises(SystemBoundaryError, match=f"gpu-workstation.{field}(.|\n)*wide distribution"):
        part(training(bare, home), parts=("model",))
    part(training(bare, home), parts=("model",), excluded={field: OUTSIDE})
    other = training(workstation(name="another desk"), home, name="another run")
    both = part(training(bare, home), other, parts=("model",), excluded={f"gpu-workstation.{field}": OUTSIDE})
    assert f"{field}/another-run" in both.model.details
    assert f"{field}/superpoint-backbones" not in both.model.details


@pytest.mark.parametrize("name", ["gpu-workstation.embodied", "gpu-workstation.distribution", "desk.distribution"])
def test_a6_an_exclusion_of_what_is_given_or_not_there_raises(name: str) -> None:
    bare, home = workstation(end_of_life=None), home_site(grid())
    excluded = {"gpu-workstation.end_of_life": OUTSIDE, name: OUTSIDE, "end_of_life": OUTSIDE}
    with pytest.raises(SystemBoundaryError, match=f"{name}(.|\n)*lacking: gpu-workstation.end_of_life"):
        part(training(bare, home), parts=("model",), excluded=excluded)


# --- sums (A7) -----------------------------------------------------------------------------------------------


def test_a7_parts_sum_to_stages_and_stages_to_the_total() -> None:
    data, model = result().data, result().model
    for stage in model.stages:
        inside = [name for name in model.details if name.split("/")[0] == stage]
        assert inside
        whole = sum(data[name].sum([d for d in data[name].dims if d in ("model", "year")]) for name in inside)
        np.testing.assert_allclose(*np.broadcast_arrays(whole.to_numpy(), data[stage].to_numpy()), **TO_LAST_DIGITS)
    total = sum(data[stage] for stage in model.stages)
    np.testing.assert_allclose(total.transpose(*data["total"].dims), data["total"], **TO_LAST_DIGITS)


def test_a7_years_sum_to_the_total() -> None:
    data = result().data
    for name in ("use/robots", "energy/robots"):
        assert list(data[name]["year"].values) == [2022, 2023, 2024, 2025, 2026]
    np.testing.assert_allclose(data["use/robots"].sum("year"), data["use"], **TO_LAST_DIGITS)


@pytest.mark.parametrize(("period", "shares"), [("2.5 year", [1, 1, 0.5]), ("1 year", [1]), ("3 month", [0.25])])
def test_a7_a_period_falls_into_its_years(period: str, shares: list[float]) -> None:
    use = robots(engines(), jetson(), field_site(grid()), period=period, load="10 inference/s")
    years = nominal({"t": use.time_per_year, "n": use.inferences, "e": use.energy.named("e")})
    length = 365.25 * 86_400
    np.testing.assert_allclose(years["t"], np.array(shares) * length, rtol=1e-12)
    np.testing.assert_allclose(years["n"], np.array(shares) * length * 100 * 10 / 3, rtol=1e-12)
    assert float(years["t"].sum()) == pytest.approx(float(nominal(use.period)["value"]), rel=1e-12)
    assert list(years["year"].values) == [2022 + i for i in range(len(shares))]


def test_a7_an_uncertain_period_falls_into_as_many_years_as_it_can_last() -> None:
    spread = lca.Triangular("3 year", "5 year", "7.2 year")
    use = robots(engines(), jetson(), field_site(grid()), period=spread)
    data = lca.monte_carlo({"t": use.time_per_year, "period": use.period}, draws=2_000, progress=False).data
    assert data.sizes["year"] == 8
    np.testing.assert_allclose(data["t"].sum("year"), data["period"], rtol=1e-12)
    assert float(data["t"].min()) == 0


def test_a7_shares_of_a_table_sum_to_one() -> None:
    for by in ("stage", "activity"):
        table = lca.summary(result(), by=by)
        shares = table["share"].xs(BEST, level="engine")
        assert shares.drop("total").sum() == pytest.approx(1, rel=1e-12)
        assert shares["total"] == pytest.approx(1, rel=1e-12)


# --- printed figures (A11) -------------------------------------------------------------------------------------


def test_a11_tables_keep_all_digits_and_print_three() -> None:
    best = lca.monte_carlo(part(training(workstation(), home_site(grid())), parts=("model",)), progress=False)
    table = lca.summary(best)
    draws = best.data["total"].to_numpy()
    for column, q in (("p5", 0.05), ("p50", 0.5), ("p95", 0.95)):
        assert table.loc["total", column] == pytest.approx(np.quantile(draws, q), rel=1e-14)
    assert table.loc["total", "mean"] == pytest.approx(draws.mean(), rel=1e-13)
    assert len(f"{table.loc['total', 'mean']!r}") > 12
    printed = repr(table).splitlines()
    for stage, line in zip(table.index, printed[2:], strict=False):
        figures = [significant(float(table.loc[stage, column])) for column in table.columns[:-1]]
        assert line.split() == [*stage.split(), *figures, "kg", "CO2e"]
    assert printed[-1] == table.attrs["note"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(9_876.54, "9,880"), (0.0651234, "0.0651"), (1.1457e-7, "1.15e-07"), (999.6, "1,000"), (0.0, "0"),
     (-3.14159, "-3.14"), (52_596_000_000.0, "52,600,000,000"), (1e12, "1.00e+12"), (math.nan, "n/a"),
     (0.00012345, "0.000123")],
)  # fmt: skip
def test_a11_three_significant_digits(value: float, text: str) -> None:
    assert significant(value) == text
    assert text in str(Table(pandas.DataFrame({"x": [value]})))


def test_a11_one_unit_for_a_table_in_its_own_column() -> None:
    for per, unit, label in (
        ("total", None, "kg CO2e"),
        ("total", "t CO2e", "t CO2e"),
        ("inference", "mg CO2e", "mg CO2e/inference"),
        ("device_year", None, "kg CO2e/device year"),
    ):
        table = lca.summary(result(), per=per, unit=unit)
        assert list(table.columns) == ["p50", "p5", "p95", "mean", "nominal", "share", "unit"]
        assert set(table["unit"]) == {label}
    kilograms, tonnes = lca.summary(result()), lca.summary(result(), unit="t CO2e")
    np.testing.assert_allclose(tonnes["mean"] * 1_000, kilograms["mean"], rtol=1e-14)
    np.testing.assert_allclose(tonnes["share"], kilograms["share"], rtol=1e-14)
