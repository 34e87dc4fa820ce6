"""What was made last, kept for those who ask again; several threads may ask at the same time."""

from __future__ import annotations

from collections.abc import MutableMapping
from threading import Lock
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")
_LOCK = Lock()


def keep(kept: MutableMapping[K, V], key: K, made: V, most: int) -> V:
    """Keep what was made under a key, and give it back; of more than `most` the first is let go.

    >>> kept = {"a": 1}
    >>> keep(kept, "b", 2, most=1), kept
    (2, {'b': 2})
    """
    with _LOCK:
        while key not in kept and len(kept) >= most:
            del kept[next(iter(kept))]
        kept[key] = made
    return made
