"""A value knows the table and the licence of its row (A10), and a study says what a publication has to cite."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from data_folder import write_data_folder
from example_study import build, grid, home_site, study

import lca
from lca import tables
from lca.graph.fields import parameter
from lca.graph.node import Node
from lca.interpretation.attribution import Credit
from lca.interpretation.credits import works_in
from lca.inventory.whole_machine import wall_over_sensor
from lca.source_marks import marks, unmarked


def electricity(place: str, year: int, **rest: str) -> Node:
    return lca.Electricity.lookup(place, year, **rest).intensity  # type: ignore[arg-type, return-value]


def shares(place: str) -> Mapping[str, Node]:
    """Water of a mix: each technology's by its share."""
    found = lca.Electricity.lookup(place, 2023, categories=["water"])
    return dict(found.categories)  # type: ignore[arg-type]


def inside(name: str) -> Mapping[str, Node]:
    """What the making of a device rests on."""
    return {"embodied": lca.Hardware.lookup(name).embodied}  # type: ignore[dict-item]


#: A value of each table that look-ups take values from.
VALUES: dict[str, Callable[[], object]] = {
    "characterization/gwp": lambda: lca.characterization_factor("CH4", "AR6"),
    "electricity/cloud_regions": lambda: electricity("gcp:us-central1", 2019),
    "electricity/country_yearly": lambda: electricity("FRA", 2023),
    "electricity/country_shares": lambda: shares("FRA"),
    "electricity/datacentres": lambda: lca.pue("Uptime Institute survey average", 2022),
    "electricity/egrid_ch4_n2o": lambda: (
        lca.Electricity.lookup("US-RFCW", 2019, basis="direct", gases="CO2, CH4, N2O").methane
    ),
    "electricity/egrid_generation_mix": lambda: electricity("US-RFCW", 2019),
    "electricity/egrid_state_co2e": lambda: electricity("US-PA", 2021, basis="direct"),
    "electricity/egrid_subregion_rates": lambda: electricity("US-RFCW", 2019, basis="direct"),
    "electricity/electricity_losses": lambda: lca.Electricity.lookup("FRA", 2023).grid_loss,
    "electricity/lifecycle_by_technology": lambda: lca.Electricity.from_mix({"wind": 1.0}).intensity,
    "electricity/spreads": lambda: electricity("FRA", 2023),
    "electricity/technology_water_and_energy": lambda: shares("US-RFCW"),
    "electricity/upstream_by_fuel": lambda: electricity("US-RFCW", 2019),
    "electricity/us_diurnal_shape": lambda: (
        lca.Electricity.lookup("US-CAMX", 2023).at_hours(range(10, 16), shape="CISO").intensity
    ),
    "estimates/peak_rates": lambda: lca.Accelerator.lookup("A100 SXM4 80GB").peak,
    "estimates/sensor_pairs": lambda: wall_over_sensor("desk"),
    "estimates/spreads": lambda: lca.Accelerator.lookup("A100 SXM4 80GB").utilisation,
    "hardware/accelerators": lambda: lca.Accelerator.lookup("A100 SXM4 80GB").tdp,
    "hardware/component_factors": lambda: inside("RTX 4090"),
    "hardware/end_of_life": lambda: lca.Hardware.lookup("H100 SXM").end_of_life,
    "hardware/fabrication": lambda: inside("RTX 4090"),
    "hardware/freight": lambda: lca.Hardware.lookup("H100 SXM").distribution,
    "hardware/lifetimes": lambda: lca.Hardware.lookup("H100 SXM").lifetime,
    "hardware/network_energy": lambda: lca.Network.lookup("fixed", site=lca.Site("desk", pue=1.0)).energy,
    "hardware/published_footprints": lambda: inside("H100 SXM"),
    "serving/diffusion_model": lambda: (
        lca.Inference.of_diffusion("image", parameters=8.1e9, steps=28, height=1024, width=1024, batch=4).energy
    ),
    "serving/memory_bandwidth": lambda: lca.Inference.of_model("chat", active=8e9, batch=32, output_tokens=400).energy,
    "serving/step_model": lambda: lca.Inference.of_model("chat", active=8e9, batch=32, output_tokens=400).energy,
    "training_runs/remaining_time": lambda: (
        lca.Training.extrapolated(
            "resnet", duration="143 s", power="148 W", measured=1_000, planned=170_000, at="wall"
        ).duration
    ),
}


