"""The one registry of units, its few definitions, and the reader of what people write.

Gases, counts and measurement boundaries are dimensions of their own, so that plain pint
arithmetic catches a PUE used twice, CO2 added to CO2e, or board energy met by a grid factor
(rules Q2, Q3). Inside the graph a unit is a container of root units (`Unit`); text becomes a
unit in `parse_unit` and a unit becomes text in `unit_text`, and nowhere else.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeAlias, cast

import pint
from pint.util import UnitsContainer

from .errors import DomainError, NonFiniteError, NotEvaluatedError, ParseError, UnitError

Unit: TypeAlias = UnitsContainer

BOUNDARIES = ("at_component", "at_board", "at_wall", "at_facility", "at_busbar")
GASES = ("CO2e", "CO2", "CH4", "N2O")
COUNTS = ("inference", "token", "request", "iteration", "batch", "device")

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
kilogram = [mass] = kg
gram = 1e-3 kilogram = g
tonne = 1e3 kilogram = t
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
""" + "".join(f"{name} = [{name}]\n" for name in (*BOUNDARIES, *GASES, *COUNTS))


def _build_registry() -> pint.UnitRegistry[Any]:
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
    registry.load_definitions(_DEFINITIONS.strip().splitlines())
    return registry


registry = _build_registry()
DIMENSIONLESS: Unit = UnitsContainer()

#: What people write that has another meaning here, or several: the spelling to use instead.
_REFUSED = {
    "ton": 'write "t" (tonne, 1,000 kg); a US short ton is 907.185 kg',
    "tons": 'write "t" (tonne, 1,000 kg); a US short ton is 907.185 kg',
    "fps": 'write "inference/s" (one frame through the network is one inference)',
    "FPS": 'write "inference/s" (one frame through the network is one inference)',
    "inf": 'write "inference"',
    "infs": 'write "inference"',
    "infer": 'write "inference"',
    "img": 'write "inference" (one item through the network)',
    "image": 'write "inference" (one item through the network)',
    "frame": 'write "inference" (one item through the network)',
    "it": 'write "iteration"',
    "iter": 'write "iteration"',
    "CO2eq": 'write "CO2e"',
    "kwh": 'write "kWh"',
    "KWh": 'write "kWh"',
    "KWH": 'write "kWh"',
    "kw": 'write "kW"',
    "wh": 'write "Wh"',
    "w": 'write "W"',
    "Watt": 'write "W"',
    "Watts": 'write "W"',
    "j": 'write "J"',
    "gpu": 'write "device"',
    "GPU": 'write "device"',
}
_BOUNDARY_WORDS = re.compile(r"\bat\s+(?:the\s+)?(component|board|wall|facility|busbar)\b")
_GAS = re.compile(r"(?<![A-Za-z])((?:[nµμumkMGT]?g|t|lb)?)\s*-?(CO2|CH4|N2O)(?:[-\s]?(eq|e)\b)?")
_NUMBER = r"[+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_TOKEN = re.compile(r"\s*(?:(\*\*|\^|[*·/()])|([A-Za-zµμ_%][A-Za-z0-9µμ_]*)|([+-]?\d+(?:\.\d+)?)|(\S))")
_SUPERSCRIPT = str.maketrans({"²": "^2", "³": "^3", "⁻": "-", "¹": "1"})


@dataclass(frozen=True, slots=True)
class Parsed:
    """A quantity as it was written: number, unit text, and the width after a ±, if any."""

    value: float
    unit: str
    half_width: float | None = None
    coverage: str | None = None  # "k=1", "k=2" or "limits"


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> tuple[float, Unit]:
    """Read a unit: (factor to root units, root units). Root units are kg, m, s, counts, gases, boundaries.

    Raises `ParseError` for what could be read in two ways, with the spelling to use (Q5).

    >>> parse_unit("gCO2e/kWh")[0] == 1e-3 / 3.6e6
    True
    >>> unit_text(parse_unit("kWh at the wall")[1])
    'kWh at the wall'
    """
    prepared = _BOUNDARY_WORDS.sub(r"at_\1", text.translate(_SUPERSCRIPT).replace("%", " percent "))
    prepared = re.sub(r"\bper\b", "/", prepared)
    prepared = _GAS.sub(
        lambda m: f"({m[1]}·{m[2]}{'e' if m[3] else ''}) " if m[1] else f"{m[2]}{'e' if m[3] else ''} ",
        prepared,
    )
    tokens = _tokens(prepared, text)
    factor, unit, rest = _product(tokens, 0, text)
    if rest != len(tokens):
        raise ParseError("a closing parenthesis too many", where=repr(text))
    return factor, unit


def _tokens(prepared: str, text: str) -> list[str]:
    found: list[str] = []
    for match in _TOKEN.finditer(prepared.strip()):
        operator, name, number, stray = match.groups()
        if stray:
            mend = "currencies are no units here" if stray in "$€£¥" else "use letters, * / ^ and parentheses"
            raise ParseError(f"{stray!r} has no place in a unit", where=repr(text), mend=mend)
        if operator or name or number:
            found.append({"^": "**", "·": "*"}.get(operator, operator) or name or number)
    return found


