"""Stated intensities: above any fuel, far from the tables, CO2 alone; and one place with two accounts (A4, A9, U1)."""

from __future__ import annotations

from typing import Any

import pytest

import lca
from lca.electricity.plausible import co2_only_bound, compared_with_tables
from lca.errors import DomainError

OUT = dict.fromkeys(
    ("development", "manufacturing", "distribution", "use", "end_of_life"), lca.outside_goal("training only")
)


def stated(value: Any, **tags: Any) -> lca.Electricity:
    return lca.Electricity(intensity=value, at="facility", **tags)


@pytest.mark.parametrize(
    ("value", "reached"),
    [
        ("400 kg CO2e/kWh", "400"),
        ("3.1 kg CO2/kWh", "3.1"),
        (lca.Uniform("0.1 kg CO2e/kWh", "4 kg CO2e/kWh"), "4"),
        (lca.Lognormal("0.9 kg CO2e/kWh", 2.4), "6.8"),
        (lca.Normal("2.9 kg CO2e/kWh", "0.3 kg CO2e/kWh"), "3.59"),
    ],
)
def test_a4_an_intensity_above_any_fuel_raises_and_says_both_figures(value: Any, reached: str) -> None:
    with pytest.raises(DomainError, match="above what any fuel gives") as caught:
        stated(value)
    assert caught.value.sides[0].startswith(f"given, or reached: {reached}")
    assert caught.value.sides[1] == "at most: 3 kg/kWh"


@pytest.mark.parametrize("value", ["3 kg CO2e/kWh", "1.5 kg CO2e/kWh", lca.Lognormal("0.9 kg CO2e/kWh", 1.4)])
def test_a4_what_a_power_station_can_emit_is_accepted(value: Any) -> None:
    assert stated(value).gases == "CO2e"


def test_a4_an_expression_above_any_fuel_raises_where_it_is_compared() -> None:
    tenfold = stated(lca.parameter("x", "0.4 kg CO2e/(kWh at_facility)") * 10, region="our grid")
    with pytest.raises(DomainError, match="above what any fuel gives(.|\n)*4 kg/kWh"):
        compared_with_tables(tenfold)


@pytest.mark.parametrize(
    ("value", "tags", "said"),
    [
        ("0.4 kg CO2e/kWh", {"region": "France", "year": 2023}, "7.5 times our own figure for FRA in 2023, 53.3 g"),
        ("0.1 kg CO2e/kWh", {"region": "US-RFCW", "year": 2023}, "1/4.2 of our own figure for US-RFCW in 2023"),
        ("0 kg CO2e/kWh", {"region": "PL", "year": 2022}, "nothing beside our own figure for POL in 2022"),
        ("0.1 kg CO2/kWh", {"region": "US-RFCW", "year": 2023, "basis": "direct"}, "CO2/kWh, 1/4.1 of"),
        ("2 kg CO2e/kWh", {"region": "Pennsylvania", "year": 2022, "basis": "life cycle"}, "US-PA in 2023"),
    ],
)
def test_a4_an_intensity_far_from_our_own_figure_is_listed(value: str, tags: Any, said: str) -> None:
    assert said in compared_with_tables(stated(value, **tags))


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("0.06 kg CO2e/kWh", {"region": "France", "year": 2023}),
        ("0.35 kg CO2e/kWh", {"region": "US", "year": 2023}),  # near the direct figure, and the basis is not said
        ("0.4 kg CO2e/kWh", {"region": "our grid", "year": 2023}),
        ("0.4 kg CO2e/kWh", {"region": "France", "year": 1950}),
        ("0.4 kg CO2e/kWh", {"region": "France"}),
        ("0.4 kg CO2e/kWh", {"region": "Georgia", "year": 2023}),  # which of the two is not known
        ("0 kg CO2e/kWh", {"region": "PL", "year": 2022, "accounting": "market-based", "instrument": "PPA"}),
    ],
)
def test_a4_what_is_near_or_cannot_be_compared_is_silent(value: str, tags: Any) -> None:
    assert compared_with_tables(stated(value, **tags)) == ""


def test_a5_our_own_figure_is_of_a_year_at_most_two_years_off() -> None:
    """A5: eGRID of RFC West ends with 2023 and begins with 2018; years further off have no figure to compare with."""
    for year, said in ((2025, "US-RFCW in 2023"), (2026, ""), (2016, "US-RFCW in 2018"), (2015, "")):
        found = compared_with_tables(stated("0.1 kg CO2e/kWh", region="US-RFCW", year=year, basis="life cycle"))
        assert said in found if said else not found


def test_a4_a_look_up_is_never_compared_with_itself() -> None:
    for made in (
        lca.Electricity.lookup("FR", 2023),
        lca.Electricity.lookup("US-PA", 2021),
        lca.Electricity.trajectory("PL", range(2022, 2030)),
        lca.Electricity.lookup("US-CAMX", 2023).at_hours([3], shape="CISO"),
    ):
        assert compared_with_tables(made) == ""


def test_a4_co2_alone_is_listed_with_what_the_other_gases_add_at_most() -> None:
    """RFC West in 2019: 1,074.41 over 1,067.679 lb/MWh; elsewhere the largest of the table, New England in 2019."""
    assert "at most 0.63 % (US-RFCW in 2019)" in co2_only_bound(
        lca.Electricity.lookup("US-RFCW", 2019, basis="direct", gases="CO2")
    )
    assert "at most 0.68 % (US-RFCW in 2018)" in co2_only_bound(stated("0.5 kg CO2/kWh", region="US-RFCW", year=2016))
    assert "1 % (US-NEWE in 2019, the largest in the table)" in co2_only_bound(stated("0.5 kg CO2/kWh", region="FR"))
    assert co2_only_bound(stated("0.5 kg CO2e/kWh", region="FR")) == ""
    apart = lca.Electricity.lookup("US-RFCW", 2019, basis="direct", gases="CO2, CH4, N2O")
    assert co2_only_bound(apart) == ""


