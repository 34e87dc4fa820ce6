"""Power that the controller of a server shows: IPMI polled, and states of one moment (M1, M5)."""

from __future__ import annotations

from pathlib import Path

import pytest
from host_logs import DCMI, joules, power, written

import lca
from lca.errors import LogError


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
    with pytest.raises(LogError, match="the power of one moment, and the mean of 1800000 Seconds"):
        power(tmp_path, DCMI.format(watts=144, second=50, state="activated"))
    for sensors in (
        "Temp             | 0Eh | ok  |  3.1 | 31 degrees C\nPwr Consumption  | 77h | ok  |  7.1 | 163 Watts\n",
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
