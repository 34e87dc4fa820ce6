"""Listings of the powercap tree of Linux (M2 to M6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from host_logs import joules, listing, power

from lca.errors import LogError


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
