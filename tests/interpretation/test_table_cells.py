"""Cells of tables: none is blank without a reason, and none is a formula of a spreadsheet (Q6, A10)."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import numpy as np
import pandas
import pytest
from example_study import grid, home_site, part
from test_statuses import nothing_emitted

import lca
from lca.interpretation.table import Table

WHY = "n/a: a share of 0 cannot be computed"
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "=HYPERLINK(0)", "-5 to -2"]


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


# --- no number ----------------------------------------------------------------------------------------------


def test_q6_a_cell_without_a_number_says_why() -> None:
    """Q6: in print, in HTML, and only where there is such a cell."""
    frame = Table({"share": [0.5, math.nan], "size": [1.0, math.inf]}, index=["a", "b"])
    frame.attrs["note"] = "a note"
    assert str(frame).splitlines()[-1] == f"a note; {WHY}"
    assert "NaN" not in str(frame)
    assert "inf" not in str(frame)
    assert str(frame).count("n/a") == 3
    assert f"<p>a note; {WHY}</p>" in frame._repr_html_()
    assert str(frame.iloc[:1]).count("n/a") == 0


def test_q6_a_study_of_nothing_has_tables_without_blanks(tmp_path: Path) -> None:
    """Q6: no share of a total of 0, in the summary, the provenance and the report."""
    made = nothing_emitted()
    result = lca.monte_carlo(made, draws=20, progress=False)
    for table in (lca.summary(result), lca.provenance(made)):
        assert str(table).splitlines()[-1].endswith(WHY)
    page = lca.report(result, tmp_path, base=16)
    for text in (page.read_text(), page.with_suffix(".md").read_text()):
        assert WHY in text
        assert " nan " not in text
        assert "inf %" not in text
        assert "| |" not in text


# --- formulas -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_a10_a_text_that_begins_like_a_formula_is_escaped(text: str) -> None:
    """A10: in a cell, in the index, in a head and in the name of an index, as OWASP says."""
    frame = Table({text: [text, "plain"]}, index=pandas.Index([text, "b"], name=text))
    rows, safe = read(frame.to_csv(lineterminator="\n")), "'" + text.replace("\r", "\n")
    assert rows == [[safe] * 2, [safe] * 2, ["b", "plain"]]
    many = frame.set_index(text, append=True)
    many["x"] = 1.0
    assert read(many.to_csv(lineterminator="\n"))[1] == [safe, safe, "1.0"]
    assert frame.iloc[0, 0] == text, "the table itself stays as it is"


def test_a10_a_line_end_begins_no_row_of_its_own() -> None:
    """A10: a bare CR is quoted by no writer, and what follows it would be the first cell of a row."""
    rows = read(Table({"source": ["a\r=1+1", "b\r\n=1+1"]}).to_csv(index=False, lineterminator="\n"))
    assert rows == [["source"], ["a\n=1+1"], ["b\n=1+1"]]


def test_a10_numbers_below_zero_stay_numbers() -> None:
    """A10: as numbers, and as texts that are numbers."""
    frame = Table({"x": [-1.5, 2.0], "n": [-3, 4], "said": ["-2.5", "+4e-3"]}, index=["a", "b"])
    assert frame.to_csv(lineterminator="\n") == ",x,n,said\na,-1.5,-3,-2.5\nb,2.0,4,+4e-3\n"
    back = pandas.read_csv(io.StringIO(frame.to_csv()), index_col=0)
    assert back.dtypes.map(str).tolist() == ["float64", "int64", "float64"]
    plain = Table({"x": np.arange(3.0), "t": ["a", "b", "c"]})
    assert plain.to_csv(index=False) == pandas.DataFrame(plain).to_csv(index=False)


def test_a10_the_provenance_of_a_report_holds_no_formula(tmp_path: Path) -> None:
    run = lca.Training(
        "run", energy="10 kWh", at="wall", site=home_site(grid()), source='=HYPERLINK("x"),+1', key="-run"
    )
    lca.report(lca.nominal(part(run)), tmp_path)
    rows = read((tmp_path / "provenance.csv").read_text())
    assert "'-run.energy" in [row[0] for row in rows]
    assert any("'=HYPERLINK" in cell for row in rows for cell in row)
    for cell in (cell for row in rows for cell in row):
        if cell.startswith(("=", "+", "-", "@", "\t", "\r")):
            float(cell)


def test_a11_an_exponent_stands_only_where_a_number_could_not_be_read() -> None:
    """A11: three digits of a ten thousandth and of a hundred thousand million are written out."""
    shown = repr(Table({"value": [1.23e-4, 1.23e-5, 1.23e11, 1.23e12]})).split()
    assert [one for one in shown if "23" in one] == ["0.000123", "1.23e-05", "123,000,000,000", "1.23e+12"]


# --- other files --------------------------------------------------------------------------------------------


def test_a10_a_workbook_of_a_table_holds_no_formula(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="needs the extra excel")
    Table({"=2+2": ["=1+1", "-5 to -2"], "x": [-1.5, 2.0]}).to_excel(tmp_path / "table.xlsx", index=False)
    rows = list(openpyxl.load_workbook(tmp_path / "table.xlsx").active.values)
    assert rows == [("'=2+2", "x"), ("'=1+1", -1.5), ("'-5 to -2", 2)]


def test_d6_a_table_comes_back_from_parquet_with_its_units_and_its_note(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    made = lca.summary(lca.monte_carlo(nothing_emitted(), draws=20, progress=False))
    for table in (made, lca.provenance(nothing_emitted())):
        table.to_parquet(tmp_path / "table.parquet")
        back = pandas.read_parquet(tmp_path / "table.parquet")
        pandas.testing.assert_frame_equal(back, pandas.DataFrame(table), check_exact=True)
        assert back.attrs == table.attrs


def test_what_a_table_says_beside_its_cells_can_be_stored() -> None:
    """Parquet holds `attrs` as JSON."""
    node = lca.parameter("x", lca.Normal("3 W", "1 W"))
    for table in (lca.dependence(node), lca.tornado(node), lca.screen(node)):
        assert json.loads(json.dumps(table.attrs)).keys() == table.attrs.keys()
