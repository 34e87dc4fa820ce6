"""The one loop over draws: units of work are evaluated into parts, and a sink takes the parts in order (U7).

A unit is `UNIT` draws, counted from draw 0. Whoever does it evaluates it step by step into a part of its own, and the
sink takes the parts in the order of units. So a result depends neither on the length of a step nor on who did what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from .question import Question
from .sinks import P, Sink
from .workers import Work, alone, in_threads, units_of


def run(question: Question, sink: Sink[P], *, threads: int | None = None, progress: bool = False) -> None:
    """Evaluate the draws of a question, and hand what varies to a sink.

    Raises `NonFiniteError`, traced to its origin (Q6), and what a guard of the program raises.
    """
    if not question.plan.leaves:
        return
    units = units_of(question.start, question.stop)
    workers = max(1, min(threads or 1, len(units)))
    with _bar(question.draws, progress) as counted:
        work = Work(question, counted)
        done = alone(work, units, sink.part) if workers == 1 else in_threads(work, units, sink.part, workers)
        with closing(done):
            for unit, part in done:
                sink.take(unit.number, part)


@contextmanager
def _bar(draws: int, progress: bool) -> Iterator[Callable[[int], object]]:
    """A bar with the time that is left, after the first seconds; what it is told counts draws."""
    if not progress:
        yield lambda count: None
        return
    from tqdm import tqdm

    with tqdm(total=draws, delay=2, unit="draw", unit_scale=True, desc="Monte Carlo", leave=False) as bar:
        yield bar.update
