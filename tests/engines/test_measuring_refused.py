"""Measuring inference: short blocks, no meter, a meter or an engine that fails, Ctrl-C (M8, M6)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
from scripted_measurements import measured, one, value

import lca
from lca.engines.measuring.block_figures import energy_of
from lca.engines.script import ScriptedEngine
from lca.errors import (
    DomainError,
    EngineError,
    LabelError,
    MeasurementError,
    MeterError,
    MissingError,
    ParseError,
    UnitError,
)
from lca.meters import ScriptedClock, scripted


def until(last: int, error: BaseException) -> Callable[[int], float]:
    """The time of an execution, s, up to a number; then an error."""

    def seconds(number: int) -> float:
        if number > last:
            raise error
        return 0.01

    return seconds


# --- the schedule -----------------------------------------------------------------------------------------------------


def test_m8_a_block_that_is_short_against_the_meter_is_refused() -> None:
    """M8: ten update periods at least; both figures and what to give."""
    engine, meter = one(update_period=0.5)
    with pytest.raises(DomainError, match="less than 10 update periods") as raised:
        measured(engine, meter)
    assert raised.value.sides == ("a block: 2 s", "new values of scripted meter: each 0.5 s")
    assert "seconds=25 at least" in raised.value.fix
    assert "idle=5 at least" in raised.value.fix
    measured(engine, meter, seconds=25)


@pytest.mark.parametrize(("name", "odd"), [("seconds", 0), ("blocks", 1), ("idle", 0), ("warm_up", -1), ("seed", -1)])
def test_q4_figures_of_the_schedule_lie_in_their_domain(name: str, odd: float) -> None:
    with pytest.raises(DomainError) as raised:
        measured(*one(), **{name: odd})
    assert raised.value.where == f"measure_inference({name}=)"


def test_m8_what_is_no_engine_and_names_that_repeat_are_refused() -> None:
    engine, meter = one()
    for odd in ("net.onnx", [], [engine, 3], ScriptedEngine):
        with pytest.raises(EngineError, match="not an engine"):
            measured(odd, meter)
    with pytest.raises(LabelError, match="one name") as raised:
        measured([engine, engine], meter)
    assert raised.value.sides == ("net",)


# --- without a meter ----------------------------------------------------------------------------------------------


def test_m8_without_a_meter_it_raises_or_the_power_is_assumed() -> None:
    """M8, A10: what is assumed has that status and a wide spread; the throughput is measured."""
    engine, meter = one()
    with pytest.raises(MissingError, match="nothing measures the energy"):
        measured(engine, None)
    with pytest.raises(MeterError, match="beside a meter"):
        measured(engine, meter, assumed_power="15 W at_board")
    made = measured(engine, None, assumed_power="15 W at_board", clock=engine.clock)
    assert value(made.energy) == pytest.approx(0.15, rel=1e-9)
    table = lca.provenance({"x": made.energy})
    assert table.loc["net.power", "status"] == "assumed"
    assert table.loc["net.throughput", "status"] == "measured"
    low, high = lca.monte_carlo({"x": made.energy}, progress=False).data["x"].quantile([0.05, 0.95]).values
    assert high / low == pytest.approx(1.5 ** (2 * 1.645), rel=0.05)
    assert made.idle_power is None
    with pytest.raises(MissingError, match="no energy above idle"):
        made.without_idle()
    with pytest.raises(MissingError, match="had no meter"):
        made.log


def test_m8_a_table_of_assumed_energies_says_so() -> None:
    """M8: 15 W for 0.01 s, and a note with the power as it was written."""
    engine, _ = one()
    made = measured(engine, None, assumed_power="0.015 kW at_board ± 2 W at_board (limits)", clock=engine.clock)
    assert made.table().loc["net", "J/inference (assumed power)"] == pytest.approx(0.15, rel=1e-9)
    assert made.notes[0] == "no meter: the power is assumed, 0.015 kW at_board ± 2 W at_board (limits)"
    assert repr(engine) == "ScriptedEngine('net')"


def test_m8_an_assumed_power_keeps_the_spread_that_it_states() -> None:
    engine, _ = one()
    made = measured(engine, None, assumed_power="15 W at_board ± 1 W at_board (k=1)", clock=engine.clock)
    drawn = lca.monte_carlo({"x": made.energy}, progress=False).data["x"]
    assert drawn.std().item() / drawn.mean().item() == pytest.approx(1 / 15, rel=0.05)


def test_q3_an_assumed_power_says_its_boundary_before_anything_runs() -> None:
    engine, _ = one()
    odd_ones = {"15 W": UnitError, "15 J at_board": UnitError, "much": ParseError, "0 W at_board": DomainError}
    for odd, error in odd_ones.items():
        with pytest.raises(error):
            measured(engine, None, assumed_power=odd, clock=engine.clock)
    assert engine.executions == 0


# --- what fails on the way ------------------------------------------------------------------------------------------


def test_m6_a_meter_that_shows_nothing_raises() -> None:
    """M6, M12: never 0; a counter that stands still is found on the way."""
    with pytest.raises(MeterError, match="no energy in a time"):
        measured(*one(power=0.0))
    with pytest.raises(MeasurementError) as raised:
        measured(*one(energy=lambda t: 7.0))
    assert raised.value.sides[0] == "the counter shows 7 J for 5 s already: it stands still"


def test_m8_a_meter_that_fails_on_the_way_says_how_far_it_was() -> None:
    """M8: in a sample that was asked for, and in one between two of these."""

    def power(t: float) -> float:
        if t > 10:
            raise MeterError("the card is gone", where="card 0")
        return 20.0

    with pytest.raises(MeasurementError, match="failed while it measured") as raised:
        measured(*one(power=power))
    assert raised.value.sides == ("the card is gone", "1 of 5 blocks were finished")
    gone: dict[str, float] = {}
    with pytest.raises(MeasurementError) as raised:
        measured(*one(power=lambda t: gone["power"] if 10 < t < 10.15 else 20.0))
    assert raised.value.sides[0] == "the meter failed while it was read: KeyError: 'power'"


def test_m8_ctrl_c_keeps_the_blocks_that_are_finished() -> None:
    """M8: what was measured until then is the result, which says so."""
    with pytest.warns(UserWarning, match="stopped: 4 of 5 blocks are kept"):
        made = measured(*one(until(950, KeyboardInterrupt())))
    assert made.notes[0] == "stopped: 4 of 5 blocks are kept"
    assert "4 blocks of 2 s for each engine" in made.source
    assert len(made.measurement.blocks) == 4
    assert len(made.measurement.idle) == 1
    assert value(made.energy) == pytest.approx(0.2, rel=1e-9)


def test_m8_stopped_too_early_it_raises() -> None:
    with pytest.raises(MeasurementError, match="before each engine had two blocks") as raised:
        measured(*one(until(350, KeyboardInterrupt())))
    assert raised.value.sides == ("net: 1",)


def test_an_engine_that_fails_is_raised_and_nothing_reads_the_meter_behind_it() -> None:
    reads = [0]

    def power(t: float) -> float:
        reads[0] += 1
        return 20.0

    engine, meter = one(until(400, EngineError("enqueue failed", where="net")), power)
    with pytest.raises(EngineError, match="enqueue failed"):
        measured(engine, meter)
    before = reads[0]
    engine.clock.wait(5.0)
    assert reads[0] == before > 0


def test_m8_a_counter_that_is_renewed_seldom_errs_by_that() -> None:
    """M8: each end of a block is up to tau old: u = P tau sqrt(2/12) for a block, less by sqrt n for their mean."""
    made = measured(*one(0.01, energy=lambda t: 20.0 * t, update_period=0.2))
    least = 20 * 0.2 / math.sqrt(6) * math.sqrt(5) / made.data["executions"].sum().item()
    steady = measured(*one(0.01, energy=lambda t: 20.0 * t)).measurement
    assert steady.log is not None
    assert energy_of(steady.log, steady.blocks[0], 0.2).u == pytest.approx(20 * 0.2 / math.sqrt(6), rel=1e-9)
    drawn = lca.monte_carlo({"x": made.energy}, draws=20_000, progress=False).data["x"]
    assert drawn.std().item() >= least * (1 - 4 / math.sqrt(2 * 20_000))
    assert value(made.energy) == pytest.approx(0.2, abs=4 * least)


def test_gum_f_2_2_1_the_display_of_a_power_errs_alike_in_all_blocks() -> None:
    """GUM F.2.2.1: a step of 1 W at 20 W: u = 1 / sqrt 12 W, however many blocks there are; of idle power, too."""
    made = measured(*one(resolution="1 W"))
    draws = lca.monte_carlo({"e": made.energy, "i": made.idle_power}, draws=20_000, progress=False).data
    assert draws["e"].std().item() == pytest.approx(0.01 / math.sqrt(12), rel=4 / math.sqrt(2 * 20_000))
    assert draws["i"].std().item() == pytest.approx(1 / math.sqrt(12), rel=4 / math.sqrt(2 * 20_000))


def test_gum_f_2_2_1_a_counter_errs_by_its_two_displays_in_each_block() -> None:
    """GUM F.2.2.1: five blocks of two displays of 10 J: u = 10 sqrt(10 / 12) J over 1,000 inferences."""
    made = measured(*one(energy=lambda t: 20.0 * t, resolution="10 J"))
    drawn = lca.monte_carlo({"e": made.energy, "i": made.idle_power}, draws=20_000, progress=False).data
    expected = 10 * math.sqrt(10 / 12) / made.data["executions"].sum().item()
    assert drawn["e"].std().item() == pytest.approx(expected, rel=4 / math.sqrt(2 * 20_000))
    idle = 10 * math.sqrt(2 / 12) / 5 / math.sqrt(2)  # of two times of 5 s
    assert drawn["i"].std().item() == pytest.approx(idle, rel=4 / math.sqrt(2 * 20_000))


def test_d3_a_name_that_says_another_batch_raises_before_anything_runs() -> None:
    engine, meter = one(batch=2)
    engine.name = "net_4_FP16"
    with pytest.raises(LabelError, match="another batch") as raised:
        measured([engine], meter, names="<net>_<batch:int>_<precision>")
    assert raised.value.sides == ("net_4_FP16: 2",)
    assert engine.executions == 0


# --- gaps ----------------------------------------------------------------------------------------------------


class Busy(ScriptedClock):
    """A clock whose machine is too busy to read a meter, from one time to another."""

    times = (9.0, 10.3)

    def every(self, period: float, action: Callable[[], None]) -> Callable[[], None]:
        first, last = self.times
        return super().every(period, lambda: None if first < self.now() < last else action())


def test_m2_a_block_in_which_the_meter_was_not_read_is_left_out_by_name() -> None:
    """M2: more than ten steps between samples; the other blocks count."""
    clock = Busy()
    engine = ScriptedEngine("net", seconds=0.01, clock=clock)
    made = measured(engine, scripted(20.0, clock=clock))
    assert len(made.measurement.blocks) == 4
    (said,) = [note for note in made.notes if "left out" in note]
    assert re.fullmatch(r"net, round 2, left out: 1\.\d+ s without a sample", said)
    assert value(made.energy) == pytest.approx(0.2, rel=1e-9)
    clock = Busy()
    clock.times = (6.5, 15.5)  # type: ignore[misc]
    with pytest.raises(MeasurementError, match="fewer than two are left") as raised:
        measured(ScriptedEngine("net", seconds=0.01, clock=clock), scripted(20.0, clock=clock))
    assert raised.value.sides[0] == "net: 1 blocks"


def test_m5_a_counter_that_begins_anew_costs_a_block_or_an_idle_time() -> None:
    """M5: a reset is not a wrap; the driver was loaded again."""
    made = measured(*one(energy=lambda t: 20 * t if t < 10 else 20 * (t - 10)))
    assert len(made.measurement.blocks) == 4
    assert any(note.endswith("left out: the counter began anew") for note in made.notes)
    assert value(made.energy) == pytest.approx(0.2, rel=1e-9)
    made = measured(*one(energy=lambda t: 20 * t if t < 4 else 20 * (t - 4)))
    assert "an idle time left out: the counter began anew" in made.notes
    assert len(made.measurement.idle) == 1
