"""What turbostat prints of power: PkgWatt, RAMWatt and others, or with --Joules Pkg_J, RAM_J and others.

A row is the mean over its interval. Of a command that turbostat runs, the line "5.014223 sec" says how long it took.
Else the time is the column Time_Of_Day_Seconds, or what the user says (interval=). The row with "-" for its CPU is
the sum over the packages; rows of packages are within it. Documented in the manual page of turbostat ("Options").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...meters.powercap import PLATFORM
from ..files.csv_rows import fills
from ..files.source import Source, number
from ..format import Format
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.rapl_domains import boundary, channels, notes, whole
from ..power.recording import power_log
from ..power.track import Recording

_DOMAINS = {"Pkg": "package", "Cor": "cores", "GFX": "graphics", "RAM": "dram", "Sys": PLATFORM}
_COLUMNS = {f"{short}{unit}": name for short, name in _DOMAINS.items() for unit in ("Watt", "_J")}
_USUAL = {"Avg_MHz", "Bzy_MHz", *_COLUMNS}
_TOPOLOGY = ("CPU", "Core", "Package")
_NAME = re.compile(r"[A-Za-z%][\w%.+/-]*")
_SECONDS = re.compile(r"\s*(\d+\.\d+) sec\s*")
_STEP = 0.01  # as printed
_LAST = 1e10  # s since 1970; a later time is none
_PACKAGES = 16  # more are not told apart


def _names(text: str) -> list[str]:
    """The columns, where a line is the head of a table; else none."""
    cells = text.split()
    return cells if _USUAL & set(cells) and all(_NAME.fullmatch(cell) for cell in cells) else []


def _fits(source: Source) -> bool:
    return any(_names(text) for text in source.start.split("\n"))


class _Rows:
    """The rows of a log while they are read: the row of the system, then those of its packages."""

    def __init__(self, source: Source) -> None:
        self.source = source
        like = Channel("", at="", mean=True, step=_STEP)
        found = channels(source, like)
        if boundary(source) == "component":
            each = [replace(like, name=f"package {n}", at="component") for n in range(_PACKAGES)]
            inner = (*found[0].contains, *(one.name for one in each))
            found = [replace(found[0], contains=inner), *found[1:], *each]
        self.recording = Recording(source, found)
        self.names: list[str] = []
        self.seen: set[str] = set()
        self.took: float | None = None  # s, of the command whose table follows
        self.commands = 0
        self._end: float | None = None
        self._row: tuple[int, float, float | None, dict[str, float]] | None = None
        self._system = "-"  # what the row of the system shows for its CPU

    def add(self, line: int, text: str) -> None:
        """A line of the file, behind or before the first table."""
        if names := _names(text):
            self.names = names
        elif found := _SECONDS.fullmatch(text):
            self.took = float(found[1])
        elif self.names:
            self._read(line, text)

    def _read(self, line: int, text: str) -> None:
        cells = text.split()
        place = next((self.names.index(name) for name in _TOPOLOGY if name in self.names), None)
        which = "-" if place is None else cells[place] if place < len(cells) else ""
        if self.recording.read == 0 and self._row is None:
            self._system = which  # "-"; a machine of one CPU has no sum, and shows its CPU
        if which.isdecimal() and self._system == "-":
            self._add_package(cells)
        elif which != self._system:
            self.source.refuse_line(line, "not a row of the system, nor of a CPU", text)
        elif fills(self.source, line, cells, len(self.names), text):
            self._add_system(line, text, dict(zip(self.names, cells, strict=True)))

    def _add_system(self, line: int, text: str, cells: dict[str, str]) -> None:
        values = self._values(cells)
        stamp = number(cells["Time_Of_Day_Seconds"]) if "Time_Of_Day_Seconds" in cells else None
        wrong = "Time_Of_Day_Seconds" in cells and not (stamp is not None and 0 < stamp < _LAST)
        if values is None or wrong:
            self.source.refuse_line(line, "no time" if wrong else "not a number", text)
            return
        self.flush()
        took, self.took = self.took, None
        if took is not None:
            self.commands += 1
            values.pop(PLATFORM, None)  # of a command, some versions show a wrong one
        end, length = self._moment(stamp, took)
        if self._end is None and length is not None:
            self.recording.add(line, end - length, {})
        self._end = end
        self._row = line, end, length, values

    def _values(self, cells: dict[str, str]) -> dict[str, float] | None:
        """The power or energy of each domain; None where a cell is not a number."""
        found = {column: number(cell) for column, cell in cells.items() if column in _COLUMNS}
        if any(value is None for value in found.values()):
            return None
        return {_COLUMNS[column]: value for column, value in found.items() if value is not None}

    def _moment(self, stamp: float | None, took: float | None) -> tuple[float, float | None]:
        """The end of an interval, and how long it was where that is known."""
        if stamp is not None:
            return stamp, took if took is not None else None if self._end is None else stamp - self._end
        length = self.source.interval if took is None else took
        return (self._end or 0.0) + length, length

    def _add_package(self, cells: list[str]) -> None:
        """A row of one CPU: the first of a package is complete, and shows the package."""
        if self._row is None or len(cells) != len(self.names):
            return
        found = dict(zip(self.names, cells, strict=True))
        values = self._values(found)
        name = f"package {found.get('Package', '0')}"
        if values and "package" in values:
            self._row[3].setdefault(name, values["package"])

    def flush(self) -> None:
        """Hand the row of the system on, with its packages."""
        if self._row is None:
            return
        line, end, length, values = self._row
        self._row = None
        self.seen |= values.keys()
        if any(name in _COLUMNS and name.endswith("_J") for name in self.names):
            values = {name: joules / length for name, joules in values.items()} if length and length > 0 else {}
        self.recording.add(line, end, values)


def _read(source: Source) -> PowerLog:
    rows = _Rows(source)
    for line, text in source.lines():
        rows.add(line, text)
    rows.flush()
    recording = rows.recording
    if recording.read and not rows.seen:
        holds = "columns of turbostat without power"
        raise source.without_power(holds, "log again with --show power")
    said = notes(source, {name for name in rows.seen if not name.startswith("package ")}) if recording.read else []
    if rows.commands > 1:
        said.append(f"{rows.commands} commands, read as if one came right after the other")
    dated = "Time_Of_Day_Seconds" in rows.names
    return power_log(
        source, "turbostat", recording, at=boundary(source), whole=[whole(source)], notes=said, dated=dated
    )


FORMATS: Sequence[Format] = (
    Format("turbostat", "turbostat, in watts or --Joules", "PowerLog", "component", "real logs",
           "Without Time_Of_Day_Seconds the rows have no time: say interval=. SysWatt is read with at=\"board\".",
           _fits, _read),
)  # fmt: skip
