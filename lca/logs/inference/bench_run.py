"""One run of a benchmark of inference: what was counted, how long it took, and what the tool says of it (M9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from ...checks import Array
from .printed import Printed

#: What a run may count, and the unit of each. A batch is one execution; "token" means the tokens that came out.
COUNTS: Mapping[str, str] = MappingProxyType(
    {
        "inference": "inference", "batch": "batch", "request": "request", "token": "token",
        "input token": "token", "output token": "token",
    }
)  # fmt: skip
_WITHIN = "may be within the counts; those of the log of the run tell, log.joined(...)"
_NOTHING: Mapping[str, Printed] = MappingProxyType({})


def in_order(names: Iterable[str]) -> list[str]:
    """The statistics of a time in the order in which a table shows them: least, mean, median, percentiles, most.

    >>> in_order(["max", "p99", "mean", "p90"])
    ['mean', 'p90', 'p99', 'max']
    """
    first = {"min": -4.0, "mean": -3.0, "std": -2.0, "median": -1.0, "max": 101.0}
    return sorted(dict.fromkeys(names), key=lambda name: first[name] if name in first else float(name[1:]))


@dataclass(frozen=True)
class Warmup:
    """What ran before the clock of a run: how much of it, as far as a tool says, and whether it is left out."""

    executions: float | None = None
    seconds: float | None = None
    left_out: bool = True  # of the counts and of the times

    def __str__(self) -> str:
        word = "execution" if self.executions == 1 else "executions"
        size = [f"{self.executions:g} {word}"] if self.executions is not None else []
        size += [f"{self.seconds:g} s"] if self.seconds is not None else []
        if not self.executions and not self.seconds and size:
            return "none"
        return ", ".join([*size, "left out" if self.left_out else _WITHIN])


@dataclass(frozen=True)
class Trace:
    """Each execution of a run: when it began and ended on one clock, and how long it took; all in s."""

    start: Array
    stop: Array
    latency: Array

    def after(self, first: int) -> Trace:
        """The trace without so many executions at its begin."""
        return Trace(self.start[first:], self.stop[first:], self.latency[first:])

    @property
    def span(self) -> float:
        """From the first begin to the last end, s."""
        return float(self.stop.max() - self.start.min())

    @property
    def statistics(self) -> dict[str, float]:
        """The statistics of the latency, s; percentiles are linear between executions (Hyndman and Fan, type 7)."""
        shares = {"min": 0, "median": 50, "p90": 90, "p95": 95, "p99": 99, "max": 100}
        found = {name: float(np.percentile(self.latency, share)) for name, share in shares.items()}
        return found | {"mean": float(np.mean(self.latency))}


@dataclass(frozen=True)
class Layer:
    """A layer of a network: its mean time in one execution of a profiling run, s."""

    name: str
    seconds: float


@dataclass(frozen=True)
class BenchRun:
    """One run, as far as a file tells; what it does not tell is None or not there.

    A file may hold a part of a run only, such as its trace or its layers; `InferenceLog.joined` puts parts together.
    """

    line: int  # of the file; 0 where a file holds one run
    name: str
    counts: Mapping[str, Printed] = field(default_factory=lambda: _NOTHING)  # in `seconds`, by the words of COUNTS
    rates: Mapping[str, Printed] = field(default_factory=lambda: _NOTHING)  # per second, where no count is stated
    seconds: Printed | None = None  # the wall time of what was counted
    batch: float | None = None  # inferences in one execution
    warmup: Warmup | None = None
    streams: int | None = None  # executions at a time
    times: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # of what -> statistic -> s
    trace: Trace | None = None
    layers: tuple[Layer, ...] = ()
    profiled: float | None = None  # executions of the profiling run of the layers
    began: tuple[float, float] | None = None  # the clock began between these, s since 1970
    no_rate: str = ""  # why there is no rate, or none of a steady run, where the tool shows that
    facts: tuple[tuple[str, str], ...] = ()  # "model", "precision", "device", "version", and what else a tool says

    def fact(self, name: str) -> str:
        """What the tool says of the model, the device, ...; "" where it does not."""
        return dict(self.facts).get(name, "")

    @property
    def per_batch(self) -> Mapping[str, float]:
        """How many of a count are in one execution, where the batch is known."""
        return {"batch": 1.0} | ({} if self.batch is None else {"inference": self.batch})

    def total(self, count: str) -> Printed | None:
        """How many of a count the run did; None where it is not known."""
        return self._converted(self.counts, count)

    def rate(self, count: str) -> Printed | None:
        """How many of a count the run did in a second; None where it is not known, or not that of a steady run."""
        total, stated = self.total(count), self._converted(self.rates, count)
        if self.no_rate or total is None or self.seconds is None:
            return None if self.no_rate else stated
        own = total.over(self.seconds)
        return own if stated is None or own.half / own.value <= stated.half / stated.value else stated

    def _converted(self, known: Mapping[str, Printed], count: str) -> Printed | None:
        """A count that is known, or follows from the size of a batch."""
        name = "output token" if count == "token" else count
        if name in known or name not in self.per_batch:
            return known.get(name)
        found = [one for one in ("batch", "inference") if one in known and one in self.per_batch]
        return known[found[0]].scaled(self.per_batch[name] / self.per_batch[found[0]]) if found else None

    @property
    def known(self) -> list[str]:
        """The counts of which there is a rate."""
        return [count for count in COUNTS if count != "token" and self.rate(count) is not None]

    @property
    def latency(self) -> Mapping[str, float]:
        """The statistics of the latency that the tool states, s, else those of the trace."""
        stated = self.times.get("latency", {})
        return stated or (self.trace.statistics if self.trace is not None else {})
