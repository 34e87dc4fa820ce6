"""A table in one place, and how that of a later place is laid over those before it.

A row with a key that no place before it has is added. One with a key that is there takes the place of that row; only
folders that a user stated may do that. Its `source` says which folder it comes from, and what it took the place of.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import TableError
from .checking import SPELLING, columns_of, content_of
from .crediting import NOT_STATED, credited
from .description import Cell, Column, Field, Resource, Schema, key_of
from .places import Kind, Place

#: What stands behind the source of a row of a folder that a user stated.
_MARK = re.compile(r"\[(?P<name>[^\[\]/]+/\S+) (?P<version>[^\[\]]*?, sha256:[0-9a-f]+)(?:, in place of [^\[\]]+)?\]")
#: What a cell is that a later table leaves out with its column; of every other type it is an empty text.
_EMPTY: dict[str, Cell] = {"number": math.nan, "integer": None}


@dataclass(frozen=True)
class Layer:
    """A table as one place has it."""

    place: Place
    folder: str
    resource: Resource

    @property
    def file(self) -> Path:
        """Its file."""
        return self.place.root / self.folder / self.resource["path"]

    @property
    def where(self) -> str:
        """How an error names it: one of a user by its full path."""
        return str(self.file) if self.place.stated else f"{self.folder}/{self.resource['path']}"

    @property
    def label(self) -> str:
        """How a source names it: "my_factors/electricity 2024.1, sha256:0123456789ab"."""
        return f"{self.place.name}/{self.folder} {self.place.version(self.folder)}"

    def mark(self, below: Layer | None = None) -> str:
        """What stands behind the source of each of its rows; `below` is the table of which it takes the place."""
        return f"[{self.label}, in place of {below.label}]" if below else f"[{self.label}]"

    @property
    def text(self) -> str:
        """The text of its file."""
        return content_of(self.file, self.where, self.resource, stated=self.place.stated)

    def columns(self, first: Layer) -> dict[str, Column]:
        """Its columns, in the order of those of the first place that has the table, which may be this one.

        Raises `TableError` with all that is wrong in its schema, or else in its rows.
        """
        schema = first.resource["schema"]
        if self.place.kind is not Kind.OWN and (faults := schema_faults(self, first)):
            raise TableError.of("other_columns", self.where, [f"{self.where}: {fault}" for fault in faults])
        if self.place == first.place:
            return self.credited(columns_of(self.text, self.where, schema))
        return self.credited(_filled(columns_of(self.text, self.where, merged(schema, self)), schema))

    def credited(self, columns: dict[str, Column]) -> dict[str, Column]:
        """Some of its columns, in which each source carries the table and its licence: of the row, or of the table."""
        stated = self.resource.get("licenses") or self.place.package(self.folder).get("licenses", [])
        names = [str(one["name"]) for one in stated if isinstance(one, Mapping) and one.get("name")]
        table = f"{self.folder}/{self.resource['name']}"  # the same, whatever place the table is in
        return credited(columns, table, " AND ".join(names) or NOT_STATED)


def folders_named(sources: Iterable[str]) -> dict[str, str]:
    """The folders of users that sources name, each with its version, or versions.

    >>> folders_named(["EPA [mine/electricity 2024.1, sha256:0123456789ab, in place of data/electricity 0.1.0]", "EPA"])
    {'mine/electricity': '2024.1, sha256:0123456789ab'}
    """
    marks = [mark for source in sources for mark in _MARK.finditer(source)]
    found: dict[str, dict[str, None]] = {}
    for mark in marks:
        found.setdefault(mark["name"], {})[mark["version"]] = None
    return {name: "; ".join(sorted(versions)) for name, versions in found.items()}


def stacked(first: Layer, *others: Layer) -> dict[str, Column]:
    """The columns of a table with the rows of all places, each over those before it."""
    found = first.columns(first)
    if first.place.stated:
        found = _marked(found, [first.mark()] * _length(found))
    for layer in others:
        found = _laid(found, first, layer)
    return found


def _laid(below: dict[str, Column], first: Layer, layer: Layer) -> dict[str, Column]:
    """Columns with the rows of a later table: added, or in the place of those with the same key."""
    above, key = layer.columns(first), key_of(first.resource["schema"])
    at = {row: i for i, row in enumerate(_keys(below, key))}
    places = [at.get(row) for row in _keys(above, key)]
    if not layer.place.stated and (taken := [row for row in _keys(above, key) if row in at]):
        rows = [f"{layer.where}: {', '.join(map(str, row))}" for row in taken]
        raise TableError.of("row_is_taken", layer.label, rows, name=first.label)
    above = _marked(above, [layer.mark(None if i is None else first) for i in places])
    return {name: _replaced(cells, above[name], places) for name, cells in below.items()}


def _replaced(below: Column, above: Column, places: list[int | None]) -> Column:
    """Cells with others in their places; those without a place stand at the end."""
    found = list(below)
    for cell, i in zip(above, places, strict=True):
        if i is not None:
            found[i] = cell
    return found + [cell for cell, i in zip(above, places, strict=True) if i is None]


def merged(schema: Schema, layer: Layer) -> Schema:
    """The rules of a later table: those of the first, in the order of its own columns.

    It may set its own limits: a new year lies above those that were known.
    """
    fields = {field["name"]: field for field in schema["fields"]}
    own = layer.resource["schema"]["fields"]
    return {"fields": [_merged(fields[one["name"]], one) for one in own], "primaryKey": key_of(schema)}


def _merged(field: Field, own: Field) -> Field:
    limits, said = field.get("constraints", {}).copy(), own.get("constraints", {})
    if "minimum" in said:
        limits["minimum"] = said["minimum"]
    if "maximum" in said:
        limits["maximum"] = said["maximum"]
    made = field.copy()
    made["constraints"] = limits
    return made


def schema_faults(layer: Layer, first: Layer) -> list[str]:
    """What is wrong in the schema of a table: each column that is not as in the first place that has it, or lacks."""
    own = {field["name"]: field for field in layer.resource["schema"]["fields"]}
    faults = [
        f"column {name!r} is of type {one['type']!r}, not string, integer or number"
        for name, one in own.items()
        if one["type"] not in (*SPELLING, "string")
    ]
    if layer.place == first.place:
        needed_here = ["source", *key_of(layer.resource["schema"])]
        return faults + [f"column {name!r} is lacking" for name in needed_here if name not in own]
    fields = {field["name"]: field for field in first.resource["schema"]["fields"]}
    for name, one in own.items():
        if name not in fields:
            faults.append(f"column {name!r} is none of the table's, which are {', '.join(fields)}")
        else:
            faults += _differing(one, fields[name])
    needed = {name for name, one in fields.items() if one.get("constraints", {}).get("required")}
    lacking = [name for name in fields if name in needed.union(key_of(first.resource["schema"])) - own.keys()]
    return faults + [f"column {name!r} is lacking" for name in lacking]


def _differing(own: Field, field: Field) -> list[str]:
    """Type and unit of a column, where they are not those of the table."""
    name, unit, known = own["name"], own.get("unit", "no unit"), field.get("unit", "no unit")
    faults = [] if unit == known else [f"column {name!r} has the unit {unit!r}, and the table {known!r}"]
    if own["type"] != field["type"] and {own["type"], field["type"]} & SPELLING.keys():
        faults.append(f"column {name!r} is of type {own['type']!r}, and in the table {field['type']!r}")
    return faults


def _filled(columns: dict[str, Column], schema: Schema) -> dict[str, Column]:
    """Columns in the order of a schema; those that are lacking have no values."""
    empty = {field["name"]: [_EMPTY.get(field["type"], "")] * _length(columns) for field in schema["fields"]}
    return {name: columns.get(name, cells) for name, cells in empty.items()}


def _marked(columns: dict[str, Column], marks: Sequence[str]) -> dict[str, Column]:
    """Columns whose sources say which folder they come from: `source`, and each `source_...` that says something."""
    marked = dict(columns)
    for name, cells in columns.items():
        if name == "source" or name.startswith("source_"):
            said = zip(cells, marks, strict=True)
            marked[name] = [f"{cell} {mark}".strip() if cell or name == "source" else cell for cell, mark in said]
    return marked


def _length(columns: dict[str, Column]) -> int:
    return len(next(iter(columns.values()), []))


def _keys(columns: dict[str, Column], key: list[str]) -> list[tuple[Cell, ...]]:
    """The key of each row; a missing number is like any other missing one."""
    return [
        tuple(None if cell != cell else cell for cell in row)
        for row in zip(*(columns[name] for name in key), strict=True)
    ]
