"""What drives the spread: a figure and the table of indices, each leading to its value."""

from __future__ import annotations

from functools import partial

from ...interpretation.plot import drivers as figure_of_drivers
from ...interpretation.table import Table
from ..drawn import drawn
from ..grids import Cell, Grid, grid, percents
from ..subject import Subject
from ..words import named, say

_OF = {"total": "of the total", "functional_unit": "for one functional unit"}


def contents(subject: Subject) -> dict[str, object] | None:
    """The figure, the tables and what they mean; None where nothing has a spread."""
    if not subject.drivers:
        return None
    figure = partial(figure_of_drivers, subject.drivers["total"])
    called = "Shapley effects" if subject.tied else "Sobol' indices"
    return {
        "named": named(subject.labels),
        "figure": drawn(figure, "drivers", "Largest uncertainties", "drivers"),
        "meaning": say("shapley_effects" if subject.tied else "sobol_indices"),
        "grids": [_indices(subject, table, f"{called} {_OF[per]}") for per, table in subject.drivers.items()],
    }


def _indices(subject: Subject, table: Table, caption: str) -> Grid:
    """A row for each value: its name leads to its source, and its key stands below."""
    keys = [str(key) for key in table.index]
    plain = percents(table).set_index("words")
    made = grid(plain, caption)
    rows = zip(keys, made.rows, strict=True)
    cells = tuple((Cell(row[0].text, subject.places.get(key, ""), key), *row[1:]) for key, row in rows)
    return Grid(caption, made.heads, cells, made.numeric, str(table.attrs.get("note", "")))
