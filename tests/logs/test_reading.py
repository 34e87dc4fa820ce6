"""lca.read: recognition, bad lines all at once, what the user has to say, implausible power; and training logs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import lca
from lca.errors import DomainError, LogError
from lca.logs.files.source import LONGEST_LINE, Said, Source
from lca.logs.power.power_log import PowerLog
from lca.logs.recognise import known_formats
from lca.logs.runs.run_table import Run, RunTable
from lca.logs.training.training_log import TrainingLog, training_log

HEAD = "timestamp, name, power.draw [W]"


def smi(folder: Path, rows: list[str], head: str = HEAD) -> Path:
    file = folder / "gpu.csv"
    file.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return file


def row(second: int, watts: str, name: str = "NVIDIA GeForce RTX 4090") -> str:
    return f"2026/01/01 10:00:{second:02d}.000, {name}, {watts}"


def read_power(path: Path, **said: object) -> PowerLog:
    log = lca.read(path, **said)  # type: ignore[arg-type]
    assert isinstance(log, PowerLog)
    return log


# --- recognition --------------------------------------------------------------------------------------------


def test_a_file_that_is_not_there_and_one_that_is_not_a_log_raise(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no file or folder"):
        lca.read(tmp_path / "gone.csv")
    (tmp_path / "notes.txt").write_text("bread, milk", encoding="utf-8")
    with pytest.raises(LogError, match=r"no format is recognised(.|\n)*docs/logs.md"):
        lca.read(tmp_path / "notes.txt")
    with pytest.raises(LogError, match="did you mean 'nvidia-smi"):
        lca.read(tmp_path / "notes.txt", format="nvidia-sim")


def test_each_format_has_a_reader_of_its_own(tmp_path: Path) -> None:
    """lca.readers.nvidia_smi(path) is lca.read(path, format="nvidia-smi"), and dir() lists all."""
    file = smi(tmp_path, [row(0, "100.00 W"), row(1, "100.00 W")])
    assert repr(lca.readers.nvidia_smi(file)) == repr(lca.read(file, format="nvidia-smi"))
    assert "uuid" in lca.readers.nvidia_smi.__doc__
    assert len(dir(lca.readers)) == len(known_formats())
    assert {"nvidia_smi_dmon", "codecarbon", "kill_a_watt"} < set(dir(lca.readers))
    with pytest.raises(LogError, match="no rail shows a power"):
        lca.readers.tegrastats(file)
    with pytest.raises(AttributeError, match="did you mean(.|\n)*tegrastats"):
        _ = lca.readers.tegrastat


def test_a_wrong_way_with_bad_lines_or_intervals_raises(tmp_path: Path) -> None:
    file = smi(tmp_path, [row(0, "100.00 W"), row(1, "100.00 W")])
    with pytest.raises(DomainError, match="skip"):
        lca.read(file, errors="ignore")
    with pytest.raises(DomainError, match="above 0"):
        lca.read(file, interval=0)


# --- bad lines ----------------------------------------------------------------------------------------------


def test_m6_bad_lines_raise_all_at_once_with_file_and_line(tmp_path: Path) -> None:
    file = smi(tmp_path, [row(0, "100.00 W"), "garbage", row(1, "x W"), row(2, "110.00 W"), row(3, "-5.00 W")])
    with pytest.raises(
        LogError, match=r"gpu.csv:3: 1 cells(.|\n)*gpu.csv:4: no power(.|\n)*gpu.csv:6: a power below 0"
    ):
        lca.read(file)
    log = read_power(smi(tmp_path, [row(0, "100.00 W"), "garbage", row(2, "110.00 W")]), errors="skip")
    assert "1 of 3 lines could not be read" in log.notes[0]
    assert log.tracks[0].lines.tolist() == [2, 4]


def test_m6_samples_of_zero_among_others_are_listed(tmp_path: Path) -> None:
    log = read_power(smi(tmp_path, [row(0, "100.00 W"), row(1, "0.00 W"), row(2, "100.00 W")]))
    assert "0 W in 1 samples (lines 3)" in log.notes[0]


def test_a_line_without_an_end_is_a_bad_line_and_does_not_fill_the_memory(tmp_path: Path) -> None:
    file = tmp_path / "long.log"
    file.write_text("short\n" + "x" * (3 * LONGEST_LINE) + "\nend\n", encoding="utf-8")
    source = Source(file, Said())
    assert [line for line, _ in source.lines()] == [1, 3]
    assert "longer than" in source.bad[2]


def test_text_is_read_as_utf8_utf16_or_the_code_page_of_windows(tmp_path: Path) -> None:
    for name in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        file = tmp_path / name
        file.write_bytes("Größe\r\nzwei\r\n".encode(name))
        assert [text for _, text in Source(file).lines()] == ["Größe", "zwei"]


# --- M1: what the file does not say, and what cannot be -----------------------------------------------------


def test_m1_a_power_above_what_the_named_device_can_draw_raises_with_both_figures(tmp_path: Path) -> None:
    """A card rated 450 W: 1.5 times that at most."""
    file = smi(tmp_path, [row(0, "6427.00 W"), row(1, "6427.00 W")])
    with pytest.raises(LogError, match=r"6427 W(.|\n)*at most(.|\n)*milliwatts"):
        lca.read(file)
    file = smi(tmp_path, [row(0, "700.00 W"), row(1, "700.00 W")])
    with pytest.raises(LogError, match="at most 675 W"):
        lca.read(file, device="RTX 4090")


def test_m1_a_device_that_never_draws_a_hundredth_of_its_rated_power_raises(tmp_path: Path) -> None:
    file = smi(tmp_path, [row(0, "0.30 W"), row(1, "0.31 W")])
    with pytest.raises(LogError, match=r"0.31 W(.|\n)*rated: 450 W"):
        lca.read(file, device="RTX 4090")


def test_m1_the_user_cannot_move_the_boundary_of_a_format(tmp_path: Path) -> None:
    file = smi(tmp_path, [row(0, "100.00 W"), row(1, "100.00 W")])
    with pytest.raises(LogError, match=r"component(.|\n)*wall"):
        lca.read(file, at="wall")
    with pytest.raises(LogError, match=r"component(.|\n)*wall"):
        lca.read(file, meter=lca.Meter("plug", at="wall"))
    assert read_power(file, meter=lca.Meter("card", at="component", accuracy="2 %")).meter.name == "card"


# --- training logs ------------------------------------------------------------------------------------------


def marks(*rows: tuple[float, float], **rest: object) -> TrainingLog:
    source = Source(Path("train.log"), Said())
    given = [(n + 1, step, seconds) for n, (step, seconds) in enumerate(rows)]
    return training_log(source, "made", given, unit="iteration", **rest)  # type: ignore[arg-type]


def test_m7_a_clock_that_falls_back_goes_on_from_where_it_stood() -> None:
    """The run is taken up at 30 s: the second 10 s are 40 s."""
    log = marks((1, 10), (2, 20), (3, 30), (4, 10), (5, 20))
    assert log.seconds.tolist() == [10, 20, 30, 40, 50]
    assert log.restarts == (3,)
    assert "taken up again" in log.notes[0]


def test_m7_a_step_that_is_done_again_counts_in_the_time_alone() -> None:
    log = marks((1, 10), (2, 20), (2, 30), (3, 40))
    assert log.steps.tolist() == [1, 2, 3]
    assert log.seconds.tolist() == [10, 20, 40]


def test_m7_marks_that_are_not_numbers_raise() -> None:
    with pytest.raises(LogError, match=r"train.log:2: step nan"):
        marks((1, 10), (float("nan"), 20))
    with pytest.raises(LogError, match="no line"):
        marks()


def test_a_training_log_prints_its_pace_and_what_is_planned() -> None:
    log = marks((10, 10), (20, 18), (30, 26), planned=100)
    assert "0.8 s per iteration" in repr(log)
    assert "100 iterations" in repr(log)
    assert log.data["seconds per step"].tolist() == [1.0, 0.8, 0.8]


# --- tables of runs -----------------------------------------------------------------------------------------


def table(*runs: Run) -> RunTable:
    return RunTable(Path("runs.csv"), "made", runs, lca.Meter("tool", at="component"))


def ranks(count: int, host: str = "node") -> list[Run]:
    return [Run(n, f"rank {n}", 1_000.0 - n, 60.0, start=0.1 * n, host=host, machine=True) for n in range(count)]


def joules(runs: RunTable) -> float:
    return 3.6e6 * float(lca.nominal(lca.parameter("runs", runs.energy())).data["value"].item())


def test_m3_eight_ranks_that_each_count_the_machine_count_once() -> None:
    assert joules(table(*ranks(8))) == pytest.approx(1_000)
    assert table(*ranks(8)).seconds == 60
    assert joules(table(*ranks(8), *ranks(2, "other"))) == pytest.approx(2_000)


def test_m3_runs_one_after_the_other_and_runs_of_processes_all_count() -> None:
    later = [Run(n, f"run {n}", 100.0, 60.0, start=60.0 * n, host="node", machine=True) for n in range(3)]
    assert joules(table(*later)) == pytest.approx(300)
    processes = [Run(n, f"run {n}", 100.0, 60.0, start=0.0, host="node") for n in range(3)]
    assert joules(table(*processes)) == pytest.approx(300)


def test_m6_a_run_without_an_energy_raises_until_it_is_left_out() -> None:
    runs = table(Run(2, "a", 5.0, 1.0), Run(3, "b", None, 1.0))
    with pytest.raises(LogError, match=r"runs.csv:3: b"):
        runs.energy()
    assert joules(runs.sel(run="a")) == pytest.approx(5)
    with pytest.raises(LogError, match="a, b"):
        runs.sel(run="c")
    with pytest.raises(LogError, match="no duration"):
        _ = table(Run(2, "a", 5.0, None)).seconds


def test_a_table_of_runs_is_a_table() -> None:
    runs = table(Run(2, "a", 5.0, 1.0, parts=(("gpu", 4.0),), facts=(("host", "x"),)))
    assert runs.data.columns.tolist() == ["run", "start", "seconds", "energy [J]", "gpu [J]", "host"]
    assert np.isfinite(runs.data["energy [J]"]).all()
    assert "1 of 1" not in repr(runs)


def test_m6_a_power_below_0_that_is_skipped_is_left_out(tmp_path: Path) -> None:
    file = smi(tmp_path, [row(0, "100.00 W"), row(1, "-40.00 W"), row(2, "100.00 W")])
    with pytest.raises(LogError, match=r"1 of 3 lines(.|\n)*a power below 0"):
        lca.read(file)
    log = read_power(file, errors="skip")
    assert log.energy().given.values == (200.0,)  # type: ignore[attr-defined]
    assert log.notes == ("1 of 3 lines could not be read and were skipped: 3",)
