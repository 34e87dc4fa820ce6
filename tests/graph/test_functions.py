"""One formula, four readings: floats, pint quantities, xarray tables and the compiled graph agree to 1e-12.

Pint knows nothing of the graph: it is the independent witness for every unit, and for every number.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray
from readings import EXACT, LABELS, Sample, assert_four_readings, graph, root_magnitude

import lca
from lca import formulas, functions, labelled, parameter, quantity
from lca.errors import NonFiniteError, UnitError
from lca.graph.function_table import FUNCTIONS, call
from lca.graph.labels import make_dim
from lca.graph.node import Node
from lca.units.parse import parse_unit
from lca.units.registry import registry


def saturating(x: Any, half: Any) -> Any:
    """A function of a user's own, for `apply`."""
    return x / (x + half)


# --- every elementwise row of the table --------------------------------------------------------------------

ROWS: dict[str, tuple[dict[str, str], Callable[..., Any]]] = {
    "add": ({"a": "kWh at_wall", "b": "J at_wall"}, lambda a, b: a + b),
    "subtract": ({"a": "kWh at_wall", "b": "MJ at_wall"}, lambda a, b: a - b),
    "multiply": ({"a": "W at_wall", "b": "h"}, lambda a, b: a * b),
    "divide": ({"a": "kWh at_board", "b": "kWh at_wall"}, lambda a, b: a / b),
    "negative": ({"a": "kg CO2e"}, lambda a: -a),
    "power": ({"a": "W"}, lambda a: a**2.5),
    "raised": ({"a": "", "b": "percent"}, functions.power),
    "exp": ({"a": ""}, functions.exp),
    "log": ({"a": "percent"}, functions.log),
    "minimum": ({"a": "h", "b": "min"}, functions.minimum),
    "maximum": ({"a": "h", "b": "min"}, functions.maximum),
    "clip": ({"a": "W", "b": "kW", "c": "W"}, lambda a, b, c: functions.clip(c, 0.2 * a, b / 1e3)),
    "ceil": ({"a": "device"}, functions.ceil),
    "less": ({"a": "kg", "b": "kg"}, lambda a, b: a < b),
    "less_equal": ({"a": "kg", "b": "kg"}, lambda a, b: a <= b),
    "greater": ({"a": "kg", "b": "lb"}, lambda a, b: a > b),
    "greater_equal": ({"a": "kg", "b": "lb"}, lambda a, b: a >= b),
    "where": ({"a": "s", "b": "s", "c": "W", "d": "kW"}, lambda a, b, c, d: functions.where(a > b, c, d)),
    "interpolate": (
        {"a": "percent"},
        lambda a: functions.interpolate(a, [0, 2, 5, 9], [30, 90, 80, 150], x_unit="percent", y_unit="W at_wall"),
    ),
    "choice": (
        {"a": "", "b": "kg CO2e", "c": "g CO2e", "d": "lb CO2e"},
        lambda a, b, c, d: call("choice", a, b, c, d, thresholds=(2.0, 6.0)),
    ),
    "apply": ({"a": "W", "b": "kW"}, lambda a, b: functions.apply(saturating, a, b, unit="percent")),
}


def test_every_elementwise_row_of_the_table_has_a_sample() -> None:
    assert set(ROWS) == {name for name, row in FUNCTIONS.items() if row.elementwise}


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("seed", [1, 2])
def test_an_elementwise_row_reads_four_ways(name: str, seed: int) -> None:
    units, formula = ROWS[name]
    made = assert_four_readings(formula, Sample(units, seed))
    functions_used = {node.function.name for node in [made, *made.inputs] if node.function}
    assert name in functions_used


