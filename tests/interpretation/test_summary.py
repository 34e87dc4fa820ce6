"""Summaries: per what, in which unit, over which alternatives, and what the intervals contain (U5, U8, A7, A11)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas
import pytest
from example_study import BEST, JOULES, grid, jetson, part, result, study

import lca
from lca.errors import MissingError, ParseError, UnitError
from lca.interpretation.table import Table, significant

YEAR = 365.25 * 86_400
STAGES = ["development", "training", "manufacturing", "distribution", "use", "end of life"]
QUANTILES = {"p5": 0.05, "p50": 0.5, "p95": 0.95}


@pytest.fixture(scope="module")
def best() -> lca.Result:
    return lca.monte_carlo(study().sel(engine=BEST), draws=4_000, progress=False)


def draws_of(made: lca.Result, stage: str) -> Any:
    return made.data[stage.replace(" ", "_")].to_numpy()


# --- figures --------------------------------------------------------------------------------------------------


def test_u5_columns_are_the_statistics_of_the_draws(best: lca.Result) -> None:
    """U5: the mean and the quantiles of NumPy on the draws, and beside them the nominal value."""
    table = lca.summary(best)
    assert list(table.index) == [*STAGES, "total"]
    assert list(table.columns) == ["p50", "p5", "p95", "mean", "nominal", "share", "unit"]
    nominal = lca.nominal(study().sel(engine=BEST))
    for stage in table.index:
        draws = draws_of(best, stage)
        assert table.loc[stage, "mean"] == pytest.approx(draws.mean(), rel=1e-12)
        for name, q in QUANTILES.items():
            assert table.loc[stage, name] == np.quantile(draws, q)
        assert table.loc[stage, "nominal"] == pytest.approx(draws_of(nominal, stage).item(), rel=1e-12)
        assert table.loc[stage, "share"] == pytest.approx(draws.mean() / draws_of(best, "total").mean(), rel=1e-12)
    assert set(table["unit"]) == {"kg CO2e"}
    assert table.loc["total", "nominal"] < table.loc["total", "mean"], "skewed inputs: the mean is not the nominal"


@pytest.mark.parametrize("per", ["total", "functional_unit", "inference", "year", "device", "device_year"])
def test_a7_shares_sum_to_one(per: str, best: lca.Result) -> None:
    """A7: shares are of the whole mass, and so the same whatever it is divided by; means sum to the total's."""
    table = lca.summary(best, per=per)
    stages = table.drop("total")
    assert stages["share"].sum() == pytest.approx(1, rel=1e-12)
    assert table.loc["total", "share"] == pytest.approx(1, rel=1e-15)
    assert stages["share"].tolist() == pytest.approx(lca.summary(best).drop("total")["share"].tolist(), rel=1e-12)
    assert stages["mean"].sum() == pytest.approx(table.loc["total", "mean"], rel=1e-12)
    assert stages["nominal"].sum() == pytest.approx(table.loc["total", "nominal"], rel=1e-12)


def test_a7_what_is_divided_by_is_that_of_the_fleet(best: lca.Result) -> None:
    """A7: 100 devices, five years; inferences are divided draw by draw, since the load has a spread."""
    tables = {per: lca.summary(best, per=per) for per in ("total", "year", "device", "device_year", "inference")}
    total = tables["total"]
    for per, factor in (("year", 5), ("device", 100), ("device_year", 500)):
        for column in ("nominal", "mean", "p5", "p50", "p95"):
            assert tables[per][column].tolist() == pytest.approx((total[column] / factor).tolist(), rel=1e-12)
    units = {per: set(table["unit"]) for per, table in tables.items()}
    assert units == {
        "total": {"kg CO2e"},
        "year": {"kg CO2e/year"},
        "device": {"kg CO2e/device"},
        "device_year": {"kg CO2e/device year"},
        "inference": {"kg CO2e/inference"},
    }
    count = best.data["functional_unit"].to_numpy()
    assert count.mean() == pytest.approx(
        100 * 35 / 3 * 8 / 24 * 5 * YEAR, rel=0.01
    )  # the mean of Triangular(5, 10, 20)
    each = draws_of(best, "total") / count
    assert tables["inference"].loc["total", "p95"] == np.quantile(each, 0.95)
    assert tables["inference"].loc["total", "nominal"] == pytest.approx(total.loc["total", "nominal"] / 5.25960e10)
    same = lca.summary(best, per="functional_unit").drop(columns="unit")
    pandas.testing.assert_frame_equal(same, tables["inference"].drop(columns="unit"))


