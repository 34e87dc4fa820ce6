"""Meters in the files of the system: rails of a Jetson, sensors of hwmon, batteries; in trees made for it (M1, M6)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lca.errors import MeterError
from lca.meters import LiveMeter, available, battery, hwmon, ina3221

Files = dict[str, object]


def made(root: Path, files: Files) -> Path:
    """A tree of files."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{content}\n", encoding="utf-8")
    return root


def hwmon_rail(chip: str, number: int, label: str, millivolts: int, milliamperes: int) -> Files:
    at = f"ina3221/{chip}/hwmon/hwmon3"
    return {
        f"{at}/in{number}_label": label, f"{at}/in{number}_input": millivolts, f"{at}/curr{number}_input": milliamperes,
    }  # fmt: skip


ORIN_NX = {
    **hwmon_rail("1-0040", 1, "VDD_IN", 4960, 1016),
    **hwmon_rail("1-0040", 2, "VDD_CPU_GPU_CV", 4960, 200),
    **hwmon_rail("1-0040", 3, "VDD_SOC", 4960, 304),
    "ina3221/1-0040/hwmon/hwmon3/in7_label": "Sum of shunt voltages",
    "ina3221/1-0040/hwmon/hwmon3/in7_input": 9,
}
AGX_ORIN = {
    **hwmon_rail("1-0040", 1, "VDD_GPU_SOC", 19000, 200),
    **hwmon_rail("1-0040", 2, "VDD_CPU_CV", 19000, 100),
    **hwmon_rail("1-0040", 3, "VIN_SYS_5V0", 5000, 700),
    **hwmon_rail("1-0041", 1, "NC", 0, 0),
    **hwmon_rail("1-0041", 2, "VDDQ_VDD2_1V8AO", 5000, 300),
}
OLD_NANO = {
    f"ina3221x/6-0040/iio:device0/{name}": text
    for name, text in {
        "rail_name_0": "POM_5V_IN", "in_power0_input": 2570, "rail_name_1": "POM_5V_GPU", "in_power1_input": 40,
        "rail_name_2": "POM_5V_CPU", "in_power2_input": 480,
    }.items()
}  # fmt: skip


@pytest.mark.parametrize(
    ("files", "rail", "name", "watts"),
    [
        (ORIN_NX, None, "INA3221 VDD_IN", 4.96 * 1.016),
        (ORIN_NX, ["VDD_CPU_GPU_CV", "VDD_SOC"], "INA3221 VDD_CPU_GPU_CV + VDD_SOC", 4.96 * 0.504),
        (AGX_ORIN, None, "INA3221 VDD_GPU_SOC + VDD_CPU_CV + VIN_SYS_5V0", 19 * 0.3 + 5 * 0.7),
        (AGX_ORIN, "VDDQ_VDD2_1V8AO", "INA3221 VDDQ_VDD2_1V8AO", 1.5),
        (OLD_NANO, None, "INA3221 POM_5V_IN", 2.57),
        (OLD_NANO, "POM_5V_CPU", "INA3221 POM_5V_CPU", 0.48),
    ],
)
def test_m1_the_rails_of_a_jetson_in_either_layout(
    files: Files, rail: Any, name: str, watts: float, tmp_path: Path
) -> None:
    meter = ina3221(made(tmp_path, files), rail=rail)
    assert isinstance(meter, LiveMeter)
    assert (meter.meter.name, meter.meter.at, meter.meter.status, meter.counts) == (name, "board", "assumed", False)
    assert meter.read().value == pytest.approx(watts, rel=1e-12)


