"""The set of unknown inputs that makes reports true: closed forms, the lab's ten rows, and answers that are none."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given as drawn_from
from hypothesis import settings
from hypothesis import strategies as st

import lca
from lca.errors import DomainError, LabelError, MissingError, UnitError
from lca.graph.node import Node
from lca.study.small_study import small_study

#: J per inference and lb CO2 per inference of ten engines, as printed in the lab's report.
LAB = {
    "0.386": "1.146e-07", "0.461": "1.369e-07", "0.479": "1.421e-07", "0.489": "1.451e-07", "0.494": "1.466e-07",
    "0.501": "1.488e-07", "0.511": "1.518e-07", "0.524": "1.554e-07", "0.539": "1.598e-07", "0.552": "1.637e-07",
}  # fmt: skip
KWH = ("0 kWh", "10 kWh")


def lab() -> dict[str, Node]:
    joules = lca.labelled({f"e{n}": float(one) for n, one in enumerate(LAB)}, "J/inference", dim="engine")
    converted = lca.parameter("joules", joules) * lca.parameter("conversion", "2.78e-7 kWh/J")
    return {"co2": converted * lca.parameter("rate", "1 lb CO2/kWh")}


def printed(*, rounded_inputs: bool = True, **how: bool) -> dict[str, object]:
    co2 = {f"e{n}": lca.reported(f"{one} lb CO2/inference", **how) for n, one in enumerate(LAB.values())}
    joules = {f"e{n}": f"{one} J/inference" for n, one in enumerate(LAB)}
    return {"co2": co2, "joules": joules} if rounded_inputs else {"co2": co2}


# --- what a printed number stands for ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "low", "high"),
    [
        (lca.reported("0.386 J"), 0.3855, 0.3865),
        (lca.reported("1.950 kWh"), 1.9495, 1.9505),
        (lca.reported("1.146e-07 lb"), 1.1455e-07, 1.1465e-07),
        (lca.reported("1_200 J"), 1199.5, 1200.5),
        (lca.reported("0.386 J", truncated=True), 0.386, 0.387),
        (lca.reported("-0.386 J", truncated=True), -0.387, -0.386),
        (lca.reported("120 W", rounding="10 W"), 115, 125),
        (lca.reported("0.12 kW", rounding="10 W"), 0.115, 0.125),
        (lca.reported("10 W ± 1 W (limits)"), 9, 11),
        (lca.reported("10 W ± 1 W (k=2)"), 9, 11),
        (lca.reported("10 W ± 1 W (k=1)"), 8, 12),
    ],
)
def test_the_last_digit_says_what_a_report_stands_for(made: lca.Reported, low: float, high: float) -> None:
    assert (made.low, made.high) == pytest.approx((low, high), rel=1e-12)


def test_reports_that_say_two_things_are_refused() -> None:
    with pytest.raises(DomainError, match="an uncertainty, and a rounding"):
        lca.reported("10 W ± 1 W (k=2)", rounding="1 W")
    with pytest.raises(DomainError, match="not above 0"):
        lca.reported("10 W", rounding="0 W")
    with pytest.raises(UnitError):
        lca.reported("10 W", rounding="1 J")


# --- the lab's ten rows (docs/lab.md) --------------------------------------------------------------------------


def test_the_rate_of_the_lab_with_the_exact_conversion() -> None:
    """max (lb - u/2) / (J + v/2) to min (lb + u/2) / (J - v/2), by hand; no rate of the lab's subregion lies there."""
    ends = [[(float(co2) + s * 5e-11) / (float(j) - s * 5e-4) * 3.6e6 for s in (-1, 1)] for j, co2 in LAB.items()]
    low, high = max(a for a, _ in ends), min(b for _, b in ends)
    made = lca.infer(lab(), {"rate": None, "conversion": [f"{1 / 3.6e6!r} kWh/J"]}, given=printed())
    assert made.intervals[0] == pytest.approx((low, high), rel=1e-9)
    assert made.intervals[0] == pytest.approx((1.0680351906158358, 1.068635097493036), rel=1e-9)
    assert made.reports["low"].to_list() == pytest.approx([a for a, _ in ends])
    assert made.reports["high"].to_list() == pytest.approx([b for _, b in ends])
    assert not lca.candidates(made, place="US-RFCW")["fits"].any()


