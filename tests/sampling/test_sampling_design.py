"""Designs and the one path from uniform numbers to draws: tables, tails, Sobol' points, overrides (U3)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from example_study import BEST, study
from scipy import stats

import lca
from lca.errors import DomainError, LabelError, MissingError
from lca.graph.program import compile_program
from lca.sampling.design import MatrixDesign, RandomDesign, sobol_points
from lca.sampling.evaluate import evaluate
from lca.sampling.quantile import CELLS, TAIL

SHAPES = [
    lca.Normal(147, 4),
    *(lca.Lognormal(36, gsd=gsd) for gsd in (1.02, 1.1, 1.7, 2.5, 5)),
    *(lca.Triangular(5, mode, 20) for mode in (5, 5.001, 10, 20)),
    *(lca.Pert(5, mode, 20) for mode in (5, 6, 12.5, 20)),
    lca.Uniform(50, 300),
    lca.Empirical([3.0, 1.0, 4.0, 1.0, 5.0]),
]
FAMILIES = pytest.mark.parametrize("made", SHAPES, ids=repr)


def through_tables(made: lca.Distribution, uniforms: Any) -> Any:
    """The draws that these numbers in [0, 1) become, on the path that every run takes."""
    program = compile_program({"x": lca.parameter("x", made)})
    design = MatrixDesign("given", [("x", "")], np.atleast_2d(uniforms))
    return evaluate(program, draws=np.size(uniforms), design=design)["x"]


@FAMILIES
def test_u3_the_table_keeps_mean_and_sd(made: lca.Distribution) -> None:
    """U3: both within 1e-4 of the closed form, by quadrature over (0, 1) that reaches into the tails.

    A lognormal wider than gsd 2.5 bends more inside a cell, and is allowed 3e-4.
    """
    z = np.linspace(-8, 8, 150_001)
    values, weights = through_tables(made, stats.norm.cdf(z)), stats.norm.pdf(z) * (z[1] - z[0])
    mean = float(np.sum(weights * values))
    sd = math.sqrt(float(np.sum(weights * (values - mean) ** 2)))
    tolerance = 3e-4 if isinstance(made, lca.Lognormal) and made.gsd > 2.5 else 1e-4
    tolerance = 1e-3 if isinstance(made, lca.Empirical) else tolerance  # steps: the quadrature itself is coarser
    assert sd == pytest.approx(made.sd, rel=tolerance)
    assert abs(mean - made.mean) < tolerance * made.sd
    assert mean == pytest.approx(made.mean, rel=tolerance)


@FAMILIES
def test_u3_the_table_is_monotone_and_near_the_inverse_cdf_everywhere(made: lca.Distribution) -> None:
    uniforms = (np.arange(32 * CELLS) + 0.5) / (32 * CELLS)
    values, exact = through_tables(made, uniforms), made.ppf(uniforms)
    assert np.all(np.diff(values) >= 0)
    assert np.abs(values - exact).max() < 0.05 * made.sd


@FAMILIES
def test_u3_the_tails_are_exact(made: lca.Distribution) -> None:
    edge = TAIL / CELLS
    low = np.concatenate([np.geomspace(2.0**-53, edge * 0.999, 500), [edge * (1 - 1e-9)]])
    uniforms = np.concatenate([low, 1 - low])
    np.testing.assert_allclose(through_tables(made, uniforms), made.ppf(uniforms), rtol=4e-16 * 4)


@FAMILIES
def test_u3_the_ends_of_a_stream_are_finite(made: lca.Distribution) -> None:
    """U3: a stream may return 0, and 1 - 2^-53 at most."""
    low, high = through_tables(made, np.array([0.0, 1 - 2.0**-53]))
    assert made.support[0] <= low < high <= made.support[1]
    assert math.isfinite(low)
    assert math.isfinite(high)


def test_u3_all_designs_turn_the_same_number_into_the_same_value() -> None:
    """U3: a random design's numbers handed over as a matrix give the same draws, bit for bit."""
    program = compile_program({"total": study().sel(engine=BEST).model.outputs["total"]})
    columns, draws = [(stream.key, label) for stream in program.streams for label in stream.labels], 3_000
    numbers = np.empty((len(columns), draws))
    worker = RandomDesign(4).worker()
    at = 0
    for stream in program.streams:
        worker.fill(stream, 0, draws, numbers[at : at + len(stream.labels)])
        at += len(stream.labels)
    given = evaluate(program, draws=draws, design=MatrixDesign("given", columns, numbers))
    random = evaluate(program, draws=draws, design=RandomDesign(4))
    assert np.array_equal(given["total"], random["total"])


# --- Sobol' points --------------------------------------------------------------------------------------


def test_u3_sobol_points_are_balanced_and_scrambled_by_the_seed() -> None:
    points = sobol_points(256, 5, 3)
    assert points.shape == (5, 256)
    for column in points:  # one point in each of 256 equal intervals
        assert sorted((column * 256).astype(int)) == list(range(256))
    assert np.array_equal(points, sobol_points(256, 5, 3))
    assert not np.array_equal(points, sobol_points(256, 5, 4))


