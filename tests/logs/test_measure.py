"""`lca.measure`: marks, several meters, failures, memory and files of a run that is measured (M6, M12)."""

from __future__ import annotations

import io
import math
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

import lca
from lca.errors import (
    DomainError,
    LabelError,
    MeasurementError,
    MeterError,
    MissingError,
)
from lca.logs.live.progress import Line
from lca.meters import Sample, ScriptedClock, scripted


def joules(reading: lca.meters.observed.Observed) -> float | None:
    return reading.about.amount


def test_m12_a_block_begins_and_ends_with_a_reading() -> None:
    """Closed form: a power of 10 + t, renewed each 0.25 s, over 20.1 s: the last reading is that of 20 s."""
    clock = ScriptedClock()
    clock.wait(100)
    with lca.measure(scripted(lambda t: 10 + t, at="wall", update_period=0.25, clock=clock)) as run:
        clock.wait(20.1)
    assert joules(run.energy()) == pytest.approx(10 * 20 + 20**2 / 2 + 30 * 0.1, rel=1e-6)
    assert run.log.span == pytest.approx(20.1, abs=1e-6)
    assert (run.log.dated, run.log.meter.at) == (True, "wall")
    clock.wait(50)
    assert run.log.span == pytest.approx(20.1, abs=1e-6), "nothing is read behind the block"


def test_m12_sections_add_up_to_the_run() -> None:
    clock = ScriptedClock()
    with lca.measure(scripted(energy=lambda t: 3 * t**2, wraps_at=50_000.0, clock=clock)) as run:
        clock.wait(7)
        for epoch in range(3):
            run.mark("training")
            clock.wait(20 + epoch)
            run.mark("validation")
            clock.wait(5)
    ends = [7, 27, 32, 53, 58, 80, 85]
    rise = [3 * (b**2 - a**2) for a, b in pairwise(ends)]
    assert joules(run.energy(mark="training")) == pytest.approx(sum(rise[::2]), rel=1e-9)
    assert joules(run.energy(mark="validation")) == pytest.approx(sum(rise[1::2]), rel=1e-9)
    assert joules(run.energy()) == pytest.approx(3 * 85**2, rel=1e-9)
    assert joules(run.between_marks("validation", number=2).energy()) == pytest.approx(rise[3], rel=1e-9)
    assert joules(run.between_marks("training", "training").energy()) == pytest.approx(sum(rise[:2]), rel=1e-9)
    assert joules(run.between_marks("validation", number=3).energy()) == pytest.approx(rise[5], rel=1e-9)
    assert "mark 'validation' at 80 s" in run.notes


def test_m12_what_a_run_does_not_have() -> None:
    clock = ScriptedClock()
    run = lca.measure(scripted(5.0, clock=clock))
    assert repr(run) == "<run that has not begun>"
    for ask in (lambda: run.log, run.energy, lambda: run.mark("a"), lambda: run.notes):
        with pytest.raises(MeasurementError, match="not begun"):
            ask()
    with run:
        clock.wait(3)
        run.mark("validation")
        clock.wait(3)
    for ask in (
        lambda: run.energy(mark="validatoin"),
        lambda: run.between_marks("validatoin"),
    ):
        with pytest.raises(MissingError, match="no mark"):
            ask()
    with pytest.raises(MissingError, match="no mark 'end'"):
        run.between_marks("validation", "end")
    for number in (0, 2):
        with pytest.raises(DomainError):
            run.between_marks("validation", number=number)
    with pytest.raises(MissingError, match="no meter 'plug'"):
        run.energy(meter="plug")
    with pytest.raises(MeasurementError, match="already"):
        run.__enter__()


def test_m4_several_meters_are_read_at_once_and_never_added(tmp_path: Path) -> None:
    """M4: a wall and a card see the same energy; each has its log, and its file."""
    clock = ScriptedClock()
    wall = scripted(300.0, at="wall", name="plug", clock=clock)
    card = scripted(energy=lambda t: 200 * t, name="card 0", clock=clock)
    with lca.measure([wall, card], save=tmp_path / "run.csv") as run:
        clock.wait(10)
        run.mark("middle")
        clock.wait(10)
    assert {name: joules(log.energy()) for name, log in run.logs.items()} == {
        "plug": pytest.approx(6000), "card 0": pytest.approx(4000),
    }  # fmt: skip
    assert joules(run.energy(meter="card 0", mark="middle")) == pytest.approx(2000)
    for ask in (lambda: run.log, run.energy):
        with pytest.raises(MissingError, match="several meters") as raised:
            ask()
        assert "meter='plug'" in raised.value.fix
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.card-0.csv", "run.plug.csv"]
    assert joules(lca.read(tmp_path / "run.card-0.csv").energy()) == pytest.approx(4000)


