"""The file that `lca.measure(..., save=...)` writes while a run goes on (lca/logs/power/live_file.py describes it).

A run that was killed has no line "# end", and may stop within a line: that line is left out, and the log says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ...errors import LogError
from ..files.source import SHOWN, Source, number
from ..format import Format
from ..power.channel import Channel
from ..power.live import aged
from ..power.live_file import COLUMNS, FIRST, LiveHead, meter_in, said_in, why_no_meter
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording

_KINDS = {f"seconds,{name}": counts for counts, name in COLUMNS.items()}


def _fits(source: Source) -> bool:
    return source.first_line == FIRST


def _read(source: Source) -> PowerLog:
    said, counts = _head(source)
    meter = source.said.meter or meter_in(said)
    start = _start(source, said)
    name, unit = ("energy", "J") if counts else ("power", "W")
    wraps = number(said.get("wraps at", ""), "J") or None
    step = meter.step_of(f"{unit} at_{meter.at}")
    recording = Recording(source, [Channel(name, at=meter.at, counter=counts, modulus=wraps, step=step)])
    notes = _samples(source, recording, start)
    log = power_log(source, "live", recording, at=said["boundary"], whole=(name,), notes=notes, dated=True)
    (track,) = log.tracks
    channel = aged(track.channels[0], track.times, track.values[:, 0], number(said.get("update period", ""), "s"))
    return replace(log, meter=meter, tracks=(replace(track, channels=(channel,)),))


def _head(source: Source) -> tuple[LiveHead, bool]:
    """What the lines before the samples say, and whether the samples are those of a counter."""
    said: dict[str, str] = {}
    for _, text in source.lines():
        if (pair := said_in(text)) is not None:
            said[pair[0]] = pair[1]
        elif text in _KINDS:
            if why := why_no_meter(said):
                raise LogError.of("live_log_without_a_head", source.where(), why=why)
            return said, _KINDS[text]
        elif text != FIRST:
            break
    raise LogError.of("live_log_without_a_head", source.where(), why="its columns are not those of a live log")


def _start(source: Source, said: LiveHead) -> float:
    """The date of the first sample, s since 1970."""
    try:
        return datetime.fromisoformat(said["started"]).timestamp()
    except ValueError:
        why = f"it started at {said['started']!r}"
        raise LogError.of("live_log_without_a_head", source.where(), why=why) from None


def _samples(source: Source, recording: Recording, start: float) -> list[str]:
    """Take the samples; what is to be said of them."""
    said: list[tuple[str, str]] = []
    last = max((line for line, _ in source.lines()), default=0) if source.ends_inside_line else 0
    for line, text in source.lines():
        if text.startswith("#"):
            said += [pair] if (pair := said_in(text)) else []
        elif line != last and text not in _KINDS:
            _take(source, recording, line, text, start)
    return _notes(said, cut=last > 0)


def _take(source: Source, recording: Recording, line: int, text: str, start: float) -> None:
    """Take one sample."""
    cells = text.split(",")
    if len(cells) != 2:
        source.refuse_line(line, "not a time and a value", text)
        return
    seconds = number(cells[0])
    recording.take(line, None if seconds is None else start + seconds, [number(cells[1])], text)


def _notes(said: Sequence[tuple[str, str]], *, cut: bool) -> list[str]:
    """What a reader of the log has to know."""
    notes = [text for key, text in said if key == "note"]
    ends = [text for key, text in said if key == "end"]
    marks = [f"mark {text.partition(' s ')[2]!r} at {text.partition(' ')[0]} s" for key, text in said if key == "mark"]
    if not ends:
        within = " within a line, which is left out" if cut else ""
        notes.append(f"the run was ended from outside: the file stops{within}")
    notes += [f"the run was over after {text}" for text in ends if "by" in text]
    more = [f"{len(marks) - SHOWN} further marks"] * (len(marks) > SHOWN)
    return [*notes, *marks[:SHOWN], *more]


FORMATS: Sequence[Format] = (
    Format("live", "lca.measure(..., save=...), while a run goes on", "PowerLog", "as it says", "real logs",
           "A power or a counter, with the meter at its head; a run that was killed keeps what was written.",
           _fits, _read),
)  # fmt: skip
