"""What tegrastats prints on NVIDIA Jetson boards: one line a sample, with the power of each rail.

A rail shows its power now, the mean since tegrastats began, and from JetPack 7 on the peak. Only the power now is a
sample; the mean and the peak are left out. Powers are in mW, whether "mW" stands behind them or not (NVIDIA Jetson
Linux Developer Guide, "tegrastats Utility"). Which rails are the whole board says `jetson_rails.py`.

Older versions print no time, later ones a local date in whole seconds: 09-30-2025 20:05:55. With an interval below a
second many lines share a stamp; they are spread evenly over their seconds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...meters.jetson_rails import whole_of
from ..files.clock import Clock
from ..files.source import Source
from ..format import Format
from ..power.jetson_rails import rails_of, said_of
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording

_LINE = re.compile(r"(?:^|\s)RAM \d+/\d+MB \(lfb \d+x\d+[kM]B\)", re.M)
_VALUES = r"(\d+)(?:mW)?/\d+(?:mW)?(?:/\d+(?:mW)?)?"
_RAIL = re.compile(rf"(?<=\s)([A-Za-z]\w*)\s+{_VALUES}(?=\s|$)")
_STEP = 0.001  # W, as printed


class _Layout:
    """The rails of a log, in the order of its first line; all lines of one board have the same."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._first = f" {names[0]} "
        self._tail = re.compile(r"\s+".join(rf"{re.escape(name)}\s+{_VALUES}" for name in names) + r"(?=\s|$)")

    def powers(self, text: str) -> list[float] | str:
        """The power now of each rail, W; or what is wrong with the line."""
        begin = text.find(self._first)
        found = self._tail.match(text, begin + 1) if begin >= 0 else None
        if found:
            return [float(digits) / 1000 for digits in found.groups()]
        rails = dict(_RAIL.findall(text))
        if not rails:
            return "no rail with a power"
        if set(rails) != set(self.names):
            return f"other rails than the lines before: {', '.join(rails)}"
        return [float(rails[name]) / 1000 for name in self.names]


def _fits(source: Source) -> bool:
    return bool(_LINE.search(source.start)) and "CPU [" in source.start


def _read(source: Source) -> PowerLog:
    clock: Clock | None = None
    recording, layout, count, heading = Recording(source, []), None, 0, ""
    for line, text in source.lines():
        at = text.find("RAM ")
        if at < 0:
            if count:
                source.refuse_line(line, "no line of tegrastats", text)
            heading = heading or text.strip()
            continue
        count += 1
        if layout is None:
            names = [name for name, _ in _RAIL.findall(text)]
            if not names or len(set(names)) < len(names):
                source.refuse_line(line, "no rail with a power", text)
                continue
            layout, clock = _Layout(names), Clock(source, "mdy") if text[:at].strip() else None
            recording = Recording(source, rails_of(names, _STEP))
        powers = layout.powers(text)
        time = (count - 1) * source.interval if clock is None else clock.read(text[:at])
        if time is None or isinstance(powers, str):
            source.refuse_line(line, "no time" if time is None else str(powers), text)
        else:
            recording.add_row(line, time, powers)
    if layout is None:
        fix = "boards without power monitors, such as the Jetson Nano 2GB, and containers show none: use a wall meter"
        raise source.without_power("no rail shows a power", fix)
    whole = whole_of(layout.names)
    began = [f"the log begins with: {heading}"] if heading else []
    return power_log(source, "tegrastats", recording, at="board", clock=clock, whole=whole,
                     notes=[said_of(whole), *began])  # fmt: skip


FORMATS: Sequence[Format] = (
    Format("tegrastats", "tegrastats of NVIDIA Jetson boards", "PowerLog", "board", "real logs",
           "The power now of each rail counts, not the mean since the start. Without stamps: say interval=.",
           _fits, _read),
)  # fmt: skip
