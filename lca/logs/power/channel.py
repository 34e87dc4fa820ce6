"""What the columns of a power log measure: where, of which device, and what each contains (M1, M4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...errors import LogError


@dataclass(frozen=True)
class Channel:
    """One measured thing: the power of a rail in W, or a counter of energy in J."""

    name: str
    at: str  # the boundary: component, board, wall, facility; "" where the format cannot say
    contains: tuple[str, ...] = ()  # channels of the same device whose energy is within this one
    counter: bool = False
    modulus: float | None = None  # J; where a counter wraps
    mean: bool = False  # each value is the mean power over the step that ends with it, not that of a moment
    step: float = 0.0  # the resolution, in W or J
    about: str = ""  # in words: "the whole module"


def refuse_overlap(names: Sequence[str], channels: Iterable[Channel], where: str) -> None:
    """Raise where one of the channels to be added contains another (M4)."""
    known = {channel.name: channel for channel in channels}
    sides = [
        f"{outer} contains {inner}" for outer in names for inner in within(outer, known) if inner in names
    ]  # fmt: skip
    if sides:
        raise LogError.of("channels_overlap", where, sides, first=sides[0].split(" contains ")[0])


def within(name: str, known: Mapping[str, Channel]) -> set[str]:
    """All that a channel contains, at any depth."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        channel = known.get(waiting.pop())
        new = set(channel.contains) - found if channel else set()
        found |= new
        waiting += new
    return found
