"""Units: gases and counts are dimensions (Q2), so are boundaries (Q3); one small registry, nothing global (Q8)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pint
import pytest

import lca
from lca.errors import BoundaryError, ParseError, UnitError
from lca.graph.functions import ceil, exp, log
from lca.units.parse import from_pint, parse_unit, root
from lca.units.registry import COUNTS, GASES, registry
from lca.units.text import display, unit_text

# --- Q2: gases and counts are dimensions ------------------------------------------------------------


@pytest.mark.parametrize("left", [*(f"kg {gas}" for gas in GASES), "kg", *COUNTS, ""])
@pytest.mark.parametrize("right", [*(f"kg {gas}" for gas in GASES), "kg", *COUNTS, ""])
def test_q2_gases_masses_and_counts_never_meet(left: str, right: str) -> None:
    a, b = lca.quantity(2.0, left), lca.quantity(3.0, right)
    x, y = lca.parameter("a", f"2 {left}"), lca.parameter("b", f"3 {right}")
    if left == right:
        assert (a + b).magnitude == 5
        shown = float(lca.nominal(x + y).data["value"]) * display(root(left))[1]
        assert shown == pytest.approx(5 * parse_unit(left)[0], rel=1e-15)
        return
    with pytest.raises(pint.DimensionalityError):
        a + b
    with pytest.raises(UnitError, match="a (.|\n)*b "):
        x + y


def test_q2_only_a_named_factor_turns_a_gas_into_co2e() -> None:
    methane = lca.parameter("leak", "2 kg CH4")
    factor = lca.characterization_factor("CH4_fossil", "AR6")
    total = methane * factor + lca.parameter("other", "1 kg CO2e")
    assert float(lca.nominal(total).data["value"]) == pytest.approx(2 * 29.8 + 1, rel=1e-12)
    with pytest.raises(UnitError, match="lca.characterization_factor"):
        methane + lca.parameter("other", "1 kg CO2e")


def test_q2_a_rate_is_no_total() -> None:
    load, served = lca.parameter("load", "10 inference/s"), lca.parameter("served", "10 inference")
    for line in (lambda: load + served, lambda: served - load, lambda: load > served):
        with pytest.raises(UnitError, match="multiply or divide by a duration"):
            line()
    assert unit_text((load * lca.parameter("t", "1 h") + served).unit) == "inference"
    for wrong in (ceil, exp, log):
        with pytest.raises(UnitError, match="load"):
            wrong(load)


# --- Q3: the boundary is a unit ------------------------------------------------------------------------

VALUES = {
    "component": (2.0, "kWh at_component"),
    "board": (2.0, "kWh at_board"),
    "wall": (2.0, "kWh at_wall"),
    "facility": (2.0, "kWh at_facility"),
    "supply": (0.85, "at_board/at_wall"),
    "pue": (1.58, "at_facility/at_wall"),
    "delivered": (0.95, "at_facility/at_busbar"),
    "busbar_grid": (0.5, "kg CO2e/(kWh at_busbar)"),
    "facility_grid": (0.5, "kg CO2e/(kWh at_facility)"),
}
CROSSED: dict[str, Callable[[Any], Any]] = {
    "PUE twice": lambda v: v["wall"] * v["pue"] * v["pue"] / v["delivered"] * v["busbar_grid"],
    "PUE on the facility's own meter": lambda v: v["facility"] * v["pue"] * v["facility_grid"],
    "PUE on a board": lambda v: v["board"] * v["pue"] / v["delivered"] * v["busbar_grid"],
    "wall energy meets a busbar factor": lambda v: v["wall"] * v["busbar_grid"],
    "facility energy meets a busbar factor": lambda v: v["facility"] * v["busbar_grid"],
    "grid loss on a factor that counts it": lambda v: v["facility"] / v["delivered"] * v["facility_grid"],
    "a bare 1.58": lambda v: v["wall"] * 1.58 / v["delivered"] * v["busbar_grid"],
    "supply upside down": lambda v: v["board"] * v["supply"] * v["pue"] / v["delivered"] * v["busbar_grid"],
    "board plus wall": lambda v: (v["board"] + v["wall"]) * v["pue"] * v["facility_grid"],
    "component plus board": lambda v: (v["component"] + v["board"]) / v["supply"] * v["pue"] * v["facility_grid"],
}
RIGHT: dict[str, Callable[[Any], Any]] = {
    "wall": lambda v: v["wall"] * v["pue"] / v["delivered"] * v["busbar_grid"],
    "board": lambda v: v["board"] / v["supply"] * v["pue"] * v["facility_grid"],
    "share of a wall": lambda v: 0.25 * v["wall"] * v["pue"] * v["facility_grid"],
    "two meters compared are a crossing": lambda v: (
        v["board"] / (v["board"] / v["wall"]) * v["pue"] * v["facility_grid"]
    ),
}


@pytest.fixture
def quantities() -> dict[str, Any]:
    return {name: lca.quantity(value, unit) for name, (value, unit) in VALUES.items()}


@pytest.fixture
def nodes() -> dict[str, Any]:
    return {name: lca.parameter(name, f"{value} {unit}") for name, (value, unit) in VALUES.items()}


@pytest.mark.parametrize("case", CROSSED)
def test_q3_a_boundary_crossed_wrongly_is_caught(case: str, quantities: Any, nodes: Any) -> None:
    """Plain pint catches it with our units alone; the graph does so with both sides named."""
    with pytest.raises(pint.DimensionalityError):
        CROSSED[case](quantities) + lca.quantity(1.0, "kg CO2e")
    with pytest.raises(BoundaryError, match=r"at the (.|\n)*fix: "):
        CROSSED[case](nodes) + lca.parameter("rest", "1 kg CO2e")


@pytest.mark.parametrize("case", RIGHT)
def test_q3_the_right_chain_is_a_mass_of_co2e(case: str, quantities: Any, nodes: Any) -> None:
    by_pint = RIGHT[case](quantities) + lca.quantity(1.0, "kg CO2e")
    by_graph = lca.nominal(RIGHT[case](nodes) + lca.parameter("rest", "1 kg CO2e")).data["value"]
    assert by_graph.attrs["unit"] == "kg CO2e"
    assert float(by_graph) == pytest.approx(by_pint.to("kg CO2e").magnitude, rel=1e-12)


def test_q3_a_site_carries_each_energy_across_once() -> None:
    site = lca.Site("room", pue=1.5, supply_efficiency=0.8)
    for unit, expected in {"at_board": 3.75, "at_wall": 3.0, "at_facility": 2.0}.items():
        carried = site.at_facility(lca.parameter("e", f"2 kWh {unit}"))
        assert unit_text(carried.unit) == "kWh at the facility"
        assert float(lca.nominal(carried).data["value"]) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(BoundaryError, match="busbar"):
        site.at_facility(lca.parameter("e", "2 kWh at_busbar"))


# --- Q8: one small registry of our own, nothing global ---------------------------------------------------


@pytest.mark.parametrize("name", ["foot", "feet", "inch", "mile", "ton", "short_ton", "calorie", "hp", "degC", "USD"])
def test_q8_the_registry_holds_only_what_the_field_needs(name: str) -> None:
    assert name not in registry
    with pytest.raises(ParseError):
        lca.quantity(1, name)


def test_q8_quantities_of_another_registry_come_in_through_their_text() -> None:
    foreign: Any = pint.UnitRegistry()
    foreign.define("CO2e = [CO2e]")
    cases = {
        "kWh": (foreign.Quantity(5, "kilowatt_hour"), 5 * 3.6e6),
        "kg": (foreign.Quantity(5, "metric_ton"), 5_000),
        "a pure number": (foreign.Quantity(5.0, "percent"), 0.05),
        "kg CO2e/kWh": (foreign.Quantity(np.float32(0.5), "g * CO2e / kWh"), 0.5e-3 / 3.6e6),
    }
    for shown, (value, expected) in cases.items():
        node = lca.parameter("k", value)
        assert unit_text(node.unit) == shown
        assert node.parameter is not None
        assert float(node.parameter.nominal) == pytest.approx(expected, rel=1e-12)
        met = lca.parameter("x", "2") * value
        assert met.unit == node.unit
    for name in ("foot", "ton", "british_thermal_unit"):
        with pytest.raises(ParseError, match=name):
            lca.parameter("k", foreign.Quantity(5, name))
    assert from_pint(foreign.Quantity(5, "")) == (5, "")
    assert root("kg CO2e") == root("g CO2e")


_STATE = """
import json, locale, os, random, sys, warnings
import numpy, pandas, pint, scipy.special, tqdm, xarray

