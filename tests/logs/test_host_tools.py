"""Readers of the tools of a host: RAPL, perf stat, turbostat, powermetrics, Intel Power Gadget, HWiNFO, AMD uProf,
Slurm, IPMI and Redfish. Every log is written by hand in the form of the tool."""

from __future__ import annotations

import plistlib
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import LcaError, LogError
from lca.logs.files.source import Source
from lca.logs.power.channel import Channel
from lca.logs.power.integration import integrate
from lca.logs.power.power_log import PowerLog
from lca.logs.recognise import known_formats
from lca.logs.runs.run_table import RunTable


def joules(reading: Any) -> float:
    """The size of a reading in J, or W."""
    node = reading.node("reading")
    value = float(lca.nominal(node).data["value"])
    return value * 3.6e6 if node.unit["second"] == -2 else value  # an energy is shown in kWh


def written(folder: Path, text: str | bytes, name: str = "host.log") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def power(folder: Path, text: str | bytes, **said: Any) -> PowerLog:
    log = lca.read(written(folder, text), **said)
    assert isinstance(log, PowerLog)
    return log


def runs(folder: Path, text: str, **said: Any) -> RunTable:
    log = lca.read(written(folder, text), **said)
    assert isinstance(log, RunTable)
    return log


# --- mean powers ----------------------------------------------------------------------------------------------


def test_a_mean_power_counts_for_the_step_that_ends_with_it() -> None:
    """M2: 10 W over 1 s and 20 W over 3 s are 70 J; the first sample only begins the first step."""
    channel = Channel("package", "component", mean=True)
    times, places = np.array([0.0, 1.0, 4.0]), ["a", "b", "c"]
    found = integrate(channel, times, np.array([np.nan, 10.0, 20.0]), places, gaps="refuse", max_gap=None)
    assert (found.joules, found.covered, found.scatter) == (70.0, 4.0, 0.0)
    later = np.array([np.nan, np.nan, 20.0])
    assert integrate(channel, times, later, places, gaps="refuse", max_gap=None).joules == 60.0
    with pytest.raises(LogError, match="1 steps"):
        integrate(channel, times, np.array([np.nan, 10.0, 20.0]), places, gaps="refuse", max_gap=2.0)


# --- perf stat ------------------------------------------------------------------------------------------------

PERF = """
 Performance counter stats for 'system wide':

              3.10 Joules power/energy-cores/
          2,040.50 Joules power/energy-pkg/
              8.25 Joules power/energy-ram/
          4,100.75 Joules power/energy-psys/

      20.500000000 seconds time elapsed
"""


def test_perf_stat_counts_the_package_and_adds_nothing_to_it(tmp_path: Path) -> None:
    """M4: cores are within the package, and the package is within the platform."""
    table = runs(tmp_path, PERF)
    assert (table.format, joules(table.energy()), table.seconds) == ("perf stat", 2040.5, 20.5)
    assert table.meter.at == "component"
    assert dict(table.runs[0].parts) == {"cores": 3.1, "package": 2040.5, "dram": 8.25, "platform": 4100.75}
    platform = runs(tmp_path, PERF, at="board")
    assert (joules(platform.energy()), platform.meter.at) == (4100.75, "board")


def test_perf_stat_of_a_country_with_a_decimal_comma(tmp_path: Path) -> None:
    text = PERF.replace(",", "_").replace(".", ",").replace("_", ".")
    table = runs(tmp_path, text)
    assert (joules(table.energy()), table.seconds) == (2040.5, 20.5)


def test_perf_stat_refuses_a_mark_that_could_be_two(tmp_path: Path) -> None:
    """Q5: 1,234 is a thousand or one."""
    with pytest.raises(LogError, match="1 of 2 lines cannot be read"):
        runs(tmp_path, PERF.replace("2,040.50", "2,040").replace("4,100.75", "<not counted>"))


def test_perf_stat_repeated_says_the_mean_of_one_run(tmp_path: Path) -> None:
    text = (
        " Performance counter stats for './train.py --data /home/me' (5 runs):\n\n"
        "   52.00 Joules power/energy-pkg/   ( +-  1.20% )\n\n"
        "   10.250000 +- 0.000700 seconds time elapsed ( +-  0.01% )\n"
    )
    table = runs(tmp_path, text)
    assert (joules(table.energy()), table.seconds) == (52.0, 10.25)
    assert dict(table.runs[0].facts) == {"repeated": "5", "package +-": "1.20%"}
    assert table.runs[0].name == "train.py"
    assert any("means of 5 runs" in note for note in table.notes)


