"""The times of logs: stamps of each kind, zones, clock changes, whole seconds that repeat, times that fall (M5)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import lca
from lca.errors import LogError
from lca.logs.files.clock import Clock, settled
from lca.logs.files.source import Said, Source, number


def clock(order: str = "ymd", zone: str = "") -> Clock:
    return Clock(Source(Path("a.log"), Said(given_zone=zone)), order)


def seconds(stamps: list[str], **rest: str) -> list[float]:
    """The settled times of stamps, from the first one."""
    read = clock(**rest)
    times = [read.read(stamp) for stamp in stamps]
    assert None not in times
    found = settled(np.array(times, dtype=np.float64), np.arange(len(stamps)), read, read.source)
    return (found - found[0]).round(6).tolist()


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ("ymd", "2026/03/01 10:00:00.500"),
        ("ymd", "2026-03-01T10:00:00.500Z"),
        ("ymd", "2026-03-01T12:00:00.5+02:00"),
        ("ymd", "2026-03-01 05:00:00,500 -0500"),
        ("dmy", "01.03.2026, 10:0:0.500"),
        ("mdy", "03-01-2026 10:00:00:500"),
        ("mdy", "3/1/26 10:00:00.5"),
    ],
)
def test_m5_a_stamp_is_read_in_each_of_its_spellings(order: str, text: str) -> None:
    """2026-03-01 10:00:00.5 UTC is 1,772,359,200.5 s."""
    assert clock(order).read(text) == 1_772_359_200.5


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01 10:00:00", "2026-03-01", "10:00", "2026-03-01 10:00:00 CET"]
)
def test_m5_what_is_not_a_stamp_is_none(text: str) -> None:
    assert clock().read(text) is None


def test_m5_a_zone_that_the_user_names_counts_where_the_stamp_has_none() -> None:
    assert clock(zone="Europe/Berlin").read("2026-07-01 12:00:00") == clock().read("2026-07-01 10:00:00Z")
    with pytest.raises(LogError, match="Mars"):
        clock(zone="Mars/Olympus")


SPRING = [
    *(f"2026-03-29 01:{minute:02d}:00" for minute in range(30, 60)),
    *(f"2026-03-29 03:{m:02d}:00" for m in range(30)),
]
AUTUMN = [
    *(f"2026-10-25 02:{minute:02d}:00" for minute in range(60)),
    *(f"2026-10-25 02:{m:02d}:00" for m in range(60)),
]


@pytest.mark.parametrize("stamps", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_m5_local_times_over_a_change_of_clocks_raise(stamps: list[str]) -> None:
    with pytest.raises(LogError, match="clocks may have been changed(.|\n)*zone="):
        seconds(stamps)


def test_m5_with_the_zone_the_spring_change_is_no_gap() -> None:
    assert np.diff(seconds(SPRING, zone="Europe/Berlin")).tolist() == [60.0] * 59


def test_m5_an_hour_without_samples_counts_where_the_user_says_that_clocks_stayed() -> None:
    assert max(np.diff(seconds(SPRING, zone="UTC"))) == 3660


def test_m5_times_that_fall_or_repeat_raise_with_their_lines() -> None:
    with pytest.raises(
        LogError, match=r"2 times do not come(.|\n)*a.log:2: 2 s before(.|\n)*a.log:3: the time of the line"
    ):
        seconds(["2026-03-01 10:00:04.0", "2026-03-01 10:00:05.0", "2026-03-01 10:00:03.0", "2026-03-01 10:00:03.0"])


def test_m5_whole_seconds_that_repeat_are_spread_evenly() -> None:
    """100 ms samples, 7, 10, 10 and 4 to a second: the complete seconds say 0.1 s."""
    stamps = [f"2026-03-01 10:00:0{second}" for second, count in enumerate((7, 10, 10, 4)) for _ in range(count)]
    assert np.diff(seconds(stamps)) == pytest.approx([0.1] * 30)
    read = clock()
    times = np.array([read.read(stamp) for stamp in stamps], dtype=np.float64)
    placed = settled(times, np.arange(31), read, read.source) - times[0]
    assert placed[[0, 6, 7, 30]] == pytest.approx([0.3, 0.9, 1.0, 3.3])  # the first second is cut at its beginning


def test_m5_seconds_that_are_not_one_run_are_spread_each_for_itself() -> None:
    stamps = [f"2026-03-01 10:00:{second:02d}" for second in (0, 0, 1, 1, 30, 30)]
    assert seconds(stamps) == [0, 0.5, 1, 1.5, 30, 30.5]


def test_m5_times_of_day_go_on_after_midnight() -> None:
    read = clock()
    found = [read.read_of_day(text) for text in ("23:59:59.5", "0:0:0:076", "1:00:00")]
    assert found == [86_399.5, 86_400.076, 90_000.0]
    assert read.read_of_day("noon") is None


@pytest.mark.parametrize("cell", ["[N/A]", "N/A", "-", "", "nan", "[Not Supported]", "None", "[Unknown Error]"])
def test_m6_what_is_missing_is_nan(cell: str) -> None:
    assert np.isnan(number(cell) or 0.0)


@pytest.mark.parametrize(
    ("cell", "unit"), [("63.86 mW", "W"), ("abc", ""), ("1,234", ""), ("0x10", ""), ("5 W 6", "W")]
)
def test_m1_a_number_with_another_unit_is_not_one(cell: str, unit: str) -> None:
    assert number(cell, unit) is None


def test_m5_a_zone_beside_stamps_that_have_one_raises(tmp_path: Path) -> None:
    """The stamps say UTC, so a zone of the user would change nothing, and must not seem to."""
    table = "timestamp,power (W)\n2025-04-09T08:00:00{0},10\n2025-04-09T08:00:10{0},10\n"
    aware, local = tmp_path / "a.csv", tmp_path / "b.csv"
    aware.write_text(table.format("Z"))
    local.write_text(table.format(""))
    with pytest.raises(LogError, match="has no use for zone="):
        lca.read(aware, at="wall", zone="Europe/Berlin")
    log = lca.read(local, at="wall", zone="Europe/Berlin")
    assert isinstance(log, lca.PowerLog)
    assert any("Europe/Berlin" in note for note in log.notes)
