"""Streams: draw i depends on seed, key, label and i, however the work is divided (U2, U6, U7)."""

from __future__ import annotations

import hashlib
import multiprocessing
from typing import Any

import numpy as np
import pytest
from example_study import BEST, result, study
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import lca
from lca.errors import DomainError
from lca.graph.program import compile_program
from lca.sampling.design import RandomDesign
from lca.sampling.evaluate import evaluate
from lca.sampling.stream import STREAM_VERSION, key_and_gamma


def draws_of(node: Any, draws: int = 1_000, seed: int = 0, **rest: Any) -> Any:
    return lca.monte_carlo(node, draws=draws, seed=seed, progress=False, **rest).data["value"].to_numpy()


# --- the definition of a stream -----------------------------------------------------------------------

MASK = (1 << 64) - 1


def key_and_gamma_of(seed: int, key: str, label: str) -> tuple[int, int]:
    """The definition of U2 in whole numbers: both are halves of a hash; a dull gamma is flipped."""
    digest = hashlib.blake2b(f"2/{seed}/{key}/{label}".encode(), digest_size=16).digest()
    start, gamma = int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little") | 1
    if bin(gamma ^ gamma >> 1).count("1") < 24:
        gamma ^= 0xAAAAAAAAAAAAAAAA
    return start, gamma


