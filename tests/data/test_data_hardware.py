"""The tables of hardware: rows, units, ranges, defaults, names, licences, and figures known from elsewhere."""

from __future__ import annotations

import json
import re

import pandas
import pytest

from lca import tables
from lca.units.parse import parse_unit

HARDWARE = {
    "accelerators": 117,
    "component_factors": 114,
    "end_of_life": 25,
    "fabrication": 102,
    "freight": 9,
    "lifetimes": 19,
    "network_energy": 12,
    "published_footprints": 51,
}
DECLARED = {"product_footprints": 1226, "class_statistics": 100, "class_defaults": 5}
ROWS = HARDWARE | (DECLARED if tables.is_there("product_footprints") else {})
TABLES = [("hardware" if name in HARDWARE else "product_footprints", name) for name in ROWS]
RANGES = [(folder, name) for folder, name in TABLES if name not in ("accelerators", "product_footprints")]


def read(table: str) -> pandas.DataFrame:
    return tables.read("hardware" if table in HARDWARE else "product_footprints", table)


def resource(folder: str, table: str) -> dict[str, object]:
    place = tables.in_use().having(folder)[0]
    package = json.loads((place.root / folder / "datapackage.json").read_text(encoding="utf-8"))
    return next(one for one in package["resources"] if one["name"] == table)


# every table


@pytest.mark.parametrize(("folder", "table"), TABLES)
def test_a10_a_table_is_complete_and_says_where_it_comes_from(folder: str, table: str) -> None:
    frame = read(table)
    assert len(frame) == ROWS[table]
    assert not frame[["uncertainty", "status", "source", "licence", "flag"]].eq("").any().any()
    words = frame["source"] + frame["licence"]
    assert not words.str.contains("AGPL|from memory|unverified|PyPI").any()
    assert resource(folder, table)["title"]


@pytest.mark.parametrize("table", HARDWARE)
def test_a10_nothing_of_a_share_alike_database_is_in_hardware(table: str) -> None:
    frame = read(table)
    assert not frame.apply(lambda column: column.astype("str").str.contains("ODbL|Boavizta/env")).any().any()
    assert not any(
        "ODbL" in licence["name"]
        for licence in resource("hardware", table)["licenses"]  # type: ignore[attr-defined]
    )


@pytest.mark.parametrize(("folder", "table"), TABLES)
def test_a10_each_word_of_a_flag_is_explained(folder: str, table: str) -> None:
    fields = resource(folder, table)["schema"]["fields"]  # type: ignore[index]
    meaning = next(field["description"] for field in fields if field["name"] == "flag")
    words = {word for cell in read(table)["flag"] for word in cell.split()}
    assert words
    assert {word for word in words if f"{word}: " not in meaning} == set()


@pytest.mark.parametrize(("folder", "table"), RANGES)
def test_a_value_lies_in_its_range_and_a_level_has_one(folder: str, table: str) -> None:
    frame = read(table)
    value = frame["median" if table == "class_statistics" else "value"]
    assert (frame["low"].isna() == frame["high"].isna()).all()
    ranged = frame["low"].notna()
    assert (frame["low"] <= frame["high"])[ranged].all()
    known = ranged & value.notna()
    assert known.any()
    assert (frame["low"] <= value)[known].all()
    assert (value <= frame["high"])[known].all()
    assert ranged[frame["level"].notna()].all()
    assert set(frame["level"].dropna()) <= {0.9}


@pytest.mark.parametrize(("folder", "table"), RANGES)
def test_u8_a_recommended_row_is_assumed_and_has_a_wide_range(folder: str, table: str) -> None:
    frame = read(table)
    recommended = frame[frame["flag"].str.contains("recommended|class_default")]
    assert recommended["status"].eq("assumed").all()
    assert recommended["level"].eq(0.9).all()
    assert (recommended["high"] / recommended["low"].clip(lower=1e-6)).gt(1.5).all()


