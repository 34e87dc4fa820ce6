"""What powermetrics of macOS prints: text, and property lists (--format plist) one behind the other.

Each sample is the mean over the time that it took ("104.51ms elapsed", elapsed_ns), so a power counts for that time.
Powers are milliwatts on Apple silicon, watts on Intel; gpu_energy and the other energies are millijoules.
"Package Power" holds CPU, GPU, ANE and DRAM; "Combined Power" holds CPU, GPU and ANE (manual page of powermetrics).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from ...checks import real
from ..files.clock import Clock
from ..files.source import Source, number
from ..format import Format
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import power_log
from ..power.track import Recording

_PARTS = ("CPU", "GPU", "ANE")
_CHANNELS = tuple(
    Channel(name, at="component", contains=contains, mean=True, step=0.001)
    for name, contains in (("Package", ("Combined", *_PARTS, "DRAM")), ("Combined", _PARTS))
) + tuple(Channel(name, at="component", mean=True, step=0.001) for name in (*_PARTS, "DRAM"))
_NAMES = tuple(channel.name for channel in _CHANNELS)
_BEGIN = "*** Sampled system activity"
_HEAD = re.compile(r"\*\*\* Sampled system activity \(([^()]+)\) \(([^()]+)ms elapsed\) \*\*\*")
_POWER = re.compile(r"(\w+) Power(?: \([^)]*\))?:(.*?)(m?W)")
_INTEL = re.compile(r"Intel energy model derived package power[^:]*:(.*?)(m?W)")
_END = b"</plist>"
_LONGEST = 64 << 20  # bytes of one property list
_MOST_AHEAD = 2.0  # s; stamps are whole seconds
_LONGEST_SAMPLE = 1e8  # s; a longer one is no sample
_FIX = "log the power: powermetrics --samplers cpu_power,gpu_power"


class _Samples:
    """The samples while they are read. A sample begins where the one before ended, unless its stamp says otherwise."""

    def __init__(self, source: Source) -> None:
        self.source, self.recording = source, Recording(source, _CHANNELS)
        self.seen: set[str] = set()
        self._end: float | None = None

    def add(self, line: int, stamp: float, took: float, powers: Mapping[str, float]) -> None:
        """The powers in W, by channel, of a sample of a length in s."""
        if self._end is None:
            self._end = stamp - took
            self.recording.add(line, self._end, {})
        ahead = stamp - (self._end + took)
        self._end = stamp if abs(ahead) > max(_MOST_AHEAD, took) else self._end + took
        self.recording.add(line, self._end, powers)
        self.seen |= {name for name, power in powers.items() if power == power}

    def log(self, format: str, notes: Sequence[str]) -> PowerLog:
        if self.recording.read and not self.seen:
            raise self.source.without_power("samples without power", _FIX)
        return power_log(
            self.source, format, self.recording, at="component", whole=self._whole(), notes=notes, dated=True
        )

    def _whole(self) -> Sequence[str]:
        """The largest of what is there; of parts, all of them where the CPU is one."""
        for name in ("Package", "Combined"):
            if name in self.seen:
                return (name,)
        return [name for name in _PARTS if name in self.seen] if "CPU" in self.seen else ()


# --- text -----------------------------------------------------------------------------------------------------


def _is_text(source: Source) -> bool:
    return bool(_HEAD.search(source.start))


def _read_text(source: Source) -> PowerLog:
    clock, samples, notes = Clock(source), _Samples(source), []
    at: tuple[int, float, float] | None = None
    powers: dict[str, float] = {}
    for line, text in source.lines():
        if _BEGIN in text:
            if at is not None:
                samples.add(*at, powers)
            at, powers = _head(source, clock, line, text), {}
        elif at is not None and (found := _power(source, line, text)):
            powers.setdefault(*found)  # the GPU stands in two sections
        elif text.startswith(("Machine model:", "OS version:")) and text not in notes:
            notes.append(text.strip())
    if at is not None:
        samples.add(*at, powers)
    return samples.log("powermetrics", notes)


def _head(source: Source, clock: Clock, line: int, text: str) -> tuple[int, float, float] | None:
    """Line, stamp and length of a sample."""
    head = _HEAD.search(text)
    stamp, took = (clock.read_named(head[1]), (number(head[2]) or 0.0) / 1000) if head else (None, 0.0)
    if stamp is None or not 0 < took < _LONGEST_SAMPLE:
        source.refuse_line(line, "no time" if stamp is None else "no length", text)
        return None
    return line, stamp, took


def _power(source: Source, line: int, text: str) -> tuple[str, float] | None:
    """The channel of a line with its power in W; None where the line holds none."""
    if found := _INTEL.fullmatch(text.strip()):
        name, value, unit = "Package", found[1], found[2]
    elif found := _POWER.fullmatch(text.strip()):
        name, value, unit = found.groups()
    else:
        return None
    shown = number(value)
    if name not in _NAMES:
        return None
    if shown is None:
        source.refuse_line(line, "no power", text)
        return None
    return name, shown * (0.001 if unit == "mW" else 1.0)


# --- property lists -------------------------------------------------------------------------------------------


def _is_plist(source: Source) -> bool:
    return "<plist" in source.start and "<key>elapsed_ns</key>" in source.start


def _read_plist(source: Source) -> PowerLog:
    samples = _Samples(source)
    notes: list[str] = []
    for line, raw in _documents(source):
        sample = _parsed(raw)
        stamp = _seconds(sample.get("timestamp")) if sample else None
        took = (real(sample.get("elapsed_ns")) or 0.0) / 1e9 if sample else 0.0
        if sample is None or stamp is None or not 0 < took < _LONGEST_SAMPLE:
            source.refuse_line(line, "a property list that is not a sample" if sample else "not a property list")
            continue
        if sample.get("is_delta") is False:  # the totals since the machine was started
            continue
        model = f"Machine model: {sample.get('hw_model')}"
        if sample.get("hw_model") and model not in notes:
            notes.append(model)
        samples.add(line, stamp, took, _powers(sample.get("processor"), took))
    return samples.log("powermetrics plist", notes)


def _documents(source: Source) -> Iterator[tuple[int, bytes]]:
    """(line, bytes) of each property list; NUL stands between them."""
    held, line = b"", 1
    with source.path.open("rb") as file:
        while chunk := file.read(1 << 20):
            *whole, held = (held + chunk).split(_END)
            for part in whole:
                yield line + _blank_lines(part), part.strip(b"\0 \t\r\n") + _END
                line += part.count(b"\n")
            if len(held) > _LONGEST:
                source.refuse_line(line, f"a property list longer than {_LONGEST:,} bytes")
                return
    if held.strip(b"\0 \t\r\n"):
        source.refuse_line(line + _blank_lines(held), "a property list that is cut off")


def _blank_lines(part: bytes) -> int:
    """The lines before the text of a part begins."""
    return part[: len(part) - len(part.lstrip(b"\0 \t\r\n"))].count(b"\n")


def _parsed(raw: bytes) -> dict[str, object] | None:
    import plistlib

    try:
        found = plistlib.loads(raw, fmt=plistlib.FMT_XML)
    except Exception:  # plistlib raises whatever its parts raise: of XML, of numbers, of dates
        return None
    return found if isinstance(found, dict) else None


def _seconds(stamp: object) -> float | None:
    """Seconds since 1970 of a date, which is UTC."""
    return stamp.replace(tzinfo=UTC).timestamp() if isinstance(stamp, datetime) else None


def _powers(processor: object, seconds: float) -> dict[str, float]:
    """The powers of a sample in W, by channel: from its power in mW, else from its energy in mJ; of Intel, in W."""
    found: dict[str, float] = {}
    if not isinstance(processor, dict):
        return found
    for name in _NAMES:
        power, energy = (real(processor.get(f"{name.lower()}_{kind}")) for kind in ("power", "energy"))
        if power is not None:
            found[name] = power / 1000
        elif energy is not None:
            found[name] = energy / 1000 / seconds
    watts = real(processor.get("package_watts"))
    return found if watts is None else {"Package": watts} | found


FORMATS: Sequence[Format] = (
    Format("powermetrics", "powermetrics of macOS, text", "PowerLog", "component", "real logs",
           "Package Power counts, else Combined Power, else CPU, GPU and ANE together.", _is_text, _read_text),
    Format("powermetrics plist", "powermetrics --format plist", "PowerLog", "component", "real logs",
           "Milliwatts over elapsed_ns. Several lists may follow each other.", _is_plist, _read_plist),
)  # fmt: skip
