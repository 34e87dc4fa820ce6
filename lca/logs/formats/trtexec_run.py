"""From what the lines of trtexec say to a run: executions or images, warm-up, and when it was."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import LogError
from ..files.clock import Clock
from ..files.source import Source
from ..inference.bench_run import BenchRun, Warmup
from ..inference.printed import Printed
from ..inference.shapes import batch_of, shapes_in
from .trtexec_lines import Found

#: Counts that agree to this part are the same number.
_SAME = 0.01


def run_of(source: Source, found: Found, clock: Clock) -> BenchRun:
    """The run of what its lines say."""
    wall = found.values.get("wall", found.values.get("trace"))
    counts, rates, batch, why = _counted(source, found, wall)
    facts = {
        "model": _model(found),
        "version": f"TensorRT {found.options['TensorRT version']}" if "TensorRT version" in found.options else "",
        "device": found.options.get("Selected Device", ""),
        "precision": found.options.get("Precision", "") or _asked_precision(found.command),
    }
    return BenchRun(
        found.line, f"batch {batch:g}" if batch else "run", counts, rates, wall if counts else None, batch,
        _warmup(found, counts, batch), _streams(found), found.times, None, tuple(found.layers), found.profiled,
        _began(found, wall, clock), why, tuple((name, text) for name, text in facts.items() if text),
    )  # fmt: skip


# --- what was counted ----------------------------------------------------------------------------------------


def _counted(
    source: Source, found: Found, wall: Printed | None
) -> tuple[dict[str, Printed], dict[str, Printed], float | None, str]:
    """(counts, rates, batch, why there is no rate) of a run."""
    rate, executed = found.values.get("rate"), _executions(found)
    queries = _queries(found, rate, wall)
    implicit, explicit = _implicit(found), batch_of(found.shapes or shapes_in(_said(found.command, "shapes")))
    if queries is None:
        counts = {} if executed is None else {"batch": executed}
        known = rate is not None and rate.value > 0
        kind = "inference" if implicit else "batch"
        lacking = "" if counts or known else _no_count(found)
        return counts, {kind: rate} if rate and known and not counts else {}, implicit or explicit, lacking
    many = _in_one(source, found, queries, executed, implicit)
    kind = "batch" if many is None else "inference"
    counts = (
        {kind: queries} if many is not None or executed is None or executed.half > queries.half else {kind: executed}
    )
    return counts, {kind: rate} if rate and rate.value > 0 else {}, many or explicit, ""


def _queries(found: Found, rate: Printed | None, wall: Printed | None) -> Printed | None:
    """The queries of a run: those of its trace, or rate times time, which is rounded where one number is meant."""
    if found.counted:
        return Printed(found.counted)
    if rate is None or wall is None or rate.value == 0:
        return None
    return _whole(rate.times(wall))


def _executions(found: Found) -> Printed | None:
    """The executions of a run: the time of the GPU in all over its mean time."""
    busy, mean = found.values.get("busy"), found.times.get("GPU compute", {}).get("mean", 0.0)
    if busy is None or busy.value == 0 or mean <= 0:
        return None
    return _whole(busy.over(Printed(mean, mean * 5e-6)))  # six digits are printed


def _whole(number: Printed) -> Printed:
    """A count that is known to less than half of one is exact."""
    return Printed(float(round(number.value))) if number.half < 0.5 and number.value >= 1 else number


def _implicit(found: Found) -> float | None:
    """The batch of the old option, with which queries count images; None where the batch is in the shapes."""
    said = found.options.get("Batch", "") or _said(found.command, "batch")
    return float(said) if re.fullmatch(r"[1-9]\d{0,8}", said) else None


def _in_one(
    source: Source, found: Found, queries: Printed, executed: Printed | None, implicit: float | None
) -> float | None:
    """The images in one execution where queries count images; None where they count executions.

    Raises where the options and the counts contradict each other.
    """
    if executed is None:
        return implicit
    ratio = queries.value / executed.value
    expected = implicit or 1.0
    if abs(ratio - expected) <= _SAME * expected + queries.half / executed.value:
        return implicit
    if implicit is None and "Batch" not in found.options and abs(ratio - round(ratio)) <= _SAME * ratio:
        return float(round(ratio))
    sides = [f"queries: {queries.value:.6g}", f"executions by the time of the GPU: {executed.value:.6g}",
             f"batch: {expected:g}"]  # fmt: skip
    raise LogError.of("queries_and_executions_differ", source.where(found.line), sides)


def _no_count(found: Found) -> str:
    """Why a run has no rate."""
    mean = found.times.get("latency", {}).get("mean")
    if "rate" in found.values and mean:
        return (
            f"0 queries/s are printed, which some versions do of an explicit batch; the mean latency of "
            f"{1000 * mean:g} ms means about {1 / mean:.4g} executions/s of one stream, one after the other"
        )
    return "a profiling run, without the time of whole executions" if found.layers else "the summary is missing"


# --- what else is said of a run --------------------------------------------------------------------------------


def _said(command: str, name: str) -> str:
    """The value of an option of the command; "" where it is not given."""
    found = re.search(rf"(?:^|\s)--{name}=(\S+)", command)
    return found[1] if found else ""


def _model(found: Found) -> str:
    """The name of the model, without its folder."""
    names = (found.options.get(name, "") for name in ("Model", "Prototxt", "Load engine"))
    asked = (_said(found.command, name) for name in ("onnx", "deploy", "uff", "loadEngine"))
    path = next(filter(None, (*names, *asked)), "")
    return re.split(r"[\\/]", path)[-1]


def _asked_precision(command: str) -> str:
    """The precisions that a command allows, as the options list them."""
    asked = [name.upper() for name in ("fp16", "bf16", "int8", "fp8", "int4", "best") if f"--{name}" in command.split()]
    return "+".join(["FP32", *asked]) if asked else ""


def _streams(found: Found) -> int | None:
    said = found.options.get("Streams", "") or _said(found.command, "(?:infStreams|streams)")
    return int(said) if re.fullmatch(r"[1-9]\d{0,8}", said) else None


def _warmup(found: Found, counts: dict[str, Printed], batch: float | None) -> Warmup | None:
    """What ran before the clock; its queries count what those of the run count."""
    in_one = batch if batch and "inference" in counts else 1.0
    queries = None if found.warm_queries is None else found.warm_queries / in_one
    seconds = _warm_seconds(found)
    return None if queries is None and seconds is None else Warmup(queries, seconds)


def _warm_seconds(found: Found) -> float | None:
    """How long the warm-up was asked to last, s."""
    span = re.search(r"\(\+ (\d{1,9})ms warm up\)", found.options.get("Duration", ""))
    return float(span[1]) / 1000 if span else None


def _began(found: Found, wall: Printed | None, clock: Clock) -> tuple[float, float] | None:
    """The earliest and the latest time at which the clock of a run began.

    Stamps are in whole seconds. The first inference comes after its stamp, and a warm-up after it; the summary is
    printed behind the run, and within a second of it where no stamp of the first inference bounds the run.
    """
    ended = clock.read(found.ended) if found.ended else None
    if ended is None or wall is None:
        return None
    started = clock.read(found.started) if found.started else None
    first = ended - wall.value - 1 if started is None else started + (_warm_seconds(found) or 0.0)
    last = ended + 1 - wall.value
    return (first, last) if first <= last else None


def notes_of(found: Found, run: BenchRun) -> Iterator[str]:
    """What a reader of the run has to know."""
    yield from found.notes
    if found.command and not found.passed:
        yield "the log ends before the run did: what comes after is not known"
    moved = [max(found.times[name].values(), default=0.0) for name in ("host to device", "device to host")
             if name in found.times]  # fmt: skip
    if len(moved) == 2 and not any(moved):
        yield "without transfers: the latency is that of the GPU, not to be compared with runs that move their data"
    busy = found.values.get("busy")
    if busy is not None and run.seconds is not None and busy.value > 1.1 * run.seconds.value:
        yield f"several executions at a time: {busy.value:g} s of work of the GPU in {run.seconds.value:g} s"
    whole = sum(layer.seconds for layer in found.layers)
    if found.whole and found.profiled and abs(whole * found.profiled - found.whole) > 0.02 * found.whole:
        yield f"the layers sum to {whole * found.profiled:.6g} s, and not to the {found.whole:.6g} s printed"
    mean = found.times.get("GPU compute", {}).get("mean")
    if whole and mean:
        yield f"the layers take {1000 * whole:.4g} ms in the profiling run, an execution {1000 * mean:.4g} ms if timed"
