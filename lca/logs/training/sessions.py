"""From the steps that a format read to a training log: where it starts, where it was taken up again, which run it is.

A log shows a step and a time. What counts are the steps done and the seconds since the start; so the rules for both
stand here once (M5, M7):

- The start is what the log says of it, or its first time where the first step shows that nothing was done before:
  it is 0, or not above the distance to the next one. Otherwise steps and seconds count from the first mark.
- A step below the one before means that the run was taken up again. The clock goes on from the last mark, so
  the pause in between does not count.
- A step at or below the first one means another run. Several runs in a file are never joined.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...checks import Array
from ...errors import LogError
from ..files.clock import Clock, settled
from ..files.source import SHOWN, Source
from .training_log import TrainingLog, training_log

_LEAP_YEAR = 2024
_DAY = 86_400.0
_END_OF_FEBRUARY = (31 + 28) * _DAY


@dataclass
class _Session:
    """The marks from one start to the next."""

    begun: float | None = None  # the time of the start, where the log shows it
    done: float | None = None  # steps done before the start, where the log says so
    lines: list[int] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def settled(self, clock: Clock | None, source: Source) -> Array:
        """The times of the marks, in order."""
        return settled(np.array(self.times), np.array(self.lines), clock, source)

    def base(self) -> tuple[float, bool]:
        """The steps done when the session began, and whether its start is known."""
        first = self.steps[0]
        step = self.steps[1] - first if len(self.steps) > 1 else 1.0
        if self.done is not None:
            return min(self.done, first), True
        return (0.0, True) if first == 0 or (self.begun is not None and first <= step) else (first, False)


class Sessions:
    """The steps of a training with their times, in the order of the file.

    `run` is the number of the run that the user asks for; the run that `lca.read` was given if it is left out.
    """

    def __init__(self, source: Source, clock: Clock | None = None, run: str | None = None) -> None:
        self.source, self.clock = source, clock
        self.run = source.said.run if run is None else run
        self._sessions = [_Session()]

    def seen(self, time: float) -> None:
        """Any time that the log shows: the first one may be the start."""
        session = self._sessions[-1]
        if session.begun is None and not session.steps:
            session.begun = time

    def begin(self, time: float, done: float | None = None) -> None:
        """The log says that the training begins, or is taken up again, with the steps that are done already."""
        if self._sessions[-1].steps:
            self._sessions.append(_Session())
        self._sessions[-1].begun, self._sessions[-1].done = time, done

    def add(self, line: int, step: float, time: float) -> None:
        """A step that was done at a time; one that repeats, or shows no later time, says nothing new."""
        if not (math.isfinite(step) and math.isfinite(time) and step >= 0):
            self.source.refuse_line(line, f"step {step:g} at {time:g} s is not a mark")
            return
        session = self._sessions[-1]
        if session.steps:
            whole = self.clock is not None and self.clock.resolution >= 1
            if step == session.steps[-1] or (time == session.times[-1] and not whole and step > session.steps[-1]):
                return
            if step < session.steps[-1]:
                session = _Session()
                self._sessions.append(session)
        session.lines.append(line)
        session.steps.append(step)
        session.times.append(time)

    def log(self, format: str, *, unit: str, planned: float | None = None, notes: Sequence[str] = ()) -> TrainingLog:
        """The log of the marks.

        Raises `LogError` for bad lines, for no mark or a single one whose start is not known, for times that do not
        rise, and for several runs of which none is named.
        """
        sessions = [session for session in self._sessions if session.steps]
        count = sum(len(session.steps) for session in sessions)
        self.source.check(count)
        if not sessions:
            raise self.source.without_steps("no line shows a step at a time", "check the format, or log again")
        sessions = self._run(sessions)
        base, known = sessions[0].base()
        marks: list[tuple[int, float, float]] = []
        anew, passed = [], 0.0
        for at, session in enumerate(sessions):
            times = session.settled(self.clock, self.source)
            start = times[0] if session.begun is None or (at == 0 and not known) else min(session.begun, times[0])
            anew += [len(marks)] if at else []
            seconds = (times - start + passed).tolist()
            marks += zip(session.lines, [step - base for step in session.steps], seconds, strict=True)
            passed = seconds[-1]
        if passed <= 0 or not any(step > 0 for _, step, _ in marks):
            fix = "read a longer log: a pace needs two marks, or one mark and the start"
            raise self.source.without_steps(f"a single mark, at {unit} {sessions[0].steps[0]:g}", fix)
        said = [f"the log begins at {unit} {base:g}: steps and seconds count from there"] if base else []
        left = None if planned is None or planned <= base else planned - base
        return training_log(self.source, format, marks, unit=unit, planned=left, notes=(*notes, *said), anew=anew)

    def _run(self, sessions: list[_Session]) -> list[_Session]:
        """The sessions of the run that is asked for; raises where there are several and none is named."""
        runs: list[list[_Session]] = []
        for session in sessions:
            if not runs or session.steps[0] <= runs[-1][0].steps[0]:
                runs.append([])
            runs[-1].append(session)
        names = [str(number) for number in range(1, len(runs) + 1)]
        if self.run in names:
            return runs[int(self.run) - 1]
        first = [self.source.where(run[0].lines[0]) for run in runs]
        sides = [f"run {name}: from {place}" for name, place in zip(names, first, strict=True)]
        if self.run:
            raise LogError.of("no_run_of_this_number", self.source.where(), sides[:SHOWN], run=self.run)
        if len(runs) > 1:
            raise LogError.of("several_trainings_in_a_log", self.source.where(), sides[:SHOWN], count=len(runs))
        return runs[0]


class Yearless:
    """Stamps with a month and a day but no year, "11/07 14:28:51": the year may end, and February may have 29 days.

    They are read as of a leap year. Where the end of February passes without a 29th, the year was none.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._last, self._added = -1.0, 0.0
        self._begins = clock.read(f"{_LEAP_YEAR}-01-01 00:00:00") or 0.0

    def read(self, text: str) -> float | None:
        """Seconds since a first of January, or None where it is not a stamp."""
        found = self.clock.read(f"{_LEAP_YEAR}/{text}")
        if found is None:
            return None
        of_year = found - self._begins
        if self._last - of_year > 300 * _DAY:
            self._added += 366 * _DAY
        elif 0 <= self._last < _END_OF_FEBRUARY and of_year >= _END_OF_FEBRUARY + _DAY:
            self._added -= _DAY
        self._last = of_year
        return of_year + self._added