@pytest.mark.parametrize("table", ["component_factors", "fabrication", "lifetimes", "freight", "end_of_life"])
def test_no_value_is_missing_where_a_model_takes_it_unasked(table: str) -> None:
    frame = read(table)
    taken = frame[frame["default"].eq(1)]
    assert len(taken)
    text = taken["text"] if "text" in taken else pandas.Series("", index=taken.index)
    assert (taken["value"].notna() | text.ne("")).all()
    assert not taken["flag"].str.contains("unusable|fab_only|accounting_life|none_published|not_comparable").any()


UNITS = {
    "component_factors": {
        "kg CO2e/GB",
        "kg CO2e/device",
        "kg CO2e/cm^2",
        "kg CO2e/m^2",
        "kg CO2e/kg",
        "kg CO2/kg",
        "kg CO2e/kWh",
        "MJ primary/kg",
    },
    "fabrication": {"kWh at_facility/cm^2", "g CO2e/cm^2", "kg CO2e/cm^2", "1/cm^2", "1", "mm", "mm^2", "L"},
    "published_footprints": {"kg CO2e/device"},
    "class_defaults": {"kg CO2e/device"},
    "class_statistics": {"kg CO2e/device", "kg CO2e/kg", "year", "kg/device"},
    "lifetimes": {"year"},
    "freight": {"kg CO2e/(t km)", "kg CO2e/kg", "kg CO2e/device", "1", "km"},
    "end_of_life": {"kg CO2e/kg", "kg CO2e/device", "1"},
    "network_energy": {"kWh at_facility/GB"},
}


@pytest.mark.parametrize("table", [name for name in UNITS if name in ROWS])
def test_q1_every_unit_is_read(table: str) -> None:
    assert set(read(table)["unit"]) == UNITS[table]
    assert all(parse_unit(unit)[0] > 0 for unit in UNITS[table])


@pytest.mark.parametrize(("folder", "table"), TABLES)
def test_q1_the_unit_of_a_column_is_read(folder: str, table: str) -> None:
    for unit in tables.units(folder, table).values():
        assert parse_unit(unit)[0] > 0


# accelerators


@pytest.fixture
def parts() -> pandas.DataFrame:
    return read("accelerators").set_index("hardware")


def test_names_and_aliases_mean_one_row_each(parts: pandas.DataFrame) -> None:
    aliases = parts["aliases"].str.split().explode().dropna()
    words = [*parts.index, *aliases]
    assert len(words) == len(set(words))
    assert [word for word in words if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word)] == []
    found = {alias: name for name, alias in aliases.items()}
    assert [found[word] for word in ("h100", "h100-sxm", "jetson-nano-4gb", "geforce-rtx-4090", "m1")] == [
        "h100-sxm5-80gb",
        "h100-sxm5-80gb",
        "jetson-nano",
        "rtx-4090",
        "apple-m1",
    ]
    assert not {"a100", "v100", "jetson-agx-orin"} & set(words)  # several parts: the user has to choose


def test_there_are_enough_parts_of_each_kind(parts: pandas.DataFrame) -> None:
    kinds = parts["class"].value_counts()
    assert kinds[["datacentre_gpu", "consumer_gpu", "workstation_gpu", "superchip", "asic"]].sum() >= 80
    assert kinds[["edge_module", "soc", "sbc"]].sum() >= 35
    assert set(kinds.index) == {
        *("datacentre_gpu", "consumer_gpu", "workstation_gpu", "superchip"),
        *("asic", "edge_module", "soc", "sbc"),
    }


def test_figures_known_from_elsewhere(parts: pandas.DataFrame) -> None:
    """NVIDIA's data sheets and architecture papers; Orin from NVIDIA, not the 200 mm2 of a database."""
    assert parts["die_area"][["h100-sxm5-80gb", "a100-sxm4-40gb", "v100-sxm2-16gb", "t4"]].tolist() == [
        814,
        826,
        815,
        545,
    ]
    assert parts["die_area"][parts.index.str.contains("orin")].eq(455).all()
    assert parts["tdp"][["v100-pcie-16gb", "v100-sxm2-16gb", "a100-pcie-40gb", "l40s"]].tolist() == [250, 300, 250, 350]
    assert parts["memory"][["h100-sxm5-80gb", "b200", "k80", "mi300a"]].tolist() == [80, 180, 24, 128]
    assert parts["memory_type"][["a100-pcie-40gb", "a30-pcie"]].tolist() == ["HBM2", "HBM2"]
    assert parts["node"][["h100-sxm5-80gb", "jetson-nano", "jetson-agx-orin-64gb"]].tolist() == [5, 20, 8]
    assert parts["main_dies"][["mi250x", "b200", "k80"]].tolist() == [2, 2, 2]


