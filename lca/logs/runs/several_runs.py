"""What stores of runs share: which run is meant, its steps and energy, and the time that its samples leave out.

MLflow and Weights & Biases keep many runs in one folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias, TypeVar

from ...checks import did_you_mean
from ...errors import LogError
from ..files.source import SHOWN, Source
from ..power.power_log import PowerLog
from ..power.reading import chosen, integrals
from ..power.recording import meter_of
from ..training.training_log import TrainingLog
from .run_table import Run, RunTable

Stored = TypeVar("Stored")
#: (line, step, seconds since the start)
Mark: TypeAlias = tuple[int, float, float]
#: A stretch without samples at an end of a run that is worth a note, s.
_WORTH_A_NOTE = 1.0


def named(source: Source, runs: Sequence[Stored], names: Callable[[Stored], tuple[str, ...]]) -> Stored | None:
    """The run that the user names, by one of its names, or the only one; None where all are meant.

    Raises where no run, or more than one, has the name, and where the store is empty.
    """
    if not runs:
        raise LogError.of("no_samples", source.where())
    asked = source.said.run
    if not asked:
        return runs[0] if len(runs) == 1 else None
    found = [run for run in runs if asked in names(run)]
    if not found:
        near = did_you_mean(asked, [name for run in runs for name in names(run) if name])
        raise LogError.of("no_such_run_in_a_store", source.where(), run=asked, near=near)
    if len(found) > 1:
        raise LogError.of("runs_of_one_name", source.where(), [", ".join(names(run)) for run in found], run=asked)
    return found[0]


def joules_of(log: PowerLog) -> tuple[tuple[str, float], ...]:
    """(device, J) of each device of the run, from its first sample to its last.

    Raises where the log leaves open which devices are those of the run, and for gaps.
    """
    own = [device for device in log.devices if device in log.own]
    tracks = chosen(log.tracks, log.own, log.shared, own if log.own else None, str(log.path))
    parts = integrals(tracks, log.whole, str(log.path))
    return tuple((device, part.joules) for device, part in parts.items())


def uncovered(start: float | None, stop: float | None, first: float, last: float) -> list[str]:
    """Notes on the time of a run before its first sample and behind its last: it has no energy."""
    before = 0.0 if start is None else first - start
    behind = 0.0 if stop is None else stop - last
    ends = ((before, "before the first sample"), (behind, "behind the last sample"))
    said = [f"{seconds:.6g} s {where}" for seconds, where in ends if seconds > _WORTH_A_NOTE]
    return [f"the run has no energy for {' and '.join(said)}: the log was silent"] if said else []


def beside(read: Callable[[], TrainingLog]) -> tuple[TrainingLog | None, list[str]]:
    """The steps of a run that has a power too; where they cannot be read, a note says why."""
    try:
        return read(), []
    except LogError as error:
        return None, [f"the steps are left out: {error.what}"]


def from_one(marks: Sequence[Mark]) -> tuple[list[Mark], list[str]]:
    """Marks whose first step is 1, with a note where they count from 0 in the file."""
    if min(step for _, step, _ in marks) != 0:
        return list(marks), []
    return [(line, step + 1, time) for line, step, time in marks], [
        "steps count from 0 in the file; here the first is 1"
    ]


def row(source: Source, run: Run, read: Callable[[], PowerLog | TrainingLog]) -> tuple[Run, str, int]:
    """(the run with its energy, why it has none, how many samples it has), for a table.

    The devices of a run are one machine to the table: another run on them at the same time holds the same energy.
    """
    log: PowerLog | TrainingLog | None = None
    try:
        log = read()
        parts = joules_of(log) if isinstance(log, PowerLog) else ()
        why = "" if parts else "no power was logged"
    except LogError as error:
        parts, why = (), error.what
    if not isinstance(log, PowerLog):
        return run, why, 0
    host = " ".join((run.host, ", ".join(device for device, _ in parts))).strip()
    joules = sum(energy for _, energy in parts) if parts else None
    facts = (*run.facts, ("sampled seconds", f"{log.span:.6g}"))
    samples = sum(track.times.size for track in log.tracks)
    return replace(run, joules=joules, host=host, machine=bool(parts), parts=parts, facts=facts), why, samples


def table(source: Source, format: str, rows: Sequence[tuple[Run, str, int]], notes: Sequence[str] = ()) -> RunTable:
    """The table of runs, with notes on those without an energy; bad lines of any run are raised first."""
    skipped = source.check(sum(samples for *_, samples in rows))
    why = [f"{run.name}: {reason}" for run, reason, _ in rows if reason]
    hint = ["a run alone: lca.read(path, run=...)"] if why else []
    runs = sorted((run for run, *_ in rows), key=lambda run: run.start or 0.0)
    notes = (*notes, *_overlapping(runs), *skipped, *why[:SHOWN], *hint)
    return RunTable(source.path, format, tuple(runs), meter_of(source, "component"), notes)


def _overlapping(runs: Sequence[Run]) -> list[str]:
    """A note where runs with an energy overlap in time on the same devices."""
    timed = sorted(
        (run.host, run.start, run.start + run.seconds)
        for run in runs
        if run.machine and run.start is not None and run.seconds is not None
    )
    if not any(one[0] == after[0] and after[1] < one[2] for one, after in pairwise(timed)):
        return []
    return ["runs overlap in time on the same GPUs, and each holds their whole energy: that time counts once"]
