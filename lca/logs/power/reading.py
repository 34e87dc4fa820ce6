"""From the samples of devices to a reading: which of them count, their energy, and its uncertainty (M2, M4, M6)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ...checks import did_you_mean, finite_number, one_of
from ...distributions.lognormal import Lognormal
from ...errors import AccountingError, LogError
from ...graph.inputs import Labelled, labelled
from ...meters.meter import Meter, Reading
from ...meters.observed import Total
from .integration import GAPS, Integral, integrate
from .track import Track

Names = str | Sequence[str] | None
Parts = Mapping[str, Integral]  # the energy of each device


def chosen(tracks: Sequence[Track], own: Sequence[str], shared: bool, devices: Names, where: str) -> list[Track]:
    """The devices that belong to the run: those asked for, those that the file names (`own`), or all there are.

    Raises where the file logs all devices of a machine (`shared`) and neither says which.
    """
    there = [track.device for track in tracks]
    if devices is None:
        devices = own or "all"
        if shared and not own and len(tracks) > 1:
            raise LogError.of("which_devices", where, devices=", ".join(there))
    asked = _asked(devices, "devices", there, where)
    asked = there if asked == ["all"] else asked
    if unknown := [name for name in asked if name not in there]:
        near = did_you_mean(unknown[0], there) if any(there) else "it knows one device only: leave devices= out"
        raise LogError.of("no_such_device", where, device=unknown[0], near=near)
    return [track for track in tracks if track.device in asked]


def integrals(
    tracks: Sequence[Track], whole: Sequence[str], where: str, *, channels: Names = None, gaps: str = "refuse",
    max_gap: float | None = None,
) -> Parts:  # fmt: skip
    """The energy of each device: of the channels that are asked for, else of those that make the whole of it."""
    one_of(gaps, GAPS, "way with gaps", where)
    if max_gap is not None:
        finite_number(max_gap, "max_gap", low=0, above=True, form="give the longest step without a gap in seconds")
    found = {}
    for track in tracks:
        names = (
            whole_channels(track, whole, where)
            if channels is None
            else _asked(channels, "channels", track.names, where)
        )
        channel, values = track.added(names, where)
        found[track.device] = integrate(
            channel, track.times, values, track.lines, gaps=gaps, max_gap=max_gap, where=where
        )
    return found


def _asked(names: str | Sequence[str], what: str, there: Sequence[str], where: str) -> list[str]:
    """The names that are asked for, each once; raises where there is none."""
    found = [names] if isinstance(names, str) else list(dict.fromkeys(names))
    if not found:
        known = ", ".join(filter(None, there)) or "none has a name"
        raise LogError.of("nothing_asked_for", where, what=what, there=known)
    return found


def whole_channels(track: Track, whole: Sequence[str], where: str) -> list[str]:
    """The channels that make the whole of a device; raises where that is open."""
    named = [name for name in whole if name in track.names]
    if named or len(track.names) == 1:
        return named or track.names
    raise LogError.of("which_channels", where, channels=", ".join(track.names))


def refuse_zeros(parts: Parts, where: str) -> Parts:
    """The energies; raises for devices that show 0 W all the time."""
    if zeros := [f"{device or 'all samples'}: 0 W" for device, part in parts.items() if part.joules == 0]:
        raise AccountingError.of("all_readings_zero", where, zeros)
    return parts


def reading_of(parts: Parts, meter: Meter, unit: str, name: str) -> Reading | Total:
    """The energies ("J"), or mean powers ("W"), of devices as one reading: of their sum where there are several.

    `name` is that of the file, for the source of the reading.
    """
    of_energy = unit == "J"
    each = [part.covered if of_energy else 1.0 for part in parts.values()]
    size = [part.power * s for part, s in zip(parts.values(), each, strict=True)]
    own = [part.scatter / part.covered * s for part, s in zip(parts.values(), each, strict=True)]
    step = max(part.step * s for part, s in zip(parts.values(), each, strict=True))
    values = dict(zip(parts, map(with_scatter, size, own), strict=True))
    several, text = len(parts) > 1, f"{unit} at_{meter.at}"
    given = labelled(values, text, dim="device") if several else Labelled(tuple(values.values()), text)
    scatter = tuple(0.0 if isinstance(one, Lognormal) else u for one, u in zip(values.values(), own, strict=True))
    span = tuple(each) if several else each[0]
    reading = Reading(meter, given, scatter, step, False, meter.readings, _source(parts, name), span)
    return reading.total() if several else reading


def covered_share(parts: Parts) -> float:
    """The share of the time that the energies stand for, from 0 to 1.

    The time is that from the first sample of all devices to the last one, for each device.
    """
    begins, ends = min(part.start for part in parts.values()), max(part.stop for part in parts.values())
    return sum(part.covered for part in parts.values()) / (len(parts) * (ends - begins))


def _source(parts: Parts, name: str) -> str:
    """The source of a reading: the file, how many samples, and what share of the time they cover."""
    covered, samples = covered_share(parts), sum(part.samples for part in parts.values())
    share = "" if covered > 0.9995 else f", {covered:.3g} of the time covered"
    return f"{name}: {samples} samples, {max(part.stop - part.start for part in parts.values()):.6g} s{share}"


def with_scatter(size: float, u: float) -> float | Lognormal:
    """The value, or a lognormal with it as median where the standard uncertainty is above a seventh of it.

    A normal distribution would then reach below 0, where no power is. A value of 0 is left as it is.
    """
    if not 0 < size < 7 * u:
        return size
    ratio = u / size
    return Lognormal(size, math.exp(math.sqrt(math.log1p(ratio * ratio))))
