"""The one registry of units, its few definitions, and the reader of the units that people write.

Gases, counts and measurement boundaries are dimensions of their own, so that plain pint
arithmetic catches a PUE used twice, CO2 added to CO2e, or board energy met by a grid factor
(rules Q2, Q3). Inside the graph a unit is a container of root units (`Unit`); text becomes a
unit in `parse_unit` and a unit becomes text in `unit_text`, and nowhere else.
"""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeAlias, cast

import numpy.typing as npt
import pint
from pint.util import UnitsContainer

from .arguments import entry
from .checks import numeric
from .errors import DomainError, NonFiniteError, NotEvaluatedError, ParseError
from .spellings import COMMON, INSTEAD

Unit: TypeAlias = UnitsContainer
#: What pint raises where units do not fit.
DimensionalityError = pint.DimensionalityError

BOUNDARIES = ("at_component", "at_board", "at_wall", "at_facility", "at_busbar")
GASES = ("CO2e", "CO2", "CH4", "N2O")
COUNTS = ("inference", "token", "request", "iteration", "batch", "device")
#: What a quantity is of, beside gases: data, energy as found in nature, antimony equivalents, and the part of
#: an electricity that a publisher calls carbon-free. Each is a dimension, so that none stands in for another;
#: so is the volume of water, which is all that is measured in litres here.
KINDS = ("byte", "primary", "Sbe", "carbon_free")

_DEFINITIONS = """
nano- = 1e-9 = n-
micro- = 1e-6 = µ- = μ- = u-
milli- = 1e-3 = m-
kilo- = 1e3 = k-
mega- = 1e6 = M-
giga- = 1e9 = G-
tera- = 1e12 = T-
second = [time] = s = sec
meter = [length] = m = metre
centimeter = 1e-2 meter = cm
liter = [water] = L = litre
kilogram = [mass] = kg
gram = 1e-3 kilogram = g
tonne = 1e3 kilogram = t = metric_ton
pound = 0.45359237 kilogram = lb
minute = 60 second = min
hour = 3600 second = h = hr
day = 24 hour = d
week = 7 day
year = 365.25 day = yr
month = year / 12
hertz = 1 / second = Hz
joule = kilogram * meter ** 2 / second ** 2 = J
watt = joule / second = W
watt_hour = 3600 joule = Wh
percent = 0.01 = pct
byte = [byte] = B
""" + "".join(f"{name} = [{name}]\n" for name in (*BOUNDARIES, *GASES, *COUNTS, *KINDS) if name != "byte")


def _build_registry() -> pint.UnitRegistry[Any]:
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
    registry.load_definitions(_DEFINITIONS.strip().splitlines())
    return registry


registry = _build_registry()
DIMENSIONLESS: Unit = UnitsContainer()

_BOUNDARYWORDS = re.compile(r"\bat\s+(?:the\s+)?(component|board|wall|facility|busbar)\b")
_GAS = re.compile(r"(?<![A-Za-z])((?:[nµμumkMGT]?[gt]|lb)?)\s*-?(CO2|CH4|N2O)(?:[-\s]?(eq|e)\b)?")
_EXPONENT = r"[+-]?\d+(?:\.\d+)?"
_TOKEN = re.compile(r"\s*(?:(\*\*|\^|[*·/()])|([A-Za-zµμ_%][A-Za-z0-9µμ_]*)|([+-]?\d+(?:\.\d+)?)|(\S))")
#: The largest power of a root unit: above it factors leave the range of floats.
_MOST = 24
_RAISED = re.compile("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_LEVEL = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹₂₄", "-012345678924")


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> tuple[float, Unit]:
    """Read a unit: (factor to root units, root units). Root units are kg, m, s, counts, gases, boundaries.

    Raises `ParseError` for what could be read in two ways, with the spelling to use (Q5).

    >>> parse_unit("gCO2e/kWh")[0] == 1e-3 / 3.6e6
    True
    >>> unit_text(parse_unit("kWh at the wall")[1])
    'kWh at the wall'
    """
    prepared = _RAISED.sub(lambda match: f"^{match[0]}", text).translate(_LEVEL).replace("%", " percent ")
    prepared = _BOUNDARYWORDS.sub(r"at_\1", prepared)
    prepared = re.sub(r"\bper\b", "/", prepared)
    prepared = _GAS.sub(_gas, prepared)
    tokens = _tokens(prepared, text)
    try:
        factor, unit, rest = _product(tokens, 0, text)
    except ArithmeticError:  # a power of a power
        factor, unit, rest = math.inf, DIMENSIONLESS, len(tokens)
    if not 0 < factor < math.inf or any(abs(float(cast(float, power))) > _MOST for power in unit.values()):
        raise ParseError("a unit of such a power is not counted in", where=repr(text), fix='write "m^2" or "s^-1"')
    if rest != len(tokens):
        raise ParseError("a closing parenthesis too many", where=repr(text), fix="leave it out")
    return factor, unit


