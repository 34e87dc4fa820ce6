"""Footprints that vendors declare, of lca-data-odbl: what does not add up, statistics, classes, and the catalogue."""

from __future__ import annotations

from typing import Any

import pandas
import pytest
from example_catalogue import value

import lca
from lca import tables
from lca.errors import MissingError
from lca.hardware.catalogue import find, search_hardware
from lca.hardware.component_factors import rows_of
from lca.hardware.hardware import GATES

FOLDER = "product_footprints"
if not tables.is_there(FOLDER):
    pytest.skip("lca-data-odbl is not installed", allow_module_level=True)


def read(table: str) -> pandas.DataFrame:
    return tables.read(FOLDER, table)


@pytest.fixture
def declared() -> pandas.DataFrame:
    return read("product_footprints")


def test_no_vendors_row_is_left_out_and_what_does_not_add_up_is_flagged(declared: pandas.DataFrame) -> None:
    assert declared["hardware"].is_unique
    assert declared["flag"].value_counts().to_dict() == {
        "none": 1165,
        "fractions_below": 45,
        "duplicate": 8,
        "outlier": 4,
        "fractions_above": 3,
        "fraction_implausible": 1,
    }
    assert declared.loc[declared["total"].gt(20000), "flag"].eq("outlier").all()
    stages = ["use_fraction", "manufacturing_fraction", "transport_fraction", "end_of_life_fraction"]
    whole = declared[declared["flag"].eq("none") & declared["manufacturing_fraction"].notna()]
    assert whole[stages].sum(axis=1).between(0.9, 1.02).all()
    product = whole["total"] * whole["manufacturing_fraction"]
    assert (whole["manufacturing"] - product).abs().le(0.001 * whole["total"]).all()


def test_there_are_servers_laptops_and_desktops_to_choose_from(declared: pandas.DataFrame) -> None:
    usable = declared[declared["flag"].eq("none") & declared["manufacturing"].notna()]
    count = usable["subcategory"].value_counts()
    assert count["server"] >= 40
    assert count["laptop"] >= 200
    assert count["desktop"] >= 100
    assert usable["hardware"].str.startswith("dell-precision").sum() >= 20
    assert "dell-poweredge-r740" in set(usable["hardware"])


def test_statistics_are_those_of_the_rows_without_flag(declared: pandas.DataFrame) -> None:
    """Recomputed by pandas, whose quantiles interpolate in the same way."""
    table = read("class_statistics").set_index(["class", "measure"])
    clean = declared[declared["flag"].eq("none")]
    clean = clean.assign(
        transport=clean["total"] * clean["transport_fraction"] / clean["mass"],
        end_of_life=clean["total"] * clean["end_of_life_fraction"] / clean["mass"],
    )
    for (name, measure), row in table.iterrows():
        part = clean[clean["subcategory"].eq(name)]
        if str(name).startswith("dell_"):
            word = {"dell_precision": "Precision", "dell_optiplex": "OptiPlex"}[str(name)]
            part = clean[clean["product"].str.contains(word) & clean["subcategory"].isin(["desktop", "workstation"])]
        values = part[str(measure)].dropna()
        assert row["rows"] == len(values), (name, measure)
        expected = values.quantile([0.5, 0.05, 0.95]).tolist()
        assert row[["median", "low", "high"]].tolist() == pytest.approx(expected, rel=1e-3), (name, measure)
    assert table.loc[("server", "manufacturing"), ["median", "rows"]].tolist() == [1215, 48]


@pytest.mark.parametrize("table", [FOLDER, "class_statistics", "class_defaults"])
def test_a10_every_row_keeps_its_licence(table: str) -> None:
    assert read(table)["licence"].eq("LicenseRef-DbCL-1.0 AND ODbL-1.0").all()


# the catalogue


def test_every_declared_product_is_found() -> None:
    for row in rows_of(FOLDER, FOLDER):
        assert find(str(row["hardware"])).product is not None
    assert len(search_hardware()) > 1300
    servers = lca.search("hardware", "poweredge r740")["hardware"].tolist()
    assert servers == ["dell-poweredge-r740", "dell-poweredge-r740xd", "dell-poweredge-r740-lca"]


def test_classes_judged_from_declarations_have_names_of_their_own() -> None:
    """What a name of the main distribution gives does not depend on what is installed."""
    classes = {str(row["hardware"]): row for row in rows_of("class_defaults", FOLDER)}
    assert len(classes) == 5
    for name, row in classes.items():
        assert name.startswith("declared-")
        assert value(lca.Hardware.lookup(name).embodied) == row["value"]
        said: dict[str, Any] = {"contents": row.text("contents").split(), "gate": row["gate"]}
        assert lca.Hardware("x", embodied="1 kg CO2e", lifetime="1 year", **said).contents
        assert row["gate"] in GATES
    assert not set(classes) & set(tables.read("hardware", "published_footprints")["hardware"])
    assert value(lca.Hardware.lookup("workstation-tower").embodied) == 270
    assert value(lca.Hardware.lookup("declared-workstation-tower").embodied) == 340


