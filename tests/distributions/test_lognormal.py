"""The lognormal through three quantiles: ends and median, moments, draws, and back from a file (U3, U4, U6)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca.errors import DomainError

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)
SIZES = st.floats(1e-6, 1e6)
DRAWS = 100_000


@SETTINGS
@given(median=SIZES, below=st.floats(1.001, 1e3), above=st.floats(1.001, 1e3), level=st.floats(0.05, 0.999))
def test_u4_lognormal_through_meets_all_three_quantiles(
    median: float, below: float, above: float, level: float
) -> None:
    made = lca.Lognormal.through(median / below, median, median * above, level=level)
    found = made.ppf(np.array([(1 - level) / 2, 0.5, (1 + level) / 2]))
    np.testing.assert_allclose(found, [median / below, median, median * above], rtol=1e-9)
    assert made.nominal == made.median == median


def test_u4_through_of_one_ratio_is_the_lognormal_between() -> None:
    """With high / median = median / low there is one gsd; a narrow one has the moments of a two-piece normal."""
    made, one = lca.Lognormal.through("9 g", "18 g", "0.036 kg"), lca.Lognormal.between("9 g", "36 g")
    assert made.unit == "g"
    assert (made.mean, made.sd) == pytest.approx((one.mean, one.sd), rel=1e-12)
    assert made.gsd_low == pytest.approx(made.gsd_high) == pytest.approx(one.gsd)
    assert repr(made) == f'SplitLognormal("18 g", gsd_low={one.gsd:g}, gsd_high={one.gsd:g})'
    for s in (0.99e-5, 1.01e-5):  # on both sides of where the closed form would cancel
        narrow = lca.SplitLognormal(1, gsd_low=1 + s, gsd_high=1 + 3 * s)
        by_hand = s * math.sqrt(5 - 4 / (2 * math.pi))
        assert narrow.sd == pytest.approx(by_hand, rel=1e-4)
    narrow = lca.SplitLognormal(1, gsd_low=1 + 1e-7, gsd_high=1 + 3e-7)
    assert narrow.sd == pytest.approx(1e-7 * math.sqrt(5 - 4 / (2 * math.pi)), rel=1e-4)


def test_u3_a_two_piece_lognormal_is_drawn_as_it_says(tmp_path: Any) -> None:
    """Mean within four standard errors, 0.5 % of the draws beyond each end, and the same bits from a file (U6)."""
    made = lca.Lognormal.through(7, 11, 56, level=0.99)
    result = lca.monte_carlo({"total": lca.parameter("wind", made)}, draws=DRAWS, progress=False)
    draws = result.data["total"].to_numpy()
    assert abs(draws.mean() - made.mean) < 4 * made.sd / math.sqrt(DRAWS)
    error = math.sqrt(0.005 * 0.995 / DRAWS)
    assert abs((draws < 7).mean() - 0.005) < 4 * error
    assert abs((draws > 56).mean() - 0.005) < 4 * error
    assert abs((draws < 11).mean() - 0.5) < 4 * 0.5 / math.sqrt(DRAWS)
    path = lca.save(result, tmp_path / "wind.lca")
    assert lca.load(path).data.identical(result.data)
    assert lca.rerun(path)[1]["identical"].all()


@pytest.mark.parametrize("median", [0, -0.5, "-0.5 W", "0 W"])
def test_u4_a_median_lies_above_zero(median: Any) -> None:
    for made in (lambda: lca.Lognormal(median, 2), lambda: lca.SplitLognormal(median, 1.2, 2)):
        with pytest.raises(DomainError, match="median > 0"):
            made()
