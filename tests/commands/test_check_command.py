"""`lca check`: what it prints and writes, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pandas
import pytest
from example_clauses import drawn, grid, of, robots, told

import lca
from lca.__main__ import main


def saved(study: lca.Study, folder: Path) -> str:
    return str(lca.save(drawn(study), folder / "result.lca"))


def test_a_result_is_checked_against_one_standard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 0 where nothing failed."""
    assert main(["check", saved(told(), tmp_path), "--standard", "ISO-14044"]) == 0
    printed = capsys.readouterr().out
    expected = lca.check(lca.load(tmp_path / "result.lca"), standards=["ISO 14044"])
    assert printed == f"{expected}\n"
    assert expected.failed.empty


def test_a_clause_that_failed_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml = tmp_path / "study.toml"
    toml.write_text(
        """\
[study]
name = "old electricity"
operation_only = "the machines exist anyway"
[functional_unit]
name = "one training"
count = "1 device"
[electricity.grid]
intensity = "Lognormal(0.4 kg CO2e/kWh, gsd=1.1)"
at = "facility"
year = 2015
[site.lab]
electricity = "grid"
pue = 1.0
[training.run]
energy = "120 kWh"
at = "wall"
year = 2024
site = "lab"
[study.excluded]
operation_only = "the machines exist anyway"
""".replace('operation_only = "the machines exist anyway"\n[functional', "[functional"),
        encoding="utf-8",
    )
    assert main(["check", str(toml), "--standard", "ISO 14044", "--missing", "--draws", "16"]) == 1
    printed = capsys.readouterr().out
    assert "run: electricity up to 9 years away" in printed
    assert "passed  " not in printed


def test_the_table_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "clauses.csv"
    assert main(["check", saved(of(robots(electricity=grid(year=2001))), tmp_path), "--csv", str(table)]) in (0, 1)
    assert capsys.readouterr().out.endswith(f"written: {table}\n")
    assert list(pandas.read_csv(table)) == ["standard", "clause", "item", "verdict", "found", "add", "text"]


def test_an_unknown_standard_ends_with_1_and_names_those_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", saved(told(), tmp_path), "--standard", "ISO 9001"]) == 1
    assert "ISO 14044" in capsys.readouterr().err