def test_nothing_is_rounded_before_it_is_printed(best: lca.Result) -> None:
    """A11: every digit is inside, three are shown."""
    table = lca.summary(best)
    assert isinstance(table, Table)
    value = float(table.loc["use", "p50"])
    assert value != float(significant(value).replace(",", ""))
    assert f" {significant(value)} " in str(table)
    assert str(table).endswith(table.attrs["note"])
    assert significant(value) in table._repr_html_()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9876.54, "9,880"), (999.6, "1,000"), (0.09996, "0.100"), (-1234.0, "-1,230"), (0.0, "0"), (1.0, "1.00"),
        (1.146e-7, "1.15e-07"), (1e-4, "0.000100"), (5.26e10, "52,600,000,000"), (1e12, "1.00e+12"), (math.nan, "n/a"),
        ("text", "text"), (0.05, "0.0500"), (9.996, "10.0"), (99.95, "100"),
    ],
)  # fmt: skip
def test_a11_three_significant_digits(value: Any, text: str) -> None:
    """A11: also where rounding makes the number one digit longer."""
    assert significant(value) == text


# --- units ------------------------------------------------------------------------------------------------------


def test_units_are_converted_and_named(best: lca.Result) -> None:
    table, plain = lca.summary(best, per="inference", unit="mg CO2e"), lca.summary(best, per="inference")
    for column in ("nominal", "mean", "p5", "p50", "p95"):
        assert table[column].tolist() == pytest.approx((plain[column] * 1e6).tolist(), rel=1e-12)
    assert set(table["unit"]) == {"mg CO2e/inference"}
    same = lca.summary(best, per="inference", unit="mg CO2e/inference")
    pandas.testing.assert_frame_equal(pandas.DataFrame(same), pandas.DataFrame(table))
    tonnes = lca.summary(best, unit="t CO2e")
    assert tonnes.loc["total", "p50"] == pytest.approx(lca.summary(best).loc["total", "p50"] / 1000, rel=1e-12)
    assert lca.summary(best, unit="lb CO2e").loc["total", "mean"] == pytest.approx(
        lca.summary(best).loc["total", "mean"] / 0.45359237, rel=1e-12
    )


@pytest.mark.parametrize(
    ("unit", "error"),
    [
        ("kg", UnitError),
        ("kg CO2", UnitError),
        ("kWh", UnitError),
        ("mg CO2e/kWh", UnitError),
        ("mg CO2e/device", UnitError),
        ("t CO2e/inference/year", UnitError),
        ("ton CO2e", ParseError),
        ("CO2eq", UnitError),
    ],
)
def test_q1_another_dimension_is_refused(unit: str, error: type[Exception], best: lca.Result) -> None:
    """Q1, Q2, Q5: a unit is a mass of CO2e, with the denominator that was asked for or none."""
    with pytest.raises(error):
        lca.summary(best, per="inference", unit=unit)


# --- alternatives -----------------------------------------------------------------------------------------------


def test_d2_alternatives_are_a_level_of_the_index(best: lca.Result) -> None:
    """D2: nothing is summed over rivals; each has the rows that it has alone, in the order of its label."""
    table = lca.summary(result())
    assert table.index.names == ["engine", "stage"]
    assert table.index.tolist() == [(engine, stage) for engine in JOULES for stage in (*STAGES, "total")]
    pandas.testing.assert_frame_equal(
        pandas.DataFrame(table.loc[BEST]), pandas.DataFrame(lca.summary(best)), rtol=1e-12
    )
    shares = table["share"].drop("total", level="stage").groupby(level="engine").sum()
    assert shares.tolist() == pytest.approx([1] * 10, rel=1e-12)
    per = lca.summary(result(), per="device_year", unit="g CO2e").loc[(BEST, "total"), "p50"]
    assert per == pytest.approx(lca.summary(best, per="device_year").loc["total", "p50"] * 1000, rel=1e-12)


def test_d4_scenarios_are_further_levels(best: lca.Result) -> None:
    """D4: every combination once, and the labels keep what they are (numbers stay numbers)."""
    varied = (
        study()
        .vary("years", {"robots.period": {3: "3 year", 5: "5 year"}})
        .vary("grid", {"robots.electricity": {place: grid(place) for place in ("US-RFCW", "US-CAMX")}})
    )
    table = lca.summary(lca.monte_carlo(varied, draws=4_000, progress=False))
    assert set(table.index.names) == {"engine", "years", "grid", "stage"}
    assert len(table) == 10 * 2 * 2 * 7
    assert table.index.is_unique
    assert table.index.get_level_values("years").unique().tolist() == [3, 5]
    cell = table.xs((BEST, 5, "US-RFCW"), level=("engine", "years", "grid"))
    pandas.testing.assert_frame_equal(pandas.DataFrame(cell), pandas.DataFrame(lca.summary(best)), rtol=1e-12)