def state():
    application = pint.get_application_registry().get()
    numpy_random = numpy.random.get_state()
    return {
        "errors": numpy.geterr(), "print": repr(numpy.get_printoptions()), "warnings": repr(warnings.filters),
        "registry": id(application), "feet": str(pint.Quantity(3, "foot").to("meter")),
        "locale": locale.setlocale(0),
        "random": repr(random.getstate()), "numpy random": repr((numpy_random[1].tolist(), numpy_random[2:])),
        "environment": dict(os.environ), "xarray": repr(xarray.get_options()), "limit": sys.getrecursionlimit(),
        "pandas": [repr(pandas.get_option(name)) for name in ("display.precision", "plotting.backend")],
    }

before = state()
import lca
result = lca.monte_carlo(lca.parameter("p", lca.Normal("5 W", "1 W")) ** 2, draws=200, seed=3)
print(json.dumps([name for name, value in state().items() if value != before[name]]))
"""


def test_q8_importing_and_running_sets_nothing_for_the_process() -> None:
    """Q8: no application registry, no floating-point state; U6: no global random state."""
    done = subprocess.run([sys.executable, "-c", _STATE], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("kg CO2e/GB", "kg CO2e/GB"),
        ("kWh at_facility/cm^2", "kWh at the facility/cm^2"),
        ("mm^2", "cm^2"),
        ("kg CO2e/(t km)", "CO2e/km"),
        ("1/cm^2", "1/cm^2"),
        ("L/(kWh at_wall)", "L/kWh at the wall"),
        ("kWh primary", "kWh primary"),
        ("mg Sbe/device", "kg Sbe/device"),
        ("kWh/GB", "kWh/GB"),
    ],
)
def test_units_of_hardware_water_and_energy_as_found_in_nature(text: str, shown: str) -> None:
    """Each has a dimension of its own (Q2), and is shown as the field writes it; the factor is that of the text."""
    factor, unit = parse_unit(text)
    display_text, size = display(unit)
    assert display_text.replace("(", "").replace(")", "") == shown
    if not text.startswith("mg") and shown != "CO2e/km" and text != "mm^2":
        assert factor == pytest.approx(size, rel=1e-12)


def test_q2_a_carbon_free_share_is_no_pure_number() -> None:
    share = parse_unit("carbon_free")[1]
    assert share != parse_unit("")[1]


def test_q3_a_boundary_that_does_not_exist_lists_those_that_do() -> None:
    """Q3: a slip of the pen is still put right."""
    with pytest.raises(
        ParseError, match=r"'at_gpu' is not a unit here(.|\n)*boundaries are at_component, at_board, at_w"
    ):
        parse_unit("W at_gpu")
    with pytest.raises(ParseError, match=r"did you mean 'at_wall'\?"):
        parse_unit("kWh at_wal")


@pytest.mark.parametrize("sign", ["", "-"])
def test_q5_units_are_counted_up_to_the_power_of_24(sign: str) -> None:
    assert unit_text(lca.parameter("x", f"1 s^{sign}24").unit) == ("s^24" if not sign else "1/s^24")
    with pytest.raises(ParseError, match="a power above 24"):
        lca.parameter("x", f"1 s^{sign}25")
