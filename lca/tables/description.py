"""What a datapackage.json says of tables, and what a cell, a row and a column of one are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NotRequired, TypeAlias, TypedDict

from ..errors import TableError

DESCRIPTION = "datapackage.json"  # of a folder: version, sources, tables with their hashes and columns
#: A text; a number, nan where missing; a whole number, None where missing.
Cell: TypeAlias = str | float | None
Column: TypeAlias = list[Cell]


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


class Licence(TypedDict):
    """A licence: its SPDX identifier."""

    name: str


class Resource(TypedDict):
    """A table in a datapackage.json; in a folder of a user the size and the hash may be left out."""

    name: str
    path: str
    licenses: NotRequired[list[Licence]]
    bytes: NotRequired[int]
    hash: NotRequired[str]
    schema: Schema


class Package(TypedDict):
    """A datapackage.json."""

    version: str
    licenses: NotRequired[list[Licence]]
    resources: list[Resource]


def key_of(schema: Schema) -> list[str]:
    """The columns that tell rows apart: the primary key, or all where there is none."""
    return schema.get("primaryKey", [field["name"] for field in schema["fields"]])


def known(file: Path) -> Package:
    """A datapackage.json that is as it should be."""
    package: Package = json.loads(file.read_text(encoding="utf-8"))
    return package


def described(file: Path) -> Package:
    """A datapackage.json of others. Raises `TableError` with all that is wrong in its form."""
    try:
        found: object = known(file)
    except (ValueError, RecursionError) as error:  # no JSON, not UTF-8, or lists in lists without end
        raise TableError.of("wrong_description", str(file), [f"{file}: not JSON: {error}"]) from None
    if faults := [f"{file}: {fault}" for fault in _form_faults(found)]:
        raise TableError.of("wrong_description", str(file), faults)
    return known(file)


def _form_faults(found: object) -> Iterator[str]:
    """What is wrong with the form of a datapackage.json."""
    if not isinstance(found, Mapping):
        yield "not an object: {...}"
        return
    version = found.get("version")
    if not isinstance(version, str) or not version or not version.isprintable() or set(version) & set("[]"):
        yield 'no version without brackets, which results name: "version": "2024.1"'
    resources = found.get("resources")
    if not isinstance(resources, list) or not resources:
        yield 'no tables: "resources": [{"name": ..., "path": ..., "schema": ...}]'
        return
    for i, one in enumerate(resources):
        name = one.get("name") if isinstance(one, Mapping) else None
        table = f"table {name!r}" if _is_text(name) else f"table {i + 1}"
        yield from (f"{table}: {fault}" for fault in _table_faults(one))
    names = Counter(str(one.get("name")) for one in resources if isinstance(one, Mapping))
    yield from (f"table {name!r} is there {count} times" for name, count in names.items() if count > 1)


def _table_faults(found: object) -> Iterator[str]:
    """What is wrong with the form of a table in it."""
    one: Mapping[str, object] = found if isinstance(found, Mapping) else {}
    if not _is_text(one.get("name")):
        yield "no name"
    path = one.get("path")
    if not isinstance(path, str) or not path or Path(path).name != path:
        yield f"its path is {path!r}, and must be the name of a file beside datapackage.json"
    schema = one.get("schema")
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    if not isinstance(schema, Mapping) or not isinstance(fields, list) or not fields:
        yield 'no columns: "schema": {"fields": [{"name": ..., "type": ..., "unit": ...}]}'
        return
    yield from (
        f"column {i + 1} has no name and type, or limits that are none"
        for i, field in enumerate(fields)
        if not _is_field(field)
    )
    key = schema.get("primaryKey", [])
    if not isinstance(key, list) or not all(map(_is_text, key)):
        yield f"its primaryKey is {key!r}, and must be a list of columns"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_field(field: object) -> bool:
    """Whether a column has a name and a type, and limits of the right kind where it has some."""
    if not isinstance(field, Mapping) or not (_is_text(field.get("name")) and _is_text(field.get("type"))):
        return False
    limits = field.get("constraints", {})
    return isinstance(field.get("unit", ""), str) and isinstance(limits, Mapping) and _are_limits(limits)


def _are_limits(limits: Mapping[str, object]) -> bool:
    numbers = all(isinstance(limits.get(name, 0), (int, float)) for name in ("minimum", "maximum"))
    among = limits.get("enum", [])
    return numbers and isinstance(among, list) and all(isinstance(one, str) for one in among)
