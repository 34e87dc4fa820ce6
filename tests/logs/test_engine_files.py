"""What NVIDIA's tools write beside the text of trtexec: traces, profiles, layers, metadata, Polygraphy (M9)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import LogError
from lca.logs.inference.inference_log import InferenceLog

INPUTS = Path(__file__).parent / "inputs"


def given(name: str, **said: str) -> InferenceLog:
    log = lca.read(INPUTS / name, **said)  # type: ignore[arg-type]
    assert isinstance(log, InferenceLog)
    return log


def read(folder: Path, made: Any, name: str = "made.json") -> InferenceLog:
    file = folder / name
    file.write_text(made if isinstance(made, str) else json.dumps(made), encoding="utf-8")
    log = lca.read(file)
    assert isinstance(log, InferenceLog)
    return log


def rate(log: InferenceLog, per: str = "inference") -> float:
    return float(lca.nominal(lca.parameter("rate", log.throughput(per))).data["value"])


def trace(count: int, first: float, step: float = 10.0, keys: str = "new") -> list[dict[str, float]]:
    """So many executions of 8 ms on the GPU and 9 ms on the host, one every `step` ms, the first at `first` ms."""
    into, out = ("H2d", "D2h") if keys == "new" else ("In", "Out")
    return [
        {"startEnqMs": t - 1, "endEnqMs": t, f"start{into}Ms": t, f"end{into}Ms": t + 0.5, "startComputeMs": t + 0.5,
         "endComputeMs": t + 8.5, f"start{out}Ms": t + 8.5, f"end{out}Ms": t + 9, "computeMs": 8.0, "latencyMs": 9.0}
        for t in (first + step * n for n in range(count))
    ]  # fmt: skip


# --- traces ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", ["old", "new"])
def test_m9_a_trace_gives_a_rate_and_its_own_percentiles(keys: str, tmp_path: Path) -> None:
    made = trace(101, 500.0, keys=keys)
    for n, item in enumerate(made):
        item["latencyMs"] = 9.0 + n / 100
    log = read(tmp_path, made)
    assert rate(log, "batch") == pytest.approx(101 / 1.009)
    row = log.latency.iloc[0]
    assert row["time"] == "latency, from the trace"
    assert [row[f"{name} [ms]"] for name in ("min", "median", "p90", "p99", "max")] == pytest.approx(
        [9.0, 9.5, 9.9, 9.99, 10.0]
    )


def test_m9_a_trace_that_begins_late_leaves_its_warmup_out(tmp_path: Path) -> None:
    warm = read(tmp_path, trace(20, 500.0)).runs[0].warmup
    assert warm is not None
    assert (warm.seconds, warm.left_out) == (0.5, True)
    cold = read(tmp_path, trace(20, 2.0))
    assert str(cold.runs[0].warmup).startswith("may be within the counts")


def timed(executions: int) -> str:
    line = "[03/01/2026-10:00:31] [I] "
    texts = (
        f"Timing trace has {executions} queries over {executions / 100} s",
        f"Throughput: {100} qps",
        f"Total Host Walltime: {executions / 100} s",
    )
    return "".join(f"{line}{text}\n" for text in texts)


def test_m9_the_counts_decide_what_of_a_trace_is_warm_up(tmp_path: Path) -> None:
    """100 executions timed, 120 in the trace: the first 20 are the warm-up, and they were slow."""
    made = trace(120, 2.0)
    for item in made[:20]:
        item["latencyMs"] = 90.0
    log = read(tmp_path, timed(100), "run.log").joined(read(tmp_path, made))
    (run,) = log.runs
    assert run.trace is not None
    assert run.trace.latency.size == 100
    assert run.trace.statistics["max"] == pytest.approx(0.009)
    assert str(run.warmup) == "20 executions, left out"
    assert run.total("batch") == (100.0, 0.0)
    (whole,) = read(tmp_path, timed(120), "run.log").joined(read(tmp_path, made)).runs
    assert whole.trace is not None
    assert whole.trace.statistics["max"] == pytest.approx(0.09)
    assert str(whole.warmup) == "left out"


def test_m9_the_counts_of_the_log_count_whichever_file_is_first(tmp_path: Path) -> None:
    log = read(tmp_path, trace(120, 2.0)).joined(read(tmp_path, timed(100), "run.log"))
    assert rate(log, "batch") == pytest.approx(100.0)
    assert log.runs[0].trace is not None
    assert log.runs[0].trace.latency.size == 100
    assert str(log.runs[0].warmup) == "20 executions, left out"
    both = read(tmp_path, trace(120, 2.0)).joined(given("trtexec_layers.json"))
    assert (both.runs[0].total("batch"), both.runs[0].batch) == ((120.0, 0.0), 8)
    assert str(both.runs[0].warmup).startswith("may be within the counts")


def test_m9_a_trace_of_another_run_raises(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"fewer executions than the run(.|\n)*150 executions(.|\n)*120 in the trace"):
        read(tmp_path, timed(150), "run.log").joined(read(tmp_path, trace(120, 2.0)))


def test_traces_one_after_the_other_are_runs(tmp_path: Path) -> None:
    log = read(tmp_path, json.dumps(trace(30, 2.0)) + "\n" + json.dumps(trace(10, 2.0, step=20.0)))
    assert [run.total("batch") for run in log.runs] == [(30.0, 0.0), (10.0, 0.0)]
    with pytest.raises(LogError, match=r"another number of runs(.|\n)*1 runs(.|\n)*2 runs"):
        read(tmp_path, timed(30), "run.log").joined(log)


def test_m6_a_trace_with_odd_values_raises_all_at_once(tmp_path: Path) -> None:
    made: list[dict[str, Any]] = list(trace(5, 500.0))
    made[1]["latencyMs"], made[3]["endD2hMs"] = "9", None
    with pytest.raises(LogError, match=r"2 values(.|\n)*execution 2: latencyMs: '9'(.|\n)*execution 4: endD2hMs: None"):
        read(tmp_path, made)
    backwards = trace(5, 500.0)
    backwards[2]["endD2hMs"] = backwards[2]["endComputeMs"] = 1.0
    with pytest.raises(LogError, match="ends before it begins"):
        read(tmp_path, backwards)


# --- profiles and layers ---------------------------------------------------------------------------------------


def test_m9_a_profile_has_its_own_count(tmp_path: Path) -> None:
    log = given("trtexec_profile.json")
    assert [run.profiled for run in log.runs] == [40, 20]
    first = log.sel(run="run (1)")
    assert first.profile["time [ms]"].tolist() == [11, 1, 4]
    assert "3, 16 ms together, mean of 40 executions of a profiling run" in repr(first)
    assert "run (2): 3, 30 ms together" in repr(log)
    with pytest.raises(LogError, match="a profiling run"):
        log.throughput("batch")


def test_a_layer_of_no_time_counts_as_none_and_a_profile_of_none_raises(tmp_path: Path) -> None:
    made = [{"count": 5}, {"name": "conv", "averageMs": 2.0}, {"name": "copy", "averageMs": 0}]
    assert read(tmp_path, made).profile["share of time"].tolist() == [1.0, 0.0]
    with pytest.raises(LogError, match="layers without a time"):
        read(tmp_path, [{"count": 5}, {"name": "conv", "averageMs": 0}])
    with pytest.raises(LogError, match=r"3 values(.|\n)*count: None(.|\n)*name of a layer: 3(.|\n)*averageMs: nan"):
        read(tmp_path, [{"count": None}, {"name": 3, "averageMs": 2.0}, {"name": "b", "averageMs": float("nan")}])
    file = tmp_path / "empty.json"
    file.write_text('[{"count": 5, "averageMs": 1}]', encoding="utf-8")
    with pytest.raises(LogError, match="no layer"):
        lca.read(file)


def test_m9_the_layers_of_an_engine_tell_the_batch(tmp_path: Path) -> None:
    layers = given("trtexec_layers.json")
    assert layers.runs[0].batch == 8
    assert layers.runs[0].fact("precision") == "FP16+FP32"
    log = read(tmp_path, timed(100), "run.log").joined(layers)
    assert rate(log) == pytest.approx(800.0)
    with pytest.raises(LogError, match="without a run"):
        layers.throughput()
    other = {"Name": "a", "Inputs": [{"Name": "in", "Dimensions": [4, 3, 2, 2]}], "Outputs": []}
    with pytest.raises(LogError, match="two ways"):
        log.joined(read(tmp_path, {"Layers": [other], "Bindings": ["in"]}))
    names = read(tmp_path, {"Layers": ["conv", "pool"], "Bindings": ["in", "out"]})
    assert names.runs[0].batch is None


# --- trt-engine-explorer ------------------------------------------------------------------------------------


def summary(**changes: Any) -> dict[str, Any]:
    made = json.loads((INPUTS / "trt-engine-explorer.json").read_text(encoding="utf-8"))
    made["performance_summary"] |= changes
    return made  # type: ignore[no-any-return]


def test_m9_the_throughput_of_metadata_counts_executions(tmp_path: Path) -> None:
    log = read(tmp_path, summary())
    assert log.runs[0].total("batch") == (1250.0, 0.0)
    assert rate(log) == pytest.approx(10_000 / 20.004)
    assert log.latency.set_index("time").loc["GPU compute", "p99 [ms]"] == 16.4
    assert log.runs[0].fact("device") == "NVIDIA A100"


def test_metadata_of_seven_statistics_has_three_percentiles(tmp_path: Path) -> None:
    log = read(tmp_path, summary(Latency=[1.0, 9.0, 2.0, 2.5, 3.0, 4.0, 5.0]))
    assert log.runs[0].times["latency"] == pytest.approx(
        {"min": 0.001, "max": 0.009, "mean": 0.002, "median": 0.0025, "p90": 0.003, "p95": 0.004, "p99": 0.005}
    )
    with pytest.raises(LogError, match=r"2 values(.|\n)*Throughput: 'fast'(.|\n)*Latency: \[1.0, 2.0\]"):
        read(tmp_path, summary(Latency=[1.0, 2.0], Throughput="fast"))


def test_metadata_of_a_build_hold_no_run(tmp_path: Path) -> None:
    log = read(tmp_path, {"model_options": {"Model": "/a/net.onnx"}, "build_options": {"Precision": "FP32+INT8"}})
    assert log.runs[0].fact("model") == "net.onnx"
    assert log.notes == ("the options of a build, without a run",)
    with pytest.raises(LogError, match="not known"):
        log.throughput()
    both = read(tmp_path, summary()).joined(log)
    assert both.runs[0].fact("precision") == "FP32+INT8"


# --- Polygraphy, and a benchmark in Python ----------------------------------------------------------------------


def test_m9_polygraphy_says_iterations_and_their_time() -> None:
    log = given("polygraphy.log")
    (run,) = log.runs
    assert (run.name, run.batch, run.total("batch"), run.seconds) == ("trt-runner", 8, (200.0, 0.0), (3.2, 0.0005))
    assert rate(log) == pytest.approx(500.0)
    assert str(run.warmup) == "50 executions, left out"
    assert run.fact("precision") == "FP32+FP16"
    assert run.fact("version") == "TensorRT 10.3.0"


def test_m9_one_cold_iteration_shows_no_rate(tmp_path: Path) -> None:
    text = (INPUTS / "polygraphy.log").read_text(encoding="utf-8").replace(" --warm-up=50", "")
    cold = text.replace(
        "200 iteration(s) in 3200 ms | Average inference time: 16",
        "1 iteration(s) in 70 ms | Average inference time: 70",
    )
    log = read(tmp_path, cold, "run.log")
    assert log.latency["mean [ms]"].tolist() == [70.0]
    with pytest.raises(LogError, match=r"1 of the 10 iterations that a rate needs(.|\n)*with a warm-up before"):
        log.throughput("batch")
    with pytest.raises(LogError, match="cold"):
        log.joined(given("trtexec_layers.json")).throughput("batch")
    assert rate(read(tmp_path, text, "run.log"), "batch") == pytest.approx(62.5)


def test_m6_a_line_of_polygraphy_that_is_cut_raises(tmp_path: Path) -> None:
    text = (INPUTS / "polygraphy.log").read_text(encoding="utf-8").replace("in 3200 ms", "in 32OO ms")
    with pytest.raises(LogError, match=r"no iterations with their time"):
        read(tmp_path, text, "run.log")


def test_m9_iterations_times_their_mean_are_their_time(tmp_path: Path) -> None:
    text = (INPUTS / "polygraphy.log").read_text(encoding="utf-8")
    with pytest.raises(LogError, match=r"not what it counted(.|\n)*50 batch/s stated; 200 in 3.2 s are 62.5/s"):
        read(tmp_path, text.replace("time: 16 ms", "time: 20 ms"), "run.log")
    with pytest.raises(LogError, match="batch counted = 0"):
        read(tmp_path, text.replace("200 iteration(s)", "0 iteration(s)"), "run.log")


def test_m9_a_benchmark_in_python_is_timed_by_its_latencies(tmp_path: Path) -> None:
    log = given("trt_python_profiler.json")
    (run,) = log.runs
    assert run.seconds is not None
    assert run.seconds.value == pytest.approx(0.102)
    assert rate(log, "batch") == pytest.approx(10 / 0.102)
    assert rate(log) == pytest.approx(40 / 0.102)
    assert str(run.warmup) == "5 executions, left out"
    assert log.latency["mean [ms]"][0] == pytest.approx(10.2)


def python_run(**changes: Any) -> dict[str, Any]:
    text = json.loads((INPUTS / "trt_python_profiler.json").read_text(encoding="utf-8"))
    return json.loads(text) | changes  # type: ignore[no-any-return]


def test_a_rate_of_images_and_one_of_executions_both_fit(tmp_path: Path) -> None:
    assert rate(read(tmp_path, python_run(avg_throughput=40 / 0.102)), "batch") == pytest.approx(10 / 0.102)
    with pytest.raises(LogError, match="not what it counted over the time"):
        read(tmp_path, python_run(avg_throughput=50.0))
    assert read(tmp_path, python_run(avg_throughput=None)).runs[0].rates == {}


@pytest.mark.parametrize("shape", [[4, "x"], [4, -1], "4x3", None, [4], [0, 3]])
def test_a_shape_that_is_open_has_no_batch(shape: Any, tmp_path: Path) -> None:
    made = python_run()
    made["config"]["input_shape"] = shape
    assert read(tmp_path, made).runs[0].batch is None


@pytest.mark.parametrize("latencies", [[], [0.01, -1], [0.01, None], "fast", [0.01, float("inf")]])
def test_m6_latencies_that_are_none_raise(latencies: Any, tmp_path: Path) -> None:
    with pytest.raises(LogError):
        read(tmp_path, python_run(latencies=latencies))


def test_percentiles_are_linear_between_executions() -> None:
    made = given("trtexec_times.json").runs[0].trace
    assert made is not None
    assert made.statistics["p90"] == pytest.approx(float(np.quantile(made.latency, 0.9)))
