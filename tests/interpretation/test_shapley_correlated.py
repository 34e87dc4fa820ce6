"""Shapley effects of correlated inputs against the closed form of linear Gaussian models, and who refuses them (U11).

With Y = sum of X, jointly normal, Var(E[Y | X_u]) follows from the covariances; the effects are sums over all sets
(Owen and Prieur 2017, SIAM/ASA J. Uncertain. Quantif. 5, 986-1002, section 4; Song, Nelson and Staum 2016).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import lca
from lca.errors import DomainError
from lca.interpretation.sensitivity.points import LEVEL, SCRAMBLINGS
from lca.reporting.words import percent
from lca.units.number_text import significant

HALF_WIDTH = stats.t.ppf((1 + LEVEL) / 2, SCRAMBLINGS - 1)
OTHERS = ("development", "manufacturing", "distribution", "use", "end_of_life")
Pairs = Mapping[tuple[str, str], float]


def runs(spreads: Mapping[str, float], correlations: Pairs) -> lca.Study:
    """Trainings of 1,000 hours at 1 kg CO2e/kWh: each emits its power in kg, 1,000 W and a spread.

    `correlations` are those of the normal values; a study takes those of the ranks, 6 / pi asin(rho / 2).
    """
    grid = lca.Electricity("grid", intensity="1 kg CO2e/kWh", at="facility")
    site = lca.Site("lab", pue=1.0, electricity=grid)
    powers = {name: lca.Normal("1000 W", f"{sd} W") for name, sd in spreads.items()}
    trainings = [lca.Training(name, power=w, duration="1000 h", at="wall", site=site) for name, w in powers.items()]
    ranks = {(f"{a}.power", f"{b}.power"): 6 / math.pi * math.asin(rho / 2) for (a, b), rho in correlations.items()}
    unit = lca.FunctionalUnit("one model", count="1 device")
    excluded = dict.fromkeys(OTHERS, lca.outside_goal("trainings are compared"))
    return lca.Study("runs", *trainings, functional_unit=unit, excluded=excluded, correlations=ranks or None)


def covariances(spreads: Mapping[str, float], correlations: Pairs) -> np.ndarray:
    names = list(spreads)
    made = np.diag([float(sd) ** 2 for sd in spreads.values()])
    for (a, b), rho in correlations.items():
        i, j = names.index(a), names.index(b)
        made[i, j] = made[j, i] = rho * spreads[a] * spreads[b]
    return made


def explained(cov: np.ndarray, members: Sequence[int]) -> float:
    """Var(E[Y | X_u]) of Y, the sum of all: the covariances with Y through the inverse of those of u."""
    with_y = cov[list(members)].sum(axis=1)
    return float(with_y @ np.linalg.solve(cov[np.ix_(members, members)], with_y)) if members else 0.0


def closed_form(cov: np.ndarray) -> list[float]:
    count = len(cov)
    found = []
    for own in range(count):
        others = [i for i in range(count) if i != own]
        total = 0.0
        for size in range(count):
            gains = [explained(cov, [*u, own]) - explained(cov, u) for u in combinations(others, size)]
            total += sum(gains) / math.comb(count - 1, size)
        found.append(total / count / cov.sum())
    return found


def holds(table: Any, spreads: Mapping[str, float], truth: Sequence[float], most: float) -> None:
    """Each effect is within three standard errors of the closed form, and they sum to 1."""
    error = (table["shapley_high"] - table["shapley_low"]) / 2 / HALF_WIDTH
    assert error.max() < most
    assert table["shapley"].sum() == pytest.approx(1, abs=1e-12)
    for name, value in zip(spreads, truth, strict=True):
        assert abs(table.loc[f"{name}.power", "shapley"] - value) <= 3 * error[f"{name}.power"], (name, value)


CASES: list[tuple[dict[str, float], Pairs]] = [
    ({"a": 10, "b": 10}, {("a", "b"): 0.5}),
    ({"a": 10, "b": 20}, {("a", "b"): 0.9}),
    ({"a": 10, "b": 20, "c": 30}, {}),
    ({"a": 10, "b": 20, "c": 30}, {("a", "b"): 0.5, ("b", "c"): -0.4}),
    ({"a": 10, "b": 20, "c": 5, "d": 15}, {("a", "b"): 0.6, ("a", "c"): 0.6, ("b", "c"): 0.6}),
]


@pytest.mark.parametrize(("spreads", "correlations"), CASES)
def test_u11_linear_gaussian_models_within_three_standard_errors(
    spreads: dict[str, float], correlations: Pairs
) -> None:
    truth = closed_form(covariances(spreads, correlations))
    holds(lca.shapley(runs(spreads, correlations), base=1024), spreads, truth, 0.01)


def test_the_closed_form_is_that_of_the_published_cases() -> None:
    """Owen and Prieur 2017, theorem 2: two inputs of equal spread have 1/2 each; without correlation b^2 / V."""
    assert closed_form(covariances(*CASES[0])) == pytest.approx([0.5, 0.5], abs=1e-12)
    assert closed_form(covariances(*CASES[2])) == pytest.approx([1 / 14, 4 / 14, 9 / 14], abs=1e-12)
    rho, a, b = 0.9, 1.0, 2.0
    whole = a**2 + 2 * rho * a * b + b**2
    first = (a**2 * (1 - rho**2 / 2) + rho * a * b + b**2 * rho**2 / 2) / whole
    assert closed_form(covariances(*CASES[1]))[0] == pytest.approx(first, abs=1e-12)


def test_u11_an_input_that_only_correlates_has_an_effect() -> None:
    """Y does not take c up (its spread is 1e-6), but c tells much about b: the effect is not 0 (Song et al. 2016)."""
    spreads, tied = {"a": 10, "b": 10, "c": 1e-6}, {("b", "c"): 0.8}
    truth = closed_form(covariances(spreads, tied))
    assert truth[2] > 0.15
    holds(lca.shapley(runs(spreads, tied), base=1024), spreads, truth, 0.01)


def test_random_orders_of_correlated_inputs() -> None:
    """Eleven players, four of them with a common factor."""
    spreads = {f"m{i}": float(5 + 2 * i) for i in range(11)}
    tied = {(f"m{i}", f"m{j}"): 0.7 for i, j in combinations((1, 4, 7, 10), 2)}
    table = lca.shapley(runs(spreads, tied), most=11, base=128, orders=8)
    holds(table, spreads, closed_form(covariances(spreads, tied)), 0.02)


def test_the_smallest_are_chosen_by_what_they_tell_too() -> None:
    """Of two inputs that are nearly the same, neither adds to the other: both still count as large."""
    spreads = {"a": 20, "b": 20, **{f"m{i}": 3.0 + 0.01 * i for i in range(4)}}
    table = lca.shapley(runs(spreads, {("a", "b"): 0.999}), most=2, base=128)
    assert set(table.index) == {"a.power", "b.power", "the other 4 together"}


def test_u11_indices_of_one_correlated_input_are_refused_with_the_way_out() -> None:
    study = runs(*CASES[0])
    for ask in (lca.sobol, lca.screen, lca.morris):
        with pytest.raises(DomainError, match=r"independent inputs(.|\n)*lca\.shapley"):
            ask(study)
        table = ask(study, groups={"both": "*.power"})
        assert list(table.index) == ["both"]


def test_pawn_takes_correlated_draws_as_they_are() -> None:
    """c adds nothing to the total; what it tells by its correlation with b is seen."""
    spreads, tied = {"a": 10, "b": 10, "c": 1e-6}, {("b", "c"): 0.8}
    result = lca.monte_carlo(runs(spreads, tied), draws=4096, progress=False)
    table = lca.pawn(result)
    assert table.loc["c.power", "pawn"] > 3 * table.loc["c.power", "dummy"]
    plain = lca.pawn(lca.monte_carlo(runs(spreads, {}), draws=4096, progress=False))
    assert not plain.loc["c.power", "above_dummy"]


def test_u11_a_report_of_correlated_values_shows_their_shapley_effects(tmp_path: Path) -> None:
    study = runs(*CASES[0])
    result = lca.monte_carlo(study, draws=256, progress=False)
    page = lca.report(result, tmp_path, study=study, base=64)
    twin = page.with_suffix(".md").read_text(encoding="utf-8").replace("\xa0", " ")
    assert "**Shapley effects of the total**" in twin
    assert "Effects sum to 100 %" in twin
    assert "First order" not in twin
    table = lca.shapley(study, base=64)
    assert f"| power of a (a.power) | {significant(100 * table.loc['a.power', 'shapley'])} |" in twin
    share = percent(float(table["shapley"].iloc[0])).replace("\xa0", " ")
    assert f"its uncertainty causes {share} of the spread (variance)" in twin


def test_u11_a_tornado_says_which_correlated_values_it_moves_alone() -> None:
    note = lca.tornado(runs({"a": 30.0, "b": 20.0, "c": 10.0}, {("a", "b"): 0.5})).attrs["note"]
    assert "a.power, b.power: moved alone, though correlated" in note
    assert "correlated" not in lca.tornado(runs({"a": 30.0, "b": 20.0}, {})).attrs["note"]
