"""The code of docs/measuring.md runs, and the meter that it writes measures."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

import lca

PAGE = (Path(__file__).parents[2] / "docs" / "measuring.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def hwmon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of a rail at 5 V and 1.2 A."""
    folder = tmp_path / "hwmon"
    folder.mkdir()
    for name, text in (("in1_label", "VDD_IN\n"), ("in1_input", "5000\n"), ("curr1_input", "1200\n")):
        (folder / name).write_text(text, encoding="ascii")
    monkeypatch.chdir(tmp_path)
    return folder


def ran(block: int) -> tuple[str, dict[str, Any]]:
    """What a block prints, and the names it made."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(BLOCKS[block], f"docs/measuring.md, block {block}", "exec"), names)
    return printed.getvalue(), names


def test_the_first_block_measures_two_engines() -> None:
    _, names = ran(0)
    table = names["measured"].table()
    assert table.loc["fp32", "J/inference"] == pytest.approx(0.3, rel=1e-6)
    assert table.loc["fp16", "J/inference above idle"] == pytest.approx(0.012 * 13, rel=0.01)
    assert table.loc["fp16", "idle W"] == pytest.approx(2.0, rel=0.01)


def test_the_meter_of_the_page_measures(hwmon: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For real: an engine that sleeps, at 6 W."""
    printed, names = ran(1)
    assert printed.startswith("True Meter('VDD_IN'")
    monkeypatch.setattr(names["Rail"], "update_period", 0.02)  # so that short blocks will do
    engine = lca.engines.scripted("net", seconds=0.005)
    made = lca.measure_inference(engine, names["Rail"](hwmon), seconds=0.4, blocks=2, idle=0.2, progress=False)
    table = made.table()
    assert table.loc["net", "W"] == pytest.approx(6.0, rel=1e-9)
    assert table.loc["net", "J/inference"] == pytest.approx(6 / table.loc["net", "inference/s"], rel=1e-9)
    (hwmon / "curr1_input").write_text("0\n", encoding="ascii")
    with pytest.raises(lca.errors.MeterError, match="no power"):
        names["Rail"](hwmon).read()


def test_there_are_two_blocks() -> None:
    assert len(BLOCKS) == 2
