"""Blocks and idle times in which the meter was not read for long, or began anew: they are left out by name (M2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from ...logs.power.integration import longest_step
from ...logs.power.power_log import PowerLog
from .measurement import Block, Window

W = TypeVar("W", Block, Window)


def covered(log: PowerLog | None, windows: Sequence[W]) -> tuple[list[W], list[str]]:
    """The windows that samples cover, and what is wrong with each other one. Without a meter all count."""
    faults = ["" if log is None else _fault(log, one) for one in windows]
    kept = [one for one, fault in zip(windows, faults, strict=True) if not fault]
    said = [f"{_named(one)} left out: {fault}" for one, fault in zip(windows, faults, strict=True) if fault]
    return kept, said


def _named(window: Block | Window) -> str:
    return f"{window.engine}, round {window.round + 1}," if isinstance(window, Block) else "an idle time"


def _fault(log: PowerLog, window: Block | Window) -> str:
    """What is wrong with the samples of a window: a counter that fell without a wrap, a power that was not read."""
    (track,) = log.tracks
    inside = (track.times >= window.start) & (track.times <= window.stop)
    channel, values = track.channels[0], track.values[inside, 0]
    if channel.counter:
        fell = channel.modulus is None and bool((np.diff(values) < 0).any())
        return "the counter began anew" if fell else ""
    longest = float(np.diff(track.times[inside]).max())
    return f"{longest:.3g} s without a sample" if longest > longest_step(np.diff(track.times)) else ""
