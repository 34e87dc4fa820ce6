"""A counter of energy that stands still: what is on draws something, so such a counter measures nothing (M6)."""

from __future__ import annotations

import math

from ..errors import MeterError

#: A counter without a new value for so many update periods, and for so long (s) at least, stands still.
PERIODS = 50
LEAST = 5.0


class Still:
    """Watches one counter. A counter that somebody reads by hand is not watched.

    >>> watch = Still("card 0", update_period=0.1)
    >>> for second in range(5):
    ...     watch.check(second, 7.0)
    """

    def __init__(self, name: str, *, update_period: float | None) -> None:
        self._name, self.limit = name, max(PERIODS * (update_period or 0.0), LEAST)
        self._since, self._shown = 0.0, math.nan

    def check(self, time: float, value: float) -> None:
        """Take a reading in; raises `MeterError` while the counter stands still."""
        if value != self._shown:
            self._since, self._shown = time, value
        elif time - self._since >= self.limit:
            raise MeterError.of(
                "counter_stands_still", self._name, shown=f"{value:g} J", seconds=f"{time - self._since:.4g}"
            )