def test_flagged_declarations_are_refused_unless_accepted() -> None:
    rows = rows_of(FOLDER, FOLDER)
    flagged = next(row for row in rows if row["flag"] == "fractions_above" and row["manufacturing"] > 0)
    with pytest.raises(MissingError, match="flagged"):
        lca.Hardware.lookup(flagged["hardware"])
    accepted = lca.Hardware.lookup(flagged["hardware"], allow_flagged=True)
    assert value(accepted.embodied) == pytest.approx(flagged["manufacturing"], rel=1e-12)
    total_only = next(row for row in rows if row["manufacturing"] != row["manufacturing"])
    with pytest.raises(MissingError, match="without the share of manufacturing"):
        lca.Hardware.lookup(total_only["hardware"])


def test_a_product_s_own_declaration_by_stage() -> None:
    book = lca.Hardware.lookup("13-inch MacBook Air (M1 CPU) 256GB - 2020")
    assert value(book.embodied) == pytest.approx(161 * 0.76, rel=1e-12)
    assert value(book.distribution) == pytest.approx(161 * 0.08, rel=1e-12)
    assert value(book.lifetime) == 3 * 365.25 * 86400
    assert (book.gate, book.contents, book.status) == ("manufacturing", frozenset(), "assumed")


def test_a10_a_spread_that_no_maker_gives_makes_a_declared_figure_assumed() -> None:
    book = lca.Hardware.lookup("13-inch MacBook Air (M1 CPU) 256GB - 2020")
    for node, gsd in {book.embodied: 1.4, book.distribution: 1.4, book.lifetime: 1.25}.items():
        found = node.parameter
        assert (found.status, found.values[0].gsd) == ("assumed", pytest.approx(gsd, rel=1e-12)), found.key
        assert found.source.endswith(f"; its spread, gsd {gsd:g}, is assumed")
    assert book.status == "assumed"


def test_legs_stand_in_place_of_a_declared_transport() -> None:
    """They had no effect on a product whose maker declares its transport."""
    name = "apple-13-inch-macbook-air-m1-cpu-256gb-2020"
    near, far = (lca.Hardware.lookup(name, legs={"aircraft": f"{km} km"}).distribution for km in (1000, 10_000))
    assert value(far) == pytest.approx(10 * value(near))
    assert value(lca.Hardware.lookup(name).distribution) == pytest.approx(12.88)


def test_a_name_that_only_the_distribution_has_says_what_to_install() -> None:
    name = "13-inch MacBook Air (M1 CPU) 256GB - 2020"
    with lca.using_data(installed=False), pytest.raises(MissingError, match="pip install lca-data-odbl"):
        lca.Hardware.lookup(name)
    assert lca.Hardware.lookup(name).gate == "manufacturing"


# results


def one_hour(on: lca.Hardware) -> lca.Study:
    site = lca.Site("hall", electricity=lca.Electricity(intensity="0.4 kg CO2e/kWh", at="facility"), pue=1.0)
    run = lca.Training(
        "run", energy="1 kWh at_wall", duration="1 h", year=2023, on=on, site=site, allocation="reserved_time"
    )
    out = dict.fromkeys(("development", "use"), lca.outside_goal("a training alone"))
    return lca.Study("run", run, functional_unit=lca.FunctionalUnit("one run", count=1), excluded=out)


def test_a_result_names_the_distribution() -> None:
    name = "lca-data-odbl/product_footprints"
    declared = one_hour(lca.Hardware.lookup("dell-poweredge-r740"))
    assert lca.nominal(declared).versions[name].partition(", sha256:")[0] == tables.version(FOLDER)
    with lca.using_data(installed=False):
        assert name not in lca.nominal(one_hour(lca.Hardware.lookup("server-host"))).versions


@pytest.mark.parametrize("name", ["H100 SXM", "Jetson Nano", "raspberry-pi-5", "class-edge-module", "workstation-tower",
                                  "server-host", "RTX 4090", "dell-poweredge-r740-lca"])  # fmt: skip
def test_hardware_of_the_library_does_not_depend_on_what_is_installed(name: str) -> None:
    with lca.using_data(installed=False):
        alone = lca.Hardware.lookup(name)
        lonely = lca.nominal({"made": alone.embodied, "moved": alone.distribution}).data
    both = lca.Hardware.lookup(name)
    there = lca.nominal({"made": both.embodied, "moved": both.distribution}).data
    assert (float(there["made"]), float(there["moved"])) == (float(lonely["made"]), float(lonely["moved"]))
    assert both.source == alone.source


@pytest.mark.parametrize(
    ("place", "year"), [("15213", 2019), ("FR", 2023), ("US-PA", 2021), ("gcp:europe-west9", 2023)]
)
def test_electricity_of_the_library_does_not_depend_on_what_is_installed(place: str, year: int) -> None:
    def drawn() -> list[float]:
        grid = lca.Electricity.lookup(place, year)
        return lca.monte_carlo(grid.intensity, draws=20, progress=False).data["value"].to_numpy().tolist()

    with lca.using_data(installed=False):
        alone = drawn()
    assert drawn() == alone
