"""What NVIDIA's AIPerf and GenAI-Perf export of a run of a server: metrics as JSON, or as two tables of CSV.

Written after the sources of both (aiperf/exporters, genai_perf/export_data) and after outputs in their documents.
Request Count counts requests that were served; those with an error stand beside it, or in a summary of errors. AIPerf
states how long the run took, and when, in local times. GenAI-Perf states rates only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...checks import real, short
from ...errors import LogError
from ..files.clock import Clock
from ..files.csv_rows import cells_of
from ..files.json_documents import document, inner, part, text
from ..files.source import LARGEST, SHOWN, Source
from ..format import Format
from ..inference.inference_log import InferenceLog
from ..inference.printed import Printed, is_printed, printed
from .serving import AT_MOST, Served, log_of
from .serving_metrics import KNOWN, Metric, served

_OWN = ('"aiperf_version"', '"benchmark_duration"', '"benchmark_id"')
_METRIC = re.compile(r'"request_throughput"\s*:\s*\{')
_NAME = re.compile(r"([A-Za-z][\w /%-]*?)(?: \(([^)]*)\))?")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


# --- JSON --------------------------------------------------------------------------------------------------------


def _fits_json(source: Source) -> bool:
    return source.start.lstrip().startswith("{") and (
        '"aiperf_version"' in source.start or bool(_METRIC.search(source.start))
    )


def _fits_aiperf(source: Source) -> bool:
    return _fits_json(source) and any(key in source.start for key in _OWN)


def _fits_genai_perf(source: Source) -> bool:
    return _fits_json(source) and not any(key in source.start for key in _OWN)


def _read_aiperf(source: Source) -> InferenceLog:
    return _of_json(source, "aiperf")


def _read_genai_perf(source: Source) -> InferenceLog:
    return _of_json(source, "genai-perf")


def _of_json(source: Source, format: str) -> InferenceLog:
    made = document(source)
    metrics, bad = _metrics(made)
    run, wrong = served(0, metrics)
    if bad or wrong:
        raise LogError.of("not_numbers_in_a_document", source.where(), [*bad, *wrong][:SHOWN], count=len(bad + wrong))
    _failed(run, made)
    if made.get("was_cancelled") is True:
        run.notes.append("the run was cancelled before its end")
    run.facts |= {name: found for name, found in _facts(made) if found}
    clock = Clock(source)
    run.began = _began(run, made, clock)
    return log_of(source, format, [run], local=clock.local)


def _metrics(made: dict[str, object]) -> tuple[dict[str, Metric], list[str]]:
    """(the metrics that are read, the values that are faulty) of a document: objects with a unit and an avg."""
    found, bad = {}, []
    for name, one in made.items():
        if name not in KNOWN or not isinstance(one, dict) or "avg" not in one:
            continue
        metric = Metric(text(one.get("unit")))
        for statistic, value in one.items():
            number = real(value)
            if statistic == "unit" or value is None:
                continue
            if number is None or not 0 <= number <= LARGEST:
                bad.append(f"{name}, {statistic}: {short(value)}")
            else:
                metric.values[statistic] = Printed(number)
        found[name] = metric
    return found, bad


def _failed(run: Served, made: dict[str, object]) -> None:
    """The requests that failed, from the summary of errors, where they are not counted."""
    errors = made.get("error_summary")
    counts = [real(inner(one, "count")) or 0.0 for one in errors] if isinstance(errors, list) else []
    if "failed" not in run.numbers and sum(counts) > 0:
        run.numbers["failed"] = Printed(sum(counts))


def _facts(made: dict[str, object]) -> Iterator[tuple[str, str]]:
    """The model, the version and the requests at a time, as far as the options of the run are where they used to be."""
    config = part(made, "input_config")
    names = config.get("model") or inner(config, "endpoint", "model_names") or inner(config, "model_names")
    yield "model", ", ".join(map(text, names)) if isinstance(names, list) else text(names)
    yield "version", f"AIPerf {text(made['aiperf_version'])}" if text(made.get("aiperf_version")) else ""
    at_most = inner(config, "loadgen", "concurrency") or config.get("concurrency")
    yield AT_MOST, text(at_most)


def _began(run: Served, made: dict[str, object], clock: Clock) -> tuple[float, float] | None:
    """The clock began after the start of the run, and so long before its end as it took."""
    seconds = run.number("seconds")
    start, end = (clock.read(text(made.get(name))) for name in ("start_time", "end_time"))
    if start is None or end is None or seconds is None:
        return None
    return start, max(start, end - seconds.value)


# --- CSV ---------------------------------------------------------------------------------------------------------


def _first_columns(source: Source) -> list[str]:
    return cells_of(source.first_line)


def _fits_aiperf_csv(source: Source) -> bool:
    columns = _first_columns(source)
    return columns[:4] == ["Metric", "avg", "min", "max"] and "sum" in columns


def _fits_genai_perf_csv(source: Source) -> bool:
    columns = _first_columns(source)
    return columns[:4] == ["Metric", "avg", "min", "max"] and "sum" not in columns and "GPU" not in columns


def _read_aiperf_csv(source: Source) -> InferenceLog:
    return _of_csv(source, "aiperf csv")


def _read_genai_perf_csv(source: Source) -> InferenceLog:
    return _of_csv(source, "genai-perf csv")


def _of_csv(source: Source, format: str) -> InferenceLog:
    metrics: dict[str, Metric] = {}
    columns: list[str] = []
    for line, words in source.lines():
        cells = cells_of(words)
        if cells[:1] == ["Metric"]:
            columns = ["avg" if name == "Value" else name for name in cells[1:]]
        elif cells[:1] == ["Endpoint"]:
            columns = []  # the table of the GPUs
        elif columns and len(cells) == len(columns) + 1:
            _row(source, line, cells, columns, metrics)
        elif columns or not metrics:
            source.refuse_line(line, "no row of a table of metrics", words)
    run, wrong = served(0, metrics)
    if wrong:
        raise LogError.of("not_numbers_in_a_document", source.where(), wrong[:SHOWN], count=len(wrong))
    return log_of(source, format, [run])


def _is_number(cell: str) -> bool:
    """Whether a cell is a number; commas may stand between thousands."""
    return bool(_NUMBER.fullmatch(cell)) and is_printed(cell.replace(",", ""))


def _row(source: Source, line: int, cells: list[str], columns: list[str], metrics: dict[str, Metric]) -> None:
    """Take one metric; its name is that of the JSON with other letters, and its unit stands in brackets."""
    name = _NAME.fullmatch(cells[0])
    key = name[1].strip().lower().replace(" ", "_") if name else ""
    given = {column: cell for column, cell in zip(columns, cells[1:], strict=True) if cell not in ("", "N/A")}
    if key not in KNOWN:
        return
    if not all(map(_is_number, given.values())):
        source.refuse_line(line, "no numbers of a metric", ",".join(cells))
    elif key in metrics:
        source.refuse_line(line, "a metric that is stated twice", cells[0])
    else:
        values = {column: printed(cell.replace(",", "")) for column, cell in given.items()}
        metrics[key] = Metric((name[2] or "") if name else "", values)


FORMATS: Sequence[Format] = (
    Format("aiperf", "NVIDIA AIPerf, profile_export_aiperf.json", "InferenceLog", "", "documentation",
           "Requests that were served, their tokens, and the duration. Errors are listed, never counted as served.",
           _fits_aiperf, _read_aiperf),
    Format("aiperf csv", "NVIDIA AIPerf, profile_export_aiperf.csv", "InferenceLog", "", "documentation",
           "The same as CSV. Its table of GPUs is left out: give a log of their power.", _fits_aiperf_csv,
           _read_aiperf_csv),
    Format("genai-perf", "NVIDIA GenAI-Perf, profile_export_genai_perf.json", "InferenceLog", "", "documentation",
           "Rates of requests and tokens. It states no duration: say the window in the power log.",
           _fits_genai_perf, _read_genai_perf),
    Format("genai-perf csv", "NVIDIA GenAI-Perf, profile_export_genai_perf.csv", "InferenceLog", "", "documentation",
           "The same as CSV.", _fits_genai_perf_csv, _read_genai_perf_csv),
)  # fmt: skip
