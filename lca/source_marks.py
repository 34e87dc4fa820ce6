"""The mark that a source carries: the table a value was read from, and the licence of its row.

A source is a text: it is put together, saved and shown as one. So what has to travel with it is a part of the
text. `tables` marks each source that it reads; nothing else has to know of it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_MARK = re.compile(r" ?\[(?P<table>[\w.-]+/[\w.-]+), (?P<licence>[^\[\]]+)\]")
#: What else may stand behind a mark: the folder of a user that has the row.
_OTHER = re.compile(r"^ *\[[^\[\]]*\]")


class Mark(NamedTuple):
    """Where a source was read: `table` is "folder/table", `cited` the words of the source before the mark."""

    table: str
    licence: str
    cited: str


def marked(source: str, table: str, licence: str) -> str:
    """A source with its table and its licence behind it; an empty one stays empty.

    >>> marked("US EPA, eGRID2019", "electricity/egrid_subregion_rates", "MIT")
    'US EPA, eGRID2019 [electricity/egrid_subregion_rates, MIT]'
    """
    return f"{source} [{table}, {licence.translate({91: '(', 93: ')'})}]" if source else ""


def marks(source: str) -> list[Mark]:
    """Every mark of a source, in order.

    >>> [(mark.table, mark.licence) for mark in marks("H100: a [a/b, MIT]; c [a/d, CC-BY-4.0]")]
    [('a/b', 'MIT'), ('a/d', 'CC-BY-4.0')]
    >>> marks("my own log")
    []
    """
    found, begin = [], 0
    for match in _MARK.finditer(source):
        cited = _OTHER.sub("", source[begin : match.start()]).strip(" ;,")
        found.append(Mark(match["table"], match["licence"], cited))
        begin = match.end()
    return found


def unmarked(source: str) -> str:
    """A source without its marks, as its row has it.

    >>> unmarked("US EPA, eGRID2019 [electricity/egrid_subregion_rates, MIT]; US-RFCW")
    'US EPA, eGRID2019; US-RFCW'
    """
    return _MARK.sub("", source)