def test_the_rate_of_the_lab_with_the_rounded_conversion_is_egrid() -> None:
    """Both answers stand side by side: with 2.78e-7 kWh/J one figure of the subregion fits, CO2 alone of 2019."""
    choices = [f"{1 / 3.6e6!r} kWh/J", "2.78e-7 kWh/J"]
    made = lca.infer(lab(), {"rate": None, "conversion": choices}, given=printed())
    assert [text.partition(" rate is ")[2] for text in made.answers()] == [
        "1.06804 to 1.06864 lb CO2/kWh.", "1.06718 to 1.06778 lb CO2/kWh.",
    ]  # fmt: skip
    assert made.table["low"].to_list() == pytest.approx([1.068035, 1.067181], abs=1e-6)
    found = lca.candidates(made, place="US-RFCW")
    (fit,) = found[found["fits"]].to_dict("records")
    assert (fit["value"], fit["year"], fit["basis"], fit["gases"]) == (pytest.approx(1.067679), 2019, "direct", "CO2")
    assert fit["conversion"] == pytest.approx(2.78e-7)


def test_a_conversion_that_is_free_leaves_the_product_alone() -> None:
    unknown = {"rate": None, "conversion": ("1e-7 kWh/J", "1e-6 kWh/J")}
    made = lca.infer(lab(), unknown, given=printed())
    assert made.answers()[0].startswith("Only rate x conversion is identified: it is ")
    low, high = made.intervals[0]
    scale = 0.45359237 / 3.6e6  # kg/J of lb/kWh
    unit = float(lca.quantity(1.0, str(made.table["unit"].iloc[0])).to("kg CO2/J").magnitude)
    assert (low * unit, high * unit) == pytest.approx((1.0680351906 * scale, 1.0686350975 * scale), rel=1e-8)


def test_exact_joules_contradict_each_other_and_the_two_are_named() -> None:
    made = lca.infer(lab(), {"rate": None, "conversion": [f"{1 / 3.6e6!r} kWh/J"]}, given=printed(rounded_inputs=False))
    assert made.answer == "nothing fits"
    assert made.intervals == []
    (said,) = made.answers()
    assert "co2[engine=e6] needs rate of at least 1.0691, and co2[engine=e8] at most 1.0676" in said
    assert "(0.13 % apart)" in said
    with pytest.raises(MissingError, match="nothing fits"):
        lca.candidates(made)


def test_digits_that_were_cut_off_move_the_interval() -> None:
    made = lca.infer(lab(), {"rate": None, "conversion": [f"{1 / 3.6e6!r} kWh/J"]}, given=printed(truncated=True))
    assert made.intervals[0] == pytest.approx((1.06839, 1.06897), abs=6e-6)


# --- one unknown -----------------------------------------------------------------------------------------------


def test_a_square_leaves_two_intervals() -> None:
    x, y = lca.parameter("x", "3 kWh"), lca.parameter("y", "5 kWh")
    made = lca.infer({"q": (x - y) ** 2}, {"x": KWH}, given={"q": "4.0 kWh^2"})
    ends = [5 - 4.05**0.5, 5 - 3.95**0.5, 5 + 3.95**0.5, 5 + 4.05**0.5]
    assert np.ravel(made.intervals) == pytest.approx(ends, rel=1e-9)
    assert made.answer == "identified"


def test_steps_are_found_to_their_ends() -> None:
    """ceil(x) = 3 for x above 2 up to 3."""
    x = lca.parameter("x", "2.5 device")
    made = lca.infer({"q": lca.functions.ceil(x)}, {"x": ("0 device", "10 device")}, given={"q": "3 device"})
    assert made.intervals == [pytest.approx((2, 3), rel=1e-8)]


