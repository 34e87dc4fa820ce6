"""Tables that people's own programs write: a header, a column of times, and columns of power (.csv, .tsv, with ";").

Nothing is guessed. A column is read where its header says that it holds a power, and in which unit, or where the user
says so with columns=. Then only the columns that the user names are read. Columns named like cards ("GPU0", "GPU1") are
devices; others are channels of one device, and one called total contains the others. The layouts are those of logs that
people publish with their measurements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...errors import LogError
from ..files.asked_columns import Asked, asked_columns
from ..files.clock import Clock
from ..files.csv_rows import cells_of, fills
from ..files.source import Source, number
from ..files.table_header import Head, device_column, heads, mark_of
from ..files.table_times import times_of
from ..format import Format
from ..power.channel import Channel
from ..power.plausible import MOST
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.rounds import Rounds, refuse_nameless_devices
from ..power.track import Recording

#: Rows that are looked at to learn what the times are.
_FIRST = 200


@dataclass(frozen=True)
class _Column:
    """One column that is read."""

    place: int
    head: Head
    factor: float  # to W or J
    counter: bool
    unit: str  # that may stand behind each number
    device: str  # a card, where the columns are cards

    @property
    def name(self) -> str:
        return self.head.name


@dataclass(frozen=True)
class _Table:
    """The layout of a table: its heads, what stands between cells, and its first rows."""

    header: tuple[Head, ...]
    mark: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> list[str]:
        return [head.name for head in self.header]


def _table(source: Source) -> _Table:
    first, *others = source.first_lines(_FIRST) or [""]
    header, mark = heads(first), mark_of(first)
    rows = [tuple(cells_of(text, mark)) for text in others]
    return _Table(tuple(header), mark, tuple(row for row in rows if len(row) == len(header)))


def _fits(source: Source) -> bool:
    table = _table(source)
    powers = [head for head in table.header if head.is_power]
    timed = any(head.is_time for head in table.header)
    named = set(source.said.columns) & set(table.names)
    return bool(table.rows) and bool(named or (powers and (timed or any(head.unit for head in powers))))


def _read(source: Source) -> PowerLog:
    table = _table(source)
    asked = asked_columns(source, table.names)
    columns = _columns(source, table, asked)
    read_time, clock = times_of(source, table.header, table.rows, asked)
    at = table.names.index(asked.device) if asked.device else device_column(table.header, table.rows)
    rounds, recording = Rounds(source), Recording(source, _channels(source, columns))
    for line, text in source.lines():
        row = cells_of(text, table.mark)
        if cells_of(text.lstrip("# "), table.mark) == table.names or text.startswith("#"):
            continue
        if not fills(source, line, row, len(table.header), text):
            continue
        label = "" if at is None else f"{table.names[at]} {row[at]}" if row[at].isdigit() else row[at]
        time = rounds.next(label) if read_time is None else read_time(row)
        shown = [number(row[column.place], column.unit) for column in columns]
        if time is None or None in shown:
            source.refuse_line(line, "no time" if time is None else _what_is_wrong(row, columns, shown), text)
            continue
        _add(recording, line, time, label, columns, shown)
    if at is None and not any(column.device for column in columns):
        refuse_nameless_devices(source, recording)
    return _log(source, table, recording, columns, clock if clock.resolution else None)


def _what_is_wrong(row: Sequence[str], columns: Sequence[_Column], shown: Sequence[float | None]) -> str:
    cell = next(row[column.place] for column, value in zip(columns, shown, strict=True) if value is None)
    return "a comma in a number, which has two readings: write a point" if "," in cell else "no number in a column"


def _add(
    recording: Recording, line: int, time: float, label: str, columns: Sequence[_Column], shown: Sequence[float | None]
) -> None:
    """The values of one row: those of each device on their own."""
    rows: dict[str, dict[str, float]] = {}
    for column, value in zip(columns, shown, strict=True):
        values = rows.setdefault(f"{label} {column.device}".strip(), {})
        values[column.name] = (float("nan") if value is None else value) * column.factor
    for device, values in rows.items():
        recording.add(line, time, values, device)


def _columns(source: Source, table: _Table, asked: Asked) -> list[_Column]:
    """The columns that the user named, else those of which the header says the unit."""
    factors = {**asked.powers, **asked.counters}
    if not factors:
        _refuse_unclear(source, table)
        factors = {head.name: head.unit for head in table.header if head.is_power}
    made = []
    for name, factor in factors.items():
        if (count := table.names.count(name)) > 1:
            raise LogError.of("columns_repeat", source.where(), column=name, count=count)
        place = table.names.index(name)
        head = table.header[place]
        unit = source.said.columns.get(name, head.unit_text)
        made.append(_Column(place, head, factor, name in asked.counters, unit, head.card))
    cards = [column.device for column in made if column.device]
    devices = 1 < len(cards) == len(set(cards)) and not any(column.head.is_total for column in made)
    return made if devices else [replace(column, device="") for column in made]


def _refuse_unclear(source: Source, table: _Table) -> None:
    """Raise for columns of power of which the header says no unit, and where no column is one of power."""
    unclear = [n for n, head in enumerate(table.header) if head.is_power and not head.unit]
    if unclear:
        columns = "{" + ", ".join(f"{table.names[n]!r}: 'W'" for n in unclear) + "}"
        sides = [f"{table.names[n]}: {next((row[n] for row in table.rows if row[n]), 'empty')}" for n in unclear]
        raise LogError.of("units_of_columns_unknown", source.where(), sides, columns=columns)
    if not any(head.is_power for head in table.header):
        columns = ", ".join(table.names)
        raise source.without_power(f"the columns are {columns}", _NAME_THEM)


_NAME_THEM = 'name the column of the power with its unit: lca.read(path, columns={"column": "W"})'


def _channels(source: Source, columns: Sequence[_Column]) -> list[Channel]:
    """One channel for each column; a total contains the other powers."""
    said = source.said.boundary
    parts = tuple(column.name for column in columns if not column.counter and not column.head.is_total)
    return [
        Channel(
            column.name, at=said or ("component" if column.head.of_chip else ""), counter=column.counter,
            contains=parts if column.head.is_total and not column.counter else (),
        )
        for column in columns
    ]  # fmt: skip


def _log(
    source: Source, table: _Table, recording: Recording, columns: Sequence[_Column], clock: Clock | None
) -> PowerLog:
    """The log: at the component where every column that shows something names a chip, else where the user says."""
    shown = [column for column in columns if recording.shows(column.name)]
    of_chips = bool(shown) and all(column.head.of_chip for column in shown)
    whole = [column.name for column in shown if column.head.is_total or column.device]
    left = [head.name for head in table.header if head.is_energy and head.name not in source.said.columns]
    note = f"not read: {', '.join(left)} (a counter of energy is read with columns=)" if left else ""
    return power_log(
        source, "table", recording, at="component" if of_chips and not source.said.boundary else "", clock=clock,
        whole=whole, limit=MOST["component"] if of_chips and not source.said.device else None,
        notes=[note] if note else [],
    )  # fmt: skip


FORMATS: Sequence[Format] = (
    Format("table", "a table of your own, with a header", "PowerLog", "said by the user", "real logs",
           "The header says the unit of each column, or columns= does; a time is needed. Chips are at the component.",
           _fits, _read, generic=True),
)  # fmt: skip
