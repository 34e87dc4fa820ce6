"""The power rails of the Jetson boards as channels of a log (M1, M4); lca/meters/jetson_rails.py knows their names."""

from __future__ import annotations

from collections.abc import Sequence

from ...meters.jetson_rails import contained, whole_of
from .channel import Channel


def rails_of(names: Sequence[str], step: float) -> list[Channel]:
    """A channel for each rail, with what it contains; `step` is the resolution, in W."""
    whole = whole_of(names)
    return [_rail(name, names, whole, step) for name in names]


def _rail(name: str, names: Sequence[str], whole: tuple[str, ...], step: float) -> Channel:
    about = "the whole board" if whole == (name,) else "a part of the whole board" if name in whole else "a part"
    return Channel(name, at="board", contains=contained(name, names), step=step, about=about)


def said_of(whole: Sequence[str]) -> str:
    """A note for the log: which rails are the whole board, and what is outside."""
    if not whole:
        return "no rail of this log is known as the whole board"
    outside = "" if tuple(whole) == ("VIN",) else " and without its carrier board"
    return f"the whole board is {' + '.join(whole)}, without its power supply{outside}"
