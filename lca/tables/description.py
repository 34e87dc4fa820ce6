"""What a datapackage.json says of tables, and what a cell, a row and a column of one are."""

from __future__ import annotations

from typing import NotRequired, TypeAlias, TypedDict

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


class Resource(TypedDict):
    """A table in a datapackage.json; in a folder of a user the size and the hash may be left out."""

    name: str
    path: str
    bytes: NotRequired[int]
    hash: NotRequired[str]
    schema: Schema


class Package(TypedDict):
    """A datapackage.json."""

    version: str
    resources: list[Resource]


def key_of(schema: Schema) -> list[str]:
    """The columns that tell rows apart: the primary key, or all where there is none."""
    return schema.get("primaryKey", [field["name"] for field in schema["fields"]])
