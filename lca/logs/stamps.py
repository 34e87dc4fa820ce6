"""Stamps other than a date in numbers: seconds since 1970, and the text that `date` prints."""

from __future__ import annotations

import re

from .clock import Clock

_EPOCH = re.compile(r"\s*(\d{10}|\d{13}|\d{16}|\d{19})(?:\.(\d{1,9}))?\s*")
_DATE = re.compile(
    r"\s*[A-Z][a-z]{2},? ([A-Z][a-z]{2}) +(\d{1,2}),? (\d{1,2})(:\d\d:\d\d(?:\.\d{1,9})?)(?: ([AP])M)?"
    r"(?: ([A-Z]{3,5}|[+-]\d{2,4}))? (\d{4})\s*"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
    if found := _DATE.fullmatch(text):
        month, hour = (_MONTHS.index(found[1]) + 1 if found[1] in _MONTHS else 0), int(found[3])
        hour = hour % 12 + 12 * (found[5] == "P") if found[5] else hour
        zone = found[6] if found[6] in ("UTC", "GMT") or (found[6] or "").startswith(("+", "-")) else ""
        return clock.read(f"{found[7]}-{month}-{found[2]} {hour}{found[4]}{zone or ''}")
    return clock.read(text)
