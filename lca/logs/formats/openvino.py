"""What `benchmark_app` of OpenVINO prints: executions, their time, latency and throughput.

Written after two real logs, and after the source of the tool (openvino.tools.benchmark, main.py). "Count" counts
executions, and FPS counts inferences: their ratio is the batch. Several requests run at a time, so the latency is not
one over the throughput. Versions before 2022 print no "[ INFO ]". Of synchronous runs they state another FPS: the
batch over the median latency, which leaves out the time between runs. One execution runs before the clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..files.source import Source
from ..format import Format
from ..inference.bench_run import BenchRun, Warmup
from ..inference.building import SAME_RATE, inference_log
from ..inference.inference_log import InferenceLog
from ..inference.printed import Printed, is_printed, printed

_INFO = re.compile(r"^.*?\[ INFO \] ?")
_STEP = re.compile(r"\[Step (\d+)/\d+\] ?(.*)")
_FACT = re.compile(r"(Count|Duration|Throughput) *: +(\S+) (iterations|ms|FPS)")
_LATENCY = re.compile(r" *(Latency|Median|AVG|Average|Min|Max|MIN|MAX|(\d+) percentile) *: +(\S+) (ms|us)")
_FITS = re.compile(r"^\[ INFO \] (?:Count *: +\d+ iterations|Start inference |First inference took )"
                   r"|^\[Step \d+/1[01]\] ", re.M)  # fmt: skip
_NAMES = {"latency": "median", "median": "median", "avg": "mean", "average": "mean", "min": "min", "max": "max"}
_UNITS = {"iterations": "count", "ms": "seconds", "FPS": "rate"}
_PRECISIONS = {"f32": "FP32", "float32": "FP32", "f16": "FP16", "float16": "FP16", "bf16": "BF16", "bfloat16": "BF16"}


@dataclass
class _Found:
    """What the lines of one run say."""

    line: int
    numbers: dict[str, Printed] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    batch: float | None = None
    requests: int | None = None  # at a time


def _fits(source: Source) -> bool:
    return bool(_FITS.search(source.start))


def _read(source: Source) -> InferenceLog:
    found: list[_Found] = []
    for line, text in source.lines():
        text = text.rstrip()
        step = _STEP.search(text)
        if not found or (step and step[1] == "1") or (found[-1].numbers and " INFO ] First inference took " in text):
            found.append(_Found(line))
        if step:
            _set_up(found[-1], step[2])
        else:
            _take(source, line, _INFO.sub("", text), found[-1])
    whole = [one for one in found if one.numbers and _is_whole(source, one)]
    runs = [_run(one) for one in whole]
    notes = ["FPS is the batch over the median latency, which is no rate"] if any(map(_of_median, whole)) else []
    return inference_log(source, "openvino benchmark app", runs, notes=notes)


def _set_up(found: _Found, text: str) -> None:
    """What the header of the measurement says: one request at a time, or several."""
    if several := re.search(r"asynchronously, (\d{1,9}) inference requests", text):
        found.requests = int(several[1])
    elif "inference synchronously" in text:
        found.requests = 1


def _take(source: Source, line: int, text: str, found: _Found) -> None:
    """What one line says of a run."""
    fact = _FACT.fullmatch(text)
    if fact is not None or re.match(r"(?:Count|Duration|Throughput) *:", text):
        kind = _UNITS[fact[3]] if fact else ""
        if fact is None or not is_printed(fact[2]) or kind in found.numbers:
            source.refuse_line(line, "no count, duration or throughput of one run", text)
            return
        number = Printed(float(fact[2])) if kind == "count" else printed(fact[2])
        found.numbers[kind] = number.scaled(1e-3) if kind == "seconds" else number
    elif latency := _LATENCY.fullmatch(text):
        if not is_printed(latency[3]):
            source.refuse_line(line, "no latency", text)
            return
        name = f"p{latency[2]}" if latency[2] else _NAMES[latency[1].lower()]
        found.times[name] = float(latency[3]) * (1e-3 if latency[4] == "ms" else 1e-6)
    else:
        _option(text, found)


def _option(text: str, found: _Found) -> None:
    """The model, the device, the version, the precision and the batch, as the tool lists them."""
    if batch := re.fullmatch(r"(?:Model|Network) batch size: (\d{1,9})", text):
        found.batch = float(batch[1]) or None
    elif build := re.fullmatch(r"Build \.{3,} *(\S+)", text):
        found.facts.setdefault("version", f"OpenVINO {build[1]}")
    elif device := re.fullmatch(r"Execution Devices: ?\[(.*)\]", text):
        found.facts["device"] = device[1].replace("'", "")
    elif name := re.fullmatch(r" *(?:Model name|NETWORK_NAME): (\S+)", text):
        found.facts["model"] = name[1]
    elif hint := re.fullmatch(r" *INFERENCE_PRECISION_HINT: (?:<Type: ')?(\w+)(?:'>)?", text):
        found.facts["precision"] = _PRECISIONS.get(hint[1], hint[1])
    elif first := re.fullmatch(r"First inference took (\S+ ms)", text):
        found.facts["first execution"] = first[1]


def _is_whole(source: Source, found: _Found) -> bool:
    """Whether a run says its count and its duration; a line is noted where it does not."""
    whole = all(name in found.numbers and found.numbers[name].value for name in ("count", "seconds"))
    if not whole:
        source.refuse_line(found.line, "a run without its count and its duration")
    return whole


def _run(found: _Found) -> BenchRun:
    count, seconds = found.numbers["count"], found.numbers["seconds"]
    rate = None if _of_median(found) else found.numbers.get("rate")
    batch = found.batch or (_in_one(count, seconds, rate) if rate else None)
    rates = {"inference": rate} if rate and rate.value > 0 and batch is not None else {}
    return BenchRun(
        found.line, found.facts.get("model", "run"), {"batch": count}, rates, seconds, batch,
        Warmup(executions=1.0) if "first execution" in found.facts else None, found.requests, {"latency": found.times},
        facts=tuple(found.facts.items()),
    )  # fmt: skip


def _in_one(count: Printed, seconds: Printed, rate: Printed) -> float | None:
    """The inferences in an execution, where FPS over executions per second is a whole number."""
    each = count.over(seconds)
    size = float(round(rate.value / each.value))
    return size if size and each.scaled(size).fits(rate, SAME_RATE / (2 * size)) else None


def _of_median(found: _Found) -> bool:
    """Whether FPS is the batch over the median latency, and not what was done in the time."""
    rate, median, batch = found.numbers.get("rate"), found.times.get("median"), found.batch or 1.0
    if (found.requests or 1) > 1 or not median or rate is None:
        return False
    done = found.numbers["count"].over(found.numbers["seconds"]).scaled(batch)
    return rate.fits(Printed(batch / median), 1e-3) and not done.fits(rate, SAME_RATE)


FORMATS: Sequence[Format] = (
    Format("openvino benchmark app", "benchmark_app of OpenVINO, console", "InferenceLog", "", "real logs",
           "Count counts executions and FPS inferences: their ratio is the batch. Several requests run at a time.",
           _fits, _read),
)  # fmt: skip
