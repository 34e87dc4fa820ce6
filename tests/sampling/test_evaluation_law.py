"""What can be evaluated: only finite numbers (Q6), nothing before evaluation, chains of any depth (Q7)."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas
import pytest
import xarray

import lca
from lca import functions, parameter, quantity
from lca.errors import NonFiniteError, NotEvaluatedError, UnitError
from lca.graph.node import Node, expression, fold, postorder
from lca.graph.program import compile_program
from lca.records.components import Assembly, Same
from lca.sampling.design import RandomDesign
from lca.sampling.evaluate import evaluate
from lca.units.text import unit_text

POWER = parameter("desk.power", "147 W at_wall")
ENERGY = parameter("desk.energy", "2 kWh at_wall")


def value(thing: Any) -> float:
    return float(lca.nominal(thing).data["value"])


# --- Q6: only finite numbers -----------------------------------------------------------------------------

BAD = [math.nan, math.inf, -math.inf, np.float64("nan"), np.float32("inf")]


def test_q6_the_formula_of_a_value_that_is_not_finite_is_cut_below_two_levels() -> None:
    a, b, c = (parameter(name, size) for name, size in (("a", 1.0), ("b", 2.0), ("c", 0.0)))
    with pytest.raises(NonFiniteError, match=r"first made by: log\(\.\.\. x c\)"):
        lca.nominal(functions.log(functions.exp(functions.exp(a) + b) * c))


@pytest.mark.parametrize("bad", BAD)
def test_q6_nan_and_infinity_raise_at_every_door(bad: float) -> None:
    table = xarray.DataArray([1.0, bad], dims="model", coords={"model": ["a", "b"]})
    doors: dict[str, Callable[[], Any]] = {
        "parameter": lambda: parameter("k", bad),
        "quantity": lambda: parameter("k", quantity(bad, "W")),
        "field": lambda: lca.Hardware("h", embodied=quantity(bad, "kg CO2e"), lifetime="5 year"),
        "crossing": lambda: lca.Site("s", pue=bad),
        "labelled": lambda: lca.labelled({"a": 1.0, "b": bad}, "W", dim="model"),
        "series": lambda: lca.labelled(pandas.Series({"a": 1.0, "b": bad}), "W", dim="model"),
        "table": lambda: lca.labelled(table, "W", dim="model"),
        "reading": lambda: lca.Meter("m", at="wall").read(bad, "W"),
        "readings": lambda: lca.Meter("m", at="wall").read({"a": 1.0, "b": bad}, "W", dim="model"),
        "distribution": lambda: lca.Normal(bad, 1),
        "bound": lambda: lca.Uniform(0, bad),
        "empirical": lambda: lca.Empirical([1.0, bad]),
        "formula": lambda: POWER * bad,
        "reversed": lambda: bad - parameter("x", "1"),
        "formula quantity": lambda: POWER + quantity(bad, "W at_wall"),
        "formula table": lambda: POWER * table,
        "exponent": lambda: POWER**bad,
        "interpolation": lambda: functions.interpolate(parameter("x", "1"), [0, 1], [1, bad]),
        "weights": lambda: lca.choice("c", {"a": "1 W", "b": "2 W"}, weights=[1, bad]),
    }
    for door, enter in doors.items():
        with pytest.raises(NonFiniteError):
            enter()
            pytest.fail(f"{bad} came in by {door}")


def test_q6_missing_labels_are_listed_all_at_once() -> None:
    with pytest.raises(NonFiniteError, match="3 of 4 values") as raised:
        lca.labelled({"a": 1.0, "b": math.nan, "c": None, "d": math.inf}, "W", dim="model")
    assert raised.value.sides == ("model=b: nan", "model=c: missing", "model=d: inf")


def test_q6_a_non_finite_result_is_traced_to_the_first_node_that_made_it() -> None:
    zero, one = parameter("zero", "0 W"), parameter("one", "1 W")
    with pytest.raises(NonFiniteError, match="bad(.|\n)*first made by: one / zero"):
        lca.nominal({"fine": one, "bad": functions.exp((one / zero).named("ratio")) * 2 - one / one})
    x = parameter("x", lca.Uniform(1, 2))
    with pytest.raises(NonFiniteError, match=r"draw \d+(.|\n)*first made by: log\(x - 1.5\)") as raised:
        lca.monte_carlo(functions.log(x - 1.5) * 3 + 1, draws=100)
    draws = lca.monte_carlo(x, draws=100).data["value"].values
    first = int(np.flatnonzero(draws <= 1.5)[0])
    assert f"draw {first}\n" in str(raised.value)


def test_q6_the_branch_that_was_not_taken_may_hold_anything() -> None:
    zero, one, x = parameter("zero", "0"), parameter("one", "1"), parameter("x", lca.Uniform(1, 2))
    assert value(functions.where(x > 0, x, one / zero)) == 1.5
    split = functions.where(x > 1.5, functions.log(x - 1.5), functions.log(1.5 - x))
    assert np.isfinite(lca.monte_carlo(split, draws=1_000).data["value"]).all()
    # both branches are non-finite: the selected one is named
    with pytest.raises(NonFiniteError, match="first made by: one / zero"):
        lca.nominal(functions.where(x > 5, functions.log(zero), one / zero) * 2)
    with pytest.raises(NonFiniteError, match=r"first made by: log\(1 - x\)"):
        lca.monte_carlo(functions.where(x > 1.5, functions.log(x - 1.5), functions.log(1 - x)), draws=50)


# --- Q7: no value before evaluation; no recursion -------------------------------------------------------------


@pytest.mark.parametrize(
    "use",
    [
        bool, float, int, complex, math.ceil, math.floor, math.exp, round, len, list, np.asarray, np.sum, np.isnan,
        lambda node: max(node, node + node), lambda node: min(node, ENERGY), lambda node: sorted([node, ENERGY]),
        lambda node: not node, lambda node: (node > ENERGY) and (node < ENERGY), lambda node: [1, 2][node],
        lambda node: np.array([1.0, 2.0])[node > ENERGY],
    ],
)  # fmt: skip
def test_q7_a_node_has_no_value_and_the_error_says_what_to_use(use: Callable[[Any], Any]) -> None:
    with pytest.raises(NotEvaluatedError, match=r"until it is evaluated(.|\n)*lca.functions.where") as raised:
        if use(parameter("desk.energy", "2 kWh at_wall")) is False:
            pytest.fail("answered as if it were a value")
    assert "desk.energy" in str(raised.value)


def test_q7_python_s_sum_works() -> None:
    many = [parameter(f"p{i}", f"{i} W") for i in range(5)]
    assert value(sum(many)) == 10
    assert value(sum(many[1:], start=many[0])) == 10
    assert unit_text(sum(many).unit) == "W"
    with pytest.raises(UnitError):
        1 + sum(many)


def chain(links: int) -> Node:
    """As long as `links`, of several functions, so that no rewriting can shorten it to nothing."""
    x, y = parameter("x", lca.Uniform(1, 2)), parameter("y", lca.Uniform(1, 2))
    made: Node = x
    for link in range(links):
        made = functions.maximum(made, y) if link % 100 == 0 else made * 0.999 + 0.001
    return made


@pytest.mark.slow
def test_q7_ten_thousand_nodes_are_no_recursion() -> None:
    """Built, walked, printed, compiled, evaluated, traced, rebuilt, pickled: nothing recurses over depth."""
    made = chain(10_000)
    assert sum(1 for _ in postorder([made])) > 10_000
    assert len(expression(made)) < 200
    assert len(repr(made)) < 200
    assert fold([made], lambda _, depths: 1 + max(depths, default=0))[0] > 10_000
    assert Assembly([lca.Site("desk")], {})(made) is made
    program = pickle.loads(pickle.dumps(compile_program({"made": made})))
    x, y = (evaluate(compile_program({"v": p}))["v"].item() for p in (parameter("x", 1.5), parameter("y", 1.5)))
    for link in range(10_000):
        x = max(x, y) if link % 100 == 0 else x * 0.999 + 0.001
    assert evaluate(program)["made"].item() == pytest.approx(x, rel=1e-12)
    assert np.isfinite(evaluate(program, draws=64, design=RandomDesign(0))["made"]).all()
    with pytest.raises(NonFiniteError, match="first made by: log"):
        lca.nominal(functions.log(made - made - 1))
    with pytest.raises(UnitError) as raised:
        made + ENERGY
    assert len(str(raised.value)) < 500


def test_q7_a_sum_of_ten_thousand_terms() -> None:
    few = [parameter(f"p{i}", f"{i} W") for i in range(100)]
    assert value(sum(few * 100)) == 100 * sum(range(100))


def test_q6_a_selection_by_label_is_traced_into_the_branch_that_each_label_takes() -> None:
    value = lca.parameter("m", lca.labelled({"a": 1, "b": -1}, "", dim="k"))
    with pytest.raises(NonFiniteError, match=r"log\(m\)"):
        lca.nominal(lca.functions.where(value > 0, value, lca.functions.log(value)))
    wide = lca.parameter("x", lca.Uniform(-1, 1))
    mixture = lca.choice("c", {"one": "1", "two": lca.functions.log(wide)}, weights=[1, 1])
    with pytest.raises(NonFiniteError, match=r"log\(x\)"):
        lca.monte_carlo(mixture, draws=100, mix=["c"])


def test_u1_things_of_other_kinds_are_not_the_same() -> None:
    same, site = Same(), lca.Site("desk")
    for left, right in (
        ((1,), 1),
        ({"a": 1}, (1,)),
        (site, lca.parameter("p", 1)),
        (site, "desk"),
        ("a", "b"),
        ((1,), (1, 2)),
    ):
        assert not same(left, right), (left, right)
        assert not same(right, left), (left, right)
    assert same(site, lca.Site("desk"))
    assert same({"a": (1,)}, {"a": (1,)})
