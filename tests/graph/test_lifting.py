"""Alternatives share what they have in common: few operations touch their labels, and no value changes (U2, U7)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_rewrite import RECIPES, Recipe, agree, build, cost, read, values_of

import lca
from lca.graph.identity import Interner
from lca.graph.lifting import lifted
from lca.graph.node import Node, postorder
from lca.graph.program import compile_program

F = lca.functions
REGIONS, LIVES, ENGINES = (tuple(f"{name}{n}" for n in range(size)) for name, size in (("r", 9), ("l", 4), ("e", 3)))


def stacked(dim: str, branches: dict[str, Node]) -> Node:
    made: Node = F.stack(branches, dim)
    return made


def grid_of(first: Node, kept: Node) -> Node:
    """An intensity over four years, which keeps a share of itself from one to the next."""
    by_year: dict[str, Node] = {}
    for year in range(4):
        by_year[f"y{year}"], first = first, first * kept
    return stacked("year", by_year)


def fleet(regions: tuple[str, ...] = REGIONS) -> Node:
    """A total over regions, lives and engines: idle and active energy of four years, and two burdens of the life."""
    kept = 1 - lca.parameter("decline", lca.Uniform(0, 0.06))
    grids = {r: grid_of(lca.parameter("grid", lca.Lognormal(1 + n, gsd=1.2)), kept) for n, r in enumerate(regions)}
    joules = {e: lca.parameter("joules", lca.Lognormal(2 + n, gsd=1.1)) for n, e in enumerate(ENGINES)}
    life = stacked("life", {name: lca.parameter("life", 1.0 + n) for n, name in enumerate(LIVES)})
    age = lca.parameter("age", lca.labelled({f"y{n}": float(n) for n in range(4)}, dim="year"))
    time = F.minimum(F.maximum(life - age, 0 * life), 1 + 0 * life)
    idle, body, end = (lca.parameter(key, lca.Normal(5, 1)) for key in ("idle", "body", "end"))
    use = F.total(stacked("region", grids) * (idle * time + time * stacked("engine", joules)), "year")
    return body * life + use + end * life


def test_few_operations_touch_the_labels_of_all_scenarios() -> None:
    """108 scenarios cost two operations each: one product and one sum; all else is done over fewer labels."""
    whole = len(REGIONS) * len(LIVES) * len(ENGINES)
    program = compile_program({"total": fleet()})
    at_all = [one.op for one in program.instructions if len(one.shape) == 3]
    assert sorted(at_all) == ["add", "multiply"]
    assert 2 * whole < cost({"total": fleet()}) < 2 * whole + 120


def test_u7_a_grid_keeps_its_values() -> None:
    node = fleet()
    agree(values_of({"value": node})["value"], read(node))


def test_u2_further_scenarios_change_no_bit_of_the_others() -> None:
    few, many = (values_of({"value": fleet(regions)})["value"] for regions in (REGIONS[:2], REGIONS))
    assert many.sel(region=list(REGIONS[:2])).to_numpy().tobytes() == few.to_numpy().tobytes()


def test_u7_one_scenario_selected_is_that_of_all() -> None:
    whole = values_of({"value": fleet()})["value"].sel(region="r3", engine="e1")
    node = F.select(F.select(fleet(), "region", "r3"), "engine", "e1")
    assert values_of({"value": node})["value"].to_numpy().tobytes() == whole.to_numpy().tobytes()


def test_u2_a_parameter_that_alternatives_define_apart_keeps_its_draws() -> None:
    """U2: one key in two alternatives is one parameter over them, on one stream; a number beside it stays a number."""
    spreads: list[Any] = [lca.Normal(3, 1), lca.Normal(7, 2), 5.0]
    leaves = [lca.parameter("x", spread) for spread in spreads]
    branches = dict(zip("abc", leaves, strict=True))
    alone = [values_of({"value": leaf})["value"].to_numpy() for leaf in leaves]
    program = compile_program({"value": stacked("s", branches)})
    assert [one.op for one in program.instructions] == ["parameter"]
    assert values_of({"value": stacked("s", branches)})["value"].to_numpy().tobytes() == np.stack(alone).tobytes()


def test_u2_labels_of_a_parameter_stay_with_its_alternatives() -> None:
    """D1: over three labels and two alternatives, whichever dim comes first by name."""
    for new in ("a", "z"):
        spreads = [{"p": 1.0, "q": 2.0, "r": 3.0}, {"p": 4.0, "q": 5.0, "r": 6.0}]
        branches = [lca.parameter("x", lca.labelled(spread, dim="m")) for spread in spreads]
        found = values_of({"value": stacked(new, dict(zip("st", branches, strict=True)))})["value"]
        for label, spread in zip("st", spreads, strict=True):
            assert found.sel({new: label, "draw": 0}).to_numpy().tolist() == list(spread.values())


def test_functions_of_one_name_are_alike_only_with_the_same_exponent() -> None:
    x = lca.parameter("x", lca.Uniform(2, 3))
    node = stacked("s", {"square": x**2, "cube": x**3})
    agree(values_of({"value": node})["value"], xarray_powers(x))


def xarray_powers(x: Node) -> tuple[Any, Any]:
    """x^2 and x^3 over s."""
    drawn = values_of({"x": x})["x"]
    made = xarray.concat([drawn**2, drawn**3], dim=xarray.DataArray(["square", "cube"], dims="s", name="s"))
    return made, made


def test_what_all_years_share_stands_once_before_them() -> None:
    """The sum over years of x, x k, x k^2, x k^3 times t: x meets one product, be it of one region or of nine."""
    x, kept = lca.parameter("x", lca.Normal(3, 1)), lca.parameter("k", lca.Normal(1, 0.1))
    t = lca.parameter("t", lca.labelled({f"y{n}": 1.0 + n for n in range(4)}, dim="year"))
    node = F.total(grid_of(x, kept) * t, "year")
    program = compile_program({"value": node})
    (place,) = [n for n, one in enumerate(program.instructions) if one.name == "x"]
    assert [one.op for one in program.instructions if place in one.inputs] == ["multiply"]
    agree(values_of({"value": node})["value"], read(node))


def test_alternatives_that_share_nothing_stay_as_they_are() -> None:
    x, y, u, v = (lca.parameter(key, lca.Normal(3, 1)) for key in "xyuv")
    for branches in ({"a": x * y, "b": u * v}, {"a": x * y, "b": x + y}, {"a": x, "b": x}):
        node = stacked("s", branches)
        assert lifted(node, Interner()) is node


@pytest.mark.parametrize("inside", ["sum", "select", "other years"])
def test_d1_what_cannot_stand_side_by_side_is_not_moved(inside: str) -> None:
    """D1: a branch that sums over the dim of the alternatives themselves, or has other labels, stays in its place."""
    labels = {"a": 1.0, "b": 2.0}
    z = lca.parameter("z", lca.labelled(labels, dim="s"))
    x, y = lca.parameter("x", 2.0), lca.parameter("y", 3.0)
    if inside == "sum":
        one, two = (F.total(z * k, "s") * x for k in (x, y))
    elif inside == "select":
        one, two = (F.select(z * k, "s", "b") * x for k in (x, y))
    else:
        years = [{"2024": 1.0, "2025": 2.0}, {"2024": 1.0}]
        one, two = (
            F.total(lca.parameter(f"y{n}", lca.labelled(of, dim="year")) * x, "year") for n, of in enumerate(years)
        )
    node = stacked("s", {"a": one, "b": two})
    agree(values_of({"value": node})["value"], read(node))


def test_q7_deep_branches_need_no_recursion() -> None:
    """Q7: 2,000 nested steps in each of two alternatives."""
    made = []
    for value in (1.0, 2.0):
        node: Any = lca.parameter("x", value)
        for _ in range(2_000):
            node = node * 0.999 + 0.001
        made.append(node)
    node = stacked("s", dict(zip("ab", made, strict=True)))
    assert max(len(one.inputs) for one in postorder([lifted(node, Interner())])) == 2  # no stack is left
    assert values_of({"value": node})["value"].to_numpy()[0, 0] == pytest.approx(1.0)


def test_terms_of_few_dims_come_first_in_long_sums() -> None:
    """A hundred terms, of which every other one has labels: 32 at a time are put in order, and no value changes."""
    x = lca.parameter("x", lca.labelled({f"c{n}": lca.Normal(n, 1) for n in range(9)}, dim="c"))
    node: Any = x
    for n in range(100):
        node = node - lca.parameter(f"k{n}", lca.Normal(n, 1)) if n % 2 else node + x * (n + 1)
    agree(values_of({"value": node})["value"], read(node))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(RECIPES, RECIPES, st.sampled_from(["a", "b", "c"]))
def test_u7_stacks_of_like_formulas_keep_their_values(recipe: Recipe, other: Recipe, dim: str) -> None:
    """U7: a formula over three alternatives of one of its values, summed with another formula."""
    inner = build(other)
    branches = {}
    for n, label in enumerate("xyz"):
        k = lca.parameter("k", lca.Normal(n + 1, 0.5))
        branches[label] = build(recipe) * k + inner / (k * k + 1)
    node = stacked("z", branches)
    node = F.total(node, dim) if dim in node.dim_names else node
    expected = read(node)
    assume(np.isfinite(expected[1]).all())
    agree(values_of({"value": node})["value"], expected)
