"""Measuring inference with scripts: counts, energy, labels and order (M8)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scripted_measurements import measured, one, value

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


# --- engines that are late, and what is shown ----------------------------------------------------------------------


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


def test_the_bar_ends_where_its_total_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds of blocks and idle times with a meter, of blocks alone without one; it waits two seconds to show."""
    import tqdm

    made: list[tuple[dict[str, object], list[float]]] = []

    class Bar:
        def __init__(self, **options: object) -> None:
            made.append((options, []))

        def __enter__(self) -> Bar:
            return self

        def __exit__(self, *error: object) -> None:
            pass

        def update(self, seconds: float) -> None:
            made[-1][1].append(seconds)

    monkeypatch.setattr(tqdm, "tqdm", Bar)
    engine, meter = one()
    measured(engine, meter, progress=True)
    measured(engine, None, assumed_power="5 W at_wall", clock=engine.clock)
    assert [(options["total"], sum(updates)) for options, updates in made] == [(20.0, 20.0), (10.0, 10.0)]
    assert [options["disable"] for options, _ in made] == [False, True]
    assert made[0][0]["delay"] == 2
