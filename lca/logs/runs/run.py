"""One run of a table of runs, and which runs count the same energy (M3, M4)."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

#: Two runs that share less than this part of the shorter one are one after the other; stamps are never exact.
SLACK = 0.05


@dataclass(frozen=True)
class Run:
    """One run: what a tool said of it when it ended. None stands for what it did not say."""

    line: int  # of the file; 0 where a file holds one run
    name: str
    joules: float | None  # of the devices that the tool counts
    seconds: float | None
    start: float | None = None  # s since 1970, or of a clock that all runs share
    host: str = ""  # the machine, whose whole energy it is if `machine`
    machine: bool = False  # the tool counted the whole machine, not one process
    parts: tuple[tuple[str, float], ...] = ()  # (component, J) as the tool splits the energy
    facts: tuple[tuple[str, str], ...] = ()  # other columns that say what was run
    cards: bool = False  # whole cards, or what may be the whole machine, are in it beside a share of the machine
    blur: float = 0.0  # s, by which the start may be wrong
    u: float = 0.0  # the standard uncertainty of `joules` itself, such as the steps of two displays, J
    local: bool = False  # whether the start is a local time, of which no zone is known


def counted_once(runs: Iterable[Run]) -> list[Run]:
    """The runs without those that lie within another one of the same machine; the larger energy counts."""
    runs = list(runs)
    within: set[int] = set()
    for group in _at_one_time(runs):
        kept: list[Run] = []  # by their start, of which those that can share time with a run are looked at
        longest = max(run.seconds or 0.0 for run in group)
        for run in sorted(group, key=lambda one: -(one.joules or 0.0)):
            first = bisect_left(kept, (run.start or 0.0) - longest, key=_start)
            last = bisect_left(kept, _stop(run), key=_start)
            if run.machine and any(other.machine and _inside(run, other) for other in kept[first:last]):
                within.add(id(run))
            else:
                insort(kept, run, key=_start)
    return [run for run in runs if id(run) not in within]


def overlapping(runs: Sequence[Run]) -> list[tuple[Run, Run]]:
    """The pairs of runs of which each counts energy that the other counts too."""
    found = []
    for group in _at_one_time(runs):
        for n, run in enumerate(group):
            for other in group[n + 1 :]:
                if (other.start or 0.0) >= _stop(run):
                    break
                if not _apart(run, other):
                    found.append((run, other))
    return found


def _at_one_time(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Runs of one machine that share times with each other, by their start."""
    timed = [run for run in runs if (run.machine or run.cards) and run.start is not None and run.seconds is not None]
    for _, one_host in groupby(sorted(timed, key=lambda run: (run.host, run.start)), key=lambda run: run.host):
        group: list[Run] = []
        stop = float("-inf")
        for run in one_host:
            if group and (run.start or 0.0) >= stop:
                yield group
                group = []
            stop = max(stop, _stop(run)) if group else _stop(run)
            group.append(run)
        yield group


def _start(run: Run) -> float:
    return run.start or 0.0


def _stop(run: Run) -> float:
    return (run.start or 0.0) + (run.seconds or 0.0)


def _common(run: Run, other: Run) -> tuple[float, float]:
    """(seconds that both share, seconds that are within the error of the stamps)."""
    shorter = min(run.seconds or 0.0, other.seconds or 0.0)
    slack = min(max(run.blur, other.blur) + SLACK * shorter, shorter / 2)
    return min(_stop(run), _stop(other)) - max(run.start or 0.0, other.start or 0.0), slack


def _inside(run: Run, other: Run) -> bool:
    common, slack = _common(run, other)
    return common > 0 and common >= (run.seconds or 0.0) - slack


def _apart(run: Run, other: Run) -> bool:
    common, slack = _common(run, other)
    return common <= slack
