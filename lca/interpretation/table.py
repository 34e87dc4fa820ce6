"""Tables that print as far as their figures are supported, keep every digit inside, leave nothing blank (A11, Q6)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas

#: What stands for a ratio to nothing, and why it does (Q6).
NOTHING = "n/a"
_WHY = f"{NOTHING}: of nothing there is no share and no per cent"
#: A cell that begins so is taken as a formula by spreadsheets (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def significant(value: Any, digits: int = 3) -> str:
    """A number with so many significant digits, thousands separated, no exponent where it can be read.

    >>> significant(9876.54), significant(0.065123), significant(1.146e-7), significant(math.nan)
    ('9,880', '0.0651', '1.15e-07', 'n/a')
    """
    if not isinstance(value, float) or not math.isfinite(value):
        return NOTHING if isinstance(value, float) else str(value)
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size < -4 or size > 11:
        return f"{value:.{digits - 1}e}"
    rounded = round(value, digits - 1 - size)
    size = math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(0, digits - 1 - size)}f}"


def note_of(frame: pandas.DataFrame) -> str:
    """The note of a table, with the reason where a cell of it has no number (Q6)."""
    numbers = frame.select_dtypes("float").to_numpy()
    said = [str(frame.attrs.get("note", "")), "" if np.isfinite(numbers).all() else _WHY]
    return "; ".join(filter(None, said))


class Table(pandas.DataFrame):
    """A DataFrame that prints three significant digits; `.attrs` says what it contains."""

    @classmethod
    def of(cls, rows: Any, index: str | list[str], note: str = "") -> Table:
        """A table of rows, or of a frame, with the columns that are its index, and a note."""
        made = cls(rows)
        made = made.set_index(index) if index else made
        made.attrs |= {"note": note} if note else {}
        return made

    @property
    def _constructor(self) -> type[Table]:
        return Table

    def __repr__(self) -> str:
        text = self.to_string(float_format=significant, na_rep=NOTHING)
        note = note_of(self)
        return f"{text}\n{note}" if note else text

    __str__ = __repr__

    def _repr_html_(self) -> str:
        note = note_of(self)
        text = self.to_html(float_format=significant, na_rep=NOTHING, border=0)
        return text + (f"<p>{note}</p>" if note else "")

    def to_csv(self, *args: Any, **rest: Any) -> Any:
        """As pandas writes it, with an apostrophe before texts that a spreadsheet would run as a formula."""
        made = pandas.DataFrame(self).map(_inert)
        for axis in ("index", "columns"):
            named = getattr(made, axis)
            setattr(made, axis, named.map(_inert).set_names([_inert(name) for name in named.names]))
        return made.to_csv(*args, **rest)


def _inert(cell: Any) -> Any:
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
