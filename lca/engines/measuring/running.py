"""Engines run under a meter: warm-up, idle times, and blocks whose count and energy have the same ends (M8)."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Protocol

import numpy as np

from ...errors import MeasurementError, MeterError
from ...logs.power.live import Recorder
from ...meters.clock import Clock
from ...meters.protocol import LiveMeter
from ..protocol import Engine
from .measurement import QUANTILES, Block, WarmUp, Window
from .schedule import Schedule

#: A round of the warm-up: executions, and seconds, at least.
_ROUND = 3, 0.1
#: An engine has settled when the medians of so many rounds in a row lie within this part of each other.
_ROUNDS, _APART = 3, 0.05


class Progress(Protocol):
    """What shows how far a measurement is."""

    def update(self, seconds: float) -> object:
        """Go on by some seconds."""


class Session:
    """One measurement while it goes on; what is finished stays in it when it is stopped."""

    def __init__(self, engines: Sequence[Engine], meter: LiveMeter | None, clock: Clock, schedule: Schedule) -> None:
        self.engines, self.meter, self.clock, self.schedule = engines, meter, clock, schedule
        self.recorder = None if meter is None else Recorder(meter)
        self.warm_ups: list[WarmUp] = []
        self.idle: list[Window] = []
        self.blocks: list[Block] = []
        self.interrupted = False
        self.start = clock.now()

    @property
    def update_period(self) -> float:
        """How often the values of the meter are new, s; 0 where that is not known."""
        return (self.meter.update_period if self.meter else None) or 0.0

    def run(self, progress: Progress) -> None:
        """All of it: idle, warm-up, blocks, idle. Ctrl-C ends it, and keeps the blocks that are finished."""
        with self.recorder or nullcontext():
            try:
                self._idle_time(progress)
                self.warm_ups += [self._warmed(engine) for engine in self.engines]
                for number, one in self.schedule.order(len(self.engines)):
                    self.blocks.append(self._block(self.engines[one], number))
                    progress.update(self.schedule.block)
                self._idle_time(progress)
            except KeyboardInterrupt:
                self.interrupted = True
            except MeterError as error:
                sides = [error.what, f"{len(self.blocks)} of {self.planned} blocks were finished"]
                raise MeasurementError.of("meter_failed_on_the_way", error.where, sides) from error

    @property
    def planned(self) -> int:
        """How many blocks there are in all."""
        return self.schedule.blocks * len(self.engines)

    def _mark(self) -> float:
        """The end of a window: a sample of the meter, or the time where there is none."""
        now = self.recorder.sample().time if self.recorder else self.clock.now()
        return now - self.start

    def _idle_time(self, progress: Progress) -> None:
        """A time in which nothing runs, after a pause; engines are loaded."""
        if self.recorder is None:
            return
        self.clock.wait(self.schedule.pause)
        start = self._mark()
        self.clock.wait(self.schedule.idle)
        self.idle.append(Window(start, self._mark()))
        progress.update(self.schedule.idle)

    def _warmed(self, engine: Engine) -> WarmUp:
        """Run an engine until its latency has settled, or the time for it is over."""
        begun, executions, medians = self.clock.now(), 1, list[float]()
        (first,) = self._executions(engine, 0.0)
        settled = False
        while not settled and self.clock.now() - begun < self.schedule.warm_up:
            found = self._executions(engine, _ROUND[1], _ROUND[0])
            executions += len(found)
            medians.append(statistics.median(found))
            last = medians[-_ROUNDS:]
            settled = len(last) == _ROUNDS and max(last) <= min(last) * (1 + _APART)
        latency = medians[-1] if medians else first
        return WarmUp(engine.name, first, executions, self.clock.now() - begun, latency, settled)

    def _block(self, engine: Engine, number: int) -> Block:
        """One block: the window of the meter begins before the first execution and ends behind the last one."""
        self._executions(engine, self.schedule.lead(self.update_period))
        start = self._mark()
        latencies = self._executions(engine, self.schedule.block)
        stop = self._mark()
        quantiles = tuple(np.quantile(latencies, QUANTILES).tolist())
        return Block(engine.name, number, start, stop, len(latencies), quantiles, self._conditions())

    def _conditions(self) -> Mapping[str, float]:
        return dict(self.meter.conditions()) if self.meter else {}

    def _executions(self, engine: Engine, seconds: float, least: int = 1) -> list[float]:
        """How long each execution took, one after the other, for at least some seconds and so many executions."""
        now: Callable[[], float] = self.clock.now
        found: list[float] = []
        before = now()
        end = before + seconds
        while before < end or len(found) < least:
            engine.run()
            engine.synchronise()
            after = now()
            found.append(after - before)
            before = after
        return found