def _gas(match: re.Match[str]) -> str:
    """A mass of gas as one factor, "kWh/kg CO2e"; a power behind it belongs to the gas alone."""
    mass, gas = match[1], f"{match[2]}{'e' if match[3] else ''} "
    raised = match.string[match.end() :].lstrip().startswith(("^", "**"))
    return f"{mass} {gas}" if raised or not mass else f"({mass}·{gas})"


def _tokens(prepared: str, text: str) -> list[str]:
    found: list[str] = []
    for match in _TOKEN.finditer(prepared.strip()):
        operator, name, number, stray = match.groups()
        if stray:
            key = "currency_in_a_unit" if stray in "$€£¥" else "stray_sign_in_a_unit"
            raise ParseError.of(key, repr(text), sign=stray)
        if operator or name or number:
            found.append({"^": "**", "·": "*"}.get(operator, operator) or name or number)
    return found


def _product(tokens: list[str], at: int, text: str) -> tuple[float, Unit, int]:
    """factor {(* | / | nothing) factor}; behind a slash only a further slash is read, the rest has two readings."""
    factor, unit, slashed, empty = 1.0, DIMENSIONLESS, False, True
    while at < len(tokens) and tokens[at] != ")":
        operator = tokens[at] if tokens[at] in ("*", "/") else ""
        at += len(operator)
        if at == len(tokens) or tokens[at] in ("*", "/", "**", ")") or (operator == "*" and empty):
            raise ParseError("a sign without a unit on both sides", where=repr(text), fix='write "kWh/day" or "W*h"')
        if slashed and operator != "/":
            raise ParseError(
                "factors set side by side after a slash can be read in two ways",
                where=repr(text),
                fix='put parentheses: "kg CO2e/(kWh at_busbar)" or "J at_wall/inference"',
            )
        one, unit_one, at = _factor(tokens, at, text)
        power = -1 if operator == "/" else 1
        factor, unit = factor * one**power, unit * unit_one**power
        slashed, empty = slashed or operator == "/", False
    return factor, unit, at


def _factor(tokens: list[str], at: int, text: str) -> tuple[float, Unit, int]:
    token = tokens[at]
    if token == "(":
        factor, unit, end = _product(tokens, at + 1, text)
        if end >= len(tokens):
            raise ParseError("a closing parenthesis is missing", where=repr(text), fix='write "kWh/(device day)"')
        if end == at + 1:
            raise ParseError("parentheses without a unit in them", where=repr(text), fix="leave them out")
        at = end + 1
    elif re.fullmatch(_EXPONENT, token):
        if tokens != ["1"] and (token != "1" or tokens[at + 1 : at + 2] != ["/"]):
            raise ParseError(
                f"the number {token} has no place inside a unit",
                where=repr(text),
                fix='write one number and then the unit, "0.5 kWh/day"; a power with a sign, "m^2"'
                + ('; an uncertainty without a blank, "2.37(1) kWh"' if f"({token})" in text else ""),
            )
        factor, unit, at = 1.0, DIMENSIONLESS, at + 1
    else:
        factor, unit = _named(token, text)
        at += 1
    if at < len(tokens) and tokens[at] == "**":
        if at + 1 == len(tokens) or not re.fullmatch(_EXPONENT, tokens[at + 1]):
            raise ParseError("a power that is no number", where=repr(text), fix='write "m^2" or "s^-1"')
        power = float(tokens[at + 1])
        return factor**power, unit**power, at + 2
    return factor, unit, at


@lru_cache(maxsize=1024)
def _named(name: str, text: str) -> tuple[float, Unit]:
    instead = INSTEAD.get(name) or INSTEAD.get(name.removesuffix("s"))
    if instead:
        raise ParseError(f"{name!r} is not a unit here", where=repr(text), fix=f"write {instead}")
    try:
        factor, unit = registry.get_root_units(name)
    except (pint.errors.UndefinedUnitError, AttributeError, ValueError):
        raise ParseError(f"{name!r} is not a unit here", where=repr(text), fix=_near(name)) from None
    return float(cast(float, factor)), unit._units