def _product(tokens: list[str], at: int, text: str) -> tuple[float, Unit, int]:
    """factor {(* | / | nothing) factor}; after a slash, factors set side by side are refused."""
    factor, unit, sign, slashed, joined = 1.0, DIMENSIONLESS, 1, False, False
    while at < len(tokens) and tokens[at] != ")":
        token = tokens[at]
        if token in ("*", "/"):
            sign, slashed, joined = (1, slashed, False) if token == "*" else (-1, True, False)
            at += 1
            continue
        if slashed and joined and tokens[at - 1] != "*":
            raise ParseError(
                "factors set side by side after a slash can be read in two ways",
                where=repr(text),
                mend='put parentheses: "kg CO2e/(kWh at_busbar)" or "J at_wall/inference"',
            )
        one, unit_one, at = _factor(tokens, at, text)
        factor, unit = factor * one**sign, unit * unit_one**sign
        joined = True
        if not slashed or sign == 1:
            sign = 1
    return factor, unit, at


def _factor(tokens: list[str], at: int, text: str) -> tuple[float, Unit, int]:
    token = tokens[at]
    if token == "(":
        factor, unit, at = _product(tokens, at + 1, text)
        if at >= len(tokens):
            raise ParseError("a closing parenthesis is missing", where=repr(text))
        at += 1
    elif re.fullmatch(r"[+-]?\d+(?:\.\d+)?", token):
        if token != "1":
            raise ParseError("a number has no place inside a unit", where=repr(text), mend="put it in front")
        factor, unit, at = 1.0, DIMENSIONLESS, at + 1
    else:
        factor, unit = _named(token, text)
        at += 1
    if at + 1 < len(tokens) and tokens[at] == "**":
        power = float(tokens[at + 1])
        return factor**power, unit**power, at + 2
    return factor, unit, at


@lru_cache(maxsize=1024)
def _named(name: str, text: str) -> tuple[float, Unit]:
    if name in _REFUSED:
        raise ParseError(f"{name!r} is not a unit here", where=repr(text), mend=_REFUSED[name])
    try:
        factor, unit = registry.get_root_units(name)
    except (pint.errors.UndefinedUnitError, AttributeError, ValueError):
        near = get_close_matches(name, [str(known) for known in registry._units if len(str(known)) > 1], 3, 0.6)
        mend = (
            f"did you mean {' or '.join(near)}?" if near else "units of energy, time, mass, gases and counts exist"
        )
        raise ParseError(f"{name!r} is not a unit here", where=repr(text), mend=mend) from None
    return float(cast(float, factor)), unit._units


_PLUS_MINUS = re.compile(
    rf"^({_NUMBER})\s*([^±(]*?)\s*(?:±|\+/-|\+-)\s*({_NUMBER})\s*([^()]*?|[^()]*\([^()]*\)[^()]*?)\s*"
    r"(?:\((k\s*=\s*[12]|limits)\))?$"
)
_PLAIN = re.compile(rf"^({_NUMBER})\s*(.*)$", re.DOTALL)


def parse_quantity(text: str) -> Parsed:
    """Read "147 W", "0.5 kg CO2e/kWh", "147 W ± 5 W (k=2)"; refuse what has two readings (Q5).

    >>> parse_quantity("147 W ± 5 W (k=2)")
    Parsed(value=147.0, unit='W', half_width=5.0, coverage='k=2')
    """
    stripped = text.strip()
    if stripped[:1] in "$€£¥" and stripped:
        raise ParseError("a currency is no unit here", where=repr(text), mend="costs are not part of the model")
    if re.match(r"^[+-]?\s*(nan|inf(inity)?)\b", stripped, re.IGNORECASE):
        raise NonFiniteError("not a finite number", where=repr(text), mend="leave a missing value out")
    if comma := re.match(r"^[+-]?\d+,\d+(?:[,.]\d+)*", stripped):
        digits = comma[0]
        raise ParseError(
            "a comma is a decimal mark in one country and a thousands mark in another",
            where=repr(text),
            mend=f'write "{digits.replace(",", ".", 1)}" or "{digits.replace(",", "")}"',
        )
    if "±" in stripped or "+/-" in stripped or "+-" in stripped:
        return _parse_plus_minus(stripped, text)
    match = _PLAIN.match(stripped)
    if match is None:
        raise ParseError("no number at the start", where=repr(text), mend='write number and unit: "147 W"')
    value, unit = float(match[1]), match[2].strip()
    if re.match(r"^\d", unit):
        raise ParseError("two numbers in a row", where=repr(text), mend='write one number and a unit: "147 W"')
    parse_unit(unit)
    return Parsed(value, unit)


