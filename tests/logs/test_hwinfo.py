"""The CSV that HWiNFO logs (M2 to M6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from host_logs import HWINFO, joules, power

from lca.errors import LogError


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
