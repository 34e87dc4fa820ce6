"""The profile that ONNX Runtime writes of a session: a JSON list of events with their begin and length in us.

Written after a real file of a CUDA session and after profiles of ONNX Runtime 1.32 on a processor. Events lie within
each other: `model_run` holds an executor, which holds the nodes, and a node such as Loop holds the nodes of its body.
So only `model_run` counts as an execution, and only outer nodes count as layers. The fences of older versions only
wait. The first execution allocates memory and chooses kernels: it is cold, and left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ...checks import real, short
from ...errors import LogError
from ..files.json_documents import inner, text
from ..files.source import LARGEST, SHOWN, Source
from ..format import Format
from ..inference.bench_run import BenchRun, Layer, Trace, Warmup
from ..inference.building import inference_log
from ..inference.inference_log import InferenceLog
from ..inference.printed import Printed
from ..inference.shapes import batch_of

_NODE = "_kernel_time"
_OWN = re.compile(r'"name"\s*:\s*"(?:model_run|session_initialization|SequentialExecutor::Execute|[^"]*_kernel_time)"')
#: Operators that hold the nodes of another graph.
_WITH_BODY = frozenset({"If", "Loop", "Scan", "SequenceMap", "BeamSearch", "GreedySearch", "Sampling"})
_CUT = "the end of the file is missing; what stands behind the first execution gives the layers"


class _Event(NamedTuple):
    """A part of the file that took time, in us since the session began."""

    name: str
    thread: str
    begin: float
    length: float
    operator: str
    shapes: object  # of the inputs of a node

    @property
    def end(self) -> float:
        return self.begin + self.length


def _fits(source: Source) -> bool:
    start = source.start.lstrip()
    return start.startswith("[") and '"cat"' in start and bool(_OWN.search(start))


def _read(source: Source) -> InferenceLog:
    events = sorted(_events(source), key=lambda one: (one.begin, -one.length))
    runs = [one for one in events if one.name == "model_run"]
    nodes = _outer([one for one in events if one.name.endswith(_NODE)])
    if not runs and not nodes:
        raise LogError.of("no_inference_in_log", source.where())
    cold, warm = runs[:1], runs[1:]
    kept = [node for node in nodes if not cold or node.begin >= cold[0].end]
    layers = _layers(kept)
    trace = _trace(warm)
    run = BenchRun(
        0, "run", {"batch": Printed(float(len(warm)))} if warm else {}, {}, Printed(trace.span) if trace else None,
        _batch(nodes), Warmup(executions=1.0) if cold else None, None, {}, trace, layers,
        float(max(len(warm), 1)) if layers else None, no_rate="" if warm else _no_rate(cold), facts=_facts(cold, nodes),
    )  # fmt: skip
    return inference_log(source, "onnx runtime profile", [run], notes=_notes(cold, warm, layers))


def _events(source: Source) -> list[_Event]:
    """The events of the file that have a begin and a length; raises for all that are none."""
    try:
        made = json.loads(source.text)
    except (ValueError, RecursionError) as error:
        raise LogError.of("not_a_document", source.where(), [str(error)]) from None
    if not isinstance(made, list):
        raise LogError.of("not_a_document", source.where(), [f"it begins with {short(made)}"])
    found, bad = [], []
    for n, one in enumerate(made):
        name = inner(one, "name")
        if inner(one, "ph") != "X" or not isinstance(name, str):
            continue
        begin, length = real(inner(one, "ts")), real(inner(one, "dur"))
        if begin is None or length is None or not 0 <= begin <= LARGEST or not 0 <= length <= LARGEST:
            bad.append(f"event {n + 1}: {short(name)}: ts {short(inner(one, 'ts'))}, dur {short(inner(one, 'dur'))}")
            continue
        thread, operator = f"{inner(one, 'pid')} {inner(one, 'tid')}", text(inner(one, "args", "op_name"))
        found.append(_Event(name, thread, begin, length, operator, inner(one, "args", "input_type_shape")))
    if bad:
        raise LogError.of("not_numbers_in_a_document", source.where(), bad[:SHOWN], count=len(bad))
    return found


def _outer(nodes: Sequence[_Event]) -> list[_Event]:
    """The nodes that are not in the body of another one; `nodes` are in the order of their begin."""
    kept: list[_Event] = []
    until: dict[str, float] = {}  # the end of the node with a body that came last, of each thread
    for one in nodes:
        if one.begin < until.get(one.thread, 0.0) and one.end <= until[one.thread]:
            continue
        kept.append(one)
        if one.operator in _WITH_BODY:
            until[one.thread] = one.end
    return kept


def _layers(nodes: Iterable[_Event]) -> tuple[Layer, ...]:
    """The mean time of each node, in the order in which they ran."""
    found: dict[str, list[float]] = {}
    for one in nodes:
        found.setdefault(one.name.removesuffix(_NODE), []).append(one.length)
    if not any(map(any, found.values())):
        return ()
    return tuple(Layer(name, float(np.mean(times)) / 1e6) for name, times in found.items())


def _trace(runs: Sequence[_Event]) -> Trace | None:
    """The executions behind the cold one, in s."""
    if not runs:
        return None
    start, length = np.array([[one.begin, one.length] for one in runs]).T / 1e6
    return Trace(start, start + length, length)


def _batch(nodes: Sequence[_Event]) -> float | None:
    """The first size of the first input of the first node: weights come behind it."""
    shapes = nodes[0].shapes if nodes else None
    first = shapes[0] if isinstance(shapes, list) and shapes else None
    sizes = next(iter(first.values()), None) if isinstance(first, dict) else None
    if not isinstance(sizes, list) or not all(isinstance(size, int) and 0 < size <= LARGEST for size in sizes):
        return None
    return batch_of([sizes])


def _no_rate(cold: Sequence[_Event]) -> str:
    if cold:
        return f"one whole execution, the first: it is cold, and took {cold[0].length / 1000:g} ms"
    return "no whole execution is in the file"


def _facts(cold: Sequence[_Event], nodes: Sequence[_Event]) -> tuple[tuple[str, str], ...]:
    first = f"{cold[0].length / 1000:g} ms" if cold else ""
    inside = sum(node.length for node in nodes if cold and node.begin < cold[0].end) / 1000
    return (("first execution", f"{first}, its nodes {inside:g} ms"),) if cold else ()


def _notes(cold: Sequence[_Event], warm: Sequence[_Event], layers: Sequence[Layer]) -> list[str]:
    notes = ["a profile: events were written while the session ran, which slows it"]
    if cold and layers and not warm:
        notes.append(_CUT)
    if cold and not warm and not layers:
        notes.append("run the session some 100 times in one profile: the first execution is cold")
    return notes


FORMATS: Sequence[Format] = (
    Format("onnx runtime profile", "ONNX Runtime, profile of a session as JSON", "InferenceLog", "", "real logs",
           "Each model_run is an execution; the first is cold, and left out. Outer nodes are the layers.",
           _fits, _read),
)  # fmt: skip
