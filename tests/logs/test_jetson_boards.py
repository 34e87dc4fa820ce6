"""The logs of Jetson boards: tegrastats, jtop, and the files of an INA3221 (M1, M2, M4, M5)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import lca
from lca.errors import LogError

RAM = "RAM 900/7859MB (lfb 26x4MB) SWAP 0/3929MB (cached 0MB) CPU [4%@2035,off] EMC_FREQ 0% GR3D_FREQ 0% GPU@31C"
ORIN = "VDD_GPU_SOC {}mW/9mW VDD_CPU_CV {}mW/9mW VIN_SYS_5V0 {}mW/9mW"


def written(folder: Path, *lines: str, name: str = "tegrastats.log") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def stamped(rails: str, second: int, minute: int = 0) -> str:
    return f"09-30-2025 20:{minute:02}:{second:02} {RAM} {rails}"


def joules(log: object, **choice: object) -> float:
    assert isinstance(log, lca.PowerLog)
    reading = log.energy(**choice)  # type: ignore[arg-type]
    (value,) = reading.given.values  # type: ignore[union-attr]
    return float(getattr(value, "median", value))  # a wide spread is a lognormal around its median


# --- tegrastats ---------------------------------------------------------------------------------------------------


def test_the_power_now_counts_and_not_the_mean_since_the_start(tmp_path: Path) -> None:
    """M5: a mean since the start is no sample. 2 W, 4 W, 6 W over 2 s are 8 J; a peak is none either."""
    rails = ("VDD_IN 2000mW/2000mW/2000mW", "VDD_IN 4000mW/3000mW/4000mW", "VDD_IN 6000mW/4000mW/6000mW")
    log = lca.read(written(tmp_path, *(stamped(rail, n) for n, rail in enumerate(rails))))
    assert log.format == "tegrastats"
    assert log.meter.at == "board"
    assert joules(log) == pytest.approx(8.0)
    assert log.dated
    assert log.data["time"].values[0] == np.datetime64("2025-09-30T20:00:00")


@pytest.mark.parametrize(
    ("rails", "whole", "watts"),
    [
        ("VDD_IN 2532/2698 VDD_CPU 76/178 VDD_GPU 19/19", ("VDD_IN",), 2.532),  # TX1
        ("VDD_SYS_GPU 152/152 VDD_IN 3056/3056 VDD_SYS_DDR 883/883", ("VDD_IN",), 3.056),  # TX2
        ("POM_5V_IN 1022/1022 POM_5V_GPU 0/0 POM_5V_CPU 204/204", ("POM_5V_IN",), 1.022),  # Nano
        ("VDD_IN 5299mW/5299mW VDD_CPU_GPU_CV 773mW/773mW VDD_SOC 1424mW/1424mW", ("VDD_IN",), 5.299),  # Orin NX
        (ORIN.format(3000, 4000, 5000), ("VDD_GPU_SOC", "VDD_CPU_CV", "VIN_SYS_5V0"), 12.0),
        (  # AGX Orin, JetPack 5: memory is within the 5 V input
            ORIN.format(3000, 4000, 5000) + " VDDQ_VDD2_1V8AO 1091mW/1091mW",
            ("VDD_GPU_SOC", "VDD_CPU_CV", "VIN_SYS_5V0"),
            12.0,
        ),
        (  # AGX Xavier: no rail is within another
            "GPU 1000/1 CPU 311/311 SOC 932/932 CV 0/0 VDDRQ 621/621 SYS5V 1482/1482",
            ("GPU", "CPU", "SOC", "CV", "VDDRQ", "SYS5V"),
            4.346,
        ),
        ("VDD_GPU 0mW/0mW VDD_CPU_SOC_MSS 5000mW/1mW VIN_SYS_5V0 5040mW/1mW VIN 16802mW/1mW", ("VIN",), 16.802),  # Thor
    ],
)
def test_the_whole_of_each_board_is_known(tmp_path: Path, rails: str, whole: tuple[str, ...], watts: float) -> None:
    """M4: the input of the board, or the rails that add up to it; a gated rail shows 0 mW."""
    log = lca.read(written(tmp_path, *(stamped(rails, n) for n in range(3))))
    assert log.whole == whole
    assert joules(log) == pytest.approx(2 * watts)


def test_a_rail_within_another_is_not_added_to_it(tmp_path: Path) -> None:
    """M4."""
    rails = "VDD_IN 5299mW/1mW VDD_CPU_GPU_CV 773mW/1mW VDD_SOC 1424mW/1mW"
    log = lca.read(written(tmp_path, stamped(rails, 0), stamped(rails, 1)))
    with pytest.raises(LogError, match="counted twice") as raised:
        log.energy(channels=["VDD_IN", "VDD_SOC"])
    assert "VDD_IN contains VDD_SOC" in raised.value.sides
    assert joules(log, channels=["VDD_CPU_GPU_CV", "VDD_SOC"]) == pytest.approx(2.197)
    memory = ORIN.format(1, 2, 3) + " VDDQ_VDD2_1V8AO 1mW/1mW"
    orin = lca.read(written(tmp_path, stamped(memory, 0), stamped(memory, 1)))
    with pytest.raises(LogError, match="counted twice"):
        orin.energy(channels=["VIN_SYS_5V0", "VDDQ_VDD2_1V8AO"])
    carrier = "VDD_IN 5000/1 VDD_MUX 7000/1 VDD_3V3_SYS 100/1"
    kit = lca.read(written(tmp_path, stamped(carrier, 0), stamped(carrier, 1)))
    assert joules(kit, channels=["VDD_IN", "VDD_MUX"]) == pytest.approx(12.0), "the carrier board stands beside"


def test_rails_that_nobody_knows_are_asked_for(tmp_path: Path) -> None:
    log = lca.read(written(tmp_path, *(stamped("VDD_NEW 1000mW/1mW VDD_OTHER 500mW/1mW", n) for n in range(2))))
    with pytest.raises(LogError, match="which channels"):
        log.energy()
    assert joules(log, channels="VDD_NEW") == pytest.approx(1.0)


def test_stamps_in_whole_seconds_are_spread_over_their_second(tmp_path: Path) -> None:
    """M5: 10 lines a second at 15 W; one second a line would be 10 times as much, the stamps alone 0 s apart."""
    lines = [stamped("VDD_IN 15000mW/15000mW", second) for second in range(4) for _ in range(10)]
    log = lca.read(written(tmp_path, *lines))
    assert log.span == pytest.approx(3.9)
    assert joules(log) == pytest.approx(15 * 3.9)


def test_without_stamps_the_interval_is_said_and_never_guessed(tmp_path: Path) -> None:
    """M5: the first line of such a log may be a date; it is told, and is no bad line."""
    lines = ["Tue Jan 26 18:22:31 UTC 2021", *(f"{RAM} POM_5V_IN {mw}/900 POM_5V_GPU 0/0" for mw in (1000, 3000))]
    path = written(tmp_path, *lines)
    with pytest.raises(LogError, match="no time"):
        lca.read(path)
    log = lca.read(path, interval="0.5 s")
    assert joules(log) == pytest.approx(1.0)
    assert not log.dated
    assert any("Tue Jan 26" in note for note in log.notes)


def test_a_gap_is_refused_or_left_out(tmp_path: Path) -> None:
    """M5."""
    lines = [stamped("VDD_IN 1000/1", n) for n in range(3)] + [stamped("VDD_IN 1000/1", n, 30) for n in range(3)]
    log = lca.read(written(tmp_path, *lines))
    with pytest.raises(LogError, match="steps without samples"):
        log.energy()
    assert joules(log, gaps="exclude") == pytest.approx(4.0)


def test_a_log_without_rails_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no power and no energy: no rail"):
        lca.read(written(tmp_path, RAM, RAM), interval="1 s")


def test_all_bad_lines_are_told_at_once(tmp_path: Path) -> None:
    """A torn line, one of another board, one without a stamp, text between; errors="skip" counts and leaves out."""
    good = [stamped("VDD_IN 1000mW/1000mW", n) for n in range(3)]
    bad = ["Killed", f"{RAM} VDD_IN 1000mW/1000mW", stamped("POM_5V_IN 900/900", 5), stamped("VDD_IN 10", 6)]
    path = written(tmp_path, *good, *bad, stamped("VDD_IN 1000mW/1000mW", 7))
    with pytest.raises(LogError, match="4 of 8 lines") as raised:
        lca.read(path)
    assert [side.split(": ")[1] for side in raised.value.sides] == [
        "no line of tegrastats", "no time", "other rails than the lines before", "no rail with a power",
    ]  # fmt: skip
    log = lca.read(path, errors="skip")
    assert any("4 of 8 lines" in note for note in log.notes)
    assert log.tracks[0].times.size == 4


def test_an_impossible_power_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="above what the device can draw"):
        lca.read(written(tmp_path, *(stamped("VDD_IN 99999999mW/1mW", n) for n in range(2))))


def test_rails_in_another_order_are_read_by_name(tmp_path: Path) -> None:
    lines = [stamped("VDD_IN 2000/1 VDD_SOC 10/1", 0), stamped("VDD_SOC 10/1 VDD_IN 4000/1", 1)]
    assert joules(lca.read(written(tmp_path, *lines))) == pytest.approx(3.0)


# --- jtop ---------------------------------------------------------------------------------------------------------

HEAD = "time,uptime,CPU1,RAM,SWAP,GPU,Temp CPU,Temp GPU,Temp tj"


def rows(head: str, *powers: str, names: str = "") -> list[str]:
    begin = 'x,"1 day, 2:03:04.5",12,0.3,0.0,5,40.0,41.0,42.0'
    return [
        f"{head},{names}",
        *(begin.replace("x", f"2023-05-06 10:00:0{n}") + f",{one}" for n, one in enumerate(powers)),
    ]


def test_jtop_gives_the_total_that_is_the_input_of_the_board(tmp_path: Path) -> None:
    """jtop renames VDD_IN to TOT; its powers are mW (M1)."""
    lines = rows(HEAD, "700,1400,5000", "700,1400,7000", names="Power VDD_CPU_GPU_CV,Power VDD_SOC,Power TOT")
    log = lca.read(written(tmp_path, *lines, name="log.csv"))
    assert (log.format, log.meter.at) == ("jtop", "board")
    assert joules(log) == pytest.approx(6.0)
    with pytest.raises(LogError, match="counted twice"):
        log.energy(channels=["total", "VDD_SOC"])


def test_the_total_of_jtop_is_left_where_it_counts_a_rail_twice(tmp_path: Path) -> None:
    """M4: on AGX Orin it adds the memory rail, which is within the 5 V input; on Thor the input and its parts."""
    names = "Power VDDQ_VDD2_1V8AO,Power VDD_CPU_CV,Power VDD_GPU_SOC,Power VIN_SYS_5V0,Power TOT"
    orin = lca.read(written(tmp_path, *rows(HEAD, *["1000,3000,4000,5000,13000"] * 2, names=names), name="orin.csv"))
    assert joules(orin) == pytest.approx(12.0)
    names = "Power VDD_CPU_SOC_MSS,Power VDD_GPU,Power VIN,Power VIN_SYS_5V0,Power TOT"
    thor = lca.read(written(tmp_path, *rows(HEAD, *["5000,1000,16000,5000,27000"] * 2, names=names), name="thor.csv"))
    assert joules(thor) == pytest.approx(16.0)


@pytest.mark.parametrize("names", ["Power tj,Power TOT", "Power VDD_CPU_CV,Power VDD_GPU_SOC,Power TOT"])
def test_a_total_that_jetson_stats_4_0_wrote_is_asked_for(tmp_path: Path, names: str) -> None:
    """It called VIN_SYS_5V0 of an AGX Orin the total, and wrote all rails under the name of a thermometer."""
    log = lca.read(written(tmp_path, *rows(HEAD, *[",".join(["3000"] * len(names.split(",")))] * 2, names=names)))
    with pytest.raises(LogError, match="which channels"):
        log.energy()


def test_an_old_jtop_log_has_the_power_now_and_a_mean(tmp_path: Path) -> None:
    log = lca.read(
        written(tmp_path, *rows(HEAD, "4000,9000", "6000,9000", names="power cur,power avg"), name="old.csv")
    )
    assert joules(log) == pytest.approx(5.0)


def test_a_jtop_log_without_power_is_refused_and_bad_rows_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no column of a power"):
        lca.read(written(tmp_path, *rows(HEAD, "1", names="fan")))
    lines = rows(HEAD, "4000", "x", "5000", "nan", "6000", names="power cur")
    with pytest.raises(LogError, match="2 of 6 lines") as raised:
        lca.read(written(tmp_path, *lines, "torn,row"))
    assert len(raised.value.sides) == 2
    log = lca.read(written(tmp_path, *lines, "torn,row"), errors="skip")
    assert np.isnan(log.tracks[0].values[2, 0]), "nan is missing, not 0"


# --- INA3221 ------------------------------------------------------------------------------------------------------


def test_the_files_of_an_ina3221_are_one_moment(tmp_path: Path) -> None:
    """The error says the powers: mW as shown, else mV times mA; the summed shunt voltages are none."""
    folder = "/sys/bus/i2c/drivers/ina3221x/0-0041/iio_device"
    old = [f"$ cat {folder}/{name}\n{value}" for name, value in
           (("rail_name_0", "VDD_IN"), ("in_power0_input", 3056), ("rail_name_1", "VDD_CPU"),
            ("in_voltage1_input", 19000), ("in_current1_input", 20))]  # fmt: skip
    with pytest.raises(LogError, match=r"one moment \(VDD_IN: 3.056 W, VDD_CPU: 0.38 W\)"):
        lca.read(written(tmp_path, *old, name="iio.txt"))
    folder = "/sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon3"
    new = [f"{folder}/{name}:{value}" for name, value in
           (("in1_label", "VDD_GPU_SOC"), ("in1_input", 5000), ("curr1_input", 600), ("in2_label", "NC"),
            ("in2_input", 5000), ("curr2_input", 1), ("in7_label", "sum"), ("in7_input", 40))]  # fmt: skip
    with pytest.raises(LogError, match=r"one moment \(VDD_GPU_SOC: 3 W\)"):
        lca.read(written(tmp_path, *new, name="hwmon.txt"))
