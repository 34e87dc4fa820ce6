"""What `vllm bench serve` says: the summary that it prints, and the JSON of --save-result.

Written after two real texts and after the source (vllm/benchmarks/serve.py). Tokens per second are those that came
out, unless the word total is there: of a run that only reads prompts, both differ by the length of a prompt. Older
texts do not say how many requests failed.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..files.source import Source
from ..format import Format
from ..inference.inference_log import InferenceLog
from .bench_serving import begins, has, of_json, of_text
from .serving import log_of

#: Keys of programs that were made of it: SGLang, and the benchmark of ML.ENERGY.
_OF_OTHERS = ("total_output_tokens_retokenized", "steady_state_energy")


def _fits(source: Source) -> bool:
    return begins(source, "Successful requests", r"^Namespace\(subparser='bench'", r"^Starting initial single prompt ")


def _fits_json(source: Source) -> bool:
    return has(source, "model_id") and not any(f'"{key}"' in source.start for key in _OF_OTHERS)


def _read(source: Source) -> InferenceLog:
    return log_of(source, "vllm bench serve", of_text(source))


def _read_json(source: Source) -> InferenceLog:
    return log_of(source, "vllm bench serve json", list(of_json(source)))


FORMATS: Sequence[Format] = (
    Format("vllm bench serve", "vllm bench serve, console", "InferenceLog", "", "real logs",
           "Requests that were served, and their tokens. A run of which no request was served is refused.",
           _fits, _read),
    Format("vllm bench serve json", "vllm bench serve --save-result, JSON", "InferenceLog", "", "documentation",
           "The same as JSON. What is missing of the requests that were asked for is noted.", _fits_json, _read_json),
)  # fmt: skip
