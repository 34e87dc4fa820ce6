"""Measuring inference with scripts: warm-up, idle power, drift, what changed on the way (M8, A3)."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scripted_measurements import at_work, measured, one, value

import lca
from lca.engines.script import ScriptedEngine
from lca.meters import ScriptedClock, scripted


def test_m8_a_cold_start_is_not_counted() -> None:
    """M8: the first execution takes 400 times as long, and the next fifty ever less."""
    made = measured(*one(lambda n: 4.0 if n == 0 else 0.01 * (1 + 2 * math.exp(-n / 10))))
    warm_up = made.measurement.warm_ups[0]
    assert warm_up.first == pytest.approx(4.0)
    assert warm_up.settled
    assert warm_up.latency == pytest.approx(0.01, rel=0.05)
    assert 4.3 < warm_up.seconds < 6
    assert value(made.energy) == pytest.approx(0.2, rel=1e-3)
    assert not any("settled" in note for note in made.notes)


def test_m8_an_engine_that_does_not_settle_is_listed() -> None:
    made = measured(*one(lambda n: 0.01 * 1.02 ** (n // 3)), warm_up=0.5, seconds=2.0)
    warm_up = made.measurement.warm_ups[0]
    assert not warm_up.settled
    assert 0.5 <= warm_up.seconds < 0.8
    assert any("had not settled after" in note for note in made.notes)


def test_a3_idle_power_is_measured_with_nothing_running() -> None:
    """A3: gross 0.2 J, idle 4 W: above idle 0.16 J; the error of the meter is one for both."""
    clock = ScriptedClock()
    engine = ScriptedEngine("net", seconds=0.01, clock=clock)
    working = at_work(engine, clock)
    made = measured(engine, scripted(lambda t: 20.0 if working[0] else 4.0, accuracy="10 %", clock=clock))
    assert value(made.idle_power) == pytest.approx(4.0, rel=1e-9)
    assert value(made.marginal_energy) == pytest.approx(0.16, rel=1e-9)
    drawn = lca.monte_carlo({"g": made.energy, "m": made.marginal_energy}, draws=500, progress=False).data
    np.testing.assert_allclose(drawn["m"] / drawn["g"], 0.8, rtol=1e-9)
    alone = made.without_idle()
    assert (alone.baseline, alone.per, value(alone.energy)) == ("marginal", "inference", pytest.approx(0.16))
    per_device = made.idle_power / lca.parameter("one", "1 device")
    assert value(made.marginal(per_device)) == pytest.approx(0.16, rel=1e-9)


def test_gum_4_3_7_two_idle_powers_are_limits() -> None:
    """GUM 4.3.7: 4 W before and 5 W behind: 4.5 W, and a standard uncertainty of 1 / sqrt(12) W."""
    clock = ScriptedClock()
    engine = ScriptedEngine("net", seconds=0.01, clock=clock)
    working = at_work(engine, clock)
    made = measured(engine, scripted(lambda t: 20.0 if working[0] else 4.0 if t < 8 else 5.0, clock=clock))
    drawn = lca.monte_carlo({"x": made.idle_power}, draws=20_000, progress=False).data["x"]
    assert drawn.median().item() == pytest.approx(4.5, abs=0.01)
    assert drawn.std().item() == pytest.approx(1 / math.sqrt(12), rel=4 / math.sqrt(2 * 20_000))
    assert any("4 W before the blocks, 5 W behind them" in note for note in made.notes)


def test_m8_a_power_that_is_not_above_the_idle_one_is_listed() -> None:
    made = measured(*one())
    assert made.marginal_energy is None
    assert any("its power is not above the idle one" in note for note in made.notes)
    with pytest.raises(lca.errors.MissingError, match="no energy above idle"):
        made.without_idle()


def test_m8_a_drift_is_reported_with_its_size() -> None:
    """M8: power rises by 1 % of its start per s, from the middle of the first block to that of the last."""
    made = measured(*one(power=lambda t: 20 * (1 + 0.01 * t)))
    middles = [(block.start + block.stop) / 2 for block in made.measurement.blocks]
    expected = 0.01 * (middles[-1] - middles[0]) / np.mean([1 + 0.01 * t for t in middles])
    assert made.table().loc["net", "drift (%)"] == pytest.approx(100 * expected, rel=1e-3)
    assert any(f"J/inference drifted by {100 * expected:+.2g} %" in note for note in made.notes)


def test_m8_clock_and_temperature_of_the_first_and_the_last_block_are_listed() -> None:
    engine, meter = one()

    class Card(type(meter)):  # type: ignore[misc]
        def conditions(self) -> dict[str, float]:
            return {"temperature (°C)": 40 + round(self.clock.now())}

    made = measured(engine, Card(**vars(meter)))
    temperatures = made.data["temperature (°C)"].to_numpy()
    assert (np.diff(temperatures) > 0).all()
    said = f"temperature (°C): {temperatures[0]:g} in the first block, {temperatures[-1]:g} in the last one"
    assert said in made.notes


def test_m8_what_an_engine_runs_first_after_another_one_is_not_counted() -> None:
    """M8: a twentieth of a block, or two update periods of the meter."""
    clock, last = ScriptedClock(), [""]

    class Cold(ScriptedEngine):
        def run(self) -> None:
            super().run()
            self.clock.wait(0.05 if last[0] != self.name else 0.0)  # its weights have left the cache
            last[0] = self.name

    made = measured([Cold(name, seconds=0.01, clock=clock) for name in "ab"], scripted(20.0, clock=clock))
    assert made.data["latency"].max() == pytest.approx(0.01)
    blocks = made.measurement.blocks
    gaps = [second.start - first.stop for first, second in pairwise(blocks)]
    assert min(gaps) == pytest.approx(0.1, abs=0.011)
    slow = measured(*one(update_period=0.15), seconds=10.0).measurement.blocks
    assert slow[1].start - slow[0].stop == pytest.approx(0.3, abs=0.011)


def test_m8_the_machine_rests_before_an_idle_time() -> None:
    """M8: power that falls within a second of the end of the work is not idle power."""
    clock = ScriptedClock()
    engine, ended = ScriptedEngine("net", seconds=0.01, clock=clock), [0.0]

    def power(t: float) -> float:
        return 4.0 if t < 6 or clock.now() - ended[0] > 0.8 else 20.0

    run = engine.run
    engine.run = lambda: (run(), ended.__setitem__(0, clock.now()))[0]  # type: ignore[method-assign]
    made = measured(engine, scripted(power, clock=clock))
    assert value(made.idle_power) == pytest.approx(4.0, rel=1e-9)
    first, second = made.measurement.idle
    assert (first.start, first.stop) == (1.0, 6.0)
    assert second.start - made.measurement.blocks[-1].stop == pytest.approx(1.0)
