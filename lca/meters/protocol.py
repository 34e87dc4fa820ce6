"""What a live meter gives: readings with their time, of a power or of an energy counter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol, runtime_checkable

from .clock import Clock
from .meter import Meter


class Sample(NamedTuple):
    """One reading of a live meter."""

    time: float  # s, of the clock of the meter
    value: float  # W of a power, J of a counter


@runtime_checkable
class LiveMeter(Protocol):
    """A meter that a program reads: a card, a processor, a plug, or a script.

    A meter that has no power to give raises; it never gives 0 in its place.
    """

    @property
    def meter(self) -> Meter:
        """The instrument: its name, where it sits, its accuracy and its resolution."""

    @property
    def clock(self) -> Clock:
        """What tells the time of its samples."""

    @property
    def counts(self) -> bool:
        """Whether it reads an energy counter in J; otherwise it reads a power in W."""

    @property
    def update_period(self) -> float | None:
        """How often its values are new, in s; None where that is not known."""

    @property
    def wraps_at(self) -> float | None:
        """Where a counter begins again, in J; None where it does not."""

    def read(self) -> Sample:
        """What it shows now. Raises `MeterError` where it shows nothing."""

    def conditions(self) -> Mapping[str, float]:
        """What else it knows of the device now, with the unit in the name: "temperature (°C)", "clock (MHz)"."""

    def close(self) -> None:
        """Free what it holds; may be called twice."""
