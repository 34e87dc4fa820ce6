"""How numba compiles loops: without fastmath and without a lock of Python; NumPy's rules hold for what divides by 0."""

from __future__ import annotations

import sys

from numba import njit
from numba.core.event import Event, Listener, register

from .telling import may_tell

#: What a first run on a machine is told.
WAITING = "lca: numba compiles its evaluator for this machine, once. It takes some ten seconds."

_OPTIONS = dict(nogil=True, error_model="numpy", boundscheck=False)

#: Of a part of a loop, which is compiled with what calls it.
part = njit(**_OPTIONS)


def loop(function):
    """Compiled at its first call, and kept for other processes where a folder can be written.

    What is kept belongs to the file of the function alone: parts and numbers of a loop stand in one file with it.
    """
    try:
        return njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:
        return njit(**_OPTIONS)(function)


class Told(Listener):
    """Says why the first run on a machine waits: what is compiled is kept, and later runs load it."""

    said = False

    def on_start(self, event: Event) -> None:
        """Before numba compiles a loop of this package, which it did not find on disk; silent runs stay silent."""
        of_ours = event.data["dispatcher"].py_func.__module__.startswith(__package__)
        if of_ours and not self.said and may_tell():
            self.said = True
            print(WAITING, file=sys.stderr, flush=True)

    def on_end(self, event: Event) -> None:
        """Nothing is said of the end: the run goes on."""


register("numba:compile", Told())
