"""What `benchmark_model` of TensorFlow Lite prints: statistics of a warm-up and of the runs, in us.

Written after two real logs, an old one without prefix and percentiles, and a new one with both; and after the source
of the tool (benchmark_model.cc, stat_summarizer). Runs follow each other, so their time is their count times their
mean. A delay between runs that the user asked for is not in it: then there is no rate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..files.source import Source
from ..format import Format
from ..inference.bench_run import BenchRun, Layer, Warmup
from ..inference.building import inference_log
from ..inference.inference_log import InferenceLog
from ..inference.printed import Printed, is_printed, printed
from ..inference.shapes import batch_of

_PREFIX = re.compile(r"^(?:.*?\bI tflite *: ?|INFO: )?(.*)$")
_COUNT = re.compile(r"count=(\d+)((?: \w+=\S+)+)")
_OPTION = re.compile(r"([A-Z#][^:\[\]]*): \[(.*)\]")
_OWN = re.compile(r"(?:^|: |INFO: )(?:Inference timings in us: Init: |Running benchmark for at least \d+ iterations)",
                  re.M)  # fmt: skip
_NAMES = {"avg": "mean", "std": "std", "min": "min", "max": "max", "median": "median", "p5": "p5", "p95": "p95"}
_COLUMNS = ("[avg ms]", "[times called]", "[Name]")
#: The mean in the summary may differ from that of the runs by its last digit.
_SAME = 1e-5
_DELAYS = ("Inter-run delay (seconds)", "Number of prorated runs per second")


@dataclass
class _Found:
    """What the lines of one run say."""

    line: int
    options: dict[str, str] = field(default_factory=dict)
    warm: Printed | None = None  # runs of the warm-up
    counts: Printed | None = None
    mean: Printed | None = None  # us
    first: str = ""  # how long the first execution took
    times: dict[str, float] = field(default_factory=dict)
    layers: list[Layer] = field(default_factory=list)


def _fits(source: Source) -> bool:
    return bool(_OWN.search(source.start))


def _read(source: Source) -> InferenceLog:
    lines = _Lines(source)
    for line, text in source.lines():
        lines.take(line, _PREFIX.sub(r"\1", text.rstrip()))
    runs = [_run(one) for one in lines.found if one.counts is not None]
    return inference_log(source, "tflite benchmark model", runs, notes=_notes(lines.found))


class _Lines:
    """The runs of a file, of which one line after the other is read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[_Found] = []
        self.options: dict[str, str] = {}
        self.phase = ""  # "warm-up", "runs", or "" behind them
        self.table = ""  # of the operators: "" before it, "next" in front of its header, "rows" within it
        self.columns: list[str] = []

    def take(self, line: int, text: str) -> None:
        """Read a line, without its prefix."""
        if text == "STARTING!":
            self.options = {}
        elif option := _OPTION.fullmatch(text.strip()):
            self.options[option[1].strip()] = option[2]
        elif text.startswith("Running benchmark for at least "):
            self._phase(line)
        elif text.startswith("count="):
            self._statistics(line, text)
        elif text.startswith("Inference timings in us: "):
            self._compare(line, text)
        else:
            self._operators(line, text)

    def _phase(self, line: int) -> None:
        """The warm-up begins, and behind it the runs."""
        self.phase, self.table = "runs" if self.phase == "warm-up" else "warm-up", ""
        if self.phase == "warm-up":
            self.found.append(_Found(line, self.options))

    def _statistics(self, line: int, text: str) -> None:
        """The statistics of the warm-up or of the runs; a single run has only its time."""
        parts = _COUNT.fullmatch(text.strip())
        said = dict(one.split("=", 1) for one in parts[2].split()) if parts else {}
        mean = said.get("avg", said.get("curr", ""))
        if parts is None or not mean or not all(map(is_printed, (parts[1], *said.values()))):
            self.source.refuse_line(line, "no statistics of runs", text)
        elif self.phase == "warm-up":
            self.found[-1].warm = Printed(float(parts[1]))
        elif self.phase == "runs":
            one, self.phase = self.found[-1], ""
            one.counts, one.mean = Printed(float(parts[1])), printed(mean, significant=6)
            one.times = {_NAMES[name]: float(value) / 1e6 for name, value in said.items() if name in _NAMES}

    def _compare(self, line: int, text: str) -> None:
        """The summary states the mean once more; another one is of another run."""
        stated = re.search(r"Inference \(avg\): (\S+)", text)
        one = self.found[-1].mean if self.found else None
        if one is None or stated is None:
            return
        first = re.search(r"First inference: (\d+(?:\.\d+)?)", text)
        self.found[-1].first = f"{float(first[1]) / 1000:g} ms" if first and is_printed(first[1]) else ""
        if not is_printed(stated[1]) or not printed(stated[1], significant=6).fits(one, _SAME):
            self.source.refuse_line(line, f"another mean than that of the runs, {one.value:g} us", text)

    def _operators(self, line: int, text: str) -> None:
        """The table of the operators in the order in which they run; it ends with the first other line."""
        if text.startswith("Operator-wise Profiling Info for Regular Benchmark Runs"):
            self.table = "next"
        elif self.table == "next" and _row(text)[:1] == ["[node type]"]:
            self.table, self.columns = "rows", _row(text)
        elif self.table == "rows":
            layer = self._layer(line, _row(text))
            self.table = "rows" if layer else ""
            if self.found:
                self.found[-1].layers += layer

    def _layer(self, line: int, cells: list[str]) -> list[Layer]:
        """The operator of a row; none where the table has ended."""
        if not self.found or len(cells) != len(self.columns) or not set(_COLUMNS) <= set(self.columns):
            return []
        row = dict(zip(self.columns, cells, strict=True))
        mean, called, name = (row[column] for column in _COLUMNS)
        if not is_printed(mean) or not is_printed(called):
            self.source.refuse_line(line, "no time of an operator", " ".join(cells))
            return []
        return [Layer(" ".join(name.split()), float(mean) * float(called) / 1000)]


