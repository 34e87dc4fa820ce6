"""The command `lca measure`: a command run under a meter, with its log on the disk."""

from __future__ import annotations

import argparse
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from types import FrameType
from typing import Self

from ...errors import LcaError, MeasurementError, MeterError
from ...meters.protocol import LiveMeter
from ...meters.spec import meter_of
from ...meters.there import available
from .measuring import measure
from .run import LiveRun

#: What a shell adds to the number of the signal that ended a command.
_BY_SIGNAL = 128


class NoMeter(Exception):
    """There is no meter that can be read, or no command; the text says which meters are there."""


class NotStarted(MeasurementError):
    """The command cannot be started."""


def measured(options: argparse.Namespace) -> tuple[LiveRun, int]:
    """Run the command under its meters; (the run, its exit status as a shell says it).

    Raises `NoMeter` where no meter can be read or there is no command, and `NotStarted` where it cannot start.
    """
    words = options.run[1:] if options.run[:1] == ["--"] else options.run
    if not words:
        raise NoMeter(_with_meters(str(MeasurementError.of("no_command_to_measure", "lca measure"))))
    save = options.save or f"lca-measure-{datetime.now():%Y%m%d-%H%M%S}.csv"
    with _opened(options.meter) as meters, ExitStack() as stack:
        try:
            run = stack.enter_context(measure(meters, save=save, progress=False))
        except MeterError as error:
            raise NoMeter(_with_meters(str(error))) from None
        status = _run(words)
    return run, status


@contextmanager
def _opened(names: Sequence[str]) -> Iterator[list[LiveMeter]]:
    """The meters that are asked for, or the first that this machine has."""
    try:
        meters = [meter_of(name) for name in names] or [_first()]
    except LcaError as error:
        raise NoMeter(_with_meters(str(error))) from None
    try:
        yield meters
    finally:
        for meter in meters:
            meter.close()


def _first() -> LiveMeter:
    """The first meter that can be read. Raises `MeterError` where there is none."""
    there = available()
    usable = there.index[there["usable"] == "yes"]
    if not len(usable):
        raise MeterError.of("no_meter_here", "lca measure")
    return meter_of(str(usable[0]))


def _with_meters(why: str) -> str:
    """An error, and what this machine has."""
    there = available()
    lines = [
        f"  {name:<18} {row['usable']:<5} {row['at'] or row['why'].partition(': ')[0]}"
        for name, row in there.iterrows()
    ]
    return "\n".join([why, "", "The meters of this machine, for --meter:", *lines])


def _run(words: Sequence[str]) -> int:
    """Run a command to its end; its exit status, as a shell says it."""
    with _Signals() as signals:
        try:
            process = subprocess.Popen(words)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise NotStarted.of("command_not_started", words[0], why=why) from None
        signals.begin(process)
        status = process.wait()
    return status if status >= 0 else _BY_SIGNAL - status


class _Signals:
    """What becomes of signals while a command runs: Ctrl-C reaches it by itself, SIGTERM is handed on.

    Neither ends the measurement, so that the log is ended with the command. No exception is raised for them: it could
    come between the end of the command and its exit status, which would then be lost.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False  # whether SIGTERM has come

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._take) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def begin(self, process: subprocess.Popen[bytes]) -> None:
        """Take a command that has just started; a signal that came before is handed on now."""
        self._process = process
        self._hand_on()

    def _take(self, number: int, frame: FrameType | None) -> None:
        self._ended = self._ended or number == signal.SIGTERM
        self._hand_on()

    def _hand_on(self) -> None:
        if self._ended and self._process is not None:
            self._process.terminate()
