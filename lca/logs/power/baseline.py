"""What a machine takes without the work: its idle power, over the time of a run (U10)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from ...errors import LogError
from ...meters.meter import Meter
from ...meters.observed import Combined, Observed, Total


def declared_power(said: str, at: str, name: str) -> Observed:
    """An idle power that somebody states, of one device, at the boundary of a log."""
    return Meter(f"idle power of {name}", at=at).read(said, status="declared", source="declared idle power")


def over_devices(idle: Observed, covered: Mapping[str, float], where: str) -> Observed:
    """The energy of an idle power over the covered time of each device, in s.

    The idle power of several devices is that of each over its own time, and must be of the same devices. An idle
    power without devices is that of one device, and counts for each of them.
    """
    if isinstance(idle, Combined):
        return Combined({over_devices(one, covered, where): factor for one, factor in idle.parts.items()})
    if not isinstance(idle, Total):
        return idle.over(sum(covered.values()))
    devices = _same_devices(idle, covered, where)
    return idle.over([covered[name] for name in devices])


def each_device(idle: Observed, devices: Collection[str], path: Path) -> Observed:
    """The idle power of all devices together, from that of all or of one, as for `over_devices`."""
    if isinstance(idle, Combined):
        return Combined({each_device(one, devices, path): factor for one, factor in idle.parts.items()})
    if not isinstance(idle, Total):
        return idle if len(devices) == 1 else idle * len(devices)
    _same_devices(idle, devices, str(path))
    return idle


def _same_devices(idle: Total, devices: Collection[str], where: str) -> list[str]:
    """The devices of an idle power; raises where they are not those of the run."""
    found = [str(label) for label in idle.reading.given.dims[0].labels]
    if set(found) != set(devices):
        sides = [f"idle: {', '.join(found)}", f"energy: {', '.join(name or 'one device' for name in devices)}"]
        raise LogError.of("idle_of_other_devices", where, sides)
    return found


def above_idle(gross: Observed, idle: Observed, path: Path) -> Observed:
    """The energy above the idle one; raises where nothing is left of it."""
    left, below = (gross - idle).about.amount, idle.about
    if left is None:
        raise LogError.of("idle_by_label", str(path), [str(below)])
    if left <= 0:
        raise LogError.of("idle_not_below_the_log", str(path), [f"idle: {below}", f"the log: {gross.about}"])
    return gross - idle
