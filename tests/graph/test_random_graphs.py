"""Random small graphs: draw by draw in plain floats = compiled and drawn = in pint, numbers and units (Q1, Q2, Q3).

The same recipe is followed three times. Pint decides which steps have a unit at all: where it refuses, the graph
must refuse; where it gives a unit, the graph must give the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pint
from hypothesis import example, given, settings
from hypothesis import strategies as st

import lca
from lca import functions, labelled, parameter, quantity
from lca.errors import UnitError
from lca.graph.node import Node
from lca.graph.program import compile_program
from lca.sampling.design import RandomDesign
from lca.sampling.evaluate import evaluate
from lca.units.parse import parse_unit

LABELS = {"m": ("a", "b"), "n": ("x", "y", "z")}
DRAWS = 3
POINTS = list(itertools.product(*LABELS.values()))  # every combination of labels
UNITS = ("", "W at_wall", "kWh at_wall", "kWh at_board", "h", "device", "kg CO2e", "lb CO2e/(kWh at_wall)")

#: What a recipe may do with two values of one kind. Comparisons decide between values and reach no result alone.
STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negative": lambda a, b: -a,
    "square": lambda a, b: a**2,
    "root": lambda a, b: (a * a) ** 0.5,
    "scale": lambda a, b: 3 * a,
    "exp": lambda a, b: functions.exp(-a / (a + a)) * b,
    "log": lambda a, b: functions.log(3 * a / (a + a)) * b,
    "minimum": functions.minimum,
    "maximum": functions.maximum,
    "clip": lambda a, b: functions.clip(a, b, 2 * b),
    "where": lambda a, b: functions.where(a > b, a, 2 * b),
}
SUMS = ("sum m", "sum n")


class Value:
    """One step of a recipe in three readings; `size` bounds what rounding in the steps before may amount to."""

    def __init__(self, node: Node, floats: Any, sizes: Any, quantities: dict[Any, Any]) -> None:
        self.node = node
        self.floats = floats  # (point, draw) -> float in root units
        self.sizes = sizes
        self.quantities = quantities  # point -> pint quantity, of the first draw


def leaf(number: int, unit: str, dims: tuple[str, ...]) -> Value:
    key = f"p{number}"
    spread = lca.Uniform(1 + number, 2 + 2 * number)
    if not dims:
        node = parameter(key, lca.Uniform(f"{1 + number} {unit}", f"{2 + 2 * number} {unit}"))
    elif len(dims) == 1:
        node = parameter(key, labelled(dict.fromkeys(LABELS[dims[0]], spread), unit, dim=dims[0]))
    else:
        rows = {
            m: parameter(f"{key}.{m}", labelled(dict.fromkeys(LABELS["n"], spread), unit, dim="n")) for m in LABELS["m"]
        }
        node = functions.stack(rows, "m")
    drawn = evaluate(compile_program({"leaf": node}), draws=DRAWS, design=RandomDesign(7))["leaf"]
    factor = parse_unit(unit)[0]
    floats, quantities = {}, {}
    for point in POINTS:
        here = dict(zip(LABELS, point, strict=True))
        index = tuple(LABELS[dim].index(here[dim]) for dim in dims)
        for draw in range(DRAWS):
            floats[point, draw] = float(drawn[(*index, draw)])
        quantities[point] = quantity(floats[point, 0] / factor, unit)
    return Value(node, floats, dict(floats), quantities)


def summed(value: Value, dim: str) -> Value:
    """Over one dim, in the order of its labels."""
    axis = list(LABELS).index(dim)

    def whole(found: Any, point: Any, *rest: Any) -> Any:
        places = [(*point[:axis], label, *point[axis + 1 :]) for label in LABELS[dim]]
        terms = [found[(place, *rest) if rest else place] for place in places]
        return sum(terms[1:], terms[0])

    return Value(
        functions.total(value.node, over=dim),
        {(p, d): whole(value.floats, p, d) for p, d in value.floats},
        {(p, d): whole(value.sizes, p, d) for p, d in value.sizes},
        {p: whole(value.quantities, p) for p in value.quantities},
    )


def numbers(name: str, a: Value, b: Value) -> tuple[Any, Any] | None:
    """The step in floats, with what rounding may amount to; nothing where rounding decides, or at the edges."""
    floats, sizes = {}, {}
    for place in a.floats:
        x, y, u, v = a.floats[place], b.floats[place], a.sizes[place], b.sizes[place]
        if min(abs(x) / u, abs(y) / v) < 1e-3:
            return None  # a difference of almost equal values, or zero
        if name in ("where", "clip", "minimum", "maximum") and abs(x - y) < 1e-9 * (u + v):
            return None
        floats[place] = made = float(STEPS[name](x, y))
        if not 1e-60 < abs(made) + 1e-50 < 1e60:
            return None
        # relative errors of the operands add, at most doubled
        relative = 2 * (u / abs(x)) + 2 * (v / abs(y))
        sizes[place] = abs(made) * relative + (2 * (u + v) if name in ("add", "subtract") else 0) + 1e-300
    return floats, sizes


def step(name: str, a: Value, b: Value) -> Value | None:
    """The next value, or nothing where the units do not fit, for both witnesses alike."""
    found = numbers(name, a, b)
    if found is None:
        return None
    formula = STEPS[name]
    try:
        quantities = {point: formula(a.quantities[point], b.quantities[point]) for point in POINTS}
    except (pint.DimensionalityError, UnitError):
        quantities = None
    try:
        node = formula(a.node, b.node)
    except UnitError:
        assert quantities is None, f"the graph refused {name} of {a.node!r} and {b.node!r}, pint did not"
        return None
    assert quantities is not None, f"pint refused {name} of {a.node!r} and {b.node!r}"
    return Value(node, *found, quantities)


recipes = st.lists(
    st.tuples(st.sampled_from([*STEPS, *SUMS, *SUMS]), st.integers(0, 9), st.integers(0, 9)),
    min_size=4,
    max_size=12,
)
dims_of_leaves = st.lists(st.sampled_from([(), ("m",), ("n",), ("m", "n")]), min_size=2, max_size=4)
units_of_leaves = st.lists(st.sampled_from(UNITS), min_size=1, max_size=2)  # few, so that values often fit


@settings(max_examples=300, deadline=None, derandomize=True)
@given(units_of_leaves, dims_of_leaves, recipes)
@example([""], [("m",), ()], [("add", 0, 1), ("sum m", 0, 0), ("add", 0, 1)])
@example(["h"], [("m",), ("n",)], [("subtract", 0, 1), ("multiply", 0, 1), ("sum n", 0, 0), ("sum m", 0, 0)])
def test_any_small_graph_is_the_same_in_floats_compiled_and_in_pint(units: Any, dims: Any, recipe: Any) -> None:
    values = [leaf(number, units[number % len(units)], over) for number, over in enumerate(dims)]
    for name, left, right in recipe:
        # counted from the newest value back: recipes grow deep rather than wide
        a, b = values[-1 - left % len(values)], values[-1 - right % len(values)]
        if name.startswith("sum"):
            made = summed(a, name[-1]) if name[-1] in a.node.dim_names else None
        else:
            made = step(name, a, b)
        values += [made] if made is not None else []
    program = compile_program({f"v{i}": value.node for i, value in enumerate(values)})
    compiled = evaluate(program, draws=DRAWS, design=RandomDesign(7))
    for number, value in enumerate(values):
        array = compiled[f"v{number}"]
        for (point, draw), expected in value.floats.items():
            here = dict(zip(LABELS, point, strict=True))
            index = tuple(LABELS[dim].index(here[dim]) for dim in value.node.dim_names)
            tolerance = 1e-12 * (value.sizes[point, draw] + abs(expected))
            assert abs(array[(*index, draw)] - expected) <= tolerance, (value.node, point, draw)
            if draw == 0:
                witness = value.quantities[point]
                root = witness.to_root_units() if hasattr(witness, "units") else witness
                found = getattr(root, "magnitude", root)
                assert abs(float(found) - expected) <= tolerance, (value.node, point)
                unit = root.units._units if hasattr(root, "units") else parse_unit("")[1]
                assert unit == value.node.unit, value.node
    assert np.isfinite(compiled["v0"]).all()
