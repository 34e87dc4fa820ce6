"""The tables of clouds, data centres, water and energy, and the spreads: figures and flags."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import median

import numpy as np
import pandas
import pytest
from scipy import stats

import lca
from lca import tables
from lca.electricity.lookup import published_years
from lca.electricity.places import find_place, stand_in
from lca.electricity.water_and_primary_energy import factors_of_mix

TO_G_PER_KWH = 453.59237 / 1000  # from lb/MWh
FUELS = {"coal", "gas", "oil", "nuclear", "hydro", "wind", "solar", "biomass", "geothermal"}
Figures = dict[tuple[str, int], float]


def read(table: str) -> pandas.DataFrame:
    return tables.read("electricity", table)


def spread(applies_to: str, what: str, against: str) -> pandas.Series:
    rows = read("spreads").set_index(["applies_to", "what", "against"])
    return rows.loc[applies_to, what, against]


def figures(frame: pandas.DataFrame, value: str = "co2e", scale: float = 1.0) -> Figures:
    frame = frame.dropna(subset=value)
    return {(r, int(y)): v * scale for r, y, v in zip(frame["region"], frame["year"], frame[value], strict=True)}


# clouds


def test_every_cloud_region_has_a_place_that_a_look_up_knows() -> None:
    regions, places = read("cloud_regions"), read("cloud_places")
    pairs = [set(zip(frame["provider"], frame["region"], strict=True)) for frame in (regions, places)]
    assert pairs[0] < pairs[1]
    assert places["provider"].value_counts().to_dict() == {"gcp": 44, "azure": 38, "aws": 33}
    for provider, region in pairs[1]:
        grid = stand_in(find_place(f"{provider}:{region}"))
        assert 2023 in published_years(grid.region)


def test_a_place_in_the_united_states_is_that_of_its_zip_code() -> None:
    places, zips = read("cloud_places"), read("zip_to_subregion").set_index("zip")
    home = places[places["zip"] != ""]
    assert len(home) == 27
    assert (home["place"].to_numpy() == zips.loc[home["zip"], "region"].to_numpy()).all()
    several = zips.loc[home["zip"], "other_regions"].to_numpy() != ""
    assert (home["status"][several] == "assumed").all()
    assert (places["note"].eq("none") == places["status"].eq("dataset")).all()
    assert places.query("place == 'CAN'")["status"].eq("assumed").all()  # Montreal is not the mean of Canada


def test_pue_of_entities_and_the_disagreements_about_years() -> None:
    found = read("datacentres")
    assert found.groupby("metric")["unit"].unique().map(list).to_dict() == {
        "pue": ["at_facility/at_wall"],
        "wue": ["L/(kWh at_wall)"],
    }
    assert found.query("metric == 'pue'")["value"].between(1, 2.5).all()
    flagged = found[found["flag"] != "none"].groupby("flag")["year"].agg(list).to_dict()
    assert flagged == {"best_site": [2023], "restated": [2020], "two_figures": [2011, 2011], "two_years": [2013, 2014]}
    assert found.query("flag == 'two_figures'")["value"].tolist() == [1.98, 1.8]


# water and primary energy


def test_water_of_technologies_is_that_of_the_publication_in_litres() -> None:
    water = read("technology_water_and_energy").query("quantity == 'water_consumption'").set_index("technology")
    assert set(water.index) == FUELS
    gallons = (water["value"] * 1000 / 3.785411784).round(0).astype(int).to_dict()
    assert gallons == {
        "biomass": 553,
        "coal": 687,
        "gas": 205,
        "geothermal": 270,
        "hydro": 4491,
        "nuclear": 672,
        "oil": 826,
        "solar": 1,
        "wind": 0,
    }
    both = water.dropna(subset=["low", "high"])
    assert ((both["low"] <= both["value"]) & (both["value"] <= both["high"])).all()
    assert water["flag"].to_dict()["hydro"] == "reservoir_evaporation"
    assert water["status"].ne("dataset").to_dict() == {fuel: fuel == "oil" for fuel in water.index}


def test_primary_energy_is_the_physical_energy_content() -> None:
    energy = read("technology_water_and_energy").query("quantity == 'primary_energy'").set_index("technology")
    assert set(energy.index) == FUELS
    assert energy.loc[["hydro", "wind", "solar"], "value"].tolist() == [1, 1, 1]
    assert energy.loc[["nuclear", "geothermal"], "value"].tolist() == pytest.approx([1 / 0.33, 10], rel=1e-5)
    burnt = energy.loc[["coal", "gas", "oil", "biomass"]]
    assert burnt["status"].eq("assumed").all()
    assert burnt["source"].str.startswith("from memory, unverified [").all()
    assert (burnt["low"] < burnt["value"]).all()
    assert (burnt["value"] < burnt["high"]).all()
    assert energy.loc["geothermal", "status"] == "assumed"


@pytest.mark.parametrize("quantity", ["water", "primary_energy"])
def test_u4_a_factor_of_a_technology_has_its_median_and_its_ends(quantity: str) -> None:
    """90 % between low and high; hydro's low of 0 is mirrored, and beyond the highest kind lie 30 %."""
    rows = read("technology_water_and_energy").set_index(["quantity", "technology"])
    rows = rows.loc[{"water": "water_consumption"}.get(quantity, quantity)].query("low < high")
    found = 0
    for technology, row in rows.iterrows():
        parameter = factors_of_mix({str(technology): 1.0})[quantity].inputs[0].parameter
        ends = parameter.values[0].ppf(np.array([0.05, 0.5, 0.95]))
        low = row["low"] or row["value"] ** 2 / row["high"]
        high = row["high"] if row["high"] > row["value"] else 1.3 * row["value"]
        np.testing.assert_allclose(ends, [low, row["value"], high], rtol=1e-9, err_msg=str(technology))
        assert parameter.values[0].nominal == row["value"]
        assert "90% of the probability, assumed" in parameter.source
        assert ("low of 0" in parameter.source) == (row["low"] == 0)
        assert ("a factor of 1.3" in parameter.source) == (row["high"] == row["value"])
        found += 1
    assert found == {"water": 7, "primary_energy": 4}[quantity]


