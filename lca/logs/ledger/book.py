"""A ledger as a whole: its entries on its calendar, what they add to each day, and what no log saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...checks import some
from ...distributions.base import Distribution
from ...distributions.families import Empirical, Lognormal
from ...meters.observed import Observed
from ..power.moments import moment_text
from ..power.power_log import PowerLog
from ..runs.run_table import RunTable, reading_of_runs
from .calendar import Calendar, Span
from .entries import Entry, united

if TYPE_CHECKING:
    import pandas

#: With fewer stretches of logged days than this, the spread of what was not logged is assumed.
_FEWEST = 5
#: The geometric standard deviation that is assumed then.
_ASSUMED_GSD = 2.0
_MOST_SHOWN = 6  # names in a note


@dataclass(frozen=True, eq=False)
class Book:
    """The entries, and the calendar where any entry has a date."""

    entries: tuple[Entry, ...]
    calendar: Calendar | None
    hours: str  # when machines are left on; "" where that is not said
    said: tuple[str, ...]  # of the sources

    @property
    def counted(self) -> list[Entry]:
        """The entries whose energy is in the ledger."""
        return [one for one in self.entries if one.counted]

    @property
    def hosts(self) -> list[str]:
        """The machines, by name."""
        return sorted({one.host for one in self.entries})

    def readings(self) -> Mapping[str, Observed]:
        """The energy of all entries by boundary, one reading for each log."""
        found: dict[str, Observed] = {}
        logs = {id(one.log): one.log for one in self.counted}
        for key, log in logs.items():
            own = [one for one in self.counted if id(one.log) == key]
            made = _reading(log, own)
            found[log.meter.at] = found[log.meter.at] + made if log.meter.at in found else made
        return found

    def seconds(self, at: str) -> float:
        """How long the entries of a boundary ran, s, added over machines."""
        return sum((one.seconds or 0.0) * one.share for one in self.counted if one.at == at)

    @cached_property
    def busy(self) -> Mapping[str, list[Span]]:
        """When an entry ran on each machine."""
        return {
            host: united([(one.start, one.stop) for one in self.entries
                          if one.host == host and one.start is not None and one.stop is not None])
            for host in self.hosts
        }  # fmt: skip

    @cached_property
    def daily(self) -> npt.NDArray[np.float64]:
        """The energy of each day of the calendar, J; NaN for days that were not logged."""
        assert self.calendar is not None
        spans = [(one.start, one.stop, (one.joules or 0.0) * one.share) for one in self.counted
                 if one.start is not None and one.stop is not None]  # fmt: skip
        return np.where(self.calendar.logged, self.calendar.per_day(spans), np.nan)

    @property
    def lost_days(self) -> int:
        """Days that were not logged."""
        return 0 if self.calendar is None else self.calendar.days - sum(self.calendar.logged)

    @cached_property
    def lost_share(self) -> Distribution | float:
        """The energy of the days that were not logged, over that of all entries; 0 where there are none.

        It is what as many days in a row had, among those that were logged. Of fewer than five such stretches the spread
        is assumed: a factor of 2 as geometric standard deviation.
        """
        if not self.lost_days:
            return 0.0
        days = self.daily[np.isfinite(self.daily)]
        total, length = float(days.sum()), min(self.lost_days, days.size)
        sums = np.convolve(days, np.ones(length), mode="valid") * (self.lost_days / length)
        if sums.size < _FEWEST or not total or np.ptp(sums) == 0:
            return Lognormal(self.lost_days / days.size, _ASSUMED_GSD)
        return Empirical((sums / total).tolist())

    @cached_property
    def idle_seconds(self) -> float:
        """How long machines were on and no entry ran, s, added over machines.

        Days that were not logged have the share of the others.
        """
        if self.calendar is None or not self.hours:
            return 0.0
        on, days = self.calendar.left_on(self.hours), self.calendar
        free = [(a, b, b - a) for host in self.hosts for a, b in _without(on, self.busy[host])]
        logged = np.array(days.logged)
        return float(days.per_day(free)[logged].sum() * days.days / logged.sum())

    @property
    def on_seconds(self) -> float:
        """How long machines were on, s, added over machines: running an entry, or left on."""
        timed = sum(b - a for spans in self.busy.values() for a, b in spans)
        timeless = sum(one.seconds or 0.0 for one in self.counted if one.start is None)
        return timed + timeless + self.idle_seconds

    @property
    def coverage(self) -> float:
        """The share of the days of the calendar that were logged; 1 without a calendar."""
        return 1.0 if self.calendar is None else sum(self.calendar.logged) / self.calendar.days

    @cached_property
    def data(self) -> pandas.DataFrame:
        """A row for each entry: name, host, start, hours, energy in kWh, boundary, whether it counts, and why not."""
        import pandas

        rows = [
            {
                "name": one.name, "host": one.host,
                "start": None if one.start is None else moment_text(one.start, True),
                "hours": None if one.seconds is None else one.seconds / 3600,
                "energy [kWh]": None if one.joules is None else one.joules / 3.6e6,
                "boundary": one.at, "counted": one.share if one.counted else 0.0, "within": one.within,
                "file": str(one.log.path), **(dict(one.run.facts) if one.run else {}),
            }
            for one in self.entries
        ]  # fmt: skip
        return pandas.DataFrame(rows)

    @property
    def notes(self) -> list[str]:
        """What a reader of the ledger has to know."""
        silent = [one.name for one in self.entries if one.joules is None]
        double = [one for one in self.entries if one.within]
        timeless = [one.name for one in self.counted if one.start is None]
        kinds = (
            (silent, "{count} runs have no energy and add nothing: {names}"),
            ([one.name for one in double], "{count} entries lie within others and count once: {names}"),
            (timeless, "{count} entries have no date, so that nothing shows whether they count twice: {names}"),
        )
        said = [text.format(count=len(found), names=some(found, _MOST_SHOWN)) for found, text in kinds if found]
        lost = f"{self.lost_days} of {self.calendar.days if self.calendar else 0} days were not logged"
        return [*self.said, *said, *([f"{lost}: their energy is assumed, from the others"] if self.lost_days else [])]


def _reading(log: PowerLog | RunTable, entries: Sequence[Entry]) -> Observed:
    """The energy of the entries of one log."""
    if isinstance(log, PowerLog):
        return entries[0].energy()
    return reading_of_runs(log, [(one.run, one.share) for one in entries if one.run is not None])


def _without(spans: Sequence[Span], busy: Sequence[Span]) -> list[Span]:
    """The parts of spans in which nothing runs."""
    found: list[Span] = []
    for start, stop in spans:
        at = start
        for a, b in busy:
            if b <= at or a >= stop:
                continue
            found.append((at, max(a, at)))
            at = max(at, b)
        found.append((at, stop))
    return [span for span in found if span[1] > span[0]]