def test_perf_stat_adds_sockets_and_leaves_out_an_event_that_is_named_twice(tmp_path: Path) -> None:
    text = (
        " Performance counter stats for 'system wide':\n\n"
        " S0        1      100.00 Joules power/energy-pkg/\n S1        1       50.00 Joules power/energy-pkg/\n"
        " S0        1      100.00 Joules power/energy-pkg/\n S2        0   <not counted> Joules power/energy-pkg/\n\n"
        " 2.000000000 seconds time elapsed\n"
    )
    assert joules(runs(tmp_path, text).energy()) == 150.0
    missing = text.replace("  50.00 Joules", "<not counted> Joules")
    with pytest.raises(LogError, match="1 runs have no energy"):
        runs(tmp_path, missing).energy()


def test_perf_stat_csv_without_times_has_a_run_for_each_line(tmp_path: Path) -> None:
    text = (
        "475.25,Joules,power/energy-pkg/,20005659301,100.00,,\n476.50,Joules,power/energy-pkg/,20005694876,100.00,,\n"
    )
    table = runs(tmp_path, text)
    assert [run.joules for run in table.runs] == [475.25, 476.5]
    assert joules(table.energy()) == pytest.approx(951.75)
    with pytest.raises(LogError, match="2 runs have no duration"):
        _ = table.seconds
    timed = text.splitlines()[0] + "\n10002000000,ns,duration_time,10002000000,100.00,,\n"
    assert runs(tmp_path, timed).seconds == pytest.approx(10.002)


def test_perf_stat_csv_with_commas_of_both_kinds_is_refused(tmp_path: Path) -> None:
    """Q5: in "475,25,Joules" the comma is decimal mark and separator."""
    with pytest.raises(LogError, match="no format is recognised"):
        runs(tmp_path, "475,25,Joules,power/energy-pkg/,20005659301,100,00,,\n")
    with pytest.raises(LogError, match="1 of 1 lines cannot be read"):
        runs(tmp_path, "475,25,Joules,power/energy-pkg/,20005659301,100,00,,\n", format="perf stat")


def test_perf_stat_without_energy_is_refused_by_name(tmp_path: Path) -> None:
    text = " Performance counter stats for 'ls':\n\n     12,345      cycles\n\n  0.001 seconds time elapsed\n"
    with pytest.raises(LogError, match="none of them of energy"):
        runs(tmp_path, text)
    with pytest.raises(LogError, match="none is the package"):
        runs(tmp_path, PERF.replace("pkg", "gpu"))


INTERVALS = """#           time             counts   unit events
     1.000000000              19.50 Joules power/energy-pkg/         [100.00%]
     1.000000000               4.00 Joules power/energy-ram/
     3.000000000              30.50 Joules power/energy-pkg/
     3.000000000               8.00 Joules power/energy-ram/
"""


def test_perf_stat_of_intervals_adds_the_joules(tmp_path: Path) -> None:
    """M2: the joules of each interval count, from the start of perf."""
    log = power(tmp_path, INTERVALS)
    assert (log.format, log.span, log.dated) == ("perf stat -I", 3.0, False)
    assert joules(log.energy()) == pytest.approx(50.0)
    assert joules(log.power()) == pytest.approx(50.0 / 3)
    assert joules(log.energy(channels=["package", "dram"])) == pytest.approx(62.0)


@pytest.mark.parametrize("mark", [",", ";"])
def test_perf_stat_of_intervals_as_csv(tmp_path: Path, mark: str) -> None:
    counts = (("1", "S0", "10.00"), ("1", "S1", "5.00"), ("2", "S0", "20.00"), ("2", "S1", "6.00"))
    rows = [f"{n}.000000000,{socket},1,{energy},Joules,power/energy-pkg/,1,100.00,," for n, socket, energy in counts]
    log = power(tmp_path, "\n".join(rows).replace(",", mark))
    assert joules(log.energy()) == pytest.approx(41.0)


def test_perf_stat_of_two_logs_in_one_file_is_refused(tmp_path: Path) -> None:
    """M5: the times begin anew."""
    with pytest.raises(LogError, match="1 times do not come after"):
        power(tmp_path, INTERVALS + INTERVALS)


# --- turbostat ------------------------------------------------------------------------------------------------

COMMAND = """turbostat version 20.09.30
2.500000 sec
Package\tCore\tCPU\tBusy%\tBzy_MHz\tPkg_J\tRAM_J
-\t-\t-\t1.58\t3863\t250.00\t100.00
0\t0\t0\t0.44\t1054\t150.00\t60.00
0\t0\t32\t0.05\t1060
1\t0\t1\t0.44\t1054\t100.00\t40.00
"""
SUMMARY = "Busy%\tBzy_MHz\tPkgWatt\tCorWatt\tRAMWatt\n1.0\t2095\t60.00\t20.00\t3.00\n1.0\t2102\t80.00\t30.00\t3.00\n"


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


