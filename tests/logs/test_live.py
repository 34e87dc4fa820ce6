"""A power log that is taken while a program runs (M1, M2, M5)."""

from __future__ import annotations

import numpy as np
import pytest

from lca.errors import MeterError, UnitError
from lca.logs.power.live import Recorder, sampling_period
from lca.meters import MachineClock, ScriptedClock, scripted


def test_m1_a_live_log_holds_what_was_asked_for_and_what_the_background_read() -> None:
    clock = ScriptedClock()
    meter = scripted(lambda t: 10 + t, at="wall", update_period=0.5, clock=clock)
    with Recorder(meter) as recorder:
        clock.wait(0.75)
        assert recorder.sample().time == 0.75
        clock.wait(0.75)
    clock.wait(5.0)
    log = recorder.log(0.0)
    assert log.tracks[0].times.tolist() == [0.0, 0.5, 0.75, 1.0, 1.5]
    assert (log.meter.at, log.format, log.dated, log.devices) == ("wall", "live", False, ("",))
    assert log.energy().about.amount == pytest.approx(np.trapezoid([10, 10.5, 10.5, 11, 11.5], [0, 0.5, 0.75, 1, 1.5]))


def test_m5_the_energy_of_a_counter_that_wraps() -> None:
    clock = ScriptedClock()
    with Recorder(scripted(energy=lambda t: 20 * t, wraps_at=15.0, clock=clock)) as recorder:
        clock.wait(10.0)
    assert recorder.log(0.0).energy().about.amount == pytest.approx(200.0)


def test_what_fails_in_the_background_is_raised_at_the_next_sample() -> None:
    clock = ScriptedClock()

    def power(t: float) -> float:
        if t > 1:
            raise MeterError("the plug does not answer", where="plug")
        return 5.0

    with Recorder(scripted(power, clock=clock)) as recorder:
        clock.wait(3.0)
        for _ in range(2):
            with pytest.raises(MeterError, match="does not answer"):
                recorder.sample()


def test_a_power_is_read_as_often_as_it_is_new_and_a_counter_seldom() -> None:
    def period(**script: object) -> float:
        return sampling_period(scripted(**script))  # type: ignore[arg-type]

    assert [period(power=1.0, update_period=s) for s in (0.001, 0.2, 5.0)] == [0.01, 0.2, 1.0]
    assert period(power=1.0) == 0.1
    assert period(energy=lambda t: t, update_period=0.001) == 0.5


def test_a_display_step_of_another_unit_raises_before_anything_is_read() -> None:
    with pytest.raises(UnitError, match="step"):
        Recorder(scripted(energy=lambda t: t, resolution="1 W"))
    with Recorder(scripted(5.0, resolution="1 W", clock=ScriptedClock())) as recorder:
        assert recorder.log(0.0).channels[0].step == 1.0


def test_a_thread_reads_in_real_time() -> None:
    """With the clock of the machine: 0.3 s at a sample each 0.01 s."""
    meter = scripted(7.0, update_period=0.01, clock=MachineClock())
    with Recorder(meter) as recorder:
        meter.clock.wait(0.3)
    log = recorder.log(0.0)
    assert 5 <= log.tracks[0].times.size <= 31
    assert (np.diff(log.tracks[0].times) > 0).all()
    assert log.power().about.amount == pytest.approx(7.0)