def test_a_sum_of_tiles_is_flagged_and_larger_than_any_die(parts: pandas.DataFrame) -> None:
    """A field of a scanner is 26 by 33 mm: no die is larger."""
    tiles = parts["flag"].str.contains("sum_of_tiles")
    assert sorted(parts.index[tiles]) == ["data-center-gpu-max-1550", "mi300a", "mi300x", "mi325x"]
    assert parts["die_area"][~tiles].dropna().le(858).all()
    assert parts["die_area"][tiles].gt(858).all()
    assert parts["tiles"][["mi300x", "mi325x"]].tolist() == ["8 of 115 mm2 at 5 nm; 4 of 370 mm2 at 6 nm"] * 2
    assert parts["tiles"].ne("").sum() == 2


def test_an_area_that_nobody_published_is_missing(parts: pandas.DataFrame) -> None:
    assert (parts["die_area"].isna() == parts["flag"].str.contains("die_not_published")).all()
    assert parts["die_area"][["b200", "gb10", "raspberry-pi-5", "tpu-v7", "apple-m2-max"]].isna().all()
    ranged = parts[parts["die_low"].notna()]
    assert ranged["die_area"].isna().all()
    assert (ranged["die_low"] < ranged["die_high"]).all()
    assert parts.loc["b200", ["die_low", "die_high"]].tolist() == [750, 830]


def test_a10_what_was_not_checked_is_assumed(parts: pandas.DataFrame) -> None:
    doubted = parts["flag"].str.contains(r"\b(?:die|dies|tiles|node|memory|power|mass)_unverified|upper_bound|derived")
    assert parts["status"][doubted].eq("assumed").all()
    assert parts["status"][~doubted & ~parts["flag"].str.contains("estimate|doubtful")].eq("dataset").all()
    assert not parts["source"].str.contains("boaviztapi").any()


def test_a_jetson_says_that_its_power_is_a_cap(parts: pandas.DataFrame) -> None:
    jetson = parts[parts.index.str.startswith("jetson")]
    assert len(jetson) == 17
    assert jetson["flag"].str.contains("power_mode_cap").all()
    assert jetson["note"].str.contains("not a thermal design power").all()


# parts of a computer


@pytest.fixture
def factors() -> pandas.DataFrame:
    return read("component_factors")


def test_each_component_has_one_default(factors: pandas.DataFrame) -> None:
    defaults = factors[factors["default"].eq(1)].set_index("component")
    assert defaults.index.is_unique
    assert set(factors["component"]) - set(defaults.index) == {"tape", "integrated_circuits"}
    units = defaults["unit"].to_dict()
    assert {units[name] for name in units if name.startswith(("memory", "ssd", "flash"))} == {"kg CO2e/GB"}
    assert {units[name] for name in ("board", "passives", "connector")} == {"kg CO2e/cm^2"}
    assert {units[name] for name in ("hdd", "package")} == {"kg CO2e/device"}
    by_mass = ("cooling", "power_supply", "enclosure", "battery", "packaging", "assembly")
    assert {units[name] for name in by_mass} == {"kg CO2e/kg"}
    assert defaults["level"].eq(0.9).all()
    assert defaults.drop(index="battery")["status"].eq("assumed").all()


def test_the_defaults_of_memory_and_storage(factors: pandas.DataFrame) -> None:
    defaults = factors[factors["default"].eq(1)].set_index("component")
    assert defaults.loc["memory_hbm", ["value", "low", "high"]].tolist() == [0.8, 0.4, 1.7]
    names = ["memory_gddr", "memory_ddr", "memory_lpddr", "ssd", "flash", "hdd"]
    assert defaults.loc[names, "value"].tolist() == [0.4, 1.0, 0.25, 0.04, 0.03, 30]


