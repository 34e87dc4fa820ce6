"""The rows of a comma-separated table: their cells, and the cells by the names of their columns."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ...errors import LogError
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
    return cells_of(source.first_line)


def fills(source: Source, line: int, cells: Sequence[str], count: int, text: str = "", *, hint: str = "") -> bool:
    """Whether a row has one cell for each of `count` columns; where it has not, the line is noted."""
    if len(cells) != count:
        source.refuse_line(line, f"{len(cells)} cells, not {count}{hint}", text or ",".join(cells))
    return len(cells) == count


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
        elif cells != names and fills(source, line, cells, len(names), text):
            yield line, dict(zip(names, cells, strict=True))


def long_rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row, the header too. A cell in quotes may go over several lines; the first one counts."""
    begin = last = 0

    def texts() -> Iterator[str]:
        nonlocal begin, last
        for last, text in source.lines():
            begin = begin or last
            yield text + "\n"

    found = csv.reader(texts())
    while True:
        begin = 0
        try:
            cells = next(found, None)
        except csv.Error as error:
            source.refuse_line(begin, f"not a row of a table ({error})")
            continue
        if cells is None:
            return
        yield begin, cells
