"""The posterior of unknown inputs: closed forms, and calibration by simulation."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from scipy import stats

import lca
from lca.errors import DomainError, MissingError
from lca.interpretation.inverse.posterior import weighted_quantiles

PRIOR = lca.Normal("10 W", "2 W")


def power() -> dict[str, lca.Distribution | object]:
    return {"power": lca.parameter("power.true", "10 W")}


def test_a_normal_prior_and_a_normal_error_give_the_conjugate_posterior() -> None:
    """Precision-weighted: mean (10/4 + 13/1) / (1/4 + 1), variance 1 / (1/4 + 1)."""
    made = lca.infer(power(), {"power.true": PRIOR}, given={"power": "13 W ± 1 W (k=1)"}, draws=40_000, effective=5_000)
    variance = 1 / (1 / 4 + 1)
    mean, sd = variance * (10 / 4 + 13), math.sqrt(variance)
    row = made.table.loc["power.true"]
    exact = {name: mean + sd * stats.norm.ppf(q) for name, q in (("p5", 0.05), ("p50", 0.5), ("p95", 0.95))}
    assert made.effective is not None
    for name, q in (("p5", 0.05), ("p50", 0.5), ("p95", 0.95)):
        error = math.sqrt(q * (1 - q) / made.effective) / stats.norm.pdf(stats.norm.ppf(q)) * sd
        assert row[name] == pytest.approx(exact[name], abs=4 * error)
    assert row["prior_p50"] == pytest.approx(10, abs=0.1)


def test_the_effective_draws_are_those_of_the_closed_form() -> None:
    """Kong: n E[w]^2 / E[w^2], here 1 / sqrt of a ratio of normal integrals."""
    made = lca.infer(power(), {"power.true": PRIOR}, given={"power": "10 W ± 1 W (k=1)"}, draws=40_000)
    # E[w] = 1/sqrt(1 + 4), E[w^2] = 1/sqrt(1 + 8) for a prior of variance 4 about the report, an error of variance 1
    assert made.effective == pytest.approx(40_000 * (1 / 5) / (1 / math.sqrt(9)), rel=0.02)


def test_rounding_cuts_a_uniform_prior_to_its_ends() -> None:
    made = lca.infer(power(), {"power.true": lca.Uniform("5 W", "15 W")}, given={"power": "12 W"}, draws=20_000)
    row = made.table.loc["power.true"]
    assert [row["p5"], row["p50"], row["p95"]] == pytest.approx([11.55, 12.0, 12.45], abs=0.05)
    _, after, weights = made.weighted("power.true") if made.weighted else (None, np.array([0.0]), np.array([0.0]))
    assert 11.5 <= after.min() <= after.max() <= 12.5
    assert set(weights.tolist()) == {1.0}


def test_a_rounded_input_is_integrated_out_and_drawn_where_it_agrees() -> None:
    """The product of both stays within the report in every draw that is kept."""
    energy, rate = lca.parameter("energy", "386 kWh"), lca.parameter("rate", "0.5 kg CO2e/kWh")
    nodes = {"use": energy * rate, "energy": energy}
    given = {"use": "187 kg CO2e", "energy": "386 kWh"}
    prior = lca.Uniform("0.4 kg CO2e/kWh", "0.6 kg CO2e/kWh")
    made = lca.infer(nodes, {"rate": prior}, given=given, draws=20_000)
    table = made.of("use", "energy")
    assert 186.5 <= table.loc["use", "p5"] < table.loc["use", "p95"] <= 187.5
    assert table.loc["energy", ["p5", "p50", "p95"]].tolist() == pytest.approx([385.55, 386, 386.45], abs=0.06)
    assert made.draws == 40_000
    # the set of the same question holds every draw
    low, high = lca.infer(nodes, {"rate": None}, given=given).intervals[0]
    after = made.weighted("rate")[1] if made.weighted else np.array([0.0])
    assert low <= after.min() <= after.max() <= high


def test_weights_are_carried_to_other_results() -> None:
    made = lca.infer(
        {**power(), "twice": 2 * lca.parameter("power.true", "10 W")}, {"power.true": PRIOR},
        given={"power": "13 W ± 1 W (k=1)"}, of=["twice"],
    )  # fmt: skip
    assert made.table.loc["twice", "p50"] == pytest.approx(2 * made.table.loc["power.true", "p50"])
    assert made.of("twice").loc["twice", "p50"] == made.table.loc["twice", "p50"]


def test_a_posterior_is_of_sums_over_parts_and_survives_a_pickle() -> None:
    """D2: a result over years is one row."""
    used = lca.parameter("used", lca.labelled({2022: 100.0, 2023: 150.0}, "kWh", dim="year"))
    nodes = {"use": used * lca.parameter("rate", "0.5 kg CO2e/kWh")}
    prior = lca.Uniform("0.2 kg CO2e/kWh", "0.6 kg CO2e/kWh")
    made = lca.infer(nodes, {"rate": prior}, given={"use": "100 kg CO2e"}, draws=40_000)
    table = pickle.loads(pickle.dumps(made)).of("use")
    assert table.index.to_list() == ["use"]
    assert table.loc["use", "p50"] == pytest.approx(100, abs=0.1)


def test_too_few_effective_draws_are_refused_with_what_to_do() -> None:
    with pytest.raises(DomainError, match="more draws") as caught:
        lca.infer(power(), {"power.true": PRIOR}, given={"power": "40 W"}, most=20_000)
    assert "0 draws would" in caught.value.what


def test_draws_are_doubled_until_enough_are_effective() -> None:
    made = lca.infer(power(), {"power.true": PRIOR}, given={"power": "10.00 W"}, draws=10_000, effective=100)
    assert made.draws == 80_000  # a share of 0.01 / (2 sqrt(2 pi)) = 0.002 agrees
    assert made.effective == pytest.approx(80_000 * 0.01 / (2 * math.sqrt(2 * math.pi)), rel=0.3)


def test_a_set_has_no_posterior() -> None:
    made = lca.infer(power(), {"power.true": None}, given={"power": "10 W"})
    with pytest.raises(MissingError, match="no posterior"):
        made.of("power")


def test_weighted_quantiles_of_equal_weights_are_those_of_the_draws() -> None:
    values = np.random.default_rng(1).normal(size=2_001)
    at = [0.05, 0.5, 0.95]
    plain = np.quantile(values, at, method="hazen")
    assert weighted_quantiles(values, np.full(values.size, 0.3), at) == pytest.approx(plain)
    doubled = weighted_quantiles(np.array([1.0, 2.0]), np.array([3.0, 1.0]), [0.375, 0.875])
    assert doubled.tolist() == [1.0, 2.0]


@pytest.mark.slow
def test_ranks_of_the_truth_are_uniform_over_500_simulated_cases() -> None:
    """Simulation-based calibration (Talts et al. 2018): a truth from the prior has any rank in the posterior."""
    numbers = np.random.default_rng(20180418)
    energy, rate = lca.parameter("energy", "0.4 kWh"), lca.parameter("rate", "0.5 kg CO2e/kWh")
    factor = lca.parameter("factor", 1.0)
    nodes = {"use": energy * rate * factor, "power": rate * 2}
    priors = {"rate": lca.Uniform("0.3 kg CO2e/kWh", "0.7 kg CO2e/kWh"), "factor": lca.Lognormal(1, gsd=1.3)}
    ranks: dict[str, list[float]] = {"rate": [], "factor": []}
    for case in range(500):
        truth = {"rate": numbers.uniform(0.3, 0.7), "factor": math.exp(numbers.normal() * math.log(1.3))}
        joules = numbers.uniform(0.35, 0.65)
        seen = 2 * truth["rate"] + numbers.normal() * 0.1
        given = {
            "use": f"{joules * truth['rate'] * truth['factor']:.2f} kg CO2e",
            "power": f"{seen!r} kg CO2e/kWh ± 0.1 kg CO2e/kWh (k=1)",
            "energy": f"{joules:.1f} kWh",
        }
        made = lca.infer(nodes, priors, given=given, draws=1_000, effective=30, seed=case)
        assert made.weighted is not None
        for name, ranked in ranks.items():
            _, after, weights = made.weighted(name)
            ranked.append(float(weights[after < truth[name]].sum() / weights.sum()))
    for ranked in ranks.values():
        counts, _ = np.histogram(ranked, bins=10, range=(0, 1))
        assert stats.chisquare(counts).pvalue > 0.01
