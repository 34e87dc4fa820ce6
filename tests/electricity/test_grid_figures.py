"""What a look-up, a trajectory and a schedule add to the published figure, recomputed from the tables (A4, A5)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import lca
from lca import tables
from lca.characterization.gwp import largest_change
from lca.electricity import lookup
from lca.electricity.lookup import published_years
from lca.electricity.trend import fitted
from lca.electricity.water_and_primary_energy import factors_of_mix
from lca.graph.node import parameters

DRAWS = 20_000


def read(table: str) -> Any:
    return tables.read("electricity", table)


def value(node: Any) -> float:
    return float(lca.nominal(node).data["value"])


def leaves(node: Any) -> dict[str, Any]:
    return {leaf.parameter.key: leaf.parameter for leaf in parameters([node]) if leaf.parameter}


# --- years to come (A5) ---------------------------------------------------------------------------------------


def test_a5_a_decline_deviates_as_a_constant_does() -> None:
    """A single year errs by its own deviation and by that of the last one: s sqrt 2. The decline is exact."""
    rows = read("country_yearly").query("region == 'POL'").tail(10)
    last = int(rows["year"].max())
    base = lca.Electricity.lookup("PL", last).intensity
    models: dict[str, Any] = {"constant": {}, "decline": {"rate": "4 %/year"}}
    nodes = {
        model: lca.functions.select(
            lca.Electricity.trajectory("PL", [last + 3], model=model, **given).intensity, "year", last + 3
        )
        / base
        for model, given in models.items()
    }
    data = np.log(lca.monte_carlo(nodes, draws=DRAWS, progress=False).data)
    np.testing.assert_allclose(data["constant"] - data["decline"], 3 * 0.04, rtol=1e-9)
    trend = fitted(rows["year"].tolist(), rows["co2e"].tolist(), "here")
    expected = trend.spread * trend.inflation * math.sqrt(2)
    assert float(data["decline"].std()) == pytest.approx(expected, rel=4 / math.sqrt(2 * DRAWS))


def test_a1_a_stated_year_is_counted_where_the_place_is_unless_it_says_otherwise() -> None:
    years = [max(published_years("PL")) + 1]
    stated = lca.Electricity.trajectory("PL", years, model={years[0]: "400 g CO2e/kWh"})
    assert stated.boundary == "at_busbar"
    node = lca.parameter("plan", "400 g CO2e/(kWh at_facility)")
    assert lca.Electricity.trajectory("PL", years, model={years[0]: node}).boundary == "at_facility"


@pytest.mark.parametrize(
    ("place", "publisher"), [("gcp:us-west2", "Google"), ("US-RFCW", "eGRID"), ("aws:us-east-2", "eGRID")]
)
def test_a5_years_to_come_deviate_together_with_the_places_of_their_publisher(place: str, publisher: str) -> None:
    made = lca.Electricity.trajectory(place, [2027], basis="direct")
    shared = {key for key in leaves(made.intensity) if key.endswith(".year-to-year")}
    assert shared == {f"electricity/{publisher}.year-to-year", f"electricity/{made.region}.year-to-year"}


# --- clouds, losses, gases (A4) ---------------------------------------------------------------------------------


def test_the_rounding_of_google_is_half_of_its_last_digit() -> None:
    """Whole grams, or hundredths: a rectangle of half a digit has the standard deviation a / sqrt 3."""
    rows = read("cloud_regions")
    rows = rows[(rows["default"] == 1) & (rows["metric"] == "grid_intensity") & (rows["value"] > 0)]
    halves = {0.5: 0, 0.005: 0}
    for row in rows.to_dict("records"):
        name, year = f"gcp:{row['region']}", int(row["year"])
        made = lca.Electricity.lookup(name, year, basis=row["basis"])
        half = 0.5 if row["value"] == round(row["value"]) else 0.005
        gsd = leaves(made.intensity)[f"electricity/{name}/{year}.intensity"].values[0].gsd
        assert math.log(gsd) == pytest.approx(half / math.sqrt(3) / row["value"], rel=1e-9)
        halves[half] += 1
    assert halves[0.5] > 100


@pytest.mark.parametrize(("cloud", "grid"), [("gcp:us-central1", "US-MROW"), ("gcp:us-west2", "US-CAMX")])
def test_a_cloud_region_loses_what_its_subregion_does_in_the_nearest_year(cloud: str, grid: str) -> None:
    losses = read("egrid_subregion_rates").query(f"region == '{grid}'").set_index("year")["grid_loss"]
    for year in published_years(cloud, basis="direct"):
        loss = lca.Electricity.lookup(cloud, year, basis="direct").grid_loss
        assert value(loss) == pytest.approx(losses[min(year, 2023)] / 100, rel=1e-12)
        assert loss.parameter.source.endswith(f", {grid}")
    france = value(lca.Electricity.lookup("gcp:europe-west9", 2023, basis="direct").grid_loss)
    assert france == value(lca.Electricity.lookup("France", 2023).grid_loss)


def test_a4_the_loss_of_a_country_is_its_mean_where_there_is_one_else_its_latest_year() -> None:
    rows = read("electricity_losses")
    means = rows[rows["measure"] != "year"].set_index("region")["loss"]
    latest = rows[rows["measure"] == "year"].sort_values("year").groupby("region")["loss"].last()
    expected = latest.to_dict() | means.to_dict()
    assert 0 < len(means) < len(expected)
    assert not np.allclose(means, latest[means.index])
    found = 0
    for region, loss in expected.items():
        if region in {"USA", "PRI"} or not (years := published_years(region)):
            continue
        assert value(lca.Electricity.lookup(region, years[-1]).grid_loss) == pytest.approx(loss / 100, rel=1e-12)
        found += 1
    assert found > 120


def test_a4_the_mean_of_a_loss_goes_first_in_whatever_order_the_rows_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = read("electricity_losses")
    monkeypatch.setattr(tables, "read", lambda *_: rows[::-1])
    turned = lookup._losses.__wrapped__()
    assert turned["ARG"]["measure"] == "five-year mean"
    assert {region: row["loss"] for region, row in turned.items()} == {
        region: row["loss"] for region, row in lookup._losses().items()
    }


@pytest.mark.parametrize("place", ["US-RFCW", "US-CAMX", "US"])
def test_a4_what_may_not_be_co2_is_of_a_life_cycle_all_of_its_upstream(place: str) -> None:
    co2, bare, whole = (
        lca.Electricity.lookup(place, 2021, **asked)
        for asked in ({"basis": "direct", "gases": "CO2"}, {"basis": "direct"}, {})
    )
    for made in (bare, whole):
        assert made.other_gases == pytest.approx(1 - value(co2.intensity) / value(made.intensity), rel=1e-9)
    assert whole.other_gases > 5 * bare.other_gases


def test_a4_generation_without_an_upstream_figure_is_named_above_half_a_per_cent() -> None:
    mixes = read("egrid_generation_mix").query("year == 2023")
    missing = (mixes["other_fossil"].fillna(0) + mixes["other_unknown"].fillna(0)).set_axis(mixes["region"])
    named = 0
    for region, percent in missing.items():
        source = lca.Electricity.lookup(region, 2023).source
        said = f"no upstream figure for {percent / 100:.1%} of its generation" in source
        assert said == (percent > 0.5) == ("no upstream figure" in source), region
        named += said
    assert 0 < named < len(missing)


def test_a4_the_largest_change_is_that_of_methane_or_of_nitrous_oxide() -> None:
    """AR5 to AR4 it is N2O, 265 to 298 (methane 28 to 25); AR4 to AR6 fossil methane, 25 to 29.8."""
    assert largest_change("AR5", "AR4") == pytest.approx(298 / 265 - 1, rel=1e-12)
    assert largest_change("AR4", "AR6") == pytest.approx(29.8 / 25 - 1, rel=1e-12)


# --- hours, mixes -------------------------------------------------------------------------------------------------


def test_an_hour_is_the_mean_over_its_days_with_the_error_of_that_mean() -> None:
    """February has 28 days and March 31: months weigh by their days, and errors fall with their number."""
    grid = lca.Electricity.lookup("US-CAMX", 2023)
    made = grid.at_hours([12], shape="CISO", months=[2, 3]).intensity
    (shape,) = (one for key, one in leaves(made).items() if key.startswith("shape/CISO"))
    rows = read("us_diurnal_shape").query("region == 'CISO' and month in (2, 3)").set_index(["hour", "month"])
    days = rows["count"].groupby("hour").sum()
    means = np.array([(rows.loc[h, "shape"] * rows.loc[h, "count"]).sum() / days[h] for h in range(24)])
    errors = np.array([math.sqrt((rows.loc[h, "sd"] ** 2 * rows.loc[h, "count"]).sum()) / days[h] for h in range(24)])
    assert set(days) == {58, 59}  # one night of March lacks an hour
    np.testing.assert_allclose([one.mean for one in shape.values], means / means.mean(), rtol=1e-12)
    np.testing.assert_allclose([one.sd for one in shape.values], errors / means.mean(), rtol=1e-12)
    assert abs(means - rows["shape"].groupby("hour").mean().to_numpy()).max() > 1e-4  # unweighted it would differ


@pytest.mark.parametrize(("unknown", "known"), [(0.04, True), (0.05, True), (0.06, False)])
def test_a13_a_mix_of_which_more_than_5_per_cent_has_no_factor_has_none(unknown: float, known: bool) -> None:
    assert ("water" in factors_of_mix({"coal": 1 - unknown, "other": unknown})) == known
