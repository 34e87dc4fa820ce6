"""Alternatives compared draw by draw, and the footprint of one activity (A1, A12, U2)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from example_study import (
    BEST,
    JOULES,
    engines,
    field_site,
    grid,
    home_site,
    jetson,
    result,
    robots,
    study,
    workstation,
)
from example_study import training as backbones
from scipy import stats

import lca
from lca.errors import MissingError, UnitError
from lca.interpretation.result import Result

DRAWS = 40_000


def rivals(values: dict[str, Any], *, shared: bool = False, draws: int = DRAWS) -> Result:
    node = lca.parameter("rivals", lca.labelled(values, "kg CO2e", dim="option", shared=shared))
    return lca.monte_carlo({"total": node}, draws=draws, progress=False)


# --- comparison ---------------------------------------------------------------------------------------------


def test_the_best_of_two_normals_against_the_closed_form() -> None:
    """P(A < B) = Phi((11 - 10) / sqrt(1 + 4)), within four standard errors of 40,000 draws."""
    table = lca.compare(rivals({"B": lca.Normal(11, 2), "A": lca.Normal(10, 1)}), over="option")
    assert list(table.index) == ["A", "B"], "ordered by median"
    p = stats.norm.cdf(1 / math.sqrt(5))
    assert table.loc["A", "best"] == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / DRAWS))
    assert table["best"].sum() == pytest.approx(1, abs=1e-12)
    sd = math.sqrt(5)  # of the difference; the error of a quantile of a normal is sqrt(q (1 - q) / n) / density
    for name, q in (("excess_p5", 0.05), ("excess_p50", 0.5), ("excess_p95", 0.95)):
        exact = stats.norm.ppf(q, 1, sd)
        error = math.sqrt(q * (1 - q) / DRAWS) / stats.norm.pdf(exact, 1, sd)
        assert table.loc["B", name] == pytest.approx(exact, abs=4 * error)
    assert table.loc["A", ["excess_p5", "excess_p50", "excess_p95"]].tolist() == [0, 0, 0]


def test_ties_are_shared() -> None:
    """Two that are always the same are each best in half of the draws, whatever a third does."""
    same = lca.Normal(10, 1)
    table = lca.compare(rivals({"a": same, "b": same, "c": lca.Normal(30, 1)}, shared=True, draws=500), over="option")
    assert table["best"].to_dict() == {"a": 0.5, "b": 0.5, "c": 0.0}
    fixed = lca.compare(rivals({"a": 2.0, "b": 2.0, "c": 2.0}, draws=10), over="option")
    assert fixed["best"].tolist() == pytest.approx([1 / 3] * 3)


def test_u2_a_shared_error_cancels_in_the_excess() -> None:
    """U2, U10: the excess is paired by draw: one meter's error widens each engine, and no difference."""
    table = lca.compare(result(), over="engine")
    assert table.index[0] == BEST
    assert table["p50"].is_monotonic_increasing
    second = table.index[1]
    draws = result().data["total"]
    one, two = draws.sel(engine=BEST).to_numpy(), draws.sel(engine=second).to_numpy()
    assert table.loc[second, "excess_p95"] == pytest.approx(np.quantile(two - one, 0.95), rel=1e-12)
    unpaired = np.random.default_rng(0).permutation(two) - one
    paired = table.loc[second, "excess_p95"] - table.loc[second, "excess_p5"]
    assert paired < 0.2 * (np.quantile(unpaired, 0.95) - np.quantile(unpaired, 0.05))
    assert table.loc[BEST, "best"] == 1.0


def test_figures_are_those_of_the_draws_per_what_is_asked() -> None:
    table = lca.compare(result(), over="engine", per="inference", unit="mg CO2e")
    data = result().data
    each = (data["total"] / data["functional_unit"]).to_numpy() * 1e6
    for position, engine in enumerate(data["engine"].values.tolist()):
        expected = [each[position].mean(), *np.quantile(each[position], [0.05, 0.5, 0.95])]
        assert table.loc[engine, ["mean", "p5", "p50", "p95"]].tolist() == pytest.approx(expected, rel=1e-12)
    assert set(table["unit"]) == {"mg CO2e/inference"}


