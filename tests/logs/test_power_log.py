"""Power logs: integrals against closed forms, gaps, devices, channels, counters, idle power (M1 to M6)."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca.errors import AccountingError, LogError
from lca.logs.power.channel import Channel
from lca.logs.power.integration import integrate
from lca.logs.power.power_log import PowerLog
from lca.logs.power.track import Track
from lca.meters.observed import Observed

Array = npt.NDArray[np.float64]


def joules(value: Observed) -> float:
    """Its nominal value in J; results are in kWh."""
    return 3.6e6 * float(lca.nominal(lca.parameter("log", value)).data["value"].item())


def drawn(value: Observed, count: int = 4_096) -> Array:
    """Draws in W, or in J of an energy."""
    result = lca.monte_carlo(lca.parameter("x", value), draws=count)
    unit = str(result.data["value"].attrs["unit"])
    return np.asarray(result.data["value"]).ravel() * (3.6e6 if "kWh" in unit else 1.0)


def series(power: list[float], seconds: list[float]) -> pandas.Series:
    return pandas.Series(power, index=pandas.Index(seconds, name="s"), dtype=float)


def log_of(power: list[float], seconds: list[float]) -> PowerLog:
    return lca.power_log(series(power, seconds), at="wall")


def counted(values: list[float], **rest: float) -> PowerLog:
    """A log of one counter, a sample each second."""
    meter = lca.Meter("counter", at="component")
    channel = Channel("energy", at="component", counter=True, **rest)  # type: ignore[arg-type]
    times = np.arange(len(values), dtype=np.float64)
    track = Track("", (channel,), times, np.array(values, dtype=np.float64)[:, None], np.arange(len(values)))
    return PowerLog(Path("counter.log"), "made", (track,), meter, ("energy",), dated=False)


# --- M2: gaps -----------------------------------------------------------------------------------------------


def test_m2_an_hour_without_a_sample_is_refused_with_its_place_and_its_length() -> None:
    """300 W at 0, 60, 3660, 3720 s: a straight line over the hour would say 0.31 kWh."""
    log = log_of([300.0] * 4, [0, 60, 3660, 3720])
    with pytest.raises(LogError, match=r"log:2: 3600 s without a sample") as refused:
        log.energy(max_gap=600)
    assert 'gaps="exclude"' in refused.value.fix
    assert joules(log.energy(gaps="exclude", max_gap=600)) == pytest.approx(120 * 300)
    assert joules(log.energy(gaps="bridge", max_gap=600)) == pytest.approx(3720 * 300)
    assert log.covered(max_gap=600) == pytest.approx(120 / 3720)


def test_m2_a_step_of_more_than_ten_medians_is_a_gap() -> None:
    """The median of three steps, 60, 60 and 3600 s, is 60 s."""
    log = log_of([300.0] * 5, [0, 60, 120, 3720, 3780])
    with pytest.raises(LogError, match="1 steps without samples are longer than 600 s"):
        log.energy()
    assert joules(log.energy(gaps="exclude")) == pytest.approx(180 * 300)
    assert joules(log_of([300.0] * 4, [0, 60, 120, 720]).energy()) == pytest.approx(720 * 300)


def test_m2_the_covered_share_stands_in_the_source_of_the_reading() -> None:
    log = log_of([300.0] * 5, [0, 60, 120, 3720, 3780])
    run = lca.Training("run", energy=log.energy(gaps="exclude"), duration="1 h")
    assert "0.0476 of the time covered" in lca.provenance(run.energy)["source"].iloc[0]


def test_m2_a_step_above_an_hour_is_a_gap_whatever_the_others_are() -> None:
    with pytest.raises(LogError, match="2 steps without samples are longer than 3600 s"):
        log_of([300.0] * 3, [0, 86_400, 172_800]).energy()
    assert joules(log_of([300.0] * 3, [0, 3_600, 7_200]).energy()) == pytest.approx(7_200 * 300)


def test_u10_a_log_says_whether_the_accuracy_of_its_meter_is_stated() -> None:
    """U10: where none is stated, no interval holds it."""
    watts = pandas.Series([20.0, 21.0, 20.0], index=[0.0, 1.0, 2.0])
    assert "accuracy: not stated" in repr(lca.power_log(watts, at="wall"))
    assert "accuracy: 2 %\n" in repr(lca.power_log(watts, meter=lca.Meter("plug", at="wall", accuracy="2 %")))


def test_m6_a_missing_sample_is_left_out_and_never_zero() -> None:
    frame = pandas.DataFrame(
        {"a": [100.0, np.nan, 100.0], "b": [1.0, 1.0, 1.0]}, index=pandas.Index([0, 1, 2], name="s")
    )
    log = lca.power_log(frame, at="component", by="device")
    assert joules(log.energy(devices="a")) == pytest.approx(200)
    assert joules(log.energy()) == pytest.approx(202)


def test_a10_a_log_of_zeros_raises() -> None:
    with pytest.raises(AccountingError, match="0 W"):
        log_of([0.0, 0.0], [0, 1]).energy()


# --- M3, M4: devices and channels ---------------------------------------------------------------------------


def test_m3_four_cards_interleaved_by_two_milliseconds_are_four_series(tmp_path: Path) -> None:
    """Four cards at 300 W for 9 s are 10.8 kJ; as one series they would be 2.7 kJ."""
    rows = [
        f"{card}, 2026/01/01 10:00:{second:02d}.{2 * card:03d}, 300.00 W" for second in range(10) for card in range(4)
    ]
    file = tmp_path / "gpus.csv"
    file.write_text("\n".join(["index, timestamp, power.draw [W]", *rows, ""]), encoding="utf-8")
    log = lca.read(file)
    assert isinstance(log, PowerLog)
    assert log.devices == ("gpu 0", "gpu 1", "gpu 2", "gpu 3")
    assert joules(log.energy()) == pytest.approx(10_800)
    assert joules(log.energy(devices=["gpu 0", "gpu 2"])) == pytest.approx(5_400)
    assert log.data["power"].dims == ("time", "channel")
    assert int(np.isfinite(log.data["power"]).sum()) == 40
    with pytest.raises(LogError, match="did you mean(.|\n)*gpu 1"):
        log.energy(devices="gpu 7")


def test_m3_a_log_of_a_whole_machine_asks_which_devices_belong_to_the_run() -> None:
    frame = pandas.DataFrame({"0": [10.0, 10.0], "1": [20.0, 20.0]}, index=pandas.Index([0, 1], name="s"))
    log = lca.power_log(frame, at="component", by="device")
    shared = PowerLog(log.path, log.format, log.tracks, log.meter, shared=True)
    with pytest.raises(LogError, match="which of them belong to the run"):
        shared.energy()
    assert joules(shared.energy(devices="all")) == pytest.approx(30)
    known = PowerLog(log.path, log.format, log.tracks, log.meter, own=("1",), shared=True)
    assert joules(known.energy()) == pytest.approx(20)


def rails(**contains: tuple[str, ...]) -> PowerLog:
    """Rails of a board: in 10 W, gpu 4 W, cpu 3 W."""
    size = {"in": 10.0, "gpu": 4.0, "cpu": 3.0}
    channels = tuple(Channel(name, at="board", contains=contains.get(name, ())) for name in size)
    values = np.tile(list(size.values()), (3, 1))
    track = Track("", channels, np.arange(3.0), values, np.arange(3))
    return PowerLog(Path("rails.log"), "made", (track,), lca.Meter("rails", at="board"), ("in",), dated=False)


def test_m4_a_rail_beside_one_that_contains_it_raises() -> None:
    log = rails(**{"in": ("gpu", "cpu")})
    assert joules(log.energy()) == pytest.approx(20)
    assert joules(log.energy(channels=["gpu", "cpu"])) == pytest.approx(14)
    with pytest.raises(LogError, match="in contains gpu"):
        log.energy(channels=["gpu", "in"])
    with pytest.raises(LogError, match="did you mean 'gpu'"):
        log.energy(channels="gpv")


def test_m4_what_contains_what_contains_it_overlaps_too() -> None:
    with pytest.raises(LogError, match="in contains cpu"):
        rails(**{"in": ("gpu",), "gpu": ("cpu",)}).energy(channels=["in", "cpu"])


# --- M5: counters -------------------------------------------------------------------------------------------


def test_m5_a_counter_counts_by_its_differences_and_wraps_at_its_range() -> None:
    assert joules(counted([100.0, 150.0, 175.0]).energy()) == pytest.approx(75)
    assert joules(counted([900.0, 990.0, 20.0], modulus=1000.0).energy()) == pytest.approx(120)


def test_m5_a_counter_that_was_reset_is_refused_or_its_step_left_out() -> None:
    log = counted([100.0, 150.0, 5.0, 25.0])
    with pytest.raises(LogError, match="reset 1 times"):
        log.energy()
    assert joules(log.energy(gaps="exclude")) == pytest.approx(70)


def test_m2_the_two_displays_of_a_counter_are_its_uncertainty() -> None:
    """u^2 = 2 step^2 / 12."""
    channel = Channel("energy", at="wall", counter=True, step=3600.0)
    found = integrate(
        channel,
        np.array([0.0, 60.0]),
        np.array([0.0, 36_000.0]),
        np.arange(2),
        gaps="refuse",
        max_gap=None,
        where="a.log",
    )
    assert found.scatter == pytest.approx(3600 / math.sqrt(6))


# --- the uncertainty of sampling ----------------------------------------------------------------------------


def test_the_sampling_error_of_white_noise_is_that_of_its_mean() -> None:
    """200 logs of 400 samples of 100 W with s = 10 W: the true sd of the energy is s T / sqrt n, within 10 %.

    The sd of an sd over 200 logs is 5 % of it; the estimate within a log is as sure.
    """
    rng = np.random.default_rng(7)
    channel, times = Channel("power", at="wall"), np.arange(400.0)
    parts = [
        integrate(channel, times, rng.normal(100, 10, 400), np.arange(400), gaps="refuse", max_gap=None, where="a.log")
        for _ in range(200)
    ]
    true = float(np.std([part.joules for part in parts]))
    assert true == pytest.approx(10 * math.sqrt(399), rel=0.12)
    assert float(np.mean([part.scatter for part in parts])) == pytest.approx(true, rel=0.12)


def test_m1_the_update_period_is_that_of_new_values() -> None:
    """Polled each second, renewed every three."""
    log = log_of([100.0] * 3 + [110.0] * 3 + [105.0] * 3 + [100.0], [float(n) for n in range(10)])
    assert log.update_period == 3
    assert log_of([100.0, 100.0], [0, 1]).update_period is None


def test_a_value_that_is_read_twice_counts_once_for_the_sampling_error() -> None:
    """A sensor that renews its value each second, read twice a second: as sure as read once a second."""
    rng = np.random.default_rng(3)
    channel, fresh = Channel("power", at="wall"), rng.normal(100, 10, 400)
    once = integrate(channel, np.arange(400.0), fresh, np.arange(400), gaps="refuse", max_gap=None, where="a.log")
    twice = integrate(
        channel, np.arange(800) / 2, np.repeat(fresh, 2), np.arange(800), gaps="refuse", max_gap=None, where="a"
    )
    assert twice.scatter == pytest.approx(once.scatter, rel=0.02)
    assert twice.joules == pytest.approx(once.joules, rel=0.01)


def test_a_gap_is_not_bridged_by_the_sampling_error() -> None:
    """Two steady levels, 100 W and 300 W, with a gap between: each is known exactly."""
    log = log_of([100.0] * 4 + [300.0] * 4, [0, 1, 2, 3, 103, 104, 105, 106])
    assert log._integrals(None, None, "exclude", None)[""].scatter == 0


def test_a_straight_line_has_no_sampling_error() -> None:
    log = log_of([100 + t**1.3 for t in range(20)], [float(t**1.3) for t in range(20)])
    assert joules(log.energy(gaps="bridge")) > 0
    assert log._integrals(None, None, "bridge", None)[""].scatter < 1e-6


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.floats(1, 500), min_size=4, max_size=12), st.integers(1, 1000))
def test_the_energy_of_two_halves_is_that_of_the_whole(power: list[float], step: int) -> None:
    """Cut at a sample: E(a, c) = E(a, b) + E(b, c)."""
    seconds = [float(step * n) for n in range(len(power))]
    log, middle = log_of(power, seconds), seconds[2]
    halves = joules(log.between(0, middle).energy()) + joules(log.between(middle, seconds[-1]).energy())
    assert halves == pytest.approx(joules(log.energy()), rel=1e-9)


# --- idle, marginal, slices ---------------------------------------------------------------------------------


def test_what_is_above_idle_takes_off_the_idle_energy_of_each_device() -> None:
    frame = pandas.DataFrame({"a": [100.0] * 3, "b": [200.0] * 3}, index=pandas.Index([0, 5, 10], name="s"))
    log = lca.power_log(frame, at="component", by="device")
    idle = lca.power_log(series([40.0, 40.0], [0, 60]), at="component").power()
    assert joules(log.energy(above=idle)) == pytest.approx(3_000 - 2 * 40 * 10)
    assert joules(log.energy(above=idle) * (1 / 7)) == pytest.approx((3_000 - 800) / 7)


def test_u10_the_error_of_the_meter_is_one_for_the_log_and_its_idle_window() -> None:
    """A meter wrong by 5 W either way: the offset cancels in what is above idle."""
    meter = lca.Meter("plug", at="wall", accuracy="5 W")
    log = lca.power_log(series([50.0] * 3 + [150.0] * 3, [0, 1, 2, 3, 4, 5]), meter=meter)
    busy, idle = log.between(3, 5), log.between(0, 2).power()
    draws = drawn(busy.energy(above=idle))
    assert float(draws.mean()) == pytest.approx(200)
    assert float(draws.std()) < 1e-9
    gross = drawn(busy.energy())
    assert float(gross.std()) == pytest.approx(2 * 5 / math.sqrt(3), rel=0.05)


def test_the_offset_of_several_devices_counts_once_for_each() -> None:
    """Two cards, each read 5 W too high at most: the sum errs by 10 W at most."""
    frame = pandas.DataFrame({"a": [100.0] * 2, "b": [200.0] * 2}, index=pandas.Index([0, 1], name="s"))
    log = lca.power_log(frame, meter=lca.Meter("smi", at="component", accuracy="5 W"), by="device")
    draws = drawn(log.power())
    assert float(draws.max()) == pytest.approx(310, abs=0.1)
    assert float(draws.std()) == pytest.approx(10 / math.sqrt(3), rel=0.05)


# --- windows and what it shows ------------------------------------------------------------------------------


def test_a_window_is_named_by_the_time_of_day_by_a_date_or_by_seconds(tmp_path: Path) -> None:
    rows = [f"2026/03/01 {10 + n // 60:02d}:{n % 60:02d}:00.000, {100 + n}.00 W" for n in range(120)]
    file = tmp_path / "gpu.csv"
    file.write_text("\n".join(["timestamp, power.draw [W]", *rows]), encoding="utf-8")
    log = lca.read(file)
    assert isinstance(log, PowerLog)
    for part in (
        log.between("10:30", "10:32"),
        log.between("2026-03-01 10:30", "2026-03-01 10:32"),
        log.between(1800, 1920),
    ):
        assert part.tracks[0].values[:, 0].tolist() == [130.0, 131.0, 132.0]
    with pytest.raises(LogError, match=r"13:00 to 14:00(.|\n)*2026-03-01 11:59:00"):
        log.between("13:00", "14:00")
    with pytest.raises(LogError, match="cannot be read"):
        log.between("noon", "14:00")


def test_a_log_prints_what_it_holds() -> None:
    log = log_of([300.0] * 5, [0, 60, 120, 180, 240])
    assert "at the wall" in repr(log)
    assert "a step of 60 s in the median" in repr(log)
    assert "<b>log</b>" in log._repr_html_()


def test_the_picture_shows_gaps_and_the_name_of_the_axis() -> None:
    axes = log_of([300.0] * 5, [0, 60, 120, 3720, 3780]).plot()
    assert axes.get_ylabel() == "power at the wall (W)"
    assert len(axes.patches) == 1


def test_a_mean_power_counts_for_the_step_that_ends_with_it() -> None:
    """M2: 10 W over 1 s and 20 W over 3 s are 70 J; the first sample only begins the first step."""
    channel = Channel("package", "component", mean=True)
    times, lines = np.array([0.0, 1.0, 4.0]), np.arange(3)
    found = integrate(channel, times, np.array([np.nan, 10.0, 20.0]), lines, gaps="refuse", max_gap=None, where="a.log")
    assert (found.joules, found.covered, found.scatter) == (70.0, 4.0, 0.0)
    later = np.array([np.nan, np.nan, 20.0])
    assert integrate(channel, times, later, lines, gaps="refuse", max_gap=None, where="a.log").joules == 60.0
    with pytest.raises(LogError, match="1 steps"):
        integrate(channel, times, np.array([np.nan, 10.0, 20.0]), lines, gaps="refuse", max_gap=2.0, where="a.log")


def test_the_picture_marks_windows_by_name() -> None:
    log = log_of([40.0] * 3 + [300.0] * 3, [0, 60, 120, 180, 240, 300])
    axes = log.plot(windows={"idle": (0, 120), "run": (180, 300)})
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()][-2:] == ["idle", "run"]
    assert [(box.get_x(), box.get_x() + box.get_width()) for box in axes.patches] == [(0, 120), (180, 300)]
    with pytest.raises(LogError, match="cannot be read"):
        log.plot(windows={"idle": ("noon", 120)})
