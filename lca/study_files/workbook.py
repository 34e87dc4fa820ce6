"""A study in an Excel workbook: its cells become the tables that a TOML file would have.

The sheet "study" has a key and a value in each row. A sheet with the name of a section has an item in each row, below
headings that are the keys. "scenarios" and "cases" have sheets of their own. Any other sheet is a table of values. A
row whose first cell begins with "#" is a remark.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import FileFormatError, LcaError
from ..loading import needed
from .document import Document
from .faults import Faults
from .makers import SECTIONS
from .positions import At

#: The heading of the column with the names by which other sheets use an item.
ID = "id"
#: The heads of the sheets that hold no items.
PAIRS = ("key", "value")
SCENARIOS = ("dim", "path", "label", "value")


def workbook_document(path: Path) -> Document:
    """The tables of a workbook, and the cell of each key; raises for what cannot be read, all of it at once."""
    openpyxl = needed("openpyxl", "workbooks", "excel")
    try:
        values, formulas = (openpyxl.load_workbook(path, data_only=stored) for stored in (True, False))
    except Exception as error:  # of files, of zip and of XML: as many kinds as there are ways to damage a workbook
        why = str(error) or type(error).__name__
        raise FileFormatError.of("not_a_workbook", str(path), why=why) from None
    reader = _Reader(path)
    for sheet in values.worksheets:
        reader.sheet(sheet, formulas[sheet.title])
    document = Document(path, reader.tables, reader.places, cells=True)
    faults = Faults(document)
    for place, fault in reader.faults:
        faults.add(place, fault)
    faults.refuse()
    return document


class _Reader:
    """Gathers what the sheets say."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tables: dict[str, Any] = {}
        self.places: dict[At, str] = {}
        self.faults: list[tuple[str, LcaError]] = []

    def sheet(self, sheet: Any, formulas: Any) -> None:
        """Read a sheet by its name."""
        rows = list(self._rows(sheet, formulas))
        name = sheet.title.strip()
        if not rows:
            return
        if name == "study":
            self._pairs(rows[1:])
        elif name == "scenarios":
            self._scenarios(rows[1:])
        elif name == "cases":
            self._cases(rows)
        elif name in SECTIONS:
            self._items(name, rows)
        else:
            self._values(name, rows)

    def _rows(self, sheet: Any, formulas: Any) -> Iterator[dict[str, tuple[object, str]]]:
        """The rows without remarks, each as column letter: (value, where it stands); blank cells are left out."""
        for row in sheet.iter_rows():
            found: dict[str, tuple[object, str]] = {}
            for cell in row:
                where = f"{self.path}, sheet {sheet.title!r}, cell {cell.coordinate}"
                value = self._value(cell, formulas[cell.coordinate], where)
                if value is not None and value != "":
                    found[cell.column_letter] = value, where
            first = next(iter(found.values()), ("#", ""))[0]
            if not (isinstance(first, str) and first.startswith("#")):
                yield found

    def _value(self, cell: Any, formula: Any, where: str) -> object:
        """What a cell holds: a text without blanks around it, a number, a date as a text."""
        value = cell.value
        if cell.data_type == "e" or (formula.data_type == "f" and value is None):
            self.faults.append((where, FileFormatError.of("cell_without_a_value", where, value=value or formula.value)))
            return None
        if isinstance(value, datetime.datetime):
            return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
        in_words = cell.parent.title.strip() in (*SECTIONS, "study", "scenarios", "cases")
        if in_words and isinstance(value, int | float) and "%" in cell.number_format:  # what was typed as "2 %"
            return f"{(Decimal(str(value)) * 100).normalize():f} %"
        return value.strip() if isinstance(value, str) else value

    # --- sheets ---------------------------------------------------------------------------------------------

    def _put(self, at: At, value: object, where: str) -> None:
        """Keep a value at the way to it; one that is there already is noted."""
        inside: Any = self.tables
        for n, name in enumerate(at):
            last = n == len(at) - 1
            if not isinstance(inside, dict) or (last and name in inside):  # a value, where a table or nothing should be
                place = self.places[at[: n + isinstance(inside, dict)]]
                self.faults.append((where, FileFormatError.of("cell_says_it_twice", where, [place], name=at[-1])))
                return
            inside = inside.setdefault(name, value if last else {})
        for n in range(1, len(at) + 1):
            self.places.setdefault(at[:n], where)

    def _pairs(self, rows: list[dict[str, tuple[object, str]]]) -> None:
        for row in rows:
            if "A" in row and "B" in row:  # a key without a value is as if it were not there
                self._put(_way(str(row["A"][0])), *row["B"])
            elif "B" in row:
                where = row["B"][1]
                self.faults.append((where, FileFormatError.of("row_without_a_value", where, name="key")))

    def _items(self, section: str, rows: list[dict[str, tuple[object, str]]]) -> None:
        heads = self._heads(rows[0])
        if ID not in heads.values():
            where = next(iter(rows[0].values()))[1]
            self.faults.append((where, FileFormatError.of("sheet_without_ids", where, section=section)))
            return
        for row in rows[1:]:
            cells = {heads.get(column, ""): cell for column, cell in row.items()}
            name, where = cells.pop(ID, ("", next(iter(row.values()))[1]))
            if name == "" or str(name) in self.tables.get(section, {}):
                key = "cell_says_it_twice" if name else "row_without_a_value"
                self.faults.append((where, FileFormatError.of(key, where, name=name or ID)))
                continue
            self.tables.setdefault(section, {})[str(name)] = {}
            self.places.setdefault((section, str(name)), where)
            for key, (value, place) in cells.items():
                if not key:
                    self.faults.append((place, FileFormatError.of("cell_without_a_heading", place, value=value)))
                    continue
                self._put((section, str(name), *key.split(".")), value, place)

    def _scenarios(self, rows: list[dict[str, tuple[object, str]]]) -> None:
        for row in rows:
            cells = {head: row[column] for head, column in zip(SCENARIOS, "ABCD", strict=True) if column in row}
            (dim, _), (path, where) = (cells.get(head, ("", next(iter(row.values()))[1])) for head in ("dim", "path"))
            value, place = cells.get("value", ("", where))
            if not path or value == "":
                self.faults.append((place, FileFormatError.of("row_without_a_value", place, name=path or "path")))
                continue
            label = str(cells.get("label", (value, ""))[0])
            self._put(("scenarios", *([str(dim)] if dim else []), str(path), label), value, place)

    def _cases(self, rows: list[dict[str, tuple[object, str]]]) -> None:
        heads = self._heads(rows[0])
        first = next(iter(heads))
        self._put(("cases", "dim"), heads[first], rows[0][first][1])
        for row in rows[1:]:
            label = str(row.get(first, ("", ""))[0])
            self.tables["cases"][label] = {}
            self.places.setdefault(("cases", label), next(iter(row.values()))[1])
            for column, (value, place) in row.items():
                if column != first and column in heads:
                    self._put(("cases", label, heads[column]), value, place)

    def _values(self, name: str, rows: list[dict[str, tuple[object, str]]]) -> None:
        """A table of values: its first column has the labels of the rows."""
        heads = self._heads(rows[0])
        columns = {head: [row.get(column, (None, ""))[0] for row in rows[1:]] for column, head in heads.items()}
        where = next(iter(rows[0].values()))[1]
        self._put(("table", name, "columns"), columns, where)
        self._put(("table", name, "index"), next(iter(heads.values())), where)

    def _heads(self, row: Mapping[str, tuple[object, str]]) -> dict[str, str]:
        return {column: str(value) for column, (value, _) in row.items()}


def _way(key: str) -> At:
    """The way that a key of the sheet "study" means: "excluded.use.outside_goal" stands below [study]."""
    section, _, rest = key.partition(".")
    if section == "excluded":
        return ("study", section, *rest.split("."))
    inner, _, keys = rest.partition(".")
    if section == "study" and inner == "correlations" and keys:
        return section, inner, keys
    return (section, rest) if rest else ("study", section)
