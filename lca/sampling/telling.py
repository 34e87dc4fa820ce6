"""Whether a run says on the terminal what it waits for: not where no progress is to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache


@dataclass
class _Runs:
    """How many runs of this process are to be silent."""

    silent: int = 0


@cache
def _runs() -> _Runs:
    return _Runs()


def may_tell() -> bool:
    """Whether every run of this process shows its progress.

    >>> with telling(progress=False):
    ...     may_tell()
    False
    >>> may_tell()
    True
    """
    return not _runs().silent


@contextmanager
def telling(*, progress: bool) -> Iterator[None]:
    """A run that shows its progress, or is silent; it may use threads."""
    _runs().silent += not progress
    try:
        yield
    finally:
        _runs().silent -= not progress
