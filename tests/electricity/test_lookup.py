"""Electricity of places: every row of the tables, life cycle = direct + upstream, losses by country (A4, A10)."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from cloud_figures import write_cloud_figures
from looked_up import grams, leaves, two_runs

import lca
from lca import tables
from lca.electricity.lookup import published_years
from lca.electricity.upstream import upstream_intensity
from lca.errors import AccountingError, MissingError


def spread(applies_to: str, what: str) -> float:
    rows = tables.read("electricity", "spreads").query("applies_to == @applies_to and what == @what and default == 1")
    return float(rows["gsd"].item())


def test_a4_every_country_year_is_returned_with_unit_tags_source_and_year() -> None:
    """All 6,310 country-years above zero; the 22 false zeros raise unless they are asked for."""
    rows = tables.read("electricity", "country_yearly")
    own = spread("Ember life cycle", "residual between sources")
    found = zeros = 0
    for row in rows.to_dict("records"):
        if row["flag"] == "false_zero":
            zeros += 1
            with pytest.raises(MissingError, match="allow_flagged"):
                lca.Electricity.lookup(row["region"], row["year"], source="Ember")
            made = lca.Electricity.lookup(row["region"], row["year"], source="Ember", allow_flagged=True)
            assert grams(made) == 0
            continue
        made = lca.Electricity.lookup(row["region"], row["year"], source="Ember")
        leaf, common = leaves(made)[f"{made.key}.intensity"], leaves(made)["electricity/Ember.between-sources"]
        place = leaves(made)[f"electricity/{row['region']}.between-sources"]
        assert len(leaves(made)) == 3
        assert leaf.plain == [row["co2e"]]
        assert leaf.unit == "g CO2e/(kWh at_busbar)"
        assert (common.values[0].median, common.unit) == (1, "")
        assert place.values[0].gsd == pytest.approx(own, rel=1e-12)
        # where little is generated, rounding to 0.01 TWh shows
        assert leaf.is_random == (row["flag"] == "small_generation" and row["generation"] > 0)
        assert (made.region, made.year, made.basis, made.gwp_set) == (row["region"], row["year"], "life cycle", "AR5")
        assert row["source"] in made.source
        assert ("small generation" in made.source) == (row["flag"] == "small_generation")
        found += 1
    assert (found, zeros) == (6310, 22)


@pytest.mark.parametrize("name", ["FR", "FRA", "France", "france"])
def test_a_country_is_found_by_code_or_name(name: str) -> None:
    made = lca.Electricity.lookup(name, 2023)
    assert made.region == "FRA"
    assert grams(made) == pytest.approx(53.3, abs=0.1)


def test_namibia_is_no_missing_value() -> None:
    assert lca.Electricity.lookup("NA", 2022).region == "NAM"


def test_zip_codes_keep_their_zeros_and_name_other_utilities() -> None:
    assert lca.Electricity.lookup("15213", 2019).region == "US-RFCW"
    assert lca.Electricity.lookup("00501", 2023).region.startswith("US-NY")
    table = tables.read("electricity", "zip_to_subregion")
    several = table[table["other_regions"] != ""].iloc[0]
    made = lca.Electricity.lookup(several["zip"], 2023)
    assert several["other_regions"] in made.source


@pytest.mark.parametrize(
    ("place", "direct", "low", "high"),
    [("US", 349.67, 70.0, 74.5), ("US-RFCW", 415.52, 65.0, 70.0), ("US-CAMX", 195.04, 72.0, 77.0)],
)
def test_a4_life_cycle_is_direct_plus_upstream(place: str, direct: float, low: float, high: float) -> None:
    """2023, g/kWh: what stations emit, and fuel supply and plants on top (71.5 for the United States)."""
    bare = lca.Electricity.lookup(place, 2023, basis="direct")
    whole = lca.Electricity.lookup(place, 2023)
    assert grams(bare) == pytest.approx(direct, abs=0.01)
    assert low < grams(whole) - grams(bare) < high
    keys = set(leaves(whole))
    assert f"electricity/{place}/2023.intensity" in keys  # the same direct factor, so the same draws
    assert {"upstream/coal", "upstream/gas", "upstream/wind"} <= keys


@pytest.mark.parametrize(("place", "year", "gwp_set"), [("US-RFCW", 2019, "AR4"), ("US-CAMX", 2023, "AR5")])
def test_a4_a_life_cycle_tags_the_gwp_set_of_its_direct_part_and_says_which_upstream_has(
    place: str, year: int, gwp_set: str
) -> None:
    """Of coal, gas and oil the set is unknown, of the rest AR5; their shares, from the nominal factors of one fuel."""
    bare = lca.Electricity.lookup(place, year, basis="direct")
    whole = lca.Electricity.lookup(place, year)
    assert bare.gwp_set == whole.gwp_set == gwp_set  # so that two places of one year meet
    mix = tables.read("electricity", "egrid_generation_mix").set_index(["region", "year"]).loc[(place, year)]
    sets = {"unknown": ("coal", "gas", "oil"), "AR5": ("nuclear", "hydro", "wind", "solar", "biomass", "geothermal")}
    said = []
    for name in ("AR5", "unknown"):
        nodes = [upstream_intensity({fuel: float(mix[fuel]) / 100})[0] for fuel in sets[name] if mix[fuel] > 0]
        upstream = 1e3 * sum(float(lca.nominal(node).data["value"]) for node in nodes)
        said.append(f"{name} {upstream / grams(whole):.1%}")
    assert f"its GWP set is that of power stations; of the upstream share: {', '.join(said)}" in whole.source
    assert "GWP set" not in bare.source


def test_a4_two_places_of_one_year_meet_though_their_upstream_is_of_other_sets() -> None:
    study = two_runs(*(lca.Electricity.lookup(place, 2019) for place in ("US-CAMX", "US-RFCW")))
    assert float(lca.nominal(study).data["total"]) > 0


def test_a4_a_life_cycle_factor_is_never_below_its_direct_one() -> None:
    rows = tables.read("electricity", "egrid_subregion_rates")
    rows = rows[rows["co2e"].notna()]
    for place, year in zip(rows["region"], rows["year"], strict=True):
        made = {basis: lca.Electricity.lookup(place, year, basis=basis) for basis in ("direct", "life cycle")}
        assert grams(made["life cycle"]) > grams(made["direct"])


def test_upstream_is_one_error_shared_by_all_places() -> None:
    """The supply of gas is one parameter: two life-cycle factors of gas grids move together."""
    pair = {place: lca.Electricity.lookup(place, 2023).intensity for place in ("US-CAMX", "US-NEWE")}
    bare = {place: lca.Electricity.lookup(place, 2023, basis="direct").intensity for place in pair}
    draws = lca.monte_carlo({**pair, **{f"{k} direct": v for k, v in bare.items()}}, draws=4_000, progress=False).data
    added = [draws[place].values - draws[f"{place} direct"].values for place in pair]
    assert np.corrcoef(added)[0, 1] > 0.6
    own, common = (math.log(spread("eGRID direct", f"{part} between sources")) ** 2 for part in ("residual", "common"))
    shared = np.corrcoef(np.log([draws[f"{place} direct"].values for place in pair]))[0, 1]
    assert shared == pytest.approx(common / (common + own), abs=0.05)  # 3 standard errors of 4,000 draws


def test_the_literature_of_reservoirs_does_not_swamp_a_grid() -> None:
    """Extremes are no bounds: with 1 to 2,200 as 99 % hydro's mean is 113, where that of a triangular is 742 g/kWh."""
    made = lca.Electricity.lookup("US", 2023)
    hydro = leaves(made)["upstream/hydro"]
    assert hydro.values[0].median == 24
    assert hydro.values[0].mean == pytest.approx(112.9, abs=0.1)


