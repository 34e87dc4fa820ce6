"""The samples of a power log as a dataset of xarray, and what they are in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...checks import Array
from .track import Track

if TYPE_CHECKING:
    import xarray


def dataset(tracks: Sequence[Track], dated: bool, about: Mapping[str, str]) -> xarray.Dataset:
    """The power in W over (time, channel), and counters in J over (time, counted); NaN where there is no sample."""
    import xarray

    times = np.unique(np.concatenate([track.times for track in tracks]))
    found: dict[bool, dict[str, Array]] = {False: {}, True: {}}
    for track in tracks:
        at = np.searchsorted(times, track.times)
        for channel, column in zip(track.channels, track.values.T, strict=True):
            filled = np.full(times.size, np.nan)
            filled[at] = column
            found[channel.counter][f"{track.device} {channel.name}".strip()] = filled
    stamps = (times * 1e9).round().astype("datetime64[ns]") if dated else times
    made = xarray.Dataset(coords={"time": stamps}, attrs=dict(about))
    for counter, name, dim, unit in ((False, "power", "channel", "W"), (True, "counter", "counted", "J")):
        if columns := found[counter]:
            made[name] = (("time", dim), np.stack(list(columns.values()), axis=1), {"units": unit})
            made = made.assign_coords({dim: list(columns)})
    return made


def count_and_steps(tracks: Sequence[Track]) -> str:
    """How many samples there are, and how far apart."""
    samples = sum(track.times.size for track in tracks)
    steps = np.concatenate([np.diff(track.times) for track in tracks])
    apart = f", a step of {np.median(steps):.3g} s in the median, {steps.max():.6g} s at most" if steps.size else ""
    return f"{samples}{apart}"