def test_what_no_report_depends_on_is_not_identifiable() -> None:
    x, y = lca.parameter("x", "3 kWh"), lca.parameter("y", "5 kWh")
    made = lca.infer({"q": 2 * y, "z": x}, {"x": KWH}, given={"q": "10 kWh"})
    assert (made.answer, made.intervals) == ("any", [(0, 10)])
    assert made.answers() == ["x is not identifiable: every value of its range fits."]
    capped = lca.infer({"q": lca.functions.minimum(y, x)}, {"x": KWH}, given={"q": "5 kWh"})
    assert capped.answers() == ["x is 4.50 to 10.0 kWh (bounded below only: the other end is that of the range)."]
    unreached = lca.infer({"q": x * 2}, {"x": KWH}, given={"q": "50 kWh"})
    assert unreached.answers() == ["Nothing fits: no value of x in its range makes q true."]


def test_an_input_that_two_reports_share_makes_the_set_an_outer_one() -> None:
    """Both need the same pue: the set is never too narrow, and the note says that it may be too wide."""
    x, pue = lca.parameter("x", "3 kWh"), lca.parameter("pue", 1.2)
    nodes = {"a": x * pue, "b": x / pue}
    made = lca.infer(nodes, {"x": KWH}, given={"a": "3.6 kWh", "b": "2.5 kWh", "pue": lca.reported("1.2")})
    assert "may be too wide" in made.table.attrs["note"]
    low, high = made.intervals[0]
    assert low <= 3 <= high


def test_parameters_with_a_spread_are_held_and_said_so() -> None:
    use = lca.parameter("x", "3 kWh") * lca.parameter("noise", lca.Normal(1, 0.1))
    made = lca.infer({"use": use}, {"x": None}, given={"use": "3.0 kWh"})
    assert made.intervals == [pytest.approx((2.95, 3.05), rel=1e-9)]
    assert made.table.attrs["note"].endswith("Held at nominal values: noise.")


@settings(max_examples=25, deadline=None)
@drawn_from(
    st.floats(0.05, 20), st.lists(st.floats(0.05, 20), min_size=1, max_size=4), st.floats(-2, 2), st.integers(2, 4)
)
def test_the_truth_always_lies_in_the_set(truth: float, factors: list[float], power: float, digits: int) -> None:
    """Whatever was printed of a result and its inputs: a result in which the input acts in a curve."""
    x = lca.parameter("x", 1.0)
    nodes: dict[str, Node] = {}
    given: dict[str, object] = {}
    for n, factor in enumerate(factors):
        nodes[f"r{n}"] = lca.parameter(f"f{n}", factor) * lca.functions.power(x + 0.5, round(power, 3)) + x * 0.1 * n
        value = factor * (truth + 0.5) ** round(power, 3) + truth * 0.1 * n
        given |= {f"r{n}": f"{value:.{digits}e}", f"f{n}": f"{factor:.{digits}e}"}
    made = lca.infer(nodes, {"x": (0.01, 100.0)}, given=given)
    assert any(low * (1 - 1e-9) <= truth <= high * (1 + 1e-9) for low, high in made.intervals)


# --- two unknowns ----------------------------------------------------------------------------------------------


def test_a_sum_and_a_difference_bound_both_unknowns() -> None:
    x, y = lca.parameter("x", "3 kWh"), lca.parameter("y", "5 kWh")
    given = {"sum": "8.0 kWh", "difference": "-2.0 kWh"}
    made = lca.infer({"sum": x + y, "difference": x - y}, {"x": KWH, "y": KWH}, given=given)
    for name, truth in (("x", 3.0), ("y", 5.0)):
        row = made.table.loc[name]
        assert row["low"] <= truth - 0.05
        assert row["high"] >= truth + 0.05
        assert (row["low"], row["high"]) == pytest.approx((truth - 0.05, truth + 0.05), abs=1e-3)