@pytest.mark.parametrize(
    ("files", "rail", "said"),
    [
        ({}, None, "no power monitor INA3221"),
        (hwmon_rail("1-0040", 2, "VDD_SOC", 5000, 300), None, "no rail of this monitor is known as the whole board"),
        (ORIN_NX, "VDD_GPU", "there is no rail 'VDD_GPU'"),
        (ORIN_NX, [], "there is no rail ''"),
        (AGX_ORIN, "NC", "there is no rail 'NC'"),
        (ORIN_NX, ["VDD_IN", "VDD_SOC"], "counted twice"),
        (AGX_ORIN, ["VIN_SYS_5V0", "VDDQ_VDD2_1V8AO"], "counted twice"),
    ],
)
def test_m4_rails_that_are_not_there_or_within_each_other(files: Files, rail: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(MeterError) as raised:
        ina3221(made(tmp_path, files), rail=rail)
    assert said in raised.value.what
    assert raised.value.fix


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"curr1_input": 0}, "VDD_IN shows 0 W, and what is on draws something"),
        ({"curr1_input": -8}, "shows -0.03968 W"),
        ({"curr1_input": ""}, "it holds ''"),
        ({"in1_input": "N/A"}, "it holds 'N/A'"),
        ({"in1_enable": 0}, "the monitor does not measure this rail"),
    ],
)
def test_m6_a_rail_that_shows_no_power_raises(change: Files, said: str, tmp_path: Path) -> None:
    """M6: never 0, and no error of Python."""
    meter = ina3221(made(tmp_path, ORIN_NX))
    made(tmp_path / "ina3221/1-0040/hwmon/hwmon3", change)
    with pytest.raises(MeterError) as raised:
        meter.read()
    assert said in raised.value.what


# --- hwmon --------------------------------------------------------------------------------------------------------

CARD = {"hwmon4/name": "amdgpu", "hwmon4/power1_average": 38_000_000, "hwmon4/power1_label": "slowPPT"}
SERVER = {
    **CARD, "hwmon0/name": "coretemp", "hwmon0/temp1_input": 45_000, "hwmon1/name": "power_meter",
    "hwmon1/power1_average": 214_000_000, "hwmon1/power1_average_interval": 1000,
}  # fmt: skip


def test_m1_a_sensor_by_its_name_in_microwatts(tmp_path: Path) -> None:
    root = made(tmp_path, SERVER)
    meter = hwmon(root, name="power_meter", at="wall")
    assert (meter.read().value, meter.update_period, meter.meter.at) == (214.0, 1.0, "wall")
    for name in ("amdgpu", "amdgpu slowPPT"):
        assert (hwmon(root, name=name).read().value, hwmon(root, name=name).meter.at) == (38.0, "component")
    made(tmp_path, {"hwmon4/power1_input": 41_000_000})  # the value now comes before the mean
    assert hwmon(root, name="amdgpu").read().value == 41.0


@pytest.mark.parametrize(
    ("name", "said", "fix"),
    [
        ("", "several sensors of a power fit", 'hwmon(name="...")'),
        ("amdgqu", "no sensor of a power called amdgqu", "did you mean 'amdgpu"),
        ("power_meter", "it is not known where this sensor sits", 'hwmon(name="power_meter", at="board")'),
    ],
)
def test_m1_a_sensor_that_is_open(name: str, said: str, fix: str, tmp_path: Path) -> None:
    with pytest.raises(MeterError) as raised:
        hwmon(made(tmp_path, SERVER), name=name)
    assert said in raised.value.what
    assert fix in raised.value.fix


def test_m6_a_sensor_that_shows_nothing(tmp_path: Path) -> None:
    with pytest.raises(MeterError, match="hwmon has no sensor of a power"):
        hwmon(tmp_path)
    meter = hwmon(made(tmp_path, CARD))
    made(tmp_path, {"hwmon4/power1_average": 0})  # an AMD card that sleeps
    with pytest.raises(MeterError, match="shows 0 W"):
        meter.read()


# --- batteries ----------------------------------------------------------------------------------------------------

LAPTOP = {
    "AC/type": "Mains", "AC/online": 0, "BAT0/type": "Battery", "BAT0/status": "Discharging",
    "BAT0/power_now": 9_500_000, "mouse/type": "Battery", "mouse/scope": "Device", "mouse/status": "Discharging",
}  # fmt: skip


def test_m1_a_battery_by_its_power_or_by_current_and_voltage(tmp_path: Path) -> None:
    power = battery(made(tmp_path / "a", LAPTOP))
    assert (power.read().value, power.meter.at, power.update_period) == (9.5, "board", 1.0)
    files = {name: text for name, text in LAPTOP.items() if name != "BAT0/power_now"}
    files |= {"BAT0/current_now": -800_000, "BAT0/voltage_now": 11_400_000}  # some drivers show a discharge below 0
    assert battery(made(tmp_path / "b", files)).read().value == pytest.approx(9.12, rel=1e-12)