def test_parts_of_a_baseboard_follow_from_its_total_and_shares(factors: pandas.DataFrame) -> None:
    """HGX H100: 1,312 kg and eight GPUs; memory 42, ICs 25, thermal 18, assembly 8.6 percent."""
    value = factors.set_index("product")["value"]
    assert value["HGX H100, thermal parts per GPU"] == pytest.approx(1312 * 0.18 / 8, rel=1e-3)
    assert value["HGX H100, logic dies with packages, switches among them per GPU"] == 41
    assert value["HBM3 (H100 80 GB)"] * 640 == pytest.approx(1312 * 0.42, rel=1e-3)
    assert value["HBM3E (B200 180 GB)"] * 1440 == pytest.approx(2274 * 0.49, rel=1e-3)
    known = factors[factors["product"].str.startswith("HGX B200,")]["value"].sum() + 2274 * 0.49 / 8
    assert known == pytest.approx(2274 / 8 * (0.49 + 0.28 + 0.12 + 0.056 + 0.017 + 0.023 + 0.01), rel=1e-3)


def test_boards_of_act_are_unusable_and_say_so(factors: pandas.DataFrame) -> None:
    boards = factors[factors["component"].eq("board")]
    act = boards[boards["source"].str.contains("ACT")]
    assert len(act) == 4
    assert act["flag"].eq("unusable").all()
    usable = boards[boards["unit"].eq("kg CO2e/cm^2")]
    assert usable["value"].min() * 1e4 / act["value"].max() > 100  # per square metre


def test_a_metal_in_two_sources(factors: pandas.DataFrame) -> None:
    value = factors.set_index("product")["value"]
    assert value["primary aluminium, world"] == value["ACT aluminium"] == 15.1
    assert value["ACT steel"] == 1.89


# lifetimes, end of life, freight, networks


def test_a_balance_sheet_is_no_service_life() -> None:
    lives = read("lifetimes")
    assert (lives["basis"].eq("accounting") == lives["item"].str.contains("depreciation")).all()
    assert lives[lives["default"].eq(1)].set_index("class")["value"].to_dict() == {
        "accelerator": 5,
        "edge_device": 6,
        "server": 5,
        "workstation": 5,
    }
    assert lives.loc[lives["default"].eq(1), "basis"].eq("use").all()


def test_epas_desktop_cpus_are_whole_computers() -> None:
    frame = read("end_of_life")
    computers = frame[frame["thing"].eq("whole computer")]
    assert computers.set_index("treatment")["value"].to_dict() == {
        "combusted": 0.44092,
        "landfilled": 0.02205,
        "recycled": 0.01102,
    }
    assert computers["flag"].str.contains("whole_computer").all()
    assert not frame["thing"].str.contains("CPU|chip").any()
    assert frame[frame["default"].eq(1)][["thing", "value", "unit"]].values.tolist() == [
        ["electronics", 0.8, "kg CO2e/kg"]
    ]
    rates = frame[frame["quantity"].eq("recycling_rate")]
    assert rates["value"].between(0, 1).all()


def test_freight_says_whether_the_fuels_making_counts() -> None:
    frame = read("freight")
    moved = frame[frame["quantity"].eq("emission")].set_index("mode")
    assert moved["scope"].eq("tank-to-wheel").all()
    assert moved["value"].sort_values().index.tolist() == ["rail", "ship", "truck", "aircraft"]
    assert moved["value"].between(0.01, 1).all()


def test_networks_have_no_default_and_a_range_for_each_scope() -> None:
    frame = read("network_energy")
    assert "default" not in frame
    recommended = frame[frame["flag"].eq("recommended")]
    assert sorted(recommended["scope"]) == ["between data centres", "fixed", "mobile"]
    doubtful = frame[frame["flag"].str.contains("unit_ambiguous")]
    assert doubtful["value"].tolist() == [0.001]
    assert frame["value"].max() / frame["value"].min() == pytest.approx(2800)
