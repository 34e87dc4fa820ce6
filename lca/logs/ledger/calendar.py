"""The calendar of a ledger: its period, the hours in which a machine is left on, and what no log saw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ...checks import Array
from ...errors import LogError
from ..files.clock import zone_of
from .spans import Span, united

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Calendar years that are dates of logs.
_YEARS = 1970, 2500
_HOURS = re.compile(r"(?:([a-z]{3})(?:-([a-z]{3}))?\s+)?(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})|always")


@dataclass(frozen=True)
class Calendar:
    """Some days, from midnight to midnight in one zone, without those that were not logged."""

    zone: ZoneInfo
    midnights: tuple[float, ...]  # s since 1970; one more than there are days
    logged: tuple[bool, ...]  # for each day

    @property
    def days(self) -> int:
        """How many days it has."""
        return len(self.logged)

    def per_day(self, spans: Sequence[tuple[float, float, float]]) -> Array:
        """What (start, stop, amount) add to each day, spread evenly over their time."""
        edges, found = np.array(self.midnights), np.zeros(self.days)
        for start, stop, amount in spans:
            share = np.clip(np.minimum(edges[1:], stop) - np.maximum(edges[:-1], start), 0.0, None)
            found += amount * share / (stop - start)
        return found

    def spans(self, logged: bool) -> list[Span]:
        """The days that were logged, or those that were not."""
        days = zip(self.midnights[:-1], self.midnights[1:], self.logged, strict=True)
        return united([(start, stop) for start, stop, one in days if one == logged])

    def named(self, day: int) -> str:
        """The date of a day."""
        return datetime.fromtimestamp(self.midnights[day], self.zone).strftime("%Y-%m-%d")

    def left_on(self, hours: str) -> list[Span]:
        """When a machine is left on: "mon-fri 09:00-18:00", "00:00-24:00" or "always"; hours said twice count once."""
        if hours.strip() == "always":
            return [(self.midnights[0], self.midnights[-1])]
        found: list[Span] = []
        for part in hours.split(","):
            days, begin, end = _hours(part.strip().lower())
            for day in range(self.days):
                moment = datetime.fromtimestamp(self.midnights[day], self.zone)
                if moment.weekday() in days:
                    found.append((_at(moment, begin), _at(moment, end)))
        return united(found)


def calendar_of(first: float, last: float, period: Sequence[str], lost: Sequence[Sequence[str]], zone: str) -> Calendar:
    """The days of a period, or from the first entry to the last one; `lost` are (first day, last day) without logs."""
    place = zone_of(zone, "ledger(zone=)")
    start, stop = _pair(period, "period", place) if len(period) else (_midnight(first, place), _last_day(last, place))
    days, gone = [start], [_pair(one, "not_logged", place) for one in lost]
    while days[-1] <= stop:
        days.append(days[-1] + timedelta(days=1))
    logged = tuple(not any(a <= day <= b for a, b in gone) for day in days[:-1])
    shown = f"{start:%Y-%m-%d} to {stop:%Y-%m-%d}"
    if not any(logged):
        raise LogError.of("no_day_logged", "ledger(not_logged=)", [shown])
    if beyond := [f"{a:%Y-%m-%d} to {b:%Y-%m-%d}" for a, b in gone if a < start or b > stop]:
        raise LogError.of("lost_days_outside_period", "ledger(not_logged=)", [f"the period: {shown}", *beyond])
    return Calendar(place, tuple(day.timestamp() for day in days), logged)


def _pair(texts: Sequence[str], name: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    if isinstance(texts, str) or len(texts) != 2:
        raise LogError.of("not_two_days", f"ledger({name}=)", [repr(texts)])
    first, last = (_day(text, name, zone) for text in texts)
    if last < first:
        raise LogError.of("not_two_days", f"ledger({name}=)", [f"{texts[0]} to {texts[1]}"])
    return first, last


def _day(text: str, name: str, zone: ZoneInfo) -> datetime:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=zone)
    except ValueError:
        raise LogError.of("not_a_day", f"ledger({name}=)", [repr(text)]) from None
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise LogError.of("not_a_day", f"ledger({name}=)", [repr(text)])
    return day


def _last_day(seconds: float, zone: ZoneInfo) -> datetime:
    """The day of the moment before; what ends at midnight takes nothing of the next day."""
    day = _midnight(seconds, zone)
    return day - timedelta(days=1) if day.timestamp() == seconds else day


def _midnight(seconds: float, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(seconds, zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _hours(text: str) -> tuple[set[int], int, int]:
    """(days of the week, minutes at which it is switched on, and off)."""
    found = _HOURS.fullmatch(text)
    names = [one for one in found.groups()[:2] if one] if found else []
    if found is None or found[3] is None or any(one not in _DAYS for one in names):
        raise LogError.of("not_hours", "ledger(left_on=)", [repr(text)])
    begin, end = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    if not begin < end <= 24 * 60 or int(found[4]) > 59 or int(found[6]) > 59:
        raise LogError.of("not_hours", "ledger(left_on=)", [repr(text)])
    first = _DAYS.index(names[0]) if names else 0
    last = _DAYS.index(names[-1]) if names else 6
    return {(first + n) % 7 for n in range((last - first) % 7 + 1)}, begin, end


def _at(midnight: datetime, minutes: int) -> float:
    day, rest = divmod(minutes, 24 * 60)
    moment = midnight + timedelta(days=day)
    return moment.replace(hour=rest // 60, minute=rest % 60).timestamp()
