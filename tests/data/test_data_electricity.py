"""The tables of countries, mixes, losses, technologies, ZIP codes and clouds: sums, ranges, tags, what is absent."""

from __future__ import annotations

import json
import re

import pandas
import pytest

from lca import tables
from lca.units.parse import parse_unit

FOLDER = "electricity"
DATA = next(place for place in tables.PLACES if place.is_dir()) / FOLDER
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {one["name"]: one for one in PACKAGE["resources"]}
NEW = {
    "cloud_places": 115,
    "cloud_regions": 464,
    "country_shares": 5691,
    "country_yearly": 6332,
    "datacentres": 23,
    "egrid_ch4_n2o": 74,
    "egrid_generation_mix": 194,
    "egrid_state_co2e": 259,
    "electricity_losses": 160,
    "lifecycle_by_technology": 38,
    "place_names": 242,
    "regions": 239,
    "spreads": 18,
    "state_subregions": 118,
    "technology_water_and_energy": 18,
    "upstream_by_fuel": 11,
    "us_diurnal_shape": 1728,
    "us_states": 52,
    "zip_to_subregion": 41588,
}
BUSBAR = ["production", "average", "location-based", "busbar"]
SHARES = ["coal", "gas", "oil", "nuclear", "hydro", "solar", "wind", "other_renewables"]


def read(table: str) -> pandas.DataFrame:
    return tables.read(FOLDER, table)


# every table


@pytest.mark.parametrize(("table", "rows"), NEW.items())
def test_a10_a_table_is_complete_and_says_where_it_comes_from(table: str, rows: int) -> None:
    frame, resource = read(table), RESOURCES[table]
    assert len(frame) == rows
    assert not frame.duplicated(resource["schema"]["primaryKey"]).any()
    assert all(source["title"] for source in resource["sources"])
    assert all(licence["name"] and licence["title"] for licence in resource["licenses"])
    assert not frame[["status", "source", "licence"]].eq("").any().any()
    memory = frame["source"].str.contains("memory|unverified")
    assert table == "technology_water_and_energy" or not memory.any()
    assert (frame.loc[memory, "status"] == "assumed").all()


@pytest.mark.parametrize("table", NEW)
def test_a10_the_entry_follows_the_standard(table: str) -> None:
    resource = RESOURCES[table]
    assert resource["path"] == f"{table}.csv"
    assert resource["title"]
    assert resource["description"]
    names = [field["name"] for field in resource["schema"]["fields"]]
    assert len(names) == len(set(names))
    assert set(resource["schema"]["primaryKey"]) <= set(names)
    for field in resource["schema"]["fields"]:
        assert re.fullmatch("[a-z][a-z0-9_]*", field["name"])
        assert set(field) <= {"name", "type", "description", "unit", "missingValues", "constraints"}
        assert set(field["constraints"]) <= {"required", "enum", "minimum", "maximum"}


@pytest.mark.parametrize("table", NEW)
def test_q1_every_unit_can_be_read(table: str) -> None:
    found = list(tables.units(FOLDER, table).values())
    frame = read(table)
    found += list(frame["unit"].unique()) if "unit" in frame else []
    for unit in found:
        assert parse_unit(unit)


NO_FIGURES = {"regions", "zip_to_subregion", "cloud_places", "us_states", "place_names", "state_subregions"}


@pytest.mark.parametrize("table", sorted(set(NEW) - NO_FIGURES))
def test_a4_a_figure_says_its_release_and_what_is_known_of_its_spread(table: str) -> None:
    frame = read(table)
    assert frame["uncertainty"].ne("").all()
    assert frame["release"].ne("").all()


@pytest.mark.parametrize(
    ("table", "basis"),
    [
        ("country_yearly", "life cycle"),
        ("lifecycle_by_technology", "life cycle"),
        ("us_diurnal_shape", "life cycle"),
        ("egrid_ch4_n2o", "direct"),
        ("egrid_state_co2e", "direct"),
    ],
)
def test_a4_every_factor_says_what_it_is(table: str, basis: str) -> None:
    tags = read(table)[["basis", "mix", "averaging", "accounting", "boundary"]].drop_duplicates()
    assert tags.values.tolist() == [[basis, *BUSBAR]]


