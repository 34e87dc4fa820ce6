"""The Latin hypercube: one draw in each part, random pairs, the same bits in any pieces, small errors (U2, U3)."""

from __future__ import annotations

import math
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import DomainError, FileFormatError
from lca.graph.program import Stream
from lca.sampling.design import RandomDesign
from lca.sampling.latin import MOST, LatinHypercube, _first_number, permuted
from lca.sampling.plan import UNIT

COLUMNS = [("power", f"[engine={n}]") for n in range(40)]
LIFE, POWER = lca.parameter("life", lca.Weibull("5 year", shape=2)), lca.parameter("power", lca.Normal("60 W", "9 W"))
SHIPPED = lca.parameter("shipped", lca.Discrete({1: 0.5, 2: 0.3, 4: 0.2}))


def numbers(count: int, seed: int = 3, columns: Any = COLUMNS) -> Any:
    return LatinHypercube(count, seed).reader(columns).read(slice(None), 0, count)


def drawn(node: Any, **how: Any) -> Any:
    made = lca.monte_carlo(node, design="latin_hypercube", progress=False, **how)
    return made.data["value"].to_numpy()


@pytest.mark.parametrize("count", [1, 2, 3, 7, 64, 255, 256, 257, 10_000])
def test_u3_each_part_of_each_column_has_one_draw(count: int) -> None:
    """Exactly, also where the number of draws does not divide 2^32."""
    found = numbers(count)
    parts = np.floor((2 * found.astype(object) + 1) * count / 2**33).astype(int)
    assert (np.sort(parts, axis=1) == np.arange(count)).all()


def test_u3_draws_pair_at_random() -> None:
    """Of two columns, and of a column and the number of a draw, rank correlations scatter by 1 / sqrt(n - 1)."""
    count, order = 400, np.arange(400) - 199.5
    ranks = numbers(count, columns=[("k", str(n)) for n in range(2_000)]).argsort(axis=1).argsort(axis=1) - 199.5
    for found in ((ranks[::2] * ranks[1::2]).sum(axis=1), (ranks * order).sum(axis=1)):
        scaled = found / (order @ order) * math.sqrt(count - 1)
        assert abs(scaled.mean()) < 4 / math.sqrt(len(scaled))
        assert abs(scaled.var() - 1) < 4 * math.sqrt(2 / len(scaled))


@pytest.mark.parametrize("count", [1, 3, 10, 256, 1_000, 99_991, MOST - 1, MOST])
def test_u3_parts_begin_at_the_first_number_beyond_their_edge(count: int) -> None:
    """(r + 1/2) / 2^32 >= part / count, in whole numbers of any length."""
    parts = np.unique(np.linspace(0, count, 5_000).astype(np.uint64))
    found = [int(one) for one in _first_number(parts, count)]
    assert found == [-((count - (int(part) << 33)) // (2 * count)) for part in parts]


@pytest.mark.parametrize("count", [4, 5, 10, 100])
def test_u3_every_draw_may_fall_into_every_part(count: int) -> None:
    """Two places of 20,000 permutations are two parts at random: chi squared within four standard deviations."""
    keys = np.random.default_rng(5).integers(0, 1 << 32, (20_000, 6, 2), dtype=np.uint32) | np.array([1, 0], np.uint32)
    made = permuted(np.arange(count, dtype=np.uint32), count, keys)
    pairs = np.bincount(made[:, 0] * count + made[:, 1], minlength=count**2)
    cells, expected = count * (count - 1), 20_000 / (count * (count - 1))
    apart = pairs.reshape(count, count)[~np.eye(count, dtype=bool)] - expected
    assert pairs.reshape(count, count).trace() == 0
    assert abs((apart**2).sum() / expected - (cells - 1)) < 4 * math.sqrt(2 * (cells - 1))


def test_u3_a_place_within_its_part_is_random() -> None:
    inside = (numbers(1_000) + 0.5) / 2**32 * 1_000 % 1
    size = inside.size
    assert abs(inside.mean() - 0.5) < 4 / math.sqrt(12 * size)
    assert abs((inside < 0.1).mean() - 0.1) < 4 * math.sqrt(0.09 / size)


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (17, 400), (999, 1_000)])
def test_u2_any_piece_is_a_piece_of_the_whole(start: int, stop: int) -> None:
    """The same numbers however they are read, so that threads and executors agree."""
    whole, design = numbers(1_000), LatinHypercube(1_000, 3)
    assert np.array_equal(design.reader(COLUMNS).read(slice(5, 9), start, stop), whole[5:9, start:stop])
    out = np.empty((1, stop - start), np.uint32)
    design.fill(Stream("power", ("[engine=7]",)), start, stop, out)
    assert np.array_equal(out[0], whole[7, start:stop])


