"""A sensor taken as the machine: what published pairs of a sensor and a plug show (A1, A10)."""

from __future__ import annotations

import math

import numpy as np
import pytest

import lca
from lca.errors import AccountingError
from lca.inventory.whole_machine import excess

GRID = lca.Electricity("grid", intensity="0.5 kg CO2e/kWh", at="facility")
DESK = lca.Site("desk", pue=1.0, electricity=GRID)


def run(name: str, **rest: object) -> lca.Training:
    return lca.Training(name, **({"energy": "10 kWh", "at": "component", "beyond": "assumed"} | rest))  # type: ignore[arg-type]


def test_a10_the_spread_is_that_of_one_more_machine() -> None:
    """Three ratios by hand: t(2; 0.95) = 2.91999, z(0.95) = 1.644854."""
    logs = [math.log(ratio - 1) for ratio in (2.057, 1.474, 1.364)]
    mean = sum(logs) / 3
    s = math.sqrt(sum((one - mean) ** 2 for one in logs) / 2)
    spread, said = excess()
    assert said.startswith("3 machines beside a plug: CodeCarbon")
    assert spread.nominal == pytest.approx(math.exp(mean))
    low = math.exp(mean - 2.91999 * s * math.sqrt(4 / 3))
    draws = lca.monte_carlo({"x": lca.parameter("x", spread)}, draws=200_000, seed=3, progress=False).data["x"]
    assert float(np.quantile(draws, 0.05)) == pytest.approx(low, rel=0.02)


def test_a1_a_sensor_becomes_the_machine_and_the_study_says_so() -> None:
    found = lca.footprint(run("fine-tuning"), site=DESK)
    assert found.iloc[0]["nominal"] == pytest.approx(5 * (1 + excess()[0].nominal))
    assert "the rest of the machine and its power supply are assumed" in str(found)
    assert found.iloc[0]["p5"] > 5.0  # no wall is below its sensor
    assert lca.footprint(run("b", beyond="not counted"), site=DESK).iloc[0]["nominal"] == pytest.approx(5)


def test_u2_one_factor_holds_for_a_site() -> None:
    """Two trainings at one desk err alike; their ratio is certain."""
    flows = [
        run(name, energy=energy).electricity_at(DESK).energy for name, energy in (("a", "10 kWh"), ("b", "20 kWh"))
    ]
    draws = lca.monte_carlo(dict(zip("ab", flows, strict=True)), draws=500, seed=1, progress=False).data
    np.testing.assert_allclose(draws["b"] / draws["a"], 2.0, rtol=1e-12)


def test_a1_at_a_board_or_a_wall_nothing_is_assumed() -> None:
    for place in ("board", "wall"):
        with pytest.raises(AccountingError, match='beyond="assumed" is about energy at the component'):
            lca.footprint(run("x", at=place), site=DESK)
