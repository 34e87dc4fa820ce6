"""The rows of a workbook that say what the tables of a TOML file say."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from ..errors import FileFormatError
from .document import Document
from .makers import PATHS, SECTIONS, SINGLE, SOURCES
from .positions import At
from .workbook import ID

#: A row of a sheet by its headings, and the rows of each sheet.
Row: TypeAlias = dict[str, object]
Sheets: TypeAlias = dict[str, list[Row]]
#: Sections whose keys stand in rows of the sheet "study".
_PAIRS = ("study", *SINGLE, "run", "summary")


def sheets_of(document: Document, folder: Path) -> Sheets:
    """The rows of each sheet; paths of files become relative to the folder of the workbook."""
    found: Sheets = {"study": []}
    for section, table in document.tables.items():
        if not isinstance(table, Mapping):
            continue
        if section in _PAIRS:
            found["study"] += [{"key": key, "value": cell} for key, cell in _pairs(document, section, table)]
        elif section == "scenarios":
            found[section] = list(_scenarios(document, table))
        elif section == "cases":
            found[section] = list(_cases(document, table))
        elif section in SECTIONS:
            found[section] = [_row(document, section, name, one, folder) for name, one in table.items()]
    return found


def _cell(document: Document, value: object, at: At) -> object:
    """A value as a cell holds it: a list with semicolons."""
    items = value if isinstance(value, list) else []
    if isinstance(value, Mapping) or any(isinstance(one, list | Mapping) or ";" in str(one) for one in items):
        raise FileFormatError.of("not_for_a_cell", document.place(*at))
    return "; ".join(map(str, items)) if isinstance(value, list) else value


def _flat(document: Document, value: object, at: At, name: str) -> Iterator[tuple[str, object]]:
    """Cells by dotted headings: {replaced = {name = "Jetson"}} is "replaced.name"."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _flat(document, one, (*at, key), f"{name}.{key}" if name else str(key))
    else:
        yield name, _cell(document, value, at)


def _pairs(document: Document, section: str, table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        name = key if key == "excluded" else f"{section}.{key}"
        yield from _flat(document, value, (section, key), name)


def _row(document: Document, section: str, name: str, table: object, folder: Path) -> Row:
    row: Row = {ID: name}
    for heading, cell in _flat(document, table, (section, name), ""):
        if heading in (*PATHS, SOURCES) and isinstance(cell, str):
            cell = "; ".join(_moved(document.path.parent, one, folder) for one in cell.split("; "))
        row[heading] = cell
    return row


def _moved(before: Path, file: str, after: Path) -> str:
    """A path relative to another folder; what is not a file stays as it is."""
    return Path(os.path.relpath(before / file, after)).as_posix() if (before / file).exists() else file


def _scenarios(document: Document, table: Mapping[str, object]) -> Iterator[Row]:
    for key, given in table.items():
        inside = {key: given} if "." in key else given
        for path, values in inside.items() if isinstance(inside, Mapping) else ():
            dim = "" if "." in key else key
            labelled = values if isinstance(values, Mapping) else {str(one): one for one in _items(values)}
            for label, value in labelled.items():
                yield {"dim": dim or None, "path": path, "label": label,
                       "value": _cell(document, value, ("scenarios", key, path))}  # fmt: skip


def _items(values: object) -> list[object]:
    return values if isinstance(values, list) else [values]


def _cases(document: Document, table: Mapping[str, object]) -> Iterator[Row]:
    dim = str(table.get("dim", "case"))
    for label, cells in table.items():
        if isinstance(cells, Mapping):
            yield {dim: label, **dict(_flat(document, cells, ("cases", label), ""))}
