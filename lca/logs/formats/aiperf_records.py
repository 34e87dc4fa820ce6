"""The records that NVIDIA's AIPerf writes of each request: profile_export.jsonl, one JSON object on a line.

Written after the documents of AIPerf (docs/tutorials/working-with-profile-exports.md). Times are ns since 1970, so the
run is known on the clock of every power log with a zone. It goes from the first begin to the last end of the requests
that were served. Requests of the warm-up are left out, and those with an error are listed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...checks import real, short
from ..files.json_documents import Object, inner, parsed, part
from ..files.source import LARGEST, Source
from ..format import Format
from ..inference.bench_run import Trace
from ..inference.inference_log import InferenceLog
from ..inference.printed import Printed
from .serving import Served, log_of

_TOKENS = {"input_sequence_length": "input token", "output_sequence_length": "output token"}
_BEGIN, _END = "request_start_ns", "request_end_ns"


def _fits(source: Source) -> bool:
    first = source.first_line
    return first.startswith("{") and f'"{_BEGIN}"' in first and '"metadata"' in first


def _read(source: Source) -> InferenceLog:
    spans: list[tuple[float, float]] = []
    tokens = dict.fromkeys(_TOKENS.values(), 0.0)
    failed = warm = 0
    for line, text in source.lines():
        record = parsed(text)
        metadata = part(record, "metadata")
        if metadata.get("benchmark_phase", "profiling") != "profiling":
            warm += 1
        elif inner(record, "error") is not None or metadata.get("was_cancelled") is True:
            failed += 1
        elif (span := _span(source, line, metadata)) and (found := _tokens(source, line, part(record, "metrics"))):
            spans.append(span)
            tokens = {kind: tokens[kind] + found.get(kind, 0.0) for kind in tokens}
    notes = [f"requests of the warm-up, which are left out: {warm}"] if warm else []
    run = Served(0, {"request": Printed(float(len(spans))), "failed": Printed(float(failed))}, notes=notes)
    run.numbers |= {kind: Printed(count) for kind, count in tokens.items()}
    if spans:
        _timed(run, spans)
    return log_of(source, "aiperf records", [run])


def _span(source: Source, line: int, metadata: Object) -> tuple[float, float] | None:
    """When a request began and ended, s since 1970; None where that is not known, which is noted."""
    begin, end = real(metadata.get(_BEGIN)), real(metadata.get(_END))
    if begin is None or end is None or not 0 < begin < end <= LARGEST * 1e9:
        source.refuse_line(line, f"no begin before an end: {short(metadata.get(_BEGIN))}, {short(metadata.get(_END))}")
        return None
    return begin / 1e9, end / 1e9


def _tokens(source: Source, line: int, metrics: Object) -> dict[str, float] | None:
    """The tokens of a request, by what they are; None where a number is faulty, which is noted."""
    found = {}
    for name, kind in _TOKENS.items():
        if name in metrics:
            count = real(inner(metrics, name, "value"))
            if count is None or not 0 <= count <= LARGEST:
                source.refuse_line(line, f"{name}: {short(inner(metrics, name, 'value'))}")
                return None
            found[kind] = count
    return found or {"input token": 0.0}


def _timed(run: Served, spans: Sequence[tuple[float, float]]) -> None:
    """The time of a run, when it began, and its requests one by one."""
    begin, end = np.array(sorted(spans)).T
    run.trace = Trace(begin, end, end - begin)
    run.numbers["seconds"] = Printed(run.trace.span)
    run.began = float(begin[0]), float(begin[0])


FORMATS: Sequence[Format] = (
    Format("aiperf records", "NVIDIA AIPerf, profile_export.jsonl", "InferenceLog", "", "documentation",
           "Each request with its begin and end since 1970, so the window in a power log is known.", _fits, _read),
)  # fmt: skip
