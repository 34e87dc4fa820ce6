"""Benchmarks of servers: requests that were served, their tokens, and the energy of each (M9, A3).

All inputs are of one made run: 100 requests were served and 3 failed in 50 s, at most 16 at a time, with 200 tokens in
and 100 out each. A request took 7.2 s in the mean.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas
import pytest

import lca
from lca.errors import LogError
from lca.interpretation.log_report import described
from lca.logs.inference.inference_log import InferenceLog
from lca.logs.power.power_log import PowerLog

INPUTS = Path(__file__).parent / "inputs"
VLLM, VLLM_JSON, SGLANG, SGLANG_JSON, AIPERF, AIPERF_CSV, RECORDS, GENAI_PERF_CSV = (
    (INPUTS / name).read_text(encoding="utf-8")
    for name in ("vllm_bench_serve.log", "vllm_bench_serve_json.json", "sglang_bench_serving.log",
                 "sglang_bench_serving_json.jsonl", "aiperf.json", "aiperf_csv.csv", "aiperf_records.jsonl",
                 "genai-perf_csv.csv")
)  # fmt: skip
SAME_RUN = ("vllm_bench_serve.log", "vllm_bench_serve_json.json", "sglang_bench_serving.log", "aiperf.json",
            "aiperf_csv.csv", "genai-perf.json", "genai-perf_csv.csv")  # fmt: skip


def read(folder: Path, text: str, **said: object) -> InferenceLog:
    file = folder / "server.log"
    file.write_text(text, encoding="utf-8")
    log = lca.read(file, **said)  # type: ignore[arg-type]
    assert isinstance(log, InferenceLog)
    return log


def rate(log: InferenceLog, per: str) -> float:
    return float(lca.nominal(lca.parameter("rate", log.throughput(per))).data["value"])


def server(watts: float = 300.0, seconds: int = 40) -> PowerLog:
    index = pandas.Index(range(seconds + 1), name="s")
    return lca.power_log(pandas.Series([watts] * (seconds + 1), index=index), at="wall")


# --- what each tool says of the same run ---------------------------------------------------------------------


@pytest.mark.parametrize("name", SAME_RUN)
def test_m9_all_tools_give_the_same_rates(name: str) -> None:
    log = lca.read(INPUTS / name)
    assert isinstance(log, InferenceLog)
    wanted = {"request": 2.0, "input token": 400.0, "output token": 200.0, "token": 200.0}
    assert {per: rate(log, per) for per in wanted} == pytest.approx(wanted)
    assert log.runs[0].latency["median"] == pytest.approx(7.1)
    if "genai" not in name:
        counts = log.data[["requests", "input tokens", "output tokens", "seconds"]]
        assert counts.to_numpy().tolist() == [[100, 20_000, 10_000, 50]]


@pytest.mark.parametrize("name", [name for name in SAME_RUN if "sglang" not in name and "genai" not in name])
def test_m9_requests_that_failed_are_listed_and_not_counted(name: str) -> None:
    log = lca.read(INPUTS / name)
    assert isinstance(log, InferenceLog)
    assert log.data["requests"].item() == 100
    assert log.data["failed requests"].item() == "3"
    assert "requests that failed: 3; they are not counted" in repr(log)


def test_times_of_a_server_are_told_apart(tmp_path: Path) -> None:
    latency = read(tmp_path, VLLM).latency.set_index("time")
    assert latency["mean [ms]"].to_dict() == {"time to first token": 250, "inter-token latency": 70, "latency": 7200}
    without = read(tmp_path, VLLM[: VLLM.index("----------------End")])
    assert "latency median [ms]" not in without.data.columns  # that of the first token is not one
    assert read(tmp_path, SGLANG).latency.set_index("time").loc["inter-token latency", "max [ms]"] == 120


# --- energy ----------------------------------------------------------------------------------------------------


def test_m9_a3_energy_of_a_request_is_power_over_rate(tmp_path: Path) -> None:
    """300 W over 2 requests/s are 150 J. 300 W times the latency of one would be 2,160 J: 14.4 run at a time."""
    log, power = read(tmp_path, VLLM), server()

    def joules(per: str, unit: str) -> float:
        return float(lca.nominal(lca.parameter("one", log.energy(power, per=per))).to(f"J at_wall/{unit}"))

    assert joules("request", "request") == pytest.approx(150)
    assert joules("token", "token") == pytest.approx(1.5)
    assert joules("input token", "token") == pytest.approx(0.75)
    slower = read(tmp_path, VLLM.replace("7200.00", "3600.00"))
    again = float(lca.nominal(lca.parameter("one", slower.energy(power, per="request"))).to("J at_wall/request"))
    assert again == joules("request", "request")


def test_m9_energy_of_a_token_has_the_interval_of_the_meter_and_the_digits(tmp_path: Path) -> None:
    """Power of a meter with 4 % (k=1); the rate is printed to 0.005 of 200, which is nothing beside it."""
    meter = lca.Meter("wall", at="wall", u="4 %")
    power = lca.power_log(pandas.Series([300.0] * 41, index=pandas.Index(range(41), name="s")), meter=meter)
    draws = lca.monte_carlo(read(tmp_path, VLLM).energy(power, per="token"), draws=20_000, progress=False)
    values = draws.to("J at_wall/token").to_numpy()
    assert values.mean() == pytest.approx(1.5, rel=4 * 0.04 / 20_000**0.5)
    assert values.std() / values.mean() == pytest.approx(0.04, rel=4 / (2 * 20_000) ** 0.5)


def test_m9_a_server_draws_for_an_inference_record(tmp_path: Path) -> None:
    log = read(tmp_path, VLLM)
    with pytest.raises(LogError, match="ask for one of: request, input token, output token"):
        log.energy(server())
    with pytest.raises(LogError, match="covers more than the run"):
        log.energy(server(seconds=60), per="request")


def test_m9_stamps_of_aiperf_give_the_window(tmp_path: Path) -> None:
    """The clock of 50 s began between the start 10:00:09.5 and the end less 50 s, 10:00:11.5."""
    log = read(tmp_path, AIPERF)
    lines = [f"2026-03-01 10:{second // 60:02d}:{second % 60:02d},{500 if 10 <= second <= 61 else 100}"
             for second in range(90)]  # fmt: skip
    (tmp_path / "power.csv").write_text("time,power [W]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    power = lca.read(tmp_path / "power.csv", at="wall")
    assert isinstance(power, PowerLog)
    energy = lca.nominal(lca.parameter("one", log.energy(power, per="request"))).to("J at_wall/request")
    assert float(energy) == pytest.approx(500 / 2)


# --- prompts only ------------------------------------------------------------------------------------------------


def test_m9_one_output_token_for_each_request_is_a_run_of_prompts(tmp_path: Path) -> None:
    text = VLLM.replace("tokens:                  10000", "tokens:                  100")
    text = text.replace("(tok/s):         200.00", "(tok/s):         2.00").replace("600.00", "402.00")
    log = read(tmp_path, text)
    assert rate(log, "token") == pytest.approx(2)
    assert "1 output token for each request: its energy is that of a whole prompt" in repr(log)


def test_m9_without_output_tokens_there_is_no_energy_of_one(tmp_path: Path) -> None:
    text = VLLM.replace("tokens:                  10000", "tokens:                  0")
    text = text.replace("(tok/s):         200.00", "(tok/s):         0.00").replace("600.00", "400.00")
    log = read(tmp_path, text)
    assert rate(log, "input token") == pytest.approx(400)
    assert "no output tokens: only prompts were read" in repr(log)
    with pytest.raises(LogError, match="not counted"):
        log.throughput("token")


# --- what is refused -------------------------------------------------------------------------------------------


def test_m9_a_run_of_which_no_request_was_served_is_refused(tmp_path: Path) -> None:
    none = VLLM.replace("Successful requests:                     100", "Successful requests:                     0")
    with pytest.raises(LogError, match="no request was served, 3 failed"):
        read(tmp_path, none)
    log = read(tmp_path, none + VLLM, errors="skip")
    assert len(log.runs) == 1
    with pytest.raises(LogError, match="no count of requests"):
        lines = [line for line in VLLM.splitlines(keepends=True) if "req" not in line.lower()]
        read(tmp_path, "".join(lines), format="vllm bench serve")


@pytest.mark.parametrize(("old", "new", "why"), [
    ("(tok/s):         200.00", "(tok/s):         300.00", "300 output token/s stated; 10000 in 50 s are 200/s"),
    ("600.00", "700.00", "700 tokens/s stated; 30000 in 50 s are 600/s"),
    ("50.00", "fifty", "no number: 'Benchmark duration"),
    ("50.00", "-50.00", "no number"),
    ("50.00", "1e99", "no number"),
    ("250.00", "-1", "no time: 'Mean TTFT"),
    ("Failed requests:  ", "Successful requests:  ", "stated twice for one run"),
])  # fmt: skip
def test_m6_bad_lines_of_a_summary(old: str, new: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(LogError, match=why):
        read(tmp_path, VLLM.replace(old, new, 1))


def test_lines_of_other_words_are_left_out(tmp_path: Path) -> None:
    more = VLLM.replace("Peak concurrent", "Acceptance rate (%):                     71.00\nPeak concurrent")
    assert rate(read(tmp_path, more), "request") == 2


# --- vLLM and SGLang ---------------------------------------------------------------------------------------------


def test_older_texts_of_vllm(tmp_path: Path) -> None:
    """They do not count what failed, and write Token with a capital."""
    lines = VLLM.replace("Total token throughput", "Total Token throughput").splitlines(keepends=True)
    log = read(tmp_path, "".join(line for line in lines if "Failed" not in line))
    assert rate(log, "request") == 2
    assert "failed requests" not in log.data.columns
    assert log.runs[0].fact("model") == "org/chat-8b"


def test_m9_json_of_vllm_without_a_count_of_what_failed(tmp_path: Path) -> None:
    made = json.loads(VLLM_JSON)
    del made["failed"]
    assert "103 requests were asked for, 100 served" in repr(read(tmp_path, json.dumps(made)))
    made["errors"] = ["", "timeout", "", "refused"]
    assert "requests that failed: 2;" in repr(read(tmp_path, json.dumps(made)))
    assert len(read(tmp_path, json.dumps(made) + "\n" + json.dumps(made)).runs) == 2  # --append-result


@pytest.mark.parametrize(("key", "value"), [
    ("duration", "50"), ("completed", -1), ("total_input_tokens", float("nan")), ("mean_ttft_ms", "fast"),
])  # fmt: skip
def test_m6_numbers_of_a_result_that_are_none(key: str, value: object, tmp_path: Path) -> None:
    made = json.loads(VLLM_JSON) | {key: value}
    with pytest.raises(LogError, match=f"no numbers from 0: {key}"):
        read(tmp_path, json.dumps(made))


def test_m9_tokens_that_sglang_counts_twice(tmp_path: Path) -> None:
    """10,000 were asked for, 50,000 are in the text: a note says that neither is sure."""
    assert "do not trust" not in repr(read(tmp_path, SGLANG))
    text = SGLANG.replace("(retokenized):    9990", "(retokenized):    50000")
    assert "10000 are counted, 50000 are in the text" in repr(read(tmp_path, text))


def test_lines_of_json_of_sglang_are_runs(tmp_path: Path) -> None:
    log = read(tmp_path, SGLANG_JSON)
    assert log.data["run"].tolist() == ["concurrency 4", "concurrency 16"]
    assert rate(log.sel(run="concurrency 16"), "token") == pytest.approx(196)
    assert "concurrency 16: requests that failed: 2;" in repr(log)
    with pytest.raises(LogError, match="several runs"):
        log.energy(server(), per="request")


# --- AIPerf and GenAI-Perf ---------------------------------------------------------------------------------------


def test_m9_tokens_of_reasoning_are_output_tokens(tmp_path: Path) -> None:
    """total_osl holds them; total_output_tokens does not, and is not taken."""
    made = json.loads(AIPERF) | {"total_output_tokens": {"unit": "tokens", "avg": 4000.0}}
    assert rate(read(tmp_path, json.dumps(made)), "token") == 200
    del made["total_osl"]
    without = read(tmp_path, json.dumps(made))
    assert without.data["output tokens"].item() == 10_000  # 100 of each request
    made["benchmark_duration"] = {"unit": "ms", "avg": 50_000.0}
    assert read(tmp_path, json.dumps(made)).seconds == 50


def test_other_metrics_are_left_out(tmp_path: Path) -> None:
    made = json.loads(AIPERF) | {"osl_mismatch_diff_pct": {"unit": "%", "avg": -3.0}}
    assert rate(read(tmp_path, json.dumps(made)), "request") == 2
    text = AIPERF_CSV.replace("\nRequest Count", "\nOSL Mismatch (%),-3.00\nGraph Name,one\nRequest Count")
    assert rate(read(tmp_path, text), "request") == 2


def test_m9_a_cancelled_run_says_so(tmp_path: Path) -> None:
    made = json.loads(AIPERF) | {"was_cancelled": True}
    assert "cancelled before its end" in repr(read(tmp_path, json.dumps(made)))


@pytest.mark.parametrize(("name", "metric", "why"), [
    ("benchmark_duration", {"unit": "min", "avg": 1.0}, "benchmark_duration in 'min'"),
    ("request_throughput", {"unit": "requests/min", "avg": 120.0}, "request_throughput in 'requests/min'"),
    ("request_latency", {"unit": "ms", "avg": -1.0}, "request_latency, avg: -1.0"),
    ("request_count", {"unit": "requests", "avg": "many"}, "request_count, avg: 'many'"),
])  # fmt: skip
def test_m6_units_and_numbers_of_metrics(name: str, metric: object, why: str, tmp_path: Path) -> None:
    made = json.loads(AIPERF) | {name: metric}
    with pytest.raises(LogError, match=why):
        read(tmp_path, json.dumps(made))


@pytest.mark.parametrize(("old", "new", "why"), [
    ("Request Count,100.00", "Request Count,many", "no numbers of a metric"),
    ("Request Count,100.00", "Request Count,100.00,7", "no row of a table of metrics"),
    ("Request Count,100.00", "Request Count,100.00\nRequest Count,100.00", "stated twice"),
    ("Benchmark Duration (sec)", "Benchmark Duration (min)", "benchmark_duration in 'min'"),
])  # fmt: skip
def test_m6_bad_rows_of_aiperf(old: str, new: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(LogError, match=why):
        read(tmp_path, AIPERF_CSV.replace(old, new))


def test_m9_without_a_duration_the_window_is_said(tmp_path: Path) -> None:
    log = read(tmp_path, GENAI_PERF_CSV)
    with pytest.raises(LogError, match="how long it took, is not known"):
        log.energy(server(), per="request")
    energy = lca.nominal(lca.parameter("one", log.energy(server(), per="request", window=(0, 40))))
    assert float(energy.to("J at_wall/request")) == pytest.approx(150)
    assert log.runs[0].latency["mean"] == pytest.approx(7.2)


def test_m9_records_of_aiperf_have_times_since_1970(tmp_path: Path) -> None:
    """Three requests were served between 10:00:10 and 10:01:00 UTC, one failed, and one was of the warm-up."""
    log = read(tmp_path, RECORDS)
    assert {per: rate(log, per) * 50 for per in ("request", "input token", "token")} == pytest.approx(
        {"request": 3, "input token": 600, "token": 300}
    )
    assert log.runs[0].latency["mean"] == pytest.approx(95 / 3)
    assert "warm-up, which are left out: 1" in repr(log)
    assert "requests that failed: 1;" in repr(log)
    lines = [f"2026-03-01 10:{second // 60:02d}:{second % 60:02d}Z,{500 if 10 <= second <= 60 else 100}"
             for second in range(90)]  # fmt: skip
    (tmp_path / "power.csv").write_text("time,power [W]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    power = lca.read(tmp_path / "power.csv", at="wall")
    assert isinstance(power, PowerLog)
    energy = lca.nominal(lca.parameter("one", log.energy(power, per="token"))).to("J at_wall/token")
    assert float(energy) == pytest.approx(500 * 50 / 300)


@pytest.mark.parametrize(("old", "new", "why"), [
    ('"request_end_ns": 1772359240000000000', '"request_end_ns": 1772359200000000000', "no begin before an end"),
    ('"request_end_ns": 1772359240000000000', '"request_end_ns": null', "no begin before an end"),
    ('"value": 220', '"value": -220', "input_sequence_length: -220"),
])  # fmt: skip
def test_m6_bad_records_of_aiperf(old: str, new: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(LogError, match=why):
        read(tmp_path, RECORDS.replace(old, new))


def test_m6_metrics_in_another_layout_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="no count of requests"):
        read(tmp_path, json.dumps({"aiperf_version": "0.1.0", "records": {"request_count": {"avg": 100.0}}}))


def test_lca_read_shows_the_call_for_a_request(tmp_path: Path) -> None:
    log = read(tmp_path, VLLM)
    assert "log.energy(lca.read('power.log'), per='request')" in described(log, "server.log", {})
