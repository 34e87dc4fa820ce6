"""A summary that is counted in blocks of scenarios is the one that is counted at once, in less memory (U2, U7, U12)."""

from __future__ import annotations

import signal
import tracemalloc
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca.distributions.correlations import Correlations
from lca.errors import FileFormatError, NonFiniteError
from lca.graph.node import Node
from lca.interpretation import blocks, saved_blocks, streamed_run
from lca.interpretation.result import model_of
from lca.interpretation.stored_statistics import statistics_out
from lca.sampling import checkpoint as checkpoints
from lca.sampling.design import RandomDesign
from lca.sampling.plan import UNIT

BOARDS = {"a": lca.Normal(4, 1), "b": lca.Lognormal(4, gsd=1.5), "c": lca.Uniform(3, 6)}
COUNT = 12


def over(values: Mapping[Any, Any], unit: str = "", dim: str = "n", *, shared: bool = False) -> Any:
    return lca.labelled(values, unit, dim=dim, shared=shared)


def nodes(count: int = COUNT) -> dict[str, Node]:
    """Stages over cases and boards: with own draws for each case, with multiples, without cases, and in some alone."""
    mass = lca.parameter("mass", over(BOARDS, "kg CO2e", "board"))
    load = lca.parameter("load", over({n: lca.Lognormal(1 + n % 7, gsd=1.2) for n in range(count)}, shared=True))
    own = lca.parameter("own", lca.labelled({n: lca.Normal(9, 1) for n in range(count)}, dim="n"))
    some = lca.parameter("some", over({n: lca.Uniform(1, 2) if n > count // 2 else 2.0 for n in range(count)}))
    made = {"use": mass * load, "made": mass * own, "lived": load * some, "same": mass * 2}
    return {**made, "alike": some, "total": made["use"] + made["made"] * some, "functional_unit": load * 3}


def run(thing: Any, size: int, **rest: Any) -> lca.Result:
    """A summary, in blocks that take about so much."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", size)
        how: dict[str, Any] = {"draws": 1_500, "over": ["board"], "keep": "summary", "progress": False, **rest}
        return lca.monte_carlo(thing, **how)


def assert_same(one: lca.Result, other: lca.Result) -> None:
    """Every bit of the draws that are kept and of the statistics."""
    assert one.data.equals(other.data)
    (said, arrays), (told, others) = (statistics_out(each.streamed) for each in (one, other) if each.streamed)
    assert said == told
    assert {name: array.tobytes() for name, array in arrays.items()} == {n: a.tobytes() for n, a in others.items()}


@cache
def whole() -> lca.Result:
    """All cases at once."""
    return run(nodes(), 1 << 40)


# --- the same numbers -----------------------------------------------------------------------------------


@settings(max_examples=5, deadline=None)
@given(size=st.integers(1 << 18, 1 << 23))
def test_u7_blocks_change_no_bit(size: int) -> None:
    """U7: blocks of one case each, of a few, of all."""
    assert_same(run(nodes(), size), whole())


def test_there_are_blocks_where_memory_asks_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this the tests of this file would compare one block with itself."""
    made: list[blocks.Blocks] = []
    find = blocks.blocks_of
    monkeypatch.setattr(streamed_run, "blocks_of", lambda *args: made.append(find(*args)) or made[-1])
    for size in (1 << 40, 1 << 22, 1):
        run(nodes(), size)
    assert [len(one.labels) for one in made] == [1, 6, COUNT]
    assert [one.dim for one in made] == ["", "n", "n"]


@pytest.mark.parametrize("how", [{"design": "sobol", "draws": 1024}, {"design": "latin_hypercube"}, {"over": []},
                                 {"threads": 2, "draws": UNIT + 1}])  # fmt: skip
def test_u7_blocks_change_no_bit_however_draws_are_made(how: dict[str, Any]) -> None:
    small = nodes(2)
    assert_same(run(small, 1, **how), run(small, 1 << 40, **how))


def test_u7_numba_counts_blocks_with_the_same_bits() -> None:
    pytest.importorskip("numba")
    assert_same(run(nodes(), 1 << 21, evaluator="numba"), whole())


def test_u7_an_executor_counts_blocks() -> None:
    with ThreadPoolExecutor(2) as executor:
        assert_same(run(nodes(), 1 << 21, executor=executor), whole())


def test_u14_correlated_draws_are_the_same_in_blocks() -> None:
    """U14: two keys, each with draws of its own in every case."""
    both = ("m", "own")
    one, other = (
        lca.parameter(key, lca.labelled({n: lca.Normal(9, 1) for n in range(5)}, "kg", dim="n")) for key in both
    )
    model = replace(model_of({"total": one + other}), correlations=Correlations.of({both: 0.6}))
    assert_same(run(model, 1, over=[]), run(model, 1 << 40, over=[]))


def test_what_no_draw_changes_in_a_block_is_told_all_the_same() -> None:
    """The first cases are plain numbers: their statistics are these numbers."""
    made = run({"total": lca.parameter("x", over({0: 3.0, 1: 5.0, 2: lca.Uniform(1, 2)}, "kg CO2e"))}, 1, over=[])
    table = lca.summary(made)
    assert table[["mean", "p5", "p50", "p95"]].to_numpy()[:2].tolist() == [[3.0] * 4, [5.0] * 4]
    assert table["mean"].iloc[2] == pytest.approx(1.5, abs=0.03)


# --- errors ---------------------------------------------------------------------------------------------


def test_q6_a_value_that_is_not_finite_is_found_in_its_block() -> None:
    below = lca.parameter("below", over({n: lca.Discrete({0: 0.5, 1: 0.5}) if n == 10 else 1.0 for n in range(COUNT)}))
    with pytest.raises(NonFiniteError, match="total, draw"):
        run({"total": lca.parameter("x", "3 kg CO2e") / below}, 1 << 16, over=[])


# --- memory ---------------------------------------------------------------------------------------------


def peak(count: int) -> tuple[float, float]:
    """(MiB at most while a summary is made, MiB of the result)."""
    thing = {name: node for name, node in nodes(count).items() if name in ("use", "total")}
    tracemalloc.start()
    made = run(thing, 1 << 20, draws=256)
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    arrays = statistics_out(made.streamed)[1].values() if made.streamed else ()
    return most, (sum(array.nbytes for array in arrays) + made.data.nbytes) / 2**20


def test_u12_memory_grows_with_the_scenarios_by_what_is_kept_of_them() -> None:
    """U12: of 4 times as many cases the peak grows by the size of the result, and by little else."""
    (few, kept_of_few), (many, kept_of_many) = peak(20), peak(80)
    assert many - few < 2 * (kept_of_many - kept_of_few) + 1


def test_u12_first_draws_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """U12: 1,024 where they take no more than 64 MiB, then fewer, and 16 always; statistics look at 1,024."""
    found = [streamed_run.first_draws(elements, 10**6) for elements in (1, 2048, 8192, 8193, 10**5, 10**7)]
    assert found == [16_384, 1024, 1024, 512, 64, 16]
    assert streamed_run.looked_draws(10**7, 10**6) == 1024


# --- checkpoints and Ctrl-C -----------------------------------------------------------------------------


@pytest.fixture
def saved_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "_EVERY", 0.0)


@pytest.mark.usefixtures("saved_at_once")
def test_u7_blocks_go_on_from_a_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """U7: a run that ends in the third block; the next one counts from there on."""
    counted: list[int] = []
    keep = saved_blocks.SavedBlocks.keep

    def ends(self: Any, told: Any, number: int) -> None:
        counted.append(number)
        keep(self, told, number)
        if len(counted) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(saved_blocks.SavedBlocks, "keep", ends)
    with pytest.raises(KeyboardInterrupt):
        run(nodes(), 1 << 21, checkpoint=tmp_path / "run")
    assert_same(run(nodes(), 1 << 21, checkpoint=tmp_path / "run"), whole())
    assert counted == list(range(COUNT))
    assert_same(run(nodes(), 1 << 21, checkpoint=tmp_path / "run"), whole())  # all is there
    assert counted == list(range(COUNT))


@pytest.mark.usefixtures("saved_at_once")
def test_u7_the_units_of_a_block_are_saved_until_it_is_done(tmp_path: Path) -> None:
    """U7: 3 units; a worker is lost in the second block, after its first unit."""
    node, folder = {"total": nodes(2)["use"]}, tmp_path / "run"
    expected = run(node, 1 << 40, draws=3 * UNIT)

    class Lost(ThreadPoolExecutor):
        left = 4

        def submit(self, *args: Any, **rest: Any) -> Any:
            self.left -= 1
            return super().submit(*args, **rest) if self.left >= 0 else super().submit(lambda: 1 / 0)

    with Lost(1) as executor, pytest.raises(lca.errors.RunError, match="262,144 on"):
        run(node, 1, draws=3 * UNIT, executor=executor, checkpoint=folder)
    assert sorted(path.name for path in (folder / "block-000001").iterdir() if path.suffix == ".npz")
    assert_same(run(node, 1, draws=3 * UNIT, checkpoint=folder), expected)
    assert not list(folder.glob("block-*"))


def test_u7_a_checkpoint_of_blocks_is_of_its_draws(tmp_path: Path) -> None:
    """What is done of a block cannot grow: the error names both numbers of draws."""
    run(nodes(4), 1, checkpoint=tmp_path / "run")
    with pytest.raises(FileFormatError, match="draws: 1,500 in the checkpoint, 2,000 now"):
        run(nodes(4), 1, draws=2_000, checkpoint=tmp_path / "run")


class Pressing(RandomDesign):
    """Presses Ctrl-C when a draw of the second unit is made."""

    def reader(self, columns: Any) -> Any:
        reader, pressed = super().reader(columns), list[int]()

        class Reader:
            def read(self, rows: slice, start: int, stop: int) -> Any:
                if start >= UNIT and not pressed:
                    pressed.append(start)
                    signal.raise_signal(signal.SIGINT)
                return reader.read(rows, start, stop)

        return Reader()


def test_ctrl_c_ends_what_is_counted_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """No result has some scenarios alone; without blocks it has the first unit."""
    monkeypatch.setattr("lca.interpretation.draws.RandomDesign", Pressing)
    with pytest.raises(KeyboardInterrupt):
        run(nodes(2), 1, draws=2 * UNIT, threads=1)
    assert run(nodes(2), 1 << 40, draws=2 * UNIT, threads=1).draws == UNIT
