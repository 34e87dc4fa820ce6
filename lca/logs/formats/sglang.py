"""What `python -m sglang.bench_serving` says: the summary that it prints, and its file of JSON lines.

Written after the source (sglang/bench_serving.py) and after texts in public threads. It counts the tokens that came
out twice: as the server says, or as they were asked for, and again from the text. Where both differ, neither is sure.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..files.source import Source
from ..format import Format
from ..inference.inference_log import InferenceLog
from .bench_serving import begins, has, of_json, of_text
from .serving import log_of


def _fits(source: Source) -> bool:
    return begins(source, "Backend", r"^benchmark_args=Namespace\(", r"^Starting warmup with \d+ sequences")


def _fits_json(source: Source) -> bool:
    return has(source, "total_output_tokens_retokenized")


def _read(source: Source) -> InferenceLog:
    return log_of(source, "sglang bench serving", of_text(source))


def _read_json(source: Source) -> InferenceLog:
    return log_of(source, "sglang bench serving json", list(of_json(source)))


FORMATS: Sequence[Format] = (
    Format("sglang bench serving", "sglang.bench_serving, console", "InferenceLog", "", "documentation",
           "As vLLM. Output tokens are counted twice; a note says where both counts differ.", _fits, _read),
    Format("sglang bench serving json", "sglang.bench_serving, JSON lines", "InferenceLog", "", "documentation",
           "The same as JSON, a line for each run.", _fits_json, _read_json),
)  # fmt: skip
