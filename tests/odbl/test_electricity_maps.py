"""Electricity Maps, of lca-data-odbl: its zones, what repeats, how it differs from Ember, and the comparison."""

from __future__ import annotations

import numpy as np
import pandas
import pytest

import lca
from lca import tables
from lca.errors import MissingError

if not tables.is_there("electricity_maps"):
    pytest.skip("lca-data-odbl is not installed", allow_module_level=True)


def read(table: str) -> pandas.DataFrame:
    return tables.read("electricity", table)


def maps() -> pandas.DataFrame:
    return tables.read("electricity_maps", "consumption_yearly")


def test_electricity_maps_is_a_package_of_its_own_under_its_own_licence() -> None:
    zones = maps()
    assert len(zones) == 1760
    assert zones["zone"].nunique() == 352
    assert zones.groupby("zone")["year"].agg(list).map(tuple).unique().tolist() == [(2021, 2022, 2023, 2024, 2025)]
    assert zones["licence"].eq("ODbL-1.0").all()
    assert not any("Electricity Maps" in str(read(name)["source"].unique()) for name in ("country_yearly", "regions"))
    at = zones.set_index(["zone", "year"])["co2e"]
    assert [at[zone, 2023] for zone in ("US", "FR", "NA", "US-TEX-ERCO")] == [420, 49, 43, 394]


def test_a10_what_repeats_one_value_is_flagged() -> None:
    zones = maps()
    same = zones.groupby("zone")["co2e"].transform("nunique").eq(1)
    assert (zones["flag"] == "one_for_all_years").sum() == same.sum() == 65
    assert (zones["flag"].eq("one_for_all_years") == same).all()


def test_a_zone_is_our_place_where_the_areas_coincide() -> None:
    known = maps().drop_duplicates("zone").set_index("zone")["region"]
    assert (known["NA"], known["FR"], known["US"], known["US-CAL-CISO"]) == ("NAM", "FRA", "US", "US-CAMX")
    assert known[["US-MIDA-PJM", "DE-LU" if "DE-LU" in known else "US-TEN-TVA"]].eq("").all()
    named = known[known != ""]
    assert named.is_unique
    assert set(named) <= set(read("regions")["region"]) | set(read("egrid_subregion_rates")["region"])


def test_what_a_place_errs_stays_the_same_from_year_to_year() -> None:
    """Publishers that differ on a country go on differing."""
    compared = maps().query("year < 2025 and region != ''")
    both = compared.merge(tables.read("electricity", "country_yearly"), on=["region", "year"], suffixes=("_b", ""))
    both = both[(both["co2e"] > 20) & (both["co2e_b"] > 20)]
    ratios = np.log(both["co2e_b"] / both["co2e"]).groupby([both["region"], both["year"]]).mean().unstack().dropna()
    between, within = ratios.mean(axis=1).var(), ratios.var(axis=1).mean()
    assert between / (between + within) == pytest.approx(0.85, abs=0.005)


def test_the_comparison_of_sources_has_electricity_maps() -> None:
    found = lca.compare_sources("US", 2023).set_index("source")
    row = found.loc["Electricity Maps (US)"]
    assert (row["value"], row["mix"], row["basis"]) == (420, "consumption", "life cycle")
    assert row["relative"] == pytest.approx(0.99, abs=5e-3)
    assert np.isnan(row["delivered"])
    names = list(lca.compare_sources("gcp:us-south1", 2022)["source"])
    assert names[-1] == "Electricity Maps (US-TEX-ERCO)"


def test_without_the_distribution_the_comparison_lacks_that_row_and_a_reading_says_what_to_install() -> None:
    with lca.using_data(installed=False):
        assert not lca.compare_sources("US", 2023)["source"].str.startswith("Electricity Maps").any()
        with pytest.raises(MissingError, match="not installed(.|\n)*pip install lca-data-odbl"):
            tables.read("electricity_maps", "consumption_yearly")
