"""The reference problem of benchmarks/ is one problem: its study, its nodes and plain NumPy agree."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import lca

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
try:
    from reference import in_lca
    from reference import problem as ref
finally:
    sys.path.remove(str(BENCHMARKS))

DRAWS = 40_000
PLAIN = ref.stages(ref.all_drawn(np.random.default_rng(1), DRAWS))


def assert_equal_in_distribution(found: np.ndarray, plain: np.ndarray) -> None:
    """Mean within 5 standard errors; P5, P50 and P95 at the same probabilities, within 5 of theirs (U2)."""
    error = np.sqrt((found.var() + plain.var()) / DRAWS)
    assert abs(found.mean() - plain.mean()) < 5 * error
    for p in (0.05, 0.5, 0.95):
        assert abs(np.mean(found <= np.quantile(plain, p)) - p) < 5 * np.sqrt(2 * p * (1 - p) / DRAWS)


def test_the_study_and_plain_numpy_agree() -> None:
    data = lca.monte_carlo(in_lca.study(), draws=DRAWS, seed=2, progress=False).data
    for name in ("training", "use", "manufacturing", "total"):
        assert_equal_in_distribution(data[name].values, PLAIN[name])
    assert_equal_in_distribution((data["distribution"] + data["end_of_life"]).values, PLAIN["ends"])


def test_the_study_and_its_nodes_are_the_same_draw_by_draw() -> None:
    """All but the powers, which the study draws under other keys."""
    nodes = lca.monte_carlo(in_lca.nodes(), draws=100, progress=False).data
    study = lca.monte_carlo(in_lca.study(), draws=100, progress=False).data
    for name in ("use", "manufacturing"):
        np.testing.assert_allclose(study[name].values, nodes[name].values, rtol=1e-12)
    ends = (study["distribution"] + study["end_of_life"]).values
    np.testing.assert_allclose(ends, nodes["ends"].values, rtol=1e-12)


def test_a_scenario_is_the_problem_with_its_values() -> None:
    grid = lca.monte_carlo(in_lca.grid_study(regions=2, lifetimes=2, engines=2), draws=DRAWS, progress=False)
    found = grid.data["total"].sel(region="region1", engine="engine1", life="3.0 years").values
    p = ref.all_drawn(np.random.default_rng(5), DRAWS)
    p["grid_use"] *= ref.REGIONS[1] / ref.PARAMETERS["grid_use"].numbers[0]
    p["joules"] *= ref.ENGINES[1] / ref.PARAMETERS["joules"].numbers[0]
    assert_equal_in_distribution(found, ref.stages({**p, "years": np.full(DRAWS, 3.0)})["total"])


@pytest.mark.parametrize("name", ref.PARAMETERS)
def test_exact_quantiles_are_those_of_the_draws(name: str) -> None:
    drawn = ref.drawn(np.random.default_rng(3), name, DRAWS)
    for p in (0.05, 0.5, 0.95):
        assert abs(np.mean(drawn <= ref.quantile(name, np.array([p]))) - p) < 5 * np.sqrt(p * (1 - p) / DRAWS)


def test_many_parameters_are_as_many_as_asked() -> None:
    for count in (1, 2, 3, 100):
        assert len(lca.nominal(in_lca.wide(count)).model.program.keys) == count
