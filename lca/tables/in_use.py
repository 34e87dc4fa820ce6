"""Which places of data are in use, and what was made of their tables.

One mechanism holds all that is made of tables: `cached` keeps it with the data in use. So other data in use begin
with nothing, and the former find what they had. The data of the library and of installed distributions are in use,
unless `use_data` says otherwise for the program, or `using_data` for a block of one thread.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from ..checks import did_you_mean
from ..errors import MissingError
from .description import Package, Resource
from .names import near
from .places import DISTRIBUTIONS, Place, installed, own

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
        return sorted({folder for place in self.places for folder in place.packages})

    def packages(self, folder: str) -> list[tuple[Place, Package]]:
        """The places that have a folder, with its datapackage.json. Raises `MissingError` where none has it."""
        found = [(place, place.packages[folder]) for place in self.places if folder in place.packages]
        if not found and folder in DISTRIBUTIONS:
            raise MissingError.of("folder_not_installed", folder, distribution=DISTRIBUTIONS[folder])
        if not found:
            raise _no("folder of tables", folder, self.folders)
        return found

    def layers(self, folder: str, table: str) -> list[tuple[Place, Resource]]:
        """The places that have a table, with its description there; the first has it whole."""
        places = [place for place, _ in self.packages(folder)]
        found = [(place, one) for place in places if (one := place.resource(folder, table))]
        if not found:
            names = {one["name"] for place in places for one in place.packages[folder]["resources"]}
            raise _no(f"table in {folder}", table, sorted(names))
        return found

    def versions(self) -> Iterator[tuple[str, str]]:
        """(place/folder, version) of every package."""
        for place in self.places:
            for folder, package in place.packages.items():
                yield f"{place.name}/{folder}", str(package["version"])


def _no(what: str, name: str, known: list[str]) -> MissingError:
    return MissingError.of("not_in_the_data", what=what, name=name, near=did_you_mean(name, near(name, known) or known))


@functools.cache
def _shipped() -> Data:
    """The data of the library, and those of installed distributions: found at the first reading."""
    return Data((own(), *installed()))


def in_use() -> Data:
    """The data in use, here and now."""
    return _HERE.get() or _shipped()


@contextmanager
def using(data: Data) -> Iterator[Data]:
    """These data in use within a block, in its thread alone."""
    token = _HERE.set(data)
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
