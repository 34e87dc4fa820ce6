"""The value of information against closed forms and in simulation, and the laws that it keeps (U15, A12)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from example_decisions import decided, options, two, unit_loss, within
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import lca
from lca.errors import DomainError
from lca.graph.node import Node
from lca.graph.program import compile_program
from lca.interpretation.decision.information import Choice, by_part
from lca.interpretation.decision.points import Points
from lca.interpretation.decision.regression import PARTS, Regression

DRAWS = 16_384


# --- closed forms --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("z", [0.5, 1.0, 1.5, 2.0])
def test_u15_evpi_and_evppi_of_two_normals(z: float) -> None:
    """s L(m / s), with L of Raiffa and Schlaifer 1961 (tests/published): s^2 is the variance that would be known."""
    made = decided(options({"a": lca.Normal(10, 3), "b": lca.Normal(10 + 5 * z, 4)}))
    assert within(made.choices.iloc[0], "expected_loss", "loss", 5 * unit_loss(z))
    assert made.information.loc["x", "avoided"] == pytest.approx(5 * unit_loss(z), rel=0.02, abs=2e-3)
    for label, s in (("a", 3), ("b", 4)):
        row = made.information.loc[f"x[option={label}]"]
        assert within(row, "avoided", "avoided", s * unit_loss(5 * z / s), 3)


def test_u15_the_published_example_of_two_parameters() -> None:
    """Keep a cost of 5, or reduce it by p1 - p2, p1 ~ N(1, 1), p2 ~ N(0, 2): exact EVPI by a truncated normal.

    C. Jackson, "voi for Value of Information calculation: package overview" (R package voi, section "Analytic
    computation"): EVPI = E[y | y > 0] P(y > 0) - 1 for y = p1 - p2 ~ N(1, sqrt(5)). It computes the two EVPPI by
    regression, and names all of both parameters together, which is EVPI.
    """
    p1, p2 = (
        lca.parameter("p1", lca.Normal("1 kg CO2e", "1 kg CO2e")),
        lca.parameter("p2", lca.Normal("0 kg CO2e", "2 kg CO2e")),
    )
    cost = lca.parameter("cost", "5 kg CO2e")
    total = lca.functions.stack({"keep": cost, "change": cost - p1 + p2}, "option")
    made = lca.decide({"total": total}, over="option", groups={"both": ["p1", "p2"]})
    positive = stats.truncnorm(-1 / math.sqrt(5), math.inf, loc=1, scale=math.sqrt(5)).mean()
    evpi = positive * stats.norm.cdf(1 / math.sqrt(5)) - 1
    assert made.choice == "change"
    assert within(made.choices.iloc[0], "expected_loss", "loss", evpi, 3)
    for known, expected in (("both", evpi), ("p1", unit_loss(1.0)), ("p2", 2 * unit_loss(0.5))):
        assert within(made.information.loc[known], "avoided", "avoided", expected, 3)


def test_u15_intervals_hold_the_closed_form_as_often_as_they_say() -> None:
    """90 % of them: at least 24 of 32 with a probability of 0.997, for EVPI and for EVPPI of one label."""
    found = [decided(two(), base=256, seed=seed) for seed in range(32)]
    s = math.sqrt(2)
    losses = [within(one.choices.iloc[0], "expected_loss", "loss", s * unit_loss(0.5 / s), 1) for one in found]
    single = [
        within(one.information.loc[f"x[option={label}]"], "avoided", "avoided", unit_loss(0.5), 1)
        for one in found
        for label in "ab"
    ]
    assert sum(losses) >= 24
    assert sum(single) >= 48
    mean = np.mean([one.information.loc["x[option=a]", "avoided"] for one in found])
    assert mean == pytest.approx(unit_loss(0.5), rel=0.02)


def test_u15_a_lognormal_that_turns_the_choice() -> None:
    """E max(k - I, 0) of a lognormal I (Black and Scholes 1973, a put), with noise beside it that cannot be known."""
    sigma, k = 0.5, 1.4
    intensity = lca.parameter("intensity", lca.Lognormal("1 kg CO2e", gsd=math.exp(sigma)))
    noise = options({"a": lca.Uniform(-0.5, 0.5), "b": lca.Uniform(-0.5, 0.5)}, key="noise")
    share = options({"a": k, "b": 0.0}, key="fixed")
    on = lca.parameter("on", lca.labelled({"a": 0.0, "b": 1.0}, dim="option"))
    made = decided(share + on * intensity + noise)
    forward = math.exp(sigma**2 / 2)
    d = (math.log(forward / k) + sigma**2 / 2) / sigma
    call = forward * stats.norm.cdf(d) - k * stats.norm.cdf(d - sigma)
    assert made.choice == "b"
    assert within(made.information.loc["intensity"], "avoided", "avoided", call)
    assert made.information.loc["intensity", "avoided"] == pytest.approx(call, rel=0.03)


def test_u15_a_choice_between_models_that_is_mixed() -> None:
    """Two values with weights 0.7 and 0.3: EVPPI = 0.3 (7 - 5), in spite of a bell about each."""
    model = lca.choice("model", {"low": "1 kg CO2e", "high": "7 kg CO2e"}, weights=[0.7, 0.3])
    on = lca.parameter("on", lca.labelled({"a": 1.0, "b": 0.0}, dim="option"))
    total = on * model + options({"a": lca.Normal(0, 1), "b": lca.Normal(5, 1)})
    made = decided(total, mix=["model"])
    assert made.choice == "a"
    assert made.information.loc["model", "avoided"] == pytest.approx(0.6, abs=0.02)
    assert "model" not in decided(total).information.index
    node = lca.functions.total(total, over="option")
    points = Points.of(node, compile_program({"total": node}), 64, 0, ["model"])
    assert np.unique(points.drawn("model")[""]).tolist() == [0, 1]


def test_u15_a_mean_that_rises_in_steps() -> None:
    """As counts of devices do: 24 shares of the draws have a mean of their own where that predicts better."""
    u, noise = np.random.default_rng(2).random((2, DRAWS))
    steps = np.floor(6 * u) % 2
    made = Regression(u[None], u[None]).means((steps + noise - 0.5)[None])
    assert np.abs(made - steps).mean() < 0.06


def test_u15_what_all_share_cancels() -> None:
    """Knowing it avoids nothing: exactly where it is added, also where it scales all."""
    added = lca.parameter("added", lca.Lognormal("5 kg CO2e", gsd=3))
    factor = lca.parameter("factor", lca.Uniform(0.5, 1.5))
    made = decided(two(1.0) * factor + added)
    assert made.information.loc["added", "avoided"] == 0
    assert abs(made.information.loc["factor", "avoided"]) < 0.002
    assert (
        not decided(options({"a": lca.Normal(10, 1), "b": lca.Normal(11, 1)}, shared=True)).information["avoided"].any()
    )


def test_u15_a_common_factor_of_correlated_values_counts_as_far_as_it_goes() -> None:
    """The mean given x follows x through all that goes with it: rho L(m / rho) for a normal of correlation rho."""
    x, z = np.random.default_rng(3).normal(size=(2, DRAWS))
    rho, m = 0.6, 0.4
    choice = Choice.of(np.stack([np.zeros(DRAWS), m + rho * x + math.sqrt(1 - rho**2) * z]))
    each = choice.avoided(Regression(x[None], choice.rivals))
    error = each.std(ddof=1) / math.sqrt(PARTS)
    assert each.mean() == pytest.approx(rho * unit_loss(m / rho), abs=4 * error)
    assert error < 0.01


def test_u15_products_of_what_a_group_knows() -> None:
    """(x - 1) y z is known by all three, and of two of them by the mean of the third."""
    names = {name: lca.parameter(name, lca.Lognormal("1 kg CO2e" if name == "x" else 1.0, gsd=1.6)) for name in "xyz"}
    on = lca.parameter("on", lca.labelled({"a": 0.0, "b": 1.0}, dim="option"))
    one = lca.parameter("one", "1.2 kg CO2e")
    made = decided(on * (names["x"] - one) * names["y"] * names["z"], groups={"all": list("xyz"), "two": ["x", "y"]})
    rows = made.information
    assert rows.loc["all", "avoided"] == pytest.approx(made.choices.iloc[0]["expected_loss"], rel=0.01)
    # E |x - 1.2| y z is the same whether y and z are known or not: the sign follows x alone
    for name in ("x", "two"):
        assert within(rows.loc[name], "avoided", "avoided", made.choices.iloc[0]["expected_loss"], 3)


def test_u15_forty_labels_and_a_factor_of_all() -> None:
    """A group of many: products are chosen, and it avoids no less than its member."""
    values = {f"e{i}": lca.Lognormal(1 + 0.02 * i, gsd=1.1) for i in range(40)}
    load = lca.parameter("load", lca.Lognormal(1.0, gsd=1.5))
    made = decided(options(values) * load, groups={"both": ["x", "load"]}, base=256)
    both, energy = (made.information.loc[name, "avoided"] for name in ("both", "x"))
    loss = made.choices.iloc[0]["expected_loss"]
    assert 0.97 * loss < energy <= loss
    assert 0.97 * loss < both <= loss
    assert made.information.loc["load", "avoided"] == pytest.approx(0, abs=0.01 * loss)


# --- what buying a measurement comes to ------------------------------------------------------------------------


def test_u15_after_the_measurement_the_regret_has_fallen_by_what_was_said() -> None:
    """Truths of one parameter are simulated: each is then known, the choice is made anew, its regret is averaged."""
    energy = {"a": lca.Lognormal(1.0, gsd=1.2), "b": lca.Lognormal(0.8, gsd=1.1)}
    extra = lca.labelled({"a": 0.0, "b": 0.4}, "kg CO2e", dim="option")

    def total(intensity: Any) -> Node:
        per = lca.parameter("intensity", intensity)
        return options(energy, key="energy") / lca.parameter("one", "1 kg CO2e") * per + lca.parameter("extra", extra)

    prior = lca.Lognormal("1.8 kg CO2e", gsd=1.6)
    made = lca.decide({"total": total(prior)}, over="option")
    rng = np.random.default_rng(5)
    truths = 1.8 * 1.6 ** stats.norm.ppf((np.arange(200) + rng.random(200)) / 200)
    before, after = [], []
    for seed, truth in enumerate(truths):
        known = lca.monte_carlo({"total": total(f"{truth} kg CO2e")}, draws=1_000, seed=seed, progress=False)
        draws = known.data["total"].transpose("option", "draw").values
        smallest = draws.min(axis=0)
        before.append(float((draws[["a", "b"].index(str(made.choice))] - smallest).mean()))
        after.append(float((draws[draws.mean(axis=1).argmin()] - smallest).mean()))
    row = made.information.loc["intensity"]
    fallen = np.mean(before) - np.mean(after)
    error = np.std(np.array(before) - after) / math.sqrt(len(truths))
    assert np.mean(before) == pytest.approx(made.choices.iloc[0]["expected_loss"], rel=0.05)
    assert fallen == pytest.approx(row["avoided"], abs=3 * error)
    assert row["avoided"] > 10 * (row["avoided_high"] - row["avoided_low"])


# --- laws ------------------------------------------------------------------------------------------------------

middles = st.lists(st.integers(0, 30).map(lambda n: 10 + n / 10), min_size=2, max_size=4)


@settings(max_examples=12, deadline=None)
@given(middles, st.integers(1, 9), st.integers(0, 5))
def test_u15_scaling_permuting_and_a_common_term(means: list[float], scale: int, seed: int) -> None:
    """Twice the unit, twice the value; another order changes nothing, and a term of all neither."""
    values = {name: lca.Normal(mean, 1) for name, mean in zip("abcd", means, strict=False)}
    plain = decided(options(values), base=128, seed=seed)
    loss = plain.choices.iloc[0]["expected_loss"]
    times = decided(options({n: lca.Normal(scale * v.mean, scale) for n, v in values.items()}), base=128, seed=seed)
    assert times.choices.iloc[0]["expected_loss"] == pytest.approx(scale * loss, rel=1e-9)
    assert np.sort(times.information["avoided"]) == pytest.approx(
        np.sort(scale * plain.information["avoided"]), rel=1e-6
    )
    turned = decided(options(dict(reversed(values.items()))), base=128, seed=seed)
    assert turned.choices.iloc[0]["expected_loss"] == pytest.approx(loss, rel=1e-12)
    by_name = plain.information["avoided"]
    assert turned.information["avoided"].reindex(by_name.index).to_numpy() == pytest.approx(
        by_name.to_numpy(), abs=1e-6
    )
    assert (plain.information["avoided"] <= loss * (1 + 1e-12)).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(1, 3))
def test_u15_no_knowledge_avoids_more_than_perfect_knowledge(seed: int, alternatives: int, known: int) -> None:
    """In each part of the points, and not by cutting anything off."""
    rng = np.random.default_rng(seed)
    draws = rng.normal(size=(alternatives, 1_024)) * rng.uniform(0.1, 3, (alternatives, 1)) + rng.normal(
        size=(alternatives, 1)
    )
    choice = Choice.of(draws)
    at = rng.normal(size=(known, 1_024)) + draws[:1]
    assert (choice.avoided(Regression(at, choice.rivals)) <= choice.losses + 1e-12).all()


def test_u15_the_choices_of_other_alternatives_are_each_their_own() -> None:
    """At each label of another dim: what a decision on that label alone says, to rounding."""
    place = lca.parameter("place", lca.labelled({"x": 1.0, "y": 3.0}, dim="place"))
    total = two() * place
    made = decided(total, cost={"x": "10 g CO2e"})
    assert made.choices.index.to_list() == ["x", "y"]
    assert not made.alone
    assert list(made.choice) == ["a", "a"]
    losses = made.choices["expected_loss"]
    assert losses["y"] == pytest.approx(3 * losses["x"])
    alone = decided(two() * lca.parameter("place", 3.0))
    one = made.information.xs("y").sort_index()["avoided"]
    assert one.to_numpy() == pytest.approx(alone.information.sort_index()["avoided"].to_numpy(), rel=1e-6)
    said = repr(made).splitlines()
    assert len(said) == 2
    assert said[0].startswith("place=x: choose a: it is best with a probability of 0.6")
    with pytest.raises(DomainError, match="place"):
        lca.plot.decision(made)
    assert made.worth is not None
    assert len(made.worth) == 2


def test_parts_of_the_points() -> None:
    assert by_part(np.arange(8.0)).tolist() == list(range(8))


def test_u14_knowing_a_correlated_value_tells_of_the_other() -> None:
    """b cancels, since all options share it; of correlation rho with a, knowing it avoids rho s L(m / (rho s))."""
    grid = lca.Electricity("grid", intensity="1 kg CO2e/kWh", at="facility")
    site = lca.Site("lab", pue=1.0, electricity=grid)
    powers = {
        "a": lca.labelled({"x": lca.Normal(100, 10), "y": 103.0}, "W", dim="option", shared=True),
        "b": lca.Normal("100 W", "10 W"),
    }
    runs = [lca.Training(name, power=one, duration="10 h", at="wall", site=site) for name, one in powers.items()]
    others = ("development", "manufacturing", "distribution", "use", "end_of_life")

    def values(correlations: Any) -> Any:
        study = lca.Study(
            "runs",
            *runs,
            functional_unit=lca.FunctionalUnit("one model", count="1 device"),
            excluded=dict.fromkeys(others, lca.outside_goal("trainings are compared")),
            alternatives=("option",),
            correlations=correlations,
        )
        return lca.decide(study, over="option").information["avoided"]

    rho, s, m = 2 * math.sin(math.pi * 0.8 / 6), 0.1, 0.03
    found = values({("a.power", "b.power"): 0.8})
    assert found["a.power"] == pytest.approx(s * unit_loss(m / s), rel=0.01)
    assert found["b.power"] == pytest.approx(rho * s * unit_loss(m / (rho * s)), rel=0.02)
    assert values(None)["b.power"] == 0
