"""From the samples that a format read to a power log: one place for all checks (M1, M3, M6)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...checks import one_of
from ...errors import LogError
from ...meters.meter import Meter
from ..files.clock import Clock
from ..files.source import SHOWN, Source
from ..training.training_log import TrainingLog
from .plausible import refuse_implausible
from .power_log import PowerLog
from .track import Recording, Track

BOUNDARIES = ("component", "board", "wall", "facility")


def meter_of(source: Source, at: str, *, accuracy: str | None = None, about: str = "") -> Meter:
    """The meter of a log: the one that the user named, else one called like the file, where the format says it sat.

    `about` is the source of the accuracy. Raises where neither says the boundary, or the two differ.
    """
    said, where = source.said, source.where()
    if said.at:
        one_of(said.at, BOUNDARIES, "boundary", where)
    if at and said.boundary not in ("", at):
        raise LogError.of("boundary_of_log_differs", where, [f"the format: {at}", f"given: {said.boundary}"])
    if said.meter is not None:
        return said.meter
    if not at and not said.at:
        raise LogError.of("boundary_of_log_unknown", where)
    return Meter(source.path.name, at=at or said.at, accuracy=accuracy, source=about)


def power_log(
    source: Source, format: str, recording: Recording, *, at: str, clock: Clock | None = None,
    whole: Sequence[str] = (), own: Sequence[str] = (), shared: bool = False, accuracy: str | None = None,
    about: str = "", limit: float | None = None, notes: Sequence[str] = (), training: TrainingLog | None = None,
    dated: bool | None = None,
) -> PowerLog:  # fmt: skip
    """The log of what a format read, after all checks.

    Parameters
    ----------
    source, format, recording
        The file, the name of its format, and the samples.
    at : str
        The boundary where the format measures; "" where it cannot know.
    clock : Clock
        What read the stamps; None where times are seconds since the start.
    whole, own, shared, training
        As in `PowerLog`.
    accuracy, about : str
        What the maker of the tool states, and where.
    limit : float
        What a device can draw at most, W, where the log says so.
    notes : sequence of str
        What a reader of the result has to know.
    dated : bool
        Whether times are seconds since 1970; if not given, where a clock read them.

    Returns
    -------
    PowerLog
        The log.

    Raises
    ------
    LogError
        For bad lines, times that do not rise, and power that the device cannot draw.
    """
    below = recording.below_zero()
    for line in below:
        source.refuse_line(line, "a power below 0")
    said = source.check(recording.read - len(below))
    tracks = recording.tracks(clock)
    refuse_implausible(source, tracks, at or source.said.at, limit)
    zone = source.said.given_zone if "zone" in source.said.asked else ""
    utc = [f"times are those of UTC: the local ones were read as {zone}"] if zone else []
    notes = (*notes, *utc, *said, *_silent(recording, tracks), *_zeros(tracks))
    meter = meter_of(source, at, accuracy=accuracy, about=about)
    dated = clock is not None if dated is None else dated
    local = clock is not None and clock.local
    return PowerLog(source.path, format, tracks, meter, tuple(whole), dated, tuple(own), shared, notes, training, local)


def _silent(recording: Recording, tracks: Sequence[Track]) -> list[str]:
    """Devices of which every value is missing, such as the second die of a card."""
    missing = [name for name in recording.devices if name not in {track.device for track in tracks}]
    return [f"{', '.join(missing)}: no value in any sample, left out"] if missing else []


def _zeros(tracks: Sequence[Track]) -> list[str]:
    """Samples of exactly 0 beside others: a device that is on draws something."""
    found = []
    for track in tracks:
        for channel, values in zip(track.channels, track.values.T, strict=True):
            zero = np.flatnonzero(values == 0)
            if not channel.counter and 0 < zero.size < np.isfinite(values).sum():
                name = f"{track.device} {channel.name}".strip()
                lines = ", ".join(str(line) for line in track.lines[zero[:SHOWN]])
                found.append(f"{name} shows 0 W in {zero.size} samples (lines {lines}); they count as 0")
    return found
