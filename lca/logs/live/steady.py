"""A live meter that is read while a run goes on, and whose failures are noted and never end the run (M6, M12)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ...checks import Array
from ...errors import LcaError
from ...meters.clock import MachineClock
from ...meters.protocol import LiveMeter
from ..power.live import Recorder, named_fault
from ..power.live_file import LiveFile

#: So many failures are told apart; the others are counted.
_SHOWN = 20
#: How often the meter is asked for its conditions, s.
_CONDITIONS_EACH = 10.0
#: A power that is the same in so many samples, over so long (s), is noted: its display may stand still.
_SAME, _SAME_FOR = 100, 60.0
#: Dates and clock may differ by so much, s.
_SLEPT = 5.0
_LIMIT = "power limit (W)"


@dataclass
class Failure:
    """Readings that failed one after the other."""

    why: str
    begin: float  # s since the start
    end: float
    count: int = 1

    def __str__(self) -> str:
        return f"no reading from {self.begin:.6g} s to {self.end:.6g} s, tried {self.count} times: {self.why}"


class Mark(NamedTuple):
    """A moment with a name."""

    name: str
    sample: int  # the number of its sample; of the last one before, where it could not be read
    read: bool


class Section(NamedTuple):
    """The time from a mark to the next one, or to the end: its first and its last sample."""

    begin: int
    end: int
    whole: bool  # whether the meter was read at both ends


class SteadyRecorder(Recorder):
    """The samples of one meter of a run, with its marks, its failures, and what changed on the way."""

    zeros = False  # what is on draws something

    def __init__(self, meter: LiveMeter, file: LiveFile | None, shown: Callable[[SteadyRecorder], None]) -> None:
        super().__init__(meter)
        self.file, self._shown = file, shown
        self.marks: list[Mark] = []
        self.failures: list[Failure] = []
        self.more_failures = 0
        self.down: LcaError | None = None  # why the last reading failed
        self.changes: list[str] = []
        self.joules = 0.0  # so far
        self._limit: float | None = None
        self._asked_at = 0.0

    @property
    def start(self) -> float:
        """The time of the first sample, s of its clock."""
        return self.times[0]

    @property
    def seconds(self) -> float:
        """How long it has been read, s."""
        return self.times[-1] - self.start

    def _begun(self) -> None:
        """Make the file; a meter that shows nothing leaves none."""
        if self.file is not None:
            self.file.begin(self.meter)
            self.file.sample(0.0, self.values[0])
        self._look_at_conditions(self.start)

    def samples(self, begin: int, end: int) -> tuple[Array, Array]:
        """(times, values) of the samples from one number to another, s and W or J."""
        with self._lock:
            return np.array(self.times[begin:end]), np.array(self.values[begin:end])

    @property
    def end(self) -> Mark:
        """The last sample, as a mark without a name."""
        return Mark("", len(self.times) - 1, self.down is None)

    def section(self, number: int, stop: str = "") -> Section | None:
        """The section that begins with the mark of a number; to the next one of the name `stop`, if one is given."""
        begin = self.marks[number]
        ends = [mark for mark in self.marks[number + 1 :] if not stop or mark.name == stop]
        if stop and not ends:
            return None
        end = (ends or [self.end])[0]
        return Section(begin.sample, end.sample, begin.read and end.read)

    def note_sleep(self, by_date: float) -> None:
        """Note where the dates went on without the clock of the machine, which stands still while it sleeps."""
        beyond = by_date - self.seconds
        if isinstance(self.meter.clock, MachineClock) and abs(beyond) > _SLEPT and self.down is None:
            self._changed(f"the machine slept for {beyond:.4g} s without being measured, or its date was set")

    def _changed(self, note: str) -> None:
        if len(self.changes) < _SHOWN:
            self.changes.append(note)
            self._write(note)

    def write_end(self, how: str) -> None:
        """Write what was noted, and that the run is over."""
        if self.down is not None:
            self._write(str(self.failures[-1]))
        if self.file is not None:
            self.file.note("end", f"{self.seconds:.6g} s {how}")

    def _write(self, note: str) -> None:
        if self.file is not None:
            self.file.note("note", note)

    def mark(self, name: str = "") -> None:
        """Read the meter now, under a name if there is one; a failure is noted."""
        with self._lock:
            self._look()
            if name:
                self.marks.append(Mark(name, len(self.times) - 1, self.down is None))
                if self.file is not None:
                    self.file.note("mark", f"{self.seconds:.6f} s {name}")

    def _in_the_background(self) -> None:
        self.mark()

    def _look(self) -> None:
        count = len(self.times)
        try:
            self._read()
        except Exception as error:  # whatever a meter does, the run goes on
            self._failed(named_fault(error, self.meter))
            return
        if self.down is not None:
            self._write(str(self.failures[-1]))
            self.down = None
        if len(self.times) > count:
            self.joules += self._step()
            if self.file is not None:
                self.file.sample(self.seconds, self.values[-1])
            self._shown(self)
        if self.times[-1] - self._asked_at >= _CONDITIONS_EACH:
            self._look_at_conditions(self.times[-1])

    def _step(self) -> float:
        """The energy since the sample before, J."""
        before, now = self.values[-2], self.values[-1]
        if not self.meter.counts:
            return (before + now) / 2 * (self.times[-1] - self.times[-2])
        return now - before + (self.meter.wraps_at or 0.0 if now < before else 0.0)

    def _failed(self, error: LcaError) -> None:
        """Note a reading that failed: beside the one before, or as a new one."""
        now, went_on = self.meter.clock.now() - self.start, self.down is not None
        self.down = error
        if went_on and self.failures and not self.more_failures:
            self.failures[-1].end, self.failures[-1].count = now, self.failures[-1].count + 1
        elif len(self.failures) < _SHOWN:
            self.failures.append(Failure(error.what, now, now))
        else:
            self.more_failures += 1

    def _look_at_conditions(self, now: float) -> None:
        """Note where the limit of the power is another one than before."""
        self._asked_at = now
        limit = None
        with suppress(Exception):  # what is known beside the power is no reason to lose it
            limit = self.meter.conditions().get(_LIMIT)
        if limit is None:
            return
        if self._limit is not None and limit != self._limit:
            self._changed(f"after {now - self.start:.4g} s the {_LIMIT} went from {self._limit:g} to {limit:g}")
        self._limit = limit

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the log has to know."""
        found = [*map(str, self.failures), *self.changes]
        found += [f"{self.more_failures} further readings failed"] * bool(self.more_failures)
        marks = [self._said_of(mark) for mark in self.marks[:_SHOWN]]
        marks += [f"{len(self.marks) - _SHOWN} further marks"] * (len(self.marks) > _SHOWN)
        return (*found, *self._same(), *marks)

    def _said_of(self, mark: Mark) -> str:
        lost = "" if mark.read else ", the last reading before it"
        return f"mark {mark.name!r} at {self.times[mark.sample] - self.start:.6g} s{lost}"

    def _same(self) -> list[str]:
        """A power that never changed."""
        few = len(self.values) < _SAME or self.seconds < _SAME_FOR or self.meter.meter.readings == "assumed"
        if self.meter.counts or few or np.ptp(self.samples(0, len(self.values))[1]) > 0:
            return []
        return [f"all {len(self.values)} samples show {self.values[0]:g} W: the display may stand still"]
