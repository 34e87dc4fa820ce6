"""Impact categories beside climate change, the market-based view, gases that arrive as gases (A1, A4, A9)."""

from __future__ import annotations

from typing import Any

import pytest
from example_study import part

import lca
from lca.errors import AccountingError, MissingError, RecordError, UnitError

TAGS: dict[str, Any] = {
    "gwp_set": "AR6", "basis": "direct", "mix": "production", "averaging": "average", "accounting": "location-based",
}  # fmt: skip
FACTORS = {"water": "2 L/kWh", "primary_energy": "2.5 kWh primary/kWh"}


def electricity(name: str = "grid", value: str = "0.5 kg CO2e/kWh", **given: Any) -> lca.Electricity:
    return lca.Electricity(name, intensity=value, at="busbar", key=name, grid_loss=0.2, **TAGS | given)


def run(site: lca.Site, **given: Any) -> lca.Training:
    return lca.Training("run", **{"energy": "80 kWh", "at": "wall", "site": site} | given)


def nominal(study: lca.Study, name: str) -> float:
    return float(lca.nominal(study).data[name])


# --- categories ----------------------------------------------------------------------------------------------


def test_a1_water_is_cooling_of_it_energy_and_off_site_of_what_the_grid_sends_out() -> None:
    """WUE x 80 kWh at the wall + 2 L x 80 x 1.5 / (1 - 0.2) kWh at the busbar = 40 + 300 L."""
    site = lca.Site("room", electricity=electricity(categories=FACTORS), pue=1.5, wue="0.5 L/(kWh at_wall)")
    study = part(run(site), categories=("climate_change", "water", "primary_energy"))
    assert nominal(study, "water/training") == pytest.approx(40 + 300)
    assert nominal(study, "water/total") == pytest.approx(340)
    assert nominal(study, "primary_energy/total") == pytest.approx(2.5 * 150)
    assert nominal(study, "total") == pytest.approx(0.5 * 150)
    table = lca.summary(lca.nominal(study), of="water", unit="L")
    assert table.loc["total", "nominal"] == pytest.approx(340)
    assert table.loc["total", "unit"] == "L"
    assert study.model.gaps == {"water": (), "primary_energy": ()}


def test_a13_a_category_that_lacks_a_factor_has_no_total_and_lists_the_gaps() -> None:
    """Never a smaller number: the stage that lacks a factor is missing, and so is the total."""
    wet = lca.Site("room", electricity=electricity(categories=FACTORS), pue=1.0, wue="0 L/(kWh at_wall)")
    dry = lca.Site(
        "desk", electricity=electricity("other", categories={"primary_energy": "2 kWh primary/kWh"}), pue=1.0
    )
    work = lca.Development("work", energy="10 kWh", at="wall", site=dry)
    study = part(run(wet), work, categories=("water",))
    assert study.model.gaps == {"water": ("other.water", "desk.wue")}
    result = lca.nominal(study)
    assert "water/total" not in result.data
    assert "water/development" not in result.data
    table = lca.summary(result, of="water")
    assert table.index.tolist() == ["training"]
    assert "no factor for other.water, desk.wue" in table.attrs["note"]
    assert "share" not in table
    assert "water/total" in lca.nominal(part(run(wet), categories=("water",))).data
    with pytest.raises(MissingError, match="no stage has all factors of water(.|\n)*desk.wue"):
        lca.summary(lca.nominal(part(work, categories=("water",))), of="water")
    with pytest.raises(MissingError, match="'water' is not counted"):
        lca.summary(lca.nominal(part(work)), of="water")


def test_a1_wue_multiplies_it_energy_never_that_of_the_facility() -> None:
    site = lca.Site("room", electricity=electricity(categories=FACTORS), pue=1.5, wue="0.5 L/(kWh at_wall)")
    study = part(run(site, at="facility"), categories=("water",))
    assert study.model.gaps["water"] == ("run: its IT energy at the wall, which WUE multiplies",)
    with pytest.raises(UnitError, match="wue"):
        lca.Site("room", wue="0.5 L/(kWh at_busbar)")


@pytest.mark.parametrize(("wue", "litres"), [("0 L/(kWh at_wall)", 0.0), ("0.5 L/(kWh at_facility)", 0.5)])
@pytest.mark.parametrize("at", ["facility", "wall"])
def test_a1_water_of_facility_energy_where_wue_is_0_or_per_its_energy(at: str, wue: str, litres: float) -> None:
    """80 kWh at the facility are 100 kWh at the busbar; 80 kWh at the wall are 120 at the facility, and 150."""
    site = lca.Site("room", electricity=electricity(categories=FACTORS), pue=1.5, wue=wue)
    facility, busbar = {"facility": (80, 100), "wall": (120, 150)}[at]
    found = nominal(part(run(site, at=at), categories=("water",)), "water/total")
    assert found == pytest.approx(2 * busbar + litres * facility, rel=1e-12)


