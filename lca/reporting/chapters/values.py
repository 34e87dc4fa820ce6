"""Every value with its source (A10), the derivation of the result from them, and whom a publication has to cite."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from ...interpretation.attribution import attribution
from ...interpretation.credits import works_in
from ...interpretation.explain import definitions
from ...source_marks import marks
from ...units.number_text import significant
from ..grids import Cell, Grid
from ..one_alternative import derivations
from ..subject import Subject
from ..words import say, texts


def contents(subject: Subject) -> dict[str, object]:
    """The table of values, the derivations and the credits."""
    return {
        "grid": values(subject),
        "derivations": derivations(subject.one.model),
        "credits": attribution(subject.result.model).credits,
    }


def values(subject: Subject) -> Grid:
    """A row for each value: its name and key, its number, its spread, how it is known, and its source with links."""
    links = _links(subject)
    heads = tuple(texts()["heads"][name] for name in ("words", "nominal", "spread", "status", "source", "effect"))
    rows = tuple(_row(str(key), row, links.get(str(key), ())) for key, row in subject.values.to_dict("index").items())
    ids = tuple(place.removeprefix("#") for place in subject.places.values())
    numeric = (False, False, False, False, False, True)
    return Grid(say("values", count=len(rows)), heads, rows, numeric, str(subject.values.attrs.get("note", "")), ids)


def _row(key: str, row: Mapping[Hashable, Any], links: tuple[tuple[str, str], ...]) -> tuple[Cell, ...]:
    many = say("labels", count=row["values"]) if row["values"] > 1 else ""
    licence = "" if row["licence"] == "no table" else str(row["licence"])
    return (
        Cell(str(row["words"]), below=key),
        Cell(f"{row['nominal']} {row['unit']}".strip(), below=many),
        Cell(str(row["spread"])),
        Cell(str(row["status"]), below=str(row["kind"])),
        Cell(str(row["source"]), below=licence, links=links),
        Cell(significant(float(row["effect"]))),
    )


def _links(subject: Subject) -> dict[str, tuple[tuple[str, str], ...]]:
    """The works behind each value that have an address, by key."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for key, alike in definitions(subject.result.model).items():
        works = [work for one in alike for mark in marks(one.source) for work in works_in(mark.cited)]
        found[key] = tuple(dict.fromkeys((work.named, work.link) for work in works if work.link))
    return found
