"""Who does the units of a run: the caller alone, or several threads. Parts come back in the order of units (U7)."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice, pairwise
from threading import Event, local
from typing import NamedTuple, TypeAlias

from .evaluator import Evaluator, evaluator_of
from .plan import UNIT
from .question import Question
from .sinks import P


class Unit(NamedTuple):
    """Draws `first` to `last` of a run: those that lie in unit `number` of all draws."""

    number: int
    first: int
    last: int


#: The units that are done, in their order, each with its part.
Done: TypeAlias = Generator[tuple[Unit, P], None, None]


def units_of(start: int, stop: int) -> list[Unit]:
    """The units in which some draws lie.

    >>> units_of(5, UNIT + 3)
    [Unit(number=0, first=5, last=262144), Unit(number=1, first=262144, last=262147)]
    """
    return [Unit(first // UNIT, first, last) for first, last in _cut(start, stop, UNIT)]


def _cut(start: int, stop: int, size: int) -> Iterator[tuple[int, int]]:
    """Start to stop in pieces that end at multiples of `size`."""
    return pairwise([start, *range((start // size + 1) * size, stop, size), stop])


@dataclass(frozen=True)
class Work:
    """How a unit is done: its steps in order, each into the part, unless the run ends before."""

    question: Question
    counted: Callable[[int], object]  # told how many draws were evaluated
    ended: Event = field(default_factory=Event)

    def do(self, evaluator: Evaluator, unit: Unit, part: P) -> P | None:
        """The part filled; None where the run ended."""
        for first, last in _cut(unit.first, unit.last, self.question.plan.step_draws):
            if self.ended.is_set():
                return None
            part.add(evaluator.step(first, last), first)
            self.counted(last - first)
        return part


def alone(work: Work, units: Sequence[Unit], empty: Callable[[], P]) -> Done[P]:
    """Every unit in the thread of the caller."""
    evaluator = evaluator_of(work.question)
    for unit in units:
        part = work.do(evaluator, unit, empty())
        if part is None:
            return
        yield unit, part


def in_threads(work: Work, units: Sequence[Unit], empty: Callable[[], P], threads: int) -> Done[P]:
    """Every unit in one of several threads, each with buffers of its own."""
    own = local()

    def do(unit: Unit) -> P | None:
        if not hasattr(own, "evaluator"):
            own.evaluator = evaluator_of(work.question)
        return work.do(own.evaluator, unit, empty())

    with ThreadPoolExecutor(threads) as pool:
        try:
            yield from _in_order(units, lambda unit: pool.submit(do, unit), 2 * threads)
        finally:
            work.ended.set()


def _in_order(units: Sequence[Unit], submit: Callable[[Unit], Future[P | None]], most: int) -> Done[P]:
    """The units in their order, at most so many under way; up to the first that was not done."""
    waiting: deque[tuple[Unit, Future[P | None]]] = deque()
    coming = iter(units)
    while True:
        waiting.extend((unit, submit(unit)) for unit in islice(coming, most - len(waiting)))
        if not waiting:
            return
        unit, future = waiting.popleft()
        part = future.result()
        if part is None:
            return
        yield unit, part


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