def test_m4_two_batteries_add_up_and_one_that_rests_gives_nothing(tmp_path: Path) -> None:
    second = {"BAT1/type": "Battery", "BAT1/status": "Discharging", "BAT1/power_now": 2_000_000}
    root = made(tmp_path, LAPTOP | second)
    meter = battery(root)
    assert meter.read().value == 11.5
    made(root, {"BAT1/status": "Not charging", "BAT1/power_now": 0})
    assert meter.read().value == 9.5


@pytest.mark.parametrize("status", ["Charging", "Full", "Not charging", "Unknown"])
def test_m6_a_battery_that_does_not_feed_the_machine_raises(status: str, tmp_path: Path) -> None:
    """M6: the power of a battery that is charged goes into it."""
    with pytest.raises(MeterError, match="does not feed the machine alone") as raised:
        battery(made(tmp_path / "from the start", LAPTOP | {"BAT0/status": status}))
    assert raised.value.sides == (f"BAT0: {status}",)
    beside = LAPTOP | {"BAT1/type": "Battery", "BAT1/status": "Charging"}
    with pytest.raises(MeterError) as raised:  # one that is charged from the other
        battery(made(tmp_path / "beside", beside))
    assert raised.value.sides == ("BAT0: Discharging", "BAT1: Charging")
    meter = battery(made(tmp_path / "later", LAPTOP))
    made(tmp_path / "later", {"BAT0/status": status})
    with pytest.raises(MeterError):
        meter.read()


def test_m6_a_machine_without_battery_and_a_battery_without_power(tmp_path: Path) -> None:
    with pytest.raises(MeterError, match="no battery"):
        battery(made(tmp_path / "desk", {"AC/type": "Mains", "mouse/type": "Battery", "mouse/scope": "Device"}))
    with pytest.raises(MeterError, match="shows 0 W"):
        battery(made(tmp_path / "zero", LAPTOP | {"BAT0/power_now": 0}))
    files = {name: text for name, text in LAPTOP.items() if name != "BAT0/power_now"}
    with pytest.raises(MeterError, match="cannot be read"):
        battery(made(tmp_path / "neither", files))


# --- what is there ------------------------------------------------------------------------------------------------


def test_what_is_there_is_a_table_with_reasons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zones = {"intel-rapl:0/name": "package-0", "intel-rapl:0:0/name": "dram"}
    zones |= {f"{zone}/{file}": 5_000_000 for zone in ("intel-rapl:0", "intel-rapl:0:0")
              for file in ("energy_uj", "max_energy_range_uj")}  # fmt: skip
    system = tmp_path / "sys"
    made(system / "class/powercap", zones)
    made(system / "class/hwmon", SERVER)
    made(system / "class/power_supply", LAPTOP | {"BAT0/status": "Charging"})
    made(system / "bus/i2c/drivers", ORIN_NX)
    monkeypatch.setattr(Path, "read_text", _refusing(Path.read_text, "intel-rapl:0:0/energy_uj"))
    monkeypatch.setitem(__import__("sys").modules, "pynvml", None)
    table = available(tmp_path)
    assert table["usable"].to_dict() == {
        "nvml:0": "no", "rapl:package": "yes", "rapl:dram": "no", "ina3221": "yes", "hwmon:power_meter": "no",
        "hwmon:amdgpu slowPPT": "yes", "battery": "no", "tasmota:ADDRESS": "asks", "shelly:ADDRESS": "asks",
        "prompt": "asks",
    }  # fmt: skip
    assert table.loc["rapl:package", ["at", "reads"]].tolist() == ["component", "energy"]
    assert table.loc["ina3221", ["at", "reads", "why"]].tolist() == ["board", "power", ""]
    why = table["why"]
    assert f"sudo chmod a+r {system}/class/powercap/intel-rapl:0:0/energy_uj" in why["rapl:dram"]
    assert "lca[nvidia]" in why["nvml:0"]
    assert "pull the plug" in why["battery"]
    assert 'at="board"' in why["hwmon:power_meter"]


def _refusing(read_text: Callable[..., str], denied: str) -> Callable[..., str]:
    """Read files, but for one that only root may read."""

    def read(path: Path, *args: Any, **kwargs: Any) -> str:
        if str(path).endswith(denied):
            raise PermissionError(13, "Permission denied")
        return read_text(path, *args, **kwargs)

    return read
