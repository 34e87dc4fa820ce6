"""The samples of smart plugs, which count energy and show power: from their messages to a power log (M3)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..files.clock import Clock
from ..files.source import Source, number
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording

#: Seconds since 1970 that are a date; larger numbers are milliseconds, or wrong.
_LATEST = 4e9


@dataclass(frozen=True)
class Message:
    """What one plug says in one line; None where it says nothing."""

    device: str
    time: object  # a stamp as text, seconds since 1970, or None
    energy: object
    power: object
    joules: float = 1.0  # of one unit of energy
    watts: float = 1.0  # of one unit of power
    counter: str = ""  # since when the counter counts


def objects(source: Source) -> Iterator[tuple[int, str, object]]:
    """(line, what stands before it, object) of each line; what is not JSON is refused."""
    for line, text in source.lines():
        before, brace, rest = text.partition("{")
        try:
            found = json.loads(brace + rest, parse_float=Decimal)
        except (ValueError, RecursionError, ArithmeticError):  # what no decimal can hold
            source.refuse_line(line, "no JSON object", text)
            continue
        yield line, before.strip(), found


def _digits(value: object) -> float | None:
    """A number of a message; NaN for one that is missing, the sum of the phases of a list, None for anything else."""
    if isinstance(value, list):
        each = [None if isinstance(one, list) else _digits(one) for one in value]
        return None if None in each or not each else sum(one for one in each if one is not None)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str, type(None))):
        return None
    try:
        found = number(value or "") if isinstance(value, (str, type(None))) else float(value)
    except OverflowError:
        return None
    return None if found is None or math.isinf(found) else found


def _step(value: object) -> float:
    """One unit of the last digit that a message prints; infinite where it prints no number."""
    if isinstance(value, list):
        return min((_step(one) for one in value if not isinstance(one, list)), default=math.inf)
    if isinstance(value, Decimal) and value.is_finite():
        return 10.0 ** max(-300, min(300, int(value.as_tuple().exponent)))
    return 1.0 if isinstance(value, int) else math.inf


class Plugs:
    """The samples of all plugs of a file."""

    def __init__(self, source: Source) -> None:
        self.source, self.clock = source, Clock(source)
        self.recording = Recording(source, [Channel("energy", at="wall", counter=True), Channel("power", at="wall")])
        self._steps = [math.inf, math.inf]
        self._last: dict[str, float] = {}
        self._begin: dict[str, str] = {}
        self._rows: dict[str, int] = {}
        self.repeated = self.silent = self.stamped = 0

    def take(self, line: int, message: Message) -> None:
        """Add one message, or say what is wrong with it."""
        energy, power = _digits(message.energy), _digits(message.power)
        time, refuse = self._time(message), self.source.refuse_line
        if energy is None or power is None:
            refuse(line, f"no number: {message.energy if energy is None else message.power}")
        elif time is None:
            refuse(line, f"no time: {message.time}")
        elif math.isnan(energy) and math.isnan(power):
            refuse(line, "neither an energy nor a power")
        elif message.counter != self._begin.setdefault(message.device, message.counter):
            begin = self._begin[message.device] or "an unknown time"
            refuse(line, f"a counter since {message.counter}, the lines before count since {begin}")
        elif time == self._last.get(message.device):
            self.repeated += 1
        else:
            self._last[message.device] = time
            sizes = zip((message.energy, message.power), (message.joules, message.watts), strict=True)
            self._steps = [min(old, _step(one) * size) for old, (one, size) in zip(self._steps, sizes, strict=True)]
            self.recording.add_row(line, time, (energy * message.joules, power * message.watts), message.device)

    def _time(self, message: Message) -> float | None:
        if message.time is None:
            row = self._rows[message.device] = self._rows.get(message.device, -1) + 1
            return row * self.source.interval
        if isinstance(message.time, str):
            self.stamped += 1
            return self.clock.read(message.time)
        seconds = _digits(message.time)
        return seconds if seconds is not None and 0 < seconds < _LATEST else None

    def log(self, name: str, whole: Sequence[str], notes: Sequence[str] = (), *, dated: bool = True) -> PowerLog:
        """The log of what was taken; the digits that were printed are the resolution."""
        energy, power = (0.0 if math.isinf(step) else step for step in self._steps)
        self.recording.channels = (
            Channel("energy", at="wall", contains=("power",), counter=True, step=energy, about="counted by the plug"),
            Channel("power", at="wall", step=power, about="the power at that moment"),
        )
        left = {"have the time of the one before": self.repeated, "say nothing of energy or power": self.silent}
        said = [f"{count} messages that {why} were left out" for why, count in left.items() if count]
        clock = self.clock if self.stamped else None
        return power_log(self.source, name, self.recording, at="wall", clock=clock, whole=whole,
                         notes=[*notes, *said], dated=dated)  # fmt: skip
