"""Which part of a power log lies in a run, and the mean power in it (M9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from ...distributions.base import Distribution
from ...errors import LogError
from ...graph.inputs import labelled
from ...meters.meter import Reading
from ...meters.observed import Observed
from ..power.baseline import above_idle, declared_power
from ..power.channel import within
from ..power.moments import moment_text
from ..power.power_log import PowerLog
from .bench_run import BenchRun

Window: TypeAlias = Sequence[str | float] | None
#: Samples of a power in a run, at least: two show no scatter.
FEWEST = 3
#: A window may be longer than the run by this part of it; and by a step at either end.
SLACK = 0.02


def power_of_run(
    run: BenchRun, power: PowerLog, window: Window, where: str, *, local: bool, way: Mapping[str, Any]
) -> Observed:
    """The mean power of the whole device in a run; `way` is how it is taken, for `PowerLog.power`.

    `where` is the file of the run, and `local` says whether its times are local ones without a zone.
    """
    refuse_a_part(power, way.get("channels"), where)
    if window is not None:
        part = power.between(*_ends(window, where))
    elif run.began is not None and run.seconds is not None and power.dated:
        part = _by_stamps(run, power, where, local)
    else:
        part = power
        if run.seconds is None:
            raise LogError.of("run_without_a_window", where, [run.name])
    _refuse_longer(run, part, where)
    _refuse_few(part, where)
    return part.power(**way)


def powers_of_runs(
    runs: Sequence[BenchRun], power: PowerLog, where: str, *, local: bool, way: Mapping[str, Any]
) -> Observed:
    """The mean power of one device in each of several runs, by their stamps: dims (run,)."""
    idle = _idle(way.get("above"), power)
    gross = {}
    for run in runs:
        if run.began is None or run.seconds is None or not power.dated:
            raise LogError.of("several_runs_without_stamps", where, [run.name], first=run.name)
        one = power_of_run(run, power, None, where, local=local, way={**way, "above": None})
        if not isinstance(one, Reading):
            raise LogError.of("several_runs_of_several_devices", where, [repr(one)], first=run.name)
        gross[run.name] = one
        if idle is not None:
            above_idle(one, idle, power.path)  # raises where nothing is left
    whole = _side_by_side(gross)
    return whole if idle is None else whole - idle


def _idle(above: Observed | PowerLog | str | None, power: PowerLog) -> Observed | None:
    """An idle power as one reading, which all runs share."""
    if isinstance(above, PowerLog):
        return above.power()
    return declared_power(above, power.meter.at, power.path.name) if isinstance(above, str) else above


def _side_by_side(readings: Mapping[str, Reading]) -> Reading:
    """Readings of one meter as one, dims (run,)."""
    first, each = next(iter(readings.values())), list(readings.values())
    values = [one.given.values[0] for one in each]
    unitless = [value.in_unit("") if isinstance(value, Distribution) else value for value in values]
    given = labelled(dict(zip(readings, unitless, strict=True)), first.given.unit, dim="run")
    return replace(
        first, given=given, scatter=tuple(one.scatter[0] for one in each), step=max(one.step for one in each),
        source="; ".join(dict.fromkeys(one.source for one in each)), span=tuple(1.0 for _ in each),
    )  # fmt: skip


def _ends(window: Sequence[str | float], where: str) -> tuple[str | float, str | float]:
    ends = tuple(window)
    if len(ends) != 2:
        raise LogError.of("not_a_window", where, [str(window)])
    return ends[0], ends[1]


def _by_stamps(run: BenchRun, power: PowerLog, where: str, local: bool) -> PowerLog:
    """The part of a power log that surely lies in a run, whose begin is known between two times."""
    first, last, span = *(run.began or (0.0, 0.0)), run.seconds.value if run.seconds else 0.0
    if local != power.local:
        sides = [f"{one}: {'local times without a zone' if is_local else 'times with a zone'}"
                 for one, is_local in ((where, local), (power.path, power.local))]  # fmt: skip
        raise LogError.of("clocks_of_two_kinds", where, sides)
    sides = [f"the run: {moment_text(first, True)} to {moment_text(last + span, True)}",
             f"the power log: {moment_text(power.start, True)} to {moment_text(power.stop, True)}"]  # fmt: skip
    if last >= first + span:
        raise LogError.of("run_shorter_than_its_stamps", where, [f"{run.name}: {span:g} s", sides[0]])
    begin, end = max(last, power.start), min(first + span, power.stop)
    if begin >= end:
        raise LogError.of("run_outside_the_power_log", where, sides)
    return power.between(begin - power.start, end - power.start)


def _refuse_longer(run: BenchRun, part: PowerLog, where: str) -> None:
    """Raise for a window that is longer than the run, so that it holds what is not the run."""
    if run.seconds is None:
        return
    steps = np.concatenate([np.diff(track.times) for track in part.tracks])
    most = run.seconds.value * (1 + SLACK) + 2 * float(np.median(steps))
    if part.span > most:
        sides = [f"the run {run.name}: {run.seconds.value:g} s", f"the power: {part.span:.6g} s"]
        raise LogError.of("power_longer_than_the_run", where, sides)


def _refuse_few(part: PowerLog, where: str) -> None:
    """Raise for a window with too few samples to show how they scatter; a counter needs two only."""
    few = [track for track in part.tracks if track.times.size < FEWEST and not track.channels[0].counter]
    if few:
        sides = [f"{track.device or part.path.name}: {track.times.size} samples" for track in few]
        raise LogError.of("few_samples_in_the_run", where, sides, least=FEWEST)


def refuse_a_part(power: PowerLog, channels: str | Sequence[str] | None, where: str) -> None:
    """Raise where the channels are a part of the device only, such as the rail of its GPU."""
    asked = [channels] if isinstance(channels, str) else [] if channels is None else list(channels)
    if not asked:
        return
    known = {channel.name: channel for channel in power.channels}
    outer = [name for name in known if name not in asked and set(asked) & within(name, known)]
    if outer or (power.whole and set(asked) != set(power.whole) and set(asked) <= set(power.whole)):
        sides = [f"asked for: {', '.join(asked)}", f"the whole: {', '.join(power.whole) or ', '.join(outer)}"]
        raise LogError.of("rail_is_a_part", where, sides)
