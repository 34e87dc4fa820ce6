"""Errors of indices fall as theory says: faster than the root of scrambled points, with the root of random draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from known_indices import ISHIGAMI_FIRST, ISHIGAMI_SHAPLEY, ISHIGAMI_TOTAL, ishigami

import lca

CASES: dict[str, tuple[Callable[..., Any], dict[str, float]]] = {
    "first": (lca.sobol, ISHIGAMI_FIRST),
    "total": (lca.sobol, ISHIGAMI_TOTAL),
    "shapley": (lca.shapley, ISHIGAMI_SHAPLEY),
}


def error(name: str, base: int) -> float:
    """The root of the mean square error over ten seeds and three inputs."""
    ask, truth = CASES[name]
    found = [ask(ishigami(), base=base, seed=seed).loc[list(truth), name] for seed in range(10)]
    return float(np.sqrt(np.mean((np.array(found) - list(truth.values())) ** 2)))


@pytest.mark.parametrize("name", CASES)
def test_64_times_as_many_points_divide_the_error_by_more_than_8(name: str) -> None:
    """Random points would divide it by 8; the sampling error of the ratio is about 25 %. Measured: 20 to 30."""
    assert error(name, 32) / error(name, 2048) > 12


def test_64_times_as_many_draws_divide_the_error_of_pawn_by_8() -> None:
    """The scatter over seeds of the distance of one input, from random draws: 1 / sqrt(N), within 3 errors of 16 %."""
    scatter = []
    for draws in (256, 16_384):
        found = [lca.pawn(ishigami(), draws=draws, seed=seed, slices=4).loc["x2", "pawn"] for seed in range(20)]
        scatter.append(np.std(found, ddof=1))
    assert 8 * (1 - 0.48) < scatter[0] / scatter[1] < 8 * (1 + 0.7)
