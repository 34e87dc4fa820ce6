"""A program at some labels of a dim has the bits of the whole program there, or it is not divided (U7)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import lca
from lca.graph import functions
from lca.graph.divided import Divided
from lca.graph.labels import Dim
from lca.graph.node import Node
from lca.graph.program import Instruction, Output, Program, compile_program
from lca.sampling.design import RandomDesign
from lca.sampling.evaluate import evaluate

LABELS = ["a", "b", "c", "d", "e"]


def over(key: str, labels: list[str] = LABELS, dim: str = "case") -> Node:
    values = {label: lca.Normal(5 + place, 1) for place, label in enumerate(labels)}
    return lca.parameter(key, lca.labelled(values, "kg", dim=dim))


X, Y, BOARD = over("x"), over("y"), over("z", ["s", "t"], "board")
PLAIN = lca.parameter("plain", lca.Uniform("1 kg", "2 kg"))
SOME = over("some", ["b", "d"])
CASE = Dim("case", tuple(LABELS))
DIVIDED = {
    "elementwise": functions.maximum(X, Y) * BOARD / PLAIN,
    "a sum over another dim": functions.total(X * BOARD, over="board") * PLAIN,
    "a stack of values apart": functions.stack(
        {one: over(f"own-{one}", ["s", "t"], "board") for one in LABELS}, "case"
    ),
    "a stack of one value at its labels": functions.stack(
        {one: functions.select(X * Y, "case", one) for one in LABELS}, "case"
    ),
    "values of some cases alone": functions.padded(SOME + PLAIN, CASE) + X,
    "no dim": X + PLAIN,
    "one label of a parameter as the reference": X - functions.select(X, "case", "c"),
    "labels that read each other": functions.stack(
        {one: functions.select(X, "case", other) for one, other in zip(LABELS, LABELS[::-1], strict=True)}, "case"
    ),
}


def program(node: Node) -> Program:
    return compile_program({"value": node, "beside": X, "plain": PLAIN})


def draws(of: Program) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    return evaluate(of, draws=300, design=RandomDesign(3))


@pytest.mark.parametrize("name", DIVIDED)
@pytest.mark.parametrize("labels", [slice(0, 1), slice(0, 3), slice(2, 4), slice(4, 9)])
def test_u7_a_block_has_the_bits_of_the_whole(name: str, labels: slice) -> None:
    whole = program(DIVIDED[name])
    divided = Divided(whole, "case")
    assert divided.possible
    expected, found = draws(whole), draws(divided.at(labels))
    for output, one in whole.outputs.items():
        axis = [dim.name for dim in one.dims].index("case") if "case" in {dim.name for dim in one.dims} else None
        wanted = (
            expected[output] if axis is None else np.moveaxis(np.moveaxis(expected[output], axis, 0)[labels], 0, axis)
        )
        assert found[output].tobytes() == wanted.tobytes(), output


def test_a_sum_over_the_dim_is_not_divided() -> None:
    assert not Divided(program(X / functions.total(Y, over="case")), "case").possible


def test_a_value_that_every_block_reads_at_one_label_is_not_divided() -> None:
    """Rewriting takes such a label at the parameters; where a program has it all the same, blocks lack it."""
    whole = program(X * Y)
    at = Instruction(
        "select", (whole.outputs["value"].value,), (), (), ((5,),), {"dim": "case", "axis": 0, "position": 2}
    )
    made = replace(
        whole,
        instructions=(*whole.instructions, at),
        outputs={**whole.outputs, "one": Output(len(whole.instructions), (), "", 1.0)},
    )
    assert Divided(whole, "case").possible
    assert not Divided(made, "case").possible


def test_a_block_has_what_it_needs_and_nothing_else() -> None:
    """Of five values apart a block of two has two."""
    whole = program(DIVIDED["a stack of values apart"])
    block = Divided(whole, "case").at(slice(1, 3))
    keys = {leaf.key for leaf in block.leaves}
    assert keys == {"own-b", "own-c", "x", "plain"}
    assert [dim.labels for dim in block.outputs["beside"].dims] == [("b", "c")]