def test_u5_half_of_the_draws_of_norways_water_lie_above_its_nominal_value() -> None:
    water = lca.Electricity.lookup("Norway", 2023, categories=("water",)).categories["water"]
    draws = lca.monte_carlo(water, draws=10_000, progress=False).data["value"].to_numpy()
    above = (draws > float(lca.nominal(water).data["value"])).mean()
    assert above == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(10_000))


# spreads


def log_ratios(one: Mapping[tuple[str, int], float], other: Mapping[tuple[str, int], float]) -> list[float]:
    return [math.log(one[at] / other[at]) for at in one if at in other and min(one[at], other[at]) > 20]


def recomputed(values: list[float]) -> tuple[float, float]:
    """(common, own) geometric standard deviations of two equally uncertain sources."""
    middle = median(values)
    own = 1.4826 * median(abs(value - middle) for value in values)
    return math.exp(abs(middle) / math.sqrt(2)), math.exp(own / math.sqrt(2))


@pytest.mark.parametrize(("applies_to", "against"), [("Ember life cycle", "Google"), ("eGRID direct", "Google")])
def test_a_spread_between_sources_is_that_of_the_shipped_tables(applies_to: str, against: str) -> None:
    if applies_to == "eGRID direct":
        mine = figures(read("egrid_subregion_rates"), scale=TO_G_PER_KWH)
        google = read("cloud_regions").query("default == 1 and metric == 'grid_intensity' and basis == 'direct'")
        google = google.assign(region=google["region"].map({"us-south1": "US-ERCT", "us-west2": "US-CAMX"}))
        other = figures(google.dropna(subset="region"), "value")
    else:
        single = read("regions").query("is_aggregate == 0")["region"]
        yearly = read("country_yearly").query("flag == 'none' and year <= 2024")
        mine = figures(yearly[yearly["region"].isin(single)])
        places = read("cloud_places").query("provider == 'gcp' and status == 'dataset' and place.str.len() == 3")
        google = read("cloud_regions").query("default == 1 and metric == 'grid_intensity' and basis == 'life cycle'")
        google = google.assign(region=google["region"].map(places.set_index("region")["place"]))
        other = figures(google.dropna(subset="region"), "value")
    values = log_ratios(mine, other)
    for part, gsd in zip(("common", "residual"), recomputed(values), strict=True):
        row = spread(applies_to, f"{part} between sources", against)
        assert row["gsd"] == pytest.approx(gsd, abs=6e-5)
        assert row["count"] == len(values)
        assert row["ratio"] == pytest.approx(math.exp(median(values)), abs=6e-5)


