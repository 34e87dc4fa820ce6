"""When what is new has saved what it took: a training, a device, a longer life (A12)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_breakeven import fleet, saw, trained

import lca
from lca.errors import DomainError

HOURS = lca.parameter("hours", "1 h")
BETWEEN = ("1 h", "9 h")


def line(once: Any, rate: Any, name: str) -> dict[str, Any]:
    once, rate = (lca.parameter(f"{name} {n}", value) for n, value in (("once", once), ("rate", rate)))
    return {"total": once + rate * HOURS}


def test_a_retraining_is_paid_back_by_the_engine_that_it_made() -> None:
    """1,000 devices save 1 kW together: 1,000 kWh are saved after 1,000 hours, draw by draw."""
    new, old = fleet("1 J/inference", trained(lca.Normal("1000 kWh", "100 kWh")), called="new"), fleet("2 J/inference")
    found = lca.payback(old, new, vary="fleet.period", between=("1 h", "1 year"), draws=200)
    drawn = lca.monte_carlo(new.activities[0].energy, draws=200, progress=False).data["value"].to_numpy()
    assert np.allclose(found.values, drawn, rtol=1e-9)
    assert found.nominal == pytest.approx(1000, rel=1e-9)
    assert np.allclose(found.breakeven.count, drawn * 3600 * 1_000, rtol=1e-9)
    assert repr(found).startswith("<new pays back against fleet after fleet.period = ")
    assert found.outcomes.loc["pays back", "share"] == 1


def test_each_kind_of_draw_is_counted() -> None:
    """A uniform from 0 to 16 kg, saved at 1 kg an hour from 1 to 9 h: before 1 h, in the range, or never."""
    new, old = line(lca.Uniform("0 kg", "16 kg"), "1 kg/h", "new"), line("0 kg", "2 kg/h", "old")
    found = lca.payback(old, new, vary="hours", between=BETWEEN, draws=2_000)
    once = lca.monte_carlo(lca.parameter("new once", lca.Uniform("0 kg", "16 kg")), draws=2_000, progress=False)
    kg = once.data["value"].values
    shares = found.outcomes["share"]
    assert shares["is lower from the start"] == np.mean(kg < 1)
    assert shares["never pays back"] == np.mean(kg > 9)
    assert shares["pays back"] == pytest.approx(1 - shares["is lower from the start"] - shares["never pays back"])
    assert np.allclose(found.values, np.where(kg > 9, np.nan, np.maximum(kg, 1)), equal_nan=True)
    assert found.probability == np.mean(kg <= 9)
    assert found.table["pays_back"].item() == found.probability
    assert found.outcomes.index[found.outcomes["nominal"]].to_list() == ["pays back"]
    assert "the others never do in the range" in repr(found)


def test_one_that_never_pays_back_says_so() -> None:
    new, old = line("5 kg", "2 kg/h", "new"), line("0 kg", "1 kg/h", "old")
    found = lca.payback(old, new, vary="hours", between=BETWEEN, draws=5)
    assert (found.nominal, found.probability) == (None, 0)
    assert repr(found) == "<the new never pays back against the old along hours in the range>"
    better = lca.payback(new, old, vary="hours", between=BETWEEN, draws=5)
    assert (better.nominal, better.probability) == (1.0, 1.0)
    assert better.outcomes.loc["is lower from the start", "share"] == 1


def test_a12_a_device_that_is_bought_again_is_higher_again() -> None:
    """A12: whole boxes are more after each replacement, so that what was paid back is lost and won again."""
    found, *_ = saw(50, 10.1, "1.1 J/inference")
    whole = lca.interpretation.breakeven.payback.Payback(found, *reversed(found.names))
    assert whole.outcomes.loc["pays back, then is higher again", "share"] == 1
    assert "higher again later in 100 %" in repr(whole)
    assert whole.nominal == found.nominal


def test_a_longer_life_pays_back_from_a_lifetime_on() -> None:
    """A device of 90 kg is less a year than one of 40 kg for 4 years, once it lasts for 9."""
    life = lca.parameter("sturdy.life", "4 year")
    new = {"total": lca.parameter("sturdy", "90 kg") / life}
    old = {"total": lca.parameter("plain", "40 kg") / lca.quantity(4, "year")}
    found = lca.payback(old, new, vary="sturdy.life", between=("2 year", "15 year"), draws=10)
    assert not found.breakeven.linear, "it stands below the line of a quotient"
    assert found.nominal == pytest.approx(9, rel=1e-9)


def test_newer_hardware_pays_back_by_the_power_that_it_saves() -> None:
    """150 kg against 60 W at 0.5 kg/kWh: 150 / 0.03 = 5,000 hours."""
    hours = lca.parameter("hours", "1 h")
    grid = lca.parameter("grid", "0.5 kg CO2e/kWh")
    new = {"total": lca.parameter("made", "150 kg CO2e") + lca.parameter("new.power", "140 W") * hours * grid}
    old = {"total": lca.parameter("old.power", "200 W") * hours * grid}
    found = lca.payback(old, new, vary="hours", between=("1 h", "20_000 h"), draws=3)
    assert found.nominal == pytest.approx(5_000, rel=1e-9)


def test_the_lab_s_training_is_that_of_13_million_inferences() -> None:
    """1.506 lb and 1.146e-7 lb an inference are equal after their quotient, to the digits that were printed."""
    count = lca.parameter("inferences", "1")
    training, inference = {"total": lca.parameter("training", "1.506 lb")}, lca.parameter("each", "1.146e-7 lb")
    found = lca.breakeven(training, {"total": inference * count}, vary="inferences", between=(1.0, 1e9), draws=3)
    assert found.nominal == pytest.approx(1.506 / 1.146e-7, rel=1e-9)
    assert found.nominal == pytest.approx(13_141_361, rel=1e-3)


def test_a_payback_over_labels_is_selected_before() -> None:
    rates = lca.labelled({"a": 1.0, "b": 2.0}, "kg/h", dim="engine")
    new, old = line("5 kg", rates, "new"), line("0 kg", "3 kg/h", "old")
    with pytest.raises(DomainError, match="select one label of engine"):
        lca.payback(old, new, vary="hours", between=BETWEEN, draws=5)


def test_the_figure_has_totals_and_their_difference() -> None:
    new, old = line(lca.Uniform("2 kg", "16 kg"), "1 kg/h", "new"), line("0 kg", "2 kg/h", "old")
    found = lca.payback(old, new, vary="hours", between=BETWEEN, draws=200)
    totals = found.breakeven.totals(points=3).reset_index()
    apart = totals[totals["total"] == "difference"]["nominal"].to_list()
    assert apart == pytest.approx([8, 4, 0], abs=1e-9), "9 kg at nominal values"
    upper, lower = lca.plot.breakeven(found).figure.axes
    assert (upper.get_ylabel(), lower.get_ylabel(), lower.get_xlabel()) == ("kg", "difference, kg", "hours [h]")
    said = lower.figure.get_supxlabel().replace("\n", " ")
    assert "Dashed: both are equal first at" in said
    assert "never pays back" in said
    assert (
        upper.figure.legends[0].get_title().get_text().replace("\n", " ")
        == "payback of the new against the old, along hours"
    )
