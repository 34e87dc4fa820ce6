"""What the structure of a program proves: the parameters in which a value is affine, and in which not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import lca
from lca import functions, parameter
from lca.graph.node import Node
from lca.graph.program import compile_program
from lca.sampling.correlated import columns_of
from lca.sampling.evaluate import evaluate
from lca.sampling.smoothing.affine import SEVERAL, UNPROVEN, affine
from lca.sampling.smoothing.points import PointSet

A = parameter("a", lca.Normal(3, 1))
B = parameter("b", lca.Lognormal(2, gsd=1.5))
C = parameter("c", lca.Triangular(1, 2, 4))
STEPS = parameter("steps", lca.Empirical([1.0, 2.0, 5.0]))
OWN = parameter("own", lca.labelled({"x": lca.Normal(1, 1), "y": lca.Normal(5, 2)}, dim="kind"))
SHARED = parameter("own", lca.labelled({"x": lca.Normal(1, 1), "y": lca.Normal(5, 2)}, dim="kind", shared=True))
BENT = parameter("own", lca.labelled({"x": lca.Normal(1, 1), "y": lca.Uniform(1, 2)}, dim="kind", shared=True))


def proof(node: Node, key: str) -> Any:
    """The numbers of every element of a node for one key."""
    program = compile_program({"value": node})
    return affine(program, [key]).outputs["value"][..., 0].tolist()


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (A, 1),
        (B, 0),
        (A * B + B - 2 * A, 1),
        (-(A + 1) / B, 1),
        ((A + B) ** 1, 1),
        (A * A, UNPROVEN),
        (A**2 * B, UNPROVEN),
        (B / A, UNPROVEN),
        (functions.exp(A) + B, UNPROVEN),
        (functions.maximum(A, B), UNPROVEN),
        (functions.clip(A, 0.0, 1.0), UNPROVEN),
        (functions.ceil(A), UNPROVEN),
        (functions.where(B > 2.0, A, 3 * A + C), 1),
        (functions.where(A > 2.0, B, C), UNPROVEN),
        (functions.where(A > 2.0, B, C) * 0 + A, UNPROVEN),
    ],
)
def test_of_one_number_products_quotients_and_selections_are_told_apart(node: Node, expected: int) -> None:
    assert proof(node, "a") == expected


def test_a_value_with_jumps_has_a_mean_and_is_not_integrated_out() -> None:
    assert proof(2 * STEPS + A, "steps") == SEVERAL


def test_u2_labels_of_their_own_are_several_numbers_where_they_are_summed() -> None:
    assert proof(OWN * B, "own") == [1, 2]
    assert proof(functions.total(OWN, "kind"), "own") == SEVERAL
    assert proof(OWN * functions.total(OWN, "kind"), "own") == [UNPROVEN, UNPROVEN]


def test_u2_shared_labels_of_one_shape_are_one_number_wherever_they_meet() -> None:
    assert proof(SHARED, "own") == [1, 1]
    assert proof(functions.total(SHARED * C, "kind"), "own") == 1
    assert proof(BENT, "own") == [1, 2]
    assert proof(functions.total(BENT, "kind"), "own") == SEVERAL


def test_a_running_product_holds_what_its_factors_hold_so_far() -> None:
    rates = functions.stack({1: B, 2: A, 3: C, 4: A}, "step")
    assert proof(functions.cumulative_product(rates, "step"), "a") == [0, 1, 1, UNPROVEN]


def test_a_stack_and_what_is_selected_from_it_keep_their_own_proofs() -> None:
    stacked = functions.stack({"p": A, "q": A * A, "r": B}, "way")
    assert proof(stacked, "a") == [1, UNPROVEN, 0]
    assert proof(functions.select(stacked, "way", "p"), "a") == 1


def test_u9_a_mixture_is_affine_in_its_options_and_not_in_its_selector() -> None:
    mixed = lca.choice("way", {"p": A * 2, "q": B}, weights=[1, 1], source="test", default="p")
    assert proof(mixed, "a") == 1
    assert proof(mixed, "way") == UNPROVEN


def test_what_is_proven_lies_on_a_line_in_the_standard_number() -> None:
    """At three values of a key, all else equal: every element that is proven, of a value over two dims."""
    grown = functions.cumulative_product(functions.stack({1: C, 2: B}, "step"), "step")
    node = functions.where(C > 2.0, OWN, 2 * OWN + A) * grown / (1 + STEPS)
    program = compile_program({"value": node})
    keys = ["a", "b", "own"]
    columns = columns_of(program, program.keys)
    numbers = np.repeat(np.random.default_rng(5).integers(0, 2**32, (len(columns), 1), dtype=np.uint32), 3, axis=1)
    proven = affine(program, keys)
    for column, key in enumerate(keys):
        given = numbers.copy()
        given[[i for i, (own, _) in enumerate(columns) if own == key]] = np.array([2**29, 2**31, 3 * 2**30], np.uint32)
        design = PointSet(columns, given)
        values = evaluate(program, draws=3, design=design)["value"]
        drawn = evaluate(compile_program({"x": {"a": A, "b": B, "own": OWN}[key]}), draws=3, design=design)["x"]
        for index in np.ndindex(values.shape[:-1]):
            number = proven.outputs["value"][(*index, column)]
            if number > 0:
                z = proven.standards[key][number - 1].of(drawn.reshape(-1, 3))
                slopes = np.diff(values[index]) / np.diff(z)
                assert slopes[0] == pytest.approx(slopes[1], rel=1e-9)
    assert (proven.outputs["value"] > 0).sum() == 2 * 2 + 2 + 2 * 2  # a and own everywhere, b in the second step
