"""What is told of samples as they are: devices, channels, time, how often a value is new, and their picture (M1)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...meters.meter import Meter
from .channel import Channel
from .moments import seconds_of
from .track import Track

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Samples:
    """The samples of some devices, and what the file of a log says of them."""

    path: Path
    tracks: tuple[Track, ...]
    meter: Meter
    whole: tuple[str, ...]
    dated: bool

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices, in the order of the file; one "" where the file knows one device only."""
        return tuple(track.device for track in self.tracks)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels of all devices, each once."""
        return tuple({channel.name: channel for track in self.tracks for channel in track.channels}.values())

    @property
    def start(self) -> float:
        """The time of the first sample, s."""
        return min(float(track.times[0]) for track in self.tracks)

    @property
    def stop(self) -> float:
        """The time of the last sample, s."""
        return max(float(track.times[-1]) for track in self.tracks)

    @property
    def span(self) -> float:
        """From the first sample to the last, s."""
        return self.stop - self.start

    @property
    def update_period(self) -> float | None:
        """The median time from one new value of a device to the next, s; longer than a step where a sensor is slow.

        None where no value ever changes.
        """
        found = [np.diff(track.times[_new(track)]) for track in self.tracks]
        between = np.concatenate(found) if found else np.empty(0)
        return float(np.median(between)) if between.size else None

    def plot(
        self, ax: Axes | None = None, *, windows: Mapping[str, tuple[str | float, str | float]] | None = None
    ) -> Axes:
        """Draw the power of each device over time; what no sample covers is grey, and windows are coloured.

        Parameters
        ----------
        ax : matplotlib Axes
            Where to draw; a new figure if not given.
        windows : mapping of str to (start, stop)
            Parts to mark by name, with their ends as for `between`: {"idle": ("10:00", "10:05")}.

        Returns
        -------
        Axes
            What was drawn on.

        Examples
        --------
        >>> import lca, pandas
        >>> power = pandas.Series([40.0, 40.0, 120.0], index=pandas.Index([0, 60, 120], name="s"))
        >>> lca.power_log(power, at="wall").plot(windows={"idle": (0, 60)}).get_ylabel()
        'power at the wall (W)'
        """
        from .plot import draw

        where, start = str(self.path), None if self.dated else self.start
        marked = {
            name: (seconds_of(first, self.start, self.dated, where), seconds_of(last, self.start, self.dated, where))
            for name, (first, last) in (windows or {}).items()
        }
        title, ylabel = self.path.name, f"power at the {self.meter.at} (W)"
        return draw(self.tracks, self.whole, marked, start=start, title=title, ylabel=ylabel, ax=ax)


def _new(track: Track) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Where a sample differs from the one before, in any channel."""
    changed = (np.diff(track.values, axis=0) != 0).any(axis=1)
    return np.asarray(np.insert(changed, 0, True))
