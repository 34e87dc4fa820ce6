"""`python -m lca measure`: a command under a meter, its exit status, and what is said without a meter."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import lca
from lca.__main__ import main
from lca.errors import LogError, MeterError
from lca.meters import ScriptedClock, meter_of, scripted
from lca.run_report import place_of, run_described

ASSUMED = "assumed:200 W at_component"
ENV = os.environ | {"PYTHONPATH": str(Path(lca.__file__).parents[1])}


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lca", "measure", *words],
        capture_output=True,
        text=True,
        cwd=folder,
        env=ENV,
        timeout=60,
    )


def test_a_command_keeps_its_output_and_its_exit_status(tmp_path: Path) -> None:
    code = "import sys, time; print(sys.argv[1:]); time.sleep(0.3); sys.exit(3)"
    words = ("--meter", ASSUMED, "--save", "run.csv", "--place", "France", "--year", "2024")
    done = run(*words, "--", sys.executable, "-c", code, "--lr", "3", folder=tmp_path)
    assert done.returncode == 3
    assert done.stdout == "['--lr', '3']\n"
    said = dict(line.strip().split(": ", 1) for line in done.stderr.splitlines() if ": " in line)
    assert said["energy"].endswith(")")
    assert "J at the component (median; 5 to 95 %: " in said["energy"]
    assert "g CO2e (median; 5 to 95 %: " in said["footprint"]
    assert said["footprint"].endswith("at France, 2024")
    assert said["status"] == "assumed: the time was measured, the power was not"
    assert said["not counted"].startswith("the rest of the machine")
    measured, whole = (float(said[name].split()[0]) for name in ("footprint", "whole machine"))
    assert 1.2 < whole / measured < 2.2, "docs/agreement.md: 1.57 in the median"
    assert said["whole machine"].endswith("assumed, from published comparisons")
    assert said["log"] == "run.csv"
    log = lca.read(tmp_path / "run.csv")
    assert 0.3 <= log.span < 30
    assert log.energy().about.amount == pytest.approx(200 * log.span)


def test_a_sensor_beside_a_meter_at_the_wall_does_not_stand_for_the_machine() -> None:
    """The meter at the wall has the footprint of all; the card has that of its own part."""
    clock = ScriptedClock()
    meters = [scripted(p, at=at, name=at, clock=clock) for p, at in ((200.0, "component"), (300.0, "wall"))]
    with lca.measure(meters) as run:
        clock.wait(3600)
    lines = run_described(run, place_of("France", 2024)).splitlines()
    assert [line.partition(":")[0].strip() for line in lines if "CO2e" in line] == ["footprint", "footprint"]
    assert sum("not counted" in line for line in lines) == 1


def test_the_log_has_a_name_of_its_own_where_none_is_given(tmp_path: Path) -> None:
    assert run("--meter", ASSUMED, sys.executable, "-c", "pass", folder=tmp_path).returncode == 0
    (path,) = tmp_path.glob("lca-measure-*.csv")
    assert lca.read(path).meter.readings == "assumed"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_m12_a_signal_ends_the_command_and_keeps_the_log(number: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group, as from a terminal; SIGTERM is handed on."""
    words = ["--meter", ASSUMED, "--save", "run.csv", "--", sys.executable, "-c", "import time; time.sleep(60)"]
    child = subprocess.Popen(
        [sys.executable, "-m", "lca", "measure", *words], cwd=tmp_path, env=ENV, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 60
    while not (tmp_path / "run.csv").exists() and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(1.0)
    os.killpg(child.pid, number) if number == signal.SIGINT else child.send_signal(number)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 128 + number
    assert "log: run.csv" in said
    assert 0.5 < lca.read(tmp_path / "run.csv").span < 60


def test_without_a_usable_meter_it_says_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--meter", "nvml:77", "--", "true"], ["--meter", "nvmm", "true"], ["--meter", ASSUMED]):
        assert main(["measure", "--save", str(tmp_path / "a.csv"), *words]) == 2
        said = capsys.readouterr().err
        assert "The meters of this machine, for --meter:" in said
        assert "  prompt             asks  wall" in said
    assert "there is no command to measure" in said
    assert list(tmp_path.iterdir()) == []


def test_no_meter_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    there = lca.meters.available(tmp_path)
    monkeypatch.setattr("lca.logs.live.command.available", lambda: there.assign(usable="no"))
    assert main(["measure", "--", "true"]) == 2
    assert "this machine has no meter that can be read" in capsys.readouterr().err


def test_a_command_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save = str(tmp_path / "a.csv")
    assert main(["measure", "--meter", ASSUMED, "--save", save, "--", "no-such-command-here"]) == 127
    assert "the command cannot be started: No such file or directory" in capsys.readouterr().err


def test_a_place_is_looked_up_before_anything_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save = ["--meter", ASSUMED, "--save", str(tmp_path / "a.csv")]
    assert main(["measure", *save, "--place", "Atlantis", "--year", "2024", "--", "true"]) == 1
    assert "Atlantis" in capsys.readouterr().err
    with pytest.raises(SystemExit) as raised:
        main(["measure", *save, "--place", "France", "--", "true"])
    assert raised.value.code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_meter_by_its_text() -> None:
    assert meter_of("assumed:15 W at_board").read().value == 15.0
    assert meter_of("prompt:my display").meter.name == "my display"
    for text, said in (
        ("nvml:first", "behind nvml: stands the number of the card"), ("battery:1", "behind battery: stands nothing"),
        ("", "no kind of meter ''"), ("rappl", "no kind of meter 'rappl'"), ("tasmota", "not the address of a plug"),
    ):  # fmt: skip
        with pytest.raises(MeterError, match=said):
            meter_of(text)
    with pytest.raises(LogError):
        lca.read(__file__)
