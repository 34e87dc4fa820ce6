"""A result as a workbook: typed cells, units in a column of their own, and no text that runs as a formula."""

from __future__ import annotations

import datetime
import io
import math
import os
import re
from operator import methodcaller
from pathlib import Path
from typing import Any

from ..arguments import entry
from ..errors import FileFormatError
from ..interpretation.draws import monte_carlo
from ..interpretation.result import Evaluable, Result
from ..loading import needed
from ..units.number_text import NOTHING
from ..whole_files import write_whole
from .sheets import Cell, Sheet, sheets_of

#: What a sheet of Excel holds at most: rows, and characters of a cell.
MOST_ROWS, _MOST_CHARACTERS = 1_048_576, 32_767
#: Widths of columns, in characters: the least, of numbers, the most; heights of rows, in points.
_LEAST, _NUMBER, _MOST = 9, 12, 80
_LINE, _TALLEST = 15.0, 400.0
#: Columns of shares, which are shown in per cent.
_SHARES = {"share", "best", "above", "above_error", "error"}
#: What XML cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIRST_DAY = datetime.date(1900, 3, 1)  # before it Excel counts a day that never was


@entry
def to_excel(thing: Evaluable, path: str | os.PathLike[str]) -> Path:
    """Write a result as a workbook of Excel: a sheet for each question, with its notes on the last.

    Sheets: Summary, Stages, Years, Alternatives, Values (each with unit, spread, source and licence), Derivation and
    Notes. A number is a number, and its unit stands in a column of its own. A name such as "=1+1" stays a text.

    Parameters
    ----------
    thing : Result, Study, Node, or mapping of str to Node
        The result. Anything else is drawn first, as `monte_carlo(study)` does.
    path : str or path
        The file, ending in .xlsx. Its folder is made.

    Returns
    -------
    pathlib.Path
        The file, which is written whole or not at all.

    Raises
    ------
    MissingError
        If the extra `excel` is not installed.
    FileFormatError
        If the path does not end in .xlsx, a sheet would have more rows than Excel holds, or the file cannot be written.
    LcaError
        If it cannot be evaluated.

    Examples
    --------
    >>> import lca, tempfile
    >>> from lca.study.small_study import small_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     to_excel(lca.nominal(small_study()), f"{folder}/training.xlsx").name
    'training.xlsx'
    """
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise FileFormatError.of("workbook_not_xlsx", str(target))
    openpyxl = needed("openpyxl", "workbooks", "excel")
    result = thing if isinstance(thing, Result) else monte_carlo(thing, progress=False)
    sheets = sheets_of(result)
    if large := [f"{one.name}: {one.rows:,} rows" for one in sheets if one.rows >= MOST_ROWS]:
        raise FileFormatError.of("too_many_rows_for_excel", str(target), large, most=MOST_ROWS - 1)
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = _text(result.model.title), "lca"
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    held = io.BytesIO()
    book.save(held)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole({target: methodcaller("write", held.getvalue())})
    except OSError as error:
        raise FileFormatError.of("file_cannot_be_written", f"{target}: {error.strerror}") from None
    return target


def _fill(page: Any, sheet: Sheet) -> None:
    """One sheet: its head, which stays in sight, and its cells; without a table its notes."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    columns = sheet.columns or {"note": list(sheet.notes)}
    lines = [1] * (sheet.rows or len(sheet.notes))
    for number, (head, cells) in enumerate(columns.items(), start=1):
        top = page.cell(1, number)
        _put(top, head)
        top.font, top.fill = Font(name="Calibri", bold=True), PatternFill("solid", fgColor="E8EDF2")
        width = min(max(_LEAST, len(head) + 5, *map(_width, cells)), _MOST)
        page.column_dimensions[get_column_letter(number)].width = width
        for row, value in enumerate(cells):
            _put(page.cell(row + 2, number), value, share=head in _SHARES)
            lines[row] = max(lines[row], _lines(value, width))
    for row, many in enumerate(lines, start=2):
        if many > 1:
            page.row_dimensions[row].height = min(_LINE * many, _TALLEST)
    page.freeze_panes, page.print_title_rows = "A2", "1:1"
    page.auto_filter.ref = page.dimensions
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0  # as many pages as it takes
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(cell: Any, value: Cell, *, share: bool = False) -> None:
    """A value of its own kind; a text is never a formula, and a number that is none says so."""
    from openpyxl.styles import Alignment

    if value is None or value == "":
        return
    if isinstance(value, str) or not _fits(value):
        cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
        cell.value = text = _text(value)
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in ("=", "+", "-", "@")
        return
    cell.value, cell.alignment = value, Alignment(vertical="top")
    if isinstance(value, datetime.date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, float):
        cell.number_format = "0.0%" if share else _format(value)


def _fits(value: object) -> bool:
    """Whether Excel has a number or a date for it."""
    if isinstance(value, datetime.date):
        return not isinstance(value, datetime.datetime) and value >= _FIRST_DAY
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and abs(value) < 10**15  # Excel keeps 15 digits


def _format(value: float) -> str:
    """How a cell shows a number: with four digits, an exponent where zeros would be counted; it holds all of them.

    >>> _format(9127.3), _format(0.0651), _format(1.2e-7), _format(0.0)
    ('#,##0', '0.00000', '0.000E+00', '0')
    """
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if not -5 < size < 12:
        return "0.000E+00"
    digits = max(0, 3 - size)
    return "#,##0" + ("." + "0" * digits if digits else "") if size >= 0 else "0." + "0" * digits


def _text(value: object) -> str:
    """A text that a cell can hold.

    >>> _text("a\\x00b"), _text(float("nan"))
    ('a\\ufffdb', 'n/a')
    """
    if isinstance(value, float):
        return NOTHING if math.isnan(value) else "infinite"
    text = _CONTROL.sub("\ufffd", str(value))
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 4]} ..."


def _width(value: Cell) -> int:
    """How many characters a cell needs, with its margins."""
    return max(map(len, value.splitlines()), default=0) + 4 if isinstance(value, str) else _NUMBER


def _lines(value: Cell, width: int) -> int:
    """How many lines a text takes in a column.

    >>> _lines("a" * 25, 14), _lines("a\\nb", 14), _lines(3.5, 14)
    (3, 2, 1)
    """
    return sum(-(-max(len(line), 1) // (width - 4)) for line in value.splitlines()) if isinstance(value, str) else 1
