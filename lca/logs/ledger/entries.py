"""The entries of a ledger: one for each run and each power log, and which of them count (M4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...errors import LogError
from ...meters.observed import Observed
from ...units.registry import BOUNDARIES
from ..files.source import SHOWN
from ..power.moments import moment_text
from ..power.power_log import PowerLog
from ..runs.run import Run
from ..runs.run_table import DATED, RunTable

#: Starts and ends of one run in two logs differ by less than this part of it; tools start one after the other.
_SLACK = 0.05


@dataclass(frozen=True)
class Entry:
    """A run of a table, or a power log: its machine, its time, its energy, and whether it counts."""

    log: PowerLog | RunTable
    run: Run | None  # None of a power log
    name: str
    host: str  # "" where neither the user nor the log says it
    start: float | None  # s since 1970; None where it is not known
    seconds: float | None
    joules: float | None
    gaps: str = "refuse"
    within: str = ""  # the entry that holds its energy already
    share: float = 1.0  # of its time and energy that counts

    @property
    def at(self) -> str:
        """The boundary of its meter."""
        return self.log.meter.at

    @property
    def stop(self) -> float | None:
        """When it ends, s since 1970."""
        return None if self.start is None or self.seconds is None else self.start + self.seconds

    @property
    def counted(self) -> bool:
        """Whether its energy is in the ledger."""
        return not self.within and self.joules is not None

    def energy(self) -> Observed:
        """What it adds, as a reading of its meter."""
        if self.run is None:
            assert isinstance(self.log, PowerLog)
            return self.log.energy(gaps=self.gaps) * self.share
        assert isinstance(self.log, RunTable)
        return replace(self.log, runs=(self.run,)).energy() * self.share

    def __str__(self) -> str:
        when = "at an unknown time" if self.start is None else f"from {moment_text(self.start, True)}"
        return f"{self.log.path}: {self.name} {when}"


def entries_of(logs: Sequence[tuple[str, PowerLog | RunTable]], gaps: str) -> list[Entry]:
    """An entry for each run and each power log, in the order of their times."""
    found = [entry for host, log in logs for entry in _entries(host, log, gaps)]
    return sorted(found, key=lambda one: (one.start is None, one.start or 0.0))


def _entries(host: str, log: PowerLog | RunTable, gaps: str) -> Iterator[Entry]:
    if isinstance(log, RunTable):
        for run in log.runs:
            start = run.start if run.start is not None and DATED[0] <= run.start < DATED[1] else None
            yield Entry(log, run, run.name, host or run.host, start, run.seconds, run.joules)
    else:
        energy = log.energy(gaps=gaps).about.amount
        start = log.start if log.dated and log.start >= DATED[0] else None
        yield Entry(log, None, log.path.stem, host, start, log.span, energy, gaps)


def counted_once(entries: Sequence[Entry], overlap: str) -> list[Entry]:
    """The entries, of which each moment of a machine counts once.

    The outer boundary comes first, then the larger energy. An entry of the same time as another one is the same run; an
    entry within another one is in its energy. One that shares a part of its time raises, or counts for the rest of it
    if `overlap` is "part".
    """
    order = sorted(range(len(entries)), key=lambda n: (-_outer(entries[n]), -(entries[n].joules or 0.0)))
    made, bad = list(entries), []
    kept: list[Entry] = []
    for n in order:
        entry = entries[n]
        if entry.stop is None or entry.joules is None:
            continue
        others = [one for one in kept if one.host == entry.host and _holds(one, entry)]
        share = _left(entry, others)
        if share <= _SLACK:
            made[n] = replace(entry, within=str(others[0]))
        else:
            if share < 1 - _SLACK:
                bad.append(f"{entry}; {others[0]}")
                made[n] = replace(entry, share=share)
            kept.append(entry)
    if bad and overlap == "refuse":
        raise LogError.of("entries_overlap", "ledger", bad[:SHOWN], count=len(bad))
    return made


def _outer(entry: Entry) -> int:
    return BOUNDARIES.index(f"at_{entry.at}")


def _holds(one: Entry, other: Entry) -> bool:
    """Whether the energy of the second, as far as they share time, is in that of the first."""
    if _common(one, other) <= 0:
        return False
    whole = one.run is None or one.run.machine
    same = _common(one, other) >= (1 - _SLACK) * max(one.seconds or 0.0, other.seconds or 0.0)
    return same or (whole and (_outer(one) > _outer(other) or other.run is None or other.run.machine))


def _common(one: Entry, other: Entry) -> float:
    return min(one.stop or 0.0, other.stop or 0.0) - max(one.start or 0.0, other.start or 0.0)


def _left(entry: Entry, others: Sequence[Entry]) -> float:
    """The share of the time of an entry that none of the others has."""
    start, stop = entry.start or 0.0, entry.stop or 0.0
    taken = united([(max(one.start or 0.0, start), min(one.stop or 0.0, stop)) for one in others])
    return 1.0 - sum(b - a for a, b in taken) / (stop - start) if stop > start else 1.0


def united(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The spans of time that any of these holds, without overlaps, in order."""
    found: list[tuple[float, float]] = []
    for start, stop in sorted(span for span in spans if span[1] > span[0]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], stop)
        else:
            found.append((start, stop))
    return found
