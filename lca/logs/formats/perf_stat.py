"""What perf stat prints of the energy counters power/energy-*/: totals of a run, and rows of an interval (-I).

The text and the CSV (-x) are read. The package contains cores and graphics, the platform (psys) contains the package:
they are never added. Digits may be grouped and the decimal mark may be a comma, as the locale has it.
Documented in the manual page of perf-stat ("CSV FORMAT", "-I"), with the unit from the kernel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from ..files.source import Source
from ..format import Format
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.rapl_domains import boundary, channels, notes, whole
from ..power.recording import meter_of, power_log
from ..power.track import Recording
from ..runs.run_table import Run, RunTable

_DOMAINS = {
    "pkg": "package", "cores": "cores", "core": "cores", "gpu": "graphics", "ram": "dram", "psys": "platform",
}  # fmt: skip
_NUMBER = r"[\d.,'\u202f\xa0]+"
_TIME = r"\d+[.,]\d{9}"
_TEXT = re.compile(
    rf"\s*(?:({_TIME})\s+)?(?:((?:CPU|S)\d[\w-]*)\s+(?:(\d+)\s+)?)?(<not \w+>|{_NUMBER})\s+Joules\s+(\S+)(.*)"
)
_CSV = re.compile(r"([,;:|\t])Joules\1")
_EVENT = re.compile(r"energy-(\w+)")
_OF_CPUS = re.compile(r"(?:CPU|S)\d[\w-]*")
_SPREAD = re.compile(r"\+-\s*([\d.,]+\s*%)")
_TITLE = re.compile(r"Performance counter stats for '(.*?)'(?: \((\d+) runs\))?")
_ELAPSED = re.compile(rf"\s*({_NUMBER})\s+(?:\+-\s+{_NUMBER}\s+)?seconds time elapsed")
_DURATION = re.compile(r"\s*(\d+).ns.duration_time\b")
_GROUPED = re.compile(r"\d{1,3}(?:[.,'\u202f\xa0]\d{3})+|\d+")
_STEP = 0.01  # J, as printed


@dataclass(frozen=True)
class _Count:
    """One line of a counter."""

    line: int
    time: float | None  # s since the start, with -I
    cpus: str  # which socket or CPU; "" where all are one
    domain: str
    joules: float  # NaN where it was not counted
    spread: str = ""


def _decimal(text: str) -> float | None:
    """A number with grouped digits and the decimal mark of any country; None where both readings are possible.

    >>> _decimal("2,306.32"), _decimal("0,05"), _decimal("1,234"), _decimal("12")
    (2306.32, 0.05, None, 12.0)
    """
    at = max(text.rfind("."), text.rfind(","))
    head, tail = (text[:at], text[at + 1 :]) if at >= 0 else (text, "")
    if not _GROUPED.fullmatch(head) or (at >= 0 and not tail.isdecimal()):
        return None
    if len(tail) == 3 and head.isdecimal() and head != "0" and len(head) <= 3:
        return None
    digits = "".join(digit for digit in head if digit.isdecimal())
    return float(f"{digits}.{tail or 0}")


def _count(source: Source, line: int, text: str) -> _Count | None:
    """The counter of a line; None where the line holds none, or was refused."""
    cells = _of_csv(text) if _CSV.search(text) else _of_text(text)
    event = _EVENT.search(cells[4]) if cells else None
    if cells is None or event is None:
        if "energy-" in text and "Joules" in text:
            source.refuse_line(line, "not a count of energy", text)
        return None
    time, cpus, aggregated, value, _, rest = cells
    if aggregated == "0":  # no CPU that counts
        return None
    joules = float("nan") if value.startswith("<not") else _decimal(value)
    moment = _decimal(time) if time else None
    domain = _DOMAINS.get(event[1])
    if joules is None or domain is None or (time and moment is None):
        source.refuse_line(line, f"an unknown domain, {event[1]}" if domain is None else "not a number", text)
        return None
    spread = _SPREAD.search(rest)
    return _Count(line, moment, cpus, domain, joules, spread[1] if spread else "")


def _of_text(text: str) -> tuple[str, ...] | None:
    found = _TEXT.match(text)
    return tuple(part or "" for part in found.groups()) if found else None


def _of_csv(text: str) -> tuple[str, ...] | None:
    """Time, CPUs, how many, value, event and the rest of a line of -x; None where a comma is mark and separator."""
    cells = [cell.strip() for cell in text.split(_CSV.findall(text)[0])]
    at = cells.index("Joules")
    before = cells[: at - 1]
    time = before.pop(0) if before and re.fullmatch(_TIME, before[0]) else ""
    cpus = before.pop(0) if before and _OF_CPUS.fullmatch(before[0]) else ""
    aggregated = before.pop(0) if cpus and before and before[0].isdecimal() else ""
    if at == 0 or before:
        return None
    return time, cpus, aggregated, cells[at - 1], cells[at + 1] if at + 1 < len(cells) else "", ""


# --- totals ---------------------------------------------------------------------------------------------------


@dataclass
class _Block:
    """What belongs to one run while it is read."""

    line: int
    title: str = ""
    runs: str = ""
    seconds: float | None = None
    counts: dict[tuple[str, str], _Count] = field(default_factory=dict)  # (domain, CPUs): an event named twice is one

    def joules(self, domain: str) -> float | None:
        """The energy of a domain, of all sockets; None where it is not there, or was not counted."""
        found = [one.joules for (name, _), one in self.counts.items() if name == domain]
        total = sum(found)
        return total if found and total == total else None


def _blocks(source: Source) -> Iterator[_Block]:
    """The runs of a file: each text has a title; the CSV has none, so a counter that comes again begins a run."""
    block: _Block | None = None
    for line, text in source.lines():
        if title := _TITLE.search(text):
            if block:
                yield block
            block = _Block(line, title[1], title[2] or "")
            continue
        if found := _ELAPSED.match(text) or _DURATION.match(text):
            if block:
                value = _decimal(found[1])
                block.seconds = value if "elapsed" in text or value is None else value / 1e9
            continue
        count = _count(source, line, text)
        if count is None:
            continue
        key = count.domain, count.cpus
        if block is None or (not block.title and key in block.counts):
            if block:
                yield block
            block = _Block(line)
        block.counts.setdefault(key, count)
    if block:
        yield block


def _is_total(source: Source) -> bool:
    return not _is_interval(source) and bool(_TITLE.search(source.start) or _first(source))


def _first(source: Source) -> _Count | None:
    """The first counter in the first lines."""
    quiet = Source(source.path)
    found = (_count(quiet, 0, text) for text in source.first_lines(50) if "Joules" in text)
    return next((one for one in found if one is not None), None)


def _read_total(source: Source) -> RunTable:
    blocks = list(_blocks(source))
    said = source.check(len(blocks))
    seen = {domain for block in blocks for domain, _ in block.counts}
    if not seen:
        fix = "count the energy: perf stat -a -e power/energy-pkg/,power/energy-ram/"
        raise source.without_power("counters, none of them of energy", fix)
    parts = [note for note in notes(source, seen) if "platform" in note]
    if "dram" in seen:
        parts.append("the memory is outside the package, and is not in the energy of a run: it stands beside it")
    repeated = [block.runs for block in blocks if block.runs]
    if repeated:
        parts.append(f"energy and time are means of {', '.join(repeated)} runs: one run each")
    runs = tuple(_run(source, number, block) for number, block in enumerate(blocks, 1))
    return RunTable(source.path, "perf stat", runs, meter_of(source, boundary(source)), (*parts, *said))


def _run(source: Source, number: int, block: _Block) -> Run:
    words = block.title.split()
    wide = block.title in ("", "system wide")
    name = block.title or f"run {number}" if wide else PurePath(words[0]).name if words else f"run {number}"
    domains = dict.fromkeys(domain for domain, _ in block.counts)
    parts = tuple((one, joules) for one in domains if (joules := block.joules(one)) is not None)
    spreads = tuple((f"{one.domain} +-", one.spread) for one in block.counts.values() if one.spread)
    facts = ((("repeated", block.runs),) if block.runs else ()) + spreads
    return Run(block.line, name, block.joules(whole(source)), block.seconds, parts=parts, facts=facts)


# --- intervals ------------------------------------------------------------------------------------------------


def _is_interval(source: Source) -> bool:
    first = _first(source)
    return first is not None and first.time is not None


def _read_interval(source: Source) -> PowerLog:
    recording: Recording | None = None
    seen: set[str] = set()
    before = 0.0
    for row in _rows(source):
        time = row[0].time or 0.0
        length = time - before
        if recording is None:
            like = Channel("", at="", mean=True, step=_STEP / max(length, 1e-3))
            recording = Recording(source, channels(source, like))
            recording.add(row[0].line, 0.0, {})  # perf begins to count at 0
        joules: dict[str, float] = {}
        for one in row:
            joules[one.domain] = joules.get(one.domain, 0.0) + one.joules
        seen |= joules.keys()
        powers = {domain: value / length for domain, value in joules.items()} if length > 0 else {}
        recording.add(row[0].line, time, powers)
        before = time
    said = notes(source, seen) if seen else []
    made = recording or Recording(source, [])
    return power_log(source, "perf stat -I", made, at=boundary(source), whole=[whole(source)], notes=said)


def _rows(source: Source) -> Iterator[list[_Count]]:
    """The counters of each interval; an event that is named twice counts once."""
    row: dict[tuple[str, str], _Count] = {}
    time: float | None = None
    for line, text in source.lines():
        count = _count(source, line, text)
        if count is None or count.time is None:
            continue
        if count.time != time and row:
            yield list(row.values())
            row = {}
        time = count.time
        row.setdefault((count.domain, count.cpus), count)
    if row:
        yield list(row.values())


FORMATS: Sequence[Format] = (
    Format("perf stat", "perf stat -e power/energy-pkg/", "RunTable", "component", "real logs",
           "The package counts; cores and graphics are within it. psys is read with at=\"board\".",
           _is_total, _read_total),
    Format("perf stat -I", "perf stat -I, text or -x CSV", "PowerLog", "component", "documentation",
           "The joules of an interval become its mean power.", _is_interval, _read_interval),
)  # fmt: skip
