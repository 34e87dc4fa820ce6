"""Tables that print as far as their figures are supported, and keep every digit inside (A11)."""

from __future__ import annotations

import math
from typing import Any

import pandas


def significant(value: Any, digits: int = 3) -> str:
    """A number with so many significant digits, thousands separated, no exponent where it can be read.

    >>> significant(9876.54), significant(0.065123), significant(1.146e-7)
    ('9,880', '0.0651', '1.15e-07')
    """
    if not isinstance(value, float) or not math.isfinite(value):
        return "" if isinstance(value, float) else str(value)
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size < -4 or size > 11:
        return f"{value:.{digits - 1}e}"
    rounded = round(value, digits - 1 - size)
    size = math.floor(math.log10(abs(rounded)))
    return f"{rounded:,.{max(0, digits - 1 - size)}f}"


class Table(pandas.DataFrame):
    """A DataFrame that prints three significant digits; `.attrs` says what it contains."""

    @property
    def _constructor(self) -> type[Table]:
        return Table

    def __repr__(self) -> str:
        text = self.to_string(float_format=significant)
        note = self.attrs.get("note")
        return f"{text}\n{note}" if note else text

    __str__ = __repr__

    def _repr_html_(self) -> str:
        note = self.attrs.get("note")
        return self.to_html(float_format=significant, border=0) + (f"<p>{note}</p>" if note else "")
