"""What `polygraphy run` prints of NVIDIA's Polygraphy: the iterations of each runner, and their mean time.

Written after a real log and after the source of Polygraphy (tools/args/comparator, comparator.Comparator.run). Without
--warm-up the first iteration is cold. The time from begin to end of the command is mostly the build of the engine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..files.source import Source
from ..format import Format
from ..inference.bench_run import BenchRun, Warmup
from ..inference.building import inference_log
from ..inference.inference_log import InferenceLog
from ..inference.printed import Printed, printed
from ..inference.shapes import batch_of, shapes_in

_LINE = re.compile(
    r"\[[A-Z]\] (\S+)\s*\| +Completed (\d{1,15}) iteration\(s\) in (\S+) ms \| Average inference time: (\S+) ms\."
)
_COMMAND = re.compile(r"\[I\] RUNNING \| Command: \S*polygraphy run (\S+)(.*)")
_MODULE = re.compile(r"Loaded Module: (tensorrt|onnxruntime) +\| Version: (\S+)")
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,2})?")
#: So few iterations without a warm-up show no steady rate.
_FEW = 10


def _fits(source: Source) -> bool:
    return bool(re.search(r"^\[[A-Z]\] .*(?:\| Command: \S*polygraphy run |\| +Completed \d+ iteration\(s\) in )",
                          source.start, re.M))  # fmt: skip


def _read(source: Source) -> InferenceLog:
    runs: list[BenchRun] = []
    facts: dict[str, str] = {}
    warm: float | None = None
    shapes: list[list[int]] = []
    inputs = False
    for line, text in source.lines():
        if found := _COMMAND.match(text):
            facts, shapes = {"model": re.split(r"[\\/]", found[1])[-1]}, []
            said = re.search(r"--warm-up[ =](\d{1,9})", found[2])
            warm = float(said[1]) if said else 0.0
            facts["precision"] = "+".join(["FP32", *(one.upper() for one in ("fp16", "int8", "bf16", "fp8")
                                                      if f"--{one}" in found[2].split())])  # fmt: skip
        elif found := _MODULE.search(text):
            facts["version"] = f"{'TensorRT' if found[1] == 'tensorrt' else 'ONNX Runtime'} {found[2]}"
        elif "Inference Input(s) ----" in text:
            inputs, shapes = True, []
        elif inputs and "shape=" in text:
            shapes += [shape for one in re.findall(r"shape=\([^)]*\)", text) for shape in shapes_in(one)]
            inputs = not text.rstrip().endswith("}")
        elif "Completed " in text and " iteration(s) in " in text:
            run = _run(source, line, text, batch_of(shapes), warm, facts)
            runs += [run] if run else []
    return inference_log(source, "polygraphy", runs)


def _run(
    source: Source, line: int, text: str, batch: float | None, warm: float | None, facts: dict[str, str]
) -> BenchRun | None:
    found = _LINE.fullmatch(text.strip())
    if found is None or not all(_NUMBER.fullmatch(one) for one in found.group(3, 4)):
        source.refuse_line(line, "no iterations with their time", text)
        return None
    count, whole, mean = float(found[2]), printed(found[3]).scaled(1e-3), float(found[4]) / 1000
    cold = count < _FEW and not warm
    why = f"{count:g} of the {_FEW} iterations that a rate needs without a warm-up: cold" if cold else ""
    rates = {"batch": Printed(1 / mean)} if mean > 0 else {}
    said = None if warm is None else Warmup(executions=warm)
    runner = re.sub(r"-N\d+-.*", "", found[1])
    return BenchRun(
        line, runner, {"batch": Printed(count)}, rates, seconds=whole, batch=batch, warmup=said,
        times={"latency": {"mean": mean}}, no_rate=why, facts=tuple(facts.items()),
    )  # fmt: skip


FORMATS: Sequence[Format] = (
    Format("polygraphy", "polygraphy run of NVIDIA, console", "InferenceLog", "", "real logs",
           "The mean time of the iterations of each runner. A few of them without --warm-up show no steady rate.",
           _fits, _read),
)  # fmt: skip
