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

import lca
from lca.errors import DomainError
from lca.graph.program import compile_program
from lca.sampling.design import RandomDesign
from lca.sampling.evaluate import evaluate
from lca.sampling.stream import BLOCK, STREAM_VERSION, StreamFiller


def draws_of(node: Any, draws: int = 1_000, seed: int = 0, **rest: Any) -> Any:
    return lca.monte_carlo(node, draws=draws, seed=seed, progress=False, **rest).data["value"].to_numpy()


# --- the definition of a stream -----------------------------------------------------------------------


def sfc64(words: list[int], count: int) -> list[int]:
    """Small fast chaotic generator, 64 bits (Doty-Humphrey, PractRand), written out in whole numbers."""
    mask = (1 << 64) - 1
    a, b, c, counter = words
    found = []
    for _ in range(count):
        made = (a + b + counter) & mask
        counter = (counter + 1) & mask
        a, b = b ^ (b >> 11), (c + (c << 3)) & mask
        c = (((c << 24) | (c >> 40)) + made) & mask
        found.append(made)
    return found


KNOWN = {
    (0, "robots.load", "", 0): [
        "0x1.70ae47fb1f90ap-1",
        "0x1.06fb29608e640p-2",
        "0x1.b74123087f37cp-3",
        "0x1.0f1389a21df88p-2",
    ],
    (7, "superpoint-engines.energy", "[engine=a_b]", 3): [
        "0x1.7be8fa93d2cb1p-1",
        "0x1.ea3db51af415dp-1",
        "0x1.f41dccb6afe24p-2",
        "0x1.479bb9710f436p-1",
    ],
}


@pytest.mark.parametrize("name", KNOWN)
def test_u2_known_answers_of_a_stream(name: tuple[int, str, str, int]) -> None:
    """U2, U7: changes of NumPy, of the hash or of the block are seen here, and raise STREAM_VERSION."""
    seed, key, label, block = name
    out = np.empty(4)
    StreamFiller(seed).fill(key, label, block, out)
    assert [float(value).hex() for value in out] == KNOWN[name]
    assert (STREAM_VERSION, BLOCK) == (1, 16_384)


@pytest.mark.parametrize("name", [*KNOWN, (2**70, "a/b", "[m=x,n=y]", 10**6)])
def test_u2_a_stream_is_sfc64_with_the_hashed_state(name: tuple[int, str, str, int]) -> None:
    """U2: (raw >> 11) x 2^-53 of SFC64, its state hashed from seed, key, label and block."""
    seed, key, label, block = name
    digest = hashlib.blake2b(f"1/{seed}/{key}/{label}/{block}".encode(), digest_size=24).digest()
    words = [int.from_bytes(digest[i : i + 8], "little") for i in (0, 8, 16)]
    expected = [(raw >> 11) * 2.0**-53 for raw in sfc64([*words, 1], 200)]
    filler, out = StreamFiller(seed), np.empty(200)
    filler.fill("something", "else", 5, out)  # a generator that has been used starts anew
    filler.fill(key, label, block, out)
    assert out.tolist() == expected


def test_u2_a_draw_is_the_inverse_cdf_of_its_number_in_its_block() -> None:
    """U2, U3: draw i stands at place i mod BLOCK of block i // BLOCK, and a uniform draw is that number."""
    numbers = draws_of(lca.parameter("x", lca.Uniform(0, 1)), draws=BLOCK + 3, seed=5)
    out = np.empty(BLOCK)
    for block in (0, 1):
        StreamFiller(5).fill("x", "", block, out)
        part = numbers[block * BLOCK : (block + 1) * BLOCK]
        assert np.array_equal(part, out[: len(part)])


def test_u2_streams_of_other_seeds_keys_labels_and_blocks_are_independent() -> None:
    names = [(0, "a", "", 0), (1, "a", "", 0), (0, "b", "", 0), (0, "a", "[m=x]", 0), (0, "a", "", 1)]
    columns = np.empty((len(names), BLOCK))
    for row, (seed, *name) in enumerate(names):
        StreamFiller(seed).fill(*name, columns[row])
    correlation = np.corrcoef(columns) - np.eye(len(names))
    assert np.abs(correlation).max() < 4.5 / np.sqrt(BLOCK)


# --- prefixes and sub-slices ---------------------------------------------------------------------------


def test_u2_the_first_draws_of_a_longer_run_are_the_draws() -> None:
    best = study().sel(engine=BEST)
    short = lca.monte_carlo(best, draws=10_000, progress=False).data
    long = lca.monte_carlo(best, draws=100_000, progress=False, keep="stages").data
    for name in long:
        assert np.array_equal(long[name].to_numpy()[..., :10_000], short[name].to_numpy()), name


@pytest.fixture(scope="module")
def sliced() -> tuple[Any, dict[str, Any], Any]:
    total = study().sel(engine=BEST).model.outputs
    program = compile_program({name: total[name] for name in ("total", "use/robots", "energy/superpoint-backbones")})
    design = RandomDesign(3)
    return program, evaluate(program, draws=50_000, design=design), design


STARTS = st.one_of(st.integers(0, 49_000), st.sampled_from([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK]))


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
        lca.monte_carlo(best, draws=600_000, threads=threads, progress=False, keep="stages").data["total"]
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
