"""What the table measures: in each file one way to solve the reference problem, or one question that users ask.

A case is a function. Its call is the set-up, which is not timed. It returns what is timed: a function of the number of
the round that gives an answer, as a mapping of names to numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Act = Callable[[int], Mapping[str, float]]


class NotAvailable(Exception):
    """What a case needs is not there: a feature, or a package."""
