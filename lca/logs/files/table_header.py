"""The header of a table that somebody's own program wrote: which columns hold times, powers and devices, and units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from .csv_rows import cells_of
from .source import number

#: Units as headers write them: their factor to W, to J, or to s. MW is not read: it may be meant as mW.
_POWERS = {"w": 1.0, "watt": 1.0, "watts": 1.0, "mw": 1e-3, "milliwatt": 1e-3, "milliwatts": 1e-3, "kw": 1e3,
           "uw": 1e-6, "µw": 1e-6, "microwatts": 1e-6}  # fmt: skip
_ENERGIES = {"j", "mj", "kj", "uj", "joule", "joules", "wh", "kwh", "mwh", "energy"}
_TIMES = {"s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0, "ms": 1e-3, "msec": 1e-3, "millis": 1e-3,
          "milliseconds": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9, "min": 60.0, "minutes": 60.0, "h": 3600.0,
          "hours": 3600.0}  # fmt: skip
_TIME_WORDS = {"timestamp", "time", "datetime", "date", "elapsed", "epoch", "ts", "t", "seconds", "s", "sec", "ms"}
_BESIDE_TIME = {"unix", "wall", "clock", "stamp", "utc", "local", "since", "relative", "system", "sample"} | set(_TIMES)
_POWER_WORDS = {"power", "pwr", "watt", "watts", "milliwatt", "milliwatts"}
#: Words that make of a power what the device may draw, or a statistic, or something else.
_NO_DRAW = {"limit", "cap", "capped", "max", "maximum", "min", "minimum", "avg", "average", "mean", "peak", "std",
            "rated", "tdp", "factor", "budget", "target", "default", "enforced", "state", "mode", "management",
            "status", "source", "pct", "percent", "ratio", "util", "utilization", "idle", "baseline", "cost", "price",
            "on", "off", "temp", "temperature", "clock", "level", "error", "uncertainty"}  # fmt: skip
_CHIPS = {"gpu", "cpu", "npu", "tpu", "accelerator", "soc", "dla"}
_TOTALS = {"total", "sum", "all", "combined", "overall", "system", "main"}
_PLACES = {
    "package",
    "pkg",
    "nvidia",
    "amd",
    "intel",
    "apple",
    "in",
    "input",
    "rail",
    "socket",
    "board",
    "module",
    "wall",
    "plug",
    "chip",
    "device",
    "core",
    "cores",
    "ram",
    "dram",
    "memory",
    "mem",
    "ane",
    "vdd",
    "card",
}
_DEVICES = {"gpu_id", "gpu_index", "gpuid", "gpu id", "device", "device_id", "uuid", "gpu_uuid", "gpu_name", "bus_id"}
#: Heads that name the device of a row, or its load.
_PERHAPS_DEVICES = {"gpu", "card"}
_MARKS = ("\t", ";", ",")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_BRACKET = re.compile(r"[(\[]\s*([^)\]]*?)\s*[)\]]\s*$")


@dataclass(frozen=True)
class Head:
    """The head of one column, and what it says."""

    name: str

    @cached_property
    def _in_brackets(self) -> str | None:
        found = _BRACKET.search(self.name)
        return found[1] if found else None

    @cached_property
    def unit_text(self) -> str:
        """The unit: in brackets at the end, else the last word; "" where there is none."""
        if self._in_brackets is not None:
            return self._in_brackets
        words = self.name.replace("_", " ").replace("-", " ").split()
        return words[-1] if words else ""

    @cached_property
    def words(self) -> list[str]:
        """The words of the name without brackets, in small letters."""
        return [word.casefold() for word in _WORD.findall(_BRACKET.sub("", self.name))]

    @property
    def unit(self) -> float:
        """The factor to W; 0 where the head says no unit of power."""
        return 0.0 if self.unit_text.startswith("MW") else _POWERS.get(self.unit_text.casefold(), 0.0)

    @property
    def seconds(self) -> float:
        """The factor to s; 0 where the head says no unit of time."""
        return _TIMES.get(self.unit_text.casefold(), 0.0)

    @cached_property
    def is_time(self) -> bool:
        """Whether the head says that the column holds times."""
        words = set(self.words)
        return bool(words & _TIME_WORDS) and words <= _TIME_WORDS | _BESIDE_TIME

    @property
    def is_energy(self) -> bool:
        """Whether the head names an energy."""
        return self.unit_text.casefold() in _ENERGIES or bool(_ENERGIES & set(self.words))

    @cached_property
    def is_power(self) -> bool:
        """Whether the head says that the column holds the power of something: a limit, a mean or a share is none."""
        words = {word for word in self.words if not word.isdigit()}
        if not words or words & _NO_DRAW or self.is_energy:
            return False
        if self._in_brackets is not None:
            return bool(self.unit) or self.unit_text.startswith("MW")
        if words & _POWER_WORDS:
            return True
        if self.unit:
            return words <= _CHIPS | _TOTALS | _PLACES | set(_POWERS)
        return words <= _CHIPS and len(words) < len(self.words)  # "GPU0"

    @property
    def of_chip(self) -> bool:
        """Whether the head names a processor or a card, of which nothing else is in the power."""
        return bool(_CHIPS & set(self.words)) and not (_TOTALS | {"board", "module", "wall", "plug"}) & set(self.words)

    @property
    def is_total(self) -> bool:
        """Whether the head names the whole of a device."""
        return bool(_TOTALS & set(self.words))

    @property
    def card(self) -> str:
        """The card that a column is named after: "gpu 0" of "GPU0" and of "gpu_0_power_w"; "" where it names none.

        >>> Head("GPU0").card, Head("gpu_power_w").card
        ('gpu 0', '')
        """
        pairs = zip(self.words, self.words[1:], strict=False)
        return next((f"{word} {after}" for word, after in pairs if word in _CHIPS and after.isdigit()), "")


def mark_of(header: str) -> str:
    """What stands between the cells of a table: a tab, a semicolon or a comma, the one that its header has most of."""
    return max(_MARKS, key=header.count)


def heads(header: str) -> list[Head]:
    """The heads of a table, where a line may be its header: no cell is a number; none otherwise."""
    row = cells_of(header.lstrip("# "), mark_of(header)) if len(header) < 10_000 else []
    plain = all(not cell or number(cell) is None for cell in row)
    return [Head(cell) for cell in row] if plain and sum(map(bool, row)) > 1 else []


def device_column(header: Sequence[Head], rows: Sequence[Sequence[str]]) -> int | None:
    """The column that names the device of a row. One called "gpu" may be a load: its devices have to come in turn."""
    for n, head in enumerate(header):
        name = head.name.casefold()
        if name in _DEVICES or (name in _PERHAPS_DEVICES and _in_turn([row[n] for row in rows])):
            return n
    return None


def _in_turn(labels: Sequence[str]) -> bool:
    """Whether labels come round after round in the same order."""
    count = len(set(labels))
    return 2 * count <= len(labels) and all(a == b for a, b in zip(labels, labels[count:], strict=False))


def date_and_time(header: Sequence[Head]) -> tuple[int, int] | None:
    """The two columns of a date and a time of day, where both are there."""
    names = [head.name.casefold() for head in header]
    return (names.index("date"), names.index("time")) if "date" in names and "time" in names else None
