"""Hardware from its parts, and rival figures (U9, A2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_parts import GATE, TSMC, die, fab, value

import lca
from lca.errors import AccountingError, DomainError, KeyClashError, LcaError, RecordError
from lca.graph.node import parameters
from lca.hardware.hardware import GATES
from lca.records.components import Assembly, walk

# --- hardware from parts ----------------------------------------------------------------------------------


def card(name: str, burden: str, **said: Any) -> lca.Hardware:
    return lca.Hardware(name, embodied=burden, **{"lifetime": "5 year", "contents": {"dies"}, "gate": GATE, **said})


def test_a_part_is_in_a_device_once() -> None:
    memory = lca.Memory("memory", capacity="80 GB")
    with pytest.raises(KeyClashError, match="two parts are named memory"):
        lca.Hardware.from_parts("card", [memory, memory], lifetime="5 year")
    for wrong in ([], [3.0]):
        with pytest.raises(RecordError):
            lca.Hardware.from_parts("card", wrong, lifetime="5 year")


def test_a_scenario_replaces_a_field_of_a_part() -> None:
    """D4: what follows from a part is rebuilt with it; the whole may be given instead."""
    memory = lca.Memory("memory", capacity="80 GB", factor="1 kg CO2e/GB")
    device = lca.Hardware.from_parts("card", [memory, lca.Part("rest", embodied="20 kg CO2e")], lifetime="5 year")
    half = Assembly(walk(device), {(memory.id, "capacity"): lca.parameter("memory.capacity", "40 GB")})(device)
    assert (value(device.embodied), value(half.embodied)) == (100, 60)
    assert value(device.replaced(embodied="7 kg CO2e").embodied) == 7
    assert value(device.replaced(lifetime="3 year").embodied) == 100


def test_a_study_reaches_the_fields_of_parts() -> None:
    """A path names a part's field, and a dim of methods is one of alternatives (D2, U9)."""
    memory = lca.Memory("memory", capacity="80 GB", factor="1 kg CO2e/GB")
    parts = lca.Hardware.from_parts("from parts", [memory], lifetime="5 year", **moved())
    vendor = lca.Hardware(
        "by vendor", embodied="90 kg CO2e", lifetime="5 year", contents="memory", gate=GATE, **moved()
    )
    both = lca.Hardware.alternatives("card", {"parts": parts, "vendor": vendor})
    study = run_on(both, alternatives=("estimate",))
    found = lca.nominal(study).data["manufacturing"]
    assert [float(found.sel(estimate=m)) for m in ("parts", "vendor")] == pytest.approx([16, 18])
    changed = lca.nominal(study.replace({"memory.capacity": "160 GB"})).data["manufacturing"]
    assert [float(changed.sel(estimate=m)) for m in ("parts", "vendor")] == pytest.approx([32, 18])


def test_d4_a_model_of_yields_is_a_word_that_a_study_replaces_and_varies() -> None:
    """Each word is a study of its own."""
    device = lca.Hardware.from_parts(
        "card", [die(clustering=None, node="5 nm", fab=TSMC)], lifetime="5 year", **moved()
    )
    study = run_on(device)
    murphy = study.replace({"die.yield_model": "murphy"})
    by_hand = value(die(clustering=None, yield_model="murphy", fab=TSMC).embodied) / 5
    assert float(lca.nominal(murphy).data["manufacturing"]) == pytest.approx(by_hand, rel=1e-12)
    varied = study.vary("way", {"die.yield_model": {"clustered": "negative binomial", "murphy": "murphy"}})
    assert float(lca.nominal(varied).data["manufacturing"].sel(way="murphy")) == pytest.approx(by_hand, rel=1e-12)
    with pytest.raises(LcaError, match="die"):  # a method that does not read what is given
        study.vary("way", {"die.method": {"a": "area", "b": "good area"}})
    both = lca.alternatives("yields", {"clustered": study, "murphy": murphy})
    assert float(lca.nominal(both).data["manufacturing"].sel(yields="murphy")) == pytest.approx(by_hand, rel=1e-12)


def moved() -> dict[str, Any]:
    return {"distribution": "0 kg CO2e", "end_of_life": "0 kg CO2e"}


def run_on(hardware: lca.Hardware, **said: Any) -> lca.Study:
    """A training of one year on one device, a fifth of its life."""
    site = lca.Site("lab", electricity=fab(gwp_set="AR6"), pue=1.0)
    work = lca.Training("training", energy="1 kWh", at="wall", duration="1 year", devices=1, year=2023, on=hardware,
                        site=site, allocation="reserved_time")  # fmt: skip
    left_out = {stage: lca.outside_goal("the test is of hardware") for stage in ("development", "use")}
    count = lca.FunctionalUnit("one training", count=1)
    return lca.Study("hardware", work, functional_unit=count, excluded=left_out, **said)


def test_a_credit_of_recycling_stands_apart() -> None:
    """A9: no stage and no total takes it; it is a credit, so it is not above 0."""
    without = card("card", "100 kg CO2e", **moved())
    credited = card("card", "100 kg CO2e", recycling_credit="-20 kg CO2e", **moved())
    totals = [float(lca.nominal(run_on(one)).data["total"]) for one in (without, credited)]
    assert totals[0] == totals[1]
    assert value(credited.recycling_credit) == -20
    with pytest.raises(DomainError):
        card("card", "100 kg CO2e", recycling_credit="20 kg CO2e")