# --- powermetrics ---------------------------------------------------------------------------------------------


def sampled(second: int, took: str, *lines: str) -> str:
    head = f"*** Sampled system activity (Fri Nov 10 12:37:{second:02} 2023 +0100) ({took}ms elapsed) ***\n\n"
    return head + "".join(f"{line}\n" for line in lines) + "\n"


def test_powermetrics_counts_the_package_over_the_time_that_a_sample_took(tmp_path: Path) -> None:
    lines = "E-Cluster Power: 10 mW", "ANE Power: 0 mW", "DRAM Power: 200 mW", "GPU Power: 300 mW"
    text = "Machine model: MacBookAir10,1\n" + "".join(
        sampled(second, took, *lines, f"CPU Power: {cpu} mW", f"Package Power: {package} mW", "GPU Power: 301 mW")
        for second, took, cpu, package in (
            (8, "500.00", 400, 1000),
            (8, "500.00", 800, 2000),
            (9, "1000.00", 400, 1000),
        )
    )
    log = power(tmp_path, text)
    assert (log.format, log.dated, log.span) == ("powermetrics", True, 2.0)
    assert joules(log.energy()) == pytest.approx(0.5 + 1.0 + 1.0)
    assert joules(log.energy(channels="GPU")) == pytest.approx(0.6)
    assert log.start == pytest.approx(datetime.fromisoformat("2023-11-10T11:37:07.5+00:00").timestamp())
    assert "Machine model: MacBookAir10,1" in log.notes
    with pytest.raises(LogError, match="counted twice"):
        log.energy(channels=["Package", "CPU"])


def test_powermetrics_takes_the_sum_where_there_is_no_package(tmp_path: Path) -> None:
    parts = "CPU Power: 800 mW", "GPU Power: 150 mW", "ANE Power: 50 mW"
    combined = sampled(8, "1000.00", *parts, "Combined Power (CPU + GPU + ANE): 1001 mW")
    assert joules(power(tmp_path, combined).energy()) == pytest.approx(1.001)
    assert joules(power(tmp_path, sampled(8, "1000.00", *parts)).energy()) == pytest.approx(1.0)
    intel = sampled(8, "2000.00", "Intel energy model derived package power (CPUs+GT+SA): 3.40W")
    assert joules(power(tmp_path, intel).energy()) == pytest.approx(6.8)
    with pytest.raises(LogError, match="it is open which channels"):
        power(tmp_path, sampled(8, "1000.00", *parts[1:])).energy()
    with pytest.raises(LogError, match="samples without power"):
        power(tmp_path, sampled(8, "1000.00", "CPU 0 frequency: 1392 MHz"))


def test_powermetrics_with_a_pause_has_a_gap(tmp_path: Path) -> None:
    """M2: what was not sampled is not filled in."""
    samples = [sampled(second, "1000.00", "Package Power: 1000 mW") for second in (1, 2, 3, 30, 31)]
    log = power(tmp_path, "".join(samples))
    with pytest.raises(LogError, match="1 steps without samples"):
        log.energy()
    assert joules(log.energy(gaps="exclude")) == pytest.approx(4.0)
    with pytest.raises(LogError, match="do not come after"):
        power(tmp_path, "".join(samples[::-1]))


def test_powermetrics_bad_lines_are_raised_together(tmp_path: Path) -> None:
    bad = sampled(8, "1000.00", "Package Power: 1x00 mW") + sampled(9, "0", "Package Power: 1000 mW")
    with pytest.raises(LogError, match="3 of 5 lines cannot be read"):
        power(tmp_path, bad + sampled(10, "1000.00", "Package Power: 1000 mW") + "*** Sampled system activity (Fri\n")


def document(second: int, elapsed_ms: float, processor: dict[str, float], **other: Any) -> bytes:
    stamp = datetime(2026, 1, 22, 21, 7, second)
    content = {"is_delta": True, "elapsed_ns": int(elapsed_ms * 1e6), "timestamp": stamp, "processor": processor}
    return plistlib.dumps(content | other)


def test_powermetrics_plists_are_milliwatts_and_millijoules(tmp_path: Path) -> None:
    first = document(7, 1000, {"cpu_power": 2500.0, "gpu_power": 250.0, "combined_power": 2750.0}, hw_model="Mac14,2")
    second = document(8, 500, {"cpu_power": 1500.0, "gpu_energy": 100.0, "combined_power": 1700.0})
    log = power(tmp_path, first + b"\0" + second)
    assert (log.format, log.notes) == ("powermetrics plist", ("Machine model: Mac14,2",))
    assert joules(log.energy()) == pytest.approx(2.75 + 0.85)
    assert joules(log.energy(channels="GPU")) == pytest.approx(0.25 + 0.1)
    assert joules(power(tmp_path, document(7, 1000, {"package_watts": 12.5})).energy()) == pytest.approx(12.5)


