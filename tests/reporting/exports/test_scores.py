"""SCI, SCI for AI and printed scores against calculations by hand (hand_study.py) and closed forms."""

from __future__ import annotations

from typing import Any

import hand_study
import numpy as np
import pytest

import lca
from lca.errors import DomainError, MissingError, UnitError

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
    thousand = lca.nominal(hand_study.study(requests=1_000))
    unit, each = (lca.sci(thousand, per=per).data for per in ("functional_unit", "request"))
    assert unit["score"] == {"nominal": 0.193625, "unit": "kg CO2e/functional unit"}
    assert each["score"] == {"nominal": 0.000193625, "unit": "kg CO2e/request"}
    assert unit["R"] == {"nominal": 4_000, "unit": "functional unit"}
    assert each["R"] == {"nominal": REQUESTS, "unit": "request"}
    assert unit["E"] == each["E"]
    part = lca.sci(thousand, per="year", stages=["use"]).data
    assert part["R"] == {"nominal": 1, "unit": "year"}
    assert part["score"] == {"nominal": 400, "unit": "kg CO2e/year"}
    consumer: Any = lca.sci_ai(thousand, per="request").data["consumer"]
    assert consumer["scores"] == [{"nominal": 662 / REQUESTS, "unit": "kg CO2e/request"}]
    with pytest.raises(MissingError):
        lca.sci(thousand, per="image")


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
    stated = lca.Training("theirs", impact="3 kg CO2e")
    made = lca.sci(lca.nominal(hand_study.alone(hand_study.known(), stated)))
    data: Any = made.data
    assert nominal_of(data["E"]) == 10
    assert nominal_of(data["I"]) == 0.5
    assert nominal_of(data["score"]) == 8
    assert [note for note in made.notes if note.startswith("The energy of theirs is not published")]
    alone: Any = lca.sci(lca.nominal(hand_study.alone(stated)))
    assert alone.data["I"] is None
    assert nominal_of(alone.data["score"]) == 3
    assert [note for note in alone.notes if note.startswith("I is not stated")]


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
    only: Any = lca.sci_ai(lca.nominal(hand_study.alone(hand_study.known())))
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
