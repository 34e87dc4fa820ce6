"""The picture of a power log: the power of each device over time, and what no sample covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .integration import longest_step
from .moments import moment_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from .track import Track

#: Points that a line of the picture shows at most; more cannot be told apart.
_POINTS = 20_000


def draw(
    tracks: Sequence[Track], whole: Sequence[str], windows: Mapping[str, tuple[float, float]], *,
    start: float | None, title: str, ylabel: str, ax: Axes | None,
) -> Axes:  # fmt: skip
    """Draw the whole of each device, or all channels where the whole is open; gaps are grey, windows have colours.

    `start` is that of a log without dates, whose times are seconds.
    """
    import matplotlib.pyplot

    axes = matplotlib.pyplot.subplots(figsize=(8, 3.2), layout="constrained")[1] if ax is None else ax
    for track in tracks:
        names = [name for name in whole if name in track.names] or track.names
        times = (track.times * 1e3).astype("datetime64[ms]") if start is None else track.times - start
        steps = np.diff(track.times)
        gaps = np.flatnonzero(steps > longest_step(steps))
        for name in names:
            values = track.values[:, track.names.index(name)]
            there = np.flatnonzero(np.isfinite(values))
            thin = there[:: max(1, there.size // _POINTS)]
            label = " ".join(part for part in (track.device, name if len(names) > 1 else "") if part)
            cuts = np.searchsorted(thin, gaps, side="right")  # a line over a gap would look like samples
            shown = np.insert(values[thin], cuts, np.nan)
            axes.plot(np.insert(times[thin], cuts, times[gaps]), shown, linewidth=0.9, label=label or name)
        for i in gaps:
            axes.axvspan(times[i], times[i + 1], color="0.85", zorder=0)
    for n, (name, ends) in enumerate(windows.items()):
        first, last = (end / 86_400 if start is None else end - start for end in ends)  # dates are days since 1970
        axes.axvspan(first, last, color=f"C{n + 1}", alpha=0.18, zorder=0, label=name)
    axes.set_xlabel(
        f"time, from {moment_text(tracks[0].times[0], True)}" if start is None else "seconds since the start"
    )
    axes.set_ylabel(ylabel)
    highest = max((float(np.nanmax(line.get_ydata(), initial=0.0)) for line in axes.lines), default=0.0)
    axes.set_ylim(0, 1.06 * highest or None)  # a steady power would lie on the frame
    axes.set_title(title, loc="left", fontsize=10)
    if len(axes.lines) > 1 or windows:
        axes.legend(fontsize=8, frameon=False)
    return axes
