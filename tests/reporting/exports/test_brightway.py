"""The package for Brightway: what its importer reads, and by Brightway itself the nominal total (A7)."""

from __future__ import annotations

import bz2
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from brightway import by_brightway
from example_study import study
from inventory_sums import TOTAL, by_hand

import lca
from lca.errors import FileFormatError
from lca.inventory.stages import STAGES

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "brightway-and-openlca.md"
SCRIPT = Path(__file__).with_name("brightway_scores.py")


def read(value: Any) -> Any:
    """Plain data out of the JSON of bw2data, whose tuples and mappings say what they are."""
    if isinstance(value, dict) and "__tuple__" in value:
        return tuple(map(read, value["data"]))
    if isinstance(value, dict):
        return dict(zip(map(read, value["keys"]), map(read, value["values"]), strict=True))
    return list(map(read, value)) if isinstance(value, list) else value


def objects(path: Path) -> list[Any]:
    return [read(one) for one in json.loads(bz2.decompress(path.read_bytes()))]


def test_a7_its_matrix_times_its_factors_is_the_total(tmp_path: Path) -> None:
    """Solved as Brightway does: (demand) (I - A)^-1 B c."""
    database, method = objects(lca.brightway(by_hand()).write(tmp_path / "run.bw2package"))
    data = database["data"]
    keys = [key for key, one in data.items() if one["type"] == "process"]
    matrix, counted = np.zeros((len(keys), len(keys))), np.zeros(len(keys))
    factors = {tuple(key): number for key, number in method["data"]}
    for column, key in enumerate(keys):
        for one in data[key]["exchanges"]:
            if one["type"] == "biosphere":
                counted[column] += one["amount"] * factors[one["input"]]
            else:
                matrix[keys.index(one["input"]), column] += one["amount"] * (1 if one["type"] == "production" else -1)
    demand = np.eye(len(keys))[keys.index(("a run by hand", "study"))]
    assert counted @ np.linalg.solve(matrix, demand) == pytest.approx(TOTAL, rel=1e-12)
    assert method["name"] == ("a run by hand", "climate change", "GWP 100, AR6")


def test_its_database_is_one_that_bw2io_writes(tmp_path: Path) -> None:
    database, method = objects(lca.brightway(by_hand(), name="mine").write(tmp_path / "run.bw2package"))
    assert database["name"] == "mine"
    assert {key[0] for key in database["data"]} == {"mine"}
    kinds = {one["type"] for one in database["data"].values()}
    assert kinds == {"process", "emission"}
    electricity = database["data"]["mine", "electricity/busbar/electricity-fr-2024"]
    assert (electricity["location"], electricity["unit"]) == ("FR", "kilowatt hour")
    assert electricity["exchanges"][0] == {
        "input": ("mine", "electricity/busbar/electricity-fr-2024"), "amount": 1.0, "type": "production",
        "unit": "kilowatt hour",
    }  # fmt: skip
    assert database["class"]["name"], method["class"]["name"] == ("SQLiteBackend", "Method")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("80 kWh", {"uncertainty type": 1}),
        (lca.Lognormal("80 kWh", gsd=1.5), {"uncertainty type": 2, "loc": math.log(100), "scale": math.log(1.5)}),
        (lca.Normal("80 kWh", "8 kWh").truncated(low="40 kWh"),
         {"uncertainty type": 3, "loc": 100, "scale": 10, "minimum": 50}),
        (lca.Uniform("40 kWh", "80 kWh"), {"uncertainty type": 4, "minimum": 50, "maximum": 100}),
        (lca.Triangular("40 kWh", "60 kWh", "80 kWh"),
         {"uncertainty type": 5, "loc": 75, "minimum": 50, "maximum": 100}),
        (lca.Pert("40 kWh", "50 kWh", "80 kWh"),
         {"uncertainty type": 10, "loc": 2, "shape": 4, "minimum": 50, "maximum": 100}),
        (lca.Weibull("80 kWh", shape=2), {"uncertainty type": 8, "scale": 100, "shape": 2}),
    ],
)  # fmt: skip
def test_u4_a_spread_has_the_fields_of_stats_arrays(given: object, expected: dict[str, float]) -> None:
    (database, _) = lca.brightway(by_hand(given)).data["objects"]  # type: ignore[misc]
    exchange = database["data"]["a run by hand", "training/run"]["exchanges"][1]
    fields = ("uncertainty type", "loc", "scale", "shape", "minimum", "maximum")
    assert {name: exchange[name] for name in fields if name in exchange} == pytest.approx(expected, rel=1e-12)


def test_the_same_study_is_the_same_file_and_another_ending_is_refused(tmp_path: Path) -> None:
    made = lca.brightway(by_hand())
    assert made.content == lca.brightway(by_hand()).content
    with pytest.raises(FileFormatError, match="bw2package"):
        made.write(tmp_path / "run.json")
    assert not list(tmp_path.iterdir())
    assert "0.25 device of manufacturing of one device, desk" in made.text


@pytest.mark.slow
def test_the_lines_of_the_page_run_in_brightway_and_print_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        exec(block, names)
    ((lines, shown),) = re.findall(r"^```py\n(.*?)^```$\s*^```\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "projects").mkdir()
    assert by_brightway("-c", lines, BRIGHTWAY2_DIR=str(tmp_path / "projects")) == shown.strip()


@pytest.mark.slow
def test_a7_brightway_imports_it_and_gets_every_total_and_stage(tmp_path: Path) -> None:
    """1e-9 in double precision; 1e-6 by `bw2calc.LCA` as it stands, which keeps matrices in single precision."""
    made = lca.brightway(study())
    package = made.write(tmp_path / "fleet.bw2package")
    single, double = json.loads(by_brightway(SCRIPT, package, tmp_path / "projects"))
    data = lca.nominal(study()).data
    checked = 0
    for name, found in double.items():
        code, _, label = name.rstrip("]").partition("[engine=")
        stage = {"study": "total"}.get(code, code.removeprefix("stage/"))
        if stage not in (*STAGES, "total"):
            continue
        array = data[stage].sel(engine=label) if label else data[stage]
        assert found == pytest.approx(float(array), rel=1e-9), name
        assert single[name] == pytest.approx(float(array), rel=1e-6), name
        checked += 1
    assert checked == 10 + 10 + 5  # totals and use by engine, and the stages that all share
