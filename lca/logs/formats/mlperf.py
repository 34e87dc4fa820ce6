"""The power log of an MLPerf measurement (spl.txt of SPEC PTDaemon), and the summary of LoadGen, which has no energy.

Written after real logs and after the tests of the MLPerf power client. A sample is one line of pairs: Time with a
date in the order month, day, year, then Watts, Volts, Amps, PF and Mark. Several channels follow behind the mark; the
first Watts are their sum. -1 stands for what the analyzer does not give. A mark names the measurement: a ranging run
and the test have their own, and the lines between have "notset". The analyzer sits at the outlet.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from ...errors import LogError
from ..files.clock import Clock
from ..files.source import SHOWN, Source, number
from ..format import Format, refused
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording

_WALL = Channel("power", at="wall", about="the sum of the channels of the analyzer")
_SAMPLE = re.compile(r"Time,([^,]*),Watts,([^,]*)(?:,.*?,Mark,([^,]*))?(?:,.*)?")
_FIRST = re.compile(r"^Time,[^,\n]*,Watts,", re.M)
_MESSAGE = re.compile(r"\d\d-\d\d-\d{4} \d\d:\d\d:\d\d\.\d+: ")  # what PTDaemon says of itself in its whole log
_MISSING = -1.0
_NOT_SET = "notset"
_RESULT = re.compile(r"^Result is\s*:\s*(\w+)", re.M)


def _fits(source: Source) -> bool:
    return _FIRST.search(source.start) is not None


def _read(source: Source) -> PowerLog:
    clock, marks = Clock(source, order="mdy"), dict[str, Recording]()
    for line, text in source.lines():
        if found := _SAMPLE.fullmatch(text.strip()):
            mark = found[3] or _NOT_SET
            if mark not in marks:
                marks[mark] = Recording(source, [_WALL])
            watts = number(found[2])
            marks[mark].take(line, clock.read(found[1]), [math.nan if watts == _MISSING else watts], found[0])
        elif not _MESSAGE.match(text):
            source.refuse_line(line, "not a sample", text)
    mark = _chosen(source, marks)
    recording = marks.get(mark, Recording(source, [_WALL]))
    said = f"the measurement {mark}" if len(marks) > 1 else ""
    return power_log(source, "mlperf power", recording, at="wall", clock=clock, notes=[said] if said else [])


def _chosen(source: Source, marks: dict[str, Recording]) -> str:
    """The mark that the user named, or the only one; lines between measurements have none."""
    named = [mark for mark in marks if mark != _NOT_SET] or list(marks)
    if source.said.run and source.said.run not in marks:
        raise LogError.of("no_such_run", source.where(), run=source.said.run, near=f"one of {', '.join(named[:SHOWN])}")
    if not source.said.run and len(named) > 1:
        raise LogError.of("several_marks", source.where(), named[:SHOWN], count=len(named), first=named[0])
    return source.said.run or next(iter(named), "")


def _fits_summary(source: Source) -> bool:
    return "MLPerf Results Summary" in source.start


def _summary(source: Source) -> LogError:
    result = _RESULT.search(source.start)
    holds = f"the summary of LoadGen, with the result {result[1]}" if result else "the summary of LoadGen"
    return source.without_power(holds, "read spl.txt, the power log of the same run")


FORMATS: Sequence[Format] = (
    Format("mlperf power", "SPEC PTDaemon for MLPerf, spl.txt", "PowerLog", "wall", "real logs",
           "With several marks, such as ranging and testing, say run=.", _fits, _read),
    refused("mlperf summary", "MLPerf LoadGen, mlperf_log_summary.txt", "none", "real logs",
            "Times and no energy; the error says whether the result is valid.", _fits_summary, _summary),
)  # fmt: skip