@pytest.mark.parametrize(
    ("operation", "low", "high"), [("x", 14.5, 15.5), ("/", 0.595, 0.605), ("+", 7.95, 8.05), ("-", -2.05, -1.95)]
)
def test_what_alone_is_identified_is_named(operation: str, low: float, high: float) -> None:
    x, y = lca.parameter("x", "3 kWh"), lca.parameter("y", "5 kWh")
    node = {"x": x * y, "/": x / y, "+": x + y, "-": x - y}[operation]
    text = {"x": "15 kWh^2", "/": "0.60", "+": "8.0 kWh", "-": "-2.0 kWh"}[operation]
    made = lca.infer({"q": node}, {"x": ("1 kWh", "10 kWh"), "y": ("1 kWh", "10 kWh")}, given={"q": text})
    assert made.table.index.to_list() == [f"x {operation} y"]
    unit = str(made.table["unit"].iloc[0])
    factor = float(lca.quantity(1.0, unit).to({"x": "kWh^2", "/": ""}.get(operation, "kWh")).magnitude)
    assert [one * factor for one in made.intervals[0]] == pytest.approx([low, high], rel=1e-8)


def test_two_reports_that_contradict_each_other_whatever_both_unknowns_are() -> None:
    x, y = lca.parameter("x", "3 kWh"), lca.parameter("y", "5 kWh")
    nodes = {"sum": x + y, "more": x + 2 * y, "difference": x - y}
    given = {"sum": "8.0 kWh", "more": "20 kWh", "difference": "-2.0 kWh"}
    made = lca.infer(nodes, {"x": KWH, "y": KWH}, given=given)
    assert made.answers() == ["Nothing fits: sum and more contradict each other."]


# --- of a study ------------------------------------------------------------------------------------------------


def test_a_field_of_a_study_is_inferred_by_its_path() -> None:
    """47 kg CO2e of 120 kWh: 46.5 / 120 to 47.5 / 120."""
    made = lca.infer(small_study(), {"grid.intensity": None}, given={"total": "47 kg CO2e"})
    assert made.intervals[0] == pytest.approx((46.5 / 120, 47.5 / 120), rel=1e-9)
    assert made.table["unit"].to_list() == ["kg CO2e/(kWh at the facility)"]
    with_pue = lca.infer(small_study(), {"lab.pue": None}, given={"total": "48 kg CO2e"})
    assert with_pue.answers() == ["lab.pue is 1.000 to 1.010 at the facility/at the wall (bounded above only: the "
                                  "other end is that of the range)."]  # fmt: skip
    per = lca.infer(small_study(), {"lab.pue": (1.0, 2.0)}, given={"total per functional_unit": "60 kg CO2e/device"})
    assert per.intervals[0] == pytest.approx((59.5 / 48, 60.5 / 48), rel=1e-9)


def test_d2_a_result_over_years_is_reported_as_their_sum() -> None:
    """Or one year of it by its label."""
    used = lca.parameter("use", lca.labelled({2022: 100.0, 2023: 150.0}, "kWh", dim="year"))
    nodes = {"use": used * lca.parameter("rate", "0.5 kg CO2e/kWh")}
    made = lca.infer(nodes, {"rate": None}, given={"use": "100 kg CO2e"})
    assert made.intervals[0] == pytest.approx((99.5 / 250, 100.5 / 250), rel=1e-9)
    made = lca.infer(nodes, {"rate": None}, given={"use[year=2023]": "60 kg CO2e"})
    assert made.intervals[0] == pytest.approx((59.5 / 150, 60.5 / 150), rel=1e-9)


def test_q4_a_reported_field_of_a_study_gets_what_the_field_attaches() -> None:
    """The training states its meter: the report of its energy is at the wall as well."""
    given = {"total": "47 kg CO2e", "bert.energy": "120 kWh"}
    made = lca.infer(small_study(), {"grid.intensity": None}, given=given)
    assert made.intervals[0] == pytest.approx((46.5 / 120.5, 47.5 / 119.5), rel=1e-9)


