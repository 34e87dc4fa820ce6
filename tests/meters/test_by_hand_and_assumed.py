"""A display that a person reads, and a power that is assumed (A10, M12)."""

from __future__ import annotations

from pathlib import Path

import pytest

import lca
from lca.errors import BoundaryError, DomainError, MeterError, UnitError
from lca.graph.node import parameters
from lca.meters import ScriptedClock, assumed, prompt


def joules(reading: lca.meters.observed.Observed) -> float | None:
    return reading.about.amount


def answering(*answers: str) -> tuple[list[str], lca.meters.by_hand.PromptMeter, ScriptedClock]:
    """What is asked, and a meter that is answered."""
    asked, given, clock = [], iter(answers), ScriptedClock()

    def ask(question: str) -> str:
        asked.append(question)
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    return asked, prompt(ask=ask, accuracy="2 %", clock=clock), clock


def test_m12_a_display_is_asked_for_at_the_ends_and_at_marks_only() -> None:
    asked, meter, clock = answering("12.41", "12.87 kWh", "13000 Wh")
    with lca.measure(meter) as run:
        clock.wait(36_000)
        run.mark("validation")
        clock.wait(3_600)
    assert asked == ["Kill A Watt shows (kWh): "] * 3
    assert joules(run.energy()) == pytest.approx(0.59 * 3.6e6)
    assert joules(run.energy(mark="validation")) == pytest.approx(0.13 * 3.6e6)
    assert run.log.channels[0].step == pytest.approx(36_000)


def test_an_answer_that_is_no_energy_is_asked_for_again() -> None:
    asked, meter, clock = answering("12,41", "12.41", "12.4", "12.42")
    with lca.measure(meter) as run:
        clock.wait(60)
    assert joules(run.energy()) == pytest.approx(36_000)
    assert asked[1].startswith("'12,41'") or "12,41" in asked[1]
    assert asked[3].startswith("that is below the last reading, 12.41 kWh. ")
    for answers, said in (
        (("x", "", "3 W"), "three answers were not an energy"),
        ((), "no answer comes from this terminal"),
    ):
        with pytest.raises(MeterError, match=said):
            answering(*answers)[1].read()
    with pytest.raises(DomainError, match="unit of the display"):
        prompt(unit="J")


def test_m8_a_display_read_by_hand_is_no_meter_of_blocks() -> None:
    _, meter, clock = answering("1", "2")
    engine = lca.engines.scripted("net", seconds=0.1, clock=clock)
    with pytest.raises(MeterError, match="cannot measure the blocks"):
        lca.measure_inference(engine, meter)
    with pytest.raises(MeterError, match="is assumed") as raised:
        lca.measure_inference(engine, assumed("5 W at_board", clock=clock))
    assert "assumed_power=" in raised.value.fix


def test_u10_the_accuracy_of_a_meter_may_be_a_factor_around_1() -> None:
    """Its readings share it; a factor around 2, or a distribution of another family, raises by name."""
    meter = lca.Meter("guess", at="wall", accuracy=lca.Lognormal(1, gsd=1.5), status="assumed")
    drawn = lca.monte_carlo(meter.read("100 W"), draws=20_000, progress=False).data["value"]
    assert float(drawn.quantile(0.95)) == pytest.approx(100 * 1.5**1.645, rel=0.02)
    for odd in (lca.Lognormal(2, gsd=1.5), lca.Normal(1, 0.1), lca.Lognormal("1 W", gsd=1.5)):
        with pytest.raises(lca.errors.LcaError):
            lca.Meter("guess", at="wall", accuracy=odd)


def test_a10_an_assumed_power_is_assumed_all_the_way(tmp_path: Path) -> None:
    """A10: in the reading, in the file, and in what is read from it; two sections share one error."""
    clock = ScriptedClock()
    with lca.measure(assumed("250 W at_component", source="TDP", clock=clock), save=tmp_path / "a.csv") as run:
        clock.wait(3600)
    for log in (run.log, lca.read(tmp_path / "a.csv")):
        reading = log.energy()
        assert reading.status == "assumed"
        drawn = lca.monte_carlo(reading, draws=20_000, progress=False).data["value"]
        spread = drawn.quantile([0.05, 0.95]).values / float(drawn.median())
        assert spread == pytest.approx([1.5**-1.645, 1.5**1.645], rel=0.03)
        assert {node.parameter.status for node in parameters([reading.node("k")])} == {"assumed"}


def test_a_spread_that_an_assumed_power_states() -> None:
    assert assumed("250 W at_wall ± 60 W at_wall (limits)").meter.accuracy == "60.0 W"
    assert assumed("0.25 kW at_wall ± 0.02 kW at_wall (k=2)").meter.u == "10.0 W"
    for wrong, error in (
        ("250 W", BoundaryError), ("250 J at_wall", UnitError), ("250", UnitError), ("0 W at_wall", DomainError),
        ("250 W at_wall at_board", UnitError),
    ):  # fmt: skip
        with pytest.raises(error):
            assumed(wrong)
    with pytest.raises(DomainError):
        assumed("250 W at_wall", gsd=1.0)
