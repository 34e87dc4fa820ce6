"""The one registry of units, its few definitions, and the reader of the units that people write.

Gases, counts and measurement boundaries are dimensions of their own, so that plain pint
arithmetic catches a PUE used twice, CO2 added to CO2e, or board energy met by a grid factor
(rules Q2, Q3). Inside the graph a unit is a container of root units (`Unit`); text becomes a
unit in `parse_unit` and a unit becomes text in `unit_text`, and nowhere else.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypedDict, TypeGuard, cast

import pint
from pint.util import ParserHelper, UnitsContainer

from ..checks import real
from ..errors import NotEvaluatedError, ParseError

Unit: TypeAlias = UnitsContainer
#: What pint raises where units do not fit.
DimensionalityError = pint.DimensionalityError

BOUNDARIES = ("at_component", "at_board", "at_wall", "at_facility", "at_busbar")
GASES = ("CO2e", "CO2", "CH4", "N2O")
COUNTS = ("inference", "token", "request", "iteration", "batch", "device")
#: A year of 365.25 days, as `definitions.txt` has it.
YEAR_SECONDS = 365.25 * 86_400

registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
registry.load_definitions(Path(__file__).with_name("definitions.txt"))
DIMENSIONLESS: Unit = UnitsContainer()

_BOUNDARYWORDS = re.compile(r"\bat\s+(?:the\s+)?(component|board|wall|facility|busbar)\b")
_GAS = re.compile(r"(?<![A-Za-z])((?:[nµμumkMGT]?[gt]|lb)?)\s*-?(CO2|CH4|N2O)(?:[-\s]?(eq|e)\b)?")
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
    >>> unit_text(parse_unit("kWh at the wall")[1])
    'kWh at the wall'
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
    prepared = _GAS.sub(_gas, re.sub(r"\bper\b", "/", prepared))
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


class PintQuantity(Protocol):
    """A number or an array with its unit: a quantity of any registry of pint."""

    @property
    def magnitude(self) -> Any:
        """A number or an array."""

    @property
    def units(self) -> object:
        """Its unit, which "D" writes as text."""


def is_pint(value: object) -> TypeGuard[PintQuantity]:
    """Whether a value is a quantity of pint.

    >>> is_pint(registry.Quantity(3, "W")), is_pint(3)
    (True, False)
    """
    return hasattr(value, "magnitude") and hasattr(value, "units")


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


WORDS = {name: name.replace("at_", "at the ") for name in BOUNDARIES}
#: Root units that are shown as another: chips are measured in square centimetres, memories in gigabytes.
_SHOWN = {"meter": ("km", 1e3), "meter^2": ("cm", 1e-2), "byte": ("GB", 1e9), "liter": ("L", 1.0)}


def powers_of(unit: Unit) -> dict[str, float]:
    """The root units of a unit, each with its power."""
    return {str(name): float(cast(float, power)) for name, power in unit.items()}


@lru_cache(maxsize=4096)
def display(unit: Unit) -> tuple[str, float]:
    """(text, root units per displayed unit) of a unit: energies in kWh (J per count), power in W, else SI.

    >>> display(parse_unit("lb CO2e/(MWh at_busbar)")[1])[0]
    'kg CO2e/(kWh at the busbar)'
    """
    powers = powers_of(unit)
    joule = powers.get("meter", 0.0) / 2
    if joule % 1 == 0 and joule * powers.get("second", 0.0) < 0:
        del powers["meter"]
    elif not joule and powers.get("second", 0.0) == -2 and powers.get("kilogram", 0.0) == 1:  # energy per area
        joule, powers["meter"] = 1.0, -2.0
    else:  # a length, an area or a speed is no part of an energy
        joule = 0.0
    mass = powers.pop("kilogram", 0.0) - joule
    time = powers.pop("second", 0.0) + 2 * joule
    watt = 0.0
    if joule and time == -joule:
        watt, joule, time = joule, 0.0, 0.0
    per_count = any(powers.get(name, 0) < 0 for name in ("inference", "token", "request", "batch"))
    energy, energy_factor = ("J", 1.0) if per_count else ("kWh", 3.6e6)
    gases = {gas: powers.pop(gas, 0.0) for gas in GASES}
    boundaries = {WORDS[name]: powers.pop(name, 0.0) for name in BOUNDARIES}
    if not mass and sorted(filter(None, gases.values())) == [-1, 1]:  # kg CO2e/kg N2O, where the kg cancel
        gases = {f"kg {gas}": power for gas, power in gases.items()}
    factor = energy_factor**joule
    others = {}
    for name, power in sorted(powers.items()):
        shown, size = _SHOWN.get(name if power % 2 else f"{name}^2", _SHOWN.get(name, (name, 1.0)))
        others[shown] = power
        factor *= size**power
    parts = {"kg": mass, **gases, energy: joule, "W": watt, "s": time, **others, **boundaries}
    top = [_raised(name, power) for name, power in parts.items() if power > 0]
    bottom = [_raised(name, -power) for name, power in parts.items() if power < 0]
    below = bottom[0] if len(bottom) == 1 else f"({' '.join(bottom)})"
    return (" ".join(top) or ("1" if bottom else "")) + (f"/{below}" if bottom else ""), factor


def _raised(name: str, power: float) -> str:
    return name if power == 1 else f"{name}^{power:g}"


def unit_text(unit: Unit) -> str:
    """The display text of a unit; "a pure number" where there is none."""
    return display(unit)[0] or "a pure number"


def _only(unit: Unit, names: Sequence[str]) -> str | None:
    """The one of these root units that a unit carries with exponent 1; None where there is none, or several."""
    found = [name for name in names if unit.get(name, 0) == 1]
    return found[0] if len(found) == 1 else None


def boundary_of(unit: Unit) -> str | None:
    """The measurement boundary that a unit carries with exponent 1, or None (Q3)."""
    return _only(unit, BOUNDARIES)


def gas_of(unit: Unit) -> str | None:
    """The gas that a unit carries with exponent 1, or None (Q2)."""
    return _only(unit, GASES)


def root(text: str) -> Unit:
    """Root units of a unit text."""
    return parse_unit(text)[1]
