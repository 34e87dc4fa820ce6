"""The messages of smart plugs, and the history of Home Assistant (M1, M2, M3)."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

import lca
from lca.errors import LogError


def written(folder: Path, *lines: object, name: str = "plug.jsonl") -> Path:
    path = folder / name
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def joules(log: object, **choice: object) -> float:
    assert isinstance(log, lca.PowerLog)
    reading = log.energy(**choice)  # type: ignore[arg-type]
    (value,) = reading.given.values  # type: ignore[union-attr]
    return float(getattr(value, "median", value))  # a wide spread is a lognormal around its median


def tasmota(minute: int, total: str, power: str = "100", begin: str = "2024-01-01T00:00:00") -> str:
    energy = f'{{"TotalStartTime":"{begin}","Total":{total},"Today":0.1,"Power":{power},"ApparentPower":900}}'
    return f'{{"Time":"2024-05-01T10:{minute:02}:00","ENERGY":{energy}}}'


def test_the_counter_of_tasmota_counts_in_kwh(tmp_path: Path) -> None:
    """M3: 0.5 kWh by the counter, whatever the power at the moments was; three decimals are a step of 3600 J."""
    path = written(tmp_path, tasmota(0, "1.000"), tasmota(5, "1.200", "0"), tasmota(10, "1.500"))
    log = lca.read(path)
    assert (log.format, log.meter.at) == ("tasmota", "wall")
    assert joules(log) == pytest.approx(0.5 * 3.6e6)
    assert log.energy().scatter == pytest.approx((3600 * math.sqrt(2 / 12),))
    assert joules(log, channels="power") == pytest.approx(100 * 300)  # 100, 0, 100 W, 5 minutes apart
    assert {channel.name: channel.step for channel in log.channels} == {"energy": 3600.0, "power": 1.0}
    with pytest.raises(LogError, match="counted twice"):
        log.energy(channels=["energy", "power"])


def test_a_message_of_status8_and_of_sensor_are_of_one_plug(tmp_path: Path) -> None:
    """M4: the same counter under two MQTT topics is one device; STATE has no energy and is left out."""
    sensor = [f"tele/desk/SENSOR {tasmota(n, total)}" for n, total in ((0, "1.0"), (9, "2.0"))]
    status = f'stat/desk/STATUS8 {{"StatusSNS":{tasmota(5, "1.5")}}}'
    log = lca.read(written(tmp_path, sensor[0], 'tele/desk/STATE {"POWER":"ON"}', status, sensor[1]))
    assert log.devices == ("desk",)
    assert joules(log) == pytest.approx(3.6e6)
    assert any("1 messages that say nothing" in note for note in log.notes)


def test_two_plugs_in_one_file_are_two_devices(tmp_path: Path) -> None:
    lines = [f"tele/{plug}/SENSOR {tasmota(n, f'{n}.{tenth}')}" for n in (0, 1) for plug, tenth in (("a", 0), ("b", 5))]
    log = lca.read(written(tmp_path, *lines))
    assert log.devices == ("a", "b")
    assert joules(log, devices="b") == pytest.approx(3.6e6)


def test_another_counter_is_no_part_of_the_log(tmp_path: Path) -> None:
    """A rise from 1 kWh of one counter to 40 kWh of another is no energy."""
    path = written(tmp_path, tasmota(0, "1.0"), tasmota(1, "40.5", begin="2020-10-04T09:42:16"), tasmota(2, "1.1"))
    with pytest.raises(LogError, match="1 of 3 lines") as raised:
        lca.read(path)
    assert "a counter since 2020-10-04T09:42:16" in raised.value.sides[0]
    assert joules(lca.read(path, errors="skip")) == pytest.approx(0.1 * 3.6e6)


def test_a_counter_that_falls_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, *(tasmota(n, total) for n, total in enumerate(("5.0", "5.1", "0.1", "0.2"))))
    with pytest.raises(LogError, match="was reset 1 times"):
        lca.read(path).energy()


def test_missing_values_are_missing_and_bad_lines_are_told_at_once(tmp_path: Path) -> None:
    """null is missing, never 0; the sum of the phases of a plug with several is its power."""
    path = written(
        tmp_path, tasmota(0, "1.0", "null"), tasmota(1, "null", "[40, 60]"), "not json", tasmota(2, '"x"'),
        '{"ENERGY":{"Total":1.0,"Power":1}}', tasmota(3, "null", "null"), tasmota(4, "1.5", "100"),
    )  # fmt: skip
    with pytest.raises(LogError, match="4 of 7 lines") as raised:
        lca.read(path)
    assert [side.split(": ")[1] for side in raised.value.sides] == [
        "no JSON object", "no number", "no time", "neither an energy nor a power",
    ]  # fmt: skip
    log = lca.read(path, errors="skip")
    assert joules(log) == pytest.approx(0.5 * 3.6e6)
    assert joules(log, channels="power") == pytest.approx(100 * 180)


@pytest.mark.parametrize("total", ["1e999999999999999999999", "1e999", "9" * 400, "Infinity", "[[1]]", "true", "{}"])
def test_numbers_that_are_none_are_bad_lines(tmp_path: Path, total: str) -> None:
    """Bad input ends in a named error."""
    with pytest.raises(LogError, match="1 of 2 lines"):
        lca.read(written(tmp_path, tasmota(0, "1.0"), tasmota(1, total)))


def shelly(total: float, minute: int, power: float = 25.0) -> dict[str, object]:
    energy = {"total": total, "by_minute": [416.7, 416.7, 416.7], "minute_ts": 1_700_000_000 + 60 * minute}
    return {"id": 0, "output": True, "apower": power, "voltage": 230.0, "aenergy": energy}


def test_the_counter_of_shelly_counts_in_wh(tmp_path: Path) -> None:
    """by_minute, in mWh, is left out. Two messages in one minute have one time; the first counts."""
    path = written(tmp_path, shelly(100.125, 0), shelly(100.3, 0), shelly(101.125, 2))
    log = lca.read(path)
    assert (log.format, log.dated) == ("shelly", True)
    assert joules(log) == pytest.approx(3600.0)
    assert log.span == 120
    assert any("have the time of the one before" in note for note in log.notes)


def test_notifications_of_shelly_have_their_own_time(tmp_path: Path) -> None:
    """Each switch is a device; a notification of something else is no sample."""

    def notify(moment: float, **parts: object) -> dict[str, object]:
        return {"src": "plug-1", "method": "NotifyStatus", "params": {"ts": moment, **parts}}

    lines = [
        notify(1_700_000_000.5, **{"switch:0": shelly(10.0, 0), "switch:1": shelly(20.0, 0)}),
        notify(1_700_000_030.0, **{"switch:0": {"id": 0, "output": True}}),
        notify(1_700_000_100.5, **{"switch:0": shelly(11.0, 1), "switch:1": shelly(23.0, 1)}),
    ]
    log = lca.read(written(tmp_path, *lines))
    assert log.devices == ("plug-1", "plug-1 switch:1")
    assert log.span == pytest.approx(100.0)
    assert joules(log, devices="plug-1") == pytest.approx(3600.0)
    assert joules(log, devices="plug-1 switch:1") == pytest.approx(3 * 3600.0)


def test_the_first_shelly_counts_in_watt_minutes(tmp_path: Path) -> None:
    """A reading that is not valid is left out."""

    def status(moment: int, total: int, valid: bool = True) -> dict[str, object]:
        meter = {"power": 60.0, "is_valid": valid, "timestamp": moment + 3600, "counters": [1, 1, 1], "total": total}
        return {"unixtime": moment, "meters": [meter]}

    moment = 1_700_000_000
    log = lca.read(written(tmp_path, status(moment, 600), status(moment + 60, 0, False), status(moment + 120, 720)))
    assert log.format == "shelly gen1"
    assert joules(log) == pytest.approx(120 * 60.0)
    assert log.start == moment


def test_kasa_has_no_time_and_two_kinds_of_units(tmp_path: Path) -> None:
    """mW and Wh, or W and kWh (M1)."""
    new = [{"emeter": {"get_realtime": {"power_mw": 5000, "total_wh": wh, "voltage_mv": 230_000, "current_ma": 9}}}
           for wh in (10, 12)]  # fmt: skip
    path = written(tmp_path, *new)
    with pytest.raises(LogError, match="no time"):
        lca.read(path)
    log = lca.read(path, interval="60 s")
    assert (log.format, log.dated) == ("kasa", False)
    assert joules(log) == pytest.approx(2 * 3600.0)
    assert joules(log, channels="power") == pytest.approx(5 * 60.0)
    old = [{"get_realtime": {"power": 5.0, "total": kwh, "voltage": 230.0}} for kwh in (0.1, 0.2)]
    assert joules(lca.read(written(tmp_path, *old), interval="60 s")) == pytest.approx(0.1 * 3.6e6)


def test_the_power_of_tapo_counts_in_mw(tmp_path: Path) -> None:
    """Its counter begins anew at midnight and has whole Wh."""
    lines = [{"result": {"local_time": f"2024-05-01 {time}", "today_energy": wh, "current_power": 60_000}}
             for time, wh in (("23:59:00", 900), ("23:59:30", 901))]  # fmt: skip
    log = lca.read(written(tmp_path, *lines))
    assert log.format == "tapo"
    assert joules(log) == pytest.approx(60 * 30.0)


HISTORY = ["entity_id,state,last_changed", "sensor.desk_energy,10.000,2024-05-01T10:00:00.000Z",
           "sensor.desk_energy,unavailable,2024-05-01T10:30:00.000Z", "sensor.desk_power,90,2024-05-01T10:30:00.000Z",
           "sensor.desk_energy,10.250,2024-05-01T11:00:00.000Z"]  # fmt: skip


def test_a_counter_of_home_assistant_needs_its_unit(tmp_path: Path) -> None:
    """M1: the file does not say it. A power is refused: the history has changes only."""
    path = written(tmp_path, *HISTORY, name="history.csv")
    with pytest.raises(LogError, match="does not say the units"):
        lca.read(path)
    log = lca.read(path, columns={"sensor.desk_energy": "kWh"}, at="wall")
    assert (log.format, log.devices) == ("home assistant", ("sensor.desk_energy",))
    assert joules(log) == pytest.approx(0.25 * 3.6e6)
    with pytest.raises(LogError, match="energy of a counter only"):
        lca.read(path, columns={"sensor.desk_power": "W"}, at="wall")
    with pytest.raises(LogError, match="no row of the history") as raised:
        lca.read(path, columns={"sensor.desk": "kWh"}, at="wall")
    assert "sensor.desk_energy" in raised.value.fix
    with pytest.raises(LogError, match="where the power was measured"):
        lca.read(path, columns={"sensor.desk_energy": "kWh"})
