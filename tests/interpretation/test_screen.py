"""Screening leaves out what cannot matter, and says with a bound how much that is (U11)."""

from __future__ import annotations

import pandas
import pytest
from example_study import BEST, study
from known_indices import g_function, g_share, ishigami

import lca
from lca.errors import DomainError

COEFFICIENTS = (0.0, 1.0, 4.5, *[99.0] * 12)
REST = [f"x{i}" for i in range(3, 15)]


def test_u11_what_is_left_out_has_the_share_that_it_says() -> None:
    """The total of the twelve small inputs of a g-function, which is known: 1 - what the first three have alone."""
    table = lca.screen(g_function(COEFFICIENTS))
    assert set(table.index) == {"x0", "x1", "x2", "the other 12 together"}
    assert sorted(table.attrs["left_out"]) == sorted(REST)
    sets = [[i for i in range(3) if mask >> i & 1] for mask in range(1, 8)]
    truth = 1 - sum(g_share(COEFFICIENTS, members) for members in sets)
    row = table.loc["the other 12 together"]
    assert row["total_low"] <= truth <= row["total_high"] < 0.01
    assert "left out: 12 of 15, which together have at most 0.1" in table.attrs["note"]
    for i in range(3):
        total = g_share(COEFFICIENTS, [i], others=True)
        assert table.loc[f"x{i}", "total"] == pytest.approx(total, abs=0.01)


def test_the_bound_is_the_upper_end_and_rounded_up() -> None:
    for seed in range(5):
        table = lca.screen(g_function(COEFFICIENTS), base=64, seed=seed)
        said = float(table.attrs["note"].partition("at most ")[2].partition(" %")[0])
        high = 100 * float(table.loc["the other 12 together", "total_high"])
        assert high <= said < 1.1 * high


def test_nothing_is_left_out_that_matters_or_where_nothing_may_be() -> None:
    whole = lca.screen(ishigami())
    pandas.testing.assert_frame_equal(
        whole[["first", "total", "rank"]], lca.sobol(ishigami())[["first", "total", "rank"]]
    )
    assert whole.attrs["left_out"] == []
    assert "left out" not in whole.attrs["note"]
    none = lca.screen(g_function(COEFFICIENTS), leave=0.0, base=64)
    assert len(none) == 15
    for leave in (-0.1, 0.6, float("nan")):
        with pytest.raises(lca.errors.LcaError, match="leave"):
            lca.screen(ishigami(), leave=leave)
    with pytest.raises(DomainError, match=r"y\* names no key with a spread"):
        lca.screen(ishigami(), groups={"g": "y*"})


def test_an_input_that_matters_for_one_alternative_is_kept() -> None:
    """D2: what is left out is small for every engine."""
    table = lca.screen(study(), base=256)
    assert set(table.groupby(level="engine").size()) == {7}
    assert table.xs("the other 8 together", level="parameter")["total_high"].max() < 0.01
    one = lca.screen(study().sel(engine=BEST), base=256, groups={"grid": "electricity/*"})
    assert "grid" in one.index
    assert one.attrs["left_out"]
