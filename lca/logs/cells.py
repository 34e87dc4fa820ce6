"""The cells of a line of a table, and the documents of a JSON file: reading that never raises."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from .source import Source

_DECODER = json.JSONDecoder()


def cells(text: str, mark: str = ",") -> list[str]:
    """The cells of one line, without blanks around them; a cell in quotes may hold the mark.

    >>> cells('1,"[0, 0]", 238')
    ['1', '[0, 0]', '238']
    """
    if '"' not in text:
        return [cell.strip() for cell in text.split(mark)]
    try:
        return [cell.strip() for cell in next(csv.reader([text], delimiter=mark, skipinitialspace=True))]
    except (csv.Error, StopIteration):  # a cell that is too long: then the number of cells does not fit
        return [text]


def documents(source: Source) -> Iterator[tuple[int, Any]]:
    """(line, document) of each JSON document of a file; a line between documents is given as a text.

    Tools that run in a loop write one document behind the other. A document that is cut is noted as a bad line, and
    ends the file.
    """
    text = source.text
    at, line = 0, 1
    while at < len(text):
        if text[at].isspace():
            line += text[at] == "\n"
            at += 1
        elif text[at] in "[{":
            try:
                found, stop = _DECODER.raw_decode(text, at)
            except (ValueError, RecursionError):
                source.refuse_line(line, "no JSON", text[at : at + 80])
                return
            yield line, found
            line += text.count("\n", at, stop)
            at = stop
        else:
            stop = text.find("\n", at)
            stop = len(text) if stop < 0 else stop
            yield line, text[at:stop]
            at = stop
