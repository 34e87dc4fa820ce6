"""From the runs that a format read to a log of inference: one place for all checks (M6, M9)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...checks import did_you_mean
from ...errors import LogError
from ..files.source import LARGEST, SHOWN, Source
from .bench_run import BenchRun, Trace
from .inference_log import InferenceLog

#: A rate that a tool states may differ from count over time by so much: tools start and stop their clocks elsewhere.
SAME_RATE = 0.02
#: A smaller number is none that a tool counts or times, s.
LEAST = 1e-9


def inference_log(
    source: Source, format: str, runs: Sequence[BenchRun], *, notes: Sequence[str] = (), local: bool = False
) -> InferenceLog:
    """The log of the runs that a format read, after all checks.

    Parameters
    ----------
    source, format, runs
        The file, the name of its format, and the runs. Runs of one name are told apart by their number.
    notes : sequence of str
        What a reader of the result has to know.
    local : bool
        Whether the times of the runs are local ones, without a zone.

    Returns
    -------
    InferenceLog
        The runs; only the one named with `run=`, if any.

    Raises
    ------
    LogError
        For bad lines, for a file without runs, for numbers that cannot be, and for a stated rate that is not the count
        over the time.
    """
    said = source.check(len(runs))
    if not runs:
        raise LogError.of("no_inference_in_log", source.where())
    bad = [f"{source.where(run.line)}: {run.name}: {one}" for run in runs for one in _impossible(run)]
    if bad:
        raise LogError.of("run_of_impossible_numbers", source.where(), bad[:SHOWN], count=len(bad))
    differing = [f"{source.where(run.line)}: {run.name}: {one}" for run in runs for one in _differing(run)]
    if differing:
        raise LogError.of("rate_is_not_count_over_time", source.where(), differing[:SHOWN])
    named = _told_apart(runs)
    chosen = [run for run in named if run.name == source.said.run] if source.said.run else named
    if not chosen:
        names = [run.name for run in named]
        near = did_you_mean(source.said.run, names)
        raise LogError.of("no_such_run", source.where(), names[:SHOWN], run=source.said.run, near=near)
    return InferenceLog(source.path, format, tuple(chosen), local, (*notes, *said))


def _told_apart(runs: Sequence[BenchRun]) -> list[BenchRun]:
    """The runs, each with a name of its own."""
    often, seen, made = Counter(run.name for run in runs), Counter[str](), []
    for run in runs:
        seen[run.name] += 1
        made.append(replace(run, name=f"{run.name} ({seen[run.name]})") if often[run.name] > 1 else run)
    names = Counter(run.name for run in made)
    return made if len(names) == len(made) else [replace(run, name=f"run {n + 1}") for n, run in enumerate(runs)]


def _impossible(run: BenchRun) -> Iterator[str]:
    """What cannot be: a number that is too small, too large, or outside of its bounds."""
    above = {f"{name} counted": one.value for name, one in run.counts.items()}
    above |= {f"{name}/s": one.value for name, one in run.rates.items()}
    above |= {} if run.seconds is None else {"seconds": run.seconds.value}
    plain = {"batch": run.batch, "streams": run.streams, "executions of the profiling run": run.profiled}
    above |= {name: value for name, value in plain.items() if value is not None}
    yield from (f"{name} = {value:g}" for name, value in above.items() if not LEAST <= value <= LARGEST)
    for of, times in run.times.items():
        yield from (f"{of}, {name} = {value:g} s" for name, value in times.items() if not 0 <= value <= LARGEST)
        low, high = times.get("min", 0.0), times.get("max", math.inf)
        middle = {name: value for name, value in times.items() if name not in ("min", "max", "std")}
        slack = 1e-4 * high if math.isfinite(high) else 0.0
        outside = [name for name, value in middle.items() if not low - slack <= value <= high + slack]
        yield from (f"{of}, {name} = {middle[name]:g} s, outside of {low:g} to {high:g} s" for name in outside)
    if run.layers and not (all(0 <= one.seconds <= LARGEST for one in run.layers) and _took_time(run)):
        yield "layers without a time"
    if run.trace is not None and (why := _of_trace(run.trace)):
        yield why


def _took_time(run: BenchRun) -> bool:
    return sum(one.seconds for one in run.layers) > 0


def _of_trace(trace: Trace) -> str:
    """What is wrong with a trace; "" if nothing is."""
    every = np.concatenate([trace.start, trace.stop, trace.latency])
    if not every.size or not (np.abs(every) <= LARGEST).all():
        return "a trace without numbers"
    if (trace.latency <= 0).any() or (trace.stop < trace.start).any():
        return "an execution of the trace ends before it begins, or takes no time"
    return ""


def _differing(run: BenchRun) -> Iterator[str]:
    """Rates that are not the count over the time."""
    for count, stated in run.rates.items():
        total = run.total(count)
        if total is None or run.seconds is None:
            continue
        own = total.over(run.seconds)
        if not own.fits(stated, SAME_RATE):
            yield f"{stated.value:g} {count}/s stated; {total.value:g} in {run.seconds.value:g} s are {own.value:g}/s"
