"""What a measurement of engines recorded, and nothing that was computed from it (M8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...logs.power.power_log import PowerLog
from ..protocol import Port
from .schedule import Schedule

#: The quantiles of the time of one execution that each block keeps.
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)


@dataclass(frozen=True)
class Subject:
    """An engine, as it said of itself."""

    name: str
    about: str
    batch: int
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]


@dataclass(frozen=True)
class WarmUp:
    """What an engine did before it was measured."""

    engine: str
    first: float  # s, the first execution
    executions: int
    seconds: float
    latency: float  # s, the median of the last round
    settled: bool


@dataclass(frozen=True)
class Window:
    """A time in which nothing ran, in s since the start of the measurement."""

    start: float
    stop: float


@dataclass(frozen=True)
class Block:
    """A time in which one engine ran, with the executions that it began and ended in it."""

    engine: str
    round: int
    start: float  # s since the start of the measurement: a sample of the meter, as is the stop
    stop: float
    executions: int
    latencies: tuple[float, ...]  # s, at QUANTILES
    conditions: Mapping[str, float] = field(default_factory=dict)  # at its end, as far as the meter knows them

    @property
    def seconds(self) -> float:
        """How long it lasted, s."""
        return self.stop - self.start


@dataclass(frozen=True, eq=False)
class Measurement:
    """All that was recorded: enough to compute every figure again, and to repeat it."""

    name: str
    names: str  # the pattern of the names of the engines; "" where there is none
    labelled: bool  # whether the engines stand along a dim
    engines: tuple[Subject, ...]
    schedule: Schedule
    warm_ups: tuple[WarmUp, ...]
    idle: tuple[Window, ...]
    blocks: tuple[Block, ...]
    log: PowerLog | None  # None where the power is assumed
    update_period: float  # s, of the meter; 0 where it is not known
    assumed_power: str  # "" where there was a meter
    started: str  # UTC
    versions: Mapping[str, str]
    notes: tuple[str, ...]

    def of(self, engine: str) -> list[Block]:
        """The blocks of one engine, in their order."""
        return [block for block in self.blocks if block.engine == engine]
