"""The text of trtexec: executions or images, 0 queries/s, several runs, streams, profiles (M9)."""

from __future__ import annotations

from pathlib import Path

import pytest

import lca
from lca.errors import LogError
from lca.logs.inference.inference_log import InferenceLog

INPUTS = Path(__file__).parent / "inputs"
#: The old layout, of TensorRT 7: 2,000 images in 10 s, 250 executions of 8.
OLD = """\
&&&& RUNNING TensorRT.trtexec # trtexec --deploy=net.prototxt --int8 --batch=8 --output=prob
[02/01/2026-09:00:00] [I] Prototxt: /models/net.prototxt
[02/01/2026-09:00:00] [I] Precision: FP32+INT8
[02/01/2026-09:00:00] [I] Batch: 8
[02/01/2026-09:00:00] [I] Duration: 10s (+ 200ms warm up)
[02/01/2026-09:00:00] [I] Streams: 1
[02/01/2026-09:00:07] [I] Starting inference threads
[02/01/2026-09:00:18] [I] Warmup completed 40 queries over 200 ms
[02/01/2026-09:00:18] [I] Timing trace has 2000 queries over 10 s
[02/01/2026-09:00:18] [I] Host Latency
[02/01/2026-09:00:18] [I] min: 38 ms (end to end 39 ms)
[02/01/2026-09:00:18] [I] max: 44 ms (end to end 45 ms)
[02/01/2026-09:00:18] [I] mean: 40 ms (end to end 41 ms)
[02/01/2026-09:00:18] [I] median: 39.5 ms (end to end 40.5 ms)
[02/01/2026-09:00:18] [I] percentile: 43 ms at 99% (end to end 44 ms at 99%)
[02/01/2026-09:00:18] [I] throughput: 200 qps
[02/01/2026-09:00:18] [I] walltime: 10 s
[02/01/2026-09:00:18] [I] Enqueue Time
[02/01/2026-09:00:18] [I] min: 1 ms
[02/01/2026-09:00:18] [I] max: 3 ms
[02/01/2026-09:00:18] [I] median: 2 ms
[02/01/2026-09:00:18] [I] GPU Compute
[02/01/2026-09:00:18] [I] min: 37 ms
[02/01/2026-09:00:18] [I] max: 42 ms
[02/01/2026-09:00:18] [I] mean: 38.4 ms
[02/01/2026-09:00:18] [I] median: 38.2 ms
[02/01/2026-09:00:18] [I] percentile: 41.5 ms at 99%
[02/01/2026-09:00:18] [I] total compute time: 9.6 s
&&&& PASSED TensorRT.trtexec # trtexec --deploy=net.prototxt --int8 --batch=8 --output=prob
"""
#: A summary from TensorRT 8 on, without the options: 300 executions in 3 s.
NEW = """\
[02/01/2026-09:00:18] [I] === Performance summary ===
[02/01/2026-09:00:18] [I] Throughput: 100 qps
[02/01/2026-09:00:18] [I] Latency: min = 9 ms, max = 12 ms, mean = 10 ms, median = 9.9 ms, percentile(99%) = 11.5 ms
[02/01/2026-09:00:18] [I] GPU Compute Time: min = 8 ms, max = 11 ms, mean = 9 ms, median = 9 ms, percentile(99%) = 10 ms
[02/01/2026-09:00:18] [I] Total Host Walltime: 3 s
[02/01/2026-09:00:18] [I] Total GPU Compute Time: 2.7 s
"""


def read(folder: Path, text: str, **said: object) -> InferenceLog:
    file = folder / "engine.log"
    file.write_text(text, encoding="utf-8")
    log = lca.read(file, **said)  # type: ignore[arg-type]
    assert isinstance(log, InferenceLog)
    return log


def rate(log: InferenceLog, per: str = "inference") -> float:
    return float(lca.nominal(lca.parameter("rate", log.throughput(per))).data["value"])


def test_m9_queries_of_an_explicit_batch_are_executions() -> None:
    log = lca.read(INPUTS / "trtexec.log")
    assert isinstance(log, InferenceLog)
    (run,) = log.runs
    assert run.batch == 8
    assert run.total("batch") == (1250.0, 0.0)
    assert run.total("inference") == (10_000.0, 0.0)
    assert rate(log, "batch") == pytest.approx(1250 / 20.004)
    assert rate(log) == pytest.approx(10_000 / 20.004)
    assert log.seconds == 20.004
    facts = {name: run.fact(name) for name in ("model", "version", "device", "precision")}
    assert facts == {"model": "net.onnx", "version": "TensorRT 8.6.2", "device": "Orin", "precision": "FP32+FP16"}
    assert run.streams == 1