def test_u3_sobol_means_are_far_better_than_random_ones() -> None:
    """U3: a product of four lognormals over a triangular, 1,024 draws, 16 scramblings against 16 seeds."""
    medians = [lca.Lognormal(m, gsd=g) for m, g in ((10, 1.3), (0.4, 1.1), (2, 1.5), (7, 1.2))]
    node = lca.parameter("efficiency", lca.Triangular(0.75, 0.85, 0.90)) ** -1
    for number, spread in enumerate(medians):
        node = node * lca.parameter(f"p{number}", spread)
    z = np.linspace(-8, 8, 20_001)
    weights = stats.norm.pdf(z) * (z[1] - z[0])
    inverse = float(np.sum(weights / lca.Triangular(0.75, 0.85, 0.90).ppf(stats.norm.cdf(z))))
    exact = inverse * math.prod(spread.mean for spread in medians)

    def error(design: str) -> float:
        means = [
            float(lca.monte_carlo(node, draws=1_024, seed=seed, design=design, progress=False).data["value"].mean())
            for seed in range(16)
        ]
        return math.sqrt(float(np.mean((np.array(means) / exact - 1) ** 2)))

    random, sobol = error("random"), error("sobol")
    assert sobol < random / 8
    # the random error is what theory says: relative sd / sqrt(n), itself known to 1 / sqrt(2 x 16)
    variance = math.prod(1 + (s.sd / s.mean) ** 2 for s in medians) - 1
    assert random == pytest.approx(math.sqrt(variance / 1_024), rel=0.75)


def test_u2_the_result_says_which_design_made_it() -> None:
    node = lca.parameter("x", lca.Uniform(0, 1))
    made = lca.monte_carlo(node, draws=64, seed=9, design="sobol", progress=False)
    assert (made.design, made.seed, made.draws) == ("sobol", 9, 64)
    assert sorted((made.data["value"].to_numpy() * 64).astype(int)) == list(range(64))
    assert lca.monte_carlo(node, draws=64, progress=False).design == "random"


@pytest.mark.parametrize("draws", [1_000, 3, 1_025])
def test_u3_sobol_draws_that_are_no_power_of_two_raise(draws: int) -> None:
    power = 1 << draws.bit_length()
    with pytest.raises(DomainError, match=f"{draws} draws is not a power of two(.|\n)*{power} draws"):
        lca.monte_carlo(lca.parameter("x", lca.Uniform(0, 1)), draws=draws, design="sobol", progress=False)


def test_u3_an_unknown_design_or_number_of_draws_raises() -> None:
    node = lca.parameter("x", lca.Uniform(0, 1))
    with pytest.raises(DomainError, match="latin"):
        lca.monte_carlo(node, design="latin", progress=False)
    for draws in (0, -5, 2.5, True):
        with pytest.raises(DomainError, match=r"draws(.|\n)*a whole number"):
            lca.monte_carlo(node, draws=draws, progress=False)


# --- overrides: one hook under every question -----------------------------------------------------------


@pytest.fixture
def product() -> Any:
    a = lca.parameter("a", lca.Normal("10 W at_wall", "1 W at_wall"))
    b = lca.parameter("b", lca.labelled({"x": lca.Normal(2, 0.1), "y": 3.0}, "h", dim="m"))
    return compile_program({"energy": a * b, "a": a})


def test_u3_an_override_replaces_one_parameter_and_no_other_draw(product: Any) -> None:
    design = RandomDesign(0)
    before = evaluate(product, draws=500, design=design)
    given = np.linspace(5, 15, 500)
    after = evaluate(product, draws=500, design=design, overrides={"a": given})
    assert np.array_equal(after["a"], given)
    np.testing.assert_allclose(after["energy"] / given, before["energy"] / before["a"], rtol=1e-14)
    fixed = evaluate(product, draws=500, design=design, overrides={"a": 4.0})
    assert np.all(fixed["a"] == 4)
    np.testing.assert_allclose(fixed["energy"] / 4, before["energy"] / before["a"], rtol=1e-14)


def test_u3_an_override_has_labels_and_root_units(product: Any) -> None:
    hours = np.array([[1.0], [2.0]]) * 3600
    found = evaluate(product, overrides={"b": hours})["energy"][..., 0]
    np.testing.assert_allclose(found, [10 * 3600, 20 * 3600])
    both = evaluate(product, draws=3, design=RandomDesign(0), overrides={"a": 1.0, "b": hours * [1, 2, 3]})
    np.testing.assert_allclose(both["energy"], hours * [1, 2, 3])


def test_u3_a_frozen_parameter_stays_nominal(product: Any) -> None:
    found = evaluate(product, draws=100, design=RandomDesign(0), freeze=["a"])
    assert np.all(found["a"] == 10)
    assert np.all(found["energy"][1] == 10 * 3 * 3600)
    assert found["energy"][0].std() > 0


def test_u3_an_override_that_fits_nowhere_raises(product: Any) -> None:
    with pytest.raises(MissingError, match="c"):
        evaluate(product, overrides={"c": 1.0})
    with pytest.raises(LabelError, match="draws"):
        evaluate(product, draws=10, design=RandomDesign(0), overrides={"a": np.ones(9)})
