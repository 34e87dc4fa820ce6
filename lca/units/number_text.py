"""Numbers as text: rounded for tables, in full for formulas; an exponent only where zeros would be counted (A11)."""

from __future__ import annotations

import math

from .registry import YEAR_SECONDS, Unit
from .text import display

#: What stands for a ratio to nothing.
NOTHING = "n/a"


def significant(value: object, digits: int = 3) -> str:
    """A number rounded to so many significant digits, with thousands separated; other values as they print.

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


def in_full(value: float, digits: int = 4) -> str:
    """A number with all digits before the point and at least so many in all, without zeros at the end.

    >>> in_full(20_123.4), in_full(2_000.4), in_full(0.99999), in_full(0.5), in_full(1.146e-7)
    ('20,123', '2,000', '1', '0.5', '1.146e-07')
    """
    number = float(value)
    size = math.floor(math.log10(abs(number))) if number and math.isfinite(number) else 0
    if size < -4 or size > 14:
        return f"{number:.{digits}g}"
    text = f"{number:,.{max(0, digits - 1 - size)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def readable(unit: Unit, size: float) -> tuple[str, float]:
    """(text, root units per unit shown) of the display unit of a value; long times in hours or years, few FLOP as such.

    >>> from lca.units.parse import root
    >>> readable(root("s"), 7200.0), readable(root("W"), 3.0), readable(root("FLOP/token"), 6.0)
    (('h', 3600.0), ('W', 1.0), ('FLOP/token', 1.0))
    """
    text, factor = display(unit)
    if unit.get("FLOP", 0) == 1 and abs(size) < 1e11:
        word, less = ("FLOP", 1e12) if abs(size) < 1e6 else ("GFLOP", 1e3)
        return text.replace("TFLOP", word), factor / less
    if text == "s" and abs(size) >= 3600:
        return ("year", YEAR_SECONDS) if abs(size) >= YEAR_SECONDS / 10 else ("h", 3600.0)
    return text, factor