def _row(text: str) -> list[str]:
    """The cells of a row of the operators, which stand between tabs or blanks."""
    return [cell.strip() for cell in re.split(r"\t+| {2,}", text.strip()) if cell.strip()]


def _run(found: _Found) -> BenchRun:
    count, mean = found.counts or Printed(0.0), found.mean or Printed(0.0)
    batch = _batch(found.options.get("Input shapes", ""))
    facts = {
        "model": re.split(r"[\\/]", found.options.get("Graph", ""))[-1],
        "first execution": found.first,
        "threads": found.options.get("Num threads", found.options.get("#threads used for CPU inference", "")),
    }
    return BenchRun(
        found.line, facts["model"] or "run", {"batch": count}, {}, mean.scaled(1e-6 * count.value), batch,
        None if found.warm is None else Warmup(executions=found.warm.value), 1, {"latency": found.times}, None,
        tuple(found.layers), count.value if found.layers else None, no_rate=_delay(found.options),
        facts=tuple((name, value) for name, value in facts.items() if value),
    )  # fmt: skip


def _batch(shapes: str) -> float | None:
    """The first size of the inputs that an option states, "[1,224,224,3:1,10]"."""
    sizes = [one.split(",") for one in shapes.split(":")]
    known = all(re.fullmatch(r" *\d{1,9} *", size) for one in sizes for size in one)
    return batch_of([[int(size) for size in one] for one in sizes]) if known else None


def _delay(options: Mapping[str, str]) -> str:
    """Why there is no rate: the tool waits between runs; "" where it does not."""
    for name in _DELAYS:
        asked = options.get(name, "")
        if is_printed(asked) and float(asked) > 0:
            return f"the tool waited between runs ({name}: {asked}), and does not say how long all took"
    return ""


def _notes(found: Sequence[_Found]) -> list[str]:
    notes = ["the time is the count of the runs times their mean"]
    if any(one.options.get("Enable op profiling") == "1" for one in found):
        notes.append("operators were profiled while the runs were timed, which slows them")
    return notes


FORMATS: Sequence[Format] = (
    Format("tflite benchmark model", "benchmark_model of TensorFlow Lite, console", "InferenceLog", "", "real logs",
           "Runs one after the other, in us; their time is count times mean. A delay between them leaves no rate.",
           _fits, _read),
)  # fmt: skip
