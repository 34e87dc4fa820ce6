"""The page on contributions and differences: its code runs, and what it says of the answers holds."""

from __future__ import annotations

import contextlib
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "contribution.md").read_text(encoding="utf-8")


@cache
def run() -> dict[str, Any]:
    """The names that the blocks of the page leave."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
            exec(compile(block, "docs/contribution.md", "exec"), names)
    return names


def test_the_rows_of_the_page_sum_to_their_wholes() -> None:
    names = run()
    table, total = names["table"], float(names["result"].data["total"].mean())
    assert table["mean"].iloc[:-1].sum() == pytest.approx(total, rel=1e-12)
    assert ("use", "robots", "board and camera") in table.index
    for one in (names["moved"], names["change"]):
        assert one.table["moves"].iloc[:-1].sum() == pytest.approx(one.table["moves"].iloc[-1], rel=1e-9)


def test_the_kinds_of_rows_are_those_of_the_page() -> None:
    change = run()["change"]
    assert set(change.table["kind"]) == {"input", "draws", "whole"}
    assert list(change.settings.index) == ["seed"]
    said = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert {"input", "structure", "code", "draws", "whole"} <= said


def test_the_split_on_paper_is_the_mean_of_both_orders() -> None:
    numbers = [
        [float(one) for one in re.findall(r"(-\d+\.\d+) \|", row)] for row in PAGE.splitlines() if row.startswith("| ")
    ]
    pue_first, grid_first, mean = (row for row in numbers if len(row) == 2)
    assert mean == pytest.approx([(a + b) / 2 for a, b in zip(pue_first, grid_first, strict=True)])
    assert sum(mean) == pytest.approx(33 - 48)
