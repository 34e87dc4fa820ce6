"""Reads the tables of data/, checks them against their datapackage.json, and knows their versions.

No other file knows where the data are. A folder of data/ is a Data Package: CSV tables, and a
datapackage.json with version, sources, licences, and for each table its hash and its columns. Text
is never missing ("NA" is Namibia); an empty cell of a number column is a missing number. Nothing
is read at import, and pandas is imported at the first read.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypeAlias, TypedDict, TypeVar

from .checks import did_you_mean
from .errors import MissingError, TableError
from .whole_files import sha256_of

if TYPE_CHECKING:
    import pandas

# In an installed package data/ lies beside this file, in a checkout beside the package.
PLACES = (Path(__file__).parent / "data", Path(__file__).parent.parent / "data")

DESCRIPTION = "datapackage.json"  # of a folder: version, sources, tables with their hashes and columns

# Every other type of column is text.
SPELLING = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "number": re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"),
}
DTYPES = {"integer": "int64", "number": "float64"}
#: A text; a number, nan where missing; a whole number, None where missing.
Cell: TypeAlias = str | float | None
Column: TypeAlias = list[Cell]
T = TypeVar("T")


class Row(dict[str, Cell]):
    """A row of a table by the names of its columns; `text` and `number` read a cell of one kind."""

    def text(self, column: str) -> str:
        """The cell of a column of texts."""
        cell = self[column]
        assert isinstance(cell, str), f"{column} = {cell!r} is not a text"
        return cell

    def number(self, column: str) -> float:
        """The cell of a column of numbers as it was read; nan where a number is missing."""
        cell = self[column]
        assert isinstance(cell, (int, float)), f"{column} = {cell!r} is not a number"
        return cell


class Constraints(TypedDict, total=False):
    """What the cells of a column must be."""

    required: bool
    enum: list[str]
    minimum: float
    maximum: float


class Field(TypedDict):
    """A column in a datapackage.json."""

    name: str
    type: str
    unit: NotRequired[str]
    constraints: NotRequired[Constraints]


class Schema(TypedDict):
    """The columns of a table, and those that tell its rows apart."""

    fields: list[Field]
    primaryKey: NotRequired[list[str]]


class Resource(TypedDict):
    """A table in a datapackage.json."""

    name: str
    path: str
    bytes: int
    hash: str
    schema: Schema


class Package(TypedDict):
    """A datapackage.json."""

    version: str
    resources: list[Resource]


def read(folder: str, table: str) -> pandas.DataFrame:
    """A table of data/, checked; the copy is the caller's own.

    >>> rates = read("electricity", "egrid_subregion_rates")
    >>> rates.query("region == 'US-RFCW' and year == 2019")["co2"].item()
    1067.679
    """
    return _table(_root(), folder, table).copy()


def rows(folder: str, table: str) -> list[Row]:
    """A table of data/, checked, as one mapping per row: a missing number is nan, a missing whole number None.

    >>> rows("electricity", "us_states")[0]["region"]
    'US-AK'
    """
    found = columns(folder, table)
    return [Row(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]


def row(folder: str, table: str, key: str) -> Row | None:
    """The row of a table with a key of one column, or None: checked alone, where the others need not be read.

    >>> (row("electricity", "zip_to_subregion", "15213") or {})["region"]
    'US-RFCW'
    """
    return _row(_root(), folder, table, key)


def columns(folder: str, table: str) -> dict[str, Column]:
    """A table of data/, checked, as one list per column; not to be changed.

    >>> columns("electricity", "us_states")["region"][:2]
    ['US-AK', 'US-AL']
    """
    return _columns(_root(), folder, table)


def texts(folder: str, table: str, *names: str) -> Iterator[tuple[str, ...]]:
    """Some columns of texts of a table of data/, row by row.

    >>> next(texts("electricity", "us_states", "region", "name"))
    ('US-AK', 'Alaska')
    """
    found = columns(folder, table)
    return zip(*([str(cell) for cell in found[name]] for name in names), strict=True)


def units(folder: str, table: str) -> dict[str, str]:
    """The unit of each column that has one.

    >>> units("electricity", "egrid_subregion_rates")["co2e"]
    'lb CO2e/(MWh at_busbar)'
    """
    fields = _resource(_root(), folder, table)["schema"]["fields"]
    return {field["name"]: field["unit"] for field in fields if "unit" in field}


def version(folder: str) -> str:
    """The version of a folder of data/, which a result records."""
    return str(_package(_root(), folder)["version"])


def folders() -> list[str]:
    """The folders of data/, each with a version of its own.

    >>> "electricity" in folders()
    True
    """
    return sorted(_packages(_root()))


def pick(known: Mapping[str, T], name: object, what: str, where: str = "") -> T:
    """What a table has under a name. Raises `MissingError` with near names; `what` says in words what is named.

    >>> pick({"wind": 11, "gas": 490}, "wind", "technology")
    11
    """
    if not isinstance(name, str) or name not in known:
        raise MissingError.of("not_in_the_data", where, what=what, name=name,
                              near=did_you_mean(name, near(name, known) or sorted(known)))  # fmt: skip
    return known[name]


def near(name: object, names: Iterable[str]) -> list[str]:
    """Names spelled like `name`, closest first, capitals aside.

    >>> near("us-rfcv", ["DE", "US-RFCE", "US-SRVC"])
    ['US-RFCE', 'US-SRVC']
    """
    folded = {other.casefold(): other for other in names}
    return [folded[match] for match in get_close_matches(str(name).casefold(), folded)]


@cache
def _table(root: Path, folder: str, table: str) -> pandas.DataFrame:
    import pandas

    kinds = {field["name"]: field["type"] for field in _resource(root, folder, table)["schema"]["fields"]}
    read = _columns(root, folder, table).items()
    dtypes = {name: "Int64" if None in cells else DTYPES.get(kinds[name], "str") for name, cells in read}
    return pandas.DataFrame({name: pandas.Series(cells, dtype=dtypes[name]) for name, cells in read})


@cache
def _row(root: Path, folder: str, table: str, key: str) -> Row | None:
    resource = _resource(root, folder, table)
    where, first = f"{folder}/{resource['path']}", resource["schema"]["fields"][0]["name"]
    content = _content(root / where, where, resource)
    read = content.partition("\n")[0] + "".join(re.findall(f"\n{re.escape(key)},[^\n]*", content))
    if '"' in content or _faults(resource["schema"], *_cells(read, where)):  # a cell may have lines; all faults at once
        return next((one for one in rows(folder, table) if one[first] == key), None)
    found = _checked(read, where, resource["schema"])
    return Row((name, cells[0]) for name, cells in found.items()) if found[first] == [key] else None


@cache
def _columns(root: Path, folder: str, table: str) -> dict[str, Column]:
    """The columns of a table that keeps its own rules, by name."""
    resource = _resource(root, folder, table)
    where, schema = f"{folder}/{resource['path']}", resource["schema"]
    return _checked(_content(root / where, where, resource), where, schema)


def _checked(content: str, where: str, schema: Schema) -> dict[str, Column]:
    """The columns of a text that keeps the rules of its table, by name."""
    cells, lengths = _cells(content, where)
    if faults := _faults(schema, cells, lengths):
        lines = _lines(content)
        raise TableError.of("rows_break_the_schema", where, [f"{where}:{lines[at]}: {fault}" for at, fault in faults])
    width = len(schema["fields"])
    return {field["name"]: _values(field, cells[width + i :: width]) for i, field in enumerate(schema["fields"])}


def _content(file: Path, where: str, resource: Resource) -> str:
    """The text of a table, which must be the very bytes that datapackage.json describes."""
    content = file.read_bytes() if file.is_file() else b""
    found = f"{len(content)} bytes, sha256:{sha256_of(content)}"
    if found != (stated := f"{resource['bytes']} bytes, {resource['hash']}"):
        raise TableError.of("table_was_changed", where, found=found, stated=stated)
    return content.decode("utf-8")


def _cells(content: str, where: str) -> tuple[list[str], list[int]]:
    """The cells of a CSV text, record after record, and the length of each; the first is the header. No record is kept:
    tens of thousands of them would let the garbage collector look at everything, again and again."""
    cells: list[str] = []
    lengths: list[int] = []
    try:
        for record in csv.reader(io.StringIO(content, newline=""), strict=True):
            cells += record
            lengths.append(len(record))
    except csv.Error as error:
        raise TableError.of("not_a_csv", f"{where}:{_lines(content)[-1]}", [str(error)]) from error
    return cells, lengths


def _lines(content: str) -> list[int]:
    """On which line each record begins, where some have several; the last is that of the end, or of a fault."""
    reader, begin = csv.reader(io.StringIO(content, newline=""), strict=True), [1]
    with contextlib.suppress(csv.Error):
        for _ in reader:
            begin.append(reader.line_num + 1)
    return begin


def _faults(schema: Schema, cells: list[str], lengths: list[int]) -> list[tuple[int, str]]:
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
    key = schema.get("primaryKey", names)
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


def _values(field: Field, cells: Sequence[str]) -> Column:
    if field["type"] == "number":
        return [float(cell or "nan") for cell in cells]
    if field["type"] == "integer":
        return [int(cell) if cell else None for cell in cells]
    return list(cells)


def _root() -> Path:
    for place in PLACES:
        if place.is_dir():
            return place
    raise MissingError.of("no_data_folder", sides=map(str, PLACES))


def _packages(root: Path) -> dict[str, Path]:
    return {file.parent.name: file for file in root.glob(f"*/{DESCRIPTION}")}


@cache
def _package(root: Path, folder: str) -> Package:
    package: Package = json.loads(pick(_packages(root), folder, "folder of tables").read_text(encoding="utf-8"))
    return package


def _resource(root: Path, folder: str, table: str) -> Resource:
    tables: dict[str, Resource] = {one["name"]: one for one in _package(root, folder)["resources"]}
    return pick(tables, table, f"table in {folder}")