def test_both_sides_of_every_switch_are_taken() -> None:
    """The samples above would prove little if each of them stayed on one branch."""
    for name in ("less", "less_equal", "greater", "greater_equal"):
        units, formula = ROWS[name]
        answers = {float(v) for seed in (1, 2) for v in graph(formula(*Sample(units, seed).nodes())).values.ravel()}
        assert answers == {0.0, 1.0}, name
    for name, switches in {"where": [0.5], "choice": [2.0, 6.0]}.items():
        units, formula = ROWS[name]
        selectors = [graph(formula(*Sample(units, seed).nodes()).inputs[0]).values.ravel() for seed in (1, 2)]
        sides = set(np.digitize(np.concatenate(selectors), switches).tolist())
        assert sides == set(range(len(switches) + 1)), name
    a, b = quantity(1.0, "kWh"), quantity(2.0, "kWh")
    for x, y, expected in ((1.0, 2.0, 1.0), (a, b, 3.6e6), (parameter("a", "1"), parameter("b", "2"), 1.0)):
        for made, wanted in (
            (functions.minimum(x, y), 1),
            (functions.maximum(x, y), 2),
            (functions.clip(y, x, x), 1),
        ):
            got = float(graph(made)) if isinstance(made, Node) else root_magnitude(made)
            assert got == wanted * expected
        made = functions.where(x < y, y, x)
        assert (float(graph(made)) if isinstance(made, Node) else root_magnitude(made)) == 2 * expected


def test_a_quantity_may_come_in_any_multiple_of_its_unit() -> None:
    """`quantity` gives root units; a user's pint quantity does not, nor does a table or a function of one's own."""
    half_hour, hours = quantity(0.5, "h").to("minute"), quantity(2, "h").to("hour")
    assert half_hour.magnitude == pytest.approx(30)
    at = functions.interpolate(half_hour, [0, 1], [100, 300], x_unit="h", y_unit="W at_wall")
    assert at.to(registry.Unit("W * at_wall")).magnitude == pytest.approx(200, rel=1e-12)
    share = functions.apply(saturating, half_hour, hours, unit="")
    assert root_magnitude(share) == pytest.approx(0.2, rel=1e-12)
    for made in (functions.minimum(half_hour, hours), functions.clip(half_hour, hours / 100, hours)):
        assert root_magnitude(made) == pytest.approx(1800, rel=1e-12)
    graphed = functions.interpolate(parameter("x", half_hour), [0, 1], [100, 300], x_unit="h", y_unit="W at_wall")
    assert float(graph(graphed)) == pytest.approx(200, rel=1e-12)


def in_four_readings(formula: Callable[..., Any], *numbers: float) -> list[float]:
    """A formula of pure numbers without dims, read as floats, with pint, with xarray and as a graph."""
    nodes = [parameter(f"n{i}", number) for i, number in enumerate(numbers)]
    tables = [xarray.DataArray([number], dims="m") for number in numbers]
    return [
        float(formula(*numbers)),
        root_magnitude(formula(*(quantity(number, "") for number in numbers))),
        formula(*tables).item(),
        float(graph(formula(*nodes))),
    ]


@pytest.mark.parametrize(("base", "exponent"), [(3, 2), (7, 5), (10, 15), (-2, 3), (2, -4), (0, 3), (1.5, 2)])
def test_q1_a_power_is_exact_for_whole_exponents_in_every_reading(base: float, exponent: float) -> None:
    """Q1: a power of two values is no exponential of a logarithm, which makes ceil(3^2) ten."""
    assert in_four_readings(functions.power, base, exponent) == [float(base) ** exponent] * 4
    whole = float(math.ceil(float(base) ** exponent))
    assert in_four_readings(lambda a, b: functions.ceil(functions.power(a, b)), base, exponent) == [whole] * 4


def test_q1_only_pure_numbers_are_raised_to_a_value_that_may_vary() -> None:
    with pytest.raises(UnitError, match="pure number"):
        functions.power(parameter("p", "3 W"), parameter("k", 2))
    with pytest.raises(UnitError, match="pure number"):
        functions.power(parameter("n", 3), parameter("t", "2 s"))
    assert repr(functions.power(parameter("n", 3), parameter("k", 2))) == "<n^k [a pure number]>"
    with pytest.raises(NonFiniteError):
        lca.nominal(functions.power(parameter("n", -8), parameter("k", 0.5)))


ROUNDED = {12.3 / 4.1: 3, 3.0: 3, 2.5: 3, 3.5: 4, 3 * (1 - 1e-12): 3, 3 * (1 + 5e-10): 3, 3 * (1 + 2e-9): 4,
           1e-12: 1, 0.0: 0, -0.5: 0, -3 * (1 - 1e-12): -3, 1e10: 1e10, 1e17: 1e17, 8: 8}  # fmt: skip


