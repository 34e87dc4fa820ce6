"""What a decision says: its draws, words, units, groups, costs and figure; and what is refused (U15, A12)."""

from __future__ import annotations

import math

import pytest
from example_decisions import decided, options, two, unit_loss

import lca
from lca.errors import DomainError, MissingError, RecordError, UnitError
from lca.units.number_text import significant


def test_a12_a_result_is_decided_on_by_its_own_draws() -> None:
    """The columns of `compare` on the same draws, to the bit; a result of few draws takes points of its own."""
    result = lca.monte_carlo({"total": two()}, draws=4_096, seed=3, progress=False)
    made = lca.decide(result, over="option")
    compared = lca.compare(result, over="option")
    assert made.table.drop(columns="chosen").equals(compared)
    assert "the first 4,096 draws of the result" in made.table.attrs["note"]
    assert made.choices.iloc[0]["expected_loss"] == compared.loc["a", "expected_loss"]
    few = lca.decide(lca.monte_carlo({"total": two()}, draws=100, progress=False), over="option")
    assert "Sobol' points" in few.table.attrs["note"]


def test_the_answer_in_words() -> None:
    made = decided(two(), cost={"x[option=a]": "100 g CO2e", "x": "1 kg CO2e"})
    loss = math.sqrt(2) * unit_loss(0.5 / math.sqrt(2))
    said = repr(made)
    assert said.startswith("Choose a: it is best with a probability of 0.63")
    assert f"Expected loss: {loss:.3f}"[:-1] in said
    assert "To measure first: the x (option a), which is worth 0.09" in said
    assert made.worth is not None
    assert made.worth["net_avoided"].to_list() == pytest.approx([unit_loss(0.5) - 0.1, loss - 1], abs=0.01)
    assert "measure first" in repr(decided(two()))
    both = decided(two(), groups={"both, side by side": ["x"]}, cost={"both, side by side": "10 g CO2e"})
    assert "To measure first: 'both, side by side', which is worth" in repr(both)
    dear = decided(two(), cost={"x": "9 kg CO2e"})
    assert "None of the measurements whose costs were stated is worth its cost." in repr(dear)
    sure = decided(options({"a": lca.Uniform(1, 2), "b": lca.Uniform(3, 4)}))
    assert repr(sure).endswith("No draw has a smaller one, so nothing that would be known changes the choice.")
    assert "&lt;" not in made._repr_html_()
    assert "what to know first" in made._repr_html_()


def test_u15_in_another_unit_and_per_something() -> None:
    one, grams = decided(two()), decided(two(), unit="g CO2e")
    assert grams.information["avoided"].to_numpy() == pytest.approx(1_000 * one.information["avoided"].to_numpy())
    nodes = {"total": two(), "per/inference": lca.parameter("n", "4 inference")}
    each = lca.decide(nodes, over="option", per="inference", base=1024)
    assert each.choices.iloc[0]["unit"] == "kg CO2e/inference"
    assert each.choices.iloc[0]["expected_loss"] == pytest.approx(one.choices.iloc[0]["expected_loss"] / 4)
    with pytest.raises(DomainError, match="per inference"):
        lca.decide(nodes, over="option", per="inference", cost={"x": "1 kg CO2e"})


def test_groups_by_patterns_and_labels() -> None:
    total = two() + options({"a": lca.Uniform(0, 1), "b": lca.Uniform(0, 1)}, key="grid.a")
    rows = decided(total, groups={"grid": ["grid*"], "firsts": ["x[option=a]", "grid.a[*=a]"]}, base=128).information
    assert rows.loc["grid", "avoided"] == rows.loc["grid.a", "avoided"]
    assert set(rows["known"]) == {"group", "parameter", "label"}
    assert rows.loc["firsts", "avoided"] >= rows.loc["x[option=a]", "avoided"] * 0.95


def test_what_is_refused() -> None:
    for groups, said in (
        ({"g": ["y"]}, "no parameter .* is called 'y'"),
        ({"x": ["x"]}, "has the name"),
        ({"g": []}, "names no parameter"),
    ):
        with pytest.raises(DomainError, match=said):
            decided(two(), groups=groups)
    for cost, said in (
        ({"y": "1 kg CO2e"}, "costs are stated of"),
        ({"x": "1 kg CO2e ± 0.1 kg CO2e (k=1)"}, "one number"),
        ({"x": "-1 kg CO2e"}, "cost"),
    ):
        with pytest.raises(DomainError, match=said):
            decided(two(), cost=cost)
    with pytest.raises(UnitError):
        decided(two(), cost={"x": "1 kWh"})
    with pytest.raises(MissingError, match="no alternatives over 'engine'"):
        lca.decide({"total": two()}, over="engine")
    with pytest.raises(MissingError, match="has a spread"):
        decided(options({"a": 1.0, "b": 2.0}))
    for wrong in ({"confidence": 1.0}, {"base": 100}, {"base": 32}, {"base": 1 << 14}):
        with pytest.raises(DomainError):
            decided(two(), **wrong)


def test_a_choice_that_nothing_turns_has_nothing_to_know() -> None:
    """150 labels, all above the first in every draw: each avoids nothing, which no regression is needed for."""
    made = decided(options({f"e{i}": lca.Uniform(2 * i, 2 * i + 1) for i in range(150)}), base=64)
    assert not made.information["avoided"].any()
    assert made.choices.iloc[0]["first"] == "nothing"


def test_the_figure_has_the_numbers_of_the_table() -> None:
    made = decided(two())
    ax = lca.plot.decision(made, most=2)
    assert sorted(bar.get_width() for bar in ax.patches) == pytest.approx(sorted(made.information["avoided"].iloc[:2]))
    legend = ax.figure.legends[0]
    assert legend is not None
    assert legend.get_title().get_text() == "Choose a. What to know before:"
    assert ax.get_xlabel() == "kg CO2e of expected loss avoided"
    assert "1 more avoid less" in ax.figure.get_supxlabel().replace("\n", " ")
    paid = decided(two(), cost={"x[option=a]": "100 g CO2e"})
    assert paid.worth is not None
    shown = [text.get_text() for text in lca.plot.decision(paid).texts]
    assert shown[shown.index("after its cost") + 1 :][:3].count("") == 2  # of what no cost was stated
    assert significant(paid.worth["net_avoided"].iloc[0]) in shown
    lca.plot.decision(decided(options({"a": lca.Uniform(1, 2), "b": lca.Uniform(3, 4)})))
    with pytest.raises(DomainError):
        lca.plot.decision(made, most=0)
    with pytest.raises(RecordError, match="give decision=lca.decide"):
        lca.plot.decision(made.table)


def test_a_group_is_called_by_its_name() -> None:
    """A group may be called "the lab", beside which a second "the" would be one too many."""
    values = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(5, 1)}, "kg CO2e", dim="option")
    nodes = {"total": lca.parameter("x", values)}
    said = repr(lca.decide(nodes, over="option", groups={"the lab": ["x"]}, cost={"the lab": "0 kg CO2e"}, base=64))
    assert "To measure first: 'the lab', which is worth" in said
