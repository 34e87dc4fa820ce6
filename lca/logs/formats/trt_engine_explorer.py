"""The metadata that NVIDIA's trt-engine-explorer makes of a log of trtexec: one JSON file of a build or of a run.

Written after real files of TensorRT 8.4 and 10. A time has five or seven statistics, in an order that its length
tells: min, max, mean, median, and the 99th percentile or the 90th, 95th and 99th.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...checks import real, short
from ...errors import LogError
from ..files.clock import Clock
from ..files.json_documents import Object, begins_with, document, part, text
from ..files.source import LARGEST, SHOWN, Source
from ..format import Format
from ..inference.building import inference_log
from ..inference.inference_log import InferenceLog
from ..inference.printed import printed
from ..inference.shapes import shapes_in
from .trtexec_lines import TIMES, Found
from .trtexec_run import notes_of, run_of

_STATISTICS = {
    5: ("min", "max", "mean", "median", "p99"),
    7: ("min", "max", "mean", "median", "p90", "p95", "p99"),
}
_VALUES = {"Throughput": "rate", "Total Host Walltime": "wall", "Total GPU Compute Time": "busy"}
_GROUPS = ("model_options", "build_options", "inference_options", "device_information")
#: Which options of the metadata are those of the text of trtexec.
_OPTIONS = {
    "Batch": "Batch", "Streams": "Streams", "Inference Streams": "Streams", "Duration": "Duration", "Model": "Model",
    "Precision": "Precision", "Selected Device": "Selected Device", "TensorRT version": "TensorRT version",
}  # fmt: skip


def _fits(source: Source) -> bool:
    return begins_with(source, "performance_summary") or begins_with(source, "model_options", "build_options")


def _read(source: Source) -> InferenceLog:
    made = document(source)
    found = Found(0)
    if not any(part(made, group) for group in (*_GROUPS, "performance_summary")):
        raise LogError.of("no_inference_in_log", source.where())
    for group in _GROUPS:
        for name, value in part(made, group).items():
            if name.startswith("Input inference shape"):
                found.shapes += shapes_in(text(value))
            elif name in _OPTIONS and text(value):
                found.options[_OPTIONS[name]] = text(value)
    summary = part(made, "performance_summary")
    _take(source, found, summary)
    if summary:
        run = run_of(source, found, Clock(source))
        return inference_log(source, "trt-engine-explorer", [run], notes=list(notes_of(found, run)))
    found.notes["the options of a build, without a run"] = None
    run = run_of(source, found, Clock(source))
    return inference_log(source, "trt-engine-explorer", [run], notes=list(found.notes))


def _take(source: Source, found: Found, summary: Object) -> None:
    """What the summary of a run says; raises for all that is not a number."""
    bad = []
    for name, value in summary.items():
        if name in _VALUES:
            number = real(value)
            if number is None or not 0 <= number <= LARGEST:
                bad.append(f"{name}: {short(value)}")
            else:
                found.values[_VALUES[name]] = printed(repr(number), significant=6)
        elif name in TIMES:
            times = _times(value)
            bad += [] if times else [f"{name}: {short(value)}"]
            found.times[TIMES[name]] = dict(times)
    if bad:
        raise LogError.of("not_numbers_in_a_document", source.where(), bad[:SHOWN], count=len(bad))


def _times(value: object) -> Mapping[str, float]:
    """The statistics of a time in s; nothing where they are not five or seven numbers."""
    numbers = [real(one) for one in value] if isinstance(value, list) else []
    names = _STATISTICS.get(len(numbers), ())
    return (
        {name: one / 1000 for name, one in zip(names, numbers, strict=True) if one is not None}
        if (names and all(one is not None and 0 <= one <= LARGEST for one in numbers))
        else {}
    )


FORMATS: Sequence[Format] = (
    Format("trt-engine-explorer", "trt-engine-explorer, metadata of a run or a build as JSON", "InferenceLog", "",
           "real logs", "The summary of trtexec. Throughput counts executions; the batch is in the shapes.",
           _fits, _read),
)  # fmt: skip
