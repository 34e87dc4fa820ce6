"""Workbooks: typed cells, units apart, no text that runs, nothing half-written (D6)."""

from __future__ import annotations

import datetime
import math
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from example_study import BEST, result

import lca
from lca.errors import FileFormatError, LcaError, MissingError
from lca.reporting import workbook
from lca.reporting.sheets import Sheet
from lca.study.small_study import small_study

NAMES = ["Summary", "Stages", "Years", "Alternatives", "Values", "Derivation", "Notes"]
NASTY = ["=1+1", "+1", "-cmd", "@SUM(A1)"]


@pytest.fixture
def openpyxl() -> Any:
    return pytest.importorskip("openpyxl", reason="needs the extra excel")


@cache
def written() -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return lca.to_excel(result(), f"{folder}/new/fleet.xlsx").read_bytes()


@pytest.fixture
def book(openpyxl: Any, tmp_path: Path) -> Any:
    (tmp_path / "fleet.xlsx").write_bytes(written())
    return openpyxl.load_workbook(tmp_path / "fleet.xlsx")


def rows(page: Any) -> list[dict[str, Any]]:
    head, *below = page.values
    return [dict(zip(head, row, strict=True)) for row in below]


def test_its_sheets_have_a_head_that_stays_and_names_that_excel_takes(book: Any) -> None:
    assert book.sheetnames == NAMES
    assert book.properties.title == "SuperPoint on 100 Jetsons"
    for page in book:
        assert page.freeze_panes == "A2"
        assert page["A1"].font.bold
        assert all(9 <= one.width <= 80 for one in page.column_dimensions.values())


def test_a11_the_numbers_are_those_of_the_summary(book: Any) -> None:
    """openpyxl writes 16 digits."""
    table = lca.summary(result())
    first = rows(book["Summary"])[0]
    assert (first["what"], first["engine"], first["unit"]) == ("total", BEST, "kg CO2e")
    assert first["median"] == pytest.approx(table["p50"].loc[(BEST, "total")], rel=1e-15)
    for row in rows(book["Stages"])[:7]:
        assert row["mean"] == pytest.approx(table["mean"].loc[(BEST, row["stage"])], rel=1e-15)
        assert row["share"] == pytest.approx(table["share"].loc[(BEST, row["stage"])], rel=1e-15)
    units = {row["what"]: row["unit"] for row in rows(book["Summary"])}
    assert units["per inference"] == "mg CO2e/inference"


def test_years_are_numbers_and_alternatives_are_compared(book: Any) -> None:
    assert [row["year"] for row in rows(book["Years"])[:7]] == [2022, 2023, 2024, 2025, 2026, "in no year", "total"]
    compared = rows(book["Alternatives"])
    assert (compared[0]["over"], compared[0]["alternative"], compared[0]["best"]) == ("engine", BEST, 1.0)
    assert compared[0]["among_best"] is True


def test_a10_every_value_has_number_unit_spread_source_and_licence(book: Any) -> None:
    found = {row["key"]: row for row in rows(book["Values"])}
    assert set(found) == set(lca.provenance(result()).index)
    joules = found["superpoint-engines.energy"]
    assert (joules["nominal"], joules["nominal_to"], joules["values"]) == (0.386, 0.552, 10)
    assert found["jetson.lifetime"]["nominal"] == 5
    assert found["jetson.lifetime"]["nominal_to"] is None
    grid = found["electricity/US-RFCW/2019.intensity"]
    assert (grid["unit"], grid["table"]) == ("lb CO2e/(MWh at_busbar)", "electricity/egrid_subregion_rates")
    assert "gsd=" in found["jetson.embodied"]["spread"]
    assert all(row["status"] and row["licence"] for row in found.values())


def test_the_derivation_and_the_notes_are_those_of_the_answers(book: Any) -> None:
    steps = [row["derivation"] for row in rows(book["Derivation"]) if row["value"] == "total"]
    assert steps[2].startswith("= 9,184 kg CO2e")
    said = [(row["sheet"], row["note"]) for row in rows(book["Notes"])]
    assert ("Intervals", result().contents) in said
    assert any(sheet == "Derivation" and BEST in note for sheet, note in said)
    assert any(sheet == "Cite" and "eGRID2019" in note and "https://" in note for sheet, note in said)