def used(thing: object) -> set[str]:
    """The tables that a thing credits."""
    return {table for credit in lca.attribution(thing).credits for table in credit.tables}  # type: ignore[arg-type]


def of(publisher: str, thing: object) -> Credit:
    """The credit of a publisher."""
    found = [one for one in lca.attribution(thing).credits if one.work.publisher == publisher]  # type: ignore[arg-type]
    assert len(found) == 1, publisher
    return found[0]


@pytest.mark.parametrize("table", VALUES)
def test_a10_a_value_of_each_table_knows_it_and_its_licence(table: str) -> None:
    assert table in used(VALUES[table]())


def test_a10_a_study_credits_exactly_the_tables_that_its_values_come_from() -> None:
    """The hardware of this study is its own, so one input alone has tables: its electricity."""
    direct = {"electricity/egrid_subregion_rates", "electricity/spreads"}
    assert used(study()) == direct
    assert used(build(electricity=lca.Electricity.lookup("US-RFCW", 2019))) == direct | {
        "electricity/egrid_generation_mix", "electricity/upstream_by_fuel",
    }  # fmt: skip
    assert used(build(electricity=lca.Electricity.lookup("FRA", 2019))) == {
        "electricity/country_yearly", "electricity/electricity_losses", "electricity/spreads",
    }  # fmt: skip


def test_a10_the_demo_credits_exactly_its_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "examples"))
    demo = importlib.import_module("superpoint")
    us = {"electricity/egrid_generation_mix", "electricity/egrid_subregion_rates", "electricity/upstream_by_fuel"}
    others = {f"hardware/{name}" for name in ("end_of_life", "freight", "lifetimes", "published_footprints")}
    others |= {"electricity/spreads", "training_runs/remaining_time"}
    assert used(demo.study) == us | others
    french = lca.Electricity.lookup("FRA", 2019)
    moved = demo.study.replace({"pittsburgh-desk.electricity": french, "robots-sockets.electricity": french})
    assert used(moved) == {"electricity/country_yearly", "electricity/electricity_losses"} | others


def test_a10_a_credit_names_publisher_edition_licence_copy_and_link() -> None:
    credit = of("US EPA", electricity("US-RFCW", 2019))
    assert credit.releases == ("eGRID2019",)
    assert credit.licences == ("LicenseRef-US-Government-Work",)
    assert "US EPA, power-profiler" in credit.copies
    assert credit.work.link == "https://www.epa.gov/egrid"
    assert "electricity/US-RFCW/2019.intensity" in credit.keys
    ember = of("Ember", electricity("FRA", 2023))
    assert ember.text == (
        "Ember, Yearly electricity data (2026). Licence: CC-BY-4.0. Read in: sayanarman, CAP6938-Final-Project."
    )


def test_a10_what_was_quoted_is_not_called_first_hand() -> None:
    row = lca.attribution(inside("H100 SXM")).table.loc["NVIDIA, Data sheets and product carbon footprint summaries"]
    assert row["read_in"].startswith("second hand")


def test_own_values_have_nothing_to_credit() -> None:
    found = lca.attribution(lca.parameter("power", "2 kW at_wall", source="my log [1], [a, b] and c/d, e"))
    assert found.text() == repr(found) == "No value was read from a table of the library."
    assert found.bibtex() == ""
    assert len(found.table) == 0
    assert "No value" in found._repr_html_()


def test_bibtex_has_an_entry_for_each_work_but_no_assumptions() -> None:
    found = lca.attribution(lca.Hardware.lookup("RTX 4090").embodied)  # type: ignore[arg-type]
    assert "lca" in {credit.work.publisher for credit in found.credits}
    entries = found.bibtex().split("\n\n")
    assert len(entries) == sum(credit.work.publisher != "lca" for credit in found.credits)
    for entry in entries:
        assert re.fullmatch(r"@misc\{[a-z0-9-]+,\n(  [a-z]+ = \{.*\},?\n)+\}", entry), entry
        assert entry.count("{") == entry.count("}")
    assert len({entry.splitlines()[0] for entry in entries}) == len(entries)