def test_by_activity_is_the_same_whole(best: lca.Result) -> None:
    """A7: details by activity sum to the total, and to their stage."""
    table, stages = lca.summary(best, by="activity"), lca.summary(best)
    assert "use/robots" in table.index
    rows = table.drop("total")
    assert rows["mean"].sum() == pytest.approx(table.loc["total", "mean"], rel=1e-12)
    assert rows["share"].sum() == pytest.approx(1, rel=1e-12)
    made = rows[rows.index.str.startswith("manufacturing/")]["mean"].sum()
    assert made == pytest.approx(stages.loc["manufacturing", "mean"], rel=1e-12)
    with pytest.raises(MissingError, match=r"details were not kept(.|\n)*details=True"):
        lca.summary(lca.monte_carlo(study(), draws=10, details=False, progress=False), by="activity")
    with pytest.raises(MissingError, match="no summary by 'robot'"):
        lca.summary(best, by="robot")


def test_a7_the_years_sum_to_the_total(best: lca.Result) -> None:
    """What has no year of its own is a row, and nothing is counted twice or left out."""
    table = lca.summary(best, by="year")
    assert table.index.name == "year"
    assert table.index.tolist() == ["2022", "2023", "2024", "2025", "2026", "in no year", "total"]
    rows = table.drop("total")
    for column in ("mean", "nominal"):
        assert rows[column].sum() == pytest.approx(table.loc["total", column], rel=1e-12)
    use = best.data["use/robots"].mean("draw")
    assert rows.loc["2024", "mean"] == pytest.approx(float(use.sel(year=2024)), rel=1e-12)
    assert rows["share"].sum() == pytest.approx(1, rel=1e-12)
    per = lca.summary(best, by="year", per="inference", unit="mg CO2e")
    assert per.drop("total")["nominal"].sum() == pytest.approx(per.loc["total", "nominal"], rel=1e-9)
    assert "adds to the inference of all years, not the rate" in per.attrs["note"]


# --- what it says -----------------------------------------------------------------------------------------------


def test_u8_the_note_says_what_the_intervals_contain(best: lca.Result) -> None:
    """U8: covered kinds, choices that were mixed, and what is held at its nominal value."""
    covered, shares = "The interval covers measurement, input and variability uncertainty", "Shares are of the mean."
    apart = "It does not cover choices of model or scenario; these are separate rows."
    assert lca.summary(best).attrs["note"] == f"{covered}. {apart} {shares}"
    method = lca.choice("gate", {"low": "30 kg CO2e", "high": "60 kg CO2e"}, weights=[1, 1])
    life = lca.parameter("life", lca.Uniform("3 year", "8 year"), kind="scenario")
    chosen = study().sel(engine=BEST).replace({"robots.on": jetson(embodied=method, lifetime=life)})
    held = lca.summary(lca.monte_carlo(chosen, draws=10, progress=False))
    assert held.attrs["note"] == f"{covered}. These keep their nominal value: gate, life. {shares}"
    mixed = lca.summary(lca.monte_carlo(chosen, draws=10, progress=False, mix=["gate"]))
    assert (
        mixed.attrs["note"] == f"{covered}, and the mixture over gate. These keep their nominal value: life. {shares}"
    )


def test_u8_a_scenario_that_was_not_selected_is_not_said_to_be_held() -> None:
    life = lca.parameter("life", lca.Uniform("3 year", "8 year"), kind="scenario")
    varied = study().sel(engine=BEST).vary("device", {"robots.on": {"five": jetson(), "open": jetson(lifetime=life)}})
    for label, said in (("open", "keep their nominal value: life."), ("five", "these are separate rows.")):
        assert lca.monte_carlo(varied.sel(device=label), draws=2, progress=False).contents.endswith(said)


def test_u5_nominal_results_have_no_intervals() -> None:
    table = lca.summary(lca.nominal(study().sel(engine=BEST)))
    assert list(table.columns) == ["mean", "nominal", "share", "unit"]
    assert table["nominal"].tolist() == pytest.approx(table["mean"].tolist(), rel=1e-12)


# --- named values without a study -------------------------------------------------------------------------------


