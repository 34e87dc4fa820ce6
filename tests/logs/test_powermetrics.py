"""powermetrics of macOS, as text and as property lists (M2 to M6)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from host_logs import document, joules, power, sampled

from lca.errors import LogError


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
