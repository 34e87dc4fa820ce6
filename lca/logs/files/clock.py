"""The times of a log: stamps to seconds, one rule for each thing that clocks do wrong (M5)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from ...checks import Array
from ...errors import LogError
from .source import LARGEST, SHOWN, Source

Lines = npt.NDArray[np.int64]
_DAY = 86_400.0
_PARTS = (_DAY, 3600.0, 60.0, 1.0)  # of a length of time, s
_LAST_YEAR = 2200  # what is later is no date of a log; nanoseconds since 1970 end in 2262
_ORDERS = {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1)}
_DATE = r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})"
_TIME = r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,9}))?"
_STAMP = re.compile(rf"\s*{_DATE}(?:[ T,]\s*|\s+-\s+){_TIME}\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?\s*")
_NAMED = re.compile(rf"\s*[A-Z][a-z]{{2}} ([A-Z][a-z]{{2}})\s+(\d{{1,2}}) {_TIME} (\d{{4}})\s*(UTC|[+-]\d{{4}})?\s*")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OF_DAY = re.compile(rf"\s*{_TIME}\s*")


def length_of(*parts: str | None) -> float:
    """Seconds of days, hours, minutes and seconds, of which the first may be left out; none and "" are 0.

    >>> length_of("1", "02", "03.5"), length_of(None, "0", "1", "00")
    (3723.5, 60.0)
    """
    return sum(float(part or 0) * size for part, size in zip(parts, _PARTS[-len(parts) :], strict=True))


class Clock:
    """The stamps of one log in the order in which it holds them.

    Stamps have a zone, or they are local times without one, or times of day without a date. All stamps of a log
    are of one kind. Local times count as if each day had 24 hours; `settled` refuses those that a change of clocks
    spoils, unless the user names the zone.
    """

    def __init__(self, source: Source, order: str = "ymd") -> None:
        self.source, self.order = source, _ORDERS[order]
        named = source.said.given_zone
        self.zone = zone_of(named, source.where()) if named else None
        self.local = False  # stamps without a zone were read, and the user names none
        self.resolution = 0.0  # seconds; the finest step that the stamps show
        self._last = -1.0
        self._days = 0.0

    def read(self, text: str) -> float | None:
        """Seconds since 1970 of a stamp with a date; None where it is not one."""
        found = _STAMP.fullmatch(text)
        if found is None:
            return None
        first, second, third, hours, minutes, whole, part, offset = found.groups()
        return self._since(_day((first, second, third), self.order), self._of_day(hours, minutes, whole, part), offset)

    def read_named(self, text: str) -> float | None:
        """Seconds since 1970 of a stamp as C and `date` write it, "Fri Nov 10 12:37:08 2023"; None where it is not."""
        found = _NAMED.fullmatch(text)
        if found is None or found[1] not in _MONTHS:
            return None
        day = _day((found[7], str(_MONTHS.index(found[1]) + 1), found[2]), _ORDERS["ymd"])
        return self._since(day, self._of_day(*found.group(3, 4, 5, 6)), found[8])

    def _since(self, day: float | None, of_day: float, offset: str | None) -> float | None:
        if day is None:
            return None
        seconds = day + of_day
        if offset:
            return seconds - _offset(offset)
        if self.zone is not None:
            self.source.said.asked.add("zone")
            return with_zone(seconds, self.zone)
        self.local = True
        return seconds

    def read_of_day(self, text: str) -> float | None:
        """Seconds since the first midnight of a time of day without a date; after midnight a day is added."""
        found = _OF_DAY.fullmatch(text)
        if found is None:
            return None
        seconds = self._of_day(*found.groups())
        if self._last - seconds > _DAY / 2:
            self._days += _DAY
        self._last, self.local = seconds, True
        return seconds + self._days

    def _of_day(self, hours: str, minutes: str, seconds: str, part: str | None) -> float:
        step = 10.0 ** -len(part or "")
        self.resolution = min(self.resolution or step, step)
        return length_of(hours, minutes, seconds) + (int(part) * step if part else 0.0)


@cache
def _day(parts: tuple[str, str, str], order: tuple[int, int, int]) -> float | None:
    """Seconds since 1970 of a date at midnight; two digits of a year are of this century. No log is of before 1970."""
    year, month, day = (int(parts[at]) for at in order)
    year += 2000 if year < 100 else 0
    try:
        return datetime(year, month, day, tzinfo=UTC).timestamp() if 1970 <= year <= _LAST_YEAR else None
    except ValueError:
        return None


@cache
def _offset(text: str) -> float:
    if text in ("Z", "UTC", "GMT"):
        return 0.0
    sign, digits = (-1 if text[0] == "-" else 1), text[1:].replace(":", "")
    return sign * length_of(digits[:2], digits[2:], "")


def zone_of(name: str, where: str) -> ZoneInfo:
    """The time zone of a name; raises `LogError` where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise LogError.of("unknown_zone", where, zone=name) from None


