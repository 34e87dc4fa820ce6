"""The picture of a power log: the power of each device over time, and what no sample covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .integration import longest_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from .track import Track

#: Points that a line of the picture shows at most; more cannot be told apart.
_POINTS = 20_000


def draw(
    tracks: Sequence[Track], whole: Sequence[str], *, start: float | None, title: str, ylabel: str, ax: Axes | None
) -> Axes:
    """Draw the whole of each device, or all channels where the whole is open; gaps are grey.

    `start` is that of a log without dates, whose times are seconds.
    """
    import matplotlib.pyplot

    axes = matplotlib.pyplot.subplots(figsize=(8, 3.2), layout="constrained")[1] if ax is None else ax
    for track in tracks:
        names = [name for name in whole if name in track.names] or track.names
        times = (track.times * 1e3).astype("datetime64[ms]") if start is None else track.times - start
        for name in names:
            values = track.values[:, track.names.index(name)]
            there = np.flatnonzero(np.isfinite(values))
            thin = there[:: max(1, there.size // _POINTS)]
            label = " ".join(part for part in (track.device, name if len(names) > 1 else "") if part)
            axes.plot(times[thin], values[thin], linewidth=0.9, label=label or name)
        steps = np.diff(track.times)
        for i in np.flatnonzero(steps > longest_step(steps)):
            axes.axvspan(times[i], times[i + 1], color="0.85", zorder=0)
    if start is not None:
        axes.set_xlabel("seconds since the start")
    axes.set_ylabel(ylabel)
    axes.set_ylim(bottom=0)
    axes.set_title(title, loc="left", fontsize=10)
    if len(axes.lines) > 1:
        axes.legend(fontsize=8, frameon=False)
    return axes
