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
from lca.graph.program import Stream, compile_program
from lca.sampling import quantile
from lca.sampling.cubics import cubics_of
from lca.sampling.design import RandomDesign, own_columns
from lca.sampling.evaluate import evaluate
from lca.sampling.quantile import SIGN, TOGETHER, Tables
from lca.sampling.question import Question
from lca.sampling.smoothing.points import PointSet

SHAPES = [
    lca.Normal(147, 4),
    *(lca.Lognormal(36, gsd=gsd) for gsd in (1.02, 1.1, 1.7, 2.5, 5)),
    lca.SplitLognormal(11, gsd_low=1.2, gsd_high=1.9),
    *(lca.Triangular(5, mode, 20) for mode in (5, 5.001, 10, 20)),
    *(lca.Pert(5, mode, 20) for mode in (5, 6, 12.5, 20)),
    *(lca.Weibull(7, shape) for shape in (0.7, 1, 3, 12)),
    lca.Uniform(50, 300),
    lca.Empirical([3.0, 1.0, 4.0, 1.0, 5.0]),
    lca.Discrete({3.0: 0.25, 1.0: 0.6, 4.5: 0.15}),
    lca.Normal(2, 1.5).truncated(low=0),
    lca.Normal(2, 1.5).truncated(high=2.5),
    lca.Normal(147, 4).truncated(140, 150),
    lca.Lognormal(36, gsd=1.7).truncated(high=55),
    lca.Lognormal(36, gsd=5).truncated(20, 400),
    lca.SplitLognormal(11, gsd_low=1.2, gsd_high=1.9).truncated(9, 30),
    lca.Triangular(5, 10, 20).truncated(6, 19),
    lca.Triangular(5, 5, 20).truncated(high=19),
    lca.Pert(5, 6, 20).truncated(low=5.5),
    lca.Weibull(7, shape=0.7).truncated(high=30),
    lca.Weibull(7, shape=3).truncated(low=1),
]
FAMILIES = pytest.mark.parametrize("made", SHAPES, ids=repr)
#: All of the lowest numbers, then some of every size up to the middle.
LOWER = np.unique(np.concatenate([np.arange(300), np.geomspace(300, 2**31 - 1, 60_000).astype(np.int64),
                                  np.linspace(0, 2**31 - 1, 60_000).astype(np.int64)]))  # fmt: skip


def through_tables(made: lca.Distribution, numbers: Any) -> Any:
    """The draws that these whole numbers of 32 bits become, on the path that every run takes."""
    program = compile_program({"x": lca.parameter("x", made)})
    design = PointSet([("x", "")], np.atleast_2d(np.asarray(numbers, dtype=np.uint32)))
    return evaluate(program, draws=np.size(numbers), design=design)["x"]


def exact(made: lca.Distribution, numbers: Any, upper: bool) -> Any:
    """The exact inverse CDF; on the upper side from the distance to 1, which is exact in the tail, too."""
    location, scale, shape = made.standard
    u = (numbers + 0.5) / 2**32
    return location + scale * (shape.upper(u) if upper else shape.ppf(u))


@FAMILIES
def test_u3_draws_are_the_inverse_cdf_down_to_the_last_number(made: lca.Distribution) -> None:
    """U3: the error is below 2e-9 of the standard deviation and the distance from the median together.

    It is below 1e-9 for what is not skewed, and direct shapes have none.
    """
    even = isinstance(made, (lca.Normal, lca.Pert)) or getattr(made, "gsd", 9) < 1.2
    allowed = 1e-14 if made.standard[2].direct else 1e-9 if even else 2e-9
    median = float(made.ppf(np.array([0.5]))[0])
    for upper in (False, True):
        found = through_tables(made, 2**32 - 1 - LOWER if upper else LOWER)
        expected = exact(made, LOWER, upper)
        error = np.abs(found - expected) / (made.sd + np.abs(expected - median))
        assert error.max() < allowed


