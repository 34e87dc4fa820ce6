"""The tables of clauses: one file for each standard, in our own words, joined to the rules by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...checks import did_you_mean
from ...errors import MissingError

#: The files, in the order in which a check shows them.
_FILES = ("iso-14044", "iso-14067", "itu-t-l-1801", "ghg-protocol", "sci-for-ai")


@dataclass(frozen=True)
class Clause:
    """One item of a standard: its number where it is public, the item in our words, what to add, and the rule."""

    number: str
    item: str
    rule: str
    of: str
    add: str


@dataclass(frozen=True)
class Standard:
    """A standard: what it is called, its edition, whether its text was seen, and its clauses."""

    name: str
    title: str
    edition: str
    seen: bool
    known: str
    clauses: tuple[Clause, ...]

    @property
    def text(self) -> str:
        """Whether its text was at hand when the items were written."""
        return "seen" if self.seen else "not seen"


@cache
def standards() -> Mapping[str, Standard]:
    """Every standard by its name."""
    return {one.name: one for one in map(_read, _FILES)}


def _read(file: str) -> Standard:
    held = tomllib.loads(Path(__file__).with_name(f"{file}.toml").read_text(encoding="utf-8"))
    clauses = tuple(
        Clause(one["clause"], one["item"], one["rule"], one.get("of", ""), one.get("add", ""))
        for one in held["clauses"]
    )
    return Standard(held["name"], held["title"], held["edition"], held["seen"], held["known"], clauses)


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def chosen(names: Sequence[str] | None) -> list[Standard]:
    """The standards of some names, however they are spelled: "ISO 14044", "iso-14044"; all of them with None.

    >>> [one.name for one in chosen(["iso-14044"])]
    ['ISO 14044']
    """
    if names is None:
        return list(standards().values())
    known = {_folded(name): one for name, one in standards().items()}
    if unknown := [name for name in names if _folded(name) not in known]:
        near = did_you_mean(unknown[0], list(standards()), cutoff=0.4)
        raise MissingError.of("unknown_standard", "standards", name=unknown[0], near=near)
    return [known[_folded(name)] for name in names]