def test_u2_other_parameters_seeds_and_numbers_of_draws() -> None:
    """A further parameter changes no draw of another; a further draw changes all."""
    alone, beside = drawn(POWER, draws=500), lca.monte_carlo(
        {"value": POWER, "other": POWER * LIFE}, draws=500, design="latin_hypercube", progress=False
    ).data["value"].to_numpy()  # fmt: skip
    assert np.array_equal(alone, beside)
    assert not np.array_equal(alone, drawn(POWER, draws=501)[:500])
    assert not np.array_equal(alone, drawn(POWER, draws=500, seed=1))


def test_u3_quantiles_and_means_are_far_better_than_random_ones() -> None:
    """Of one parameter the error of the mean falls from 1/sqrt(n) to below 1/n, and so does that of a quantile."""
    exact = lca.Normal(60, 9)
    for read, true in ((np.mean, 60.0), (lambda draws: np.quantile(draws, 0.95), float(exact.ppf(0.95)))):
        errors: dict[str, float] = {}
        for design in ("random", "latin_hypercube"):
            found = [lca.monte_carlo(POWER, draws=1_000, seed=seed, design=design, progress=False) for seed in range(8)]
            errors[design] = float(np.sqrt(np.mean([(read(one.data["value"]) - true) ** 2 for one in found])))
        assert errors["latin_hypercube"] < errors["random"] / 10


def test_u3_a_product_gains_what_is_additive_in_it() -> None:
    """The variance of a mean keeps the interactions alone (Stein 1987): of x y, sd_x^2 sd_y^2 / n."""
    x, y = (lca.parameter(name, lca.Normal(10, 1)) for name in "xy")
    means = np.array([drawn(x * y, draws=200, seed=seed).mean() for seed in range(200)])
    assert abs(means.mean() - 100) < 4 * math.sqrt(1 / 200 / 200)
    assert means.var() == pytest.approx(1 / 200, rel=0.45)  # four standard errors of a variance of 200


def test_u4_a_discrete_parameter_has_its_values_as_often_as_stated() -> None:
    found, times = np.unique(drawn(SHIPPED, draws=1_000), return_counts=True)
    assert found.tolist() == [1, 2, 4]
    assert times.tolist() == [500, 300, 200]


def test_u7_threads_executors_evaluators_and_checkpoints_give_the_same_bits(tmp_path: Path) -> None:
    energy, draws = POWER * LIFE * SHIPPED, UNIT + 5_000
    whole = drawn(energy, draws=draws, threads=1, keep="draws")
    assert np.array_equal(drawn(energy, draws=draws, threads=2, keep="draws"), whole)
    with ThreadPoolExecutor(2) as pool:
        assert np.array_equal(drawn(energy, draws=draws, executor=pool, keep="draws"), whole)
    assert np.array_equal(drawn(energy, draws=draws, evaluator="numba", keep="draws"), whole)
    assert np.array_equal(drawn(energy, draws=draws, checkpoint=tmp_path / "c", keep="draws"), whole)
    assert np.array_equal(drawn(energy, draws=draws, checkpoint=tmp_path / "c", keep="draws"), whole)
    with pytest.raises(FileFormatError, match="design: latin_hypercube, 267,144 points in the checkpoint"):
        drawn(energy, draws=draws + 1, checkpoint=tmp_path / "c", keep="draws")


def test_u2_a_result_records_it_and_is_run_again(tmp_path: Path) -> None:
    made = lca.monte_carlo(POWER * LIFE, draws=300, seed=7, design="latin_hypercube", progress=False)
    assert (made.design, made.seed, made.draws) == ("latin_hypercube", 7, 300)
    assert "300 draws, latin_hypercube, seed 7" in made.drawn
    again, table = lca.rerun(lca.save(made, tmp_path / "energy.lca"))
    assert table["identical"].all()
    assert again.design == "latin_hypercube"


def test_u2_a_run_that_is_stopped_leaves_no_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first draws of a hypercube are no hypercube, and could not be run again."""
    read = RandomDesign.reader

    def pressing(design: RandomDesign, columns: Any) -> Any:
        def once(rows: slice, start: int, stop: int) -> Any:
            if start >= UNIT and not pressed:
                pressed.append(start)
                signal.raise_signal(signal.SIGINT)
            return reader.read(rows, start, stop)

        pressed, reader = list[int](), read(design, columns)
        return SimpleNamespace(read=once)

    monkeypatch.setattr(RandomDesign, "reader", pressing)
    with pytest.raises(KeyboardInterrupt):
        drawn(POWER, draws=3 * UNIT, threads=1)


def test_a_number_of_draws_that_is_too_large_and_a_word_that_is_none_raise() -> None:
    with pytest.raises(DomainError, match="2,147,483,648"):
        LatinHypercube(MOST + 1, 0)
    with pytest.raises(DomainError, match="latin_hypercube"):
        lca.monte_carlo(POWER, draws=10, design="latin", progress=False)
