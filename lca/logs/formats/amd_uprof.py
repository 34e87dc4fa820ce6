"""The timechart of AMD uProf: a preamble, the counters with their units, and records of mean powers in W.

The packages of all sockets count; cores are within them. Times of day are not padded (16:11:0:076), and the date is
that of the start of the profile. Documented in the AMD uProf User Guide ("timechart"), checked against logs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...errors import LogError
from ..files.clock import Clock
from ..files.csv_rows import fills
from ..files.source import Source, number
from ..format import Format
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording

_START = re.compile(r"([A-Z][a-z]{2})-(\d\d)-(\d{4})_(\d\d)-(\d\d)-(\d\d)")
_PACKAGE = re.compile(r"socket\d+-package-power")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?) seconds")
_STEP = 0.01  # W, as printed


def _fits(source: Source) -> bool:
    start = source.start
    return "AMDPROFILER POWER PROFILE REPORT" in start or ("PROFILE RECORDS" in start and "RecordId" in start)


class _Preamble:
    """What stands before the records."""

    def __init__(self, source: Source) -> None:
        self.source, self.clock = source, Clock(source)
        self.units: dict[str, str] = {}
        self.day: float | None = None  # s since 1970, of the midnight before the start
        self.duration: float | None = None  # s, that was asked for

    def add(self, cells: list[str]) -> None:
        if cells[0] == "Profile Start Time:" and (found := _START.fullmatch(cells[1])):
            self.day = self.clock.read_named(f"Day {found[1]} {found[2]} 0:0:0 {found[3]}")
        elif cells[0] == "Profile Duration:" and (found := _LENGTH.fullmatch(cells[1])):
            self.duration = float(found[1])
        elif len(cells) > 3 and re.fullmatch(r"\d+\.?", cells[0]):
            self.units[cells[1]] = cells[3]

    def channels(self, names: Sequence[str]) -> list[Channel]:
        """The columns of power; each package holds all cores, as the file does not say which."""
        watts = [name for name in names if self.units.get(name, "W") == "W" and name.endswith("-power")]
        inner = tuple(name for name in watts if not _PACKAGE.fullmatch(name))
        return [Channel(name, "component", inner if _PACKAGE.fullmatch(name) else (), step=_STEP) for name in watts]


def _read(source: Source) -> PowerLog:
    preamble = _Preamble(source)
    names: list[str] = []
    recording: Recording | None = None
    for line, text in source.lines():
        cells = [cell.strip() for cell in text.split(",")]
        if cells[0] == "RecordId" and "Timestamp" in cells and recording is None:
            names, made = cells, preamble.channels(cells)
            if not made:
                fix = "profile again with --event power"
                raise source.without_power("counters without power", fix)
            recording = Recording(source, made)
        elif recording is None:
            preamble.add([*cells, ""])
        else:
            _record(source, line, cells, names, preamble, recording)
    if recording is None:
        raise LogError.of("no_samples", source.where())
    return _log(source, preamble, recording)


def _record(
    source: Source, line: int, cells: list[str], names: list[str], preamble: _Preamble, recording: Recording
) -> None:
    if len(cells) == len(names) + 1 and not cells[-1]:
        cells = cells[:-1]
    if not fills(source, line, cells, len(names)):
        return
    found, text = dict(zip(names, cells, strict=True)), ",".join(cells)
    of_day = preamble.clock.read_of_day(found["Timestamp"])
    time = None if of_day is None else of_day + (preamble.day or 0.0)
    shown = [number(found[channel.name]) for channel in recording.channels]
    recording.take(line, time, shown, text, no_time="no time of day", no_number="not a number")


def _log(source: Source, preamble: _Preamble, recording: Recording) -> PowerLog:
    whole = [channel.name for channel in recording.channels if _PACKAGE.fullmatch(channel.name)]
    log = power_log(source, "amd uprof", recording, at="component", clock=preamble.clock, whole=whole)
    if preamble.duration is None or log.span > 0.9 * preamble.duration:
        return log
    note = f"the head says {preamble.duration:g} s, the records cover {log.span:.4g} s"
    return replace(log, notes=(note, *log.notes))


FORMATS: Sequence[Format] = (
    Format("amd uprof", "AMD uProf, timechart", "PowerLog", "component", "real logs",
           "The powers of the packages count; those of cores are within them.", _fits, _read),
)  # fmt: skip
