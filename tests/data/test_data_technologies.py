"""The tables of technologies and of upstream by fuel: what they hold, what is absent, direct plus upstream."""

from __future__ import annotations

import pandas
import pytest

from lca import tables

FUELS = [
    "coal", "gas", "oil", "other_fossil", "nuclear", "hydro", "biomass", "geothermal", "solar", "wind", "other_unknown",
]  # fmt: skip
TO_G_PER_KWH = 453.59237 / 1000  # from lb/MWh


def read(table: str) -> pandas.DataFrame:
    return tables.read("electricity", table)


def test_technologies_of_the_ipcc() -> None:
    ipcc = read("lifecycle_by_technology").query("dataset.str.startswith('IPCC')").set_index("technology")
    assert len(ipcc) == 12
    assert (ipcc["read"] == "cross-checked").all()
    assert ipcc.loc["hydropower", ["minimum", "median", "maximum"]].tolist() == [1, 24, 2200]
    assert ipcc.loc["gas_combined_cycle", ["minimum", "median", "maximum"]].tolist() == [410, 490, 650]
    assert (ipcc["minimum"] < ipcc["median"]).all()
    assert (ipcc["median"] < ipcc["maximum"]).all()


def test_technologies_of_unece() -> None:
    unece = read("lifecycle_by_technology").query("dataset.str.startswith('UNECE')")
    assert unece["scope"].value_counts().to_dict() == {"plant": 20, "range": 6}
    ranges, plants = unece.query("scope == 'range'"), unece.query("scope == 'plant'")
    assert (ranges["minimum"] < ranges["maximum"]).all()
    assert ranges["median"].isna().all()
    assert plants["median"].notna().all()
    assert plants[["minimum", "maximum"]].isna().all().all()


def test_a10_technologies_from_memory_are_absent() -> None:
    found = read("lifecycle_by_technology")
    ipcc = found.query("dataset.str.startswith('IPCC')")["technology"]
    assert not ipcc.str.contains("ccs|ocean").any()
    ranges = found.query("dataset.str.startswith('UNECE') and scope == 'range'")["technology"]
    assert not ranges.str.contains("csp|solar|wind").any()
    assert not found["median"].isin([743, 995, 816]).any()


def test_upstream_of_fossil_fuels_is_a_ratio() -> None:
    upstream = read("upstream_by_fuel").set_index("fuel")
    assert upstream[["ratio", "ratio_low", "ratio_high"]].dropna().T.to_dict("list") == {
        "coal": [0.08, 0.06, 0.12],
        "gas": [0.33, 0.22, 0.45],
        "oil": [0.23, 0.18, 0.28],
    }
    assert upstream["direct"].dropna().to_dict() == {"coal": 760, "gas": 370, "oil": 800}
    assert upstream.loc["oil", "direct_status"] == "assumed"


def test_upstream_of_the_rest_is_the_median_life_cycle() -> None:
    upstream = read("upstream_by_fuel").set_index("fuel")
    assert upstream["upstream"].dropna().to_dict() == {
        "nuclear": 12,
        "hydro": 24,
        "wind": 11,
        "solar": 48,
        "biomass": 230,
        "geothermal": 38,
    }
    given = upstream.dropna(subset="upstream")
    assert (given["upstream_low"] < given["upstream"]).all()
    assert (given["upstream"] < given["upstream_high"]).all()


def test_a10_what_was_not_found_is_missing() -> None:
    upstream = read("upstream_by_fuel").set_index("fuel")
    missing = upstream[upstream["kind"] == "not found"]
    assert missing.index.tolist() == ["other_fossil", "other_unknown"]
    assert missing[["ratio", "direct", "upstream"]].isna().all().all()
    assert set(upstream.index) == set(FUELS)


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2022, 2023])
def test_a4_direct_plus_upstream_of_the_us_is_near_what_others_publish(year: int) -> None:
    """2023: 350 + 72 = 421 g/kWh; Ember, whose coal and gas are lower, has 393."""
    upstream = read("upstream_by_fuel").set_index("fuel")
    per_kwh = upstream["upstream"].fillna(upstream["ratio"] * upstream["direct"]).fillna(0)
    mix = read("egrid_generation_mix").query("region == 'US' and year == @year").iloc[0]
    added = sum(float(mix[fuel]) / 100 * per_kwh[fuel] for fuel in FUELS)
    rates = read("egrid_subregion_rates").query("region == 'US' and year == @year")
    direct = rates["co2e"].item() * TO_G_PER_KWH
    other = read("country_yearly").query("region == 'USA' and year == @year")["co2e"].item()
    assert 0.15 < added / direct < 0.25
    assert 1.0 < (direct + added) / other < 1.10
    if year == 2023:
        assert added == pytest.approx(71.5, abs=1.5)
