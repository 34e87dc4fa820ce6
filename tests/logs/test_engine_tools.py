"""ONNX Runtime, OpenVINO and TensorFlow Lite: what counts as an execution, and for how long (M9)."""

from __future__ import annotations

import json
from pathlib import Path

import pandas
import pytest

import lca
from lca.errors import LogError
from lca.logs.inference.inference_log import InferenceLog

INPUTS = Path(__file__).parent / "inputs"
PROFILE, OPENVINO, TFLITE = (
    (INPUTS / name).read_text(encoding="utf-8")
    for name in ("onnx_runtime_profile.json", "openvino_benchmark_app.log", "tflite_benchmark_model.log")
)
#: Versions of OpenVINO before 2022: no "[ INFO ]", and FPS of synchronous runs is the batch over the median latency.
OLD_OPENVINO = """\
[Step 5/11] Resizing network to match image sizes and given batch
Network batch size: 4
[Step 10/11] Measuring performance (Start inference synchronously, limits: 10000 ms duration)
[Step 11/11] Dumping statistics report
Count:      100 iterations
Duration:   10000.00 ms
Latency:    80.00 ms
Throughput: 50.00 FPS
"""
#: TensorFlow Lite of 2021: no prefix, no percentiles, and a warm-up of one run, which has no mean.
OLD_TFLITE = """\
STARTING!
Num threads: [4]
Inter-run delay (seconds): [-1]
Graph: [./small_net.tflite]
Running benchmark for at least 1 iterations and at least 0.5 seconds but terminate if exceeding 150 seconds.
count=1 curr=3500000

Running benchmark for at least 50 iterations and at least 1 seconds but terminate if exceeding 150 seconds.
count=50 first=2990000 curr=2910000 min=2720000 max=3180000 avg=2.95e+06 std=109000

Inference timings in us: Init: 17000, First inference: 3500000, Warmup (avg): 3.5e+06, Inference (avg): 2.95e+06
"""


def read(folder: Path, text: str, **said: object) -> InferenceLog:
    file = folder / "engine.log"
    file.write_text(text, encoding="utf-8")
    log = lca.read(file, **said)  # type: ignore[arg-type]
    assert isinstance(log, InferenceLog)
    return log


def rate(log: InferenceLog, per: str = "inference") -> float:
    return float(lca.nominal(lca.parameter("rate", log.throughput(per))).data["value"])


# --- ONNX Runtime --------------------------------------------------------------------------------------------


def test_m9_the_first_execution_of_onnx_runtime_is_cold_and_left_out(tmp_path: Path) -> None:
    """40 ms, then 1 ms and 1.5 ms with a pause of 0.5 ms between: 2 executions of 4 in 3 ms of wall time."""
    log = read(tmp_path, PROFILE)
    (run,) = log.runs
    assert (run.batch, str(run.warmup)) == (4, "1 execution, left out")
    assert run.fact("first execution") == "40 ms, its nodes 39 ms"
    assert rate(log) == pytest.approx(8 / 3e-3)
    assert rate(log, "batch") == pytest.approx(2 / 3e-3)
    assert run.latency["mean"] == pytest.approx(1.25e-3)


def test_m9_layers_of_onnx_runtime_are_outer_nodes_of_warm_executions(tmp_path: Path) -> None:
    """Fences are no work, and a node in the body of a Loop is within the time of the Loop."""
    profile = read(tmp_path, PROFILE).profile
    assert profile["layer"].tolist() == ["stem", "body"]
    assert profile["time [ms]"].tolist() == pytest.approx([0.4, 0.6])


def test_m9_a_profile_with_the_cold_execution_alone_has_no_rate(tmp_path: Path) -> None:
    events = json.loads(PROFILE)[:6]
    log = read(tmp_path, json.dumps(events))
    with pytest.raises(LogError, match="one whole execution, the first: it is cold, and took 40 ms"):
        log.throughput("batch")
    assert not log.runs[0].layers


