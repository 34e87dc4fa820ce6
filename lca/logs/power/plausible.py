"""What a device can draw: a power above it is refused, because its unit may be another (M1, Q4)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from ...errors import LogError, MissingError, RecordError
from ...hardware.catalogue import find
from ..files.source import SHOWN, Source
from .track import Track

#: The most that one device draws, W, by boundary: above what any accelerator, board or outlet of today allows.
MOST = {"component": 2_500.0, "board": 2_500.0, "wall": 25_000.0}
#: Peaks above the rated power that samplers see.
MARGIN = 1.5


@cache  # a name that is not known is compared with all others
def rated_power(device: str) -> float | None:
    """The rated power of a device of the catalogue by its name, W; None where it is not known.

    >>> rated_power("NVIDIA GeForce RTX 4090"), rated_power("a toaster")
    (450.0, None)
    """
    try:
        row = find(device).accelerator
    except (MissingError, RecordError):  # of a text that names no component
        return None
    tdp = row["tdp"] if row else None
    return float(tdp) if tdp is not None and np.isfinite(tdp) else None


def refuse_unknown_device(device: str, where: str) -> None:
    """Raise for a device of which no rated power is known: it would bound nothing."""
    if not device or rated_power(device) is not None:
        return
    try:
        near = f"{find(device).name} is known, but not its rated power: leave device= out"
    except (MissingError, RecordError) as error:
        near = f"{error.fix}; or leave device= out"
    raise LogError.of("device_not_known", where, device=device, near=near)


def refuse_implausible(source: Source, tracks: Iterable[Track], at: str, limit: float | None) -> None:
    """Raise for samples above what the device can draw; and for a device that never draws a hundredth of it."""
    known = rated_power(source.said.device) if source.said.device else None
    for track in tracks:
        named = known or rated_power(track.device) if (known or track.device) else None
        most = limit or (named * MARGIN if named else MOST.get(at))
        for channel, values in zip(track.channels, track.values.T, strict=True):
            if channel.counter or most is None:
                continue
            name = f"{track.device} {channel.name}".strip()
            high = np.flatnonzero(values > most)
            if high.size:
                sides = [f"{source.where(int(track.lines[i]))}: {name} {values[i]:g} W" for i in high[:SHOWN]]
                fix = _other_unit(source, channel.name, "milliwatts", "mW")
                raise LogError.of("power_above_the_device", source.where(), [*sides, f"at most {most:g} W"], fix=fix)
            if named and 0 < float(np.nanmax(values)) < named / 100:
                sides = [f"{name}: at most {np.nanmax(values):g} W", f"rated: {named:g} W"]
                fix = _other_unit(source, channel.name, "watts", "W")
                raise LogError.of("power_below_the_device", source.where(), sides, device=name, fix=fix)


def _other_unit(source: Source, column: str, words: str, unit: str) -> str:
    """What to do where a unit may be wrong: name it, where the format asks the user for units at all."""
    if "columns" in source.said.asked:
        return f'are these {words}? say so: lca.read(path, columns={{"{column}": "{unit}"}})'
    return "this format has one unit: check these lines, the device and the format"
