"""The file of a live log: what is written is read back, damage is refused, a killed run keeps its log."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import lca
from lca.errors import LogError, MeasurementError
from lca.logs.power.live_file import LiveFile
from lca.meters import ScriptedClock, prompt, scripted

HEAD = """# lca live log 1
# meter: plug
# boundary: wall
# accuracy: 2 %
# started: 2026-05-04T08:00:00+00:00
seconds,power [W]
"""
ROWS = "0.000000,100.0\n1.000000,110.0\n2.000000,120.0\n# end: 2 s\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "run.csv"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    "said",
    [
        {"accuracy": "2 %", "resolution": "1 W"},
        {"accuracy": "5 W"},
        {"u": "1.5 %", "status": "assumed", "source": "a guess"},
        {"expanded": ("2 %", 2), "resolution": ("0.1 W", "0.01 kWh")},
        {"u": 0.02},
        {},
    ],
)
def test_m1_the_meter_of_a_file_is_the_one_that_measured(said: dict[str, object], tmp_path: Path) -> None:
    """Its accuracy, resolution, status and source come back, and with them every draw of its readings."""
    clock, path = ScriptedClock(), tmp_path / "run.csv"
    meter = scripted(lambda t: 40 + t % 3, clock=clock)
    object.__setattr__(meter, "meter", lca.Meter("Kill A\nWatt", at="wall", **said))  # type: ignore[arg-type]
    with lca.measure(meter, save=path) as run:
        clock.wait(5)
        run.mark("validation, with\na comma")
        clock.wait(5)
    log = lca.read(path)
    assert (log.format, log.meter.name, log.meter.at) == ("live", "Kill A Watt", "wall")
    assert (log.meter.status, log.meter.source) == (meter.meter.status, meter.meter.source)
    assert log.energy().about.amount == pytest.approx(run.energy().about.amount, rel=1e-9)
    assert np.allclose(log.tracks[0].times, run.log.tracks[0].times, atol=2e-6, rtol=0)
    assert log.notes == ("mark 'validation, with a comma' at 5.000000 s",)
    drawn = [lca.monte_carlo(one.energy(), draws=500, progress=False).data["value"].values for one in (log, run.log)]
    assert np.quantile(drawn[0], [0.05, 0.95]) == pytest.approx(np.quantile(drawn[1], [0.05, 0.95]), rel=1e-6)


def test_m5_a_counter_that_wraps_comes_back(tmp_path: Path) -> None:
    clock, path = ScriptedClock(), tmp_path / "run.csv"
    with lca.measure(scripted(energy=lambda t: 30 * t, wraps_at=100.0, clock=clock), save=path):
        clock.wait(60)
    assert lca.read(path).energy().about.amount == pytest.approx(1800)


def test_a_log_is_never_overwritten(tmp_path: Path) -> None:
    path, clock = written(tmp_path, "mine"), ScriptedClock()
    with (
        pytest.raises(MeasurementError, match="it is there already"),
        lca.measure(scripted(5.0, clock=clock), save=path),
    ):
        raise AssertionError("the block must not begin")
    assert path.read_text() == "mine"
    with pytest.raises(MeasurementError, match="No such file"), lca.measure(scripted(5.0), save=tmp_path / "no/a.csv"):
        raise AssertionError("the block must not begin")


def test_m12_a_disk_that_fails_ends_the_saving_and_not_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, clock = tmp_path / "run.csv", ScriptedClock()
    begin = LiveFile.begin

    def lost(self: LiveFile, *given: object) -> None:
        begin(self, *given)  # type: ignore[arg-type]
        self.path = tmp_path  # a folder cannot be written

    monkeypatch.setattr(LiveFile, "begin", lost)
    with (
        pytest.warns(UserWarning, match="could not be written: Is a directory"),
        lca.measure(scripted(5.0, clock=clock), save=path) as run,
    ):
        clock.wait(60)
    assert run.energy().about.amount == pytest.approx(300)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD.replace("# boundary: wall\n", ""), "it does not say: boundary"),
        (HEAD.replace("wall", "moon"), "moon"),
        (HEAD.replace("2 %", "2"), "cannot be used"),
        (HEAD.replace("2 %", "gsd x"), "cannot be used"),
        (HEAD.replace("2026-05-04T08:00:00+00:00", "May"), "it started at 'May'"),
        (HEAD.replace("power [W]", "power [kW]"), "its columns are not those of a live log"),
        ("# lca live log 1\n", "its columns"),
        (HEAD, "no line of the file holds a sample"),
        (HEAD + ROWS.replace("110.0", "NaN"), ""),
        (HEAD + ROWS.replace("110.0", "x"), "1 of 3 lines"),
        (HEAD + ROWS.replace("110.0", "-5"), "1 of 3 lines"),
        (HEAD + ROWS.replace("110.0", "110.0,7"), "1 of 3 lines"),
        (HEAD + ROWS.replace("1.000000", "0.000000"), "1 times do not come after the one before"),
    ],
)
def test_m6_a_damaged_file_is_refused_by_name(text: str, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    if "NaN" in text:  # a missing sample is missing
        assert lca.read(path).energy().about.amount == pytest.approx(220)
        return
    with pytest.raises(LogError) as raised:
        lca.read(path)
    assert said in str(raised.value)


def test_m12_a_file_that_was_cut_says_so(tmp_path: Path) -> None:
    cut = written(tmp_path, (HEAD + ROWS)[: (HEAD + ROWS).index("20.0\n# end")])  # within 120.0
    log = lca.read(cut)
    assert log.tracks[0].values[:, 0].tolist() == [100.0, 110.0]
    assert log.notes == ("the run was ended from outside: the file stops within a line, which is left out",)
    whole = lca.read(written(tmp_path, HEAD + ROWS.replace("# end: 2 s\n", "# note: 3 readings failed\n")))
    assert whole.notes == ("3 readings failed", "the run was ended from outside: the file stops")
    assert lca.read(written(tmp_path, HEAD + ROWS)).notes == ()


def test_m12_samples_are_on_the_disk_five_seconds_later_at_most(tmp_path: Path) -> None:
    clock, path = ScriptedClock(), tmp_path / "run.csv"
    lag = []
    clock.every(0.77, lambda: lag.append(clock.now() - last(path)))
    with lca.measure(scripted(5.0, clock=clock), save=path):
        clock.wait(60)
    assert 4 < max(lag) <= 5.1, "so what waits in memory is that of five seconds"


def test_m12_the_first_reading_is_on_the_disk_at_once(tmp_path: Path) -> None:
    """A display that a person reads has no second one for hours."""
    clock, path = ScriptedClock(), tmp_path / "run.csv"
    with lca.measure(prompt(ask=lambda question: "12.5", clock=clock), save=path):
        assert path.read_text().endswith("seconds,energy [J]\n0.000000,45000000.0\n")


def test_m12_a_disk_that_takes_a_part_of_a_line_gets_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of a line and the next line would read as one sample."""
    clock, path = ScriptedClock(), tmp_path / "run.csv"
    with lca.measure(scripted(5.0, clock=clock), save=path) as run:
        clock.wait(20)
        before = path.read_text()
        monkeypatch.setattr(Path, "open", lambda *given, **said: Full())
        clock.wait(20)
        monkeypatch.undo()
        (recorder,) = run._begun()
        assert recorder.file is not None
        assert recorder.file.fault == "No space left on device"
        clock.wait(20)
        assert path.read_text() == before
        recorder.file.fault = ""  # so that nothing is warned of at the end


