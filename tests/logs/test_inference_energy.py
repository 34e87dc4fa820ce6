"""The energy of an inference: the mean power in the run over its rate; and its layers, as an estimate (M9, A3).

The tegrastats log beside the log of trtexec is made for these tests: 8 W idle for 10 s, then 20 W on the whole board.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas
import pytest

import lca
from lca.errors import LogError, UnitError
from lca.graph.node import parameters
from lca.interpretation.log_report import described
from lca.logs.inference.inference_log import InferenceLog
from lca.logs.power.power_log import PowerLog

INPUTS = Path(__file__).parent / "inputs"
TRTEXEC = (INPUTS / "trtexec.log").read_text(encoding="utf-8")
#: Inferences per second of that log: 1,250 executions of 8 in 20.004 s.
RATE = 10_000 / 20.004


def engine(folder: Path, text: str = TRTEXEC, **said: object) -> InferenceLog:
    (folder / "engine.log").write_text(text, encoding="utf-8")
    log = lca.read(folder / "engine.log", **said)  # type: ignore[arg-type]
    assert isinstance(log, InferenceLog)
    return log


def board(folder: Path, seconds: int = 45, first: int = 0, step: int = 1, **said: object) -> PowerLog:
    """A line a second from 10:00:00 on: the run goes from 10:00:12 at the latest to 10:00:30 at the earliest."""
    rails = "RAM 2890/7471MB (lfb 3x4MB) CPU [5%@1420] VDD_IN {0}mW/{0}mW VDD_CPU_GPU_CV {1}mW/{1}mW"
    lines = []
    for second in range(first, seconds, step):
        watts = 20_000 if 10 <= second < 31 else 8_000
        lines.append(f"03-01-2026 10:00:{second:02d} {rails.format(watts, watts // 2)}")
    (folder / "board.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    log = lca.read(folder / "board.log", **said)  # type: ignore[arg-type]
    assert isinstance(log, PowerLog)
    return log


def steady(watts: float, seconds: int = 20, at: str = "board") -> PowerLog:
    index = pandas.Index(np.arange(seconds + 1.0), name="s")
    return lca.power_log(pandas.Series([watts] * (seconds + 1), index=index), at=at)


def joules(energy: object) -> float:
    return float(lca.nominal(lca.parameter("one", energy)).to("J at_board/inference"))


def test_m9_the_energy_of_an_inference_is_the_mean_power_over_the_rate(tmp_path: Path) -> None:
    energy = engine(tmp_path).energy(board(tmp_path))
    assert joules(energy) == pytest.approx(20 / RATE)
    assert repr(energy) == "<reading of board.log over engine.log: 0.040008 J at the board/inference>"


def test_m9_the_energy_of_an_execution_is_that_of_its_batch(tmp_path: Path) -> None:
    per_batch = engine(tmp_path).energy(board(tmp_path), per="batch")
    made = lca.Inference("engine", per_batch, per="batch", batch=8, baseline="marginal")
    assert float(lca.nominal(made.per_inference).to("J at_board/inference")) == pytest.approx(20 / RATE)


def test_m9_the_interval_is_that_of_the_samples_the_meter_and_the_digits(tmp_path: Path) -> None:
    """Power 20 ± 1 W by turns, of a meter with 5 % (k=1): relative u of the meter 5 %, of 18 s of samples below 2 %."""
    watts = [19.0, 21.0] * 10
    index = pandas.Index(np.arange(20.0), name="s")
    meter = lca.Meter("rail", at="board", u="5 %")
    power = lca.power_log(pandas.Series(watts, index=index), meter=meter)
    run = lca.monte_carlo(engine(tmp_path).energy(power, window=(0, 19)), draws=20_000, progress=False)
    values = run.to("J at_board/inference").to_numpy()
    scatter = float(power.energy().scatter[0]) / 19 / 20  # type: ignore[attr-defined]
    assert 0.005 < scatter < 0.03
    wanted = np.hypot(0.05, scatter)
    assert np.std(values) / np.mean(values) == pytest.approx(wanted, rel=4 / np.sqrt(2 * 20_000))
    keys = {leaf.parameter.key for leaf in parameters([lca.parameter("net.energy", engine(tmp_path).energy(power))])}
    assert keys == {"net.energy", "net.energy.rate", "rail.accuracy"}


def test_m9_what_was_printed_to_few_digits_has_a_spread(tmp_path: Path) -> None:
    log = engine(tmp_path, "[03/01/2026-10:00:09] [I] Throughput: 50 qps\n").with_batch(1)
    low, high = log.throughput().values[0].reach  # type: ignore[union-attr]
    assert (low, high) == pytest.approx((50 - 5e-5, 50 + 5e-5), abs=1e-9)


def test_m9_stamps_give_the_window_that_surely_lies_in_the_run(tmp_path: Path) -> None:
    """The clock began between 10:00:10.5 (stamp, warm-up) and 10:00:11.996 (summary); the run took 20.004 s."""
    (run,) = engine(tmp_path).runs
    assert run.began is not None
    midnight = 1772323200.0  # 2026-03-01
    assert np.array(run.began) - midnight == pytest.approx([36_010.5, 36_011.996], abs=1e-3)
    reading = engine(tmp_path).energy(board(tmp_path))
    assert "board.log: 19 samples, 18 s" in reading.power.source  # type: ignore[attr-defined]


def test_m9_without_a_stamp_of_its_start_a_run_has_a_window_of_a_second_less(tmp_path: Path) -> None:
    text = "".join(line for line in TRTEXEC.splitlines(keepends=True) if "Starting inference" not in line)
    (run,) = engine(tmp_path, text).runs
    assert run.began is not None
    assert run.began[1] - run.began[0] == pytest.approx(2.0)


def test_m9_a_window_is_said_in_the_power_log(tmp_path: Path) -> None:
    log, power = engine(tmp_path), board(tmp_path)
    assert joules(log.energy(power, window=("10:00:15", "10:00:25"))) == pytest.approx(20 / RATE)
    assert joules(log.energy(power, window=(12, 30))) == pytest.approx(20 / RATE)
    with pytest.raises(LogError, match=r"covers more than the run(.|\n)*20.004 s(.|\n)*the power: 40 s"):
        log.energy(power, window=(0, 40))
    with pytest.raises(LogError, match="a window has a begin and an end"):
        log.energy(power, window=("10:00",))
    with pytest.raises(LogError, match=r"fewer than 3 samples(.|\n)*2 samples"):
        log.energy(power, window=(12, 13))


def test_m9_a_log_without_dates_is_cut_to_the_run(tmp_path: Path) -> None:
    log = engine(tmp_path)
    assert joules(log.energy(steady(20.0))) == pytest.approx(20 / RATE)
    with pytest.raises(LogError, match=r"covers more than the run(.|\n)*the power: 30 s"):
        log.energy(steady(20.0, seconds=30))
    timeless = engine(tmp_path, "[03/01/2026-10:00:09] [I] Throughput: 50 qps\n").with_batch(1)
    with pytest.raises(LogError, match="when the run was, and how long it took, is not known"):
        timeless.energy(steady(20.0))


def test_m9_clocks_of_two_kinds_raise(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"known zone(.|\n)*engine.log: local times(.|\n)*board.log: times with a zone"):
        engine(tmp_path).energy(board(tmp_path, zone="Europe/Berlin"))
    both = {"zone": "Europe/Berlin"}
    assert joules(engine(tmp_path, **both).energy(board(tmp_path, **both))) == pytest.approx(20 / RATE)
    with pytest.raises(LogError, match=r"no samples in the time of the run(.|\n)*2026-03-01 09:00:10"):
        engine(tmp_path, **both).energy(board(tmp_path, zone="UTC"))


@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_m9_a_table_with_dates_has_a_clock_too(zone: str | None, tmp_path: Path) -> None:
    times = pandas.date_range("2026-03-01 10:00:00", periods=45, freq="s", tz=zone)
    power = lca.power_log(pandas.Series([8.0] * 10 + [20.0] * 35, index=times), at="board")
    log = engine(tmp_path) if zone is None else engine(tmp_path, zone=zone)
    assert joules(log.energy(power)) == pytest.approx(20 / RATE)


def test_m9_a_run_shorter_than_its_stamps_asks_for_a_window(tmp_path: Path) -> None:
    """A run of 0.5 s began between 10:00:10.5 and 10:00:31.5."""
    short = TRTEXEC.replace("20.004 s", "0.5 s").replace("62.4875", "2500").replace("19.375 s", "19.375 s")
    with pytest.raises(LogError, match=r"too short for stamps in whole seconds(.|\n)*duration=60"):
        engine(tmp_path, short).energy(board(tmp_path))


def test_m9_a_rail_that_is_a_part_raises(tmp_path: Path) -> None:
    log, power = engine(tmp_path), board(tmp_path)
    with pytest.raises(LogError, match=r"part of the device(.|\n)*VDD_CPU_GPU_CV(.|\n)*the whole: VDD_IN"):
        log.energy(power, channels="VDD_CPU_GPU_CV")
    with pytest.raises(LogError, match="part of the device"):
        log.layers(power, channels="VDD_CPU_GPU_CV")
    assert joules(log.energy(power, channels="VDD_IN")) == pytest.approx(20 / RATE)


def test_a3_the_marginal_energy_is_above_the_idle_power(tmp_path: Path) -> None:
    log, power = engine(tmp_path), board(tmp_path)
    wanted = pytest.approx(12 / RATE)
    assert joules(log.energy(power, above=power.between("10:00:00", "10:00:09"))) == wanted
    assert joules(log.energy(power, above=power.idle("10:00:00", "10:00:09"))) == wanted
    assert joules(log.energy(power, above="8 W")) == wanted
    with pytest.raises(LogError, match="not below"):
        log.energy(power, above="20 W")


def test_a3_gross_becomes_marginal_by_the_same_rate(tmp_path: Path) -> None:
    """The field of a component subtracts idle power over throughput; the log subtracts it before it divides."""
    log, power = engine(tmp_path), board(tmp_path)
    gross = lca.Inference("net", log.energy(power), per="inference", baseline="gross", throughput=log.throughput())
    by_hand = gross.marginal(lca.parameter("idle", "8 W at_board/device"))
    assert float(lca.nominal(by_hand).to("J at_board/inference")) == pytest.approx(12 / RATE)


def test_several_cards_are_added_and_their_idle_power_counts_for_each(tmp_path: Path) -> None:
    cards = pandas.DataFrame({"gpu 0": [100.0] * 5, "gpu 1": [60.0] * 5}, index=pandas.Index(range(5), name="s"))
    power = lca.power_log(cards, at="board", by="device")
    log = engine(tmp_path)
    assert joules(log.energy(power)) == pytest.approx(160 / RATE)
    assert joules(log.energy(power, above="30 W")) == pytest.approx(100 / RATE)
    assert joules(log.energy(power, devices="gpu 1")) == pytest.approx(60 / RATE)
    assert joules(log.energy(power, above=power.power() / 2)) == pytest.approx(80 / RATE)


def test_m9_several_runs_with_stamps_have_an_energy_each(tmp_path: Path) -> None:
    """Two runs in one log, of 20 W and 30 W: the second a minute later, with half of the executions."""
    later = TRTEXEC.replace("10:00:", "10:01:").replace("1250 queries", "625 queries").replace("62.4875", "31.24375")
    later = later.replace("19.375 s", "9.6875 s").replace("8x3x224x224", "4x3x224x224")
    log = engine(tmp_path, TRTEXEC + later)
    times = pandas.date_range("2026-03-01 10:00:00", periods=100, freq="s")
    watts = [20.0 if n < 60 else 30.0 for n in range(100)]
    (tmp_path / "gpu.csv").write_text(
        "timestamp, power.draw [W]\n"
        + "".join(f"{t:%Y/%m/%d %H:%M:%S.000}, {w:.2f} W\n" for t, w in zip(times, watts, strict=True)),
        encoding="utf-8",
    )
    power = lca.read(tmp_path / "gpu.csv")
    energies = log.energy(power)  # type: ignore[arg-type]
    found = lca.nominal(lca.parameter("runs", energies)).to("J at_component/inference")
    assert found.dims == ("run",)
    assert found.sel(run="batch 8").item() == pytest.approx(20 / RATE)
    assert found.sel(run="batch 4").item() == pytest.approx(30 / (2500 / 20.004))
    above = lca.nominal(lca.parameter("runs", log.energy(power, above="5 W"))).to("J at_component/inference")  # type: ignore[arg-type]
    assert above.sel(run="batch 4").item() == pytest.approx(25 / (2500 / 20.004))
    offset = lca.read(tmp_path / "gpu.csv", meter=lca.Meter("smi", at="component", accuracy="2 W"))
    drawn = lca.monte_carlo(log.energy(offset), draws=8_000, progress=False).to("J at_component/inference")  # type: ignore[arg-type]
    spread = drawn.std("draw").sel(run="batch 4").item()
    assert spread == pytest.approx(2 / np.sqrt(3) / (2500 / 20.004), rel=0.03)  # limits of 2 W, over the rate
    with pytest.raises(LogError, match=r"several runs(.|\n)*batch 8(.|\n)*log.sel\(run='batch 8'\)"):
        log.energy(power, window=(12, 30))  # type: ignore[arg-type]
    with pytest.raises(LogError, match="does not say when each was"):
        log.energy(steady(20.0))


# --- layers ----------------------------------------------------------------------------------------------------


def test_m9_the_layers_are_estimates_that_sum_to_the_energy_of_an_inference(tmp_path: Path) -> None:
    log, power = engine(tmp_path), board(tmp_path)
    estimate = log.layers(power)
    table = estimate.data.set_index("layer")
    assert table["share of time"].tolist() == [0.6875, 0.0625, 0.25]
    column = "energy estimate [J at the board/inference]"
    assert table[column].to_numpy() == pytest.approx(np.array([0.6875, 0.0625, 0.25]) * 20 / RATE)
    assert repr(estimate) == (
        "<readings of board.log over engine.log, an estimate by share of time, layer: 3 [J at the board/inference]>"
    )
    drawn = lca.monte_carlo(estimate, draws=4_000, progress=False).to("J at_board/inference")
    whole = lca.monte_carlo(log.energy(power), draws=4_000, progress=False).to("J at_board/inference")
    assert drawn.sum("layer").std().item() == pytest.approx(whole.std().item(), rel=0.1, abs=1e-6)
    assert drawn.sum("layer").mean().item() == pytest.approx(20 / RATE, rel=1e-3)
    pool = drawn.sel(layer="pool1").to_numpy()
    assert np.std(np.log(pool)) > 0.3  # the power of a layer is not known: a factor of 1.5 (k=1)
    exact = lca.monte_carlo(log.layers(power, spread=1), draws=100, progress=False).data["value"].sel(layer="pool1")
    assert exact.std().item() / exact.mean().item() < 1e-2


def test_m9_the_unknown_power_of_a_layer_is_assumed(tmp_path: Path) -> None:
    made = lca.parameter("net", engine(tmp_path).layers(board(tmp_path)))
    status = {leaf.parameter.key: leaf.parameter.status for leaf in parameters([made]) if leaf.parameter}
    assert status["net.power-of-layer"] == "assumed"
    assert status["net.whole"] == "measured"


def test_m9_layers_of_one_name_are_told_apart(tmp_path: Path) -> None:
    twice = TRTEXEC.replace("   pool1\n", "   fc\n")
    assert engine(tmp_path, twice).layers(board(tmp_path)).data["layer"].tolist() == ["conv1 + relu1", "fc", "fc (2)"]


def test_m9_layers_need_a_profile_and_a_timed_run(tmp_path: Path) -> None:
    without = engine(tmp_path, TRTEXEC[: TRTEXEC.index("[03/01/2026-10:00:31] [I] === Profile")])
    with pytest.raises(LogError, match=r"no layers are known(.|\n)*exportProfile"):
        without.layers(board(tmp_path))
    profile = lca.read(INPUTS / "trtexec_profile.json", run="run (1)")
    assert isinstance(profile, InferenceLog)
    with pytest.raises(LogError, match="a profiling run"):
        profile.layers(steady(20.0))
    assert without.joined(profile).layers(board(tmp_path)).data["share of time"].tolist() == [0.6875, 0.0625, 0.25]


def test_an_energy_per_inference_is_no_mean_power(tmp_path: Path) -> None:
    with pytest.raises(UnitError):
        engine(tmp_path).energy(steady(20.0)).over(5)
    with pytest.raises(UnitError):
        engine(tmp_path).layers(steady(20.0)).over(5)


def test_the_command_says_how_a_power_gives_the_energy(tmp_path: Path) -> None:
    said = described(engine(tmp_path), "engine.log", {})
    assert "10,000 inferences, 1,250 executions in 20.004 s" in said
    assert said.endswith("energy = log.energy(lca.read('power.log')); rate = log.throughput()")
