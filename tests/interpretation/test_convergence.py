"""The errors of a summary against theory: of random draws, of statistics of all draws, of Sobol' points (U12, U13)."""

from __future__ import annotations

import math
from typing import Any

import pytest
from example_study import BEST, result, study
from scipy import stats

import lca
from lca.errors import DomainError, MissingError
from lca.graph.node import Node

COLUMNS = ["mean_se", "p5_se", "p50_se", "p95_se"]
SHARES = {"p5": 0.05, "p50": 0.5, "p95": 0.95}
NORMAL = stats.norm(3, 1)


def normal() -> Node:
    return lca.parameter("x", lca.Normal("3 kg CO2e", "1 kg CO2e"))


def row(node: Node, **how: Any) -> dict[str, Any]:
    result = lca.monte_carlo({"total": node}, progress=False, **how)
    return lca.summary(result, errors=True).iloc[-1].to_dict()


@pytest.mark.parametrize("keep", ["draws", "summary"])
def test_u13_errors_of_random_draws_are_those_of_theory(keep: str) -> None:
    """sd / sqrt(n), and sqrt(q (1 - q) / n) / density: to 12 %, the scatter of a spacing of 300 draws."""
    n = 100_000
    found = row(normal(), draws=n, keep=keep)
    assert found["mean_se"] == pytest.approx(1 / math.sqrt(n), rel=0.01)
    for name, q in SHARES.items():
        expected = math.sqrt(q * (1 - q) / n) / NORMAL.pdf(NORMAL.ppf(q))
        assert found[f"{name}_se"] == pytest.approx(expected, rel=0.12)


def test_u13_the_errors_hold_what_they_say() -> None:
    """1.96 standard errors hold the truth in 95 % of 60 runs: in 51 of them or more, with a probability of 0.999.

    The truths are the closed forms of the normal distribution (Hahn and Meeker 1991, section 5.2).
    """
    truths = {"mean": 3.0} | {name: float(NORMAL.ppf(q)) for name, q in SHARES.items()}
    runs = [row(normal(), draws=1_000, seed=seed) for seed in range(60)]
    for name, truth in truths.items():
        assert sum(abs(one[name] - truth) <= 1.96 * one[f"{name}_se"] for one in runs) >= 51


@pytest.mark.parametrize("design", ["sobol", "latin_hypercube"])
def test_u13_errors_of_an_even_design_are_from_further_runs(design: str) -> None:
    """Far below those of random draws, and hold the truth to 6 standard errors."""
    truths = {"mean": 3.0} | {name: float(NORMAL.ppf(q)) for name, q in SHARES.items()}
    for seed in (0, 5):
        found = row(normal(), draws=1_024, design=design, seed=seed)
        assert found["mean_se"] < 0.05 / math.sqrt(1_024)
        for name, truth in truths.items():
            assert found[f"{name}_se"] > 0
            assert abs(found[name] - truth) <= 6 * found[f"{name}_se"]


def test_u13_a_run_until_an_error_shows_its_own() -> None:
    result = lca.monte_carlo(
        {"total": normal() + normal() ** 2 / lca.parameter("one", "1 kg CO2e")}, until="1 %", progress=False
    )
    found = lca.summary(result, errors=True).iloc[-1]
    assert result.reached is not None
    spread = result.reached.spreads["total"]
    assert found[COLUMNS].to_list() == pytest.approx(
        [float(spread.errors[name.removesuffix("_se")]) / 1.96 for name in COLUMNS], rel=1e-4
    )


def test_errors_are_in_the_unit_of_the_row_and_0_of_what_is_fixed() -> None:
    kilograms, grams = (lca.summary(result(), errors=True, unit=unit) for unit in ("kg CO2e", "g CO2e"))
    assert grams[COLUMNS].to_numpy() == pytest.approx(1_000 * kilograms[COLUMNS].to_numpy())
    assert (kilograms["mean_se"] > 0).all()
    assert "are standard errors, of random draws" in grams.attrs["note"]
    assert not set(COLUMNS) & set(lca.summary(result()))
    nodes = {"total": normal(), "per/inference": lca.parameter("n", "4 inference")}
    table = lca.summary(lca.monte_carlo(nodes, draws=100, progress=False), errors=True)
    assert (table.loc["per/inference", COLUMNS] == 0).all()
    assert (table.loc["total", COLUMNS] > 0).all()


def test_a_summary_without_draws_has_no_errors() -> None:
    with pytest.raises(MissingError, match="no sampling error"):
        lca.summary(lca.nominal({"total": normal()}), errors=True)


def test_few_draws_have_no_errors() -> None:
    """Of 71 draws the largest is below the 95 % quantile with a probability of 0.95^71, which is above 1/40."""
    assert 0.95**71 > 0.025 > 0.95**72
    lca.summary(lca.monte_carlo({"total": normal()}, draws=72, progress=False), errors=True)
    with pytest.raises(DomainError, match="71 draws are too few(.|\n)*72 draws or more"):
        lca.summary(lca.monte_carlo({"total": normal()}, draws=71, progress=False), errors=True)


def test_u13_rows_without_a_stated_error_are_refused() -> None:
    """Of a run with `until`, rows by activity have no error; by stage and in total they have."""
    made = lca.monte_carlo(study().sel(engine=BEST), until="5 %", progress=False)
    assert made.design == "sobol"
    assert (lca.summary(made, errors=True)["p95_se"] > 0).any()
    with pytest.raises(MissingError, match="the stages and the total alone"):
        lca.summary(made, by="activity", errors=True)
