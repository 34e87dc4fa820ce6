"""Sources side by side, and figures of providers by name: which is which, and what must not be mixed (A4, A9, Q3)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from cloud_figures import write_cloud_figures

import lca
from lca import tables
from lca.electricity.publishers import carbon_free_share, pue, wue
from lca.errors import MissingError, UnitError
from lca.graph.node import constant
from lca.table_search import compare_sources


@pytest.fixture(autouse=True)
def shipped() -> Iterator[None]:
    """The tables of the library alone, whatever is installed beside it."""
    with lca.using_data(installed=False):
        yield


def nominal(node: object) -> float:
    return float(lca.nominal(node).data["value"])


# --- sources side by side -----------------------------------------------------------------------------------


def test_a4_the_united_states_in_2023_by_all_that_publish_them() -> None:
    """350 direct, 422 with upstream, 393 by Ember: none is wrong, and the columns say why."""
    found = compare_sources("US", 2023)
    life = found[found["basis"] == "life cycle"].set_index("source")
    assert life["value"].round(0).to_dict() == {"eGRID + upstream": 422, "Ember": 393}
    direct = found[(found["basis"] == "direct") & (found["source"] == "eGRID")].set_index("gases")["value"]
    assert direct.round(1).to_dict() == {"CO2": 348.0, "CO2e": 349.7}
    assert life["relative"].round(2).to_dict() == {"eGRID + upstream": 1, "Ember": 0.93}
    assert set(found["unit"]) == {"g CO2/kWh", "g CO2e/kWh"}


def test_a4_delivered_is_the_value_over_one_minus_the_loss_where_both_are_known() -> None:
    found = compare_sources("US", 2023).set_index(["source", "gases", "basis"])
    row = found.loc["eGRID", "CO2e", "direct"]
    loss = tables.read("electricity", "egrid_subregion_rates").query("region == 'US' and year == 2023")["grid_loss"]
    assert row["delivered"] == pytest.approx(row["value"] / (1 - loss.item() / 100), rel=1e-12)
    assert math.isnan(found.loc["eGRID, states", "CO2e", "direct"]["delivered"])  # the whole country is no state


@pytest.mark.parametrize("place", ["US-RFCW", "15213", "US-PA", "FR", "DE", "gcp:us-central1", "aws:eu-west-1"])
@pytest.mark.parametrize("year", [2019, 2021, 2023])
def test_a4_each_value_is_that_of_the_look_up_with_its_tags(place: str, year: int) -> None:
    found = compare_sources(place, year)
    grams = 1e3 * nominal(lca.Electricity.lookup(place, year).intensity)
    same = found[(found["relative"] - 1).abs() < 1e-12]
    assert same["value"].tolist()[0] == pytest.approx(grams, rel=1e-12)
    assert set(found["basis"]) <= {"direct", "life cycle"}
    assert found["release"].ne("").all()


def test_a_cloud_region_stands_beside_its_place_and_the_place_beside_its_clouds() -> None:
    names = list(compare_sources("gcp:us-south1", 2022)["source"])
    assert names == ["Google (gcp:us-south1)", "eGRID", "eGRID", "eGRID + upstream"]
    assert "Google (gcp:europe-west9)" in set(compare_sources("FR", 2023)["source"])


def test_a_year_that_no_table_has_raises_with_those_there_are() -> None:
    with pytest.raises(MissingError, match="no table has FRA in 1950(.|\n)*1990 to 2025"):
        compare_sources("France", 1950)


# --- carbon-free shares (A9) --------------------------------------------------------------------------------


def test_a9_a_carbon_free_share_cannot_become_an_emission_factor() -> None:
    """Its unit is a dimension: 1 - share, and an intensity times it, raise or are no intensity."""
    share = carbon_free_share("gcp:europe-west9", 2023)
    grid = lca.Electricity.lookup("gcp:europe-west9", 2023)
    with pytest.raises(UnitError, match="carbon.free"):
        _ = 1 - share
    with pytest.raises(UnitError, match="carbon.free"):
        _ = grid.intensity * (constant(1.0) - share)
    with pytest.raises(UnitError):
        lca.Electricity(intensity=grid.intensity * share, at="busbar")


def test_every_share_of_google_is_returned() -> None:
    rows = tables.read("electricity", "cloud_regions").query("default == 1 and metric == 'carbon_free_share_hourly'")
    for row in rows.to_dict("records"):
        leaf = carbon_free_share(row["region"], row["year"]).parameter
        assert (leaf.values[0], leaf.unit, leaf.status) == (row["value"], "carbon_free", "declared")
        assert row["source"] in leaf.source
    assert len(rows) == 186
    with pytest.raises(MissingError, match="no carbon_free_share_hourly of 'gcp:us-south1' in 2019(.|\n)*2021 to 2024"):
        carbon_free_share("us-south1", 2019)


# --- PUE and WUE by name (Q3) -------------------------------------------------------------------------------


def test_q3_pue_is_a_crossing_and_says_who_collected_it() -> None:
    leaf = pue("Uptime Institute survey average", 2020).parameter
    assert leaf.source.endswith("; flagged restated")
    node = pue("Google fleet", 2024)
    facility = lca.parameter("room", "100 kWh at_wall") * node
    assert nominal(facility) == pytest.approx(109)
    assert lca.nominal(facility).data["value"].attrs["unit"] == "kWh at the facility"
    with pytest.raises(UnitError):
        _ = facility * node + facility


def test_every_pue_and_wue_comes_with_its_unit() -> None:
    found = 0
    for row in tables.read("electricity", "datacentres").to_dict("records"):
        leaf = {"pue": pue, "wue": wue}[row["metric"]](row["entity"], row["year"]).parameter
        assert (leaf.values[0], leaf.unit) == (row["value"], row["unit"])
        assert (row["flag"] == "none") == ("flagged" not in leaf.source)
        found += 1
    assert found == 23
    assert nominal(wue("AWS global", 2024) * lca.parameter("it", "10 kWh at_wall")) == pytest.approx(1.5)


def test_a_name_that_is_not_there_or_means_two_places_raises(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no pue of 'Google fleets'(.|\n)*Google fleet"):
        pue("Google fleets", 2024)
    with pytest.raises(MissingError, match="in 1999(.|\n)*published years: 2024"):
        pue("Google fleet", 1999)
    with lca.using_data(write_cloud_figures(tmp_path / "mine")):
        assert nominal(wue("aws:eu-west-1", 2023) * lca.parameter("it", "10 kWh at_wall")) == pytest.approx(1.8)
        with pytest.raises(MissingError, match="'azure:northeurope' has two values(.|\n)*Finland(.|\n)*Ireland"):
            pue("azure:northeurope", 2022)


def test_a4_a_life_cycle_below_another_publishers_direct_figure_is_listed() -> None:
    """Puerto Rico: Ember's life cycle lies below what eGRID's power stations emit; nobody else is accused."""
    table = lca.compare_sources("PR", 2023)
    found = dict(iter(table.groupby(["source", "basis"])))
    assert found["Ember", "life cycle"]["value"].item() < found["eGRID", "direct"]["value"].max()
    assert found["Ember", "life cycle"]["note"].tolist() == ["a life cycle below the direct figure of eGRID"]
    assert found["eGRID + upstream", "life cycle"]["note"].tolist() == [""]
    assert set(lca.compare_sources("US", 2023)["note"]) == {""}


def test_tables_of_the_catalogues_are_printed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 40 columns and 5 rows cuts a plain DataFrame; each row and each column stands here."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("LINES", "5")
    for table in (lca.search("electricity", "RFC"), lca.search("hardware", "jetson"), compare_sources("US", 2023)):
        printed = str(table)
        assert "..." not in printed
        assert all(name in printed.splitlines()[0] for name in map(str, table.columns))
        assert len(printed.splitlines()) >= len(table) + 1
    assert "n/a: no loss of this place is known" in str(compare_sources("US", 2023))
