"""Whether the text of a table keeps the rules of its schema: every fault at once, with its line.

Text is never missing ("NA" is Namibia); an empty cell of a number column is a missing number.
"""

from __future__ import annotations

import contextlib
import csv
import io
import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from ..errors import TableError
from ..whole_files import sha256_of
from .description import Column, Field, Resource, Schema, key_of

# Every other type of column is text.
SPELLING = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "number": re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"),
}


def columns_of(content: str, where: str, schema: Schema) -> dict[str, Column]:
    """The columns of a text that keeps the rules of its table, by name."""
    cells, lengths = cells_of(content, where)
    if faults := faults_of(schema, cells, lengths):
        lines = lines_of(content)
        raise TableError.of("rows_break_the_schema", where, [f"{where}:{lines[at]}: {fault}" for at, fault in faults])
    width = len(schema["fields"])
    return {field["name"]: values_of(field, cells[width + i :: width]) for i, field in enumerate(schema["fields"])}


def content_of(file: Path, where: str, resource: Resource, *, stated: bool = False) -> str:
    """The text of a table, which must be the very bytes that datapackage.json describes.

    In a folder that a user stated, who edits it, only what is said of size and hash is compared.
    """
    content = file.read_bytes() if file.is_file() else b""
    about = {"bytes": f"{len(content)} bytes", "hash": f"sha256:{sha256_of(content)}"}
    said = {"bytes": f"{resource.get('bytes', 'no number of')} bytes", "hash": resource.get("hash", "no hash")}
    compared = [name for name in about if not stated or name in resource]
    if stated and not file.is_file():
        raise TableError.of("no_such_table", where)
    if any(about[name] != said[name] for name in compared):
        found, stated_as = (", ".join(one[name] for name in compared) for one in (about, said))
        raise TableError.of("table_was_changed", where, found=found, stated=stated_as)
    try:
        return content.decode("utf-8-sig" if stated else "utf-8")
    except UnicodeDecodeError as error:
        raise TableError.of("not_in_utf_8", where, byte=error.start) from None


def cells_of(content: str, where: str) -> tuple[list[str], list[int]]:
    """The cells of a CSV text, record after record, and the length of each; the first is the header. No record is kept:
    tens of thousands of them would let the garbage collector look at everything, again and again."""
    cells: list[str] = []
    lengths: list[int] = []
    try:
        for record in csv.reader(io.StringIO(content, newline=""), strict=True):
            cells += record
            lengths.append(len(record))
    except csv.Error as error:
        raise TableError.of("not_a_csv", f"{where}:{lines_of(content)[-1]}", [str(error)]) from error
    return cells, lengths


def lines_of(content: str) -> list[int]:
    """On which line each record begins, where some have several; the last is that of the end, or of a fault."""
    reader, begin = csv.reader(io.StringIO(content, newline=""), strict=True), [1]
    with contextlib.suppress(csv.Error):
        for _ in reader:
            begin.append(reader.line_num + 1)
    return begin


def faults_of(schema: Schema, cells: list[str], lengths: list[int]) -> list[tuple[int, str]]:
    """Everything that is wrong, with the number of its record, in their order; the header is record 0."""
    names = [field["name"] for field in schema["fields"]]
    width = len(names)
    if (header := cells[: sum(lengths[:1])]) != names:
        return [(0, f"the columns are {', '.join(header)}; they must be {', '.join(names)}")]
    at: Sequence[int] = range(1, len(lengths))
    faults = [(i, f"{lengths[i]} cells, not {width}") for i in at if lengths[i] != width]
    if faults:
        at = [i for i in at if lengths[i] == width]
        ends = list(accumulate(lengths))
        cells = [*names, *(cell for i in at for cell in cells[ends[i] - width : ends[i]])]
    columns = [cells[width + i :: width] for i in range(width)]
    for field, column in zip(schema["fields"], columns, strict=True):
        if bad := _bad_cells(field, set(column)):
            faults += [(i, bad[cell]) for i, cell in zip(at, column, strict=True) if cell in bad]
    key = key_of(schema)
    parts = [columns[names.index(part)] for part in key]
    keys = parts[0] if len(parts) == 1 else list(map("\n".join, zip(*parts, strict=True)))
    if len(set(keys)) < len(keys):
        often = Counter(zip(*parts, strict=True))
        faults += [(i, f"{', '.join(key)} {' '.join(one)!r} stands {often[one]} times")
                   for i, one in zip(at, zip(*parts, strict=True), strict=True) if often[one] > 1]  # fmt: skip
    return sorted(faults, key=lambda fault: fault[0])


def _bad_cells(field: Field, cells: set[str]) -> dict[str, str]:
    """What is wrong with each wrong cell. A text without a list of values has little to look at."""
    if field["type"] not in SPELLING and "enum" not in field.get("constraints", {}):
        cells = {cell for cell in cells if not cell or cell != cell.strip()}
    return {cell: fault for cell in cells if (fault := _fault(field, cell))}


def _fault(field: Field, cell: str) -> str:
    """What is wrong with a cell; empty if nothing is."""
    name, kind, rule = field["name"], field["type"], field.get("constraints", {})
    among, low, high = rule.get("enum", ()), rule.get("minimum", -math.inf), rule.get("maximum", math.inf)
    if not cell:
        return f"{name} is empty" if rule.get("required") else ""
    if cell != cell.strip():
        return f"{name} {cell!r} has blanks around it"
    if among and cell not in among:
        return f"{name} {cell!r} is not one of: {', '.join(among)}"
    if kind in SPELLING and not SPELLING[kind].fullmatch(cell):
        return f"{name} {cell!r} is not of type {kind}"
    if kind in SPELLING and not (low <= float(cell) <= high and math.isfinite(float(cell))):
        return f"{name} {cell} is outside {low:g} to {high:g}"
    return ""


def values_of(field: Field, cells: Sequence[str]) -> Column:
    if field["type"] == "number":
        return [float(cell or "nan") for cell in cells]
    if field["type"] == "integer":
        return [int(cell) if cell else None for cell in cells]
    return list(cells)
