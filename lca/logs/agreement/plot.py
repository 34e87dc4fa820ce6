"""The figure of an agreement: both meters, the differences with their limits, and the fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .pairs import Pairs, inner_and_outer
from .statistics import Fit, Limits

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Points of a panel at most; more cannot be told apart.
_POINTS = 5_000
#: Labels that fit under the first panel.
_LABELS = 12


def draw(pairs: Pairs, differences: pandas.DataFrame, limits: Limits, fits: tuple[Fit | None, Fit | None]) -> Figure:
    """Draw the three panels; the fits are least squares, and the one with errors in both meters."""
    import matplotlib.pyplot

    figure, axes = matplotlib.pyplot.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    data = differences.iloc[:: max(1, len(differences) // _POINTS)]
    _shown(axes[0], pairs, data)
    _differences(axes[1], pairs, data, limits)
    _fits(axes[2], pairs, data, fits)
    return figure


def _named(pairs: Pairs) -> list[str]:
    return [f"{name}, at the {meter.at}" for name, meter in zip(pairs.names, pairs.meters, strict=True)]


def _shown(axes: Axes, pairs: Pairs, data: pandas.DataFrame) -> None:
    timed = pairs.lag is not None
    places = data.index.to_numpy() if timed else np.arange(len(data))
    for column, name in zip("ab", _named(pairs), strict=True):
        axes.plot(places, data[column], "-" if timed else "o", linewidth=0.9, markersize=4, label=name)
    axes.set_ylim(0, 1.2 * float(data[["a", "b"]].to_numpy().max()))
    if not timed and len(data) <= _LABELS:
        axes.set_xticks(places, [str(label) for label in data.index], rotation=45, ha="right", fontsize=7)
    axes.set_xlabel("time (s)" if timed else str(data.index.name))
    axes.set_ylabel(f"power ({pairs.unit})" if pairs.unit == "W" else f"energy ({pairs.unit})")
    axes.set_title("Both meters", loc="left", fontsize=10)
    axes.legend(fontsize=7, frameon=False, loc="upper left")


def _differences(axes: Axes, pairs: Pairs, data: pandas.DataFrame, limits: Limits) -> None:
    axes.plot(data["mean"], data["difference"], "o", markersize=3, alpha=0.6, color="0.35")
    for one, name, color in ((limits.upper, "limit", "C3"), (limits.bias, "bias", "C0"), (limits.lower, "limit", "C3")):
        axes.axhline(one.value, color=color, linewidth=1)
        axes.text(0.99, one.value, f"{name} {one.value:.4g} {pairs.unit}", transform=axes.get_yaxis_transform(),
                  ha="right", va="bottom", fontsize=7, color=color)  # fmt: skip
        axes.axhspan(one.low, one.high, color=color, alpha=0.15, linewidth=0)
    a, b = pairs.names
    axes.set_xlabel(f"mean of both ({pairs.unit})")
    axes.set_ylabel(f"{a} − {b} ({pairs.unit})", fontsize=8)
    axes.set_title("Differences, bands: 95 % intervals", loc="left", fontsize=10)


def _fits(axes: Axes, pairs: Pairs, data: pandas.DataFrame, fits: tuple[Fit | None, Fit | None]) -> None:
    inner, outer = inner_and_outer(pairs)
    names = dict(zip("ab", _named(pairs), strict=True))
    half = {column: step / 2 or None for column, step in zip("ab", pairs.steps, strict=True)}
    axes.errorbar(data[inner], data[outer], xerr=half[inner], yerr=half[outer], fmt="o", markersize=3, alpha=0.6,
                  color="0.35", elinewidth=0.6)  # fmt: skip
    across = np.linspace(float(data[inner].min()), float(data[inner].max()), 50)
    for fit, name, style in zip(fits, ("least squares", "errors in both"), ("C0-", "C1--"), strict=True):
        if fit is not None:
            axes.plot(across, fit.at(across), style, label=f"{name}: {fit.offset.value:.4g} + {fit.gain.value:.4g} x")
    axes.plot(across, across, ":", color="0.6", label="equal")
    axes.set_xlabel(f"{names[inner]} ({pairs.unit})")
    axes.set_ylabel(f"{names[outer]} ({pairs.unit})", fontsize=8)
    axes.set_title("Outer over inner, bars: resolution", loc="left", fontsize=10)
    axes.legend(fontsize=7, frameon=False)