def test_factors_by_category_go_through_the_door() -> None:
    with pytest.raises(MissingError, match="no impact category 'noise'(.|\n)*water"):
        electricity(categories={"noise": "1 L/kWh"})
    with pytest.raises(RecordError, match="climate change has a field of its own"):
        electricity(categories={"climate_change": "1 kg CO2e/kWh"})
    with pytest.raises(UnitError, match="grid.water"):
        electricity(categories={"water": "1 kg CO2e/kWh"})
    with pytest.raises(MissingError, match="no impact category 'smell'"):
        part(run(lca.Site("room", electricity=electricity(), pue=1.0)), categories=("smell",))
    wet = electricity(categories={"water": lca.Uniform("1 L/kWh", "3 L/kWh")})
    assert wet.categories["water"].parameter.key == "grid.water"


# --- market-based (A9) ---------------------------------------------------------------------------------------


def bought(**given: Any) -> lca.Electricity:
    tags = {"accounting": "market-based", "instrument": "PPA with a wind farm, 2024"}
    return electricity("contract", "0.02 kg CO2e/kWh", **tags | given)


def test_a9_a_market_based_result_stands_beside_the_location_based_one() -> None:
    home = lca.Site("home", electricity=electricity(), market_electricity=bought(), pue=1.0)
    other = lca.Site("other", electricity=electricity("second"), pue=1.0)
    study = part(run(home), lca.Development("work", energy="8 kWh", at="wall", site=other))
    result = lca.nominal(study)
    assert float(result.data["total"]) == pytest.approx(0.5 * 110)
    assert float(result.data["market_based/total"]) == pytest.approx(0.02 * 100 + 0.5 * 10)
    assert "Market-based total: 7.00 kg CO2e (nominal), see" in lca.summary(result).attrs["note"]
    table = lca.summary(result, of="market_based")
    assert table.loc["training", "nominal"] == pytest.approx(2)
    assert study.model.views == ("market_based",)


def test_a9_a_market_based_factor_names_its_contract_and_its_kind() -> None:
    with pytest.raises(AccountingError, match="names the contract(.|\n)*contract.instrument"):
        bought(instrument="")
    assert bought(instrument="", mix="residual").mix == "residual"
    home = lca.Site("home", electricity=electricity(), market_electricity=electricity("same"), pue=1.0)
    with pytest.raises(AccountingError, match="market-based(.|\n)*home.market_electricity"):
        part(run(home))
    other_basis = lca.Site("home", electricity=electricity(), market_electricity=bought(basis="life cycle"), pue=1.0)
    with pytest.raises(AccountingError, match="basis"):
        part(run(other_basis))
    with pytest.raises(AccountingError, match="market_electricity="):
        part(run(lca.Site("home", electricity=bought(), pue=1.0)))


# --- gases that arrive as gases (A4) -------------------------------------------------------------------------


def test_a4_gases_are_characterized_with_the_set_of_the_study() -> None:
    """RFCW 2019, lb/MWh: 1,067.679 CO2 + 0.099 CH4 x 29.8 + 0.014 N2O x 273 (AR6), x 25 and x 298 in AR4."""
    grid = lca.Electricity.lookup("US-RFCW", 2019, basis="direct", gases="CO2, CH4, N2O")
    rates = lca.tables.read("electricity", "egrid_ch4_n2o").set_index(["region", "year"]).loc[("US-RFCW", 2019)]
    assert grid.gases == "CO2, CH4, N2O"
    site = lca.Site("home", electricity=grid.replaced(grid_loss=0.0), pue=1.0)
    for gwp, methane, laughing_gas in (("AR6", 29.8, 273), ("AR4", 25, 298)):
        study = part(run(site, energy="1 MWh"), gwp=gwp)
        pounds = 1067.679 + rates["ch4"] * methane + rates["n2o"] * laughing_gas
        assert nominal(study, "total") == pytest.approx(pounds * 0.45359237, rel=1e-12)
    published = lca.Electricity.lookup("US-RFCW", 2019, basis="direct")
    alone = part(run(lca.Site("home", electricity=published.replaced(grid_loss=0.0), pue=1.0), energy="1 MWh"))
    rebuilt = nominal(part(run(site, energy="1 MWh"), gwp="AR4"), "total")
    assert rebuilt == pytest.approx(nominal(alone, "total"), abs=0.3 * 0.45359237)


