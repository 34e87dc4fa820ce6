"""Statistics that numba adds up: the bits of NumPy (U7)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from lca.sampling.statistics import numba_sums
from lca.sampling.statistics.derived import Plain
from lca.sampling.statistics.moments import LANES
from lca.sampling.statistics.streamed import Asked, Rows, StatisticsPart


def rows_of(n: int) -> Any:
    """Rows of many kinds: away from 0, across it, with one value alone, over many powers of two, and with few afar."""
    random = np.random.default_rng(4)
    rows = [
        random.normal(100, 3, n),
        random.normal(0, 1, n),
        np.full(n, 7.0),
        random.lognormal(0, 5, n),
        np.where(random.random(n) < 0.01, 1e6, random.random(n)),
        np.rint(random.normal(3, 2, n)),
    ]
    return np.array(rows)


def both(values: Any, steps: list[int], first: int = 0) -> list[StatisticsPart]:
    """Parts of NumPy and of numba, with windows from the first 500 draws, after steps of some lengths."""
    parts = []
    for compiled in (False, True):
        rows = {"x": Rows.looked_at(Plain("x"), {"x": values[:, :500]}, values.shape[1])}
        part = StatisticsPart(Asked(rows, {}, {}, compiled))
        edges = np.cumsum([0, *steps]).tolist()
        for start, stop in pairwise(edges):
            part.add({"x": values[:, start:stop]}, first + start)
        parts.append(part)
    return parts


def assert_same(left: StatisticsPart, right: StatisticsPart) -> None:
    one, other = left.sums["x"], right.sums["x"]
    for name in ("least", "most", "broken"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert np.array_equal(one.lanes.sums.view(np.int64), other.lanes.sums.view(np.int64))
    assert np.array_equal(one.lanes.squares.view(np.int64), other.lanes.squares.view(np.int64))
    assert np.array_equal(one.counts.inside, other.counts.inside)
    assert one.counts.beyond == other.counts.beyond


@pytest.mark.parametrize(("steps", "first"), [([20_000], 0), ([4_096, 4_096, 77], 3), ([1, 255, 1, 300], 1_000)])
def test_u7_sums_and_counts_have_the_bits_of_numpy(steps: list[int], first: int) -> None:
    left, right = both(rows_of(sum(steps) + 500), steps, first)
    assert_same(left, right)
    assert right.sums["x"].counts.inside.sum() > 0.9 * 6 * sum(steps)


def test_values_beyond_the_window_are_counted_by_their_distance() -> None:
    values = rows_of(20_000)
    values[1, 700:705] = [40.0, -40.0, 50.0, 1e9, -1e-300]
    left, right = both(values, [20_000])
    assert_same(left, right)
    assert {side for row, side, _ in right.sums["x"].counts.beyond if row == 1} == {-1, 1}


def test_a_row_with_most_of_its_values_beyond_is_left_to_numpy() -> None:
    values = rows_of(20_000)
    values[0, 500:] += 1e6
    left, right = both(values, [20_000])
    assert_same(left, right)
    assert sum(count for (row, _, _), count in right.sums["x"].counts.beyond.items() if row == 0) == 19_500


def test_what_is_not_finite_is_counted_and_left_out() -> None:
    values = rows_of(3_000)
    values[1, 600:610], values[4, 2_000] = np.nan, np.inf
    left, right = both(values, [1_024, 1_976])
    assert_same(left, right)
    assert right.sums["x"].broken.tolist() == [0, 10, 0, 0, 1, 0]


def test_the_lanes_are_those_of_numpy_and_the_loop_is_compiled_once() -> None:
    assert numba_sums.LANES == LANES
    both(rows_of(2_000), [1_024, 976])
    assert len(numba_sums.add.signatures) == 1
