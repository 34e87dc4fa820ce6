"""Changes of sign of many draws at once: exact where a root is known, and the same as SciPy finds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import elementwise

from lca.checks import Array
from lca.sampling.roots import roots

COUNT, CLOSE = 2_000, 1e-12
ROOT = np.random.default_rng(0).uniform(0.1, 9.0, COUNT)
KIND = np.arange(COUNT) % 5


def function(x: Array, which: npt.NDArray[np.intp]) -> Array:
    """A line, a curve, a triple root, a jump, and a line that falls, each with its own root."""
    away, kind = x - ROOT[which], KIND[which]
    every = [away, np.expm1(away), away**3, np.where(away < 0, -1.0, 1.0), -away]
    return np.select([kind == n for n in range(5)], every)


def test_each_draw_gets_its_own_root() -> None:
    """All five kinds are found as closely as was asked, the triple root and the jump among them."""
    found = roots(function, np.zeros(COUNT), np.full(COUNT, 10.0), CLOSE)
    assert np.abs(found / ROOT - 1).max() < CLOSE


def test_the_steps_are_those_of_chandrupatla() -> None:
    """SciPy's implementation of the same method gives the same bits, from as many values."""
    asked = {"here": 0, "there": 0}

    def counted(x: Array, which: Array, who: str) -> Array:
        asked[who] += x.size
        return function(x, which.astype(np.intp))

    ends = np.zeros(COUNT), np.full(COUNT, 10.0)
    found = roots(lambda x, which: counted(x, which, "here"), *ends, CLOSE)
    other = elementwise.find_root(
        lambda x, which: counted(x, which, "there"), ends, args=(np.arange(COUNT) * 1.0,), tolerances={"xrtol": CLOSE}
    )
    assert np.array_equal(found, other.x)
    assert asked["here"] == asked["there"]


def test_an_end_that_is_a_root_is_the_root() -> None:
    """A value of zero at an end needs no further value."""
    ends = np.array([0.0, 1.0]), np.array([1.0, 2.0])
    assert roots(lambda x, which: x - 1.0, *ends, CLOSE).tolist() == [1.0, 1.0]


def test_a_root_at_zero_is_found() -> None:
    """Close to zero a share of the value is no width: the search ends all the same."""
    found = roots(lambda x, which: np.where(x < 0, -1.0, 1.0), np.array([-1.0]), np.array([2.0]), CLOSE)
    assert abs(found[0]) < 1e-300
