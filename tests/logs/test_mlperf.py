"""The power log of MLPerf: dates of the United States, marks, several channels; and the summary without energy."""

from __future__ import annotations

from pathlib import Path

import pytest

import lca
from lca.errors import LogError
from lca.logs.power.power_log import PowerLog


def sample(second: int, watts: str, mark: str = "run_testing", more: str = "") -> str:
    return (
        f"Time,12-03-2025 10:21:{second:02d}.500,Watts,{watts},Volts,228.370000,Amps,0.204280,PF,0.502300,"
        f"Mark,{mark}{more}"
    )


def read(folder: Path, *lines: str, **said: object) -> PowerLog:
    file = folder / "spl.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    log = lca.read(file, **said)  # type: ignore[arg-type]
    assert isinstance(log, PowerLog)
    return log


def joules(log: PowerLog) -> float:
    (value,) = log.energy().given.values  # type: ignore[attr-defined]
    return float(value)


def test_m1_watts_at_the_wall_with_month_before_day(tmp_path: Path) -> None:
    log = read(tmp_path, sample(0, "20.0"), sample(1, "40.0"), sample(3, "60.0"))
    assert log.format == "mlperf power"
    assert joules(log) == pytest.approx(30 + 100)
    assert log.meter.at == "wall"
    assert "2025-12-03 10:21:00.500" in repr(log)


def test_m3_a_ranging_run_and_the_test_are_two_measurements(tmp_path: Path) -> None:
    lines = [sample(n, "99.0", "run_ranging") for n in (0, 1)]
    lines += [sample(2, "10.0", "notset"), *(sample(n, "20.0") for n in (3, 4, 5))]
    with pytest.raises(LogError, match=r"2 measurements(.|\n)*run_ranging(.|\n)*run_testing"):
        read(tmp_path, *lines)
    log = read(tmp_path, *lines, run="run_testing")
    assert joules(log) == pytest.approx(40.0)
    assert "the measurement run_testing" in log.notes
    with pytest.raises(LogError, match=r"no run 'test'(.|\n)*one of run_ranging, run_testing"):
        read(tmp_path, *lines, run="test")


def test_lines_between_measurements_are_left_out(tmp_path: Path) -> None:
    lines = [sample(0, "500.0", "notset"), *(sample(n, "20.0") for n in (1, 2)), sample(3, "500.0", "notset")]
    assert joules(read(tmp_path, *lines)) == pytest.approx(20.0)
    assert joules(read(tmp_path, *(sample(n, "20.0", "notset") for n in (1, 2)))) == pytest.approx(20.0)


def test_m4_the_channels_of_an_analyzer_are_in_its_first_watts(tmp_path: Path) -> None:
    more = ",Ch1,Watts,90.0,Volts,120.9,Amps,0.8,PF,0.93,Ch2,Watts,110.0,Volts,120.8,Amps,0.8,PF,0.93"
    assert joules(read(tmp_path, sample(0, "200.0", more=more), sample(1, "200.0", more=more))) == pytest.approx(200.0)


def test_m6_minus_1_is_missing_and_messages_of_the_daemon_are_no_samples(tmp_path: Path) -> None:
    message = "12-03-2025 10:20:58.000: Response to client sent: No data"
    log = read(tmp_path, message, sample(0, "20.0"), sample(1, "-1.000000"), sample(2, "20.0"))
    assert joules(log) == pytest.approx(40.0)


def test_bad_lines_raise_all_at_once(tmp_path: Path) -> None:
    lines = [
        sample(0, "20.0"),
        sample(1, "much"),
        "Time,today,Watts,5",
        sample(4, "-7.0"),
        "Temp,20",
        sample(6, "20.0"),
    ]
    with pytest.raises(LogError) as raised:
        read(tmp_path, *lines)
    text = str(raised.value)
    for said in ("spl.txt:2: no power", "spl.txt:3: no time", "spl.txt:4: a power below 0", "spl.txt:5: not a sample"):
        assert said in text
    assert "4 of 6 lines" in text
    good = [sample(0, "20.0"), "Temp,20", sample(1, "-7.0"), sample(2, "20.0")]
    assert joules(read(tmp_path, *good, errors="skip")) == pytest.approx(40.0)


def test_a_gap_in_the_log_is_refused(tmp_path: Path) -> None:
    log = read(tmp_path, *(sample(n, "20.0") for n in (0, 1, 2, 3, 40)))
    with pytest.raises(LogError, match="1 steps without samples"):
        log.energy()


def test_m6_the_summary_of_loadgen_has_no_energy_and_an_invalid_result_is_said(tmp_path: Path) -> None:
    text = "=====\nMLPerf Results Summary\n=====\nScenario : Server\nResult is : INVALID\nMin duration satisfied : Yes"
    with pytest.raises(LogError, match="the summary of LoadGen, with the result INVALID"):
        read(tmp_path, text)
