"""Names to offer for one that is not there: first those that contain its words, then those spelled alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from . import tables
from .checks import did_you_mean
from .errors import MissingError

K = TypeVar("K")
T = TypeVar("T")
#: As many names as a reader takes in at a glance.
_MOST = 6
#: Inside a word, shorter pieces are found by accident.
_LONG = 4


def entry_of(name: K, entries: Mapping[K, T], what: str, where: str) -> T:
    """The entry of a name; `what` says in an error what it is the name of.

    Raises `MissingError` with all names where they are few, else with near ones.

    >>> entry_of("water", {"water": "L"}, "impact category", "categories")
    'L'
    """
    if name not in tuple(entries):  # a tuple also takes names that have no hash
        near = did_you_mean(name, entries, cutoff=0.6 if len(entries) > _MOST else 1.0)
        raise MissingError.of("name_unknown", where, what=what, name=name, near=near)
    return entries[name]


def near_names(
    wanted: str, names: Mapping[str, str], alike: Callable[[str, Iterable[str]], list[str]] = tables.near
) -> list[str]:
    """At most six names: those whose text contains every word of `wanted`, then those spelled like it.

    `names` gives for each text that may be searched the name to offer. A word begins a word of the text, or is
    long enough to be found inside one. `alike` finds the texts that are spelled like it.

    >>> near_names("A100", {"H100": "h100", "A100 SXM4": "a100-sxm4-40gb"})
    ['a100-sxm4-40gb', 'h100']
    """
    words = re.findall(r"[^\W_]+", wanted.casefold())
    holding = [name for text, name in names.items() if words and all(_holds(text.casefold(), word) for word in words)]
    spelled = [names[text] for text in alike(wanted, names)]
    return list(dict.fromkeys([*holding, *spelled]))[:_MOST]


def _holds(text: str, word: str) -> bool:
    at = text.find(word)
    return at >= 0 and (len(word) >= _LONG or re.search(rf"(?<![^\W_]){word}", text) is not None)
