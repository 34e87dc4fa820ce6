"""nvidia-smi: queries with and without a header, dmon, -q as text and XML, and what holds no energy (M1 to M6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from written_logs import joules, made, read

from lca.errors import LogError


def rows(*watts: str, start: int = 0) -> str:
    return "".join(f"2026/01/01 10:00:{n:02d}.000, {one}\n" for n, one in enumerate(watts, start))


HEAD = "timestamp, power.draw [W]\n"
TWO = "timestamp, index, power.draw [W], power.limit [W]\n"


def test_m1_watts_of_a_query_are_integrated(tmp_path: Path) -> None:
    log = read(made(tmp_path, HEAD + rows("100.00 W", "120.00 W", "110.00 W")))
    assert log.format == "nvidia-smi"
    assert log.meter.at == "component"
    assert joules(log) == pytest.approx(110 + 115)


def test_a_query_without_units_and_one_with_its_header_twice_are_read(tmp_path: Path) -> None:
    assert joules(read(made(tmp_path, HEAD + rows("100.00", "120.00") + HEAD + rows("110.00", start=2)))) == 225
    assert joules(
        read(made(tmp_path, "timestamp,utilization.gpu,power.draw\n1700000000.5,3,100\n1700000001.5,4,120\n"))
    )


def test_m3_missing_values_are_no_zeros_and_a_card_without_any_is_left_out(tmp_path: Path) -> None:
    log = read(made(tmp_path, HEAD + rows("100.00 W", "[N/A]", "100.00 W", "100.00 W")))
    assert joules(log) == pytest.approx(300)
    text = "".join(f"2026/01/01 10:00:0{n}.00{card}, {card}, {'[N/A]' if card else '90.00 W'}, 300.00 W\n"
                   for n in range(3) for card in (0, 1))  # fmt: skip
    log = read(made(tmp_path, TWO + text))
    assert log.devices == ("gpu 0",)
    assert "gpu 1: no value" in log.notes[0]
    with pytest.raises(LogError, match="every value of the 2 samples is missing"):
        read(made(tmp_path, HEAD + rows("[N/A]", "[N/A]")))


def test_the_mean_over_a_second_is_taken_before_one_moment(tmp_path: Path) -> None:
    head = "timestamp, power.draw.instant [W], power.draw.average [W], power.limit [W]\n"
    assert (
        joules(read(made(tmp_path, head + rows("300.00 W, 100.00 W, 400.00 W", "300.00 W, 120.00 W, 400.00 W")))) == 110
    )
    chosen = read(tmp_path / "gpu.csv", columns={"power.draw.instant": "W"})
    assert joules(chosen) == 300


def test_m5_cards_have_their_own_times_and_are_added(tmp_path: Path) -> None:
    text = "".join(f"2026/01/01 10:00:0{n}.00{card}, {card}, {100 + 50 * card}.00 W, 300.00 W\n"
                   for n in range(3) for card in (0, 1))  # fmt: skip
    log = read(made(tmp_path, TWO + text))
    assert log.devices == ("gpu 0", "gpu 1")
    assert joules(log) == pytest.approx(200 + 300)


@pytest.mark.parametrize(("cards", "delay"), [(2, 1), (3, 2), (8, 3)])
def test_m3_cards_without_a_name_are_refused_and_not_mixed(tmp_path: Path, cards: int, delay: int) -> None:
    text = "".join(f"2026/01/01 10:00:{n:02d}.{card * delay:03d}, {100 + card}.00 W\n"
                   for n in range(6) for card in range(cards))  # fmt: skip
    with pytest.raises(LogError, match=rf"rounds of {cards}(.|\n)*log the index too"):
        read(made(tmp_path, HEAD + text))
    with pytest.raises(LogError, match="rounds of 2"):  # two cards of one name
        text = "".join(f"2026/01/01 10:00:0{n}.00{card}, NVIDIA A100, 90.00 W\n" for n in range(6) for card in (0, 1))
        read(made(tmp_path, "timestamp, name, power.draw [W]\n" + text))


def test_steps_of_one_card_that_are_not_even_are_no_rounds(tmp_path: Path) -> None:
    seconds = [0.0, 1.0, 2.1, 3.0, 6.9, 8.0, 8.4, 9.5, 10.4, 14.3, 15.4]
    text = "".join(f"2026/01/01 10:00:{int(s):02d}.{round(s % 1 * 1000):03d}, 100.00 W\n" for s in seconds)
    assert joules(read(made(tmp_path, HEAD + text))) == pytest.approx(1540)


def test_m1_a_power_above_the_limit_of_the_card_is_refused(tmp_path: Path) -> None:
    text = "".join(f"2026/01/01 10:00:0{n}.000, 0, 600.00 W, 300.00 W\n" for n in range(2))
    with pytest.raises(LogError, match=r"above what the device can draw(.|\n)*at most 450 W"):
        read(made(tmp_path, TWO + text))


def test_a_query_without_a_header_is_read_where_its_columns_are_numbered(tmp_path: Path) -> None:
    text = "".join(
        f"{card}, 2026/01/01 10:00:0{n}.00{card}, 9 %, {100 + card}.00 W\n" for n in range(3) for card in (0, 1)
    )
    file = made(tmp_path, text)
    with pytest.raises(LogError, match=r"have no names(.|\n)*3: 9 %(.|\n)*4: 100.00 W(.|\n)*columns={\"4\": \"W\"}"):
        read(file)
    log = read(file, columns={"4": "W", "1": "device"})
    assert log.devices == ("gpu 0", "gpu 1")
    assert joules(log) == pytest.approx(200 + 202)
    with pytest.raises(LogError, match="rounds of 2"):
        read(file, columns={"4": "W"})
    assert joules(read(file, columns={"4": "mW", "1": "device"})) == pytest.approx(0.402)
    with pytest.raises(LogError, match="no single column '9'"):
        read(file, columns={"9": "W"})
    with pytest.raises(LogError, match="'V' is not a unit of power"):
        read(file, columns={"4": "V"})


def test_m6_bad_lines_raise_all_at_once_and_can_be_skipped(tmp_path: Path) -> None:
    file = made(
        tmp_path, HEAD + rows("100.00 W", "abc") + "x, 100.00 W\n2026/01/01 10:00:04.000\n" + rows("100.00 W", start=5)
    )
    with pytest.raises(LogError, match=r"3 of 5 lines(.|\n)*:3: no power(.|\n)*:4: no time(.|\n)*:5: 1 cells"):
        read(file)
    log = read(file, errors="skip")
    assert "3 of 5 lines" in log.notes[0]
    assert joules(log) == 500


def test_m6_a_file_that_ends_inside_its_last_number_is_a_bad_line(tmp_path: Path) -> None:
    for text in (HEAD + rows("100.00 W", "120.00 W", "110.00 W")[:-5], HEAD + rows("100.00", "120.00", "110.00")[:-3]):
        with pytest.raises(LogError, match=r":4: the file ends inside this line"):
            read(made(tmp_path, text))
    assert joules(read(made(tmp_path, HEAD + rows("100.00 W", "120.00 W").rstrip("\n")))) == 110


def test_what_holds_no_power_is_refused_by_name(tmp_path: Path) -> None:
    head = "timestamp, index, utilization.gpu [%]\n"
    with pytest.raises(LogError, match="no power and no energy: a query without power.draw"):
        read(made(tmp_path, head + "2026/01/01 10:00:00.000, 0, 3 %\n"))
    table = "| NVIDIA-SMI 580.1    Driver Version: 580.1    CUDA Version: 13.0 |\n| 30%  40C  P0  300W / 350W |\n"
    with pytest.raises(LogError, match="shows one moment"):
        read(made(tmp_path, table))


DMON = "#Date       Time        gpu   pwr gtemp    sm\n#YYYYMMDD   HH:MM:SS    Idx     W     C     %\n"


def test_dmon_is_read_with_its_stamps_and_without_them_by_the_interval(tmp_path: Path) -> None:
    text = DMON + " 20260101   10:00:00      0    40    19     -\n\n 20260101   10:00:02      0    44     -     0\n"
    assert joules(read(made(tmp_path, text, "dmon.txt"))) == 84
    file = made(
        tmp_path,
        "# gpu    pwr   sm\n# Idx      W    %\n"
        + "    0     40   1\n    1     90   1\n    0     50   2\n    1     90   2\n",
    )
    with pytest.raises(LogError, match="have no time"):
        read(file)
    assert joules(read(file, interval="2 s")) == 90 + 180


def test_dmon_without_power_and_pmon_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="dmon without its column pwr"):
        read(made(tmp_path, "# gpu    sm   mem    fb\n# Idx      %     %    MB\n    0      6     1   239\n"))
    with pytest.raises(LogError, match="pmon, which shows processes"):
        read(made(tmp_path, "# gpu   pid  type    sm\n# Idx     #   C/G     %\n    0   123     C    92\n"))


def shown(second: int, *cards: tuple[str, str, str]) -> str:
    """One log of -q -d POWER: (bus, average, instant) of each card."""
    text = f"\n==============NVSMI LOG==============\n\nTimestamp : Sat Feb  7 11:17:{second:02d} 2026\n"
    for bus, mean, moment in cards:
        text += (
            f"GPU {bus}\n    GPU Power Readings\n        Average Power Draw   : {mean}\n"
            f"        Instantaneous Power Draw : {moment}\n        Current Power Limit  : 300.00 W\n"
            "    Power Samples\n        Avg                  : 7.00 W\n"
            "    Module Power Readings\n        Average Power Draw   : 999.00 W\n"
        )
    return text


def test_q_takes_the_power_of_each_card_not_that_of_the_module_or_of_the_samples(tmp_path: Path) -> None:
    one, two = ("00000000:01:00.0", "100.00 W", "150.00 W"), ("00000000:02:00.0", "N/A", "50.00 W")
    log = read(made(tmp_path, shown(0, one, two) + shown(1, one, two), "power.txt"))
    assert log.format == "nvidia-smi -q"
    assert log.devices == ("00000000:01:00.0", "00000000:02:00.0")
    assert joules(log) == pytest.approx(100 + 50)
    with pytest.raises(LogError, match="shows one moment"):
        read(made(tmp_path, shown(0, one)))
    with pytest.raises(LogError, match=r"2 of \d+ lines(.|\n)*no power: 'x W'(.|\n)*no time: 'yesterday'"):
        read(made(tmp_path, shown(0, one) + shown(1, (*one[:1], "x W", "N/A")) + "Timestamp : yesterday\n"))


def test_q_of_older_drivers_has_one_power_and_fast_logs_repeat_their_stamps(tmp_path: Path) -> None:
    text = "".join(
        f"==============NVSMI LOG==============\nTimestamp : Mon Jul  3 18:11:{n // 2:02d} 2017\nGPU 0000:01:00.0\n"
        "    Power Readings\n        Power Draw : 20.00 W\n" for n in range(8))  # fmt: skip
    log = read(made(tmp_path, text))
    assert log.span == pytest.approx(3.5)
    assert joules(log) == pytest.approx(70)


def test_xml_documents_one_behind_the_other_are_read(tmp_path: Path) -> None:
    text = "".join(
        f"<?xml version=\"1.0\" ?>\n<nvidia_smi_log>\n  <timestamp>Mon Jul 15 13:41:5{n} 2024</timestamp>\n"
        f'  <gpu id="00000000:01:00.0">\n    <gpu_power_readings>\n      <power_draw>{70 + n}.00 W</power_draw>\n'
        "    </gpu_power_readings>\n    <module_power_readings>\n      <power_draw>999.00 W</power_draw>\n"
        "    </module_power_readings>\n  </gpu>\n</nvidia_smi_log>\n" for n in range(3))  # fmt: skip
    log = read(made(tmp_path, text, "log.xml"))
    assert log.format == "nvidia-smi -q -x"
    assert joules(log) == pytest.approx(142)
