"""The samples of one device, and how they are gathered while a file is read."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...checks import Array, did_you_mean
from ...errors import LogError
from ..files.clock import Clock, settled
from ..files.source import Source
from .channel import Channel, refuse_overlap

Lines = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Track:
    """The samples of one device: each row has a time and a value for each channel, NaN where there is none."""

    device: str  # "" where the file knows one device only
    channels: tuple[Channel, ...]
    times: Array  # s, since 1970 or since the start of the log
    values: Array  # (time, channel), W or J
    lines: Lines  # of the file

    @property
    def names(self) -> list[str]:
        """The names of the channels."""
        return [channel.name for channel in self.channels]

    def within(self, start: float, stop: float) -> Track:
        """The samples from one time to another, both included."""
        kept = (self.times >= start) & (self.times <= stop)
        return replace(self, times=self.times[kept], values=self.values[kept], lines=self.lines[kept])

    def added(self, names: Sequence[str], where: str) -> tuple[Channel, Array]:
        """Some channels as one, with its values; a sample lacks a value where one of them does.

        Raises for a name that is not there, for channels that contain each other (M4), and for power beside counters.
        """
        if unknown := [name for name in names if name not in self.names]:
            near = did_you_mean(unknown[0], self.names)
            raise LogError.of("no_such_channel", where, channel=unknown[0], near=near)
        refuse_overlap(names, self.channels, where)
        at = [self.names.index(name) for name in names]
        chosen = [self.channels[n] for n in at]
        if len({channel.counter for channel in chosen}) > 1:
            raise LogError.of("power_and_counter_added", where, [channel.name for channel in chosen])
        if len(chosen) == 1:
            return chosen[0], self.values[:, at[0]]
        if any(channel.modulus for channel in chosen):
            raise LogError.of("counters_that_wrap_added", where, [channel.name for channel in chosen])
        step = float(np.sqrt(sum(channel.step**2 for channel in chosen)))
        one = replace(chosen[0], name=" + ".join(names), contains=(), step=step, about="")
        return one, self.values[:, at].sum(axis=1)


class Recording:
    """The samples of a log as its lines are read, device by device, in numbers only."""

    def __init__(self, source: Source, channels: Sequence[Channel]) -> None:
        self.source, self.channels = source, tuple(channels)
        self._names = [channel.name for channel in self.channels]
        self._rows: dict[str, tuple[array[float], array[float], array[int]]] = {}
        self.read = 0  # lines that hold a sample
        self._line = -1

    def add(self, line: int, time: float, values: Mapping[str, float], device: str = "") -> None:
        """One sample of a device: values by channel; a channel that is not among them has none (NaN)."""
        self.add_row(line, time, [values.get(name, float("nan")) for name in self._names], device)

    def add_row(self, line: int, time: float, row: Sequence[float], device: str = "") -> None:
        """One sample of a device: a value for each channel, in their order; NaN where there is none."""
        if device not in self._rows:
            self._rows[device] = array("d"), array("d"), array("q")
        times, flat, lines = self._rows[device]
        times.append(time)
        flat.extend(row)
        lines.append(line)
        self.read += line != self._line
        self._line = line

    def take(
        self, line: int, time: float | None, row: Sequence[float | None], text: str, device: str = "", *,
        no_time: str = "no time", no_number: str = "no power",
    ) -> bool:  # fmt: skip
        """One sample as it was read, if it has a time and a number for each channel; else the line is noted."""
        shown = [value for value in row if value is not None]
        if time is None or len(shown) < len(row):
            self.source.refuse_line(line, no_time if time is None else no_number, text)
            return False
        self.add_row(line, time, shown, device)
        return True

    @property
    def devices(self) -> list[str]:
        """The devices, in the order in which they came."""
        return list(self._rows)

    def times(self, device: str) -> Array:
        """The times of the samples of a device as they were read."""
        return np.frombuffer(self._rows[device][0], dtype=np.float64) if device in self._rows else np.empty(0)

    def shows(self, channel: str) -> bool:
        """Whether any device has a value of a channel."""
        at, width = self._names.index(channel), len(self._names)
        return any(
            np.isfinite(np.frombuffer(flat, dtype=np.float64)[at::width]).any() for _, flat, _ in self._rows.values()
        )

    def lines(self, device: str) -> Lines:
        """The lines of the samples of a device."""
        return np.frombuffer(self._rows[device][2], dtype=np.int64) if device in self._rows else np.empty(0, np.int64)

    def below_zero(self) -> list[int]:
        """The lines of samples below 0."""
        found: list[int] = []
        for times, flat, lines in self._rows.values():
            below = (np.frombuffer(flat, dtype=np.float64).reshape(len(times), -1) < 0).any(axis=1)
            found += np.frombuffer(lines, dtype=np.int64)[below].tolist()
        return found

    def tracks(self, clock: Clock | None = None) -> tuple[Track, ...]:
        """What was gathered, with settled times, without powers below 0.

        Channels that a device never showed are left out, and devices that never showed any.

        Raises where nothing was read at all, and where every value is missing.
        """
        if not self.read:
            raise LogError.of("no_samples", self.source.where())
        tracks = tuple(self._track(device, clock) for device in self._rows)
        if not any(track.channels for track in tracks):
            raise LogError.of("every_value_missing", self.source.where(), count=self.read)
        return tuple(track for track in tracks if track.channels)

    def _track(self, device: str, clock: Clock | None) -> Track:
        times, flat, lines = self._rows[device]
        numbers = np.frombuffer(lines, dtype=np.int64)
        values = np.frombuffer(flat, dtype=np.float64).reshape(len(times), len(self.channels))
        values = np.where(values < 0, np.nan, values)
        shown = np.atleast_1d(np.isfinite(values).any(axis=0))
        channels = tuple(channel for channel, there in zip(self.channels, shown.tolist(), strict=True) if there)
        settled_times = settled(np.frombuffer(times, dtype=np.float64), numbers, clock, self.source)
        return Track(device, channels, settled_times, values[:, shown], numbers)
