"""The numbers of the exports against calculations by hand (hand_study.py) and closed forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import example_study
import hand_study
import numpy as np
import pytest

import lca
from lca.errors import DomainError, LabelError, MissingError, UnitError

#: 12 kg of the tries, 48 of the training, 400 of the chat; 52.5 of the desk, 262 of the servers.
OPERATION, HARDWARE, REQUESTS = 460.0, 314.5, 4e6


def nominal_of(of: Any) -> float:
    return float(of["nominal"])


# --- SCI ----------------------------------------------------------------------------------------------------


def test_sci_terms_are_those_of_the_hand_calculation() -> None:
    data: Any = lca.sci(hand_study.result()).data
    assert data["E"] == {"nominal": 1150.0, "unit": "kWh at the facility"}
    assert data["I"] == {"nominal": 0.4, "unit": "kg CO2e/(kWh at the facility)"}
    assert data["M"] == {"nominal": HARDWARE, "unit": "kg CO2e"}
    assert data["R"] == {"nominal": REQUESTS, "unit": "functional unit"}
    assert nominal_of(data["score"]) == pytest.approx((1150 * 0.4 + HARDWARE) / REQUESTS, rel=1e-12)


def test_a7_the_score_of_the_whole_boundary_is_the_total_per_functional_unit() -> None:
    """Draw by draw, so that every statistic is the same."""
    one = lca.monte_carlo(hand_study.study(lca.Normal("120 kWh", "12 kWh")), draws=2_000, progress=False)
    data: Any = lca.sci(one).data
    total = lca.summary(one, per="functional_unit").loc["total"]
    assert [data["score"][name] for name in ("median", "p5", "p95")] == pytest.approx(
        [total["p50"], total["p5"], total["p95"]], rel=1e-12
    )


def test_stages_narrow_the_boundary_of_the_score() -> None:
    made = lca.sci(hand_study.result(), stages=["use", "manufacturing", "end of life"])
    data: Any = made.data
    assert nominal_of(data["score"]) == pytest.approx((1000 * 0.4 + 300 + 2.5) / REQUESTS, rel=1e-12)
    assert nominal_of(data["E"]) == 1000
    assert data["stages"] == ["manufacturing", "use", "end_of_life"]
    assert data["not_within"]["training"] == "modelled, and left out here"
    with pytest.raises(MissingError, match="models no stage 'usage'"):
        lca.sci(hand_study.result(), stages=["usage"])
    with pytest.raises(MissingError):
        lca.sci(hand_study.result(), stages=[])


def test_r_may_be_what_the_deployment_serves() -> None:
    """A functional unit of a thousand requests: R of the two differs by a thousand, E does not (A12)."""
    each: Any = lca.sci(hand_study.result(), per="request").data
    assert each["score"] == {"nominal": 0.000193625, "unit": "kg CO2e/request"}
    assert each["R"] == {"nominal": REQUESTS, "unit": "request"}
    part: Any = lca.sci(hand_study.result(), per="request", stages=["use"]).data
    assert part["score"] == {"nominal": 400 / REQUESTS, "unit": "kg CO2e/request"}
    with pytest.raises(MissingError):
        lca.sci(hand_study.result(), per="image")


def test_m_by_another_rule_than_time_is_named() -> None:
    """4 years of life hold 1 year by two whole servers."""
    study = hand_study.study().replace({"chat.allocation": "whole_units"})
    made = lca.sci(lca.nominal(study))
    assert made.data["M"] == {"nominal": 52.5 + 2 * 524, "unit": "kg CO2e"}
    assert [note for note in made.notes if note.startswith("M is charged by whole units.")]
    assert lca.sci(hand_study.result()).notes == ()


def test_the_quantiles_of_a_term_are_those_of_its_distribution() -> None:
    """E = 1,030 + X with X normal (120, 12): of n draws an end of the interval errs by sqrt(p (1-p)/n)/density."""
    n = 10_000
    one = lca.monte_carlo(hand_study.study(lca.Normal("120 kWh", "12 kWh")), draws=n, progress=False)
    data: Any = lca.sci(one).data
    ends = 1.6448536269514722
    error = 12 * np.sqrt(0.05 * 0.95 / n) / 0.10313564
    assert data["E"]["p95"] == pytest.approx(1150 + 12 * ends, abs=4 * error)
    assert data["E"]["p5"] == pytest.approx(1150 - 12 * ends, abs=4 * error)


def test_a9_market_based_electricity_is_beside_the_score_and_not_in_it() -> None:
    without, contract = (lca.sci(hand_study.result(contract=bought)) for bought in (False, True))
    assert contract.data["score"] == without.data["score"]
    assert "market-based total of the study, 0.0815 g" in contract.text  # 1,150 kWh x 0.01 + 314.5 kg = 326 kg
    assert "market-based" not in without.text


def test_a13_what_is_known_by_its_co2e_alone_is_in_the_score_and_not_in_e_and_i() -> None:
    known = lca.Training("own", energy="10 kWh", at="wall", site=_hall())
    stated = lca.Training("theirs", impact="3 kg CO2e")
    made = lca.sci(lca.nominal(_alone(known, stated)))
    data: Any = made.data
    assert nominal_of(data["E"]) == 10
    assert nominal_of(data["I"]) == 0.5
    assert nominal_of(data["score"]) == 8
    assert [note for note in made.notes if note.startswith("The energy of theirs is not published")]
    alone: Any = lca.sci(lca.nominal(_alone(stated)))
    assert alone.data["I"] is None
    assert nominal_of(alone.data["score"]) == 3
    assert [note for note in alone.notes if note.startswith("I is not stated")]


def _hall() -> lca.Site:
    return lca.Site("hall", pue=1.0, electricity=lca.Electricity("grid", intensity="0.5 kg CO2e/kWh", at="facility"))


def _alone(*trainings: lca.Training) -> lca.Study:
    unit = lca.FunctionalUnit("one model", count="1 device")
    return lca.Study("models", *trainings, functional_unit=unit, excluded=lca.operation_only("a test"))


# --- SCI for AI ---------------------------------------------------------------------------------------------


def test_the_two_scores_hold_the_activities_of_their_stages_and_are_never_added() -> None:
    made = lca.sci_ai(hand_study.result(), per="request", parameters=2e9, training_tokens="5e9 token", flop="3e19 FLOP")
    data: Any = made.data
    provider, consumer = 12 + 48 + 52.5, 400 + 262
    scores = [(one["nominal"], one["unit"]) for one in data["provider"]["scores"]]
    assert scores == [
        (pytest.approx(provider / 2, rel=1e-12), "kg CO2e/billion parameters"),
        (pytest.approx(provider / 5, rel=1e-12), "kg CO2e/billion training tokens"),
        (pytest.approx(provider / 30_000, rel=1e-12), "kg CO2e/1e15 FLOP"),
    ]
    assert data["consumer"]["scores"] == [{"nominal": consumer / REQUESTS, "unit": "kg CO2e/request"}]
    assert data["provider"]["activities"] == ["tries", "bert"]
    assert "total" not in data
    assert provider + consumer == OPERATION + HARDWARE  # together they are all of the study


def test_a_score_that_the_study_cannot_give_is_named() -> None:
    only: Any = lca.sci_ai(lca.nominal(_alone(lca.Training("own", energy="10 kWh", at="wall", site=_hall()))))
    assert only.data["consumer"] == {"scores": [], "whole": None, "activities": []}
    assert "The study has no use: there is no consumer score." in only.notes
    assert "The provider score needs a unit: parameters=, training_tokens= or flop=." in only.notes
    assert [note for note in only.notes if "development (operation only: a test)" in note]


@pytest.mark.parametrize("wrong", [{"parameters": 0}, {"flop": "-1 FLOP"}, {"training_tokens": float("nan")}])
def test_q4_what_a_model_has_is_above_zero(wrong: dict[str, Any]) -> None:
    with pytest.raises(lca.errors.LcaError):
        lca.sci_ai(hand_study.result(), **wrong)
    with pytest.raises(UnitError):
        lca.sci_ai(hand_study.result(), flop="3 kWh")


# --- printed scores -----------------------------------------------------------------------------------------


def test_q2_the_units_catch_the_first_slip_of_the_draft() -> None:
    """SCI for AI, draft of 2026-01-12, 9.1.3: 6,500 kg over 50e9 tokens is 130 g per million, and not 0.13 g."""
    score = lca.quantity("6500 kg CO2e") / lca.quantity("50e9 token")
    assert (score * lca.quantity("1e6 token")).to("g CO2e").magnitude == pytest.approx(130, rel=1e-12)
    told = {"per": "1e6 token", "whole": "6500 kg CO2e", "units": "50e9 token"}
    assert lca.check_score("130 g CO2e", **told).magnitude == pytest.approx(130, rel=1e-12)
    with pytest.raises(DomainError, match="1,000 times as much follows") as error:
        lca.check_score("0.13 g CO2e", **told)
    assert error.value.fix == "print 130 g CO2e, or correct the whole or its units"


def test_q2_the_units_catch_the_second_slip_of_the_draft() -> None:
    """9.2.2 and 9.2.3: 75,000 kg over 2.5e9 parameters is 30,000 kg per billion, and neither 3,000 kg nor 30 kg."""
    told = {"per": 1e9, "whole": "75000 kg CO2e", "units": 2.5e9}
    assert lca.check_score("30000 kg CO2e", **told).magnitude == pytest.approx(30_000, rel=1e-12)
    for printed in ("3000 kg CO2e", "30 kg CO2e"):
        with pytest.raises(DomainError, match="times as much follows"):
            lca.check_score(printed, **told)


def test_the_right_scores_of_the_draft_pass() -> None:
    assert lca.check_score("4 g CO2e", per="1e15 FLOP", whole="200000 kg CO2e", units="5e22 FLOP")
    assert lca.check_score("0.08 g CO2e", per="1 inference", whole="3200 kg CO2e", units="40e6 inference")


@pytest.mark.parametrize(
    ("printed", "whole", "passes"),
    [("0.13", "0.1349", True), ("0.13", "0.1351", False), ("130", "134.9", True), ("130", "136", False)],
)
def test_a_printed_score_may_be_rounded_at_its_last_digit(printed: str, whole: str, passes: bool) -> None:
    told = {"per": "1 token", "whole": f"{whole} g CO2e", "units": "1 token"}
    if passes:
        assert lca.check_score(f"{printed} g CO2e", **told)
    else:
        with pytest.raises(DomainError):
            lca.check_score(f"{printed} g CO2e", **told)


def test_q2_a_score_per_image_is_not_one_per_token_and_mass_is_not_co2e() -> None:
    with pytest.raises(UnitError):
        lca.check_score("1 g CO2e", per="1 inference", whole="1 kg CO2e", units="1e3 token")
    with pytest.raises(UnitError):
        lca.check_score("1 g", per="1 token", whole="1 kg CO2e", units="1e3 token")
    with pytest.raises(DomainError):
        lca.check_score("1 g CO2e", per=1.0, whole="1 kg CO2e", units=0.0)


# --- the others ---------------------------------------------------------------------------------------------


def test_the_key_of_a_model_card_is_the_electricity_of_the_training_alone() -> None:
    card: Any = lca.model_card(hand_study.result()).data["co2_eq_emissions"]
    assert card["emissions"] == 48_000
    assert "electricity of the training alone" in card["source"]
    assert (card["geographical_location"], card["hardware_used"]) == ("France (FRA)", "desk")
    assert "training_type" not in card


def test_a_report_of_boamps_has_the_energy_of_one_activity_in_kwh() -> None:
    made: Any = lca.boamps(
        hand_study.result(), of="chat", task_family="chatbot", algorithm="llm", dataset="input token",
        infrastructure="publicCloud", components="gpu",
    )  # fmt: skip
    assert made.data["measures"][0]["powerConsumption"] == 1000
    assert made.data["task"]["nbRequest"] == REQUESTS
    assert made.data["infrastructure"]["components"] == [
        {"componentName": "server", "componentType": "gpu", "nbComponent": 2}
    ]
    assert made.data["environment"] == {"country": "France", "powerSourceCarbonIntensity": 400}
    assert json.loads(made.text) == made.data


@pytest.mark.parametrize(("spread", "quality"), [(0.05, "high"), (0.12, "medium"), (0.3, "low")])
def test_the_quality_of_boamps_is_the_half_width_of_the_interval(spread: float, quality: str) -> None:
    """Uniform from 1 - w to 1 + w times 120 kWh: the 5 and 95 % quantiles lie 0.9 w from the median."""
    width = spread / 0.9
    energy = lca.Uniform(f"{120 * (1 - width)} kWh", f"{120 * (1 + width)} kWh")
    one = lca.monte_carlo(hand_study.study(energy), draws=4_000, progress=False)
    made = lca.boamps(
        one, of="bert", task_family="a", algorithm="b", dataset="input text", infrastructure="other", components="gpu"
    )
    assert made.data["quality"] == quality


def test_annex_xi_gives_development_and_training_apart_from_the_use() -> None:
    data: Any = lca.annex_xi(hand_study.result()).data
    assert nominal_of(data["energy"]) == 150
    assert {name: one["nominal"] for name, one in data["activities"].items()} == {
        "tries": 30,
        "bert": 120,
        "chat": 1000,
    }


def test_d2_an_export_is_of_one_alternative_and_prometheus_labels_all() -> None:
    loads = {"few": "1000000 request/year", "many": "2000000 request/year"}
    study = hand_study.study().vary("case", {"chat.load": loads})
    both = lca.nominal(study)
    for make in (lca.sci, lca.sci_ai, lca.annex_xi, lca.footprint_statement, lca.methods_text, lca.model_card):
        with pytest.raises(LabelError, match="an export is of one alternative") as error:
            make(both)
        assert "result.sel(" in error.value.fix
    totals = [
        line for line in lca.prometheus(both).text.splitlines() if "grams_co2e{" in line and 'stage="total"' in line
    ]
    assert 'case="few"' in totals[0]
    assert float(totals[1].rsplit(" ", 1)[1]) == pytest.approx(774_500, rel=1e-12)


def test_a7_the_two_scores_of_the_lab_hold_all_of_its_study() -> None:
    """Five trainings that are summed, ten engines of which one is chosen, five years."""
    one = lca.nominal(example_study.study().sel(engine=example_study.BEST))
    data: Any = lca.sci_ai(one).data
    whole = sum(nominal_of(data[side]["whole"]) for side in ("provider", "consumer"))
    assert whole == pytest.approx(float(one.data["total"]), rel=1e-12)
    score: Any = lca.sci(one).data
    by_terms = nominal_of(score["E"]) * nominal_of(score["I"]) + nominal_of(score["M"])
    assert by_terms == pytest.approx(whole, rel=1e-12)


def test_what_was_not_kept_is_asked_for_or_said() -> None:
    study = hand_study.study(lca.Normal("120 kWh", "12 kWh"))
    without = lca.monte_carlo(study, draws=200, details=False, progress=False)
    with pytest.raises(MissingError, match="details were not kept"):
        lca.sci(without)
    assert "lca_energy_joules" not in lca.prometheus(without).text
    assert lca.prometheus(without).notes == ("No energies: the details were not kept, or only CO2e is known.",)
    assert lca.footprint_statement(without).data["total"]
    kept = lca.monte_carlo(study, draws=40_000, keep="summary", details=True, progress=False)
    assert lca.sci(kept).notes == ("Sums over activities are of the first 16,384 of 40,000 draws.",)


def test_a_loaded_result_says_the_same_numbers(tmp_path: Path) -> None:
    result = hand_study.result(contract=True)
    again = lca.load(lca.save(result, tmp_path / "chat.json"))
    for make in (lca.sci, lca.sci_ai, lca.annex_xi, lca.prometheus):
        assert make(again).data == make(result).data
        assert make(again).text == make(result).text
    for make in (lca.footprint_statement, lca.methods_text, lca.model_card):
        lacking = {note for note in make(again).notes if note not in make(result).notes}
        assert bool(lacking) == (again.study is None)
