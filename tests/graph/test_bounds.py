"""Bounds of expressions: what they say is never exceeded by a draw (Q4), and single rules by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca import functions as F
from lca.graph.bounds import bounds
from lca.graph.node import Node

ONES = (-2.0, -0.5, 0.0, 0.5, 2.0, 3.0)
TWO: tuple[Callable[[Any, Any], Any], ...] = (
    lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, F.minimum, F.maximum,
    lambda a, b: F.where(a > b, a, b), lambda a, b: F.clip(a, b, 2.5), lambda a, b: a / (3 + b * b),
)  # fmt: skip
ONE: tuple[Callable[[Any], Any], ...] = (
    lambda a: -a, lambda a: F.exp(a / 4), F.ceil, lambda a: (a + 40) ** 0.5, lambda a: (a + 40) ** -2,
    lambda a: a * 2 - a,
)  # fmt: skip


def leaf(number: int, low: float, high: float) -> Node:
    return lca.parameter(f"p{number}", lca.Uniform(low, high) if low < high else low)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.sampled_from(ONES), st.sampled_from(ONES)).map(sorted), min_size=2, max_size=3),
    st.lists(st.tuples(st.integers(0, len(TWO) - 1), st.integers(0, len(ONE) - 1)), min_size=1, max_size=4),
)
def test_q4_no_draw_leaves_the_bounds(ends: list[list[float]], steps: list[tuple[int, int]]) -> None:
    leaves = [leaf(i, *pair) for i, pair in enumerate(ends)]
    made: Node = leaves[0]
    for i, (two, one) in enumerate(steps):
        made = ONE[one](TWO[two](made, leaves[(i + 1) % len(leaves)]))
        made = F.minimum(F.maximum(made, -30.0), 30.0)
    low, high = bounds(made)
    drawn = lca.monte_carlo(made, draws=200, progress=False).data["value"].values
    slack = 1e-9 * max(1.0, abs(low), abs(high))
    assert low - slack <= drawn.min()
    assert drawn.max() <= high + slack


SHARE = lca.parameter("share", lca.Uniform(0.25, 0.5))
OTHER = lca.parameter("other", lca.Uniform(0.125, 1))
BY_LABEL = lca.parameter("net", lca.labelled({"a": 1, "b": 3}, dim="net"))
BY_HAND: dict[str, tuple[Node, tuple[float, float]]] = {
    "rest": (1 - SHARE, (0.5, 0.75)),
    "a quotient": (1 / SHARE, (2, 4)),
    "by what spans zero": (1 / (SHARE - 0.3), (-math.inf, math.inf)),
    "by what begins at zero": (1 / (SHARE - 0.25), (4, math.inf)),
    "rounded up": (F.ceil(SHARE * 10), (2.5, 6)),
    "a sum over labels": (F.total(BY_LABEL, "net"), (2, 6)),
    "one of several": (F.stack({"x": SHARE, "y": BY_LABEL}, "way"), (0.25, 3)),
    "the smaller": (F.minimum(SHARE, OTHER), (0.125, 0.5)),
    "the larger": (F.maximum(SHARE, OTHER), (0.25, 1)),
    "the smaller, the other way round": (F.minimum(OTHER, SHARE), (0.125, 0.5)),
    "the larger, the other way round": (F.maximum(OTHER, SHARE), (0.25, 1)),
    "within two limits": (F.clip(OTHER, 0.2, 0.7), (0.2, 0.7)),
    "within limits that vary": (F.clip(4 * OTHER, SHARE, 2 * OTHER), (0.25, 2)),
    "beside its limits": (F.clip(OTHER, 2, 3), (2, 2)),
    "one of two branches": (F.where(SHARE > 0.3, OTHER, 4 * SHARE), (0.125, 2)),
    "a base around zero": ((SHARE - 0.375) ** 2, (-math.inf, math.inf)),
    "a difference": (SHARE - OTHER, (-0.75, 0.375)),
    "a negative": (-OTHER, (-1, -0.125)),
    "a product over zero": ((SHARE - 0.375) * (OTHER - 0.25), (-0.09375, 0.09375)),
    "by what ends at zero": (1 / (SHARE - 0.5), (-math.inf, -4)),
    "an inverse power": (OTHER**-1, (1, 8)),
    "an inverse power from zero": ((SHARE - 0.25) ** -2, (16, math.inf)),
    "an open tail": (lca.parameter("n", lca.Normal(10, 1)) * 0 + 1, (1, 1)),
    "an exponential": (F.exp(lca.parameter("z", 0.0)), (1, 1)),
    "a negative base": ((SHARE - 1) ** 2, (-math.inf, math.inf)),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_q4_bounds_by_hand(case: str) -> None:
    node, expected = BY_HAND[case]
    np.testing.assert_allclose(bounds(node), expected, rtol=1e-12)


def test_q4_a_tail_counts_to_a_billionth_and_certain_bounds_know_none() -> None:
    power = lca.parameter("power", lca.Normal(100, 5))
    low, high = bounds(power)
    assert low == pytest.approx(100 - 5 * 5.9978, abs=1e-3)
    assert high == pytest.approx(100 + 5 * 5.9978, abs=1e-3)
    assert bounds(power, certain=True)[1] == math.inf