def test_a_field_that_was_looked_up_is_inferred_as_one_number() -> None:
    """Its own expression gives way to one number; the grid loss stays."""
    lab_site = lca.Site("lab", pue=1.0, electricity=lca.Electricity.lookup("US-RFCW", 2019, basis="direct"))
    run = lca.Training("BERT", energy="120 kWh", at="wall", site=lab_site)
    others = ("development", "manufacturing", "distribution", "use", "end_of_life")
    study = lca.Study(
        "training", run, functional_unit=lca.FunctionalUnit("one model", count="1 device"),
        excluded=dict.fromkeys(others, lca.outside_goal("we compare trainings")),
    )  # fmt: skip
    made = lca.infer(study, {"us-rfcw-2019.intensity": None}, given={"total": "60 kg CO2e"})
    loss = float(lca.nominal(lab_site.electricity.delivered_share).data["value"])
    assert made.intervals[0] == pytest.approx((59.5 / 120 * loss, 60.5 / 120 * loss), rel=1e-9)


# --- what cannot be asked --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unknown", "given", "error", "said"),
    [
        ({"rat": None}, {"co2[engine=e0]": "1 lb CO2/inference"}, MissingError, "rate"),
        ({"rate": None}, {"c2": "1 lb CO2/inference"}, MissingError, "co2"),
        ({"rate": None}, {"co2": "1 lb CO2/inference"}, LabelError, "name one label"),
        ({"rate": None}, {"co2[engine=x]": "1 lb CO2/inference"}, LabelError, "x"),
        ({"rate": None}, {"co2[engine=e0]": "1 lb CO2e/inference"}, UnitError, "CO2e"),
        ({"rate": None}, {"co2[engine=e0]": 3.0}, DomainError, "as it was printed"),
        ({"rate": None}, {"joules[engine=e0]": "0.386 J/inference"}, DomainError, "no report is of a result"),
        ({"rate": 3.0}, {"co2[engine=e0]": "1 lb CO2/inference"}, DomainError, "write None, a range"),
        ({"rate": ("1 lb CO2/kWh", "0.5 lb CO2/kWh")}, {"co2[engine=e0]": "1 lb CO2/inference"}, DomainError, "order"),
        ({"rate": ("1 kWh", "2 kWh")}, {"co2[engine=e0]": "1 lb CO2/inference"}, UnitError, "kWh"),
        ({"joules": None}, {"co2[engine=e0]": "1 lb CO2/inference"}, DomainError, "each label"),
        ({}, {"co2[engine=e0]": "1 lb CO2/inference"}, DomainError, "unknown"),
        (
            {"rate": None, "conversion": lca.Uniform("1e-7 kWh/J", "3e-7 kWh/J")},
            {"co2[engine=e0]": "1 lb CO2/inference"},
            DomainError,
            "have a prior and others",
        ),
        ({"rate": None}, {"co2[engine=e0]": "1 lb CO2/inference", "rate": "1 lb CO2/kWh"}, DomainError, "at once"),
    ],
)
def test_questions_that_cannot_be_answered(
    unknown: dict[str, object], given: dict[str, object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=re.escape(said)):
        lca.infer(lab(), unknown, given=given)


def test_three_ranges_ask_for_priors() -> None:
    nodes = {"q": lca.parameter("x", 1.0) + lca.parameter("y", 1.0) + lca.parameter("z", 1.0)}
    with pytest.raises(DomainError, match="at most two"):
        lca.infer(nodes, dict.fromkeys("xyz"), given={"q": "3.0"})
    with pytest.raises(DomainError, match="give its range"):
        lca.infer({"q": lca.parameter("x", -1.0) * 2}, {"x": None}, given={"q": "3.0"})
