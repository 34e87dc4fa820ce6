"""Listings of the powercap tree of Linux, "path:value" as grep prints them, with the counters of RAPL in microjoules.

An energy needs two listings at least, each behind a line with its time (`date +%s.%N`, or a date). A counter wraps at
max_energy_range_uj. A package holds core and uncore; dram is outside; psys is the platform. The zones of
intel-rapl-mmio show the same package once more, and are left out. Documented in the kernel ("Power Capping
Framework").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ...errors import LogError
from ..files.clock import Clock
from ..files.source import Source, number
from ..format import Format
from ..power.channel import Channel
from ..power.power_log import PowerLog
from ..power.rapl_domains import PLATFORM, boundary, channels, notes, whole
from ..power.recording import power_log
from ..power.track import Recording

_FILE = re.compile(r"(?:.*/)?(intel-rapl(?:-mmio)?(?::\d+)+)/(\w+):(.*)")
_EPOCH = re.compile(r"\s*(\d{9,10}(?:\.\d+)?)\s*")
_DOMAINS = {"core": "cores", "uncore": "graphics", "dram": "dram", "psys": PLATFORM}
_ROOT = "read energy_uj as root, before and after the run, each time behind a line of date +%s.%N"


def _fits(source: Source) -> bool:
    return any(_FILE.fullmatch(line) for line in source.first_lines(50))


@dataclass
class _Tree:
    """The zones of a machine, from the lines that do not change."""

    names: dict[str, str] = field(default_factory=dict)
    ranges: dict[str, float] = field(default_factory=dict)  # J, where a counter wraps
    readings: dict[str, int] = field(default_factory=dict)
    denied: bool = False

    def domain(self, zone: str) -> str:
        """The domain of a zone: "package-0" is a package."""
        name = self.names.get(zone, "")
        return "package" if name.startswith("package") else _DOMAINS.get(name, "")

    def device(self, zone: str) -> str:
        """The name of the package of a zone."""
        return self.names.get(":".join(zone.split(":")[:2]), "")

    def modulus(self, domain: str) -> float | None:
        """Where the counters of a domain wrap; None where they differ."""
        found = {size for zone, size in self.ranges.items() if self.domain(zone) == domain}
        return found.pop() if len(found) == 1 else None


def _tree(source: Source) -> _Tree:
    tree = _Tree()
    for _, text in source.lines():
        found = _FILE.fullmatch(text)
        if found is None or "-mmio" in found[1]:
            continue
        zone, name, value = found.groups()
        if name == "name":
            tree.names[zone] = value.strip()
        elif name == "max_energy_range_uj" and (size := number(value)) is not None and size > 0:
            tree.ranges[zone] = size / 1e6
        elif name == "energy_uj" and number(value) is not None:
            tree.readings[zone] = tree.readings.get(zone, 0) + 1
        elif name == "energy_uj" and "denied" in value.lower():
            tree.denied = True
    return tree


def _read(source: Source) -> PowerLog:
    tree = _tree(source)
    if max(tree.readings.values(), default=0) < 2:
        holds = "one reading of each counter" if tree.readings else "counters of energy that were not read"
        holds = "counters of energy that only root may read" if tree.denied and not tree.readings else holds
        raise source.without_power(holds, _ROOT)
    if unnamed := [zone for zone in tree.readings if not tree.domain(zone)]:
        sides = [f"{zone}: {tree.names.get(zone, 'without a name')}" for zone in unnamed]
        raise LogError.of("rapl_zones_unknown", source.where(), sides)
    clock = Clock(source)
    recording, dated = _recorded(source, tree, clock)
    said = notes(source, {tree.domain(zone) for zone in tree.readings})
    return power_log(
        source, "powercap", recording, at=boundary(source), clock=clock, whole=[whole(source)], notes=said, dated=dated
    )


def _recorded(source: Source, tree: _Tree, clock: Clock) -> tuple[Recording, bool]:
    """The counters of each listing, and whether their times are dates."""
    like = Channel("", at="", counter=True, step=1e-6)
    made = [replace(one, modulus=tree.modulus(one.name)) for one in channels(source, like)]
    recording, listing, count = Recording(source, made), _Listing(), 0
    stamp: float | None = None
    stamped = False
    for line, text in source.lines():
        found = _FILE.fullmatch(text)
        if found is None:
            if (time := _time(clock, text)) is not None:
                count += listing.hand_on(recording)
                stamp, stamped = time, True
            continue
        zone, name, value = found.groups()
        if name != "energy_uj" or "-mmio" in zone or "denied" in value.lower():
            continue
        if zone in listing.zones:
            count += listing.hand_on(recording)
            stamp = None
        micro = number(value)
        moment = stamp if stamp is not None else _counted(source, count, stamped)
        if micro is None:
            source.refuse_line(line, "not a counter", text)
        else:
            listing.add(line, moment, zone, tree.device(zone), tree.domain(zone), micro / 1e6)
    listing.hand_on(recording)
    return recording, stamped


def _counted(source: Source, count: int, stamped: bool) -> float:
    """The time of a listing without a stamp: how many came before, times the interval that the user says."""
    if stamped:
        raise LogError.of("no_time_in_log", source.where())
    return count * source.interval


def _time(clock: Clock, text: str) -> float | None:
    """The time of a line that holds nothing else."""
    if found := _EPOCH.fullmatch(text):
        return float(found[1])
    stamp = clock.read(text)
    return stamp if stamp is not None else clock.read_named(text)


class _Listing:
    """The counters of one moment, by package."""

    def __init__(self) -> None:
        self.zones: set[str] = set()
        self._rows: dict[str, tuple[int, float, dict[str, float]]] = {}

    def add(self, line: int, time: float, zone: str, device: str, domain: str, joules: float) -> None:
        self.zones.add(zone)
        row = self._rows.setdefault(device, (line, time, {}))
        row[2][domain] = joules

    def hand_on(self, recording: Recording) -> int:
        """Give the rows to the recording; 1 where there were any."""
        names = {channel.name for channel in recording.channels}
        kept = [(device, row) for device, row in self._rows.items() if row[2].keys() & names]
        for device, (line, time, values) in kept:
            recording.add(line, time, values, device)
        found = int(bool(self._rows))
        self.zones, self._rows = set(), {}
        return found


FORMATS: Sequence[Format] = (
    Format("powercap", "a listing of /sys/class/powercap, with RAPL", "PowerLog", "component", "documentation",
           "Counters in microjoules that wrap. One listing has no energy; root may read them.", _fits, _read),
)  # fmt: skip
