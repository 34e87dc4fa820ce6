"""A run that is measured while it goes on, and what it took (M12)."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from ...arguments import entry
from ...checks import did_you_mean, finite_number
from ...errors import MeasurementError, MeasurementWarning, MissingError
from ...meters.observed import Observed
from ...meters.protocol import LiveMeter
from ...records.record import slug
from ..power.live import live_log
from ..power.live_file import LiveFile, one_line
from ..power.power_log import PowerLog
from .progress import Line
from .steady import SteadyRecorder


class LiveRun:
    """A block of a program under one meter or several; `lca.measure` makes one, for a `with` statement.

    Parameters
    ----------
    meters : list of LiveMeter
        What measures.
    save : Path
        The file to which samples are written; None for none.
    progress : bool
        Whether a line on the terminal shows how it goes.

    Examples
    --------
    >>> import lca
    >>> clock = lca.meters.ScriptedClock()
    >>> with lca.measure(lca.meters.scripted(energy=lambda s: 50 * s, at="wall", clock=clock)) as run:
    ...     clock.wait(10)
    >>> run.log.power()
    <reading of scripted meter: 50 W at the wall>
    """

    def __init__(self, meters: Sequence[LiveMeter], save: Path | None, progress: bool) -> None:
        self._meters, self._save, self._line = list(meters), save, Line(progress)
        self._recorders: dict[str, SteadyRecorder] = {}
        self._started, self._ended = 0.0, ""

    def __enter__(self) -> Self:
        if self._recorders:
            raise MeasurementError.of("run_begun_twice", "lca.measure")
        now = datetime.now(UTC)
        self._started = now.timestamp()
        files = [self._file(meter, now.isoformat(timespec="microseconds")) for meter in self._meters]
        recorders: dict[str, SteadyRecorder] = {}
        with ExitStack() as stack:  # where one meter shows no power, the others are stopped and leave no file
            for meter, file in zip(self._meters, files, strict=True):
                if file is not None:
                    stack.callback(file.discard)
                recorders[meter.meter.name] = SteadyRecorder(meter, file, self._line.show)
                stack.enter_context(recorders[meter.meter.name])
            stack.pop_all()
        self._recorders = recorders
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for recorder in self._recorders.values():
            recorder.stop()  # the threads end first, so that the last sample is the last
        if kind is not None:
            self._ended = "stopped by Ctrl-C" if issubclass(kind, KeyboardInterrupt) else f"ended by {kind.__name__}"
        for recorder in self._recorders.values():
            recorder.mark()
            recorder.note_sleep(datetime.now(UTC).timestamp() - self._started)
            recorder.write_end(self._ended)
        self._line.end()
        for said in self._faults():
            warnings.warn(said, MeasurementWarning, stacklevel=2)

    def _file(self, meter: LiveMeter, started: str) -> LiveFile | None:
        """The file of a meter, where the run is saved; of several meters each has its own."""
        path = self._save
        if path is not None and len(self._meters) > 1:
            path = path.with_name(f"{path.stem}.{slug(meter.meter.name)}{path.suffix}")
        return None if path is None else LiveFile(path, started)

    def _faults(self) -> list[str]:
        """What went wrong, as far as it changes what can be said of the run."""
        down = [f"{name}: {one.down.what}" for name, one in self._recorders.items() if one.down]
        files = [one.file for one in self._recorders.values() if one.file is not None and one.file.fault]
        return down + [f"{file.path} could not be written: {file.fault}" for file in files]

    @entry
    def mark(self, name: str) -> None:
        """Begin a section: the meters are read now, under a name. It lasts until the next mark, or the end.

        Parameters
        ----------
        name : str
            The name of the section; it may repeat, as of a validation in each epoch.

        Raises
        ------
        MeasurementError
            If the block has not begun.

        Examples
        --------
        >>> import lca
        >>> clock = lca.meters.ScriptedClock()
        >>> with lca.measure(lca.meters.scripted(5.0, clock=clock)) as run:
        ...     run.mark("training")
        ...     clock.wait(2)
        >>> run.energy(mark="training")
        <reading of scripted meter: 10 J at the component>
        """
        for recorder in self._begun():
            recorder.mark(one_line(name) or "mark")

    @property
    def logs(self) -> Mapping[str, PowerLog]:
        """The samples of each meter so far, by the name of the meter."""
        return {recorder.meter.meter.name: self._log(recorder, 0, len(recorder.times)) for recorder in self._begun()}

    @property
    def log(self) -> PowerLog:
        """The samples of the meter so far; of several meters `logs` has each."""
        recorder = self._recorder("")
        return self._log(recorder, 0, len(recorder.times))

    @entry
    def energy(self, *, mark: str = "", meter: str = "", gaps: str = "refuse") -> Observed:
        """The energy of the run, or of its sections of one name, added.

        Parameters
        ----------
        mark : str
            The name of a section.
        meter : str
            The name of a meter, where there are several.
        gaps : str
            What becomes of a step without samples, as of `PowerLog.energy`: "refuse", "exclude" or "bridge".

        Returns
        -------
        Observed
            The energy, at the boundary of the meter, for a field of a component.

        Raises
        ------
        MeasurementError
            If the meter failed at the end of the run, or at an end of a section; `log` has what it showed.
        MissingError
            If there is no such section or meter.
        LogError
            For gaps, as of `PowerLog.energy`.

        Examples
        --------
        >>> import lca
        >>> clock = lca.meters.ScriptedClock()
        >>> with lca.measure(lca.meters.scripted(5.0, clock=clock)) as run:
        ...     clock.wait(2)
        >>> run.energy()
        <reading of scripted meter: 10 J at the component>
        """
        recorder = self._recorder(meter)
        if mark:
            logs = [self._section(recorder, number) for number in _numbers(recorder, mark, "run.energy(mark=)")]
            first, *others = [log.energy(gaps=gaps) for log in logs]
            return sum(others, first)
        if recorder.down is not None:
            sides = [recorder.down.what, f"seen: the first {recorder.seconds:.6g} s"]
            raise MeasurementError.of("meter_was_lost", recorder.meter.meter.name, sides)
        return self._log(recorder, 0, len(recorder.times)).energy(gaps=gaps)

    @entry
    def between_marks(self, start: str, stop: str = "", *, number: int = 1, meter: str = "") -> PowerLog:
        """The log from a mark to the next one, or to another.

        Parameters
        ----------
        start : str
            The mark where it begins.
        stop : str
            The mark where it ends: the first of this name behind the start. If not given, the next mark, or the end.
        number : int
            Which of several marks of the name `start`, from 1.
        meter : str
            The name of a meter, where there are several.

        Returns
        -------
        PowerLog
            The samples in between, both ends included.

        Raises
        ------
        MissingError
            If there is no such mark or meter.
        DomainError
            If there are fewer marks of the name `start`.
        MeasurementError
            If the meter failed at one of the two marks.

        Examples
        --------
        >>> import lca
        >>> clock = lca.meters.ScriptedClock()
        >>> with lca.measure(lca.meters.scripted(lambda s: 5.0 + s, clock=clock)) as run:
        ...     run.mark("training")
        ...     clock.wait(10)
        ...     run.mark("validation")
        ...     clock.wait(10)
        >>> run.between_marks("validation").power()
        <reading of scripted meter: 20 W at the component>
        """
        recorder = self._recorder(meter)
        begins = _numbers(recorder, start, "between_marks(start=)")
        finite_number(number, "between_marks(number=)", low=1, high=len(begins), whole=True)
        return self._section(recorder, begins[number - 1], stop)

    def _section(self, recorder: SteadyRecorder, number: int, stop: str = "") -> PowerLog:
        """The log of a section. Raises where it has no end of that name, or no reading at one of its ends."""
        section = recorder.section(number, stop)
        if section is None:
            behind = [mark.name for mark in recorder.marks[number + 1 :]]
            near = did_you_mean(stop, behind) or "no mark stands behind the start"
            raise MissingError.of("no_such_mark", "between_marks(stop=)", mark=stop, near=near)
        if not section.whole:
            where = f"{recorder.meter.meter.name}, mark {recorder.marks[number].name!r}"
            raise MeasurementError.of("section_without_ends", where, [str(one) for one in recorder.failures[-3:]])
        return self._log(recorder, section.begin, section.end + 1)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the result has to know, of all meters."""
        return tuple(note for recorder in self._begun() for note in self._said_of(recorder))

    def _said_of(self, recorder: SteadyRecorder) -> tuple[str, ...]:
        ended = [f"{self._ended} after {recorder.seconds:.6g} s"] if self._ended else []
        return (*recorder.notes, *ended)

    def _begun(self) -> Sequence[SteadyRecorder]:
        if not self._recorders:
            raise MeasurementError.of("run_not_begun", "lca.measure")
        return tuple(self._recorders.values())

    def _recorder(self, meter: str) -> SteadyRecorder:
        """The recorder of a meter; of the only one, if none is named."""
        there = self._begun()
        if not meter and len(there) == 1:
            return there[0]
        if meter not in self._recorders:
            names = list(self._recorders)
            if not meter:
                raise MissingError.of("which_meter_of_a_run", "meter=", names, first=names[0])
            raise MissingError.of("no_such_meter_of_a_run", "meter=", meter=meter, near=did_you_mean(meter, names))
        return self._recorders[meter]

    def _log(self, recorder: SteadyRecorder, begin: int, end: int) -> PowerLog:
        """The samples from one number to another, as a log with dates."""
        times, values = recorder.samples(begin, end)
        live, dates = recorder.meter, times - recorder.start + self._started
        log = live_log(
            live.meter, dates, values, counts=live.counts, wraps_at=live.wraps_at, dated=True,
            update_period=live.update_period, notes=self._said_of(recorder),
        )  # fmt: skip
        return log if recorder.file is None else replace(log, path=recorder.file.path)

    def __repr__(self) -> str:
        if not self._recorders:
            return "<run that has not begun>"
        each = [f"{name}: {one.seconds:.6g} s, {len(one.times)} samples" for name, one in self._recorders.items()]
        return f"<measured run, {'; '.join(each)}>"


def _numbers(recorder: SteadyRecorder, name: str, where: str) -> list[int]:
    """The numbers of the marks of a name, one at least. Raises `MissingError` where there is none."""
    found = [number for number, mark in enumerate(recorder.marks) if mark.name == name]
    if not found:
        near = did_you_mean(name, [mark.name for mark in recorder.marks]) or "the run has no marks"
        raise MissingError.of("no_such_mark", where, mark=name, near=near)
    return found