# --- rival methods (U9) -----------------------------------------------------------------------------------


def test_u9_figures_that_contain_different_things_are_not_mixed() -> None:
    bare, full = card("bare", "90 kg CO2e"), card("full", "164 kg CO2e", contents={"dies", "memory", "cooling"})
    with pytest.raises(AccountingError, match="do not contain the same") as caught:
        lca.Hardware.alternatives("card", {"parts": bare, "vendor": full})
    assert caught.value.sides == ("parts lacks cooling, memory",)
    assert "completed(with_=" in caught.value.fix
    added = bare.completed(with_=[
        lca.Memory("memory", capacity="80 GB", factor="1 kg CO2e/GB"),
        lca.Cooling("cooler", mass="1 kg", factor="10 kg CO2e/kg"),
    ])  # fmt: skip
    both = lca.Hardware.alternatives("card", {"parts": added, "vendor": full})
    assert both.embodied.dim_names == ("estimate",)
    assert lca.nominal({"x": both.embodied}).data["x"].values.tolist() == pytest.approx([180, 164])
    assert both.contents == full.contents


def test_u9_unsaid_contents_and_gates_match_nothing() -> None:
    said, unsaid = card("said", "1 kg CO2e"), card("unsaid", "1 kg CO2e", contents=())
    for other in (unsaid, card("gate", "1 kg CO2e", gate="unknown"), card("grave", "1 kg CO2e", gate=GATES[1])):
        with pytest.raises(AccountingError):
            lca.Hardware.alternatives("card", {"one": said, "other": other})
    with pytest.raises(AccountingError):  # two that say nothing are no better
        lca.Hardware.alternatives("card", {"one": unsaid, "other": card("too", "2 kg CO2e", contents=())})
    with pytest.raises(RecordError, match="lifetime"):
        lca.Hardware.alternatives("card", {"one": said, "other": card("short", "1 kg CO2e", lifetime="3 year")})


def test_u9_with_weights_the_methods_are_one_mixture_whose_weights_have_a_source() -> None:
    options = {"parts": card("a", "100 kg CO2e"), "vendor": card("b", "200 kg CO2e")}
    mixed = lca.Hardware.alternatives("card", options, weights={"vendor": 3, "parts": 1}, source="the author's trust")
    assert mixed.embodied.dim_names == ()
    assert value(mixed.embodied) == 200, "the nominal option is the heaviest"
    selector = next(n.parameter for n in parameters([mixed.embodied]) if n.parameter and n.parameter.kind == "model")
    assert selector.key == "card.estimate"
    assert (selector.status, selector.source) == ("assumed", "the author's trust")
    found = lca.monte_carlo({"x": mixed.embodied}, draws=4000, mix=(selector.key,)).data["x"].values
    assert set(found.tolist()) == {100.0, 200.0}
    assert np.mean(found == 200.0) == pytest.approx(0.75, abs=4 * np.sqrt(0.75 * 0.25 / 4000))
    with pytest.raises(lca.errors.LabelError):
        lca.Hardware.alternatives("card", options, weights={"vendor": 1, "party": 1})
    with pytest.raises(lca.errors.LabelError):
        lca.Hardware.alternatives("card", {"vendor": card("b", "200 kg CO2e")})


def test_a2_what_is_contained_already_is_not_added() -> None:
    board = card("card", "90 kg CO2e", contents={"dies", "board"})
    with pytest.raises(AccountingError, match="contains already") as caught:
        board.completed(with_=[lca.Board("board", area="10 cm^2"), lca.Cooling("cooler", mass="1 kg")])
    assert caught.value.sides == ("contains board, dies", "board: board")
    with pytest.raises(AccountingError, match="does not say what it contains"):
        card("card", "90 kg CO2e", contents=()).completed(with_=[lca.Cooling("cooler", mass="1 kg")])


def host() -> lca.Hardware:
    return lca.Hardware(
        "host", embodied="800 kg CO2e", distribution="80 kg CO2e", end_of_life="8 kg CO2e", lifetime="5 year",
        contents="host", gate=GATE,
    )  # fmt: skip


def test_a8_a_share_of_a_share_brings_its_transport_and_end_of_life() -> None:
    whole = card("card", "90 kg CO2e", distribution="9 kg CO2e", end_of_life="1 kg CO2e")
    made = lca.Hardware.from_parts("both", [whole, host().per(8).per(2)], lifetime="5 year")
    assert [value(node) for node in (made.embodied, made.distribution, made.end_of_life)] == [140, 14, 1.5]


def test_a8_what_completes_a_figure_brings_its_transport_and_end_of_life() -> None:
    whole = card("card", "90 kg CO2e", distribution="9 kg CO2e", end_of_life="1 kg CO2e")
    made = whole.completed(with_=[host().per(8)])
    assert [value(node) for node in (made.embodied, made.distribution, made.end_of_life)] == [190, 19, 2]
    assert card("card", "90 kg CO2e").completed(with_=[host().per(8)]).distribution is None


@pytest.mark.parametrize("change", [{"count": 2}, {"fixed": "5 kg CO2e"}])
def test_a_share_takes_no_count_and_no_piece(change: Any) -> None:
    with pytest.raises(RecordError, match="no effect"):
        host().per(8).replaced(**change)
