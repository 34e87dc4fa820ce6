"""Scrambled Sobol' points as a design: balance, independence of scramblings, access in any piece (U2, U3, U6)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lca.checks import Array
from lca.errors import DomainError
from lca.graph.program import Stream
from lca.sampling import scrambled
from lca.sampling.scrambled import MOST_COLUMNS, ScrambledPoints

KEYS = [f"k{n}" for n in range(6)]
COLUMNS = [(key, "") for key in KEYS]
COUNT, SCRAMBLINGS = 64, 8


def filled(points: ScrambledPoints, start: int = 0, stop: int = COUNT * SCRAMBLINGS) -> Array:
    """Every column of a piece of the points."""
    made = np.empty((len(KEYS), stop - start), np.uint32)
    for row, key in enumerate(KEYS):
        points.fill(Stream(key, ("",)), start, stop, made[row : row + 1])
    return (made + 0.5) / 2.0**32


def test_u3_each_scrambling_has_one_point_in_each_interval() -> None:
    """Each column of each scrambling has one point in each of 64 intervals, inside of 0 and 1."""
    made = filled(ScrambledPoints(COLUMNS, COUNT, SCRAMBLINGS, 0)).reshape(len(KEYS), SCRAMBLINGS, COUNT)
    assert 0 < made.min() < made.max() < 1
    assert (np.sort((made * COUNT).astype(int), axis=-1) == np.arange(COUNT)).all()


def test_u3_two_columns_are_balanced_together() -> None:
    """The first two columns are a (0, m, 2) net: one point in each of 8 x 8 squares, in each scrambling."""
    made = filled(ScrambledPoints(COLUMNS, COUNT, SCRAMBLINGS, 5)).reshape(len(KEYS), SCRAMBLINGS, COUNT)
    squares = (made[0] * 8).astype(int) * 8 + (made[1] * 8).astype(int)
    assert (np.sort(squares, axis=-1) == np.arange(COUNT)).all()


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (3, 4), (64, 128), (100, 101), (1, 511), (60, 70), (200, 456)])
def test_u2_any_piece_is_a_piece_of_the_whole(start: int, stop: int) -> None:
    points = ScrambledPoints(COLUMNS, COUNT, SCRAMBLINGS, 3)
    whole = filled(points)
    assert np.array_equal(filled(points, start, stop), whole[:, start:stop])
    assert np.array_equal(filled(points), whole)


def test_u6_seed_and_scrambling_decide_the_points() -> None:
    made, again, other = (filled(ScrambledPoints(COLUMNS, COUNT, SCRAMBLINGS, seed)) for seed in (0, 0, 1))
    assert np.array_equal(made, again)
    assert not np.isclose(made, other).any(axis=-1).all()
    first, second = ((made[:, n * COUNT : (n + 1) * COUNT] * COUNT).astype(int) for n in (0, 1))
    assert (np.ptp(first ^ second, axis=-1) > 0).all()  # more than a shift of all points by the same bits


def test_u3_scramblings_are_unbiased_and_their_scatter_tells_the_error() -> None:
    """The mean of x1 x2 is 1/4; 2,000 scramblings of 8 points agree within four standard errors of their scatter."""
    points = ScrambledPoints(COLUMNS, 8, 2_000, 7)
    made = filled(points, 0, 16_000).reshape(len(KEYS), 2_000, 8)
    means = (made[0] * made[1]).mean(axis=-1)
    error = means.std(ddof=1) / math.sqrt(2_000)
    assert abs(means.mean() - 0.25) < 4 * error
    assert error < math.sqrt(7 / 144 / 16_000) / 2  # random points: the sd of x1 x2 over the root of their number


def test_sets_of_columns_are_different_columns_of_one_sequence() -> None:
    points = ScrambledPoints(COLUMNS, COUNT, SCRAMBLINGS, 2, sets=2)
    twice = [(f"{key}{number}", "") for number in (0, 1) for key in KEYS]
    whole = ScrambledPoints(twice, COUNT, SCRAMBLINGS, 2)
    for number in (0, 1):
        expected = np.empty((1, COUNT), np.uint32)
        whole.fill(Stream(f"k3{number}", ("",)), 0, COUNT, expected)
        assert np.array_equal(filled(points.of_set(number), 0, COUNT)[3], (expected[0] + 0.5) / 2.0**32)


def test_what_cannot_be_made_is_said() -> None:
    with pytest.raises(DomainError, match="100 is not a power of two"):
        ScrambledPoints(COLUMNS, 100, 8, 0)
    with pytest.raises(DomainError, match=r"at most 21,201 columns, and 21,204 are needed"):
        ScrambledPoints([(str(n), "") for n in range(MOST_COLUMNS // 2 + 2)], 8, 8, 0, sets=2)


@pytest.mark.parametrize(("columns", "bits"), [(0, 3), (1, 0), (1, 5), (2, 1), (40, 20), (MOST_COLUMNS, 4)])
def test_direction_numbers_are_those_of_scipys_points(columns: int, bits: int) -> None:
    """The numbers made of the tables of Joe and Kuo are those that SciPy's Sobol' points are made of."""
    assert scrambled._joe_and_kuo() is not None
    found = scrambled._directions.__wrapped__(columns, bits)
    assert found.dtype == np.uint32
    assert np.array_equal(found, scrambled._directions_of_points(columns, bits))


def test_a_scipy_that_keeps_its_tables_elsewhere_serves_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the file of the tables, the numbers come from SciPy's points."""
    expected = scrambled._directions.__wrapped__(3, 7)
    monkeypatch.setattr(scrambled, "_joe_and_kuo", lambda: None)
    assert np.array_equal(scrambled._directions.__wrapped__(3, 7), expected)
