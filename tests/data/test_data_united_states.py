"""Electricity of the United States and of clouds: mixes, gases, states, ZIP codes, regions (A4, A10)."""

from __future__ import annotations

import csv
import re
from typing import Any

import pandas
import pytest

from lca import tables

FOLDER = "electricity"
DATA = next(place for place in tables.PLACES if place.is_dir()) / FOLDER
FUELS = [
    "coal",
    "gas",
    "oil",
    "other_fossil",
    "nuclear",
    "hydro",
    "biomass",
    "geothermal",
    "solar",
    "wind",
    "other_unknown",
]


def read(table: str) -> pandas.DataFrame:
    return tables.read(FOLDER, table)


def test_a_mix_for_every_rate() -> None:
    mix, rates = read("egrid_generation_mix"), read("egrid_subregion_rates")
    both = mix.merge(rates, on=["region", "year"], validate="one_to_one", suffixes=("", "_rates"))
    assert len(both) == len(mix) == len(rates)
    assert (both["release"] == both["release_rates"]).all()


def test_a_mix_sums_to_one_hundred_within_its_rounding() -> None:
    """Eleven figures, each rounded to 0.1: at most 0.55 off; in fact 99.8 to 100.4."""
    mix = read("egrid_generation_mix")
    total = mix[FUELS].sum(axis=1).round(1)
    assert (total.min(), total.max()) == (99.8, 100.4)
    assert set(tables.units(FOLDER, "egrid_generation_mix")) == set(FUELS)
    west = mix.query("region == 'US-RFCW'").set_index("year")["coal"]
    assert (west[2016], west[2019], west[2023]) == (49.8, 37.4, 25.0)


@pytest.mark.parametrize(("year", "gwp_set", "regions"), [(2019, "AR4", 28), (2020, "AR4", 28), (2023, "AR5", 18)])
def test_a4_co2e_is_rebuilt_from_its_gases(year: int, gwp_set: str, regions: int) -> None:
    gases = read("egrid_ch4_n2o").query("year == @year")
    both = gases.merge(read("egrid_subregion_rates"), on=["region", "year"], suffixes=("_gases", ""))
    assert len(both) == regions
    assert both["gwp_set"].unique().tolist() == [gwp_set]
    factors = tables.read("characterization", "gwp").query("gwp_set == @gwp_set").set_index("gas")["value"]
    rebuilt = both["co2"] + factors["CH4"] * both["ch4"] + factors["N2O"] * both["n2o"]
    assert (rebuilt - both["co2e"]).abs().max() < 0.3


def test_gases_are_rates_of_their_own_gas() -> None:
    gases = read("egrid_ch4_n2o")
    assert tables.units(FOLDER, "egrid_ch4_n2o") == {
        "ch4": "lb CH4/(MWh at_busbar)",
        "n2o": "lb N2O/(MWh at_busbar)",
    }
    assert gases["year"].value_counts().to_dict() == {2019: 28, 2020: 28, 2023: 18}
    assert gases["ch4"].between(0.01, 0.3).all()
    assert gases["n2o"].between(0.001, 0.04).all()


def test_states() -> None:
    states = read("egrid_state_co2e")
    assert states.groupby("year").size().to_dict() == {2018: 51, 2019: 52, 2020: 52, 2021: 52, 2023: 52}
    assert states.query("region != 'US'")["region"].str.fullmatch("US-[A-Z]{2}").all()
    assert states.query("region == 'US-PR'")["year"].tolist() == [2019, 2020, 2021]
    assert states["co2e"].between(30, 2100).all()
    assert states.loc[states["co2e"].idxmin(), "region"] == "US-VT"
    assert states.loc[states["co2e"].idxmax(), "region"] == "US-WY"


def test_a4_states_have_the_gwp_set_of_the_subregions_of_their_year() -> None:
    tags = ["year", "gwp_set", "gwp_status", "release"]
    states = read("egrid_state_co2e")[tags].drop_duplicates()
    rates = read("egrid_subregion_rates")[tags].drop_duplicates()
    assert states.merge(rates).equals(states.reset_index(drop=True))


def test_revision_1_of_egrid2023_is_in_no_table() -> None:
    """The US row of the states is that of revision 2."""
    states = read("egrid_state_co2e").query("region == 'US' and year == 2023")
    rates = read("egrid_subregion_rates").query("region == 'US' and year == 2023")
    assert states["co2e"].item() == rates["co2e"].item() == 770.884
    for table in ("egrid_state_co2e", "egrid_ch4_n2o", "egrid_generation_mix", "egrid_subregion_rates"):
        here = read(table).query("year == 2023")
        assert here["release"].unique().tolist() == ["eGRID2023 rev2"]
        assert not here["source"].str.contains("rev1|f42f155").any()


def test_egrid2024_is_absent() -> None:
    for table in ("egrid_state_co2e", "egrid_ch4_n2o", "egrid_generation_mix", "egrid_subregion_rates"):
        assert read(table)["year"].max() == 2023


# ZIP codes


@pytest.fixture(scope="module")
def zips() -> pandas.DataFrame:
    return read("zip_to_subregion").set_index("zip")