def test_powermetrics_plists_that_cannot_be_read_are_raised_together(tmp_path: Path) -> None:
    good = document(7, 1000, {"combined_power": 2750.0})
    bad = good.replace(b"<integer>", b"<integer>x")
    with pytest.raises(LogError, match="2 of 3 lines cannot be read") as raised:
        power(tmp_path, good + b"\0" + bad + b"\0" + good[:-12])
    assert [side.split(": ", 1)[1] for side in raised.value.sides] == [
        "not a property list",
        "a property list that is cut off",
    ]
    total = document(6, 9e9, {"combined_power": 1.0}, is_delta=False)
    assert joules(power(tmp_path, total + b"\0" + good).energy()) == pytest.approx(2.75)


# --- RAPL -----------------------------------------------------------------------------------------------------

ZONES = {"0": "package-0", "0:0": "core", "0:1": "dram", "1": "psys"}


def listing(energies: dict[str, int], root: str = "/sys/class/powercap/intel-rapl:") -> str:
    fixed = "".join(
        f"{root}{zone}/name:{name}\n{root}{zone}/max_energy_range_uj:1000000000\n" for zone, name in ZONES.items()
    )
    return fixed + "".join(f"{root}{zone}/energy_uj:{value}\n" for zone, value in energies.items())


def test_powercap_counters_wrap_at_their_range(tmp_path: Path) -> None:
    """M5: 999 J and then 1 J of a counter that wraps at 1000 J are 2 J."""
    text = "1700000000.0\n" + listing({"0": 990_000_000, "0:0": 5_000_000, "0:1": 1_000_000, "1": 7_000_000})
    text += "1700000010.0\n" + listing({"0": 20_000_000, "0:0": 9_000_000, "0:1": 3_000_000, "1": 90_000_000})
    log = power(tmp_path, text)
    assert (log.format, log.dated, log.span, log.devices) == ("powercap", True, 10.0, ("package-0",))
    assert joules(log.energy()) == pytest.approx(30.0)
    assert joules(log.energy(channels="dram")) == pytest.approx(2.0)
    with pytest.raises(LogError, match="counted twice"):
        log.energy(channels=["package", "cores"])
    board = power(tmp_path, text, at="board")
    assert (joules(board.energy()), board.meter.at) == (pytest.approx(83.0), "board")


def test_powercap_packages_are_added_and_the_mmio_zones_are_not(tmp_path: Path) -> None:
    """M3: intel-rapl-mmio shows the same package a second time."""
    root = "/sys/class/powercap/intel-rapl"
    zones = {":0": ("package-0", 1000), ":1": ("package-1", 1000), "-mmio:0": ("package-0", 500)}
    text = "".join(
        f"{root}{zone}/name:{name}\n{root}{zone}/max_energy_range_uj:{most}000000\n"
        for zone, (name, most) in zones.items()
    )
    for second, energies in enumerate(((990, 2, 1), (10, 6, 3))):
        rows = (f"{root}{zone}/energy_uj:{energy}000000\n" for zone, energy in zip(zones, energies, strict=True))
        text += f"2024-05-01T10:00:0{second}Z\n{''.join(rows)}"
    assert joules(power(tmp_path, text).energy()) == pytest.approx(20.0 + 4.0)


def test_powercap_without_a_second_reading_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="one reading of each counter"):
        power(tmp_path, listing({"0": 1}))
    denied = listing({}) + "grep: /sys/class/powercap/intel-rapl:0/energy_uj: Permission denied\n"
    with pytest.raises(LogError, match="only root may read"):
        power(tmp_path, denied)


def test_powercap_needs_names_and_times(tmp_path: Path) -> None:
    twice = listing({"0": 1_000_000}) + listing({"0": 3_000_000})
    with pytest.raises(LogError, match="have no time"):
        power(tmp_path, twice)
    assert joules(power(tmp_path, twice, interval="2 s").power()) == pytest.approx(1.0)
    nameless = "".join(line + "\n" for line in twice.splitlines() if "/name:" not in line)
    with pytest.raises(LogError, match="does not say what some zones"):
        power(tmp_path, nameless, interval=1)
    with pytest.raises(LogError, match="1 of 3 lines cannot be read"):
        power(tmp_path, listing({"0": 1}) + twice.replace("energy_uj:3000000", "energy_uj:3x"), interval=1)


# --- Intel Power Gadget ---------------------------------------------------------------------------------------

