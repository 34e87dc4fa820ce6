"""Statistics that a run keeps of its draws: the same for any steps, and the numbers that they stand for (U7, U12)."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy import stats

from lca.checks import Array
from lca.sampling.plan import UNIT
from lca.sampling.short_buffers import short_buffers
from lca.sampling.statistics.derived import Apart, Plain, Ratio, Total
from lca.sampling.statistics.histogram import CELLS
from lca.sampling.statistics.moments import LANES, Lanes
from lca.sampling.statistics.ranks import Ranking, shares, smallest, wins
from lca.sampling.statistics.streamed import Asked, KeptStatistics, Statistics
from lca.sampling.statistics.sums import Rows

DRAWS = UNIT + 5_000  # a unit, and a part of another that is no multiple of anything
FIRST = 16_384
SHARES = np.array([0.001, 0.05, 0.5, 0.95, 0.999])
SHAPES: dict[str, Any] = {
    "narrow": stats.norm(1000, 0.5),
    "about 0": stats.norm(0.2, 1),
    "skewed": stats.lognorm(2.0),
    "below 0": stats.uniform(-5, 3),
    "from 0": stats.uniform(0, 1),
    "tiny": stats.norm(1e-280, 1e-281),
    "tiny about 0": stats.norm(1e-301, 1e-300),
    "tiny below 0": stats.uniform(-5e-300, 3e-300),
}


def draws_of(shape: Any, seed: int = 1, draws: int = DRAWS) -> Array:
    return np.asarray(shape.ppf(np.random.default_rng(seed).random(draws)))[None]


def kept(values: Mapping[str, Array], asked: Asked, step: int = 1 << 14) -> KeptStatistics:
    """A run over arrays (labels..., draws): units in order, each in steps."""
    sink, draws = KeptStatistics(asked), next(iter(values.values())).shape[-1]
    for start in range(0, draws, UNIT):
        part = sink.part()
        for first in range(start, min(start + UNIT, draws), step):
            last = min(first + step, start + UNIT, draws)
            part.add({name: array[..., first:last] for name, array in values.items()}, first)
        sink.take(start // UNIT, pickle.loads(pickle.dumps(part)))
    return sink


def asked_for(values: Mapping[str, Array], **rest: Any) -> Asked:
    first = {name: array[..., :FIRST] for name, array in values.items()}
    return Asked({name: Rows.looked_at(Plain(name), first, DRAWS) for name in values}, **{"rankings": {}, **rest})


def found(values: Array, step: int = 1 << 14) -> Statistics:
    """What a run over one array (rows, draws) comes to."""
    return kept({"x": values}, asked_for({"x": values}), step).statistics()["x"]


def test_u7_sums_are_made_in_lanes_in_the_order_of_draws() -> None:
    """U7: lane i mod 256, from 0, in order; the second half onto the first; written here without arrays of steps."""
    values = np.random.default_rng(3).normal(size=(1, 5 * LANES + 77)) * 1e6
    lanes, space = Lanes.of(1), np.empty(values.size + 3 * LANES)
    for first, last in ((0, 1024), (1024, 1357)):
        lanes.add(slice(0, 1), values[:, first:last], np.array([0.5]), first, space)
    sums = [[0.0, 0.0] for _ in range(LANES)]
    for i, value in enumerate((values[0] - 0.5).tolist()):
        sums[i % LANES][0] += value
        sums[i % LANES][1] += value * value
    while len(sums) > 1:
        half = len(sums) // 2
        sums = [
            [a + b for a, b in zip(one, two, strict=True)] for one, two in zip(sums[:half], sums[half:], strict=True)
        ]
    assert [float(one[0]) for one in lanes.folded()] == sums[0]


@pytest.mark.parametrize("name", SHAPES)
def test_u7_no_length_of_a_step_changes_a_bit(name: str) -> None:
    """U7: sums, ends and counts of steps of 1,024, of 16,384 and of a whole unit."""
    values = draws_of(SHAPES[name])
    one, *others = (found(values, step) for step in (1 << 14, 1 << 10, UNIT))
    for other in others:
        for part in ("mean", "sd", "least", "most"):
            assert getattr(one, part).tobytes() == getattr(other, part).tobytes()
        assert np.array_equal(one.counts.inside, other.counts.inside)
        assert one.counts.beyond == other.counts.beyond
    assert one.counts.inside.sum() + sum(one.counts.beyond.values()) == DRAWS == one.draws


@pytest.mark.parametrize("name", SHAPES)
def test_u12_statistics_are_those_of_the_draws(name: str) -> None:
    """U12: moments to rounding, ends exactly, quantiles within half of their own sampling error at these draws."""
    values = draws_of(SHAPES[name])
    one = found(values)
    scale = np.abs(values).max()
    assert one.mean == pytest.approx(values.mean(axis=1), rel=1e-12, abs=1e-14 * scale)
    assert one.sd == pytest.approx(values.std(axis=1, ddof=1), rel=1e-9)
    assert (one.least, one.most) == (values.min(), values.max())
    made, exact = one.quantiles(SHARES, np.array([0]))[:, 0], np.quantile(values[0], SHARES)
    x = SHAPES[name].ppf(SHARES)
    error = np.sqrt(SHARES * (1 - SHARES) / DRAWS) / SHAPES[name].pdf(x)
    assert (np.abs(made - exact) <= 0.5 * error).all()


@pytest.mark.parametrize("power", [5, 9])
def test_u12_quantiles_of_a_row_that_spans_many_powers_of_two_on_both_sides_of_0(power: int) -> None:
    """One cell holds a tenth of the draws and more: in it they lie as the first draws do, to their sampling error."""
    values = stats.norm(0.2, 1).ppf(np.random.default_rng(9).random(DRAWS))[None] ** power
    made = found(values).quantiles(SHARES, np.array([0]))[:, 0]
    ranks = np.searchsorted(np.sort(values[0]), made) / DRAWS
    error = np.sqrt(SHARES * (1 - SHARES) / np.where(np.abs(SHARES - 0.5) < 0.49, FIRST, DRAWS / 4))
    assert (np.abs(ranks - SHARES) <= 4 * error).all()


def test_what_lies_beyond_the_first_draws_is_counted_by_its_distance() -> None:
    """The first draws are all of 10 to 11; half of the others are far outside, on both sides."""
    rng = np.random.default_rng(5)
    far = np.concatenate([rng.uniform(10, 11, FIRST), rng.uniform(-1e6, 1e6, DRAWS - FIRST)])[None]
    one = found(far)
    made, exact = one.quantiles(SHARES, np.array([0]))[:, 0], np.quantile(far[0], SHARES)
    assert made == pytest.approx(exact, rel=0.01)
    assert sum(one.counts.beyond.values()) > 0.9 * (DRAWS - FIRST)


def test_a_value_that_repeats_is_told_exactly() -> None:
    """Whole numbers and constants are quantiles as they are, and not somewhere in a cell."""
    rng = np.random.default_rng(6)
    values = np.stack([np.floor(rng.uniform(0, 5, DRAWS)), np.full(DRAWS, 0.1), np.zeros(DRAWS)])
    one = found(values)
    made = one.quantiles(np.array([0.05, 0.5, 0.95]), np.arange(3))
    assert made.T.tolist() == [[0, 2, 4], [0.1] * 3, [0.0] * 3]
    assert one.mean[1:].tolist() == [0.1, 0.0]
    assert one.sd[1:].tolist() == [0.0, 0.0]


def test_q6_a_row_with_a_draw_that_is_not_finite_has_no_number() -> None:
    """Q6: per nothing there is no ratio; the row says in how many draws, and its neighbour is not touched."""
    rng = np.random.default_rng(7)
    values = {"top": rng.uniform(1, 2, (2, DRAWS)), "below": rng.uniform(1, 2, (2, DRAWS))}
    values["below"][0, [5, FIRST + 3, DRAWS - 1]] = 0
    ratio = Ratio(Plain("top"), "below", ((2,), (2,)))
    rows = {"ratio": Rows.looked_at(ratio, {name: array[:, :FIRST] for name, array in values.items()}, DRAWS)}
    one = kept(values, Asked(rows, {})).statistics()["ratio"]
    assert one.broken.tolist() == [3, 0]
    assert np.isnan([one.mean[0], one.quantiles(SHARES, np.array([0]))[2, 0]]).all()
    assert one.mean[1] == pytest.approx((values["top"][1] / values["below"][1]).mean(), rel=1e-12)


def test_derived_rows_by_hand() -> None:
    """Sums over parts and over outputs, a ratio, the difference to a reference and the multiple of it."""
    step = {"a": np.array([[1.0], [2.0]]), "b": np.array([[[10.0], [20.0]], [[30.0], [40.0]]]), "c": np.array([4.0])}
    assert Total((("a", (), (2,)), ("b", (1,), (2,)), ("c", (), (1,)))).values(step).tolist() == [[35.0], [76.0]]
    assert Ratio(Plain("a"), "c", ((2,), (1,))).values(step).tolist() == [[0.25], [0.5]]
    second = np.array([[1]]), np.array([1])
    assert Apart(Plain("a"), 0, second[1], multiple=False).values(step).tolist() == [[-1.0], [0.0]]
    assert Apart(Plain("a"), 0, second[1], multiple=True).values(step).tolist() == [[0.5], [1.0]]
    each = np.array([[0, 1]])  # of the second dim, one reference at each place
    assert Apart(Plain("b"), 0, each, multiple=False).values(step)[..., 0].tolist() == [[0, -20], [20, 0]]


def test_a12_ranks_by_hand() -> None:
    """A12: ties are shared, losses are distances to the smallest; a third draw has three of one size."""
    draws = np.array([[1.0, 5.0, 2.0, 1.0], [2.0, 3.0, 2.0, 1.0], [3.0, 3.0, 2.0, 9.0]])
    counts = wins(smallest(draws)[1])
    assert counts.tolist() == [[1, 1, 1], [0, 2, 1], [0, 1, 1]]
    assert shares(counts) == pytest.approx([(1 + 1 / 2 + 1 / 3) / 4, (1 + 1 / 3) / 4, (1 / 2 + 1 / 3) / 4])


def test_a12_ranks_of_a_run_are_those_of_its_draws() -> None:
    """A12, U2: over three alternatives at two places of another dim, in units and steps, and with all draws at once."""
    rng = np.random.default_rng(8)
    values = {"x": np.round(rng.uniform(0, 40, (3, 2, DRAWS)))}
    ranking = Ranking(Plain("x"), 0)
    ranked = kept(values, asked_for(values, rankings={"x": ranking})).ranked()["x"]
    for place in range(2):
        own = values["x"][:, place]
        tied = own == own.min(axis=0)
        assert ranked.best[place] == pytest.approx((tied / tied.sum(axis=0)).mean(axis=1), rel=1e-12)
        assert ranked.losses[place] == pytest.approx((own - own.min(axis=0)).mean(axis=1), rel=1e-12)


def test_u7_a_run_that_goes_on_from_what_was_saved_has_the_same_bits() -> None:
    """U7: what a checkpoint saves after the first unit, and a new sink that takes it and the rest."""
    values = {"x": draws_of(SHAPES["skewed"]).reshape(1, -1), "y": draws_of(SHAPES["about 0"], 2)}
    asked = asked_for(values, rankings={"r": Ranking(Plain("x"), 0)})
    whole, before = kept(values, asked), kept({name: array[:, :UNIT] for name, array in values.items()}, asked)
    first, arrays = before.saved(0, 1)
    assert first == 0
    after = KeptStatistics(asked)
    after.restore(first, 1, {name: array.copy() for name, array in arrays.items()})
    part = after.part()
    part.add({name: array[:, UNIT:] for name, array in values.items()}, UNIT)
    after.take(1, part)
    assert after.draws == whole.draws == DRAWS
    for name, one in whole.statistics().items():
        other = after.statistics()[name]
        assert (one.mean, one.sd, one.least, one.most) == (other.mean, other.sd, other.least, other.most)
        assert np.array_equal(one.quantiles(SHARES, np.array([0])), other.quantiles(SHARES, np.array([0])))
    assert np.array_equal(whole.ranked()["r"].losses, after.ranked()["r"].losses)


def test_a_row_above_0_in_its_first_draws_may_fall_below_it() -> None:
    """The window of the first draws lies above 0; the bits of a negative number are far from its own."""
    values = np.concatenate([np.linspace(1.0, 9.0, 4 * FIRST - 2), [-0.001, -0.002]])[None]
    rows = Rows.looked_at(Plain("x"), {"x": values[:, :FIRST]}, values.shape[1])
    made = kept({"x": values}, Asked({"x": rows}, {})).statistics()["x"]
    assert (made.least.item(), made.counts.inside.sum()) == (-0.002, values.size - sum(made.counts.beyond.values()))
    assert made.quantiles(np.array([0.0, 0.5]), np.array([0]))[:, 0] == pytest.approx([-0.002, 5.0], rel=2e-3)


def test_u7_a_run_that_may_grow_counts_in_finer_cells_and_ends_with_the_same_bits() -> None:
    """U7: with a checkpoint more draws may follow. Fewer cells are whole groups of the finest."""
    values = np.concatenate([draws_of(SHAPES[name], draws=100_000) for name in ("narrow", "about 0", "below 0")])
    first = {"x": values[:, :FIRST]}
    found = []
    for grows in (False, True):
        rows = Rows.looked_at(Plain("x"), first, 100_000, grows=grows)
        found.append((rows, kept({"x": values}, Asked({"x": rows}, {})).statistics()["x"]))
    (few, one), (many, other) = found
    assert few.windows.cells < many.windows.cells == CELLS
    assert np.array_equal(one.counts.inside, other.counts.coarser(few.windows.cells).inside)
    every = np.arange(len(values))
    assert one.quantiles(SHARES, every).tobytes() == other.quantiles(SHARES, every).tobytes()


@pytest.mark.parametrize(("draws", "cells"), [(1_000, 2048), (1 << 17, 2048), (1 << 18, 4096), (10**9, CELLS)])
def test_cells_follow_from_the_number_of_draws(draws: int, cells: int) -> None:
    first = {"x": draws_of(stats.norm(1000, 0.5), draws=FIRST)}
    assert Rows.looked_at(Plain("x"), first, draws).cells == cells


def test_a_row_with_much_in_one_cell_has_more_cells() -> None:
    """Nearly all draws lie in a thousandth of the range: 2,048 cells over it would hold them in a few."""
    rng = np.random.default_rng(9)
    narrow = np.where(rng.random(FIRST) < 0.001, rng.uniform(-1, 1, FIRST), rng.uniform(0, 1e-3, FIRST))[None]
    assert Rows.looked_at(Plain("x"), {"x": narrow}, 100_000).cells == CELLS


@pytest.mark.parametrize("name", SHAPES)
def test_u12_quantiles_of_fewer_draws_are_those_of_the_draws(name: str) -> None:
    """U12: 100,000 draws have fewer cells; quantiles within half of their own sampling error."""
    inner, draws = np.array([0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]), 100_000
    values = draws_of(SHAPES[name], draws=draws)
    rows = Rows.looked_at(Plain("x"), {"x": values[:, :FIRST]}, draws)
    made = kept({"x": values}, Asked({"x": rows}, {})).statistics()["x"].quantiles(inner, np.array([0]))[:, 0]
    error = np.sqrt(inner * (1 - inner) / draws) / SHAPES[name].pdf(SHAPES[name].ppf(inner))
    assert (np.abs(made - np.quantile(values[0], inner)) <= 0.5 * error).all()


def test_buffers_are_short_for_a_run_alone() -> None:
    before = np.getbufsize()
    with pytest.raises(ZeroDivisionError), short_buffers():
        assert np.getbufsize() == 1024
        raise ZeroDivisionError
    assert np.getbufsize() == before