def test_a_zip_code_is_a_text(zips: pandas.DataFrame) -> None:
    assert len(zips) == 41588
    assert zips.index.is_unique
    assert all(re.fullmatch("[0-9]{5}", code) for code in zips.index)
    assert zips.loc["02139", "region"] == "US-NEWE"
    assert (zips.index.str[0] == "0").sum() > 3000


def test_places_of_zip_codes(zips: pandas.DataFrame) -> None:
    some = {"15213": "US-RFCW", "94305": "US-CAMX", "10001": "US-NYCW", "96801": "US-HIOA", "00901": "US-PRMS"}
    assert zips.loc[list(some), "region"].to_dict() == some


def test_subregions_of_zip_codes_have_rates(zips: pandas.DataFrame) -> None:
    regions = set(read("egrid_subregion_rates")["region"]) - {"US"}
    assert set(zips["region"]) == regions
    others = zips.loc[zips["other_regions"] != "", "other_regions"].str.split(" ")
    assert len(others) == 41588 - 38625
    assert set(others.explode()) <= regions
    assert all(zips.loc[code, "region"] not in other for code, other in others.items())


# clouds


def test_a10_only_a_providers_own_publication_is_a_default() -> None:
    clouds = read("cloud_regions")
    assert (clouds["default"].eq(1) == clouds["dataset"].eq("google")).all()
    assert clouds.query("default == 1")["provider"].unique().tolist() == ["gcp"]
    assert clouds.groupby("dataset").size().to_dict() == {"ccf": 73, "google": 391}
    assert set(clouds["provider"]) == {"aws", "azure", "gcp"}


def test_a4_googles_intensity_is_two_series() -> None:
    google = read("cloud_regions").query("dataset == 'google' and metric == 'grid_intensity'")
    series = google.groupby(["series", "basis"])["year"].unique().map(sorted)
    assert series.to_dict() == {
        ("google life cycle, 2019 and 2020", "life cycle"): [2019, 2020],
        ("google operational, from 2021", "direct"): [2021, 2022, 2023, 2024],
    }
    paris = google.query("region == 'europe-west9' and year == 2024")
    assert (paris["value"].item(), paris["unit"].item()) == (16.3, "g CO2e/kWh")


def test_figures_of_clouds_are_plausible() -> None:
    clouds = read("cloud_regions")
    spans = clouds.groupby("metric")["value"].agg(["min", "max"]).T.to_dict("list")
    assert set(spans) == {"grid_intensity", "carbon_free_share_hourly"}
    assert spans["grid_intensity"] == [0, 928]
    assert 0 <= spans["carbon_free_share_hourly"][0] < spans["carbon_free_share_hourly"][1] <= 1


def test_q3_figures_of_clouds_say_their_units() -> None:
    clouds = read("cloud_regions")
    assert clouds.groupby("metric")["unit"].unique().map(list).to_dict() == {
        "carbon_free_share_hourly": ["1"],
        "grid_intensity": ["g CO2e/kWh"],
    }


def test_a10_doubtful_figures_of_clouds_are_flagged() -> None:
    clouds = read("cloud_regions")
    assert (clouds["value"].eq(0) == clouds["flag"].eq("zero")).all()
    assert clouds.query("flag == 'misprint'")["region"].tolist() == ["finlandcentral", "germanywestcentral"]
    assert clouds["year"].isna().equals(clouds["dataset"].eq("ccf"))


def test_googles_shares_as_others_copied_them_are_absent() -> None:
    shares = read("cloud_regions").query("provider == 'gcp' and metric.str.startswith('carbon_free')")
    assert shares["dataset"].unique().tolist() == ["google"]


# the shape of the day


def test_the_shape_of_the_day_has_the_mean_one() -> None:
    shape = read("us_diurnal_shape")
    assert shape.groupby("region").size().to_dict() == dict.fromkeys(
        ["BPAT", "CISO", "ERCO", "MISO", "NYIS", "PJM"], 288
    )
    for region, here in shape.groupby("region"):
        assert (here["shape"] * here["count"]).sum() / here["count"].sum() == pytest.approx(1, abs=1e-5), region


@pytest.mark.parametrize(("region", "ratio"), [("CISO", 1.76), ("ERCO", 1.19), ("PJM", 1.07)])
def test_peak_and_trough_of_the_mean_day(region: str, ratio: float) -> None:
    here = read("us_diurnal_shape").query("region == @region")
    day = (here["shape"] * here["count"]).groupby(here["hour"]).sum() / here.groupby("hour")["count"].sum()
    assert day.max() / day.min() == pytest.approx(ratio, abs=0.01)


# what the files say is what is read


@pytest.mark.parametrize("table", ["country_yearly", "country_shares", "egrid_generation_mix", "egrid_state_co2e"])
def test_published_digits_are_kept(table: str) -> None:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        rows: list[dict[str, Any]] = list(csv.DictReader(lines))
    assert all("e" not in row.get("co2e", "").lower() for row in rows)
    assert not any(re.search(r"\d\.\d{5,}", cell) for row in rows for cell in row.values())


def test_nothing_says_where_it_was_made() -> None:
    """No path of a machine; addresses are those of publishers."""
    for file in sorted(DATA.glob("*.*")):
        content = file.read_text(encoding="utf-8")
        assert not re.search(r"/(home|root|tmp|Users)/", content), file.name