@FAMILIES
def test_u3_draws_keep_mean_and_sd(made: lca.Distribution) -> None:
    """U3: both within 1e-5 of the closed form, by quadrature over the normal quantile of the probability."""
    z = np.linspace(-6.2, 6.2, 400_001)
    values = through_tables(made, np.floor(stats.norm.cdf(z) * 2.0**32))
    weights = stats.norm.pdf(z) * (z[1] - z[0])
    weights /= weights.sum()
    mean = float(np.sum(weights * values))
    sd = math.sqrt(float(np.sum(weights * (values - mean) ** 2)))
    # outside of 6.2 a lognormal of gsd 5 has some of its sd; a sample has steps, which a quadrature sees coarsely
    tolerance = 1e-2 if getattr(made, "gsd", 1) > 2.5 else 1e-4 if isinstance(made, lca.Empirical) else 1e-5
    assert sd == pytest.approx(made.sd, rel=tolerance)
    assert abs(mean - made.mean) < tolerance * made.sd


@FAMILIES
def test_u3_draws_rise_with_their_numbers(made: lca.Distribution) -> None:
    """U3: apart from the error, no larger number gives a smaller draw."""
    numbers = np.concatenate([LOWER, 2**32 - 1 - LOWER[::-1]])
    assert np.diff(through_tables(made, numbers)).min() > -3e-9 * made.sd


@FAMILIES
def test_u3_the_first_and_the_last_number_stay_inside_the_bounds(made: lca.Distribution) -> None:
    ends = through_tables(made, [0, 1, 2, 2**31 - 1, 2**31, 2**32 - 3, 2**32 - 2, 2**32 - 1])
    assert np.isfinite(ends).all()
    assert made.support[0] <= ends.min() < ends.max() <= made.support[1]


@pytest.mark.parametrize("made", [lca.SplitLognormal(11, gsd_low=1.2, gsd_high=9), lca.Triangular(5, 10, 20)], ids=repr)
def test_u3_a_kink_costs_no_accuracy(made: lca.Distribution) -> None:
    """U3: every number near the kink, where the density has a jump or a corner."""
    at = 0.5 if isinstance(made, lca.SplitLognormal) else (10 - 5) / (20 - 5)
    numbers = int(at * 2**32) + np.arange(-3_000, 3_000)
    expected = made.ppf((numbers + 0.5) / 2**32)
    assert np.abs(through_tables(made, numbers) - expected).max() < 1e-9 * made.sd


def test_u3_a_wide_lognormal_is_off_as_stated() -> None:
    """The error against the value itself grows with the fourth power of log gsd: 2e-8 at gsd 10."""
    made = lca.Lognormal(1, gsd=10)
    worst = np.abs(through_tables(made, LOWER) / exact(made, LOWER, False) - 1).max()
    assert 1e-10 < worst < 2e-8