def test_a4_the_loss_of_a_country_reaches_its_meter() -> None:
    made = lca.Electricity.lookup("IN", 2022)
    loss = float(lca.nominal(made.grid_loss).data["value"])
    assert loss == pytest.approx(0.1416, abs=5e-4)
    known = set(tables.read("electricity", "electricity_losses")["region"])
    lacking = next(region for region in tables.read("electricity", "country_yearly")["region"] if region not in known)
    with pytest.raises(MissingError, match="grid loss is not known"):
        _ = lca.Electricity.lookup(lacking, 2021, source="Ember").delivered_share


def test_a4_california_beside_poland_on_one_basis() -> None:
    """The pair that people meet first: fine on the life-cycle basis, refused where one of them is direct."""

    poland = lca.Electricity.lookup("PL", 2023)
    assert float(lca.nominal(two_runs(lca.Electricity.lookup("US-CAMX", 2023), poland)).data["total"]) > 0
    with pytest.raises(AccountingError, match="basis(.|\n)*direct(.|\n)*life cycle"):
        two_runs(lca.Electricity.lookup("US-CAMX", 2023, basis="direct"), poland)


# --- years that were not published ---------------------------------------------------------------------------


def test_a5_a_missing_year_raises_unless_the_nearest_is_asked_for() -> None:
    with pytest.raises(MissingError, match="in 2026(.|\n)*2018 to 2023; nearest=True takes the nearest"):
        lca.Electricity.lookup("15213", 2026)
    made = lca.Electricity.lookup("15213", 2026, nearest=True)
    assert made.year == 2023  # the factor's own, so that the gap to the activity is seen (A5)
    assert "2023 stands for 2026: nearest=True" in made.source
    assert grams(made) == grams(lca.Electricity.lookup("15213", 2023))
    assert lca.Electricity.lookup("US", 2017, basis="direct", gases="CO2", nearest=True).year == 2018
    assert "stands for" not in lca.Electricity.lookup("15213", 2023, nearest=True).source
    zeros = set(tables.read("electricity", "country_yearly").query("region == 'BDI' and flag == 'false_zero'")["year"])
    around = {year: lca.Electricity.lookup("BDI", year, nearest=True) for year in zeros}
    assert zeros.isdisjoint(made.year for made in around.values())  # a false zero stands for nothing
    assert min(map(grams, around.values())) > 0


