"""What an error offers in place of a name that there is not: near ones, or what there is (Q1, Q4)."""

from __future__ import annotations

import pytest

import lca
from lca.errors import LcaError


def hint(call: str) -> str:
    """The way to fix what a line of code raises."""
    with pytest.raises(LcaError) as raised:
        eval(call, {"lca": lca, "nodes": nodes})
    return raised.value.fix


def nodes(count: int) -> dict[str, lca.Node]:
    return {f"out{i}": lca.parameter(f"value{i}", 1.0) for i in range(count)}


def test_q4_up_to_twelve_names_are_all_shown_and_of_more_their_number() -> None:
    """Q4: where no name is near, the first twelve of thirteen, and that there are thirteen."""
    twelve = ", ".join(f"out{i}" for i in range(12))
    assert hint("lca.derivation(nodes(12), 'zzz')") == f"one of {twelve}"
    assert hint("lca.derivation(nodes(13), 'zzz')") == f"one of {twelve}, ... 13 in all"


def test_d1_up_to_six_labels_of_a_dim_are_shown_and_of_more_their_number() -> None:
    """D1: both sides of a meeting of labels that do not match, and which are on one side only."""

    def over(count: int) -> lca.Node:
        return lca.parameter(f"x{count}", lca.labelled({f"l{i}": 1 for i in range(count)}, "W", dim="k"))

    with pytest.raises(LcaError) as raised:
        over(6) + over(7)
    six = "l0, l1, l2, l3, l4, l5"
    assert raised.value.sides == (f"x6: {six}", f"x7: {six}, ... 7 in all (only here: l6)")
