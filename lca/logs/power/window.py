"""The part of a log from one moment to another, and what a reader has to know of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...errors import LogError
from .integration import longest_step
from .moments import moment_text, seconds_of
from .track import Track

Moment = str | float


def cut(
    tracks: Sequence[Track], start: Moment, stop: Moment, dated: bool, where: str
) -> tuple[tuple[Track, ...], list[str]]:
    """The samples of each device in a window, both ends included, and notes.

    A note says where the window is longer than the log, and which devices have less than two samples in it. Raises
    for a window that ends before it begins, and where no device is left.
    """
    begins, ends = min(float(one.times[0]) for one in tracks), max(float(one.times[-1]) for one in tracks)
    first, last = (seconds_of(one, begins, dated, where) for one in (start, stop))
    said, there = f"{start} to {stop}", f"{moment_text(begins, dated)} to {moment_text(ends, dated)}"
    if not first < last:
        raise LogError.of("window_ends_first", where, [said])
    found = tuple(part for one in tracks if (part := one.within(first, last)).times.size > 1)
    if not found:
        raise LogError.of("nothing_in_the_window", where, [said, f"the log: {there}"])
    usual = max(longest_step(np.diff(part.times)) for part in found)
    notes = [f"the window {said} is longer than the log, {there}"] if max(begins - first, last - ends) > usual else []
    lost = [one.device for one in tracks if one.device not in {part.device for part in found}]
    notes += [f"{', '.join(lost)}: fewer than two samples in the window, left out"] if lost else []
    return found, notes