@pytest.mark.parametrize(
    ("place", "asked"),
    [
        ("US-RFCW", {}),
        ("US-RFCW", {"basis": "direct", "gases": "CO2"}),
        ("US-PA", {"basis": "direct"}),
        ("BDI", {}),
        ("US", {"source": "Ember"}),
        ("gcp:europe-west9", {"basis": "direct"}),
        ("gcp:us-central1", {}),
        ("azure:uksouth", {}),
    ],
)
def test_published_years_are_those_for_which_a_look_up_succeeds(place: str, asked: dict[str, str]) -> None:
    years = []
    for year in range(1988, 2028):
        try:
            lca.Electricity.lookup(place, year, **asked)
        except MissingError:
            continue
        years.append(year)
    assert published_years(place, **asked) == years
    assert years


# --- clouds -------------------------------------------------------------------------------------------------


def test_a4_every_operational_figure_of_google_is_returned_with_its_tags() -> None:
    rows = tables.read("electricity", "cloud_regions")
    rows = rows[(rows["default"] == 1) & (rows["metric"] == "grid_intensity") & (rows["basis"] == "direct")]
    for row in rows.to_dict("records"):
        name = f"gcp:{row['region']}"
        made = lca.Electricity.lookup(name, row["year"], basis="direct")
        assert grams(made) == pytest.approx(row["value"], rel=1e-12)
        tags = (made.basis, made.mix, made.averaging, made.accounting, made.gwp_set)
        assert tags == ("direct", "unknown", "average", "location-based", "unknown")
        assert (made.region, made.release, made.boundary) == (name, f"Google, data of {row['year']}", "at_busbar")
        assert "counted at the busbar, which is assumed" in made.source
        assert (
            "published as 0" in made.source
            if row["value"] == 0
            else "electricity/Google.between-sources" in leaves(made)
        )
    assert len(rows) == 154


def test_a4_the_two_series_of_google_never_meet() -> None:
    """Life cycle in 2019 and 2020, operational from 2021: the other basis is another source, or an error."""
    with pytest.raises(MissingError, match="no CO2e rate for gcp:us-central1 in 2020(.|\n)*2021 to 2024"):
        lca.Electricity.lookup("gcp:us-central1", 2020, basis="direct")
    own = lca.Electricity.lookup("gcp:us-central1", 2020)
    assert (own.region, own.basis, grams(own)) == ("gcp:us-central1", "life cycle", pytest.approx(454))
    later = lca.Electricity.lookup("gcp:us-central1", 2021)
    assert (later.region, later.basis) == ("US-MROW", "life cycle")
    assert "gcp:us-central1 stands in US-MROW" in later.source
    keys = [
        set(leaves(lca.Electricity.lookup("gcp:us-central1", y, basis=b)))
        for y, b in ((2020, "life cycle"), (2021, "direct"))
    ]
    assert keys[0].isdisjoint(keys[1])


@pytest.mark.parametrize("name", ["gcp:europe-west9", "aws:eu-west-3", "azure:francecentral"])
def test_a4_a_cloud_region_takes_the_factor_of_its_place(name: str) -> None:
    made, france = lca.Electricity.lookup(name, 2023), lca.Electricity.lookup("France", 2023)
    assert (made.region, made.key, grams(made)) == ("FRA", france.key, grams(france))
    assert set(leaves(made)) == set(leaves(france))  # so one draw for both
    assert f"{name} stands in FRA" in made.source


def test_a4_a_doubtful_place_says_so_and_an_unknown_region_offers_near_names() -> None:
    assert "mean of a country with several grids" in lca.Electricity.lookup("gcp:northamerica-northeast1", 2023).source
    assert lca.Electricity.lookup("aws:us-east-2", 2023, basis="direct").region == "US-RFCW"
    with pytest.raises(MissingError, match="no cloud region 'gcp:europe-west99'(.|\n)*gcp:europe-west9"):
        lca.Electricity.lookup("gcp:europe-west99", 2023)
    with pytest.raises(MissingError, match="basis=.life cycle., gases=.CO2e."):
        lca.Electricity.lookup("aws:eu-west-3", 2023, basis="direct")


