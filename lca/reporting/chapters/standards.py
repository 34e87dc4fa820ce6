"""Standards: how many clauses were verified, stated by people, or are open, and each clause with what was found."""

from __future__ import annotations

from dataclasses import replace

from ..clauses.check import Check, check
from ..grids import Cell, Grid, grid
from ..subject import Subject
from ..words import say


def contents(subject: Subject) -> dict[str, object]:
    """How many clauses of each standard came to which verdict, and the clauses of each."""
    result, study = subject.result, subject.study
    found = check(result if study is None else replace(result, held=study, model=study.model))
    return {"counts": grid(found.counts, say("verdicts")), "grids": clauses(found)}


def clauses(found: Check) -> list[Grid]:
    """The clauses of each standard, a table for each."""
    made = []
    for name, rows in found.groupby("standard", sort=False):
        cells = tuple(
            (
                Cell(str(row["item"]), below=str(row["clause"])),
                Cell(str(row["verdict"])),
                Cell(str(row["found"]), below=f"add: {row['add']}" if row["add"] else ""),
            )
            for row in rows.to_dict("records")
        )
        seen = say("text_seen" if set(rows["text"]) == {"seen"} else "text_not_seen")
        heads = ("item", "verdict", "found")
        made.append(Grid(str(name), heads, cells, (False,) * len(heads), seen, first=len(cells)))
    return made