def test_a10_a_spread_says_its_degrees_of_freedom_and_what_is_no_uncertainty_is_its_method() -> None:
    """One median has one, two have two; what lies within a spread belongs to how it was computed."""
    rows = read("spreads")
    common = rows[rows["what"] == "common between sources"]
    freedom = common["uncertainty"].str.extract(r"so (one|two) degrees? of freedom", expand=False)
    assert freedom.tolist() == ["two" if against == "all" else "one" for against in common["against"]]
    for words, degrees in (("one", 1), ("two", 2)):
        low, high = np.sqrt(degrees / stats.chi2.ppf([0.95, 0.05], degrees))
        said = common["uncertainty"][freedom == words].str.extract(r"within ([\d.]+) to ([\d.]+)").astype(float)
        np.testing.assert_allclose(said.to_numpy(), [[low, high]] * len(said), rtol=0.05)
    assert not rows["uncertainty"].str.contains("trade|upstream").any()
    grid = rows.query("applies_to == 'eGRID life cycle' and against == 'Ember'")
    assert grid["method"].str.contains("the spread of upstream is partly within").all()


def detrended(values: pandas.Series) -> np.ndarray:
    line = np.polyfit(values.index, np.log(values), 1)
    return np.log(values) - np.polyval(line, values.index)


def test_a5_the_years_of_one_subregion_about_their_trend() -> None:
    """RFCW, CO2e 2018 to 2023: sd 8.4 %, of which 4.5 % about a trend of -3.9 % a year."""
    rates = read("egrid_subregion_rates").query("region == 'US-RFCW' and co2e > 0").set_index("year")["co2e"]
    logs = np.log(rates)
    assert len(rates) == 6
    assert logs.std(ddof=1) == pytest.approx(0.084, abs=5e-4)
    assert np.polyfit(rates.index, logs, 1)[0] == pytest.approx(-0.039, abs=5e-4)
    left = detrended(rates)
    assert math.sqrt((left**2).sum() / 4) == pytest.approx(0.045, abs=5e-4)


def test_a5_years_split_into_a_common_and_an_own_part() -> None:
    """The two parts together are the pooled scatter about the trends, by another way than the script's."""
    rates = read("egrid_subregion_rates").query("region != 'US' and co2e > 0")
    table = rates.pivot(index="year", columns="region", values="co2e").dropna(axis="columns")
    left = pandas.DataFrame({name: detrended(table[name]) for name in table}).to_numpy()
    years, places = left.shape
    own = ((left - left.mean(axis=1, keepdims=True)) ** 2).sum() / ((years - 2) * (places - 1))
    common = (left.mean(axis=1) ** 2).sum() / (years - 2) - own / places
    found = {
        part: math.log(spread("eGRID direct", f"year to year about a trend, {part}", "none")["gsd"])
        for part in ("common", "residual")
    }
    # Puerto Rico, with five years, is in the script's figures only
    assert found["residual"] == pytest.approx(math.sqrt(own), rel=0.05)
    assert found["common"] == pytest.approx(math.sqrt(common), rel=0.05)


def test_a10_each_part_that_look_ups_use_is_there_once() -> None:
    used = read("spreads").query("default == 1")
    assert not used.duplicated(["applies_to", "what"]).any()
    for name in ("eGRID direct", "eGRID life cycle", "Ember life cycle", "Google operational", "Google life cycle"):
        assert f"{name}: common between sources" in set(used["applies_to"] + ": " + used["what"])
    assert used["gsd"].between(1.01, 1.25).all()
    assert spread("eGRID direct", "revision of a release", "none")["gsd"] == pytest.approx(916.1 / 912.5, abs=1e-4)
    parts = [math.log(spread("Ember life cycle", "common between sources", one)["gsd"]) for one in ("Google", "eGRID")]
    whole = math.log(spread("Ember life cycle", "common between sources", "all")["gsd"])
    assert whole == pytest.approx(math.sqrt(sum(part**2 for part in parts) / 2), abs=1e-4)