# countries


def test_a4_a_country_is_life_cycle_at_the_busbar_in_co2e() -> None:
    countries = read("country_yearly")
    assert tables.units(FOLDER, "country_yearly") == {
        "co2e": "g CO2e/(kWh at_busbar)",
        "generation": "TWh at_busbar",
    }
    tags = countries[["gases", "gwp_set", "gwp_status"]].drop_duplicates()
    assert tags.values.tolist() == [["CO2e", "AR5", "second-hand"]]


def test_a10_zeros_are_kept_and_flagged() -> None:
    """6,310 country-years above zero; the 22 zeros cannot be true, for no grid is free of emissions."""
    countries = read("country_yearly")
    assert countries["co2e"].notna().all()
    zeros = countries[countries["co2e"] == 0]
    assert (len(countries) - len(zeros), len(zeros)) == (6310, 22)
    assert zeros.groupby("region").size().to_dict() == {"BDI": 11, "CAF": 11}
    assert countries["flag"].value_counts().to_dict() == {
        "none": 4833,
        "small_generation": 1477,
        "false_zero": 22,
    }
    assert (countries["flag"].eq("false_zero") == countries["co2e"].eq(0)).all()


def test_a10_small_generation_is_flagged() -> None:
    countries = read("country_yearly").dropna(subset="generation")
    small = countries["generation"] < 1
    assert (countries["flag"].ne("none") == small).all()


def test_figures_of_countries_are_plausible() -> None:
    """Between hydropower with the rounding of half a TWh and Turkmenistan's gas."""
    countries = read("country_yearly").query("co2e > 0")
    assert countries["co2e"].between(17, 1307).all()
    large = countries.query("generation >= 1")
    assert large["co2e"].between(19, 1307).all()
    assert large.loc[large["co2e"].idxmax(), "region"] == "TKM"
    world = countries.query("region == 'OWID_WRL'").set_index("year")["co2e"]
    assert world.between(440, 560).all()


@pytest.mark.parametrize(
    ("region", "year", "co2e"),
    [("USA", 2023, 392.89), ("FRA", 2023, 53.26), ("POL", 2023, 650.68), ("OWID_EU27", 2023, 235.842)],
)
def test_figures_of_countries(region: str, year: int, co2e: float) -> None:
    here = read("country_yearly").query("region == @region and year == @year")
    assert here["co2e"].tolist() == [co2e]


def test_a5_the_years_and_places_there_are() -> None:
    countries, places = read("country_yearly"), read("regions")
    both = countries.merge(places, on="region", validate="many_to_one")
    assert len(both) == len(countries)
    assert both.groupby("is_aggregate")["region"].nunique().to_dict() == {0: 214, 1: 24}
    assert (countries["year"].min(), countries["year"].max()) == (1990, 2025)
    assert countries.query("year < 2000")["region"].nunique() == 33


def test_shares_sum_to_one_hundred() -> None:
    """Biofuel is inside other renewables, and is not added to them."""
    shares = read("country_shares")
    assert (shares[SHARES].sum(axis=1) - 100).abs().max() < 0.01
    both = shares.dropna(subset=["biofuel", "other_renewables"])
    assert (both["biofuel"] <= both["other_renewables"] + 0.001).all()
    assert both["biofuel"].sum() > 0.5 * both["other_renewables"].sum()


def test_shares_of_groups_of_fuels_are_their_sums() -> None:
    shares = read("country_shares")
    fossil = shares[["coal", "gas", "oil"]].dropna().sum(axis=1)
    assert (fossil - shares["fossil"]).abs().max() < 0.01
    assert (shares["fossil"] + shares["low_carbon"] - 100).abs().max() < 0.01
    low = shares["renewables"] + shares["nuclear"].fillna(0)
    assert (low - shares["low_carbon"]).abs().max() < 0.01


