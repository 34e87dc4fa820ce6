"""What was made last, kept to be used again: by a key, at most so many. Several threads may ask at the same time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

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
