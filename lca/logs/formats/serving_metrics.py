"""The metrics that NVIDIA's AIPerf and GenAI-Perf write of a run, each with its unit and its statistics.

A metric of the whole run has one value, "avg". One of requests has the statistics of them. Units are checked: a
duration may be in s, ms or ns, and a rate is always per second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...checks import short
from ..inference.printed import Printed
from .serving import Served

#: The unit of a time, in s.
SECONDS: Mapping[str, float] = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "seconds": 1.0}
_PER_SECOND = frozenset({"per sec", "requests/sec", "tokens/sec", "requests/s", "tokens/s"})
_COUNTS = frozenset({"", "count", "requests", "tokens"})
#: A metric of the whole run: what it is here, and the units that it may have.
_WHOLE = {
    "request_count": ("request", _COUNTS), "error_request_count": ("failed", _COUNTS),
    "total_isl": ("input token", _COUNTS), "total_input_sequence_length": ("input token", _COUNTS),
    "total_osl": ("output token", _COUNTS), "total_output_sequence_length": ("output token", _COUNTS),
    "request_throughput": ("request/s", _PER_SECOND), "output_token_throughput": ("output token/s", _PER_SECOND),
    "input_token_throughput": ("input token/s", _PER_SECOND), "total_token_throughput": ("total token/s", _PER_SECOND),
}  # fmt: skip
_TIMES = {
    "request_latency": "latency", "time_to_first_token": "time to first token",
    "inter_token_latency": "inter-token latency",
}  # fmt: skip
#: The tokens of a request: metric -> what they are.
_LENGTHS = {
    "input_sequence_length": "input token", "output_sequence_length": "output token",
    "num_input_token": "input token", "num_output_token": "output token",
}  # fmt: skip
#: The metrics that are read, and the duration; a file has dozens of others.
KNOWN = frozenset({*_WHOLE, *_TIMES, *_LENGTHS, "benchmark_duration"})
_STATISTICS = {"avg": "mean", "min": "min", "max": "max", "std": "std", "p50": "median"}
_PERCENTILES = tuple(f"p{share}" for share in (1, 5, 10, 25, 75, 90, 95, 99))


@dataclass
class Metric:
    """One metric of a file: its unit, and its values by statistic."""

    unit: str
    values: dict[str, Printed] = field(default_factory=dict)


def served(line: int, metrics: Mapping[str, Metric]) -> tuple[Served, list[str]]:
    """(the run, what has a unit that is not known) of the metrics of a file."""
    made, bad = Served(line), []
    for name, metric in metrics.items():
        value = metric.values.get("avg")
        kind, units = _WHOLE.get(name, ("", _COUNTS))
        if kind and value is not None:
            made.numbers.setdefault(kind, value)
            bad += [] if metric.unit in units else [f"{name} in {short(metric.unit)}"]
        elif name == "benchmark_duration" and value is not None:
            made.numbers["seconds"] = value.scaled(SECONDS.get(metric.unit, 1.0))
            bad += [] if metric.unit in SECONDS else [f"{name} in {short(metric.unit)}"]
        elif name in _TIMES:
            made.times[_TIMES[name]] = _statistics(metric)
            bad += [] if metric.unit in SECONDS else [f"{name} in {short(metric.unit)}"]
    for name, kind in _LENGTHS.items():
        if name in metrics:
            _tokens(made, kind, metrics[name])
    return made, bad


def _statistics(metric: Metric) -> dict[str, float]:
    """The statistics of a time in s, by their names here."""
    names = _STATISTICS | {name: name for name in _PERCENTILES}
    factor = SECONDS.get(metric.unit, 1.0)
    return {names[name]: one.value * factor for name, one in metric.values.items() if name in names}


def _tokens(made: Served, kind: str, length: Metric) -> None:
    """The tokens of all requests, where only those of one request are stated: their sum, or their mean times requests.

    Where no count of requests is stated, the rate of requests gives that of tokens.
    """
    mean, requests, rate = length.values.get("avg"), made.number("request"), made.number("request/s")
    whole = length.values.get("sum")
    timed = made.number("seconds") is not None
    if whole is not None:
        made.numbers.setdefault(kind, whole)
    elif mean is not None and mean.value and requests is not None and timed:
        made.numbers.setdefault(kind, mean.times(requests))
    elif mean is not None and mean.value and rate is not None and f"{kind}/s" not in made.numbers:
        made.numbers[f"{kind}/s"] = mean.times(rate)
