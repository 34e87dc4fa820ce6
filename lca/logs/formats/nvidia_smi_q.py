"""What nvidia-smi -q prints in a loop (-l, -lms): the text of -d POWER, and XML (-x). Only the power of cards is read.

The power stands under "Power Readings", or "GPU Power Readings" of newer drivers; that of the module, of the memory
and the statistics under "Power Samples" are other quantities and are not read. The layout is that of the outputs which
people publish for drivers 375 to 595, and of the manual page of nvidia-smi.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..files.clock import Clock
from ..files.source import Source, number
from ..files.stamps import read_stamp
from ..format import Format
from ..power.card_samples import NVIDIA_CARD, nvidia_log
from ..power.power_log import PowerLog
from ..power.rounds import refuse_one_moment
from ..power.track import Recording

_GPU = re.compile(r"\s*GPU ([0-9A-Fa-f]+:[0-9A-Fa-f]+:[0-9A-Fa-f.]+)\s*")
_TAG = re.compile(r'\s*<(/?)(\w+)(?: id="([^"]*)")?[^>]*>([^<]*)')
_SECTIONS = ("Power Readings", "GPU Power Readings")
_ELEMENTS = ("power_readings", "gpu_power_readings")
#: Keys of the power, the best first: as text, and as elements.
_KEYS = ("Average Power Draw", "Power Draw", "Instantaneous Power Draw")
_TAGS = ("average_power_draw", "power_draw", "instant_power_draw")
_FIX = "log in a loop, nvidia-smi -q -d POWER -l 1, or better --query-gpu=timestamp,index,power.draw --format=csv -l 1"


class _Log:
    """One card at one time after the other, from the keys and values of the log."""

    def __init__(self, source: Source, keys: Sequence[str]) -> None:
        self.source, self.keys = source, keys
        self.clock, self.recording = Clock(source), Recording(source, [NVIDIA_CARD])
        self.time: float | None = None
        self.line, self.card = 0, ""
        self.shown: dict[str, float] = {}
        self.most = 0.0

    def stamp(self, line: int, text: str) -> None:
        """A new log of all cards begins."""
        self.end()
        self.time = read_stamp(text, self.clock)
        if self.time is None:
            self.source.refuse_line(line, "no time", text)

    def begin(self, line: int, card: str) -> None:
        """The part of a card begins."""
        self.end()
        self.line, self.card = line, card

    def value(self, line: int, key: str, text: str) -> None:
        """One value of the section of the power."""
        watts = number(text, "W")
        if key in self.keys and watts is None:
            self.source.refuse_line(line, "no power", text)
        elif key in self.keys and watts is not None:
            self.shown[key] = watts

    def end(self) -> None:
        """The part of a card ends: its power is the best of the values that are there."""
        if self.card and self.time is not None:
            there = [self.shown[key] for key in self.keys if self.shown.get(key, -1.0) >= 0]
            self.recording.add(self.line, self.time, {"power": there[0] if there else float("nan")}, self.card)
        elif self.card:
            self.source.refuse_line(self.line, "a card without a time")
        self.card, self.shown = "", {}

    def log(self, name: str) -> PowerLog:
        """The log, after the last card."""
        self.end()
        refuse_one_moment(self.source, self.recording, _FIX)
        return nvidia_log(self.source, name, self.recording, self.clock)


def _is_text(source: Source) -> bool:
    return "=NVSMI LOG=" in source.start


def _read_text(source: Source) -> PowerLog:
    log, section = _Log(source, _KEYS), ""
    for line, text in source.lines():
        if found := _GPU.fullmatch(text):
            log.begin(line, found[1])
            section = ""
            continue
        key, colon, value = (part.strip() for part in text.partition(":"))
        if key == "Timestamp":
            log.stamp(line, value)
        elif not colon:
            section = key
        elif section in _SECTIONS:
            log.value(line, key, value)
    return log.log("nvidia-smi -q")


def _is_xml(source: Source) -> bool:
    return "<nvidia_smi_log>" in source.start


def _read_xml(source: Source) -> PowerLog:
    """Line by line: nvidia-smi writes each element with a value on a line of its own."""
    log, inside = _Log(source, _TAGS), False
    for line, text in source.lines():
        found = _TAG.match(text)
        if found is None:
            continue
        closes, tag, card, value = found.groups()
        if tag == "timestamp":
            log.stamp(line, value)
        elif tag == "gpu" and closes:
            log.end()
        elif tag == "gpu" and card:
            log.begin(line, card)
        elif tag in _ELEMENTS:
            inside = not closes
        elif inside:
            log.value(line, tag, value)
    return log.log("nvidia-smi -q -x")


FORMATS: Sequence[Format] = (
    Format("nvidia-smi -q", "nvidia-smi -q -d POWER -l", "PowerLog", "component", "documentation",
           "The power of the card counts, not that of the module or the mean of the power samples.",
           _is_text, _read_text),
    Format("nvidia-smi -q -x", "nvidia-smi -q -x -l", "PowerLog", "component", "documentation",
           "XML documents one behind the other; the power of the card counts.", _is_xml, _read_xml),
)  # fmt: skip