def test_u3_equal_shapes_share_a_table_and_many_shapes_have_one_each() -> None:
    """3,000 distributions of 500 shapes: the entries grow with the shapes, and every row reads its own."""
    spread = {f"l{i}": lca.Lognormal(1 + i, gsd=1.1 + 0.001 * (i % 500)) for i in range(3_000)}
    program = compile_program({"x": lca.parameter("x", lca.labelled(spread, "W", dim="m"))})
    question = Question(program, RandomDesign(1), draws=4)
    drawing = question.plan.drawing
    assert len(drawing.standards) == 3_000
    assert drawing.tables.coefficients.shape == (2, -(-500 // TOGETHER) * 2 * SIGN, 2)
    numbers = RandomDesign(1).reader([("x", f"[m={label}]") for label in spread]).read(slice(None), 0, 4)
    found = evaluate(program, draws=4, design=RandomDesign(1))["x"]
    for row, one in enumerate(spread.values()):
        np.testing.assert_allclose(found[row], one.ppf((numbers[row] + 0.5) / 2**32), rtol=1e-8)


def test_u3_tables_of_one_plan_serve_the_next_and_go_with_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = [lca.Lognormal(1, gsd=1.123 + 0.01 * i).standard[2] for i in range(9)]
    made: list[Any] = []
    monkeypatch.setattr(quantile, "cubics_of", lambda shape: made.append(shape) or cubics_of(shape))
    first = Tables(shapes)
    again = Tables(shapes[::-1])
    assert len(made) == 9
    for shape, offset in zip(shapes, first.offsets, strict=True):
        assert np.array_equal(first.part(shape), again.part(shape))
        place = ((126 << 5) + int(offset)) % 2**32
        assert np.array_equal(first.coefficients[:, place : place + 1_024], first.part(shape)[0, :, :-1])
    del first
    assert not made[9:]
    third = Tables(shapes[:3])
    assert not made[9:], "the second has them still"
    del again, third
    Tables(shapes[:3])
    assert len(made) == 12


# --- which draws are shared -------------------------------------------------------------------------------


def test_u2_rows_that_share_a_stream_are_the_draws_of_that_stream() -> None:
    """U2: shared labels, some with the same shape, some with another, one without a spread, one direct."""
    spread = {"a": lca.Normal(0, 1), "b": lca.Normal(5, 2), "c": lca.Lognormal(3, gsd=2), "d": 4.0,
              "e": lca.Uniform(1, 2), "f": lca.Normal(5, 3)}  # fmt: skip
    node = lca.parameter("x", lca.labelled(spread, "W", dim="m", shared=True))
    found = evaluate(compile_program({"x": node}), draws=40_000, design=RandomDesign(2))["x"]
    u = (RandomDesign(2).reader([("x", "")]).read(slice(None), 0, 40_000)[0] + 0.5) / 2**32
    for row, one in zip(found, spread.values(), strict=True):
        expected = one.ppf(u) if isinstance(one, lca.Distribution) else np.full(40_000, one)
        np.testing.assert_allclose(row, expected, rtol=1e-8, atol=1e-8)


def test_u2_rows_of_several_families_stand_side_by_side() -> None:
    """Location or scale may be 0 or 1 for some of the rows that are drawn at once."""
    spread = [lca.Normal(0, 1), lca.Lognormal(1, gsd=2), lca.Normal(5, 1), lca.Lognormal(3, gsd=2), lca.Weibull(1, 2)]
    nodes = {f"p{i}": lca.parameter(f"p{i}", one) for i, one in enumerate(spread)}
    found = evaluate(compile_program(nodes), draws=1_000, design=RandomDesign(2))
    for (name, values), one in zip(found.items(), spread, strict=True):
        u = (RandomDesign(2).reader([(name, "")]).read(slice(None), 0, 1_000)[0] + 0.5) / 2**32
        np.testing.assert_allclose(values, one.ppf(u), rtol=1e-8, atol=1e-8)


def test_u3_all_designs_turn_the_same_number_into_the_same_value() -> None:
    """U3: a random design's numbers handed over as a matrix give the same draws, bit for bit."""
    program = compile_program({"total": study().sel(engine=BEST).model.outputs["total"]})
    columns, draws = [column for stream in program.streams for column in own_columns(stream)], 3_000
    numbers = RandomDesign(4).reader(columns).read(slice(None), 0, draws).copy()
    given = evaluate(program, draws=draws, design=PointSet(columns, numbers))
    random = evaluate(program, draws=draws, design=RandomDesign(4))
    assert np.array_equal(given["total"], random["total"])


def test_u3_a_design_fills_a_stream_as_its_reader_reads_it() -> None:
    stream = Stream("x", ("[m=a]", "[m=b]"))
    for design in (
        RandomDesign(6),
        PointSet(own_columns(stream), np.arange(200, dtype=np.uint32).reshape(2, 100)),
    ):
        out = np.zeros((2, 31), np.uint32)
        design.fill(stream, 7, 38, out)
        assert np.array_equal(out, design.reader(own_columns(stream)).read(slice(None), 7, 38))


# --- Sobol' points --------------------------------------------------------------------------------------


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
    with pytest.raises(DomainError, match=f"{draws} is not a power of two(.|\n)*draws={power}"):
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
