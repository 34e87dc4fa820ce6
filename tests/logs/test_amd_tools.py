"""amd-smi and rocm-smi: CSV, JSON, tables and text; several cards, missing values, one moment (M1 to M6)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from written_logs import joules, made, read

from lca.errors import LogError

METRIC = "timestamp,gpu,gfx_activity,vcn_activity,socket_power,gfx_voltage\n"


def metric(second: int, gpu: int, watts: str) -> str:
    return f"{1_700_000_000 + second},{gpu},0,\"['N/A', 'N/A']\",{watts},N/A\n"


def test_amd_smi_metric_reads_lists_in_quotes_and_blank_lines_between_rounds(tmp_path: Path) -> None:
    text = METRIC + "\n".join("".join(metric(n, gpu, str(100 + gpu)) for gpu in range(8)) for n in range(3))
    log = read(made(tmp_path, text))
    assert log.format == "amd-smi"
    assert len(log.devices) == 8
    assert log.dated
    assert joules(log) == pytest.approx(2 * sum(range(100, 108)))


def test_m5_whole_seconds_that_repeat_are_spread(tmp_path: Path) -> None:
    log = read(made(tmp_path, METRIC + "".join(metric(n // 4, 0, "50") for n in range(16))))
    assert log.span == pytest.approx(3.75)
    assert joules(log) == pytest.approx(187.5)


def test_m3_a_second_die_without_power_is_left_out_and_named(tmp_path: Path) -> None:
    log = read(
        made(tmp_path, METRIC + "".join(metric(n, gpu, "N/A" if gpu else "300") for n in range(3) for gpu in (0, 1)))
    )
    assert log.devices == ("gpu 0",)
    assert "gpu 1: no value" in log.notes[0]
    assert joules(log) == 600


def test_amd_smi_without_stamps_needs_an_interval_and_one_round_is_one_moment(tmp_path: Path) -> None:
    head = "gpu,socket_power\n"
    with pytest.raises(LogError, match="shows one moment"):
        read(made(tmp_path, f"{head}0,100\n1,100\n"))
    file = made(tmp_path, f"{head}0,100\n1,90\n\n{head}0,110\n1,90\n")
    with pytest.raises(LogError, match="have no time"):
        read(file)
    assert joules(read(file, interval=10)) == pytest.approx(1050 + 900)


def test_amd_smi_without_power_and_with_several_cards_on_a_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no column socket_power"):
        read(made(tmp_path, "timestamp,gpu,total_energy_consumption\n1700000000,0,5.1\n1700000001,0,6.1\n"))
    with pytest.raises(LogError, match="names the column 'socket_power' 2 times"):
        read(made(tmp_path, "Timestamp,gpu,socket_power,gpu,socket_power\n1700000000,0,5,1,6\n"))


def test_m6_bad_lines_of_amd_smi_raise_all_at_once(tmp_path: Path) -> None:
    text = (
        METRIC + metric(0, 0, "100") + metric(1, 0, "x") + "1700000002,0,1\nnever,0,0,0,100,0\n" + metric(4, 0, "100")
    )
    with pytest.raises(LogError, match=r"3 of 5 lines(.|\n)*:3: no power(.|\n)*:4: 3 cells(.|\n)*:5: no time"):
        read(made(tmp_path, text))
    assert joules(read(tmp_path / "gpu.csv", errors="skip")) == 400


def test_monitor_is_read_as_csv_where_parts_of_a_card_count_once(tmp_path: Path) -> None:
    head = "timestamp,gpu,xcp,power_usage,hotspot_temperature\n"
    text = head + "".join(f"{1_700_000_000 + n},0,{part},{120 + part},40\n" for n in range(2) for part in (0, 1))
    assert joules(read(made(tmp_path, text))) == 120


def test_monitor_is_read_as_a_table(tmp_path: Path) -> None:
    head = " TIMESTAMP  GPU  POWER  GPU_TEMP  GFX_UTIL\n"
    lines = [
        f"17406861{n}    0   {n - 87:2d} W     28 C       0 %\n17406861{n}    1    N/A     28 C     0 %\n"
        for n in (95, 97)
    ]
    log = read(made(tmp_path, head + "".join(lines), "monitor.txt"))
    assert log.format == "amd-smi monitor"
    assert log.devices == ("gpu 0",)
    assert joules(log) == 18
    with pytest.raises(LogError, match="no column POWER"):
        read(made(tmp_path, "TIMESTAMP  GPU  GFX_UTIL\n1740686195    0       0 %\n"))
    with pytest.raises(LogError, match=r":3: no power"):
        read(made(tmp_path, head + "1740686195    0    8 W     28 C  0 %\n1740686196    0    8 28 C  0 %\n"))


def card(second: int, gpu: int, power: object) -> dict[str, object]:
    return {"timestamp": 1_700_000_000 + second, "gpu": gpu, "power": {"socket_power": power}}


def test_json_of_amd_smi_is_read_as_one_document_or_several(tmp_path: Path) -> None:
    rounds = [[card(n, gpu, {"value": 100 + n, "unit": "W"}) for gpu in (0, 1)] for n in range(3)]
    flat = [one for part in rounds for one in part]
    for text in (
        "\n".join(json.dumps(part, indent=4) for part in rounds),
        json.dumps(flat),
        json.dumps([{"gpu_data": part} for part in rounds]),
    ):
        log = read(made(tmp_path, text, "power.json"))
        assert log.format == "amd-smi json"
        assert joules(log) == pytest.approx(404)


def test_units_of_json_count_and_missing_values_are_no_zeros(tmp_path: Path) -> None:
    powers = [{"value": 8000, "unit": "mW"}, "N/A", {"value": "N/A", "unit": "W"}, 8, "8 W"]
    log = read(made(tmp_path, json.dumps([card(n, 0, one) for n, one in enumerate(powers)]), "power.json"))
    assert joules(log) == pytest.approx(32)
    with pytest.raises(LogError, match="no power"):
        read(made(tmp_path, json.dumps([card(0, 0, {"value": 8, "unit": "V"}), card(1, 0, 8)]), "power.json"))
    with pytest.raises(LogError, match=r":1: no JSON"):
        read(made(tmp_path, json.dumps([card(0, 0, 8), card(1, 0, 8)])[:-20], "power.json"))
    rounds = json.dumps([card(0, 0, 8)], indent=1)
    with pytest.raises(LogError, match=rf":{rounds.count(chr(10)) + 2}: no power"):
        read(made(tmp_path, rounds + "\n" + json.dumps([card(1, 0, "much")]), "power.json"))


def test_the_text_of_amd_smi_metric_is_one_moment(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="shows one moment"):
        read(made(tmp_path, "GPU: 0\n    USAGE:\n        GFX_ACTIVITY: 0 %\n    POWER:\n        SOCKET_POWER: 20 W\n"))


# --- rocm-smi ---------------------------------------------------------------------------------------------------------

KEY = "Average Graphics Package Power (W)"


def called(*watts: str) -> str:
    lines = "".join(f"GPU[{n}]\t\t: {KEY}: {one}\n" for n, one in enumerate(watts))
    return f"\n==== ROCm System Management Interface ====\n{lines}==== End of ROCm SMI Log ====\n"


def test_one_call_of_rocm_smi_is_refused_and_a_loop_with_stamps_is_read(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"shows one moment(.|\n)*date \+%s"):
        read(made(tmp_path, called("45.0", "52.5"), "power.txt"))
    file = made(
        tmp_path, "1700000000\n" + called("45.0", "N/A (Secondary die)") + "1700000002\n" + called("55.0", "N/A")
    )
    log = read(file)
    assert log.format == "rocm-smi"
    assert log.devices == ("gpu 0",)
    assert joules(log) == 100
    dated = made(
        tmp_path, "Sat Feb  7 11:17:00 UTC 2026\n" + called("45.0") + "Sat Feb  7 11:17:02 UTC 2026\n" + called("55.0")
    )
    assert joules(read(dated)) == 100
    loop = made(tmp_path, called("45.0") + called("55.0"))
    with pytest.raises(LogError, match="have no time"):
        read(loop)
    assert joules(read(loop, interval="2 s")) == 100


def test_csv_of_rocm_smi_takes_stamps_from_lines_or_from_a_column(tmp_path: Path) -> None:
    head = f"device,Temperature (Sensor edge) (C),{KEY}\n"
    text = (
        f"1700000000.5\n{head}card0,42.0,45.0\ncard1,42.0,N/A (Secondary die)\n\n1700000002.5\n{head}card0,42.0,55.0\n"
    )
    log = read(made(tmp_path, text + "card1,42.0,N/A (Secondary die)\n"))
    assert log.format == "rocm-smi csv"
    assert joules(log) == 100
    newer = "timestamp,device,Current Socket Graphics Package Power (W)\n1700000000,card0,45.0\n1700000002,card0,55.0\n"
    assert joules(read(made(tmp_path, newer))) == 100
    with pytest.raises(LogError, match="no column of the package power"):
        read(made(tmp_path, "device,GPU use (%)\ncard0,3\n"))
    with pytest.raises(LogError, match=r"2 of 3 lines(.|\n)*:3: 1 cells(.|\n)*:4: no power"):
        read(made(tmp_path, f"timestamp,device,{KEY}\n1700000000,card0,45.0\ncard0\n1700000002,card0,many\n"))


def test_json_of_rocm_smi_is_read_line_by_line(tmp_path: Path) -> None:
    docs = [json.dumps({"card0": {KEY: watts}, "system": {"Driver version": "6.2"}}) for watts in ("45.0", "55.0")]
    log = read(made(tmp_path, f"1700000000\n{docs[0]}\n1700000002\n{docs[1]}\n", "power.json"))
    assert log.format == "rocm-smi json"
    assert joules(log) == 100
    with pytest.raises(LogError, match="shows one moment"):
        read(made(tmp_path, docs[0], "power.json"))


def test_the_table_of_rocm_smi_is_one_moment(tmp_path: Path) -> None:
    text = "==== ROCm System Management Interface ====\nGPU  Temp   AvgPwr  SCLK\n0    31.0c  45.0W   852Mhz\n"
    with pytest.raises(LogError, match="shows one moment"):
        read(made(tmp_path, text))
