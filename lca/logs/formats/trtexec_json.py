"""What trtexec exports as JSON: the trace of a run, the profile of its layers, and the layers of an engine.

Written after real files of TensorRT 7, 8.4 and 10. A file may hold several documents, one for each run. A trace of
TensorRT 7 and 8 holds the warm-up too, one of TensorRT 10 does not: where the log of the run is joined to it, the
counts decide. Times of a trace are ms since the first execution of the warm-up. A profile comes from a run of its own,
which is slower than the timed one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from ...checks import real, short
from ...errors import LogError
from ..files.json_documents import Object, documents, inner, text
from ..files.source import LARGEST, SHOWN, Source
from ..format import Format
from ..inference.bench_run import BenchRun, Layer, Trace, Warmup
from ..inference.building import inference_log
from ..inference.inference_log import InferenceLog
from ..inference.printed import Printed
from ..inference.shapes import batch_of

#: The keys of a trace, in the layouts from TensorRT 8 on and before: where an execution begins, and where it ends.
_BEGINS = ("startH2dMs", "startInMs", "startComputeMs")
_ENDS = ("endD2hMs", "endOutMs", "endComputeMs")
#: A trace that begins later, s, holds no warm-up: it ran before.
_BEHIND_A_WARMUP = 0.05
_PRECISION = re.compile(r"\b(FP32|FP16|BF16|FP8|INT8|INT4|FP4|TF32)\b")


def _lists(source: Source) -> list[tuple[int, list[Mapping[str, object]]]]:
    """(line, items) of each JSON array of the file; raises for what is none."""
    found = []
    for line, one in documents(source):
        if not isinstance(one, list) or not all(isinstance(item, dict) for item in one):
            source.refuse_line(line, "no list of a run", short(one))
        elif one:
            found.append((line, one))
    return found


def _number(item: Mapping[str, object], keys: Sequence[str], bad: list[str], place: str) -> float:
    """The number under the first of some keys that is there; what is none is noted."""
    key = next((key for key in keys if key in item), keys[0])
    value = real(item.get(key))
    if value is None or not abs(value) <= LARGEST:
        bad.append(f"{place}: {key}: {short(item.get(key))}")
        return 0.0
    return value


def _refuse(source: Source, bad: Sequence[str]) -> None:
    if bad:
        raise LogError.of("not_numbers_in_a_document", source.where(), bad[:SHOWN], count=len(bad))


# --- the trace -------------------------------------------------------------------------------------------------


def _fits_times(source: Source) -> bool:
    return source.start.lstrip().startswith("[") and '"startEnqMs"' in source.start and '"computeMs"' in source.start


def _read_times(source: Source) -> InferenceLog:
    bad: list[str] = []
    runs = [_of_times(line, items, bad, source) for line, items in _lists(source)]
    _refuse(source, bad)
    return inference_log(source, "trtexec times", runs)


def _of_times(line: int, items: Sequence[Mapping[str, object]], bad: list[str], source: Source) -> BenchRun:
    rows = []
    for n, item in enumerate(items):
        place = f"{source.where(line)}: execution {n + 1}"
        begins = [_number(item, (key,), bad, place) for key in _BEGINS if key in item] or [0.0]
        ends = [_number(item, (key,), bad, place) for key in _ENDS if key in item] or [0.0]
        rows.append((min(begins), max(ends), _number(item, ("latencyMs",), bad, place)))
    start, stop, latency = np.array(rows).T / 1000
    trace, before = Trace(start, stop, latency), float(start.min())
    warm = Warmup(seconds=before) if before > _BEHIND_A_WARMUP else Warmup(left_out=False)
    counts, span = {"batch": Printed(float(len(items)))}, Printed(trace.span) if trace.span > 0 else None
    return BenchRun(line, "run", counts=counts, seconds=span, trace=trace, warmup=warm)


# --- the profile -------------------------------------------------------------------------------------------------


def _fits_profile(source: Source) -> bool:
    start = source.start.lstrip()
    return start.startswith("[") and '"count"' in start[:200] and '"averageMs"' in start


def _read_profile(source: Source) -> InferenceLog:
    bad: list[str] = []
    runs = []
    for line, items in _lists(source):
        profiled = _number(items[0], ("count",), bad, source.where(line))
        layers = tuple(_layer(item, bad, source.where(line)) for item in items[1:])
        runs.append(BenchRun(line, "run", layers=layers, profiled=profiled, no_rate=_PROFILING))
    _refuse(source, bad)
    empty = [source.where(run.line) for run in runs if not run.layers]
    if empty:
        raise LogError.of(
            "not_numbers_in_a_document", source.where(), [f"{place}: no layer" for place in empty], count=len(empty)
        )
    return inference_log(source, "trtexec profile", runs, notes=["a profiling run: slower than a timed one"])


_PROFILING = "a profiling run, without the time of whole executions"


def _layer(item: Mapping[str, object], bad: list[str], place: str) -> Layer:
    name = item.get("name")
    if not isinstance(name, str) or not name.strip():
        bad.append(f"{place}: the name of a layer: {short(name)}")
        name = "?"
    return Layer(" ".join(name.split()), _number(item, ("averageMs",), bad, f"{place}: {short(name)}") / 1000)


# --- the layers ------------------------------------------------------------------------------------------------


def _fits_layers(source: Source) -> bool:
    return source.start.lstrip().startswith("{") and bool(re.match(r'\{\s*"Layers"\s*:\s*\[', source.start.lstrip()))


def _read_layers(source: Source) -> InferenceLog:
    runs = []
    for line, one in documents(source):
        layers = one.get("Layers") if isinstance(one, dict) else None
        if not isinstance(layers, list) or not layers:
            source.refuse_line(line, "no layers", short(one))
            continue
        runs.append(_of_layers(line, layers, inner(one, "Bindings")))
    return inference_log(source, "trtexec layers", runs, notes=["the layers of an engine, without their times"])


def _of_layers(line: int, layers: Sequence[object], bindings: object) -> BenchRun:
    outer = {name for name in bindings if isinstance(name, str)} if isinstance(bindings, list) else set()
    inputs = [one for layer in layers for one in _tensors(layer, "Inputs")]
    shapes = [shape for name, shape in inputs if name in outer and shape]
    formats = sorted({found for layer in layers for found in _PRECISION.findall(_formats(layer))})
    facts = (("precision", "+".join(formats)),) if formats else ()
    batch = batch_of(shapes)
    lacking = "the layers of an engine, without a run"
    return BenchRun(line, "run", batch=batch, no_rate=lacking, facts=(*facts, ("layers", str(len(layers)))))


def _tensors(layer: object, side: str) -> list[tuple[object, list[int]]]:
    """(name, shape) of the inputs or outputs of a layer; no shape where it is open."""
    found = []
    for one in _held(layer, side):
        sizes = one.get("Dimensions")
        shape = [size for size in sizes if isinstance(size, int) and size > 0] if isinstance(sizes, list) else []
        found.append((one.get("Name"), shape if isinstance(sizes, list) and len(shape) == len(sizes) else []))
    return found


def _held(layer: object, side: str) -> list[Object]:
    """The inputs or outputs of a layer."""
    held = layer.get(side) if isinstance(layer, dict) else None
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def _formats(layer: object) -> str:
    """The formats of the inputs and outputs of a layer, as one text."""
    return " ".join(text(one.get("Format/Datatype")) for side in ("Inputs", "Outputs") for one in _held(layer, side))


FORMATS: Sequence[Format] = (
    Format("trtexec times", "trtexec --exportTimes, JSON", "InferenceLog", "", "real logs",
           "The trace of executions. Joined to the log of the run, its counts tell whether the warm-up is in it.",
           _fits_times, _read_times),
    Format("trtexec profile", "trtexec --exportProfile, JSON", "InferenceLog", "", "real logs",
           "The time of each layer in a profiling run. Join it to a timed run: shares count, not times.",
           _fits_profile, _read_profile),
    Format("trtexec layers", "trtexec --exportLayerInfo, JSON", "InferenceLog", "", "real logs",
           "The batch and the precisions of an engine. Join it to a timed run.", _fits_layers, _read_layers),
)  # fmt: skip
