"""MLflow: the folder mlruns and its database (M1 to M7)."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from written_logs import refused_or_read

import lca
from lca.errors import LogError

START = 1_700_000_000_000  # ms
GPU = "system/gpu_{}_power_usage_watts"


def meta(id: str, *, name: str = "calm-owl-1", status: int = 3, stage: str = "active", end: int | None = 60_000) -> str:
    stop = "null" if end is None else str(START + end)
    return (
        f"artifact_uri: file:///some/where/{id}/artifacts\nend_time: {stop}\nentry_point_name: ''\nexperiment_id: '0'\n"
        f"lifecycle_stage: {stage}\nrun_id: {id}\nrun_name: {name}\nrun_uuid: {id}\nsource_type: 4\n"
        f"start_time: {START}\nstatus: {status}\ntags: []\nuser_id: someone\n"
    )


def store(folder: Path, metrics: Mapping[str, str], id: str = "a1", **facts: object) -> Path:
    """A run in the folder mlruns, with the lines of its metrics; each time is ms since the start of the run."""
    path = folder / "mlruns" / "0" / id
    (path / "metrics").mkdir(parents=True)
    (path / "meta.yaml").write_text(meta(id, **facts))
    for key, lines in metrics.items():
        file = path / "metrics" / key
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = [line.partition(" ") for line in lines.splitlines()]
        file.write_text("".join(f"{START + int(time)} {rest}\n" for time, _, rest in rows))
    return path


POWER = "10000 100.0 0\n20000 200.0 1\n30000 100.0 2"
LOSS = "5000 0.9 0\n25000 0.7 1\n45000 0.6 2"


def test_the_power_of_a_gpu_with_its_steps(tmp_path: Path) -> None:
    path = store(tmp_path, {GPU.format(0): POWER, "system/gpu_0_memory_usage_megabytes": POWER, "loss": LOSS})
    log = lca.read(path)
    assert isinstance(log, lca.PowerLog)
    assert repr(log.energy()) == "<reading of a1: 3000 J at the component>"
    assert (log.format, log.dated, log.start, log.devices) == ("mlflow", True, START / 1000 + 10, ("gpu 0",))
    assert log.meter.accuracy == "5 W"
    assert log.training.steps.tolist() == [1, 2, 3]
    assert log.training.seconds.tolist() == [5, 25, 45]
    assert "run calm-owl-1: FINISHED, 60 s from its start to its end" in log.notes
    silent = "10 s before the first sample and 30 s behind the last sample"
    assert f"the run has no energy for {silent}: the log was silent" in log.notes


@pytest.mark.parametrize("part", ["mlruns", "mlruns/0", "mlruns/0/a1", "mlruns/0/a1/meta.yaml"])
def test_the_store_the_experiment_and_the_run_are_recognised(tmp_path: Path, part: str) -> None:
    store(tmp_path, {GPU.format(0): POWER})
    assert repr(lca.read(tmp_path / part).energy()) == "<reading of a1: 3000 J at the component>"


def test_one_metric_is_read_by_its_file(tmp_path: Path) -> None:
    path = store(tmp_path, {GPU.format(0): POWER, "loss": LOSS, "val/acc": "7000 0.5 0\n47000 0.6 1"})
    assert lca.read(path / "metrics/val/acc").seconds.tolist() == [7, 47]
    assert isinstance(lca.read(path / "metrics" / GPU.format(0)), lca.PowerLog)


def test_steps_alone_are_a_training_and_a_failed_or_deleted_run_is_said(tmp_path: Path) -> None:
    log = lca.read(store(tmp_path, {"loss": LOSS}, status=4, stage="deleted", end=22_706))
    assert isinstance(log, lca.TrainingLog)
    assert (log.unit, log.span) == ("step", 45)
    assert log.notes[0] == "run calm-owl-1: FAILED, 22.706 s from its start to its end; it is deleted in the store"
    assert "steps count from 0 in the file; here the first is 1" in log.notes


def test_a_run_that_goes_on_has_no_end(tmp_path: Path) -> None:
    assert lca.read(store(tmp_path, {"loss": LOSS}, status=1, end=None)).notes[0] == "run calm-owl-1: RUNNING"


def test_several_gpus_are_asked_for_and_nodes_are_named(tmp_path: Path) -> None:
    """MLflow logs every GPU of a machine, and not which of them the run used."""
    keys = {"system/node_1/gpu_0_power_usage_watts": POWER, "system/node_1/gpu_1_power_usage_watts": POWER}
    log = lca.read(store(tmp_path, keys))
    assert log.devices == ("node_1 gpu 0", "node_1 gpu 1")
    with pytest.raises(LogError, match="does not say which of them belong"):
        log.energy()
    assert log.meter.accuracy is None
    same = "node_1 gpu 0 and node_1 gpu 1 show the same power in every sample: two dies of one card count once"
    assert same in log.notes


def test_missing_powers_are_no_samples_and_gaps_are_found(tmp_path: Path) -> None:
    log = lca.read(store(tmp_path, {GPU.format(0): "1000 100 0\n2000 nan 1\n3000 100 2\n4000 100 3"}))
    assert repr(log.energy()) == "<reading of a1: 300 J at the component>"
    gap = lca.read(store(tmp_path / "b", {GPU.format(0): "0 100 0\n1000 100 1\n2000 100 2\n50000 100 3"}))
    with pytest.raises(LogError, match="1 steps without samples"):
        gap.energy()


def test_bad_lines_of_all_metrics_are_raised_together(tmp_path: Path) -> None:
    path = store(
        tmp_path, {GPU.format(0): POWER + "\n40000 much 3\n50000 -5 4", "loss": LOSS + "\n50000\n60000 0.5 1.5"}
    )
    (path / "metrics" / "acc").write_text("1700000000 0.5 1\nx 0.5 2\n")  # seconds are not milliseconds
    with pytest.raises(LogError, match="6 of 9 lines cannot be read") as raised:
        lca.read(path)
    said = "\n".join(raised.value.sides)
    assert f"{path}/metrics/acc:1: not milliseconds since 1970" in said
    assert f"{path}/metrics/loss:4" in said
    assert f"{path}/metrics/{GPU.format(0)}:4" in said
    assert "a power below 0" in said
    log = lca.read(path, errors="skip")
    assert any("metrics/loss:5" in note for note in log.notes)


def test_metrics_that_count_differently_are_asked_for(tmp_path: Path) -> None:
    """M7: the steps of one metric are batches, those of another epochs."""
    path = store(
        tmp_path, {"loss": "1000 1 100\n2000 1 200\n3000 1 300", "val": "1500 1 1\n3500 1 2", "last": "4000 1 0"}
    )
    with pytest.raises(LogError, match="count different steps") as raised:
        lca.read(path)
    assert raised.value.sides == ("loss: 3 marks, step 100 to 300", "val: 2 marks, step 1 to 2")
    said = lca.read(path, columns={"val": "epoch"})
    assert (said.steps.tolist(), said.seconds.tolist(), said.unit) == ([1, 2], [1.5, 3.5], "epoch")
    with pytest.raises(LogError, match="no channel 'vall'"):
        lca.read(path, columns={"vall": "epoch"})
    with pytest.raises(LogError, match="can be said to count steps"):
        lca.read(path, columns={"val": "kWh"})
    alike = store(tmp_path / "b", {"loss": "1000 1 100\n2000 1 200\n3000 1 300", "val": "2500 1 200"})
    assert lca.read(alike).steps.tolist() == [100, 200, 300]


def test_a_run_without_steps_and_power_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="the run holds no steps with times: one value of each metric"):
        lca.read(store(tmp_path, {"loss": "1000 0.5 0", "inf": "2000 inf 0"}))


def test_several_runs_are_a_table(tmp_path: Path) -> None:
    store(tmp_path, {GPU.format(0): POWER}, "a1", name="one")
    store(tmp_path, {"loss": LOSS}, "b2", name="two", status=5)
    (tmp_path / "mlruns" / ".trash" / "c3").mkdir(parents=True)
    (tmp_path / "mlruns" / ".trash" / "c3" / "meta.yaml").write_text(meta("c3"))
    (tmp_path / "mlruns" / "0" / "meta.yaml").write_text("experiment_id: '0'\nlifecycle_stage: active\nname: Default\n")
    table = lca.read(tmp_path / "mlruns")
    assert isinstance(table, lca.RunTable)
    assert [(run.name, run.joules, run.seconds) for run in table.runs] == [("one", 3000.0, 60.0), ("two", None, 60.0)]
    assert dict(table.runs[1].facts) == {"status": "KILLED", "lifecycle_stage": "active"}
    with pytest.raises(LogError, match="1 runs have no energy") as raised:
        table.energy()
    assert "two: no power was logged" in raised.value.sides
    assert repr(table.sel(status="FINISHED").energy()) == "<reading of mlruns: 3000 J at the component>"
    assert isinstance(lca.read(tmp_path / "mlruns", run="one"), lca.PowerLog)
    assert isinstance(lca.read(tmp_path / "mlruns", run="b2"), lca.TrainingLog)
    with pytest.raises(LogError, match="there is no run 'three'"):
        lca.read(tmp_path / "mlruns", run="three")


def test_runs_at_the_same_time_on_one_gpu_count_once(tmp_path: Path) -> None:
    for id in ("a1", "b2"):
        store(tmp_path, {GPU.format(0): POWER}, id)
    table = lca.read(tmp_path / "mlruns")
    assert repr(table.energy()) == "<reading of mlruns: 3000 J at the component>"
    assert any("runs overlap in time on the same GPUs" in note for note in table.notes)


def test_an_empty_folder_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "mlruns").mkdir()
    with pytest.raises(LogError, match="no store of runs"):
        lca.read(tmp_path / "mlruns")
    with pytest.raises(LogError, match="no line of the file holds a sample"):
        lca.read(tmp_path / "mlruns", format="mlflow")


def test_changed_files_of_a_run_raise_errors_of_the_library_only(tmp_path: Path) -> None:
    path, source = store(tmp_path, {GPU.format(0): POWER, "loss": LOSS}), random.Random(3)
    files = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    for _ in range(300):
        for file, good in files.items():
            data = bytearray(good)
            for _ in range(source.randint(0, 3)):
                data[source.randrange(len(data))] = source.randrange(256)
            file.write_bytes(data[: source.randrange(len(data))] if source.random() < 0.2 else data)
        for errors in ("raise", "skip"):
            refused_or_read(path, errors=errors)


# --- the database -----------------------------------------------------------------------------------------------


def database(path: Path, rows: list[tuple[object, ...]]) -> Path:
    """A database with two runs; rows are (key, value, ms since the start, run, step, is_nan)."""
    with closing(sqlite3.connect(path)) as base:
        base.executescript(
            "CREATE TABLE experiments (experiment_id INTEGER, name TEXT);"
            "CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);"
            "CREATE TABLE runs (run_uuid VARCHAR(32), name VARCHAR(250), status VARCHAR(9), start_time BIGINT,"
            " end_time BIGINT, lifecycle_stage VARCHAR(20));"
            "CREATE TABLE metrics (key VARCHAR(250), value FLOAT, timestamp BIGINT, run_uuid VARCHAR(32),"
            " step BIGINT DEFAULT '0', is_nan BOOLEAN DEFAULT '0');"
        )
        base.execute("INSERT INTO runs VALUES ('a1', 'one', 'FINISHED', ?, ?, 'active')", (START, START + 60_000))
        base.execute("INSERT INTO runs VALUES ('b2', NULL, 'RUNNING', ?, NULL, 'deleted')", (START + 90_000,))
        moved = [
            (key, value, START + time if isinstance(time, int) else time, *rest) for key, value, time, *rest in rows
        ]
        base.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", moved)
        base.commit()
    return path


def test_a_database_is_a_table_of_its_runs(tmp_path: Path) -> None:
    gpu = GPU.format(0)
    samples = [(gpu, 200.0, 20_000, "a1", 1, 0), (gpu, 100.0, 10_000, "a1", 0, 0), (gpu, 0.0, 25_000, "a1", 2, 1)]
    samples += [
        (gpu, 100.0, 30_000, "a1", 3, 0),
        ("loss", 0.5, 100_000, "b2", 1, 0),
        ("loss", 0.4, 110_000, "b2", 2, 0),
    ]
    path = database(tmp_path / "mlflow.db", samples)
    table = lca.read(path)
    assert [(run.name, run.joules, run.seconds) for run in table.runs] == [("one", 3000.0, 60.0), ("b2", None, None)]
    log = lca.read(path, run="one")
    assert (log.format, repr(log.energy())) == ("mlflow database", "<reading of mlflow.db: 3000 J at the component>")
    steps = lca.read(path, run="b2")
    assert (steps.steps.tolist(), steps.seconds.tolist()) == ([1, 2], [10, 20])
    assert "it is deleted in the store" in steps.notes[0]


def test_bad_rows_of_a_database_are_raised_together(tmp_path: Path) -> None:
    rows = [("loss", "x", 1000, "a1", 1, 0), ("loss", 0.5, "never", "a1", 2, 0), ("loss", 0.5, 3000, "a1", 3, 0)]
    path = database(tmp_path / "mlflow.db", [*rows, ("loss", 0.5, 4000, "a1", 4, 0)])
    with pytest.raises(LogError, match="2 of 4 lines cannot be read"):
        lca.read(path, run="a1")
    assert lca.read(path, run="a1", errors="skip").steps.tolist() == [3, 4]


def test_other_and_damaged_databases_are_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as base:
        base.executescript("CREATE TABLE runs (a INTEGER); INSERT INTO runs VALUES (1);")
    with pytest.raises(LogError, match="no format is recognised"):
        lca.read(tmp_path / "other.db")
    with pytest.raises(LogError, match="the database cannot be read"):
        lca.read(tmp_path / "other.db", format="mlflow database")
    path = database(tmp_path / "mlflow.db", [("loss", 0.5, 1000 * n, "a1", n, 0) for n in range(200)])
    good, source = path.read_bytes(), random.Random(4)
    for _ in range(100):
        data = bytearray(good)
        for _ in range(source.randint(1, 30)):
            data[source.randrange(16, len(data))] = source.randrange(256)
        path.write_bytes(data)
        refused_or_read(path, run="a1")
        refused_or_read(path, format="mlflow database")
