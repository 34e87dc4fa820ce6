"""Each table of data/ has an entry in the manifest, a script, and is made here from a small file written by hand.

The files stand in by_hand/, in the form of the transcriptions with which the scripts begin. The figures are made up.
"""

from __future__ import annotations

import csv
import importlib
import shutil
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tables_by_hand import TABLES, Cells

import lca

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "data" / "build"
HAND = Path(__file__).with_name("by_hand")
MANIFEST: dict[str, Any] = tomllib.loads((BUILD / "manifest.toml").read_text(encoding="utf-8"))


#: The sdist of the library lacks the other distribution.
whole = pytest.mark.skipif(not (ROOT / "data" / "odbl").is_dir(), reason="data/odbl is in the repository alone")


def shipped() -> set[str]:
    """The tables of data/, of both distributions."""
    packages = [file.parent for file in (ROOT / "data").rglob("datapackage.json")]
    return {f"{folder.name}/{table.stem}" for folder in packages for table in folder.glob("*.csv")}


def begun() -> dict[str, list[str]]:
    """What each script begins with, as the manifest says."""
    found: dict[str, list[str]] = {}
    for entry in MANIFEST["transcription"]:
        for script in entry["scripts"]:
            found.setdefault(script, []).append(entry["file"])
    for entry in MANIFEST["within"]:
        found.setdefault(entry["script"], []).append(entry["script"])
    for entry in MANIFEST["computed"]:
        found.setdefault(entry["script"], []).extend(entry["from"])
    return found


@whole
def test_no_table_lacks_an_entry_a_script_or_a_test() -> None:
    assert set(MANIFEST["tables"]) == shipped() == set(TABLES)
    assert set(MANIFEST["tables"].values()) == set(begun())
    assert all((BUILD / script).is_file() for script in begun())


@whole
def test_every_transcription_is_tried_here() -> None:
    """Each has a file by hand with the same columns, and no row of it is a copy."""
    for entry in MANIFEST["transcription"]:
        hand = HAND / entry["file"]
        assert hand.is_file(), entry["file"]
        if "at" in entry:
            kept = (ROOT / "data" / entry["at"] / entry["file"]).read_text(encoding="utf-8").splitlines()
            assert hand.read_text(encoding="utf-8").splitlines()[0] == kept[0], "columns differ"
            assert not set(hand.read_text(encoding="utf-8").splitlines()[1:]) & set(kept)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    lca.use_data()


def run(script: str, source: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a script in this process."""
    monkeypatch.syspath_prepend(str(BUILD))
    monkeypatch.setattr(sys, "argv", [script, str(source), str(data)])
    importlib.import_module(script.removesuffix(".py")).main()


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_rows(file: Path, rows: Sequence[Cells]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def grids(data: Path) -> None:
    """Tables for the spreads: Google a ninth above eGRID, Ember as its life cycle, eight years without a trend."""
    years, regions = [str(year) for year in range(2016, 2024)], ("US", "US-ERCT", "US-CAMX")
    at = [(region, year) for region in regions for year in years]
    wave = {year: 0.02 * (-1) ** place for place, year in enumerate(years)}
    direct = {(region, year): 400 * (1 + wave[year]) * (1 + 0.01 * (region == "US")) for region, year in at}
    fuels = ("coal", "gas", "oil", "nuclear", "hydro", "wind", "solar", "biomass", "geothermal")
    folder = data / "electricity"
    write_rows(
        folder / "egrid_subregion_rates.csv",
        [{"region": place, "year": year, "co2e": str(direct[place, year] / 0.45359237)} for place, year in at],
    )
    mixed = dict.fromkeys(fuels, "0") | {"coal": "50", "gas": "50"}
    write_rows(folder / "egrid_generation_mix.csv", [{"region": place, "year": year, **mixed} for place, year in at])
    country = [("USA", year, direct["US", year] + 90) for year in years] + [("FRA", year, 50.0) for year in years]
    country += [("DEU", year, 50 * (1 + wave[year])) for year in years]
    write_rows(
        folder / "country_yearly.csv",
        [{"region": place, "year": year, "co2e": str(value), "flag": "none"} for place, year, value in country],
    )
    write_rows(folder / "regions.csv", [{"region": place, "is_aggregate": "0"} for place in ("USA", "FRA", "DEU")])
    write_rows(
        folder / "cloud_places.csv",
        [{"provider": "gcp", "region": "europe-west9", "place": "FRA", "status": "dataset"}],
    )
    clouds = [("us-south1", "US-ERCT", "direct"), ("us-west2", "US-CAMX", "direct")]
    google = [
        {"region": name, "year": year, "value": str(direct[place, year] / 0.9), "basis": basis}
        for name, place, basis in clouds
        for year in years[2:]
    ]
    google += [{"region": "europe-west9", "year": year, "value": "55", "basis": "life cycle"} for year in years]
    write_rows(folder / "cloud_regions.csv", [row | {"default": "1", "metric": "grid_intensity"} for row in google])


def source_of(script: str, folder: Path) -> Path:
    """The files by hand of a script, and nothing else."""
    for name in begun()[script]:
        if (HAND / name).is_file():
            for place in {name, Path(name).name}:
                (folder / place).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(HAND / name, folder / place)
    return folder


@pytest.mark.parametrize("script", sorted(set(MANIFEST["tables"].values())))
def test_a_script_makes_its_tables_of_files_by_hand(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, data = source_of(script, tmp_path / "source"), tmp_path / "by_hand"
    if script == "spreads.py":
        grids(data)
    for before in {"state_subregions.py": ["zip_to_subregion.py"], "estimate_spreads.py": ["published_runs.py"]}.get(
        script, []
    ):
        run(before, source_of(before, tmp_path / "before"), data, monkeypatch)
    run(script, source, data, monkeypatch)
    made = [table for table, maker in MANIFEST["tables"].items() if maker == script]
    for table in made:
        odbl = data / "odbl" / "lca_data_odbl" / f"{table}.csv"
        rows = rows_of(odbl if odbl.is_file() else data / f"{table}.csv")
        assert len(rows) == TABLES[table].rows
        for cells in TABLES[table].cells:
            assert sum(cells.items() <= row.items() for row in rows) == 1, f"{table}: {cells}"
    folder = data / "odbl" / "lca_data_odbl"
    added = lca.use_data(folder if folder.is_dir() else data)
    assert set(made) <= set(added["folder"] + "/" + added["table"])