def test_values_of_ones_own_keep_their_units() -> None:
    """Q1: every row in its own unit; nothing is called a share of what it is no part of."""
    energy = lca.parameter("e", lca.labelled({"a": lca.Normal(3, 1), "b": 5.0}, "kWh at_facility", dim="case"))
    intensity = lca.parameter("i", lca.Lognormal("0.5 kg CO2e/(kWh at_facility)", gsd=1.2))
    made = lca.monte_carlo(
        {"energy": energy, "mass": energy * intensity, "intensity": intensity}, draws=500, progress=False
    )
    table = lca.summary(made)
    assert "share" not in table
    assert table["unit"].unstack("stage").iloc[0].to_dict() == {
        "energy": "kWh at the facility",
        "intensity": "kg CO2e/(kWh at the facility)",
        "mass": "kg CO2e",
    }
    assert table.loc[("a", "mass"), "p50"] == np.quantile(made.data["mass"].sel(case="a"), 0.5)
    assert table.loc[("b", "intensity"), "mean"] == pytest.approx(made.data["intensity"].mean().item(), rel=1e-12)
    with pytest.raises(MissingError, match=r"nothing is known per 'inference'(.|\n)*one of total"):
        lca.summary(made, per="inference")


def test_a_stage_in_the_place_of_a_category_is_answered_with_the_line_that_takes_it(best: lca.Result) -> None:
    with pytest.raises(MissingError, match=r'xs\("use", level="stage"\)'):
        lca.summary(best, of="use")
    with pytest.raises(MissingError, match="not counted in this study"):
        lca.summary(best, of="water")


def test_per_what_is_not_known_is_named(best: lca.Result) -> None:
    with pytest.raises(
        MissingError, match=r"per 'token'(.|\n)*one of total, functional_unit, inference, device, year, device_year"
    ):
        lca.summary(best, per="token")
    runs = study().replaced(functional_unit=lca.FunctionalUnit("the fleet", count="100 device"))
    made = lca.monte_carlo(runs.sel(engine=BEST), draws=10, progress=False)
    assert set(lca.summary(made, per="functional_unit")["unit"]) == {"kg CO2e/functional unit"}


# --- what is asked for in other words ---------------------------------------------------------------------------


def counted() -> lca.Result:
    said: dict[str, Any] = {
        "at": "facility", "gwp_set": "AR6", "basis": "direct", "mix": "production", "averaging": "average",
    }  # fmt: skip
    factors = {"water": "2 L/kWh", "primary_energy": "2.5 kWh primary/kWh"}
    power = lca.Electricity(intensity="0.5 kg CO2e/kWh", accounting="location-based", categories=factors, **said)
    named = {"name": "wind", "key": "wind", "accounting": "market-based", "instrument": "contract"}
    wind = lca.Electricity(intensity="0.1 kg CO2e/kWh", **named, **said)
    desk = lca.Site("desk", electricity=power, pue=1.0, wue="0 L/(kWh at_wall)", market_electricity=wind)
    run = lca.Training("run", energy="1000 kWh", at="wall", site=desk)
    return lca.nominal(part(run, categories=("climate_change", "water", "primary_energy")))


def test_a_plural_is_put_right(best: lca.Result) -> None:
    with pytest.raises(MissingError, match=r"per 'inferences'(.|\n)*fix: did you mean 'inference'\?"):
        lca.summary(best, per="inferences")
    with pytest.raises(MissingError, match=r"per 'robot'(.|\n)*fix: one of total, functional_unit, inference, "):
        lca.summary(best, per="robot")


def test_a9_market_based_is_asked_for_as_it_is_written(best: lca.Result) -> None:
    made = counted()
    table = lca.summary(made, of="market-based")
    assert table.equals(lca.summary(made, of="market_based"))
    assert table.loc["total", "nominal"] == pytest.approx(100)
    assert lca.summary(made, of="primary energy").loc["total", "nominal"] == pytest.approx(2500)
    with pytest.raises(MissingError, match=r"'market_based' is not counted(.|\n)*market_electricity="):
        lca.summary(best, of="market-based")


@pytest.mark.parametrize(
    ("of", "unit", "said", "fixed"),
    [
        ("water", "m^3", r'1 m\^3 is unit="kL"', "kL"),
        ("primary_energy", "MJ", 'unit="MJ primary"', "MJ primary"),
        ("climate_change", "t", 'unit="t CO2e"', "t CO2e"),
    ],
)
def test_a11_a_plain_unit_says_how_it_is_written_for_what_is_counted(of: str, unit: str, said: str, fixed: str) -> None:
    """A11: and the spelling that is offered works."""
    made = counted()
    with pytest.raises(UnitError, match=said) as raised:
        lca.summary(made, of=of, unit=unit)
    assert raised.value.sides[1] == unit
    assert lca.summary(made, of=of, unit=fixed).loc["total", "unit"] == fixed


@pytest.mark.parametrize("by", ["year", "activity"])
def test_values_by_name_have_no_years_and_no_activities(by: str) -> None:
    result = lca.monte_carlo({"total": lca.parameter("a", "3 kg CO2e")}, draws=10, progress=False)
    with pytest.raises(MissingError, match="values that were given by name: it has no activities and no years"):
        lca.summary(result, by=by)
