"""Names of tables, columns and rows: what a table has under one, and names near one that it lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from ..checks import did_you_mean
from ..errors import MissingError

T = TypeVar("T")


def pick(known: Mapping[str, T], name: object, what: str, where: str = "") -> T:
    """What a table has under a name. Raises `MissingError` with near names; `what` says in words what is named.

    >>> pick({"wind": 11, "gas": 490}, "wind", "technology")
    11
    """
    if not isinstance(name, str) or name not in known:
        raise missing(name, known, what, where)
    return known[name]


def missing(name: object, known: Collection[str], what: str, where: str = "") -> MissingError:
    """The error of a name that is not there, with near names."""
    offered = near(name, known) or sorted(known)
    return MissingError.of("not_in_the_data", where, what=what, name=name, near=did_you_mean(name, offered))


def near(name: object, names: Iterable[str]) -> list[str]:
    """Names spelled like `name`, closest first, capitals aside.

    >>> near("us-rfcv", ["DE", "US-RFCE", "US-SRVC"])
    ['US-RFCE', 'US-SRVC']
    """
    folded = {other.casefold(): other for other in names}
    return [folded[match] for match in get_close_matches(str(name).casefold(), folded)]