def _near(name: str) -> str:
    """What may have been meant by a name that is no unit: other capitals first, then a slip of the pen."""
    known = [*COMMON, *(str(one) for one in registry._units if len(str(one)) > 2)]
    near = [one for one in known if one.lower() == name.lower()] or get_close_matches(name, known, 3, 0.75)
    if near:
        return f"did you mean {' or '.join(repr(one) for one in dict.fromkeys(near))}?"
    if name.startswith("at_"):
        return f"the measurement boundaries are {', '.join(BOUNDARIES)}; one GPU or one processor is at_component"
    return (
        "there are J, Wh, W, s, min, h, day, week, month, year, g, t, lb, % and their multiples, "
        f"the gases {', '.join(GASES)} and the counts {', '.join(COUNTS)}"
    )


def from_pint(quantity: Any, where: str = "") -> tuple[Any, str]:
    """(magnitude, unit text) of a pint quantity of any registry, through its text (Q8)."""
    magnitude = quantity.magnitude
    number = isinstance(magnitude, (int, float)) and not isinstance(magnitude, bool)
    if not number and getattr(getattr(magnitude, "dtype", None), "kind", "") not in ("i", "u", "f"):
        raise NotEvaluatedError(
            "a pint quantity has swallowed something that is not a number",
            where=where,
            sides=[f"{magnitude!r} inside a quantity of unit {quantity.units!s}"],
            fix="write the node first, as in node * quantity, so that the graph takes the quantity",
        )
    text = f"{quantity.units:D}"
    return magnitude, "" if text == "dimensionless" else text


@entry
def quantity(value: float | npt.NDArray[Any], unit: str) -> Any:
    """A pint quantity of this registry: the independent reading of every formula.

    >>> (quantity(1, "kWh at_wall") / quantity(2, "h")).to(quantity(1, "W at_wall").units).magnitude
    500.0
    """
    factor, root = parse_unit(unit)
    return registry.Quantity(numeric(value, "quantity(value=)") * factor, registry.Unit(root))


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
    top: list[str] = []
    bottom: list[str] = []
    factor = 1.0

    def put(name: str, power: float) -> None:
        if power:
            size = abs(power)
            text = name if size == 1 else f"{name}^{size:g}"
            (top if power > 0 else bottom).append(text)

    gases = {gas: powers.pop(gas, 0.0) for gas in GASES}
    both = not mass and sorted(filter(None, gases.values())) == [-1, 1]  # kg CO2e/kg N2O, where the kg cancel
    put("kg", mass)
    for gas, power in gases.items():
        put(f"kg {gas}" if both else gas, power)
    put(energy, joule)
    factor *= energy_factor**joule
    put("W", watt)
    put("s", time)
    boundaries = {name: powers.pop(name, 0.0) for name in BOUNDARIES}
    for name, power in sorted(powers.items()):
        shown, size = _SHOWN.get(name if power % 2 else f"{name}^2", _SHOWN.get(name, (name, 1.0)))
        put(shown, power)
        factor *= size**power
    for name, power in boundaries.items():
        put(WORDS[name], power)
    below = bottom[0] if len(bottom) == 1 else f"({' '.join(bottom)})"
    return (" ".join(top) or ("1" if bottom else "")) + (f"/{below}" if bottom else ""), factor


def unit_text(unit: Unit) -> str:
    """The display text of a unit; "a pure number" where there is none."""
    return display(unit)[0] or "a pure number"


def boundary_of(unit: Unit) -> str | None:
    """The measurement boundary that a unit carries with exponent 1, or None (Q3)."""
    found = [name for name in BOUNDARIES if unit.get(name, 0) == 1]
    return found[0] if len(found) == 1 else None


def gas_of(unit: Unit) -> str | None:
    """The gas that a unit carries with exponent 1, or None (Q2)."""
    found = [name for name in GASES if unit.get(name, 0) == 1]
    return found[0] if len(found) == 1 else None


def root(text: str) -> Unit:
    """Root units of a unit text."""
    return parse_unit(text)[1]


def require_finite(value: float, where: str) -> float:
    """The value, if it is a finite number (Q6)."""
    if isinstance(value, bool):
        raise DomainError("True and False are no quantities", where=where)
    if not math.isfinite(value):
        raise NonFiniteError(f"{value} is not a finite number", where=where, fix="leave a missing value out")
    return float(value)