def test_m9_queries_of_the_old_option_are_images(tmp_path: Path) -> None:
    log = read(tmp_path, OLD)
    (run,) = log.runs
    assert run.batch == 8
    assert run.total("inference") == (2000.0, 0.0)
    assert run.total("batch") == (250.0, 0.0)
    assert rate(log) == 200.0
    assert rate(log, "batch") == 25.0
    assert run.warmup is not None
    assert (run.warmup.executions, run.warmup.seconds, run.warmup.left_out) == (5.0, 0.2, True)
    assert run.fact("model") == "net.prototxt"


def test_the_old_layout_has_a_time_from_end_to_end(tmp_path: Path) -> None:
    table = read(tmp_path, OLD).latency.set_index("time")
    assert table["mean [ms]"].to_dict() == pytest.approx(
        {"latency": 40, "end to end": 41, "enqueue": float("nan"), "GPU compute": 38.4}, nan_ok=True
    )
    assert table["p99 [ms]"]["latency"] == 43
    assert table["p99 [ms]"]["end to end"] == 44
    assert list(table.columns) == ["run", "min [ms]", "mean [ms]", "median [ms]", "p99 [ms]", "max [ms]"]


def test_m9_a_new_layout_with_the_old_option_still_counts_images(tmp_path: Path) -> None:
    """The time of the GPU tells: 2.7 s of 9 ms are 300 executions, so 2,400 queries are images."""
    log = read(tmp_path, NEW.replace("100 qps", "800 qps"))
    assert log.runs[0].batch == 8
    assert rate(log, "batch") == pytest.approx(100)
    assert rate(log) == pytest.approx(800)


def test_m9_a_rate_alone_counts_images_where_the_option_says_so(tmp_path: Path) -> None:
    """Of a summary without wall time and time of the GPU only the rate is known."""
    alone = "".join(line for line in OLD.splitlines(keepends=True) if "time: " not in line and "trace has" not in line)
    log = read(tmp_path, alone)
    assert rate(log) == pytest.approx(200.0)
    assert rate(log, "batch") == pytest.approx(25.0)
    with pytest.raises(LogError, match="the time that a run took is not known"):
        _ = log.seconds


def test_m9_counts_that_contradict_the_batch_raise(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"do not fit together(.|\n)*queries: 2000(.|\n)*the GPU: 125(.|\n)*batch: 8"):
        read(tmp_path, OLD.replace("total compute time: 9.6 s", "total compute time: 4.8 s"))
    with pytest.raises(LogError, match="do not fit together"):
        read(tmp_path, OLD.replace("Batch: 8", "Batch: Explicit"))


def test_m9_without_shapes_the_batch_is_asked_for(tmp_path: Path) -> None:
    log = read(tmp_path, NEW)
    assert rate(log, "batch") == 100.0
    with pytest.raises(LogError, match=r"per inference is not known(.|\n)*size of a batch(.|\n)*with_batch\(8\)"):
        log.throughput()
    assert rate(log.with_batch(4)) == 400.0
    with pytest.raises(LogError, match=r"two ways(.|\n)*batch 8: 8(.|\n)*given: 4"):
        read(tmp_path, OLD).with_batch(4)


def test_m9_zero_queries_a_second_are_missing_and_the_executions_follow_from_the_gpu(tmp_path: Path) -> None:
    zero = OLD.replace("--batch=8", "").replace("Batch: 8", "Batch: Explicit")
    zero = zero.replace("has 2000 queries", "has 0 queries").replace("throughput: 200 qps", "throughput: 0 qps")
    log = read(tmp_path, zero)
    assert log.runs[0].total("batch") == (250.0, 0.0)
    assert rate(log, "batch") == 25.0
    with pytest.raises(LogError, match=r"0 queries/s are printed(.|\n)*40 ms means about 25 executions/s"):
        read(tmp_path, zero.replace("total compute time: 9.6 s", "")).throughput("batch")


