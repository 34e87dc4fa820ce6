"""A study in a workbook: the same tables as a TOML file would have, with the sheet and the cell of each fault."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import pytest
from small_file import TEXT, small_study

import lca
from lca.errors import FileFormatError, LcaError, MissingError, NonFiniteError
from lca.study_files.document import toml_document
from lca.study_files.headings import headings
from lca.study_files.makers import SECTIONS
from lca.study_files.template import write_template
from lca.study_files.workbook import workbook_document

openpyxl = pytest.importorskip("openpyxl", reason="the extra excel is not installed")
EXAMPLES = Path(__file__).parents[2] / "examples"
STUDY = [
    ["# a remark"],
    ["key", "value"],
    ["study.name", "runs"],
    ["study.parts", "model"],
    ["excluded.operation_only", "the machines are there"],
    ["functional_unit.name", "one model"],
    ["functional_unit.count", "1 device"],
    ["run.draws", 50],
    ["summary.unit"],
]
SHEETS = {
    "study": STUDY,
    "electricity": [["id", "intensity", "at"], ["grid", "0.5 kg CO2e/kWh", "facility"]],
    "site": [["id", "electricity", "pue"], ["# a remark", "x"], ["here", "grid", 1.0], ["hall", "grid", 1.5]],
    "meter": [["id", "at"], ["plug", "wall"]],
    "readings": [["model", "kWh"], ["a", 4], ["b", 8.0]],
    "training": [["id", "energy", "site", "year"], ["run", "plug.read(readings.kWh, kWh, dim=model)", "here", 2024]],
}


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_filled_by_hand_is_a_study(tmp_path: Path) -> None:
    study = lca.read_study(workbook(tmp_path / "runs.xlsx", SHEETS))
    assert float(lca.nominal(study).data["total"]) == pytest.approx(6.0)
    assert study.parts == ("model",)


def test_scenarios_and_cases_have_sheets(tmp_path: Path) -> None:
    scenarios = [["dim", "path", "label", "value"], [None, "run.site", None, "here"], [None, "run.site", None, "hall"],
                 ["size", "run.energy", "large", "40 kWh"], ["size", "run.energy", 1, "4 kWh"]]  # fmt: skip
    plain = {**SHEETS, "training": [["id", "energy", "at", "site"], ["run", "4 kWh", "wall", "here"]]}
    plain["study"] = [row for row in STUDY if row[0] != "study.parts"]
    data = lca.nominal(lca.read_study(workbook(tmp_path / "a.xlsx", {**plain, "scenarios": scenarios}))).data["total"]
    assert data.sel(size="large").to_series().to_dict() == pytest.approx({"here": 20.0, "hall": 30.0})
    cases = [["plan", "run.energy", "remark"], ["pilot", "8 kWh", "soon"], ["as stated"]]
    data = lca.nominal(lca.read_study(workbook(tmp_path / "b.xlsx", {**plain, "cases": cases}))).data
    assert data["total"].to_series().to_dict() == pytest.approx({"pilot": 4.0, "as stated": 2.0})


def test_a_toml_study_and_its_workbook_give_the_same_bits(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(TEXT.replace(
        'energy = { data = { small = 300, large = "Normal(500, 20)" }, unit = "J at_wall/request", dim = "network" }',
        'energy.data.small = 300\nenergy.data.large = "Normal(500, 20)"\nenergy.unit = "J at_wall/request"\n'
        'energy.dim = "network"',
    ), encoding="utf-8")  # fmt: skip
    write_template(tmp_path / "small.xlsx", toml_document(tmp_path / "small.toml"))
    one, other = (
        lca.monte_carlo(study, draws=64, progress=False).data
        for study in (lca.read_study(tmp_path / "small.xlsx"), small_study())
    )
    assert one.identical(other)


def test_files_are_found_from_the_folder_of_the_workbook(tmp_path: Path) -> None:
    """The names of logs stay names."""
    (tmp_path / "toml" / "logs").mkdir(parents=True)
    for name, start in (("one", 100.5), ("two", 50_000.5)):
        text = f"start_time,window_name,elapsed_time,gpu0_energy\n{start},{name},36000,3600000\n"
        (tmp_path / "toml" / "logs" / f"{name}.csv").write_text(text, encoding="utf-8")
    file = tmp_path / "toml" / "study.toml"
    file.write_text("""\
