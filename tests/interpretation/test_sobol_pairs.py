"""Sobol' indices of pairs, patterns and stages, and what a table says of its ranks (U11)."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas
import pytest
from example_study import BEST, study
from known_indices import ISHIGAMI_13, ISHIGAMI_TOTAL, g_function, g_share, ishigami
from scipy import stats

import lca
from lca.errors import DomainError, MissingError
from lca.graph.program import Program
from lca.interpretation.sensitivity.points import LEVEL, SCRAMBLINGS
from lca.interpretation.sensitivity.ranks import by_replicates, convergence, ranks_of
from lca.sampling.evaluate import evaluate

HALF_WIDTH = stats.t.ppf((1 + LEVEL) / 2, SCRAMBLINGS - 1)


@cache
def best() -> lca.Study:
    return study().sel(engine=BEST)


def holds(table: pandas.DataFrame, kind: str, truth: dict[str, float], most: float) -> None:
    """Each estimate is within three standard errors of the truth, and these are small."""
    for key, value in truth.items():
        error = (table.loc[key, f"{kind}_high"] - table.loc[key, f"{kind}_low"]) / 2 / HALF_WIDTH
        assert error < most, (key, kind)
        assert abs(table.loc[key, kind] - value) <= 3 * error + 1e-12, (key, kind, table.loc[key, kind], value)


# --- pairs ----------------------------------------------------------------------------------------------------


def test_the_only_pair_of_ishigami_is_found() -> None:
    """x1 and x3 act together, no other pair does: I = 0 to rounding in every single point."""
    table = lca.sobol(ishigami(), order=2, base=2048)
    assert table["order"].to_dict() == {
        **dict.fromkeys(("x1", "x2", "x3"), 1), **dict.fromkeys(("x1 x x2", "x1 x x3", "x2 x x3"), 2)
    }  # fmt: skip
    truth = {"x1 x x3": ISHIGAMI_13, "x1 x x2": 0.0, "x2 x x3": 0.0}
    holds(table, "first", truth, 0.01)
    holds(table, "total", truth, 0.005)
    assert table.loc[["x1 x x2", "x2 x x3"], "total"].max() == 0
    holds(table, "interactions", {"x1": ISHIGAMI_13, "x2": 0.0, "x3": ISHIGAMI_13, "x1 x x3": 0.0}, 0.01)
    holds(table, "total", ISHIGAMI_TOTAL, 0.005)
    assert re.search(r"all interactions together: 2[45] % \(2\d to 2\d\)", table.attrs["note"])


def test_pairs_of_the_g_function_alone_and_with_others() -> None:
    """The variance of an effect is a product of single ones; the total of a pair is all effects that hold both."""
    coefficients = (0.0, 0.5, 1.0, 3.0)
    table = lca.sobol(g_function(coefficients), order=2, base=4096)
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    holds(table, "first", {f"x{i} x x{j}": g_share(coefficients, (i, j)) for i, j in pairs}, 0.005)
    holds(table, "total", {f"x{i} x x{j}": g_share(coefficients, (i, j), others=True) for i, j in pairs}, 0.002)


def test_pairs_are_made_of_the_largest_parameters() -> None:
    table = lca.sobol(g_function(), order=2, among=3, base=256)
    assert {key for key in table.index if " x " in key} == {"x0 x x1", "x0 x x2", "x1 x x2"}
    alone = lca.sobol(g_function(), base=256)
    kinds = ["first", "total", "total_low"]
    pandas.testing.assert_frame_equal(table.loc[alone.index, kinds], alone[kinds])
    of_groups = lca.sobol(g_function(), order=2, among=2, base=64, groups={"rest": ["x2", "x3", "x4*", "x5", "x[67]"]})
    assert set(of_groups.index) == {"x0", "x1", "rest", "x0 x x1"}
    single = lca.sobol({"y": lca.parameter("x", lca.Uniform(0, 1))}, order=2, base=64)
    assert list(single.index) == ["x"]


@pytest.mark.parametrize("wrong", [{"order": 3}, {"order": 0}, {"among": 1}])
def test_an_order_or_number_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(DomainError, match=next(iter(wrong))):
        lca.sobol(ishigami(), **wrong)


# --- groups ---------------------------------------------------------------------------------------------------


def test_a_pattern_names_all_its_keys() -> None:
    by_pattern = lca.sobol(best(), base=64, groups={"grid": "electricity/*", "desk": ["gpu-*", "semester.energy"]})
    keys = list(lca.sobol(best(), base=16).index)
    listed = {
        "grid": [key for key in keys if key.startswith("electricity/")],
        "desk": [key for key in keys if key.startswith("gpu-") or key == "semester.energy"],
    }
    assert list(map(len, listed.values())) == [2, 4]
    pandas.testing.assert_frame_equal(by_pattern, lca.sobol(best(), base=64, groups=listed))


def test_a_key_that_two_texts_of_one_group_name_counts_once() -> None:
    twice, once = (lca.sobol(ishigami(), base=16, groups={"g": keys}) for keys in (["x[13]", "x1"], ["x1", "x3"]))
    pandas.testing.assert_frame_equal(twice, once)


def test_what_patterns_cannot_mean_is_refused() -> None:
    with pytest.raises(DomainError, match=r"water/\* names no key with a spread"):
        lca.sobol(best(), groups={"w": "water/*"})
    with pytest.raises(DomainError, match=r"jetson\.embodied stands in several groups"):
        lca.sobol(best(), groups={"a": "jetson.*", "b": ["jetson.embodied"]})
    with pytest.raises(DomainError, match="called as a key that is not in it alone: 'x2'"):
        lca.sobol(ishigami(), groups={"x2": ["x1", "x3"]})
    with pytest.raises(DomainError, match="groups"):
        lca.sobol(best(), groups="stages")
    with pytest.raises(MissingError, match="no stages to group by"):
        lca.sobol(ishigami(), groups="stage")


def test_a6_parameters_by_the_stages_that_they_enter() -> None:
    """A6: each parameter stands in one group; the carbon intensity is shared by three stages."""
    table = lca.sobol(best(), base=256, groups="stage")
    names = {"manufacturing", "distribution", "end of life", "development", "training", "use"}
    assert set(table.index) == {*names, "shared by development, training and use"}
    listed = {
        "manufacturing": "*.embodied", "distribution": "*.distribution", "end of life": "*.end_of_life",
        "use": ["robots.*", "jetson-rail.accuracy"], "development": "semester.energy",
        "training": ["superpoint-backbones.power", "kill-a-watt.accuracy"],
        "shared by development, training and use": "electricity/*",
    }  # fmt: skip
    by_hand = lca.sobol(best(), base=256, groups=listed)
    pandas.testing.assert_frame_equal(table.sort_index(), by_hand.sort_index(), rtol=1e-9, atol=1e-12)
    per = lca.sobol(best(), base=64, of="functional_unit", groups="stage")
    assert list(per.index) == ["use"]


def test_a9_stages_of_the_market_based_view() -> None:
    """A9: the contract enters the use of the market-based view, and no stage of the view by place."""
    tags = {"basis": "life cycle", "mix": "production", "averaging": "average", "gwp_set": "AR6", "at": "facility",
            "region": "Quebec", "year": 2022}  # fmt: skip
    local = lca.Electricity(
        "grid", intensity=lca.Lognormal("0.03 kg CO2e/kWh", gsd=1.2), accounting="location-based", **tags
    )
    bought = lca.Electricity(
        "contract", intensity=lca.Lognormal("0.01 kg CO2e/kWh", gsd=1.2), accounting="market-based",
        instrument="PPA", **tags,
    )  # fmt: skip
    site = lca.Site("lab", pue=1.0, electricity=local, market_electricity=bought)
    run = lca.Training("run", power=lca.Normal("1000 W", "50 W"), duration="100 h", at="wall", site=site)
    others = ("development", "manufacturing", "distribution", "use", "end_of_life")
    why = dict.fromkeys(others, lca.outside_goal("one training"))
    unit = lca.FunctionalUnit("one model", count="1 device")
    one = lca.Study("run", run, functional_unit=unit, excluded=why)
    for of in ("total", "market_based/total"):
        table = lca.sobol(one, of=of, base=64, groups="stage")
        assert list(table.index) == ["training"]
        assert table.loc["training", "total"] == pytest.approx(1, abs=0.05)


# --- ranks ----------------------------------------------------------------------------------------------------


def test_ranks_that_intervals_do_not_tell_apart_are_one() -> None:
    """The error of a difference within replicates decides: what both share cancels."""
    shared = np.array([0.3, -0.3, 0.1, -0.1])
    rows = np.stack([5 + shared, 4.9 + shared, 1 + shared, 1 - shared, np.zeros(4)], axis=1)
    ranks = ranks_of(rows, by_replicates)
    assert ranks.texts() == ["1", "2", "3 to 4", "3 to 4", "5"]
    assert convergence([ranks], 64, "base {:,}") == "not told apart at base 64: ranks 3 to 4 (alike)"
    # difference 0.2 +- t sd / sqrt(n): (half / difference)^2 = 9.2 times as many points: 16 as a power of two
    near = np.stack([1.2 + shared, 1 - shared], axis=1)
    half = stats.t.ppf(0.95, 3) * (2 * shared).std(ddof=1) / 2
    assert (half / 0.2) ** 2 == pytest.approx(9.23, abs=0.01)
    assert convergence([ranks_of(near, by_replicates)], 64, "base {:,}").endswith(
        "ranks 1 to 2 (about base 1,024 would)"
    )
    close = np.stack([1.5 + shared, 1 - shared], axis=1)
    assert 1 < (half / 0.5) ** 2 < 2
    assert convergence([ranks_of(close, by_replicates)], 64, "base {:,}").endswith(
        "ranks 1 to 2 (about base 128 would)"
    )
    several = convergence([ranks, ranks_of(near, by_replicates)], 64, "base {:,}")
    assert several == "at base 64 some ranks are not told apart for 2 of 2 alternatives"
    assert convergence([ranks_of(rows[:, [0, 2]], by_replicates)] * 2, 64, "").endswith(
        "told apart for each alternative"
    )


def test_a_table_says_whether_its_base_is_large_enough() -> None:
    """Two factors of one relative spread have one index, which no number of points tells apart; two terms have not."""
    table = lca.sobol(ishigami(), base=512)
    assert table["rank"].to_dict() == {"x1": "1", "x2": "2", "x3": "3"}
    assert "all ranks above 1% of the largest are told apart" in table.attrs["note"]
    a, b = (lca.parameter(key, lca.Uniform(0, width)) for key, width in (("a", 1.0), ("b", 1.01)))
    few, many = (lca.sobol(a * b, base=base) for base in (4, 4096))
    assert set(few["rank"]) == {"1 to 2"}
    assert "not told apart at base 4: ranks 1 to 2" in few.attrs["note"]
    assert set(many["rank"]) == {"1 to 2"}  # a product: widths scale both indices alike
    sums = lca.sobol(a + b, base=4096)
    assert sums["rank"].to_dict() == {"b": "1", "a": "2"}


# --- other implementations ------------------------------------------------------------------------------------


class _Marginal:
    """The inverse CDF of one parameter, as SciPy asks for it."""

    def __init__(self, program: Program, key: str) -> None:
        (leaf,) = (leaf for leaf in program.used if leaf.key == key)
        self.rows = leaf.parameter.rows

    def ppf(self, u: np.ndarray) -> np.ndarray:
        standard = self.rows.shapes[self.rows.shape_of[0]].ppf(np.clip(u, 1e-12, 1 - 1e-12).ravel())
        return (self.rows.location[0] + self.rows.scale[0] * standard).reshape(u.shape)


def test_scipy_agrees_on_the_study_of_the_demo() -> None:
    """`scipy.stats.sobol_indices` (Saltelli 2010 and Jansen) on the same study, within 3 of both standard errors."""
    program = best().model.program.of("total")
    keys = [key for key in program.keys if key != "superpoint-backbones.power"]  # five labels: not one number

    def total(x: np.ndarray) -> np.ndarray:
        (made,) = evaluate(
            program, draws=x.shape[1], freeze=program.keys, overrides=dict(zip(keys, x, strict=True))
        ).values()
        return made

    dists = [_Marginal(program, key) for key in keys]
    runs = [stats.sobol_indices(func=total, n=2048, dists=dists, rng=seed) for seed in range(6)]
    ours = lca.sobol(best(), base=2048)
    for kind, name in (("first_order", "first"), ("total_order", "total")):
        every = np.array([getattr(one, kind).ravel() for one in runs])
        error = every.std(axis=0, ddof=1) / np.sqrt(len(every))
        own = (ours.loc[keys, f"{name}_high"] - ours.loc[keys, f"{name}_low"]).to_numpy() / 2 / HALF_WIDTH
        apart = np.abs(every.mean(axis=0) - ours.loc[keys, name].to_numpy())
        assert (apart <= 3 * np.hypot(error, own) + 1e-9).all(), (kind, dict(zip(keys, apart, strict=True)))
        assert np.hypot(error, own).max() < 0.02