def test_a_study_is_drawn_and_a_node_has_no_stages(openpyxl: Any, tmp_path: Path) -> None:
    study = small_study()
    drawn = rows(openpyxl.load_workbook(lca.to_excel(study, tmp_path / "s.xlsx"))["Stages"])
    assert [row["p50"] for row in drawn] == [48.0, 48.0]
    energy = lca.parameter("x", "3 kWh at_wall", source="a log")
    page = openpyxl.load_workbook(lca.to_excel(lca.nominal({"=1+1": energy}), tmp_path / "n.xlsx"))
    assert rows(page["Values"])[0]["source"] == "a log"
    assert page["Summary"]["A2"].value == "=1+1"
    assert page["Summary"]["A2"].data_type == "s"
    assert rows(page["Years"])[0]["note"].startswith("this sheet needs the result of a study")


def filled(openpyxl: Any, folder: Path, cells: list[Any], head: str = "x") -> list[Any]:
    book = openpyxl.Workbook()
    workbook._fill(book.active, Sheet("x", {head: cells}))
    book.save(folder / "x.xlsx")
    return [row[0] for row in openpyxl.load_workbook(folder / "x.xlsx").active.iter_rows(min_row=2)]


def test_d6_no_text_becomes_a_formula(openpyxl: Any, tmp_path: Path) -> None:
    """OWASP, CSV injection."""
    found = filled(openpyxl, tmp_path, NASTY, head="=2+2")
    assert [cell.value for cell in found] == NASTY
    assert {cell.data_type for cell in found} == {"s"}
    assert all(cell.quotePrefix for cell in found)
    head = openpyxl.load_workbook(tmp_path / "x.xlsx").active["A1"]
    assert (head.value, head.data_type) == ("=2+2", "s")


def test_d6_each_value_keeps_its_kind(openpyxl: Any, tmp_path: Path) -> None:
    day = datetime.date(2024, 2, 29)
    found = filled(openpyxl, tmp_path, [1.5, 7, True, day, 1e300, "a\nb"])
    assert [cell.value for cell in found] == [1.5, 7, True, datetime.datetime(2024, 2, 29), 1e300, "a\nb"]
    assert found[3].number_format == "yyyy-mm-dd"
    share = filled(openpyxl, tmp_path, [0.5], head="share")[0]
    assert (share.value, share.number_format) == (0.5, "0.0%")


def test_q6_what_excel_has_no_number_for_is_a_text(openpyxl: Any, tmp_path: Path) -> None:
    odd = [math.nan, math.inf, 2**60, datetime.date(1850, 1, 1), "\x00\ud800", "x" * 40_000, None, ""]
    found = [cell.value for cell in filled(openpyxl, tmp_path, odd)]
    assert found[:5] == ["n/a", "infinite", str(2**60), "1850-01-01", "\ufffd\ufffd"]
    assert len(found[5]) == 32_767
    assert set(found[6:]) <= {None}


def test_what_cannot_be_written_is_refused(openpyxl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileFormatError, match="written as .xlsx"):
        lca.to_excel(small_study(), tmp_path / "result.xls")
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(FileFormatError, match="cannot be written"):
        lca.to_excel(lca.nominal(small_study()), tmp_path / "folder.xlsx")
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    with pytest.raises(FileFormatError, match="Values: 4 rows"):
        lca.to_excel(lca.nominal(small_study()), tmp_path / "large.xlsx")
    assert [one.name for one in tmp_path.iterdir()] == ["folder.xlsx"]
    with pytest.raises(LcaError, match="cannot be evaluated"):
        lca.to_excel("a study", tmp_path / "text.xlsx")  # type: ignore[arg-type]


def test_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingError, match=r"lca\[excel\]"):
        lca.to_excel(lca.nominal(small_study()), tmp_path / "x.xlsx")
