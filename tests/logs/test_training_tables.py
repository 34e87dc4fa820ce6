"""Logs of trainings that are tables or documents: Ultralytics, Lightning, Hugging Face, and the marks they give."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import lca
from lca.errors import LcaError, LogError
from lca.logs.files.source import Source
from lca.logs.training.training_log import TrainingLog, training_log

RESULTS = """epoch,time,train/box_loss,metrics/mAP50(B),lr/pg0
1,40.5,1.9,0.2,0.01
2,70.5,1.8,0.3,0.01
3,100.5,1.7,0.4,0.01
"""
OLD = """               epoch,      train/box_loss,     metrics/mAP50,             lr/pg0,
                   0,                1.44,              0.70,               0.07,
                   1,                1.38,              0.75,               0.03,
"""
STATE = {
    "best_metric": None,
    "epoch": 3.0,
    "global_step": 300,
    "is_world_process_zero": True,
    "log_history": [
        {"epoch": 1.0, "loss": 0.7, "step": 100},
        {"epoch": 1.0, "eval_runtime": 12.5, "eval_loss": 0.6, "step": 100},
        {"epoch": 3.0, "train_runtime": 1234.5, "train_steps_per_second": 0.243, "step": 300},
    ],
    "max_steps": 300,
}
METRICS = "acc_epoch,epoch,step,train_loss_epoch\n0.1,0,3,2.2\n0.4,1,7,1.6\n"


def read(folder: Path, text: str, name: str = "results.csv", **said: object) -> TrainingLog:
    """The log of a text, recognised by what it holds."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    log = lca.read(file, **said)  # type: ignore[arg-type]
    assert isinstance(log, TrainingLog)
    return log


def refused(folder: Path, text: str, name: str = "results.csv", **said: object) -> LogError:
    with pytest.raises(LogError) as raised:
        read(folder, text, name, **said)
    return raised.value


def test_m7_ultralytics_times_are_cumulative_and_epochs_are_done(tmp_path: Path) -> None:
    log = read(tmp_path, RESULTS)
    assert (log.format, log.unit, log.planned) == ("ultralytics", "epoch", None)
    assert log.steps.tolist() == [1, 2, 3]
    assert log.seconds.tolist() == [40.5, 70.5, 100.5]


def test_m7_the_folder_of_an_ultralytics_run_says_the_planned_epochs(tmp_path: Path) -> None:
    (tmp_path / "results.csv").write_text(RESULTS, encoding="utf-8")
    (tmp_path / "args.yaml").write_text("task: detect\nepochs: 50\nclose_epochs: 7\n", encoding="utf-8")
    log = lca.read(tmp_path)
    assert log.planned == 50
    assert log.path.name == "results.csv"


def test_m7_epochs_that_count_from_0_are_one_more_when_done(tmp_path: Path) -> None:
    log = read(tmp_path, RESULTS.replace("\n3,", "\n2,").replace("\n2,70.5", "\n1,70.5").replace("\n1,40", "\n0,40"))
    assert log.steps.tolist() == [1, 2, 3]


def test_m7_a_resumed_ultralytics_run_goes_on_from_where_its_clock_stood(tmp_path: Path) -> None:
    log = read(tmp_path, RESULTS + "4,35,1.6,0.5,0.01\n5,60,1.5,0.5,0.01\n")
    assert log.steps.tolist() == [1, 2, 3, 4, 5]
    assert log.seconds.tolist() == [40.5, 70.5, 100.5, 135.5, 160.5]
    assert log.restarts == (3,)


def test_m7_an_epoch_that_is_done_again_counts_in_the_time_only(tmp_path: Path) -> None:
    log = read(tmp_path, RESULTS + "3,35,1.6,0.5,0.01\n4,60,1.5,0.5,0.01\n")
    assert log.steps.tolist() == [1, 2, 3, 4]
    assert log.seconds.tolist() == [40.5, 70.5, 100.5, 160.5]


def test_m3_several_runs_in_one_file_are_refused_and_chosen_by_number(tmp_path: Path) -> None:
    second = RESULTS.replace("40.5", "41").split("\n", 1)[1]
    error = refused(tmp_path, RESULTS + second)
    assert "2 runs" in error.what
    assert [side.rpartition(":")[2] for side in error.sides] == ["2", "5"]
    assert read(tmp_path, RESULTS + second, run="2").seconds.tolist() == [41, 70.5, 100.5]
    assert read(tmp_path, RESULTS + RESULTS, run="1").seconds.tolist() == [40.5, 70.5, 100.5]  # with a second header
    assert "no run '3'" in refused(tmp_path, RESULTS + second, run="3").what


def test_m7_a_file_that_begins_behind_the_start_counts_from_there(tmp_path: Path) -> None:
    """Its clock begins at 0, but 51 epochs were not done in 40.5 s."""
    text = RESULTS.replace("\n1,", "\n51,").replace("\n2,", "\n52,").replace("\n3,", "\n53,")
    log = read(tmp_path, text)
    assert log.steps.tolist() == [1, 2]
    assert log.seconds.tolist() == [30, 60]
    assert any("begins at epoch 51" in note for note in log.notes)


