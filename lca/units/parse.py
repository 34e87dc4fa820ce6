"""From text to a unit: the reader of the units that people write (Q5)."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import TypedDict, cast

import pint
from pint.util import ParserHelper

from ..checks import real
from ..errors import NotEvaluatedError, ParseError
from .registry import DIMENSIONLESS, PintQuantity, Unit, powers_of, registry

_BOUNDARYWORDS = re.compile(r"\bat\s+(?:the\s+)?(component|board|wall|facility|busbar)\b")
_GAS = re.compile(r"(?<![A-Za-z])((?:[nµμumkMGT]?[gt]|lb)?)\s*-?(CO2|CH4|N2O)(?:[-\s]?(eq|e)\b)?")
#: An area or a volume as data sheets write it, "mm2".
_AREA = re.compile(r"(?<![A-Za-zµμ_0-9])([ndcmkµμu]?m)([23])(?![A-Za-z0-9_])")
#: The largest power of a root unit: above it factors leave the range of floats.
_MOST = 24
_RAISED = re.compile("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_PLAIN = str.maketrans(
    {"%": " percent ", "·": "*", "^": "**", **dict(zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹₂₄", "-012345678924", strict=True))}
)
_NAME = r"[A-Za-zµμ_][A-Za-z0-9µμ_]*"
_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_TOKEN = re.compile(rf"(\*\*|[*/()]|{_NAME}|{_NUMBER})|(\S)")
#: The form of a unit, its tokens set apart by blanks: factors side by side, then factors that are divided by.
_FACTOR = rf"{_NAME}(?: \*\* {_NUMBER})?"
_PRODUCT = rf"(?:1 / {_FACTOR}|{_FACTOR}(?:(?: \*)? {_FACTOR})*)(?: / {_FACTOR})*"
_GROUP = re.compile(rf"\( {_PRODUCT} \)")
_WHOLE = re.compile(rf"(?:1|{_PRODUCT})?")
#: What is wrong with a text of another form: a message, and the form that it is about.
_MISREAD = {
    "number_in_a_unit": re.compile(rf"(?<!\*\* )(?<!\S)(?!1 /){_NUMBER}"),
    "unit_with_two_readings": re.compile(rf"/ {_FACTOR}(?: \*)? {_FACTOR}"),
}


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> tuple[float, Unit]:
    """Read a unit: (factor to root units, root units). Root units are kg, m, s, counts, gases, boundaries.

    A unit is made of factors side by side or with "*", and then of factors behind a "/" each. Factors in parentheses
    count as one, so that what stands below a slash has one reading.

    Parameters
    ----------
    text : str
        A unit, such as "kWh at the wall", "gCO2e/kWh" or "m^2".

    Returns
    -------
    tuple of float and Unit
        The factor to root units, and the root units.

    Raises
    ------
    ParseError
        For what could be read in two ways or not at all, with the spelling to use (Q5).

    Examples
    --------
    >>> parse_unit("gCO2e/kWh")[0] == 1e-3 / 3.6e6
    True
    >>> str(parse_unit("kWh at the wall")[1])
    'kilogram * meter ** 2 * at_wall / second ** 2'
    """
    tokens = _tokens(text)
    roots = {name: _named(name, text) for name in tokens if re.fullmatch(_NAME, name)}
    written = form = " ".join(tokens)
    while (shorter := _GROUP.sub("group", form)) != form:
        form = shorter
    if not _WHOLE.fullmatch(form):
        raise ParseError.of(_misread(form), repr(text))
    factor, unit = 1.0, DIMENSIONLESS
    try:
        for name, power in cast(Mapping[str, float], ParserHelper.from_string(written)).items():
            one, root_unit = roots[name]
            factor, unit = factor * one**power, unit * root_unit**power
    except (ArithmeticError, RecursionError):
        factor = math.inf
    if not 0 < factor < math.inf or any(abs(power) > _MOST for power in powers_of(unit).values()):
        raise ParseError.of("power_too_high", repr(text), most=_MOST)
    return factor, unit


def _tokens(text: str) -> list[str]:
    """The names, numbers and signs of a unit; gases, boundaries and powers in one spelling."""
    prepared = _RAISED.sub(lambda match: f"^{match[0]}", text).translate(_PLAIN)
    prepared = _BOUNDARYWORDS.sub(r"at_\1", prepared)
    prepared = _GAS.sub(_gas, re.sub(r"\bper\b", "/", _AREA.sub(r"\1**\2", prepared)))
    found = _TOKEN.findall(re.sub(r"^\s*/", "1/", prepared))
    if strays := [stray for _, stray in found if stray]:
        raise ParseError.of("stray_sign_in_a_unit", repr(text), sign=strays[0])
    return [token for token, _ in found]


def _misread(form: str) -> str:
    """The message for a text that does not have the form of a unit."""
    return next((key for key, wrong in _MISREAD.items() if wrong.search(form)), "unit_not_readable")


def _gas(match: re.Match[str]) -> str:
    """A mass of gas as one factor, "kWh/kg CO2e"; a power behind it belongs to the gas alone."""
    mass, gas = match[1], f"{match[2]}{'e' if match[3] else ''} "
    raised = match.string[match.end() :].lstrip().startswith("**")
    return f"{mass} {gas}" if raised or not mass else f"({mass}*{gas})"


def _named(name: str, text: str) -> tuple[float, Unit]:
    """A unit by its name alone, as `parse_unit` gives it."""
    instead = _instead().get(name) or _instead().get(name.removesuffix("s"))
    if instead:
        raise ParseError.of("unit_spelled_otherwise", repr(text), name=name, instead=instead)
    try:
        factor, unit = registry.get_root_units(name)
    except (pint.errors.UndefinedUnitError, AttributeError, ValueError):
        near = _near(name)
        other = "boundary_unknown" if name.startswith("at_") else "unit_unknown"
        key = "unit_misspelled" if near else other
        raise ParseError.of(key, repr(text), name=name, near=" or ".join(map(repr, near))) from None
    return float(cast(float, factor)), unit._units


class _Spellings(TypedDict):
    common: str
    instead: Mapping[str, str]


@cache
def _spellings() -> _Spellings:
    found = tomllib.loads(Path(__file__).with_name("spellings.toml").read_text(encoding="utf-8"))
    return cast(_Spellings, found)


@cache
def _instead() -> Mapping[str, str]:
    """What to write for a name that is not a unit here."""
    return {name: spelling for spelling, names in _spellings()["instead"].items() for name in names.split()}


def _near(name: str) -> list[str]:
    """What may have been meant by a name that is not a unit: other capitals first, then a misspelling."""
    known = [*_spellings()["common"].split(), *(str(one) for one in registry._units if len(str(one)) > 2)]
    capitals = [one for one in known if one.lower() == name.lower()]
    return list(dict.fromkeys(capitals or get_close_matches(name, known, 3, 0.75)))


def from_pint(quantity: PintQuantity, where: str = "") -> tuple[object, str]:
    """(magnitude, unit text) of a pint quantity of any registry, through its text (Q8)."""
    magnitude = quantity.magnitude
    if real(magnitude) is None and getattr(getattr(magnitude, "dtype", None), "kind", "") not in ("i", "u", "f"):
        raise NotEvaluatedError.of("quantity_of_no_number", where, magnitude=magnitude, unit=quantity.units)
    text = f"{quantity.units:D}"
    return magnitude, "" if text == "dimensionless" else text


def pint_unit(text: str) -> pint.Unit:
    """A unit as pint writes it, of the registry here; `parse_unit` says first whether it can be read."""
    parse_unit(text)
    return registry.parse_units(" ".join(_tokens(text)))


def root(text: str) -> Unit:
    """Root units of a unit text."""
    return parse_unit(text)[1]
