"""The row of a table behind a value: its line in the file has the figure that the study uses (A10)."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from data_folder import RATE, write_data_folder
from example_study import study

import lca

ROOT = Path(__file__).parents[2]


def cell(said: str) -> str:
    """What stands in the file: "data/electricity/spreads.csv:13, gsd"."""
    found = re.fullmatch(r"(\S+\.csv):(\d+), (\w+)", said)
    assert found is not None, said
    with open(ROOT / found[1], encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            if reader.line_num == int(found[2]):
                return row[found[3]]
    raise AssertionError(said)


def test_a10_each_value_of_a_table_names_its_line_and_column() -> None:
    values = lca.provenance(study())
    read = values[values["table"] != "no table"]
    assert len(read) == 4
    assert float(cell(read.loc["electricity/US-RFCW/2019.intensity", "row"])) == 1074.41
    assert float(cell(read.loc["electricity/US-RFCW/2019.grid_loss", "row"])) == 5.1
    spreads = {key: float(cell(read.loc[key, "row"])) for key in read.index if key.endswith("between-sources")}
    assert len(spreads) == 2
    assert all(f"gsd={gsd:g})" in read.loc[key, "spread"] for key, gsd in spreads.items())
    assert set(values.loc[values["table"] == "no table", "row"]) == {"no table"}


def test_a10_parts_of_a_device_name_the_rows_of_their_factors() -> None:
    values = lca.provenance(lca.Hardware.lookup("Jetson Nano", method="parts").embodied)
    for key, figure in (("hardware/jetson-nano.die_area", 118), ("component/memory_lpddr", 0.25),
                        ("fabrication/reference_yield", 0.86)):  # fmt: skip
        assert float(cell(values.loc[key, "row"])) == figure
    assert "hardware/accelerators.csv" in values.loc["hardware/jetson-nano.memory", "row"]


@pytest.mark.parametrize(("place", "year"), [("France", 2023), ("India", 2021), ("US-CAMX", 2022)])
def test_a10_places_and_years_are_told_apart(place: str, year: int) -> None:
    """One source stands in thousands of rows: the key of the value says which."""
    grid = lca.Electricity.lookup(place, year)
    values: Any = lca.provenance(grid.intensity)
    key = f"electricity/{grid.region}/{year}.intensity"
    if key not in values.index:  # direct plus upstream: each share has a row
        key = f"electricity/{grid.region}/{year}.share_gas"
    assert float(cell(values.loc[key, "row"])) == pytest.approx(float(values.loc[key, "nominal"].replace(",", "")))


def test_a_row_of_a_user_is_named_by_its_key_and_one_that_is_gone_says_so(tmp_path: Path) -> None:
    """With several places of one table a line would not say of which file."""
    with lca.using_data(write_data_folder(tmp_path / "mine")):
        grid = lca.Electricity.lookup("US-RFCW", 2024, basis="direct")
        row = lca.provenance(grid.intensity)["row"].iloc[0]
        assert row.startswith("electricity/egrid_subregion_rates, region US-RFCW, year 2024")
    assert str(RATE["co2e"]) not in row
    assert lca.provenance(grid.intensity)["row"].iloc[0] == "not in the data in use"