def test_m6_an_ultralytics_file_without_times_is_refused_by_name(tmp_path: Path) -> None:
    error = refused(tmp_path, OLD)
    assert "without the column time" in error.what
    assert "tfevents" in error.fix


def test_all_bad_lines_are_raised_at_once_or_skipped_and_counted(tmp_path: Path) -> None:
    text = RESULTS + "4,0,1,1,1\n5,140\n6,,1,1,1\nx,170,1,1,1\n7,180,1,1,1\n"
    error = refused(tmp_path, text)
    assert "4 of 8 lines" in error.what
    assert [side.split(": ")[0].rpartition(":")[2] for side in error.sides] == ["5", "6", "7", "8"]
    log = read(tmp_path, text, errors="skip")
    assert log.steps.tolist() == [1, 2, 3, 7]
    assert any("4 of 8 lines" in note for note in log.notes)


def test_m6_lightning_metrics_are_refused_by_name(tmp_path: Path) -> None:
    error = refused(tmp_path, METRICS, "metrics.csv")
    assert "Lightning" in error.what
    assert "TensorBoardLogger" in error.fix


def test_a_table_with_a_time_is_not_taken_for_lightning(tmp_path: Path) -> None:
    error = refused(tmp_path, METRICS.replace("acc_epoch", "time"), "metrics.csv")
    assert "no format is recognised" in error.what


def test_m7_a_state_of_hugging_face_is_one_mark(tmp_path: Path) -> None:
    log = read(tmp_path, json.dumps(STATE), "trainer_state.json")
    assert (log.steps.tolist(), log.seconds.tolist(), log.planned) == ([300], [1234.5], 300)
    assert "last start" in log.notes[0]


def test_m6_the_time_of_evaluations_is_not_that_of_the_training(tmp_path: Path) -> None:
    state = {**STATE, "log_history": STATE["log_history"][:2]}  # type: ignore[index]
    error = refused(tmp_path, json.dumps(state, indent=2), "trainer_state.json")
    assert "1 times of evaluations" in error.what


def test_m7_two_trainings_of_one_state_are_added(tmp_path: Path) -> None:
    again = {"train_runtime": 2000.0, "step": 400}
    state = {**STATE, "log_history": [*STATE["log_history"], again], "max_steps": 400}  # type: ignore[misc]
    log = read(tmp_path, json.dumps(state), "trainer_state.json")
    assert (log.steps.tolist(), log.seconds.tolist()) == ([300, 400], [1234.5, 3234.5])
    assert log.restarts == (1,)


def test_m7_the_results_of_hugging_face_count_epochs(tmp_path: Path) -> None:
    results = {"epoch": 2.5, "train_loss": 0.9, "train_runtime": 500.0, "train_samples": 4000}
    log = read(tmp_path, json.dumps(results, indent=4), "train_results.json")
    assert (log.unit, log.steps.tolist(), log.seconds.tolist()) == ("epoch", [2.5], [500])


def test_m7_marks_at_one_time_are_one_and_seconds_rise(tmp_path: Path) -> None:
    """Three steps at 10 s would make two steps of no duration."""
    marks = [(1, 1.0, 10.0), (2, 2.0, 10.0), (3, 3.0, 10.0), (4, 4.0, 20.0)]
    log = training_log(Source(tmp_path), "table", marks, unit="epoch")
    assert (log.steps.tolist(), log.seconds.tolist()) == ([1, 4], [10, 20])


@pytest.mark.parametrize("seconds", ["-1", "0", "NaN", "1e999", '"long"', "null", "true", "[1]"])
def test_q6_a_state_whose_time_is_no_time_is_refused(tmp_path: Path, seconds: str) -> None:
    text = json.dumps(STATE).replace("1234.5", seconds)
    assert "train_runtime" in "".join(refused(tmp_path, text, "trainer_state.json").sides)


@pytest.mark.parametrize(("text", "name"), [(RESULTS, "a.csv"), (METRICS, "b.csv"), (json.dumps(STATE), "c.json")])
def test_damaged_files_raise_errors_of_this_library_only(tmp_path: Path, text: str, name: str) -> None:
    """Cut, with bytes changed, lines twice and in another order: an error by name, or marks that rise."""
    draw = np.random.default_rng(7)
    for _ in range(150):
        data = bytearray(text.encode())
        for at in draw.integers(0, len(data), 3):
            data[at] = int(draw.integers(0, 256))
        lines = bytes(data[: int(draw.integers(1, len(data) + 1))]).split(b"\n")
        draw.shuffle(lines[1:])
        file = tmp_path / name
        file.write_bytes(b"\n".join(lines + lines[:2]))
        for errors in ("raise", "skip"):
            try:
                log = lca.read(file, errors=errors)
            except LcaError:
                continue
            assert (np.diff(log.steps) > 0).all()
            assert (np.diff(log.seconds) > 0).all()
            assert log.seconds[0] > 0
