"""Weights & Biases: which GPUs count, how a run ended, damaged files, folders, and exports (M1 to M7)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import wandb_files as w

import lca
from lca.errors import LcaError, LogError

START = 1_700_000_000.0


def write(path: Path, *records: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(w.run_file(records))
    return path


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    return lambda *records, name="run-abc123.wandb": write(tmp_path / name, *records)


def gpus(time: float, own: int | None = None, **watts: object) -> bytes:
    """A record of system metrics: gpu.process.<own> repeats the power of gpu.<own>."""
    metrics = {f"gpu.{name[1:]}.powerWatts": value for name, value in watts.items()}
    again = {} if own is None else {f"gpu.process.{own}.powerWatts": watts[f"g{own}"]}
    return w.stats(time, {"cpu": 3.5, **metrics, **again, "gpu.0.memory": 12.0})


def energy(path: Path, **said: str) -> str:
    """The energy of a file; "refused" where the library raises its own error. Any other error fails the test."""
    try:
        log = lca.read(path, **said)
        return repr(log.energy()) if isinstance(log, lca.PowerLog) else "steps"
    except LcaError:
        return "refused"


NODE = (
    w.run(START, name="sort"),
    gpus(START + 60, 1, g0=90.0, g1=200.0),
    w.console("epoch 1"),
    gpus(START + 90, 1, g0=95.0, g1=300.0),
    gpus(START + 120, 1, g0=91.0, g1=200.0),
    w.end(125, 255),
)


def test_only_the_gpus_of_the_run_count_and_a_process_never_doubles_them(made: Callable[..., Path]) -> None:
    log = lca.read(made(*NODE))
    assert isinstance(log, lca.PowerLog)
    assert (log.format, log.own, log.devices, log.meter.at) == ("wandb", ("gpu 1",), ("gpu 0", "gpu 1"), "component")
    assert repr(log.energy()) == "<reading of run-abc123.wandb: 15000 J at the component>"
    assert repr(log.energy(devices="all")) == "<reading of run-abc123.wandb: 20565 J at the component>"
    assert log.dated
    assert log.start == START + 60
    assert log.meter.accuracy == "5 W"


def test_the_time_without_samples_and_the_end_are_said(made: Callable[..., Path]) -> None:
    """M5: the first minute of a run has no sample, so it has no energy."""
    notes = lca.read(made(*NODE)).notes
    assert "run sort, by wandb 0.16.2: it ended after 125 s with the exit code 255: it failed" in notes
    silent = "60 s before the first sample and 5 s behind the last sample"
    assert f"the run has no energy for {silent}: the log was silent" in notes


def test_a_run_without_an_end_goes_on_or_was_killed(made: Callable[..., Path]) -> None:
    assert "it has no end" in lca.read(made(*NODE[:-1])).notes[0]
    assert lca.read(made(*NODE[:-1], w.end(125))).notes[0].endswith(": it ended after 125 s")


def test_several_gpus_without_processes_are_asked_for(made: Callable[..., Path]) -> None:
    log = lca.read(made(w.run(START), *(gpus(START + t, g0=100.0, g1=50.0) for t in (0, 10, 20))))
    with pytest.raises(LogError, match="does not say which of them belong"):
        log.energy()
    assert repr(log.energy(devices="gpu 0")) == "<reading of run-abc123.wandb: 2000 J at the component>"
    one = lca.read(made(w.run(START), *(gpus(START + t, g0=100.0) for t in (0, 10, 20))))
    assert repr(one.energy()) == "<reading of run-abc123.wandb: 2000 J at the component>"


def test_a_record_without_gpus_and_a_value_that_is_missing_are_no_samples(made: Callable[..., Path]) -> None:
    records = [
        gpus(START, g0=100.0),
        gpus(START + 10, g0=None),
        gpus(START + 20, g0=float("nan")),
        gpus(START + 30, g0=100),
    ]
    log = lca.read(made(*records, w.stats(START + 40, {"cpu": 1.0})))
    assert repr(log.energy()) == "<reading of run-abc123.wandb: 3000 J at the component>"


def test_keys_with_the_label_of_a_node_and_records_by_resource(made: Callable[..., Path]) -> None:
    """The core of wandb writes one record for each resource, and "/l:<label>" behind a key."""
    records = [w.stats(START + t, {"gpu.0.powerWatts/l:node0": 50.5}) for t in (0, 15)]
    log = lca.read(made(*records, w.stats(START + 15, {"cpu/l:node0": 3.0})))
    assert repr(log.energy()) == "<reading of run-abc123.wandb: 757.5 J at the component>"
    assert log.meter.accuracy is None, "nothing says that this is a card of NVIDIA"


def test_the_whole_mac_counts_at_its_board_and_contains_its_gpu(made: Callable[..., Path]) -> None:
    metrics = {"cpu.powerWatts": 8.0, "gpu.0.powerWatts": 10.0, "system.powerWatts": 30.0}
    log = lca.read(made(*(w.stats(START + t, metrics) for t in (0, 10))))
    assert repr(log.energy()) == "<reading of run-abc123.wandb: 300 J at the board>"
    failed = [w.stats(START + t, {"system.powerWatts": watts}) for t, watts in ((0, 30.0), (5, 0.0), (10, 30.0))]
    assert repr(lca.read(made(*failed)).energy()) == "<reading of run-abc123.wandb: 300 J at the board>"
    silent = lca.read(made(*(w.stats(START + t, metrics | {"system.powerWatts": 0.0}) for t in (0, 10))))
    assert repr(silent.energy()) == "<reading of run-abc123.wandb: 100 J at the component>"


def test_a_power_above_the_limit_of_the_gpu_is_refused(made: Callable[..., Path]) -> None:
    records = [w.stats(START + t, {"gpu.0.powerWatts": 900.0, "gpu.0.enforcedPowerLimitWatts": 300.0}) for t in (0, 9)]
    with pytest.raises(LogError, match="above what the device can draw"):
        lca.read(made(*records))


def test_the_model_in_the_folder_bounds_the_power(tmp_path: Path) -> None:
    path = write(tmp_path / "run-1-x" / "run-x.wandb", *(gpus(START + t, g0=800.0) for t in (0, 10)))
    assert lca.read(path).devices == ("gpu 0",)
    (path.parent / "files").mkdir()
    (path.parent / "files" / "wandb-metadata.json").write_text('{"gpu": "NVIDIA GeForce RTX 4090"}')
    with pytest.raises(LogError, match="above what the device can draw"):
        lca.read(path)


# --- steps ------------------------------------------------------------------------------------------------------

ROWS = [w.history({"loss": 1.0, "it": 94 * (n + 1), "_step": n, "_runtime": 34.0 + 32 * n}, n) for n in range(4)]


def test_history_alone_is_a_training(made: Callable[..., Path]) -> None:
    log = lca.read(made(w.run(START), *ROWS, w.end(140)))
    assert isinstance(log, lca.TrainingLog)
    assert (log.steps.tolist(), log.seconds.tolist(), log.unit) == ([1, 2, 3, 4], [34, 66, 98, 130], "step")
    assert "steps count from 0 in the file; here the first is 1" in log.notes


def test_power_and_history_are_one_log(made: Callable[..., Path]) -> None:
    log = lca.read(made(*NODE[:-1], *ROWS))
    assert log.training.steps.tolist() == [1, 2, 3, 4]


def test_a_trainer_or_the_user_says_what_counts_iterations(made: Callable[..., Path]) -> None:
    path = made(w.run(START), *ROWS)
    said = lca.read(path, columns={"it": "iteration"})
    assert (said.steps.tolist(), said.unit) == ([94, 188, 282, 376], "iteration")
    rows = [w.history({"train/global_step": 500 * n, "_timestamp": START + 10 * n}, n) for n in (1, 2)]
    log = lca.read(made(w.run(START), *rows))
    assert (log.steps.tolist(), log.seconds.tolist(), log.unit) == ([500, 1000], [10, 20], "iteration")


def test_a_step_may_stand_in_its_own_message_and_a_key_in_parts(made: Callable[..., Path]) -> None:
    nested = w.field(2, w.field(1, w.field(2, "_runtime") + w.field(16, "7.5")) + w.field(2, w.field(1, 3)))
    path = made(w.run(START), w.history({"_runtime": 5.0}, 0), nested)
    log = lca.read(path)
    assert (log.steps.tolist(), log.seconds.tolist()) == ([1, 4], [5, 7.5])
    parts = w.field(1, w.field(2, "train") + w.field(2, "batch") + w.field(16, "40"))
    deep = lca.read(
        made(w.run(START), w.history({"_runtime": 5.0}, 0), w.field(2, w.field(1, w.item("_runtime", 7.5)) + parts)),
        columns={"train.batch": "iteration"},
    )
    assert (deep.steps.tolist(), deep.seconds.tolist()) == ([40], [7.5])


def test_steps_that_cannot_be_read_leave_the_power(made: Callable[..., Path]) -> None:
    log = lca.read(made(*NODE, w.history({"loss": 1.0})))
    assert log.training is None
    assert any("the steps are left out" in note for note in log.notes)


def test_a_run_without_power_and_steps_is_refused(made: Callable[..., Path]) -> None:
    with pytest.raises(LogError, match="no power and no energy"):
        lca.read(made(w.run(START), w.console("hello"), w.end(3)))
    with pytest.raises(LogError, match="the run holds no steps with times: rows without _step and a time"):
        lca.read(made(w.run(START), w.history({"loss": 1.0}, 3)))


# --- damaged files ----------------------------------------------------------------------------------------------


def test_a_damaged_record_is_named_by_its_offset_and_the_next_one_is_read(made: Callable[..., Path]) -> None:
    path = made(*NODE)
    data = bytearray(path.read_bytes())
    places = [data.index(value) for value in (b"95.0", b"91.0")]
    for place in places:
        data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(LogError, match="2 of 3 lines cannot be read") as raised:
        lca.read(path)
    assert all("the checksum of a record does not fit" in side for side in raised.value.sides)
    offset = int(raised.value.sides[0].removeprefix(f"{path}:").split(":")[0])
    assert data[offset + 6] == 1
    assert 0 < places[0] - offset < 200
    log = lca.read(path, errors="skip")
    assert log.tracks[0].times.tolist() == [START + 60]
    assert any("2 of 3 lines could not be read" in note for note in log.notes)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda data: data[:-3], "the file ends within a record"),
        (lambda data: data + w.piece(2, b"a"), "the file ends within a record"),
        (lambda data: data + b"\0\0\1", "the file ends within a record"),
        (lambda data: data + w.piece(4, b"a"), "a piece of a record without its beginning"),
        (lambda data: data + w.piece(2, b"a") + w.piece(1, b"\x08\x01"), "a record without its end"),
        (lambda data: data + w.piece(9, b"a"), "a record of the unknown kind 9"),
        (lambda data: data + w.piece(1, b"\x3a\x7fab"), "not a record of a run"),
        (lambda data: data + w.piece(1, w.stats(START + 300, {"gpu.0.powerWatts": "[" * 5})), "not a record of a run"),
        (lambda data: data + w.piece(1, w.stats(START + 300, {"gpu.0.powerWatts": "true"})), "not a number"),
        (lambda data: data + w.piece(1, w.stats(0, {"gpu.0.powerWatts": 3.0})), "a time that is none"),
    ],
)
def test_what_is_damaged_is_said(made: Callable[..., Path], change: Callable[[bytes], bytes], why: str) -> None:
    path = made(*NODE)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(LogError, match="of . lines cannot be read") as raised:
        lca.read(path)
    assert why in raised.value.sides[0]
    assert lca.read(path, errors="skip").own == ("gpu 1",)


def test_zeros_behind_the_last_record_are_none(made: Callable[..., Path]) -> None:
    path = made(*NODE)
    path.write_bytes(path.read_bytes() + bytes(500))
    assert lca.read(path).own == ("gpu 1",)


def test_records_go_over_blocks(made: Callable[..., Path]) -> None:
    """A record longer than a block of 32 KiB is split, and a block may end with a few zeros."""
    text = w.console("x" * 100_000)
    for length in range(32_500, 32_530):
        records = [w.run(START), w.console("y" * length), gpus(START, g0=7.0), text, gpus(START + 10, g0=7.0)]
        assert repr(lca.read(made(*records)).energy()) == "<reading of run-abc123.wandb: 70 J at the component>"


def test_a_record_that_is_damaged_in_its_middle_is_one_bad_line(made: Callable[..., Path]) -> None:
    """What is left of it, in the blocks behind, is neither read nor named again."""
    path = made(w.run(START), gpus(START, g0=7.0), w.console("x" * 100_000), gpus(START + 10, g0=7.0))
    data = bytearray(path.read_bytes())
    data[2 * w.BLOCK + 100] ^= 1
    path.write_bytes(data)
    with pytest.raises(LogError, match="1 of 3 lines cannot be read") as raised:
        lca.read(path)
    assert raised.value.sides[0].startswith(f"{path}:{2 * w.BLOCK}: the checksum")
    log = lca.read(path, errors="skip")
    assert repr(log.energy()) == "<reading of run-abc123.wandb: 70 J at the component>"


def test_other_files_are_no_runs(tmp_path: Path) -> None:
    path = tmp_path / "a.wandb"
    path.write_bytes(b":W&B\xe1\xbe\x09" + w.piece(1, b""))
    with pytest.raises(LogError, match="another version"):
        lca.read(path)
    path.write_bytes(b":W&")
    with pytest.raises(LogError, match="not a run file"):
        lca.read(path, format="wandb")


def test_changed_bytes_raise_errors_of_the_library_only(made: Callable[..., Path]) -> None:
    path, source = made(*NODE, *ROWS), random.Random(1)
    good = path.read_bytes()
    whole = repr(lca.read(path).energy())
    for _ in range(300):
        data = bytearray(good)
        for _ in range(source.randint(1, 4)):
            data[source.randrange(7, len(data))] = source.randrange(256)
        path.write_bytes(data[: source.randrange(7, len(data))] if source.random() < 0.3 else data)
        assert energy(path) in (whole, "refused"), "what was changed is noticed"
        energy(path, errors="skip")


def test_records_without_checksums_that_fit_no_schema_raise_errors_of_the_library_only(tmp_path: Path) -> None:
    source, path = random.Random(2), tmp_path / "run-a.wandb"
    for _ in range(300):
        records = [bytearray(one) for one in (*NODE, *ROWS)]
        for record in source.sample(records, 3):
            record[source.randrange(len(record))] = source.randrange(256)
        path.write_bytes(w.run_file(map(bytes, records)))
        for errors in ("raise", "skip"):
            energy(path, errors=errors)


# --- folders ----------------------------------------------------------------------------------------------------


def folder(tmp_path: Path) -> Path:
    store = tmp_path / "wandb"
    write(store / "run-20231114_a-aaa" / "run-aaa.wandb", *NODE)
    later = [w.run(START + 1000, id="bbb", name="next"), *(gpus(START + 1000 + t, 0, g0=100.0) for t in (0, 10, 20))]
    write(store / "run-20231114_b-bbb" / "run-bbb.wandb", *later, w.end(25))
    (store / "latest-run").symlink_to(store / "run-20231114_b-bbb", target_is_directory=True)
    return store


def test_a_folder_of_runs_is_a_table_and_a_link_is_no_run(tmp_path: Path) -> None:
    table = lca.read(folder(tmp_path))
    assert isinstance(table, lca.RunTable)
    assert [(run.name, run.joules, run.seconds) for run in table.runs] == [
        ("sort", 15000.0, 125.0),
        ("next", 2000.0, 25.0),
    ]
    assert table.runs[1].start == START + 1000
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
    write(store / "run-20231114_c-ccc" / "run-ccc.wandb", w.run(START, id="ccc", name="next"))
    with pytest.raises(LogError, match="several runs are called 'next'"):
        lca.read(store, run="next")


def test_a_run_of_a_folder_without_an_energy_says_why(tmp_path: Path) -> None:
    store = folder(tmp_path)
    write(store / "run-c-ccc" / "run-ccc.wandb", w.run(START + 9000, id="ccc"), *ROWS)
    shared = [gpus(START + t, g0=100.0, g1=50.0) for t in (0, 10)]
    write(store / "run-d-ddd" / "run-ddd.wandb", w.run(START + 9000, id="ddd"), *shared)
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
    records = [gpus(START + t, 0, g0=100.0) for t in (0, 10, 20)]
    for name in ("aaa", "bbb"):
        write(tmp_path / "wandb" / f"run-{name}" / f"run-{name}.wandb", w.run(START, id=name), *records, w.end(20))
    table = lca.read(tmp_path / "wandb")
    assert repr(table.energy()) == "<reading of wandb: 2000 J at the component>"
    assert any("runs overlap in time on the same GPUs" in note for note in table.notes)


# --- exports ----------------------------------------------------------------------------------------------------

CHART = (
    '"Relative Time (Process)","sort - system/gpu.0.powerWatts","sort - system/gpu.0.powerWatts__MIN",'
    '"sort - system/gpu.0.powerWatts__MAX"\n"15","100","90","110"\n"30","120","110","130"\n"45","","",""\n'
    '"60","100","90","110"\n'
)


def test_a_chart_of_the_page_is_power_over_time(tmp_path: Path) -> None:
    path = tmp_path / "chart.csv"
    path.write_text(CHART)
    log = lca.read(path)
    assert (log.format, log.dated) == ("wandb csv", False)
    assert repr(log.energy()) == "<reading of chart.csv: 4950 J at the component>"


def test_two_runs_of_a_chart_are_asked_for_and_named(tmp_path: Path) -> None:
    path = tmp_path / "chart.csv"
    path.write_text(
        "Wall Time,a - system/gpu.0.powerWatts,b - system/gpu.0.powerWatts,b - system/gpu.process.0.powerWatts\n"
        "1700000000,100,200,200\n1700000010,100,200,200\n"
    )
    with pytest.raises(LogError, match="does not say which"):
        lca.read(path).energy()
    assert lca.read(path).devices == ("a gpu 0", "b gpu 0")
    one = lca.read(path, run="b")
    assert (one.devices, one.own, one.dated) == (("gpu 0",), ("gpu 0",), True)
    assert repr(one.energy()) == "<reading of chart.csv: 2000 J at the component>"
    with pytest.raises(LogError, match="there is no run 'c'"):
        lca.read(path, run="c")


def test_events_of_the_api_are_power_over_time(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(
        ",_runtime,_timestamp,system.gpu.0.powerWatts,system.gpu.process.0.powerWatts,system.gpu.1.powerWatts\n"
        "0,15,1700000015.5,50,50,9\n1,30,1700000030.5,50,50,9\n"
    )
    log = lca.read(path)
    assert (log.own, log.start) == (("gpu 0",), 1_700_000_015.5)
    assert repr(log.energy()) == "<reading of events.csv: 750 J at the component>"


def test_bad_rows_of_a_chart_are_raised_together(tmp_path: Path) -> None:
    path = tmp_path / "chart.csv"
    path.write_text(CHART + '"x","1","1","1"\n"75","much","",""\n"90"\n"100","-5","",""\n')
    with pytest.raises(LogError, match="4 of 7 lines cannot be read"):
        lca.read(path)
    path.write_text("Wall Time,a - system/gpu.0.powerWatts\n1700000000000,100\n1700000010000,100\n")
    with pytest.raises(LogError, match="2 of 2 lines cannot be read") as raised:
        lca.read(path)
    assert "not a time in seconds since 1970" in raised.value.sides[0]


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("Step,a - system/gpu.0.powerWatts", "the samples of this log have no time"),
        ("Relative Time (Process),a - train/loss", "columns of other metrics"),
        ("Relative Time (Process),Group: x - system/gpu.0.powerWatts", "means over groups of runs"),
    ],
)
def test_a_chart_without_a_power_of_one_run_is_refused(tmp_path: Path, head: str, why: str) -> None:
    path = tmp_path / "chart.csv"
    path.write_text(f"{head}\n1,2\n2,2\n")
    with pytest.raises(LogError, match=why):
        lca.read(path)


def test_files_of_facts_are_refused_by_name(tmp_path: Path) -> None:
    metadata = {"startedAt": "2023-11-14T22:13:20.0", "heartbeatAt": "", "gpu": "NVIDIA A100", "gpu_count": 8}
    (tmp_path / "wandb-metadata.json").write_text(json.dumps(metadata))
    with pytest.raises(LogError, match="8 x NVIDIA A100, whoever uses them"):
        lca.read(tmp_path / "wandb-metadata.json")
    (tmp_path / "wandb-summary.json").write_text('{"_runtime": 257.85, "_step": 7, "_wandb": {"runtime": 287}}')
    with pytest.raises(LogError, match=r"the last row came after 257\.85 s, the end after 287 s"):
        lca.read(tmp_path / "wandb-summary.json")
    (tmp_path / "wandb-summary.json").write_text('{"_runtime": "x", "_wandb": 3} and more')
    with pytest.raises(LogError) as raised:
        lca.read(tmp_path / "wandb-summary.json")
    assert raised.value.what.endswith("the last values of a run")