def test_what_is_no_meter_and_two_of_one_name() -> None:
    clock = ScriptedClock()
    for odd in (None, [], "nvml", [scripted(5.0, clock=clock), 3]):
        with pytest.raises(MeterError, match="takes live meters"):
            lca.measure(odd)  # type: ignore[arg-type]
    with pytest.raises(LabelError, match="one name"):
        lca.measure([scripted(5.0, clock=clock), scripted(6.0, clock=clock)])


def test_m6_a_device_without_power_raises_before_the_block_and_leaves_no_file(tmp_path: Path) -> None:
    clock = ScriptedClock()
    fine = scripted(5.0, name="fine", clock=clock)
    for shown in (0.0, float("nan")):
        silent = scripted(lambda t, shown=shown: shown, clock=clock)
        with (
            pytest.raises((MeterError, lca.errors.NonFiniteError)),
            lca.measure([silent, fine], save=tmp_path / "a.csv"),
        ):
            raise AssertionError("the block must not begin")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(MeterError), lca.measure([fine, scripted(0.0, clock=clock)], save=tmp_path / "b.csv"):
        raise AssertionError("the block must not begin")
    assert list(tmp_path.iterdir()) == [], "a file that the first meter began is taken away"
    assert clock._actions == [], "the first meter is not read any more"


def test_m6_zeros_on_the_way_are_missing_and_never_0() -> None:
    """M6, M2: three readings of 0 W are left out and noted; half a minute of them is a gap."""
    clock = ScriptedClock()
    with lca.measure(scripted(lambda t: 0.0 if 10 < t < 13.5 else 100.0, update_period=1.0, clock=clock)) as run:
        clock.wait(30)
    assert run.notes == (
        "no reading from 11 s to 13 s, tried 3 times: scripted meter shows 0 W, and what is on draws something",
    )
    assert joules(run.energy()) == pytest.approx(3000)
    with lca.measure(scripted(lambda t: 0.0 if 10 < t < 40.5 else 100.0, update_period=1.0, clock=clock)) as run:
        clock.wait(60)
    with pytest.raises(lca.errors.LogError, match="gap"):
        run.energy()
    assert joules(run.log.energy(gaps="exclude")) == pytest.approx(2900)
    assert joules(run.energy(gaps="bridge")) == pytest.approx(6000)


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), OSError("gone"), MeterError("gone", where="plug")])
def test_m12_a_meter_that_is_lost_never_ends_the_block(error: Exception) -> None:
    """M12: the run matters more than its meter; what was seen is kept, and its energy is not that of the run."""
    clock, went_on = ScriptedClock(), []

    def power(t: float) -> float:
        if t > 100:
            raise error
        return 49.5 + round(10 * t) % 2

    with pytest.warns(UserWarning, match="scripted meter: "), lca.measure(scripted(power, clock=clock)) as run:
        went_on.append(clock.wait(1000))
    assert went_on == [None]
    with pytest.raises(MeasurementError, match="nothing more until the end") as raised:
        run.energy()
    assert raised.value.sides[1] == "seen: the first 100 s"
    assert joules(run.log.energy()) == pytest.approx(5000, rel=1e-3)
    assert len(run.notes) == 1


def test_m12_a_section_without_a_reading_at_its_ends_has_no_energy(tmp_path: Path) -> None:
    """M12: "b" begins while the plug does not answer; "a" ended there. "c" is whole, though the meter is lost later."""
    clock, path = ScriptedClock(), tmp_path / "run.csv"

    def power(t: float) -> float:
        if 15 < t < 35 or t > 60:
            raise MeterError("the plug does not answer", where="plug")
        return 50.0 + round(10 * t) % 2

    run = lca.measure(scripted(power, clock=clock), save=path)
    with pytest.warns(UserWarning, match="does not answer"):
        _marked(run, clock)
    assert joules(run.energy(mark="c")) == pytest.approx(10 * 50.5, rel=1e-2)
    for name in ("a", "b", "d"):
        for ask in (lambda name=name: run.energy(mark=name), lambda name=name: run.between_marks(name)):
            with pytest.raises(MeasurementError, match="not read at both ends"):
                ask()
    assert "mark 'b' at 15 s, the last reading before it" in run.notes
    written = [line for line in path.read_text().splitlines() if line.startswith("# note")]
    assert [line.partition(", tried")[0] for line in written] == [
        "# note: no reading from 15.1 s to 34.9 s", "# note: no reading from 60.1 s to 70 s",
    ]  # fmt: skip


def _marked(run: lca.LiveRun, clock: ScriptedClock) -> None:
    with run:
        for seconds, name in ((5, "a"), (20, "b"), (15, "c"), (10, "d"), (20, "")):
            clock.wait(seconds)
            run.mark(name) if name else None


