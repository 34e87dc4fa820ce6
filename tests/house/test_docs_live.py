"""The page on live measurements: its code runs, its table has every kind of meter, its figures are right."""

from __future__ import annotations

import contextlib
import io
import math
import re
from pathlib import Path

import pytest

import lca
from lca.meters.spec import _KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "live.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_block_of_the_page_measures_sections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(BLOCKS[0], "docs/live.md", "exec"), {})
    whole, validation, read = [float(one) for one in re.findall(r": ([\d.e+]+) J", printed.getvalue())]
    assert whole == read == pytest.approx(1980 * 200, rel=0.01)
    assert validation == pytest.approx(180 * 200, rel=0.03)
    assert len(BLOCKS) == 1


def test_the_table_has_every_kind_of_meter_and_its_calls_are_there() -> None:
    rows = [line.split("|")[1:3] for line in PAGE.splitlines() if line.startswith("| `") and "lca.meters" in line]
    kinds = {name.strip(" `").partition(":")[0].partition("`")[0] for row in rows for name in row[0].split(",")}
    assert kinds == set(_KINDS)
    assert all(hasattr(lca.meters, name) for _, call in rows for name in re.findall(r"lca\.meters\.(\w+)", call))


def test_the_display_of_a_kill_a_watt_is_as_coarse_as_the_page_says() -> None:
    """Two displays of 0.01 kWh: u = step sqrt(2 / 12)."""
    assert 0.01 * math.sqrt(2 / 12) / 0.1 == pytest.approx(0.04, rel=0.05)
    assert "a run of 0.1 kWh has a standard uncertainty of 4 %" in PAGE
