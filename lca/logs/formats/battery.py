"""What laptops say of their batteries: upower, PowerTOP, and logs of the charge in percent.

While a machine runs on its battery, what the battery gives is what the whole machine draws, behind its power supply:
the boundary is the board. While the battery is charged, the power goes into it, and says nothing of the machine.

- `upower --monitor-detail` is a log: energy-rate in W for each change of a battery that is discharging. DisplayDevice
  repeats the sum of the batteries, and a mouse does not feed the machine; both are left out.
- `upower --dump` and `upower --show-info` show one moment, which has no energy.
- PowerTOP says the mean power and the energy of its last interval, as "6.01 W" or "8.30 mW": one run. A rate below
  0.1 W is that of a machine on its mains supply, and is refused.
- A log of percents says no energy: neither the size of the battery nor its wear is in it.

Sources: the manual pages of upower and powertop, and logs of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from ...errors import LogError
from ...units.quantity import conversion
from ..files.clock import Clock
from ..files.csv_rows import header
from ..files.source import SHOWN, Source, number
from ..format import Format
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.recording import meter_of, power_log
from ..power.track import Recording
from ..runs.run_table import Run, RunTable

_DEVICE = re.compile(r"(?:\[([\d:.]+)\]\s+device (?:changed|added):\s+|Device:\s+)\S*/devices/(\S+)")
_RATE = re.compile(r"The battery reports a discharge rate of:?\s+([\d.]+)\s*(m?)\s?W\b")
_SPENT = re.compile(r"The (?:energy|power) consumed was:?\s+([\d.]+)\s*(m?)\s?J\b")
#: W; no computer draws less, so the battery of one that reports less is not what feeds it.
_LEAST = 0.1
_MONITOR = "run on the battery, and log with: upower --monitor-detail > battery.log"


@dataclass
class _Battery:
    """What upower says of one device at one moment."""

    line: int
    stamp: str | None
    name: str
    said: dict[str, str] = field(default_factory=dict)

    @property
    def feeds(self) -> bool:
        """Whether it is a battery that feeds the machine, and not the sum of them."""
        supply = self.said.get("power supply") == "yes" and "DisplayDevice" not in self.name
        return supply and "energy-rate" in self.said


def _batteries(source: Source) -> Iterator[_Battery]:
    now: _Battery | None = None
    for line, text in source.lines():
        if found := _DEVICE.match(text.strip()):
            if now:
                yield now
            now = _Battery(line, found[1], found[2])
        elif now and ":" in text:
            name, _, said = text.strip().partition(":")
            now.said.setdefault(name, said.strip())
    if now:
        yield now


def _is_monitor(source: Source) -> bool:
    return "/org/freedesktop/UPower/devices/" in source.start and "energy-rate:" in source.start


def _read_upower(source: Source) -> PowerLog:
    feeding = [one for one in _batteries(source) if one.feeds]
    if charged := [one.said["energy-rate"] for one in feeding if one.said.get("state") == "charging"]:
        _refuse(source, f"a battery is charged, and the power goes into it ({', '.join(charged[:SHOWN])})", _MONITOR)
    if not feeding or any(one.stamp is None for one in feeding):
        rates = ", ".join(one.said["energy-rate"] for one in feeding[:SHOWN])
        _refuse(source, f"the state of one moment ({rates or 'no rate'})", _MONITOR)
    clock = Clock(source)
    recording = Recording(source, [Channel("power", at="board", step=0.001, about="what the battery gives")])
    idle: dict[str, _Battery | None] = {}  # since its last sample: where a battery gave nothing
    for one in feeding:
        watts, time = number(one.said["energy-rate"], "W"), clock.read_of_day(one.stamp or "")
        if watts is None or time is None:
            source.refuse_line(one.line, "no number" if watts is None else "no time", one.said["energy-rate"])
        elif one.said.get("state") == "discharging":
            if at := idle.get(one.name):
                source.refuse_line(at.line, f"the battery gives no power here ({at.said.get('state')}): cut the log")
            idle[one.name] = None
            recording.add_row(one.line, time, [watts], one.name)
        elif one.name in idle:
            idle[one.name] = idle[one.name] or one
    return power_log(source, "upower", recording, at="board", clock=clock, whole=["power"])


def _refuse(source: Source, holds: str, fix: str) -> NoReturn:
    raise LogError.of("battery_gives_no_energy", source.where(), holds=holds, fix=fix)


def _is_powertop(source: Source) -> bool:
    return bool(_RATE.search(source.start))


def _read_powertop(source: Source) -> RunTable:
    found, spent = _RATE.search(source.start), _SPENT.search(source.start)
    rate = _size(found, "W") if found else None
    if rate is None or rate < _LEAST:
        _refuse(source, f"a rate of {rate or 0:g} W, so the machine ran on its mains supply", "run on the battery")
    joules, seconds = _size(spent, "J") if spent else None, source.said.interval
    if joules is None and seconds is None:
        fix = "say how long PowerTOP measured: lca.read(path, interval='20 s')"
        _refuse(source, f"a mean power of {rate:g} W without its time", fix)
    joules = rate * (seconds or 0.0) if joules is None else joules
    note = "one interval of PowerTOP, of what the battery reports"
    run = Run(0, "interval", joules, seconds or joules / rate, facts=(("power [W]", f"{rate:.10g}"),))
    return RunTable(source.path, "powertop", (run,), meter_of(source, "board"), (note,))


def _size(found: re.Match[str], unit: str) -> float | None:
    value = number(found[1])
    return None if value is None else value * conversion(f"{found[2]}{unit}", unit)


def _is_percent(source: Source) -> bool:
    names = {name.casefold() for name in header(source)}
    energy = any(word in name for name in names for word in ("watt", "power_", "energy", "[w]", "(w)"))
    return "percent" in names and bool({"state", "plugged", "power_plugged", "seconds_left"} & names) and not energy


def _read_percent(source: Source) -> NoReturn:
    fix = "log energy_now and power_now of /sys/class/power_supply/BAT0, or: upower --monitor-detail > battery.log"
    _refuse(source, "only how full it is, in percent", fix)


FORMATS: Sequence[Format] = (
    Format("upower", "upower --monitor-detail, on battery", "PowerLog", "board", "documentation",
           "A battery that is charged is refused, and so is the state of one moment.", _is_monitor, _read_upower),
    Format("powertop", "PowerTOP, on battery", "RunTable", "board", "real logs",
           "One interval: the energy that it says, or interval= times the rate.", _is_powertop, _read_powertop),
    Format("battery percent", "logs of the charge of a battery in percent", "refused", "board", "real logs",
           "A percent is not an energy.", _is_percent, _read_percent),
)  # fmt: skip