def test_a4_google_operational_beside_ember_life_cycle_raises_in_a_study() -> None:
    google = lca.Electricity.lookup("gcp:europe-west9", 2023, basis="direct")
    with pytest.raises(AccountingError, match="basis(.|\n)*direct(.|\n)*life cycle"):
        two_runs(google, lca.Electricity.lookup("DE", 2023))
    with pytest.raises(AccountingError, match="unknown"):  # two factors with tags that nobody stated
        two_runs(google, lca.Electricity.lookup("gcp:europe-west3", 2023, basis="direct"))
    assert "unknown mix" in " ".join(two_runs(google, google).model.notes)


# --- names --------------------------------------------------------------------------------------------------


def test_search_finds_places_with_their_years() -> None:
    found = lca.search("electricity", "rfc west").iloc[0]
    assert (found["region"], found["first_year"], found["last_year"]) == ("US-RFCW", 2016, 2023)
    assert "POL" in set(lca.search("electricity", "poland")["region"])
    penn = lca.search("electricity", "penn")
    assert penn.values.tolist() == [["US-PA", "Pennsylvania", "state", 2018, 2023]]
    assert lca.search("electricity", "15213")["region"].tolist() == ["US-RFCW"]
    paris = lca.search("electricity", "paris").set_index("region")
    assert set(paris.index) == {"gcp:europe-west9", "aws:eu-west-3", "azure:francecentral"}
    assert set(paris["kind"]) == {"cloud"}
    assert len(lca.search("electricity")) == 28 + 52 + 238 + 115


def test_a_state_is_found_by_name() -> None:
    assert lca.Electricity.lookup("Pennsylvania", 2021, basis="direct").region == "US-PA"
    assert lca.Electricity.lookup("new york", 2021, basis="direct").region == "US-NY"
    with pytest.raises(MissingError, match="Pennsylvania"):
        lca.Electricity.lookup("Pensylvania", 2021)


def test_a_places_common_error_cancels_in_a_comparison() -> None:
    """Two countries of one publisher share its factor: the ratio has the spread of the two places alone."""
    pair = {place: lca.Electricity.lookup(place, 2023).intensity for place in ("FR", "DE")}
    draws = lca.monte_carlo(pair, draws=4_000, progress=False).data
    ratio = np.log(draws["FR"].values / draws["DE"].values)
    own = math.log(spread("Ember life cycle", "residual between sources"))
    common = math.log(spread("Ember life cycle", "common between sources"))
    assert ratio.std() == pytest.approx(math.sqrt(2) * own, rel=4 / math.sqrt(8_000))
    assert np.log(draws["FR"].values).std() == pytest.approx(math.hypot(own, common), rel=4 / math.sqrt(8_000))


def test_what_a_place_errs_stays_the_same_from_year_to_year() -> None:
    """Publishers that differ on a country go on differing: two years of one place keep their ratio in every draw."""
    pair = {str(year): lca.Electricity.lookup("FR", year).intensity for year in (2020, 2023)}
    draws = lca.monte_carlo(pair, draws=100, progress=False).data
    ratio = draws["2020"].values / draws["2023"].values
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)


# --- names to offer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("Paris", "aws:eu-west-3, azure:francecentral, gcp:europe-west9?"),
        ("europe-west9", "gcp:europe-west9?"),
        ("Guiana", "French Guiana"),
        ("gcp:paris", "gcp:europe-west9, "),
        ("RFCV", "US-RFCW, US-RFCM, US-RFCE?"),
    ],
)
def test_a_place_that_is_not_there_offers_what_contains_its_words_first(asked: str, offered: str) -> None:
    with pytest.raises(MissingError) as caught:
        lca.Electricity.lookup(asked, 2023)
    assert caught.value.fix.startswith(f"did you mean {offered}")
    assert caught.value.fix.count(",") < 6


def test_a_pue_that_is_not_there_offers_names_with_their_years_and_that_of_all_places(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no pue of 'gcp:europe-west9'") as alone:
        lca.pue("gcp:europe-west9", 2024)
    assert alone.value.fix.endswith(": Google fleet (2024)")
    with lca.using_data(write_cloud_figures(tmp_path / "mine")):
        with pytest.raises(MissingError, match="no pue of 'gcp:europe-west9'") as caught:
            lca.pue("gcp:europe-west9", 2024)
        assert "gcp:europe-west4 (2022 to 2024), " in caught.value.fix
        assert caught.value.fix.endswith(", Google fleet (2024)")
    assert lca.pue("Google fleet", 2024).parameter is not None


@pytest.mark.parametrize("name", ["USA", "United States", "united states", "UNITED STATES"])
def test_a4_the_united_states_are_those_of_egrid_in_any_capitals(name: str) -> None:
    assert lca.Electricity.lookup(name, 2023).region == "US"
    assert lca.Electricity.lookup(name, 2023, source="Ember").region == "USA"
