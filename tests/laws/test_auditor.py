"""The path of an auditor through the demo's result: verify, trace, run again, change, compare; no script (A10)."""

from __future__ import annotations

import csv
import importlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import packing
import pytest

import lca
from lca.errors import FileFormatError

ROOT = Path(__file__).parents[2]
#: Five values of different tables, and what the file says of each.
TRACED = {
    "electricity/US-RFCW/2019.intensity": 1074.41,
    "electricity/US-RFCW/2019.share_coal": 37.4,
    "upstream/gas.direct_intensity": 370,
    "lifetime/edge_device": 6,
    "hardware/workstation-tower.embodied": 270,
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """What the authors publish: the file, and the hash of its content elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "examples"))
        study = importlib.import_module("superpoint").study
    result = lca.monte_carlo(study, draws=400, progress=False)
    path = lca.save(result, tmp_path_factory.mktemp("published") / "result.lca")
    return path, lca.verify(path).attrs["content"]


def cell(said: str) -> str:
    found = re.fullmatch(r"(\S+\.csv):(\d+), (\w+)", said)
    assert found is not None, said
    with open(ROOT / found[1], encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return next(row[found[3]] for row in reader if reader.line_num == int(found[2]))


def test_a10_the_path_of_an_auditor(published: tuple[Path, str], tmp_path: Path) -> None:
    path, content = published
    lca.verify(path, content=content)
    theirs = lca.load(path)

    values = lca.provenance(theirs)
    assert {key: float(cell(values.loc[key, "row"])) for key in TRACED} == TRACED
    assert len(set(values.loc[list(TRACED), "table"])) == 5
    assert float(values.loc["lifetime/edge_device", "nominal"]) == TRACED["lifetime/edge_device"]

    again, moved = lca.rerun(path)
    assert moved["identical"].all()
    assert again.data.identical(theirs.data)

    study = theirs.study
    assert study is not None
    changed = lca.monte_carlo(study.replace({"robots.period": "8 year"}), draws=400, progress=False)
    found = lca.difference(theirs, lca.save(changed, tmp_path / "changed.lca"))
    rows = found.table.reset_index()
    assert set(rows["change"]) == {"robots.period", "whole"}
    assert "period of robots" in str(found)
    assert "(5 year to 8 year)" in str(found)
    np.testing.assert_allclose(
        rows.loc[rows["change"] == "whole", "moves"].to_numpy(),
        (changed.data["total"].mean("draw") - theirs.data["total"].mean("draw")).to_numpy(),
    )


def test_a10_a_tampered_file_is_refused(published: tuple[Path, str], tmp_path: Path) -> None:
    """A smaller number of robots, by hand: refused by the hash; sealed anew, by the published hash and by the study."""
    path, content = published

    def fewer(recipe: Any) -> None:
        row = next(one for one in recipe["graph"]["parameters"] if one["key"] == "robots.devices")
        row["values"] = [10.0]

    forged = packing.changed(path, "recipe.json", fewer, tmp_path / "forged.lca", seal=False)
    for read in (lca.load, lca.rerun, lca.verify):
        with pytest.raises(FileFormatError, match=r"recipe.json was changed(.|\n)*forged.lca"):
            read(forged)
    sealed = packing.changed(path, "recipe.json", fewer, tmp_path / "sealed.lca")
    with pytest.raises(FileFormatError, match="another hash than the published"):
        lca.verify(sealed, content=content)
    assert not lca.rerun(sealed)[1]["identical"].all(), "its draws are those of 100 robots"
