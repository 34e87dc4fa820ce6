"""The lines that trtexec prints, of TensorRT 7 to 11: what each says of a run."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ..files.source import Source
from ..inference.bench_run import Layer
from ..inference.printed import Printed, printed
from ..inference.shapes import shapes_in

_NUMBER = r"(\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?)"
_COUNT = r"\d{1,15}"
_PERCENT = r"\d{1,2}(?:\.\d{1,9})?"
_STAT = re.compile(rf"(min|max|mean|median|percentile\(({_PERCENT})%\)) = {_NUMBER} ms")
_OLD_STAT = re.compile(
    rf"(min|max|mean|median|percentile): {_NUMBER} ms(?: at ({_PERCENT})%)?"
    rf"(?: \(end to end {_NUMBER} ms(?: at {_PERCENT}%)?\))?"
)
#: The times of a summary from TensorRT 8 on, and what they are of.
TIMES = {
    "Latency": "latency", "End-to-End Host Latency": "end to end", "Enqueue Time": "enqueue",
    "H2D Latency": "host to device", "GPU Compute Time": "GPU compute", "D2H Latency": "device to host",
}  # fmt: skip
_SECTIONS = {"Host Latency": "latency", "Enqueue Time": "enqueue", "GPU Compute": "GPU compute"}
#: What stands before the value of a line, in the layouts from TensorRT 8 on and before; what it is, and its unit.
_VALUES = {
    "Throughput": ("rate", "qps"), "throughput": ("rate", "qps"),
    "Total Host Walltime": ("wall", "s"), "walltime": ("wall", "s"),
    "Total GPU Compute Time": ("busy", "s"), "total compute time": ("busy", "s"),
}  # fmt: skip
_TRACE = re.compile(rf"Timing trace has ({_COUNT}) queries over {_NUMBER} s")
_WARM = re.compile(rf"Warmup completed ({_COUNT}) queries over {_NUMBER} ms")
_BINDING = re.compile(r"Input binding for .* with dimensions (\d{1,9}(?:x\d{1,9})*)(?: |$)")
_OPTION = re.compile(
    r"(Model|Prototxt|Load engine|Batch|Precision|Input inference shapes?|(?:Inference )?Streams|Duration"
    r"|Selected Device|TensorRT version): ?(.*)"
)
_PROFILE = re.compile(r"=== Profile \((\d{1,15}) iterations ?\) ===")
#: What trtexec prints of a number: it is a program in C++.
_DIGITS = 6
#: Warnings that a reader of the numbers has to know, and what they mean.
_WARNINGS = {
    "Throughput may be bound by Enqueue Time": "the rate may be that of the host, which hands over work too slowly",
    "GPU compute time is unstable": "the time of the GPU is unstable",
    "auxiliary streams": "layers may have run side by side, so their times may count the same time twice",
    "Shape missing for input with dynamic shape": "a dynamic shape was not asked for: the tool set it, and the batch",
    "e2e network timing is not reported": "a profiling run: no time of whole executions",
}


@dataclass
class Found:
    """What the lines of one run say."""

    line: int
    command: str = ""
    failed: bool = False
    passed: bool = False
    options: dict[str, str] = field(default_factory=dict)
    values: dict[str, Printed] = field(default_factory=dict)  # "rate", "wall", "busy"
    times: dict[str, dict[str, float]] = field(default_factory=dict)
    counted: float | None = None  # queries of the trace
    warm_queries: float | None = None
    shapes: list[list[int]] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    profiled: float | None = None
    whole: float | None = None  # the sum of the layers as printed, s
    started: str = ""  # the stamps of the first inference, and of the summary
    ended: str = ""
    notes: dict[str, None] = field(default_factory=dict)

    @property
    def summed_up(self) -> bool:
        """Whether the summary of the run was read, behind which another run may begin."""
        return "rate" in self.values or "wall" in self.values


class Lines:
    """Reads the lines of one run after the other; what cannot be read is noted in the source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.runs: list[Found] = []
        self._section = ""  # of the old layout, whose lines do not repeat what they time
        self._columns: list[str] = []  # of a table of layers

    def take(self, line: int, stamp: str, text: str) -> None:
        """One line, with its stamp and without it."""
        readers: tuple[Callable[[int, str, str], bool], ...] = (
            self._layer, self._value, self._stat, self._old_stat, self._count, self._option, self._other
        )  # fmt: skip
        next((True for read in readers if read(line, stamp, text)), False)

    def begin(self, line: int, command: str = "") -> Found:
        """Another run."""
        self.runs.append(Found(line, command))
        if command:
            self._section, self._columns = "", []
        return self.runs[-1]

    def _run(self, line: int, early: bool) -> Found:
        """The run of a line; one that is printed before the summary begins another run behind it.

        Where the file has the lines with which trtexec begins, they alone begin a run.
        """
        if not self.runs or (early and self.runs[-1].summed_up and not self.runs[-1].command):
            return self.begin(line)
        return self.runs[-1]

    def _value(self, line: int, stamp: str, text: str) -> bool:
        head, _, rest = text.partition(": ")
        if head not in _VALUES:
            return False
        name, unit = _VALUES[head]
        found = re.fullmatch(rf"{_NUMBER} {unit}", rest.strip())
        run = self._run(line, name == "rate" and bool(self.runs) and "rate" in self.runs[-1].values)
        run.ended = run.ended or stamp
        if found is None or name in run.values:
            self.source.refuse_line(line, "not a number with its unit" if found is None else "said twice", text)
        else:
            run.values[name] = printed(found[1], significant=_DIGITS)
        return True

    def _stat(self, line: int, stamp: str, text: str) -> bool:
        name, _, rest = text.partition(": ")
        if name not in TIMES or "min = " not in rest:
            return False
        found = _STAT.findall(rest)
        if len(found) != rest.count("=") or not found:
            self.source.refuse_line(line, "statistics that cannot be read", text)
            return True
        self._run(line, False).times[TIMES[name]] = {
            f"p{float(percent):g}" if percent else which: float(value) / 1000 for which, percent, value in found
        }
        return True

    def _old_stat(self, line: int, stamp: str, text: str) -> bool:
        if text in _SECTIONS:
            self._section = _SECTIONS[text]
            return True
        if not self._section or text.partition(":")[0] not in ("min", "max", "mean", "median", "percentile"):
            return False
        found = _OLD_STAT.fullmatch(text)
        if found is None:
            self.source.refuse_line(line, "statistics that cannot be read", text)
            return True
        which, value, percent, whole = found.groups()
        times, name = self._run(line, False).times, f"p{float(percent):g}" if percent else which
        times.setdefault(self._section, {})[name] = float(value) / 1000
        if whole:
            times.setdefault("end to end", {})[name] = float(whole) / 1000
        return True

    def _count(self, line: int, stamp: str, text: str) -> bool:
        if found := _WARM.fullmatch(text):
            self._run(line, True).warm_queries = float(found[1])
        elif found := _TRACE.fullmatch(text):
            run = self._run(line, True)
            run.counted, run.ended = float(found[1]), stamp
            run.values.setdefault("trace", printed(found[2], significant=_DIGITS))
        elif found := _BINDING.match(text):
            run = self._run(line, True)
            run.shapes += shapes_in(found[1]) or [[int(found[1])]]
        else:
            return False
        return True

    def _option(self, line: int, stamp: str, text: str) -> bool:
        found = _OPTION.fullmatch(text)
        if found is None:
            return False
        name, value = found[1].removeprefix("Inference "), found[2].strip()
        if name.startswith("Input inference shape"):
            self._run(line, True).shapes += shapes_in(value)
        elif value:
            self._run(line, True).options.setdefault(name, value)
        return True

    def _other(self, line: int, stamp: str, text: str) -> bool:
        if text.startswith("Starting inference"):
            run = self._run(line, True)
            run.started = run.started or stamp
        elif found := _PROFILE.fullmatch(text):
            run = self._run(line, False)
            run.profiled, run.layers, run.whole = float(found[1]), [], None
            self._columns = ["?"]
        for warning, meaning in _WARNINGS.items():
            if warning in text:
                self._run(line, False).notes[meaning] = None
        return True

    # --- the table of layers -----------------------------------------------------------------------------------

    def _layer(self, line: int, stamp: str, text: str) -> bool:
        """A line of the table of layers: its header, a layer, or the sum, which ends it."""
        if not self._columns:
            return False
        cells = re.split(r"\s{2,}", text.strip())
        if self._columns == ["?"]:
            self._columns = [cell.replace(" ", "").lower() for cell in cells]
            return True
        first = self._columns[0] == "layer"
        numbers, name = self._split(cells, first)
        at = next((n for n, column in enumerate(_numbers_of(self._columns)) if column.startswith("avg.")), None)
        whole = next((n for n, column in enumerate(_numbers_of(self._columns)) if column.startswith("time(ms")), None)
        if at is None or whole is None or numbers is None:
            if text.strip():
                self.source.refuse_line(line, "no line of the table of layers", text)
            self._columns = []
            return True
        if name == "Total":
            self.runs[-1].whole, self._columns = numbers[whole] / 1000, []
        else:
            # the sum has more digits than the mean of a short layer
            share = numbers[whole] / (self.runs[-1].profiled or 1.0)
            self.runs[-1].layers.append(Layer(name, share / 1000))
        return True

    def _split(self, cells: list[str], first: bool) -> tuple[list[float] | None, str]:
        """The numbers and the name of a line of layers."""
        count = len(self._columns) - 1
        names, figures = (cells[:-count], cells[-count:]) if first else (cells[count:], cells[:count])
        if len(figures) < count or not names or not all(re.fullmatch(_NUMBER, one) for one in figures):
            return None, ""
        return [float(one) for one in figures], "  ".join(names)


def _numbers_of(columns: list[str]) -> list[str]:
    return [column for column in columns if column != "layer"]