def test_a4_a_set_without_the_gas_refuses_and_gases_never_stand_beside_co2e() -> None:
    grid = lca.Electricity.lookup("US-RFCW", 2019, basis="direct", gases="CO2, CH4, N2O")
    site = lca.Site("home", electricity=grid, pue=1.0)
    with pytest.raises(MissingError, match="AR9"):
        part(run(site), gwp="AR9")
    with pytest.raises(AccountingError, match="holds all gases already"):
        electricity(methane="1 g CH4/kWh")
    with pytest.raises(MissingError, match="no CH4 and N2O for US-RFCW in 2021(.|\n)*2019, 2020, 2023"):
        lca.Electricity.lookup("US-RFCW", 2021, basis="direct", gases="CO2, CH4, N2O")
    with pytest.raises(AccountingError, match="gases"):
        other = lca.Site("other", electricity=lca.Electricity.lookup("US-RFCW", 2019, basis="direct"), pue=1.0)
        part(run(site), lca.Development("work", energy="1 kWh", at="wall", site=other))


def test_a4_the_gwp_set_of_what_arrives_as_co2e_is_kept_and_bounded() -> None:
    older = electricity(gwp_set="AR4")
    study = part(run(lca.Site("home", electricity=older, pue=1.0)))
    assert any("AR4" in note and "at most 0.19" in note for note in study.model.notes)
    known = electricity(gwp_set="AR4", other_gases=0.005)
    assert not part(run(lca.Site("home", electricity=known, pue=1.0))).model.notes


