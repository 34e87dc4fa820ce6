"""The workbook of a study: a sheet for each kind of item, with headings, notes and lists to choose from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

from ..loading import needed
from ..whole_files import write_whole
from .document import Document
from .filled import Row, Sheets, sheets_of
from .headings import ASKED, Heading, about, headings
from .makers import SECTIONS

#: The sheets that a study begins with; a sheet of any other section may be added.
SHEETS = ("electricity", "site", "hardware", "meter", "log", "development", "training", "inference", "deployment")
#: As many characters are readable side by side on a page.
_PAGE = 180
#: The height of a line in points: not every program fits the height of a row by itself.
_LINE = 15
#: As many rows get lists to choose from.
_ROWS = 200


def write_template(path: Path, study: Document | None = None) -> None:
    """Write a workbook to be filled in, or with the study of a file in it."""
    filled = sheets_of(study, path.parent) if study is not None else {}
    order = [*SECTIONS] if study is not None else list(SHEETS)
    shown = [name for name in order if name in SHEETS or name in filled]
    others = [name for name in filled if name not in ("study", "scenarios", *SECTIONS)]
    sheets: Sheets = {name: filled.get(name, []) for name in ("study", *shown, "scenarios", *others)}
    said = {str(row["key"]): row["value"] for row in sheets["study"]}
    rows: list[Row] = [{"key": key, "value": said.get(key), "note": ASKED.get(key, "")} for key in {**ASKED, **said}]
    _write(path, {**sheets, "study": rows})


def _write(path: Path, sheets: Sheets) -> None:
    """Write the sheets, each with its headings above its rows."""
    openpyxl = needed("openpyxl", "workbooks", "excel")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        known = headings(name)
        names = dict.fromkeys([*map(attrgetter("name"), known), *(head for row in rows for head in row)])
        heads = [*known, *(Heading(one) for one in names if one not in {head.name for head in known})]
        if known:
            sheet.append([f"# {about(name)}"])
        sheet.append([head.name for head in heads])
        if known:
            sheet.append([f"# {heads[0].note}".rstrip(), *(head.note for head in heads[1:])])
        for row in rows:
            sheet.append([row.get(head.name) for head in heads])
        _dress(openpyxl, sheet, heads if known else [], list(sheets))
        _lay(openpyxl, sheet, 3 if known else 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole({path: partial(_save, book)})


def _save(book: Any, file: Any) -> None:
    book.save(file)


def _dress(openpyxl: Any, sheet: Any, heads: Sequence[Heading], sheets: Sequence[str]) -> None:
    """Colours, widths, remarks and lists to choose from; a table of values is left plain."""
    if not heads:
        return
    bold, grey = openpyxl.styles.Font(bold=True), openpyxl.styles.Font(italic=True, color="666666", size=9)
    fill = openpyxl.styles.PatternFill("solid", fgColor="DDE8F0")
    for cell in (*sheet[1], *sheet[3]):
        cell.font = grey
    for cell, head in zip(sheet[2], heads, strict=True):
        cell.font, cell.fill = bold, fill
        letter = cell.column_letter
        sheet.column_dimensions[letter].width = 40 if sheet.title == "study" else max(14, min(30, len(head.note)))
        if head.about:
            cell.comment = openpyxl.comments.Comment(head.about, "lca", width=320, height=120)
        if formula := _choices(head, sheets):
            shown = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1=formula, allow_blank=True)
            shown.showErrorMessage = False  # a list of items, or a text, is taken too
            shown.add(f"{letter}4:{letter}{_ROWS}")
            sheet.add_data_validation(shown)
    for row in sheet.iter_rows(min_row=3):
        for cell in row:
            cell.alignment = openpyxl.styles.Alignment(wrap_text=True, vertical="top", horizontal="left")
        widths = [sheet.column_dimensions[cell.column_letter].width for cell in row]
        lines = [math.ceil(len(str(cell.value or "")) / width) for cell, width in zip(row, widths, strict=True)]
        if max(lines) > 1:
            sheet.row_dimensions[row[0].row].height = _LINE * max(lines)
    sheet.freeze_panes = "B4"


def _lay(openpyxl: Any, sheet: Any, above: int) -> None:
    """How a sheet is printed: across, as few pages wide as can be read, with headings and names again on each."""
    columns = openpyxl.utils.get_column_letter
    letters = [columns(place) for place in range(1, sheet.max_column + 1)]
    width = sum(sheet.column_dimensions[letter].width for letter in letters)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = math.ceil(width / _PAGE), 0
    sheet.page_setup.pageOrder = "overThenDown"
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    sheet.print_title_rows, sheet.print_title_cols = f"1:{above}", "A:A"
    sheet.oddFooter.center.text = "&A, page &P of &N"


def _choices(head: Heading, sheets: Sequence[str]) -> str:
    if head.words:
        return '"' + ",".join(head.words) + '"'
    return f"{head.of}!$A$4:$A${_ROWS}" if head.of in sheets else ""