def test_m9_a_cut_profile_gives_layers_from_what_is_behind_the_cold_execution(tmp_path: Path) -> None:
    events = [event for event in json.loads(PROFILE) if event["name"] != "model_run" or event["ts"] < 60_000]
    log = read(tmp_path, json.dumps(events))
    assert log.profile["time [ms]"].tolist() == pytest.approx([0.4, 0.6])
    assert "the end of the file is missing" in repr(log)
    with pytest.raises(LogError, match="it is cold"):
        log.throughput("batch")


def test_m6_events_of_onnx_runtime_without_a_time_are_listed(tmp_path: Path) -> None:
    events = json.loads(PROFILE)
    events[2]["dur"], events[3]["ts"] = None, -1
    with pytest.raises(LogError, match=r"2 values(.|\n)*event 3: 'stem_kernel_time'(.|\n)*event 4"):
        read(tmp_path, json.dumps(events))


def test_m9_a_profile_beside_a_power_log_gives_layers(tmp_path: Path) -> None:
    log = read(tmp_path, PROFILE)
    power = lca.power_log(pandas.Series([8.0] * 4, index=pandas.Index([0, 1e-3, 2e-3, 3e-3], name="s")), at="board")
    energy = float(lca.nominal(lca.parameter("one", log.energy(power))).to("J at_board/inference"))
    assert energy == pytest.approx(8 * 3e-3 / 8)
    assert log.layers(power).data["share of time"].tolist() == pytest.approx([0.4, 0.6])


# --- OpenVINO ------------------------------------------------------------------------------------------------


def test_m9_the_latency_of_openvino_is_not_one_over_its_throughput(tmp_path: Path) -> None:
    """500 executions of 8 in 10.01 s, each 80 ms: 4 ran at a time."""
    log = read(tmp_path, OPENVINO)
    (run,) = log.runs
    assert rate(log) == pytest.approx(500 * 8 / 10.01, rel=1e-5)
    assert log.data["executions at a time"].item() == pytest.approx(500 / 10.01 * 0.080, rel=1e-4)
    assert (run.streams, run.batch, run.latency["min"]) == (4, 8, pytest.approx(900.5e-6))
    assert dict(run.facts) == {
        "version": "OpenVINO 2024.1.0-15008-abc", "model": "small_net", "precision": "BF16", "device": "CPU",
        "first execution": "31.70 ms",
    }  # fmt: skip


def test_m9_the_batch_of_openvino_is_fps_over_executions(tmp_path: Path) -> None:
    summary = OPENVINO[OPENVINO.index("[Step 11/11]") :]
    assert read(tmp_path, summary).runs[0].batch == 8
    dynamic = summary.replace("399.60", "374.60")  # 7.5 inferences in an execution
    log = read(tmp_path, dynamic)
    assert log.runs[0].batch is None
    assert rate(log, "batch") == pytest.approx(500 / 10.01, rel=1e-5)
    with pytest.raises(LogError, match="the size of a batch is not known"):
        log.throughput()


def test_m9_the_old_fps_of_synchronous_runs_is_no_rate(tmp_path: Path) -> None:
    """100 executions of 4 in 10 s are 40 a second; 50 is 4 over the median latency."""
    log = read(tmp_path, OLD_OPENVINO)
    assert rate(log) == pytest.approx(40)
    assert "FPS is the batch over the median latency" in repr(log)
    with pytest.raises(LogError, match="45 inference/s stated"):
        read(tmp_path, OLD_OPENVINO.replace("50.00 FPS", "45.00 FPS"))


def test_several_runs_of_openvino_and_a_percentile(tmp_path: Path) -> None:
    second = OPENVINO.replace("Median:        78.00", "95 percentile:    110.00").replace("size: 8", "size: 4")
    log = read(tmp_path, OPENVINO + second.replace("399.60", "199.80"))
    assert log.data["batch"].tolist() == [8, 4]
    assert log.runs[1].latency["p95"] == pytest.approx(0.110)


