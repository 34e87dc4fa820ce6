"""The table of chip making: one default for a node, growth with smaller nodes, places, figures of the foundry."""

from __future__ import annotations

import pandas
import pytest

from lca import tables


def read(table: str) -> pandas.DataFrame:
    return tables.read("hardware", table)


@pytest.fixture
def fabrication() -> pandas.DataFrame:
    return read("fabrication")


def test_each_quantity_has_one_default_for_a_node(fabrication: pandas.DataFrame) -> None:
    taken = fabrication[fabrication["default"].eq(1)]
    assert not taken[taken["quantity"].ne("fab_place")].duplicated(["quantity", "node_low"]).any()
    assert not taken[taken["quantity"].eq("fab_place")].duplicated("subject").any()
    single = taken[taken["node_low"].isna() & taken["quantity"].ne("fab_place")]
    assert single.set_index("quantity")["value"].to_dict() == {
        "line_yield": 0.9,
        "reference_die_yield": 0.86,
        "cut_yield": 0.72,
        "reference_die_area": 100,
        "clustering_alpha": 5,
        "harvest": 0.5,
        "bonding_yield": 0.97,
        "abatement": 0.97,
        "wafer_diameter": 300,
        "edge_exclusion": 3,
        "scribe_line": 0.1,
    }


def test_energy_and_carbon_grow_as_nodes_shrink(fabrication: pandas.DataFrame) -> None:
    for quantity, first, last in (("energy", 0.9, 3.25), ("gases_95", 175, 470), ("gases_99", 100, 275)):
        rows = fabrication[fabrication["quantity"].eq(quantity) & fabrication["default"].eq(1)]
        values = rows.sort_values("node", ascending=False)["value"]
        assert (values.iloc[0], values.iloc[-1]) == (first, last)
        assert values.is_monotonic_increasing
    good = fabrication[fabrication["quantity"].eq("carbon_per_good_area")].set_index("node")["value"]
    assert good[[28, 7, 5, 3, 2]].tolist() == [1.38, 2.06, 2.42, 2.74, 2.73]


def test_defect_densities_cover_every_node_of_an_accelerator(fabrication: pandas.DataFrame) -> None:
    taken = fabrication[fabrication["quantity"].eq("defect_density") & fabrication["default"].eq(1)]
    ranges = sorted(zip(taken["node_low"], taken["node_high"], strict=True))
    assert ranges == [(2, 3), (4, 5), (6, 10), (12, 28)]
    areas = read("accelerators").dropna(subset=["die_area", "node"])
    assert all(any(low <= node <= high for low, high in ranges) for node in areas["node"])
    foundry = fabrication[fabrication["source"].str.contains("AnandTech") & fabrication["flag"].eq("none")]
    assert foundry.set_index("subject")["value"].to_dict() == {"N7": 0.09, "N5": 0.105}


def test_a_maker_of_dies_has_a_country(fabrication: pandas.DataFrame) -> None:
    places = fabrication[fabrication["quantity"].eq("fab_place") & fabrication["default"].eq(1)]
    country = places.set_index("subject")["text"]
    assert set(read("accelerators")["foundry"]) - {""} <= set(country.index)
    assert country[["TSMC", "Samsung", "SK hynix"]].tolist() == ["TWN", "KOR", "KOR"]
    regions = set(tables.read("electricity", "regions")["region"])
    assert set(fabrication.loc[fabrication["quantity"].eq("fab_place"), "text"]) <= regions
