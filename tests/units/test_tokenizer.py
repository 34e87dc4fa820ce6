"""The reader of texts: what people write is read by a stated rule, or refused with the spelling to use (Q5)."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pint.util import UnitsContainer

import lca
from lca.errors import LcaError, NonFiniteError, ParseError, UnitError
from lca.graph.fields import attached_text
from lca.units.parse import parse_unit, root
from lca.units.quantity_text import parse_quantity
from lca.units.registry import BOUNDARIES, COUNTS, GASES
from lca.units.text import display, unit_text

# --- Q5: what is refused, and with which advice ---------------------------------------------------

REFUSED = {
    # the list of the rule
    "147 ± 5 W": "(k=1)",
    "147 W ± 5 W": "(limits)",
    "2,37 kWh": 'write "2.37" or "237"',
    "5 J/inf": 'write "inference"',
    "120 fps": 'write "inference/s"',
    "$0.5": "costs",
    "1 ton": 'write "t"',
    "0.5 kg CO2e/kWh at_busbar": '"kg CO2e/(kWh at_busbar)"',
    # numbers that read differently elsewhere
    "2.345,6 kWh": 'write "2345.6" or "2.3456"',
    "1,000 kWh": 'write "1.000" or "1000"',
    "1,234,567 J": 'write "1234567"',
    "147 W ± 2,5 W (k=2)": 'write "2.5" or "25"',
    "1 000 W": 'write "1000"',
    "1'000 W": 'write "1000"',
    "1.234.567 W": 'write "1234567"',
    "10-20 W": 'lca.Uniform("10 W", "20 W")',
    "10 – 20 W": 'lca.Uniform("10 W", "20 W")',
    "10 W to 20 W": 'lca.Uniform("10 W", "20 W")',
    "~5 W": "a number and its unit",
    "<5 W": "a number and its unit",
    "five W": "a number and its unit",
    "W": "a number and its unit",
    "": "a number and its unit",
    "--5 W": "a number and its unit",
    "1/3 W": "one number and then the unit",
    "2.37 (1) kWh": "without a blank",
    "147(5)(2) W": "one number and then the unit",
    "147(0) W": "leave it out",
    "5 W 1": "one number and then the unit",
    "5 1": "one number and then the unit",
    "1e3.5 W": "letters",
    "€0.5": "costs",
    "0.5 $": "costs",
    "3 USD/kWh": "costs",
    # ± that does not say what it is, or cannot be
    "147 W +/- 5 W": "(k=2)",
    "147 W ± 5 W (k=3)": "(k=1)",
    "(147 ± 5) W (k=2)": '"147 W ± 5 W (k=2)"',
    "147 W ± -5 W (k=2)": "above zero",
    "147 W ± 0 W (k=1)": "leave it out",
    "85 % ± 5 % (k=2)": "0.85 ± 0.05",
    "147 ± 5 % W (k=2)": '"147 W ± 2 % (k=2)"',
    "147 W ± 5 % W (k=1)": '"147 W ± 2 % (k=2)"',
    "147 ± 5 pct W (limits)": '"147 W ± 2 % (k=2)"',
    "2.37(1) kWh ± 1 kWh (k=1)": '"147 W ± 5 W (k=2)"',
    # names with several meanings, or none
    "2 tons CO2e": 'write "t"',
    "1 mt CO2e": 'write "t"',
    "1 MT CO2e": 'write "t"',
    "5 frames/s": '"inference"',
    "5 frames": '"inference"',
    "8 GPU h": '"device"',
    "4 GPUs": '"device"',
    "3 it/s": '"iteration"',
    "5 steps": '"iteration"',
    "5 tok/s": '"token"',
    "9 qps": '"request/s"',
    "5 kwh": "'kWh'",
    "5 KWH": "'kWh'",
    "5 mwh": "'mWh' or 'MWh'",
    "5 kw": "'kW'",
    "5 KG CO2e": "'kg'",
    "5 W at_the_wall": "'at_wall'",
    "5 W at the desk": '"at the wall"',
    "8 hours a day": '"8 h/day"',
    "12 ft": "there are J, Wh, W",
    "5 BTU": "there are J, Wh, W",
    "20 °C": "letters",
    "5 Ws": "there are J, Wh, W",  # not the plural of W: a watt second is a joule
    "5 hs": "there are J, Wh, W",
    # units that are no units
    "5 kWh/": "a unit, a power or a parenthesis is missing",
    "5 kWh//day": "a unit, a power or a parenthesis is missing",
    "5 *W": "a unit, a power or a parenthesis is missing",
    "5 ^W": "a unit, a power or a parenthesis is missing",
    "5 m**s": '"m^2"',
    "5 m^": '"m^2"',
    "5 s-1": '"m^2"',
    "5 (W": "a parenthesis is missing",
    "5 W)": "one too many",
    "5 W ()": "one too many",
    "5 kWh/device day": "put parentheses",
    "5 kWh^99999": '"m^2"',
    "5 kWh^-99999": '"m^2"',
    "5 (GW^12)^12": '"m^2"',
    "5 J/inference·at_board": "put parentheses",
}


@pytest.mark.parametrize("text", REFUSED)
def test_q5_a_text_with_two_readings_is_refused_with_the_spelling_to_use(text: str) -> None:
    with pytest.raises(ParseError) as raised:
        lca.parameter("desk.power", text)
    assert REFUSED[text] in str(raised.value)
    assert raised.value.where == f"desk.power: {text!r}", "the field and the whole text are shown"
    assert raised.value.fix


@pytest.mark.parametrize("text", ["nan W", "NaN", "-inf", "inf W", "Infinity kWh", "1e400 W", "5 W ± 1e400 W (k=1)"])
def test_q6_a_text_that_is_no_finite_number_raises(text: str) -> None:
    with pytest.raises(NonFiniteError, match="desk.power"):
        lca.parameter("desk.power", text)


# --- Q5: what is read, and as what ------------------------------------------------------------------

READ = {
    "147 W": (147, "W"),
    "2.37 kWh": (2.37 * 3.6e6, "kWh"),
    "-5e-3 W": (-5e-3, "W"),
    "\u22125 W": (-5, "W"),
    "5e\u22123 W": (5e-3, "W"),
    "+1_000 W": (1000, "W"),
    ".5 kWh": (1.8e6, "kWh"),
    "50 %": (0.5, "a pure number"),
    "50%": (0.5, "a pure number"),
    "0.5": (0.5, "a pure number"),
    "8 h/day": (1 / 3, "a pure number"),
    "5 years": (5 * 365.25 * 86_400, "s"),
    "12 month": (365.25 * 86_400, "s"),
    "3 hrs": (10_800, "s"),
    "5 kW·h": (1.8e7, "kWh"),
    "5 kW h": (1.8e7, "kWh"),
    "5 W²": (5, "W^2"),
    "5 s⁻¹": (5, "1/s"),
    "5 /s": (5, "1/s"),
    "480 gCO2e/kWh": (480e-3 / 3.6e6, "kg CO2e/kWh"),
    "480 g CO₂e per kWh": (480e-3 / 3.6e6, "kg CO2e/kWh"),
    "7 kgCO2-eq": (7, "kg CO2e"),
    "120 mm2": (120e-6, "cm^2"),
    "3 m3": (3, "km^3"),
    "2 kg CO2e/cm2": (2e4, "kg CO2e/cm^2"),
    "7 kg CO2 eq": (7, "kg CO2e"),
    "7 tCO2e": (7_000, "kg CO2e"),
    "7 MtCO2e": (7e9, "kg CO2e"),
    "954 lb CO2/MWh": (954 * 0.45359237 / 3.6e9, "kg CO2/kWh"),
    "954 lbs CO2/MWh": (954 * 0.45359237 / 3.6e9, "kg CO2/kWh"),
    "954 lb/MWh": (954 * 0.45359237 / 3.6e9, "kg/kWh"),  # plain mass: a field of a gas refuses it
    "147 W at_wall": (147, "W at the wall"),
    "147 W at the wall": (147, "W at the wall"),
    "147 W at wall": (147, "W at the wall"),
    "0.5 kg CO2e/(kWh at the busbar)": (0.5 / 3.6e6, "kg CO2e/(kWh at the busbar)"),
    "0.386 J at_board/inference": (0.386, "J at the board/inference"),
    "5 kWh per device per day": (5 * 3.6e6 / 86_400, "W/device"),
    "10 inferences/s": (10, "inference/s"),
}


@pytest.mark.parametrize("text", READ)
def test_q5_what_people_write_is_read_by_rule(text: str) -> None:
    parsed = parse_quantity(text)
    factor, unit = parse_unit(parsed.unit)
    value, shown = READ[text]
    assert parsed.value * factor == pytest.approx(value, rel=1e-12)
    assert unit_text(unit) == shown


@pytest.mark.parametrize(
    ("text", "half_width", "coverage"),
    [
        ("147 W ± 5 W (k=1)", 5, "k=1"),
        ("147 ± 5 W (k = 2)", 5, "k=2"),
        ("147 W ± 5 (limits)", 5, "limits"),
        ("147 W +/- 500 mW (limits)", 0.5, "limits"),
        ("147 W ± 2 % (k=2)", 2.94, "k=2"),
        ("-147 W ± 2 % (k=2)", 2.94, "k=2"),
    ],
)
def test_q5_a_plus_minus_says_what_it_is(text: str, half_width: float, coverage: str) -> None:
    parsed = parse_quantity(text)
    assert (abs(parsed.value), parsed.unit, parsed.coverage) == (147, "W", coverage)
    assert parsed.half_width == pytest.approx(half_width, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "value", "sd"),
    [
        ("2.37(1) kWh", 2.37, 0.01),
        ("2.37(12) kWh", 2.37, 0.12),
        ("2.37(0.02) kWh", 2.37, 0.02),
        ("237(5) kWh", 237, 5),
        ("2.370(5)e2 kWh", 237, 0.5),
        ("-.50(2)kWh", -0.5, 0.02),
        ("\u22122.(1) kWh", -2, 1),
    ],
)
def test_q5_digits_in_parentheses_are_a_standard_uncertainty(text: str, value: float, sd: float) -> None:
    """Q5: GUM 7.2.2, of the last digits, or in full where they have a point; it was taken for a factor of 1."""
    made = lca.parameter("p", text).parameter
    assert made is not None
    (spread,) = made.values
    assert isinstance(spread, lca.Normal)
    assert (spread.mean, spread.sd) == (pytest.approx(value, rel=1e-12), pytest.approx(sd, rel=1e-12))
    assert spread.unit == "kWh"


def test_q5_a_plus_minus_becomes_the_distribution_it_names() -> None:
    spreads = {"k=1": lca.Normal("147 W", "6 W"), "k=2": lca.Normal("147 W", "3 W")}
    for coverage, spread in {**spreads, "limits": lca.Uniform("141 W", "153 W")}.items():
        made = lca.parameter("p", f"147 W ± 6 W ({coverage})").parameter
        assert made is not None
        assert made.values == (spread,)
    with pytest.raises(UnitError, match="another unit"):
        lca.parameter("p", "147 W ± 5 J (k=2)")


ROOTS = ("kilogram", "meter", "second", *GASES, *COUNTS, *BOUNDARIES)
units = st.dictionaries(st.sampled_from(ROOTS), st.sampled_from([-3, -2, -1, -0.5, 0.5, 1, 2, 3]), max_size=5)
energies = st.sampled_from([{}, {"kilogram": 1, "meter": 2, "second": -2}, {"kilogram": 1, "meter": 2, "second": -3}])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(units, energies, st.sampled_from([-1, 1, 2]))
def test_q5_every_printed_unit_reads_back_as_itself(powers: dict[str, float], energy: Any, power: int) -> None:
    unit = UnitsContainer(powers) * UnitsContainer(energy) ** power
    text, factor = display(unit)
    read_factor, read = parse_unit(text)
    assert read == unit
    assert read_factor == pytest.approx(factor, rel=1e-12)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet="0123456789.,-+± /*^()kWhJatCO2eg%€wl_", max_size=14))
def test_q5_any_text_is_read_or_refused_by_name(text: str) -> None:
    try:
        value = parse_quantity(text).value
    except LcaError as error:
        value = 0.0 if error.fix else math.nan
    assert math.isfinite(value)


PIECES = ["", "1", "2.37", "5", "1e3", "1e308", "-", "\u2212", "±", "+/-", " ", "\u00a0", "(", ")", "(1)", "(0.5)",
          "(k=1)", "(k = 2)", "(limits)", "%", "percent", "W", "at_wall", "at the board", "/", "*", "**", "^", "·", "²",
          "⁻¹", "kWh", "^2", "^0.5", "^99999", "per", "device", "token", "kg CO2e", "gCO2-eq", "CH4", "e", "h", "day",
          "cm^2", "GB", "µg", ",", ".", "to", "–", "inf", "nan", "½", "５", "_", "\x00", "{0}"]  # fmt: skip
ATTACHED = [root("at_wall"), root("1/device"), root("at_facility/at_wall"), root("1/at_busbar")]


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.sampled_from(["", "5 ", "2.37", "2.37(1)", "-147 "]), st.lists(st.sampled_from(PIECES), max_size=7))
def test_q5_what_is_read_is_printed_so_that_it_is_read_again(number: str, pieces: list[str]) -> None:
    """Q5: the unit as printed, with what a field attached, and the number read back; else our own error is raised."""
    text = number + " ".join(pieces)
    try:
        made = lca.parameter("p", text)
    except LcaError as error:
        made, fix = None, error.fix
    if made is None:
        assert fix
        return
    leaf = made.parameter
    assert leaf is not None
    assert all(map(len, (repr(made), leaf.describe(), repr(leaf.values[0]))))
    assert not made.unit or parse_unit(unit_text(made.unit))[1] == made.unit
    for attach in ATTACHED:
        factor, unit = parse_unit(attached_text(leaf.unit, attach))
        assert unit == made.unit * attach
        assert factor == pytest.approx(leaf.scale, rel=1e-12)
    again = lca.parameter("p", f"{leaf.plain[0]!r} {leaf.unit}")
    assert (again.unit, again.parameter and again.parameter.plain) == (made.unit, leaf.plain)
