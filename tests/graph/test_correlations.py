"""Correlations as they are stated, the groups that they make, and what is refused by name (U14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas
import pytest

import lca
from lca.distributions import gaussian_copula as copula
from lca.distributions.correlations import Correlations
from lca.errors import DomainError, LabelError, LcaError, MissingError
from lca.graph.correlated import groups_of, require_all
from lca.graph.program import Program, compile_program

FAMILIES = {"a.power": lca.Normal(3, 1), "b.power": lca.Lognormal(2, gsd=2), "c.power": lca.Uniform(0, 4)}


def program(stated: object = None, values: Mapping[str, Any] | None = None) -> Program:
    made = compile_program({key: lca.parameter(key, value) for key, value in (values or FAMILIES).items()})
    return replace(made, correlated=groups_of(Correlations.of(stated), made.drawn))


def by_year() -> Any:
    return lca.labelled({2025: lca.Normal(0, 1), 2026: lca.Normal(1, 1)}, dim="year")


# --- what is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "kind", "said"),
    [
        ({("a.power", "b.power"): 1.2}, DomainError, "from -1 to 1"),
        ({("a.power", "b.power"): float("nan")}, DomainError, "from -1 to 1"),
        ({("a.power", "b.power"): "high"}, DomainError, "'high'"),
        ({("a.power", 3): 0.5}, DomainError, "3"),
        ({"a.power": 0.5}, DomainError, "has no pair"),
        ({"a.power": {"year": -0.5}}, DomainError, "from 0 to 1"),
        ({"a.power": {}}, DomainError, "between labels"),
        ([("a.power", "b.power", 0.5)], DomainError, "found: "),
        ({"*.power": 0.5, ("a.power", "b.power"): 0.4}, DomainError, "two correlations"),
        ({("a.power", "b.power"): 0.9, ("b.power", "c.power"): 0.9}, DomainError, "a.power, c.power: 0"),
        ({"*.power": -0.6}, DomainError, "times 0.8"),
        ({"a.power": {"year": 0.5}}, LabelError, "along year"),
    ],
)
def test_u14_what_cannot_be_is_refused_by_name(stated: object, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind) as caught:
        program(stated)
    assert said in str(caught.value)


def test_u14_all_bad_entries_are_named_at_once() -> None:
    with pytest.raises(DomainError) as caught:
        Correlations.of({("a", "b"): 2, ("c", "d"): -3, ("e", "f"): 0.5})
    assert len(caught.value.sides) == 2


def test_u14_the_factor_that_is_offered_is_valid_and_no_larger_one_is() -> None:
    ranks_ = np.array([[1, 0.9, 0], [0.9, 1, 0.9], [0, 0.9, 1]])
    factor = copula.largest_factor(ranks_)
    off = ranks_ - np.eye(3)
    assert copula.is_valid(copula.matrix_of_ranks(np.eye(3) + factor * off))
    assert not copula.is_valid(copula.matrix_of_ranks(np.eye(3) + (factor + 0.002) * off))


def test_u14_labels_that_do_not_match_are_refused() -> None:
    with pytest.raises(LabelError, match="label by label"):
        program({"*": 0.5}, {"g": by_year(), "h": lca.Normal(0, 1)})
    with pytest.raises(DomainError, match="labels depend"):
        program({"*": 0.5, "g": {"year": 0.5}}, {"g": by_year(), "h": by_year()})


def test_u14_a_text_that_names_nothing_is_refused_with_near_names() -> None:
    parameters = [leaf.parameter for leaf in program(values=FAMILIES | {"fixed.power": 3.0}).leaves]
    stated = {("a.powr", "b.power"): 0.5, ("c.power", "fixed.power"): 0.2, ("a.*", "a.power"): 0.5}
    with pytest.raises(MissingError) as caught:
        require_all(Correlations.of(stated), parameters)
    text = str(caught.value)
    for said in ("a.powr names no key", "fixed.power has no spread", "a.power alone", "did you mean 'a.power'"):
        assert said in text


# --- a matrix, and many keys ------------------------------------------------------------------------


def matrix(keys: list[str], *rows: list[float]) -> pandas.DataFrame:
    return pandas.DataFrame(rows, index=keys, columns=keys)


def test_u14_a_labelled_matrix_says_the_same_as_its_pairs() -> None:
    given = matrix(["b.power", "a.power", "c.power"], [1, 0.8, -0.4], [0.8, 1, 0], [-0.4, 0, 1])
    pairs = {("a.power", "b.power"): 0.8, ("b.power", "c.power"): -0.4}
    assert program(given).correlated == program(pairs).correlated
    other_order = given[["a.power", "c.power", "b.power"]]
    assert program(other_order).correlated == program(pairs).correlated


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        (matrix(["a", "b"], [1, 0.5], [0.4, 1]), "0.4 and 0.5"),
        (matrix(["a", "b"], [1, 1.5], [1.5, 1]), "from -1 to 1"),
        (matrix(["a", "b"], [0.9, 0.5], [0.5, 1]), "a, a: 0.9"),
        (matrix(["a", "a"], [1, 0.5], [0.5, 1]), "the same keys"),
        (pandas.DataFrame([[1, 0.5], [0.5, 1]], index=["a", "b"], columns=["a", "c"]), "the same keys"),
        (matrix(["a", "b"], [1, float("nan")], [0.5, 1]), "nan"),
    ],
)
def test_u14_a_matrix_that_is_none_is_refused(given_: pandas.DataFrame, said: str) -> None:
    with pytest.raises(LcaError) as caught:
        Correlations.of(given_)
    assert said in str(caught.value)


def test_u14_the_three_pairs_that_clash_are_found_among_many() -> None:
    values = {f"k{i:02}": lca.Normal(0, 1) for i in range(60)}
    stated = {("k*", "k*"): 0.5}
    assert len(program(stated, values).correlated[0].keys) == 60
    chain = {("k10", "k20"): 0.9, ("k20", "k30"): 0.9, ("k10", "k30"): -0.9}
    others = {(f"k{i:02}", f"k{i + 1:02}"): 0.3 for i in range(30, 59)}
    with pytest.raises(DomainError) as caught:
        program(chain | others, values)
    assert [side.split(":")[0] for side in caught.value.sides] == ["k10, k20", "k10, k30", "k20, k30"]


@pytest.mark.parametrize("levels", [1, 2])
def test_u14_the_weights_of_every_score_have_the_squares_sum_1(levels: int) -> None:
    grid = lca.labelled({2025: lca.Normal(0, 1), 2026: lca.Normal(0, 1)}, dim="year")
    stated = {("g", "h"): 0.6, "g": {"year": 0.7}, "h": {"year": 0.7}} if levels == 2 else {("g", "h"): 0.6}
    for weights in program(stated, {"g": grid, "h": grid}).weights.values():
        assert sum(weight**2 for weight in weights.values()) == pytest.approx(1, abs=1e-14)
        assert len(weights) == 2**levels
