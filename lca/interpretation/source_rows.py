"""The rows of tables that values were read from: their files and lines, found again from the sources of the values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from .. import tables
from ..distributions.base import Distribution
from ..errors import LcaError
from ..graph.leaf import Parameter
from ..source_marks import Mark, marks, unmarked

#: What stands for a row that is not found.
NOT_FOUND = "not in the data in use"
_WORD = re.compile(r"\w[\w-]*\w|\w")
#: Two numbers are the same up to what a conversion of units rounds.
_ALIKE = 1e-9


def rows_behind(parameters: Iterable[Parameter]) -> str:
    """The rows behind some values: "data/electricity/egrid_subregion_rates.csv:97, co2e"; none is an empty text.

    A row is one whose source is that of the value, whose key stands in the key of the value, and, if one is left, with
    a cell that is the value. Of a value that was computed from several rows it says how many.
    """
    found = {_row(one, mark): None for one in parameters for mark in marks(one.source)}
    return "; ".join(found)


def _row(parameter: Parameter, mark: Mark) -> str:
    folder, _, table = mark.table.partition("/")
    try:
        sources = {source: every for source, every in _by_source(folder, table).items() if source in mark.cited}
        return _said(folder, table, _best(folder, table, parameter, sources))
    except LcaError:
        return NOT_FOUND


@tables.cached
def _by_source(folder: str, table: str) -> Mapping[str, Sequence[int]]:
    """The places of rows by their sources, as the file has them."""
    found: dict[str, list[int]] = {}
    for name, cells in tables.columns(folder, table).items():
        if name.partition("_")[0] == "source":
            for place, cell in enumerate(cells):
                for mark in marks(str(cell)):
                    found.setdefault(mark.cited, []).append(place)
    return found


@tables.cached
def _keys(folder: str, table: str) -> list[list[tuple[str, frozenset[str]]]]:
    """For each cell of the key of each row how it stands in the key of a value: as one word, or as several."""
    columns, names = tables.columns(folder, table), tables.keys(folder, table)
    rows = zip(*(columns[name] for name in names), strict=True)
    return [[("-".join(_WORD.findall(str(cell).casefold())), _words(str(cell))) for cell in row] for row in rows]


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _best(folder: str, table: str, parameter: Parameter, sources: Mapping[str, Sequence[int]]) -> dict[int, str]:
    """The rows of some sources that are most likely meant, each with the column that has the value, if one has."""
    keys, words, numbers = _keys(folder, table), _words(_told(parameter, sources)), _numbers(parameter)
    stand = {place: sum(one in words or (bool(own) and own <= words) for one, own in keys[place])
             for every in sources.values() for place in every}  # fmt: skip
    most = max(stand.values(), default=0)
    columns = _columns(folder, table, parameter.key)
    held = {place: _column_with(columns, place, numbers) for place, count in stand.items() if count == most}
    return {place: name for place, name in held.items() if name} or held


def _told(parameter: Parameter, sources: Iterable[str]) -> str:
    """The key of a value, and its source without the sources of rows."""
    text = unmarked(parameter.source)
    for source in sorted(sources, key=len, reverse=True):
        text = text.replace(source, " ")
    return f"{parameter.key} {text}"


def _columns(folder: str, table: str, key: str) -> dict[str, Sequence[object]]:
    """The columns of a table, first those whose names stand in a key."""
    found = tables.columns(folder, table)
    return dict(sorted(found.items(), key=lambda column: column[0] not in key))


def _numbers(parameter: Parameter) -> list[float]:
    """The numbers that say a value: as they were written, and in root units."""
    plain: list[float] = []
    for one in parameter.values:
        plain += [one.nominal, *filter(_is_number, one.arguments)] if isinstance(one, Distribution) else [one]
    return [*plain, *(number * parameter.scale for number in plain)]


def _is_number(value: object) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _column_with(columns: Mapping[str, Sequence[object]], place: int, numbers: Sequence[float]) -> str:
    """The first column of a row that has one of some numbers; none is an empty text."""
    for name, cells in columns.items():
        cell = cells[place]
        if isinstance(cell, float) and any(abs(cell - one) <= _ALIKE * abs(one) for one in numbers if one):
            return name
    return ""


def _said(folder: str, table: str, found: Mapping[int, str]) -> str:
    if not found:
        return NOT_FOUND
    if len(found) > 1:
        return f"{len(found)} rows of {folder}/{table}"
    ((place, column),) = found.items()
    lines, columns = tables.lines(folder, table), tables.columns(folder, table)
    key = ", ".join(f"{name} {columns[name][place]}" for name in tables.keys(folder, table))
    where = lines[place] if lines else f"{folder}/{table}, {key}"
    return f"{where}, {column}" if column else where