@pytest.mark.parametrize("number", ROUNDED)
def test_a8_one_rule_says_what_is_within_rounding_of_a_whole_number(number: float) -> None:
    """A8: a value within a relative 1e-9 of a whole number is that number, in every reading."""
    assert in_four_readings(functions.ceil, number) == [ROUNDED[number]] * 4
    years, life = quantity(12.3, "year"), quantity(4.1, "year")
    assert root_magnitude(formulas.whole_devices(1, years, life)) == 3


def test_q1_a_percentage_is_rounded_up_as_the_number_that_it_is() -> None:
    pint_reading = functions.ceil(registry.Quantity(150.0, "percent"))
    assert root_magnitude(pint_reading) == float(graph(functions.ceil(parameter("p", "150 %")))) == 2


def test_numpy_s_own_functions_read_a_node_too() -> None:
    x, y = parameter("x", "0.5"), parameter("y", "1.5")
    for made, expected in {
        np.exp(x): math.exp(0.5), np.log(y): math.log(1.5), np.maximum(x, y): 1.5, np.power(y, 3): 1.5**3,
        np.ceil(y): 2.0, np.float64(2) ** 2 * x: 2.0,
    }.items():  # fmt: skip
        assert float(graph(made)) == pytest.approx(expected, rel=1e-14)


# --- rows over dims and labels: xarray and the graph -----------------------------------------------------------


def along(dim: str = "engine") -> Any:
    return make_dim("case", ["u", "v", "w", "z"], {dim: ("c", "a", "a", "b"), "size": (1, 2, 3, 4)})


OVER: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "sum": ("kWh at_wall", lambda a: functions.total(a, over="engine")),
    "cumulative_product": ("percent", lambda a: functions.cumulative_product(a, over="engine")),
    "stack": ("kWh", lambda a: functions.stack({"one": a, "two": 2 * a}, "way")),
    "select": ("kWh", lambda a: functions.select(a, "engine", "b")),
    "take": ("W", lambda a: functions.take(a, "engine", along(), "engine")),
}


def test_every_row_over_dims_has_a_sample() -> None:
    assert set(OVER) == {name for name, row in FUNCTIONS.items() if not row.elementwise}


@pytest.mark.parametrize("name", OVER)
@pytest.mark.parametrize("dims", [("engine",), ("engine", "model"), ("model", "engine")])
def test_a_row_over_dims_reads_in_xarray_and_as_a_graph(name: str, dims: tuple[str, ...]) -> None:
    unit, formula = OVER[name]
    shape = [len(LABELS[dim]) for dim in dims]
    table = xarray.DataArray(
        np.random.default_rng(5).uniform(1, 9, shape), dims=dims, coords={d: LABELS[d] for d in dims}
    )
    factor, root = parse_unit(unit)
    node = Sample({}, 0)._node("a", table, unit)
    by_graph, by_xarray = graph(formula(node)), formula(table * factor)
    assert set(by_graph.dims) == set(by_xarray.dims)
    for dim in by_graph.dims:
        assert by_graph[dim].values.tolist() == by_xarray[dim].values.tolist()
    np.testing.assert_allclose(by_graph, by_xarray.transpose(*by_graph.dims), **EXACT)
    made = formula(node)
    assert made.unit == (root if name != "cumulative_product" else parse_unit("")[1])


def test_rows_over_dims_against_plain_loops() -> None:
    """Xarray could share a mistake with us: the same in Python."""
    rows = {"x": [1.0, 2.0, 4.0], "y": [3.0, 5.0, 7.0]}
    node = functions.stack(
        {m: parameter(f"p.{m}", labelled(dict(zip("abc", v, strict=True)), "", dim="engine")) for m, v in rows.items()},
        "model",
    )
    expected = {
        "sum": [7.0, 15.0],
        "cumulative_product": [[1.0, 3.0], [2.0, 15.0], [8.0, 105.0]],
        "select": [2.0, 5.0],
        "take": [[4.0, 7.0], [1.0, 3.0], [1.0, 3.0], [2.0, 5.0]],
    }
    for name, wanted in expected.items():
        np.testing.assert_array_equal(graph(OVER[name][1](node)), wanted)
    assert graph(OVER["stack"][1](node)).sel(way="two", engine="c", model="y") == 14


# --- every public formula -----------------------------------------------------------------------------------------

