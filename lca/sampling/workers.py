"""Who does the units of a run: the caller alone, several threads, or any executor. Parts come back in order (U7)."""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, pairwise
from threading import Event, local
from typing import NamedTuple, TypeAlias

import numpy as np

from ..errors import LcaError, RunError
from .evaluator import Evaluator
from .evaluators import evaluator_of
from .plan import UNIT
from .question import Question
from .short_buffers import short_buffers
from .sinks import P
from .stream import STREAM_VERSION

#: Seconds between two looks at whether a run was ended, while it waits for others.
_LOOK = 0.2
#: Units that are under way in an executor, at most: what comes back early waits in memory.
_MOST_UNDER_WAY = 256


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
    return [Unit(first // UNIT, first, last) for first, last in _cut(start, stop, UNIT)] if start < stop else []


def _cut(start: int, stop: int, size: int) -> Iterator[tuple[int, int]]:
    """Start to stop in pieces that end at multiples of `size`."""
    return pairwise([start, *range((start // size + 1) * size, stop, size), stop])


@dataclass(frozen=True)
class Work:
    """What is to be done: the units of a question, each into an empty part."""

    question: Question
    units: Sequence[Unit]
    counted: Callable[[int], object]  # told how many draws were evaluated
    ended: Event = field(default_factory=Event)  # set where the rest is not wanted any more

    def do(self, evaluator: Evaluator, unit: Unit, part: P) -> P | None:
        """The part with the steps of a unit, in order; None where the run ended."""
        with short_buffers():
            for first, last in _cut(unit.first, unit.last, self.question.step_draws):
                if self.ended.is_set():
                    return None
                part.add(evaluator.step(first, last), first)
                self.counted(last - first)
        return part


def alone(work: Work, empty: Callable[[], P]) -> Done[P]:
    """Every unit in the thread of the caller."""
    evaluator = evaluator_of(work.question)
    for unit in work.units:
        part = work.do(evaluator, unit, empty())
        if part is None:
            return
        yield unit, part


def in_threads(work: Work, empty: Callable[[], P], threads: int) -> Done[P]:
    """Every unit in one of several threads, each with buffers of its own."""
    own = local()

    def do(unit: Unit) -> P | None:
        if not hasattr(own, "evaluator"):
            own.evaluator = evaluator_of(work.question)
        return work.do(own.evaluator, unit, empty())

    with ThreadPoolExecutor(threads) as pool:
        try:
            yield from _in_order(work, lambda unit: pool.submit(do, unit), 2 * threads)
        finally:
            work.ended.set()


def by_executor(work: Work, empty: Callable[[], P], executor: Executor) -> Done[P]:
    """Every unit as a task of an executor, in other threads, processes or machines. Raises `RunError`."""
    whole = pickle.dumps(work.question)

    def submit(unit: Unit) -> Future[P | None]:
        question = work.question.cut(unit.first, unit.last)
        order = whole if question is work.question else pickle.dumps(question)
        return executor.submit(do_elsewhere, versions(), order, unit, empty())

    done = work.question.start
    try:
        for unit, part in _in_order(work, submit, _MOST_UNDER_WAY):
            work.counted(unit.last - unit.first)
            yield unit, part
            done = unit.last
    except LcaError:
        raise
    except Exception as error:
        lost = f"{type(error).__name__}: {error}"
        raise RunError.of("worker_was_lost", f"draws from {done:,} on", [lost], done=f"{done:,}") from error


_OWN = local()  # of each thread of a worker: the last order, and its evaluator


def do_elsewhere(wanted: Sequence[str], order: bytes, unit: Unit, part: P) -> P | None:
    """The task of a worker: one unit of a pickled question, into the part."""
    if wanted != versions():
        raise RunError.of("worker_of_other_versions", "executor", [", ".join(wanted), ", ".join(versions())])
    if getattr(_OWN, "order", None) != order:
        question: Question = pickle.loads(order)
        _OWN.order, _OWN.question, _OWN.evaluator = order, question, evaluator_of(question)
    return Work(_OWN.question, (), lambda count: None).do(_OWN.evaluator, unit, part)


@cache
def versions() -> tuple[str, ...]:
    """What has to be the same wherever the draws of one run are made."""
    from importlib import metadata

    return f"lca {metadata.version('lca')}", f"streams {STREAM_VERSION}", f"NumPy {np.__version__}"


def _in_order(work: Work, submit: Callable[[Unit], Future[P | None]], most: int) -> Done[P]:
    """The units in their order, at most so many under way; up to the first that was not done."""
    waiting: deque[tuple[Unit, Future[P | None]]] = deque()
    coming = iter(work.units)
    try:
        while True:
            waiting.extend((unit, submit(unit)) for unit in islice(coming, most - len(waiting)))
            if not waiting:
                return
            unit, future = waiting.popleft()
            part = _result(work, future)
            if part is None:
                return
            yield unit, part
    finally:
        for _, future in waiting:
            future.cancel()


def _result(work: Work, future: Future[P | None]) -> P | None:
    """What a worker made; None where the run was ended before."""
    while not wait([future], timeout=_LOOK).done:
        if work.ended.is_set():
            return None
    try:
        return future.result()
    except BaseException:  # Ctrl-C goes to the processes of a pool, too
        if work.ended.is_set():
            return None
        raise


def processors() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
