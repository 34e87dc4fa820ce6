"""Stamps other than a date in numbers: seconds since 1970, and the text that `date` prints."""

from __future__ import annotations

import re

from .clock import Clock

#: The begin of these years in seconds since 1970: a time outside of them is in another unit, or wrong.
YEAR_2000, YEAR_2100 = 946_684_800, 4_102_444_800
_EPOCH = re.compile(r"\s*(\d{10}|\d{13}|\d{16}|\d{19})(?:\.(\d{1,9}))?\s*")
#: What `date` prints: the zone stands before the year, and the hour may be one of twelve.
_DATE = re.compile(
    r"\s*(\w{3}),? (\w{3} +\d{1,2}) (\d{1,2})(:\d\d:\d\d)(?: ([AP])M)?(?: ([A-Z]{3,5}|[+-]\d{2,4}))? (\d{4})\s*"
)


def read_epoch(text: str, clock: Clock) -> float | None:
    """Seconds since 1970 of a count of seconds, of milliseconds (13 digits), or of micro- or nanoseconds.

    None where the text is something else. The clock learns how fine the stamps are.
    """
    found = _EPOCH.fullmatch(text)
    if found is None:
        return None
    power = len(found[1]) - 10
    step = 10.0 ** -(power + len(found[2] or ""))
    clock.resolution = min(clock.resolution or step, step)
    return int(found[1]) / 10**power + (int(found[2]) * step if found[2] else 0.0)


def read_stamp(text: str, clock: Clock) -> float | None:
    """Seconds since 1970 of a stamp: a date, a count since 1970, or "Mon Jul  3 18:11:28 2017"."""
    if (seconds := read_epoch(text, clock)) is not None:
        return seconds
    if (found := _DATE.fullmatch(text)) and not found[5] and not found[6]:
        return clock.read_named(text)
    if found:
        day, date, hour, rest, half, zone, year = found.groups()
        hour = str(int(hour) % 12 + 12 * (half == "P")) if half else hour
        named = "UTC" if zone in ("UTC", "GMT") else zone if zone and len(zone) == 5 and zone[0] in "+-" else ""
        return clock.read_named(f"{day} {date} {hour}{rest} {year} {named}")
    seconds = clock.read(text)
    return clock.read_named(text) if seconds is None else seconds