@pytest.mark.parametrize(("old", "new", "why"), [
    ("500 iterations", "many iterations", "no count, duration or throughput"),
    ("500 iterations", "0 iterations", "without its count"),
    ("[ INFO ] Duration:         10010.00 ms\n", "", "without its count"),
    ("10010.00 ms", "1e99 ms", "no count, duration"),
    ("[ INFO ] Count:", "[ INFO ] Count:            2 iterations\n[ INFO ] Count:", "of one run"),
    ("80.00 ms", "? ms", "no latency"),
])  # fmt: skip
def test_m6_bad_lines_of_openvino(old: str, new: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(LogError, match=why):
        read(tmp_path, OPENVINO.replace(old, new))


# --- TensorFlow Lite -----------------------------------------------------------------------------------------


def test_m9_runs_of_tensorflow_lite_take_their_count_times_their_mean(tmp_path: Path) -> None:
    """50 runs of a batch of 2, each 100.5 ms; the mean is printed with six digits."""
    log = read(tmp_path, TFLITE)
    (run,) = log.runs
    assert log.seconds == pytest.approx(5.025)
    assert rate(log) == pytest.approx(100 / 5.025)
    assert (run.batch, str(run.warmup)) == (2, "5 executions, left out")
    assert run.latency["p95"] == pytest.approx(0.102)
    low, high = log.throughput("batch").values[0].reach  # type: ignore[union-attr]
    assert (high - low) / (2 * rate(log, "batch")) == pytest.approx(0.5 / 100_500, rel=1e-3)


def test_m9_operators_of_tensorflow_lite_count_as_often_as_they_are_called(tmp_path: Path) -> None:
    profile = read(tmp_path, TFLITE).profile
    assert profile["layer"].tolist() == ["[stem/Relu6]:0", "[body/Relu6]:1"]
    assert profile["time [ms]"].tolist() == pytest.approx([70, 30])
    assert "profiled while the runs were timed" in repr(read(tmp_path, TFLITE))


def test_the_old_layout_of_tensorflow_lite(tmp_path: Path) -> None:
    log = read(tmp_path, OLD_TFLITE)
    assert log.seconds == pytest.approx(50 * 2.95)
    assert str(log.runs[0].warmup) == "1 execution, left out"
    with pytest.raises(LogError, match="the size of a batch is not known"):
        log.throughput()
    assert rate(log.with_batch(2)) == pytest.approx(2 / 2.95)


def test_the_log_of_android_has_another_prefix(tmp_path: Path) -> None:
    text = "".join(f"03-01 10:00:00.000  123  123 I tflite  : {line}\n" for line in OLD_TFLITE.splitlines())
    assert read(tmp_path, text).seconds == pytest.approx(50 * 2.95)


def test_m9_a_delay_between_runs_leaves_no_rate(tmp_path: Path) -> None:
    log = read(tmp_path, OLD_TFLITE.replace("[-1]", "[0.5]"))
    with pytest.raises(LogError, match="waited between runs"):
        log.throughput("batch")


def test_several_runs_of_tensorflow_lite(tmp_path: Path) -> None:
    log = read(tmp_path, OLD_TFLITE + TFLITE)
    assert log.data["seconds"].tolist() == pytest.approx([147.5, 5.025])
    assert [len(run.layers) for run in log.runs] == [0, 2]
    again = read(tmp_path, TFLITE + OLD_TFLITE)
    assert [run.batch for run in again.runs] == [2, None]  # options are those of one run


@pytest.mark.parametrize(("old", "new", "why"), [
    ("avg=1.005e+05", "avg=nan", "no statistics"),
    ("avg=1.005e+05", "avg=1.5e+05", "another mean than that of the runs, 150000 us"),
    ("min=99000", "min=102000", "outside of"),
    ("Inference (avg): 100500", "Inference (avg): 100600", "another mean than that of the runs, 100500 us"),
    ("  70.000\t 70.000%", "  70.0.0\t 70.000%", "no time of an operator"),
])  # fmt: skip
def test_m6_bad_lines_of_tensorflow_lite(old: str, new: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(LogError, match=why):
        read(tmp_path, TFLITE.replace(old, new))
