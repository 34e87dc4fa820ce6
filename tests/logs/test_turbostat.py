"""turbostat, in watts and joules, of a command and in a loop (M2 to M6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from host_logs import COMMAND, SUMMARY, joules, power

from lca.errors import LogError


def test_turbostat_of_a_command_in_joules(tmp_path: Path) -> None:
    """M3, M4: the row of the system counts, and the packages are within it."""
    log = power(tmp_path, COMMAND)
    assert (log.format, log.meter.at) == ("turbostat", "component")
    assert joules(log.energy()) == pytest.approx(250.0)
    assert joules(log.power()) == pytest.approx(100.0)
    assert joules(log.energy(channels="package 0")) == pytest.approx(150.0)
    assert joules(log.energy(channels="dram")) == pytest.approx(100.0)
    with pytest.raises(LogError, match="counted twice"):
        log.energy(channels=["package", "package 1"])


def test_turbostat_without_times_needs_the_interval(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="the samples of this log have no time"):
        power(tmp_path, SUMMARY)
    log = power(tmp_path, SUMMARY, interval="5 s")
    assert joules(log.energy()) == pytest.approx((60 + 80) * 5)
    assert joules(log.power()) == pytest.approx(70.0)
    joule_rows = SUMMARY.replace("Watt", "_J")
    assert joules(power(tmp_path, joule_rows, interval=5).energy()) == pytest.approx(140.0)


def test_turbostat_with_stamps_begins_with_its_first_row(tmp_path: Path) -> None:
    """M5: how long the first row took is not known, so it only begins the next one."""
    text = "Time_Of_Day_Seconds\tCore\tCPU\tPkgWatt\n" + "".join(
        f"{stamp}\t-\t-\t{watts}\n{stamp}\t0\t0\t{watts}\n"
        for stamp, watts in ((1700000000.5, 50.0), (1700000002.5, 60.0), (1700000003.5, 70.0))
    )
    log = power(tmp_path, text)
    assert log.dated
    assert log.start == 1700000000.5
    assert joules(log.energy()) == pytest.approx(60 * 2 + 70)


def test_turbostat_leaves_the_platform_of_a_command_out(tmp_path: Path) -> None:
    """Some versions show a wrong SysWatt for a command; for intervals it is read at the board."""
    intervals = SUMMARY.replace("RAMWatt", "SysWatt")
    log = power(tmp_path, intervals, interval=1, at="board")
    assert joules(log.energy()) == pytest.approx(6.0)
    with pytest.raises(LogError, match="none is the platform"):
        power(tmp_path, "1.0 sec\n" + SUMMARY.replace("RAMWatt", "SysWatt").rsplit("1.0\t", 1)[0], at="board")


def test_turbostat_of_one_cpu_has_no_sum(tmp_path: Path) -> None:
    text = "Core\tCPU\tPkgWatt\n0\t0\t23.00\nCore\tCPU\tPkgWatt\n0\t0\t25.00\n"
    assert joules(power(tmp_path, text, interval=1).energy()) == pytest.approx(48.0)
    with pytest.raises(LogError, match="1 of 3 lines cannot be read"):
        power(tmp_path, text + "1\t1\t20.00\n", interval=1)


def test_turbostat_bad_rows_are_raised_together(tmp_path: Path) -> None:
    bad = SUMMARY + "1.0\t2100\t70.00\n1.0\t2100\tx\t1.0\t1.0\n"
    with pytest.raises(LogError, match="2 of 4 lines cannot be read") as raised:
        power(tmp_path, bad, interval=1)
    assert [side.rsplit("host.log:", 1)[1].split(":")[0] for side in raised.value.sides] == ["4", "5"]
    log = power(tmp_path, bad, interval=1, errors="skip")
    assert joules(log.energy()) == pytest.approx(140.0)
    assert any("2 of 4 lines" in note for note in log.notes)


def test_turbostat_without_power_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="columns of turbostat without power"):
        power(tmp_path, "Avg_MHz\tBusy%\tBzy_MHz\n10\t1.0\t2000\n", interval=1)
