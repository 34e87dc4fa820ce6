"""The numbers of the other exports against calculations by hand (hand_study.py)."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import example_study
import hand_study
import pytest
from test_golden_exports import CASES

import lca
from lca.errors import LabelError, MissingError

REQUESTS = 4e6


def nominal_of(of: Any) -> float:
    return float(of["nominal"])


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


def test_annex_xi_says_known_or_estimated_by_the_weakest_value() -> None:
    assert lca.annex_xi(hand_study.result()).data["known_or_estimated"] == "known"
    made = lca.annex_xi(lca.nominal(hand_study.alone(hand_study.known(status="assumed"))))
    assert (made.data["known_or_estimated"], made.data["status"]) == ("estimated", "assumed")
    unknown = lca.annex_xi(lca.nominal(hand_study.alone(lca.Training("theirs", impact="3 kg CO2e"))), flop=3e19)
    assert (unknown.data["energy"], unknown.data["flop"]) == (None, 3e19)
    assert "**The energy of the training is not known.**" in unknown.text
    assert "Compute used: 3.00e+19 FLOP" in unknown.text


def test_prometheus_says_the_seed_zero() -> None:
    drawn = lca.prometheus(lca.monte_carlo(hand_study.study(), draws=10, seed=0, progress=False)).text
    assert ',draws="10",seed="0",' in drawn
    assert 'seed="' not in lca.prometheus(hand_study.result()).text


def test_a6_a_footprint_is_partial_where_a_stage_is_left_out_and_not_because_it_is_small() -> None:
    partial = "This is a partial carbon footprint."
    assert partial in lca.footprint_statement(lca.nominal(hand_study.alone(hand_study.known()))).text
    assert partial not in lca.footprint_statement(hand_study.result()).text
    small = lca.below_cut_off("0.01 kg CO2e", source="a similar one")
    unit = lca.FunctionalUnit("one model", count="1 device")
    others = dict.fromkeys(("development", "manufacturing", "distribution", "use", "end_of_life"), small)
    whole = lca.Study("a", hand_study.known(), functional_unit=unit, excluded=others)
    text = lca.footprint_statement(lca.nominal(whole)).text
    assert partial not in text
    assert "Cut off: development: 0.01 kg CO2e; manufacturing: 0.01 kg CO2e" in text


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


def test_a_loaded_result_says_the_same(tmp_path: Path) -> None:
    result = hand_study.result(contract=True)
    again = lca.load(lca.save(result, tmp_path / "chat.lca"))
    for name, make in CASES.items():
        assert (name, make(again).text) == (name, make(result).text)
        assert make(again).notes == make(result).notes


def test_a_result_without_its_study_says_what_it_lacks() -> None:
    result = dataclasses.replace(hand_study.result(contract=True), held=None)
    for make in (lca.sci, lca.annex_xi, lca.prometheus):
        assert make(result).data == make(hand_study.result(contract=True)).data
    assert [note for note in lca.methods_text(result).notes if "without its study" in note]
    assert "Allocation: no hardware is charged, or the result was loaded without its study." in (
        lca.footprint_statement(result).notes
    )
    assert "On what it was trained is not known: hardware=." in lca.model_card(result).notes
    with pytest.raises(MissingError, match="the hardware of the activity is not known here"):
        CASES["boamps.json"](result)
