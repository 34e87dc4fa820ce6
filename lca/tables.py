"""Reads the tables of data/, checks them against their datapackage.json, and knows their versions.

The only file that knows where data lives. A folder of data/ is a Data Package: CSV tables, and a
datapackage.json with version, sources, licences, and for each table its hash and its columns. Text
is never missing ("NA" is Namibia); an empty cell of a number column is a missing number. Nothing
is read at import, and pandas is imported at the first read.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from .errors import MissingError, TableError

if TYPE_CHECKING:
    import pandas

# In an installed package data/ lies beside this file, in a checkout beside the package.
PLACES = (Path(__file__).parent / "data", Path(__file__).parent.parent / "data")

# Every other type of column is text.
SPELLING = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "number": re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"),
}
Json: TypeAlias = dict[str, Any]
Record: TypeAlias = tuple[int, list[str]]  # the line on which it begins, its cells


def read(folder: str, table: str) -> pandas.DataFrame:
    """A table of data/, checked; the copy is the caller's own.

    >>> rates = read("electricity", "egrid_subregion_rates")
    >>> rates.query("region == 'US-RFCW' and year == 2019")["co2"].item()
    1067.679
    """
    return _table(_root(), folder, table).copy()


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
    return sorted(file.parent.name for file in _root().glob("*/datapackage.json"))


def near(name: str, names: Iterable[str]) -> list[str]:
    """Names spelled like `name`, closest first, capitals aside.

    >>> near("us-rfcv", ["DE", "US-RFCE", "US-SRVC"])
    ['US-RFCE', 'US-SRVC']
    """
    folded = {other.casefold(): other for other in names}
    return [folded[match] for match in get_close_matches(str(name).casefold(), folded)]


@cache
def _table(root: Path, folder: str, table: str) -> pandas.DataFrame:
    import pandas

    resource = _resource(root, folder, table)
    where, schema = f"{folder}/{resource['path']}", resource["schema"]
    records = _records(_content(root / where, where, resource), where)
    if faults := _faults(schema, records):
        raise TableError(
            f"a table breaks its own rules in {len(faults)} place{'s' * (len(faults) > 1)}",
            where=where,
            sides=[f"{where}:{line}: {fault}" for line, fault in faults],
            mend="correct these rows; the rules are the schema in the datapackage.json beside the table",
        )
    columns = list(zip(*(cells for _, cells in records[1:]), strict=True)) or [()] * len(schema["fields"])
    named = zip(schema["fields"], columns, strict=True)
    return pandas.DataFrame({field["name"]: _series(field, cells) for field, cells in named})


def _content(file: Path, where: str, resource: Json) -> str:
    """The text of a table, which must be the very bytes that datapackage.json describes."""
    content = file.read_bytes() if file.is_file() else b""
    found = f"{len(content)} bytes, sha256:{hashlib.sha256(content).hexdigest()}"
    stated = f"{resource['bytes']} bytes, {resource['hash']}"
    if found != stated:
        raise TableError(
            "a table is not the one its datapackage.json describes (changed line endings are enough)",
            where=where,
            sides=[found, f"{stated} stated"],
            mend="restore the file, or change its script in data/build and run that",
        )
    return content.decode("utf-8")


def _records(content: str, where: str) -> list[Record]:
    """The records of a CSV text, each with the line on which it begins; the first is the header."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        records = list(reader)
    except csv.Error as error:
        line = _lines(content)[-1]
        raise TableError("a table is no CSV", where=f"{where}:{line}", sides=[str(error)]) from error
    lines = range(1, len(records) + 1) if reader.line_num == len(records) else _lines(content)
    return list(zip(lines, records, strict=False)) or [(1, [])]


def _lines(content: str) -> list[int]:
    """On which line each record begins, where some have several; the last is that of the end, or of a fault."""
    reader, begin = csv.reader(io.StringIO(content, newline=""), strict=True), [1]
    with contextlib.suppress(csv.Error):
        for _ in reader:
            begin.append(reader.line_num + 1)
    return begin


