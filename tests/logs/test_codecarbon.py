"""CodeCarbon: layouts, flushed runs, PUE, tracking modes, and rows that cannot be what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

import lca
from lca.errors import LogError
from lca.logs.runs.run_table import RunTable

COLUMNS = (
    "timestamp", "project_name", "run_id", "duration", "emissions", "cpu_power", "cpu_energy", "gpu_energy",
    "ram_energy", "energy_consumed", "country_iso_code", "os", "cpu_count", "cpu_model", "gpu_count", "gpu_model",
    "ram_total_size", "tracking_mode", "pue",
)  # fmt: skip
#: 0.2 + 0.7 + 0.1 = 1 kWh in an hour, of which half an hour later nothing is left.
USUAL = {
    "timestamp": "2026-02-01T12:00:00", "project_name": "detector", "run_id": "a", "duration": "3600", "emissions": "9",
    "cpu_power": "200", "cpu_energy": "0.2", "gpu_energy": "0.7", "ram_energy": "0.1", "energy_consumed": "1",
    "country_iso_code": "FRA", "os": "Linux", "cpu_count": "16", "cpu_model": "Xeon", "gpu_count": "1",
    "gpu_model": "1 x NVIDIA A100", "ram_total_size": "64", "tracking_mode": "machine", "pue": "1.0",
}  # fmt: skip


def row(**cells: str) -> dict[str, str]:
    return USUAL | cells


def scaled(factor: float, **cells: str) -> dict[str, str]:
    """The usual row with so many times its energies."""
    energies = ("cpu_energy", "gpu_energy", "ram_energy", "energy_consumed")
    return USUAL | {name: f"{float(USUAL[name]) * factor:.9g}" for name in energies} | cells


def table(folder: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    file = folder / "emissions.csv"
    lines = [",".join(columns), *(",".join(one.get(name, "") for name in columns) for one in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def read(path: Path, **said: object) -> RunTable:
    log = lca.read(path, **said)  # type: ignore[arg-type]
    assert isinstance(log, RunTable)
    assert log.format == "codecarbon"
    return log


def joules(log: RunTable) -> float:
    (value,) = log.energy().given.values
    assert isinstance(value, float)
    return value


def test_m1_energy_is_kwh_of_processors_cards_and_memory_at_the_component(tmp_path: Path) -> None:
    log = read(table(tmp_path, row()))
    assert joules(log) == pytest.approx(3.6e6)
    assert log.energy().given.unit == "J at_component"
    assert log.seconds == 3600
    assert dict(log.runs[0].parts) == pytest.approx({"processors": 7.2e5, "cards": 2.52e6, "memory": 3.6e5})
    assert log.data.loc[0, "start"] == "2026-02-01 11:00:00"  # the stamp is the end of the run
    assert log.data.loc[0, "gpu_model"] == "1 x NVIDIA A100"
    notes = " ".join(log.notes)
    assert "CO2 of CodeCarbon is not taken" in notes
    assert "memory is estimated from its size: 10 % of the energy" in notes


@pytest.mark.parametrize(
    "columns",
    [
        ("", "timestamp", "experiment_id", "project_name", "duration", "emissions", "energy_consumed", "country_name"),
        ("timestamp", "project_name", "run_id", "duration", "emissions", "energy_consumed", "pue"),
        ("timestamp", "run_id", "experiment_id", "duration", "emissions", "energy_consumed", "water_consumed", "wue"),
    ],
    ids=["2020", "2", "3"],
)
def test_every_layout_is_recognised(columns: tuple[str, ...], tmp_path: Path) -> None:
    rows = [row(experiment_id="x"), row(experiment_id="x", run_id="b", timestamp="2026-02-01T14:00:00")]
    if "run_id" not in columns:
        rows[1]["experiment_id"] = "y"
    log = read(table(tmp_path, *rows, columns=columns))
    assert [run.name for run in log.runs] == (["a", "b"] if "run_id" in columns else ["x", "y"])
    assert joules(log) == pytest.approx(7.2e6)


def test_m3_a_flushed_run_counts_once_with_its_last_row(tmp_path: Path) -> None:
    rows = [
        scaled(0.25, timestamp="2026-02-01T11:15:00", duration="900"),
        scaled(0.5, timestamp="2026-02-01T11:30:00", duration="1800"),
        row(),
        row(run_id="b", timestamp="2026-02-01T13:00:01"),
    ]
    log = read(table(tmp_path, *rows))
    assert [(run.name, run.line) for run in log.runs] == [("a", 4), ("b", 5)]
    assert joules(log) == pytest.approx(7.2e6)


def test_rows_of_tasks_have_one_run_id_and_each_its_own_energy(tmp_path: Path) -> None:
    tasks = [
        row(task_name="load", timestamp="2026-02-01T12:00:00"),
        row(task_name="infer", timestamp="2026-02-01T13:00:00"),
    ]
    log = read(table(tmp_path, *tasks, columns=("task_name", *COLUMNS)))
    assert [run.name for run in log.runs] == ["load", "infer"]
    assert joules(log) == pytest.approx(7.2e6)


def test_a_run_that_becomes_shorter_is_a_bad_line(tmp_path: Path) -> None:
    rows = [row(), row(duration="60", timestamp="2026-02-01T12:01:00")]
    with pytest.raises(LogError, match=r"csv:3: shorter than line 2 of the same run"):
        read(table(tmp_path, *rows))
    assert joules(read(table(tmp_path, *rows), errors="skip")) == pytest.approx(3.6e6)


def test_m3_eight_ranks_of_one_machine_count_once(tmp_path: Path) -> None:
    ranks = [row(run_id=f"rank {n}", timestamp=f"2026-02-01T12:00:0{n}") for n in range(8)]
    log = read(table(tmp_path, *ranks))
    assert joules(log) == pytest.approx(3.6e6)
    assert log.energy().source == "emissions.csv: 1 of 8 runs counted"
    assert any("7 of 8 runs lie within others of the same machine" in note for note in log.notes)


def test_m3_two_machines_at_one_time_are_added(tmp_path: Path) -> None:
    log = read(table(tmp_path, row(), row(run_id="b", cpu_model="EPYC")))
    assert joules(log) == pytest.approx(7.2e6)
    assert log.seconds == 7200


def test_m4_runs_that_share_a_part_of_their_time_raise(tmp_path: Path) -> None:
    log = read(table(tmp_path, row(), row(run_id="b", timestamp="2026-02-01T12:30:00")))
    with pytest.raises(LogError, match=r"1 pairs of runs count the same energy(.|\n)*csv:2: a; (.|\n)*csv:3: b"):
        log.energy()
    with pytest.raises(LogError, match="count the same energy"):
        log.seconds
    assert "2 runs" in repr(log)  # it still shows itself
    assert joules(log.sel(run="b")) == pytest.approx(3.6e6)


def test_runs_one_after_the_other_are_apart_though_stamps_are_whole_seconds(tmp_path: Path) -> None:
    rows = [
        row(timestamp="2026-02-01T12:00:00", duration="10.9"),
        row(run_id="b", timestamp="2026-02-01T12:00:10", duration="10.95"),
    ]
    rows = [
        one | dict.fromkeys(("cpu_energy", "gpu_energy", "ram_energy"), "") | {"energy_consumed": "0.01"}
        for one in rows
    ]
    assert joules(read(table(tmp_path, *rows))) == pytest.approx(7.2e4)


def test_m4_processes_at_one_time_each_hold_the_whole_cards(tmp_path: Path) -> None:
    rows = [row(tracking_mode="process"), row(tracking_mode="process", run_id="b")]
    log = read(table(tmp_path, *rows))
    with pytest.raises(LogError, match="count the same energy"):
        log.energy()
    assert any("cards as a whole" in note for note in log.notes)
    without = [one | {"gpu_energy": "0", "energy_consumed": "0.3"} for one in rows]
    assert joules(read(table(tmp_path, *without))) == pytest.approx(2 * 0.3 * 3.6e6)


def test_m4_rows_that_do_not_say_their_mode_raise_where_they_overlap(tmp_path: Path) -> None:
    rows = [row(tracking_mode="", gpu_energy="0", energy_consumed="0.3", run_id=name) for name in "ab"]
    with pytest.raises(LogError, match="count the same energy"):
        read(table(tmp_path, *rows)).energy()


def test_q3_a_pue_is_taken_out_again(tmp_path: Path) -> None:
    log = read(table(tmp_path, scaled(1.5, pue="1.5")))
    assert joules(log) == pytest.approx(3.6e6)
    assert dict(log.runs[0].parts)["cards"] == pytest.approx(2.52e6)
    assert any("PUE of 1.5" in note for note in log.notes)
    with pytest.raises(LogError, match="a pue below 1: '0.9'"):
        read(table(tmp_path, row(pue="0.9")))


def test_m6_an_energy_that_is_missing_or_0_is_not_0(tmp_path: Path) -> None:
    empty = dict.fromkeys(("cpu_energy", "gpu_energy", "ram_energy", "energy_consumed"), "0.0")
    log = read(table(tmp_path, row(), row(run_id="b", energy_consumed="", cpu_model="B"), row(run_id="c", **empty)))
    assert [run.joules for run in log.runs] == [pytest.approx(3.6e6), None, None]
    with pytest.raises(LogError, match=r"2 runs have no energy(.|\n)*csv:3: b(.|\n)*csv:4: c"):
        log.energy()
    assert joules(log.sel(run="a")) == pytest.approx(3.6e6)


def test_m6_processors_of_0_joules_were_not_measured(tmp_path: Path) -> None:
    log = read(table(tmp_path, row(cpu_energy="0.0", energy_consumed="0.8")))
    assert any("1 runs have 0 J of processors" in note for note in log.notes)
    assert any("taken as 42.5 W" in note for note in read(table(tmp_path, row(cpu_power="42.5"))).notes)


def test_all_bad_lines_raise_at_once(tmp_path: Path) -> None:
    file = table(
        tmp_path, row(), row(run_id="b", duration="long"), row(run_id="c", energy_consumed="-1"),
        row(run_id="d", timestamp="26:11.7"), row(run_id="e", energy_consumed="5"), row(run_id="f", duration="1e99"),
    )  # fmt: skip
    with file.open("a", encoding="utf-8") as more:  # a row without the columns that were empty when it was appended
        more.write("2026-02-01T13:00:00,detector,g,60,9\n")
    with pytest.raises(LogError) as raised:
        read(file)
    text = str(raised.value)
    assert "6 of 7 lines cannot be read" in text
    for said in (
        "csv:3: duration is not a number from 0: 'long'", "csv:4: energy_consumed is not a number from 0: '-1'",
        "csv:5: no time: '26:11.7'", "csv:6: energy_consumed is not the sum", "csv:7: duration is not a number from 0",
        "csv:8: 5 cells, not 19",
    ):  # fmt: skip
        assert said in text
    log = read(file, errors="skip")
    assert joules(log) == pytest.approx(3.6e6)
    assert "6 of 7 lines could not be read and were skipped: 3, 4, 5, 6, 7, 8" in log.notes


def test_a_table_without_runs_is_refused(tmp_path: Path) -> None:
    columns = tuple(name for name in COLUMNS if name != "run_id")
    with pytest.raises(LogError, match="no column tells which rows belong to one run"):
        read(table(tmp_path, row(), columns=columns))
    with pytest.raises(LogError, match="no line of the file holds a sample"):
        read(table(tmp_path))
    with pytest.raises(LogError, match=r"two columns of the table have one name(.|\n)*found: pue"):
        read(table(tmp_path, row(), columns=(*COLUMNS, "pue")))
    with pytest.raises(LogError, match=r"lacks columns(.|\n)*found: emissions"):
        read(
            table(tmp_path, row(), columns=tuple(name for name in COLUMNS if name != "emissions")), format="codecarbon"
        )


def test_q4_a_mean_power_that_no_machine_draws_is_refused(tmp_path: Path) -> None:
    """8 in a column of kWh for half a minute: these were Wh, or numbers of an example."""
    with pytest.raises(LogError, match=r"above what the device can draw(.|\n)*a: 3.6e\+06 J in 34 s(.|\n)*in kWh"):
        read(table(tmp_path, row(duration="34")))


def test_one_run_can_be_named(tmp_path: Path) -> None:
    file = table(tmp_path, row(), row(run_id="b", timestamp="2026-02-01T12:30:00"))
    assert joules(read(file, run="b")) == pytest.approx(3.6e6)
    with pytest.raises(LogError, match=r"no run 'c'(.|\n)*one of a, b"):
        read(file, run="c")
    with pytest.raises(LogError, match="at another boundary"):
        read(file, at="wall")
