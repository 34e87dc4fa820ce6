"""Cheaper forms of a formula give its values: against a naive reading over xarray, and to the bit where promised.

Random graphs over labelled dims are evaluated twice: compiled (rewritten, selections pushed to the leaves), and
node by node with xarray, which knows nothing of terms, factors and dims that come out of sums (U7: 1e-12).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import xarray
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import lca
from lca.graph.labels import Dim, make_dim
from lca.graph.leaf import Constant
from lca.graph.node import Node, fold
from lca.graph.program import compile_program
from lca.graph.rewrite import rewritten
from lca.sampling.design import RandomDesign
from lca.sampling.evaluate import evaluate

F = lca.functions
DRAWS = 4
LABELS = {"a": ("a1", "a2", "a3"), "b": ("b1", "b2"), "c": ("c1", "c2", "c3", "c4")}


def values_of(outputs: Mapping[str, Node]) -> dict[str, xarray.DataArray]:
    """The compiled values, labelled."""
    program = compile_program(outputs)
    arrays = evaluate(program, draws=DRAWS, design=RandomDesign(0), threads=1)
    found = {}
    for name, output in program.outputs.items():
        coordinates = {dim.name: list(dim.texts) for dim in output.dims}
        found[name] = xarray.DataArray(arrays[name], dims=[*coordinates, "draw"], coords=coordinates)
    return found


# --- the naive reading --------------------------------------------------------------------------------------

Pair = tuple[xarray.DataArray, xarray.DataArray]


def read(node: Node) -> Pair:
    """(value, sum of the absolute terms): what a rounding error is relative to, where terms cancel."""
    return fold([node], _visit)[0]


def _visit(node: Node, inputs: list[Pair]) -> Pair:
    if isinstance(node.leaf, Constant):
        coordinates = {dim.name: list(dim.texts) for dim in node.dims}
        value = xarray.DataArray(node.leaf.values, dims=list(coordinates), coords=coordinates)
        return value, abs(value)
    if node.function is None:
        value = values_of({"leaf": node})["leaf"]
        return value, abs(value)
    rule = RULES[node.function.name]
    return rule(node, *inputs)


def _product(node: Node, a: Pair, b: Pair) -> Pair:
    return a[0] * b[0], a[1] * b[1]


def _quotient(node: Node, a: Pair, b: Pair) -> Pair:
    return a[0] / b[0], a[1] / abs(b[0]) * (b[1] / abs(b[0]))


def _each(function: Callable[..., Any]) -> Callable[..., Pair]:
    """Functions that move no more than the larger of their inputs."""

    def rule(node: Node, *inputs: Pair) -> Pair:
        sizes = xarray.broadcast(*(size for _, size in inputs))
        largest = sizes[0]
        for size in sizes[1:]:
            largest = np.maximum(largest, size)
        return function(*(value for value, _ in inputs)), largest

    return rule


def _stacked(node: Node, *inputs: Pair) -> Pair:
    new: Dim = node.static["new"]
    index = xarray.DataArray(list(new.texts), dims=new.name, name=new.name)
    both = [xarray.broadcast(*(pair[i] for pair in inputs)) for i in (0, 1)]
    value, size = (xarray.concat(list(pieces), dim=index) for pieces in both)
    return value, size


def _taken(node: Node, a: Pair) -> Pair:
    dim, new = node.static["dim"], node.static["new"]
    positions = list(node.static["positions"])
    value, size = (
        x.isel({dim: positions}).rename({dim: new.name}).assign_coords({new.name: list(new.texts)}) for x in a
    )
    return value, size


RULES: dict[str, Callable[..., Pair]] = {
    "add": lambda node, a, b: (a[0] + b[0], a[1] + b[1]),
    "subtract": lambda node, a, b: (a[0] - b[0], a[1] + b[1]),
    "negative": lambda node, a: (-a[0], a[1]),
    "multiply": _product,
    "divide": _quotient,
    "maximum": _each(np.maximum),
    "minimum": _each(np.minimum),
    "sum": lambda node, a: (a[0].sum(node.static["dim"]), a[1].sum(node.static["dim"])),
    "cumulative_product": lambda node, a: tuple(x.cumprod(node.static["dim"]) for x in a),
    "select": lambda node, a: tuple(x.isel({node.static["dim"]: node.static["position"]}, drop=True) for x in a),
    "stack": _stacked,
    "take": _taken,
}

# --- random graphs --------------------------------------------------------------------------------------------

#: What a recipe is made of: a tree of texts, built into a graph over the labels that are given.
Recipe = Any
Labels = Mapping[str, tuple[str, ...]]


def leaf(number: int, dims: tuple[str, ...], labels: Labels, shared: bool) -> Node:
    """One of a few parameters: fixed and random, positive and of both signs, with streams of their own or one."""
    key = f"{'shared' if shared else 'own'}.{number}.{''.join(dims)}"
    if not dims:
        return lca.parameter(key, lca.Uniform(-2, 3) if number % 2 else lca.Lognormal(1.5, gsd=1.4))
    made: Any = 1.0
    for position, dim in enumerate(dims):
        spread = {
            label: lca.Normal(0.3 + int(label[1:]), 0.5 + position) if number % 2 else 0.7 + int(label[1:]) / 3
            for label in labels[dim]
        }
        made = made * lca.parameter(f"{key}.{dim}", lca.labelled(spread, dim=dim, shared=shared))
    return made


RECIPES = st.recursive(
    st.tuples(
        st.just("leaf"),
        st.integers(0, 3),
        st.sampled_from([(), ("a",), ("b",), ("c",), ("a", "b"), ("a", "c")]),
        st.booleans(),
    ),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["add", "subtract", "multiply", "add", "multiply", "maximum"]), inner, inner),
        st.tuples(st.just("divide"), inner, inner),
        st.tuples(st.sampled_from(["sum", "select", "running"]), st.sampled_from(["a", "b", "c"]), inner),
        st.tuples(st.just("negative"), inner),
        st.tuples(st.just("stack"), st.sampled_from(["s", "t"]), inner, inner),
        st.tuples(st.just("choose"), st.sampled_from([0, 1]), inner, inner),
        st.tuples(st.just("take"), inner),
    ),
    max_leaves=9,
)
ALONG = {"d": make_dim("d", ["d1", "d2", "d3"], {"of": ["b2", "b1", "b2"]})}


def build(recipe: Recipe, labels: Labels = LABELS, over: Callable[[str], bool] = lambda dim: True) -> Node:
    """The graph of a recipe. What a dim is needed for is left out where the value lacks it, or `over` forbids it."""
    name, *rest = recipe
    if name == "leaf":
        number, dims, shared = rest
        made: Any = leaf(number, dims, labels, shared)
        return made if isinstance(made, Node) else lca.parameter("one", 1.0)
    if name in ("sum", "select", "running"):
        dim, inner = rest[0], build(rest[1], labels, over)
        if dim not in inner.dim_names or not over(dim):
            return inner
        if name == "sum":
            return F.total(inner, dim)
        return F.select(inner, dim, labels[dim][-1]) if name == "select" else F.cumulative_product(inner, dim)
    if name in ("stack", "choose"):
        dim, left, right = "s" if name == "choose" else rest[0], *(build(r, labels, over) for r in rest[1:])
        if dim in {*left.dim_names, *right.dim_names} or left.dim_names != right.dim_names:
            return left - right
        both = F.stack({"one": left, "two": right}, dim)
        return both if name == "stack" else F.select(both, dim, ("one", "two")[rest[0]])
    if name == "take":
        inner = build(rest[0], labels, over)
        if "b" not in inner.dim_names or "d" in inner.dim_names or not over("b"):
            return inner
        return F.take(inner, "b", ALONG["d"], "of")
    if name == "negative":
        return -build(rest[0], labels, over)
    left, right = (build(inner, labels, over) for inner in rest)
    if name == "divide":
        return left / (right * right + 1.5)
    if name == "maximum":
        return F.maximum(left, right)
    return {"add": left + right, "subtract": left - right, "multiply": left * right}[name]


def agree(found: xarray.DataArray, expected: Pair) -> None:
    """Equal to 1e-12 of the sum of the absolute terms, on the same labels."""
    value, size = xarray.broadcast(expected[0], expected[1])
    value = value.broadcast_like(found)
    found, value, size = (
        x.transpose(*sorted(map(str, found.dims))) for x in (found, value, size.broadcast_like(found))
    )
    assert set(found.dims) == set(value.dims)
    assert np.isfinite(found).all()
    apart = abs(found - value).to_numpy()
    assert (apart <= 1e-12 * size.to_numpy()).all(), float((apart / size.to_numpy()).max())


@settings(max_examples=120, deadline=None, derandomize=True)
@given(RECIPES)
def test_u7_rewriting_keeps_the_value(recipe: Recipe) -> None:
    """U7: 1e-12 against the naive reading, whatever sums, products, stacks and selections are nested."""
    node = build(recipe)
    expected = read(node)
    assume(np.isfinite(expected[1]).all())
    agree(values_of({"value": node})["value"], expected)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(RECIPES, RECIPES)
def test_u7_several_outputs_share_terms_and_keep_their_values(one: Recipe, two: Recipe) -> None:
    """U7: outputs that are parts of one another are rewritten together."""
    first, second = build(one), build(two)
    outputs = {"first": first, "both": first * second + first, "second": second}
    found = values_of(outputs)
    for name, node in outputs.items():
        expected = read(node)
        assume(np.isfinite(expected[1]).all())
        agree(found[name], expected)


# --- what is promised to the bit ------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None, derandomize=True)
@given(RECIPES, st.sampled_from(["a", "b", "c"]), st.data())
def test_u7_selecting_first_gives_the_same_bits_as_selecting_afterwards(recipe: Recipe, dim: str, data: Any) -> None:
    """U7, U2: the same streams and operations on fewer labels."""
    node = build(recipe)
    assume(dim in node.dim_names)
    label = data.draw(st.sampled_from(LABELS[dim]))
    whole = values_of({"value": node})["value"].sel({dim: label}, drop=True)
    alone = values_of({"value": F.select(node, dim, label)})["value"]
    assert alone.dims == whole.dims
    assert alone.to_numpy().tobytes() == whole.to_numpy().tobytes()


@settings(max_examples=80, deadline=None, derandomize=True)
@given(RECIPES, st.sampled_from(["a", "b", "c"]))
def test_u2_further_labels_change_no_bit_of_the_others(recipe: Recipe, dim: str) -> None:
    """U2, U7: nothing is summed or chosen over that dim; its first label alone, and among eleven."""
    few = {**LABELS, dim: LABELS[dim][:2]}
    many = {**LABELS, dim: (*LABELS[dim][:2], *(f"{dim}{n}" for n in range(7, 16)))}
    small, large = (build(recipe, labels, over=lambda name: name != dim) for labels in (few, many))
    assume(dim in small.dim_names)
    kept = list(few[dim])
    found = values_of({"value": large})["value"].sel({dim: kept})
    assert found.to_numpy().tobytes() == values_of({"value": small})["value"].to_numpy().tobytes()


# --- cases with a name ----------------------------------------------------------------------------------------


def labelled(key: str, dim: str, *, draws: bool = True) -> Node:
    spread = {label: lca.Normal(int(label[1:]), 0.1) if draws else float(label[1:]) for label in LABELS[dim]}
    return lca.parameter(key, lca.labelled(spread, dim=dim))


def cost(nodes: Mapping[str, Node]) -> int:
    """Elements that a draw computes."""
    program = compile_program(nodes)
    return sum(int(np.prod(one.shape)) for one in program.instructions if one.op not in ("parameter", "constant"))


def test_factors_without_the_dim_come_out_of_a_sum() -> None:
    """The reason for all this: the sum over a of x[a] y[c] z[c] / w touches each label of c twice, not six times."""
    x, y, z, w = labelled("x", "a"), labelled("y", "c"), labelled("z", "c"), lca.parameter("w", 2.0)
    node = F.total(x * y * z / w, "a")
    agree(values_of({"value": node})["value"], read(node))
    assert cost({"value": node}) <= 3 + 2 * len(LABELS["c"])  # one sum over a, 1 / w and their product; then y, z


def test_the_sum_over_a_dim_that_a_term_lacks_counts_its_labels() -> None:
    """D2: 5 once per label is 15 over three labels."""
    x = labelled("x", "a", draws=False)
    node = F.total(x * 0 + 5, "a")
    assert values_of({"value": node})["value"].to_numpy().tolist() == [15.0] * DRAWS
    divided = F.total(6 / labelled("y", "c", draws=False) * (x / x), "a")
    assert values_of({"value": divided})["value"].sel(c="c3").to_numpy().tolist() == [6.0] * DRAWS


def test_quotients_of_quotients_and_signs() -> None:
    """a / (b / c) is a c / b; -(a - b) / -c keeps its sign; sums below a line are one factor."""
    a, b, c = (lca.parameter(key, value) for key, value in (("a", 6.0), ("b", 3.0), ("c", 4.0)))
    cases = {"nested": (a / (b / c), 8.0), "signs": (-(a - b) / -c, 0.75), "below": (a / (b - c), -6.0)}
    cases |= {"deep": (a / (b / (c / (a / b))), 4.0), "minus": (a - (b - (c - a)), 1.0)}
    found = values_of({name: node for name, (node, _) in cases.items()})
    for name, (_, expected) in cases.items():
        assert found[name].to_numpy() == pytest.approx(expected, rel=1e-15), name


def test_long_sums_and_wide_products_stay_within_bounds() -> None:
    """Q7: 100 terms times 100 terms are no 10,000 terms, and 600 nested products no recursion."""
    x = [labelled(f"x{n}", "a") for n in range(3)]
    y = [labelled(f"y{n}", "c") for n in range(3)]
    wide = sum((x[n % 3] * (n + 1) for n in range(100)), 0 * x[0]) * sum((y[n % 3] + n for n in range(100)), 0 * y[0])
    agree(values_of({"value": wide})["value"], read(wide))
    assert cost({"value": wide}) < 2_000
    deep: Any = x[0]
    for _ in range(600):
        deep = deep * 0.999 + 0.001
    agree(values_of({"value": deep})["value"], read(deep))


def test_selections_reach_the_leaves() -> None:
    """One label of a chain of ten values costs ten operations, and of a stack only its branch is left."""
    node = labelled("x", "c")
    for _ in range(10):
        node = F.maximum(node * node, labelled("y", "c"))
    chosen = F.select(node, "c", "c2")
    assert cost({"value": chosen}) == 20
    stacked = F.select(F.stack({"one": chosen, "two": lca.parameter("z", 2.0)}, "s"), "s", "two")
    assert [n.parameter.key for n in rewritten({"value": stacked}).values() if n.parameter] == ["z"]


def test_a_dim_below_a_sum_is_not_selected() -> None:
    """A share, x[a1] / sum of x: the selection stops at the sum over the same dim."""
    x = labelled("x", "a")
    share = F.select(x / F.total(x, "a"), "a", "a1")
    whole = values_of({"value": x / F.total(x, "a")})["value"].sel(a="a1")
    assert values_of({"value": share})["value"].to_numpy().tobytes() == whole.to_numpy().tobytes()


def test_d2_a_branch_that_lacks_a_dim_is_the_same_for_its_labels() -> None:
    """D2, D4: beside a value over a, 3 stands for 3 at every label; selecting it changes neither dims nor sums."""
    stacked = F.stack({"each": labelled("x", "a"), "one": lca.parameter("y", 3.0)}, "s")
    chosen = F.select(stacked, "s", "one")
    assert chosen.dim_names == ("a",)
    found = values_of({"chosen": chosen, "sum": F.total(chosen, "a")})
    assert found["chosen"].dims == ("a", "draw")
    assert found["sum"].to_numpy().tolist() == [9.0] * DRAWS
