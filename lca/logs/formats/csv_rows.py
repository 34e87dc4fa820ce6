"""Tables of comma-separated values: their header, and their rows with cells in quotes over several lines.

This module lists no formats of logs.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from ..source import Source


def header(source: Source) -> list[str]:
    """The names of the columns, as far as the first line is a row of a table."""
    try:
        return next(csv.reader(source.first_lines(1)), [])
    except csv.Error:
        return []


def rows_of(source: Source) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row, the header too. A cell in quotes may go over several lines."""
    begin = last = 0

    def texts() -> Iterator[str]:
        nonlocal begin, last
        for last, text in source.lines():
            begin = begin or last
            yield text + "\n"

    rows = csv.reader(texts())
    while True:
        begin = 0
        try:
            cells = next(rows, None)
        except csv.Error as error:
            source.refuse_line(begin, f"not a row of a table ({error})")
            continue
        if cells is None:
            return
        yield begin, cells
