"""What was reported: a printed number stands for all values that print so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ...arguments import entry
from ...distributions.reading import read_scalar
from ...errors import DomainError
from ...units.number_text import in_full
from ...units.quantity import conversion
from ...units.quantity_text import Scalar, parse_quantity

_DIGITS = re.compile(r"[+-]?[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?")
#: How many standard uncertainties on each side a report with a normal error may be off.
_WIDTHS = 2.0


@dataclass(frozen=True)
class Reported:
    """A reported value and what it stands for, in `unit`.

    Attributes
    ----------
    text : str
        As it was printed.
    low, high : float
        The ends of what it stands for: all values that print so. With a standard uncertainty it is two of them on
        each side.
    unit : str
        Their unit.
    sd : float or None
        The standard uncertainty, where one was stated; None for a value that was rounded, cut off or has limits.

    Examples
    --------
    >>> reported("0.386 J")
    <reported 0.386 J: 0.3855 to 0.3865 J>
    """

    text: str
    low: float
    high: float
    unit: str
    sd: float | None = None

    @property
    def middle(self) -> float:
        """The middle of what it stands for."""
        return (self.low + self.high) / 2

    def __repr__(self) -> str:
        return f"<reported {self.text}: {in_full(self.low, 6)} to {in_full(self.high, 6)} {self.unit}>"


@entry
def reported(text: str, *, rounding: Scalar | None = None, truncated: bool = False) -> Reported:
    """A printed value, and what it stands for: all values that print so.

    The last digit says how it was rounded: "0.386 J" is 0.3855 to 0.3865 J. A value with an uncertainty, "0.386 J ±
    0.004 J (k=2)", is taken with that error in place of the rounding.

    Parameters
    ----------
    text : str
        The value as it was printed, with all its digits and its unit.
    rounding : text with a unit, or number
        The step of the rounding, where it is another than that of the last digit: "5 J".
    truncated : bool
        Whether further digits were cut off: "0.386 J" is then 0.386 to 0.387 J.

    Returns
    -------
    Reported
        The ends of what it stands for.

    Raises
    ------
    ParseError
        If the text is not a quantity.
    DomainError
        If the step is not above 0, or if an uncertainty and a step or a cut are stated together.

    Examples
    --------
    >>> reported("0.386 J", truncated=True)
    <reported 0.386 J: 0.386 to 0.387 J>
    >>> reported("120 W", rounding="10 W").low
    115.0
    """
    read = parse_quantity(text, "reported")
    if read.half_width is not None and read.coverage is not None:
        if rounding is not None or truncated:
            raise DomainError.of("rounding_beside_an_uncertainty", f"reported: {text!r}")
        sd = None if read.coverage == "limits" else read.half_width / float(read.coverage[2:])
        half = read.half_width if sd is None else _WIDTHS * sd
        return Reported(text, read.value - half, read.value + half, read.unit, sd)
    printed, step = _printed(text, read.value), _step(rounding, read.unit)
    step = _last_digit(text) if step is None else step
    away = -1 if printed < 0 else 1
    ends = sorted((printed, printed + away * step)) if truncated else [printed - step / 2, printed + step / 2]
    return Reported(text, float(ends[0]), float(ends[1]), read.unit)


def _printed(text: str, value: float) -> Decimal:
    found = _DIGITS.match(text.strip().replace("\u2212", "-"))
    return Decimal(found[0].replace("_", "")) if found else Decimal(value)


def _last_digit(text: str) -> Decimal:
    """One unit of the last digit: 0.001 of "1.950", 1e-10 of "1.146e-07"."""
    return Decimal(1).scaleb(int(_printed(text, 0.0).as_tuple().exponent))


def _step(rounding: Scalar | None, unit: str) -> Decimal | None:
    """The step of a rounding in the unit of the value."""
    if rounding is None:
        return None
    value, own = read_scalar(rounding, "reported(rounding=)")
    size = Decimal(repr(value))
    if own and own != unit:
        size = Decimal(repr(value * conversion(own, unit, "reported(rounding=)")))
    if size <= 0:
        raise DomainError.of("rounding_not_above_zero", "reported(rounding=)", rounding=rounding)
    return size
