"""The reader of quantities that people write: "147 W", "2.37 kWh", "147 W ± 5 W (k=2)".

Nothing is guessed: what reads differently in two countries, or says less than it seems to, is refused
with the spelling to use (Q5). Units are read by `lca.units.parse.parse_unit`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ..checks import finite_number
from ..errors import ParseError, UnitError
from .parse import parse_unit
from .registry import PintQuantity

if TYPE_CHECKING:
    import numpy as np

    #: One number as a user may write it: a text with a unit, a number, a quantity of pint.
    Scalar: TypeAlias = str | float | np.generic | PintQuantity
else:
    Scalar = object  # `entry` leaves it to who reads it, who has more to say than of which class it is


@dataclass(frozen=True, slots=True)
class Parsed:
    """A quantity as it was written: number, unit text, and the width after a ±, if any."""

    value: float
    unit: str
    half_width: float | None = None
    coverage: str | None = None  # "k=1", "k=2" or "limits"


_POWER = r"[eE][+-]?\d+"
_NUMBER = rf"[+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:{_POWER})?"
#: A number, or one with its standard uncertainty in parentheses (GUM 7.2.2): of the last digits, or in full where it
#: has a point; and behind it a unit.
_CONCISE = re.compile(rf"([+-]?(?=\.?\d)\d*\.?(\d*))\((\d+|\d*\.\d+)\)({_POWER})?\s*(.*)", re.DOTALL)
_PLAIN = re.compile(rf"({_NUMBER}|[+-]?(?i:nan|inf|infinity)\b)\s*(.*)", re.DOTALL)
_PLUS_MINUS = re.compile(r"±|\+/?-")
_WIDTH = re.compile(rf"({_NUMBER})\s*(.*?)\s*(?:\((k\s*=\s*[12]|limits)\))?", re.DOTALL)
_PERCENT = re.compile("%|percent|pct")


def parse_quantity(text: str, where: str = "") -> Parsed:
    """Read a quantity; refuse what has two readings (Q5).

    Parameters
    ----------
    text : str
        A number and its unit, with or without an uncertainty: "147 W", "0.5 kg CO2e/kWh", "147 W ± 5 W (k=2)",
        "2.37(1) kWh".
    where : str
        What an error calls it: the name of the field that the text was given to.

    Returns
    -------
    Parsed
        The number, its unit, and its uncertainty.

    Raises
    ------
    ParseError
        For a text that is not a quantity, or can be read in two ways.
    UnitError
        For an uncertainty in another unit than the value.
    NonFiniteError
        For NaN and infinity.

    Examples
    --------
    >>> parse_quantity("147 W ± 5 W (k=2)")
    Parsed(value=147.0, unit='W', half_width=5.0, coverage='k=2')
    """
    where = f"{where}: {text!r}" if where else repr(text)
    text = text.strip().replace("\u2212", "-")  # the typographic minus is a minus
    try:
        _refuse_unclear_number(text)
        written, *widths = _PLUS_MINUS.split(text)
        concise, plain = _CONCISE.match(written), _PLAIN.match(written)
        if len(widths) + bool(concise) > 1:
            raise ParseError.of("two_uncertainties")
        if concise:
            return _with_digits(concise, where)
        if not plain:
            raise ParseError.of("no_number_at_the_start")
        value, unit = finite_number(float(plain[1]), where), plain[2].strip()
        return _with_width(value, unit, widths[0].strip(), where) if widths else Parsed(value, _unit(unit))
    except (ParseError, UnitError) as error:  # the part of the text that failed is shown as a whole, in its place
        raise type(error)(error.what, where=where, sides=error.sides, fix=error.fix) from None


_CURRENCY = re.compile(r"[$€£¥]|\b(?:USD|EUR|GBP)\b")
_MARKED = re.compile(
    r"[\d.]*\d,\d[\d.,]*|^[+-]?\d{1,3}(?:(?:[ '\u00a0\u202f]\d{3})+|(?:\.\d{3}){2,})(?!\d)"  # 2,37 or 1 000, 1.000.000
)
_RANGE = re.compile(rf"^({_NUMBER})\s*(?:[A-Za-z%]*\s*(?:[–—…]|\bto\b|\.\.|\s-\s)|-)\s*({_NUMBER})(\s*[^\d]*)$")


def _refuse_unclear_number(text: str) -> None:
    """Raise for numbers that read differently in different countries, and for what is not a single number."""
    if _CURRENCY.search(text):
        raise ParseError.of("currency")
    if marked := _MARKED.search(text):
        raise ParseError.of("decimal_or_thousands_mark", number=marked[0], readings=_readings(marked[0]))
    if found := _RANGE.match(text):
        raise ParseError.of("range_for_a_value", low=found[1], high=found[2], unit=found[3])


def _readings(marked: str) -> str:
    """The numbers that may be meant by one with marks in it: '"2.37" or "237"' for 2,37."""
    number = re.sub(r"[ '\u00a0\u202f]", "", marked)
    either = dict.fromkeys([number.replace(".", "").replace(",", "."), number.replace(",", "")])
    return " or ".join(f'"{one}"' for one in either if re.fullmatch(_NUMBER, one))


def _with_digits(match: re.Match[str], where: str) -> Parsed:
    """Read "2.37(1) kWh" as 2.37 kWh with the standard uncertainty 0.01 kWh, and so "2.37(0.01) kWh"."""
    value, decimals, digits, power, unit = match.groups(default="")
    places = 0 if "." in digits else len(decimals)
    width = float(f"{digits}e{int(power[1:] or 0) - places}")
    return Parsed(finite_number(float(value + power), where), _unit(unit), _above_zero(width, where), "k=1")


def _with_width(value: float, unit: str, text: str, where: str) -> Parsed:
    """A value and the text behind its ±: "5 W (k=2)", "5 (limits)", "2 % (k=1)"."""
    match = _WIDTH.fullmatch(text)
    if match is None or match[3] is None:
        raise ParseError.of("plus_minus_without_coverage")
    half, unit_right, coverage = match.groups()
    of_value = _PERCENT.fullmatch(unit_right)
    if _PERCENT.fullmatch(unit or unit_right) or (_PERCENT.search(unit_right) and not of_value):
        raise ParseError.of("percent_with_two_readings")
    left, root = parse_unit(unit or unit_right)
    right, root_right = parse_unit(unit if of_value else unit_right or unit)
    if root != root_right:
        raise UnitError.of("plus_minus_in_another_unit", sides=[f"{value:g} {unit}", f"± {half} {unit_right}"])
    scale = abs(value) * 0.01 if of_value else right / left
    return Parsed(value, unit or unit_right, _above_zero(float(half) * scale, where), coverage.replace(" ", ""))


def _above_zero(width: float, where: str) -> float:
    if not width > 0:
        raise ParseError.of("uncertainty_not_above_zero")
    return finite_number(width, where)


def _unit(text: str) -> str:
    """The unit behind a number, if it is one; a second number is none."""
    if text.strip() == "1":
        raise ParseError.of("two_numbers")
    parse_unit(text.strip())
    return text.strip()
