"""Electricity from technologies, and of certain hours of the day (A7)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import lca
from lca import tables
from lca.electricity.upstream import upstream_intensity
from lca.errors import AccountingError, DomainError, MissingError
from lca.graph.node import parameters


def test_a7_a_mix_is_the_sum_of_its_technologies() -> None:
    """0.6 x 11 + 0.4 x 490 = 202.6 g/kWh (IPCC AR5 medians); the extremes are 99 % of the probability."""
    made = lca.Electricity.from_mix({"wind": 0.6, "gas": 0.4}, region="here", grid_loss=0.05)
    assert 1e3 * float(lca.nominal(made.intensity).data["value"]) == pytest.approx(202.6)
    assert (made.basis, made.averaging, made.accounting, made.gwp_set) == (
        "life cycle",
        "average",
        "location-based",
        "AR5",
    )
    keys = [{leaf.parameter.key for leaf in parameters([lca.Electricity.from_mix(shares).intensity]) if leaf.parameter}
            for shares in ({"wind": 1.0}, {"wind_onshore": 0.5, "gas": 0.5})]  # fmt: skip
    assert keys[0] & keys[1] == {"technology/wind_onshore"}  # one wind for all mixes


def test_u4_every_range_of_a_literature_is_met_at_its_median_and_both_ends() -> None:
    """99 % between the extremes, 90 % of a ratio; a single gsd put 13 % of wind below the literature's minimum."""
    rows = tables.read("electricity", "lifecycle_by_technology").dropna(subset=["minimum", "median", "maximum"])
    stated = {f"technology/{row['technology']}": (row["minimum"], row["median"], row["maximum"], 0.99)
              for _, row in rows.iterrows()}  # fmt: skip
    nodes = [lca.Electricity.from_mix({key.removeprefix("technology/"): 1.0}).intensity for key in stated]
    fuels = tables.read("electricity", "upstream_by_fuel").set_index("fuel")
    for fuel, row in fuels[fuels["kind"] != "not found"].iterrows():
        stem, level = ("ratio", 0.9) if row["kind"] == "ratio to direct" else ("upstream", 0.99)
        stated[f"upstream/{fuel}"] = (row[f"{stem}_low"], row[stem], row[f"{stem}_high"], level)
        nodes.append(upstream_intensity({str(fuel): 1.0})[0])
    leaves = [leaf.parameter for leaf in parameters(nodes) if leaf.parameter]
    made = {leaf.key: leaf.values[0] for leaf in leaves if leaf.is_random}
    assert set(made) == set(stated)
    assert len(stated) > 15
    for key, (low, median, high, level) in stated.items():
        spread = made[key]
        assert isinstance(spread, lca.SplitLognormal)
        found = spread.ppf(np.array([(1 - level) / 2, 0.5, (1 + level) / 2]))
        np.testing.assert_allclose(found, [low, median, high], rtol=1e-9, err_msg=key)
    assert made["technology/hydropower"].mean == pytest.approx(113, abs=0.5)  # docs/electricity.md


def test_a10_what_is_given_beside_a_mix_is_not_of_the_mix() -> None:
    made = lca.Electricity.from_mix({"wind": 1.0}, grid_loss=0.05, categories={"water": "1 L/kWh"})
    assert made.source == "100% wind"
    for node in (made.grid_loss, made.categories["water"]):
        assert [leaf.parameter.source for leaf in parameters([node]) if leaf.parameter] == ["stated beside the mix"]
    mine = lca.Electricity.from_mix({"wind": 1.0}, grid_loss=0.05, source="the utility")
    assert (mine.source, mine.grid_loss.parameter.source) == ("the utility", "the utility")


def test_a_mix_that_is_none_says_so() -> None:
    with pytest.raises(AccountingError, match="sum to one(.|\n)*their sum: 0.9"):
        lca.Electricity.from_mix({"wind": 0.5, "gas": 0.4})
    with pytest.raises(DomainError, match="-0.5(.|\n)*mix, gas"):
        lca.Electricity.from_mix({"gas": -0.5, "wind": 1.5})
    with pytest.raises(MissingError, match="no technology is called 'winds'(.|\n)*wind"):
        lca.Electricity.from_mix({"winds": 1.0})
    with pytest.raises(AccountingError, match="their sum: 0"):
        lca.Electricity.from_mix({})


def test_a_schedule_weighs_the_hours_and_all_hours_are_the_average() -> None:
    grid = lca.Electricity.lookup("US-CAMX", 2023)
    plain = float(lca.nominal(grid.intensity).data["value"])

    def factor(hours: Any, **given: Any) -> float:
        return float(lca.nominal(grid.at_hours(hours, shape="CISO", **given).intensity).data["value"]) / plain

    assert factor(range(24)) == pytest.approx(1, abs=1e-9)
    noon, night = factor(range(10, 15)), factor([20, 21, 22])
    assert noon < 0.8 < 1.1 < night
    assert factor({12: 3, 21: 1}) == pytest.approx(0.75 * factor([12]) + 0.25 * factor([21]))
    hours = [factor([hour]) for hour in range(24)]
    assert max(hours) / min(hours) == pytest.approx(1.76, abs=0.03)
    assert factor(range(24), months=[6, 7]) == pytest.approx(1, abs=1e-9)
    made = grid.at_hours(range(9, 17), shape="CISO")
    assert (made.averaging, made.basis) == ("average", "life cycle")
    assert "hourly averages shaped like CISO" in made.source


def test_a_schedule_of_no_hour_or_an_unknown_place_says_so() -> None:
    grid = lca.Electricity.lookup("US-CAMX", 2023)
    with pytest.raises(MissingError, match="no balancing authority is called 'CAMX'(.|\n)*CISO"):
        grid.at_hours([1], shape="CAMX")
    with pytest.raises(DomainError, match="24"):
        grid.at_hours([24], shape="CISO")
    with pytest.raises(DomainError, match="13"):
        grid.at_hours([12], shape="CISO", months=[13])
    with pytest.raises(DomainError, match="weights of all hours are zero"):
        grid.at_hours({3: 0.0}, shape="CISO")
    with pytest.raises(AccountingError, match="not for single gases"):
        apart = lca.Electricity.lookup("US-CAMX", 2019, basis="direct", gases="CO2, CH4, N2O")
        apart.at_hours([1], shape="CISO")


def test_a7_a_share_and_a_weight_of_nothing_are_nothing() -> None:
    """A7: all of one technology and none of another; an hour without load beside one with all of it."""
    whole = lca.Electricity.from_mix({"wind": 1.0, "gas": 0.0}).intensity
    assert float(lca.nominal(whole).data["value"]) * 1e3 == pytest.approx(11)
    grid = lca.Electricity.lookup("US-CAMX", 2023)
    made = [grid.at_hours(hours, shape="CISO").intensity for hours in ({3: 0, 12: 2}, [12])]
    data = lca.nominal({"weighted": made[0], "alone": made[1]}).data
    assert float(data["weighted"]) == pytest.approx(float(data["alone"]), rel=1e-12)
    with pytest.raises(DomainError, match="-0.001 is not a number(.|\n)*at_hours, 3"):
        grid.at_hours({3: -0.001, 12: 2}, shape="CISO")
