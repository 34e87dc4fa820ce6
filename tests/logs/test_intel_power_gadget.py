"""The CSV of Intel Power Gadget (M2 to M6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from host_logs import GADGET, joules, power

from lca.errors import LogError


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
