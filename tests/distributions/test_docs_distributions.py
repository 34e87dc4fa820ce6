"""The code of docs/distributions.md runs, and prints what stands below it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import lca

PAGE = (Path(__file__).parents[2] / "docs" / "distributions.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```\n```\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(BLOCKS) == 4
    names: dict[str, Any] = {}
    for code, printed in BLOCKS:
        exec(compile(code, "docs/distributions.md", "exec"), names)
        assert capsys.readouterr().out == printed


def test_every_distribution_of_the_table_can_be_written_as_it_stands() -> None:
    cells = re.findall(r"^\| [^|]+ \| `([^`]+)`", PAGE, re.MULTILINE)
    assert len(cells) == 12
    for cell in cells:
        given = cell.replace("pedigree(...)", "pedigree((1, 1, 1, 1, 1), basic='energy')")
        assert isinstance(eval(given, {"lca": lca}), lca.Distribution)