class Full(io.BytesIO):
    """A file that takes all but a byte."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return len(data) - 1


def last(path: Path) -> float:
    """The time of the last sample in a file."""
    rows = [line for line in path.read_text().splitlines() if line[:1].isdigit()]
    return float(rows[-1].partition(",")[0]) if rows else 0.0


CHILD = """
import sys, time
import lca
meter = lca.meters.scripted(lambda t: 100.0 + t % 2, update_period=0.02)
with lca.measure(meter, save=sys.argv[1]):
    print("begun", flush=True)
    time.sleep(600)
"""


@pytest.mark.slow
def test_m12_a_process_that_is_killed_loses_ten_seconds_at_most(tmp_path: Path) -> None:
    """For real: SIGKILL some 7 s after the start; the disk has all but the last 5 s (10 s is the rule)."""
    path = tmp_path / "run.csv"
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, env=os.environ | PATHS)
    assert child.stdout is not None
    assert child.stdout.readline() == b"begun\n"
    begun = time.monotonic()
    time.sleep(7)
    child.send_signal(signal.SIGKILL)
    ran = time.monotonic() - begun
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()
    log = lca.read(path)
    assert ran - 5.5 < log.span <= ran + 0.5
    assert log.power().about.amount == pytest.approx(101, abs=0.3)
    assert log.notes[0].startswith("the run was ended from outside")


PATHS = {
    "PYTHONPATH": os.pathsep.join([str(Path(lca.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
}
