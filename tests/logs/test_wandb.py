"""Weights & Biases: which GPUs count, how a run ended, its steps, and folders of runs (M1 to M7)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import wandb_files as w

import lca
from lca.errors import LogError


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    return lambda *records, name="run-abc123.wandb": w.write(tmp_path / name, *records)


def test_only_the_gpus_of_the_run_count_and_a_process_never_doubles_them(made: Callable[..., Path]) -> None:
    log = lca.read(made(*w.NODE))
    assert isinstance(log, lca.PowerLog)
    assert (log.format, log.own, log.devices, log.meter.at) == ("wandb", ("gpu 1",), ("gpu 0", "gpu 1"), "component")
    assert repr(log.energy()) == "<reading of run-abc123.wandb: 15000 J at the component>"
    assert repr(log.energy(devices="all")) == "<reading of run-abc123.wandb: 20565 J at the component>"
    assert log.dated
    assert log.start == w.START + 60
    assert log.meter.accuracy == "5 W"


def test_the_time_without_samples_and_the_end_are_said(made: Callable[..., Path]) -> None:
    """M5: the first minute of a run has no sample, so it has no energy."""
    notes = lca.read(made(*w.NODE)).notes
    assert "run sort, by wandb 0.16.2: it ended after 125 s with the exit code 255: it failed" in notes
    silent = "60 s before the first sample and 5 s behind the last sample"
    assert f"the run has no energy for {silent}: the log was silent" in notes


def test_a_run_without_an_end_goes_on_or_was_killed(made: Callable[..., Path]) -> None:
    assert "it has no end" in lca.read(made(*w.NODE[:-1])).notes[0]
    assert lca.read(made(*w.NODE[:-1], w.end(125))).notes[0].endswith(": it ended after 125 s")


def test_several_gpus_without_processes_are_asked_for(made: Callable[..., Path]) -> None:
    log = lca.read(made(w.run(w.START), *(w.gpus(w.START + t, g0=100.0, g1=50.0) for t in (0, 10, 20))))
    with pytest.raises(LogError, match="does not say which of them belong"):
        log.energy()
    assert repr(log.energy(devices="gpu 0")) == "<reading of run-abc123.wandb: 2000 J at the component>"
    one = lca.read(made(w.run(w.START), *(w.gpus(w.START + t, g0=100.0) for t in (0, 10, 20))))
    assert repr(one.energy()) == "<reading of run-abc123.wandb: 2000 J at the component>"


def test_a_record_without_gpus_and_a_value_that_is_missing_are_no_samples(made: Callable[..., Path]) -> None:
    records = [
        w.gpus(w.START, g0=100.0),
        w.gpus(w.START + 10, g0=None),
        w.gpus(w.START + 20, g0=float("nan")),
        w.gpus(w.START + 30, g0=100),
    ]
    log = lca.read(made(*records, w.stats(w.START + 40, {"cpu": 1.0})))
    assert repr(log.energy()) == "<reading of run-abc123.wandb: 3000 J at the component>"


def test_keys_with_the_label_of_a_node_and_records_by_resource(made: Callable[..., Path]) -> None:
    """The core of wandb writes one record for each resource, and "/l:<label>" behind a key."""
    records = [w.stats(w.START + t, {"gpu.0.powerWatts/l:node0": 50.5}) for t in (0, 15)]
    log = lca.read(made(*records, w.stats(w.START + 15, {"cpu/l:node0": 3.0})))
    assert repr(log.energy()) == "<reading of run-abc123.wandb: 757.5 J at the component>"
    assert log.meter.accuracy is None, "nothing says that this is a card of NVIDIA"


def test_the_whole_mac_counts_at_its_board_and_contains_its_gpu(made: Callable[..., Path]) -> None:
    metrics = {"cpu.powerWatts": 8.0, "gpu.0.powerWatts": 10.0, "system.powerWatts": 30.0}
    log = lca.read(made(*(w.stats(w.START + t, metrics) for t in (0, 10))))
    assert repr(log.energy()) == "<reading of run-abc123.wandb: 300 J at the board>"
    failed = [w.stats(w.START + t, {"system.powerWatts": watts}) for t, watts in ((0, 30.0), (5, 0.0), (10, 30.0))]
    assert repr(lca.read(made(*failed)).energy()) == "<reading of run-abc123.wandb: 300 J at the board>"
    silent = lca.read(made(*(w.stats(w.START + t, metrics | {"system.powerWatts": 0.0}) for t in (0, 10))))
    assert repr(silent.energy()) == "<reading of run-abc123.wandb: 100 J at the component>"


def test_a_power_above_the_limit_of_the_gpu_is_refused(made: Callable[..., Path]) -> None:
    records = [
        w.stats(w.START + t, {"gpu.0.powerWatts": 900.0, "gpu.0.enforcedPowerLimitWatts": 300.0}) for t in (0, 9)
    ]
    with pytest.raises(LogError, match="above what the device can draw"):
        lca.read(made(*records))


def test_the_model_in_the_folder_bounds_the_power(tmp_path: Path) -> None:
    path = w.write(tmp_path / "run-1-x" / "run-x.wandb", *(w.gpus(w.START + t, g0=800.0) for t in (0, 10)))
    assert lca.read(path).devices == ("gpu 0",)
    (path.parent / "files").mkdir()
    (path.parent / "files" / "wandb-metadata.json").write_text('{"gpu": "NVIDIA GeForce RTX 4090"}')
    with pytest.raises(LogError, match="above what the device can draw"):
        lca.read(path)


# --- steps ------------------------------------------------------------------------------------------------------


def test_history_alone_is_a_training(made: Callable[..., Path]) -> None:
    log = lca.read(made(w.run(w.START), *w.ROWS, w.end(140)))
    assert isinstance(log, lca.TrainingLog)
    assert (log.steps.tolist(), log.seconds.tolist(), log.unit) == ([1, 2, 3, 4], [34, 66, 98, 130], "step")
    assert "steps count from 0 in the file; here the first is 1" in log.notes


def test_power_and_history_are_one_log(made: Callable[..., Path]) -> None:
    log = lca.read(made(*w.NODE[:-1], *w.ROWS))
    assert log.training.steps.tolist() == [1, 2, 3, 4]


def test_a_trainer_or_the_user_says_what_counts_iterations(made: Callable[..., Path]) -> None:
    path = made(w.run(w.START), *w.ROWS)
    said = lca.read(path, columns={"it": "iteration"})
    assert (said.steps.tolist(), said.unit) == ([94, 188, 282, 376], "iteration")
    rows = [w.history({"train/global_step": 500 * n, "_timestamp": w.START + 10 * n}, n) for n in (1, 2)]
    log = lca.read(made(w.run(w.START), *rows))
    assert (log.steps.tolist(), log.seconds.tolist(), log.unit) == ([500, 1000], [10, 20], "iteration")


def test_a_step_may_stand_in_its_own_message_and_a_key_in_parts(made: Callable[..., Path]) -> None:
    nested = w.field(2, w.field(1, w.field(2, "_runtime") + w.field(16, "7.5")) + w.field(2, w.field(1, 3)))
    path = made(w.run(w.START), w.history({"_runtime": 5.0}, 0), nested)
    log = lca.read(path)
    assert (log.steps.tolist(), log.seconds.tolist()) == ([1, 4], [5, 7.5])
    parts = w.field(1, w.field(2, "train") + w.field(2, "batch") + w.field(16, "40"))
    deep = lca.read(
        made(w.run(w.START), w.history({"_runtime": 5.0}, 0), w.field(2, w.field(1, w.item("_runtime", 7.5)) + parts)),
        columns={"train.batch": "iteration"},
    )
    assert (deep.steps.tolist(), deep.seconds.tolist()) == ([40], [7.5])


def test_steps_that_cannot_be_read_leave_the_power(made: Callable[..., Path]) -> None:
    log = lca.read(made(*w.NODE, w.history({"loss": 1.0})))
    assert log.training is None
    assert any("the steps are left out" in note for note in log.notes)


def test_a_run_without_power_and_steps_is_refused(made: Callable[..., Path]) -> None:
    with pytest.raises(LogError, match="no power and no energy"):
        lca.read(made(w.run(w.START), w.console("hello"), w.end(3)))
    with pytest.raises(LogError, match="the run holds no steps with times: rows without _step and a time"):
        lca.read(made(w.run(w.START), w.history({"loss": 1.0}, 3)))


# --- folders ----------------------------------------------------------------------------------------------------


def folder(tmp_path: Path) -> Path:
    store = tmp_path / "wandb"
    w.write(store / "run-20231114_a-aaa" / "run-aaa.wandb", *w.NODE)
    later = [
        w.run(w.START + 1000, id="bbb", name="next"),
        *(w.gpus(w.START + 1000 + t, 0, g0=100.0) for t in (0, 10, 20)),
    ]
    w.write(store / "run-20231114_b-bbb" / "run-bbb.wandb", *later, w.end(25))
    (store / "latest-run").symlink_to(store / "run-20231114_b-bbb", target_is_directory=True)
    return store


def test_a_folder_of_runs_is_a_table_and_a_link_is_no_run(tmp_path: Path) -> None:
    table = lca.read(folder(tmp_path))
    assert isinstance(table, lca.RunTable)
    assert [(run.name, run.joules, run.seconds) for run in table.runs] == [
        ("sort", 15000.0, 125.0),
        ("next", 2000.0, 25.0),
    ]
    assert table.runs[1].start == w.START + 1000
    assert dict(table.runs[0].facts) == {"id": "abc123", "exit code": "255", "sampled seconds": "60"}
    assert repr(table.energy()) == "<reading of wandb: 17000 J at the component>"


def test_one_run_of_a_folder_is_a_log(tmp_path: Path) -> None:
    store = folder(tmp_path)
    for name in ("bbb", "next", "run-20231114_b-bbb"):
        assert repr(lca.read(store, run=name).energy()) == "<reading of run-bbb.wandb: 2000 J at the component>"
    assert lca.read(store / "run-20231114_b-bbb").own == ("gpu 0",)
    with pytest.raises(LogError, match="there is no run 'nxt'") as raised:
        lca.read(store, run="nxt")
    assert "'next'" in raised.value.fix
    w.write(store / "run-20231114_c-ccc" / "run-ccc.wandb", w.run(w.START, id="ccc", name="next"))
    with pytest.raises(LogError, match="several runs are called 'next'"):
        lca.read(store, run="next")


def test_a_run_of_a_folder_without_an_energy_says_why(tmp_path: Path) -> None:
    store = folder(tmp_path)
    w.write(store / "run-c-ccc" / "run-ccc.wandb", w.run(w.START + 9000, id="ccc"), *w.ROWS)
    shared = [w.gpus(w.START + t, g0=100.0, g1=50.0) for t in (0, 10)]
    w.write(store / "run-d-ddd" / "run-ddd.wandb", w.run(w.START + 9000, id="ddd"), *shared)
    table = lca.read(store)
    with pytest.raises(LogError, match="2 runs have no energy") as raised:
        table.energy()
    assert "ccc: no power was logged" in raised.value.sides
    assert any(side.startswith("ddd: the log holds all devices of a machine") for side in raised.value.sides)
    assert repr(table.sel(id="bbb").energy()) == "<reading of wandb: 2000 J at the component>"


def test_bad_lines_of_all_runs_of_a_folder_are_raised_together(tmp_path: Path) -> None:
    store = folder(tmp_path)
    for file in store.glob("run-*/*.wandb"):
        file.write_bytes(file.read_bytes()[:-2])
    with pytest.raises(LogError, match="2 of .* lines cannot be read") as raised:
        lca.read(store)
    assert [side.split(".wandb:")[0].rpartition("/")[2] for side in raised.value.sides] == ["run-aaa", "run-bbb"]
    assert len(lca.read(store, errors="skip").runs) == 2


def test_runs_at_the_same_time_on_one_gpu_count_once(tmp_path: Path) -> None:
    """M3: two runs that share a GPU each hold its whole energy."""
    records = [w.gpus(w.START + t, 0, g0=100.0) for t in (0, 10, 20)]
    for name in ("aaa", "bbb"):
        w.write(tmp_path / "wandb" / f"run-{name}" / f"run-{name}.wandb", w.run(w.START, id=name), *records, w.end(20))
    table = lca.read(tmp_path / "wandb")
    assert repr(table.energy()) == "<reading of wandb: 2000 J at the component>"
    assert any("runs overlap in time on the same GPUs" in note for note in table.notes)
