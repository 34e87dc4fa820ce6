"""What ipmitool and FreeIPMI print of power: dcmi power reading, polled over time; and sensors of one moment.

The power of DCMI is what the machine takes in (DCMI 1.5, "Get Power Reading"), so the boundary is the wall. Each
reading needs its time: seconds since 1970 before the line or on a line of their own, or the time stamp of the
controller. The mean that is printed is over a sampling period of seconds to weeks, so it is not that of a run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NoReturn

from ...errors import LogError
from ..files.clock import Clock
from ..files.source import Source, number
from ..files.stamps import read_stamp
from ..format import Format
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording

_POWER = re.compile(r"(.*)(?:Instantaneous power reading|Current Power)\s*:(.*)")
_STAMP = re.compile(r"\s*(?:IPMI timestamp|Time Stamp)\s*:(.*)")
_PERIOD = re.compile(r"\s*(?:Sampling period|Statistics reporting time period)\s*:\s*0*(\d+ \w+)\.?\s*")
_STATE = re.compile(r"\s*(?:Power reading state is|Power Measurement)\s*:(.*)")
_AMERICAN = re.compile(r"(\d\d)/(\d\d)/(\d{4})(?: -)? (.*)")
_STATES = {"ok", "ns", "nc", "cr", "na", "lnc", "lcr", "unc", "ucr", "nr"}
_FIX = 'poll it, each line with its time: echo "$(date +%s): $(ipmitool dcmi power reading | grep Instant)"'


def _is_power(source: Source) -> bool:
    return any(_POWER.fullmatch(line) for line in source.first_lines(50))


class _Readings:
    """The readings while they are read; what belongs to one follows it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.recording = Recording(source, [Channel("power", "wall", step=1.0, about="the whole machine")])
        self.clock = Clock(source)
        self.period = ""
        self.timeless: list[int] = []  # lines of readings without a time
        self._stamp: float | None = None  # of a line before
        self._held: tuple[int, float | None, float] | None = None

    def add(self, line: int, text: str) -> None:
        """A line of the file."""
        if found := _POWER.fullmatch(text):
            self.hand_on()
            self._begin(line, found[1], found[2], text)
        elif found := _STAMP.fullmatch(text):
            self._stamped(line, found[1].strip(), text)
        elif found := _PERIOD.fullmatch(text):
            self.period = found[1]
        elif (found := _STATE.fullmatch(text)) and found[1].strip().lower() not in ("activated", "active"):
            self._held = (*self._held[:2], float("nan")) if self._held else None
        elif (time := self._time(text)) is not None:
            self.hand_on()
            self._stamp = time

    def _begin(self, line: int, before: str, value: str, text: str) -> None:
        before = before.strip(" \t:[]")
        watts, time = number(value, "Watts"), self._time(before) if before else self._stamp
        self._stamp = None
        if watts is None or (before and time is None):
            self.source.refuse_line(line, "no power" if watts is None else "no time", text)
            return
        self._held = line, time, watts

    def _stamped(self, line: int, stamp: str, text: str) -> None:
        """The time stamp of the controller, where the reading has no other."""
        time = self._time(stamp)
        if time is None and not re.fullmatch(r"unspecified|", stamp, re.I):
            self.source.refuse_line(line, "no time", text)
        if self._held and self._held[1] is None:
            self._held = self._held[0], time, self._held[2]

    def _time(self, text: str) -> float | None:
        return read_stamp(_AMERICAN.sub(r"\3-\1-\2 \4", text), self.clock)

    def hand_on(self) -> None:
        """Give the reading that is held to the recording."""
        if self._held is None:
            return
        line, time, watts = self._held
        self._held = None
        if time is None and (interval := self.source.said.interval) is not None:
            time = self.recording.read * interval
        if time is None:
            self.timeless.append(line)
        else:
            self.recording.add(line, time, {"power": watts})


def _read_power(source: Source) -> PowerLog:
    readings = _Readings(source)
    for line, text in source.lines():
        readings.add(line, text)
    readings.hand_on()
    recording, timeless = readings.recording, readings.timeless
    if recording.read + len(timeless) == 1 and not source.bad:
        mean = f", and the mean of {readings.period}" if readings.period else ""
        _refuse(source, f"the power of one moment{mean}")
    if timeless and not recording.read:
        raise LogError.of("no_time_in_log", source.where())
    for line in timeless:
        source.refuse_line(line, "a reading without a time")
    dated = readings.clock.resolution > 0
    return power_log(source, "ipmi dcmi", recording, at="wall", clock=readings.clock, whole=["power"], dated=dated)


def _is_sensors(source: Source) -> bool:
    rows = [[cell.strip().lower() for cell in line.split("|")] for line in source.first_lines(50)]
    return any(len(row) > 3 and _STATES & set(row[2:4]) for row in rows) and not _is_power(source)


def _read_sensors(source: Source) -> PowerLog:
    _refuse(source, "the sensors of one moment")


def _refuse(source: Source, holds: str) -> NoReturn:
    raise source.without_power(holds, _FIX)


FORMATS: Sequence[Format] = (
    Format("ipmi dcmi", "ipmitool dcmi power reading, polled", "PowerLog", "wall", "real logs",
           "The instantaneous power counts. One reading has no energy.", _is_power, _read_power),
    Format("ipmi sensors", "ipmitool sdr and sensor", "refused", "wall", "real logs",
           "The sensors of one moment have no energy.", _is_sensors, _read_sensors),
)  # fmt: skip
