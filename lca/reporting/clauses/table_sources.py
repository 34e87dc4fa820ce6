"""Whether a value was read from a table: its source is that of a row, and no words with a mark behind them (A10)."""

from __future__ import annotations

from ... import tables
from ...errors import LcaError
from ...source_marks import marks


def in_a_table(source: str) -> bool:
    """Whether every part of a source that names a table is the source of a row of that table.

    >>> in_a_table("a very good source [electricity/egrid_subregion_rates, MIT]"), in_a_table("a book")
    (False, False)
    """
    found = marks(source)
    return bool(found) and all(
        any(own in source or (mark.cited and mark.cited in own) for own in _sources(mark.table)) for mark in found
    )


@tables.cached
def _sources(table: str) -> frozenset[str]:
    """The sources of the rows of a table, "folder/table"; none of a table that is not there."""
    folder, _, name = table.partition("/")
    try:
        columns = tables.columns(folder, name)
    except LcaError:
        return frozenset()
    return frozenset(text for text in map(str, columns.get("source", ())) if text)