def with_zone(seconds: float, zone: ZoneInfo) -> float:
    """Seconds since 1970 of a local time of a zone, which was read as one of UTC."""
    local = datetime(1970, 1, 1) + timedelta(seconds=seconds)
    return local.replace(tzinfo=zone).timestamp()


def settled(times: Array, lines: Lines, clock: Clock | None, source: Source) -> Array:
    """The times of the samples of one device: rising, or an error that lists where they are not.

    Stamps in whole seconds that repeat (a sampler at 100 ms) are spread evenly: the step is the mean length of the
    seconds that are complete. Local times that jump forward by an hour, or fall by one, raise: the clocks may have
    been changed. Other times that repeat or fall raise too.
    """
    found, far = times, np.flatnonzero(~(np.abs(times) <= LARGEST))
    if far.size:
        sides = [f"{source.where(lines[i])}: {times[i]:g} s" for i in far[:SHOWN]]
        raise LogError.of("times_beyond_any_log", source.where(), sides, count=far.size)
    if found.size < 2:
        return found
    if clock is not None and clock.resolution >= 1.0:
        found = _spread(found)
    steps = np.diff(found)
    if clock is not None and clock.local:
        _refuse_clock_change(steps, lines, source)
    wrong = np.flatnonzero(~(steps > 0))
    if wrong.size:
        sides = [f"{source.where(lines[i + 1])}: {_step(steps[i])}" for i in wrong[:SHOWN]]
        raise LogError.of("times_do_not_rise", source.where(), sides, count=wrong.size)
    return found


def _step(step: float) -> str:
    return "the time of the line before" if step == 0 else f"{-step:g} s before the line before"


def _spread(times: Array) -> Array:
    """Whole seconds that repeat, each sample at its place: evenly, with the step of the complete seconds."""
    stamps, counts = np.unique(times, return_counts=True)
    if counts.max() == 1 or (np.diff(times) < 0).any():
        return times
    inner = counts[1:-1] if len(counts) > 2 else counts
    step = 1.0 / float(np.mean(inner))
    if (np.diff(stamps) > 1.0).any():  # not one run of seconds: each second for itself
        place = np.concatenate([np.arange(count) / max(count, 1) for count in counts])
        return np.repeat(stamps, counts) + place
    last_of_first = stamps[0] + 1.0 - step  # the first second is cut at its beginning, so it ends with its last sample
    return last_of_first + (np.arange(len(times)) - (counts[0] - 1)) * step


def _refuse_clock_change(steps: Array, lines: Lines, source: Source) -> None:
    """Raise for a step of an hour more, or less, than the others, among local times."""
    usual = float(np.median(steps))
    near = min(max(2 * abs(usual), 1.0), 900.0)
    changed = np.flatnonzero((np.abs(steps - usual + 3600) <= near) | (np.abs(steps - usual - 3600) <= near))
    if changed.size and abs(usual) < 1800:
        sides = [f"{source.where(lines[i + 1])}: {steps[i]:+g} s, the others {usual:g} s" for i in changed[:SHOWN]]
        raise LogError.of("clocks_may_have_changed", source.where(), sides)