def numbers_of(seed: int, key: str, label: str, start: int, stop: int) -> list[int]:
    """Numbers start to stop of a stream: halves of words of splitmix64 (Steele, Lea and Flood 2014)."""
    first, gamma = key_and_gamma_of(seed, key, label)
    found = []
    for i in range(start, stop):
        word = (first + i // 2 * gamma) & MASK
        word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 & MASK
        word = (word ^ word >> 27) * 0x94D049BB133111EB & MASK
        word ^= word >> 31
        found.append(word >> 32 if i % 2 else word & 0xFFFFFFFF)
    return found


def read(seed: int, columns: Any, start: int, stop: int) -> Any:
    return RandomDesign(seed).reader(columns).read(slice(None), start, stop)


KNOWN = {
    (0, "robots.load", "", 0): [2829152552, 3377996285, 1740344835, 3761986566],
    (7, "superpoint-engines.energy", "[engine=a_b]", 50_001): [2574932755, 1593137631, 2691684058, 4130924926],
}


@pytest.mark.parametrize("name", KNOWN)
def test_u2_known_answers_of_a_stream(name: tuple[int, str, str, int]) -> None:
    """U2, U7: changes of the definition, of the hash or of NumPy are seen here, and raise STREAM_VERSION."""
    seed, key, label, start = name
    assert read(seed, [(key, label)], start, start + 4)[0].tolist() == KNOWN[name]
    assert STREAM_VERSION == 2


@pytest.mark.parametrize("name", [*KNOWN, (2**70, "a/b", "[m=x,n=y]", 2**40 + 1), (1, "é", "", 2**62)])
def test_u2_a_stream_is_splitmix64_from_a_hashed_state(name: tuple[int, str, str, int]) -> None:
    """U2: any start, odd ones too, and several streams at once."""
    seed, key, label, start = name
    columns = [("another", ""), (key, label), (key, label + "x")]
    for begin, count in ((start, 7), (start + 1, 8), (start, 1), (start + 3, 2_000)):
        found = read(seed, columns, begin, begin + count)
        assert found.dtype == np.uint32
        for row, (one, other) in enumerate(columns):
            assert found[row].tolist() == numbers_of(seed, one, other, begin, begin + count)


def test_u2_a_reader_that_has_been_used_forgets_it() -> None:
    columns = [(f"p{i}", "") for i in range(9)]
    reader = RandomDesign(3).reader(columns)
    whole = reader.read(slice(0, 9), 0, 1_000).copy()
    for rows, start, stop in ((slice(2, 3), 999, 1_000), (slice(0, 9), 1, 501), (slice(4, 8), 500, 502)):
        assert np.array_equal(reader.read(rows, start, stop), whole[rows, start:stop])


def test_u2_a_step_of_few_changes_is_flipped() -> None:
    """Steele, Lea and Flood 2014, section 5: of a million steps some have fewer than 24 changes of bit."""
    gammas = [key_and_gamma(0, f"p{i}", "") for i in range(20_000)]
    assert gammas == [key_and_gamma_of(0, f"p{i}", "") for i in range(20_000)]
    raw = [int.from_bytes(hashlib.blake2b(f"2/0/p{i}/".encode(), digest_size=16).digest()[8:], "little") | 1
           for i in range(20_000)]  # fmt: skip
    flipped = [made != given for (_, made), given in zip(gammas, raw, strict=True)]
    # 64 fair changes, of which an odd number: the step is odd, and nothing stands above its highest bit
    expected = 2 * sum(stats.binom.pmf(changes, 64, 0.5) for changes in range(1, 24, 2))
    assert np.mean(flipped) == pytest.approx(expected, abs=5 * np.sqrt(expected / 20_000))
    assert all(made % 2 for _, made in gammas)


def test_u3_a_draw_is_the_inverse_cdf_of_its_number() -> None:
    """U3: the probability of a draw is (r + 0.5) / 2^32, and a uniform draw is that number."""
    drawn = draws_of(lca.parameter("x", lca.Uniform(0, 1)), draws=70_003, seed=5)
    assert drawn.tolist() == [(r + 0.5) / 2**32 for r in numbers_of(5, "x", "", 0, 70_003)]


# --- independence: all thresholds are quantiles at one in a million -------------------------------------

MILLIONTH = 1e-6
COUNT = 1 << 18
NEIGHBOURS = {
    "seeds": [(seed, "robots.load", "") for seed in range(24)],
    "keys": [(0, f"engine{i}.power", "") for i in range(24)],
    "labels": [(0, "engines.energy", f"[engine=engine{i}]") for i in range(24)],
}


@pytest.fixture(scope="module", params=NEIGHBOURS)
def neighbours(request: Any) -> Any:
    """Streams whose names differ little, in (0, 1)."""
    rows = [read(seed, [(key, label)], 0, COUNT)[0] for seed, key, label in NEIGHBOURS[request.param]]
    return (np.array(rows) + 0.5) / 2.0**32


def test_u2_each_stream_is_uniform(neighbours: Any) -> None:
    """U2: chi square over 1,024 equal cells, and over the 1,024 values of the lowest ten bits."""
    expected = COUNT / 1_024
    for row in neighbours:
        for part in (row, row * 2.0**22 % 1):
            counts = np.bincount((part * 1_024).astype(int), minlength=1_024)
            chi = float(np.sum((counts - expected) ** 2) / expected)
            assert stats.chi2.ppf(MILLIONTH, 1_023) < chi < stats.chi2.isf(MILLIONTH, 1_023)


def test_u2_neighbouring_draws_are_independent(neighbours: Any) -> None:
    """U2: pairs of draws 1 to 8 apart over 32 x 32 cells, and their correlation."""
    for row in neighbours:
        for lag in range(1, 9):
            pairs_are_independent(row[:-lag], row[lag:])


def test_u2_streams_of_neighbouring_names_are_independent(neighbours: Any) -> None:
    """U2: every pair of streams at equal numbers and one number apart, over 32 x 32 cells, and their correlation."""
    for i, row in enumerate(neighbours):
        for other in neighbours[i + 1 :]:
            pairs_are_independent(row, other)
            pairs_are_independent(row[1:], other[:-1])


def pairs_are_independent(x: Any, y: Any) -> None:
    cells = np.bincount((x * 32).astype(int) * 32 + (y * 32).astype(int), minlength=1_024)
    chi = float(np.sum((cells - len(x) / 1_024) ** 2) * 1_024 / len(x))
    assert stats.chi2.ppf(MILLIONTH, 1_023) < chi < stats.chi2.isf(MILLIONTH, 1_023)
    correlation = 12 * np.mean((x - 0.5) * (y - 0.5))
    assert abs(correlation) < stats.norm.isf(MILLIONTH / 2) / np.sqrt(len(x))


# --- prefixes and sub-slices ---------------------------------------------------------------------------


def test_u2_the_first_draws_of_a_longer_run_are_the_draws() -> None:
    best = study().sel(engine=BEST)
    short = lca.monte_carlo(best, draws=10_000, progress=False).data
    long = lca.monte_carlo(best, draws=100_000, progress=False, details=False).data
    for name in long:
        assert np.array_equal(long[name].to_numpy()[..., :10_000], short[name].to_numpy()), name


@pytest.fixture(scope="module")
def sliced() -> tuple[Any, dict[str, Any], Any]:
    total = study().sel(engine=BEST).model.outputs
    program = compile_program({name: total[name] for name in ("total", "use/robots", "energy/superpoint-backbones")})
    design = RandomDesign(3)
    return program, evaluate(program, draws=50_000, design=design), design


STARTS = st.one_of(st.integers(0, 49_000), st.sampled_from([0, 1, 1_023, 1_024, 1_025, 16_384, 32_767]))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(start=STARTS, count=st.integers(1, 30_000))
def test_u2_any_slice_of_draws_has_the_same_bits(sliced: Any, start: int, count: int) -> None:
    program, whole, design = sliced
    count = min(count, 50_000 - start)
    part = evaluate(program, draws=count, start=start, design=design)
    for name, values in whole.items():
        assert np.array_equal(part[name], values[..., start : start + count]), name


@pytest.mark.parametrize("engine", [BEST, "sp_resnet18_1_120_392_FP32_seq_4"])
def test_u7_a_slice_of_labels_has_the_same_bits(engine: str) -> None:
    """U2, U7: a study of one engine, although steps and buffers of one engine are others than of ten."""
    alone = lca.monte_carlo(study().sel(engine=engine), draws=4_000, progress=False).data
    for name, values in result().data.items():
        whole = values.sel(engine=engine) if "engine" in values.dims else values
        assert np.array_equal(alone[name].to_numpy(), whole.to_numpy()), name


def test_u7_threads_change_no_bit() -> None:
    best = study().sel(engine=BEST)
    one, *others = (
        lca.monte_carlo(best, draws=600_000, threads=threads, progress=False, details=False).data["total"]
        for threads in (1, 2, 3)
    )
    for other in others:
        assert np.array_equal(one.to_numpy(), other.to_numpy())


def test_u7_a_program_in_a_spawned_process_gives_the_same_bits(sliced: Any) -> None:
    program, whole, design = sliced
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        elsewhere = pool.apply(evaluate, (program,), {"draws": 2_000, "start": 20_000, "design": design})
    for name, values in whole.items():
        assert np.array_equal(elsewhere[name], values[..., 20_000:22_000]), name


# --- the seed (U6) --------------------------------------------------------------------------------------


def test_u6_zero_is_a_seed_and_the_default_and_seeds_differ() -> None:
    node = lca.parameter("x", lca.Normal(0, 1))
    zero, one = draws_of(node, seed=0), draws_of(node, seed=1)
    made = lca.monte_carlo(node, progress=False)
    assert made.seed == 0
    assert np.array_equal(made.data["value"].to_numpy()[:1_000], zero)
    assert not np.any(zero == one)
    assert np.array_equal(zero, draws_of(node, seed=0))


@pytest.mark.parametrize("seed", [-1, 1.0, 0.5, True, None, "0", np.float64(3)])
def test_u6_what_is_no_seed_raises(seed: Any) -> None:
    with pytest.raises(DomainError, match="seed"):
        draws_of(lca.parameter("x", lca.Normal(0, 1)), seed=seed)


def test_u6_no_global_state_is_read_or_changed() -> None:
    node = lca.parameter("x", lca.Normal(0, 1))
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    first = draws_of(node)
    np.random.seed(42)  # noqa: NPY002
    assert np.array_equal(first, draws_of(node))
    np.random.set_state(("MT19937", state, 624, 0, 0.0))  # noqa: NPY002
    draws_of(node)
    assert np.array_equal(np.random.get_state()[1], state)  # noqa: NPY002
