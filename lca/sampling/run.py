"""The one loop over draws: units of work are evaluated into parts, and a sink takes the parts in order (U7).

A unit is `UNIT` draws, counted from draw 0. Whoever does it evaluates it step by step into a part of its own, and the
sink takes the parts in the order of units. So a result depends neither on the length of a step nor on who did what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import closing, contextmanager, nullcontext

from ..errors import LcaError
from ..progress import bar_class
from .checkpoint import Checkpoint
from .interrupt import ended_by_interrupt
from .plan import UNIT
from .question import Question
from .sinks import P, Sink
from .workers import Done, Unit, Work, alone, by_executor, in_threads, processors, units_of


def run(
    question: Question,
    sink: Sink[P],
    *,
    threads: int | None = None,
    executor: Executor | None = None,
    checkpoint: Checkpoint | None = None,
    progress: bool = False,
    stoppable: bool = False,
) -> int:
    """Evaluate the draws of a question, and hand what varies to a sink; how many draws were done.

    These are all, unless `stoppable` and a Ctrl-C came: then whole units from the first on. A Ctrl-C before the
    first unit is done raises `KeyboardInterrupt`. `threads` is chosen if not given: those of the machine where calls
    are long enough, else 1. An `executor` takes units as tasks. Raises `NonFiniteError`, traced to its origin (Q6),
    what a guard of the program raises, and `RunError` where an executor lost a worker or another run uses the
    checkpoint.
    """
    if not question.plan.leaves:
        return question.draws
    with checkpoint.held() if checkpoint else nullcontext():
        return _run(question, sink, threads, executor, checkpoint, progress, stoppable)


def _run(
    question: Question, sink: Sink[P], threads: int | None, executor: Executor | None, checkpoint: Checkpoint | None,
    progress: bool, stoppable: bool,
) -> int:  # fmt: skip
    reached = question.start + (checkpoint.restore(sink, question.draws) if checkpoint else 0)
    units = units_of(reached, question.stop)
    with progress_bar(question.draws, reached - question.start, progress) as counted:
        work = Work(question, units, counted)
        with ended_by_interrupt(work.ended) if stoppable and units[1:] else nullcontext():
            for unit in _taken(work, sink, threads, executor, checkpoint):
                reached = unit.last
    if reached == question.start:
        raise KeyboardInterrupt
    return reached - question.start


def _taken(
    work: Work, sink: Sink[P], threads: int | None, executor: Executor | None, checkpoint: Checkpoint | None
) -> Iterator[Unit]:
    """The units that the sink took; whole ones are saved now and then, and before anything ends."""
    whole, partly = work.units[0].first // UNIT if work.units else 0, False

    def save(now: bool) -> None:
        if checkpoint:
            checkpoint.keep(sink, whole, now=now)

    with closing(_done(work, sink, threads, executor)) as done:
        try:
            for unit, part in done:
                partly = unit.last % UNIT > 0
                save(now=partly)  # nothing of a unit that is not whole is saved
                sink.take(unit.number, part)
                whole = unit.last // UNIT
                yield unit
        except LcaError:  # of the unit that follows; a second Ctrl-C may come anywhere, and saves nothing
            save(now=True)
            raise
    if not partly:
        save(now=True)


def _done(work: Work, sink: Sink[P], threads: int | None, executor: Executor | None) -> Done[P]:
    if executor is not None:
        return by_executor(work, sink.part, executor)
    question = work.question
    pays = question.plan.long_calls or question.evaluated_by == "numba"  # which holds no lock of the interpreter
    wanted = threads or (processors() if pays else 1)
    count = min(wanted, len(work.units))
    return in_threads(work, sink.part, count) if count > 1 else alone(work, sink.part)


@contextmanager
def progress_bar(draws: int, done: int, progress: bool, unit: str = "draw") -> Iterator[Callable[[int], object]]:
    """A bar with the time that is left, after the first seconds; what it is told counts draws."""
    if not progress:
        yield lambda count: None
        return
    about = {"unit": unit, "unit_scale": True, "desc": "Monte Carlo", "delay": 2, "leave": False}
    with bar_class()(total=draws, initial=done, **about) as bar:
        yield bar.update
