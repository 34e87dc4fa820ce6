"""What reads the time of a row of somebody's own table: a date, a count since 1970, a time of day, or seconds (M5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ...errors import LogError
from .asked_columns import Asked
from .clock import Clock
from .source import Source, number
from .stamps import read_stamp
from .table_header import Head, date_and_time

Reader: TypeAlias = Callable[[Sequence[str]], float | None]


def times_of(
    source: Source, header: Sequence[Head], rows: Sequence[Sequence[str]], asked: Asked
) -> tuple[Reader | None, Clock]:
    """What reads the time of a row, and the clock that it teaches; no reader where rows have no time, but an interval.

    The first rows show of which kind the times are. Raises where the user says no interval either, where numbers have
    no unit, and where dates can be read in two ways.
    """
    names = [head.name for head in header]
    if asked.times:
        [(name, factor)] = list(asked.times.items())[:1]
        at = names.index(name)
        return lambda row: _seconds(row[at], factor), Clock(source)
    if both := date_and_time(header):
        clock = Clock(source, _order(source, [row[both[0]] for row in rows]))
        return lambda row: clock.read(f"{row[both[0]]} {row[both[1]]}"), clock
    places = [n for n, head in enumerate(header) if head.is_time]
    if not places:
        _ = source.interval  # raises where there is none
        return None, Clock(source)
    kinds = [_reader(source, header[n], n, [row[n] for row in rows]) for n in places]
    if found := next((kind for kind in kinds if kind is not None), None):
        return found
    sides = [f"{names[n]}: {rows[0][n]}" for n in places] if rows else []
    numbers = rows and number(rows[0][places[0]]) is not None
    key = "unit_of_time_unknown" if numbers else "times_unreadable"
    raise LogError.of(key, source.where(), sides, column=names[places[0]])


def _reader(source: Source, head: Head, place: int, shown: Sequence[str]) -> tuple[Reader, Clock] | None:
    """What reads a column of times, from its first values; None where they are of no kind that is known."""
    first = next((cell for cell in shown if cell), "")
    clock = Clock(source, _order(source, shown))
    if read_stamp(first, Clock(source)) is not None or clock.read(first) is not None:
        return lambda row: read_stamp(row[place], clock), clock
    if Clock(source).read_of_day(first) is not None:
        return lambda row: clock.read_of_day(row[place]), clock
    if head.seconds and number(first) is not None:
        return lambda row: _seconds(row[place], head.seconds), Clock(source)
    return None


def _seconds(cell: str, factor: float) -> float | None:
    value = number(cell)
    return None if value is None or value != value else value * factor


def _order(source: Source, shown: Sequence[str]) -> str:
    """Which number of a date is which: a year of four digits may come first; points mean that the day comes first.

    With "/" or "-" a number above 12 shows the day. Raises where no date shows it.
    """
    unclear = []
    for cell in shown:
        date = cell.replace("T", " ").split(" ")[0].rstrip(",")
        parts = date.replace(".", "-").replace("/", "-").split("-")
        if len(parts) != 3 or not all(part.isdigit() for part in parts) or len(parts[0]) == 4:
            return "ymd"
        if "." in date or int(parts[0]) > 12:
            return "dmy"
        if int(parts[1]) > 12:
            return "mdy"
        unclear.append(date)
    if unclear:
        raise LogError.of("order_of_dates_unknown", source.where(), sorted(set(unclear))[:2])
    return "ymd"
