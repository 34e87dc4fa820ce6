"""Gross, idle and marginal energy of a log, and readings that are evaluated by themselves (U10)."""

from __future__ import annotations

import numpy as np
import pandas
import pytest

import lca
from lca.errors import DomainError, LogError, RecordError, UnitError
from lca.interpretation.log_report import described
from lca.meters.observed import Observed


def log_of(*columns: list[float], step: float = 10.0) -> lca.PowerLog:
    """A log of devices "a", "b", ... with a sample each `step` seconds."""
    frame = pandas.DataFrame(dict(zip("abc", columns, strict=False)))
    index = pandas.Index([step * n for n in range(len(frame))], name="s")
    return lca.power_log(frame.set_index(index), meter=lca.Meter("smi", at="component", accuracy="5 W"), by="device")


TWO = log_of([50.0, 50.0, 300.0, 300.0, 300.0], [20.0, 20.0, 200.0, 200.0, 200.0])
RUN, IDLE = TWO.between(20, 40), TWO.between(0, 10)


def joules(reading: Observed) -> float:
    return float(lca.nominal(reading).to("J at_component"))


@pytest.mark.parametrize("idle", [IDLE, IDLE.power()])
def test_u10_the_idle_energy_of_several_devices_counts_once_for_each(idle: lca.PowerLog | Observed) -> None:
    """(300 + 200) W x 20 s, less (50 + 20) W x 20 s."""
    assert joules(RUN.energy(above=idle)) == pytest.approx(10_000 - 1_400)
    assert {name: joules(one) for name, one in RUN.baseline(idle).items()} == pytest.approx(
        {"gross": 10_000, "idle": 1_400, "marginal": 8_600}
    )


@pytest.mark.parametrize("idle", ["30 W", lca.Meter("smi", at="component").read("30 W")])
def test_u10_an_idle_power_of_one_device_counts_for_each(idle: str | Observed) -> None:
    assert joules(RUN.baseline(idle)["idle"]) == pytest.approx(2 * 30 * 20)


@pytest.mark.parametrize("idle", [IDLE, IDLE.power(), "35 W", lca.Meter("smi", at="component").read("35 W")])
def test_u10_a_mean_power_above_idle_is_that_of_all_devices(idle: lca.PowerLog | Observed | str) -> None:
    """(300 + 200) W less (50 + 20) W, or less 35 W of each."""
    assert float(lca.nominal(RUN.power(above=idle)).to("W at_component")) == pytest.approx(430)
    alone = RUN.power(devices="b", above=IDLE)
    assert float(lca.nominal(alone).to("W at_component")) == pytest.approx(180)
    twice = RUN.power(above=IDLE.power() + IDLE.power())
    assert float(lca.nominal(twice).to("W at_component")) == pytest.approx(360)
    with pytest.raises(LogError, match="of other devices"):
        RUN.power(devices="b", above=IDLE.power())


def test_u10_each_device_has_the_idle_energy_of_its_own_time() -> None:
    """A device that is asked for alone takes off its own idle power."""
    assert joules(RUN.energy(devices="b", above=IDLE)) == pytest.approx((200 - 20) * 20)


def test_u10_gross_minus_idle_is_marginal_in_every_draw() -> None:
    """What stands in two of the three is drawn once; the offset of the meter cancels in the marginal energy."""
    log = log_of([50.0, 54.0, 50.0, 300.0, 310.0, 300.0, 305.0])
    drawn = lca.monte_carlo(log.between(30, 60).baseline(log.between(0, 20)), draws=500, progress=False).data
    assert (abs(drawn["gross"] - drawn["idle"] - drawn["marginal"]) < 1e-9).all()
    assert float(drawn["marginal"].std()) < float(drawn["gross"].std())
    assert float(drawn["marginal"].std()) > 0