@pytest.mark.parametrize("loss", ["6 %", lca.Uniform(0.05, 0.07)])
def test_u1_the_electricity_of_a_place_and_what_is_bought_there_do_not_clash(loss: Any) -> None:
    """U1, A9: component names, keys of intensity and of the grid loss differ without a name by hand."""
    both: dict[str, Any] = {"at": "busbar", "grid_loss": loss, "region": "FR", "year": 2024, "basis": "life cycle",
                            "mix": "production", "averaging": "average", "gwp_set": "AR5"}  # fmt: skip
    place = lca.Electricity(intensity="0.05 kg CO2e/kWh", accounting="location-based", **both)
    bought = lca.Electricity(intensity="0.01 kg CO2e/kWh", accounting="market-based", instrument="PPA", **both)
    assert (place.name, place.key) == ("electricity FR 2024", "electricity/FR/2024")
    assert (bought.name, bought.key) == ("electricity FR 2024 market-based PPA", "electricity/FR/2024/market-based/ppa")
    residual = lca.Electricity(intensity="0.06 kg CO2e/kWh", accounting="market-based", **both | {"mix": "residual"})
    assert residual.key not in (place.key, bought.key)
    site = lca.Site("lab", electricity=place, market_electricity=bought, pue=1.0)
    run = lca.Training("run", energy="94 kWh at_wall", site=site, year=2024)
    study = lca.Study("both", run, functional_unit=lca.FunctionalUnit("run", count=1), excluded=OUT)
    found = lca.nominal(study).data
    assert float(found["total"]) == pytest.approx(5.0)
    assert float(found["market_based/total"]) == pytest.approx(1.0)
    keys = set(lca.provenance(study).index)
    assert {"electricity/FR/2024.grid_loss", "electricity/FR/2024/market-based/ppa.grid_loss"} <= keys


@pytest.mark.parametrize("mix", ["production", "residual"])
def test_u1_two_contracts_of_one_place_and_year_do_not_clash(mix: str) -> None:
    """U1, A9: 94 kWh at 10 g and 94 kWh at 40 g, 6 % lost on the way."""
    tags: dict[str, Any] = {"at": "busbar", "grid_loss": "6 %", "region": "FR", "year": 2024, "gwp_set": "AR5",
                            "basis": "life cycle", "averaging": "average"}  # fmt: skip
    place = lca.Electricity(intensity="50 g CO2e/kWh", mix="production", accounting="location-based", **tags)
    wind, water = (
        lca.Electricity(intensity=f"{grams} g CO2e/kWh", mix=mix, accounting="market-based", instrument=by, **tags)
        for grams, by in ((10, "PPA with wind"), (40, "guarantees of origin"))
    )
    between = "market-based residual" if mix == "residual" else "market-based"
    assert wind.name == f"electricity FR 2024 {between} PPA with wind"
    assert wind.key == f"electricity/FR/2024/{between.replace(' ', '/')}/ppa-with-wind"
    assert wind.replaced(source="contract").name == wind.name
    runs = [
        lca.Training(f"run {n}", energy="94 kWh at_wall", year=2024,
                     site=lca.Site(f"lab {n}", electricity=place, market_electricity=bought, pue=1.0))
        for n, bought in enumerate((wind, water))
    ]  # fmt: skip
    study = lca.Study("both", *runs, functional_unit=lca.FunctionalUnit("run", count=1), excluded=OUT)
    assert float(lca.nominal(study).data["market_based/total"]) == pytest.approx(5.0)


def test_u1_a_look_up_and_a_contract_made_from_it_do_not_clash() -> None:
    place = lca.Electricity.lookup("FR", 2023)
    bought = place.replaced(intensity="0.01 kg CO2e/(kWh at_busbar)", accounting="market-based", instrument="PPA")
    assert (bought.name, bought.key) == ("FRA 2023 market-based PPA", "electricity/FRA/2023/market-based/ppa")
    site = lca.Site("lab", electricity=place, market_electricity=bought, pue=1.0)
    run = lca.Training("run", energy="94 kWh at_wall", site=site, year=2023)
    study = lca.Study("both", run, functional_unit=lca.FunctionalUnit("run", count=1), excluded=OUT)
    found = lca.nominal(study).data
    assert float(found["market_based/total"]) < float(found["total"])
    named = bought.replaced(name="our contract", key="contract")
    assert (named.name, named.key) == ("our contract", "contract")


@pytest.mark.parametrize("far", ["a", "b"])
def test_a4_one_label_far_from_our_own_figure_is_enough(far: str) -> None:
    """A4: 60 g are near the 53 g of France in 2023, and 400 g are not."""
    grams = lca.labelled({"a": 60, "b": 60} | {far: 400}, "g CO2e/kWh", dim="way")
    assert "states 400 g CO2e/kWh, 7.5 times" in compared_with_tables(stated(grams, region="FR", year=2023))


def test_a4_one_label_above_any_fuel_is_enough() -> None:
    for grams in ({"a": 400, "b": 4000}, {"a": 4000, "b": 400}):
        with pytest.raises(DomainError, match="above what any fuel gives"):
            lca.Electricity(intensity=lca.labelled(grams, "g CO2e/kWh", dim="place"), at="facility")
