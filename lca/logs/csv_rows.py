"""The rows of a comma-separated table, by the names of its columns."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator

from ..errors import LogError
from .source import Source


def cells_of(line: str, separator: str = ",") -> list[str]:
    """The cells of a line without blanks around them; none where quotes or lengths are not those of a table.

    >>> cells_of('1, "a, b",')
    ['1', 'a, b', '']
    """
    if '"' not in line:
        return [cell.strip() for cell in line.split(separator)]
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True))]
    except (csv.Error, StopIteration):
        return []


def header(source: Source) -> list[str]:
    """The cells of the first line that is not blank."""
    return cells_of(next(iter(source.first_lines(1)), ""))


def rows(source: Source, needed: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by column) of each row; notes a row of another length, and leaves out a header that comes again.

    Raises where a column that is needed is not there, or where two columns have one name.
    """
    names: list[str] = []
    for line, text in source.lines():
        cells = cells_of(text)
        if not names:
            names = cells
            if twice := sorted(name for name, count in Counter(names).items() if count > 1):
                raise LogError.of("columns_twice", source.where(line), twice)
            if lacking := [name for name in needed if name not in names]:
                raise LogError.of("columns_lacking", source.where(line), lacking, there=", ".join(names))
        elif len(cells) != len(names):
            source.refuse_line(line, f"{len(cells)} cells, not {len(names)}", text)
        elif cells != names:
            yield line, dict(zip(names, cells, strict=True))
