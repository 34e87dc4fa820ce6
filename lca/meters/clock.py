"""What tells the time of a measurement: the clock of this machine, or one that stands still until it is moved."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from ..arguments import entry
from ..checks import finite_number


@runtime_checkable
class Clock(Protocol):
    """What tells the time, waits, and calls an action again and again."""

    def now(self) -> float:
        """The time in s; it never goes back."""

    def wait(self, seconds: float) -> None:
        """Wait for some seconds."""

    def every(self, period: float, action: Callable[[], None]) -> Callable[[], None]:
        """Call an action once in each period; what this returns ends it."""


class MachineClock:
    """The clock of this machine. What it calls again and again runs in a thread of its own."""

    def now(self) -> float:
        """The time in s, of `time.perf_counter`."""
        return time.perf_counter()

    def wait(self, seconds: float) -> None:
        """Sleep for some seconds."""
        time.sleep(seconds)

    def every(self, period: float, action: Callable[[], None]) -> Callable[[], None]:
        """Call an action once in each period, in a thread; what this returns ends the thread."""
        done = threading.Event()

        def work() -> None:
            while not done.wait(period):
                action()

        thread = threading.Thread(target=work, name="lca-meter", daemon=True)
        thread.start()

        def stop() -> None:
            done.set()
            thread.join()

        return stop


class ScriptedClock:
    """A clock that stands still until `wait` moves it: a measurement with it takes no time, and repeats exactly.

    Examples
    --------
    >>> clock, seen = ScriptedClock(), []
    >>> stop = clock.every(1.0, lambda: seen.append(clock.now()))
    >>> clock.wait(2.5)
    >>> clock.now(), seen
    (2.5, [1.0, 2.0])
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._actions: list[_Repeated] = []

    def now(self) -> float:
        """The time in s since the clock was made."""
        return self._now

    @entry
    def wait(self, seconds: float) -> None:
        """Move the clock; what is to be called again and again is called on the way, at its times.

        Parameters
        ----------
        seconds : float
            How far, s.

        Raises
        ------
        DomainError
            If it would go back.

        Examples
        --------
        >>> clock = ScriptedClock()
        >>> clock.wait(0.5)
        >>> clock.now()
        0.5
        """
        end = self._now + finite_number(seconds, "ScriptedClock.wait(seconds=)", low=0)
        while (first := min(self._actions, key=lambda one: one.due, default=None)) and first.due <= end:
            self._now = first.due
            first.calls += 1
            first.action()
        self._now = end

    @entry
    def every(self, period: float, action: Callable[[], None]) -> Callable[[], None]:
        """Call an action once in each period of the scripted time.

        Parameters
        ----------
        period : float
            How often, s.
        action : function
            What is called.

        Returns
        -------
        function
            What ends it.

        Examples
        --------
        >>> clock = ScriptedClock()
        >>> stop = clock.every(1.0, lambda: print("at", clock.now()))
        >>> clock.wait(1.0)
        at 1.0
        >>> stop()
        >>> clock.wait(1.0)
        """
        made = _Repeated(self._now, period, action)
        self._actions.append(made)
        return lambda: self._actions.remove(made)


class _Repeated:
    """An action that is called again and again."""

    def __init__(self, start: float, period: float, action: Callable[[], None]) -> None:
        self.start, self.period, self.action, self.calls = start, period, action, 1

    @property
    def due(self) -> float:
        """When it is called next."""
        return self.start + self.calls * self.period