def test_m12_failures_are_counted_and_never_fill_the_memory() -> None:
    clock = ScriptedClock()
    with lca.measure(scripted(lambda t: 0.0 if round(t) % 2 else 100.0 + t, update_period=1.0, clock=clock)) as run:
        clock.wait(200)
    assert len(run.notes) == 21
    assert run.notes[-1] == "80 further readings failed"


def test_m12_ctrl_c_and_errors_keep_what_is_there(tmp_path: Path) -> None:
    clock = ScriptedClock()
    for error, said in ((KeyboardInterrupt, "stopped by Ctrl-C"), (ZeroDivisionError, "ended by ZeroDivisionError")):
        path = tmp_path / f"{error.__name__}.csv"
        with pytest.raises(error), lca.measure(scripted(50.0, clock=clock), save=path) as run:
            _interrupted(clock, error)
        assert joules(run.energy()) == pytest.approx(500)
        assert f"{said} after 10 s" in run.notes
        log = lca.read(path)
        assert joules(log.energy()) == pytest.approx(500)
        assert log.notes == (f"the run was over after 10 s {said}",)


def _interrupted(clock: ScriptedClock, error: type[BaseException]) -> None:
    clock.wait(10)
    raise error


def test_m12_a_counter_is_as_old_as_its_update_period() -> None:
    """At 300 W and 0.1 s each end errs by up to 30 J: u = 30 J sqrt(2 / 12); the file gives the same."""
    clock, path = ScriptedClock(), Path(tempfile.mkdtemp(), "run.csv")
    with lca.measure(scripted(energy=lambda t: 300 * t, update_period=0.1, clock=clock), save=path) as run:
        clock.wait(10)
    for log in (run.log, lca.read(path)):
        drawn = lca.monte_carlo(log.energy(), draws=20_000, progress=False).to("J at_component")
        assert float(drawn.std()) == pytest.approx(30 * math.sqrt(2 / 12), rel=0.03)


def test_m12_a_machine_that_sleeps_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the machine stands still while it sleeps, and the date does not."""
    for slept, notes in ((3600.0, 1), (0.0, 0)):
        with lca.measure(scripted(lambda t: 5.0 + t)) as run:
            run._started -= slept
        assert len(run.notes) == notes
        assert not notes or run.notes[0].startswith("the machine slept for 3600 s")


def test_m12_a_power_that_never_changes_is_noted() -> None:
    clock = ScriptedClock()
    for power, notes in ((50.0, 1), (lambda t: 50.0 + t % 2, 0)):
        with lca.measure(scripted(power, update_period=0.5, clock=clock)) as run:
            clock.wait(100)
        assert len(run.notes) == notes
    with lca.measure(scripted(50.0, update_period=0.5, clock=clock)) as run:
        clock.wait(30)
    assert run.notes == ()


class Day:
    """A clock that calls one action 10 times a second, and a meter on it: as little as a long simulation needs."""

    meter, counts, update_period, wraps_at = lca.Meter("day", at="wall"), False, 0.1, None

    def __init__(self) -> None:
        self.time, self.action, self.clock = 0.0, list[Callable[[], None]](), self

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> None:
        for n in range(1, round(10 * seconds) + 1):
            self.time = n / 10
            self.action[0]()

    def every(self, period: float, action: Callable[[], None]) -> Callable[[], None]:
        assert period == 0.1
        self.action.append(action)
        return self.action.clear

    def read(self) -> Sample:
        return Sample(self.time, 100.0 + self.time % 3)

    def conditions(self) -> dict[str, float]:
        return {}

    def close(self) -> None:
        pass


@pytest.mark.slow
def test_m12_a_day_at_ten_readings_a_second_in_less_than_20_mb() -> None:
    """24 h x 10 Hz: 864,001 samples of two floats are 13.8 MB; arrays grow by an eighth at most."""
    day = Day()
    tracemalloc.start()
    try:
        with lca.measure(day, progress=False) as run:
            day.wait(86_400)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert run.log.tracks[0].times.size == 864_001
    print(peak)
    assert peak < 20e6
    assert joules(run.energy()) == pytest.approx(86_400 * 101.5, rel=1e-3)


def test_a_line_on_the_terminal_shows_how_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    clock, screen = ScriptedClock(), Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with lca.measure(scripted(100.0, at="wall", update_period=1.0, clock=clock)):
        clock.wait(5400)
    first = screen.getvalue().split("\r")[1]
    assert first == "0:00:01  scripted meter: mean 100 W, 2.778e-05 kWh at the wall"
    assert screen.getvalue().endswith("\r")
    screen.truncate(0)
    with lca.measure(scripted(100.0, clock=clock), progress=False):
        clock.wait(10)
    assert screen.getvalue() == ""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert not Line(True)._on
