"""What rocm-smi --showpower prints, once or in a loop: the text, CSV, JSON, and the table of one moment.

The tool has no loop and no stamps. A log over time comes from a loop that prints a stamp before each call, or puts one
before each line of CSV. The power is that of the package of a chip ("Average Graphics Package Power", or "Current
Socket Graphics Package Power" of newer chips). On cards with two dies, one shows the power of both, and the other N/A.
The layout is that of the outputs which people publish in reports to the makers of the tool.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..files.csv_rows import cells_of
from ..files.json_documents import Object, parsed
from ..files.source import Source, number
from ..files.stamps import read_stamp
from ..format import Format, refused
from ..power.card_samples import CardSamples
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.rounds import one_moment

_POWER = ("Average Graphics Package Power (W)", "Current Socket Graphics Package Power (W)")
_LINE = re.compile(r"\s*GPU\[(\d+)\]\s*: (?:Average|Current Socket) Graphics Package Power \(W\): (.*?)\s*")
_TABLE = re.compile(r"(GPU|Device)\s.*\b(AvgPwr|Power)\b")
_CARD = re.compile(r"card(\d+)")
_TIMES = ("timestamp", "time", "date", "datetime")
_PACKAGE = Channel("power", at="component", step=1.0, about="the package of a chip")
_FIX = "log in a loop: while sleep 1; do date +%s; rocm-smi --showpower --csv; done; or use amd-smi metric --watch 1"


class _Samples(CardSamples):
    """The samples of cards; a line that is a stamp dates what follows."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, [_PACKAGE])
        self.moment: float | None = None

    def stamp(self, text: str) -> bool:
        """Whether a line is a stamp; it is kept for the samples behind it."""
        time = read_stamp(text, self.clock)
        self.moment = self.moment if time is None else time
        self.stamped = self.stamped or time is not None
        return time is not None

    def add(self, line: int, card: str, shown: str, text: str) -> None:
        """The power of one card."""
        watts = float("nan") if shown.startswith("N/A") else number(shown, "W")
        if watts is None:
            self.source.refuse_line(line, "no power", text)
        else:
            time = self.rounds.next(card) if self.moment is None else self.moment
            self.recording.add(line, time, {"power": watts}, card)


def _is_text(source: Source) -> bool:
    return any(_LINE.fullmatch(line) for line in source.first_lines(60))


def _read_text(source: Source) -> PowerLog:
    samples = _Samples(source)
    for line, text in source.lines():
        if found := _LINE.fullmatch(text):
            samples.add(line, f"gpu {found[1]}", found[2], text)
        elif not text.lstrip().startswith(("=", "GPU[")):
            samples.stamp(text)
    return samples.log("rocm-smi", _FIX)


def _header(text: str) -> list[str]:
    """The columns that a line of CSV names; none where the line is something else."""
    names = cells_of(text)
    return names if "device" in names and len(names) > 1 else []


def _is_csv(source: Source) -> bool:
    lines = source.first_lines(10)
    return any(_header(line) and any(f"({unit}" in line for unit in "WC%B") for line in lines)


def _read_csv(source: Source) -> PowerLog:
    samples, names = _Samples(source), list[str]()
    power, stamp = "", None
    for line, text in source.lines():
        if header := _header(text):
            names, power = header, next((name for name in _POWER if name in header), "")
            stamp = next((n for n, name in enumerate(names) if name.lower() in _TIMES), None)
            continue
        row = cells_of(text)
        if len(row) == 1 and samples.stamp(text):
            continue
        found = _CARD.fullmatch(row[names.index("device")]) if len(row) == len(names) else None
        if found is None and not text.lstrip().startswith(("system", "WARNING", "ERROR")):
            source.refuse_line(line, f"{len(row)} cells, not {len(names)}, or no card", text)
        elif found and power and (stamp is None or samples.stamp(row[stamp])):
            samples.add(line, f"gpu {found[1]}", row[names.index(power)], text)
        elif found and power:
            source.refuse_line(line, "no time", text)
    if not samples.recording.read and not source.bad:
        raise source.without_power("no column of the package power", _FIX)
    return samples.log("rocm-smi csv", _FIX)


def _is_json(source: Source) -> bool:
    first = next((line for line in source.first_lines(10) if line.startswith("{")), "")
    return bool(first) and '"card' in source.start and '(W)"' in source.start


def _read_json(source: Source) -> PowerLog:
    """Line by line: the tool writes each document on one line."""
    samples = _Samples(source)
    for line, text in source.lines():
        if not text.lstrip().startswith("{"):
            if not samples.stamp(text):
                source.refuse_line(line, "no JSON of one call, and no stamp", text)
            continue
        found = parsed(text)
        if not isinstance(found, dict):
            source.refuse_line(line, "no JSON", text)
            continue
        samples.stamp(str(next((found[name] for name in _TIMES if name in found), "")))
        for name, card in found.items():
            number_of = _CARD.fullmatch(name)
            if number_of and isinstance(card, Mapping):
                samples.add(line, f"gpu {number_of[1]}", _shown(card), text)
    return samples.log("rocm-smi json", _FIX)


def _shown(card: Object) -> str:
    return str(next((card[name] for name in _POWER if name in card), "no package power"))


def _is_table(source: Source) -> bool:
    banner = "ROCm System Management Interface" in source.start or "Concise Info" in source.start
    return banner and not _is_text(source) and any(_TABLE.match(line) for line in source.first_lines(20))


FORMATS: Sequence[Format] = (
    Format("rocm-smi", "rocm-smi --showpower", "PowerLog", "component", "real logs",
           "One call is one moment and is refused; a loop needs a stamp before each call, or interval=.",
           _is_text, _read_text),
    Format("rocm-smi csv", "rocm-smi --showpower --csv", "PowerLog", "component", "documentation",
           "The same as CSV; a stamp may stand before each call or in a column.", _is_csv, _read_csv),
    Format("rocm-smi json", "rocm-smi --showpower --json", "PowerLog", "component", "documentation",
           "The same as JSON, one document on a line.", _is_json, _read_json),
    refused("rocm-smi table", "rocm-smi, the table of one moment", "component", "documentation",
            "One moment has no energy.", _is_table, lambda source: one_moment(source, _FIX)),
)  # fmt: skip
