"""Modules are loaded while the garbage collector waits: what they make stays, and each look at it costs time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """The garbage collector waits meanwhile, then goes on as before. What was made counts as old to it.

    >>> with uncollected():
    ...     print(gc.isenabled())
    False
    >>> gc.isenabled()
    True
    """
    waits = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if waits:
            if not gc.get_freeze_count():  # what is set aside and taken back is old
                gc.freeze()
                gc.unfreeze()
            gc.enable()
