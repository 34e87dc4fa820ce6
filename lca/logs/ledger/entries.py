"""The entries of a ledger: one for each run and each power log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from zoneinfo import ZoneInfo

import numpy as np

from ...errors import LogError
from ...meters.observed import Observed
from ...units.registry import BOUNDARIES
from ..files.clock import with_zone, zone_of
from ..files.source import SHOWN
from ..power.integration import lost_steps, rises_of
from ..power.moments import moment_text
from ..power.power_log import PowerLog
from ..power.reading import whole_channels
from ..runs.run import Run
from ..runs.run_table import DATED, RunTable
from .spans import Span, common, length, united

_KINDS = {False: "times of a known zone", True: "local times without a zone"}


@dataclass(frozen=True)
class Entry:
    """A run of a table, or a power log: its machine, its time, its energy, and whether it counts."""

    log: PowerLog | RunTable
    run: Run | None  # None of a power log
    name: str
    host: str  # "" where neither the user nor the log says it
    parts: frozenset[str]  # the devices that it names
    spans: tuple[Span, ...]  # when it ran, without the gaps of its log; empty where no date is known
    seconds: float | None  # how long it ran, without gaps
    joules: float | None
    gaps: str = "refuse"
    within: str = ""  # the entry that holds its energy already, or why it does not count
    left: tuple[Span, ...] = ()  # the time that counts

    @property
    def at(self) -> str:
        """The boundary of its meter."""
        return self.log.meter.at

    @property
    def outer(self) -> int:
        """How far out its meter sits."""
        return BOUNDARIES.index(f"at_{self.at}")

    @property
    def local(self) -> bool:
        """Whether its log has local times, of which it says no zone."""
        return self.log.local if isinstance(self.log, PowerLog) else self.run is not None and self.run.local

    @property
    def whole(self) -> bool:
        """Whether it counts all that runs on its devices, and not one process; a meter at the wall does."""
        return self.run is None or self.run.machine or self.at in ("wall", "facility")

    @property
    def counted(self) -> bool:
        """Whether its energy is in the ledger."""
        return not self.within and self.joules is not None

    @property
    def share(self) -> float:
        """The share of its time and energy that counts."""
        if not self.counted:
            return 0.0
        return length(self.left) / length(self.spans) if self.left else 1.0

    def energy(self) -> Observed:
        """What a power log adds, as a reading of its meter."""
        assert isinstance(self.log, PowerLog)
        return self.log.energy(gaps=self.gaps) * self.share

    def __str__(self) -> str:
        when = f"from {moment_text(self.spans[0][0], True)}" if self.spans else "at an unknown time"
        return f"{self.log.path}: {self.name} {when}"


def entries_of(logs: Sequence[tuple[str, PowerLog | RunTable]], gaps: str, zone: str) -> list[Entry]:
    """An entry for each run and each power log, in the order of their times; local times are those of the zone.

    Raises where some times are local ones and others are not, and no zone is named.
    """
    found = _hosted([entry for host, log in logs for entry in _entries(host, log, gaps)])
    found = _in_zone(found, zone)
    return sorted(found, key=lambda one: (not one.spans, one.spans[:1]))


def _in_zone(entries: Sequence[Entry], zone: str) -> list[Entry]:
    if zone:
        place = zone_of(zone, "ledger(zone=)")
        return [_moved(one, place) if one.local else one for one in entries]
    kinds = {one.local: f"{one}: {_KINDS[one.local]}" for one in entries if one.spans}
    if len(kinds) > 1:
        raise LogError.of("ledger_without_zone", "ledger(zone=)", [kinds[False], kinds[True]])
    return list(entries)


def _moved(entry: Entry, zone: ZoneInfo) -> Entry:
    """An entry of local times, in the zone that they are of."""
    spans = [(with_zone(start, zone), with_zone(stop, zone)) for start, stop in entry.spans]
    return replace(entry, spans=tuple(spans))


def _entries(host: str, log: PowerLog | RunTable, gaps: str) -> Iterator[Entry]:
    if isinstance(log, RunTable):
        for run in log.runs:
            parts = frozenset(name for name, _ in run.parts)
            yield Entry(log, run, run.name, host or _machine(run), parts, _of_run(run), run.seconds, run.joules)
    else:
        energy, spans = log.energy(gaps=gaps).about.amount, _covered(log, gaps)
        parts = frozenset(f"{one.device or log.meter.name} {name}" for one in log.tracks for name in one.names)
        times = tuple(spans) if log.dated and log.start >= DATED[0] else ()
        yield Entry(log, None, log.path.stem, host, parts, times, length(spans), energy, gaps)


def _machine(run: Run) -> str:
    """The machine of a run, without the devices that some tools name behind it."""
    return run.host.removesuffix(", ".join(name for name, _ in run.parts)).strip()


def _of_run(run: Run) -> tuple[Span, ...]:
    dated = run.start is not None and DATED[0] <= run.start < DATED[1]
    return ((run.start or 0.0, (run.start or 0.0) + run.seconds),) if dated and run.seconds else ()


def _covered(log: PowerLog, gaps: str) -> list[Span]:
    """The time that the samples of any device cover, as gaps are taken."""
    found: list[Span] = []
    for track in log.tracks:
        channel, values = track.added(whole_channels(track, log.whole, str(log.path)), str(log.path))
        there = np.isfinite(values)
        times, shown = track.times[there], values[there]
        steps = np.diff(times)
        kept = ~lost_steps(channel, rises_of(channel, shown, steps), steps, gaps, None)
        found += zip(times[:-1][kept].tolist(), times[1:][kept].tolist(), strict=True)
    return united(found)


def _hosted(entries: Sequence[Entry]) -> list[Entry]:
    """The entries, of which those of no named machine are of the only one that is named; raises where that is open."""
    named = sorted({one.host for one in entries if one.host})
    nameless = [one for one in entries if not one.host]
    if len(named) > 1 and nameless:
        sides = [f"machines: {', '.join(named[:SHOWN])}", *map(str, nameless[:SHOWN])]
        raise LogError.of("entries_of_no_machine", "ledger", sides, count=len(nameless))
    if two := [text for host in named for text in _two_machines(host, entries)]:
        raise LogError.of("entries_of_two_machines", "ledger", two[:SHOWN])
    return [replace(one, host=one.host or "".join(named)) for one in entries]


def _two_machines(host: str, entries: Sequence[Entry]) -> Iterator[str]:
    """Machines that logs tell apart, which run at one time and to which the user gave one name."""
    times: dict[str, list[Span]] = {}
    for one in entries:
        if one.host == host and one.run and _machine(one.run):
            times.setdefault(_machine(one.run), []).extend(one.spans)
    for (name, spans), (other, others) in combinations(times.items(), 2):
        if common(united(spans), united(others)) > 0:
            yield f"{host}: {name}; {other}"
