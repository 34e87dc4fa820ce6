"""Ctrl-C as a request: a long run ends between two steps, and keeps what is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def ended_by_interrupt(ended: threading.Event) -> Iterator[None]:
    """Set `ended` at the first Ctrl-C; the second interrupts as always.

    Only where Python's own handler would raise, in the main thread: whoever has another handler keeps it.
    """
    usual = signal.default_int_handler
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is not usual:
        yield
        return

    def request(number: int, frame: FrameType | None) -> None:
        ended.set()
        signal.signal(signal.SIGINT, usual)

    signal.signal(signal.SIGINT, request)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
