"""A log file while it is read: its text line by line, the lines that cannot be read, and what the user said of it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ...checks import short
from ...errors import LogError
from ...meters.meter import Meter

#: Bytes that are looked at to recognise a format.
HEAD = 65_536
#: A longer line is a bad line; so memory stays bounded whatever the file is.
LONGEST_LINE = 1 << 20
#: Bad lines that an error shows; it counts the others.
SHOWN = 20
#: A larger number of a log is neither an energy nor a time, whatever its unit.
LARGEST = 1e15
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Said:
    """What a user says of a log beside its file; `lca.read` documents each."""

    errors: str = "raise"
    at: str = ""
    given_zone: str = ""
    given_interval: float | None = None  # seconds between lines without a time
    given_columns: Mapping[str, str] = field(default_factory=dict)  # column -> unit, of a table that nobody knows
    meter: Meter | None = None
    device: str = ""  # the model of the device, which bounds what it can draw
    given_run: str = ""  # which of several runs in one file
    asked: set[str] = field(default_factory=set)  # which of these four a reader had a use for

    @property
    def zone(self) -> str:
        """The time zone of stamps that do not say theirs; "" where none is said."""
        self.asked.add("zone")
        return self.given_zone

    @property
    def interval(self) -> float | None:
        """The seconds from one line without a time to the next; None where they are not said."""
        self.asked.add("interval")
        return self.given_interval

    @property
    def columns(self) -> Mapping[str, str]:
        """The unit of each column that the user names."""
        self.asked.add("columns")
        return self.given_columns

    @property
    def run(self) -> str:
        """The run that the user names, of several in one file; "" where none is named."""
        self.asked.add("run")
        return self.given_run

    @property
    def optional(self) -> Sequence[tuple[str, object]]:
        """What is used by some formats only, each with what was given."""
        return (
            ("columns", self.given_columns), ("run", self.given_run),
            ("zone", self.given_zone), ("interval", self.given_interval),
        )  # fmt: skip

    @property
    def boundary(self) -> str:
        """Where the user says that it was measured: where the meter sits, or at=; "" where neither is said."""
        return self.at if self.meter is None else self.meter.at


class Source:
    """One file or folder of a log, with the lines of it that could not be read."""

    def __init__(self, path: Path, said: Said | None = None) -> None:
        self.path, self.said = path, said or Said()
        self.bad: dict[int, str] = {}  # line: what is wrong with it
        self.parts: list[Source] = []  # the files of a folder that are read with it

    @cached_property
    def head(self) -> bytes:
        """The first bytes; none of a folder."""
        if not self.path.is_file():
            return b""
        with self.path.open("rb") as file:
            return file.read(HEAD)

    @cached_property
    def encoding(self) -> str:
        """UTF-8 or UTF-16 where the file says so or fits; else the code page of Western Windows."""
        for mark, name in _BOMS:
            if self.head.startswith(mark):
                return name
        try:
            self.head[: self.head.rfind(b"\n") + 1 or None].decode("utf-8")
            return "utf-8"
        except UnicodeDecodeError:
            return "cp1252"

    @cached_property
    def start(self) -> str:
        """The text of the first bytes, to recognise a format by; line ends are "\\n"."""
        return self.head.decode(self.encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")

    def first_lines(self, count: int = 20) -> list[str]:
        """The first lines that are not blank, without blanks at their ends."""
        return [line.strip() for line in self.start.split("\n") if line.strip()][:count]

    @property
    def first_line(self) -> str:
        """The first line that is not blank, without blanks at its ends; "" of an empty file."""
        return next(iter(self.first_lines(1)), "")

    @property
    def text(self) -> str:
        """The whole text: for files that are one document, such as JSON."""
        return self.path.read_text(encoding=self.encoding, errors="replace")

    def lines(self) -> Iterator[tuple[int, str]]:
        """(number, text) of each line, without its end; blank lines and lines that are too long are left out.

        A carriage return begins a line anew, as on the screen of a progress bar: each piece is given, under one
        number. So a bar that a line feed never ended is not one long line.
        """
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            number = 1
            while line := file.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE and line[-1] not in "\r\n":
                    self.refuse_line(number, f"longer than {LONGEST_LINE:,} characters", line)
                    while line and line[-1] not in "\r\n":
                        line = file.readline(LONGEST_LINE)
                elif line.strip():
                    yield number, line.rstrip("\r\n")
                number += line.endswith("\n")

    @cached_property
    def ends_inside_line(self) -> bool:
        """Whether the last line has no end: then the file may have been cut there."""
        with self.path.open("rb") as file:
            file.seek(0, 2)
            if not file.tell():
                return False
            file.seek(-1, 2)
            return file.read(1) not in b"\r\n"

    def where(self, line: int = 0) -> str:
        """The place for an error: the path, with the line where there is one."""
        return f"{self.path}:{line}" if line else str(self.path)

    @property
    def interval(self) -> float:
        """The seconds from one line without a time to the next; raises where the user does not say them."""
        seconds = self.said.interval
        if seconds is None:
            raise LogError.of("no_time_in_log", self.where())
        return seconds

    def without_power(self, holds: str, fix: str, line: int = 0) -> LogError:
        """The error of a file that holds something else than a power over time."""
        return LogError.of("no_power_in_log", self.where(line), holds=holds, fix=fix)

    def without_steps(self, holds: str, fix: str) -> LogError:
        """The error of a file that holds something else than steps with their times."""
        return LogError.of("no_steps_in_log", self.where(), holds=holds, fix=fix)

    def refuse_line(self, number: int, why: str, text: str = "") -> None:
        """Note a line that cannot be read. All are raised together at the end (`check`)."""
        self.bad.setdefault(number, f"{why}: {short(text)}" if text else why)

    def part(self, path: Path) -> Source:
        """A file of this folder: its bad lines are raised together with those of the others."""
        self.parts.append(Source(path, self.said))
        return self.parts[-1]

    def bad_lines(self) -> list[tuple[str, str, str]]:
        """(place, line in short, what is wrong with it) of each bad line, of this file and of its parts."""
        own = [(self.where(line), str(line), why) for line, why in sorted(self.bad.items())]
        return own + [
            (place, place.removeprefix(f"{self.path}/"), why) for one in self.parts for place, _, why in one.bad_lines()
        ]

    def check(self, read: int) -> list[str]:
        """Raise for the bad lines, or say how many were skipped with `errors="skip"`; `read` lines were good."""
        bad = self.bad_lines()
        if not bad:
            return []
        if self.said.errors == "raise":
            sides = [f"{place}: {why}" for place, _, why in bad[:SHOWN]]
            raise LogError.of("bad_lines_in_a_log", self.where(), sides, bad=len(bad), all=read + len(bad))
        lines = ", ".join(line for _, line, _ in bad[:SHOWN])
        more = ", ..." if len(bad) > SHOWN else ""
        return [f"{len(bad)} of {read + len(bad)} lines could not be read and were skipped: {lines}{more}"]


_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_MISSING = re.compile(r"|-|--|\[?n/?a\]?|nan|none|null|\[?not supported\]?|\[?unknown error\]?|err!?", re.I)


def number(cell: str, unit: str = "") -> float | None:
    """The number of a cell, with or without its unit behind it; NaN for a missing value, None where it is neither.

    A number too large for a float is none.

    >>> number("63.86 W", "W"), number("[N/A]"), number("63,86"), number("1e3")
    (63.86, nan, None, 1000.0)
    """
    cell = cell.strip()
    if found := _NUMBER.match(cell):
        if cell[found.end() :].strip().casefold() in ("", unit.casefold()):
            value = float(found[0])
            return value if math.isfinite(value) else None
        return None
    return float("nan") if _MISSING.fullmatch(cell) else None
