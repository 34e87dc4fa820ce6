"""Nothing is left out silently: hardware, devices, shares, tags of a footprint, figures that cannot be (A6 to A15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from base_study import IDLE, KWH, MARGINAL, engine, figures, grid, place, robot, robots, run, study_of

import lca
from lca.errors import AccountingError, DomainError, LcaError

WORDS = {"basis": "life cycle", "mix": "production", "averaging": "average", "gwp_set": "AR6", "at": "facility"}


def ppa(intensity: str = "0 kg CO2e/kWh", **rest: Any) -> lca.Electricity:
    tags = {**WORDS, "accounting": "market-based", "instrument": "PPA", "name": "contract", "key": "contract"}
    return lca.Electricity(intensity=intensity, **{**tags, **rest})


# --- completeness of each activity (A6) -----------------------------------------------------------------------


def test_a6_an_activity_without_hardware_beside_one_with_it_is_listed() -> None:
    notes = study_of(robots(), run()).model.notes
    assert [note for note in notes if note.startswith("run runs on no hardware that is counted")]
    assert not [note for note in notes if note.startswith("robots runs on no hardware")]
    on = run(on=robot(name="desk"), allocation="reserved_time", duration="1 year")
    assert not [note for note in study_of(robots(), on).model.notes if "no hardware that is counted" in note]


def test_a6_where_all_that_hardware_brings_is_excluded_nothing_is_listed() -> None:
    assert not [note for note in study_of(run()).model.notes if "no hardware" in note]


# --- what is per device says of how many (A14) ----------------------------------------------------------------


def power_of(on: Any, **rest: Any) -> lca.Training:
    return run(energy=None, power="400 W", duration="1000 h", on=on, allocation="reserved_time", **rest)


def test_a14_a_power_of_one_device_on_several_raises_unless_devices_says() -> None:
    """A14: 400 W of eight cards was the energy of one."""
    gpu = robot(name="gpu")
    with pytest.raises(AccountingError, match=r"power and load are those of one device(.|\n)*run\.devices"):
        study_of(power_of({gpu: 8}))
    with pytest.raises(AccountingError, match="devices="):
        study_of(power_of({gpu: lca.parameter("n", 4) * 2}))
    for on, devices, kilowatt in (({gpu: 8}, 8, 3.2), ({gpu: 8}, 1, 0.4), ({gpu: 1}, None, 0.4), (gpu, None, 0.4)):
        found = figures(study_of(power_of(on, **({} if devices is None else {"devices": devices}))))
        assert found["training"] == pytest.approx(kilowatt * 1_000 * 0.4, rel=1e-12)


def test_a14_a_deployment_on_a_hundred_devices_says_so() -> None:
    with pytest.raises(AccountingError, match=r"robots\.devices"):
        study_of(robots(on={robot(): 100}, devices=None))
    found = figures(study_of(robots(on={robot(): 100})))
    assert found["use"] == pytest.approx((IDLE + MARGINAL) / KWH * 0.4, rel=1e-12)
    assert found["manufacturing"] == pytest.approx(4_000, rel=1e-12)


def test_a14_energy_of_all_devices_together_needs_no_number() -> None:
    whole = run(on={robot(name="gpu"): 8}, duration="5 year", allocation="reserved_time")
    found = figures(study_of(whole))
    assert (found["training"], found["manufacturing"]) == pytest.approx((40, 8 * 40), rel=1e-12)


# --- shares of one device (A7, A14) ---------------------------------------------------------------------------


def sharing(name: str, share: Any, **changes: Any) -> lca.Deployment:
    return robots(name=name, share=share, allocation="share", **changes)


def test_a7_shares_of_one_device_over_the_same_time_are_one_at_most() -> None:
    with pytest.raises(AccountingError, match="more than the whole of a device(.|\n)*sum to one"):
        study_of(sharing("first", 0.7), sharing("second", 0.6))
    with pytest.raises(AccountingError, match="more than the whole"):
        study_of(sharing("first", 0.7), sharing("second", lca.Uniform(0.2, 0.4)))
    with pytest.raises(AccountingError, match="more than the whole"):
        study_of(sharing("first", 0.7), sharing("later", 0.6, start=2026))
    three = [sharing(name, 0.4) for name in ("first", "second", "third")]
    with pytest.raises(AccountingError, match="more than the whole"):
        study_of(*three)


def test_a7_a_whole_device_other_years_and_other_devices_are_fine() -> None:
    whole = figures(study_of(sharing("first", 0.7), sharing("second", 0.3)))
    assert whole["manufacturing"] == pytest.approx(4_000, rel=1e-12)
    later = figures(study_of(sharing("first", 0.7), sharing("later", 0.6, start=2027)))
    assert later["manufacturing"] == pytest.approx(1.3 * 4_000, rel=1e-12)
    study_of(sharing("first", 0.7), sharing("second", 0.6, on=robot(name="other")))


def test_a7_a_training_of_a_month_shares_a_device_before_it_is_used() -> None:
    """A7: a training is over when the use begins; only deployments are known to run in the same years."""
    month = run(on=robot(), allocation="share", share=0.6, duration="1 month", year=2024)
    assert study_of(sharing("robots", 0.7, start=2024), month).model.stages


# --- a footprint looks at what a study looks at (A4, A9) ------------------------------------------------------


def test_a9_a_footprint_by_contract_alone_raises() -> None:
    """A9: a market-based zero was printed as 0 kg."""
    with pytest.raises(AccountingError, match="market-based electricity(.|\n)*market_electricity="):
        lca.footprint(run(site=place(electricity=ppa())), draws=2)


def test_a9_a_footprint_shows_both_views_where_the_site_buys_by_contract() -> None:
    site = place(market_electricity=ppa("0.1 kg CO2e/kWh"))
    table = lca.footprint(run(site=site), draws=2)
    assert table["nominal"].to_dict() == pytest.approx({"location-based": 40.0, "market-based": 10.0})
    assert table.index.name == "view"
    assert "field buys by contract, PPA" in table.attrs["note"]
    labelled = run(energy=lca.labelled({"a": 100, "b": 300}, "kWh", dim="model"), site=site)
    rows = lca.footprint(labelled, draws=2)["nominal"]
    assert rows["b", "location-based"] == pytest.approx(120)
    assert rows["b", "market-based"] == pytest.approx(30)
    study = figures(study_of(run(site=site)))
    assert (study["total"], study["market_based/total"]) == pytest.approx((40, 10))


CHECKED: dict[str, tuple[Callable[[], Any], type[LcaError], str]] = {
    "marginal": (lambda: run(site=place(electricity=grid(averaging="marginal"))), AccountingError, "marginal"),
    "bought as marginal": (
        lambda: run(site=place(market_electricity=ppa(averaging="marginal"))), AccountingError, "marginal",
    ),
    "other gases by contract": (
        lambda: run(site=place(market_electricity=ppa("0 kg CO2/kWh", gwp_set="none"))), AccountingError, "gases",
    ),
    "a contract that is none": (
        lambda: run(site=place(market_electricity=grid("other"))), AccountingError, "takes a market-based factor",
    ),
    "a domain": (
        lambda: run(energy=lca.parameter("e", "10 kWh at_wall") * -1), DomainError, r"run\.energy",
    ),
    "a domain of the site": (
        lambda: run(site=place(pue=lca.parameter("p", 1.2) * 0.5)), DomainError, r"field\.pue",
    ),
    "a law": (
        lambda: robots(inference=engine(throughput="4 inference/s")), AccountingError, "above the throughput",
    ),
    "power": (lambda: robots(on=robot(max_power="1 W")), AccountingError, "above the maximum power"),
    "several devices": (lambda: power_of({robot(): 8}), AccountingError, "those of one device"),
}  # fmt: skip


@pytest.mark.parametrize(("activity", "kind", "said"), CHECKED.values(), ids=list(CHECKED))
def test_a4_a_footprint_raises_what_a_study_raises(
    activity: Callable[[], Any], kind: type[LcaError], said: str
) -> None:
    for asked in (study_of, lambda one: lca.footprint(one, draws=2)):
        with pytest.raises(kind, match=said):
            asked(activity())


def test_a4_a_footprint_lists_unknown_tags_and_what_a_study_lists() -> None:
    bare = lca.Electricity(intensity="0.4 kg CO2e/kWh", at="facility", region="France", year=2023)
    note = lca.footprint(run(site=place(electricity=bare)), draws=2).attrs["note"]
    for tag in ("basis", "mix", "averaging", "accounting", "gwp_set"):
        assert f"unknown {tag} of electricity-france-2023" in note
    assert "7.5 times our own figure for FRA in 2023" in note
    assert "no hardware, no other stage" in note
    tagged = lca.footprint(run(site=place()), draws=2).attrs["note"]
    assert "unknown" not in tagged


def test_q4_a_footprint_looks_at_every_draw() -> None:
    """Q4: the nominal value is 40 W above nothing, and one draw in ten lies below."""
    spread = lca.parameter("u", lca.Uniform(0, 1)) - 0.1
    activity = run(energy=None, duration="10 h", power=spread * lca.parameter("w", "100 W at_wall"))
    with pytest.raises(DomainError, match=r"run\.power(.|\n)*draw \d+"):
        lca.footprint(activity, draws=2)


# --- figures that cannot be, or are far from what is known (A4, A15) --------------------------------------------------


@pytest.mark.parametrize("asked", [study_of, lambda one: lca.footprint(one, draws=2)], ids=["study", "footprint"])
def test_a4_co2_alone_is_listed_with_what_it_leaves_out(asked: Callable[[Any], Any]) -> None:
    only = lca.Electricity.lookup("US-RFCW", 2019, basis="direct", gases="CO2")
    made = asked(run(site=place(electricity=only)))
    notes = made.model.notes if isinstance(made, lca.Study) else made.attrs["note"].split("\n")
    said = "us-rfcw-2019 counts CO2 alone: CH4 and N2O of power stations would add at most 0.63 % (US-RFCW in 2019)"
    assert said in notes


def test_a4_co2_alone_beside_co2e_raises_or_is_listed_with_its_bound() -> None:
    only = lca.Electricity("co2", intensity="0.3 kg CO2/kWh", key="co2", region="US-RFCW", year=2019, accounting=
                           "location-based", **{**WORDS, "gwp_set": "none", "basis": "direct"})  # fmt: skip
    both = run(), run(name="other", site=place(name="other", electricity=only))
    with pytest.raises(AccountingError, match="different or unknown gases"):
        study_of(*both)
    notes = study_of(*both, mixed=("gases", "gwp_set", "basis")).model.notes
    assert [note for note in notes if note.startswith("co2 counts CO2 alone") and "at most 0.63 %" in note]


def test_a4_an_intensity_far_from_our_own_figure_is_listed_in_a_study() -> None:
    tags = {"region": "France", "year": 2023, "accounting": "location-based", **WORDS}
    far = lca.Electricity(intensity="0.4 kg CO2e/kWh", **tags)
    near = lca.Electricity(intensity="0.05 kg CO2e/kWh", **tags)
    assert [n for n in study_of(run(site=place(electricity=far))).model.notes if "7.5 times our own figure" in n]
    assert not [n for n in study_of(run(site=place(electricity=near))).model.notes if "our own figure" in n]


def test_a15_energy_times_rate_above_the_power_of_the_device_raises() -> None:
    """A15: 600 J x 4/s is 2,400 W, on a card of 700 W by its catalogue."""
    card = lca.Hardware.lookup("H100 SXM")
    assert float(lca.nominal(card.max_power).data["value"]) == 700
    fields: dict[str, Any] = {"on": card, "idle_power": "70 W at_board", "load": "4 inference/s", "devices": 1}
    with pytest.raises(AccountingError, match=r"above the maximum power(.|\n)*700 W(.|\n)*several devices") as raised:
        study_of(robots(inference=engine("600 J/inference"), **fields))
    assert "power per device: 3.529 times the maximum (2,470 W/device) at nominal values" in str(raised.value)
    with pytest.raises(AccountingError, match="power per device, of its maximum: 1.764 at nominal values"):
        study_of(robots(inference=engine("600 J/inference"), **{**fields, "on": {card: 2}}))
    study_of(robots(inference=engine("150 J/inference"), **fields))
    # four cards of that power draw it
    study_of(robots(inference=engine("600 J/inference"), **{**fields, "on": {card: 4}}))


@pytest.mark.parametrize(("at", "margin"), [("component", 1.25), ("board", 1.5), ("wall", 2.0)])
def test_a15_a_power_has_a_margin_at_each_boundary(at: str, margin: float) -> None:
    site = place(rest_of_machine="1 W at_board")
    card = robot(name="card", max_power="100 W")

    def of(watt: float) -> lca.Study:
        return study_of(power_of(card, site=site).replaced(power=f"{watt} W at_{at}", at=None))

    assert np.all(np.asarray(figures(of(99.9 * margin))["training"]) > 0)
    with pytest.raises(AccountingError, match="above the maximum power"):
        of(100.1 * margin)


def test_a15_runs_one_after_another_do_not_add_their_powers() -> None:
    """A15, D5: two models of 90 W each were trained in turn on a card of 100 W; together they would draw 180 W."""
    powers = lca.labelled({"a": 90, "b": 90}, "W at_component", dim="model")
    in_turn = power_of(robot(name="card", max_power="100 W"), site=place(rest_of_machine="1 W at_board"))
    assert study_of(in_turn.replaced(power=powers, at=None), parts=("model",)).model.stages


def test_a15_every_way_to_look_hardware_up_brings_the_power_of_its_maker() -> None:
    for method in ("vendor", "parts", "class", "all"):
        found = lca.Hardware.lookup("H100 SXM", method=method)
        assert float(lca.nominal(found.max_power).data["value"]) == 700
    assert lca.Hardware.lookup("dell-poweredge-r740-lca").max_power is None


def test_a3_a_batch_beside_joules_per_inference_raises() -> None:
    with pytest.raises(AccountingError, match="are those of a batch"):
        engine(batch=8)
