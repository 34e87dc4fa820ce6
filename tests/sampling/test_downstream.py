"""Swapped columns give what an evaluation of all points with these columns gives, to the bit, and cost less (U7)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pytest

import lca
from lca.checks import Array
from lca.errors import NonFiniteError
from lca.graph.program import Program, Stream, compile_program
from lca.sampling import downstream
from lca.sampling.design import Design, RandomDesign
from lca.sampling.downstream import Downstream
from lca.sampling.evaluate import evaluate
from lca.sampling.stream import Numbers

F = lca.functions
KEYS = ("a", "b", "c", "m")


def model() -> dict[str, Any]:
    """Two outputs: a product over labels that is summed, and what does not depend on a."""
    a, b, c = (lca.parameter(key, lca.Lognormal(2, gsd=1.3)) for key in ("a", "b", "c"))
    m = lca.parameter("m", lca.labelled({"p": lca.Normal(3, 1), "q": lca.Normal(4, 1), "r": 5}, dim="m"))
    other = F.maximum(b, c) - 1
    return {"total": F.total(a * m, "m") / (1 + b) + other, "other": other, "each": m * c}


class Mixed(Design):
    """One design with the columns of some keys from another: the slow way to swap."""

    name = "mixed"

    def __init__(self, keys: Collection[str]) -> None:
        self._keys = keys

    def fill(self, stream: Stream, start: int, stop: int, out: Numbers) -> None:
        RandomDesign(2 if stream.key in self._keys else 1).fill(stream, start, stop, out)


def block_by_block(program: Program, count: int, keys: Collection[str]) -> dict[str, Array]:
    """The swapped values of all blocks, one after the other."""
    found = [
        {name: values.copy() for name, values in block.swapped(keys).items()}
        for block in Downstream(program).blocks(RandomDesign(1), RandomDesign(2), count)
    ]
    return {name: np.concatenate([one[name] for one in found], axis=-1) for name in program.outputs}


@pytest.mark.parametrize("keys", [["a"], ["b"], ["m"], ["a", "c"], list(KEYS), []])
@pytest.mark.parametrize("most", [256, 8192])
def test_u7_swapped_columns_give_the_same_bits(keys: list[str], most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """U7: whatever is reused, for any length of a block."""
    monkeypatch.setattr(downstream, "_MOST", most)
    program = compile_program(model())
    expected = evaluate(program, draws=1_024, design=Mixed(keys))
    found = block_by_block(program, 1_024, keys)
    for name in program.outputs:
        assert found[name].tobytes() == expected[name].tobytes(), name


def test_both_designs_are_there_after_any_swap() -> None:
    program = compile_program(model())
    (block,) = Downstream(program).blocks(RandomDesign(1), RandomDesign(2), 300)
    for keys in (["a"], ["b", "m"]):
        block.swapped(keys)
    for seed, found in ((1, block.first), (2, block.second)):
        expected = evaluate(program, draws=300, design=RandomDesign(seed))
        assert all(found[name].tobytes() == expected[name].tobytes() for name in program.outputs)
    assert block.at == range(300)


def test_only_what_lies_downstream_is_run_again() -> None:
    """Of a chain of ten steps over two parameters, the one that enters last has one instruction below it."""
    x, y = (lca.parameter(key, lca.Uniform(1, 2)) for key in ("x", "y"))
    chain: Any = x
    for _ in range(10):
        chain = F.log(chain + 2)
    points = Downstream(compile_program({"total": chain * y}))
    assert len(points.after(["y"])) == 2  # the parameter and the product
    assert len(points.after(["x"])) == 22
    assert points.after(["unknown"]) == []


def test_frozen_keys_stay_nominal() -> None:
    program = compile_program(model())
    (block,) = Downstream(program, freeze=["a", "m"]).blocks(RandomDesign(1), RandomDesign(2), 64)
    expected = evaluate(program, draws=64, design=RandomDesign(1), freeze=["a", "m"])
    assert block.first["total"].tobytes() == expected["total"].tobytes()
    assert block.swapped(["a"])["total"].tobytes() == expected["total"].tobytes()


def test_memory_is_bounded_by_the_block() -> None:
    """A value over 1,000 labels has blocks of 256 points; one without labels has the most."""
    many = lca.parameter("x", lca.labelled({str(n): lca.Normal(1, 1) for n in range(1_000)}, dim="m", shared=True))
    assert Downstream(compile_program({"each": many * 2})).points == 256
    assert Downstream(compile_program({"one": lca.parameter("y", lca.Normal(1, 1)) * 2})).points == 8192


def test_q6_what_is_not_finite_after_a_swap_is_traced() -> None:
    """Q6: log(x - y) has a value at both designs' own points, and none at some swapped ones."""

    class Close(Design):
        name = "close"

        def __init__(self, at: float) -> None:
            self._at = at

        def fill(self, stream: Stream, start: int, stop: int, out: Numbers) -> None:
            out[...] = int((self._at + (0.1 if stream.key == "x" else 0.0)) * 2**32)

    x, y = (lca.parameter(key, lca.Uniform(0, 1)) for key in ("x", "y"))
    (block,) = Downstream(compile_program({"v": F.log(x - y)})).blocks(Close(0.2), Close(0.6), 4)
    with pytest.raises(NonFiniteError, match=r"v, draw 0(.|\n)*log\(x - y\)"):
        block.swapped(["y"])