def test_a9_a_report_shows_every_way_to_count_and_what_is_lacking(tmp_path: Any) -> None:
    home = lca.Site("home", electricity=electricity(categories=FACTORS), market_electricity=bought(), pue=1.0)
    study = part(run(home), categories=("water", "primary_energy"))
    written = lca.report(lca.monte_carlo(study, draws=64, progress=False), tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert written.exists()
    for said in ("impacts over the life cycle", "In total, primary energy", "In total, market based", "home.wue",
                 "no stage has all factors of water", "climate change, as CO2e, and"):  # fmt: skip
        assert said in text, said


def test_results_with_other_categories_are_saved_and_loaded(tmp_path: Any) -> None:
    site = lca.Site("room", electricity=electricity(categories=FACTORS), pue=1.5)
    result = lca.monte_carlo(part(run(site), categories=("water", "primary_energy")), draws=10, progress=False)
    lca.save(result, tmp_path / "result.lca")
    again = lca.load(tmp_path / "result.lca")
    assert again.model.gaps == {"water": ("room.wue",), "primary_energy": ()}
    assert again.model.views == ("primary_energy", "water")
    _, table = lca.rerun(tmp_path / "result.lca")
    assert table["identical"].all()


def test_water_and_primary_energy_of_a_place_follow_from_its_generation_mix() -> None:
    """The sum of share x factor over technologies with one; what has none is taken to be like the rest."""
    table = lca.tables.read("electricity", "technology_water_and_energy")
    factors = table[table["quantity"] == "water_consumption"].set_index("technology")["value"]
    mix = lca.tables.read("electricity", "egrid_generation_mix").set_index(["region", "year"]).loc[("US-RFCW", 2023)]
    shares = {name: float(mix[name]) for name in factors.index}
    grid = lca.Electricity.lookup("US-RFCW", 2023, categories=("water", "primary_energy"))
    by_hand = sum(shares[name] * factors[name] for name in shares) / sum(shares.values())
    assert float(lca.nominal(grid.categories["water"]).data["value"]) == pytest.approx(by_hand, rel=1e-12)
    wind = lca.Electricity.lookup("Norway", 2023, categories=("primary_energy",))
    assert float(lca.nominal(wind.categories["primary_energy"]).data["value"]) == pytest.approx(1.02, abs=0.01)
    site = lca.Site("room", electricity=grid, pue=1.2, wue="0.3 L/(kWh at_wall)")
    result = lca.monte_carlo(part(run(site), categories=("water", "primary_energy")), draws=2_000, progress=False)
    low, high = result.data["water/total"].quantile([0.05, 0.95]).values
    assert high / low > 1.5  # kinds of cooling
    with pytest.raises(MissingError, match="US-PA in 2021 gives no factor of water"):
        lca.Electricity.lookup("US-PA", 2021, basis="direct", categories=("water",))
    with pytest.raises(MissingError, match="Iceland|ISL"):
        lca.Electricity.lookup("Iceland", 2023, categories=("water",))  # a quarter of it is geothermal, not told apart


def test_hardware_brings_its_burdens_of_other_categories_along() -> None:
    """Two years of a four-year life owe half of what a device takes; a field without a figure is a gap."""
    grid = electricity(categories=FACTORS)
    site = lca.Site("room", electricity=grid, pue=1.0, wue="0 L/(kWh at_wall)")
    burdens = {"embodied": "1000 L", "distribution": "10 L", "end_of_life": lca.Uniform("1 L", "3 L")}
    given: dict[str, Any] = {"embodied": "300 kg CO2e", "distribution": "20 kg CO2e", "end_of_life": "2 kg CO2e"}
    desk = lca.Hardware("desk", lifetime="4 year", categories={"water": burdens}, **given)
    held: dict[str, Any] = {"duration": "2 year", "allocation": "reserved_time"}
    study = part(run(site, on=desk, **held), categories=("water", "abiotic_depletion"))
    assert nominal(study, "water/manufacturing") == pytest.approx(500)
    assert nominal(study, "water/total") == pytest.approx(200 + 505 + 1)
    assert "desk.abiotic_depletion.embodied" in study.model.gaps["abiotic_depletion"]
    assert "grid.abiotic_depletion" in study.model.gaps["abiotic_depletion"]
    partly = lca.Hardware("desk", lifetime="4 year", categories={"water": {"embodied": "1000 L"}}, **given)
    study = part(run(site, on=partly, **held), categories=("water",))
    assert study.model.gaps["water"] == ("desk.water.distribution", "desk.water.end_of_life")
    assert nominal(study, "water/manufacturing") == pytest.approx(500)
    assert "water/total" not in study.model.outputs
    with pytest.raises(RecordError, match="given by field(.|\n)*embodied"):
        lca.Hardware("desk", lifetime="4 year", categories={"water": "1000 L"}, **given)
    with pytest.raises(RecordError, match="'use'"):
        lca.Hardware("desk", lifetime="4 year", categories={"water": {"use": "1 L"}}, **given)


def test_a9_a_recycling_credit_stands_apart_and_is_in_no_total(tmp_path: Any) -> None:
    """Half a device life charged, half of the credit claimed, the total as without it."""
    site = lca.Site("room", electricity=electricity(), pue=1.0)
    burdens: dict[str, Any] = {"embodied": "300 kg CO2e", "distribution": "20 kg CO2e", "end_of_life": "2 kg CO2e"}
    held: dict[str, Any] = {"duration": "2 year", "allocation": "reserved_time"}
    plain = part(run(site, on=lca.Hardware("desk", lifetime="4 year", **burdens), **held))
    desk = lca.Hardware("desk", lifetime="4 year", recycling_credit="-8 kg CO2e", **burdens)
    study = part(run(site, on=desk, **held))
    result = lca.nominal(study)
    assert float(result.data["total"]) == float(lca.nominal(plain).data["total"])
    assert nominal(study, "end_of_life") == pytest.approx(1)
    assert lca.summary(result, of="recycling_credit").loc["end of life", "nominal"] == pytest.approx(-4)
    lca.report(lca.monte_carlo(study, draws=16, progress=False), tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "In total, recycling credit" in text
    assert "climate change only" in text


def test_a6_what_is_excluded_is_excluded_from_every_category() -> None:
    """Transport below the cut-off: its water is not counted either, though the record states it."""
    site = lca.Site("room", electricity=electricity(categories=FACTORS), pue=1.0, wue="0 L/(kWh at_wall)")
    burdens = {"embodied": "1000 L", "distribution": "500 L", "end_of_life": "0 L"}
    desk = lca.Hardware("desk", embodied="300 kg CO2e", end_of_life="2 kg CO2e", lifetime="4 year",
                        categories={"water": burdens})  # fmt: skip
    out = {
        "desk.distribution": lca.below_cut_off("0.1 kg CO2e", source="carried home by hand"),
        "distribution": lca.outside_goal("carried home by hand"),
    }
    held: dict[str, Any] = {"on": desk, "duration": "2 year", "allocation": "reserved_time"}
    study = part(run(site, **held), excluded=out, categories=("water",))
    assert "water/distribution" not in study.model.outputs
    assert nominal(study, "water/total") == pytest.approx(200 + 500)