def test_d2_other_alternatives_are_compared_apart() -> None:
    """D2: a ranking within every scenario; nothing is averaged over alternatives."""
    two = {name: JOULES[name] for name in list(JOULES)[:2]}
    varied = (
        study()
        .replace({"robots.inference": engines(two)})
        .vary("grid", {"robots.electricity": {place: grid(place) for place in ("US-RFCW", "US-CAMX")}})
    )
    drawn = lca.monte_carlo(varied, draws=500, progress=False)
    table = lca.compare(drawn, over="engine")
    assert table.index.names == ["grid", "engine"]
    for place in ("US-RFCW", "US-CAMX"):
        assert table.loc[place, "best"].sum() == 1
        alone = lca.monte_carlo(varied.sel(grid=place), draws=500, progress=False)
        expected = lca.compare(alone, over="engine")
        assert table.loc[place, "p50"].to_dict() == pytest.approx(expected["p50"].to_dict(), rel=1e-12)


def test_a12_a_comparison_says_what_is_compared() -> None:
    """A12, U8: without a stated quality it asks; with one it does not. What the interval contains is said, too."""
    note = lca.compare(result(), over="engine").attrs["note"]
    assert "are these the same function (A12)?" in note
    assert "draw by draw with the first row. The interval covers measurement, input and variability" in note
    unit = study().functional_unit.replaced(quality="mAP 0.75 on HPatches, each engine")
    said = lca.monte_carlo(study().replaced(functional_unit=unit), draws=10, progress=False)
    assert "A12" not in lca.compare(said, over="engine").attrs["note"]


def test_readings_alone_are_compared_as_a_total_is() -> None:
    """The energies of engines need no name: `lca.monte_carlo(engines.energy)`."""
    energies = lca.parameter("e", lca.labelled({"a": lca.Normal(4, 0.1), "b": lca.Normal(6, 0.1)}, "J", dim="engine"))
    alone = lca.compare(lca.monte_carlo(energies, draws=100, progress=False), over="engine")
    named = lca.compare(lca.monte_carlo({"total": energies}, draws=100, progress=False), over="engine")
    assert alone["p50"].equals(named["p50"])
    assert alone.loc["a", "best"] == 1


def test_what_cannot_be_compared_is_named() -> None:
    with pytest.raises(MissingError, match=r"no alternatives over 'model'(.|\n)*its dims: engine"):
        lca.compare(result(), over="model")
    with pytest.raises(MissingError, match="nominal values have no draws"):
        lca.compare(lca.nominal(study()), over="engine")
    with pytest.raises(UnitError, match="another unit"):
        lca.compare(result(), over="engine", unit="kWh")
    with pytest.raises(MissingError, match="nothing is known per 'inference'"):
        lca.compare(rivals({"a": 1.0, "b": 2.0}, draws=10), over="option", per="inference")


#: One record for both places: its tags are unknown, and two such factors never meet in one study (A4).
HERE = lca.Electricity(intensity="0.5 kg CO2e/kWh", at="facility", region="here", year=2024)


# --- footprint ------------------------------------------------------------------------------------------------