GADGET = """System Time,RDTSC,Elapsed Time (sec),Processor Power_0(Watt),Cumulative Processor Energy_0(Joules),\
Cumulative Processor Energy_0(mWh),IA Power_0(Watt),Cumulative IA Energy_0(Joules),Cumulative DRAM Energy_0(Joules),\
Package Power Limit_0(Watt)
14:55:35:726,27292645984428,0.100,5.000,0.500,0.139,1.0,0.100,0.050,15.0
14:55:35:826,27292899568558,0.200,7.000,1.200,0.333,1.0,0.200,0.100,15.0
14:55:36:026,27293131062706,0.400,4.000,2.000,0.556,1.0,0.400,0.200,15.0

"Total Elapsed Time (sec) = 0.400"
"Cumulative Processor Energy_0 (Joules) = 2.000"
"""


def test_intel_power_gadget_counts_its_joules_from_the_start(tmp_path: Path) -> None:
    """The cumulative joules count, not the milliwatt hours beside them, nor the limit."""
    log = power(tmp_path, GADGET)
    assert (log.format, log.span) == ("intel power gadget", 0.4)
    assert joules(log.energy()) == pytest.approx(2.0)
    assert joules(log.energy(channels=["package", "dram"])) == pytest.approx(2.2)
    with pytest.raises(LogError, match="counted twice"):
        log.energy(channels=["package", "cores"])


def test_intel_power_gadget_adds_sockets_and_takes_powers_where_there_are_no_joules(tmp_path: Path) -> None:
    head = ",System Time,RDTSC,Elapsed Time (sec),Processor Power_0(Watt),Processor Power_1(Watt)\n"
    log = power(tmp_path, head + "0,14:55:35:726,1,0.5,10.0,20.0\n1,14:55:36:726,2,1.5,30.0,40.0\n")
    assert log.devices == ("socket 0", "socket 1")
    assert joules(log.energy()) == pytest.approx((10 + 20) * 0.5 + (30 + 40) * 1.0)
    with pytest.raises(LogError, match="without power"):
        power(tmp_path, "System Time,RDTSC,Elapsed Time (sec),CPU Utilization(%)\n14:55:35:726,1,0.1,3\n")
    with pytest.raises(LogError, match="2 of 3 lines cannot be read"):
        power(tmp_path, head + "0,14:55:35:726,1,0.5,1O.0,20.0\n1,14:55:36:726,2\n1,14:55:36:726,2,1.5,1,1\n")


# --- HWiNFO ---------------------------------------------------------------------------------------------------

HWINFO = (
    'Date,Time,"+3,3V [V]","CPU-Gesamt-Leistungsaufnahme [W]","CPU PPT [W]","GPU-Temperatur [°C]",'
    '"Gesamtleistung [W]","Gesamtleistung [W]","GPU Leistung [W]","GPU PCIe [W]","GPU Power Limit [W]",\r\n'
    '27.10.2025,9:3:31.500,3.220,60.000,57.000,41.9,3.500,4.500,300.000,60.0,450,\r\n'
    '27.10.2025,9:3:32.500,3.220,"80,000",59.000,41.9,3.500,6.500,320.000,60.0,450,\r\n'
    'Date,Time,"+3,3V [V]","CPU-Gesamt-Leistungsaufnahme [W]","CPU PPT [W]","GPU-Temperatur [°C]",'
    '"Gesamtleistung [W]","Gesamtleistung [W]","GPU Leistung [W]","GPU PCIe [W]","GPU Power Limit [W]",\r\n'
    ',,"Mainboard","CPU [#0]","CPU [#0]","GPU [#1]","DIMM 0","DIMM 1","GPU [#1]","GPU [#1]","GPU [#1]",\r\n'
)  # fmt: skip


def test_hwinfo_of_german_windows(tmp_path: Path) -> None:
    """M3, M4: columns of one name are told apart, decimal commas are read, and the user says which columns count."""
    log = power(tmp_path, HWINFO.encode("cp1252"))
    assert (log.format, log.span, log.meter.at) == ("hwinfo", 1.0, "component")
    assert [channel.name for channel in log.channels][:4] == [
        "CPU-Gesamt-Leistungsaufnahme", "CPU PPT", "Gesamtleistung", "Gesamtleistung (2)",
    ]  # fmt: skip
    assert "GPU Power Limit" not in [channel.name for channel in log.channels]
    with pytest.raises(LogError, match="it is open which channels"):
        log.energy()
    assert joules(log.energy(channels=["CPU-Gesamt-Leistungsaufnahme", "GPU Leistung"])) == pytest.approx(70 + 310)
    assert joules(log.energy(channels="Gesamtleistung (2)")) == pytest.approx(5.5)
    for pair in (["CPU-Gesamt-Leistungsaufnahme", "CPU PPT"], ["GPU Leistung", "GPU PCIe"]):
        with pytest.raises(LogError, match="counted twice"):
            log.energy(channels=pair)
    assert power(tmp_path, HWINFO.encode("cp1252"), at="board").meter.at == "board"


