"""The code of docs/scenarios.md runs as it stands, on the table that the page shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import lca

PAGE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
TABLE = re.findall(r"```\n(plan,.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What all blocks make, one after the other."""
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "plans.csv").write_text(TABLE[0], encoding="utf-8")
    made: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for number, block in enumerate(BLOCKS):
            exec(compile(block, f"docs/scenarios.md, block {number}", "exec"), made)
            made[f"plans of block {number}"] = made.get("plans")
    made["folder"] = folder
    return made


def test_the_grid_of_the_page_has_the_labels_that_it_says(names: dict[str, Any]) -> None:
    total = names["result"].data["total"]
    assert dict(total.sizes) == {"board": 3, "lifetime": 4, "region": 4, "draw": 10_000}
    assert total.sel(region="CAMX", lifetime="3 year", board="small").shape == (10_000,)
    assert (names["folder"] / "best_board.svg").stat().st_size > 10_000


def test_the_table_of_the_page_is_the_mapping_of_the_page(names: dict[str, Any]) -> None:
    """D3, D4: and the coordinates are those that the remark beside the code names."""
    mapping, file = (lca.nominal(names[one]).data for one in ("plans of block 2", "plans"))
    assert mapping["devices"].values.tolist() == file["devices"].values.tolist() == [100, 10, 120]
    assert mapping["total"].values.tolist() == file["total"].values.tolist()
    assert "100, 10, 120" in BLOCKS[2]


def test_the_columns_that_the_page_explains_are_those_of_the_table(names: dict[str, Any]) -> None:
    rows = [line.split("|")[1] for line in PAGE.partition("## A choice")[2].splitlines() if line.startswith("| `")]
    said = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert said == set(names["table"].columns) - {"unit"}
    assert set(names["table"].index) == {"small", "medium", "large"}
    assert float(names["table"]["best"].sum()) == pytest.approx(1)
