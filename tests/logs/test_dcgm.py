"""The text of dcgm-exporter and dcgmi dmon: counters in mJ, parts of a card, one scrape, several hosts (M1 to M6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from written_logs import joules, made, read

from lca.errors import LogError

POWER, ENERGY = "DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"


def line(name: str, value: object, gpu: int = 0, more: str = "", stamp: str = "") -> str:
    labels = f'gpu="{gpu}",UUID="GPU-{gpu}",modelName="NVIDIA A100"{more}'
    return f"{name}{{{labels}}} {value}{stamp}\n"


def scrape(watts: float, mj: int, gpus: tuple[int, ...] = (0,), stamp: str = "") -> str:
    text = f"# HELP {POWER} Power draw (in W).\n# TYPE {POWER} gauge\n"
    text += "".join(line(POWER, f"{watts:f}", gpu, stamp=stamp) for gpu in gpus)
    return text + "".join(line(ENERGY, mj, gpu, stamp=stamp) for gpu in gpus)


def test_one_scrape_is_one_moment_and_two_need_times(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"shows one moment(.|\n)*scrape in a loop"):
        read(made(tmp_path, scrape(400, 1_000_000), "log.prom"))
    file = made(tmp_path, scrape(400, 1_000_000) + scrape(420, 5_000_000), "log.prom")
    with pytest.raises(LogError, match="have no time"):
        read(file)
    assert joules(read(file, interval=10)) == pytest.approx(4000)


def test_m2_the_counter_in_mj_counts_and_the_power_can_be_chosen(tmp_path: Path) -> None:
    stamped = f"1700000000\n{scrape(400, 1_000_000)}1700000010\n{scrape(420, 5_000_000)}"
    log = read(made(tmp_path, stamped, "log.prom"))
    assert log.format == "dcgm-exporter"
    assert log.dated
    assert "NVIDIA A100" in log.notes[0]
    assert joules(log) == pytest.approx(4000)
    assert joules(log, channels="power") == pytest.approx(4100)


def test_milliseconds_behind_each_value_are_its_time(tmp_path: Path) -> None:
    text = scrape(400, 1_000_000, (0, 1), " 1700000000000") + scrape(420, 5_000_000, (0, 1), " 1700000010500")
    log = read(made(tmp_path, text, "log.prom"))
    assert log.span == pytest.approx(10.5)
    assert joules(log, devices="all") == pytest.approx(8000)


def test_m3_an_exporter_shows_the_cards_of_everybody(tmp_path: Path) -> None:
    text = f"1700000000\n{scrape(400, 1_000, (0, 1))}1700000010\n{scrape(400, 4_001_000, (0, 1))}"
    log = read(made(tmp_path, text, "log.prom"))
    with pytest.raises(LogError, match="does not say which of them belong to the run"):
        log.energy()
    assert joules(log, devices="gpu 1") == pytest.approx(4000)


def test_m4_parts_of_a_card_that_repeat_its_power_count_once(tmp_path: Path) -> None:
    parts = "".join(line(POWER, 78.2 + n, more=f',GPU_I_PROFILE="2g.20gb",GPU_I_ID="{n}"') for n in range(3))
    log = read(made(tmp_path, f"1700000000\n{parts}1700000010\n{parts}", "log.prom"))
    assert log.devices == ("gpu 0",)
    assert joules(log) == pytest.approx(782)


def test_cards_of_two_hosts_are_two_devices(tmp_path: Path) -> None:
    both = line(POWER, 100, more=',Hostname="a"') + line(POWER, 50, more=',Hostname="b"')
    log = read(made(tmp_path, f"1700000000\n{both}1700000010\n{both}", "log.prom"))
    assert log.devices == ("gpu 0", "b gpu 0")
    assert joules(log, devices="all") == pytest.approx(1500)


def test_m3_blank_values_of_dcgm_are_missing(tmp_path: Path) -> None:
    text = "".join(f"{1_700_000_000 + n}\n{line(POWER, 140737488355328 if n == 1 else 100)}" for n in range(4))
    assert joules(read(made(tmp_path, text, "log.prom"))) == pytest.approx(300)


def test_m6_bad_lines_and_a_cut_file_raise(tmp_path: Path) -> None:
    text = f"1700000000\n{line(POWER, 100)}{POWER} 100\n{line(POWER, 'x', 1)}1700000001\n{line(POWER, 100)}"
    with pytest.raises(LogError, match=r"2 of \d lines(.|\n)*:3: no metric(.|\n)*:4: no number"):
        read(made(tmp_path, text, "log.prom"))
    with pytest.raises(LogError, match=r"ends inside this line"):
        read(made(tmp_path, f"1700000000\n{scrape(400, 1)}1700000010\n{scrape(400, 50)}"[:-1], "log.prom"))
    with pytest.raises(LogError, match="no power and no energy of a card"):
        read(made(tmp_path, 'DCGM_FI_DEV_GPU_TEMP{gpu="0"} 61\n', "log.prom"))


DMON = "#Entity   POWER    TOTEC     SMCLK\nID            W       mJ       MHz\n"


def test_dmon_reads_stamps_in_front_or_the_interval(tmp_path: Path) -> None:
    rows = [
        "GPU 0     100.0    1000    1410\n",
        "GPU-I 3   40.0     N/A     1410\n",
        "GPU 0     120.0    111000  1410\n",
    ]
    file = made(tmp_path, DMON + rows[0] + rows[1] + DMON + rows[2], "dmon.txt")
    with pytest.raises(LogError, match="have no time"):
        read(file)
    log = read(file, interval="1 s")
    assert log.format == "dcgmi dmon"
    assert log.devices == ("gpu 0",)
    assert joules(log) == pytest.approx(110)
    assert joules(log, channels="power") == 110
    for first, second in (("1777708107.135", "1777708109.135"), ("2026-05-02T10:00:00.5", "2026-05-02T10:00:02.5")):
        stamped = f"{first} {rows[0]}{first} {rows[1]}{second} {rows[2]}"
        head = "".join(f"{first} {one}\n" for one in DMON.splitlines())
        log = read(made(tmp_path, head + stamped, "dmon.txt"))
        assert log.span == pytest.approx(2)
        assert joules(log, channels="power") == pytest.approx(220)


def test_dmon_without_power_and_bad_lines_raise(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no column POWER or TOTEC"):
        read(made(tmp_path, "#Entity   SMACT\nID\nGPU 0     0.5\n", "dmon.txt"))
    with pytest.raises(LogError, match=r"2 of 4 lines(.|\n)*:4: not 3 values(.|\n)*:5: no row of dmon"):
        read(made(tmp_path, DMON + "GPU 0 1 2 3\nGPU 0 1 2\nhello\nGPU 0 1 3 3\n", "dmon.txt"), interval=1)
