"""What a component must not be given: the faults of one place side by side, each with its error and its message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from .errors import LcaError

#: Whether there is a fault, or the sides that show it; the error, the key of its message, and where it is.
Fault: TypeAlias = tuple[bool | Sequence[str], type[LcaError], str, str]


def refuse(*faults: Fault, **values: object) -> None:
    """Raise the first of some faults that there is; `values` fill its message.

    >>> from lca.errors import MissingError
    >>> refuse((False, MissingError, "batch_size_not_given", "engine.batch"))
    """
    for found, error, message, where in faults:
        if found:
            raise error.of(message, where, () if found is True else found, **values)