def test_u10_an_uncertain_idle_power_is_taken_over_the_time() -> None:
    """A declared spread, and the lognormal of an idle time that scatters much, are drawn and do not raise."""
    spread = lca.monte_carlo(RUN.baseline("30 W ± 3 W (k=1)")["idle"], draws=4_000, progress=False)
    assert float(spread.to("J at_component").std()) == pytest.approx(3 * 40, rel=0.05)
    rough = log_of([5.0, 90.0, 5.0, 90.0, 300.0, 300.0], step=1.0)
    assert joules(rough.between(4, 5).energy(above=rough.between(0, 3))) == pytest.approx(300 - 142.5 / 3)


def test_u10_what_is_no_idle_power_of_these_devices_raises() -> None:
    with pytest.raises(LogError, match="idle power is of other devices") as error:
        RUN.energy(devices="a", above=IDLE.power())
    assert error.value.sides == ("idle: a, b", "energy: a")
    with pytest.raises(UnitError, match="another unit"):
        RUN.energy(above=IDLE.energy())
    with pytest.raises(UnitError, match="another unit"):
        RUN.energy(above=IDLE.energy(above="1 W"))
    with pytest.raises(RecordError, match="not a reading or a PowerLog or a text"):
        RUN.energy(above=33)  # type: ignore[arg-type]


def test_a_reading_is_divided_by_a_number_alone() -> None:
    assert joules(RUN.energy() / 1000) == pytest.approx(10)
    with pytest.raises(DomainError, match="plain number above 0"):
        _ = RUN.energy() / 0
    with pytest.raises(DomainError, match="plain number above 0"):
        _ = RUN.energy() / "1000 inference"  # type: ignore[operator]


def test_a_field_says_what_it_takes_of_a_log() -> None:
    with pytest.raises(DomainError, match=r"give log\.energy\(\) or log\.power\(\)"):
        lca.Training("x", energy=RUN, at="component")  # type: ignore[arg-type]


# --- what the command prints --------------------------------------------------------------------------------


def test_the_report_shows_gross_idle_and_marginal() -> None:
    stamps = pandas.date_range("2026-03-01 10:00", periods=4, freq="60s")
    log = lca.power_log(pandas.Series([50.0, 50.0, 300.0, 300.0], index=stamps), at="wall")
    text = described(log, "plug.csv", {"at": "wall"}, window=("10:02", "10:03"), idle=("10:00", "10:01"))
    for name in ("gross", "idle", "marginal", "covered"):
        assert f"{name}: " in text
    assert "log = lca.read('plug.csv', at='wall')" in text
    assert "parts = log.between('10:02', '10:03').baseline(log.between('10:00', '10:01'))" in text


def test_the_report_of_a_log_without_an_energy_still_shows_the_log() -> None:
    """Two channels of one device: what is known is shown, with what to do."""
    frame = pandas.DataFrame({"cpu": [1.0, 2.0], "gpu": [3.0, 4.0]}, index=pandas.Index([0, 1], name="s"))
    text = described(lca.power_log(frame, at="board"), "mac.csv", {})
    assert "channels: cpu, gpu" in text
    assert "no energy: it is open which channels" in text
    assert "energy = " not in text
    named = described(lca.power_log(frame, at="board"), "mac.csv", {}, way={"channels": ["cpu"]})
    assert "1.50 J at the board" in named
    assert "energy = log.energy(channels=['cpu'])" in named


# --- the picture --------------------------------------------------------------------------------------------


def test_a_gap_has_no_line_and_a_steady_power_does_not_lie_on_the_frame() -> None:
    power = pandas.Series([300.0] * 8, index=pandas.Index([0, 1, 2, 3, 60, 61, 62, 63], name="s"))
    axes = lca.power_log(power, at="wall").plot()
    (line,) = axes.lines
    assert np.flatnonzero(np.isnan(np.asarray(line.get_ydata()))).tolist() == [4]  # behind the fourth sample
    assert list(axes.get_ylim()) == pytest.approx([0, 1.06 * 300])
    assert list(axes.patches)  # grey, where nothing was logged