ARGUMENTS = {
    "forecast_duration": {
        "elapsed": "min", "step_time": "s/iteration", "planned": "iteration", "done": "iteration", "factor": "",
    },
    "powered_energy": {
        "power": "mW at_board/device", "active_time": "h", "idle_power": "W at_board/device", "idle_time": "day",
    },
    "transformer_work": {"per_parameter": "FLOP/token", "parameters": "", "tokens": "token"},
    "achieved_rate": {"peak": "TFLOP/s/device", "utilisation": ""},
    "computing_time": {"work": "EFLOP", "rate": "TFLOP/s/device", "devices": "device"},
    "loaded_power": {"tdp": "W at_component/device", "load": ""},
    "computing_energy": {"work": "GFLOP/inference", "rate": "TFLOP/s/device", "power": "W at_component/device"},
    "amount_time": {"amount": "token", "throughput": "token/s"},
    "powered_time": {"energy": "kWh at_wall", "power": "W at_wall/device", "devices": "device"},
    "parameters_read": {"active": "", "total": "", "expert_share": "percent", "batch": ""},
    "memory_time": {"data": "GB", "bandwidth": "TB/s/device", "gpus": "device"},
    "tokens_read": {"batch": "token", "input_tokens": "token/request", "output_tokens": "token/request"},
    "step_time": {"weights": "ms", "cache": "s", "operations": "min", "reading": "ms", "handling": "us", "fixed": "ms"},
    "denoising_work": {"work": "TFLOP", "passes": "", "tokens": "token", "reach": "token"},
    "overlapped_time": {"computing": "ms", "waiting": "s"},
    "token_energy": {"power": "W at_component/device", "gpus": "device", "time": "ms", "tokens": "token"},
    "fitted_token_energy": {
        "active": "", "batch": "", "slope": "mJ at_component/token", "decay": "percent",
        "floor": "J at_component/token",
    },
    "server_power": {"gpu_power": "W at_board/device", "gpus": "device", "rest": "kW at_board"},
    "requests_in_flight": {"rate": "request/s", "time": "min"},
    "utilisation": {"load": "request/min", "throughput": "request/s/device", "replicas": "device"},
    "idle_share": {"utilisation": "percent"},
    "gpus_needed": {
        "load": "request/s", "throughput": "request/min", "utilisation": "percent", "gpus": "device", "spare": "",
    },
    "run_energy": {"power": "kW at_wall/device", "duration": "h", "devices": "device"},
    "energy_per_inference": {"energy_per_batch": "J at_board/batch", "batch": "inference/batch"},
    "served_energy": {"power": "kW at_wall/device", "rate": "request/h/device"},
    "request_energy": {
        "output_energy": "mJ at_wall/token", "output_tokens": "token/request", "input_energy": "Wh at_wall/token",
        "input_tokens": "token/request",
    },
    "marginal_energy": {"gross": "J at_board/inference", "idle_power": "mW at_board", "throughput": "inference/s"},
    "energy_at_rate": {"energy": "J/inference", "slope": "W", "throughput": "inference/s", "typical": "inference/h"},
    "device_energy": {
        "idle_power": "W at_board", "on_time": "day", "marginal": "mJ at_board/inference",
        "inferences": "inference",
    },
    "time_in_year": {"period": "year", "elapsed": "month", "year": "day"},
    "crossed_energy": {
        "gain": "at_board/at_component", "energy": "kWh at_component", "power": "W at_board", "duration": "h",
    },
    "wall_energy": {"board_energy": "kWh at_board", "supply_efficiency": "at_board/at_wall"},
    "facility_energy": {"wall": "kWh at_wall", "pue": "at_facility/at_wall"},
    "busbar_energy": {"facility": "kWh at_facility", "delivered_share": "at_facility/at_busbar"},
    "reserved_devices": {"devices": "device", "period": "month", "lifetime": "year"},
    "active_devices": {"devices": "device", "running": "day", "service_life": "h"},
    "whole_devices": {"devices": "device", "period": "year", "lifetime": "month"},
    "shared_devices": {"devices": "device", "period": "month", "lifetime": "year", "share": "percent"},
    "valued_devices": {"devices": "device", "share": "percent"},
    "uncharged_devices": {"devices": "device"},
    "value_share": {"value": "h", "whole": "day"},
    "characteristic_life": {"mean_life": "month", "gamma": ""},
    "survival": {"age": "month", "life": "year", "shape": ""},
    "failed_devices": {"devices": "device", "before": "", "after": "percent"},
    "renewed_devices": {"failed": "device", "survived": "percent"},
    "used_share": {"time": "month", "step": "day", "before": ""},
    "standing_devices": {"start": "device", "middle": "device", "end": "device", "used": "percent"},
    "made_in_year": {"delivered": "device", "spare": "percent", "renewed": "device", "time": "month"},
    "sleep_energy": {"sleep_power": "mW at_wall", "active": "percent", "idle": "percent", "period": "month"},
    "network_energy": {
        "energy_per_byte": "kWh at_wall/GB", "traffic": "kB/inference", "inferences": "inference",
    },
    "electricity_impact": {"energy": "MWh at_busbar", "intensity": "lb CO2e/(MWh at_busbar)"},
    "hardware_impact": {"device_lives": "device", "burden": "kg CO2e/device"},
    "sci_score": {"energy": "J at_wall", "intensity": "g CO2e/(kWh at_wall)", "embodied": "kg CO2e", "units": "token"},
    "lifecycle_intensity": {"direct": "lb CO2e/(MWh at_busbar)", "upstream": "g CO2e/(kWh at_busbar)"},
    "declined_intensity": {"intensity": "g CO2e/(kWh at_busbar)", "rate": "1/year", "elapsed": "month"},
    "trend_intensity": {
        "centre": "g CO2e/(kWh at_busbar)", "slope": "1/year", "elapsed": "month", "deviation": "",
    },
    "deviated_intensity": {"intensity": "g CO2e/(kWh at_busbar)", "deviation": ""},
    "characterized": {"mass": "g CH4", "characterization_factor": "kg CO2e/kg CH4"},
    "poisson_yield": {"area": "mm^2", "defect_density": "1/cm^2"},
    "murphy_yield": {"area": "mm^2", "defect_density": "1/cm^2"},
    "negative_binomial_yield": {"area": "mm^2", "defect_density": "1/cm^2", "clustering": ""},
    "effective_yield": {"good": "percent", "harvest": "percent"},
    "dies_per_wafer": {"area": "mm^2", "wafer_diameter": "cm"},
    "carbon_per_area": {
        "fab_energy": "kWh at_facility/cm^2", "fab_intensity": "kg CO2e/(kWh at_facility)",
        "gases": "g CO2e/cm^2", "materials": "kg CO2e/cm^2", "yield_": "percent",
    },
    "carbon_per_good_area": {"reference": "kg CO2e/cm^2", "reference_yield": "percent", "yield_": ""},
    "die_embodied": {"area": "mm^2", "carbon_per_area": "kg CO2e/cm^2"},
    "amount_embodied": {"amount": "GB", "factor": "g CO2e/GB"},
    "freight_impact": {"mass": "kg/device", "distance": "km", "factor": "kg CO2e/(t km)"},
    "treatment_impact": {"mass": "kg/device", "factor": "kg CO2e/kg"},
}  # fmt: skip


def public_formulas() -> dict[str, Callable[..., Any]]:
    found = inspect.getmembers(formulas, inspect.isfunction)
    return {name: one for name, one in found if not name.startswith("_")}


def test_every_public_formula_has_units_for_its_arguments() -> None:
    signatures = {name: list(inspect.signature(one).parameters) for name, one in public_formulas().items()}
    assert {name: list(units) for name, units in ARGUMENTS.items()} == signatures


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_formula_reads_four_ways(name: str) -> None:
    for seed in (3, 4):
        assert_four_readings(public_formulas()[name], Sample(ARGUMENTS[name], seed))


def test_pint_alone_gives_a_checked_unit() -> None:
    energy = formulas.run_energy(quantity(148, "W at_wall"), quantity(24_310, "s"), 1)
    assert energy.to(registry.Unit("kWh * at_wall")).magnitude == pytest.approx(0.99941, rel=1e-5)
    with pytest.raises(Exception, match="cannot be converted"):
        energy.to("kWh")
    assert lca.functions.ceil(quantity(1.2, "device")).units == quantity(1, "device").units