def test_runs_one_after_the_other_are_told_apart(tmp_path: Path) -> None:
    several = "".join(
        OLD.replace("8 --output", f"{size} --output").replace("Batch: 8", f"Batch: {size}").replace("9.6 s", f"{cut} s")
        for size, cut in ((1, 76.8), (8, 9.6), (16, 4.8))
    )
    log = read(tmp_path, several)
    assert [run.batch for run in log.runs] == [1, 8, 16]
    assert [run.total("batch").value for run in log.runs] == [2000, 250, 125]  # type: ignore[union-attr]
    assert log.throughput("batch").dims[0].name == "run"
    assert rate(log.sel(batch=16), "batch") == 12.5
    assert rate(log.sel(run="batch 8"), "batch") == rate(log.sel(batch="8"), "batch") == 25.0
    assert rate(read(tmp_path, several, run="batch 1"), "batch") == 200.0
    assert "3" in repr(log)
    with pytest.raises(LogError, match="no run has these values"):
        log.sel(batch=3)
    with pytest.raises(LogError, match=r"no column 'batsh'(.|\n)*batch"):
        log.sel(batsh=3)
    with pytest.raises(LogError, match="no run 'batch 2'"):
        read(tmp_path, several, run="batch 2")


def test_runs_without_the_lines_of_the_command_are_told_apart_by_their_summaries(tmp_path: Path) -> None:
    log = read(tmp_path, NEW + NEW.replace("100 qps", "50 qps").replace("2.7 s", "1.35 s"))
    assert [run.name for run in log.runs] == ["run (1)", "run (2)"]
    assert [run.total("batch").value for run in log.runs] == [300, 150]  # type: ignore[union-attr]


def test_a_run_that_failed_is_left_out(tmp_path: Path) -> None:
    failed = OLD.split("[02/01/2026-09:00:18]")[0] + "&&&& FAILED TensorRT.trtexec # trtexec\n"
    log = read(tmp_path, failed + OLD)
    assert len(log.runs) == 1
    assert log.notes == ("line 1: the run failed, and is left out",)
    with pytest.raises(LogError, match="no run of a benchmark"):
        read(tmp_path, failed)


def test_m9_several_streams_hold_more_gpu_time_than_wall_time(tmp_path: Path) -> None:
    """8 streams: 2,400 executions of 9.9 ms, 23.76 s of the GPU in 3 s."""
    wide = NEW.replace("100 qps", "800 qps").replace("2.7 s", "23.76 s").replace("mean = 9 ms", "mean = 9.9 ms")
    wide = wide.replace("max = 11 ms, mean", "max = 12 ms, mean")
    log = read(
        tmp_path, "[02/01/2026-09:00:00] [I] Batch: Explicit\n[02/01/2026-09:00:00] [I] Inference Streams: 8\n" + wide
    )
    assert log.runs[0].streams == 8
    assert rate(log, "batch") == 800.0
    assert log.data["executions at a time"][0] == pytest.approx(8.0)
    assert log.notes == ("several executions at a time: 23.76 s of work of the GPU in 3 s",)
    half_more = NEW.replace("100 qps", "150 qps").replace("2.7 s", "4.05 s")
    assert read(tmp_path, half_more).notes == ("several executions at a time: 4.05 s of work of the GPU in 3 s",)


def test_no_transfers_are_noted(tmp_path: Path) -> None:
    none = "min = 0 ms, max = 0 ms, mean = 0 ms, median = 0 ms, percentile(90%) = 0 ms, percentile(99.9%) = 0 ms"
    moved = "".join(f"[02/01/2026-09:00:18] [I] {name} Latency: {none}\n" for name in ("H2D", "D2H"))
    log = read(tmp_path, NEW + moved)
    assert "without transfers" in log.notes[0]
    assert "p99.9 [ms]" in log.latency.columns
    assert read(tmp_path, NEW).notes == ()


def test_m9_a_profile_gives_shares_and_no_rate(tmp_path: Path) -> None:
    text = (INPUTS / "trtexec.log").read_text(encoding="utf-8")
    begin = text.index("[03/01/2026-10:00:31] [I] Warmup")
    alone = text[:begin] + text[text.index("[03/01/2026-10:00:31] [I] === Profile (40") :]
    log = read(tmp_path, alone)
    assert log.profile["layer"].tolist() == ["conv1 + relu1", "pool1", "fc"]
    assert log.profile["time [ms]"].tolist() == [11, 1, 4]
    assert log.profile["share of time"].tolist() == [0.6875, 0.0625, 0.25]
    assert log.runs[0].profiled == 40
    with pytest.raises(LogError, match="a profiling run, without the time of whole executions"):
        log.throughput()
    old = """\
[02/01/2026-09:00:18] [I] === Profile (40 iterations ) ===
[02/01/2026-09:00:18] [I]                          Layer   Time (ms)   Avg. Time (ms)   Median Time (ms)   Time %
[02/01/2026-09:00:18] [I]                  conv1 + relu1      440.00          11.0000            10.9000     68.8
[02/01/2026-09:00:18] [I]                          Total      440.00          11.0000            10.9000    100.0
"""
    assert read(tmp_path, NEW + old).profile["time [ms]"].tolist() == [11]