def test_shares_belong_to_country_years() -> None:
    """615 rows of groups and 26 of Kosovo have no shares."""
    shares, countries = read("country_shares"), read("country_yearly")
    both = shares.merge(countries, on=["region", "year"], validate="one_to_one", suffixes=("", "_yearly"))
    assert len(both) == len(shares)
    assert (both["flag"] == both["flag_yearly"]).all()
    left = countries.merge(shares[["region", "year"]], on=["region", "year"], how="left", indicator=True)
    without = left[left["_merge"] == "left_only"].merge(read("regions"), on="region")
    assert without.groupby("is_aggregate").size().to_dict() == {0: 26, 1: 615}
    assert without.query("is_aggregate == 0")["region"].unique().tolist() == ["XKX"]


# places


def test_namibia_is_a_place_and_not_a_missing_value() -> None:
    places = read("regions").set_index("region")
    assert places.loc["NAM", ["iso2", "iso3", "name"]].tolist() == ["NA", "NAM", "Namibia"]
    assert places.index[places["iso2"] == "NA"].tolist() == ["NAM"]
    assert "NAM,NA,NAM,Namibia" in (DATA / "regions.csv").read_text(encoding="utf-8")
    assert (read("country_yearly")["region"] == "NAM").sum() == 25


def test_codes_of_countries() -> None:
    places = read("regions")
    countries, groups = places[places["is_aggregate"] == 0], places[places["is_aggregate"] == 1]
    assert (len(countries), len(groups)) == (215, 24)
    assert countries["iso2"].str.fullmatch("[A-Z]{2}").all()
    assert countries["iso3"].str.fullmatch("[A-Z]{3}").all()
    assert countries["iso2"].is_unique
    assert places["name"].is_unique
    assert (countries["iso3"] == countries["region"]).all()
    assert groups[["iso2", "iso3"]].eq("").all().all()
    assert groups["region"].str.match("OWID_|EMBER_").all()
    known = dict(zip(countries["iso3"], countries["iso2"], strict=True))
    some = {"DEU": "DE", "CHE": "CH", "GBR": "GB", "DNK": "DK", "SWZ": "SZ", "COD": "CD", "COG": "CG", "XKX": "XK"}
    assert {code: known[code] for code in some} == some


# losses


def test_losses_of_countries() -> None:
    losses, places = read("electricity_losses"), read("regions")
    assert set(losses["region"]) <= set(places.query("is_aggregate == 0")["region"])
    yearly = losses.query("measure == 'year'")
    assert yearly["year"].value_counts().to_dict() == {2022: 79, 2023: 70, 2014: 1}
    assert yearly.query("year == 2014")["region"].tolist() == ["XKX"]
    assert (yearly["first_year"] == yearly["year"]).all()
    assert yearly["loss"].between(0.2, 60).all()
    means = losses.query("measure == 'five-year mean'")
    assert len(means) == 10
    assert (means["year"] - means["first_year"] == 4).all()
    assert tables.units(FOLDER, "electricity_losses") == {"loss": "percent", "other_loss": "percent"}


def test_a10_doubtful_losses_are_flagged() -> None:
    losses = read("electricity_losses")
    assert (losses["loss"] > 25).equals(losses["flag"].str.contains("theft_likely|not_physical"))
    assert (losses["loss"] < 1).equals(losses["flag"].eq("too_low"))
    assert set(losses.loc[losses["flag"] == "importer", "region"]) == {"EST", "LTU"}
    assert (losses["year"] < 2022).equals(losses["flag"].eq("old"))


def test_losses_in_another_source_are_higher_on_average() -> None:
    both = read("electricity_losses").dropna(subset="other_loss")
    assert (both["measure"] == "year").all()
    assert (both["other_loss"] - both["loss"]).mean() == pytest.approx(3.2, abs=0.2)
    india = both.query("region == 'IND'")
    assert (round(india["loss"].item(), 1), round(india["other_loss"].item(), 1)) == (14.2, 23.9)
