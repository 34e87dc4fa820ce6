"""Rows of several devices without a stamp of their own, and devices without a name (M3, M5)."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from ...errors import LogError
from ..files.source import Source
from .track import Recording

#: Devices of one machine that are looked for among lines without a name of the device.
_MOST_DEVICES = 16
_PART = 64  # steps that are looked at in one place


class Rounds:
    """Times of samples without stamps: how many samples of the device came before, times the interval."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._count: dict[str, int] = defaultdict(int)

    def next(self, device: str = "") -> float:
        """The time of the next sample of a device, s since the first; counted in rounds without interval=."""
        rounds = self._count[device]
        self._count[device] += 1
        return rounds * (self.source.said.interval or 1.0)

    def check(self) -> None:
        """Raise where times were asked for, and the user did not say the interval."""
        if self._count:
            _ = self.source.interval  # raises where the user does not say it


def one_moment(source: Source, fix: str) -> LogError:
    """The error of a file that shows one moment; `fix` says how to log over time."""
    return LogError.of("one_moment", source.where(), fix=fix)


def refuse_one_moment(source: Source, recording: Recording, fix: str) -> None:
    """Raise for a file that shows one moment: no device has a second sample."""
    if recording.read and all(recording.times(device).size < 2 for device in recording.devices) and not source.bad:
        raise one_moment(source, fix)


def refuse_nameless_devices(source: Source, recording: Recording, device: str = "") -> None:
    """Raise where lines come in rounds, as of several devices that the log does not tell apart.

    The beginning, the middle and the end of the log are looked at, so that one lost line hides nothing.
    """
    steps, lines = np.diff(recording.times(device)), recording.lines(device)
    for begin in {0, max(steps.size // 2 - _PART // 2, 0), max(steps.size - _PART, 0)}:
        part = steps[begin : begin + _PART]
        if count := _devices_in_turn(part):
            sides = [f"{source.where(int(lines[begin + n + 1]))}: {step:g} s" for n, step in enumerate(part[:6])]
            raise LogError.of("devices_without_names", source.where(), sides, count=count)


def _devices_in_turn(steps: npt.NDArray[np.float64]) -> int:
    """How many devices seem to take turns; 0 where none do.

    Then a round is short against every pause behind one: nearly all pauses are above four times the length of a
    round. Stamps in whole seconds that repeat are those of a fast sampler, and say nothing here.
    """
    if steps.size < 3 or (steps < 0).any() or ((steps == 0).any() and (steps % 1 == 0).all()):
        return 0
    for count in range(2, min(_MOST_DEVICES, steps.size // 2 + 1) + 1):
        for first in range(count):
            pauses = np.zeros(steps.size, dtype=bool)
            pauses[first::count] = True
            round_takes = (count - 1) * float(np.median(steps[~pauses]))
            if pauses.sum() >= 2 and np.quantile(steps[pauses], 0.05, method="lower") > 4 * round_takes:
                return count
    return 0
