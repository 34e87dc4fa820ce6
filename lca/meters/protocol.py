"""What a live meter gives: readings with their time, of a power or of an energy counter."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from .meter import Meter


class Sample(NamedTuple):
    """One reading of a live meter."""

    time: float  # s, of a clock that never goes back
    value: float  # W of a power, J of a counter


class LiveMeter(Protocol):
    """A meter that a program reads: a card, a processor, a plug, or a script.

    A meter that has no power to give raises; it never gives 0 in its place.
    """

    @property
    def meter(self) -> Meter:
        """The instrument: its name, where it sits, its accuracy and its resolution."""

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

    def close(self) -> None:
        """Free what it holds; may be called twice."""
