"""eGRID from EPA's workbook: rows by the codes of its sheets; a form that changed stops the script. The page is run."""

from __future__ import annotations

import csv
import doctest
import hashlib
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from egrid_workbook import Cells, sheets, write_workbook

import lca

pytest.importorskip("openpyxl", reason="the workbooks of EPA are read with openpyxl (the extra excel)")
ROOT = Path(__file__).parents[2]
BUILD = ROOT / "data" / "build"
PAGE = ROOT / "docs" / "how-to" / "add-egrid-2024.md"
sys.path.insert(0, str(BUILD))
try:
    import raw_egrid
finally:
    sys.path.remove(str(BUILD))

Sheets = dict[str, list[Cells]]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    lca.use_data()


def rows_of(file: Path) -> dict[str, dict[str, str]]:
    """The rows of a table by their region."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["region"]: row for row in csv.DictReader(lines)}


def make(monkeypatch: pytest.MonkeyPatch, *arguments: Path | str) -> None:
    """Run the script in this process."""
    monkeypatch.setattr(sys, "argv", ["raw_egrid.py", *map(str, arguments)])
    raw_egrid.main()


def test_rows_are_those_of_the_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_workbook(tmp_path / "raw" / "egrid2024_data_rev2.xlsx", sheets(2024))
    make(monkeypatch, "--raw", tmp_path / "raw", tmp_path / "made")
    made = tmp_path / "made" / "electricity"
    rates = rows_of(made / "egrid_subregion_rates.csv")
    assert list(rates) == ["US", "US-ERCT", "US-PRMS", "US-RFCW"]
    row = rates["US-RFCW"]
    assert (row["year"], row["region_name"], row["co2"], row["co2e"]) == ("2024", "RFC West", "880", "884.61")
    assert [one["grid_loss"] for one in rates.values()] == ["4.35", "4.5", "4.35", "4.3"]
    assert {one["gwp_set"] for one in rates.values()} == {"AR5"}
    assert row["release"] == "eGRID2024 rev2"
    assert row["source"] == "US EPA eGRID2024 rev2, egrid2024_data_rev2.xlsx, sheet SRL24"
    assert rates["US-PRMS"]["source"].endswith("grid_loss of the United States, since none is published")
    mix = rows_of(made / "egrid_generation_mix.csv")["US-RFCW"]
    assert (mix["coal"], mix["gas"], mix["nuclear"], mix["wind"]) == ("30", "40", "30", "0")
    gases = rows_of(made / "egrid_ch4_n2o.csv")["US"]
    assert (gases["ch4"], gases["n2o"]) == ("0.06", "0.008")
    assert rows_of(made / "egrid_state_co2e.csv")["US-PA"]["co2e"] == "615.432"
    package = json.loads((made / "datapackage.json").read_text())
    assert package["version"] == "eGRID2024"
    assert hashlib.sha256(file.read_bytes()).hexdigest() in package["sources"][0]["title"]


def test_several_workbooks_make_one_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for year in (2024, 2025):
        write_workbook(tmp_path / f"egrid{year}_data.xlsx", sheets(year))
    write_workbook(tmp_path / "egrid2024_data_metric.xlsx", {"SRL24": [{"YEAR": 2024}]})
    make(monkeypatch, "--raw", tmp_path, tmp_path / "made")
    added = lca.use_data(tmp_path / "made")
    assert added["added"].tolist() == [8, 8, 2, 8]
    assert added["version"].iloc[0].startswith("eGRID2024-2025, sha256:")
    assert lca.Electricity.lookup("US-ERCT", 2025, basis="life cycle").year == 2025


def without(content: Sheets, name: str, *codes: str) -> Sheets:
    return content | {name: [{key: cell for key, cell in row.items() if key not in codes} for row in content[name]]}


def with_cell(content: Sheets, name: str, code: str, value: object) -> Sheets:
    return content | {name: [{**row, code: value} for row in content[name]]}


CHANGED: dict[str, tuple[Callable[[Sheets], Sheets], str]] = {
    "a sheet": (
        lambda found: {name: rows for name, rows in found.items() if name != "ST24"},
        r"no sheet ST24; there are Contents, SRL24, US24, GGL24",
    ),
    "columns": (
        lambda found: without(found, "SRL24", "SRCO2RTA", "SRCLPR"),
        r"SRL24: no column SRCO2RTA, SRCLPR; has its publisher changed its form\?",
    ),
    "a grid": (lambda found: with_cell(found, "GGL24", "REGION", "Eastern"), r"REGION of GGL24: no column ERCOT"),
    "a loss in per cent": (lambda found: with_cell(found, "GGL24", "GGRSLOSS", 4.3), r"the loss of Eastern is 4\.3"),
    "shares": (lambda found: with_cell(found, "SRL24", "SRCLPR", 30), r"the shares of RFCW sum to 30\.7000"),
    "CO2e": (lambda found: with_cell(found, "SRL24", "SRC2ERTA", 1000), r"no GWP set rebuilds CO2e .*AR5 by"),
}


@pytest.mark.parametrize(("change", "says"), CHANGED.values(), ids=list(CHANGED))
def test_a_form_that_changed_stops_the_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Sheets], Sheets], says: str
) -> None:
    write_workbook(tmp_path / "egrid2024_data.xlsx", change(sheets(2024)))
    with pytest.raises(SystemExit, match=says):
        make(monkeypatch, "--raw", tmp_path, tmp_path / "made")
    assert not (tmp_path / "made" / "electricity" / "egrid_state_co2e.csv").exists()


def test_a_folder_without_a_workbook_names_those_that_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match=r"no file called egrid20[\s\S]*egrid2023_data_rev2.xlsx: https://www.epa.gov"):
        make(monkeypatch, "--raw", tmp_path)


@pytest.mark.parametrize(("ch4", "n2o", "name"), [(25, 298, "AR4"), (28, 265, "AR5"), (27.9, 273, "AR6")])
def test_a4_the_gwp_set_is_the_one_that_rebuilds_co2e(ch4: float, n2o: float, name: str) -> None:
    rows: list[dict[str, Any]] = [
        {"CO2RTA": 800.0, "CH4RTA": 0.07, "N2ORTA": 0.01, "C2ERTA": round(800 + ch4 * 0.07 + n2o * 0.01, 3)},
        {"CO2RTA": 500.0, "CH4RTA": 0.03, "N2ORTA": 0.004, "C2ERTA": round(500 + ch4 * 0.03 + n2o * 0.004, 3)},
    ]
    assert raw_egrid.gwp_set(rows) == name


def test_the_page_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_workbook(tmp_path / "raw" / "egrid2024_data.xlsx", sheets(2024))
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    (command,) = re.findall(r"```bash\n(.*?)\n```", text, re.DOTALL)
    python, script, *rest = shlex.split(command)
    assert python == "python"
    subprocess.run([sys.executable, "-B", str(ROOT / script), *rest], check=True, capture_output=True)
    folder = tmp_path / "by_hand" / "electricity"
    folder.mkdir(parents=True)
    for kind, name in (("csv", "electricity_losses.csv"), ("json", "datapackage.json")):
        (block,) = re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)
        (folder / name).write_text(block, encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    test = doctest.DocTestParser().get_doctest("".join(blocks), {}, PAGE.name, str(PAGE), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    said: list[str] = []
    assert runner.run(test, out=said.append).failed == 0, "".join(said)
    assert len(test.examples) > 8
