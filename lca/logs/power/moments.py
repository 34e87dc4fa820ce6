"""What a user writes of time: a moment, "10:05" or 30 s after the start of a log, and a length such as "100 ms"."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

from ...checks import finite_number
from ...errors import LogError
from ...units.quantity import conversion
from ...units.quantity_text import parse_quantity
from ..files.clock import length_of

_OF_DAY = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?")

#: Two days after the start of 1970, s: no tool wrote a log then, but a notebook of times of day lies there.
_NO_DATE = 172_800


def seconds_of(moment: str | float, start: float, dated: bool, where: str) -> float:
    """The time of a log, in seconds, that a moment means.

    A number counts from the start of the log. A time of day is that of the first day of the log, or of the next one
    where it would lie before the start. A text with a date is that date.

    >>> seconds_of("10:05", 0.0, True, "log"), seconds_of(30, 100.0, False, "log")
    (36300.0, 130.0)
    """
    if not isinstance(moment, str):
        return start + finite_number(moment, where)
    found = _OF_DAY.fullmatch(moment.strip())
    if found and dated:
        seconds = length_of(*found.groups())
        midnight = start - start % 86_400.0
        return midnight + seconds + (86_400.0 if midnight + seconds < start - 60 else 0.0)
    try:
        read = None if found else datetime.fromisoformat(moment.strip())
    except ValueError:
        raise LogError.of("not_a_moment", where, [moment]) from None
    if read is None or not dated:
        raise LogError.of("date_in_a_log_without_dates", where, [moment])
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def stated_seconds(said: str | float, where: str, *, above: float = -math.inf) -> float:
    """The seconds of a length of time above `above`: a number of seconds, or a text with a unit.

    >>> stated_seconds("100 ms", "read(interval=)", above=0), stated_seconds(-2, "agreement(lag=)")
    (0.1, -2.0)
    """
    given = parse_quantity(said, where) if isinstance(said, str) else None
    value = said if given is None else given.value * conversion(given.unit, "s", where)
    return finite_number(value, where, low=above, above=above > -math.inf)


def moment_text(seconds: float, dated: bool) -> str:
    """A time of a log for people; times of day that were noted without a date count from the start of 1970.

    >>> moment_text(36300.0, True), moment_text(30.0, False)
    ('10:05:00', '30 s')
    """
    if not dated:
        return f"{seconds:.6g} s"
    stamp = datetime.fromtimestamp(seconds, UTC)
    of_day = 0 <= seconds < _NO_DATE
    return stamp.strftime("%H:%M:%S" if of_day else "%Y-%m-%d %H:%M:%S") + (
        f".{stamp.microsecond // 1000:03d}" if stamp.microsecond else ""
    )
