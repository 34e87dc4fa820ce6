"""Published footprints: what is in them, whose they are, and the classes judged from them."""

from __future__ import annotations

import pandas
import pytest

from lca import tables


def read(table: str) -> pandas.DataFrame:
    return tables.read("hardware", table)


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
        *(
            "dies",
            "memory",
            "storage",
            "board",
            "passives",
            "cooling",
            "power_supply",
            "enclosure",
            "assembly",
            "packaging",
        ),
        *("switches", "host", "rack"),
    }
    for contents in published["contents"]:
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
    assert len(classes) == 10
    assert classes.loc["class-datacentre-gpu", ["value", "low", "high"]].tolist() == [170, 90, 300]
