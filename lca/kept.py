"""What was made last, kept to be used again: by a key, at most so many."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")


def kept(store: dict[Hashable, T], key: Hashable, most: int, make: Callable[[], T]) -> T:
    """What a store holds by a key; where it holds nothing, what `make` gives, in place of the oldest one.

    >>> store = {"a": 1, "b": 2}
    >>> kept(store, "b", 2, lambda: 7), kept(store, "c", 2, lambda: 3), store
    (2, 3, {'b': 2, 'c': 3})
    """
    if key not in store:
        made = make()
        while len(store) >= most:
            del store[next(iter(store))]
        store[key] = made
    return store[key]
