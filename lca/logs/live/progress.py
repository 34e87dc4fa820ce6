"""The line on a terminal that shows how a measured run goes."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from typing import Protocol

from ...meters.protocol import LiveMeter

#: How often the line is written anew, s.
_EACH = 1.0
_KWH = 3.6e6  # J


class Shown(Protocol):
    """What the line shows of a recorder."""

    joules: float
    meter: LiveMeter

    @property
    def seconds(self) -> float:
        """How long it has been read, s."""


class Line:
    """One line on the terminal, written over and over; nothing where the output does not go to a terminal."""

    def __init__(self, on: bool) -> None:
        self._on = on and sys.stderr.isatty()
        self._written_at, self._first, self._width = 0.0, "", 0

    def show(self, recorder: Shown) -> None:
        """Show time, mean power and energy of the first meter, about once a second."""
        now, name = time.monotonic(), recorder.meter.meter.name
        self._first = self._first or name
        if not self._on or name != self._first or now - self._written_at < _EACH or not recorder.seconds:
            return
        self._written_at = now
        self._write(text_of(recorder))

    def end(self) -> None:
        """Leave the terminal clean."""
        if self._width:
            self._write("")
            sys.stderr.write("\r")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text:<{self._width}}")
        sys.stderr.flush()
        self._width = len(text)


def text_of(recorder: Shown) -> str:
    """The line: "0:01:00  Tesla T4 0: mean 70 W, 0.001167 kWh at the component"."""
    meter, seconds = recorder.meter.meter, recorder.seconds
    shown = f"mean {recorder.joules / seconds:.4g} W, {recorder.joules / _KWH:.4g} kWh at the {meter.at}"
    return f"{timedelta(seconds=int(seconds))}  {meter.name}: {shown}"
