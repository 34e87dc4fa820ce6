"""What the benchmark of vLLM says of a run, and the one of SGLang that was made of it: text, and JSON of its result.

Written after two real texts of vLLM, and after the sources of both (vllm/benchmarks/serve.py,
sglang/bench_serving.py). The words are nearly the same; the formats differ by what else is there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from ...checks import real, short
from ..files.json_documents import Object, documents, text
from ..files.source import LARGEST, Source, number
from ..inference.printed import Printed, is_printed, printed
from .serving import AT_MOST, Served

_HEADER = re.compile(r"=+ Serving Benchmark Result =+")
_LINE = re.compile(r"([^:]+?(?: \([^)]*\))?): +(\S.*)")
_STATISTIC = re.compile(r"(Mean|Median|Std|Min|Max|P\d+(?:\.\d+)?) (TTFT|TPOT|ITL|E2EL|E2E Latency) \(ms\)")
_KEY = re.compile(r"(mean|median|std|min|max|p\d+(?:\.\d+)?)_(ttft|tpot|itl|e2el|e2e_latency)_ms")
_MODEL = re.compile(r"\bmodel='([^']+)'")
_TIMES = {
    "ttft": "time to first token", "tpot": "time per output token", "itl": "inter-token latency", "e2el": "latency",
    "e2e latency": "latency", "e2e_latency": "latency",
}  # fmt: skip
_NUMBERS = {
    "successful requests": "request", "failed requests": "failed", "benchmark duration (s)": "seconds",
    "total input tokens": "input token", "total generated tokens": "output token",
    "total generated tokens (retokenized)": "retokenized", "request throughput (req/s)": "request/s",
    "input token throughput (tok/s)": "input token/s", "output token throughput (tok/s)": "output token/s",
    "total token throughput (tok/s)": "total token/s",
}  # fmt: skip
_FACTS = {
    "backend": "backend", "traffic request rate": "requests/s sent", "request rate configured (rps)": "requests/s sent",
    "maximum request concurrency": AT_MOST, "max request concurrency": AT_MOST, "max reqeuest concurrency": AT_MOST,
    "concurrency": "requests at a time",
}  # fmt: skip
_KEYS = {
    "completed": "request", "failed": "failed", "duration": "seconds", "total_input_tokens": "input token",
    "total_output_tokens": "output token", "total_output_tokens_retokenized": "retokenized",
    "request_throughput": "request/s", "input_throughput": "input token/s", "output_throughput": "output token/s",
    "total_token_throughput": "total token/s", "total_throughput": "total token/s",
}  # fmt: skip
_FACT_KEYS = {
    "model_id": "model", "backend": "backend", "endpoint_type": "backend", "request_rate": "requests/s sent",
    "max_concurrency": AT_MOST, "concurrency": "requests at a time", "label": "label",
    "date": "written",
}  # fmt: skip


# --- the text ------------------------------------------------------------------------------------------------


def of_text(source: Source) -> list[Served]:
    """The runs of a text, one for each "Serving Benchmark Result"."""
    found: list[Served] = []
    within, model = False, ""
    for line, raw in source.lines():
        words = raw.strip()
        if _HEADER.search(words):
            found.append(Served(line, facts={"model": model}))
            within = True
        elif words.startswith("=====") and not words.strip("="):
            within = False
        elif within and (parts := _LINE.fullmatch(words)):
            _take(source, line, parts[1], parts[2].strip(), found[-1])
        elif not within and (said := _MODEL.search(words)):
            model = said[1]
    return found


def _take(source: Source, line: int, label: str, value: str, found: Served) -> None:
    """What one line of a result says; lines of other words are left out."""
    name = label.strip().casefold()
    if statistic := _STATISTIC.fullmatch(label.strip()):
        milliseconds = number(value)
        if milliseconds is None or milliseconds < 0:
            source.refuse_line(line, "no time", f"{label}: {value}")
        elif not math.isnan(milliseconds):
            of = found.times.setdefault(_TIMES[statistic[2].lower()], {})
            of[statistic[1].lower()] = milliseconds / 1000
    elif name in _NUMBERS:
        _number(source, line, _NUMBERS[name], f"{label}: {value}", value, found)
    elif name in _FACTS and value not in ("not set", "None"):
        found.facts[_FACTS[name]] = value


def _number(source: Source, line: int, kind: str, said: str, value: str, found: Served) -> None:
    """Take a number, of which only a count is exact."""
    if not is_printed(value):
        source.refuse_line(line, "no number", said)
    elif kind in found.numbers:
        source.refuse_line(line, "stated twice for one run", said)
    else:
        rounded = kind == "seconds" or kind.endswith("/s")
        found.numbers[kind] = printed(value) if rounded else Printed(float(value))


# --- the JSON of a result ------------------------------------------------------------------------------------


def of_json(source: Source) -> Iterator[Served]:
    """The runs of a file of JSON, one for each document."""
    for line, one in documents(source):
        if not isinstance(one, dict) or "completed" not in one or "duration" not in one:
            source.refuse_line(line, "no result of a run, with completed and duration", short(one))
            continue
        made, bad = _of_document(line, one)
        if bad:
            source.refuse_line(line, f"no numbers from 0: {', '.join(bad)}")
        else:
            yield made


def _of_document(line: int, one: Object) -> tuple[Served, list[str]]:
    """(the run, the values that are faulty) of a document."""
    made, bad = Served(line), []
    for key, given in one.items():
        statistic, value = _KEY.fullmatch(key), real(given)
        if given is None or not (key in _KEYS or statistic) or (statistic and value is not None and math.isnan(value)):
            continue
        if value is None or not 0 <= value <= LARGEST:
            bad.append(f"{key}: {short(given)}")
        elif statistic:
            made.times.setdefault(_TIMES[statistic[2]], {})[statistic[1]] = value / 1000
        else:
            made.numbers[_KEYS[key]] = Printed(value)
    made.facts = {name: text(one.get(key)) for key, name in _FACT_KEYS.items() if text(one.get(key))}
    _failed(made, one)
    return made, bad


def _failed(made: Served, one: Object) -> None:
    """The requests that failed, where a result does not count them: those with an error, or those that are lacking."""
    if "failed" in made.numbers:
        return
    errors = one.get("errors")
    if isinstance(errors, list):
        made.numbers["failed"] = Printed(float(sum(bool(error) for error in errors)))
        return
    asked, served = real(one.get("num_prompts")), made.numbers.get("request")
    if asked is not None and served is not None and asked > served.value:
        made.notes.append(f"{asked:g} requests were asked for, {served.value:g} served: the others may have failed")


def has(source: Source, *keys: str) -> bool:
    """Whether a file begins as the JSON of a result, with these keys too."""
    start = source.start.lstrip()
    needed = ("duration", "completed", "total_input_tokens", *keys)
    return start.startswith("{") and all(f'"{key}"' in start for key in needed)


def begins(source: Source, label: str, *marks: str) -> bool:
    """Whether the first result of a text begins with a label; or the text with one of some lines, before a result."""
    result = re.search(rf"{_HEADER.pattern}\s*\n\s*(\S[^:\n]*):", source.start)
    if result:
        return result[1] == label
    return not _HEADER.search(source.start) and any(re.search(mark, source.start, re.M) for mark in marks)
