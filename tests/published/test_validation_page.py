"""docs/validation.md is what the tables of published cases give, and a corrupted case turns it red."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import published_cases
import pytest
import verdicts

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs" / "build"))
try:
    import validation
finally:
    sys.path.remove(str(ROOT / "docs" / "build"))


def test_the_page_is_what_the_tables_give(capsys: pytest.CaptureFixture[str]) -> None:
    """Made again by `python docs/build/validation.py`."""
    assert (validation.main(["--check"]), capsys.readouterr().out) == (0, "")


def test_a_corrupted_case_turns_the_page_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One digit of one printed output is changed: the verdict, the page and the exit status say so."""
    shutil.copytree(published_cases.FOLDER, tmp_path / "tables")
    table = tmp_path / "tables" / "operation" / "strubell2019.csv"
    text = table.read_text(encoding="utf-8")
    assert text.count(",energy,output,275,") == 1
    table.write_text(text.replace(",energy,output,275,", ",energy,output,285,"), encoding="utf-8")
    monkeypatch.setattr(published_cases, "FOLDER", tmp_path / "tables")
    monkeypatch.setattr(validation, "KINDS", {"operation": verdicts.KINDS["operation"]})
    monkeypatch.setattr(validation, "PAGE", tmp_path / "validation.md")
    assert validation.main([]) == 1
    assert "a published figure is not met" in capsys.readouterr().out
    page = (tmp_path / "validation.md").read_text(encoding="utf-8")
    assert "| `strubell2019-elmo` | energy | 285 kWh | 274.8 (274.4 to 275.2) | **not reproduced** |" in page
    assert "| **not reproduced** | 1 | **an error: here or in the table** |" in page


def test_a_case_that_is_called_inconsistent_and_fits_is_red() -> None:
    case = published_cases.read_cases("operation")["alpie-core-low"]
    ours = published_cases.Ours(298.0, 298.0, 298.0)
    assert published_cases.verdict(case, "co2e", ours) == "not inconsistent"
    assert not verdicts.Checked(case, "co2e", ours, "not inconsistent").is_met


def test_a_measurement_outside_its_interval_is_red() -> None:
    case = published_cases.read_cases("estimates")["measured-olmo-7b"]
    assert not verdicts.Held(case, "energy", (16.0, 77.0, 103.0)).is_met
    assert "**outside**" in validation.measurements([verdicts.Held(case, "energy", (16.0, 77.0, 103.0))])[-1]
