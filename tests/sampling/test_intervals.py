"""Interval arithmetic: every function, against the values at many points of a box."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import lca
from lca.graph import over_dims
from lca.graph.function_table import FUNCTIONS
from lca.graph.node import Node
from lca.graph.program import compile_program
from lca.sampling.intervals import _RULES, enclosed, split_at

F = lca.functions
CASES: dict[str, Callable[[Node, Node], Node]] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "negative": lambda x, y: -x,
    "square": lambda x, y: x**2,
    "cube": lambda x, y: x**3,
    "inverse": lambda x, y: x**-1,
    "inverse square": lambda x, y: x**-2,
    "root": lambda x, y: x**0.5,
    "raised": lambda x, y: F.power(x, y),
    "exp": lambda x, y: F.exp(x),
    "log": lambda x, y: F.log(x),
    "minimum": lambda x, y: F.minimum(x, y),
    "maximum": lambda x, y: F.maximum(x, y),
    "clip": lambda x, y: F.clip(x, y, y + 1),
    "ceil": lambda x, y: F.ceil(x),
    "where less": lambda x, y: F.where(x < y, x, 2 * y),
    "where greater": lambda x, y: F.where(x > y, x, 2 * y),
    "where at most": lambda x, y: F.where(x <= y, x, 2 * y),
    "where at least": lambda x, y: F.where(x >= y, x, 2 * y),
    "interpolate": lambda x, y: F.interpolate(x, [-1, 0, 1, 2], [3, -2, 5, 1]),
}  # fmt: skip
#: Where an input stands twice, or steps are met: the ends may be too wide.
TWICE = ("clip", "where less", "where greater", "where at most", "where at least", "ceil")
BOXES = [((0.5, 1.5), (0.7, 2.0)), ((-1.0, 2.0), (0.3, 0.9)), ((-2.0, -0.5), (-1.0, 3.0)), ((0.0, 1.0), (1.0, 1.0))]


@pytest.mark.parametrize("name", CASES)
def test_no_value_in_a_box_lies_outside_of_the_ends(name: str) -> None:
    """And the ends are reached, where no input stands twice and there is no step."""
    program = compile_program({"value": CASES[name](lca.parameter("x", 1.0), lca.parameter("y", 2.0))})
    numbers = np.random.default_rng(7)
    for x, y in BOXES:
        ends = {leaf.key: {"x": x, "y": y}[leaf.key] for leaf in program.leaves}
        boxes = {n: (np.array([one[0]]), np.array([one[1]])) for n, one in enumerate(ends.values())}
        low, high = (float(end[0]) for end in enclosed(program, boxes)["value"])
        points = {key: np.array([one[0], one[1], *numbers.uniform(*one, 300)]) for key, one in ends.items()}
        grid = np.meshgrid(*points.values())
        at = {n: (values.ravel(), values.ravel()) for n, values in enumerate(grid)}
        made = enclosed(program, {n: (pair[0], pair[0]) for n, pair in at.items()})["value"][0]
        made = made[np.isfinite(made)]
        if made.size:
            assert low <= made.min()
            assert made.max() <= high
            if np.isfinite([low, high]).all() and name not in TWICE:
                assert [low, high] == pytest.approx([made.min(), made.max()], abs=0.06)


def test_labels_are_kept_apart() -> None:
    """A sum, a selected label and a running product over labels, each between its own ends."""
    x = lca.parameter("x", lca.labelled({"a": 1.0, "b": 2.0}, dim="part"))
    program = compile_program({"all": over_dims.total(x, "part"), "b": over_dims.select(x, "part", "b") * 2})
    low, high = np.array([[1.0], [2.0]]), np.array([[1.5], [4.0]])
    made = enclosed(program, {n: (low, high) if leaf.parameter.dims else (low[1], high[1])
                              for n, leaf in enumerate(program.leaves)})  # fmt: skip
    assert [float(end[0]) for end in made["all"]] == [3.0, 5.5]
    assert [float(end[0]) for end in made["b"]] == [4.0, 8.0]


def test_what_has_no_rule_can_be_anything() -> None:
    program = compile_program({"value": F.apply(doubled, lca.parameter("x", 1.0))})
    low, high = enclosed(program, {0: (np.array([1.0]), np.array([2.0]))})["value"]
    assert (low[0], high[0]) == (-np.inf, np.inf)
    assert set(FUNCTIONS) - set(_RULES) == {"apply"}


def doubled(x: float) -> float:
    return 2 * x


def test_boxes_are_cut_by_ratios_where_they_are_wide() -> None:
    low, high = np.array([1.0, 1.0, -1.0, 0.0]), np.array([100.0, 1.5, 3.0, 8.0])
    assert split_at(low, high).tolist() == [10.0, 1.25, 1.0, 4.0]
