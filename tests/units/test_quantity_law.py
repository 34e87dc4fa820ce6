"""The law of quantities at work: units in the graph (Q1), in fields (Q4), and at the doors (Q8)."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas
import pint
import pytest
import xarray
from example_study import field_site, grid, part

import lca
from lca import functions, parameter, quantity
from lca.errors import (
    BoundaryError,
    DomainError,
    LabelError,
    LcaError,
    MissingError,
    NotEvaluatedError,
    UnitError,
)
from lca.graph.node import Node
from lca.units.text import unit_text

POWER = parameter("desk.power", "147 W at_wall")
ENERGY = parameter("desk.energy", "2 kWh at_wall")
RAIL = parameter("rail.energy", "1 kWh at_board")


def value(thing: Any) -> float:
    return float(lca.nominal(thing).data["value"])


# --- Q1: both operands, both units, the remedy, on the line that builds ------------------------------

MISMATCHES: dict[str, tuple[Callable[[], Any], type[LcaError], list[str]]] = {
    "power + energy": (
        lambda: POWER + ENERGY,
        UnitError,
        ["desk.power [W at the wall]", "desk.energy [kWh", "duration"],
    ),
    "energy - rail": (
        lambda: ENERGY - RAIL,
        BoundaryError,
        ["rail.energy [kWh at the board]", "supply_efficiency"],
    ),
    "expression": (
        lambda: ENERGY * 0.5 + POWER * 2,
        UnitError,
        ["desk.energy x 0.5 [kWh at the wall]", "desk.power x 2 [W at the wall]"],
    ),
    "named": (lambda: (POWER * 2).named("pair") + ENERGY, UnitError, ["pair [W at the wall]"]),
    "bare number": (
        lambda: 3 + ENERGY,
        UnitError,
        ["3 [a pure number]", "lca.quantity(number, 'kWh at the wall')"],
    ),
    "quantity": (lambda: ENERGY + quantity(3, "kWh"), BoundaryError, ["3 kWh [kWh]", 'add "at the wall"']),
    "comparison": (lambda: ENERGY > POWER, UnitError, ["desk.energy", "desk.power"]),
    "minimum": (lambda: functions.minimum(ENERGY, POWER), UnitError, ["in minimum", "desk.power"]),
    "clip": (lambda: functions.clip(ENERGY, 0, ENERGY), UnitError, ["in clip", "0 [a pure number]"]),
    "branches": (lambda: functions.where(ENERGY > ENERGY, ENERGY, POWER), UnitError, ["branches", "desk.power"]),
    "condition": (lambda: functions.where(ENERGY, 1, 2), UnitError, ["condition has a unit", "where(x > limit"]),
    "exp": (lambda: functions.exp(ENERGY), UnitError, ["a pure number is needed in exp", "desk.energy"]),
    "numpy's exp": (lambda: np.exp(ENERGY), UnitError, ["a pure number is needed in exp", "desk.energy"]),
    "ceil": (lambda: functions.ceil(ENERGY), UnitError, ["desk.energy", "size of one piece"]),
    "exponent": (
        lambda: ENERGY**ENERGY,
        UnitError,
        ["an exponent is a plain number", "functions.power(base"],
    ),
    "base": (lambda: 2**ENERGY, UnitError, ["an exponent is a plain number"]),
    "stack": (lambda: functions.stack({"a": ENERGY, "b": POWER}, "way"), UnitError, ["in stack", "desk.power"]),
    "per device": (
        lambda: parameter("idle", "2 W at_board/device") + parameter("all", "2 W at_board"),
        UnitError,
        ["idle [W at the board/device]", "multiply or divide by the number of devices"],
    ),
    "different things": (
        lambda: ENERGY + parameter("m", "1 kg CO2e"),
        UnitError,
        ["m [kg CO2e]", "check the formula"],
    ),
}


@pytest.mark.parametrize("case", MISMATCHES)
def test_q1_a_mismatch_names_both_sides_both_units_and_the_remedy(case: str) -> None:
    line, kind, words = MISMATCHES[case]
    with pytest.raises(kind) as raised:
        line()
    assert type(raised.value) is kind
    text = str(raised.value)
    assert all(word in text for word in words), text
    assert "Cannot convert" not in text, "the text of the unit library never reaches the reader"
    assert "dimensionless" not in text
    assert raised.value.fix


def test_q1_the_error_comes_from_the_line_that_builds_and_survives_pickling() -> None:
    with pytest.raises(UnitError) as raised:
        POWER + ENERGY
    assert "in <lambda>" not in str(raised.value)
    copy = pickle.loads(pickle.dumps(raised.value))
    assert type(copy) is UnitError
    assert str(copy) == str(raised.value)


# --- Q4: a field declares its dimension -----------------------------------------------------------------


def hardware(**changed: Any) -> Any:
    return lca.Hardware("jetson", **({"embodied": "36 kg CO2e", "lifetime": "5 year"} | changed))


def training(**changed: Any) -> Any:
    return lca.Training("run", **({"power": "150 W", "duration": "3 h", "at": "wall"} | changed))


def deployment(**changed: Any) -> Any:
    engine = lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal")
    given = {"devices": 100, "start": 2022, "period": "5 year", "load": "10 inference/s", "active": "8 h/day"}
    return lca.Deployment("robots", engine, **(given | {"idle_power": "1.9 W at_board"} | changed))


def test_q4_bare_numbers_are_taken_for_counts_pure_numbers_and_crossings_only() -> None:
    site = lca.Site("room", pue=1.58, supply_efficiency="85 %")
    assert unit_text(site.pue.unit) == "at the facility/at the wall"
    assert value(site.supply_efficiency) == 0.85
    grid = lca.Electricity(intensity="0.5 kg CO2e/kWh", at="busbar", grid_loss=0.05)
    assert unit_text(grid.grid_loss.unit) == "at the facility/at the busbar"
    assert unit_text(training(devices=8).devices.unit) == "device"
    assert value(deployment(active=0.3).active) == 0.3
    counted = lca.Training.extrapolated("run", duration="143 s", power="150 W at_wall", measured=1e3, planned=17e4)
    assert unit_text(counted.measured.unit) == "iteration"
    for wrong in (
        lambda: hardware(embodied=36),
        lambda: hardware(lifetime=5),
        lambda: training(power=150),
        lambda: training(duration=3),
        lambda: deployment(load=10),
        lambda: deployment(idle_power=1.9),
        lambda: deployment(period=5),
        lambda: lca.Electricity(intensity=0.5, at="busbar"),
        lambda: lca.Site("room", rest_of_machine=60),
    ):
        with pytest.raises(UnitError, match=r"given: a pure number(.|\n)*write it with its unit"):
            wrong()


def test_q4_fields_of_one_device_attach_per_device() -> None:
    assert unit_text(hardware().embodied.unit) == "kg CO2e/device"
    assert unit_text(hardware(embodied="36 kg CO2e/device").embodied.unit) == "kg CO2e/device"
    assert unit_text(training().power.unit) == "W at the wall/device"
    fleet = deployment()
    assert unit_text(fleet.load.unit) == "inference/(s device)"
    assert unit_text(fleet.idle_power.unit) == "W at the board/device"
    with pytest.raises(UnitError, match="robots.load"):
        deployment(load="10 inference/s/device/device")


def test_q4_power_and_energy_carry_exactly_one_boundary() -> None:
    with pytest.raises(BoundaryError, match=r"does not say where it was measured(.|\n)*run.power"):
        training(at=None)
    with pytest.raises(BoundaryError, match="names several measurement boundaries"):
        training(power="150 W at_wall at_board", at=None)
    with pytest.raises(BoundaryError, match="names several measurement boundaries"):
        training(power="150 W at_wall/at_board", at=None)
    with pytest.raises(BoundaryError, match=r"at the board(.|\n)*at='wall'"):
        training(power="150 W at_board")
    with pytest.raises(BoundaryError, match="'desk' is not a measurement boundary"):
        training(at="desk")
    with pytest.raises(BoundaryError, match="does not say where it was measured"):
        lca.Electricity(intensity="0.5 kg CO2e/kWh")
    with pytest.raises(BoundaryError, match="not counted where electricity is sold"):
        lca.Electricity(intensity="0.5 kg CO2e/kWh", at="wall")


def test_q4_a_share_of_time_lies_between_0_and_1() -> None:
    assert value(deployment(active="8 h/day").active) == pytest.approx(1 / 3, rel=1e-15)
    with pytest.raises(DomainError, match=r'robots.active(.|\n)*found: 8\n(.|\n)*"8 h/day"'):
        deployment(active=8)
    with pytest.raises(DomainError, match="robots.idle"):
        deployment(idle="-1 h/day")
    with pytest.raises(UnitError, match='no unit left: "8 h/day"'):
        deployment(active="8 h")
    with pytest.raises(DomainError, match="more than the whole day"):
        part(deployment(active="8 h/day", idle="17 h/day", site=field_site(grid())))
    with pytest.raises(DomainError, match="robots.active"):
        deployment(active=lca.Uniform(0.5, 1.2))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: training(duration="-3 h"),
        lambda: training(duration="0 h"),
        lambda: training(power="-150 W"),
        lambda: training(devices=-1),
        lambda: hardware(lifetime="0 year"),
        lambda: hardware(embodied="-1 kg CO2e"),
        lambda: hardware(embodied=lca.Triangular("-1 kg CO2e", "10 kg CO2e", "12 kg CO2e")),
        lambda: lca.Site("room", pue=0.9),
        lambda: lca.Site("room", supply_efficiency=85),
        lambda: lca.Site("room", supply_efficiency=0),
        lambda: lca.Electricity(intensity="0.5 kg CO2e/kWh", at="busbar", grid_loss=1.2),
        lambda: training(power=lca.labelled({"a": 5, "b": -5}, "W", dim="model")),
    ],
)
def test_q4_a_value_outside_the_domain_of_its_field_raises(wrong: Callable[[], Any]) -> None:
    with pytest.raises(DomainError, match=r"where: (run|jetson|room|electricity)\.\w+\n(.|\n)*fix: "):
        wrong()


def test_q4_a_factor_multiplied_by_hand_leaves_the_boundary() -> None:
    assert (ENERGY * 1.58).unit == ENERGY.unit
    with pytest.raises(UnitError, match="given: kg/kWh"):
        lca.Electricity(intensity="954 lb/MWh", at="busbar")  # plain mass: which gas?
    with pytest.raises(MissingError, match=r"jetson.embodied(.|\n)*wide distribution"):
        hardware(embodied=None)


# --- Q8: what swallowed a node is refused at the door ------------------------------------------------------------


def test_q8_a_quantity_that_swallowed_a_node_is_refused() -> None:
    foreign: Any = pint.UnitRegistry()
    for made in (quantity(2.0, "W at_wall"), foreign.Quantity(2.0, "watt"), foreign.Quantity(2, "1/day")):
        swallowed = made * POWER
        assert isinstance(swallowed.magnitude, Node), "pint does this silently"
        doors: list[Callable[[], Any]] = [
            lambda s=swallowed: POWER * s,  # type: ignore[misc]
            lambda s=swallowed: POWER + s,  # type: ignore[misc]
            lambda s=swallowed: functions.minimum(POWER, s),  # type: ignore[misc]
            lambda s=swallowed: parameter("k", s),  # type: ignore[misc]
            lambda s=swallowed: training(power=s),  # type: ignore[misc]
            lambda s=swallowed: lca.Site("room", pue=s),  # type: ignore[misc]
            lambda s=swallowed: lca.Normal(s, 1),  # type: ignore[misc]
            lambda s=swallowed: lca.Meter("m", at="wall").read(s),  # type: ignore[misc]
        ]
        for enter in doors:
            with pytest.raises(NotEvaluatedError, match=r"not a number(.|\n)*desk.power(.|\n)*write the node first"):
                enter()
        # the other way round the graph takes the quantity
        assert isinstance(POWER * made, Node)


def test_q8_tables_and_arrays_never_swallow_a_node() -> None:
    table = xarray.DataArray([1.0, 2.0], dims="model", coords={"model": ["a", "b"]})
    assert (POWER * table).dim_names == ("model",)
    arrays: list[Any] = [table, np.array([1.0, 2.0]), pandas.Series([1.0, 2.0]), xarray.Dataset({"v": table})]
    for array in arrays:
        with pytest.raises(LabelError, match="labels"):
            array * POWER
        with pytest.raises(LabelError, match="labels"):
            array + POWER
    for without in (np.array([1.0]), pandas.Series([1.0]), [1.0], quantity(np.array([1.0, 2.0]), "W at_wall")):
        with pytest.raises(LabelError, match=r"lca.labelled\("):
            POWER * without
    assert value(np.float64(2) * POWER / np.float32(4)) == 73.5
    assert value(np.array(2.0) * POWER) == 294


def test_q8_a_table_of_quantities_keeps_its_unit() -> None:
    table = xarray.DataArray(quantity(np.array([1.0, 2.0]), "kWh"), dims="m", coords={"m": ["a", "b"]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # pint warns where a unit is stripped
        product = parameter("x", "2") * table
    assert unit_text(product.unit) == "kWh"
    np.testing.assert_allclose(lca.nominal(product).data["value"], [2, 4], rtol=1e-12)
    with pytest.raises(UnitError, match="a unit of its own"):
        lca.labelled(table, "W", dim="m")


@pytest.mark.parametrize("thing", ["2", "2 W", None, True, 1j, object()])
def test_q8_what_is_no_number_cannot_meet_a_node(thing: Any) -> None:
    with pytest.raises(NotEvaluatedError, match="lca.parameter"):
        POWER * thing
    with pytest.raises(NotEvaluatedError, match="lca.parameter"):
        POWER * lca.Normal(1, 0.1)


@pytest.mark.parametrize(
    "use",
    [
        lambda node: np.add.reduce(node),
        lambda node: np.add.accumulate(node),
        lambda node: np.multiply.outer(node, 2.0),
        lambda node: np.multiply(node, 2.0, dtype=float),
        lambda node: np.multiply(node, 2.0, where=True),
        lambda node: np.sqrt(node),
        lambda node: np.power(2.0, node),
    ],
)
def test_q7_what_numpy_does_beside_calling_a_function_of_the_table_needs_a_value(use: Callable[[Any], Any]) -> None:
    """Q7: a sum over an array, an option of a ufunc, and a function that is not in the table."""
    with pytest.raises(NotEvaluatedError, match="no value until it is evaluated"):
        use(POWER)
    assert np.multiply(POWER, 2.0).unit == POWER.unit
