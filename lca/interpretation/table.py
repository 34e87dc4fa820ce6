"""Tables that print as far as their figures are supported, keep every digit inside, leave nothing blank (A11, Q6)."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from ..units.number_text import NOTHING, significant

#: Why a cell has no number (Q6).
_WHY = f"{NOTHING}: a share of 0 cannot be computed"
#: A cell that begins so is taken as a formula by spreadsheets (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

#: How many rows are looked at for the width of a column, and the widest that a text is not broken in.
_LOOKED_AT, _WIDEST = 60, 28
_TABLE_STYLE = """.lca-table.lca-table.lca-table :is(th,td){vertical-align:top;text-align:right;max-width:36em}
.lca-table.lca-table.lca-table tbody th{text-align:left}"""


def _left(name: str, width: int, levels: int) -> str:
    """The rules of a column of texts: it stands on the left, and is not broken into single words."""
    table, number = f".{name}" * 4, int(name.rpartition("-")[2])
    wide = "white-space:nowrap" if width <= _WIDEST else f"min-width:{_WIDEST}ch"
    head = f"{table} thead th:nth-of-type({number + levels}){{text-align:left}}"
    return f"{head}{table} td:nth-of-type({number}){{text-align:left;{wide}}}"


def note_of(frame: pandas.DataFrame) -> str:
    """The note of a table, with the reason where a cell of it has no number (Q6); `.attrs["why"]` may state it."""
    numbers = frame.select_dtypes("float").to_numpy()
    note = str(frame.attrs.get("note", ""))
    if np.isfinite(numbers).all():
        return note
    why = str(frame.attrs.get("why", _WHY))
    return f"{note.removesuffix('.')}; {why}" if note else why


class Table(pandas.DataFrame):
    """A DataFrame that prints three significant digits; `.attrs` says what it contains."""

    @classmethod
    def of(
        cls, rows: pandas.DataFrame | Sequence[Mapping[str, object]], index: str | list[str], note: str = ""
    ) -> Table:
        """A table of rows, or of a frame, with the columns that are its index, and a note."""
        made = cls(rows)
        made = made.set_index(index) if index else made
        made.attrs |= {"note": note} if note else {}
        return made

    @property
    def _constructor(self) -> type[Table]:
        return Table

    def _number(self, value: float) -> str:
        """A number with three digits, or as many as the table asks for: narrow intervals need more."""
        return significant(value, int(self.attrs.get("digits", 3)))

    def __repr__(self) -> str:
        text = self.to_string(float_format=self._number, na_rep=NOTHING)
        note = note_of(self)
        return f"{text}\n{note}" if note else text

    __str__ = __repr__

    def _repr_html_(self) -> str:
        most = pandas.get_option("display.max_rows") or len(self)
        left = {f"lca-left-{number}": width for number, width in self._text_columns().items()}
        rules = [_left(name, width, self.index.nlevels) for name, width in left.items()]
        rules.append(f".lca-table.lca-table.lca-table thead th:nth-of-type(-n+{self.index.nlevels}){{text-align:left}}")
        style = f"<style>{_TABLE_STYLE}{''.join(rules)}</style>"
        about = {"float_format": self._number, "na_rep": NOTHING, "border": 0, "max_rows": most}
        text = style + str(self.to_html(classes=["lca-table", *left], **about))
        return text + (f"<p>{most} of {len(self):,} rows are shown.</p>" if len(self) > most else "")

    def _text_columns(self) -> dict[int, int]:
        """The columns of texts, counted from 1, and how many characters the longest text of each has."""
        head = pandas.DataFrame(self).head(_LOOKED_AT)
        texts = {place: head.iloc[:, place] for place in range(head.shape[1])}
        return {
            place + 1: max((len(str(one)) for one in column), default=0)
            for place, column in texts.items()
            if not pandas.api.types.is_numeric_dtype(column)
        }

    def to_html(self, buf: Any = None, **rest: Any) -> Any:
        """As pandas writes it, with the note as a paragraph below it."""
        note = note_of(self)
        text = f"{super().to_html(**rest)}{f'<p>{html.escape(note)}</p>' if note else ''}"
        if buf is None:
            return text
        if hasattr(buf, "write"):
            buf.write(text)
        else:
            Path(buf).write_text(text, encoding=rest.get("encoding") or "utf-8")
        return None

    def to_csv(self, *args: Any, **rest: Any) -> Any:
        """As pandas writes it, with an apostrophe before texts that a spreadsheet would run as a formula."""
        return self._inert().to_csv(*args, **rest)

    def to_excel(self, *args: Any, **rest: Any) -> None:  # type: ignore[misc]  # final in pandas, and still needed
        """As pandas writes it, with an apostrophe before texts that a spreadsheet would run as a formula."""
        self._inert().to_excel(*args, **rest)

    def _inert(self) -> pandas.DataFrame:
        made = pandas.DataFrame(self).map(_inert)
        for axis in ("index", "columns"):
            named = getattr(made, axis)
            setattr(made, axis, named.map(_inert).set_names([_inert(name) for name in named.names]))
        return made


def _inert(cell: object) -> object:
    """A cell of a CSV file: a text that is not a number is never taken for a formula.

    >>> _inert("=1+1"), _inert("-3.5"), _inert(-3.5), _inert("-5 to -2")
    ("'=1+1", '-3.5', -3.5, "'-5 to -2")
    """
    if isinstance(cell, tuple):
        return tuple(map(_inert, cell))
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")  # a bare CR is not quoted, and would begin a new row
    try:
        float(text)
    except ValueError:
        return f"'{text}" if text.startswith(_FORMULA) else text
    return text
