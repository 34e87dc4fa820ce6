"""perf stat: totals and intervals of RAPL, never added twice (M2 to M6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from host_logs import INTERVALS, PERF, joules, power, runs

from lca.errors import LogError


def test_perf_stat_counts_the_package_and_adds_nothing_to_it(tmp_path: Path) -> None:
    """M4: cores are within the package, and the package is within the platform."""
    table = runs(tmp_path, PERF)
    assert (table.format, joules(table.energy()), table.seconds) == ("perf stat", 2040.5, 20.5)
    assert table.meter.at == "component"
    assert dict(table.runs[0].parts) == {"cores": 3.1, "package": 2040.5, "dram": 8.25, "platform": 4100.75}
    platform = runs(tmp_path, PERF, at="board")
    assert (joules(platform.energy()), platform.meter.at) == (4100.75, "board")


def test_perf_stat_of_a_country_with_a_decimal_comma(tmp_path: Path) -> None:
    text = PERF.replace(",", "_").replace(".", ",").replace("_", ".")
    table = runs(tmp_path, text)
    assert (joules(table.energy()), table.seconds) == (2040.5, 20.5)


def test_perf_stat_refuses_a_mark_that_could_be_two(tmp_path: Path) -> None:
    """Q5: 1,234 is a thousand or one."""
    with pytest.raises(LogError, match="1 of 2 lines cannot be read"):
        runs(tmp_path, PERF.replace("2,040.50", "2,040").replace("4,100.75", "<not counted>"))


def test_perf_stat_repeated_says_the_mean_of_one_run(tmp_path: Path) -> None:
    text = (
        " Performance counter stats for './train.py --data /home/me' (5 runs):\n\n"
        "   52.00 Joules power/energy-pkg/   ( +-  1.20% )\n\n"
        "   10.250000 +- 0.000700 seconds time elapsed ( +-  0.01% )\n"
    )
    table = runs(tmp_path, text)
    assert (joules(table.energy()), table.seconds) == (52.0, 10.25)
    assert dict(table.runs[0].facts) == {"repeated": "5", "package +-": "1.20%"}
    assert table.runs[0].name == "train.py"
    assert any("means of 5 runs" in note for note in table.notes)


def test_perf_stat_adds_sockets_and_leaves_out_an_event_that_is_named_twice(tmp_path: Path) -> None:
    text = (
        " Performance counter stats for 'system wide':\n\n"
        " S0        1      100.00 Joules power/energy-pkg/\n S1        1       50.00 Joules power/energy-pkg/\n"
        " S0        1      100.00 Joules power/energy-pkg/\n S2        0   <not counted> Joules power/energy-pkg/\n\n"
        " 2.000000000 seconds time elapsed\n"
    )
    assert joules(runs(tmp_path, text).energy()) == 150.0
    missing = text.replace("  50.00 Joules", "<not counted> Joules")
    with pytest.raises(LogError, match="1 runs have no energy"):
        runs(tmp_path, missing).energy()


def test_perf_stat_csv_without_times_has_a_run_for_each_line(tmp_path: Path) -> None:
    text = (
        "475.25,Joules,power/energy-pkg/,20005659301,100.00,,\n476.50,Joules,power/energy-pkg/,20005694876,100.00,,\n"
    )
    table = runs(tmp_path, text)
    assert [run.joules for run in table.runs] == [475.25, 476.5]
    assert joules(table.energy()) == pytest.approx(951.75)
    with pytest.raises(LogError, match="2 runs have no duration"):
        _ = table.seconds
    timed = text.splitlines()[0] + "\n10002000000,ns,duration_time,10002000000,100.00,,\n"
    assert runs(tmp_path, timed).seconds == pytest.approx(10.002)


def test_perf_stat_csv_with_commas_of_both_kinds_is_refused(tmp_path: Path) -> None:
    """Q5: in "475,25,Joules" the comma is decimal mark and separator."""
    with pytest.raises(LogError, match="no format is recognised"):
        runs(tmp_path, "475,25,Joules,power/energy-pkg/,20005659301,100,00,,\n")
    with pytest.raises(LogError, match="1 of 1 lines cannot be read"):
        runs(tmp_path, "475,25,Joules,power/energy-pkg/,20005659301,100,00,,\n", format="perf stat")


def test_perf_stat_without_energy_is_refused_by_name(tmp_path: Path) -> None:
    text = " Performance counter stats for 'ls':\n\n     12,345      cycles\n\n  0.001 seconds time elapsed\n"
    with pytest.raises(LogError, match="none of them of energy"):
        runs(tmp_path, text)
    with pytest.raises(LogError, match="none is the package"):
        runs(tmp_path, PERF.replace("pkg", "gpu"))


def test_perf_stat_of_intervals_adds_the_joules(tmp_path: Path) -> None:
    """M2: the joules of each interval count, from the start of perf."""
    log = power(tmp_path, INTERVALS)
    assert (log.format, log.span, log.dated) == ("perf stat -I", 3.0, False)
    assert joules(log.energy()) == pytest.approx(50.0)
    assert joules(log.power()) == pytest.approx(50.0 / 3)
    assert joules(log.energy(channels=["package", "dram"])) == pytest.approx(62.0)


@pytest.mark.parametrize("mark", [",", ";"])
def test_perf_stat_of_intervals_as_csv(tmp_path: Path, mark: str) -> None:
    counts = (("1", "S0", "10.00"), ("1", "S1", "5.00"), ("2", "S0", "20.00"), ("2", "S1", "6.00"))
    rows = [f"{n}.000000000,{socket},1,{energy},Joules,power/energy-pkg/,1,100.00,," for n, socket, energy in counts]
    log = power(tmp_path, "\n".join(rows).replace(",", mark))
    assert joules(log.energy()) == pytest.approx(41.0)


def test_perf_stat_of_two_logs_in_one_file_is_refused(tmp_path: Path) -> None:
    """M5: the times begin anew."""
    with pytest.raises(LogError, match="1 times do not come after"):
        power(tmp_path, INTERVALS + INTERVALS)