def test_hwinfo_bad_rows_and_logs_without_power(tmp_path: Path) -> None:
    bad = HWINFO.replace("27.10.2025,9:3:31", "10/27/2025,9:3:31").replace('"80,000"', "80,000")
    with pytest.raises(LogError, match="2 of 2 lines cannot be read"):
        power(tmp_path, bad)
    with pytest.raises(LogError, match="none of them in W"):
        power(tmp_path, HWINFO.replace("[W]", "[V]"))


# --- AMD uProf ------------------------------------------------------------------------------------------------

UPROF = """AMDPROFILER POWER PROFILE REPORT

PROFILE DETAILS
Profile Start Time:,Dec-04-2022_23-59-59,
Profile Duration:,50 seconds

PROFILED COUNTERS
COUNTER ID,NAME,CATEGORY,UNIT,DESCRIPTION
36.,socket0-package-power,Power,W,Socket0-Average Package Power reported in Watts.
38.,core0-power,Power,W,Core0-Average Power reported in Watts.
40.,core0-effective-frequency,Frequency,MHz,Core0 frequency.

PROFILE RECORDS
RecordId,Timestamp,socket0-package-power,core0-power,core0-effective-frequency
1,23:59:59:900,   20.00,    1.00,  3500
2,24:0:0:000,   30.00,    2.00,  3500
""".replace("24:0:0:000", "0:0:0:000")


def test_amd_uprof_counts_packages_and_its_times_are_not_padded(tmp_path: Path) -> None:
    """M5: after midnight comes the next day."""
    log = power(tmp_path, UPROF)
    assert (log.format, [channel.name for channel in log.channels]) == (
        "amd uprof", ["socket0-package-power", "core0-power"],
    )  # fmt: skip
    assert log.start == pytest.approx(datetime.fromisoformat("2022-12-04T23:59:59.9+00:00").timestamp())
    assert joules(log.energy()) == pytest.approx(2.5)
    assert log.notes[0] == "the head says 50 s, the records cover 0.1 s"
    with pytest.raises(LogError, match="counted twice"):
        log.energy(channels=["socket0-package-power", "core0-power"])


def test_amd_uprof_bad_records_and_profiles_without_power(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="2 of 4 lines cannot be read"):
        power(tmp_path, UPROF + "3,0:0:0:100,1.0\n4,0:0:0:200, x, 1.0, 3500\n")
    with pytest.raises(LogError, match="counters without power"):
        power(tmp_path, UPROF.replace("-power,Power,W", "-share,Power,%").replace("-power", "-share"))
    with pytest.raises(LogError, match="no line of the file holds a sample"):
        power(tmp_path, UPROF.split("PROFILE RECORDS")[0])


# --- Slurm ----------------------------------------------------------------------------------------------------

SACCT = """JobID|JobName|Elapsed|Start|NodeList|ConsumedEnergyRaw|State|
100|/home/me/train.sh|1-01:00:00|2024-06-01T08:00:00|node1|9000000|COMPLETED|
100.batch|batch|1-01:00:00|2024-06-01T08:00:00|node1|9000000|COMPLETED|
100.extern|extern|1-01:00:00|2024-06-01T08:00:00|node1|9000000|COMPLETED|
101|eval|00:10:00|2024-06-03T08:00:00|node2|0|CANCELLED by 1234|
102|eval|00:10:00|2024-06-03T09:00:00|node2||COMPLETED|
103|eval|00:10:00|2024-06-03T10:00:00|node3|500000|COMPLETED|
"""


def test_sacct_counts_jobs_once_and_takes_no_zero_for_an_energy(tmp_path: Path) -> None:
    """M6: 0 and blank are missing; the steps of a job are within it."""
    table = runs(tmp_path, SACCT, at="wall")
    assert (table.format, [run.joules for run in table.runs]) == ("slurm", [9e6, None, None, 5e5])
    assert [run.seconds for run in table.runs] == [90_000.0, 600.0, 600.0, 600.0]
    with pytest.raises(LogError, match="2 runs have no energy"):
        table.energy()
    assert joules(table.sel(energy_known="yes").energy()) == 9.5e6
    assert joules(table.sel(run="103").energy()) == 5e5
    assert joules(runs(tmp_path, SACCT, at="wall", run="100").energy()) == 9e6
    facts = dict(table.runs[1].facts)
    assert (facts["State"], dict(table.runs[0].facts)["JobName"]) == ("CANCELLED", "train.sh")


