"""Tables of the data in use, checked when they are read, and kept. pandas is imported at the first table that needs it.

An empty cell of a number column is a missing number. A table that several places have is that of the first one, with
the rows that the others add or put in the place of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .checking import cells_of, columns_of, faults_of, lines_of
from .description import Column, Row, key_of
from .in_use import cached, in_use
from .layers import Layer, stacked

if TYPE_CHECKING:
    import pandas

DTYPES = {"integer": "int64", "number": "float64"}


def read(folder: str, table: str) -> pandas.DataFrame:
    """A table, checked; the copy is the caller's own.

    >>> rates = read("electricity", "egrid_subregion_rates")
    >>> rates.query("region == 'US-RFCW' and year == 2019")["co2"].item()
    1067.679
    """
    return _table(folder, table).copy()


def rows(folder: str, table: str) -> list[Row]:
    """A table, checked, as one mapping per row: a missing number is nan, a missing whole number None.

    >>> rows("electricity", "us_states")[0]["region"]
    'US-AK'
    """
    found = columns(folder, table)
    return [Row(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]


@cached
def row(folder: str, table: str, key: str) -> Row | None:
    """The row of a table with a key of one column, or None: checked alone, where the others need not be read.

    >>> (row("electricity", "zip_to_subregion", "15213") or {})["region"]
    'US-RFCW'
    """
    first, *others = in_use().layers(folder, table)
    found = None if others or first.place.stated else _alone(first, key)
    if found is None:
        name = first.resource["schema"]["fields"][0]["name"]
        return next((one for one in rows(folder, table) if one[name] == key), None)
    return next(iter(found), None)


@cached
def columns(folder: str, table: str) -> dict[str, Column]:
    """A table, checked, as one list per column; not to be changed.

    >>> columns("electricity", "us_states")["region"][:2]
    ['US-AK', 'US-AL']
    """
    return stacked(*in_use().layers(folder, table))


def texts(folder: str, table: str, *names: str) -> Iterator[tuple[str, ...]]:
    """Some columns of texts of a table, row by row.

    >>> next(texts("electricity", "us_states", "region", "name"))
    ('US-AK', 'Alaska')
    """
    found = columns(folder, table)
    return zip(*([str(cell) for cell in found[name]] for name in names), strict=True)


@cached
def lines(folder: str, table: str) -> list[str]:
    """Where each row of a table stands, "data/electricity/us_states.csv:2"; none where several places have the table.

    >>> lines("electricity", "us_states")[0]
    'data/electricity/us_states.csv:2'
    """
    layer, *others = in_use().layers(folder, table)
    if others:
        return []
    file = f"{layer.place.name}/{folder}/{layer.resource['path']}"
    return [f"{file}:{line}" for line in lines_of(layer.text)[1:-1]]


@cached
def keys(folder: str, table: str) -> list[str]:
    """The columns that tell the rows of a table apart.

    >>> keys("electricity", "us_states")
    ['region']
    """
    return key_of(in_use().layers(folder, table)[0].resource["schema"])


def units(folder: str, table: str) -> dict[str, str]:
    """The unit of each column that has one.

    >>> units("electricity", "egrid_subregion_rates")["co2e"]
    'lb CO2e/(MWh at_busbar)'
    """
    fields = in_use().layers(folder, table)[0].resource["schema"]["fields"]
    return {field["name"]: field["unit"] for field in fields if "unit" in field}


def version(folder: str) -> str:
    """The version of a folder in the first place that has it."""
    return in_use().having(folder)[0].version(folder)


def versions() -> dict[str, str]:
    """The version of every folder of every place in use, with a hash of what is in it, which a result records.

    >>> versions()["data/electricity"].startswith(f"{version('electricity')}, sha256:")
    True
    """
    return dict(in_use().versions())


def folders() -> list[str]:
    """The folders of tables, each with a version of its own.

    >>> "electricity" in folders()
    True
    """
    return in_use().folders


def is_there(folder: str) -> bool:
    """Whether a place in use has a folder; those of another distribution may be absent.

    >>> is_there("electricity")
    True
    """
    return folder in in_use().folders


@cached
def _table(folder: str, table: str) -> pandas.DataFrame:
    import pandas

    fields = in_use().layers(folder, table)[0].resource["schema"]["fields"]
    kinds = {field["name"]: field["type"] for field in fields}
    read = columns(folder, table).items()
    dtypes = {name: "Int64" if None in cells else DTYPES.get(kinds[name], "str") for name, cells in read}
    return pandas.DataFrame({name: pandas.Series(cells, dtype=dtypes[name]) for name, cells in read})


def _alone(layer: Layer, key: str) -> list[Row] | None:
    """The rows of a key, none or one, where it can be told without the others; else None."""
    where, schema, content = layer.where, layer.resource["schema"], layer.text
    found = content.partition("\n")[0] + "".join(re.findall(f"\n{re.escape(key)},[^\n]*", content))
    if '"' in content or faults_of(schema, *cells_of(found, where)):  # a cell may have lines; all faults at once
        return None
    made = layer.credited(columns_of(found, where, schema))
    at_first = made[schema["fields"][0]["name"]]
    return [Row((name, cells[0]) for name, cells in made.items())] if at_first == [key] else []
