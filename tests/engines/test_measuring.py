"""Measuring inference with scripts: counts, energy, labels and order, warm-up, idle power, drift (M8)."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from scripted_measurements import at_work, measured, one, value

import lca
from lca.engines.script import ScriptedEngine
from lca.meters import ScriptedClock, scripted

IDLE = 5.0  # s, as `measure_inference` has it


# --- counts, and energy against the integral of the script ------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 4])
def test_m8_the_count_and_the_energy_have_the_same_ends(batch: int) -> None:
    """M8: 10 s in five blocks, 0.01 s each: 1,000 executions, 20 W in each of them."""
    engine, meter = one(batch=batch)
    made = measured(engine, meter)
    data = made.data
    assert data["executions"].sum() == pytest.approx(1000, abs=5)  # a block ends with the execution that passes its end
    np.testing.assert_allclose(data["seconds"], data["executions"] * 0.01, rtol=1e-9)
    np.testing.assert_allclose(data["energy"], 20.0 * data["seconds"], rtol=1e-9)
    assert engine.executions > data["executions"].sum() + made.measurement.warm_ups[0].executions
    warm_up = made.measurement.warm_ups[0]
    assert warm_up.seconds == pytest.approx(warm_up.executions * 0.01, rel=1e-9)
    assert value(made.energy) == pytest.approx(0.2 / batch, rel=1e-9)
    assert value(made.throughput) == pytest.approx(100 * batch, rel=1e-9)
    assert value(made.energy_per_batch) == pytest.approx(0.2, rel=1e-9)


def test_m8_every_execution_between_the_ends_counts_once() -> None:
    """M8: the executions that ran while a block was open, told by the engine itself."""
    clock = ScriptedClock()
    seen: list[tuple[float, float]] = []

    class Telling(ScriptedEngine):
        def run(self) -> None:
            start = clock.now()
            super().run()
            seen.append((start, clock.now()))

    engine = Telling("net", seconds=lambda number: 0.013 if number % 3 else 0.029, clock=clock)
    made = measured(engine, scripted(5.0, clock=clock))
    assert made.measurement.blocks[0].start > IDLE
    for block in made.measurement.blocks:
        inside = [run for run in seen if run[0] >= block.start - 1e-9 and run[1] <= block.stop + 1e-9]
        assert block.executions == len(inside)
        assert block.seconds == pytest.approx(sum(stop - begun for begun, stop in inside), rel=1e-9)
        assert block.latencies[0] == pytest.approx(0.013)
        assert block.latencies[-1] == pytest.approx(0.029)


SCRIPTS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "constant": (lambda t: 20.0, lambda t: 20.0 * t),
    "ramp": (lambda t: 10 + 0.5 * t, lambda t: 10 * t + 0.25 * t * t),
    "step": (lambda t: 20.0 if t < 11.44 else 60.0, lambda t: 20 * t + 40 * max(0.0, t - 11.44)),
}


@pytest.mark.parametrize("kind", SCRIPTS)
def test_m8_the_energy_of_a_counter_is_the_integral_of_its_script(kind: str) -> None:
    """M8: in closed form, block by block, to rounding."""
    _, integral = SCRIPTS[kind]
    made = measured(*one(0.007, energy=integral))
    joules = [integral(block.stop) - integral(block.start) for block in made.measurement.blocks]
    np.testing.assert_allclose(made.data["energy"], joules, rtol=1e-9)
    assert value(made.energy) == pytest.approx(sum(joules) / made.data["executions"].sum().item(), rel=1e-9)


@pytest.mark.parametrize("kind", SCRIPTS)
def test_m8_the_energy_of_a_power_is_the_integral_of_its_script(kind: str) -> None:
    """M8, M5: trapezoids are exact on a constant and on a ramp; a step errs by at most half a sample of its height."""
    power, integral = SCRIPTS[kind]
    made = measured(*one(0.007, power))
    joules = np.array([integral(block.stop) - integral(block.start) for block in made.measurement.blocks])
    error = np.abs(made.data["energy"].to_numpy() - joules)
    assert error.max() <= (40 * 0.1 / 2 if kind == "step" else 1e-9 * joules.max())
    assert (error > 1e-6).sum() == (1 if kind == "step" else 0)


def test_m5_a_counter_that_wraps_goes_on() -> None:
    """M5: it wraps in each block, and the energy is that of a counter without a range."""
    wide, narrow = (measured(*one(energy=lambda t: 20.0 * t, **range_)) for range_ in ({}, {"wraps_at": 17.0}))
    values = narrow.log.tracks[0].values[:, 0]
    assert (np.diff(values) < 0).sum() > 10
    np.testing.assert_allclose(narrow.data["energy"], wide.data["energy"], rtol=1e-9)


# --- several engines -----------------------------------------------------------------------------------------------


def test_m8_engines_have_labels_and_share_the_error_of_the_meter() -> None:
    """U10, D3: one accuracy for all; the scatter of each is its own; batch and pieces of the names are coordinates."""
    clock = ScriptedClock()
    engines = [ScriptedEngine(f"net_{b}_{p}", seconds=s, batch=b, clock=clock)
               for b, p, s in ((1, "FP16", 0.01), (4, "FP32", 0.03))]  # fmt: skip
    made = measured(engines, scripted(30.0, accuracy="5 %", clock=clock), names="<net>_<batch:int>_<precision>")
    (dim,) = made.energy.dims
    assert dim.labels == ("net_1_FP16", "net_4_FP32")
    assert dim.coordinates == {"batch": (1, 4), "net": ("net", "net"), "precision": ("FP16", "FP32")}
    drawn = lca.monte_carlo({"x": made.energy}, draws=2000, progress=False).data["x"]
    low, high = drawn.sel(engine="net_1_FP16"), drawn.sel(engine="net_4_FP32")
    np.testing.assert_allclose(low / high, 0.3 / 0.225, rtol=1e-9)
    assert 0.3 * 0.95 <= low.min() < 0.3 * 0.96
    np.testing.assert_allclose(lca.nominal({"x": made.energy_per_batch}).data["x"], [0.3, 0.9], rtol=1e-9)
    np.testing.assert_allclose(lca.nominal({"x": made.latency}).data["x"], [0.01, 0.03], rtol=1e-9)
    second = made.sel(engine="net_4_FP32")
    assert value(second.energy_per_batch) == pytest.approx(0.9, rel=1e-9)
    assert value(second.latency) == pytest.approx(0.03, rel=1e-9)


def test_m8_a_list_of_one_engine_has_a_label_and_one_engine_has_none() -> None:
    engine, meter = one()
    assert [dim.labels for dim in measured([engine], meter).energy.dims] == [("net",)]
    assert measured(engine, meter).energy.dims == ()


def test_m8_blocks_stand_in_random_order_which_the_seed_fixes() -> None:
    """M8, U6: in each round every engine has one block; another seed gives another order."""

    def order(seed: int) -> list[str]:
        clock = ScriptedClock()
        engines = [ScriptedEngine(name, seconds=0.05, clock=clock) for name in "abcd"]
        made = measured(engines, scripted(9.0, clock=clock), seed=seed)
        assert made.measurement.schedule.seed == seed
        return [block.engine for block in made.measurement.blocks]

    first = order(0)
    assert first == order(0)
    assert first != order(1)
    rounds = [first[n : n + 4] for n in range(0, 20, 4)]
    assert all(sorted(names) == list("abcd") for names in rounds)
    assert len({tuple(names) for names in rounds}) > 2


# --- warm-up, idle power, drift ------------------------------------------------------------------------------------


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


def test_an_engine_says_what_it_is_once_it_is_loaded() -> None:
    """Its batch and its outputs may be known only then; it is loaded once, before anything is measured."""
    engine, meter = one()

    class Late(ScriptedEngine):
        loaded = 0

        @property
        def batch(self) -> int:  # type: ignore[override]
            if not self.loaded:
                raise lca.errors.EngineError("it is not loaded", where=self.name)
            return 4

        @batch.setter
        def batch(self, value: int) -> None:
            pass

        def load(self) -> None:
            self.loaded += 1
            assert self.executions == 0

    late = Late("late", seconds=0.01, clock=engine.clock)
    made = measured(late, meter)
    assert made.measurement.engines[0].batch == 4
    assert value(made.energy) == pytest.approx(0.05, rel=1e-9)
    assert late.loaded == 1


def test_m8_an_execution_that_goes_on_behind_its_call_is_waited_for() -> None:
    """M8: a card works on after `run` has returned; the block ends when its last execution has ended."""

    class Card(ScriptedEngine):
        def run(self) -> None:
            self.executions += 1

        def synchronise(self) -> None:
            self.clock.wait(0.01)

    engine, meter = one()
    made = measured(Card("card", seconds=1.0, clock=engine.clock), meter)
    np.testing.assert_allclose(made.data["seconds"], made.data["executions"] * 0.01, rtol=1e-9)
    assert value(made.energy) == pytest.approx(0.2, rel=1e-9)


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


def test_the_table_has_a_row_for_each_engine() -> None:
    """W is J/inference times inference/s; quantiles in ms; one row by hand."""
    made = measured(*one(lambda n: 0.01 if n % 10 else 0.06, batch=2))
    row = made.table().loc["net"]
    assert row["batch"] == 2
    assert row["blocks"] == 5
    assert row["W"] == pytest.approx(20.0)
    assert row["inference/s"] == pytest.approx(2 / 0.015, rel=0.02)
    assert row["p50 (ms)"] == pytest.approx(10.0)
    assert row["p99 (ms)"] == pytest.approx(60.0)
    assert row["u (%)"] < 2
    assert row["idle W"] == pytest.approx(20.0)
    lines = str(made).splitlines()
    assert lines[0].startswith("net: measured 20")
    assert any(line.split() == ["J/inference", f"{row['J/inference']:.4g}"] for line in lines)
    assert lines[-1] == "note: net: its power is not above the idle one"