def _faults(schema: Json, records: list[Record]) -> list[tuple[int, str]]:
    """Everything that is wrong, with its line, in the order of the lines."""
    names = [field["name"] for field in schema["fields"]]
    (_, header), *rows = records
    if header != names:
        return [(1, f"the columns are {', '.join(header)}; they must be {', '.join(names)}")]
    faults = [(line, f"{len(row)} cells, not {len(names)}") for line, row in rows if len(row) != len(names)]
    if faults:
        rows = [record for record in rows if len(record[1]) == len(names)]
    columns = list(zip(*(row for _, row in rows), strict=True))
    for field, column in zip(schema["fields"], columns, strict=bool(columns)):
        if bad := {cell: fault for cell in set(column) if (fault := _fault(field, cell))}:
            faults += [(line, bad[cell]) for (line, _), cell in zip(rows, column, strict=True) if cell in bad]
    key = schema.get("primaryKey", names)
    parts = [columns[names.index(part)] for part in key] if columns else [()]
    keys: Sequence[Any] = parts[0] if len(parts) == 1 else list(zip(*parts, strict=True))
    if len(set(keys)) < len(keys):
        faults += _doubles(key, list(zip(*parts, strict=True)), [line for line, _ in rows])
    return sorted(faults, key=lambda fault: fault[0])


def _doubles(key: Sequence[str], keys: list[tuple[str, ...]], lines: list[int]) -> list[tuple[int, str]]:
    """The rows whose key an earlier row has."""
    faults, first = [], dict[tuple[str, ...], int]()
    for line, same in zip(lines, keys, strict=True):
        if first.setdefault(same, line) != line:
            faults.append((line, f"{', '.join(key)} {' '.join(same)!r} is already on line {first[same]}"))
    return faults


def _fault(field: Json, cell: str) -> str:
    """What is wrong with a cell; empty if nothing is."""
    name, kind, rule = field["name"], field["type"], field.get("constraints", {})
    among, low, high = rule.get("enum", ()), rule.get("minimum", -math.inf), rule.get("maximum", math.inf)
    if not cell:
        return f"{name} is empty" if rule.get("required") else ""
    if cell != cell.strip():
        return f"{name} {cell!r} has blanks around it"
    if among and cell not in among:
        return f"{name} {cell!r} is none of: {', '.join(among)}"
    if kind in SPELLING and not SPELLING[kind].fullmatch(cell):
        return f"{name} {cell!r} is no {kind}"
    if kind in SPELLING and not (low <= float(cell) <= high and math.isfinite(float(cell))):
        return f"{name} {cell} is outside {low:g} to {high:g}"
    return ""


def _series(field: Json, cells: Sequence[str]) -> pandas.Series[Any]:
    import pandas

    if field["type"] == "number":
        return pandas.Series([float(cell or "nan") for cell in cells], dtype="float64")
    if field["type"] == "integer":
        whole = [int(cell) if cell else None for cell in cells]
        return pandas.Series(whole, dtype="Int64" if None in whole else "int64")
    return pandas.Series(cells, dtype="str")


def _root() -> Path:
    for place in PLACES:
        if place.is_dir():
            return place
    raise MissingError("the tables of lca are not there", sides=map(str, PLACES), mend="install lca again")


@cache
def _package(root: Path, folder: str) -> Json:
    folders = sorted(file.parent.name for file in root.glob("*/datapackage.json"))
    if folder not in folders:
        raise _missing("folder of tables", folder, folders)
    package: Json = json.loads((root / folder / "datapackage.json").read_text(encoding="utf-8"))
    return package


def _resource(root: Path, folder: str, table: str) -> Json:
    tables: dict[str, Json] = {one["name"]: one for one in _package(root, folder)["resources"]}
    if table not in tables:
        raise _missing(f"table in {folder}", table, sorted(tables))
    return tables[table]


def _missing(kind: str, name: str, names: list[str]) -> MissingError:
    return MissingError(f"no {kind} is called {name!r}", mend=f"one of: {', '.join(near(name, names) or names)}")
