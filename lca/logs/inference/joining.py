"""Parts of one run that stand in several files: its log, its trace, its layers, its shapes (M9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...errors import LogError
from .bench_run import BenchRun, Trace, Warmup

#: A trace may lack so much of the executions of its run: counts from a rate are rounded.
_SAME_COUNT = 1e-3


def joined(runs: Sequence[BenchRun], others: Sequence[BenchRun], files: Sequence[str]) -> tuple[BenchRun, ...]:
    """Each run with the one of another file at its place. `files` are both paths, for errors."""
    if len(runs) != len(others):
        sides = [f"{file}: {len(found)} runs" for file, found in zip(files, (runs, others), strict=True)]
        raise LogError.of("files_of_other_runs", files[0], sides)
    return tuple(_one(run, other, files) for run, other in zip(runs, others, strict=True))


def _one(run: BenchRun, other: BenchRun, files: Sequence[str]) -> BenchRun:
    """A run with what another file tells of it; the first file counts where both tell."""
    if run.batch is not None and other.batch is not None and run.batch != other.batch:
        raise LogError.of(
            "runs_of_other_batches", files[0], [f"{run.name}: {run.batch:g}", f"{files[1]}: {other.batch:g}"]
        )
    batch = other.batch if run.batch is None else run.batch
    timed = _counted(run, other)
    rest = run if timed is other else other
    made = replace(
        run, batch=batch, counts=timed.counts, rates=timed.rates, seconds=timed.seconds,
        warmup=timed.warmup or rest.warmup, streams=run.streams or other.streams, times={**other.times, **run.times},
        layers=_with_time(run, other).layers, profiled=_with_time(run, other).profiled, began=run.began or other.began,
        no_rate="" if run.no_rate and (other.counts or other.rates) else run.no_rate,
        facts=tuple((dict(other.facts) | dict(run.facts)).items()),
    )  # fmt: skip
    with_trace = run if run.trace is not None else other
    if with_trace.trace is None or with_trace is timed:
        return replace(made, trace=with_trace.trace)
    return _timed(made, with_trace.trace, files)


def _counted(run: BenchRun, other: BenchRun) -> BenchRun:
    """The one of two whose counts hold: not those of a trace, which may hold its warm-up, where the other has some."""
    traced = run.trace is not None and bool(other.counts or other.rates)
    return other if traced or not (run.counts or run.rates) else run


def _with_time(run: BenchRun, other: BenchRun) -> BenchRun:
    """The one of two whose layers count."""
    return run if run.layers else other


def _timed(run: BenchRun, trace: Trace, files: Sequence[str]) -> BenchRun:
    """A run with its trace; what the trace holds above the count of the run is the warm-up, and is left out."""
    executions, held = run.total("batch"), trace.latency.size
    if executions is None:
        return replace(run, trace=trace)
    first = held - round(executions.value)
    if abs(first) <= max(1.0, executions.half, _SAME_COUNT * executions.value):
        first = 0
    if first < 0:
        sides = [f"{files[0]}: {executions.value:.6g} executions", f"{files[1]}: {held} in the trace"]
        raise LogError.of("trace_of_another_run", files[0], sides)
    warm = replace(run.warmup or Warmup(), left_out=True)
    return replace(run, trace=trace.after(first), warmup=replace(warm, executions=float(first)) if first else warm)