def test_layers_that_do_not_sum_to_their_total_are_noted(tmp_path: Path) -> None:
    text = (INPUTS / "trtexec.log").read_text(encoding="utf-8")
    lost = "\n".join(line for line in text.splitlines() if "pool1" not in line)
    assert any("layers sum to 0.6 s, and not to the 0.64 s printed" in note for note in read(tmp_path, lost).notes)


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("Throughput: 100 qps", "Throughput: nan qps"),
        ("Throughput: 100 qps", "Throughput: 100"),
        ("mean = 10 ms", "mean = -10 ms"),
        ("Total Host Walltime: 3 s", "Total Host Walltime: 3 ms"),
    ],
)
def test_m6_a_line_that_cannot_be_read_raises(line: str, bad: str, tmp_path: Path) -> None:
    with pytest.raises(LogError, match="1 of 2 lines cannot be read"):
        read(tmp_path, NEW.replace(line, bad))
    skipped = read(tmp_path, NEW.replace(line, bad), errors="skip")
    assert "1 of 2 lines could not be read" in skipped.notes[-1]


def test_m6_numbers_that_cannot_be_raise(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"mean = 0.02 s, outside of 0.009 to 0.012 s"):
        read(tmp_path, NEW.replace("mean = 10 ms", "mean = 20 ms"))
    with pytest.raises(LogError, match=r"mean = 0.008 s, outside of 0.009 to inf s"):
        read(tmp_path, NEW.replace("max = 12 ms, mean = 10 ms", "mean = 8 ms"))
    with pytest.raises(LogError, match=r"seconds = 0"):
        read(tmp_path, NEW.replace("Walltime: 3 s", "Walltime: 0 s"))
    with pytest.raises(LogError, match=r"not what it counted(.|\n)*300 inference/s stated; 2000 in 10 s are 200/s"):
        read(tmp_path, OLD.replace("throughput: 200 qps", "throughput: 300 qps"))


def test_a_log_that_is_cut_says_so(tmp_path: Path) -> None:
    cut = OLD[: OLD.index("[02/01/2026-09:00:18] [I] Host Latency")]
    log = read(tmp_path, cut)
    assert rate(log) == 200.0
    assert log.notes == ("the log ends before the run did: what comes after is not known",)


def test_a_shape_that_nobody_asked_for_is_noted(tmp_path: Path) -> None:
    set_by_the_tool = """\
[02/01/2026-09:00:18] [W] Shape missing for input with dynamic shape: xAutomatically setting shape to: 1x1x28x28
[02/01/2026-09:00:18] [I] Input binding for x with dimensions 1x1x28x28 and type fp32 is created.
"""
    log = read(tmp_path, set_by_the_tool + NEW)
    assert log.notes == ("a dynamic shape was not asked for: the tool set it, and the batch",)
    assert rate(log) == 100.0


def test_versions_are_read_from_the_digits_of_the_header(tmp_path: Path) -> None:
    for digits, version in {"8503": "8.5.3", "101600": "10.16.0", "110000": "11.0.0"}.items():
        header = f"&&&& RUNNING TensorRT.trtexec [TensorRT v{digits}] [b1] # trtexec --onnx=net.onnx\n"
        assert read(tmp_path, header + NEW).runs[0].fact("version") == f"TensorRT {version}"


def test_lines_whose_stamps_were_cut_off_are_read(tmp_path: Path) -> None:
    bare = "\n".join(line.partition("] ")[2] for line in NEW.splitlines())
    log = read(tmp_path, bare)
    assert rate(log, "batch") == 100.0
    assert log.runs[0].began is None


def test_a_table_in_a_notebook_has_a_word_where_there_is_no_number(tmp_path: Path) -> None:
    assert "<td>enqueue</td><td>1</td><td>n/a</td><td>2</td>" in read(tmp_path, OLD)._repr_html_()


def test_a_log_shows_itself(tmp_path: Path) -> None:
    log = read(tmp_path, OLD)
    assert "2,000 inferences, 250 executions in 10 s: 200 inferences/s, 25 executions/s" in repr(log)
    assert "5 executions, 0.2 s, left out" in repr(log)
    assert "latency" in log._repr_html_()
