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
from .calendar import Calendar
from .counting import OUTSIDE, side_by_side
from .entries import Entry
from .spans import Span, length, united, without

if TYPE_CHECKING:
    import pandas

Array = npt.NDArray[np.float64]
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
        return sorted({one.host for one in self.entries if one.within != OUTSIDE})

    def readings(self) -> Mapping[str, Observed]:
        """The energy of all entries by boundary, one reading for each log."""
        found: dict[str, Observed] = {}
        logs = {id(one.log): one.log for one in self.counted}
        for key, log in logs.items():
            for made in _readings(log, [one for one in self.counted if id(one.log) == key]):
                found[log.meter.at] = found[log.meter.at] + made if log.meter.at in found else made
        return found

    def seconds(self, at: str) -> float:
        """How long entries of a boundary ran, s, added over machines; a machine that runs several runs once."""
        own = [one for one in self.counted if one.at == at]
        timed = [united([span for one in own if one.host == host for span in one.left or one.spans])
                 for host in self.hosts]  # fmt: skip
        return sum(map(length, timed)) + sum(one.seconds or 0.0 for one in own if not one.spans)

    @cached_property
    def busy(self) -> Mapping[str, list[Span]]:
        """When an entry ran on each machine."""
        there = [one for one in self.entries if one.within != OUTSIDE]
        return {host: united([span for one in there if one.host == host for span in one.spans]) for host in self.hosts}

    @cached_property
    def _per_day(self) -> Array:
        """The energy of each day of the calendar, J."""
        assert self.calendar is not None
        spans = [(a, b, (one.joules or 0.0) / length(one.spans) * (b - a)) for one in self.counted
                 for a, b in one.left or one.spans]  # fmt: skip
        return self.calendar.per_day(spans)

    @property
    def daily(self) -> Array:
        """The energy of each day of the calendar, J; NaN for days that were not logged."""
        assert self.calendar is not None
        return np.where(self.calendar.logged, self._per_day, np.nan)

    @property
    def lost_days(self) -> int:
        """Days that were not logged."""
        return 0 if self.calendar is None else self.calendar.days - sum(self.calendar.logged)

    @cached_property
    def lost_share(self) -> Distribution | float:
        """The energy of the days that were not logged, over that of all entries; 0 where there are none.

        It is what as many days in a row had, among those that were logged, less what runs took that reach into the lost
        days. Of fewer than five such stretches, one behind the other, the spread is assumed: a factor of 2 as geometric
        standard deviation.
        """
        if not self.lost_days:
            return 0.0
        days = self.daily[np.isfinite(self.daily)]
        total = sum((one.joules or 0.0) * one.share for one in self.counted)
        known = float(self._per_day[~np.isfinite(self.daily)].sum())
        sums = np.convolve(days, np.ones(min(self.lost_days, days.size)), mode="valid")
        if days.size < _FEWEST * self.lost_days or np.ptp(sums) == 0:
            median = max(float(days.mean()) * self.lost_days - known, 0.0) / total
            return Lognormal(median, _ASSUMED_GSD) if median else 0.0
        return Empirical((np.clip(sums - known, 0.0, None) / total).tolist())

    @cached_property
    def idle_seconds(self) -> float:
        """How long machines were on and no entry ran, s, added over machines.

        On days that were not logged, the share of the hours left on is that of the others.
        """
        if self.calendar is None or not self.hours:
            return 0.0
        days, on = self.calendar, self.calendar.left_on(self.hours)
        seen, lost = (without(on, days.spans(logged=not one)) for one in (True, False))
        free = sum(length(without(seen, self.busy[host])) for host in self.hosts)
        share = free / (length(seen) * len(self.hosts)) if seen else 1.0
        return free + share * length(lost) * len(self.hosts)

    @property
    def busy_seconds(self) -> float:
        """How long an entry ran, s, added over machines."""
        timeless = sum(one.seconds or 0.0 for one in self.counted if not one.spans)
        return sum(map(length, self.busy.values())) + timeless

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
                "start": moment_text(one.spans[0][0], True) if one.spans else None,
                "hours": None if one.seconds is None else one.seconds / 3600,
                "energy [kWh]": None if one.joules is None else one.joules / 3.6e6,
                "boundary": one.at, "counted": one.share, "within": one.within,
                "file": str(one.log.path), **(dict(one.run.facts) if one.run else {}),
            }
            for one in self.entries
        ]  # fmt: skip
        return pandas.DataFrame(rows)

    @property
    def notes(self) -> list[str]:
        """What a reader of the ledger has to know."""
        there = [one for one in self.entries if one.within != OUTSIDE]
        outside = [one for one in self.entries if one.within == OUTSIDE]
        kinds = (
            ([one for one in there if one.joules is None], "{count} runs have no energy and add nothing: {names}"),
            ([one for one in there if one.within], "{count} entries lie within others and count once: {names}"),
            (outside, "{count} entries lie outside of the period and add nothing: {names}"),
            (side_by_side(there), "{count} logs are of other devices of one machine and are added: {names}"),
            ([one for one in self.counted if not one.spans],
             "{count} entries have no date, so that nothing shows whether they count twice: {names}"),
        )  # fmt: skip
        said = [text.format(count=len(n), names=some([one.name for one in n], _MOST_SHOWN)) for n, text in kinds if n]
        lost = f"{self.lost_days} of {self.calendar.days if self.calendar else 0} days were not logged"
        return [*self.said, *said, *([f"{lost}: their energy is assumed, from the others"] if self.lost_days else [])]


def _readings(log: PowerLog | RunTable, entries: Sequence[Entry]) -> list[Observed]:
    """The energy of the entries of one log."""
    if isinstance(log, PowerLog):
        return [one.energy() for one in entries]
    return [reading_of_runs(log, [(one.run, one.share) for one in entries if one.run is not None])]
