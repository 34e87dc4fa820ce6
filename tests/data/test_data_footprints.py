"""Published and declared footprints: what is in them, whose they are, what does not add up, statistics."""

from __future__ import annotations

import pandas
import pytest

from lca import tables


def read(table: str) -> pandas.DataFrame:
    return tables.read("product_footprints" if table in DECLARED else "hardware", table)


DECLARED = ("product_footprints", "class_statistics", "class_defaults")


# published footprints


@pytest.fixture
def published() -> pandas.DataFrame:
    return read("published_footprints")


def test_one_h100_has_as_many_figures_as_there_are_contents(published: pandas.DataFrame) -> None:
    h100 = published[published["hardware"].eq("h100-sxm5-80gb")].set_index("product")
    assert sorted(h100["value"].dropna()) == [164, 225, 273]
    act = h100.loc["NVIDIA H100, die and memory by ACT"]
    assert (act["low"], act["high"], act["contents"]) == (25, 49, "dies memory")
    assert "switches" in h100.loc["NVIDIA H100 SXM (1/8 of baseboard incl. switches)", "contents"]
    assert h100["contents"].ne("").all()


def test_a_part_has_the_name_of_the_part_or_one_of_its_own(published: pandas.DataFrame) -> None:
    parts = set(read("accelerators")["hardware"])
    aliases = set(read("accelerators")["aliases"].str.split().explode().dropna())
    named = published[published["hardware"].isin(parts)]
    assert set(named["class"]) <= {"accelerator", "edge_device"}
    assert len(named) == 19
    assert not set(published["hardware"]) & aliases


def test_contents_are_words_that_are_known(published: pandas.DataFrame) -> None:
    known = {
        *("dies", "memory", "board", "passives", "cooling", "power_supply", "enclosure", "assembly", "packaging"),
        *("switches", "host", "rack"),
    }
    for contents in (*published["contents"], *read("class_defaults")["contents"]):
        assert set(contents.split()) <= known
    missing = published["value"].isna() & published["low"].isna()
    assert (missing == published["flag"].eq("none_found")).all()
    assert (published["contents"].eq("") == missing).all()
    assert missing.sum() == 8


def test_shares_sum_to_one_and_an_eighth_is_an_eighth(published: pandas.DataFrame) -> None:
    shares = published[["share_materials", "share_assembly", "share_transport"]].dropna()
    assert len(shares) == 4
    assert shares.sum(axis=1).between(0.995, 1.005).all()
    value = published.drop_duplicates("hardware").set_index("hardware")["value"]
    whole = published.set_index("product")["value"]
    assert whole["NVIDIA H100 SXM (1/8 of baseboard incl. switches)"] == value["hgx-h100-8gpu"] / 8
    assert whole["NVIDIA B200 SXM (1/8 of baseboard incl. switches)"] == value["hgx-b200-8gpu"] / 8


def test_classes_of_devices_have_ranges(published: pandas.DataFrame) -> None:
    classes = published[published["flag"].eq("class_default")].set_index("hardware")
    assert classes.index.is_unique
    assert len(classes) == 7
    assert classes.loc["class-datacentre-gpu", ["value", "low", "high"]].tolist() == [170, 90, 300]


# vendors' footprints


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