[functional_unit]
name = "one model"
count = "1 device"
[study]
excluded = { operation_only = "the machines are there" }
[site.here]
electricity = { intensity = "0.5 kg CO2e/kWh", at = "facility" }
pue = 1.0
[log.first]
path = "logs/one.csv"
[ledger.work]
sources = ["first", "logs/two.csv"]
site = "here"
beyond = "not counted"
""", encoding="utf-8")  # fmt: skip
    write_template(tmp_path / "xlsx" / "study.xlsx", toml_document(file))
    one, other = (lca.read_study(path) for path in (file, tmp_path / "xlsx" / "study.xlsx"))
    assert float(lca.nominal(one).data["total"]) == float(lca.nominal(other).data["total"]) == pytest.approx(1.0)


def test_the_demo_as_a_workbook_gives_the_demos_numbers_bit_for_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    import superpoint

    write_template(tmp_path / "demo.xlsx", toml_document(EXAMPLES / "superpoint.toml"))
    try:
        one, other = (
            lca.monte_carlo(study, draws=64, progress=False)
            for study in (lca.read_study(tmp_path / "demo.xlsx"), superpoint.study)
        )
    finally:
        del sys.modules["superpoint"]
    assert one.data.identical(other.data)
    assert lca.provenance(one).equals(lca.provenance(other))


def test_the_empty_workbook_has_every_argument_notes_and_lists_to_choose_from(tmp_path: Path) -> None:
    write_template(tmp_path / "empty.xlsx")
    book = openpyxl.load_workbook(tmp_path / "empty.xlsx")
    assert book.sheetnames[0] == "study"
    assert {"site", "hardware", "training", "deployment", "inference", "meter", "scenarios"} <= set(book.sheetnames)
    sheet = book["training"]
    heads = [cell.value for cell in sheet[2]]
    assert heads[:2] == ["id", "by"]
    assert {"energy", "duration", "allocation", "planned", "log", "site"} <= set(heads)
    lists = {str(one.sqref).split("4:")[0]: one.formula1 for one in sheet.data_validations.dataValidation}
    column = {cell.value: cell.column_letter for cell in sheet[2]}
    assert "reserved_time" in lists[column["allocation"]]
    assert lists[column["site"]] == "site!$A$4:$A$200"
    assert "extrapolated" in lists[column["by"]]
    assert "The mean power of one device" in sheet[f"{column['power']}2"].comment.text
    assert "str" not in {str(cell.value) for cell in sheet[3]}
    with pytest.raises(MissingError, match="functional unit"):
        lca.read_study(tmp_path / "empty.xlsx")


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_can_have_a_sheet(section: str) -> None:
    names = [head.name for head in headings(section)]
    assert names[0] == "id"
    assert len(set(names)) == len(names) > 1


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "says"),
    [
        ("site", "C3", 0.5, "sheet 'site', cell C3"),
        ("site", "B3", "gird", "did you mean 'grid'?"),
        ("site", "D3", 5, "no heading"),
        ("site", "A4", "here", "twice"),
        ("site", "A3", None, "'id' is missing"),
        ("site", "A1", "name of it", "the heading id"),
        ("site", "D1", "puee", None),
        ("training", "D2", "=1+1", "no value that can be read"),
        ("training", "B2", "Uniform(4 kWh, 5 kg)", "sheet 'training', cell B2"),
        ("training", "D2", "soon", "whole number"),
        ("study", "A9", "study.nam", None),
        ("study", "A4", "study.parts.x", "sheet 'study', cell B4"),
        ("electricity", "C2", "faclity", "facility"),
    ],
)
def test_a_fault_names_its_sheet_and_cell(
    sheet: str, cell: str, value: object, says: str | None, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "runs.xlsx", SHEETS)
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)
    if says is None:
        lca.read_study(path)  # a heading without cells below it, and a key without a value, say nothing
        return
    with pytest.raises(LcaError) as caught:
        lca.read_study(path)
    assert says in str(caught.value)
    assert f"sheet {sheet!r}" in str(caught.value)


def test_q6_a_blank_cell_of_a_table_is_never_a_number(tmp_path: Path) -> None:
    sheets = {**SHEETS, "readings": [["model", "kWh"], ["a", 4], ["b", None]]}
    with pytest.raises(NonFiniteError) as caught:
        lca.read_study(workbook(tmp_path / "runs.xlsx", sheets))
    assert caught.value.sides == ("model=b: nan",)
    assert "sheet 'training', cell B2" in caught.value.where


def test_dates_and_truth_values_of_cells(tmp_path: Path) -> None:
    rows = [["id", "path", "at"], ["x", datetime.datetime(2024, 3, 1), True], ["y", datetime.date(2024, 3, 2), 1.0]]
    found = workbook_document(workbook(tmp_path / "a.xlsx", {"log": rows})).tables["log"]
    assert found == {"x": {"path": "2024-03-01", "at": True}, "y": {"path": "2024-03-02", "at": 1}}


def test_a_percentage_is_what_was_typed(tmp_path: Path) -> None:
    """A spreadsheet keeps "2 %" as 0.02 with a format, and an accuracy needs to say that it is one."""
    path = workbook(tmp_path / "a.xlsx", {"meter": [["id", "at", "accuracy"], ["plug", "wall", 0.029]]})
    book = openpyxl.load_workbook(path)
    book["meter"]["C2"].number_format = "0.0%"
    book.save(path)
    assert workbook_document(path).tables["meter"]["plug"]["accuracy"] == "2.9 %"
    book["meter"].title = "shares"
    book.save(path)
    assert workbook_document(path).tables["table"]["shares"]["columns"]["accuracy"] == [0.029], "a number of a table"


def test_a_table_and_a_value_of_one_name_are_refused(tmp_path: Path) -> None:
    rows = [["id", "site", "site.pue"], ["run", "here", 1.0], ["walk", None, 1.0]]
    with pytest.raises(FileFormatError) as caught:
        workbook_document(workbook(tmp_path / "a.xlsx", {"training": rows}))
    assert "cell C2" in caught.value.where
    assert "cell B2" in caught.value.sides[0]
    assert "said twice" in caught.value.what


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"text"])
def test_a_file_that_is_no_workbook_says_so(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(FileFormatError, match="not a workbook"):
        lca.read_study(tmp_path / "a.xlsx")


def test_without_openpyxl_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingError) as caught:
        lca.read_study(tmp_path / "a.xlsx")
    assert caught.value.fix == "pip install 'lca[excel]'"


def test_a_workbook_is_printed_across_and_as_wide_as_can_be_read(tmp_path: Path) -> None:
    """Sheets lie across, fit a number of pages, and repeat names and headings on each."""
    write_template(tmp_path / "empty.xlsx")
    book = openpyxl.load_workbook(tmp_path / "empty.xlsx")
    for sheet in book:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        widths = [column.width for column in sheet.column_dimensions.values()]
        assert 90 <= sum(widths) / sheet.page_setup.fitToWidth <= 180 or sheet.page_setup.fitToWidth == 1
        assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$3", "$A:$A")
