"""NVML, with a module that stands for it (M1, M6, M12)."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from fake_nvml import card_of

import lca
from lca.errors import MeasurementError, MeterError
from lca.meters import ScriptedClock, nvml
from lca.meters.protocol import LiveMeter


def test_the_counter_of_a_card_in_joules_its_temperature_and_its_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    card = card_of(monkeypatch)
    meter = nvml()
    assert isinstance(meter, LiveMeter)
    assert meter.counts
    assert meter.read().value == 5000.0
    assert meter.conditions() == {"temperature (°C)": 54.0, "clock (MHz)": 1590.0, "power limit (W)": 70.0}
    assert (meter.meter.name, meter.meter.at, meter.meter.accuracy) == ("Tesla T4 0", "component", "5 %")
    meter.close()
    meter.close()
    assert card.started == 0


def test_a_card_without_a_counter_shows_its_power(monkeypatch: pytest.MonkeyPatch) -> None:
    for lacking, shown in ((("energy", "temperature", "clock"), {}), ((), {"joules": 0})):
        card_of(monkeypatch, *lacking, **shown)
        meter = nvml()
        assert not meter.counts
        assert meter.read().value == 71.5
    card_of(monkeypatch, "temperature", "clock", "limit")
    assert nvml().conditions() == {}
    assert not nvml(counter=False).counts


@pytest.mark.parametrize(
    ("lacking", "options", "said"),
    [
        (("driver",), {}, "NVML does not start: Not Supported"),
        ((), {"index": 1}, "this card cannot be asked: Invalid Argument"),
        (("energy", "power"), {}, "the card shows no power: Not Supported"),
        (("energy",), {"counter": True}, "the card shows no energy: Not Supported"),
        ((), {"counter": False, "milliwatts": 0}, "the card shows no power: it shows 0"),
    ],
)
def test_m6_what_a_card_does_not_support_raises(
    lacking: tuple[str, ...], options: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {name: number for name, number in options.items() if name == "milliwatts"}
    card = card_of(monkeypatch, *lacking, **shown)
    with pytest.raises(MeterError) as raised:
        nvml(**{name: given for name, given in options.items() if name not in shown})
    assert raised.value.what == said
    assert card.started == 0, "NVML is left again"


def test_a_card_that_is_lost_on_the_way_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    card = card_of(monkeypatch)
    meter = nvml()
    card.lacking = ("energy",)
    with pytest.raises(MeterError, match="shows no energy"):
        meter.read()


def test_without_the_package_of_nvml_the_extra_is_named(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    with pytest.raises(MeterError, match="pynvml cannot be imported") as raised:
        lca.meters.nvml()
    assert "lca[nvidia]" in raised.value.fix


def test_a_card_that_is_divided_is_refused_unless_it_is_meant_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """M1: with MIG, NVML shows the work of all instances."""
    card = card_of(monkeypatch)
    card.divided = True
    with pytest.raises(MeterError, match="divided into instances") as raised:
        nvml()
    assert "nvml(0, parts=True)" in raised.value.fix
    assert card.started == 0
    assert nvml(parts=True).read().value == 5000.0
    card.lacking = ("mig",)  # a card that cannot be divided
    assert nvml().read().value == 5000.0


def test_what_is_there_leaves_every_card_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    card = card_of(monkeypatch)
    table = lca.meters.available()
    assert table.loc["nvml:0", ["usable", "at", "reads"]].tolist() == ["yes", "component", "energy"]
    assert card.started == 0, "NVML is left again"


def test_m12_a_counter_that_stands_still_and_a_limit_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """M12: a card draws something, so a counter without a new value for 5 s measures nothing."""
    card, clock = card_of(monkeypatch), ScriptedClock()
    meter = nvml(clock=clock)
    clock.every(0.1, lambda: card.use(7 if clock.now() <= 30 else 0))
    clock.every(15, lambda: setattr(card, "limit", 60_000))
    with pytest.warns(UserWarning, match="stands still"), lca.measure(meter, progress=False) as run:
        clock.wait(55)
    with pytest.raises(MeasurementError) as raised:
        run.energy()
    assert "stands still" in raised.value.sides[0]
    assert "after 20 s the power limit (W) went from 70 to 60" in run.notes
    assert run.log.between(0, 30).energy().about.amount == pytest.approx(300 * 7, rel=0.01)


def test_what_is_there_prints_every_reason_in_full() -> None:
    table = lca.meters.available()
    shown = " ".join(str(table).split())
    assert all(" ".join(str(why).split()) in shown for why in table["why"])
    assert repr(table[["at"]]).startswith("  ")  # a part of it is a table of pandas
