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