def test_sacct_does_not_know_where_it_was_measured(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="does not say where the power was measured"):
        runs(tmp_path, SACCT)


def test_sacct_of_two_jobs_on_one_node_counts_the_node_once(tmp_path: Path) -> None:
    """M3: each job has the energy of the whole node."""
    both = SACCT.replace("2024-06-03T10:00:00|node3", "2024-06-01T09:00:00|node1").replace(
        "||COMPLETED", "|1|COMPLETED"
    )
    assert joules(runs(tmp_path, both.replace("|0|", "|2|"), at="wall").energy()) == 9e6 + 2 + 1


def test_sacct_with_units_and_aligned_columns(tmp_path: Path) -> None:
    text = (
        "JobID           Elapsed ConsumedEnergy \n------------ ---------- -------------- \n"
        "2658300        02:19:48          4.58M \n2658300.bat+   02:19:48          4.58M \n"
        "2658301        00:00:10        101.63K \n"
    )
    table = runs(tmp_path, text, at="wall")
    assert [(run.name, run.joules, run.seconds) for run in table.runs] == [
        ("2658300", pytest.approx(4.58e6), 8388.0), ("2658301", pytest.approx(101_630.0), 10.0),
    ]  # fmt: skip


def test_sacct_refuses_what_it_cannot_tell(tmp_path: Path) -> None:
    no_ids = "ConsumedEnergyRaw|CPUTimeRAW|State\n3774906|4147392|COMPLETED\n4294967294|4147392|TIMEOUT\n"
    with pytest.raises(LogError, match="have no JobID"):
        runs(tmp_path, no_ids, at="wall")
    table = runs(tmp_path, no_ids, at="wall", run="jobs")
    assert [run.joules for run in table.runs] == [3774906.0, None]
    assert [run.seconds for run in table.runs] == [None, None]
    with pytest.raises(LogError, match="jobs without their energy"):
        runs(tmp_path, "JobID|JobName|State\n1|a|COMPLETED\n", at="wall")
    with pytest.raises(LogError, match="2 of 6 lines cannot be read"):
        runs(tmp_path, SACCT.replace("|9000000|", "|9 MJ|", 1).replace("|500000|", "|"), at="wall")


# --- IPMI and Redfish -----------------------------------------------------------------------------------------

DCMI = """
    Instantaneous power reading:                   {watts} Watts
    Minimum during sampling period:                 66 Watts
    Maximum during sampling period:                206 Watts
    Average power reading over sample period:      148 Watts
    IPMI timestamp:                           Sat Oct 23 08:25:{second:02} 2021
    Sampling period:                          01987338 Seconds.
    Power reading state is:                   {state}
"""


def test_ipmi_series_counts_the_power_of_each_moment(tmp_path: Path) -> None:
    """Neither the mean of weeks nor the extremes count."""
    text = "".join(DCMI.format(watts=w, second=s, state="activated") for s, w in ((50, 100), (52, 200), (54, 100)))
    log = power(tmp_path, text)
    assert (log.format, log.meter.at, log.dated) == ("ipmi dcmi", "wall", True)
    assert joules(log.energy()) == pytest.approx(600.0)
    off = text.replace("activated", "deactivated", 1)
    assert joules(power(tmp_path, off).energy()) == pytest.approx(300.0)


def test_ipmi_series_with_stamps_of_the_shell(tmp_path: Path) -> None:
    line = "{}     Instantaneous power reading:                   {} Watts\n"
    epochs = "".join(line.format(f"{stamp}:", watts) for stamp, watts in ((1580143466, 500), (1580143470, 600)))
    log = power(tmp_path, epochs)
    assert (joules(log.energy()), log.start) == (pytest.approx(2200.0), 1580143466.0)
    dates = "2020-01-27 16:44:26\n" + line.format("", 500) + "2020-01-27 16:44:30\n" + line.format("", 600)
    assert joules(power(tmp_path, dates).energy()) == pytest.approx(2200.0)
    free = "Current Power : {} Watts\nTime Stamp : 10/23/2021 - 08:25:{}\n"
    assert joules(power(tmp_path, free.format(100, 50) + free.format(140, 52)).energy()) == pytest.approx(240.0)
    bare = line.format("", 500) + line.format("", 600)
    with pytest.raises(LogError, match="have no time"):
        power(tmp_path, bare)
    assert joules(power(tmp_path, bare, interval="4 s").energy()) == pytest.approx(2200.0)
    with pytest.raises(LogError, match="3 of 5 lines cannot be read"):
        power(tmp_path, epochs + line.format("soon:", 1) + line.format("1580143474:", "many") + bare.splitlines()[0])


