"""How many of a count runs did in a second, for a field; or why that is not known."""

from __future__ import annotations

from collections.abc import Sequence

from ...checks import one_of
from ...distributions.base import Distribution
from ...errors import LogError
from ...graph.inputs import Labelled, labelled
from ..files.source import SHOWN
from .bench_run import COUNTS, BenchRun


def rates_of(runs: Sequence[BenchRun], per: str, where: str) -> Labelled:
    """The rate of each run, dims (run,) where there are several; raises where one has none."""
    one_of(per, tuple(COUNTS), "count", "throughput(per=)")
    lacking = [f"{run.name}: {why}" for run in runs if (why := _no_rate(run, per))]
    if lacking:
        raise LogError.of("no_rate_of_this_count", where, lacking[:SHOWN], count=per, fix=_cure(runs, per))
    rates = {run.name: rate.spread for run in runs if (rate := run.rate(per)) is not None}
    unit = f"{COUNTS[per]}/s"
    if len(rates) > 1:
        return labelled(rates, unit, dim="run")
    (value,) = rates.values()
    return Labelled((value.in_unit(unit) if isinstance(value, Distribution) else value,), unit)


def seconds_of(runs: Sequence[BenchRun], where: str) -> float:
    """How long the runs took together, s; raises where that is not known of one."""
    lacking = [run.name for run in runs if run.seconds is None]
    if lacking:
        raise LogError.of("run_without_wall_time", where, lacking[:SHOWN])
    return sum(run.seconds.value for run in runs if run.seconds is not None)


def _no_rate(run: BenchRun, per: str) -> str:
    """Why a run has no rate of a count; "" where it has one."""
    if run.no_rate or run.rate(per) is not None:
        return run.no_rate
    if per == "inference" and run.rate("batch") is not None:
        return "the size of a batch is not known"
    return "no time of a timed run" if run.seconds is None and not run.rates else "not counted"


def _cure(runs: Sequence[BenchRun], per: str) -> str:
    """How a rate can be had, where it is not known."""
    known = list(dict.fromkeys(count for run in runs for count in run.known))
    if per == "inference" and "batch" in known:
        return "say the size of a batch: log.with_batch(8), or join a file with the shapes: log.joined(lca.read(...))"
    if known:
        return f"ask for one of: {', '.join(known)}"
    return "run the benchmark for some seconds, timed, with a warm-up before it"