def test_a10_provenance_says_table_licence_and_whom_to_credit() -> None:
    values = lca.provenance(study())
    row = values.loc["electricity/US-RFCW/2019.intensity"]
    assert row["table"] == "electricity/egrid_subregion_rates"
    assert row["licence"] == "LicenseRef-ComStock AND LicenseRef-US-Government-Work AND MIT"
    assert row["attribution"] == "US EPA, Emissions and Generation Resource Integrated Database"
    assert row["source"].startswith("US EPA eGRID2019, from USEPA/power-profiler")
    assert "[" not in row["source"]
    assert values.loc["robots.load", ["table", "licence", "attribution"]].tolist() == ["no table"] * 3


def test_a10_a_saved_result_keeps_its_credits(tmp_path: Path) -> None:
    """Those of a folder of one's own as well, when that is not in use any more."""
    mine = write_data_folder(tmp_path / "mine")
    with lca.using_data(mine):
        site = home_site(grid(year=2024))
        result = lca.nominal({"x": site.electricity.intensity * parameter("energy", "2 kWh at_busbar")})
    lca.save(result, tmp_path / "r.lca")
    back = lca.attribution(lca.load(tmp_path / "r.lca"))
    assert back == lca.attribution(result)
    credit = next(one for one in back.credits if one.work.publisher == "made up for a test")
    assert credit.licences == ("none needed",)
    assert credit.tables == ("electricity/egrid_subregion_rates",)
    assert "mine/electricity 2024.1" in lca.provenance(lca.load(tmp_path / "r.lca")).to_string()


def test_a_credit_without_a_known_work_is_cited_as_its_row_has_it() -> None:
    ((paper, (copy,)),) = works_in("Rae et al. 2021, Gopher, arXiv:2112.11446, table 1, quoted in a blog").items()
    assert (paper.publisher, paper.link) == ("Rae et al. 2021", "https://arxiv.org/abs/2112.11446")
    assert copy.publisher == "second hand"
    (report,) = works_in("Chien et al. 2023, doi 10.1145/3604930.3605705 (read)")
    assert report.link == "https://doi.org/10.1145/3604930.3605705"
    assert [work.link for work in works_in("a chart on a wall")] == [""]


def test_a_copy_belongs_to_the_works_that_stand_before_it() -> None:
    found = works_in("World Bank EG.ELC.LOSS.ZS (IEA), from open-numbers/ddf; other_loss from carculator_utils 1.3.5")
    assert {work.publisher: [copy.publisher for copy in copies] for work, copies in found.items()} == {
        "World Bank": ["open-numbers"], "Paul Scherrer Institut": [],
    }  # fmt: skip


def test_a_mark_survives_what_is_written_around_it() -> None:
    row = tables.rows("electricity", "us_states")[0]
    said = f"in the US; {row['source']}; and more"
    (mark,) = marks(said)
    assert mark == ("electricity/us_states", row["licence"], f"in the US; {mark.cited.removeprefix('in the US; ')}")
    assert unmarked(said) == f"{mark.cited}; and more"


def test_each_mark_has_the_words_of_its_own_row() -> None:
    """What stands behind a mark, such as the folder of a user, is no part of the next row."""
    mine = "[mine/a 1.0, sha256:0123, in place of data/a 0.1]"
    first, second = marks(f"of a: EPA [a/b, MIT] {mine}; of b: IEA [c/d, CC0-1.0]; x")
    assert first == ("a/b", "MIT", "of a: EPA")
    assert second == ("c/d", "CC0-1.0", "of b: IEA")


def test_a10_what_follows_from_published_years_credits_them() -> None:
    come = lca.Electricity.trajectory("FRA", [2030], model="trend")
    found = lca.provenance({"x": come.intensity})  # type: ignore[dict-item]
    learnt = [key for key in found.index if key.endswith((".trend", ".level"))]
    assert len(learnt) == 2
    assert found.loc[learnt, "table"].tolist() == ["electricity/country_yearly"] * 2


def test_a_licence_of_our_own_is_named_in_words() -> None:
    assert "Licence: US Government Work." in of("US EPA", electricity("US-RFCW", 2019)).text