def test_one_moment_of_ipmi_is_refused_with_its_mean(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="the power of one moment, and the mean of 1987338 Seconds"):
        power(tmp_path, DCMI.format(watts=144, second=50, state="activated"))
    for sensors in (
        "Temp             | 0Eh | ok  |  3.1 | 25 degrees C\nPwr Consumption  | 77h | ok  |  7.1 | 154 Watts\n",
        "Pwr Consumption  | 98.000     | Watts      | ok    | na | na | na | 1792.000 | 1974.000 | na\n",
    ):
        with pytest.raises(LogError, match="the sensors of one moment"):
            power(tmp_path, sensors)


def test_redfish_is_the_state_of_one_moment(tmp_path: Path) -> None:
    for text, shown in (
        ('{"@odata.type": "#EnvironmentMetrics.v1_3_1.EnvironmentMetrics", "PowerWatts": {"Reading": 374},'
         ' "EnergykWh": {"Reading": 3638, "LifetimeReading": 6491}}', "374 W, 3638 kWh, 6491 kWh"),
        ('{"PowerControl": [{"PowerConsumedWatts": "520"}]}', "520 W"),
        ('{"PowerControl": [', "the state of one moment"),
    ):  # fmt: skip
        with pytest.raises(LogError, match=shown):
            lca.read(written(tmp_path, text, "power.json"))


# --- all of them ----------------------------------------------------------------------------------------------

LOGS: dict[str, tuple[str | bytes, dict[str, Any]]] = {
    "perf stat": (PERF, {}),
    "perf stat -I": (INTERVALS, {}),
    "turbostat": (COMMAND, {}),
    "powermetrics": (sampled(8, "1000.00", "CPU Power: 800 mW", "Package Power: 1000 mW") * 2, {}),
    "powermetrics plist": (document(7, 1000, {"combined_power": 2750.0}), {}),
    "powercap": ("1700000000\n" + listing({"0": 1}) + "1700000005\n" + listing({"0": 9_000_000}), {}),
    "intel power gadget": (GADGET, {}),
    "hwinfo": (HWINFO.encode("cp1252"), {}),
    "amd uprof": (UPROF, {}),
    "slurm": (SACCT, {"at": "wall"}),
    "ipmi dcmi": ("".join(DCMI.format(watts=100, second=s, state="activated") for s in (1, 2)), {}),
    "ipmi sensors": ("Temp | 0Eh | ok  |  3.1 | 25 degrees C\n", {}),
    "redfish": ('{"PowerControl": [{"PowerConsumedWatts": 5}]}', {}),
}


@pytest.mark.parametrize("name", LOGS)
def test_each_log_fits_its_own_format_only(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, LOGS[name][0])
    assert [one.name for one in known_formats().values() if not one.generic and one.fits(Source(path))] == [name]


INSERTED = (b"\0", b"1e999", b"9" * 400, b"-", b",", b"|", b"\t", b"nan", b"\xff\xfe", b" " * 200_000)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The data with one thing done to it that files suffer."""
    lines, at = data.split(b"\n"), chance.randrange(max(1, len(data)))
    line = chance.randrange(len(lines))
    kinds = (
        lambda: data[:at],
        lambda: data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
        lambda: data[:at] + chance.choice(INSERTED) + data[at:],
        lambda: b"\n".join([*lines[:line], lines[line], *lines[line:]]),
        lambda: b"\n".join(lines[:line] + lines[line + 1 :]),
        lambda: b"\n".join(chance.sample(lines, len(lines))),
        lambda: bytes(chance.randrange(256) for _ in range(200)),
        lambda: b"",
    )  # fmt: skip
    return chance.choice(kinds)()


@pytest.mark.parametrize("name", LOGS)
def test_a_damaged_log_is_refused_or_read_and_never_a_raw_error(tmp_path: Path, name: str) -> None:
    """Only errors of the library, and no energy that is 0 or not a number."""
    content, said = LOGS[name]
    data = content if isinstance(content, bytes) else content.encode()
    chance, asked = random.Random(name), {"channels": "GPU Leistung"} if name == "hwinfo" else {}
    for _ in range(150):
        damaged = data
        for _ in range(chance.randrange(1, 4)):
            damaged = mutated(damaged, chance)
        path = written(tmp_path, damaged)
        for errors in ("raise", "skip"):
            try:
                log = lca.read(path, format=name, errors=errors, **said)
                repr(log)
                assert isinstance(log, (PowerLog, RunTable))
                found = joules(log.energy(**asked))
            except LcaError:
                continue
            assert 0 < found < float("inf")
        assert [one.fits(Source(path)) for one in known_formats().values()]
