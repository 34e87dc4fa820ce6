"""Which places of data are in use, and what was made of their tables.

One mechanism holds all that is made of tables: `cached` keeps it with the data in use. So other data in use begin
with nothing, and the former find what they had. The data of the library and of installed distributions are in use,
unless `use_data` says otherwise for the program, or `using_data` for a block of one thread.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from ..errors import MissingError
from .layers import Layer
from .names import missing
from .places import DISTRIBUTIONS, Place, installed, own

_LOG = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
#: The data in use in a block of one thread (or task), and nowhere else.
_HERE: ContextVar[Data | None] = ContextVar("data in use", default=None)


@dataclass(frozen=True, eq=False)
class Data:
    """Places in the order in which they were named: a later one adds to the tables of those before it."""

    places: tuple[Place, ...]
    #: What was made of the tables, by the function that made it.
    made: dict[Callable[..., Any], Callable[..., Any]] = field(default_factory=dict, repr=False)

    @property
    def folders(self) -> list[str]:
        """The folders of all places, each once."""
        return sorted({folder for place in self.places for folder in place.folders})

    def having(self, folder: str) -> list[Place]:
        """The places that have a folder. Raises `MissingError` where none has it."""
        found = [place for place in self.places if folder in place.folders]
        if not found and folder in DISTRIBUTIONS:
            raise MissingError.of("folder_not_installed", folder, distribution=DISTRIBUTIONS[folder])
        if not found:
            raise missing(folder, self.folders, "folder of tables")
        return found

    def layers(self, folder: str, table: str) -> list[Layer]:
        """A table in each place that has it; the first has it whole."""
        places = [(place, place.tables(folder)) for place in self.having(folder)]
        found = [Layer(place, folder, tables[table]) for place, tables in places if table in tables]
        if not found:
            raise missing(table, {name for _, tables in places for name in tables}, f"table in {folder}")
        return found

    @property
    def stated(self) -> list[Layer]:
        """The tables of folders that a user stated."""
        places = [(place, folder) for place in self.places if place.stated for folder in place.folders]
        return [Layer(place, folder, one) for place, folder in places for one in place.tables(folder).values()]

    def versions(self) -> Iterator[tuple[str, str]]:
        """(place/folder, version with a hash) of every package."""
        for place in self.places:
            for folder, state in place.states.items():
                yield f"{place.name}/{folder}", state


class _Stated:
    """What a program stated for all of its threads; None: what is shipped."""

    data: Data | None = None


_STATED = _Stated()


@functools.cache
def shipped() -> Data:
    """The data of the library, and those of installed distributions: found at the first reading."""
    return _logged(Data((own(), *installed())))


def _logged(data: Data) -> Data:
    _LOG.info("data in use: %s", ", ".join(str(place.root) for place in data.places))
    return data


def in_use() -> Data:
    """The data in use, here and now."""
    return _HERE.get() or _STATED.data or shipped()


def state(data: Data | None) -> None:
    """These data in use from now on, wherever no block says otherwise."""
    _STATED.data = data if data is None else _logged(data)


@contextmanager
def using(data: Data) -> Iterator[Data]:
    """These data in use within a block, in its thread alone."""
    token = _HERE.set(_logged(data))
    try:
        yield data
    finally:
        _HERE.reset(token)


def cached(function: Callable[P, T]) -> Callable[P, T]:
    """`functools.cache` for what is made of tables: kept with the data in use, and made anew for others."""

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        made = in_use().made
        kept = made.get(function) or made.setdefault(function, functools.cache(function))
        found: T = kept(*args, **kwargs)
        return found

    return call
