"""What ships in data/: tags (A4), statuses and sources (A10), and figures known from elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas
import pytest

from lca import tables

DATA = next(place for place in tables.PLACES if place.is_dir())
PACKAGES = sorted(DATA.glob("*/datapackage.json"))
RESOURCES = [
    pytest.param(file.parent.name, one, id=f"{file.parent.name}/{one['name']}")
    for file in PACKAGES
    for one in json.loads(file.read_text(encoding="utf-8"))["resources"]
]
STATUS = {"measured", "declared", "dataset", "assumed", "default"}


@pytest.fixture
def rates() -> pandas.DataFrame:
    return tables.read("electricity", "egrid_subregion_rates")


@pytest.fixture
def gwp() -> pandas.DataFrame:
    return tables.read("characterization", "gwp")


# every table


@pytest.mark.parametrize("file", PACKAGES, ids=lambda file: file.parent.name)
def test_a10_a_package_states_version_sources_and_licences(file: Path) -> None:
    package = json.loads(file.read_text(encoding="utf-8"))
    assert package["name"] == file.parent.name
    assert package["version"] == tables.version(file.parent.name) == "0.1.0"
    assert package["sources"]
    assert all(source["title"] for source in package["sources"])
    assert all(licence["name"] for licence in package["licenses"])
    assert {one["path"] for one in package["resources"]} == {csv.name for csv in file.parent.glob("*.csv")}


@pytest.mark.parametrize(("folder", "resource"), RESOURCES)
def test_a10_hash_and_bytes_are_those_of_the_file(folder: str, resource: dict[str, Any]) -> None:
    content = (DATA / folder / resource["path"]).read_bytes()
    assert len(content) == resource["bytes"]
    assert f"sha256:{hashlib.sha256(content).hexdigest()}" == resource["hash"]
    assert b"\r" not in content


@pytest.mark.parametrize(("folder", "resource"), RESOURCES)
def test_a10_every_column_is_described_and_every_row_has_status_source_and_licence(
    folder: str, resource: dict[str, Any]
) -> None:
    fields = resource["schema"]["fields"]
    assert all(field["description"] and field["type"] in {"string", "integer", "number"} for field in fields)
    frame = tables.read(folder, resource["name"])
    assert list(frame.columns) == [field["name"] for field in fields]
    assert frame["source"].ne("").all()
    assert frame["licence"].ne("").all()
    assert set(frame["status"]) <= STATUS
    assert not frame.duplicated(resource["schema"]["primaryKey"]).any()


# eGRID


def test_a4_every_rate_says_what_it_is(rates: pandas.DataFrame) -> None:
    tags = ["basis", "mix", "averaging", "accounting", "boundary"]
    assert rates[tags].drop_duplicates().values.tolist() == [
        ["direct", "production", "average", "location-based", "busbar"]
    ]
    assert tables.units("electricity", "egrid_subregion_rates") == {
        "co2": "lb CO2/(MWh at_busbar)",
        "co2e": "lb CO2e/(MWh at_busbar)",
        "grid_loss": "percent",
    }


def test_a4_a_gwp_set_stands_exactly_where_a_co2e_stands(rates: pandas.DataFrame) -> None:
    sets = rates.groupby("year")[["gwp_set", "gwp_status"]].agg(lambda column: " ".join(column.unique()))
    assert sets.T.to_dict("list") == {
        2016: ["none", "none"],
        2018: ["AR4", "unverified"],
        2019: ["AR4", "derived"],
        2020: ["AR4", "derived"],
        2021: ["AR4", "unverified"],
        2022: ["AR4", "derived"],
        2023: ["AR5", "derived"],
    }
    assert (rates["gwp_set"].eq("none") == rates["co2e"].isna()).all()


def test_a4_co2_alone_and_co2e_are_kept_apart(rates: pandas.DataFrame) -> None:
    """CO2e contains the CO2; CH4 and N2O from the stack add at most 1 percent."""
    both = rates.dropna(subset="co2e")
    assert len(both) == 167
    ratio = both["co2e"] / both["co2"]
    assert ratio.min() > 1
    assert ratio.max() < 1.02
    assert rates.loc[rates["co2e"].isna(), "year"].unique().tolist() == [2016]


def test_a5_the_years_and_regions_there_are(rates: pandas.DataFrame) -> None:
    """187 rows of subregions and 7 of the US: no eGRID2017, Puerto Rico from 2019 on."""
    national = rates[rates["region"] == "US"]
    regional = rates[rates["region"] != "US"]
    assert (len(rates), len(regional), len(national)) == (194, 187, 7)
    assert rates.groupby("year").size().to_dict() == {
        2016: 27,
        2018: 27,
        2019: 28,
        2020: 28,
        2021: 28,
        2022: 28,
        2023: 28,
    }
    assert regional["region"].nunique() == 27
    assert regional["region"].str.fullmatch("US-[A-Z]{4}").all()
    assert rates.loc[rates["region"] == "US-PRMS", "year"].min() == 2019
    assert rates.groupby("region")["region_name"].nunique().eq(1).all()


def test_a4_the_release_is_named(rates: pandas.DataFrame) -> None:
    release = "eGRID" + rates["year"].astype("str")
    assert rates["release"].eq(release.where(rates["year"] != 2023, "eGRID2023 rev2")).all()
    assert [source for source, name in zip(rates["source"], rates["release"], strict=True) if name not in source] == []


def test_figures_are_plausible(rates: pandas.DataFrame) -> None:
    """Between hydro and nuclear upstate New York and oil on Oahu; losses of 4 to 6 percent."""
    assert rates["co2"].between(230, 1700).all()
    assert rates["co2e"].dropna().between(230, 1710).all()
    assert rates["grid_loss"].between(4, 6).all()
    lowest, highest = rates.loc[rates["co2"].idxmin()], rates.loc[rates["co2"].idxmax()]
    assert (lowest["region"], highest["region"]) == ("US-NYUP", "US-HIOA")
    for year, here in rates.groupby("year"):
        regional = here[here["region"] != "US"]["co2"]
        assert regional.min() < here[here["region"] == "US"]["co2"].item() < regional.max(), year


def test_figures_known_from_elsewhere(rates: pandas.DataFrame) -> None:
    at = rates.set_index(["region", "year"])
    pittsburgh = at.loc[("US-RFCW", 2019)]
    assert (pittsburgh["co2"], pittsburgh["co2e"], pittsburgh["grid_loss"]) == (1067.679, 1074.41, 5.1)
    assert at.loc[("US", 2018), "co2"] == 947.2
    assert at.loc[("US", 2023), ["co2", "co2e"]].tolist() == [767.209, 770.884]


def test_revision_1_of_egrid2023_is_not_here(rates: pandas.DataFrame) -> None:
    """Its CO2e of RFCW, 912.5 lb/MWh, was too low; revision 2 has 916.054."""
    here = rates[(rates["region"] == "US-RFCW") & (rates["year"] == 2023)]
    assert here["co2e"].item() == 916.054
    assert not here["co2e"].between(912, 913).any()


def test_published_digits_are_kept() -> None:
    lines = (DATA / "electricity" / "egrid_subregion_rates.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[3:6] for line in lines if line.startswith("US-RFCW,RFC West,2019,")] == [
        ["1067.679", "1074.41", "5.1"]
    ]
    assert [line.split(",")[3:6] for line in lines if line.startswith("US-MROE,MRO East,2018,")] == [
        ["1678.0", "1689.651", "4.88"]
    ]


def test_a10_no_spread_is_made_up_for_a_rate(rates: pandas.DataFrame) -> None:
    assert "gsd" not in rates
    assert rates["uncertainty"].eq("none published; see spreads").all()
    assert rates["status"].eq("dataset").all()


# global warming potentials


def test_q2_the_factors_of_each_gwp_set(gwp: pandas.DataFrame) -> None:
    """CO2 is 1 in every set; what is known only from memory (fossil CH4 in AR5) is not here."""
    table = gwp.pivot(index="gas", columns="gwp_set", values="value")[["SAR", "AR4", "AR5", "AR6"]]
    assert table.loc["CO2"].tolist() == [1, 1, 1, 1]
    assert table.loc["CH4"].tolist() == [21, 25, 28, 27.9]
    assert table.loc["N2O"].tolist() == [310, 298, 265, 273]
    assert table.loc["CH4_fossil"].dropna().to_dict() == {"AR6": 29.8}
    assert table.loc["CH4_nonfossil"].dropna().to_dict() == {"AR6": 27}
    assert len(gwp) == 14
    assert gwp["horizon_years"].eq(100).all()
    assert not gwp["source"].str.contains("memory").any()


def test_q2_a_factor_is_per_kilogram_of_its_own_gas(gwp: pandas.DataFrame) -> None:
    gas = gwp["gas"].str.partition("_")[0]
    assert gwp["unit"].eq("kg CO2e/(kg " + gas + ")").all()


def test_a4_each_gwp_set_of_a_rate_has_its_factors(rates: pandas.DataFrame, gwp: pandas.DataFrame) -> None:
    assert set(rates["gwp_set"]) - {"none"} <= set(gwp["gwp_set"])


if reference := os.environ.get("LCA_REFERENCE"):

    def test_a10_the_scripts_make_these_very_files() -> None:
        command = [sys.executable, "-B", str(DATA / "rebuild.py"), str(reference)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "differs" not in done.stdout
        assert "was not run" not in done.stdout
