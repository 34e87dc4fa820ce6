"""The summary of a benchmark in Python of PyTorch or TensorRT: a JSON file with the latency of each run.

Written after a real file. The whole document may be a text within JSON. Latencies are in s; the warm-up ran before
them. `total_time` holds the load of the model and the warm-up too, so it is not the time of the runs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from ...checks import real, short
from ...errors import LogError
from ..files.json_documents import Object, part, text
from ..files.source import LARGEST, SHOWN, Source
from ..format import Format
from ..inference.bench_run import BenchRun, Trace, Warmup
from ..inference.building import inference_log
from ..inference.inference_log import InferenceLog
from ..inference.printed import Printed
from ..inference.shapes import batch_of


def _fits(source: Source) -> bool:
    start = source.start.lstrip().replace("\\", "")
    return start.startswith(("{", '"{')) and '"input_shape"' in start and '"latencies"' in start


def _document(source: Source) -> Object:
    """The object of the file, or the one in the text that the file is."""
    try:
        made = json.loads(source.text)
        made = json.loads(made) if isinstance(made, str) else made
    except (ValueError, RecursionError) as error:
        raise LogError.of("not_a_document", source.where(), [str(error)]) from None
    if not isinstance(made, dict):
        raise LogError.of("not_a_document", source.where(), [f"it begins with {short(made)}"])
    return made


def _read(source: Source) -> InferenceLog:
    made = _document(source)
    config, given = part(made, "config"), made.get("latencies")
    latencies = [real(one) for one in given] if isinstance(given, list) else []
    known = np.array([one for one in latencies if one is not None and 0 < one <= LARGEST])
    if not latencies or known.size < len(latencies):
        sides = [f"latencies: {len(latencies) - known.size} of {len(latencies)} are no times above 0"]
        raise LogError.of("not_numbers_in_a_document", source.where(), sides[:SHOWN], count=len(latencies) - known.size)
    stop = np.cumsum(known)
    warm = real(config.get("warmup"))
    sizes = config.get("input_shape")
    shape = [size for size in sizes if isinstance(size, int) and size > 0] if isinstance(sizes, list) else []
    batch = batch_of([shape]) if isinstance(sizes, list) and len(shape) == len(sizes) else None
    facts = {"model": config.get("model"), "precision": config.get("dtype"), "backend": config.get("backend")}
    run = BenchRun(
        0, text(config.get("model")) or "run", {"batch": Printed(float(known.size))},
        _rates(made.get("avg_throughput"), known.size / float(stop[-1]), batch), Printed(float(stop[-1])), batch,
        None if warm is None else Warmup(executions=warm), 1, {}, Trace(stop - known, stop, known),
        facts=tuple((name, text(value)) for name, value in facts.items() if text(value)),
    )  # fmt: skip
    return inference_log(source, "trt python profiler", [run], notes=["the time between runs is left out"])


def _rates(stated: object, executions: float, batch: float | None) -> dict[str, Printed]:
    """The rate that the file states: of images where that fits the latencies, else of executions."""
    rate = real(stated)
    if rate is None or rate == 0:
        return {}
    of_images = batch is not None and abs(rate - batch * executions) < abs(rate - executions)
    return {"inference" if of_images else "batch": Printed(rate)}


FORMATS: Sequence[Format] = (
    Format("trt python profiler", "a benchmark in Python with its latencies, JSON", "InferenceLog", "", "real logs",
           "Executions one after the other; their sum is the time. The warm-up ran before.", _fits, _read),
)  # fmt: skip
