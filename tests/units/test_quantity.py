"""Quantities outside a study: read from one text, shown in their unit, converted by its text (Q1, Q5)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import DomainError, MissingError, ParseError, UnitError

PRINTED = {
    "147 W": "147 W",
    "3 kWh": "3 kWh",
    "0.1 kWh": "0.1 kWh",
    "1e-7 kg CO2e": "1e-07 kg CO2e",
    "5.1 W at the wall": "5.1 W at the wall",
    "25 %": "25 %",
    "3": "3",
}


@pytest.mark.parametrize(("text", "shown"), PRINTED.items())
def test_q5_a_quantity_is_read_from_one_text_and_prints_in_its_unit(text: str, shown: str) -> None:
    made = lca.quantity(text)
    assert (str(made), repr(made)) == (shown, f"<quantity {shown}>")
    number, _, unit = text.partition(" ")
    assert made == lca.quantity(float(number), unit)
    assert str(lca.quantity(float(number), unit)) == shown


def test_a_format_is_that_of_the_number_or_one_of_pint() -> None:
    energy = lca.quantity(3, "kWh")
    assert (f"{energy:.2f}", f"{energy}") == ("3.00 kWh", "3 kWh")
    assert f"{energy:~P}".replace("⋅", "·") == "10800000.0 kg·m²/s²"  # the dot of pint before 0.26, and since
    assert str(lca.quantity(np.array([1.0, 2.5]), "kWh")) == "[1.  2.5] kWh"


def test_q8_arithmetic_is_that_of_pint_in_root_units() -> None:
    """1 kWh over 2 h: 3.6e6 J / 7200 s = 500 W. What is computed prints as results do."""
    power = lca.quantity(1, "kWh") / lca.quantity(2, "h")
    assert power.magnitude == 500
    assert str(power) == "500 W"
    assert lca.quantity(3, "kWh").magnitude == 10_800_000
    assert str(2 * lca.quantity(3, "kWh")) == "6 kWh"
    changed = lca.quantity(np.array([1.0, 2.0]), "kWh")
    changed *= lca.quantity(2, "s")  # in place: the unit that was given is gone
    assert str(changed) == "[2. 4.] kWh s"


@pytest.mark.parametrize(
    ("given", "unit", "number"),
    [("3 kWh", "J", 10_800_000), ("3 kWh", "MJ", 10.8), ("0.5 kg CO2e/(kWh at_wall)", "g CO2e/(kWh at the wall)", 500),
     ("25 %", "", 0.25), ("1 year", "day", 365.25)],
)  # fmt: skip
def test_q1_a_quantity_is_converted_by_the_text_of_a_unit(given: str, unit: str, number: float) -> None:
    made = lca.quantity(given).to(unit)
    assert made.magnitude == pytest.approx(number, rel=1e-12)
    assert str(made) == f"{number:g} {unit}".strip() or number > 1e6
    assert lca.quantity(given).to(made.units).magnitude == pytest.approx(number, rel=1e-12)  # as pint takes it


REFUSED: dict[str, tuple[Any, type[Exception], str]] = {
    "a text and a unit": (lambda: lca.quantity("147 W", "W"), UnitError, r'lca.quantity\("147 W"\)'),
    "a spread": (lambda: lca.quantity("147 W ± 5 W (k=2)"), ParseError, "one number(.|\n)*lca.parameter"),
    "no unit": (lambda: lca.quantity(3), MissingError, r'lca.quantity\(3, "kWh"\)'),
    "no quantity": (lambda: lca.quantity("much"), ParseError, "does not begin with a number"),
    "no number": (lambda: lca.quantity([1, 2], "W"), DomainError, "number"),  # type: ignore[arg-type]
    "another kind": (lambda: lca.quantity("3 kWh").to("W"), UnitError, "kWh(.|\n)*W(.|\n)*duration"),
    "another boundary": (lambda: lca.quantity("3 kWh").to("J at_wall"), UnitError, "at the wall"),
    "no unit to convert to": (lambda: lca.quantity("3 kWh").to("Kwh"), ParseError, "did you mean 'kWh'"),
}


@pytest.mark.parametrize(("call", "error", "said"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_not_one_quantity_raises_with_a_way_to_write_it(call: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call()
