"""A table of values: columns of a CSV file, of a sheet, or written out, each with the labels of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..arguments import entry
from ..checks import did_you_mean
from ..errors import FileFormatError, MissingError

if TYPE_CHECKING:
    import pandas


class DataTable:
    """The columns of a table by name, each over the labels of its rows."""

    def __init__(self, frame: pandas.DataFrame) -> None:
        self._frame = frame

    @property
    def columns(self) -> list[str]:
        """The names of all columns, with that of the labels."""
        return [str(self._frame.index.name), *dir(self)]

    def __getitem__(self, name: str) -> pandas.Series:
        return self._frame.reset_index()[name]

    def __dir__(self) -> list[str]:
        return [str(name) for name in self._frame.columns]

    def __getattr__(self, name: str) -> pandas.Series:
        if name.startswith("_") or name not in self._frame.columns:
            raise AttributeError(name)
        column: pandas.Series = self._frame[name]
        return column

    def __repr__(self) -> str:
        return f"<table of {len(self._frame)} rows: {', '.join(dir(self))}>"


@entry
def data_table(
    *,
    index: str,
    file: str | Path | None = None,
    columns: Mapping[str, Sequence[object]] | None = None,
    separator: str = ",",
) -> DataTable:
    """The columns of a CSV file, or of lists, over the labels of one of them.

    Lines that begin with "#" are remarks.
    """
    import pandas

    where = str(file or "columns")
    if (file is None) == (columns is None):
        raise MissingError.of("table_of_one_source", where)
    try:
        frame = pandas.read_csv(file, comment="#", sep=separator) if file is not None else pandas.DataFrame(columns)
    except OSError as error:
        raise FileFormatError.of("table_cannot_be_read", where, why=error.strerror or str(error)) from None
    except ValueError as error:  # of pandas: no columns, rows of several lengths, bytes that are no text
        raise FileFormatError.of("table_cannot_be_read", where, why=str(error).strip()) from None
    frame.columns = frame.columns.map(lambda name: str(name).strip())
    if index not in frame.columns:
        near = did_you_mean(index, frame.columns)
        raise MissingError.of("no_such_column_of_labels", where, column=index, near=near)
    return DataTable(frame.set_index(index))
