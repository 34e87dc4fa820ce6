"""What was made last, kept to be used again: by a key, at most so many. Several threads may ask at the same time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
_LOCK = Lock()


def kept(store: dict[Hashable, T], key: Hashable, most: int, make: Callable[[], T]) -> T:
    """What a store holds by a key; where it holds nothing, what `make` gives, in place of the oldest one.

    >>> store = {"a": 1, "b": 2}
    >>> kept(store, "b", 2, lambda: 7), kept(store, "c", 2, lambda: 3), store
    (2, 3, {'b': 2, 'c': 3})
    """
    found = store.get(key)
    if found is None:
        found = make()  # by two threads at the same time, perhaps: both make the same
        with _LOCK:
            while key not in store and len(store) >= most:
                del store[next(iter(store))]
            store[key] = found
    return found


class Once(Generic[T]):
    """What a function makes of some things, made once for the same things: they are compared by identity.

    >>> made, words = Once(len), ["a"]
    >>> made(words), words.append("b"), made(words)
    (1, None, 1)
    """

    def __init__(self, make: Callable[..., T]) -> None:
        self._make = make
        self._made: dict[tuple[int, ...], tuple[tuple[object, ...], T]] = {}  # with the things, so that ids stay theirs

    def __call__(self, *things: object) -> T:
        """What is made of these things."""
        key = tuple(map(id, things))
        if key not in self._made:
            self._made[key] = things, self._make(*things)
        return self._made[key][1]