def _parse_plus_minus(stripped: str, text: str) -> Parsed:
    match = _PLUS_MINUS.match(stripped)
    if match is None:
        raise ParseError("a ± that cannot be read", where=repr(text), mend='write "147 W ± 5 W (k=2)"')
    value, unit_left, half, unit_right, coverage = match.groups()
    unit = unit_left or unit_right.strip()
    if coverage is None:
        raise ParseError(
            "a ± does not say what it is",
            where=repr(text),
            mend='add (k=1) for a standard uncertainty, (k=2) for an expanded one, or (limits): "147 W ± 5 W (k=2)"',
        )
    scale = 1.0
    if unit_left and unit_right:
        (left, a), (right, b) = parse_unit(unit_left), parse_unit(unit_right.strip())
        if unit_right.strip() in ("percent", "%"):
            scale = float(value) * 0.01
        elif a != b:
            raise UnitError(
                "a ± in another unit than its value", where=repr(text), sides=[unit_left, unit_right.strip()]
            )
        else:
            scale = right / left
    parse_unit(unit)
    return Parsed(float(value), unit, abs(float(half) * scale), coverage.replace(" ", ""))


def from_pint(quantity: Any, where: str = "") -> tuple[Any, str]:
    """(magnitude, unit text) of a pint quantity of any registry, through its text (Q8)."""
    magnitude = quantity.magnitude
    if not isinstance(magnitude, (int, float)) and getattr(magnitude, "dtype", None) is None:
        raise NotEvaluatedError(
            "a pint quantity has swallowed something that is not a number",
            where=where or repr(type(magnitude).__name__),
            mend="put the node first, or turn the quantity into a parameter: node * lca.parameter(key, quantity)",
        )
    if getattr(getattr(magnitude, "dtype", None), "kind", "f") == "O":
        raise NotEvaluatedError("a pint quantity holds objects instead of numbers", where=where)
    text = f"{quantity.units:D}"
    return magnitude, "" if text == "dimensionless" else text


def quantity(value: Any, unit: str) -> Any:
    """A pint quantity of this registry: the independent reading of every formula.

    >>> (quantity(1, "kWh at_wall") / quantity(2, "h")).to(quantity(1, "W at_wall").units).magnitude
    500.0
    """
    factor, root = parse_unit(unit)
    return registry.Quantity(value * factor, registry.Unit(root))


_WORDS = {name: name.replace("at_", "at the ") for name in BOUNDARIES}


@lru_cache(maxsize=4096)
def display(unit: Unit) -> tuple[str, float]:
    """(text, root units per displayed unit) of a unit: energies in kWh (J per count), power in W, else SI.

    >>> display(parse_unit("lb CO2e/(MWh at_busbar)")[1])[0]
    'kg CO2e/(kWh at the busbar)'
    """
    powers = {str(name): float(cast(float, power)) for name, power in unit.items()}
    joule = powers.pop("meter", 0.0) / 2
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

    put("kg", mass)
    for gas in GASES:
        put(gas, powers.pop(gas, 0.0))
    put(energy, joule)
    factor *= energy_factor**joule
    put("W", watt)
    put("s", time)
    boundaries = {name: powers.pop(name, 0.0) for name in BOUNDARIES}
    for name, power in sorted(powers.items()):
        put(name, power)
    for name, power in boundaries.items():
        put(_WORDS[name], power)
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


def factor_to(from_unit: Unit, to: str, where: str = "") -> float:
    """Root units per `to`; raises `UnitError` where `to` is another dimension (Q1)."""
    factor, unit = parse_unit(to)
    if unit != from_unit:
        raise UnitError(
            "a result cannot be shown in a unit of another dimension",
            where=where,
            sides=[unit_text(from_unit), unit_text(unit)],
            mend=f"ask for {unit_text(from_unit)} or a multiple of it",
        )
    return factor


def require_finite(value: float, where: str) -> float:
    """The value, if it is a finite number (Q6)."""
    if isinstance(value, bool):
        raise DomainError("True and False are no quantities", where=where)
    if not math.isfinite(value):
        raise NonFiniteError(f"{value} is not a finite number", where=where, mend="leave a missing value out")
    return float(value)


def remedy(left: Unit, right: Unit) -> str:
    """How to mend a meeting of two units that do not fit: the sentence at the end of an error (Q1)."""
    apart = {str(name) for name in (left / right)}
    if apart & set(GASES):
        return "turn a gas into CO2e with a named characterization factor and its GWP set; plain mass is no gas"
    if apart & set(BOUNDARIES):
        return (
            "carry one side across with a crossing of the Site: supply_efficiency (board to wall), "
            "pue (wall to facility), grid_loss (facility to busbar)"
        )
    if counts := sorted(apart & set(COUNTS)):
        return f"a value per {counts[0]} is not a total: multiply by the number it counts, in its unit"
    if apart == {"second"}:
        return "a rate or a power is not a total: multiply by a duration"
    return "check the formula, or convert one side"
