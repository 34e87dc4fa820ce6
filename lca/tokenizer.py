"""The reader of quantities that people write: "147 W", "2.37 kWh", "147 W ± 5 W (k=2)".

Nothing is guessed: what reads differently in two countries, or says less than it seems to, is refused
with the spelling to use (Q5). Units are read by `lca.units.parse_unit`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import NonFiniteError, ParseError, UnitError
from .units import parse_unit, require_finite


@dataclass(frozen=True, slots=True)
class Parsed:
    """A quantity as it was written: number, unit text, and the width after a ±, if any."""

    value: float
    unit: str
    half_width: float | None = None
    coverage: str | None = None  # "k=1", "k=2" or "limits"


_NUMBER = r"[+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_PLUS_MINUS = re.compile(
    rf"^({_NUMBER})\s*([^±(]*?)\s*(?:±|\+/-|\+-)\s*({_NUMBER})\s*([^()]*?|[^()]*\([^()]*\)[^()]*?)\s*"
    r"(?:\((k\s*=\s*[12]|limits)\))?$"
)
#: A standard uncertainty in parentheses (GUM 7.2.2): of the last digits, or in full where it has a point.
_CONCISE = re.compile(r"^([+-]?(?=\.?\d)\d*\.?(\d*))\((\d+|\d*\.\d+)\)([eE][+-]?\d+)?\s*(.*)$", re.DOTALL)
_PLAIN = re.compile(rf"^({_NUMBER})\s*(.*)$", re.DOTALL)


def parse_quantity(text: str, where: str = "") -> Parsed:
    """Read "147 W", "0.5 kg CO2e/kWh", "147 W ± 5 W (k=2)", "2.37(1) kWh"; refuse what has two readings (Q5).

    `where` names the field that the text was given to.

    >>> parse_quantity("147 W ± 5 W (k=2)")
    Parsed(value=147.0, unit='W', half_width=5.0, coverage='k=2')
    """
    where = f"{where}: {text!r}" if where else repr(text)
    text = text.strip().replace("\u2212", "-")  # the typographic minus is a minus
    try:
        _refuse_unclear_number(text, where)
        if re.search(r"±|\+/?-", text):
            return _parse_plus_minus(text, where)
        if concise := _CONCISE.match(text):
            return _parse_concise(concise, where)
        match = _PLAIN.match(text)
        if match is None:
            raise ParseError(
                "a text that does not begin with a number",
                fix='write a number and its unit, "147 W"; what is known roughly is a distribution, '
                'such as lca.Uniform("100 W", "200 W")',
            )
        return Parsed(require_finite(float(match[1]), where), _unit(match[2]))
    except (ParseError, UnitError) as error:  # the part of the text that failed is shown as a whole, in its place
        raise type(error)(error.what, where=where, sides=error.sides, fix=error.fix) from None


_CURRENCY = re.compile(r"[$€£¥]|\b(?:USD|EUR|GBP)\b")
_COMMA = re.compile(r"[\d.]*\d,\d[\d.,]*")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(?:(?:[ '\u00a0\u202f]\d{3})+|(?:\.\d{3}){2,})(?!\d)")
_RANGE = re.compile(rf"^({_NUMBER})\s*(?:[A-Za-z%]*\s*(?:[–—…]|\bto\b|\.\.|\s-\s)|-)\s*({_NUMBER})\s*([^\d]*)$")


def _refuse_unclear_number(text: str, where: str) -> None:
    """Raise for numbers that read differently in different countries, and for what is no single number."""
    if _CURRENCY.search(text):
        raise ParseError("a currency is no unit here", fix="leave costs out: they are not part of the model")
    if re.match(r"^[+-]?\s*(nan|inf(inity)?)\b", text, re.IGNORECASE):
        raise NonFiniteError("not a finite number", where=where, fix="leave a missing value out")
    if comma := _COMMA.search(text):
        readings = (comma[0].replace(".", "").replace(",", "."), comma[0].replace(",", ""))
        said = [f'"{one}"' for one in dict.fromkeys(readings) if re.fullmatch(_NUMBER, one)]
        raise ParseError(
            "a comma is a decimal mark in one country and a thousands mark in another",
            fix=f"write {' or '.join(said)}",
        )
    if grouped := _GROUPED.match(text):
        whole = re.sub(r"[^\d+-]", "", grouped[0])
        raise ParseError("a thousands mark is not read", fix=f'write "{whole}" or "{int(whole):_}"')
    if found := _RANGE.match(text):
        low, high, unit = found[1], found[2], found[3].strip()
        low, high = (f'"{number} {unit}"' if unit else number for number in (low, high))
        raise ParseError("a range is no single value", fix=f"say how it is spread: lca.Uniform({low}, {high})")


def _parse_plus_minus(text: str, where: str) -> Parsed:
    match = _PLUS_MINUS.match(text)
    if match is None:
        raise ParseError("a ± that cannot be read", fix='write "147 W ± 5 W (k=2)"')
    value, unit_left, half, unit_right, coverage = match.groups()
    if coverage is None:
        raise ParseError(
            "a ± does not say what it is",
            fix="add (k=1) for a standard uncertainty, (k=2) for an expanded one, or (limits) for bounds that "
            'hold for sure: "147 W ± 5 W (k=2)"',
        )
    unit, unit_right = unit_left or unit_right.strip(), unit_right.strip()
    scale, percent = 1.0, ("percent", "%", "pct")
    if unit_right not in percent and re.search("%|percent|pct", unit_right):
        rest = re.sub(r"%|percents?|pct", "", unit_right).strip()
        raise ParseError(
            "a ± of so many per cent of what: of the value, or of its unit?",
            fix=f'of the value is "{value} {unit_left or rest} ± {half} % ({coverage})"; else write both in one unit',
        )
    if unit in percent:
        raise ParseError(
            "a ± on a percentage: of points, or of the value?",
            fix='write plain numbers: "0.85 ± 0.05 (k=2)"',
        )
    if unit_left and unit_right:
        (left, a), (right, b) = parse_unit(unit_left), parse_unit(unit_right)
        if unit_right in percent:
            scale = abs(float(value)) * 0.01
        elif a != b:
            raise UnitError(
                "a ± in another unit than its value",
                sides=[f"{value} {unit_left}", f"± {half} {unit_right}"],
                fix='write both in one unit: "147 W ± 5 W (k=2)"',
            )
        else:
            scale = right / left
    parse_unit(unit)
    width = float(half) * scale
    if not width > 0:
        raise ParseError("a ± that is not above zero", fix="leave it out, or write the width")
    return Parsed(require_finite(float(value), where), unit, require_finite(width, where), coverage.replace(" ", ""))


def _parse_concise(match: re.Match[str], where: str) -> Parsed:
    """Read "2.37(1) kWh" as 2.37 kWh with the standard uncertainty 0.01 kWh, and so "2.37(0.01) kWh"."""
    value, decimals, digits, power, unit = match.groups(default="")
    places = 0 if "." in digits else len(decimals)
    width = float(f"{digits}e{int(power[1:] or 0) - places}")
    if not width > 0:
        raise ParseError("an uncertainty that is not above zero", fix=f'leave it out: "{value}{power} {unit}"')
    return Parsed(require_finite(float(value + power), where), _unit(unit), require_finite(width, where), "k=1")


def _unit(text: str) -> str:
    """The unit behind a number, if it is one; a second number is none."""
    if text.strip() == "1":
        raise ParseError("two numbers stand side by side", fix='write one number and then the unit, "5.1 W"')
    parse_unit(text.strip())
    return text.strip()
