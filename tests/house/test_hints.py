"""What an error offers in place of a name that there is not: near ones, or what there is (Q1, Q4)."""

from __future__ import annotations

import re
from typing import Any

import pandas
import pytest
from example_study import BEST, JOULES, part, study

import lca
from lca.errors import LcaError

HERE = lca.Electricity(intensity="0.5 kg CO2e/kWh", at="facility", region="here", year=2024)


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


def test_d2_a_derivation_over_rivals_offers_the_first_four_labels() -> None:
    shelf = study().vary("size", {"robots.devices": {name: 10 + i for i, name in enumerate(["a", "b", "c", "d", "e"])}})
    with pytest.raises(LcaError) as raised:
        lca.derivation(shelf.sel(engine=BEST), "total")
    assert raised.value.fix == "name a label: total[size=...]; there are a, b, c, d"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lca.Hardware("box", embodied="1 kg CO2e", lifetime="1 year"), "Hardware 'box' is not a Site"),
        (lca.Normal(1, 2), "Normal(1, 2) is not a Site"),
        (pandas.Series([1.0], index=["a"], name="x"), "a 1.0 Name: x, dtype: float64 is not a Site"),
        (lca.Site, "the class Site is not a Site"),
    ],
)
def test_q4_an_argument_of_another_kind_is_shown_by_its_name_or_its_value(given: Any, said: str) -> None:
    """Q4: a component by its kind and name; what has no name, or is none of this library's, as it prints."""
    with pytest.raises(LcaError) as raised:
        lca.Training("run", energy="1 kWh at_wall", site=given)
    assert raised.value.what == said
    assert raised.value.where == "run.site"


@pytest.mark.parametrize("count", [6, 7])
def test_q4_of_items_that_do_not_fit_six_are_shown(count: int) -> None:
    with pytest.raises(LcaError) as raised:
        lca.monte_carlo(lca.parameter("x", 1.0), draws=2, mix=list(range(count)))
    assert raised.value.what.startswith(f"{count} of {count} items do not fit")
    assert raised.value.sides == tuple("012345")


@pytest.mark.parametrize(("count", "shown"), [(20, 20), (25, 20)])
def test_q6_of_the_bad_rows_of_a_log_twenty_are_shown_and_all_counted(count: int, shown: int) -> None:
    log = pandas.Series([-1.0] * count + [5.0], index=[float(i) for i in range(count + 1)])
    with pytest.raises(LcaError) as raised:
        lca.Training.logged("run", log=log, meter=lca.Meter("Clamp", at="wall"))
    assert f"{count} bad rows of {count + 1}" in raised.value.what
    assert raised.value.sides == tuple(f"row {i} ({i}.0): -1.0" for i in range(shown))


@pytest.mark.parametrize("count", [1, 8, 9])
def test_d4_a_field_without_its_component_offers_at_most_eight_whole_paths(count: int) -> None:
    """D4: a path is component.field; the sites of a study come in the order of its activities."""
    sites = [lca.Site(f"site{i}", electricity=HERE, pue=1.0) for i in range(count)]
    runs = [lca.Training(f"run{i}", energy="1 kWh at_wall", site=site) for i, site in enumerate(sites)]
    with pytest.raises(LcaError) as raised:
        part(*runs).replace({"pue": 1.2})
    assert raised.value.fix == "write " + " or ".join(f"site{i}.pue" for i in range(min(count, 8)))


def test_d2_of_few_labels_none_of_which_is_near_all_are_offered() -> None:
    assert len(JOULES) == 10
    with pytest.raises(LcaError) as raised:
        study().sel(engine="zzz")
    assert raised.value.fix == f"one of {', '.join(JOULES)}"


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ("lca.Hardware.lookup('nvidia')", 6),
        ("lca.Electricity.lookup('island', 2023)", 6),
        ("lca.Electricity.lookup('united', 2023)", 4),
        ("lca.Electricity.lookup('stan', 2023)", 6),
    ],
)
def test_a4_names_that_hold_the_words_are_offered_six_at_most(call: str, names: int) -> None:
    offered = re.sub(r"^did you mean |^names like it: |;.*|\?$", "", hint(call)).split(", ")
    assert len(offered) == len(set(offered)) == names
    if "stan" in call:  # the names end with it
        assert {"Kazakhstan", "Pakistan"} <= set(offered)
    if "united" in call:  # the names begin with the word
        assert {"United Kingdom", "United States"} <= set(offered)


def test_a10_six_of_the_published_names_are_offered_where_none_is_near() -> None:
    assert hint("lca.pue('zzz', 2020)").startswith("names and years that are published: ")
    assert hint("lca.pue('zzz', 2020)").count("20") >= 6
    assert hint("lca.pue('zzz', 2020)").count(" (") == 7, "six names, one of which has a bracket of its own"
