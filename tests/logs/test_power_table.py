"""Tables of people's own programs: headers, units, times, totals, devices, what is asked for and refused (M1 to M6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from written_logs import joules, made, read

import lca
from lca.errors import LogError
from lca.logs.files.source import Source
from lca.logs.files.table_header import Head
from lca.logs.recognise import known_formats

EPOCH = "".join(f"{1_763_638_585 + n}.5,{100 + n},{200 + n}\n" for n in range(3))


def test_q4_columns_without_a_unit_are_refused_with_what_to_write(tmp_path: Path) -> None:
    file = made(tmp_path, "timestamp,GPU0,GPU1\n" + EPOCH)
    with pytest.raises(LogError, match=r"in which unit(.|\n)*GPU0: 100(.|\n)*columns={'GPU0': 'W', 'GPU1': 'W'}"):
        read(file)
    log = read(file, columns={"GPU0": "W", "GPU1": "W"})
    assert log.format == "table"
    assert log.devices == ("gpu 0", "gpu 1")
    assert log.meter.at == "component"
    assert joules(log) == pytest.approx(202 + 402)
    assert joules(read(file, columns={"GPU1": "mW"})) == pytest.approx(0.402)


@pytest.mark.parametrize(
    ("head", "watts"),
    [("gpu_power_w", 1), ("GPU Power (mW)", 1e-3), ("gpu power [W]", 1), ("gpu_power_mw", 1e-3), ("GPU_Watts", 1),
     ("cpu_kW", 1e3), ("gpu0_power_watts", 1), ("GPU-W", 1)],
)  # fmt: skip
def test_m1_the_header_says_the_unit(tmp_path: Path, head: str, watts: float) -> None:
    file = made(tmp_path, f"time_s,{head}\n0,2\n10,2\n")
    assert joules(read(file)) == pytest.approx(20 * watts)


@pytest.mark.parametrize("head", ["gpu_power (MW)", "GPU_POWER_MW", "gpu power", "power"])
def test_q4_a_unit_that_is_not_clear_is_asked_for(tmp_path: Path, head: str) -> None:
    with pytest.raises(LogError, match="in which unit"):
        read(made(tmp_path, f"time_s,{head}\n0,2\n10,2\n"))


@pytest.mark.parametrize(
    "head", ["power_limit_w", "Avg Power (W)", "power (%)", "max_power_w", "img_w", "energy_kwh", "gpu_util"]
)
def test_limits_means_and_other_quantities_are_no_power(tmp_path: Path, head: str) -> None:
    assert not Head(head).is_power
    with pytest.raises(LogError, match="no format is recognised"):
        read(made(tmp_path, f"time_s,{head}\n0,2\n10,2\n"))


def test_m1_milliwatts_under_a_header_of_watts_are_refused_wherever_the_meter_sat(tmp_path: Path) -> None:
    file = made(
        tmp_path,
        "timestamp,gpu_power_w,gpu_energy_kwh\n2026-07-03T08:00:00.5,6427,0.1\n2026-07-03T08:00:01.5,6600,0.1\n",
    )
    for at in ("", "board", "wall"):
        with pytest.raises(LogError, match=r"are these milliwatts(.|\n)*columns={\"gpu_power_w\": \"mW\"}"):
            read(file, at=at)
    log = read(file, columns={"gpu_power_w": "mW"})
    assert joules(log) == pytest.approx(6.5135)
    assert "gpu_energy_kwh" in log.notes[0]


def test_m1_watts_under_a_header_of_milliwatts_are_refused_where_the_device_is_known(tmp_path: Path) -> None:
    file = made(tmp_path, "time_s,gpu_power_mw\n0,300\n10,310\n")
    with pytest.raises(LogError, match=r"never reaches a hundredth(.|\n)*columns={\"gpu_power_mw\": \"W\"}"):
        read(file, device="RTX 4090")
    assert joules(read(file, device="RTX 4090", columns={"gpu_power_mw": "W"})) == 3050


def test_q3_the_boundary_is_asked_for_unless_the_header_names_a_chip(tmp_path: Path) -> None:
    file = made(tmp_path, "time_s,power (W)\n0,50\n10,50\n")
    with pytest.raises(LogError, match="where the power was measured"):
        read(file)
    assert read(file, at="wall").meter.at == "wall"
    assert read(made(tmp_path, "time_s,gpu_power_w\n0,50\n10,50\n")).meter.at == "component"
    assert read(tmp_path / "gpu.csv", at="board").meter.at == "board"


def test_m3_empty_columns_and_cells_are_missing_and_m4_a_total_contains_the_others(tmp_path: Path) -> None:
    head = "Timestamp,CPU Power (mW),GPU Power (mW),Total Power (mW)\n"
    log = read(made(tmp_path, head + "".join(f"2026-08-07 13:00:0{n},1000,500,\n" for n in range(3))))
    assert log.meter.at == "component"
    with pytest.raises(LogError, match="which channels make the whole"):
        log.energy()
    assert joules(log, channels=["CPU Power (mW)", "GPU Power (mW)"]) == pytest.approx(3)
    log = read(made(tmp_path, head + "".join(f"2026-08-07 13:00:0{n},1000,500,1600\n" for n in range(3))), at="board")
    assert joules(log) == pytest.approx(3.2)
    with pytest.raises(LogError, match="counted twice"):
        log.energy(channels=["CPU Power (mW)", "Total Power (mW)"])


def test_m4_a_total_beside_cards_is_not_added_to_them(tmp_path: Path) -> None:
    log = read(made(tmp_path, "time_s,gpu0_power_w,gpu1_power_w,total_power_w\n0,10,20,35\n10,10,20,35\n"), at="board")
    assert joules(log) == 350


def test_a_column_of_energy_is_a_counter_only_where_the_user_says_so(tmp_path: Path) -> None:
    file = made(tmp_path, "time_s,gpu_energy_kwh\n0,1.001\n10,1.002\n20,1.004\n")
    with pytest.raises(LogError, match="no format is recognised"):
        read(file)
    assert joules(read(file, columns={"gpu_energy_kwh": "kWh"})) == pytest.approx(0.003 * 3.6e6)


@pytest.mark.parametrize(
    ("head", "first", "second", "span"),
    [
        ("timestamp", "1763638585215", "1763638586715", 1.5), ("time (min)", "0", "2", 120),
        ("timestamp", "2026-01-01T10:00:00+01:00", "2026-01-01 09:00:10Z", 10), ("seconds", "3", "5", 2),
        ("date", "31.12.2026 23:59:59", "01.01.2027 00:00:01", 2), ("time", "23:59:59.5", "00:00:00.5", 1),
        ("date", "12/31/2026 23:59:59", "01/01/2027 00:00:01", 2), ("elapsed_ms", "0", "1500", 1.5),
        ("Time [s]", "0", "1.5", 1.5), ("epoch", "1763638585", "1763638587", 2),
        ("timestamp", "Sat Feb 07 11:17:59 2026", "Sat Feb 07 11:18:01 2026", 2),
        ("ts", "1763638585.25", "1763638586.5", 1.25),
    ],
)  # fmt: skip
def test_m5_times_of_many_kinds_are_read(tmp_path: Path, head: str, first: str, second: str, span: float) -> None:
    assert read(made(tmp_path, f"{head},gpu_w\n{first},100\n{second},100\n")).span == pytest.approx(span)


def test_m5_a_date_and_a_time_of_day_may_stand_in_two_columns(tmp_path: Path) -> None:
    assert read(made(tmp_path, "Date;Time;GPU Power (W)\n2026-01-01;10:00:00;5\n2026-01-01;10:00:02;5\n")).span == 2


def test_m5_whole_seconds_that_repeat_are_those_of_a_fast_sampler(tmp_path: Path) -> None:
    log = read(made(tmp_path, "timestamp,gpu_w\n" + "".join(f"{1_763_638_585 + n // 2},100\n" for n in range(12))))
    assert log.span == pytest.approx(5.5)


def test_m5_times_that_are_not_clear_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"in which unit the column 'time' counts(.|\n)*\"ms\""):
        read(made(tmp_path, "time,gpu_w\n0,100\n200,100\n"))
    assert read(tmp_path / "gpu.csv", columns={"gpu_w": "W", "time": "ms"}).span == pytest.approx(0.2)
    with pytest.raises(LogError, match=r"read in two ways(.|\n)*03/04/2026"):
        read(made(tmp_path, "time,gpu_w\n03/04/2026 10:00:00,100\n03/04/2026 10:00:01,100\n"))
    with pytest.raises(LogError, match="times in the column 'time' cannot be read"):
        read(made(tmp_path, "time,gpu_w\nnoon,100\n1 pm,100\n"))
    with pytest.raises(LogError, match="have no time"):
        read(made(tmp_path, "step,gpu_w\n0,100\n1,100\n"))
    assert joules(read(tmp_path / "gpu.csv", interval="0.5 s")) == 50


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_tabs_semicolons_and_commas_separate_cells(tmp_path: Path, mark: str) -> None:
    text = "\n".join(["time_s,gpu_w", "0,100", "10,100", ""]).replace(",", mark)
    assert joules(read(made(tmp_path, text, "gpu.tsv"))) == 1000


def test_q5_a_comma_in_a_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"2 of 2 lines(.|\n)*a comma in a number"):
        read(made(tmp_path, "time_s;gpu_w\n0;63,5\n10;1,234\n"))


def test_m6_bad_lines_raise_all_at_once_and_can_be_skipped(tmp_path: Path) -> None:
    file = made(tmp_path, "time_s,gpu_w\n0,100\n1,abc\nx,100\n3\n4,-5\n5,100\n")
    with pytest.raises(
        LogError,
        match=r"4 of \d lines(.|\n)*:3: no number(.|\n)*:4: no time(.|\n)*:5: 1 cells(.|\n)*:6: a power below 0",
    ):
        read(file)
    file = made(tmp_path, "time_s,gpu_w\n0,100\n1,abc\n5,100\n")
    assert joules(read(file, errors="skip")) == 500


def test_m3_a_column_of_devices_tells_them_apart_and_one_of_loads_does_not(tmp_path: Path) -> None:
    text = "".join(f"{n},{gpu},{50 + gpu}\n" for n in range(4) for gpu in (0, 1))
    for head in ("gpu_id", "gpu"):
        log = read(made(tmp_path, f"time_s,{head},power_w\n{text}"), at="component")
        assert len(log.devices) == 2
        assert joules(log) == pytest.approx(3 * 101)
    load = "".join(f"{n},{load},50\n" for n, load in enumerate((0, 97, 98, 97, 0, 0)))
    assert joules(read(made(tmp_path, f"time_s,gpu,power_w\n{load}"), at="component")) == 250
    named = read(
        made(tmp_path, f"time_s,unit,power_w\n{text}"), at="component", columns={"power_w": "W", "unit": "device"}
    )
    assert len(named.devices) == 2
    mixed = "".join(f"{n}.00{gpu},{gpu},50\n" for n in range(6) for gpu in (0, 1))
    with pytest.raises(LogError, match=r"rounds of 2(.|\n)*\"device\""):
        read(made(tmp_path, f"time_s,unit,power_w\n{mixed}"), at="component")


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="names the column 'gpu_w' 2 times"):
        read(made(tmp_path, "time_s,gpu_w,gpu_w\n0,1,2\n1,1,2\n"))
    with pytest.raises(LogError, match=r"no single column 'gpu_w'(.|\n)*different names"):
        read(tmp_path / "gpu.csv", columns={"gpu_w": "W"})


def test_a_generic_table_is_asked_last(tmp_path: Path) -> None:
    file = made(
        tmp_path, "timestamp, power.draw [W]\n2026/01/01 10:00:00.000, 90.00 W\n2026/01/01 10:00:01.000, 90.00 W\n"
    )
    assert known_formats()["table"].fits(Source(file))
    assert read(file).format == "nvidia-smi"


def test_a_folder_or_an_empty_file_given_as_a_table_raises(tmp_path: Path) -> None:
    for name in ("table", "nvidia-smi", "amd-smi", "amd-smi monitor", "rocm-smi csv", "dcgmi dmon"):
        with pytest.raises(LogError):
            lca.read(tmp_path, format=name)
        with pytest.raises(LogError):
            lca.read(made(tmp_path, "", "empty.csv"), format=name)
        (tmp_path / "empty.csv").unlink()
