"""Tables of texts, as templates lay them out: what an answer says, with links from its rows to the values behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas

from ..interpretation.table import Table, note_of
from ..units.number_text import significant
from .words import PERCENT, texts

#: Columns of shares, which are shown in per cent.
SHARES = ("share", "best", "gap", "front", "dominated_share")
#: As many rows of a table are shown; the others can be opened.
FIRST = 10


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a text, what it leads to, a quieter text below it, and addresses of its sources."""

    text: str
    href: str = ""
    below: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table as texts: heads, rows, which columns hold numbers, and the id of each row where others lead to it."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[bool, ...]
    note: str = ""
    ids: tuple[str, ...] = ()
    first: int = FIRST

    @property
    def pieces(self) -> tuple[Grid, ...]:
        """The rows that are shown at once, and the others; two rows more are not hidden."""
        if len(self.rows) <= self.first + 2:
            return (self,)
        whole = [(self.rows[: self.first], self.ids[: self.first]), (self.rows[self.first :], self.ids[self.first :])]
        return tuple(replace(self, rows=rows, ids=ids) for rows, ids in whole)


def grid(table: pandas.DataFrame, caption: str, hrefs: Mapping[str, str] | None = None) -> Grid:
    """A table of an answer as texts: three digits, shares in per cent; `hrefs` leads from words of its first column."""
    frame = table.reset_index()
    for name in frame.select_dtypes("bool"):
        frame[name] = ["yes" if one else "no" for one in frame[name]]
    columns = [[v * 100 for v in frame[name]] if name in SHARES else frame[name].tolist() for name in frame]
    rows = zip(*(map(significant, cells) for cells in columns), strict=True)
    heads = tuple(texts()["heads"].get(name, name).replace(" %", PERCENT) for name in map(str, frame.columns))
    numeric = tuple(dtype.kind == "f" for dtype in frame.dtypes)
    led = hrefs or {}
    cells = tuple((Cell(first, led.get(first, "")), *map(Cell, rest)) for first, *rest in rows)
    return Grid(caption.rstrip(", "), heads, cells, numeric, note_of(table))


def plain_grid(rows: Sequence[Mapping[str, str]], caption: str, note: str = "") -> Grid:
    """Rows of texts as a table."""
    heads = tuple(rows[0]) if rows else ()
    cells = tuple(tuple(map(Cell, row.values())) for row in rows)
    return Grid(caption, heads, cells, (False,) * len(heads), note)


def percents(table: Table) -> Table:
    """A table of shares of the variance in per cent."""
    made = table.copy()
    numbers = made.select_dtypes("float").columns
    made[numbers] = made[numbers] * 100
    made.columns = pandas.Index(["total order, %" if name == "total" else name for name in made.columns])
    return made
