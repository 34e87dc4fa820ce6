"""How numba compiles loops: without fastmath and without a lock of Python; NumPy's rules hold for what divides by 0."""

from __future__ import annotations

from numba import njit

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