def test_a1_a_footprint_by_hand() -> None:
    """A1: board to wall to facility to busbar, each crossing once: E / 0.85 x 1.5 / (1 - 0.05) x 0.4."""
    power = lca.Electricity(intensity="0.4 kg CO2/kWh", at="busbar", grid_loss="5 %", region="here", year=2024)
    site = lca.Site("hall", electricity=power, pue=1.5, supply_efficiency=0.85)
    run = lca.Training(
        "two models", power=lca.labelled({"small": 1, "large": 3}, "kW", dim="model"), duration="10 h", devices=2,
        at="board",
    )  # fmt: skip
    table = lca.footprint(run, site=site, draws=10)
    for model, kilowatt in (("small", 1), ("large", 3)):
        facility = kilowatt * 10 * 2 / 0.85 * 1.5
        assert table.loc[model, "energy"] == pytest.approx(facility, rel=1e-12)
        assert table.loc[model, "nominal"] == pytest.approx(facility / 0.95 * 0.4, rel=1e-12)
        assert table.loc[model, ["p5", "p50", "p95"]].tolist() == pytest.approx([facility / 0.95 * 0.4] * 3, rel=1e-12)
    assert set(table["energy_unit"]) == {"kWh at the facility"}
    assert set(table["unit"]) == {"kg CO2"}, "CO2 alone is not called CO2e (Q2)"
    assert "operation of two models at hall only: no hardware" in table.attrs["note"]


def test_a1_the_rest_of_the_machine_runs_as_long_as_the_activity() -> None:
    """A1: (300 W + 100 W beside it) x 2 x 10 h / 0.8 = 10 kWh, also where the site is only lent."""
    crossings: dict[str, Any] = {"rest_of_machine": "100 W at_board", "supply_efficiency": 0.8, "pue": 1.0}
    site = lca.Site("lab", electricity=HERE, **crossings)
    run = lca.Training("run", power="300 W", duration="10 h", devices=2, at="component")
    assert lca.footprint(run, site=site, draws=2)["energy"].item() == pytest.approx(10, rel=1e-12)


def test_the_five_trainings_of_the_lab() -> None:
    """By hand: 6.437 kWh at the wall, 3.31 kg CO2e at 2019 CO2e per kWh delivered, to 1 %."""
    table = lca.footprint(backbones(workstation(), home_site(grid())))
    assert table["energy"].sum() == pytest.approx(6.437, abs=5e-4)
    assert table["nominal"].sum() == pytest.approx(3.31, rel=0.01)
    assert table.loc["resnet18", "energy"] == pytest.approx(143 / 1_000 * 170_000 * 148 / 3.6e6, rel=1e-12)
    assert (table["p5"] < table["nominal"]).all()
    assert (table["nominal"] < table["p95"]).all()


def test_the_interval_is_that_of_the_draws_and_years_are_summed() -> None:
    """9,900 kWh at the plug over five years; the quantiles are those of the same draws in a study."""
    best = study().sel(engine=BEST)
    run = robots(engines().sel(engine=BEST), jetson(), field_site(grid()))
    table = lca.footprint(run, draws=2_000)
    assert len(table) == 1
    assert table["energy"].item() == pytest.approx(9_900, rel=0.01)
    drawn = lca.monte_carlo(best, draws=2_000, progress=False).data["use"].to_numpy()
    expected = np.quantile(drawn, [0.05, 0.5, 0.95])
    assert table[["p5", "p50", "p95"]].iloc[0].tolist() == pytest.approx(expected.tolist(), rel=1e-12)


def test_a_footprint_needs_a_site_and_leaves_the_activity_alone() -> None:
    run = lca.Training("run", energy="10 kWh", at="wall")
    with pytest.raises(MissingError, match=r"without a site(.|\n)*where: run(.|\n)*fix: (.|\n)*site="):
        lca.footprint(run)
    cheap, dear = (
        lca.Site(name, pue=1.0, electricity=lca.Electricity(intensity=f"{i} kg CO2e/kWh", at="facility"))
        for name, i in (("cheap", 0.1), ("dear", 1.0))
    )
    placed = lca.Training("run", energy="10 kWh", at="wall", site=cheap)
    assert lca.footprint(placed, draws=2)["nominal"].item() == pytest.approx(1)
    assert lca.footprint(placed, site=dear, draws=2)["nominal"].item() == pytest.approx(10)
    assert placed.site is cheap
