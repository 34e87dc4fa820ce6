"""Elementary effects against closed forms, in units of the result (U3, U8)."""

from __future__ import annotations

import math

import numpy as np
import pandas
import pytest
from example_study import BEST, study
from known_indices import ishigami
from scipy import stats

import lca
from lca.interpretation.sensitivity.morris import Stepped
from lca.interpretation.sensitivity.points import LEVEL, SCRAMBLINGS
from lca.sampling.design import RandomDesign

HALF_WIDTH = stats.t.ppf((1 + LEVEL) / 2, SCRAMBLINGS - 1)


def test_a_step_is_between_a_quarter_and_three_quarters_of_the_range() -> None:
    start = RandomDesign(1)
    after = Stepped(start, RandomDesign(2))
    u, moved = (
        design.reader([("x", "")]).read(slice(None), 0, 100_000)[0].copy() / 2.0**32 for design in (start, after)
    )
    step = (moved - u) % 1
    assert 0.25 <= step.min() < 0.2501
    assert 0.7499 < step.max() <= 0.75
    assert stats.kstest(step, stats.uniform(0.25, 0.5).cdf).pvalue > 0.001
    assert stats.kstest(moved, stats.uniform.cdf).pvalue > 0.001


def test_a_line_has_its_range_as_effect_and_no_sigma() -> None:
    """Morris 1991: sigma is 0 of what acts in a line and alone; the unit is that of the result."""
    a = lca.parameter("a", lca.Uniform("2 kWh at_wall", "4 kWh at_wall"))
    b = lca.parameter("b", lca.Uniform("1 kWh at_wall", "2 kWh at_wall"))
    table = lca.morris(3 * a - b)
    assert table["mu_star"].to_dict() == pytest.approx({"a": 6.0, "b": 1.0}, rel=1e-7)
    assert table["mu"].to_dict() == pytest.approx({"a": 6.0, "b": -1.0}, rel=1e-7)
    assert table["sigma"].abs().max() < 1e-6
    assert set(table["unit"]) == {"kWh at the wall"}
    assert table["rank"].tolist() == ["1", "2"]


def test_a_factor_has_the_mean_and_the_spread_of_the_other() -> None:
    """y = a b, both uniform: the effect of a is its range times b, so sigma is the range times the sd of b."""
    a, b = lca.parameter("a", lca.Uniform(0, 2)), lca.parameter("b", lca.Uniform(-1, 4))
    table = lca.morris(a * b, base=1024)
    error = (table["mu_star_high"] - table["mu_star_low"]) / 2 / HALF_WIDTH
    truth = {"a": 2 * (0.5 * 0.2 + 2.0 * 0.8), "b": 5 * 1.0}  # |b| is 1/2 on average below 0, 2 above
    for key, value in truth.items():
        assert abs(table.loc[key, "mu_star"] - value) <= 3 * error[key]
    assert error.max() < 0.02
    assert table["mu"].to_dict() == pytest.approx({"a": 2 * 1.5, "b": 5.0}, rel=0.01)
    assert table["sigma"].to_dict() == pytest.approx({"a": 2 * 5 / math.sqrt(12), "b": 5 * 2 / math.sqrt(12)}, rel=0.01)


def test_what_repeats_itself_is_seen() -> None:
    """sin^2 of a whole turn has the period 1/2: a step of 1/2, as on four levels, would see nothing of it."""
    table = lca.morris(ishigami())
    assert table.loc["x2", "mu_star_low"] > 5
    assert (table["sigma"] > table["mu_star"]).all()  # nothing of Ishigami's function is a line
    assert abs(table.loc["x2", "mu"]) < 1.5


def test_heavy_tails_have_effects_that_settle() -> None:
    """A lognormal of gsd 3: steps below a quarter of the range are left out, so that the mean has a small error."""
    table = lca.morris({"y": lca.parameter("x", lca.Lognormal(1, gsd=3))}, base=256)
    assert table.loc["x", "mu_star_high"] - table.loc["x", "mu_star_low"] < 0.1 * table.loc["x", "mu_star"]
    assert (table["mu"] == table["mu_star"]).all()


def test_groups_and_labels_move_in_all_directions() -> None:
    """x and -x cancel when they move alike: as a group they still have an effect, and so do two labels."""
    x, y = lca.parameter("x", lca.Uniform(0, 1)), lca.parameter("y", lca.Uniform(0, 1))
    both = lca.morris(x - y, groups={"both": ["x", "y"]}, base=256).loc["both"]
    assert both["mu_star_low"] > 0.5
    assert abs(both["mu"]) < 0.1
    # of a group with one that does nothing: 2 |du| / (|du| + |dv|) has the mean 1
    idle = lca.morris(x + 1e-12 * y, groups={"both": ["x", "y"]}, base=1024).loc["both"]
    assert abs(idle["mu_star"] - 1) <= 3 * (idle["mu_star_high"] - idle["mu_star_low"]) / 2 / HALF_WIDTH
    z = lca.parameter("z", lca.labelled({"p": lca.Uniform(0, 1), "q": lca.Uniform(0, 1)}, dim="m"))
    labels = lca.morris({"d": lca.functions.select(z, "m", "p") - lca.functions.select(z, "m", "q")}, base=256)
    assert labels.loc["z", "mu_star_low"] > 0.5


def test_of_a_study_in_its_units_and_per_one() -> None:
    best = study().sel(engine=BEST)
    table, swings = lca.morris(best), lca.tornado(best)
    assert set(table["unit"]) == {"kg CO2e"}
    assert table.index[0] == swings.index[0] == "jetson.embodied"
    assert table.loc["robots.supply_efficiency", "mu"] < 0  # better supply, less impact
    per = lca.morris(best, per="inference")
    assert set(per["unit"]) == {"kg CO2e/inference"}
    every = lca.morris(study())
    assert list(every.index.names) == ["engine", "parameter"]
    one = pandas.DataFrame(every.xs(BEST, level="engine")).sort_index()
    pandas.testing.assert_frame_equal(one, pandas.DataFrame(table).sort_index(), rtol=1e-8, atol=1e-9)
    assert np.isfinite(every.select_dtypes("float").to_numpy()).all()
