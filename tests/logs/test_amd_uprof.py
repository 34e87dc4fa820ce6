"""The timechart of AMD uProf (M2 to M6)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from host_logs import UPROF, joules, power

from lca.errors import LogError


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
