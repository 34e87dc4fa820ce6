"""How NumPy broadcasts: without copies, where its buffers are no longer than a row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

#: Numbers of a buffer: those of the shortest step.
_NUMBERS = 1 << 10


@contextmanager
def short_buffers() -> Iterator[None]:
    """Calls of NumPy with short buffers, in this thread.

    A row is (n), a number for each row is (rows, 1). Where rows are shorter than a buffer, NumPy fills buffers with
    copies of both, which takes as long as the work. Elementwise calls have the same bits with buffers of any length.
    """
    before = np.setbufsize(_NUMBERS)
    try:
        yield
    finally:
        np.setbufsize(before)
